// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/numbers.h"

#include "store/database.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace gatehouse::store {

using core::Code;
using core::Result;

namespace {

Result<qint64> numberOf(Database &database, const QByteArray &table, const QUuid &id)
{
    {
        Statement look = database.prepare("SELECT row FROM " + table + " WHERE uuid = ?1");
        const auto found = look.bind(1, id).step();
        if (!found)
            return core::fail(found.error());
        if (*found)
            return look.integer(0);
    }
    if (database.isReadOnly())
        return 0;
    auto added = database.prepare("INSERT OR IGNORE INTO " + table + " (uuid) VALUES (?1)").bind(1, id).run();
    if (!added)
        return core::fail(added.error());
    if (database.changes() == 0)
        return numberOf(database, table, id); // another process was faster
    return database.lastInsertRow();
}

/// Null where there is no such row.
Result<QUuid> idAt(Database &database, const QByteArray &table, qint64 row)
{
    Statement look = database.prepare("SELECT uuid FROM " + table + " WHERE row = ?1");
    const auto found = look.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    return *found ? look.uuid(0) : QUuid();
}

/// The id of the user type named @p userType in a gateway's body and list of ids.
QUuid userTypeId(const QByteArray &body, const QByteArray &ids, const QString &userType)
{
    const QJsonArray types =
        QJsonDocument::fromJson(body).object().value(QLatin1String("userTypes")).toArray();
    const QJsonArray typeIds = QJsonDocument::fromJson(ids).array();
    for (qsizetype place = 0; place < types.size() && place < typeIds.size(); ++place) {
        if (types.at(place).toObject().value(QLatin1String("name")).toString() == userType)
            return QUuid(typeIds.at(place).toString());
    }
    return {};
}

} // namespace

Result<qint64> gatewayNumber(Database &database, const QUuid &gateway)
{
    return numberOf(database, "gateway_numbers", gateway);
}

Result<qint64> ruleNumber(Database &database, const QUuid &rule)
{
    return numberOf(database, "rule_numbers", rule);
}

Result<QHash<qint64, QUuid>> ruleIds(Database &database)
{
    QHash<qint64, QUuid> ids;
    Statement rules = database.prepare("SELECT row, uuid FROM rule_numbers");
    for (;;) {
        const auto row = rules.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return ids;
        ids.insert(rules.integer(0), rules.uuid(1));
    }
}

Result<qint64> authorityRow(Database &database, const QString &gateway, const QString &userType)
{
    if (gateway.isEmpty())
        return 0;
    // Gateways and user types are known by id, so that the authority follows when they are renamed.
    core::Authority authority{{}, {}, gateway, userType};
    Statement look = database.prepare("SELECT uuid, body, user_type_ids FROM gateways WHERE name = ?1");
    const auto found = look.bind(1, gateway).step();
    if (!found)
        return core::fail(found.error());
    if (*found) {
        authority.gateway = look.uuid(0);
        authority.userType = userTypeId(look.utf8(1).toByteArray(), look.utf8(2).toByteArray(), userType);
    }
    look.reset();
    return authorityRow(database, authority);
}

Result<qint64> authorityRow(Database &database, const core::Authority &authority)
{
    if (authority.isHere())
        return 0;
    {
        // By name where there is no id: a row whose gateway is in no configuration any more.
        Statement look = database.prepare("SELECT row FROM authorities WHERE gateway_uuid IS ?1 AND user_type_uuid IS ?2"
                                          " AND (?1 IS NOT NULL OR gateway = ?3) AND (?2 IS NOT NULL OR user_type = ?4)"
                                          " ORDER BY gateway = ?3 DESC, user_type = ?4 DESC, row LIMIT 1");
        const auto found = look.bind(1, authority.gateway).bind(2, authority.userType)
                               .bind(3, authority.gatewayName).bind(4, authority.userTypeName).step();
        if (!found)
            return core::fail(found.error());
        if (*found)
            return look.integer(0);
    }
    auto added = database
                     .prepare("INSERT INTO authorities (gateway_uuid, user_type_uuid, gateway, user_type)"
                              " VALUES (?1, ?2, ?3, ?4)")
                     .bind(1, authority.gateway)
                     .bind(2, authority.userType)
                     .bind(3, authority.gatewayName)
                     .bind(4, authority.userTypeName)
                     .run();
    if (!added)
        return core::fail(added.error());
    return database.lastInsertRow();
}

Result<qint64> populationOrDefault(Database &database, qint64 population)
{
    Statement look = database.prepare(population ? "SELECT row FROM populations WHERE row = ?1"
                                                 : "SELECT row FROM populations ORDER BY is_default DESC, row LIMIT 1");
    if (population)
        look.bind(1, population);
    const auto found = look.step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::fail(Code::NotFound, population ? QStringLiteral("there is no such population")
                                                     : QStringLiteral("there is no population for new users"));
    return look.integer(0);
}

Result<qint64> populationRow(Database &database, const QUuid &population)
{
    if (population.isNull())
        return populationOrDefault(database, 0);
    Statement look = database.prepare("SELECT row FROM populations WHERE uuid = ?1");
    const auto found = look.bind(1, population).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::fail(Code::NotFound, QStringLiteral("there is no such population"));
    return look.integer(0);
}

