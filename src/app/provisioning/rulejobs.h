// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the rules are doing now, and the last plan of each: previews and runs are started here, their progress and
// outcome come from the engine's signals, whoever started them. Keeps few plans, since each holds a file open. GUI
// thread, owned by the page.
#pragma once

#include "core/config/connection.h"
#include "core/config/gateway.h"
#include "core/config/rule.h"
#include "provision/run.h"

#include <QDateTime>
#include <QHash>
#include <QObject>

#include <functional>
#include <optional>

namespace gatehouse::app {

class Console;

class RuleJobs : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype kMaxPlans = 3;

    struct Job {
        quint64 id = 0;
        provision::RunRequest request;
        provision::Progress progress;
        bool cancelling = false;
    };
    struct Plan {
        provision::RunRequest request;
        provision::RunOutcome outcome;
        QDateTime madeAt;
        QUuid ruleId;
    };

    explicit RuleJobs(Console &console, QObject *parent = nullptr);

    /// Starts a plan; planned() follows. Its earlier plan is dropped.
    void preview(const QString &rule, const QString &userKey = {}, bool fullResync = false);
    /// Starts a run; applied() follows.
    void apply(const QString &rule, const QString &userKey = {}, bool fullResync = false);
    /// Applies the plan that is shown, and nothing else. The directory is not read again; whoever has changed meanwhile is
    /// left and listed.
    void applyPlan(const QString &rule);
    void cancel(const QString &rule);

    /// nullptr: the rule is not at work.
    const Job *job(const QString &rule) const;
    /// The last plan, or the last attempt at one (see outcome.error); nullptr: none.
    const Plan *plan(const QString &rule) const;
    /// Why the plan cannot be applied any more: its rule, connection or gateway was edited, or it ran since. Empty:
    /// it still holds.
    QString whyStale(const QString &rule) const;
    void dropPlan(const QString &rule);

    /// "reading · 62,104 of 100,000 · 38,200/s · 1 s left"
    static QString text(const provision::Progress &progress);

signals:
    /// A job of the rule has begun, moved on or ended.
    void changed(const QString &rule);
    void planned(const QString &rule);
    void applied(const QString &rule, const gatehouse::provision::RunOutcome &outcome);

private:
    /// What a plan was made for; equal only while nothing of it was edited.
    struct Basis {
        std::optional<core::Rule> rule;
        std::optional<core::Connection> connection;
        std::optional<core::Gateway> gateway;
        bool operator==(const Basis &) const = default;
    };
    Basis basisOf(const QString &rule) const;
    void dropFailed(const std::function<bool(const Basis &)> &isOver);
    void onStarted(quint64 id, const provision::RunRequest &request);
    void onFinished(quint64 id, const provision::RunOutcome &outcome);

    Console &m_console;
    QHash<QString, Job> m_jobs;
    QHash<QString, Plan> m_plans;
    QHash<QString, Basis> m_bases; ///< of plans made or being made
    QHash<QString, bool> m_applied; ///< rules that ran after their plan was made
};

} // namespace gatehouse::app
