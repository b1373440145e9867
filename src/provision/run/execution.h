// SPDX-License-Identifier: GPL-3.0-or-later
//
// The second half of a run: a finished plan is applied, whether it was made a moment ago or comes from a file. Holds
// the rule's lock and the run's row in the history from begin() to end(). Guards speak before the first change, on the
// plan as it was made, by the limits that hold when it is applied. Belongs to the engine's thread.
#pragma once

#include "core/error.h"
#include "provision/run/applier.h"
#include "provision/run/planfile.h"
#include "provision/rulecontext.h"
#include "store/rulelock.h"
#include "store/runs.h"

#include <QStringList>

#include <memory>
#include <optional>

namespace gatehouse::provision {

class Execution {
public:
    /// @p context must outlive it.
    Execution(store::Environment &environment, RuleContext &context) : m_environment(environment), m_context(context) {}

    /// Takes the rule's lock and opens a run. @p isWhole: it is about everybody in the rule's scope.
    [[nodiscard]] core::Result<void> begin(const QString &trigger, bool isWhole);
    qint64 run() const { return m_run; }

    /// Before the first batch, @p elapsedMs after the run began. Guard: a guard stops the plan. @p only: these steps
    /// and nothing else of it.
    [[nodiscard]] core::Result<void> take(std::shared_ptr<const PlanFile> plan, qint64 elapsedMs,
                                          std::optional<PlanSelection> only = {});
    /// What the rule's guards say of the plan by the limits that it has now; after take().
    const QList<core::GuardVerdict> &guards() const { return m_guards; }
    /// take() went well.
    bool isApplying() const { return m_applier != nullptr; }
    /// The next batch; true while there is more.
    [[nodiscard]] core::Result<bool> applyBatch() { return m_applier->applyBatch(); }
    const Applier &applier() const { return *m_applier; }
    /// What a reader of the results has to know besides them; sentences.
    [[nodiscard]] core::Result<QStringList> notes();

    /// After the last batch, however the run ends.
    [[nodiscard]] core::Result<void> endApplying();
    /// And then: closes the run in the history with what @p result says, and gives the lock back.
    [[nodiscard]] core::Result<void> end(store::Run result);

private:
    [[nodiscard]] core::Result<void> noteMissing(const PlanFile &plan, bool isWhole);

    store::Environment &m_environment;
    RuleContext &m_context;
    std::optional<store::RuleLock> m_lock;
    std::shared_ptr<const PlanFile> m_plan;
    std::unique_ptr<Applier> m_applier;
    qint64 m_run = 0;
    QList<core::GuardVerdict> m_guards;
};

/// The plan's rule as it is now. Conflict: it was deleted, switched off, or what the plan was made from was changed;
/// the detail says what.
[[nodiscard]] core::Result<RuleContext> contextFor(store::Environment &environment, const PlanHead &head);

/// Numbers of the steps about @p keys, and of those that must be done with them or before. NotFound: the plan has
/// nothing about one of the keys.
[[nodiscard]] core::Result<PlanSelection> selectionOf(const PlanFile &plan, const QStringList &keys);

} // namespace gatehouse::provision
