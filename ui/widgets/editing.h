// SPDX-License-Identifier: GPL-3.0-or-later
//
// One form at a time in a details panel: a section turned into a form by its pencil, or a form for something new. It
// shows the save bar, checks the fields, hands them to the page's save, puts refusals beside their fields, and never
// loses unsaved changes without asking. Belongs to its panel.
#pragma once

#include "core/error.h"
#include "ui/widgets/form.h"

#include <QHash>
#include <QObject>
#include <QPointer>

#include <functional>
#include <optional>

namespace gatehouse::ui {

class DetailsPanel;
class ErrorPanel;
class Section;

/// Why a save was refused: by field key, and what belongs to no field. Nothing at all: it was saved.
struct SaveFaults {
    QHash<QString, QString> fields;
    QList<core::Error> errors;
    bool isEmpty() const { return fields.isEmpty() && errors.isEmpty(); }
};

class Editing : public QObject {
    Q_OBJECT
public:
    using Finish = std::function<void(const SaveFaults &)>;
    /// Saves what the form holds and calls the finish exactly once, at once or later.
    using Save = std::function<void(const Form &, const Finish &)>;

    explicit Editing(DetailsPanel *panel);

    /// The pencil was pressed. @p what names the thing in "Save your changes?".
    void editSection(Section *section, Form *form, const QString &what, Save save);
    /// A form for something new; @p saveText: "Create user".
    void create(const QString &title, Form *form, const QString &what, const QString &saveText, Save save);

    bool isActive() const { return m_form != nullptr; }
    bool isChanged() const { return m_form && m_form->isChanged(); }
    Form *form() const { return m_form; }
    /// Leaves the form: at once when nothing was changed, else after asking. @p proceed is not called when the person
    /// stays, or the save is refused.
    void leave(const std::function<void()> &proceed);
    /// Cancel: asks when something was changed.
    void cancel();
    void save();

signals:
    /// The form is gone; the panel shows whatever the page puts there now.
    void finished(bool saved);

private:
    void begin(Form *form, const QString &what, const QString &saveText, Save save);
    void close(bool saved);
    void onFinished(const SaveFaults &faults);

    DetailsPanel *m_panel;
    SaveBar *m_bar;
    QPointer<Section> m_section;
    QPointer<Form> m_form;
    QPointer<ErrorPanel> m_error;
    QString m_what;
    Save m_save;
    std::function<void()> m_proceed; ///< to do after a save that was asked for while leaving
    int m_round = 0;                 ///< counts forms, so that a late finish finds its own
};

} // namespace gatehouse::ui
