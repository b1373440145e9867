// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/ruledeletion.h"

#include "core/config/configuration.h"
#include "core/config/validate.h"
#include "core/plan/decide.h"
#include "provision/run/applier.h"
#include "provision/run/planfile.h"
#include "provision/scope.h"
#include "store/configurations.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/ids.h"
#include "store/links.h"
#include "store/rulelock.h"
#include "store/runs.h"

#include <QElapsedTimer>
#include <QHash>

#include <algorithm>
#include <memory>
#include <vector>

namespace gatehouse::provision {

using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr size_t kAtOnce = 2000; ///< people loaded together

/// A rule that stays, and where it looks; it deprovisions, too, so that whoever it does not mean does not stay for ever.
struct Heir {
    QUuid rule;
    QList<QByteArray> bases;
};

/// What becomes of one deleted rule's people.
struct Departure {
    core::Rule rule;
    core::Connection connection; ///< with the preferences that count
    QUuid gateway;
    qint64 ruleRow = 0;
    std::unique_ptr<PlanFile> steps = std::make_unique<PlanFile>();
    std::unique_ptr<PlanFile> handedOver = std::make_unique<PlanFile>(); ///< links that another rule takes over
    core::PlanCounts planned;
    QList<core::GuardVerdict> guards;
    DeletedRule outcome;
};

template <typename T>
const T *byId(const QList<T> &things, const QUuid &id)
{
    const auto at = std::find_if(things.begin(), things.end(), [&](const T &thing) { return thing.id == id; });
    return at == things.end() || id.isNull() ? nullptr : &*at;
}

/// As the file wants it where it stays, so that the switch can be turned off in the same step; else as it was.
core::Connection connectionOf(const core::Rule &rule, const core::Configuration &current, const core::Configuration &wanted)
{
    const core::Connection *before = current.connection(rule.connection);
    if (!before)
        return {};
    const core::Connection *after = byId(wanted.connections, before->id);
    core::Connection connection = after ? *after : *before;
    connection.gateway = before->gateway;
    return connection;
}

bool deprovisions(const core::Connection &connection)
{
    return connection.users.deprovision.enabled && connection.users.deprovision.onRuleDeletion;
}

class Deletion {
public:
    Deletion(store::Environment &environment, const core::Configuration &current, core::Configuration &wanted)
        : m_environment(environment), m_current(current), m_wanted(wanted)
    {
    }

    Result<void> plan();
    std::optional<Error> stopped() const;
    Result<void> apply(const QString &trigger);
    QList<DeletedRule> outcomes() const;

private:
    Result<std::vector<Heir>> heirsOf(const QUuid &gateway);
    Result<void> plan(Departure &departure);
    Result<void> plan(Departure &departure, const std::vector<Heir> &heirs, const std::vector<qint64> &rows);
    Result<void> apply(Departure &departure, const QString &trigger);
    Result<void> handOver(const Departure &departure);

