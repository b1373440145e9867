// SPDX-License-Identifier: GPL-3.0-or-later
//
// A rule's Preview tab: starts a preview of everybody or of one person, and leads to the last one. The preview itself
// fills the page (PlanView). Part of RuleDetails.
#pragma once

#include "app/provisioning/rulejobs.h"
#include "core/config/forward.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace gatehouse::ui {

class ErrorPanel;
class JobBar;
class TileRow;

class PreviewTab : public QWidget {
    Q_OBJECT
public:
    explicit PreviewTab(app::RuleJobs &jobs, QWidget *parent = nullptr);
    void show(const core::Rule &rule);

signals:
    /// A preview was started, or the last one shall be shown.
    void planRequested(const QString &rule);

private:
    void refresh();
    void start();

    app::RuleJobs &m_jobs;
    QString m_rule;
    QLineEdit *m_person;
    QCheckBox *m_full;
    QPushButton *m_start;
    QPushButton *m_show;
    QLabel *m_last;
    JobBar *m_job;
    ErrorPanel *m_error;
    TileRow *m_tiles;
};

} // namespace gatehouse::ui
