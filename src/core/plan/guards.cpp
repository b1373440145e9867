// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/guards.h"

#include "core/config/limits.h"
#include "core/config/rule.h"

#include <QJsonArray>

#include <algorithm>

namespace gatehouse::core {

namespace {

constexpr GuardKey kKeys[] = {
    {QLatin1String("maxDeprovisions"), &Guards::maxDeprovisions, -1, kNoUpperLimit,
     "The most people that one run disables or deletes, from whatever cause."},
    {QLatin1String("maxDeprovisionPercent"), &Guards::maxDeprovisionPercent, -1, 100,
     "The same in percent of the people that the rule has linked."},
    {QLatin1String("maxBlanked"), &Guards::maxBlanked, -1, kNoUpperLimit,
     "The most people who lose the value of one attribute in one run."},
    {QLatin1String("maxBlankedPercent"), &Guards::maxBlankedPercent, -1, 100,
     "The same in percent of those who had a value."},
    {QLatin1String("maxUpdates"), &Guards::maxUpdates, -1, kNoUpperLimit,
     "The most people that one run updates."},
    {QLatin1String("maxUpdatePercent"), &Guards::maxUpdatePercent, -1, 100,
     "The same in percent of the people that the rule has linked."},
    {QLatin1String("maxRenames"), &Guards::maxRenames, -1, kNoUpperLimit,
     "The most people whose username one run changes."},
    {QLatin1String("maxRenamePercent"), &Guards::maxRenamePercent, -1, 100,
     "The same in percent of the people that the rule has linked."},
    {QLatin1String("maxMembershipRemovals"), &Guards::maxMembershipRemovals, -1, kNoUpperLimit,
     "The most memberships that one run removes. No run of this version touches groups.", false},
    {QLatin1String("maxMembershipRemovalPercent"), &Guards::maxMembershipRemovalPercent, -1, 100,
     "The same in percent of the rule's memberships.", false},
    {QLatin1String("maxGroupDeletions"), &Guards::maxGroupDeletions, -1, kNoUpperLimit,
     "The most groups that one run deletes. No run of this version touches groups.", false},
    {QLatin1String("maxGroupDeletionPercent"), &Guards::maxGroupDeletionPercent, -1, 100,
     "The same in percent of the rule's groups.", false},
    {QLatin1String("maxDeviceRemovals"), &Guards::maxDeviceRemovals, -1, kNoUpperLimit,
     "The most MFA devices that one run removes. No run of this version touches devices.", false},
    {QLatin1String("maxDeviceRemovalPercent"), &Guards::maxDeviceRemovalPercent, -1, 100,
     "The same in percent of the rule's devices.", false},
    {QLatin1String("minReadPercent"), &Guards::minReadPercent, -1, 100,
     "The least entries that a read must deliver, in percent of the last good run; a read of nothing always stops."},
    {QLatin1String("missingForSeconds"), &Guards::missingForSeconds, 0, kLongestMissing,
     "How long somebody must have been missing before anything is done to them."},
};

double percentOf(qint64 part, qint64 whole)
{
    return whole > 0 ? 100.0 * double(part) / double(whole) : part > 0 ? 100.0 : 0.0;
}

GuardVerdict byNumber(const char *name, int limit, qint64 actual, const QString &subject = {})
{
    return {QLatin1String(name), double(limit), double(actual), actual > limit, subject};
}

/// Of few people one is a large part, and still only one.
GuardVerdict byPercent(const char *name, int limit, qint64 actual, qint64 whole, const QString &subject = {})
{
    const double percent = percentOf(actual, whole);
    return {QLatin1String(name), double(limit), percent, percent > limit && (actual > 1 || limit == 0), subject};
}

/// @p verdicts of one guard, one for each attribute: those that trip, else the worst of them, else that there is none.
void appendWorst(QList<GuardVerdict> verdicts, const GuardVerdict &none, QList<GuardVerdict> &out)
{
    std::sort(verdicts.begin(), verdicts.end(), [](const GuardVerdict &one, const GuardVerdict &other) {
        return one.actual != other.actual ? one.actual > other.actual : one.subject < other.subject;
    });
    bool any = false;
    for (const GuardVerdict &verdict : std::as_const(verdicts)) {
        if (verdict.tripped)
            out.append(verdict);
        any |= verdict.tripped;
    }
    if (!any)
        out.append(verdicts.isEmpty() ? none : verdicts.constFirst());
}

void judgeBlanked(const Guards &guards, const GuardTally &tally, const GuardGround &ground, QList<GuardVerdict> &out)
{
    QList<GuardVerdict> numbers, percents;
    for (auto lost = tally.blanked().cbegin(); lost != tally.blanked().cend(); ++lost) {
        const qint64 had = std::max(ground.had.value(lost.key()), lost.value());
        numbers.append(byNumber("maxBlanked", guards.maxBlanked, lost.value(), lost.key()));
        percents.append(byPercent("maxBlankedPercent", guards.maxBlankedPercent, lost.value(), had, lost.key()));
    }
    if (guards.maxBlanked >= 0)
        appendWorst(std::move(numbers), byNumber("maxBlanked", guards.maxBlanked, 0), out);
    if (guards.maxBlankedPercent >= 0)
        appendWorst(std::move(percents), byPercent("maxBlankedPercent", guards.maxBlankedPercent, 0, 0), out);
}

void judgeOthers(const Guards &guards, const GuardTally &tally, const GuardGround &ground, QList<GuardVerdict> &out)
{
    const auto judgeKind = [&](const char *number, int most, const char *percent, int mostPercent, qint64 actual,
                               std::optional<qint64> whole) {
        if (whole && most >= 0)
            out.append(byNumber(number, most, actual));
        if (whole && mostPercent >= 0)
            out.append(byPercent(percent, mostPercent, actual, *whole));
    };
    judgeKind("maxMembershipRemovals", guards.maxMembershipRemovals, "maxMembershipRemovalPercent",
              guards.maxMembershipRemovalPercent, tally.membershipRemovals(), ground.memberships);
    judgeKind("maxGroupDeletions", guards.maxGroupDeletions, "maxGroupDeletionPercent", guards.maxGroupDeletionPercent,
              tally.groupDeletions(), ground.groups);
    judgeKind("maxDeviceRemovals", guards.maxDeviceRemovals, "maxDeviceRemovalPercent", guards.maxDeviceRemovalPercent,
              tally.deviceRemovals(), ground.devices);
}

void judgeRead(const Guards &guards, const GuardGround &ground, QList<GuardVerdict> &out)
{
    if (!ground.read)
        return;
    const qint64 last = ground.readLast.value_or(0);
    if (*ground.read == 0 && std::max(last, ground.people) > 0)
        out.append({kEmptyRead, 1, 0, true});
    if (guards.minReadPercent < 0 || last == 0)
        return;
    const double percent = percentOf(*ground.read, last);
    out.append({QStringLiteral("minReadPercent"), double(guards.minReadPercent), percent, percent < guards.minReadPercent});
}

} // namespace

std::span<const GuardKey> guardKeys()
{
    return kKeys;
}

void GuardTally::count(const Step &step)
{
    if (step.action == Action::Failed)
        return;
    const bool isDelete = step.action == Action::Delete;
    switch (step.kind()) {
    case ObjectKind::User:
    case ObjectKind::Entry: countPerson(step); break;
    case ObjectKind::Group: m_groupDeletions += isDelete; break;
    case ObjectKind::Device: m_deviceRemovals += isDelete; break;
    case ObjectKind::Membership: break;
    }
    // Those of somebody who is deleted go with the person, which is counted as such.
    if (isDelete && step.kind() == ObjectKind::User)
        return;
    for (const MembershipChange &change : step.memberships)
        m_membershipRemovals += !change.added;
}

void GuardTally::countPerson(const Step &step)
{
    switch (step.action) {
    case Action::Disable:
    case Action::Delete:
        ++m_deprovisions;
        break;
    case Action::Update:
    case Action::Enable:
        ++m_updates;
        break;
    case Action::None:
    case Action::Create:
    case Action::Failed:
        return;
    }
    if (step.action == Action::Delete)
        return;
    for (const AttributeChange &change : step.changes) {
        if (isNull(change.before))
            continue;
        if (isNull(change.after))
            ++m_blanked[change.name];
        else if (change.name == m_usernameName)
            ++m_renames;
    }
}

QList<GuardVerdict> judge(const Guards &guards, const GuardTally &tally, const GuardGround &ground)
{
    QList<GuardVerdict> verdicts;
    const auto judgeCount = [&](const char *number, int most, const char *percent, int mostPercent, qint64 actual) {
        if (most >= 0)
            verdicts.append(byNumber(number, most, actual));
        if (mostPercent >= 0)
            verdicts.append(byPercent(percent, mostPercent, actual, ground.people));
    };
    judgeCount("maxDeprovisions", guards.maxDeprovisions, "maxDeprovisionPercent", guards.maxDeprovisionPercent,
               tally.deprovisions());
    judgeBlanked(guards, tally, ground, verdicts);
    judgeCount("maxUpdates", guards.maxUpdates, "maxUpdatePercent", guards.maxUpdatePercent, tally.updates());
    judgeCount("maxRenames", guards.maxRenames, "maxRenamePercent", guards.maxRenamePercent, tally.renames());
    judgeOthers(guards, tally, ground, verdicts);
    judgeRead(guards, ground, verdicts);
    if (guards.unitLoss && ground.read) {
        for (const QString &unit : ground.lostUnits)
            verdicts.append({kUnitLoss, 0, double(ground.lostUnits.size()), true, unit});
        if (ground.lostUnits.isEmpty())
            verdicts.append({kUnitLoss, 0, 0, false});
    }
    return verdicts;
}

namespace {
constexpr QLatin1String kAfterEmptyRead{". The directory delivered nobody, where there were people before: look at the rule's base and "
                                        "filter, and at what the gateway's account may read"};
constexpr QLatin1String kAfterHarm{". Look at the plan; where the changes are meant, raise the limits in the rule's guards"};
} // namespace

std::optional<Error> trippedError(const QList<GuardVerdict> &verdicts, const QString &where)
{
    QStringList names, details;
    for (const GuardVerdict &verdict : verdicts) {
        if (!verdict.tripped)
            continue;
        if (!names.contains(verdict.name))
            names << verdict.name;
        details << QStringLiteral("%1%2: %3, the limit is %4")
                       .arg(verdict.name,
                            verdict.subject.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(verdict.subject))
                       .arg(verdict.actual, 0, 'g', 4)
                       .arg(verdict.limit);
    }
    if (names.isEmpty())
        return std::nullopt;
    return Error{Code::Guard,
                 names.size() == 1
                     ? QStringLiteral("The guard %1 stopped the run before its first change").arg(names.constFirst())
                     : QStringLiteral("The guards %1 stopped the run before its first change")
                           .arg(names.join(QStringLiteral(", "))),
                 details.join(QStringLiteral("; ")) + (names.contains(kEmptyRead) ? kAfterEmptyRead : kAfterHarm), where};
}

namespace {

QJsonObject numbersOf(const QHash<QString, qint64> &counts)
{
    QJsonObject json;
    for (auto count = counts.cbegin(); count != counts.cend(); ++count)
        json.insert(count.key(), count.value());
    return json;
}

QHash<QString, qint64> numbersFrom(const QJsonValue &json)
{
    QHash<QString, qint64> counts;
    const QJsonObject object = json.toObject();
    for (auto count = object.begin(); count != object.end(); ++count)
        counts.insert(count.key(), count.value().toInteger());
    return counts;
}

/// What is not known is left out.
struct GroundNumber {
    QLatin1String name;
    std::optional<qint64> GuardGround::*value;
};
constexpr GroundNumber kGroundNumbers[] = {{QLatin1String("read"), &GuardGround::read},
                                           {QLatin1String("readLast"), &GuardGround::readLast},
                                           {QLatin1String("groups"), &GuardGround::groups},
                                           {QLatin1String("memberships"), &GuardGround::memberships},
                                           {QLatin1String("devices"), &GuardGround::devices}};

} // namespace

QJsonObject GuardTally::toJson() const
{
    return {{QStringLiteral("usernameName"), m_usernameName},
            {QStringLiteral("deprovisions"), m_deprovisions},
            {QStringLiteral("updates"), m_updates},
            {QStringLiteral("renames"), m_renames},
            {QStringLiteral("groupDeletions"), m_groupDeletions},
            {QStringLiteral("membershipRemovals"), m_membershipRemovals},
            {QStringLiteral("deviceRemovals"), m_deviceRemovals},
            {QStringLiteral("blanked"), numbersOf(m_blanked)}};
}

GuardTally GuardTally::fromJson(const QJsonObject &json)
{
    GuardTally tally(json.value(QLatin1String("usernameName")).toString());
    tally.m_deprovisions = json.value(QLatin1String("deprovisions")).toInteger();
    tally.m_updates = json.value(QLatin1String("updates")).toInteger();
    tally.m_renames = json.value(QLatin1String("renames")).toInteger();
    tally.m_groupDeletions = json.value(QLatin1String("groupDeletions")).toInteger();
    tally.m_membershipRemovals = json.value(QLatin1String("membershipRemovals")).toInteger();
    tally.m_deviceRemovals = json.value(QLatin1String("deviceRemovals")).toInteger();
    tally.m_blanked = numbersFrom(json.value(QLatin1String("blanked")));
    return tally;
}

QJsonObject toJson(const Harm &harm)
{
    QJsonObject ground{{QStringLiteral("people"), harm.ground.people},
                       {QStringLiteral("had"), numbersOf(harm.ground.had)},
                       {QStringLiteral("lostUnits"), QJsonArray::fromStringList(harm.ground.lostUnits)}};
    for (const GroundNumber &number : kGroundNumbers) {
        if (const std::optional<qint64> &value = harm.ground.*number.value)
            ground.insert(number.name, *value);
    }
    return {{QStringLiteral("tally"), harm.tally.toJson()}, {QStringLiteral("ground"), ground}};
}

Harm harmFromJson(const QJsonObject &json)
{
    Harm harm{GuardTally::fromJson(json.value(QLatin1String("tally")).toObject()), {}};
    const QJsonObject ground = json.value(QLatin1String("ground")).toObject();
    harm.ground.people = ground.value(QLatin1String("people")).toInteger();
    harm.ground.had = numbersFrom(ground.value(QLatin1String("had")));
    const QJsonArray units = ground.value(QLatin1String("lostUnits")).toArray();
    for (const QJsonValue &unit : units)
        harm.ground.lostUnits.append(unit.toString());
    for (const GroundNumber &number : kGroundNumbers) {
        if (const QJsonValue value = ground.value(number.name); !value.isUndefined())
            harm.ground.*number.value = value.toInteger();
    }
    return harm;
}

QJsonObject toJson(const GuardVerdict &verdict)
{
    QJsonObject json{{QStringLiteral("name"), verdict.name},
                     {QStringLiteral("limit"), verdict.limit},
                     {QStringLiteral("actual"), verdict.actual},
                     {QStringLiteral("tripped"), verdict.tripped}};
    if (!verdict.subject.isEmpty())
        json.insert(QStringLiteral("subject"), verdict.subject);
    return json;
}

GuardVerdict verdictFromJson(const QJsonObject &json)
{
    return {json.value(QLatin1String("name")).toString(), json.value(QLatin1String("limit")).toDouble(),
            json.value(QLatin1String("actual")).toDouble(), json.value(QLatin1String("tripped")).toBool(),
            json.value(QLatin1String("subject")).toString()};
}

} // namespace gatehouse::core
