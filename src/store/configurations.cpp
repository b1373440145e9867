// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/configurations.h"

#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/config/validate.h"
#include "store/configurationrows.h"
#include "store/database.h"
#include "store/ids.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace gatehouse::store {

using core::Code;
using core::Configuration;
using core::Error;
using core::Population;
using core::Result;

namespace {

Result<Configuration> parse(const QJsonObject &json)
{
    auto parsed = core::parseConfiguration(QJsonDocument(json).toJson(QJsonDocument::Compact));
    if (parsed)
        return *parsed;
    const Error first = parsed.error().value(0);
    return core::fail(Code::Corrupt, QStringLiteral("the stored configuration cannot be read"), first.text(), first.where);
}

/// Ids for what has none: that of the stored thing of the same name, unless somebody else claims it.
template <typename Thing>
void giveIds(QList<Thing> &wanted, const QList<Thing> &stored)
{
    QSet<QUuid> claimed;
    for (const Thing &thing : wanted)
        claimed.insert(thing.id);
    QHash<QString, QUuid> known;
    for (const Thing &old : stored)
        known.insert(old.name, old.id);
    for (Thing &thing : wanted) {
        if (!thing.id.isNull())
            continue;
        if (const QUuid id = known.value(thing.name); !claimed.contains(id))
            thing.id = id;
        if (thing.id.isNull())
            thing.id = timeOrderedId();
        claimed.insert(thing.id);
    }
}

template <typename Thing>
void refuseSharedIds(const QList<Thing> &things, const QString &section, QList<Error> &faults)
{
    QSet<QUuid> seen;
    for (qsizetype place = 0; place < things.size(); ++place) {
        if (seen.contains(things[place].id))
            faults.append({Code::InvalidInput, QStringLiteral("two things have one id"), {},
                           QStringLiteral("%1[%2]").arg(section).arg(place)});
        seen.insert(things[place].id);
    }
}

void giveIds(Configuration &wanted, const Configuration &stored)
{
    giveIds(wanted.populations, stored.populations);
    giveIds(wanted.gateways, stored.gateways);
    giveIds(wanted.connections, stored.connections);
    giveIds(wanted.rules, stored.rules);
    for (core::Gateway &gateway : wanted.gateways) {
        QList<core::UserType> types;
        for (const core::Gateway &old : stored.gateways) {
            if (old.id == gateway.id)
                types = old.userTypes;
        }
        giveIds(gateway.userTypes, types);
    }
}

QString quoted(const QString &section, const QString &name)
{
    return QStringLiteral("%1[%2]").arg(section, name);
}

Result<void> refusePopulations(Database &database, const Configuration &stored, const Configuration &wanted,
                               QList<Error> &faults)
{
    QSet<QUuid> kept;
    for (const Population &population : wanted.populations)
        kept.insert(population.id);
    for (const Population &old : stored.populations) {
        if (kept.contains(old.id))
            continue;
        Statement used = database.prepare("SELECT EXISTS (SELECT 1 FROM users WHERE population = ?1),"
                                          " EXISTS (SELECT 1 FROM groups WHERE population = ?1)");
        const auto row = used.bind(1, old.row).step();
        if (!row)
            return core::fail(row.error());
        if (used.integer(0) != 0)
            faults.append({Code::Conflict, QStringLiteral("the population still has users"), {},
                           quoted(QStringLiteral("populations"), old.name)});
        else if (used.integer(1) != 0)
            faults.append({Code::Conflict, QStringLiteral("the population still has groups"), {},
                           quoted(QStringLiteral("populations"), old.name)});
    }
    return {};
}

/// True when a value that was good may be bad under the new definition.
bool narrows(const core::AttributeDefinition &old, const core::AttributeDefinition &now)
{
    return now.type != old.type || now.rule != old.rule || now.maxLength < old.maxLength
           || (old.multiValued && !now.multiValued) || (now.unique && !old.unique) || (now.required && !old.required)
           || (now.pattern != old.pattern && !now.pattern.isEmpty());
}

Result<bool> hasValues(Database &database, const QString &attribute)
{
    Statement look = database.prepare("SELECT EXISTS (SELECT 1 FROM users WHERE custom IS NOT NULL"
                                      " AND json_type(custom, ?1) IS NOT NULL)");
    const auto row = look.bind(1, QStringLiteral("$.\"%1\"").arg(attribute)).step();
    if (!row)
        return core::fail(row.error());
    return look.integer(0) != 0;
}

Result<void> refuseAttributes(Database &database, const Configuration &stored, const Configuration &wanted,
                              QList<Error> &faults)
{
    for (const core::AttributeDefinition &old : stored.attributes) {
        const auto now = std::find_if(wanted.attributes.begin(), wanted.attributes.end(),
                                      [&](const core::AttributeDefinition &one) { return one.name == old.name; });
        const bool removed = now == wanted.attributes.end();
        if (!removed && !narrows(old, *now))
            continue;
        const auto used = hasValues(database, old.name);
        if (!used)
            return core::fail(used.error());
        if (*used)
            faults.append({Code::Conflict,
                           removed ? QStringLiteral("the attribute cannot be removed while users have values of it")
                                   : QStringLiteral("the attribute cannot be narrowed while users have values of it"),
                           {}, quoted(QStringLiteral("attributes"), old.name)});
    }
    return {};
}

} // namespace

