// SPDX-License-Identifier: GPL-3.0-or-later
//
// The history of runs: when, which rule, how it ended, its counts, and per-object results (changes from the journal,
// failures recorded beside it). A run whose program died is "broken off", with what its journal says that it had done:
// shown so at once, because nobody holds the rule's lock, and closed so when the rule next runs.
#pragma once

#include "core/plan/counts.h"
#include "core/plan/guards.h"
#include "core/result.h"

#include <QDateTime>
#include <QList>
#include <QUuid>

#include <optional>
#include <span>
#include <vector>

namespace gatehouse::store {

class Database;

enum class RunStatus { Running, Succeeded, Partial, Failed, Stopped, Cancelled, BrokenOff };
QString runStatusName(RunStatus status); ///< "running", "succeeded", … "brokenOff"

struct Run {
    qint64 row = 0; ///< shown as the run's id
    QString rule;   ///< the rule's name when it ran
    QUuid ruleId;
    RunStatus status = RunStatus::Running;
    core::PlanCounts counts;
    qint64 read = 0; ///< entries read
    QDateTime startedAt;
    QDateTime finishedAt;
    qint64 durationMs = 0;
    QString trigger;  ///< "command line", "console", "schedule"
    std::optional<core::Error> error; ///< why it failed or was stopped
    QList<core::GuardVerdict> guards;
    QUuid plan; ///< the plan that it applied; null: it came to none
};

class Runs {
public:
    explicit Runs(Database &database) : m_database(database) {}

    /// Opens a run; open runs of the same rule are first closed as BrokenOff. The caller holds the rule's lock for as
    /// long as the run is open: without it the run is shown as broken off. @p onePerson: it says nothing about how many there are.
    [[nodiscard]] core::Result<qint64> begin(const QString &rule, const QUuid &ruleId, const QString &trigger,
                                             bool onePerson = false);
    /// What is known before the first change is made, for the case that the run breaks off: entries read, and what of
    /// @p run.counts no journal tells (unchanged, out of scope), guards, time so far.
    [[nodiscard]] core::Result<void> recordPlan(const Run &run);
    /// Entries read by the rule's last whole run that ended well; nothing when there is none.
    [[nodiscard]] core::Result<std::optional<qint64>> lastGoodRead(const QUuid &ruleId);
    [[nodiscard]] core::Result<void> finish(const Run &run);
    /// The newest run but @p except that applied this plan, whole or in part; 0 when there is none.
    [[nodiscard]] core::Result<qint64> ofPlan(const QUuid &plan, qint64 except);
    /// Per-object failures, so that the run can be explained later.
    [[nodiscard]] core::Result<void> recordFailures(qint64 run, std::span<const core::Step> steps);
    /// Newest first; @p rule empty: all rules. A rule that was renamed keeps its history. @p limit at most.
    [[nodiscard]] core::Result<QList<Run>> list(const QString &rule = {}, int limit = 100);
    [[nodiscard]] core::Result<Run> run(qint64 row);
    /// Per-object results of a run, failures first, from @p offset on.
    [[nodiscard]] core::Result<QList<core::Step>> steps(qint64 run, int offset, int limit);
    /// What was done, step by step in the order of steps(): a hundred thousand in some 10 ms, an octet each.
    [[nodiscard]] core::Result<std::vector<core::Action>> stepActions(qint64 run);

private:
    [[nodiscard]] core::Result<void> closeBrokenOff(const QString &rule, const QUuid &ruleId);
    /// A run that is open though nobody holds its rule is broken off.
    [[nodiscard]] core::Result<void> settle(Run &run);
    [[nodiscard]] core::Result<Run> stored(qint64 row);
    Database &m_database;
};

} // namespace gatehouse::store
