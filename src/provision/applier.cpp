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
                 const PlanSpool &refreshes, core::PlanCounts planned)
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
    while (steps->back().ring != 0 && from + count < spool.size()) {
        auto next = spool.steps(from + count, 1);
        if (!next)
            return core::fail(next.error());
        if (next->front().ring != steps->back().ring)
            break;
        steps->push_back(std::move(next->front()));
        ++count;
    }
    if (auto applied = applySteps(*std::move(steps)); !applied)
        return core::fail(applied.error());
    m_at += count;
    return m_at < total();
}

core::Result<void> Applier::applySteps(std::vector<core::Step> steps)
{
    // The run's end makes all of it durable.
    const store::QuickCommits quick(m_environment.database());
    // Those that failed in planning have nothing to apply.
    const auto firstFailed = std::stable_partition(steps.begin(), steps.end(), [](const core::Step &step) {
        return step.action != core::Action::Failed;
    });
    std::vector<core::Step> failed(std::make_move_iterator(firstFailed), std::make_move_iterator(steps.end()));
    steps.erase(firstFailed, steps.end());
    for (const core::Step &step : failed)
        m_applied.count(step);
    if (!steps.empty()) {
        auto problems = m_environment.identities().apply(m_context, steps);
        if (!problems)
            return core::fail(problems.error());
        for (size_t i = 0; i < steps.size(); ++i) {
            if (!(*problems)[i]) {
                if (steps[i].action != core::Action::None)
                    m_applied.count(steps[i]);
                continue;
            }
            if (steps[i].action == core::Action::None)
                continue; // a refresh that came too late; the next run compares in full
            core::Step step = steps[i];
            step.action = core::Action::Failed;
            step.problems = {*(*problems)[i]};
            m_applied.count(step);
            failed.push_back(std::move(step));
        }
    }
    if (failed.empty())
        return {};
    return m_environment.runs().recordFailures(m_context.run, failed);
}

core::PlanCounts Applier::counts() const
{
    core::PlanCounts counts = m_applied;
    for (const auto kind : {&core::PlanCounts::users, &core::PlanCounts::groups, &core::PlanCounts::devices,
                            &core::PlanCounts::entries}) {
        (counts.*kind).unchanged = (m_planned.*kind).unchanged;
        (counts.*kind).outOfScope = (m_planned.*kind).outOfScope;
    }
    return counts;
}

} // namespace gatehouse::provision
