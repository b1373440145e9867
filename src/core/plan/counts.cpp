// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/counts.h"

namespace gatehouse::core {

namespace {

struct CountName {
    QLatin1String name;
    qint64 Counts::*count;
};
constexpr CountName kCountNames[] = {
    {QLatin1String("create"), &Counts::create},       {QLatin1String("update"), &Counts::update},
    {QLatin1String("disable"), &Counts::disable},     {QLatin1String("enable"), &Counts::enable},
    {QLatin1String("delete"), &Counts::remove},       {QLatin1String("unchanged"), &Counts::unchanged},
    {QLatin1String("failed"), &Counts::failed},       {QLatin1String("outOfScope"), &Counts::outOfScope},
};

struct KindName {
    QLatin1String name;
    Counts PlanCounts::*counts;
};
constexpr KindName kKindNames[] = {
    {QLatin1String("counts"), &PlanCounts::users},
    {QLatin1String("groupCounts"), &PlanCounts::groups},
    {QLatin1String("deviceCounts"), &PlanCounts::devices},
    {QLatin1String("entryCounts"), &PlanCounts::entries},
};
constexpr QLatin1String kMemberships{"membershipCounts"};
constexpr QLatin1String kAdd{"add"};
constexpr QLatin1String kRemove{"remove"};

} // namespace

void Counts::add(Action action, qint64 n)
{
    switch (action) {
    case Action::None: unchanged += n; break;
    case Action::Create: create += n; break;
    case Action::Update: update += n; break;
    case Action::Disable: disable += n; break;
    case Action::Enable: enable += n; break;
    case Action::Delete: remove += n; break;
    case Action::Failed: failed += n; break;
    }
}

QJsonObject toJson(const Counts &counts)
{
    QJsonObject json;
    for (const CountName &entry : kCountNames)
        json.insert(entry.name, counts.*entry.count);
    return json;
}

Counts countsFromJson(const QJsonObject &json)
{
    Counts counts;
    for (const CountName &entry : kCountNames)
        counts.*entry.count = json.value(entry.name).toInteger();
    return counts;
}

Counts &PlanCounts::of(ObjectKind kind)
{
    switch (kind) {
    case ObjectKind::User: break;
    case ObjectKind::Group:
    case ObjectKind::Membership: return groups; // a step about a group's members alone is that group's
    case ObjectKind::Device: return devices;
    case ObjectKind::Entry: return entries;
    }
    return users;
}

void PlanCounts::count(const Step &step)
{
    if (step.target.kind != ObjectKind::Membership || step.action == Action::Failed)
        of(step.target.kind).add(step.action);
    if (step.action == Action::Failed)
        return;
    for (const MembershipChange &change : step.memberships)
        ++(change.added ? memberships.add : memberships.remove);
}

qint64 PlanCounts::changes() const
{
    return users.changes() + groups.changes() + devices.changes() + entries.changes() + memberships.add + memberships.remove;
}

QJsonObject toJson(const PlanCounts &counts)
{
    QJsonObject json;
    for (const KindName &kind : kKindNames)
        json.insert(kind.name, toJson(counts.*kind.counts));
    json.insert(kMemberships, QJsonObject{{kAdd, counts.memberships.add}, {kRemove, counts.memberships.remove}});
    return json;
}

PlanCounts planCountsFromJson(const QJsonObject &json)
{
    PlanCounts counts;
    for (const KindName &kind : kKindNames)
        counts.*kind.counts = countsFromJson(json.value(kind.name).toObject());
    const QJsonObject memberships = json.value(kMemberships).toObject();
    counts.memberships = {memberships.value(kAdd).toInteger(), memberships.value(kRemove).toInteger()};
    return counts;
}

} // namespace gatehouse::core
