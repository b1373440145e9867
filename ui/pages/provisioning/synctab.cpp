// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/synctab.h"

#include "app/text.h"
#include "ui/pages/provisioning/jobbar.h"
#include "ui/pages/provisioning/ruleforms.h"
#include "ui/pages/provisioning/stepview.h"
#include "ui/pages/provisioning/tilerow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/section.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::Text;

namespace {
constexpr int kFailuresHeight = 260;
}

SyncTab::SyncTab(const PageContext &context, const app::RunHistory &history, app::RuleJobs &jobs, QWidget *parent)
    : QWidget(parent), m_context(context), m_history(history), m_jobs(jobs), m_status(new Section(tr("Sync"))),
      m_state(new Badge), m_job(new JobBar), m_error(new ErrorPanel), m_tiles(new TileRow(false)),
      m_resync(new QPushButton(tr("Full &Resync"))), m_open(new QPushButton(tr("&Open this run"))),
      m_failuresTitle(new QLabel), m_failures(context.console), m_failed(new StepView(m_failures)),
      m_guards(new Section(tr("Guards and schedule")))
{
    PropertyRows *rows = m_status->rows();
    auto *state = new QWidget;
    auto *stateRow = new QHBoxLayout(state);
    stateRow->setContentsMargins(0, 0, 0, 0);
    stateRow->addWidget(m_state);
    stateRow->addStretch(1);
    rows->addRow(tr("Sync Status"), state);
    rows->addRow(QStringLiteral("last"), tr("Last Sync"));
    rows->addRow(QStringLiteral("direction"), tr("Sync Direction"));
    rows->addRow(QStringLiteral("source"), tr("Source"));
    rows->addRow(QStringLiteral("target"), tr("Target"));
    rows->addRow(QStringLiteral("impacted"), tr("People read"));
    m_resync->setObjectName(QStringLiteral("fullResync"));
    m_resync->setToolTip(tr("Reads everybody in scope and compares every attribute, whatever was remembered of them."));
    m_open->setProperty("form", QStringLiteral("flat"));
    m_open->setObjectName(QStringLiteral("openRun"));
    m_failuresTitle->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_failures.setOnlyFailures();
    m_failed->setMinimumHeight(kFailuresHeight);
    PropertyRows *guards = m_guards->rows();
    guards->addRow(QStringLiteral("deprovisions"), tr("Maximum disabled or deleted"));
    guards->addRow(QStringLiteral("blanked"), tr("Maximum losing a value"));
    guards->addRow(QStringLiteral("updates"), tr("Maximum updated"));
    guards->addRow(QStringLiteral("renames"), tr("Maximum renamed"));
    guards->addRow(QStringLiteral("read"), tr("Minimum read"));
    guards->addRow(QStringLiteral("units"), tr("Lost organizational unit"));
    guards->addRow(QStringLiteral("wait"), tr("Deprovision the missing"));
    guards->addRow(QStringLiteral("every"), tr("Run every"));
    m_guards->setEditable(true);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(m_job);
    layout->addWidget(m_error);
    layout->addWidget(m_status);
    layout->addWidget(m_tiles);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_resync);
    buttons->addWidget(m_open);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    layout->addWidget(m_failuresTitle);
    layout->addWidget(m_failed);
    layout->addWidget(m_guards);

    connect(m_resync, &QPushButton::clicked, this, &SyncTab::resync);
    connect(m_open, &QPushButton::clicked, this, [this] { emit runRequested(m_run); });
    connect(m_job, &JobBar::cancelClicked, this, [this] { m_jobs.cancel(m_rule.name); });
    connect(&history, &app::RunHistory::changed, this, &SyncTab::refresh);
    connect(&jobs, &app::RuleJobs::changed, this, [this](const QString &rule) {
        if (rule == m_rule.name)
            refresh();
    });
    connect(&jobs, &app::RuleJobs::applied, this, [this](const QString &rule, const provision::RunOutcome &outcome) {
        // A run that was refused before it began leaves nothing in the history.
        if (rule == m_rule.name && outcome.run == 0 && outcome.error)
            m_error->setError(*outcome.error);
    });
}

void SyncTab::show(const core::Rule &rule)
{
    if (rule.name != m_rule.name)
        m_error->clear();
    m_rule = rule;
    refresh();
}

