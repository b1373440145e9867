// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configuration.h"
#include "core/config/validate.h"
#include "core/expressionfit.h"
#include "core/plan/guards.h"
#include "core/ldapvalue.h"
#include "core/signonmapping.h"

#include <algorithm>

namespace gatehouse::core {

namespace {

Error asError(const expr::Fault &fault, const QString &text, const QString &where)
{
    Error error{Code::InvalidInput, QStringLiteral("the expression does not fit its target"), fault.message, where};
    error.offset = fault.offset;
    error.length = fault.length;
    error.subject = text;
    return error;
}

void warnOfMisfits(const Rule &rule, const QString &path, const AttributeCatalog &catalog, QList<Error> &found)
{
    for (qsizetype i = 0; i < rule.mappings.users.size(); ++i) {
        const AttributeMapping &row = rule.mappings.users.at(i);
        const int target = catalog.find(row.target);
        if (target < 0 || row.expression.isEmpty())
            continue;
        const auto expression = expr::Expression::parse(row.expression);
        const auto fault = expression ? misfit(*expression, catalog.at(target)) : std::nullopt;
        if (fault)
            found.append(asError(*fault, row.expression, QStringLiteral("%1.attributeMappings[%2].expression").arg(path).arg(i)));
    }
}

void warnOfMisfits(const UserType &userType, const QString &path, const AttributeCatalog &catalog, QList<Error> &found)
{
    if (!userType.newUserLookup)
        return;
    const QList<UserTypeMapping> &rows = userType.newUserLookup->attributeMappings;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const bool isGroups = rows.at(i).name == kExternalGroupNames;
        const int target = catalog.find(rows.at(i).name);
        const auto value = LdapValue::parse(rows.at(i).value);
        if (!value || (!isGroups && target < 0))
            continue;
        if (const auto fault = misfit(*value, isGroups ? externalGroupNames() : catalog.at(target)))
            found.append(asError(*fault, rows.at(i).value, QStringLiteral("%1.newUserLookup.attributeMappings[%2].value").arg(path).arg(i)));
    }
}

void warnOfRetention(const Gateway &gateway, const QString &path, QList<Error> &found)
{
    if (!gateway.kerberos || gateway.kerberos->minutesToRetainPreviousCredentials == 0)
        return;
    const SecretReference::Kind kind = gateway.kerberos->serviceAccountPassword.kind;
    if (kind != SecretReference::Kind::File && kind != SecretReference::Kind::Environment)
        return;
    found.append({Code::Conflict, QStringLiteral("previous passwords of the service account are not retained"),
                  QStringLiteral("only the keychain keeps them; with %1, tickets made for the password before are refused "
                                 "as soon as it changes: 0 minutes says that this is meant")
                      .arg(kind == SecretReference::Kind::File ? QStringLiteral("a file")
                                                               : QStringLiteral("an environment variable")),
                  path + QStringLiteral(".kerberos.minutesToRetainPreviousCredentials")});
}

void warnOfIdleGuards(const Rule &rule, const QString &path, QList<Error> &found)
{
    const Guards usual;
    for (const GuardKey &key : guardKeys()) {
        if (key.counts || rule.guards.*key.value == usual.*key.value)
            continue;
        found.append({Code::Unsupported, QStringLiteral("the guard has nothing to guard yet"),
                      QStringLiteral("no run of this version touches groups, memberships or devices; the limit is kept for "
                                     "those that will"),
                      path + QStringLiteral(".guards.") + key.name});
    }
}

} // namespace

QList<Error> enablingWarnings(const Rule &rule, const Connection &connection, const QString &path)
{
    const bool mapped =
        std::any_of(rule.mappings.users.begin(), rule.mappings.users.end(),
                    [](const AttributeMapping &row) { return row.target == QStringLiteral("enabled"); });
    if (mapped || connection.users.disable || rule.direction != Direction::Inbound)
        return {};
    return {{Code::Conflict, QStringLiteral("people who are disabled in the directory are enabled here"),
             QStringLiteral("the connection \"%1\" does not disable users, and no row sets \"enabled\": turn \"disable\" on, or map "
                            "\"enabled\" from \"active\"").arg(connection.name),
             path + QStringLiteral(".attributeMappings")}};
}

QList<Error> warnings(const Configuration &configuration)
{
    QList<Error> found;
    for (qsizetype i = 0; i < configuration.gateways.size(); ++i)
        warnOfRetention(configuration.gateways.at(i), QStringLiteral("gateways[%1]").arg(i), found);
    const AttributeCatalog catalog(configuration.attributes);
    for (qsizetype i = 0; i < configuration.gateways.size(); ++i) {
        const QList<UserType> &userTypes = configuration.gateways.at(i).userTypes;
        for (qsizetype j = 0; j < userTypes.size(); ++j)
            warnOfMisfits(userTypes.at(j), QStringLiteral("gateways[%1].userTypes[%2]").arg(i).arg(j), catalog, found);
    }
    for (qsizetype i = 0; i < configuration.rules.size(); ++i) {
        const Rule &rule = configuration.rules.at(i);
        warnOfMisfits(rule, QStringLiteral("rules[%1]").arg(i), catalog, found);
        warnOfIdleGuards(rule, QStringLiteral("rules[%1]").arg(i), found);
        const Connection *connection = configuration.connection(rule.connection);
        if (connection)
            found += enablingWarnings(rule, *connection, QStringLiteral("rules[%1]").arg(i));
        const Gateway *gateway = connection ? configuration.gateway(connection->gateway) : nullptr;
        if (!rule.onboarding.authenticateViaLdap || !gateway)
            continue;
        for (const UserType &userType : gateway->userTypes) {
            // The rule creates people already: with migration on they would be created, and updated, by both.
            if (userType.name != rule.onboarding.gatewayUserType || !userType.newUserLookup)
                continue;
            found.append({Code::Conflict, QStringLiteral("the rule authenticates by a user type that also migrates users"),
                          QStringLiteral("people come both from the rule \"%1\" and from their first sign-on as \"%2\": use a user "
                                         "type without \"newUserLookup\"").arg(rule.name, userType.name),
                          QStringLiteral("rules[%1].onboarding.gatewayUserType").arg(i)});
        }
    }
    return found;
}

} // namespace gatehouse::core
