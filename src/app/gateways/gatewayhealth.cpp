// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/gatewayhealth.h"

#include "core/config/gateway.h"
#include "core/config/json.h"

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
    const QByteArray now = fingerprintOf(gateway);
    Record record;
    if (m_settings.value(key + QStringLiteral("tested")).toByteArray() == now) {
        const int state = m_settings.value(key + QStringLiteral("state")).toInt();
        record.test = State(std::clamp(state, 0, int(State::Unhealthy)));
        record.testedAt = m_settings.value(key + QStringLiteral("testedAt")).toDateTime();
    }
    if (m_settings.value(key + QStringLiteral("used")).toByteArray() == now) {
        record.usedAt = m_settings.value(key + QStringLiteral("usedAt")).toDateTime();
        record.fault = m_settings.value(key + QStringLiteral("fault")).toString();
    }
    record.state = record.test;
    if (!record.isByUse())
        return record;
    // A use that goes well shows that the way is open; what the test warned of is not gone by that.
    if (!record.fault.isEmpty())
        record.state = State::Unhealthy;
    else if (record.test != State::Degraded)
        record.state = State::Healthy;
    return record;
}

bool GatewayHealth::recordUse(const core::Gateway &gateway, const QString &fault)
{
    const Record before = of(gateway);
    // People are looked up with every letter typed: what says nothing new is not written each time.
    constexpr qint64 kOftenSeconds = 60;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    if (before.isByUse() && before.fault == fault && before.usedAt.secsTo(now) < kOftenSeconds)
        return false;
    const QString key = keyOf(gateway);
    m_settings.setValue(key + QStringLiteral("used"), fingerprintOf(gateway));
    m_settings.setValue(key + QStringLiteral("usedAt"), now);
    m_settings.setValue(key + QStringLiteral("fault"), fault);
    return true;
}

bool GatewayHealth::areAlike(const core::Gateway &one, const core::Gateway &other)
{
    return one.id == other.id && fingerprintOf(one) == fingerprintOf(other);
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
