// SPDX-License-Identifier: GPL-3.0-or-later
//
// The steps of a wizard, listed at its left: which are done, which one is shown, which are still to come, which has
// something wrong, which ended in a warning or has not been done. Steps already reached can be gone back to. Part of Wizard.
#pragma once

#include <QAbstractButton>
#include <QWidget>

class QVBoxLayout;

namespace gatehouse::ui {

class StepButton : public QAbstractButton {
    Q_OBJECT
public:
    enum class State { ToCome, Open, Current, Done, Warned, Faulty }; ///< Open: reached, and not done

    explicit StepButton(const QString &title, QWidget *parent = nullptr);
    /// @p number of @p of steps that are gone through.
    void setState(State state, int number, int of);
    State state() const { return m_state; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int m_number = 0;
    State m_state = State::ToCome;
};

class StepList : public QWidget {
    Q_OBJECT
public:
    explicit StepList(QWidget *parent = nullptr);
    StepButton *addStep(const QString &title);
    StepButton *step(int index) const { return m_steps.at(index); }

signals:
    void chosen(int index);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QVBoxLayout *m_layout;
    QList<StepButton *> m_steps;
};

} // namespace gatehouse::ui