    store::Environment &m_environment;
    const core::Configuration &m_current;
    core::Configuration &m_wanted;
    std::vector<store::RuleLock> m_locks; ///< until the configuration is saved: nobody runs a rule that is being deleted
    std::vector<Departure> m_departures;
};

Result<void> Deletion::plan()
{
    for (const core::Rule &rule : deprovisioningRules(m_current, m_wanted)) {
        auto lock = store::RuleLock::acquire(m_environment.path(), rule.id);
        if (!lock)
            return core::fail(lock.error());
        m_locks.push_back(*std::move(lock));
        Departure departure;
        departure.rule = rule;
        departure.connection = connectionOf(rule, m_current, m_wanted);
        const core::Gateway *gateway = m_current.gateway(departure.connection.gateway);
        if (!gateway)
            continue;
        departure.gateway = gateway->id;
        departure.outcome.rule = rule.name;
        if (auto planned = plan(departure); !planned)
            return planned;
        m_departures.push_back(std::move(departure));
    }
    return {};
}

Result<std::vector<Heir>> Deletion::heirsOf(const QUuid &gateway)
{
    std::vector<Heir> heirs;
    for (core::Rule &rule : m_wanted.rules) {
        const core::Connection *connection = m_wanted.connection(rule.connection);
        const core::Gateway *theirs = connection ? m_wanted.gateway(connection->gateway) : nullptr;
        if (!theirs || theirs->id != gateway || !rule.enabled || !connection->enabled
            || rule.direction != core::Direction::Inbound || !connection->users.deprovision.enabled)
            continue;
        if (rule.id.isNull())
            rule.id = store::timeOrderedId();
        heirs.push_back({rule.id, basesOf(rule)});
    }
    return heirs;
}

Result<void> Deletion::plan(Departure &departure)
{
    const auto row = m_environment.links().ruleRow(departure.rule.id);
    const auto heirs = heirsOf(departure.gateway);
    auto links = m_environment.links().load(departure.gateway);
    if (!row || !heirs || !links)
        return core::fail(!row ? row.error() : !heirs ? heirs.error() : links.error());
    departure.ruleRow = *row;
    std::vector<qint64> rows;
    const auto flush = [&]() -> Result<void> {
        auto planned = rows.empty() ? Result<void>() : plan(departure, *heirs, rows);
        rows.clear();
        return planned;
    };
    for (const store::Link &link : *links) {
        if (link.ruleRow != departure.ruleRow || link.hasLeft())
            continue;
        rows.push_back(link.userRow);
        if (rows.size() < kAtOnce)
            continue;
        if (auto planned = flush(); !planned)
            return planned;
    }
    if (auto planned = flush(); !planned)
        return planned;
    auto finished = departure.steps->finish();
    if (finished)
        finished = departure.handedOver->finish();
    // Deprovisioning is the only harm here, and everybody leaves: no percentage says anything.
    const qint64 leaving = departure.planned.changes();
    if (const int most = departure.rule.guards.maxDeprovisions; most >= 0)
        departure.guards.append({QStringLiteral("maxDeprovisions"), double(most), double(leaving), leaving > most});
    return finished;
}

Result<void> Deletion::plan(Departure &departure, const std::vector<Heir> &heirs, const std::vector<qint64> &rows)
{
    auto users = m_environment.identities().users(rows);
    auto people = m_environment.links().people(departure.gateway, rows);
    if (!users || !people)
        return core::fail(!users ? users.error() : people.error());
    QHash<qint64, const store::LinkedPerson *> personOf;
    for (const store::LinkedPerson &person : *people)
        personOf.insert(person.userRow, &person);
    for (const core::User &user : *users) {
        const store::LinkedPerson *person = personOf.value(user.row);
        if (!person)
            continue;
        core::Decision decision = core::decideGone(departure.gateway, person->state(), user, *m_environment.catalog(),
                                                   departure.connection);
        const auto heir = std::find_if(heirs.begin(), heirs.end(), [&](const Heir &one) {
            return liesIn(person->sourceDn, one.bases);
        });
        if (heir != heirs.end()) {
            // Its next run compares in full, and deprovisions whoever is not in its scope.
            core::Step &step = decision.step;
            step.action = core::Action::None;
            step.changes.clear();
            core::LinkState after = person->state();
            after.rule = heir->rule;
            after.fingerprint = 0;
            step.link = {departure.gateway, person->state(), after};
            ++departure.outcome.handedOver;
            if (auto kept = departure.handedOver->append(step, PlanFile::Part::Refreshes); !kept)
                return kept;
            continue;
        }
        departure.planned.count(decision.step);
        if (decision.step.action == core::Action::None)
            continue; // disabled already
        if (auto kept = departure.steps->append(decision.step); !kept)
            return kept;
    }
    return {};
}

std::optional<Error> Deletion::stopped() const
{
    for (const Departure &departure : m_departures) {
        for (const core::GuardVerdict &verdict : departure.guards) {
            if (!verdict.tripped)
                continue;
            return Error{Code::Guard,
                         QStringLiteral("The guard %1 stopped the deletion of the rule \"%2\"; nothing was changed")
                             .arg(verdict.name, departure.rule.name),
                         QStringLiteral("%1 people would be deprovisioned, the limit is %2: raise the guard, or turn \"Deprovision on "
                                        "rule deletion\" of the connection \"%3\" off, and delete the rule then")
                             .arg(departure.planned.changes()).arg(verdict.limit).arg(departure.connection.name),
                         QStringLiteral("rules[%1]").arg(departure.rule.name)};
        }
    }
    return std::nullopt;
}

Result<void> Deletion::apply(const QString &trigger)
{
    for (Departure &departure : m_departures) {
        if (auto done = apply(departure, trigger); !done)
            return done;
        if (auto done = handOver(departure); !done)
            return done;
    }
    return {};
}

Result<void> Deletion::apply(Departure &departure, const QString &trigger)
{
    if (departure.steps->size() == 0)
        return {};
    QElapsedTimer timer;
    timer.start();
    const auto row = m_environment.runs().begin(departure.rule.name, departure.rule.id, trigger);
    if (!row)
        return core::fail(row.error());
    departure.outcome.run = *row;
    store::ApplyContext context;
    context.run = *row;
    context.gateway = departure.gateway;
    Applier applier(m_environment, context, *departure.steps, departure.planned);
    Result<bool> more = true;
    while (more && *more)
        more = applier.applyBatch();
    departure.outcome.counts = applier.counts().users;
    store::Run run;
    run.row = *row;
    run.counts = applier.counts();
    run.guards = departure.guards;
    run.durationMs = timer.elapsed();
    run.status = !more ? store::RunStatus::Failed
                 : run.counts.failed() > 0 ? store::RunStatus::Partial : store::RunStatus::Succeeded;
    if (!more)
        run.error = more.error();
    else if (run.counts.failed() > 0)
        run.error = Error{Code::Conflict, QStringLiteral("%1 people could not be deprovisioned; the rule stays").arg(run.counts.failed()),
                          QStringLiteral("Run %1 has the reasons; delete the rule again").arg(*row), departure.rule.name};
    if (auto recorded = m_environment.runs().finish(run); !recorded && !run.error)
        run.error = recorded.error();
    return run.error ? core::fail(*run.error) : Result<void>();
}

Result<void> Deletion::handOver(const Departure &departure)
{
    store::ApplyContext context;
    context.run = departure.outcome.run;
    context.gateway = departure.gateway;
    Applier applier(m_environment, context, *departure.handedOver, {});
    Result<bool> more = true;
    while (more && *more)
        more = applier.applyBatch();
    return more ? Result<void>() : core::fail(more.error());
}

QList<DeletedRule> Deletion::outcomes() const
{
    QList<DeletedRule> outcomes;
    for (const Departure &departure : m_departures)
        outcomes.append(departure.outcome);
    return outcomes;
}

} // namespace