Result<std::shared_ptr<const core::AttributeCatalog>> loadCatalog(Database &database)
{
    const auto rows = readRows(database, Section::Attributes);
    if (!rows)
        return core::fail(rows.error());
    const auto parsed = parse({{QStringLiteral("attributes"), bodiesOf(*rows)}});
    if (!parsed)
        return core::fail(parsed.error());
    return std::make_shared<const core::AttributeCatalog>(parsed->attributes);
}

Result<Configuration> Configurations::read()
{
    auto transaction = Transaction::begin(m_database, Transaction::Kind::Read);
    if (!transaction)
        return core::fail(transaction.error());
    QJsonObject json;
    QHash<Section, QList<ConfigurationRow>> rows;
    for (const Section section : kSections) {
        auto found = readRows(m_database, section);
        if (!found)
            return core::fail(found.error());
        json.insert(sectionName(section), bodiesOf(*found));
        rows.insert(section, *found);
    }
    auto populations = readPopulations(m_database);
    if (!populations)
        return core::fail(populations.error());
    if (auto ended = transaction->commit(); !ended)
        return core::fail(ended.error());

    auto configuration = parse(json);
    if (!configuration)
        return configuration;
    configuration->populations = std::move(*populations);
    for (qsizetype place = 0; place < configuration->gateways.size(); ++place) {
        core::Gateway &gateway = configuration->gateways[place];
        const ConfigurationRow &row = rows[Section::Gateways][place];
        gateway.id = row.id;
        const QJsonArray ids = QJsonDocument::fromJson(row.userTypeIds).array();
        for (qsizetype type = 0; type < gateway.userTypes.size(); ++type)
            gateway.userTypes[type].id = QUuid(ids.at(type).toString());
    }
    for (qsizetype place = 0; place < configuration->connections.size(); ++place)
        configuration->connections[place].id = rows[Section::Connections][place].id;
    for (qsizetype place = 0; place < configuration->rules.size(); ++place)
        configuration->rules[place].id = rows[Section::Rules][place].id;
    return configuration;
}

Result<Configuration> Configurations::load()
{
    auto configuration = read();
    if (configuration && m_seen)
        m_seen(configuration->attributes);
    return configuration;
}

QList<Error> Configurations::prepare(Configuration &wanted, const Configuration &stored)
{
    QList<Error> faults;
    giveIds(wanted, stored);
    refuseSharedIds(wanted.populations, QStringLiteral("populations"), faults);
    refuseSharedIds(wanted.gateways, QStringLiteral("gateways"), faults);
    refuseSharedIds(wanted.connections, QStringLiteral("connections"), faults);
    refuseSharedIds(wanted.rules, QStringLiteral("rules"), faults);
    auto done = refusePopulations(m_database, stored, wanted, faults);
    if (done)
        done = refuseAttributes(m_database, stored, wanted, faults);
    if (!done)
        return {done.error()};
    return faults;
}

QList<Error> Configurations::faults(const Configuration &configuration)
{
    const QList<Error> wrong = core::validate(configuration);
    if (!wrong.isEmpty())
        return wrong;
    const auto stored = read();
    if (!stored)
        return {stored.error()};
    Configuration wanted = configuration;
    return prepare(wanted, *stored);
}

tl::expected<void, QList<Error>> Configurations::save(const Configuration &configuration)
{
    const auto refuse = [](QList<Error> faults) { return tl::unexpected<QList<Error>>(std::move(faults)); };
    if (const QList<Error> faults = core::validate(configuration); !faults.isEmpty())
        return refuse(faults);
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return refuse({transaction.error()});
    const auto stored = read();
    if (!stored)
        return refuse({stored.error()});
    Configuration wanted = configuration;
    if (const QList<Error> faults = prepare(wanted, *stored); !faults.isEmpty())
        return refuse(faults);
    if (auto written = writeConfiguration(m_database, *stored, wanted); !written)
        return refuse({written.error()});
    if (auto committed = transaction->commit(); !committed)
        return refuse({committed.error()});
    if (m_seen)
        m_seen(wanted.attributes);
    return {};
}

} // namespace gatehouse::store
