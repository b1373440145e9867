// SPDX-License-Identifier: GPL-3.0-or-later
//
// Activity > Runs: every run of every rule, newest first, filtered by how it ended, and what it did to whom. The page
// only looks; rules are started on the Provisioning page.
#pragma once

#include "app/runs/runhistory.h"
#include "app/runs/runlist.h"
#include "ui/pages/page.h"

#include <QTimer>

class QStackedWidget;

namespace gatehouse::ui {

class DetailsPanel;
class FilterChips;
class ListPane;
class RunPanel;

class RunsPage : public Page {
    Q_OBJECT
public:
    RunsPage(const PageContext &context, QWidget *parent);

    void refresh() override;
    bool focusSearch() override;
    bool escape() override;
    /// A run's number; anything else is searched for, for example a rule's name.
    void openThing(const QString &id) override;
    void setActive(bool active) override;
    bool isReady() const override;

private:
    QWidget *makeEmpty();
    void showHistory();
    void showCount();
    void onCurrent(const QVariant &id);
    void filter(const QString &key);

    app::RunHistory m_history;
    app::RunList m_model;
    ListPane *m_list;
    FilterChips *m_only;
    QStackedWidget *m_empty; ///< no run at all; none of this status
    DetailsPanel *m_panel;
    RunPanel *m_run;
    QTimer m_clock; ///< "2 min ago" goes on while the page is looked at
    QTimer m_begun; ///< a run that was just started is in the history a moment later
};

} // namespace gatehouse::ui
