// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/schedule.h"

#include "core/config/configuration.h"
#include "gateway/route.h"
#include "store/configurations.h"
#include "store/environment.h"

#include <algorithm>

namespace gatehouse::provision {

using std::chrono::seconds;

namespace {

constexpr std::chrono::milliseconds kTick{1'000};

bool hasClients(const core::Gateway &gateway)
{
    const auto route = gateway::routeTo(gateway.id);
    return route && route->endpoint && !route->endpoint->instancesOf(gateway.id).isEmpty();
}

QString countsText(const core::Counts &counts)
{
    return QStringLiteral("create %1, update %2, disable %3, enable %4, delete %5, unchanged %6, failed %7")
        .arg(counts.create).arg(counts.update).arg(counts.disable).arg(counts.enable).arg(counts.remove)
        .arg(counts.unchanged).arg(counts.failed);
}

} // namespace

seconds pauseAfter(int everySeconds, int failures)
{
    const seconds every(std::max(1, everySeconds));
    if (failures <= 0)
        return every;
    if (failures >= kBreakerOpensAfter)
        return std::max<seconds>(kBreakerReset, every);
    return std::max(every, std::min<seconds>(kBreakerReset, every * (1 << failures)));
}

bool isFailure(const RunOutcome &outcome)
{
    switch (outcome.status) {
    case store::RunStatus::Succeeded:
    case store::RunStatus::Partial: // failures of single people are theirs
    case store::RunStatus::Cancelled:
        return false;
    default:
        // Somebody else runs the rule just now: that is as good.
        return !outcome.error || outcome.error->code != core::Code::Locked;
    }
}

Schedule::Schedule(Engine &engine, QObject *parent) : QObject(parent), m_engine(engine)
{
    connect(&m_engine, &Engine::jobFinished, this, &Schedule::onFinished);
    connect(&m_timer, &QTimer::timeout, this, &Schedule::look);
}

void Schedule::start()
{
    m_timer.start(kTick);
    look();
}

void Schedule::stop()
{
    m_isStopping = true;
    m_timer.stop();
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.job != 0)
            m_engine.cancel(entry.job);
    }
    stopIfIdle();
}

void Schedule::stopIfIdle()
{
    if (m_isStopping && std::none_of(m_entries.cbegin(), m_entries.cend(), [](const Entry &entry) { return entry.job != 0; }))
        emit stopped();
}

void Schedule::look()
{
    if (m_isLooking || m_isStopping)
        return;
    m_isLooking = true;
    using Answer = core::Result<Sight>;
    m_engine
        .post<Answer>([known = m_known](store::Environment &environment) { return readRules(environment, known); })
        .then(this, [this](const Answer &answer) {
            m_isLooking = false;
            if (!answer) {
                emit logged(QStringLiteral("the rules cannot be read: ") + answer.error().text());
                return;
            }
            m_known = answer->token;
            if (answer->rules) {
                ++m_readings;
                take(*answer->rules);
            }
            boundWaits();
            startDue();
        });
}

core::Result<Schedule::Sight> Schedule::readRules(store::Environment &environment, const store::ChangeToken &known)
{
    // Before the configuration: what is written meanwhile is seen by the next look.
    const auto token = environment.database().changeToken();
    if (!token)
        return core::fail(token.error());
    if (*token == known)
        return Sight{known, std::nullopt};
    const auto configuration = environment.configurations().load();
    if (!configuration)
        return core::fail(configuration.error());
    QList<Runnable> rules;
    for (const core::Rule &rule : configuration->rules) {
        const core::Connection *connection = configuration->connection(rule.connection);
        const core::Gateway *gateway = connection ? configuration->gateway(connection->gateway) : nullptr;
        if (!rule.enabled || rule.direction != core::Direction::Inbound || !gateway || !connection->enabled
            || !gateway->enabled)
            continue;
        const auto last = environment.runs().list(rule.name, 1);
        if (!last)
            return core::fail(last.error());
        const store::Run run = last->value(0);
        rules.append({rule.id, rule, *gateway, run.finishedAt.isValid() ? run.finishedAt : run.startedAt});
    }
    return Sight{*token, rules};
}

