// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the enabled rules of an environment when they are due, one run of a rule at a time, through the engine. After a
// failure a rule waits longer; after several its circuit breaker opens and half an hour later lets one run try again
// (PingOne's inbound polling does the same). A guard that stops a run counts as a failure: nobody lifts it by waiting.
// Lives in the thread of its engine's face; never blocks.
#pragma once

#include "core/config/gateway.h"
#include "core/config/rule.h"
#include "provision/engine.h"
#include "store/database.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <optional>

namespace gatehouse::provision {

inline constexpr int kBreakerOpensAfter = 3; ///< failures in a row
inline constexpr std::chrono::minutes kBreakerReset{30};

/// How long after the end of its last run a rule is due again, with @p failures in a row before.
std::chrono::seconds pauseAfter(int everySeconds, int failures);
/// Whether a run that ended so keeps the rule's breaker closed.
bool isFailure(const RunOutcome &outcome);

class Schedule : public QObject {
    Q_OBJECT
public:
    /// @p engine must be open and outlive this.
    explicit Schedule(Engine &engine, QObject *parent = nullptr);

    void start();
    /// Starts nothing more and cancels what runs; stopped() follows when the last run has ended at its batch's border.
    void stop();

    /// How often the configuration was read: once, and again whenever something in the environment has changed.
    qint64 readings() const { return m_readings; }

signals:
    void logged(const QString &line);
    void stopped();

private:
    struct Entry {
        QString rule;
        core::Gateway gateway;
        int everySeconds = 0;
        QDateTime dueAt;
        int failures = 0;
        quint64 job = 0; ///< running
        bool isWaitingForClients = false;
        bool isSeen = true;
    };
    /// What a look into the environment finds: the rules that may run, and when each last ran.
    struct Runnable {
        QUuid id;
        core::Rule rule;
        core::Gateway gateway;
        QDateTime lastRun;
    };

    /// What a look found; no rules: nothing has changed since the look before.
    struct Sight {
        store::ChangeToken token;
        std::optional<QList<Runnable>> rules;
    };

    void look();
    [[nodiscard]] static core::Result<Sight> readRules(store::Environment &environment, const store::ChangeToken &known);
    void boundWaits();
    void take(const QList<Runnable> &rules);
    void startDue();
    void onFinished(quint64 job, const RunOutcome &outcome);
    void stopIfIdle();

    Engine &m_engine;
    QTimer m_timer;
    QHash<QUuid, Entry> m_entries;
    store::ChangeToken m_known; ///< as the rules were last read
    qint64 m_readings = 0;
    bool m_isLooking = false;
    bool m_isStopping = false;
};

} // namespace gatehouse::provision
