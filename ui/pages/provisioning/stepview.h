// SPDX-License-Identifier: GPL-3.0-or-later
//
// A table of plan steps with the selected one in full below: every attribute before and after, every problem with its
// reason. Shows previews (app::PlanTable) and results of runs (app::RunResults) alike.
#pragma once

#include "core/plan/step.h"
#include "ui/theme/theme.h"

#include <QSplitter>

class QLabel;
class QGridLayout;
class QScrollArea;

namespace gatehouse::app {
class StepTable;
}

class QSettings;

namespace gatehouse::ui {

class Badge;
class EmptyState;
class Note;
class StepTableView;
class TableView;

class StepView : public QSplitter {
    Q_OBJECT
public:
    explicit StepView(app::StepTable &table, QWidget *parent = nullptr);
    void remember(QSettings &settings, const QString &key);
    TableView *table() const;
    /// Shown in the table's place while it has no rows, with an icon that fits: what failed is red.
    enum class Empty { AllWell, Waiting, NotFound, Failed };
    void setEmptyText(Empty why, const QString &title, const QString &text);
    const EmptyState *empty() const { return m_empty; }

signals:
    void said(const QString &text, gatehouse::ui::Tone tone);

private:
    void showCurrent();
    void showEmpty();
    void clearChanges();

    app::StepTable &m_table;
    StepTableView *m_view;
    EmptyState *m_empty;
    QScrollArea *m_area;
    QWidget *m_details;
    QLabel *m_user;
    Badge *m_action;
    QLabel *m_entry;
    QLabel *m_id;
    Note *m_problems;
    QGridLayout *m_changes;
};

} // namespace gatehouse::ui
