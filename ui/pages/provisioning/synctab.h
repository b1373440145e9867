// SPDX-License-Identifier: GPL-3.0-or-later
//
// A rule's Sync tab: its status, its last sync with counts and the people it failed for, Full Resync, and the guards
// that bound it. Part of RuleDetails.
#pragma once

#include "app/provisioning/rulejobs.h"
#include "app/runs/runhistory.h"
#include "app/runs/runresults.h"
#include "ui/pages/page.h"

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class Badge;
class ErrorPanel;
class JobBar;
class Section;
class StepView;
class TileRow;

class SyncTab : public QWidget {
    Q_OBJECT
public:
    SyncTab(const PageContext &context, const app::RunHistory &history, app::RuleJobs &jobs, QWidget *parent = nullptr);

    void show(const core::Rule &rule);
    /// "Guards and schedule", edited by RuleDetails.
    Section *guards() const { return m_guards; }

signals:
    void runRequested(qint64 run);

private:
    void refresh();
    void resync();

    PageContext m_context;
    const app::RunHistory &m_history;
    app::RuleJobs &m_jobs;
    core::Rule m_rule;
    Section *m_status;
    Badge *m_state;
    JobBar *m_job;
    ErrorPanel *m_error;
    TileRow *m_tiles;
    QPushButton *m_resync;
    QPushButton *m_open;
    QLabel *m_failuresTitle;
    app::RunResults m_failures;
    StepView *m_failed;
    Section *m_guards;
    qint64 m_run = 0;
};

} // namespace gatehouse::ui
