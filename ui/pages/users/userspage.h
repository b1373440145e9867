// SPDX-License-Identifier: GPL-3.0-or-later
//
// Directory > Users: the table of everybody with search, filters by population and state, sorting by any column, and
// the details of whoever is selected. A million users scroll like ten: see app::UsersTableModel.
#pragma once

#include "app/users/userstablemodel.h"
#include "ui/pages/page.h"

class QLabel;
class QStackedWidget;

namespace gatehouse::ui {

class ChoiceChip;
class EmptyState;
class ErrorPanel;
class FilterChips;
class SearchBox;
class TableView;
class UserPanel;

class UsersPage : public Page {
    Q_OBJECT
public:
    UsersPage(const PageContext &context, QWidget *parent);

    void refresh() override;
    bool focusSearch() override;
    bool escape() override;
    /// A user's row number, or "population:ROW" to show a population's users.
    void openThing(const QString &id) override;
    void leave(const std::function<void()> &proceed) override;
    void setActive(bool active) override;
    bool isReady() const override;

private:
    QWidget *makeTable();
    void ask();
    void onLoaded();
    void onCurrent();
    void select(qint64 id);
    void showCount();
    void readTotal();
    void create();
    void showPopulations();

    app::UsersTableModel m_model;
    SearchBox *m_search;
    ChoiceChip *m_population;
    FilterChips *m_state;
    TableView *m_table;
    QStackedWidget *m_stack; ///< table, nobody at all, nobody found
    EmptyState *m_nothingFound;
    ErrorPanel *m_error;
    QLabel *m_count;
    UserPanel *m_panel;
    qint64 m_selected = 0;  ///< who is, or shall be, selected
    qint64 m_total = -1;
    bool m_selecting = false;
    bool m_loadedOnce = false;
};

} // namespace gatehouse::ui
