// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/planhead.h"

#include "core/config/configuration.h"
#include "core/config/json.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <initializer_list>

namespace gatehouse::provision {

namespace {

/// Parts of the basis, and the rule's keys that belong to each.
struct Part {
    QLatin1String name;
    QLatin1String text;
    std::initializer_list<QLatin1String> keys;
};
const Part kParts[] = {
    {QLatin1String("scope"),
     QLatin1String("what the rule reads (base DN, organizational units, filter)"),
     {QLatin1String("baseDn"), QLatin1String("userOrganizationalUnits"), QLatin1String("excludedOrganizationalUnits"),
      QLatin1String("userFilter"), QLatin1String("groupOrganizationalUnits"), QLatin1String("groupFilter"),
      QLatin1String("nestedGroups"), QLatin1String("sourceFilter")}},
    {QLatin1String("mappings"),
     QLatin1String("the attribute mapping"),
     {QLatin1String("attributeMappings"), QLatin1String("groupMappings"), QLatin1String("rdnAttribute"),
      QLatin1String("objectClasses"), QLatin1String("parentDnExpression")}},
    {QLatin1String("onboarding"), QLatin1String("the onboarding settings"), {QLatin1String("onboarding")}},
    {QLatin1String("actions"), QLatin1String("what its connection allows"), {}},
    {QLatin1String("servers"), QLatin1String("the gateway or its servers"), {}},
    {QLatin1String("rule"), QLatin1String("other settings of the rule"), {}},
};
/// What a plan does not follow from.
constexpr QLatin1String kElsewhere[] = {
    QLatin1String("id"),         QLatin1String("name"),   QLatin1String("description"), QLatin1String("enabled"),
    QLatin1String("connection"), QLatin1String("guards"), QLatin1String("schedule"),    QLatin1String("detection")};

QByteArray digest(const QJsonObject &object)
{
    return QCryptographicHash::hash(QJsonDocument(object).toJson(QJsonDocument::Compact), QCryptographicHash::Sha256);
}

core::Code codeNamed(const QString &name)
{
    for (int code = 0; code <= int(core::Code::Internal); ++code) {
        if (core::codeName(core::Code(code)) == name)
            return core::Code(code);
    }
    return core::Code::Internal;
}

} // namespace

PlanBasis::PlanBasis(const core::Rule &rule, const core::Connection &connection, const core::Gateway &gateway,
                     qint64 population)
{
    QJsonObject rest = core::toJson(rule);
    for (const QLatin1String &key : kElsewhere)
        rest.remove(key);
    // By its row: it may get another name.
    QJsonObject onboarding = rest.value(QLatin1String("onboarding")).toObject();
    onboarding.insert(QStringLiteral("population"), population);
    rest.insert(QStringLiteral("onboarding"), onboarding);
    QMap<QString, QJsonObject> parts;
    for (const Part &part : kParts) {
        QJsonObject &own = parts[part.name];
        for (const QLatin1String &key : part.keys) {
            if (const auto value = rest.find(key); value != rest.end())
                own.insert(key, rest.take(key));
        }
    }
    parts[QStringLiteral("rule")] = rest;
    QJsonObject actions = core::toJson(connection);
    for (const char *key : {"id", "name", "description", "enabled", "gateway"})
        actions.remove(QLatin1String(key));
    parts[QStringLiteral("actions")] = actions;
    parts[QStringLiteral("servers")] = {{QStringLiteral("gateway"), gateway.id.toString()},
                                        {QStringLiteral("servers"), gateway.serversHostAndPort.join(u' ')}};
    for (auto part = parts.cbegin(); part != parts.cend(); ++part)
        m_parts.insert(part.key(), digest(part.value()));
}

PlanBasis::PlanBasis(const core::Configuration &configuration, const core::Rule &rule)
{
    const core::Connection *connection = configuration.connection(rule.connection);
    const core::Gateway *gateway = connection ? configuration.gateway(connection->gateway) : nullptr;
    const core::Population *population = rule.onboarding.population.isEmpty()
                                             ? configuration.defaultPopulation()
                                             : configuration.population(rule.onboarding.population);
    if (gateway && population)
        *this = PlanBasis(rule, *connection, *gateway, population->row);
}

QStringList PlanBasis::changedSince(const PlanBasis &earlier) const
{
    QStringList changed;
    for (const Part &part : kParts) {
        if (m_parts.value(part.name) != earlier.m_parts.value(part.name))
            changed.append(part.text);
    }
    return changed;
}

QJsonObject PlanBasis::toJson() const
{
    QJsonObject json;
    for (auto part = m_parts.cbegin(); part != m_parts.cend(); ++part)
        json.insert(part.key(), QString::fromLatin1(part.value().toHex()));
    return json;
}

PlanBasis PlanBasis::fromJson(const QJsonObject &json)
{
    PlanBasis basis;
    for (auto part = json.begin(); part != json.end(); ++part)
        basis.m_parts.insert(part.key(), QByteArray::fromHex(part.value().toString().toLatin1()));
    return basis;
}

QJsonObject toJson(const Reading &reading)
{
    return {{QStringLiteral("kind"), reading.kind},
            {QStringLiteral("method"), reading.method},
            {QStringLiteral("entries"), reading.entries},
            {QStringLiteral("reason"), reading.reason}};
}

bool PlanHead::isTripped() const
{
    return std::any_of(guards.cbegin(), guards.cend(),
                       [](const core::GuardVerdict &verdict) { return verdict.tripped; });
}

QJsonObject toJson(const PlanHead &head)
{
    QJsonArray guards, warnings;
    for (const core::GuardVerdict &verdict : head.guards)
        guards.append(core::toJson(verdict));
    for (const core::Error &warning : head.warnings) {
        warnings.append(QJsonObject{{QStringLiteral("code"), core::codeName(warning.code)},
                                    {QStringLiteral("what"), warning.what},
                                    {QStringLiteral("detail"), warning.detail},
                                    {QStringLiteral("where"), warning.where}});
    }
    return {{QStringLiteral("id"), head.id.toString(QUuid::WithoutBraces)},
            {QStringLiteral("environment"), head.environment.toString(QUuid::WithoutBraces)},
            {QStringLiteral("ruleId"), head.ruleId.toString(QUuid::WithoutBraces)},
            {QStringLiteral("rule"), head.rule},
            {QStringLiteral("basis"), head.basis.toJson()},
            {QStringLiteral("userKey"), head.userKey},
            {QStringLiteral("fullResync"), head.fullResync},
            {QStringLiteral("madeAt"), head.madeAt.toUTC().toString(Qt::ISODateWithMs)},
            {QStringLiteral("madeBy"), head.madeBy},
            {QStringLiteral("counts"), core::toJson(head.counts)},
            {QStringLiteral("guards"), guards},
            {QStringLiteral("harm"), core::toJson(head.harm)},
            {QStringLiteral("reading"), toJson(head.reading)},
            {QStringLiteral("cursor"), QString::fromLatin1(head.cursor.toBase64())},
            {QStringLiteral("notes"), QJsonArray::fromStringList(head.notes)},
            {QStringLiteral("warnings"), warnings}};
}

std::optional<PlanHead> planHeadFromJson(const QJsonObject &json)
{
    const auto text = [](const QJsonObject &object, const char *key) {
        return object.value(QLatin1String(key)).toString();
    };
    PlanHead head;
    head.id = QUuid::fromString(text(json, "id"));
    head.environment = QUuid::fromString(text(json, "environment"));
    head.ruleId = QUuid::fromString(text(json, "ruleId"));
    head.madeAt = QDateTime::fromString(text(json, "madeAt"), Qt::ISODateWithMs);
    if (head.id.isNull() || head.environment.isNull() || head.ruleId.isNull() || !head.madeAt.isValid())
        return std::nullopt;
    head.rule = text(json, "rule");
    head.basis = PlanBasis::fromJson(json.value(QLatin1String("basis")).toObject());
    head.userKey = text(json, "userKey");
    head.fullResync = json.value(QLatin1String("fullResync")).toBool();
    head.madeBy = text(json, "madeBy");
    head.counts = core::planCountsFromJson(json.value(QLatin1String("counts")).toObject());
    const QJsonArray guards = json.value(QLatin1String("guards")).toArray();
    for (const QJsonValue &verdict : guards)
        head.guards.append(core::verdictFromJson(verdict.toObject()));
    if (!json.contains(QLatin1String("harm")))
        return std::nullopt;
    head.harm = core::harmFromJson(json.value(QLatin1String("harm")).toObject());
    const QJsonObject reading = json.value(QLatin1String("reading")).toObject();
    head.reading = {text(reading, "kind"), text(reading, "method"), reading.value(QLatin1String("entries")).toInteger(),
                    text(reading, "reason")};
    head.cursor = QByteArray::fromBase64(text(json, "cursor").toLatin1());
    const QJsonArray notes = json.value(QLatin1String("notes")).toArray();
    for (const QJsonValue &note : notes)
        head.notes.append(note.toString());
    const QJsonArray warnings = json.value(QLatin1String("warnings")).toArray();
    for (const QJsonValue &value : warnings) {
        const QJsonObject warning = value.toObject();
        head.warnings.append(
            {codeNamed(text(warning, "code")), text(warning, "what"), text(warning, "detail"), text(warning, "where")});
    }
    return head;
}

} // namespace gatehouse::provision
