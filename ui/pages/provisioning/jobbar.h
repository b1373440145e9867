// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a rule's job is doing, on the page that asked for it: phase, bar, count, rate, time left and Cancel. Hidden
// while there is no job.
#pragma once

#include "app/provisioning/rulejobs.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;

namespace gatehouse::ui {

class JobBar : public QFrame {
    Q_OBJECT
public:
    explicit JobBar(QWidget *parent = nullptr);
    /// nullptr hides it.
    void setJob(const app::RuleJobs::Job *job);

signals:
    void cancelClicked();

private:
    QLabel *m_title;
    QLabel *m_text;
    QProgressBar *m_bar;
    QPushButton *m_cancel;
};

} // namespace gatehouse::ui
