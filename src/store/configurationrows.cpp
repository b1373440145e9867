// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/configurationrows.h"

#include "core/config/configuration.h"
#include "core/config/json.h"
#include "store/database.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace gatehouse::store {

using core::Configuration;
using core::Population;
using core::Result;

namespace {

QByteArray tableName(Section section)
{
    return sectionName(section).toLatin1();
}

QList<ConfigurationRow> rowsOf(const Configuration &configuration, Section section)
{
    const QJsonArray bodies = core::toJson(configuration).value(sectionName(section)).toArray();
    QList<ConfigurationRow> rows;
    for (qsizetype place = 0; place < bodies.size(); ++place) {
        const QJsonObject body = bodies.at(place).toObject();
        ConfigurationRow row;
        row.name = body.value(QLatin1String("name")).toString();
        row.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
        if (section == Section::Gateways) {
            row.id = configuration.gateways[place].id;
            QJsonArray ids;
            for (const core::UserType &type : configuration.gateways[place].userTypes)
                ids.append(type.id.toString(QUuid::WithoutBraces));
            row.userTypeIds = QJsonDocument(ids).toJson(QJsonDocument::Compact);
        } else if (section == Section::Connections) {
            row.id = configuration.connections[place].id;
        } else if (section == Section::Rules) {
            row.id = configuration.rules[place].id;
        }
        rows.append(row);
    }
    return rows;
}

Result<void> writeRow(Database &database, Section section, qsizetype place, const ConfigurationRow &row)
{
    const bool byName = section == Section::Attributes;
    const bool types = section == Section::Gateways;
    QByteArray columns = "(position, name, body";
    QByteArray values = ") VALUES (?1, ?2, ?3";
    if (!byName) {
        columns += ", uuid";
        values += ", ?4";
    }
    if (types) {
        columns += ", user_type_ids";
        values += ", ?5";
    }
    Statement write = database.prepare("INSERT OR REPLACE INTO " + tableName(section) + columns + values + ')');
    write.bind(1, place).bind(2, row.name).bindUtf8(3, row.body);
    if (!byName)
        write.bind(4, row.id);
    if (types)
        write.bindUtf8(5, row.userTypeIds);
    return write.run();
}

Result<void> eraseRow(Database &database, Section section, const ConfigurationRow &row)
{
    if (section == Section::Attributes)
        return database.prepare("DELETE FROM attributes WHERE name = ?1").bind(1, row.name).run();
    return database.prepare("DELETE FROM " + tableName(section) + " WHERE uuid = ?1").bind(1, row.id).run();
}

Result<void> writeSection(Database &database, Section section, const Configuration &configuration)
{
    const auto stored = readRows(database, section);
    if (!stored)
        return core::fail(stored.error());
    const QList<ConfigurationRow> wanted = rowsOf(configuration, section);
    const auto same = [&](const ConfigurationRow &a, const ConfigurationRow &b) {
        return section == Section::Attributes ? a.name == b.name : a.id == b.id;
    };
    for (const ConfigurationRow &row : *stored) {
        if (std::any_of(wanted.begin(), wanted.end(), [&](const ConfigurationRow &one) { return same(one, row); }))
            continue;
        if (auto erased = eraseRow(database, section, row); !erased)
            return erased;
    }
    for (qsizetype place = 0; place < wanted.size(); ++place) {
        if (place < stored->size() && stored->at(place) == wanted[place])
            continue;
        if (auto written = writeRow(database, section, place, wanted[place]); !written)
            return written;
    }
    return {};
}

Result<void> writePopulations(Database &database, const Configuration &stored, const Configuration &wanted)
{
    QSet<QUuid> kept;
    for (const Population &population : wanted.populations)
        kept.insert(population.id);
    for (const Population &old : stored.populations) {
        if (kept.contains(old.id))
            continue;
        if (auto erased = database.prepare("DELETE FROM populations WHERE row = ?1").bind(1, old.row).run(); !erased)
            return erased;
    }
    for (qsizetype place = 0; place < wanted.populations.size(); ++place) {
        const Population &population = wanted.populations[place];
        // Not INSERT OR REPLACE: the row number, which users refer to, must stay.
        auto written = database
                           .prepare("INSERT INTO populations (uuid, position, name, description, is_default)"
                                    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (uuid) DO UPDATE SET position = ?2,"
                                    " name = ?3, description = ?4, is_default = ?5")
                           .bind(1, population.id)
                           .bind(2, place)
                           .bind(3, population.name)
                           .bind(4, population.description)
                           .bind(5, int(population.isDefault))
                           .run();
        if (!written)
            return written;
    }
    return {};
}

/// Users and groups say by name which gateway they come from; the name follows the gateway.
Result<void> followRenames(Database &database, const Configuration &stored, const Configuration &wanted)
{
    const auto run = [&](const QByteArray &sql, const QUuid &id, const QString &name) {
        return database.prepare(sql).bind(1, id).bind(2, name).run();
    };
    for (const core::Gateway &gateway : wanted.gateways) {
        if (auto done = run("UPDATE authorities SET gateway = ?2 WHERE gateway_uuid = ?1", gateway.id, gateway.name); !done)
            return done;
        for (const core::UserType &type : gateway.userTypes) {
            auto done = run("UPDATE authorities SET user_type = ?2 WHERE user_type_uuid = ?1", type.id, type.name);
            if (!done)
                return done;
        }
    }
    // In two steps over the ids, so that two gateways may exchange their names.
    const QByteArray rename = "UPDATE groups SET source_name = ?2 WHERE source = 1 AND source_name = ?1";
    for (const bool away : {true, false}) {
        for (const core::Gateway &old : stored.gateways) {
            const auto now = std::find_if(wanted.gateways.begin(), wanted.gateways.end(),
                                          [&](const core::Gateway &gateway) { return gateway.id == old.id; });
            if (now == wanted.gateways.end() || now->name == old.name)
                continue;
            const QString id = old.id.toString();
            auto done = database.prepare(rename).bind(1, away ? old.name : id).bind(2, away ? id : now->name).run();
            if (!done)
                return done;
        }
    }
    return {};
}

Result<void> forgetUnique(Database &database, const Configuration &stored, const Configuration &wanted)
{
    for (const core::AttributeDefinition &old : stored.attributes) {
        const auto now = std::find_if(wanted.attributes.begin(), wanted.attributes.end(),
                                      [&](const core::AttributeDefinition &one) { return one.name == old.name; });
        if (!old.unique || (now != wanted.attributes.end() && now->unique))
            continue;
        auto erased = database.prepare("DELETE FROM user_unique WHERE attribute = ?1").bind(1, old.name).run();
        if (!erased)
            return erased;
    }
    return {};
}

/// Where the directory has got the say, no password of an earlier time may stay.
Result<void> forgetPasswords(Database &database, const Configuration &wanted)
{
    for (const core::Gateway &gateway : wanted.gateways) {
        for (const core::UserType &type : gateway.userTypes) {
            if (type.passwordAuthority != core::PasswordAuthority::Ldap || type.id.isNull())
                continue;
            auto erased = database
                              .prepare("DELETE FROM passwords WHERE (SELECT a.user_type_uuid FROM users AS u JOIN authorities AS a"
                                       " ON a.row = u.authority WHERE u.row = passwords.user) = ?1")
                              .bind(1, type.id)
                              .run();
            if (!erased)
                return erased;
        }
    }
    return {};
}

} // namespace

