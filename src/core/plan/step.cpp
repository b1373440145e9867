// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/step.h"

#include <QJsonArray>

namespace gatehouse::core {

namespace {

struct ActionName {
    Action action;
    QLatin1String name;
};
constexpr ActionName kActionNames[] = {
    {Action::None, QLatin1String("none")},       {Action::Create, QLatin1String("create")},
    {Action::Update, QLatin1String("update")},   {Action::Enable, QLatin1String("enable")},
    {Action::Disable, QLatin1String("disable")}, {Action::Delete, QLatin1String("delete")},
    {Action::Failed, QLatin1String("failed")},
};

struct DepartureName {
    Departure departure;
    QLatin1String name;
};
constexpr DepartureName kDepartureNames[] = {
    {Departure::Deleted, QLatin1String("deleted")},
    {Departure::NotVisible, QLatin1String("noLongerVisible")},
    {Departure::OutsideBase, QLatin1String("outsideBase")},
    {Departure::OutsideFilter, QLatin1String("outsideFilter")},
};

} // namespace

QString actionName(Action action)
{
    for (const ActionName &entry : kActionNames) {
        if (entry.action == action)
            return entry.name;
    }
    return {};
}

Action actionFromName(const QString &name)
{
    for (const ActionName &entry : kActionNames) {
        if (entry.name == name)
            return entry.action;
    }
    return Action::None;
}

QString departureName(Departure departure)
{
    for (const DepartureName &entry : kDepartureNames) {
        if (entry.departure == departure)
            return entry.name;
    }
    return {};
}

Departure departureFromName(const QString &name)
{
    for (const DepartureName &entry : kDepartureNames) {
        if (entry.name == name)
            return entry.departure;
    }
    return Departure::None;
}

QString departureText(Departure departure)
{
    switch (departure) {
    case Departure::None: break;
    case Departure::Deleted: return QStringLiteral("deleted in the directory");
    case Departure::NotVisible: return QStringLiteral("no longer visible: deleted, or hidden from the account");
    case Departure::OutsideBase: return QStringLiteral("moved out of what the rule reads");
    case Departure::OutsideFilter: return QStringLiteral("no longer matches the rule's filter");
    }
    return {};
}

namespace {

QJsonObject toJson(const MembershipChange &change, ObjectKind of)
{
    // Of a group's step the group is known, of a user's step the user.
    const ObjectRef &other = of == ObjectKind::User ? change.group : change.member;
    QJsonObject json = core::toJson(other);
    json.insert(QStringLiteral("kind"), kindName(other.kind));
    json.insert(QStringLiteral("direct"), change.direct);
    return json;
}

QJsonObject membersOf(const Step &step)
{
    QJsonArray added, removed;
    for (const MembershipChange &change : step.memberships)
        (change.added ? added : removed).append(toJson(change, step.target.kind));
    return {{QStringLiteral("added"), added}, {QStringLiteral("removed"), removed}};
}

} // namespace

QJsonObject toJson(const Step &step)
{
    QJsonArray attributes;
    for (const AttributeChange &change : step.changes) {
        attributes.append(QJsonObject{{QStringLiteral("name"), change.name},
                                      {QStringLiteral("before"), toJson(change.before)},
                                      {QStringLiteral("after"), toJson(change.after)}});
    }
    QJsonArray problems;
    for (const Problem &problem : step.problems) {
        problems.append(QJsonObject{{QStringLiteral("attribute"), problem.attribute},
                                    {QStringLiteral("code"), codeName(problem.code)},
                                    {QStringLiteral("message"), problem.message}});
    }
    QJsonObject json{{QStringLiteral("kind"), kindName(step.kind())},
                     {QStringLiteral("action"), actionName(step.action)},
                     {QStringLiteral("source"), toJson(step.source)},
                     {QStringLiteral("target"), toJson(step.target)},
                     {QStringLiteral("attributes"), attributes},
                     {QStringLiteral("problems"), problems}};
    if (!step.memberships.isEmpty())
        json.insert(QStringLiteral("members"), membersOf(step));
    if (step.departure != Departure::None)
        json.insert(QStringLiteral("departure"), departureName(step.departure));
    return json;
}

} // namespace gatehouse::core
