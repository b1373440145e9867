// SPDX-License-Identifier: GPL-3.0-or-later
//
// Applies a finished plan batch by batch, each batch one transaction with its journal; steps that failed in planning
// are recorded beside it. It applies what the plan says and nothing else. What changed since the plan was made is
// looked at object by object: what is done already is left, what has drifted is recorded as such, the rest is done.
// Belongs to the engine's thread.
#pragma once

#include "core/plan/counts.h"
#include "core/result.h"
#include "provision/run/planfile.h"
#include "store/identities.h"

#include <optional>

namespace gatehouse::store {
class Environment;
}

namespace gatehouse::provision {

/// Numbers of a plan's steps, in its order.
using PlanSelection = std::vector<uint32_t>;

class Applier {
public:
    /// @p planned are the plan's counts; counts() corrects them by what apply refused. @p only: these steps alone, and
    /// no refreshes.
    Applier(store::Environment &environment, store::ApplyContext context, const PlanFile &plan,
            core::PlanCounts planned, std::optional<PlanSelection> only = {});

    /// The next batch; true while there is more.
    [[nodiscard]] core::Result<bool> applyBatch();

    qint64 done() const { return m_at; }
    qint64 total() const { return m_stepCount + m_refreshCount; }
    /// What has come true: planned changes not reached yet do not count.
    core::PlanCounts counts() const;
    /// Steps that were done already, by an earlier run of the plan or by somebody.
    qint64 doneBefore() const { return m_doneBefore; }

private:
    [[nodiscard]] core::Result<std::vector<core::Step>> nextSteps();
    [[nodiscard]] core::Result<std::vector<core::Step>> stepsAt(qint64 from, qint64 count) const;
    [[nodiscard]] core::Result<void> applySteps(std::vector<core::Step> steps);
    /// Those of @p refused that can still be done, adapted to what is there; the others are sorted out into @p failed.
    [[nodiscard]] core::Result<std::vector<core::Step>> reconsider(std::vector<core::Step> refused,
                                                                   std::vector<core::Step> &failed);

    store::Environment &m_environment;
    store::ApplyContext m_context;
    const PlanFile &m_plan;
    core::PlanCounts m_planned;
    std::optional<PlanSelection> m_only;
    qint64 m_stepCount;
    qint64 m_refreshCount;
    core::PlanCounts m_applied;
    qint64 m_doneBefore = 0;
    qint64 m_at = 0; ///< over steps, then refreshes
};

} // namespace gatehouse::provision