QString sectionName(Section section)
{
    switch (section) {
    case Section::Attributes: return QStringLiteral("attributes");
    case Section::Gateways: return QStringLiteral("gateways");
    case Section::Connections: return QStringLiteral("connections");
    case Section::Rules: return QStringLiteral("rules");
    }
    return {};
}

Result<QList<ConfigurationRow>> readRows(Database &database, Section section)
{
    const bool byName = section == Section::Attributes;
    const bool types = section == Section::Gateways;
    Statement statement = database.prepare("SELECT name, body, " + QByteArray(byName ? "NULL" : "uuid") + ", "
                                           + (types ? "user_type_ids" : "NULL") + " FROM " + tableName(section)
                                           + " ORDER BY position");
    QList<ConfigurationRow> rows;
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return rows;
        rows.append({statement.uuid(2), statement.text(0), statement.utf8(1).toByteArray(),
                     statement.utf8(3).toByteArray()});
    }
}

QJsonArray bodiesOf(const QList<ConfigurationRow> &rows)
{
    QJsonArray bodies;
    for (const ConfigurationRow &row : rows)
        bodies.append(QJsonDocument::fromJson(row.body).object());
    return bodies;
}

Result<QList<Population>> readPopulations(Database &database)
{
    QList<Population> populations;
    Statement statement =
        database.prepare("SELECT row, uuid, name, description, is_default FROM populations ORDER BY position, row");
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return populations;
        populations.append({statement.integer(0), statement.uuid(1), statement.text(2), statement.text(3),
                            statement.integer(4) != 0});
    }
}

Result<void> writeConfiguration(Database &database, const Configuration &stored, const Configuration &wanted)
{
    auto done = writePopulations(database, stored, wanted);
    for (const Section section : kSections) {
        if (done)
            done = writeSection(database, section, wanted);
    }
    if (done)
        done = forgetUnique(database, stored, wanted);
    if (done)
        done = followRenames(database, stored, wanted);
    if (done)
        done = forgetPasswords(database, wanted);
    return done;
}

} // namespace gatehouse::store
