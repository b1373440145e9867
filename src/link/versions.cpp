// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/versions.h"

#include "link/limits.h"

#include <QVersionNumber>

namespace gatehouse::link {

QString oldestVersionFor(Need need)
{
    switch (need) {
    case Need::InboundProvisioning: return QStringLiteral("2.3.3");
    case Need::GroupMemberships: return QStringLiteral("4.0");
    case Need::Lookup: break;
    }
    return {};
}

bool meets(const QString &version, Need need)
{
    if (need == Need::Lookup)
        return true;
    const QVersionNumber number = QVersionNumber::fromString(version);
    // "4.0" and "4.0.0" are one version, but QVersionNumber puts the longer one behind.
    return !number.isNull()
           && QVersionNumber::compare(number.normalized(), QVersionNumber::fromString(oldestVersionFor(need)).normalized()) >= 0;
}

QString needText(Need need)
{
    switch (need) {
    case Need::InboundProvisioning: return QStringLiteral("inbound provisioning");
    case Need::GroupMemberships: return QStringLiteral("the provisioning of group memberships");
    case Need::Lookup: break;
    }
    return QStringLiteral("looking users up");
}

UpdateStatus updateStatusOf(const QString &version)
{
    if (!meets(version, Need::InboundProvisioning))
        return UpdateStatus::UpgradeRequired;
    if (!meets(version, Need::GroupMemberships))
        return UpdateStatus::UpgradeRecommended;
    const QVersionNumber latest = QVersionNumber::fromString(QLatin1String(kClientVersion)).normalized();
    return QVersionNumber::fromString(version).normalized() < latest ? UpdateStatus::UpgradeAvailable : UpdateStatus::AtLatest;
}

QString updateStatusName(UpdateStatus status)
{
    switch (status) {
    case UpdateStatus::AtLatest: return QStringLiteral("AT_LATEST");
    case UpdateStatus::UpgradeAvailable: return QStringLiteral("UPGRADE_AVAILABLE");
    case UpdateStatus::UpgradeRecommended: return QStringLiteral("UPGRADE_RECOMMENDED");
    case UpdateStatus::UpgradeRequired: break;
    }
    return QStringLiteral("UPGRADE_REQUIRED");
}

} // namespace gatehouse::link
