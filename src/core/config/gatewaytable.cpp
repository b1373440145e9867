// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/gateway.h"
#include "core/config/tables.h"

namespace gatehouse::core {

namespace {

const Table<UserTypeMapping> &userTypeMappingTable()
{
    static const Table<UserTypeMapping> table("One attribute.", [](Table<UserTypeMapping> &keys) {
        keys.identity = QStringLiteral("name");
        keys.text("name", &UserTypeMapping::name, "The user's attribute, e.g. name.given, or externalGroupNames.")
            .require()
            .says(QStringLiteral("minLength"), 1);
        keys.text(
                "value", &UserTypeMapping::value,
                "${ldapAttributes.NAME}, a text with such attributes in it, or an expression over ldapAttributes.NAME.")
            .require()
            .says(QStringLiteral("minLength"), 1);
    });
    return table;
}

const Table<NewUserLookup> &newUserLookupTable()
{
    static const Table<NewUserLookup> table(
        "How a user is found and created at the first sign-on.", [](Table<NewUserLookup> &keys) {
            keys.definition = QStringLiteral("newUserLookup");
            keys.text("ldapFilterPattern", &NewUserLookup::ldapFilterPattern,
                      "The filter (RFC 4515); ${identifier} stands for what was typed.")
                .require()
                .says(QStringLiteral("pattern"), QStringLiteral("\\$\\{identifier\\}"));
            keys.text("population", &NewUserLookup::population, "The population that new users go to.")
                .require()
                .is(QStringLiteral("name"));
            keys.list("attributeMappings", &NewUserLookup::attributeMappings, userTypeMappingTable(),
                      "Where the user's attributes come from; username must be among them.")
                .need();
            keys.flag("nestedGroups", &NewUserLookup::nestedGroups,
                      "Groups also through other groups, not by direct membership alone.");
        });
    return table;
}

const Table<Kerberos> &kerberosTable()
{
    static const Table<Kerberos> table(
        "Sign-on with Kerberos tickets; Microsoft Active Directory only.", [](Table<Kerberos> &keys) {
            keys.text("serviceAccountUserPrincipalName", &Kerberos::serviceAccountUserPrincipalName,
                      "The service account, e.g. svc-kerberos@EXAMPLE.COM; letter case counts.")
                .require()
                .says(QStringLiteral("pattern"), QStringLiteral("^[^\\s@]+@[^\\s@]+$"));
            keys.secret("serviceAccountPassword", &Kerberos::serviceAccountPassword, "Where its password is.");
            keys.number(
                    "minutesToRetainPreviousCredentials", &Kerberos::minutesToRetainPreviousCredentials,
                    "How long the account's password before still counts for tickets, when a new one is put into the "
                    "keychain; 0: none is kept. Only the keychain keeps any.",
                    0, Kerberos::kLongestRetention)
                .check = [](const void *kerberos, const Place &place, Faults &faults) {
                if (const int minutes = static_cast<const Kerberos *>(kerberos)->minutesToRetainPreviousCredentials)
                    checkRange(minutes, Kerberos::kShortestRetention, Kerberos::kLongestRetention, place, faults);
            };
        });
    return table;
}

const Table<RadiusClient> &radiusClientTable()
{
    static const Table<RadiusClient> table("One device.", [](Table<RadiusClient> &keys) {
        keys.identity = QStringLiteral("ip");
        keys.text("ip", &RadiusClient::ip, "Its IPv4 or IPv6 address.").require().says(QStringLiteral("minLength"), 2);
        keys.secret("sharedSecret", &RadiusClient::sharedSecret,
                    "Where the secret is that it shares with the gateway; the gateway's default where it is left out.");
        keys.flag("blastRadiusMitigation", &RadiusClient::blastRadiusMitigation,
                  "Refuse its requests that have no Message-Authenticator.");
    });
    return table;
}

const Table<NetworkPolicyServer> &networkPolicyServerTable()
{
    static const Table<NetworkPolicyServer> table(
        "The server that a RADIUS gateway hands requests on to.", [](Table<NetworkPolicyServer> &keys) {
            keys.text("ip", &NetworkPolicyServer::ip, "Its IPv4 or IPv6 address.")
                .require()
                .says(QStringLiteral("minLength"), 2);
            keys.number("port", &NetworkPolicyServer::port, "Its UDP port.", 1, 65535);
        });
    return table;
}

QString fingerprintDigits(QString text)
{
    // OpenSSL prints "AB:CD:…", browsers "ab cd …".
    return text.remove(u':').remove(u' ').toLower();
}

/// What an LDAP gateway needs and a RADIUS gateway does not.
QJsonObject byType()
{
    const QJsonObject isRadius{
        {QStringLiteral("properties"),
         QJsonObject{{QStringLiteral("type"), QJsonObject{{QStringLiteral("const"), QStringLiteral("RADIUS")}}}}},
        {QStringLiteral("required"), QJsonArray{QStringLiteral("type")}}};
    const QJsonObject some{{QStringLiteral("minItems"), 1}};
    return {{QStringLiteral("if"), isRadius},
            {QStringLiteral("else"),
             QJsonObject{{QStringLiteral("required"),
                          QJsonArray{QStringLiteral("vendor"), QStringLiteral("serversHostAndPort")}},
                         {QStringLiteral("properties"), QJsonObject{{QStringLiteral("serversHostAndPort"), some}}}}}};
}

void addConnectionKeys(Table<Gateway> &keys)
{
    keys.choice("mode", &Gateway::mode, gatewayModeWords(),
                "direct: this machine connects; clients: gateway clients beside the directory connect.");
    keys.texts("serversHostAndPort", &Gateway::serversHostAndPort,
               "The servers in the order in which they are tried: host:port, an IPv6 address in brackets or bare.")
        .says(QStringLiteral("uniqueItems"), true)
        .holds({{QStringLiteral("type"), QStringLiteral("string")}, {QStringLiteral("minLength"), 3}});
    keys.choice("connectionSecurity", &Gateway::connectionSecurity, connectionSecurityWords(),
                "How the connection is secured.");
    keys.flag("validateTlsCertificates", &Gateway::validateTlsCertificates,
              "Check the server's certificate: chain, host name and dates.");
    keys.text("caCertificateFile", &Gateway::caCertificateFile,
              "The certificates to trust, a PEM file; those of the system where it is left out.");
    keys.text("pinnedCertificateSha256", &Gateway::pinnedCertificateSha256,
              "Trust exactly the certificate with this SHA-256 fingerprint, instead of a chain: 64 hexadecimal digits, "
              "with "
              "or without colons.")
        .keptAs(fingerprintDigits)
        .says(QStringLiteral("pattern"), QStringLiteral("^([0-9A-Fa-f]{2}[: ]?){31}[0-9A-Fa-f]{2}$|^$"));
    keys.flag("followReferrals", &Gateway::followReferrals,
              "Follow referrals to other servers of this gateway; its account binds at no others. What is elsewhere is "
              "named as not read.");
    keys.choice("bindMechanism", &Gateway::bindMechanism, bindMechanismWords(),
                "How the account proves who it is: with its password, or with a Kerberos ticket (Microsoft Active "
                "Directory only).");
    keys.text("bindDN", &Gateway::bindDn,
              "The account to bind with; anonymous where it is left out. Active Directory also takes user@domain and "
              "DOMAIN\\user. With GSSAPI: the user principal name; where it is left out, the Kerberos service account "
              "binds.");
    keys.secret("bindPassword", &Gateway::bindPassword, "Where its password is.");
    keys.object("kerberos", &Gateway::kerberos, kerberosTable());
}

void addRadiusKeys(Table<Gateway> &keys)
{
    keys.list("radiusClients", &Gateway::radiusClients, radiusClientTable(), "The devices that ask a RADIUS gateway.",
              Table<Gateway>::Empty::LeftOut);
    keys.secret("defaultSharedSecret", &Gateway::defaultSharedSecret,
                "Where the secret of RADIUS clients is that have none of their own.");
    keys.object("networkPolicyServer", &Gateway::networkPolicyServer, networkPolicyServerTable());
}

} // namespace

const Table<UserType> &userTypeTable()
{
    static const Table<UserType> table("How one kind of user is found in the directory.", [](Table<UserType> &keys) {
        keys.definition = QStringLiteral("userType");
        keys.thingName();
        keys.choice("passwordAuthority", &UserType::passwordAuthority, passwordAuthorityWords(),
                    "Who checks the password after the first sign-on.");
        keys.text("searchBaseDn", &UserType::searchBaseDn, "Where users are searched for, with all that is below it.")
            .require()
            .is(QStringLiteral("dn"));
        keys.texts("orderedCorrelationAttributes", &UserType::orderedCorrelationAttributes,
                   "The user link attributes, tried in this order until exactly one user matches; \"dn\" is the name "
                   "of the "
                   "entry.")
            .need()
            .says(QStringLiteral("minItems"), 1)
            .says(QStringLiteral("uniqueItems"), true)
            .holds({{QStringLiteral("$ref"), QStringLiteral("#/$defs/ldapAttribute")}});
        keys.flag("allowPasswordChanges", &UserType::allowPasswordChanges,
                  "Passwords changed here are written to the directory.");
        keys.flag("updateUserOnSuccessfulAuthentication", &UserType::updateUserOnSuccessfulAuthentication,
                  "Update the user's attributes at every sign-on; only with passwordAuthority LDAP.");
        keys.object(
            "newUserLookup", &UserType::newUserLookup, newUserLookupTable(),
            "Present: users are created at their first sign-on. Then no rule should authenticate by this user type.");
    });
    return table;
}

const Table<Gateway> &gatewayTable()
{
    static const Table<Gateway> table(
        "A link to an LDAP directory. A RADIUS gateway can be recorded, but never provisions.",
        [](Table<Gateway> &keys) {
            keys.definition = QStringLiteral("gateway");
            keys.conditions = byType();
            keys.thingName()
                .says(QStringLiteral("description"),
                      QStringLiteral("The name: letters, digits, spaces, and any of / . ' _ - in it."))
                .says(QStringLiteral("pattern"), QStringLiteral("^[^\\x00-\\x1f!-&(-,:-@\\[-^`{-\\x7f]*$"));
            keys.thingDescription();
            keys.choice("type", &Gateway::type, gatewayTypeWords(), "The kind of gateway.");
            keys.flag("enabled", &Gateway::enabled, "May be used.");
            keys.choice(
                    "vendor", &Gateway::vendor, vendorWords(),
                    "The directory product; it decides on the immutable id, on what a person is and on what disabled "
                    "means.")
                .requiredWhen = [](const void *gateway) {
                return static_cast<const Gateway *>(gateway)->type == GatewayType::Ldap;
            };
            addConnectionKeys(keys);
            addRadiusKeys(keys);
            keys.list("userTypes", &Gateway::userTypes, userTypeTable(),
                      "How kinds of users are found in the directory, in the order in which they are tried.")
                .ordered();
        });
    return table;
}

} // namespace gatehouse::core
