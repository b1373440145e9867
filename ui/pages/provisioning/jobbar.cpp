// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/jobbar.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace gatehouse::ui {

namespace {
constexpr int kBarWidth = 180;
constexpr int kThousand = 1000; ///< the bar's steps: counts may be larger than an int
} // namespace

JobBar::JobBar(QWidget *parent)
    : QFrame(parent), m_title(new QLabel(this)), m_text(new QLabel(this)), m_bar(new QProgressBar(this)),
      m_cancel(new QPushButton(tr("C&ancel"), this))
{
    setProperty("form", QStringLiteral("card"));
    setObjectName(QStringLiteral("jobBar"));
    m_title->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_text->setForegroundRole(QPalette::PlaceholderText);
    m_text->setObjectName(QStringLiteral("jobText"));
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(kBarWidth);
    m_bar->setAccessibleName(tr("Progress"));
    m_cancel->setAutoDefault(false);
    m_cancel->setObjectName(QStringLiteral("cancelJob"));
    connect(m_cancel, &QPushButton::clicked, this, &JobBar::cancelClicked);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 8, 10, 8);
    layout->setSpacing(12);
    layout->addWidget(m_title);
    layout->addWidget(m_bar);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_cancel);
    hide();
}

void JobBar::setJob(const app::RuleJobs::Job *job)
{
    setVisible(job != nullptr);
    if (!job)
        return;
    m_title->setText(job->cancelling     ? tr("Stopping…")
                     : job->request.apply ? tr("Applying")
                                          : tr("Making the preview"));
    m_text->setText(app::RuleJobs::text(job->progress));
    if (job->progress.total > 0) {
        m_bar->setRange(0, kThousand);
        m_bar->setValue(int(kThousand * job->progress.done / job->progress.total));
    } else {
        m_bar->setRange(0, 0);
    }
    m_cancel->setEnabled(!job->cancelling);
}

} // namespace gatehouse::ui
