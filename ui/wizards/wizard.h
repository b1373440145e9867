// SPDX-License-Identifier: GPL-3.0-or-later
//
// The frame of a wizard: steps at the left, one short step at a time at the right, Back and Next below. Going back
// never loses input; the last step shows what will come of it, and its button does it. Opened, never waited for; it
// closes itself when it is done and asks before it throws away what was typed.
#pragma once

#include "app/configurationedit.h"
#include "app/console.h"
#include "core/error.h"
#include "ui/theme/theme.h"

#include <QDialog>
#include <QList>

class QLabel;
class QPushButton;
class QScrollArea;
class QStackedWidget;

namespace gatehouse::ui {

class ErrorPanel;
class StepButton;
class StepList;

class Wizard : public QDialog {
    Q_OBJECT
public:
    Wizard(const QString &title, QWidget *parent);

    QString currentStep() const;
    QPushButton *nextButton() const { return m_next; }
    QPushButton *backButton() const { return m_back; }

public slots:
    void next();
    void back();
    void reject() override;

protected:
    /// @p explanation stands under the step's title; empty: none. @p content is taken over and scrolls.
    void addStep(const QString &key, const QString &title, const QString &explanation, QWidget *content);
    /// A step that does not apply is left out on the way.
    void setStepLeftOut(const QString &key, bool leftOut);
    /// What the button of a step says; default: Next, and "Save" on the last.
    void setNextText(const QString &key, const QString &text);
    /// To be called at the end of the heir's constructor.
    void begin();
    void goTo(const QString &key);
    void markFaulty(const QString &key, bool faulty);
    /// While a save is under way nothing can be pressed twice.
    void setBusy(bool busy);
    void showErrors(const QList<core::Error> &errors);
    bool isReached(const QString &key) const;

    /// Whether the step may be left forward; when not, it says why beside its fields.
    virtual bool checkStep(const QString &key) = 0;
    virtual void enterStep(const QString &key) { Q_UNUSED(key) }
    /// What came of a step that was gone through: Good is done, Warning and Bad stand in the list in their colours, and
    /// Neutral is open still.
    virtual Tone outcomeOf(const QString &key) const
    {
        Q_UNUSED(key)
        return Tone::Good;
    }
    /// The outcome of a step is another one.
    void updateSteps();
    /// Whether there is anything to lose.
    virtual bool isTouched() const = 0;
    /// The last step's button: ends in accept(), or in showErrors() and setBusy(false).
    virtual void save() = 0;

    void showEvent(QShowEvent *event) override;

    /// Runs @p then once everybody has been told of a configuration with a thing of this name: a save is answered just
    /// before.
    template <typename T>
    void whenStored(app::Console &console, QList<T> core::Configuration::*things, const QString &name,
                    std::function<void()> then)
    {
        const auto look = [&console, things, name, then = std::move(then), done = std::make_shared<bool>(false)] {
            for (const T &thing : console.configuration().*things) {
                if (thing.name == name && !std::exchange(*done, true)) {
                    then();
                    return;
                }
            }
        };
        connect(&console, &app::Console::configurationChanged, this, look);
    }

    /// Saves a new thing and ends: in @p made with its name once it is stored, or in showErrors().
    template <typename T>
    void create(app::Console &console, const QString &action, const QString &section,
                QList<T> core::Configuration::*things, const T &wanted, std::function<void(const QString &)> made)
    {
        setBusy(true);
        app::saveThing(console, this, action, section, things, wanted,
                       [this, &console, things, name = wanted.name, made = std::move(made)](const app::FormFaults &faults) {
                           if (!faults.isEmpty()) {
                               setBusy(false);
                               QList<core::Error> errors = faults.others;
                               for (const app::FieldFault &fault : faults.own)
                                   errors.append(fault.error);
                               showErrors(errors);
                               return;
                           }
                           whenStored(console, things, name, [name, made] { made(name); });
                       });
    }

private:
    struct Step {
        QString key;
        QWidget *page = nullptr;
        QWidget *content = nullptr;
        QString nextText;
        StepButton *button = nullptr;
        bool leftOut = false;
        bool faulty = false;
    };
    void show(int index);
    int indexOf(const QString &key) const;
    int neighbour(int from, int step) const;

    QString m_title;
    StepList *m_list;
    QStackedWidget *m_pages;
    ErrorPanel *m_error;
    QPushButton *m_cancel;
    QPushButton *m_back;
    QPushButton *m_next;
    QList<Step> m_steps;
    int m_current = -1;
    int m_reached = 0;
};

} // namespace gatehouse::ui
