// SPDX-License-Identifier: GPL-3.0-or-later
//
// How each gateway did in its last connection test from this workstation, kept in the person's own settings. A test
// counts only while the gateway is configured as it was tested. GUI thread; pages may each have one, they meet in the
// settings.
#pragma once

#include "app/roles.h"
#include "core/config.h"
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
        State state = State::Untested;
        QDateTime testedAt;
    };
    /// What a list shows: tone and word.
    struct Pill {
        Tone tone = Tone::Neutral;
        QString text;
    };

    explicit GatewayHealth(QSettings &settings) : m_settings(settings) {}

    Record of(const core::Gateway &gateway) const;
    void record(const core::Gateway &gateway, const QList<gateway::TestReport> &reports);
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
