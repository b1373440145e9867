// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/rulejobs.h"

#include "app/console.h"
#include "app/text.h"

#include <algorithm>

namespace gatehouse::app {

RuleJobs::RuleJobs(Console &console, QObject *parent) : QObject(parent), m_console(console)
{
    provision::Engine &engine = console.engine();
    connect(&engine, &provision::Engine::jobStarted, this, &RuleJobs::onStarted);
    connect(&engine, &provision::Engine::jobFinished, this, &RuleJobs::onFinished);
    connect(&engine, &provision::Engine::jobProgressed, this,
            [this](quint64 id, const provision::Progress &progress) {
                for (Job &job : m_jobs) {
                    if (job.id == id) {
                        job.progress = progress;
                        emit changed(job.request.rule);
                        return;
                    }
                }
            });
    connect(&console, &Console::gatewayUsed, this,
            [this](const core::Gateway &gateway, const std::optional<core::Error> &error) {
                if (!error)
                    dropFailed([&](const Basis &basis) { return basis.gateway && basis.gateway->id == gateway.id; });
            });
    connect(&console, &Console::configurationChanged, this, [this] {
        dropFailed([](const Basis &) { return false; });
    });
}

/// An error is of its time: once its gateway leads on again, or what it was made for was edited, it says nothing.
void RuleJobs::dropFailed(const std::function<bool(const Basis &)> &isOver)
{
    QStringList over;
    for (auto plan = m_plans.cbegin(); plan != m_plans.cend(); ++plan) {
        const std::optional<core::Error> &error = plan->outcome.error;
        if (plan->outcome.plan || !error)
            continue;
        const Basis basis = m_bases.value(plan.key());
        if (!(basis == basisOf(plan.key())) || (Console::tellsOfTheWay(error->code) && isOver(basis)))
            over << plan.key();
    }
    for (const QString &rule : std::as_const(over)) {
        dropPlan(rule);
        emit changed(rule);
    }
}

void RuleJobs::preview(const QString &rule, const QString &userKey, bool fullResync)
{
    if (m_jobs.contains(rule))
        return;
    dropPlan(rule);
    provision::RunRequest request;
    request.rule = rule;
    request.userKey = userKey;
    request.fullResync = fullResync;
    m_bases.insert(rule, basisOf(rule));
    m_console.engine().start(request);
}

void RuleJobs::apply(const QString &rule, const QString &userKey, bool fullResync)
{
    if (m_jobs.contains(rule))
        return;
    provision::RunRequest request;
    request.rule = rule;
    request.apply = true;
    request.userKey = userKey;
    request.fullResync = fullResync;
    m_console.engine().start(request);
}

void RuleJobs::applyPlan(const QString &rule)
{
    const Plan *shown = plan(rule);
    if (!shown || !shown->outcome.plan || m_jobs.contains(rule))
        return;
    provision::RunRequest request = shown->request;
    request.apply = true;
    request.plan = shown->outcome.plan;
    m_console.engine().start(request);
}

void RuleJobs::cancel(const QString &rule)
{
    const auto job = m_jobs.find(rule);
    if (job == m_jobs.end())
        return;
    job->cancelling = true;
    m_console.engine().cancel(job->id);
    emit changed(rule);
}

const RuleJobs::Job *RuleJobs::job(const QString &rule) const
{
    const auto job = m_jobs.constFind(rule);
    return job == m_jobs.constEnd() ? nullptr : &*job;
}

const RuleJobs::Plan *RuleJobs::plan(const QString &rule) const
{
    const auto plan = m_plans.constFind(rule);
    return plan == m_plans.constEnd() ? nullptr : &*plan;
}

QString RuleJobs::whyStale(const QString &rule) const
{
    const auto plan = m_plans.constFind(rule);
    if (plan == m_plans.cend() || !plan->outcome.plan)
        return {};
    if (m_applied.value(rule))
        return tr("The rule has run since this preview was made. Preview it again.");
    const core::Configuration &configuration = m_console.configuration();
    const core::Rule *now = configuration.rule(rule);
    if (!now)
        return tr("The rule was deleted.");
    const QStringList changed = provision::PlanBasis(configuration, *now).changedSince(plan->outcome.plan->head().basis);
    if (changed.isEmpty())
        return {};
    return tr("Since this preview was made somebody changed %1. Preview it again.").arg(changed.join(QStringLiteral(", ")));
}

void RuleJobs::dropPlan(const QString &rule)
{
    m_plans.remove(rule);
    m_bases.remove(rule);
    m_applied.remove(rule);
}

RuleJobs::Basis RuleJobs::basisOf(const QString &rule) const
{
    const core::Configuration &configuration = m_console.configuration();
    Basis basis;
    const core::Rule *found = configuration.rule(rule);
    if (!found)
        return basis;
    basis.rule = *found;
    if (const core::Connection *connection = configuration.connection(found->connection)) {
        basis.connection = *connection;
        if (const core::Gateway *gateway = configuration.gateway(connection->gateway))
            basis.gateway = *gateway;
    }
    // Switching on or off changes nothing in what a plan holds.
    basis.rule->enabled = true;
    if (basis.connection)
        basis.connection->enabled = true;
    if (basis.gateway)
        basis.gateway->enabled = true;
    return basis;
}

void RuleJobs::onStarted(quint64 id, const provision::RunRequest &request)
{
    // A second job of one rule will be refused by the engine; the first stays the one to watch.
    if (m_jobs.contains(request.rule))
        return;
    m_jobs.insert(request.rule, {id, request, {}, false});
    emit changed(request.rule);
}

void RuleJobs::onFinished(quint64 id, const provision::RunOutcome &outcome)
{
    const auto found = std::find_if(m_jobs.begin(), m_jobs.end(), [id](const Job &job) { return job.id == id; });
    if (found == m_jobs.end())
        return;
    const provision::RunRequest request = found->request;
    m_jobs.erase(found);
    if (request.apply) {
        if (m_plans.contains(request.rule) && outcome.run != 0 && outcome.status != store::RunStatus::Stopped)
            m_applied.insert(request.rule, true);
        emit changed(request.rule);
        emit applied(request.rule, outcome);
        return;
    }
    if (!m_bases.contains(request.rule))
        m_bases.insert(request.rule, basisOf(request.rule));
    const core::Rule *rule = m_console.configuration().rule(request.rule);
    m_plans.insert(request.rule, {request, outcome, QDateTime::currentDateTimeUtc(), rule ? rule->id : QUuid()});
    m_applied.remove(request.rule);
    while (m_plans.size() > kMaxPlans) {
        const auto oldest = std::min_element(m_plans.cbegin(), m_plans.cend(), [](const Plan &a, const Plan &b) {
            return a.madeAt < b.madeAt;
        });
        dropPlan(QString(oldest.key()));
    }
    emit changed(request.rule);
    emit planned(request.rule);
}

QString RuleJobs::text(const provision::Progress &progress)
{
    QStringList parts{Text::phase(progress.phase)};
    if (progress.total > 0)
        parts << tr("%1 of %2").arg(Text::number(progress.done), Text::number(progress.total));
    else if (progress.done > 0)
        parts << Text::number(progress.done);
    if (progress.perSecond >= 1)
        parts << tr("%1/s").arg(Text::number(qint64(progress.perSecond)));
    if (progress.millisecondsLeft >= 0)
        parts << tr("%1 left").arg(Text::span(std::max<qint64>(1000, progress.millisecondsLeft)));
    return parts.join(QStringLiteral(" · "));
}

} // namespace gatehouse::app