void SyncTab::refresh()
{
    const app::RuleJobs::Job *job = m_jobs.job(m_rule.name);
    m_job->setJob(job);
    const store::Run *run = m_history.lastOf(m_rule);
    const core::Configuration &configuration = m_context.console.configuration();
    const core::Gateway *gateway = gatewayOf(configuration, m_rule);
    const core::Connection *connection = configuration.connection(m_rule.connection);
    const bool runnable = m_rule.enabled && connection && connection->enabled && gateway && gateway->enabled;

    const bool failed = run && (run->status == store::RunStatus::Failed || run->status == store::RunStatus::BrokenOff);
    const bool stopped = run && run->status == store::RunStatus::Stopped;
    m_state->setState(failed ? tr("Failed") : stopped ? tr("Stopped") : runnable ? tr("Active") : tr("Inactive"),
                      failed ? Tone::Bad : stopped ? Tone::Warning : runnable ? Tone::Good : Tone::Neutral);
    PropertyRows *rows = m_status->rows();
    rows->setValue(QStringLiteral("last"),
                   run ? tr("%1 · %2 · %3").arg(Text::relativeTime(run->startedAt), Text::status(run->status),
                                                Text::span(run->durationMs))
                       : tr("Never"),
                   run ? Text::fullTime(run->startedAt) : QString());
    rows->setValue(QStringLiteral("direction"), m_rule.direction == core::Direction::Inbound
                                                    ? tr("Inbound (PingOne as Target)")
                                                    : tr("Outbound (PingOne as Source)"));
    const QString ldap = gateway ? gateway->name : m_rule.connection;
    const bool inbound = m_rule.direction == core::Direction::Inbound;
    rows->setValue(QStringLiteral("source"), inbound ? ldap : QStringLiteral("PingOne"));
    rows->setValue(QStringLiteral("target"), inbound ? QStringLiteral("PingOne") : ldap);
    rows->setValue(QStringLiteral("impacted"), run ? Text::number(run->read) : QString());
    m_tiles->setCounts(run ? std::optional(run->counts.users) : std::nullopt);
    m_resync->setEnabled(!job && runnable);
    m_open->setVisible(run != nullptr);
    m_run = run ? run->row : 0;
    if (run && run->error)
        m_error->setError(*run->error);
    else if (run)
        m_error->clear();

    const bool hasFailures = run && run->counts.users.failed > 0;
    m_failures.setRun(hasFailures ? run->row : 0);
    m_failuresTitle->setVisible(hasFailures);
    m_failed->setVisible(hasFailures);
    if (hasFailures)
        m_failuresTitle->setText(run->counts.users.failed == 1
                                     ? tr("1 person could not be provisioned")
                                     : tr("%1 people could not be provisioned").arg(Text::number(run->counts.users.failed)));
    PropertyRows *guards = m_guards->rows();
    const core::Guards &limits = m_rule.guards;
    guards->setValue(QStringLiteral("deprovisions"), limitsText(limits.maxDeprovisions, limits.maxDeprovisionPercent));
    guards->setValue(QStringLiteral("blanked"), limitsText(limits.maxBlanked, limits.maxBlankedPercent));
    guards->setValue(QStringLiteral("updates"), limitsText(limits.maxUpdates, limits.maxUpdatePercent));
    guards->setValue(QStringLiteral("renames"), limitsText(limits.maxRenames, limits.maxRenamePercent));
    guards->setValue(QStringLiteral("read"), limits.minReadPercent < 0 ? tr("No limit")
                                                                       : tr("%1 % of the last good run").arg(limits.minReadPercent));
    guards->setValue(QStringLiteral("units"), limits.unitLoss ? tr("Stops the run") : tr("Is let pass"));
    guards->setValue(QStringLiteral("wait"), limits.missingForSeconds > 0
                                                 ? tr("After %1").arg(Text::span(qint64(limits.missingForSeconds) * 1000))
                                                 : tr("At once"));
    guards->setValue(QStringLiteral("every"), tr("%1 seconds").arg(Text::number(m_rule.schedule.everySeconds)));
}

void SyncTab::resync()
{
    Question question;
    question.title = tr("Resync everybody of “%1”?").arg(m_rule.name);
    question.text = tr("Everybody in scope is read and compared in full, and what differs is changed at once, within "
                       "the rule's guards. To see the changes first, use Preview.");
    question.confirm = tr("Full &Resync");
    ask(this, question, [this](Reply reply) {
        if (reply == Reply::Confirm)
            m_jobs.apply(m_rule.name, {}, true);
    });
}

} // namespace gatehouse::ui
