// SPDX-License-Identifier: GPL-3.0-or-later
//
// Applies a sealed plan batch by batch, each batch one transaction with its journal; steps that failed in planning are
// recorded beside it. Belongs to the engine's thread. It applies what the plan says and nothing else; what changed
// meanwhile is refused object by object.
#pragma once

#include "core/plan/counts.h"
#include "core/result.h"
#include "provision/planspool.h"
#include "store/identities.h"

namespace gatehouse::store {
class Environment;
}

namespace gatehouse::provision {

class Applier {
public:
    /// @p planned are the plan's counts; counts() corrects them by what apply refused.
    Applier(store::Environment &environment, store::ApplyContext context, const PlanSpool &steps,
            const PlanSpool &refreshes, core::PlanCounts planned);

    /// The next batch; true while there is more.
    [[nodiscard]] core::Result<bool> applyBatch();

    qint64 done() const { return m_at; }
    qint64 total() const { return m_steps.size() + m_refreshes.size(); }
    /// What has come true: planned changes not reached yet do not count.
    core::PlanCounts counts() const;

private:
    [[nodiscard]] core::Result<void> applySteps(std::vector<core::Step> steps);

    store::Environment &m_environment;
    store::ApplyContext m_context;
    const PlanSpool &m_steps;
    const PlanSpool &m_refreshes;
    core::PlanCounts m_planned;
    core::PlanCounts m_applied;
    qint64 m_at = 0; ///< over steps, then refreshes
};

} // namespace gatehouse::provision
