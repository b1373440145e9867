// SPDX-License-Identifier: GPL-3.0-or-later
//
// The details of one user: Profile by sections, each edited in place; Groups; Sync, the linked LDAP entries; API, the
// record as JSON. Also the form for a new user. Reads and writes by app::Console; owned by the users page.
#pragma once

#include "app/users/userdetails.h"
#include "ui/theme/theme.h"
#include "ui/widgets/detailspanel.h"

#include <QHash>
#include <QMap>

namespace gatehouse::app {
class Console;
}

namespace gatehouse::ui {

class CodeView;
class Editing;
class EmptyState;
class ErrorPanel;
class Note;
class RowList;
class Section;

class UserPanel : public DetailsPanel {
    Q_OBJECT
public:
    explicit UserPanel(app::Console &console, QWidget *parent = nullptr);

    /// Reads and shows the user; 0 shows that nobody is selected.
    void showUser(qint64 row);
    qint64 shown() const { return m_row; }
    /// Reads the same user again, unless a form is open over them.
    void refresh();
    void create(qint64 population);
    Editing *editing() const { return m_editing; }
    bool isReady() const { return m_request == 0; }

signals:
    void said(const QString &text, gatehouse::ui::Tone tone);
    void created(qint64 row);
    void goRequested(const QString &pageKey, const QString &id);

private:
    void makeProfile();
    void makeOthers();
    void makeMenu();
    void fill(const app::UserDetails &details);
    void fillProfile();
    void fillLinks();
    void edit(app::AttributeSection::Kind kind);
    void save(const core::User &user, const std::function<void(const struct SaveFaults &)> &finish, bool isNew);
    void setEnabled(bool enabled);
    void unlock();
    void remove();
    void addGroup();
    void removeGroup(qint64 group);
    QString displayName() const;

    app::Console &m_console;
    Editing *m_editing;
    ErrorPanel *m_error;
    Note *m_lock; ///< shown while the user is locked
    QWidget *m_profile = nullptr;
    QMap<int, Section *> m_sections; ///< by AttributeSection::Kind
    Section *m_record = nullptr;
    RowList *m_groups;
    QWidget *m_sync;
    CodeView *m_api;
    QAction *m_unlock;
    QAction *m_delete;
    app::UserDetails m_details;
    qint64 m_row = 0;
    quint64 m_request = 0;
};

} // namespace gatehouse::ui
