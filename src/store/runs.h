// SPDX-License-Identifier: GPL-3.0-or-later
//
// The history of runs: when, which rule, how it ended, its counts, and per-object results (changes from the journal,
// failures recorded beside it). A run that a crash left open is closed as "stopped" when the rule next runs.
#pragma once

#include "core/plan.h"
#include "core/result.h"

#include <QDateTime>
#include <QList>
#include <QUuid>

#include <optional>
#include <span>

namespace gatehouse::store {

class Database;

enum class RunStatus { Running, Succeeded, Partial, Failed, Stopped, Cancelled };
QString runStatusName(RunStatus status); ///< "running", "succeeded", …

struct Run {
    qint64 row = 0; ///< shown as the run's id
    QString rule;   ///< the rule's name when it ran
    QUuid ruleId;
    RunStatus status = RunStatus::Running;
    core::Counts counts;
    qint64 read = 0; ///< entries read
    QDateTime startedAt;
    QDateTime finishedAt;
    qint64 durationMs = 0;
    QString trigger;  ///< "command line", "console", "schedule"
    std::optional<core::Error> error; ///< why it failed or was stopped
    QList<core::GuardVerdict> guards;
};

class Runs {
public:
    explicit Runs(Database &database) : m_database(database) {}

    /// Opens a run; open runs of the same rule are first closed as Stopped (the caller holds the rule's lock).
    [[nodiscard]] core::Result<qint64> begin(const QString &rule, const QUuid &ruleId, const QString &trigger);
    [[nodiscard]] core::Result<void> finish(const Run &run);
    /// Per-object failures, so that the run can be explained later.
    [[nodiscard]] core::Result<void> recordFailures(qint64 run, std::span<const core::PlanStep> steps);
    /// Newest first; @p rule empty: all rules. A rule that was renamed keeps its history. @p limit at most.
    [[nodiscard]] core::Result<QList<Run>> list(const QString &rule = {}, int limit = 100);
    [[nodiscard]] core::Result<Run> run(qint64 row);
    /// Per-object results of a run, failures first, from @p offset on.
    [[nodiscard]] core::Result<QList<core::PlanStep>> steps(qint64 run, int offset, int limit);

private:
    Database &m_database;
};

} // namespace gatehouse::store
