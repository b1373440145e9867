// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/applier.h"

#include "provision/run/drift.h"
#include "store/database.h"
#include "store/environment.h"
#include "store/runs.h"

#include <algorithm>

namespace gatehouse::provision {

namespace {
constexpr qint64 kBatch = 5000; ///< steps in one transaction: some 40 ms, so the thread stays answerable
}

Applier::Applier(store::Environment &environment, store::ApplyContext context, const PlanFile &plan,
                 core::PlanCounts planned, std::optional<PlanSelection> only)
    : m_environment(environment), m_context(std::move(context)), m_plan(plan), m_planned(planned),
      m_only(std::move(only)), m_stepCount(m_only ? qint64(m_only->size()) : plan.size()),
      m_refreshCount(m_only ? 0 : plan.size(PlanFile::Part::Refreshes))
{
}

core::Result<std::vector<core::Step>> Applier::stepsAt(qint64 from, qint64 count) const
{
    if (!m_only)
        return m_plan.steps(from, count);
    std::vector<core::Step> steps;
    for (qint64 i = from; i < from + count; ++i) {
        auto step = m_plan.step((*m_only)[size_t(i)]);
        if (!step)
            return core::fail(step.error());
        steps.push_back(*std::move(step));
    }
    return steps;
}

core::Result<std::vector<core::Step>> Applier::nextSteps()
{
    if (m_at >= m_stepCount)
        return m_plan.steps(m_at - m_stepCount, kBatch, PlanFile::Part::Refreshes);
    auto steps = stepsAt(m_at, std::min(kBatch, m_stepCount - m_at));
    if (!steps)
        return steps;
    // Those who exchange usernames are not parted.
    while (steps->back().ring != 0 && m_at + qint64(steps->size()) < m_stepCount) {
        auto next = stepsAt(m_at + qint64(steps->size()), 1);
        if (!next)
            return next;
        if (next->front().ring != steps->back().ring)
            break;
        steps->push_back(std::move(next->front()));
    }
    return steps;
}

core::Result<bool> Applier::applyBatch()
{
    if (m_at >= total())
        return false;
    auto steps = nextSteps();
    if (!steps)
        return core::fail(steps.error());
    const auto count = qint64(steps->size());
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
    const auto firstFailed = std::stable_partition(
        steps.begin(), steps.end(), [](const core::Step &step) { return step.action != core::Action::Failed; });
    std::vector<core::Step> failed(std::make_move_iterator(firstFailed), std::make_move_iterator(steps.end()));
    steps.erase(firstFailed, steps.end());
    for (bool isAgain = false; !steps.empty(); isAgain = true) {
        auto problems = m_environment.identities().apply(m_context, steps);
        if (!problems)
            return core::fail(problems.error());
        std::vector<core::Step> refused;
        for (size_t i = 0; i < steps.size(); ++i) {
            core::Step &step = steps[i];
            if (step.action == core::Action::None)
                continue; // only the link; what came too late says nothing: the next run compares in full
            if (!(*problems)[i]) {
                m_applied.count(step);
                continue;
            }
            step.problems = {*(*problems)[i]};
            (isAgain ? failed : refused).push_back(std::move(step));
        }
        if (isAgain || refused.empty())
            break;
        auto still = reconsider(std::move(refused), failed);
        if (!still)
            return core::fail(still.error());
        steps = *std::move(still);
    }
    for (core::Step &step : failed) {
        step.action = core::Action::Failed;
        m_applied.count(step);
    }
    return failed.empty() ? core::Result<void>() : m_environment.runs().recordFailures(m_context.run, failed);
}

core::Result<std::vector<core::Step>> Applier::reconsider(std::vector<core::Step> refused,
                                                          std::vector<core::Step> &failed)
{
    const auto drifts = driftOf(m_environment, m_context.gateway, refused);
    if (!drifts)
        return core::fail(drifts.error());
    std::vector<core::Step> still;
    for (size_t i = 0; i < refused.size(); ++i) {
        core::Step &step = refused[i];
        const Drift &drift = (*drifts)[i];
        core::Problem &problem = step.problems.front();
        if (drift.state == Drift::State::Done) {
            ++m_doneBefore;
            ++m_applied.of(step.kind()).unchanged;
            continue;
        }
        const bool isOvertaken = problem.code == core::ProblemCode::ChangedMeanwhile;
        // Of those who exchange usernames one alone cannot.
        if (drift.state == Drift::State::Ready && isOvertaken && step.ring == 0) {
            step.problems.clear();
            step.revision = drift.revision;
            if (step.link)
                step.link->after.fingerprint = 0; // what else was changed the next run shall see
            still.push_back(std::move(step));
            continue;
        }
        if (isOvertaken && !drift.reason.isEmpty())
            problem.message = drift.reason;
        failed.push_back(std::move(step));
    }
    return still;
}

core::PlanCounts Applier::counts() const
{
    core::PlanCounts counts = m_applied;
    for (const auto kind : {&core::PlanCounts::users, &core::PlanCounts::groups, &core::PlanCounts::devices,
                            &core::PlanCounts::entries}) {
        (counts.*kind).unchanged += (m_planned.*kind).unchanged;
        (counts.*kind).outOfScope = (m_planned.*kind).outOfScope;
    }
    return counts;
}

} // namespace gatehouse::provision
