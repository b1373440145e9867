// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/check.h"
#include "core/config/hostandport.h"
#include "core/dn.h"
#include "core/filter.h"
#include "core/ldapvalue.h"
#include "core/nearest.h"
#include "core/octets.h"
#include "core/signonmapping.h"

#include <QRegularExpression>

namespace gatehouse::core {

namespace {

/// Active Directory also binds "user@domain" and "DOMAIN\user" (MS-ADTS 5.1.1.1.1).
bool isActiveDirectoryLogon(const QString &name)
{
    static const QRegularExpression logon(QStringLiteral("\\A(?:[^\\s=@\\\\,]+@[^\\s=@\\\\,]+|[^\\s=@\\\\,]+\\\\[^=@\\\\,]+)\\z"));
    return logon.match(name).hasMatch();
}

bool isUserPrincipalName(const QString &name)
{
    static const QRegularExpression principal(QStringLiteral("\\A[^\\s@]+@[^\\s@]+\\z"));
    return principal.match(name).hasMatch();
}

} // namespace

void ConfigCheck::gateways()
{
    const QString section = QStringLiteral("gateways");
    uniqueNames(m_configuration.gateways, section);
    for (qsizetype i = 0; i < m_configuration.gateways.size(); ++i)
        gateway(m_configuration.gateways.at(i), QStringLiteral("%1[%2]").arg(section).arg(i));
}

void ConfigCheck::gateway(const Gateway &gateway, const QString &path)
{
    const QString namePath = path + QStringLiteral(".name");
    static const QRegularExpression namePattern(QStringLiteral("\\A[\\p{L}\\p{M}\\p{N}/.'_ -]*\\z"),
                                                QRegularExpression::UseUnicodePropertiesOption);
    if (!namePattern.match(gateway.name).hasMatch())
        add(namePath, QStringLiteral("not a gateway name"),
            QStringLiteral("letters, digits, spaces and / . ' _ - are allowed"));

    if (gateway.type == GatewayType::Radius) {
        radius(gateway, path);
        return;
    }
    for (const auto &[key, present] :
         {std::pair{QStringLiteral("radiusClients"), !gateway.radiusClients.isEmpty()},
          std::pair{QStringLiteral("defaultSharedSecret"),
                    gateway.defaultSharedSecret.kind != SecretReference::Kind::None},
          std::pair{QStringLiteral("networkPolicyServer"), gateway.networkPolicyServer.has_value()}}) {
        if (present)
            add(path + u'.' + key, QStringLiteral("not possible"), QStringLiteral("only RADIUS gateways have this"));
    }

    const QString serversPath = path + QStringLiteral(".serversHostAndPort");
    if (gateway.serversHostAndPort.isEmpty())
        add(serversPath, QStringLiteral("missing"), QStringLiteral("an LDAP gateway needs at least one server"));
    for (qsizetype i = 0; i < gateway.serversHostAndPort.size(); ++i) {
        const QString place = QStringLiteral("%1[%2]").arg(serversPath).arg(i);
        const QString &server = gateway.serversHostAndPort.at(i);
        if (auto parsed = parseHostAndPort(server); !parsed)
            add(place, parsed.error());
        else if (gateway.serversHostAndPort.indexOf(server) < i)
            add(place, QStringLiteral("server is listed twice"),
                QStringLiteral("\"%1\" stands above already").arg(server), Code::Exists);
    }

    const QString pin = path + QStringLiteral(".pinnedCertificateSha256");
    if (!gateway.pinnedCertificateSha256.isEmpty()) {
        static const QRegularExpression digits(QStringLiteral("\\A[0-9A-Fa-f]{64}\\z"));
        if (!digits.match(gateway.pinnedCertificateSha256).hasMatch())
            add(pin, QStringLiteral("not a SHA-256 fingerprint"), QStringLiteral("64 hexadecimal digits are expected"));
        if (gateway.connectionSecurity == ConnectionSecurity::None)
            add(pin, QStringLiteral("has no effect"),
                QStringLiteral("without TLS no certificate is ever seen: choose \"TLS\" or \"StartTLS\""),
                Code::Conflict);
    }

    bindAccount(gateway, path);
    kerberos(gateway, path + QStringLiteral(".kerberos"));

    const QString userTypesPath = path + QStringLiteral(".userTypes");
    uniqueNames(gateway.userTypes, userTypesPath);
    for (qsizetype i = 0; i < gateway.userTypes.size(); ++i)
        userType(gateway.userTypes.at(i), QStringLiteral("%1[%2]").arg(userTypesPath).arg(i));
}

void ConfigCheck::bindAccount(const Gateway &gateway, const QString &path)
{
    const bool isByTicket = gateway.bindMechanism == BindMechanism::Gssapi;
    if (isByTicket && gateway.vendor != Vendor::ActiveDirectory)
        add(path + QStringLiteral(".bindMechanism"), QStringLiteral("not possible"),
            QStringLiteral("a bind with a Kerberos ticket needs \"%1\"").arg(vendorName(Vendor::ActiveDirectory)),
            Code::Unsupported);
    if (isByTicket && gateway.bindDn.isEmpty() && !gateway.kerberos)
        add(path + QStringLiteral(".bindDN"), QStringLiteral("missing"),
            QStringLiteral("name the account whose ticket it is, e.g. svc-gatehouse@EXAMPLE.COM, or give the gateway a "
                           "\"kerberos\" service account"));
    if (isByTicket && !gateway.bindDn.isEmpty() && !isUserPrincipalName(gateway.bindDn))
        add(path + QStringLiteral(".bindDN"), QStringLiteral("not a user principal name"),
            QStringLiteral("a bind with a Kerberos ticket needs a name like svc-gatehouse@EXAMPLE.COM"));
    const bool isLogon = isByTicket || (gateway.vendor == Vendor::ActiveDirectory && isActiveDirectoryLogon(gateway.bindDn));
    if (!gateway.bindDn.isEmpty() && !isLogon) {
        if (auto dn = Dn::parse(gateway.bindDn); !dn)
            add(path + QStringLiteral(".bindDN"), dn.error());
    }
    // RFC 4513 5.1.2: a name without a password is an unauthenticated bind, which looks like a success.
    if (!gateway.bindDn.isEmpty() && gateway.bindPassword.kind == SecretReference::Kind::None)
        add(path + QStringLiteral(".bindPassword"), QStringLiteral("missing"),
            QStringLiteral("a bind DN needs a password: say where it is, or leave both out to bind anonymously"));
    if (gateway.bindDn.isEmpty() && gateway.bindPassword.kind != SecretReference::Kind::None)
        add(path + QStringLiteral(".bindDN"), QStringLiteral("missing"),
            QStringLiteral("a password without a bind DN is never sent"));
}

void ConfigCheck::radius(const Gateway &gateway, const QString &path)
{
    for (const auto &[key, present] : {std::pair{QStringLiteral("userTypes"), !gateway.userTypes.isEmpty()},
                                       std::pair{QStringLiteral("kerberos"), gateway.kerberos.has_value()}}) {
        if (present)
            add(path + u'.' + key, QStringLiteral("not possible"), QStringLiteral("only LDAP gateways have this"));
    }
    const QString clientsPath = path + QStringLiteral(".radiusClients");
    QStringList seen;
    for (qsizetype i = 0; i < gateway.radiusClients.size(); ++i) {
        const RadiusClient &client = gateway.radiusClients.at(i);
        const QString place = QStringLiteral("%1[%2]").arg(clientsPath).arg(i);
        if (!isIpAddress(client.ip))
            add(place + QStringLiteral(".ip"), QStringLiteral("not an IP address"),
                QStringLiteral("\"%1\" is neither an IPv4 nor an IPv6 address").arg(client.ip));
        else if (seen.contains(client.ip, Qt::CaseInsensitive))
            add(place + QStringLiteral(".ip"), QStringLiteral("client is listed twice"),
                QStringLiteral("\"%1\" stands above already").arg(client.ip), Code::Exists);
        seen.append(client.ip);
        // RFC 2865 3: client and server always share a secret.
        if (client.sharedSecret.kind == SecretReference::Kind::None
            && gateway.defaultSharedSecret.kind == SecretReference::Kind::None)
            add(place + QStringLiteral(".sharedSecret"), QStringLiteral("missing"),
                QStringLiteral("say where this client's secret is, or give the gateway a \"defaultSharedSecret\""));
    }
    if (gateway.networkPolicyServer) {
        const QString server = path + QStringLiteral(".networkPolicyServer");
        if (!isIpAddress(gateway.networkPolicyServer->ip))
            add(server + QStringLiteral(".ip"), QStringLiteral("not an IP address"),
                QStringLiteral("\"%1\" is neither an IPv4 nor an IPv6 address").arg(gateway.networkPolicyServer->ip));
    }
}

void ConfigCheck::kerberos(const Gateway &gateway, const QString &path)
{
    if (!gateway.kerberos)
        return;
    if (gateway.vendor != Vendor::ActiveDirectory)
        add(path, QStringLiteral("not possible"),
            QStringLiteral("Kerberos sign-on needs \"%1\"").arg(vendorName(Vendor::ActiveDirectory)),
            Code::Unsupported);
    if (!isUserPrincipalName(gateway.kerberos->serviceAccountUserPrincipalName))
        add(path + QStringLiteral(".serviceAccountUserPrincipalName"), QStringLiteral("not a user principal name"),
            QStringLiteral("it looks like svc-kerberos@EXAMPLE.COM; letter case counts"));
    if (gateway.kerberos->serviceAccountPassword.kind == SecretReference::Kind::None)
        add(path + QStringLiteral(".serviceAccountPassword"), QStringLiteral("missing"),
            QStringLiteral("tickets are read with the service account's password: say where it is"));
}

void ConfigCheck::userType(const UserType &userType, const QString &path)
{
    if (auto dn = Dn::parse(userType.searchBaseDn); !dn)
        add(path + QStringLiteral(".searchBaseDn"), dn.error());
    else if (dn->isEmpty())
        add(path + QStringLiteral(".searchBaseDn"), QStringLiteral("missing"),
            QStringLiteral("say where people are searched for, e.g. OU=Staff,DC=example,DC=com"));

    const QString linkPath = path + QStringLiteral(".orderedCorrelationAttributes");
    const QStringList &links = userType.orderedCorrelationAttributes;
    if (links.isEmpty())
        add(linkPath, QStringLiteral("missing"),
            QStringLiteral("name at least one attribute by which people are found, e.g. \"uid\""));
    for (qsizetype i = 0; i < links.size(); ++i) {
        const QString place = QStringLiteral("%1[%2]").arg(linkPath).arg(i);
        if (!isAttributeType(links.at(i).toUtf8()))
            add(place, QStringLiteral("not an LDAP attribute name"),
                QStringLiteral("\"%1\": letters, digits and hyphens are allowed").arg(links.at(i)));
        else if (links.first(i).contains(links.at(i), Qt::CaseInsensitive))
            add(place, QStringLiteral("attribute is listed twice"),
                QStringLiteral("\"%1\" stands above already").arg(links.at(i)), Code::Exists);
    }

    if (userType.updateUserOnSuccessfulAuthentication && userType.passwordAuthority != PasswordAuthority::Ldap)
        add(path + QStringLiteral(".updateUserOnSuccessfulAuthentication"), QStringLiteral("not possible"),
            QStringLiteral("updating people as they sign on needs \"passwordAuthority\": \"LDAP\""), Code::Conflict);
    if (userType.newUserLookup)
        newUserLookup(*userType.newUserLookup, path + QStringLiteral(".newUserLookup"));
}

void ConfigCheck::newUserLookup(const NewUserLookup &lookup, const QString &path)
{
    const QString filterPath = path + QStringLiteral(".ldapFilterPattern");
    if (auto filter = Filter::parse(lookup.ldapFilterPattern); !filter)
        add(filterPath, filter.error());
    else if (filter->replaced("${identifier}", "x") == *filter)
        add(filterPath, QStringLiteral("filter finds nobody in particular"),
            QStringLiteral("\"${identifier}\" must stand as a value in it, for what a person types, e.g. "
                           "(uid=${identifier})"));
    knownPopulation(lookup.population, path + QStringLiteral(".population"));

    const QString mappingsPath = path + QStringLiteral(".attributeMappings");
    QStringList known{kExternalGroupNames};
    for (int number = 0; number < m_catalog.size(); ++number)
        known.append(m_catalog.at(number).name);
    QStringList mapped;
    for (qsizetype i = 0; i < lookup.attributeMappings.size(); ++i) {
        const UserTypeMapping &mapping = lookup.attributeMappings.at(i);
        const QString place = QStringLiteral("%1[%2]").arg(mappingsPath).arg(i);
        if (!known.contains(mapping.name))
            add(place + QStringLiteral(".name"), QStringLiteral("unknown attribute"),
                QStringLiteral("there is no user attribute \"%1\"%2")
                    .arg(mapping.name, didYouMean(mapping.name, known)), Code::NotFound);
        else if (mapped.contains(mapping.name))
            add(place + QStringLiteral(".name"), QStringLiteral("attribute is mapped twice"),
                QStringLiteral("\"%1\" has a row above already").arg(mapping.name), Code::Exists);
        mapped.append(mapping.name);
        if (mapping.value.isEmpty())
            add(place + QStringLiteral(".value"), QStringLiteral("missing"),
                QStringLiteral("name the LDAP attribute: ${ldapAttributes.mail}"));
        else if (const auto value = LdapValue::parse(mapping.value); !value) {
            for (const Error &wrong : value.error())
                add(place + QStringLiteral(".value"), wrong);
        }
    }
    if (!mapped.contains(QStringLiteral("username")))
        add(mappingsPath, QStringLiteral("required attribute is not mapped"),
            QStringLiteral("\"username\" needs a row: people cannot be created without it"));
}

} // namespace gatehouse::core
