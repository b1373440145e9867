// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/gatewayhealth.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QSettings>

#include <algorithm>

namespace gatehouse::app {

namespace {

QString keyOf(const core::Gateway &gateway)
{
    return QStringLiteral("gateways/%1/").arg(gateway.id.toString(QUuid::WithoutBraces));
}

/// Of everything that a test depends on; names, switches and user types do not count.
QByteArray fingerprintOf(const core::Gateway &gateway)
{
    core::Gateway tested = gateway;
    tested.name.clear();
    tested.description.clear();
    tested.enabled = true;
    tested.userTypes.clear();
    const QByteArray json = QJsonDocument(core::toJson(tested)).toJson(QJsonDocument::Compact);
    return QCryptographicHash::hash(json, QCryptographicHash::Sha256).toHex();
}

} // namespace

GatewayHealth::Record GatewayHealth::of(const core::Gateway &gateway) const
{
    const QString key = keyOf(gateway);
    if (m_settings.value(key + QStringLiteral("tested")).toByteArray() != fingerprintOf(gateway))
        return {};
    const int state = m_settings.value(key + QStringLiteral("state")).toInt();
    return {State(std::clamp(state, 0, int(State::Unhealthy))),
            m_settings.value(key + QStringLiteral("testedAt")).toDateTime()};
}

void GatewayHealth::record(const core::Gateway &gateway, const QList<gateway::TestReport> &reports)
{
    const QString key = keyOf(gateway);
    m_settings.setValue(key + QStringLiteral("tested"), fingerprintOf(gateway));
    m_settings.setValue(key + QStringLiteral("state"), int(judge(reports)));
    m_settings.setValue(key + QStringLiteral("testedAt"), QDateTime::currentDateTimeUtc());
}

GatewayHealth::Pill GatewayHealth::pill(const core::Gateway &gateway, const QList<link::Instance> &instances) const
{
    if (!gateway.enabled)
        return {Tone::Neutral, tr("Disabled")};
    if (gateway.type == core::GatewayType::Radius)
        return {Tone::Neutral, tr("Recorded")};
    if (gateway.mode == core::GatewayMode::Clients) {
        if (instances.isEmpty())
            return {Tone::Bad, tr("No instance")};
        const auto best = std::min_element(instances.begin(), instances.end(), [](const auto &a, const auto &b) {
            return int(a.health) < int(b.health);
        });
        return pillOf(best->health == link::Health::Healthy    ? State::Healthy
                      : best->health == link::Health::Degraded ? State::Degraded
                                                               : State::Unhealthy);
    }
    return pillOf(of(gateway).state);
}

GatewayHealth::Pill GatewayHealth::pillOf(State state)
{
    switch (state) {
    case State::Untested:
        return {Tone::Neutral, tr("Not tested")};
    case State::Healthy:
        return {Tone::Good, tr("Healthy")};
    case State::Degraded:
        return {Tone::Warning, tr("Degraded")};
    case State::Unhealthy:
        return {Tone::Bad, tr("Unhealthy")};
    }
    return {};
}

GatewayHealth::State GatewayHealth::judge(const QList<gateway::TestReport> &reports)
{
    bool anyPassed = false;
    bool allClean = !reports.isEmpty();
    for (const gateway::TestReport &report : reports) {
        anyPassed = anyPassed || report.passed();
        for (const gateway::StageResult &stage : report.stages)
            allClean = allClean && stage.verdict != gateway::Verdict::Failed
                       && stage.verdict != gateway::Verdict::Warning;
    }
    if (!anyPassed)
        return State::Unhealthy;
    return allClean ? State::Healthy : State::Degraded;
}

QStringList GatewayHealth::alerts(const core::Gateway &gateway)
{
    QStringList alerts;
    if (gateway.type != core::GatewayType::Ldap)
        return alerts;
    if (gateway.connectionSecurity == core::ConnectionSecurity::None)
        alerts << tr("No TLS: names, values and the bind password cross the network readable.");
    else if (!gateway.validateTlsCertificates && gateway.pinnedCertificateSha256.isEmpty())
        alerts << tr("Untrusted certificates are allowed: anybody on the way can pose as the directory.");
    return alerts;
}

} // namespace gatehouse::app
