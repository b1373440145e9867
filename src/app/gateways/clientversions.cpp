// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/clientversions.h"

#include <algorithm>

namespace gatehouse::app {

using link::Need;

namespace {

int fitting(Need need, const QList<link::Instance> &instances)
{
    return int(std::count_if(instances.begin(), instances.end(),
                             [need](const link::Instance &instance) { return link::meets(instance.version, need); }));
}

} // namespace

QString ClientVersions::needed(Need need, const QList<link::Instance> &instances)
{
    QString text = need == Need::GroupMemberships
                       ? tr("%1 or later, for group memberships").arg(link::oldestVersionFor(need))
                       : tr("%1 or later, for inbound provisioning").arg(link::oldestVersionFor(need));
    if (instances.isEmpty())
        return text + QStringLiteral(" · ") + tr("no client is connected");
    const int fit = fitting(need, instances);
    const int all = int(instances.size());
    if (all == 1)
        return text + QStringLiteral(" · ") + (fit == 1 ? tr("the connected client will do") : tr("the connected client is too old"));
    return text + QStringLiteral(" · ") + tr("%1 of %2 connected clients will do").arg(fit).arg(all);
}

QString ClientVersions::refusal(Need need, const QList<link::Instance> &instances)
{
    if (instances.isEmpty() || fitting(need, instances) > 0)
        return {};
    return need == Need::GroupMemberships
               ? tr("No connected gateway client is new enough: group memberships need version %1 or later. Runs are refused "
                    "until one is updated.").arg(link::oldestVersionFor(need))
               : tr("No connected gateway client is new enough: inbound provisioning needs version %1 or later. Runs are "
                    "refused until one is updated.").arg(link::oldestVersionFor(need));
}

QString ClientVersions::tooOld(const QString &version)
{
    if (!link::meets(version, Need::InboundProvisioning))
        return tr("Too old for provisioning (%1 or later)").arg(link::oldestVersionFor(Need::InboundProvisioning));
    if (!link::meets(version, Need::GroupMemberships))
        return tr("Too old for group memberships (%1 or later)").arg(link::oldestVersionFor(Need::GroupMemberships));
    return {};
}

} // namespace gatehouse::app
