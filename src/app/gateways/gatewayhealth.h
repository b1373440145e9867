// SPDX-License-Identifier: GPL-3.0-or-later
//
// How each gateway did in its last connection test from this workstation and whenever it was used since, kept in the
// person's own settings. Both count only while the gateway is configured as it was then. GUI thread; pages may each have
// one, they meet in the settings.
#pragma once

#include "app/roles.h"
#include "core/config/forward.h"
#include "gateway/test.h"
#include "link/instance.h"

#include <QCoreApplication>
#include <QDateTime>

class QSettings;

namespace gatehouse::app {

class GatewayHealth {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::GatewayHealth)
public:
    enum class State { Untested, Healthy, Degraded, Unhealthy };
    struct Record {
        State state = State::Untested; ///< of the later one of test and use
        QDateTime testedAt;
        State test = State::Untested;  ///< what the test came to
        QDateTime usedAt;              ///< by a run, a preview, a sign-on, a look-up; invalid: not since it is as it is
        QString fault;                 ///< why the last use failed; empty: it went well
        /// Whether the state is what a use found out, and not the test.
        bool isByUse() const { return usedAt.isValid() && (!testedAt.isValid() || usedAt > testedAt); }
    };
    /// What a list shows: tone and word.
    struct Pill {
        Tone tone = Tone::Neutral;
        QString text;
    };

    explicit GatewayHealth(QSettings &settings) : m_settings(settings) {}

    Record of(const core::Gateway &gateway) const;
    /// @p gateway as it was tested.
    void record(const core::Gateway &gateway, const QList<gateway::TestReport> &reports);
    /// @p gateway as it was used; empty @p fault: it went well. @return whether its health is another one now.
    bool recordUse(const core::Gateway &gateway, const QString &fault);
    /// Whether a test of the one says anything about the other: names, switches and user types do not count.
    static bool areAlike(const core::Gateway &one, const core::Gateway &other);
    /// Disabled, or how the last test went; a gateway that is reached through clients is as well as the best of
    /// @p instances, which are its own.
    Pill pill(const core::Gateway &gateway, const QList<link::Instance> &instances) const;

    /// Healthy: all passed; Degraded: with warnings, or not every server; Unhealthy: no server passed.
    static State judge(const QList<gateway::TestReport> &reports);
    static Pill pillOf(State state);
    /// What somebody should look at, in words: no TLS, untrusted certificates allowed.
    static QStringList alerts(const core::Gateway &gateway);

private:
    QSettings &m_settings;
};

} // namespace gatehouse::app
