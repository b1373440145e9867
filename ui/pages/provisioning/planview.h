// SPDX-License-Identifier: GPL-3.0-or-later
//
// The preview of a rule: how many objects would change and how, what the guards say, and every change before and
// after, filtered by action and text; exported; applied. Full page inside Provisioning.
#pragma once

#include "app/provisioning/planexport.h"
#include "app/provisioning/plantable.h"
#include "app/provisioning/rulejobs.h"
#include "ui/pages/page.h"

class QAction;
class QLabel;
class QMenu;
class QToolButton;

namespace gatehouse::ui {

class Badge;
class ErrorPanel;
class FilterChips;
class JobBar;
class Note;
class SearchBox;
class StepView;
class TileRow;

class PlanView : public QWidget {
    Q_OBJECT
public:
    PlanView(const PageContext &context, app::RuleJobs &jobs, QWidget *parent = nullptr);

    /// Shows the rule's plan, or its making.
    void show(const QString &rule);
    const QString &rule() const { return m_rule; }
    /// "Preview of Staff in", or "… for X" where it is of one person only.
    QString title() const;
    QAction *applyAction() const { return m_apply; }
    QList<QWidget *> headerWidgets() const;
    void focusSearch();

signals:
    /// title() is another one.
    void titleChanged();
    void said(const QString &text, gatehouse::ui::Tone tone);
    /// "Preview again" was pressed.
    void previewRequested();
    /// Apply was pressed and, where it does harm, confirmed.
    void applyRequested();

private:
    void refresh();
    void showPlan(const app::RuleJobs::Plan &plan);
    void showChip(core::Action action, qint64 count);
    void showCount();
    void showNothing(const app::RuleJobs::Plan &plan);
    void showShare(const core::Counts &counts);
    void updateApply();
    void askApply();
    void filter();
    void exportTo(app::PlanExport::Format format);

    PageContext m_context;
    app::RuleJobs &m_jobs;
    QString m_rule;
    app::PlanTable m_table;
    app::PlanExport m_export;
    std::shared_ptr<const provision::PlanFile> m_shown;
    QAction *m_apply;
    QToolButton *m_exportButton;
    QToolButton *m_again;
    TileRow *m_tiles;
    JobBar *m_job;
    ErrorPanel *m_error;
    Note *m_note;
    Note *m_warnings; ///< what the plan is warned of
    SearchBox *m_search;
    FilterChips *m_chips;
    Badge *m_guards;
    QLabel *m_count;
    QLabel *m_share;
    StepView *m_steps;
};

} // namespace gatehouse::ui
