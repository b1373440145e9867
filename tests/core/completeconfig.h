// SPDX-License-Identifier: GPL-3.0-or-later
//
// One configuration file in which every key of the format stands and with which nothing is wrong; and the random
// configurations of property tests.
#pragma once

#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/plan/guards.h"
#include "tests/core/generators.h"

#include <QByteArray>

namespace gatehouse::test {

inline QByteArray completeConfiguration()
{
    return R"json({
"$schema": "gatehouse.schema.json",
"populations": [{"name": "Employees", "description": "Staff", "default": true}, {"name": "Guests", "default": false}],
"attributes": [
  {"name": "badge", "displayName": "Badge", "description": "Number on the card", "type": "STRING", "required": false,
   "unique": true, "multiValued": false, "maxLength": 20, "regexValidation": {"pattern": "[A-Z]+-\\d+"}},
  {"name": "profile", "type": "JSON"}, {"name": "remote", "type": "BOOLEAN"}],
"gateways": [
  {"name": "Head office", "description": "Two controllers", "type": "LDAP", "enabled": true,
   "vendor": "Microsoft Active Directory", "mode": "direct",
   "serversHostAndPort": ["dc1.example.com:636", "[2001:db8::1]:636"], "connectionSecurity": "TLS",
   "validateTlsCertificates": true, "caCertificateFile": "ca.pem",
   "pinnedCertificateSha256": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
   "followReferrals": false, "bindMechanism": "simple", "bindDN": "CN=svc,DC=example,DC=com",
   "bindPassword": {"env": "AD_PASSWORD"},
   "kerberos": {"serviceAccountUserPrincipalName": "svc-krb@EXAMPLE.COM",
                "serviceAccountPassword": {"keychain": true}, "minutesToRetainPreviousCredentials": 60},
   "userTypes": [
     {"name": "Staff", "passwordAuthority": "LDAP", "searchBaseDn": "OU=Staff,DC=example,DC=com",
      "orderedCorrelationAttributes": ["objectGUID", "dn", "sAMAccountName"], "allowPasswordChanges": true,
      "updateUserOnSuccessfulAuthentication": true},
     {"name": "Guests", "passwordAuthority": "LDAP", "searchBaseDn": "OU=Guests,DC=example,DC=com",
      "orderedCorrelationAttributes": ["mail"], "allowPasswordChanges": false,
      "updateUserOnSuccessfulAuthentication": true,
      "newUserLookup": {"ldapFilterPattern": "(|(sAMAccountName=${identifier})(mail=${identifier}))",
        "population": "Guests",
        "attributeMappings": [{"name": "username", "value": "${ldapAttributes.mail}"},
                              {"name": "externalGroupNames", "value": "${ldapAttributes.memberOf}"}],
        "nestedGroups": false}}]},
  {"name": "WLAN", "type": "RADIUS", "defaultSharedSecret": {"env": "RADIUS_SECRET"},
   "radiusClients": [{"ip": "192.0.2.10", "sharedSecret": {"file": "/run/secrets/ap"}, "blastRadiusMitigation": true},
                     {"ip": "2001:db8::10"}],
   "networkPolicyServer": {"ip": "192.0.2.20", "port": 1645}},
  {"name": "Branch", "vendor": "PingDirectory", "mode": "clients", "serversHostAndPort": ["pd:389"],
   "connectionSecurity": "StartTLS", "bindDN": "uid=svc", "bindPassword": {"keychain": true}},
  {"name": "Lab", "vendor": "OpenDJ Directory Server", "serversHostAndPort": ["192.0.2.7:389"],
   "connectionSecurity": "None", "bindDN": "uid=svc", "bindPassword": {"file": "/run/secrets/lab"}},
  {"name": "Plant", "vendor": "Microsoft Active Directory", "serversHostAndPort": ["dc3.example.com:636"],
   "kerberos": {"serviceAccountUserPrincipalName": "svc@PLANT.EXAMPLE.COM",
                "serviceAccountPassword": {"file": "/run/secrets/krb"}, "minutesToRetainPreviousCredentials": 0}},
  {"name": "Depot", "vendor": "Microsoft Active Directory", "serversHostAndPort": ["dc4.example.com:636"],
   "kerberos": {"serviceAccountUserPrincipalName": "svc@DEPOT.EXAMPLE.COM",
                "serviceAccountPassword": {"env": "KERBEROS_PASSWORD"}, "minutesToRetainPreviousCredentials": 0}},
  {"name": "VPN", "type": "RADIUS", "defaultSharedSecret": {"file": "/run/secrets/vpn"},
   "radiusClients": [{"ip": "192.0.2.30", "sharedSecret": {"env": "VPN_SECRET"}}]},
  {"name": "Hall", "type": "RADIUS", "defaultSharedSecret": {"keychain": true},
   "radiusClients": [{"ip": "192.0.2.40", "sharedSecret": {"keychain": true}}]}],
"connections": [
  {"name": "Head office", "description": "People and groups", "gateway": "Head office", "enabled": true,
   "users": {"create": true, "update": true, "disable": true,
             "deprovision": {"enabled": true, "removeAction": "Delete", "onRuleDeletion": true}},
   "groups": {"create": true, "rename": true, "delete": {"enabled": true, "onRuleDeletion": true},
              "memberships": true}}],
"rules": [
  {"name": "Staff in", "description": "All of staff", "direction": "inbound", "connection": "Head office",
   "enabled": true, "baseDn": "DC=example,DC=com", "userOrganizationalUnits": ["OU=Staff,DC=example,DC=com"],
   "userFilter": "(mail=*)", "groupOrganizationalUnits": ["OU=Groups,DC=example,DC=com"],
   "attributeMappings": [
     {"target": "username", "source": "sAMAccountName", "when": "always"},
     {"target": "name.formatted", "expression": "#string.join({givenName, sn}, ' ')", "when": "onCreate"},
     {"target": "badge", "source": "employeeNumber", "when": "whenEmpty"}],
   "onboarding": {"population": "Employees", "authenticateViaLdap": true, "gatewayUserType": "Staff",
                  "mfaDeviceManagement": "overwrite"},
   "guards": {"maxDeprovisions": 100, "maxDeprovisionPercent": 5, "maxBlanked": 30, "maxBlankedPercent": 3,
              "maxUpdates": 4000, "maxUpdatePercent": 40, "maxRenames": 10, "maxRenamePercent": 1,
              "maxMembershipRemovals": -1, "maxMembershipRemovalPercent": 25, "maxGroupDeletions": -1,
              "maxGroupDeletionPercent": 20, "maxDeviceRemovals": -1, "maxDeviceRemovalPercent": 50,
              "minReadPercent": 90, "unitLoss": false, "missingForSeconds": 86400},
   "schedule": {"everySeconds": 300}}],
"identityProviders": []
})json";
}

