// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/applier.h"

#include "store/database.h"
#include "store/environment.h"
#include "store/runs.h"

#include <algorithm>

namespace gatehouse::provision {

namespace {
constexpr qint64 kBatch = 5000; ///< steps in one transaction: some 40 ms, so the thread stays answerable
}

Applier::Applier(store::Environment &environment, store::ApplyContext context, const PlanSpool &steps,
                 const PlanSpool &refreshes, core::Counts planned)
    : m_environment(environment), m_context(std::move(context)), m_steps(steps), m_refreshes(refreshes),
      m_planned(planned)
{
}

core::Result<bool> Applier::applyBatch()
{
    const bool refreshing = m_at >= m_steps.size();
    const PlanSpool &spool = refreshing ? m_refreshes : m_steps;
    const qint64 from = refreshing ? m_at - m_steps.size() : m_at;
    qint64 count = std::min(kBatch, qint64(spool.size()) - from);
    if (count <= 0)
        return false;
    auto steps = spool.steps(from, count);
    if (!steps)
        return core::fail(steps.error());
    // Those who exchange usernames are not parted.
    while (steps->back().swap != 0 && from + count < spool.size()) {
        auto next = spool.steps(from + count, 1);
        if (!next)
            return core::fail(next.error());
        if (next->front().swap != steps->back().swap)
            break;
        steps->push_back(std::move(next->front()));
        ++count;
    }
    if (auto applied = applySteps(*std::move(steps)); !applied)
        return core::fail(applied.error());
    m_at += count;
    return m_at < total();
}

core::Result<void> Applier::applySteps(std::vector<core::PlanStep> steps)
{
    // The run's end makes all of it durable.
    const store::QuickCommits quick(m_environment.database());
    // Those that failed in planning have nothing to apply.
    const auto firstFailed = std::stable_partition(steps.begin(), steps.end(), [](const core::PlanStep &step) {
        return step.action != core::Action::Failed;
    });
    std::vector<core::PlanStep> failed(std::make_move_iterator(firstFailed), std::make_move_iterator(steps.end()));
    steps.erase(firstFailed, steps.end());
    m_applied.failed += qint64(failed.size());
    if (!steps.empty()) {
        auto problems = m_environment.identities().apply(m_context, steps);
        if (!problems)
            return core::fail(problems.error());
        for (size_t i = 0; i < steps.size(); ++i) {
            if (!(*problems)[i]) {
                if (steps[i].action != core::Action::None)
                    m_applied.add(steps[i].action);
                continue;
            }
            if (steps[i].action == core::Action::None)
                continue; // a refresh that came too late; the next run compares in full
            ++m_applied.failed;
            core::PlanStep step = steps[i];
            step.action = core::Action::Failed;
            step.problems = {*(*problems)[i]};
            failed.push_back(std::move(step));
        }
    }
    if (failed.empty())
        return {};
    return m_environment.runs().recordFailures(m_context.run, failed);
}

core::Counts Applier::counts() const
{
    core::Counts counts = m_applied;
    counts.unchanged = m_planned.unchanged;
    counts.outOfScope = m_planned.outOfScope;
    return counts;
}

} // namespace gatehouse::provision
