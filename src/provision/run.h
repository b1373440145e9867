// SPDX-License-Identifier: GPL-3.0-or-later
//
// One run of a rule: read the directory, plan, let the guards speak, and, when asked to, apply exactly that plan. Or apply
// a plan that was made earlier, and nothing else: then the directory is not read. It
// lives in the engine's thread and works in slices, one batch at a time, so that the thread stays answerable; the
// directory is read in a thread of its own. Planning and applying are one path: a preview stops before the last door.
// Nobody is removed before the whole read has ended well, and nothing is applied before the guards have spoken.
#pragma once

#include "core/cancel.h"
#include "core/plan/counts.h"
#include "core/plan/guards.h"
#include "core/result.h"
#include "provision/run/planfile.h"
#include "store/runs.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>

namespace gatehouse::store {
class Environment;
}

namespace gatehouse::provision {

enum class Phase { Opening, Reading, Planning, Applying, Finishing };
QString phaseKey(Phase phase);

struct Progress {
    Phase phase = Phase::Opening;
    qint64 done = 0;
    qint64 total = -1;        ///< -1: not known yet
    double perSecond = 0;
    qint64 millisecondsLeft = -1; ///< -1: not known
};

struct RunRequest {
    QString rule;         ///< name
    bool apply = false;   ///< false: plan only
    QString userKey = {}; ///< username, DN or id: only this person; empty: everybody in scope
    bool fullResync = false; ///< compare everything, whatever the fingerprints say
    QString trigger = QStringLiteral("console");
    /// To apply exactly this plan; its rule is the one that counts, whatever @ref rule says.
    std::shared_ptr<const PlanFile> plan = {};
    /// With a plan: only the objects that these keys name (id, username, name or DN), and what they depend on.
    QStringList only = {};
};

struct RunOutcome {
    qint64 run = 0; ///< 0 for a plan
    QString rule;
    store::RunStatus status = store::RunStatus::Failed;
    core::PlanCounts counts;
    QList<core::GuardVerdict> guards;
    QStringList notes; ///< what a reviewer has to know besides the steps; sentences
    QList<core::Error> warnings;        ///< what is not wrong, but likely not meant; where each is, by JSON path in the rule
    std::shared_ptr<const PlanFile> plan; ///< with its head: what was planned; empty when it came to no plan
    std::optional<core::Error> error;   ///< why it failed, was stopped or cancelled
    qint64 read = 0;                    ///< entries read
    qint64 durationMs = 0;
};

class Run : public QObject {
    Q_OBJECT
public:
    /// @p environment must outlive the run and belong to the same thread.
    Run(store::Environment &environment, RunRequest request, QObject *parent = nullptr);
    ~Run() override;

    /// Begins; progressed() and then exactly one finished() follow by the event loop.
    void start();
    /// Stops at the next batch's border; what was applied stays, journaled. Same thread.
    void cancel();

signals:
    void progressed(const gatehouse::provision::Progress &progress);
    void finished(const gatehouse::provision::RunOutcome &outcome);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::provision
