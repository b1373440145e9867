// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/previewtab.h"

#include "app/text.h"
#include "ui/pages/provisioning/jobbar.h"
#include "ui/pages/provisioning/tilerow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/form.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::RuleJobs;

PreviewTab::PreviewTab(RuleJobs &jobs, QWidget *parent)
    : QWidget(parent), m_jobs(jobs), m_person(new QLineEdit), m_full(new QCheckBox(tr("&Compare everybody in full"))),
      m_start(new QPushButton(tr("&Preview"))), m_show(new QPushButton(tr("&Show it"))), m_last(new QLabel),
      m_job(new JobBar), m_error(new ErrorPanel), m_tiles(new TileRow(false))
{
    auto *words = new QLabel(tr("A preview reads the directory and lists every change that a run of this rule would "
                                "make now, with before and after. Nothing is changed by it, on either side."));
    words->setWordWrap(true);
    words->setForegroundRole(QPalette::PlaceholderText);
    auto *form = new Form;
    FormField *person = form->addField(QStringLiteral("person"), tr("Only this p&erson"), m_person);
    person->setHelp(tr("Username, DN or id. Empty: everybody in scope."));
    FormField *full = form->addField(QStringLiteral("full"), tr("Compare everybody in full"), m_full);
    full->setHelp(tr("Else people whose entry has not changed since they were last synced are passed over quickly."));
    m_person->setObjectName(QStringLiteral("previewPerson"));
    m_start->setProperty("form", QStringLiteral("primary"));
    m_start->setObjectName(QStringLiteral("startPreview"));
    m_show->setObjectName(QStringLiteral("showPreview"));
    m_last->setFont(scaledFont(font(), 1.0, QFont::DemiBold));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(14);
    layout->addWidget(words);
    layout->addWidget(form);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_start);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    layout->addWidget(m_job);
    layout->addSpacing(8);
    auto *last = new QHBoxLayout;
    last->addWidget(m_last, 1);
    last->addWidget(m_show);
    layout->addLayout(last);
    layout->addWidget(m_error);
    layout->addWidget(m_tiles);

    connect(m_start, &QPushButton::clicked, this, &PreviewTab::start);
    connect(m_person, &QLineEdit::returnPressed, this, &PreviewTab::start);
    connect(m_show, &QPushButton::clicked, this, [this] { emit planRequested(m_rule); });
    connect(m_job, &JobBar::cancelClicked, this, [this] { m_jobs.cancel(m_rule); });
    connect(&jobs, &RuleJobs::changed, this, [this](const QString &rule) {
        if (rule == m_rule)
            refresh();
    });
}

void PreviewTab::show(const core::Rule &rule)
{
    if (rule.name != m_rule) {
        m_person->clear();
        m_full->setChecked(false);
    }
    m_rule = rule.name;
    refresh();
}

void PreviewTab::start()
{
    if (m_jobs.job(m_rule))
        return;
    m_jobs.preview(m_rule, m_person->text().trimmed(), m_full->isChecked());
    emit planRequested(m_rule);
}

void PreviewTab::refresh()
{
    const RuleJobs::Job *job = m_jobs.job(m_rule);
    m_job->setJob(job);
    m_start->setEnabled(!job);
    const RuleJobs::Plan *plan = m_jobs.plan(m_rule);
    m_last->setVisible(plan != nullptr);
    m_show->setVisible(plan != nullptr);
    m_tiles->setVisible(plan && plan->outcome.plan);
    m_error->clear();
    if (!plan)
        return;
    const QString person = plan->request.userKey;
    m_last->setText(person.isEmpty()
                        ? tr("Last preview, %1").arg(app::Text::relativeTime(plan->madeAt))
                        : tr("Last preview, of %1, %2").arg(person, app::Text::relativeTime(plan->madeAt)));
    m_tiles->setCounts(plan->outcome.counts.users);
    if (plan->outcome.error)
        m_error->setError(*plan->outcome.error);
}

} // namespace gatehouse::ui