Result<core::Frame> frameOf(Database &database, Numbers &numbers, qint64 userRow)
{
    Statement frame = database.prepare("SELECT population, coalesce(authority, 0) FROM users WHERE row = ?1");
    if (const auto found = frame.bind(1, userRow).step(); !found)
        return core::fail(found.error());
    const auto population = numbers.populationId(frame.integer(0));
    const auto authority = numbers.authorityAt(frame.integer(1));
    if (!population || !authority)
        return core::fail(population ? authority.error() : population.error());
    return core::Frame{*population, *authority};
}

Result<qint64> Numbers::rule(const QUuid &id)
{
    if (id.isNull() || id == m_ruleId)
        return id.isNull() ? 0 : m_rule;
    const auto number = ruleNumber(m_database, id);
    if (number) {
        m_ruleId = id;
        m_rule = *number;
    }
    return number;
}

Result<QUuid> Numbers::ruleId(qint64 number)
{
    if (number == 0)
        return QUuid();
    if (number != m_rule) {
        const auto id = idAt(m_database, "rule_numbers", number);
        if (!id)
            return id;
        m_ruleId = *id;
        m_rule = number;
    }
    return m_ruleId;
}

Result<qint64> Numbers::population(const QUuid &id)
{
    if (m_population != 0 && id == m_populationId)
        return m_population;
    const auto row = populationRow(m_database, id);
    if (row) {
        m_populationId = id;
        m_population = *row;
    }
    return row;
}

Result<qint64> Numbers::authority(const core::Authority &authority)
{
    if (authority.isHere())
        return 0;
    if (m_authority != 0 && authority == m_authorityOf)
        return m_authority;
    const auto row = authorityRow(m_database, authority);
    if (row) {
        m_authorityOf = authority;
        m_authority = *row;
    }
    return row;
}

Result<qint64> Numbers::gateway(const QUuid &id)
{
    if (m_gateway != 0 && id == m_gatewayId)
        return m_gateway;
    const auto number = gatewayNumber(m_database, id);
    if (number) {
        m_gatewayId = id;
        m_gateway = *number;
    }
    return number;
}

Result<QUuid> Numbers::gatewayId(qint64 number)
{
    if (number != m_gateway) {
        const auto id = idAt(m_database, "gateway_numbers", number);
        if (!id)
            return id;
        m_gatewayId = *id;
        m_gateway = number;
    }
    return m_gatewayId;
}

Result<QUuid> Numbers::populationId(qint64 row)
{
    if (row != m_population) {
        const auto id = idAt(m_database, "populations", row);
        if (!id)
            return id;
        m_populationId = *id;
        m_population = row;
    }
    return m_populationId;
}

Result<core::Authority> Numbers::authorityAt(qint64 row)
{
    if (row == 0 || row == m_authority)
        return row == 0 ? core::Authority() : m_authorityOf;
    Statement look = m_database.prepare("SELECT gateway_uuid, user_type_uuid, gateway, user_type FROM authorities"
                                        " WHERE row = ?1");
    const auto found = look.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::Authority();
    m_authorityOf = {look.uuid(0), look.uuid(1), look.text(2), look.text(3)};
    m_authority = row;
    return m_authorityOf;
}

Result<qint64> Numbers::membershipSource(const core::MembershipSource &source)
{
    switch (source.kind) {
    case core::MembershipSource::Kind::ByHand: return kByHand;
    case core::MembershipSource::Kind::SignOn: return kBySignOn;
    case core::MembershipSource::Kind::Rule: break;
    }
    return rule(source.rule);
}

Result<core::MembershipSource> Numbers::membershipSource(qint64 number)
{
    if (number == kByHand)
        return core::MembershipSource();
    if (number == kBySignOn)
        return core::MembershipSource{core::MembershipSource::Kind::SignOn, {}};
    const auto id = ruleId(number);
    if (!id)
        return core::fail(id.error());
    return core::MembershipSource{core::MembershipSource::Kind::Rule, *id};
}

Result<qint64> Numbers::row(const core::ObjectRef &object)
{
    Statement look = m_database.prepare(object.kind == core::ObjectKind::User ? "SELECT row FROM users WHERE uuid = ?1"
                                                                              : "SELECT row FROM groups WHERE uuid = ?1");
    const auto found = look.bindBlob(1, object.id).step();
    if (!found)
        return core::fail(found.error());
    return *found ? look.integer(0) : 0;
}

Result<core::ObjectRef> Numbers::object(core::ObjectKind kind, qint64 row)
{
    Statement look = m_database.prepare(kind == core::ObjectKind::User ? "SELECT uuid, username FROM users WHERE row = ?1"
                                                                       : "SELECT uuid, name FROM groups WHERE row = ?1");
    const auto found = look.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::ObjectRef{kind, {}, {}};
    return core::ObjectRef{kind, look.blob(0).toByteArray(), look.utf8(1).toByteArray()};
}

Result<core::ObjectRef> Numbers::object(core::ObjectKind kind, const QByteArray &id)
{
    Statement look = m_database.prepare(kind == core::ObjectKind::User ? "SELECT username FROM users WHERE uuid = ?1"
                                                                       : "SELECT name FROM groups WHERE uuid = ?1");
    const auto found = look.bindBlob(1, id).step();
    if (!found)
        return core::fail(found.error());
    return core::ObjectRef{kind, id, *found ? look.utf8(0).toByteArray() : QByteArray()};
}

} // namespace gatehouse::store
