// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configuration.h"
#include "core/config/words.h"
#include "core/identity.h"
#include "core/plan/guards.h"

#include <QJsonArray>

namespace gatehouse::core {

namespace {

/// Texts that nobody set are left out; everything else is written, so that a file shows what it decides.
void insertText(QJsonObject &json, const QString &key, const QString &text)
{
    if (!text.isEmpty())
        json.insert(key, text);
}

QJsonObject toJson(const SecretReference &reference)
{
    switch (reference.kind) {
    case SecretReference::Kind::None: return {};
    case SecretReference::Kind::Keychain: return {{QStringLiteral("keychain"), true}};
    case SecretReference::Kind::Environment: return {{QStringLiteral("env"), reference.name}};
    case SecretReference::Kind::File: return {{QStringLiteral("file"), reference.name}};
    }
    return {};
}

QJsonObject toJson(const Population &population)
{
    QJsonObject json{{QStringLiteral("name"), population.name}, {QStringLiteral("default"), population.isDefault}};
    insertText(json, QStringLiteral("description"), population.description);
    return json;
}

QJsonObject toJson(const AttributeDefinition &attribute)
{
    QJsonObject json{{QStringLiteral("name"), attribute.name},
                     {QStringLiteral("displayName"), attribute.displayName},
                     {QStringLiteral("type"), wordOf(attributeTypeWords(), attribute.type)},
                     {QStringLiteral("required"), attribute.required},
                     {QStringLiteral("unique"), attribute.unique},
                     {QStringLiteral("multiValued"), attribute.multiValued},
                     {QStringLiteral("maxLength"), attribute.maxLength}};
    insertText(json, QStringLiteral("description"), attribute.description);
    if (!attribute.pattern.isEmpty())
        json.insert(QStringLiteral("regexValidation"), QJsonObject{{QStringLiteral("pattern"), attribute.pattern}});
    return json;
}

QJsonObject toJson(const NewUserLookup &lookup)
{
    QJsonArray mappings;
    for (const UserTypeMapping &mapping : lookup.attributeMappings)
        mappings.append(QJsonObject{{QStringLiteral("name"), mapping.name}, {QStringLiteral("value"), mapping.value}});
    return {{QStringLiteral("ldapFilterPattern"), lookup.ldapFilterPattern},
            {QStringLiteral("population"), lookup.population},
            {QStringLiteral("attributeMappings"), mappings},
            {QStringLiteral("nestedGroups"), lookup.nestedGroups}};
}

QJsonObject toJson(const UserType &userType)
{
    QJsonObject json{
        {QStringLiteral("name"), userType.name},
        {QStringLiteral("passwordAuthority"), wordOf(passwordAuthorityWords(), userType.passwordAuthority)},
        {QStringLiteral("searchBaseDn"), userType.searchBaseDn},
        {QStringLiteral("orderedCorrelationAttributes"),
         QJsonArray::fromStringList(userType.orderedCorrelationAttributes)},
        {QStringLiteral("allowPasswordChanges"), userType.allowPasswordChanges},
        {QStringLiteral("updateUserOnSuccessfulAuthentication"), userType.updateUserOnSuccessfulAuthentication}};
    if (userType.newUserLookup)
        json.insert(QStringLiteral("newUserLookup"), toJson(*userType.newUserLookup));
    return json;
}

void insertSecret(QJsonObject &json, const QString &key, const SecretReference &reference)
{
    if (reference.kind != SecretReference::Kind::None)
        json.insert(key, toJson(reference));
}

QJsonObject toJson(const Kerberos &kerberos)
{
    QJsonObject json{
        {QStringLiteral("serviceAccountUserPrincipalName"), kerberos.serviceAccountUserPrincipalName},
        {QStringLiteral("minutesToRetainPreviousCredentials"), kerberos.minutesToRetainPreviousCredentials}};
    insertSecret(json, QStringLiteral("serviceAccountPassword"), kerberos.serviceAccountPassword);
    return json;
}

QJsonObject toJson(const RadiusClient &client)
{
    QJsonObject json{{QStringLiteral("ip"), client.ip},
                     {QStringLiteral("blastRadiusMitigation"), client.blastRadiusMitigation}};
    insertSecret(json, QStringLiteral("sharedSecret"), client.sharedSecret);
    return json;
}

QJsonObject toJson(const AttributeMapping &mapping)
{
    QJsonObject json{{QStringLiteral("target"), mapping.target},
                     {QStringLiteral("when"), wordOf(mappingWhenWords(), mapping.when)}};
    insertText(json, QStringLiteral("source"), mapping.source);
    insertText(json, QStringLiteral("expression"), mapping.expression);
    return json;
}

template <typename T>
QJsonArray toJsonArray(const QList<T> &things)
{
    QJsonArray array;
    for (const T &thing : things)
        array.append(toJson(thing));
    return array;
}

} // namespace

QJsonObject toJson(const Gateway &gateway)
{
    QJsonObject json{
        {QStringLiteral("name"), gateway.name},
        {QStringLiteral("type"), wordOf(gatewayTypeWords(), gateway.type)},
        {QStringLiteral("enabled"), gateway.enabled},
        {QStringLiteral("vendor"), wordOf(vendorWords(), gateway.vendor)},
        {QStringLiteral("mode"), wordOf(gatewayModeWords(), gateway.mode)},
        {QStringLiteral("serversHostAndPort"), QJsonArray::fromStringList(gateway.serversHostAndPort)},
        {QStringLiteral("connectionSecurity"), wordOf(connectionSecurityWords(), gateway.connectionSecurity)},
        {QStringLiteral("validateTlsCertificates"), gateway.validateTlsCertificates},
        {QStringLiteral("followReferrals"), gateway.followReferrals},
        {QStringLiteral("bindMechanism"), wordOf(bindMechanismWords(), gateway.bindMechanism)},
        {QStringLiteral("userTypes"), toJsonArray(gateway.userTypes)}};
    insertText(json, QStringLiteral("description"), gateway.description);
    insertText(json, QStringLiteral("caCertificateFile"), gateway.caCertificateFile);
    insertText(json, QStringLiteral("pinnedCertificateSha256"), gateway.pinnedCertificateSha256);
    insertText(json, QStringLiteral("bindDN"), gateway.bindDn);
    insertSecret(json, QStringLiteral("bindPassword"), gateway.bindPassword);
    if (gateway.kerberos)
        json.insert(QStringLiteral("kerberos"), toJson(*gateway.kerberos));
    if (!gateway.radiusClients.isEmpty())
        json.insert(QStringLiteral("radiusClients"), toJsonArray(gateway.radiusClients));
    insertSecret(json, QStringLiteral("defaultSharedSecret"), gateway.defaultSharedSecret);
    if (gateway.networkPolicyServer)
        json.insert(QStringLiteral("networkPolicyServer"),
                    QJsonObject{{QStringLiteral("ip"), gateway.networkPolicyServer->ip},
                                {QStringLiteral("port"), gateway.networkPolicyServer->port}});
    return json;
}

QJsonObject toJson(const Connection &connection)
{
    const QJsonObject deprovision{
        {QStringLiteral("enabled"), connection.users.deprovision.enabled},
        {QStringLiteral("removeAction"), wordOf(removeActionWords(), connection.users.deprovision.removeAction)},
        {QStringLiteral("onRuleDeletion"), connection.users.deprovision.onRuleDeletion}};
    const QJsonObject users{{QStringLiteral("create"), connection.users.create},
                            {QStringLiteral("update"), connection.users.update},
                            {QStringLiteral("disable"), connection.users.disable},
                            {QStringLiteral("deprovision"), deprovision}};
    const QJsonObject deletion{{QStringLiteral("enabled"), connection.groups.deletion.enabled},
                               {QStringLiteral("onRuleDeletion"), connection.groups.deletion.onRuleDeletion}};
    const QJsonObject groups{{QStringLiteral("create"), connection.groups.create},
                             {QStringLiteral("rename"), connection.groups.rename},
                             {QStringLiteral("delete"), deletion},
                             {QStringLiteral("memberships"), connection.groups.memberships}};
    QJsonObject json{{QStringLiteral("name"), connection.name},
                     {QStringLiteral("gateway"), connection.gateway},
                     {QStringLiteral("enabled"), connection.enabled},
                     {QStringLiteral("users"), users},
                     {QStringLiteral("groups"), groups}};
    insertText(json, QStringLiteral("description"), connection.description);
    return json;
}

QJsonObject toJson(const Rule &rule)
{
    QJsonObject onboarding{{QStringLiteral("authenticateViaLdap"), rule.onboarding.authenticateViaLdap},
                           {QStringLiteral("mfaDeviceManagement"),
                            wordOf(mfaDeviceManagementWords(), rule.onboarding.mfaDeviceManagement)}};
    insertText(onboarding, QStringLiteral("population"), rule.onboarding.population);
    insertText(onboarding, QStringLiteral("gatewayUserType"), rule.onboarding.gatewayUserType);
    QJsonObject guards{{kUnitLoss, rule.guards.unitLoss}};
    for (const GuardKey &key : guardKeys())
        guards.insert(key.name, rule.guards.*key.value);
    QJsonObject json{
        {QStringLiteral("name"), rule.name},
        {QStringLiteral("direction"), wordOf(directionWords(), rule.direction)},
        {QStringLiteral("connection"), rule.connection},
        {QStringLiteral("enabled"), rule.enabled},
        {QStringLiteral("baseDn"), rule.scope.baseDn},
        {QStringLiteral("userOrganizationalUnits"), QJsonArray::fromStringList(rule.scope.userOrganizationalUnits)},
        {QStringLiteral("groupOrganizationalUnits"), QJsonArray::fromStringList(rule.scope.groupOrganizationalUnits)},
        {QStringLiteral("attributeMappings"), toJsonArray(rule.mappings.users)},
        {QStringLiteral("onboarding"), onboarding},
        {QStringLiteral("guards"), guards},
        {QStringLiteral("schedule"), QJsonObject{{QStringLiteral("everySeconds"), rule.schedule.everySeconds}}}};
    insertText(json, QStringLiteral("description"), rule.description);
    insertText(json, QStringLiteral("userFilter"), rule.scope.userFilter);
    return json;
}

QJsonObject toJson(const Configuration &configuration)
{
    return {{QStringLiteral("populations"), toJsonArray(configuration.populations)},
            {QStringLiteral("attributes"), toJsonArray(configuration.attributes)},
            {QStringLiteral("gateways"), toJsonArray(configuration.gateways)},
            {QStringLiteral("connections"), toJsonArray(configuration.connections)},
            {QStringLiteral("rules"), toJsonArray(configuration.rules)}};
}

} // namespace gatehouse::core
