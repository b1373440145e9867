// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/execution.h"

#include "core/config/configuration.h"
#include "store/configurations.h"
#include "store/environment.h"
#include "store/links.h"
#include "store/numbers.h"

#include <algorithm>
#include <set>

namespace gatehouse::provision {

namespace {

constexpr qsizetype kReadAtOnce = 1000; ///< steps

/// Steps without which the step cannot be done: those that exchange usernames with it, and those that come first.
core::Result<std::vector<uint32_t>> neededBy(const PlanFile &plan, uint32_t number)
{
    const auto step = plan.step(number);
    if (!step)
        return core::fail(step.error());
    std::vector<uint32_t> needed;
    // They stand side by side.
    for (const int direction : {-1, 1}) {
        for (qint64 at = qint64(number) + direction; step->ring != 0 && at >= 0 && at < plan.size(); at += direction) {
            const auto other = plan.step(at);
            if (!other)
                return core::fail(other.error());
            if (other->ring != step->ring)
                break;
            needed.push_back(uint32_t(at));
        }
    }
    for (const QByteArray &id : step->after) {
        const auto earlier = plan.about(core::displayId(id));
        if (!earlier)
            return core::fail(earlier.error());
        needed.insert(needed.end(), earlier->begin(), earlier->end());
    }
    return needed;
}

} // namespace

core::Result<void> Execution::begin(const QString &trigger, bool isWhole)
{
    auto acquired = store::RuleLock::acquire(m_environment.path(), m_context.rule.id);
    if (!acquired)
        return core::fail(acquired.error());
    m_lock.emplace(*std::move(acquired));
    const auto run = m_environment.runs().begin(m_context.rule.name, m_context.rule.id, trigger, !isWhole);
    if (!run)
        return core::fail(run.error());
    m_run = *run;
    m_context.apply.run = *run;
    return {};
}

core::Result<void> Execution::noteMissing(const PlanFile &plan, bool isWhole)
{
    const bool waits = m_context.rule.guards.missingForSeconds > 0;
    if (!waits && !isWhole)
        return {};
    store::Numbers numbers(m_environment.database());
    std::vector<qint64> rows;
    for (qsizetype from = 0; waits && from < plan.size(PlanFile::Part::NotShown); from += kReadAtOnce) {
        const auto some = plan.steps(from, kReadAtOnce, PlanFile::Part::NotShown);
        if (!some)
            return core::fail(some.error());
        for (const core::Step &person : *some) {
            const auto row = numbers.row(person.target);
            if (!row)
                return core::fail(row.error());
            if (*row != 0)
                rows.push_back(*row);
        }
    }
    return m_environment.links().noteMissing(m_context.gateway.id, m_context.ruleRow, rows,
                                             plan.head().madeAt.toSecsSinceEpoch(), isWhole);
}

core::Result<void> Execution::take(std::shared_ptr<const PlanFile> plan, qint64 elapsedMs,
                                   std::optional<PlanSelection> only)
{
    m_plan = std::move(plan);
    const PlanHead &head = m_plan->head();
    if (!only) {
        if (auto noted = noteMissing(*m_plan, head.userKey.isEmpty()); !noted)
            return noted;
    }
    // The limits of today, whenever the plan was made.
    m_guards = core::judge(m_context.rule.guards, head.harm.tally, head.harm.ground);
    if (const auto tripped = core::trippedError(m_guards, head.rule))
        return core::fail(*tripped);
    store::Run run;
    run.row = m_run;
    run.read = head.reading.entries;
    run.guards = m_guards;
    run.plan = head.id;
    run.durationMs = elapsedMs;
    if (!only)
        run.counts = head.counts;
    if (auto recorded = m_environment.runs().recordPlan(run); !recorded)
        return recorded;
    if (auto begun = m_environment.identities().beginBulk(only ? 0 : head.counts.users.create); !begun)
        return begun;
    m_applier = std::make_unique<Applier>(m_environment, m_context.apply, *m_plan, run.counts, std::move(only));
    return {};
}

core::Result<QStringList> Execution::notes()
{
    if (!m_applier || m_applier->doneBefore() == 0)
        return QStringList();
    const auto earlier = m_environment.runs().ofPlan(m_plan->head().id, m_run);
    if (!earlier)
        return core::fail(earlier.error());
    const core::PlanCounts counts = m_applier->counts();
    const QString by = *earlier == 0 ? QString() : QStringLiteral(" by run %1").arg(*earlier);
    if (counts.changes() == 0 && counts.failed() == 0)
        return QStringList{QStringLiteral("This plan was applied already%1: nothing was left to do.").arg(by)};
    return QStringList{QStringLiteral("Of this plan %1 steps were done already%2 and were not done again.")
                           .arg(m_applier->doneBefore())
                           .arg(by)};
}

core::Result<void> Execution::endApplying()
{
    if (!m_applier)
        return {};
    m_applier.reset();
    return m_environment.identities().endBulk();
}

core::Result<void> Execution::end(store::Run result)
{
    result.row = m_run;
    if (m_plan)
        result.plan = m_plan->head().id;
    auto recorded = m_run != 0 ? m_environment.runs().finish(result) : core::Result<void>();
    m_lock.reset();
    return recorded;
}

core::Result<RuleContext> contextFor(store::Environment &environment, const PlanHead &head)
{
    const auto configuration = environment.configurations().load();
    if (!configuration)
        return core::fail(configuration.error());
    const auto rule = std::find_if(configuration->rules.cbegin(), configuration->rules.cend(),
                                   [&](const core::Rule &one) { return one.id == head.ruleId; });
    if (rule == configuration->rules.cend()) {
        return core::fail(
            core::Code::Conflict,
            QStringLiteral("Nothing was applied: the rule of this plan, \"%1\", was deleted").arg(head.rule), {},
            head.rule);
    }
    auto context = resolveRule(environment, rule->name, Purpose::Apply);
    if (!context)
        return context;
    const QStringList changed = context->basis.changedSince(head.basis);
    if (changed.isEmpty())
        return context;
    return core::fail(
        core::Code::Conflict, QStringLiteral("Nothing was applied: the plan does not fit the rule any more"),
        QStringLiteral("Since it was made somebody changed %1. Plan again.").arg(changed.join(QStringLiteral(", "))),
        rule->name);
}

core::Result<PlanSelection> selectionOf(const PlanFile &plan, const QStringList &keys)
{
    std::set<uint32_t> chosen;
    std::vector<uint32_t> open;
    const auto choose = [&](const std::vector<uint32_t> &steps) {
        for (const uint32_t number : steps) {
            if (chosen.insert(number).second)
                open.push_back(number);
        }
    };
    for (const QString &key : keys) {
        const auto about = plan.about(key);
        if (!about)
            return core::fail(about.error());
        if (about->empty()) {
            return core::fail(core::Code::NotFound, QStringLiteral("The plan does nothing to \"%1\"").arg(key),
                              QStringLiteral("gatehousectl plan show lists what it does"), key);
        }
        choose(*about);
    }
    while (!open.empty()) {
        const uint32_t number = open.back();
        open.pop_back();
        const auto needed = neededBy(plan, number);
        if (!needed)
            return core::fail(needed.error());
        choose(*needed);
    }
    return PlanSelection(chosen.begin(), chosen.end());
}

} // namespace gatehouse::provision