/// Whatever the clock was set to: a rule waits no longer than its pause.
void Schedule::boundWaits()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (Entry &entry : m_entries)
        entry.dueAt = std::min(entry.dueAt, now.addSecs(pauseAfter(entry.everySeconds, entry.failures).count()));
}

void Schedule::take(const QList<Runnable> &rules)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (Entry &entry : m_entries)
        entry.isSeen = false;
    for (const Runnable &runnable : rules) {
        const bool isNew = !m_entries.contains(runnable.id);
        Entry &entry = m_entries[runnable.id];
        const bool isChanged = !isNew && entry.everySeconds != runnable.rule.schedule.everySeconds;
        entry.rule = runnable.rule.name;
        entry.gateway = runnable.gateway;
        entry.everySeconds = runnable.rule.schedule.everySeconds;
        entry.isSeen = true;
        if (isNew)
            entry.dueAt = runnable.lastRun.isValid() ? std::max(now, runnable.lastRun.addSecs(entry.everySeconds)) : now;
        else if (isChanged)
            entry.dueAt = std::min(entry.dueAt, now.addSecs(pauseAfter(entry.everySeconds, entry.failures).count()));
        if (isNew)
            emit logged(QStringLiteral("rule \"%1\" runs every %2 s").arg(entry.rule).arg(entry.everySeconds));
    }
    m_entries.removeIf([this](const auto &it) {
        if (it.value().isSeen || it.value().job != 0)
            return false;
        emit logged(QStringLiteral("rule \"%1\" is not scheduled any more").arg(it.value().rule));
        return true;
    });
}

void Schedule::startDue()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (Entry &entry : m_entries) {
        if (m_isStopping || entry.job != 0 || !entry.isSeen || entry.dueAt > now)
            continue;
        const bool waits = entry.gateway.mode == core::GatewayMode::Clients && !hasClients(entry.gateway);
        if (waits != entry.isWaitingForClients) {
            entry.isWaitingForClients = waits;
            emit logged(waits ? QStringLiteral("rule \"%1\" waits for a client of the gateway \"%2\"").arg(entry.rule, entry.gateway.name)
                              : QStringLiteral("rule \"%1\" has a gateway client again").arg(entry.rule));
        }
        if (waits)
            continue;
        RunRequest request;
        request.rule = entry.rule;
        request.apply = true;
        request.trigger = QStringLiteral("schedule");
        entry.job = m_engine.start(request);
    }
}

void Schedule::onFinished(quint64 job, const RunOutcome &outcome)
{
    for (Entry &entry : m_entries) {
        if (entry.job != job)
            continue;
        entry.job = 0;
        const bool failed = isFailure(outcome);
        entry.failures = failed ? entry.failures + 1 : 0;
        const seconds pause = pauseAfter(entry.everySeconds, entry.failures);
        entry.dueAt = QDateTime::currentDateTimeUtc().addSecs(pause.count());
        QString line = QStringLiteral("rule \"%1\": run %2 %3 in %4 ms; %5").arg(entry.rule).arg(outcome.run)
                           .arg(store::runStatusName(outcome.status)).arg(outcome.durationMs).arg(countsText(outcome.counts.users));
        if (outcome.error)
            line += QStringLiteral("; ") + outcome.error->text();
        for (const core::GuardVerdict &guard : outcome.guards) {
            if (guard.tripped)
                line += QStringLiteral("; guard %1: %2, the limit is %3")
                            .arg(guard.subject.isEmpty() ? guard.name : QStringLiteral("%1 (%2)").arg(guard.name, guard.subject))
                            .arg(guard.actual, 0, 'g', 4).arg(guard.limit);
        }
        if (failed)
            line += QStringLiteral("; next in %1 s").arg(pause.count());
        emit logged(line);
    }
    stopIfIdle();
}

} // namespace gatehouse::provision