/// The same with mappings by source attribute only: nothing in it depends on the expression language.
inline core::Configuration goodConfiguration()
{
    auto configuration = core::parseConfiguration(completeConfiguration());
    configuration->rules[0].mappings.users.removeAt(1);
    return *configuration;
}

/// The same with an id for everything, as in an environment.
inline core::Configuration withIds(core::Configuration configuration)
{
    const auto give = [](auto &things) {
        for (auto &thing : things)
            thing.id = QUuid::createUuid();
    };
    give(configuration.populations);
    give(configuration.gateways);
    for (core::Gateway &gateway : configuration.gateways)
        give(gateway.userTypes);
    give(configuration.connections);
    give(configuration.rules);
    return configuration;
}

template <typename E>
rc::Gen<E> oneOf(const std::vector<E> &values)
{
    return rc::gen::elementOf(values);
}

inline rc::Gen<QString> shortText()
{
    return rc::gen::map(text(), [](const QString &value) { return value.left(40); });
}

/// A name that is unlike the others by its number.
inline QString drawName(int number)
{
    return *shortText() + QString::number(number);
}

inline QStringList drawTexts()
{
    const auto texts = *rc::gen::resize(5, rc::gen::container<std::vector<QString>>(shortText()));
    return QStringList(texts.begin(), texts.end());
}

inline bool drawFlag()
{
    return *rc::gen::arbitrary<bool>();
}

inline int drawCount()
{
    return *rc::gen::inRange(0, 4);
}