QList<core::Rule> deprovisioningRules(const core::Configuration &current, const core::Configuration &wanted)
{
    QList<core::Rule> rules;
    for (const core::Rule &rule : current.rules) {
        if (rule.direction == core::Direction::Inbound && !byId(wanted.rules, rule.id)
            && deprovisions(connectionOf(rule, current, wanted)))
            rules.append(rule);
    }
    return rules;
}

tl::expected<QList<DeletedRule>, QList<Error>> saveConfiguration(store::Environment &environment, const core::Configuration &current,
                                                                 core::Configuration wanted, const QString &trigger)
{
    const auto refuse = [](const QList<Error> &faults) { return tl::unexpected<QList<Error>>(faults); };
    if (const QList<Error> faults = core::validate(wanted); !faults.isEmpty())
        return refuse(faults);
    // What has no id is what is stored under its name, so that it does not count as deleted.
    for (core::Rule &rule : wanted.rules) {
        const core::Rule *stored = rule.id.isNull() ? current.rule(rule.name) : nullptr;
        if (stored && !byId(wanted.rules, stored->id))
            rule.id = stored->id;
    }
    Deletion deletion(environment, current, wanted);
    if (auto planned = deletion.plan(); !planned)
        return refuse({planned.error()});
    if (const std::optional<Error> stopped = deletion.stopped())
        return refuse({*stopped});
    // Before anybody is deprovisioned. That a deletion would make room for the rest does not count: one fault that it does
    // not cure, and people would be gone whose rule stays.
    if (const QList<Error> faults = environment.configurations().faults(wanted); !faults.isEmpty())
        return refuse(faults);
    if (auto applied = deletion.apply(trigger); !applied)
        return refuse({applied.error()});
    if (auto saved = environment.configurations().save(wanted); !saved)
        return refuse(saved.error());
    return deletion.outcomes();
}

} // namespace gatehouse::provision
