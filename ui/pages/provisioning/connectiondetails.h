// SPDX-License-Identifier: GPL-3.0-or-later
//
// The details panel of one provisioning connection: Overview, and Configuration with its preferences. Owned by the
// Provisioning page; edits through Editing, saves whole.
#pragma once

#include "core/config/forward.h"
#include "ui/pages/page.h"
#include "ui/pages/provisioning/thingsaving.h"
#include "ui/widgets/editing.h"

namespace gatehouse::ui {

class DetailsPanel;
class Note;
class Section;
class ThingForm;

class ConnectionDetails : public QObject {
    Q_OBJECT
public:
    ConnectionDetails(const PageContext &context, DetailsPanel *panel, QObject *parent);

    void show(const QString &name);
    void refresh();
    Editing *editing() const { return m_editing; }
    const core::Connection *connection() const;

signals:
    void said(const QString &text, gatehouse::ui::Tone tone);
    void goRequested(const QString &pageKey, const QString &id);
    void renamed(const QString &name);
    void deleteRequested();

private:
    void makeTabs();
    void editName();
    void editActions();
    /// Why its rules cannot run, and what its gateway clients must be.
    void showState();
    void setEnabled(bool enabled);
    ThingSaving<core::Connection> saving();
    void save(const core::Connection &changed, const QPointer<ThingForm> &form, const Editing::Finish &finish);

    PageContext m_context;
    DetailsPanel *m_panel;
    Editing *m_editing;
    QString m_name;
    Note *m_why;
    Section *m_overview;
    Section *m_users;
    Section *m_groups;
};

} // namespace gatehouse::ui
