// SPDX-License-Identifier: GPL-3.0-or-later
//
// The members of one group: a table like that of all users, with search, Add member and Remove. External groups get
// their members from their source: nobody can be added by hand, and who is removed may come back.
#pragma once

#include "app/users/userstablemodel.h"
#include "core/identity.h"
#include "ui/theme/theme.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class SearchBox;
class TableView;

class GroupMembers : public QWidget {
    Q_OBJECT
public:
    explicit GroupMembers(app::Console &console, QWidget *parent = nullptr);
    void setGroup(const core::Group &group);
    bool isReady() const { return !m_model.isLoading(); }
    /// While nobody looks, changes are only noted.
    void setPaused(bool paused) { m_model.setPaused(paused); }
    void refresh() { m_model.refresh(); }

signals:
    void said(const QString &text, gatehouse::ui::Tone tone);
    void goRequested(const QString &pageKey, const QString &id);

private:
    void add();
    void remove();
    void updateButtons();

    app::Console &m_console;
    app::UsersTableModel m_model;
    core::Group m_group;
    SearchBox *m_search;
    QPushButton *m_add;
    QPushButton *m_remove;
    TableView *m_table;
    QLabel *m_note;
};

} // namespace gatehouse::ui
