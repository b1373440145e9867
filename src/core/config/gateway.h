// SPDX-License-Identifier: GPL-3.0-or-later
//
// A link to an LDAP directory: servers, security, the account, the user types. Pure values.
#pragma once

#include "core/config/secretreference.h"
#include "core/config/security.h"
#include "core/config/usertype.h"
#include "core/config/vendor.h"

#include <QList>
#include <QStringList>
#include <QUuid>

#include <optional>

namespace gatehouse::core {

enum class GatewayType { Ldap, Radius };
enum class GatewayMode { Direct, Clients };

/// The account that the tickets are for with which people sign on (Active Directory only).
struct Kerberos {
    static constexpr int kShortestRetention = 1;
    static constexpr int kLongestRetention = 10'080; ///< a week
    QString serviceAccountUserPrincipalName; ///< letter case counts
    SecretReference serviceAccountPassword;
    int minutesToRetainPreviousCredentials = 610; ///< how long the password before still counts; 0: none is kept
    bool operator==(const Kerberos &) const = default;
};

/// A device that asks a RADIUS gateway.
struct RadiusClient {
    QString ip;
    SecretReference sharedSecret; ///< None: the gateway's default
    bool blastRadiusMitigation = false; ///< requests without a Message-Authenticator are refused (CVE-2024-3596)
    bool operator==(const RadiusClient &) const = default;
};

/// Where a RADIUS gateway hands requests on to.
struct NetworkPolicyServer {
    QString ip;
    int port = 1812; ///< RFC 2865 3
    bool operator==(const NetworkPolicyServer &) const = default;
};

struct Gateway {
    QUuid id;
    QString name;
    QString description;
    GatewayType type = GatewayType::Ldap;
    bool enabled = true; ///< the default in a file; the window's wizards start with false
    Vendor vendor = Vendor::Ldapv3;
    GatewayMode mode = GatewayMode::Direct;
    QStringList serversHostAndPort; ///< failover order; "host:port", "[v6]:port" or "v6:port"
    ConnectionSecurity connectionSecurity = ConnectionSecurity::Tls;
    bool validateTlsCertificates = true; ///< false: "Allow TLS connections with untrusted certificates"
    QString caCertificateFile;           ///< PEM; empty: the system's
    QString pinnedCertificateSha256;     ///< hex; trust exactly this certificate instead of a chain
    bool followReferrals = false;
    BindMechanism bindMechanism = BindMechanism::Simple; ///< Gssapi: Active Directory only
    /// Empty: anonymous. With Gssapi a user principal name; empty: the Kerberos service account.
    QString bindDn;
    SecretReference bindPassword;
    std::optional<Kerberos> kerberos;    ///< Active Directory only
    QList<UserType> userTypes;
    // A RADIUS gateway has these and nothing of the above but its name: it is recorded and never provisions.
    QList<RadiusClient> radiusClients;
    SecretReference defaultSharedSecret;
    std::optional<NetworkPolicyServer> networkPolicyServer;
    bool operator==(const Gateway &) const = default;
};

} // namespace gatehouse::core
