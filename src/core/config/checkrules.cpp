// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/check.h"
#include "core/dn.h"
#include "core/filter.h"
#include "core/mapping.h"
#include "core/nearest.h"
#include "core/octets.h"

#include <QSet>

#include <algorithm>

namespace gatehouse::core {

QList<Error> checkExpression(const QString &expression)
{
    const auto parsed = expr::Expression::parse(expression);
    return parsed ? expressionErrors(expression, mappingFaults(*parsed)) : expressionErrors(expression, parsed.error());
}

std::optional<Error> checkDirection(Direction direction)
{
    if (direction == Direction::Inbound)
        return std::nullopt;
    return Error{Code::Unsupported, QStringLiteral("outbound rules are not available in this version"),
                 QStringLiteral("use \"inbound\"")};
}

void ConfigCheck::rules()
{
    const QString section = QStringLiteral("rules");
    uniqueNames(m_configuration.rules, section);
    for (qsizetype i = 0; i < m_configuration.rules.size(); ++i)
        rule(m_configuration.rules.at(i), QStringLiteral("%1[%2]").arg(section).arg(i));
    sameRuleTwice();
}

void ConfigCheck::rule(const Rule &rule, const QString &path)
{
    if (auto wrong = checkDirection(rule.direction))
        add(path + QStringLiteral(".direction"), *wrong);
    if (!m_configuration.connection(rule.connection)) {
        QStringList known;
        for (const Connection &one : m_configuration.connections)
            known.append(one.name);
        add(path + QStringLiteral(".connection"), QStringLiteral("unknown connection"),
            QStringLiteral("there is no connection \"%1\"%2")
                .arg(rule.connection, didYouMean(rule.connection, known)), Code::NotFound);
    }
    scope(rule, path);
    mappings(rule, path);
    onboarding(rule, path);
}

void ConfigCheck::scope(const Rule &rule, const QString &path)
{
    const QString basePath = path + QStringLiteral(".baseDn");
    const auto base = Dn::parse(rule.scope.baseDn);
    if (!base)
        add(basePath, base.error());
    else if (base->isEmpty())
        add(basePath, QStringLiteral("missing"),
            QStringLiteral("say where the rule reads, e.g. DC=example,DC=com"));

    const auto units = [&](const QStringList &list, const QString &key) {
        QSet<QByteArray> seen;
        for (qsizetype i = 0; i < list.size(); ++i) {
            const QString place = QStringLiteral("%1.%2[%3]").arg(path, key).arg(i);
            const auto unit = Dn::parse(list.at(i));
            if (!unit) {
                add(place, unit.error());
                continue;
            }
            if (base && !base->isEmpty() && !unit->isSameOrBelow(*base))
                add(place, QStringLiteral("not below the base DN"),
                    QStringLiteral("\"%1\" is outside of \"%2\"").arg(list.at(i), rule.scope.baseDn));
            const QByteArray dn = unit->key();
            if (seen.contains(dn))
                add(place, QStringLiteral("unit is listed twice"),
                    QStringLiteral("\"%1\" stands above already").arg(list.at(i)), Code::Exists);
            seen.insert(dn);
        }
    };
    units(rule.scope.userOrganizationalUnits, QStringLiteral("userOrganizationalUnits"));
    units(rule.scope.groupOrganizationalUnits, QStringLiteral("groupOrganizationalUnits"));

    if (!rule.scope.userFilter.isEmpty()) {
        if (auto filter = Filter::parse(rule.scope.userFilter); !filter)
            add(path + QStringLiteral(".userFilter"), filter.error());
    }
}

void ConfigCheck::mappings(const Rule &rule, const QString &path)
{
    const QString mappingsPath = path + QStringLiteral(".attributeMappings");
    QStringList known;
    for (int number = 0; number < m_catalog.size(); ++number)
        known.append(m_catalog.at(number).name);
    QStringList mapped;
    for (qsizetype i = 0; i < rule.mappings.users.size(); ++i) {
        const AttributeMapping &mapping = rule.mappings.users.at(i);
        const QString place = QStringLiteral("%1[%2]").arg(mappingsPath).arg(i);
        if (m_catalog.find(mapping.target) < 0)
            add(place + QStringLiteral(".target"), QStringLiteral("unknown attribute"),
                QStringLiteral("there is no user attribute \"%1\"%2")
                    .arg(mapping.target, didYouMean(mapping.target, known)), Code::NotFound);
        else if (mapped.contains(mapping.target))
            add(place + QStringLiteral(".target"), QStringLiteral("attribute is mapped twice"),
                QStringLiteral("\"%1\" has a row above already").arg(mapping.target), Code::Exists);
        mapped.append(mapping.target);

        if (mapping.source.isEmpty() == mapping.expression.isEmpty())
            add(place, QStringLiteral("not a mapping"),
                mapping.source.isEmpty()
                    ? QStringLiteral("\"%1\" needs a \"source\" attribute or an \"expression\"").arg(mapping.target)
                    : QStringLiteral("\"%1\" has a \"source\" and an \"expression\": remove one").arg(mapping.target));
        if (!mapping.source.isEmpty() && !isAttributeType(mapping.source.section(u';', 0, 0).toUtf8()))
            add(place + QStringLiteral(".source"), QStringLiteral("not an LDAP attribute name"),
                QStringLiteral("\"%1\": letters, digits and hyphens are allowed").arg(mapping.source));
        if (!mapping.expression.isEmpty()) {
            for (const Error &wrong : checkExpression(mapping.expression))
                add(place + QStringLiteral(".expression"), wrong);
        }
    }
    for (int number = 0; number < m_catalog.size(); ++number) {
        const AttributeDefinition &attribute = m_catalog.at(number);
        if (attribute.required && !mapped.contains(attribute.name) && rule.direction == Direction::Inbound)
            add(mappingsPath, QStringLiteral("required attribute is not mapped"),
                QStringLiteral("\"%1\" needs a row: people cannot be created without it").arg(attribute.name));
    }
}

void ConfigCheck::onboarding(const Rule &rule, const QString &path)
{
    const Onboarding &onboarding = rule.onboarding;
    if (!onboarding.population.isEmpty())
        knownPopulation(onboarding.population, path + QStringLiteral(".onboarding.population"));

    const QString userTypePath = path + QStringLiteral(".onboarding.gatewayUserType");
    if (!onboarding.authenticateViaLdap)
        return; // a user type without it is kept and ignored, as PingOne does
    if (onboarding.gatewayUserType.isEmpty()) {
        add(userTypePath, QStringLiteral("missing"),
            QStringLiteral("authenticating via LDAP needs a user type of the gateway"));
        return;
    }
    const Connection *connection = m_configuration.connection(rule.connection);
    const Gateway *gateway = connection ? m_configuration.gateway(connection->gateway) : nullptr;
    if (!gateway)
        return; // a fault of its own elsewhere
    QStringList known;
    for (const UserType &userType : gateway->userTypes) {
        if (userType.name == onboarding.gatewayUserType)
            return;
        known.append(userType.name);
    }
    add(userTypePath, QStringLiteral("unknown user type"),
        QStringLiteral("gateway \"%1\" has no user type \"%2\"%3")
            .arg(gateway->name, onboarding.gatewayUserType, didYouMean(onboarding.gatewayUserType, known)),
        Code::NotFound);
}

void ConfigCheck::sameRuleTwice()
{
    // Two rules over the same people would undo each other's changes run by run.
    const auto people = [](const Rule &rule) {
        QList<QByteArray> units;
        for (const QString &unit : rule.scope.userOrganizationalUnits)
            units.append(dnKey(unit.toUtf8()));
        if (units.isEmpty())
            units.append(dnKey(rule.scope.baseDn.toUtf8()));
        std::sort(units.begin(), units.end());
        const auto filter = Filter::parse(rule.scope.userFilter);
        return QPair(QPair(rule.connection, filter ? filter->toUtf8() : rule.scope.userFilter.toUtf8()), units);
    };
    const QList<Rule> &rules = m_configuration.rules;
    for (qsizetype i = 0; i < rules.size(); ++i) {
        for (qsizetype j = 0; j < i; ++j) {
            const Rule &one = rules.at(i);
            const Rule &other = rules.at(j);
            if (one.enabled && other.enabled && one.direction == other.direction && people(one) == people(other)) {
                add(QStringLiteral("rules[%1]").arg(i), QStringLiteral("two enabled rules for the same people"),
                    QStringLiteral("\"%1\" reads exactly what \"%2\" reads: disable one of them")
                        .arg(one.name, other.name), Code::Conflict);
                break;
            }
        }
    }
}

} // namespace gatehouse::core
