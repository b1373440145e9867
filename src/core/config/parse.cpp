// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configuration.h"
#include "core/config/json.h"

#include "core/config/reader.h"
#include "core/plan/guards.h"
#include "core/jsontext.h"

namespace gatehouse::core {

namespace {

constexpr Presence kRequired = Presence::Required;

SecretReference readSecret(ObjectReader &parent, const QString &key)
{
    SecretReference reference;
    const QJsonValue json = parent.raw(key);
    if (json.isUndefined() && !parent.isRecording())
        return reference;
    ConfigFaults &faults = parent.faults();
    const QString path = parent.pathOf(key);
    if (json.isString()) {
        // The text may be a password: it is not repeated.
        faults.add(path, QStringLiteral("a secret must not stand in this file"),
                   QStringLiteral("this file is read, copied and kept in version control; say where the secret is: "
                                  "{\"env\": \"NAME\"}, {\"file\": \"PATH\"} or {\"keychain\": true}"));
        return reference;
    }
    ObjectReader reader(json, path, faults);
    if (!json.isObject() && !parent.isRecording())
        return reference;
    const bool keychain = reader.flag(QStringLiteral("keychain"), false);
    const QString variable = reader.text(QStringLiteral("env"));
    const QString file = reader.text(QStringLiteral("file"));
    reader.finish();
    if (int(keychain) + int(!variable.isEmpty()) + int(!file.isEmpty()) != 1 && !parent.isRecording()) {
        faults.add(path, QStringLiteral("not a secret reference"),
                   QStringLiteral("write exactly one of {\"env\": \"NAME\"}, {\"file\": \"PATH\"} and "
                                  "{\"keychain\": true}"));
        return reference;
    }
    if (keychain)
        reference = {SecretReference::Kind::Keychain, {}};
    else if (!variable.isEmpty())
        reference = {SecretReference::Kind::Environment, variable};
    else if (!file.isEmpty())
        reference = {SecretReference::Kind::File, file};
    return reference;
}

Population readPopulation(ObjectReader &reader)
{
    Population population;
    population.name = reader.text(QStringLiteral("name"), kRequired);
    population.description = reader.text(QStringLiteral("description"));
    population.isDefault = reader.flag(QStringLiteral("default"), false);
    reader.finish();
    return population;
}

AttributeDefinition readAttribute(ObjectReader &reader)
{
    AttributeDefinition attribute;
    attribute.schemaType = SchemaType::Custom;
    attribute.name = reader.text(QStringLiteral("name"), kRequired);
    attribute.displayName = reader.text(QStringLiteral("displayName"));
    if (attribute.displayName.isEmpty())
        attribute.displayName = attribute.name;
    attribute.description = reader.text(QStringLiteral("description"));
    attribute.type = reader.choice(QStringLiteral("type"), attributeTypeWords(), AttributeType::String);
    attribute.required = reader.flag(QStringLiteral("required"), false);
    attribute.unique = reader.flag(QStringLiteral("unique"), false);
    attribute.multiValued = reader.flag(QStringLiteral("multiValued"), false);
    attribute.maxLength = reader.number(QStringLiteral("maxLength"), attribute.maxLength);
    reader.object(QStringLiteral("regexValidation"), [&](ObjectReader &validation) {
        attribute.pattern = validation.text(QStringLiteral("pattern"), kRequired);
        validation.finish();
    });
    reader.finish({{QStringLiteral("pattern"), QStringLiteral("write {\"regexValidation\": {\"pattern\": …}}")}});
    return attribute;
}

NewUserLookup readNewUserLookup(ObjectReader &reader)
{
    NewUserLookup lookup;
    lookup.ldapFilterPattern = reader.text(QStringLiteral("ldapFilterPattern"), kRequired);
    lookup.population = reader.text(QStringLiteral("population"), kRequired);
    reader.objects(QStringLiteral("attributeMappings"), [&](ObjectReader &row) {
        UserTypeMapping mapping;
        mapping.name = row.text(QStringLiteral("name"), kRequired);
        mapping.value = row.text(QStringLiteral("value"), kRequired);
        row.finish();
        lookup.attributeMappings.append(mapping);
    });
    lookup.nestedGroups = reader.flag(QStringLiteral("nestedGroups"), lookup.nestedGroups);
    reader.finish();
    return lookup;
}

UserType readUserType(ObjectReader &reader)
{
    UserType userType;
    userType.name = reader.text(QStringLiteral("name"), kRequired);
    userType.passwordAuthority =
        reader.choice(QStringLiteral("passwordAuthority"), passwordAuthorityWords(), PasswordAuthority::Ldap);
    userType.searchBaseDn = reader.text(QStringLiteral("searchBaseDn"), kRequired);
    userType.orderedCorrelationAttributes = reader.texts(QStringLiteral("orderedCorrelationAttributes"));
    userType.allowPasswordChanges = reader.flag(QStringLiteral("allowPasswordChanges"), false);
    userType.updateUserOnSuccessfulAuthentication =
        reader.flag(QStringLiteral("updateUserOnSuccessfulAuthentication"), false);
    reader.object(QStringLiteral("newUserLookup"),
                  [&](ObjectReader &lookup) { userType.newUserLookup = readNewUserLookup(lookup); });
    reader.finish();
    return userType;
}

Kerberos readKerberos(ObjectReader &reader)
{
    Kerberos kerberos;
    kerberos.serviceAccountUserPrincipalName = reader.text(QStringLiteral("serviceAccountUserPrincipalName"), kRequired);
    kerberos.serviceAccountPassword = readSecret(reader, QStringLiteral("serviceAccountPassword"));
    kerberos.minutesToRetainPreviousCredentials = reader.number(QStringLiteral("minutesToRetainPreviousCredentials"),
                                                                kerberos.minutesToRetainPreviousCredentials);
    reader.finish();
    return kerberos;
}

void readRadius(ObjectReader &reader, Gateway &gateway)
{
    reader.objects(QStringLiteral("radiusClients"), [&](ObjectReader &row) {
        RadiusClient client;
        client.ip = row.text(QStringLiteral("ip"), kRequired);
        client.sharedSecret = readSecret(row, QStringLiteral("sharedSecret"));
        client.blastRadiusMitigation = row.flag(QStringLiteral("blastRadiusMitigation"), client.blastRadiusMitigation);
        row.finish();
        gateway.radiusClients.append(client);
    });
    gateway.defaultSharedSecret = readSecret(reader, QStringLiteral("defaultSharedSecret"));
    reader.object(QStringLiteral("networkPolicyServer"), [&](ObjectReader &object) {
        NetworkPolicyServer server;
        server.ip = object.text(QStringLiteral("ip"), kRequired);
        server.port = object.number(QStringLiteral("port"), server.port);
        object.finish();
        gateway.networkPolicyServer = server;
    });
}

QString fingerprintDigits(QString text)
{
    // OpenSSL prints "AB:CD:…", browsers "ab cd …".
    return text.remove(u':').remove(u' ').toLower();
}

Gateway readGateway(ObjectReader &reader)
{
    Gateway gateway;
    gateway.name = reader.text(QStringLiteral("name"), kRequired);
    gateway.description = reader.text(QStringLiteral("description"));
    gateway.type = reader.choice(QStringLiteral("type"), gatewayTypeWords(), GatewayType::Ldap);
    gateway.enabled = reader.flag(QStringLiteral("enabled"), gateway.enabled);
    gateway.vendor = reader.choice(QStringLiteral("vendor"), vendorWords(), gateway.vendor,
                                   gateway.type == GatewayType::Ldap ? kRequired : Presence::Optional);
    gateway.mode = reader.choice(QStringLiteral("mode"), gatewayModeWords(), gateway.mode);
    gateway.serversHostAndPort = reader.texts(QStringLiteral("serversHostAndPort"));
    gateway.connectionSecurity = reader.choice(QStringLiteral("connectionSecurity"), connectionSecurityWords(),
                                               gateway.connectionSecurity);
    gateway.validateTlsCertificates =
        reader.flag(QStringLiteral("validateTlsCertificates"), gateway.validateTlsCertificates);
    gateway.caCertificateFile = reader.text(QStringLiteral("caCertificateFile"));
    gateway.pinnedCertificateSha256 = fingerprintDigits(reader.text(QStringLiteral("pinnedCertificateSha256")));
    gateway.followReferrals = reader.flag(QStringLiteral("followReferrals"), gateway.followReferrals);
    gateway.bindMechanism = reader.choice(QStringLiteral("bindMechanism"), bindMechanismWords(), gateway.bindMechanism);
    gateway.bindDn = reader.text(QStringLiteral("bindDN"));
    gateway.bindPassword = readSecret(reader, QStringLiteral("bindPassword"));
    reader.object(QStringLiteral("kerberos"),
                  [&](ObjectReader &kerberos) { gateway.kerberos = readKerberos(kerberos); });
    readRadius(reader, gateway);
    reader.objects(QStringLiteral("userTypes"),
                   [&](ObjectReader &userType) { gateway.userTypes.append(readUserType(userType)); });
    reader.finish();
    return gateway;
}

Connection readConnection(ObjectReader &reader)
{
    Connection connection;
    connection.name = reader.text(QStringLiteral("name"), kRequired);
    connection.description = reader.text(QStringLiteral("description"));
    connection.gateway = reader.text(QStringLiteral("gateway"), kRequired);
    connection.enabled = reader.flag(QStringLiteral("enabled"), connection.enabled);
    reader.object(QStringLiteral("users"), [&](ObjectReader &users) {
        connection.users.create = users.flag(QStringLiteral("create"), connection.users.create);
        connection.users.update = users.flag(QStringLiteral("update"), connection.users.update);
        connection.users.disable = users.flag(QStringLiteral("disable"), connection.users.disable);
        users.object(QStringLiteral("deprovision"), [&](ObjectReader &deprovision) {
            connection.users.deprovision.enabled =
                deprovision.flag(QStringLiteral("enabled"), connection.users.deprovision.enabled);
            connection.users.deprovision.removeAction = deprovision.choice(
                QStringLiteral("removeAction"), removeActionWords(), connection.users.deprovision.removeAction);
            connection.users.deprovision.onRuleDeletion =
                deprovision.flag(QStringLiteral("onRuleDeletion"), connection.users.deprovision.onRuleDeletion);
            deprovision.finish();
        });
        users.finish();
    });
    reader.object(QStringLiteral("groups"), [&](ObjectReader &groups) {
        connection.groups.create = groups.flag(QStringLiteral("create"), connection.groups.create);
        connection.groups.rename = groups.flag(QStringLiteral("rename"), connection.groups.rename);
        groups.object(QStringLiteral("delete"), [&](ObjectReader &deletion) {
            connection.groups.deletion.enabled =
                deletion.flag(QStringLiteral("enabled"), connection.groups.deletion.enabled);
            connection.groups.deletion.onRuleDeletion =
                deletion.flag(QStringLiteral("onRuleDeletion"), connection.groups.deletion.onRuleDeletion);
            deletion.finish();
        });
        connection.groups.memberships = groups.flag(QStringLiteral("memberships"), connection.groups.memberships);
        groups.finish();
    });
    reader.finish();
    return connection;
}

AttributeMapping readMapping(ObjectReader &reader)
{
    AttributeMapping mapping;
    mapping.target = reader.text(QStringLiteral("target"), kRequired);
    mapping.source = reader.text(QStringLiteral("source"));
    mapping.expression = reader.text(QStringLiteral("expression"));
    mapping.when = reader.choice(QStringLiteral("when"), mappingWhenWords(), mapping.when);
    reader.finish();
    return mapping;
}

Rule readRule(ObjectReader &reader)
{
    Rule rule;
    rule.name = reader.text(QStringLiteral("name"), kRequired);
    rule.description = reader.text(QStringLiteral("description"));
    rule.direction = reader.choice(QStringLiteral("direction"), directionWords(), rule.direction, kRequired);
    rule.connection = reader.text(QStringLiteral("connection"), kRequired);
    rule.enabled = reader.flag(QStringLiteral("enabled"), rule.enabled);
    rule.scope.baseDn = reader.text(QStringLiteral("baseDn"), kRequired);
    rule.scope.userOrganizationalUnits = reader.texts(QStringLiteral("userOrganizationalUnits"));
    rule.scope.userFilter = reader.text(QStringLiteral("userFilter"));
    rule.scope.groupOrganizationalUnits = reader.texts(QStringLiteral("groupOrganizationalUnits"));
    reader.objects(QStringLiteral("attributeMappings"),
                   [&](ObjectReader &row) { rule.mappings.users.append(readMapping(row)); });
    reader.object(QStringLiteral("onboarding"), [&](ObjectReader &onboarding) {
        rule.onboarding.population = onboarding.text(QStringLiteral("population"));
        rule.onboarding.authenticateViaLdap = onboarding.flag(QStringLiteral("authenticateViaLdap"), false);
        rule.onboarding.gatewayUserType = onboarding.text(QStringLiteral("gatewayUserType"));
        rule.onboarding.mfaDeviceManagement =
            onboarding.choice(QStringLiteral("mfaDeviceManagement"), mfaDeviceManagementWords(),
                              rule.onboarding.mfaDeviceManagement);
        onboarding.finish();
    });
    reader.object(QStringLiteral("guards"), [&](ObjectReader &guards) {
        for (const GuardKey &key : guardKeys())
            rule.guards.*key.value = guards.number(key.name, rule.guards.*key.value);
        rule.guards.unitLoss = guards.flag(kUnitLoss, rule.guards.unitLoss);
        guards.finish();
    });
    reader.object(QStringLiteral("schedule"), [&](ObjectReader &schedule) {
        rule.schedule.everySeconds = schedule.number(QStringLiteral("everySeconds"), rule.schedule.everySeconds);
        schedule.finish();
    });
    reader.finish();
    return rule;
}

Configuration read(const QJsonValue &json, ConfigFaults &faults)
{
    Configuration configuration;
    ObjectReader reader(json, {}, faults);
    reader.raw(QStringLiteral("$schema")); // for editors that complete and check by the schema
    reader.objects(QStringLiteral("populations"),
                   [&](ObjectReader &one) { configuration.populations.append(readPopulation(one)); });
    reader.objects(QStringLiteral("attributes"),
                   [&](ObjectReader &one) { configuration.attributes.append(readAttribute(one)); });
    reader.objects(QStringLiteral("gateways"),
                   [&](ObjectReader &one) { configuration.gateways.append(readGateway(one)); });
    reader.objects(QStringLiteral("connections"),
                   [&](ObjectReader &one) { configuration.connections.append(readConnection(one)); });
    reader.objects(QStringLiteral("rules"), [&](ObjectReader &one) { configuration.rules.append(readRule(one)); });
    const QJsonValue providers = reader.raw(QStringLiteral("identityProviders"));
    if (!providers.isUndefined() && !(providers.isArray() && providers.toArray().isEmpty()))
        faults.add(QStringLiteral("identityProviders"), QStringLiteral("not available in this version"),
                   QStringLiteral("external identity providers cannot be configured; leave the section out"),
                   Code::Unsupported);
    reader.finish();
    return configuration;
}

} // namespace

tl::expected<Configuration, QList<Error>> parseConfiguration(const QByteArray &json)
{
    const auto document = readJson(json);
    if (!document)
        return tl::unexpected(QList<Error>{document.error()});
    ConfigFaults faults;
    faults.faults = repeatedKeys(json);
    Configuration configuration =
        read(document->isObject() ? QJsonValue(document->object()) : QJsonValue(document->array()), faults);
    if (!faults.faults.isEmpty())
        return tl::unexpected(faults.faults);
    return configuration;
}

QStringList sectionsOf(const QByteArray &json)
{
    const auto document = readJson(json);
    QStringList sections = document ? document->object().keys() : QStringList();
    sections.removeAll(QStringLiteral("$schema"));
    return sections;
}

QStringList configurationKeys()
{
    QSet<QString> keys;
    ConfigFaults faults;
    faults.knownKeys = &keys;
    read(QJsonValue(), faults);
    QStringList sorted(keys.begin(), keys.end());
    sorted.sort();
    return sorted;
}

} // namespace gatehouse::core
