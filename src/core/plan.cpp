// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan.h"

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

QString kindName(ObjectKind kind)
{
    switch (kind) {
    case ObjectKind::User: return QStringLiteral("user");
    case ObjectKind::Group: return QStringLiteral("group");
    case ObjectKind::Membership: return QStringLiteral("membership");
    }
    return {};
}

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

QString displayId(const QByteArray &sourceId)
{
    if (sourceId.size() == 16)
        return QUuid::fromRfc4122(sourceId).toString(QUuid::WithoutBraces);
    return QString::fromLatin1(sourceId.toHex());
}

QJsonObject toJson(const PlanStep &step)
{
    const auto idOrNull = [](const QUuid &id) {
        return id.isNull() ? QJsonValue() : QJsonValue(id.toString(QUuid::WithoutBraces));
    };
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
    QJsonObject json{{QStringLiteral("kind"), kindName(step.kind)},
            {QStringLiteral("action"), actionName(step.action)},
            {QStringLiteral("source"),
             QJsonObject{{QStringLiteral("dn"), QString::fromUtf8(step.sourceDn)},
                         {QStringLiteral("id"), displayId(step.sourceId)}}},
            {QStringLiteral("target"),
             QJsonObject{{QStringLiteral("id"), idOrNull(step.targetId)},
                         {QStringLiteral("username"),
                          step.username.isEmpty() ? QJsonValue() : QJsonValue(step.username)}}},
            {QStringLiteral("attributes"), attributes},
            {QStringLiteral("problems"), problems}};
    if (step.departure != Departure::None)
        json.insert(QStringLiteral("departure"), departureName(step.departure));
    return json;
}

void Counts::add(Action action, qint64 n)
{
    switch (action) {
    case Action::None: unchanged += n; break;
    case Action::Create: create += n; break;
    case Action::Update: update += n; break;
    case Action::Enable: enable += n; break;
    case Action::Disable: disable += n; break;
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
