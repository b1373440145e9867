// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/check.h"

#include "core/config/limits.h"
#include "core/config/tables.h"
#include "core/nearest.h"

#include <QRegularExpression>

#include <algorithm>
#include <vector>

namespace gatehouse::core {

namespace {

// What toJson(User) and PingOne's user object need for themselves.
const QStringList &reservedAttributeNames()
{
    static const QStringList names{
        QStringLiteral("id"), QStringLiteral("environment"), QStringLiteral("population"), QStringLiteral("name"),
        QStringLiteral("address"), QStringLiteral("photo"), QStringLiteral("password"), QStringLiteral("account"),
        QStringLiteral("lifecycle"), QStringLiteral("identityProvider"), QStringLiteral("lastSignOn"),
        QStringLiteral("createdAt"), QStringLiteral("updatedAt"), QStringLiteral("verifyStatus"),
        QStringLiteral("memberOfGroupIDs"), QStringLiteral("memberOfGroupNames"),
        QStringLiteral("memberOfExternalGroups"), QStringLiteral("externalGroupNames")};
    return names;
}

/// "rules[2].name" as numbers: the place of each key in its table, of each thing in its list.
std::vector<qsizetype> placeOf(const QString &path)
{
    std::vector<qsizetype> place;
    const Keys *keys = &configurationTable();
    for (const QString &part : path.split(u'.')) {
        const QString name = part.section(u'[', 0, 0);
        const Key *row = keys ? keys->find(name) : nullptr;
        if (!row)
            break;
        place.push_back(row - keys->rows.data());
        if (part.size() > name.size())
            place.push_back(part.section(u'[', 1).chopped(1).toLongLong());
        keys = row->inner;
    }
    return place;
}

QList<Error> inOrderOfTheFile(QList<Error> faults)
{
    std::vector<std::pair<std::vector<qsizetype>, qsizetype>> places;
    for (qsizetype i = 0; i < faults.size(); ++i)
        places.push_back({placeOf(faults.at(i).where), i});
    std::sort(places.begin(), places.end());
    QList<Error> sorted;
    for (const auto &[place, index] : places)
        sorted.append(faults.at(index));
    return sorted;
}

} // namespace

ConfigCheck::ConfigCheck(const Configuration &configuration)
    : m_configuration(configuration), m_catalog(configuration.attributes)
{
}

QList<Error> ConfigCheck::run()
{
    Faults values;
    checkThing(configurationTable(), &m_configuration, Place(), values);
    m_faults = values.list;
    populations();
    attributes();
    gateways();
    connections();
    rules();
    return inOrderOfTheFile(std::move(m_faults));
}

void ConfigCheck::add(const QString &path, const QString &what, const QString &detail, Code code)
{
    m_faults.append(Error{code, what, detail, path});
}

void ConfigCheck::add(const QString &path, Error error)
{
    error.where = path;
    m_faults.append(std::move(error));
}

void ConfigCheck::knownPopulation(const QString &name, const QString &path)
{
    if (m_configuration.population(name))
        return;
    QStringList known;
    for (const Population &population : m_configuration.populations)
        known.append(population.name);
    add(path, QStringLiteral("unknown population"),
        QStringLiteral("there is no population \"%1\"%2").arg(name, didYouMean(name, known)), Code::NotFound);
}

void ConfigCheck::populations()
{
    const QString section = QStringLiteral("populations");
    uniqueNames(m_configuration.populations, section);
    QStringList defaults;
    for (qsizetype i = 0; i < m_configuration.populations.size(); ++i) {
        const Population &population = m_configuration.populations.at(i);
        const QString path = QStringLiteral("%1[%2]").arg(section).arg(i);
        if (!population.isDefault)
            continue;
        if (!defaults.isEmpty())
            add(path + QStringLiteral(".default"), QStringLiteral("more than one default population"),
                QStringLiteral("\"%1\" is the default already; new users without a population need exactly one")
                    .arg(defaults.first()), Code::Conflict);
        defaults.append(population.name);
    }
    if (defaults.isEmpty())
        add(section, QStringLiteral("no default population"),
            QStringLiteral("new users without a population go to the default one: give one population "
                           "\"default\": true"));
}

void ConfigCheck::attributes()
{
    const QString section = QStringLiteral("attributes");
    const QList<AttributeDefinition> &attributes = m_configuration.attributes;
    if (attributes.size() > kMostCustomAttributes)
        add(section, QStringLiteral("too many custom attributes"),
            QStringLiteral("%1, at most %2 are allowed").arg(attributes.size()).arg(kMostCustomAttributes),
            Code::LimitExceeded);
    uniqueNames(attributes, section);

    static const QRegularExpression namePattern(QStringLiteral("\\A[A-Za-z][A-Za-z0-9-]{0,255}\\z"));
    QStringList taken = reservedAttributeNames();
    for (int number = 0; number < m_catalog.builtInCount(); ++number)
        taken.append(m_catalog.at(number).name);
    for (qsizetype i = 0; i < attributes.size(); ++i) {
        const AttributeDefinition &attribute = attributes.at(i);
        const QString path = QStringLiteral("%1[%2]").arg(section).arg(i);
        if (!namePattern.match(attribute.name).hasMatch())
            add(path + QStringLiteral(".name"), QStringLiteral("not an attribute name"),
                QStringLiteral("a name starts with a letter, then letters, digits and hyphens follow, 256 at most"));
        else if (taken.contains(attribute.name, Qt::CaseInsensitive))
            add(path + QStringLiteral(".name"), QStringLiteral("name is taken"),
                QStringLiteral("\"%1\" is built in; letter case does not count").arg(attribute.name), Code::Exists);
        if (attribute.type != AttributeType::String && attribute.unique)
            add(path + QStringLiteral(".unique"), QStringLiteral("not possible"),
                QStringLiteral("only STRING attributes can be unique"));
        if (attribute.type == AttributeType::Boolean && attribute.multiValued)
            add(path + QStringLiteral(".multiValued"), QStringLiteral("not possible"),
                QStringLiteral("a BOOLEAN attribute has one value"));
        if (attribute.pattern.isEmpty())
            continue;
        const QRegularExpression pattern(attribute.pattern, QRegularExpression::UseUnicodePropertiesOption);
        if (attribute.type != AttributeType::String) {
            add(path + QStringLiteral(".regexValidation.pattern"), QStringLiteral("not possible"),
                QStringLiteral("only STRING attributes can have a pattern"));
        } else if (!pattern.isValid()) {
            Error error{Code::Syntax, QStringLiteral("not a regular expression"), pattern.errorString()};
            error.offset = int(pattern.patternErrorOffset());
            error.subject = attribute.pattern;
            add(path + QStringLiteral(".regexValidation.pattern"), std::move(error));
        }
    }
}

void ConfigCheck::connections()
{
    const QString section = QStringLiteral("connections");
    uniqueNames(m_configuration.connections, section);
    for (qsizetype i = 0; i < m_configuration.connections.size(); ++i)
        connection(m_configuration.connections.at(i), QStringLiteral("%1[%2]").arg(section).arg(i));
}

void ConfigCheck::connection(const Connection &connection, const QString &path)
{
    const Gateway *gateway = m_configuration.gateway(connection.gateway);
    if (!gateway) {
        QStringList known;
        for (const Gateway &one : m_configuration.gateways)
            known.append(one.name);
        add(path + QStringLiteral(".gateway"), QStringLiteral("unknown gateway"),
            QStringLiteral("there is no gateway \"%1\"%2")
                .arg(connection.gateway, didYouMean(connection.gateway, known)), Code::NotFound);
    } else if (gateway->type == GatewayType::Radius) {
        add(path + QStringLiteral(".gateway"), QStringLiteral("this gateway cannot provision"),
            QStringLiteral("\"%1\" is a RADIUS gateway; RADIUS gateways do not support provisioning, choose an LDAP "
                           "gateway").arg(gateway->name), Code::Unsupported);
    }

    // What the console shows only when the switch above it is on cannot be set when it is off.
    const QString deprovision = path + QStringLiteral(".users.deprovision");
    if (!connection.users.deprovision.enabled) {
        if (connection.users.deprovision.removeAction == RemoveAction::Delete)
            add(deprovision + QStringLiteral(".removeAction"), QStringLiteral("has no effect"),
                QStringLiteral("a remove action needs \"enabled\": true beside it"), Code::Conflict);
        if (connection.users.deprovision.onRuleDeletion)
            add(deprovision + QStringLiteral(".onRuleDeletion"), QStringLiteral("has no effect"),
                QStringLiteral("deprovisioning on rule deletion needs \"enabled\": true beside it"), Code::Conflict);
    } else if (!connection.users.disable) {
        add(deprovision + QStringLiteral(".removeAction"), QStringLiteral("not possible"),
            QStringLiteral("a remove action is available only with \"disable\": true under \"users\""),
            Code::Conflict);
    }
    if (!connection.groups.deletion.enabled && connection.groups.deletion.onRuleDeletion)
        add(path + QStringLiteral(".groups.delete.onRuleDeletion"), QStringLiteral("has no effect"),
            QStringLiteral("deleting groups on rule deletion needs \"enabled\": true beside it"), Code::Conflict);
}

QList<Error> validate(const Configuration &configuration)
{
    return ConfigCheck(configuration).run();
}

} // namespace gatehouse::core
