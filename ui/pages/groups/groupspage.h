// SPDX-License-Identifier: GPL-3.0-or-later
//
// Directory > Groups: the table with where each group comes from (badges, Sync Type, Group Source) and the details of
// the one selected: what it is, its members, its JSON. Only what is our own can be edited; external groups belong to
// their source.
#pragma once

#include "app/groups/groupstablemodel.h"
#include "ui/pages/page.h"

class QLabel;
class QStackedWidget;

namespace gatehouse::ui {

class CodeView;
class DetailsPanel;
class Editing;
class ErrorPanel;
class Form;
class FilterChips;
class GroupMembers;
class SearchBox;
class Section;
class TableView;

class GroupsPage : public Page {
    Q_OBJECT
public:
    GroupsPage(const PageContext &context, QWidget *parent);

    void refresh() override;
    bool focusSearch() override;
    bool escape() override;
    void openThing(const QString &id) override;
    void leave(const std::function<void()> &proceed) override;
    void setActive(bool active) override;
    bool isReady() const override;

private:
    QWidget *makeTable();
    void makeDetails();
    void read();
    void onGroups(QList<core::Group> groups);
    void onCurrent();
    void select(qint64 id);
    void showGroup(qint64 id);
    void create();
    void edit();
    void remove();
    Form *makeForm(const core::Group &group) const;
    void save(const core::Group &group, const std::function<void(const struct SaveFaults &)> &finish);

    app::GroupsTableModel m_model;
    SearchBox *m_search;
    FilterChips *m_kind;
    TableView *m_table;
    QStackedWidget *m_stack;
    ErrorPanel *m_error;
    QLabel *m_count;
    DetailsPanel *m_details;
    Editing *m_editing;
    Section *m_section;
    GroupMembers *m_members;
    CodeView *m_api;
    quint64 m_request = 0;
    qint64 m_selected = 0;
    bool m_selecting = false;
    bool m_loadedOnce = false;
};

} // namespace gatehouse::ui