/// Draws any configuration that the file format can hold, sensible or not. Within rc::check() only.
inline core::Configuration drawConfiguration()
{
    using namespace core;
    Configuration configuration;
    for (int i = drawCount(); i > 0; --i) {
        Population population;
        population.name = drawName(i);
        population.description = *shortText();
        population.isDefault = drawFlag();
        configuration.populations.append(population);
    }
    for (int i = drawCount(); i > 0; --i) {
        AttributeDefinition attribute;
        attribute.schemaType = SchemaType::Custom;
        attribute.name = drawName(i);
        attribute.displayName = drawName(i);
        attribute.description = *shortText();
        attribute.type = *oneOf<AttributeType>({AttributeType::String, AttributeType::Boolean, AttributeType::Json});
        attribute.required = drawFlag();
        attribute.unique = drawFlag();
        attribute.multiValued = drawFlag();
        attribute.maxLength = *rc::gen::arbitrary<int>();
        attribute.pattern = *shortText();
        configuration.attributes.append(attribute);
    }
    for (int i = drawCount(); i > 0; --i) {
        Gateway gateway;
        gateway.name = drawName(i);
        gateway.description = *shortText();
        gateway.type = *oneOf<GatewayType>({GatewayType::Ldap, GatewayType::Radius});
        gateway.enabled = drawFlag();
        const QList<Vendor> vendors = allVendors();
        gateway.vendor = *oneOf(std::vector<Vendor>(vendors.begin(), vendors.end()));
        gateway.mode = *oneOf<GatewayMode>({GatewayMode::Direct, GatewayMode::Clients});
        gateway.serversHostAndPort = drawTexts();
        gateway.connectionSecurity = *oneOf<ConnectionSecurity>(
            {ConnectionSecurity::None, ConnectionSecurity::Tls, ConnectionSecurity::StartTls});
        gateway.validateTlsCertificates = drawFlag();
        gateway.caCertificateFile = *shortText();
        gateway.pinnedCertificateSha256 = drawFlag() ? QStringLiteral("00ff") : QString();
        gateway.followReferrals = drawFlag();
        gateway.bindMechanism = *oneOf<BindMechanism>({BindMechanism::Simple, BindMechanism::Gssapi});
        gateway.bindDn = *shortText();
        gateway.bindPassword = *oneOf<SecretReference>({{SecretReference::Kind::None, {}},
                                                        {SecretReference::Kind::Keychain, {}},
                                                        {SecretReference::Kind::Environment, QStringLiteral("A")},
                                                        {SecretReference::Kind::File, QStringLiteral("/a")}});
        if (drawFlag())
            gateway.kerberos = Kerberos{drawName(i), gateway.bindPassword, *rc::gen::arbitrary<int>()};
        for (int j = drawCount(); j > 0; --j)
            gateway.radiusClients.append({drawName(j), gateway.bindPassword, drawFlag()});
        gateway.defaultSharedSecret = gateway.bindPassword;
        if (drawFlag())
            gateway.networkPolicyServer = NetworkPolicyServer{drawName(i), *rc::gen::arbitrary<int>()};
        for (int j = drawCount(); j > 0; --j) {
            UserType userType;
            userType.name = drawName(j);
            userType.passwordAuthority = *oneOf<PasswordAuthority>({PasswordAuthority::PingOne, PasswordAuthority::Ldap});
            userType.searchBaseDn = drawName(j);
            userType.orderedCorrelationAttributes = drawTexts();
            userType.allowPasswordChanges = drawFlag();
            userType.updateUserOnSuccessfulAuthentication = drawFlag();
            if (drawFlag()) {
                NewUserLookup lookup{drawName(j), drawName(j), {}};
                for (int k = drawCount(); k > 0; --k)
                    lookup.attributeMappings.append({drawName(k), drawName(k)});
                lookup.nestedGroups = drawFlag();
                userType.newUserLookup = lookup;
            }
            gateway.userTypes.append(userType);
        }
        configuration.gateways.append(gateway);
    }
    for (int i = drawCount(); i > 0; --i) {
        Connection connection;
        connection.name = drawName(i);
        connection.description = *shortText();
        connection.gateway = drawName(i);
        for (bool *flag :
             {&connection.enabled, &connection.users.create, &connection.users.update, &connection.users.disable,
              &connection.users.deprovision.enabled, &connection.users.deprovision.onRuleDeletion,
              &connection.groups.create, &connection.groups.rename, &connection.groups.deletion.enabled,
              &connection.groups.deletion.onRuleDeletion, &connection.groups.memberships})
            *flag = drawFlag();
        connection.users.deprovision.removeAction = *oneOf<RemoveAction>({RemoveAction::Disable, RemoveAction::Delete});
        configuration.connections.append(connection);
    }
    for (int i = drawCount(); i > 0; --i) {
        Rule rule;
        rule.name = drawName(i);
        rule.description = *shortText();
        rule.direction = *oneOf<Direction>({Direction::Inbound, Direction::Outbound});
        rule.connection = drawName(i);
        rule.enabled = drawFlag();
        rule.scope.baseDn = drawName(i);
        rule.scope.userOrganizationalUnits = drawTexts();
        rule.scope.userFilter = *shortText();
        rule.scope.groupOrganizationalUnits = drawTexts();
        for (int j = drawCount(); j > 0; --j)
            rule.mappings.users.append(
                {drawName(j), *shortText(), *shortText(),
                 *oneOf<MappingWhen>({MappingWhen::Always, MappingWhen::OnCreate, MappingWhen::WhenEmpty})});
        rule.onboarding = {*shortText(), drawFlag(), *shortText(),
                           *oneOf<MfaDeviceManagement>({MfaDeviceManagement::Merge, MfaDeviceManagement::Overwrite,
                                                        MfaDeviceManagement::DoNotManage})};
        for (const core::GuardKey &key : core::guardKeys())
            rule.guards.*key.value = *rc::gen::arbitrary<int>();
        rule.guards.unitLoss = drawFlag();
        rule.schedule.everySeconds = *rc::gen::arbitrary<int>();
        configuration.rules.append(rule);
    }
    return configuration;
}

} // namespace gatehouse::test
