// SPDX-License-Identifier: GPL-3.0-or-later
//
// An environment's configuration as one value: populations, custom attributes, gateways with their user types,
// connections, rules. The window, the command line and the file all change it in the same way: take the value,
// change it, validate it whole, save it whole (store::Configurations). Things refer to each other by name, as in the
// file; rename() keeps references. Pure values, any thread; nothing here touches a file or a secret.
#pragma once

#include "core/identity.h"
#include "core/result.h"

#include <QJsonObject>
#include <QList>
#include <QUuid>

#include <optional>

namespace gatehouse::core {

/// Where a secret is kept; never the secret itself.
struct SecretReference {
    enum class Kind { None, Keychain, Environment, File };
    Kind kind = Kind::None;
    QString name; ///< variable or path; empty for the keychain
    bool operator==(const SecretReference &) const = default;
};

enum class GatewayType { Ldap, Radius };
enum class Vendor {
    PingDirectory,
    ActiveDirectory,
    OracleDsee,
    OracleUnifiedDirectory,
    CaDirectory,
    OpenDj,
    IbmTivoli,
    Ldapv3,
};
enum class ConnectionSecurity { None, Tls, StartTls };
enum class GatewayMode { Direct, Clients };
/// How a gateway's account proves who it is: with its password, or with a Kerberos ticket (SASL GSSAPI, RFC 4752).
enum class BindMechanism { Simple, Gssapi };
enum class PasswordAuthority { PingOne, Ldap };

struct UserTypeMapping {
    QString name;  ///< PingOne attribute, or "externalGroupNames"
    QString value; ///< "${ldapAttributes.uid}" or an expression
    bool operator==(const UserTypeMapping &) const = default;
};

struct NewUserLookup {
    QString ldapFilterPattern; ///< with ${identifier}
    QString population;
    QList<UserTypeMapping> attributeMappings;
    bool nestedGroups = false; ///< external groups also through other groups, not by direct membership alone
    bool operator==(const NewUserLookup &) const = default;
};

struct UserType {
    QUuid id;
    QString name;
    PasswordAuthority passwordAuthority = PasswordAuthority::Ldap;
    QString searchBaseDn;
    QStringList orderedCorrelationAttributes;
    bool allowPasswordChanges = false;
    bool updateUserOnSuccessfulAuthentication = false;
    std::optional<NewUserLookup> newUserLookup; ///< present: migration of new users is enabled
    bool operator==(const UserType &) const = default;
};

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

enum class RemoveAction { Disable, Delete };

struct Connection {
    QUuid id;
    QString name;
    QString description;
    QString gateway;
    bool enabled = true;
    bool createUsers = true;
    bool updateUsers = true;
    bool disableUsers = true;
    bool deprovisionUsers = false;
    RemoveAction removeAction = RemoveAction::Disable;
    bool deprovisionOnRuleDeletion = false;
    bool createGroups = false;
    bool renameGroups = false;
    bool deleteGroups = false;
    bool deleteGroupsOnRuleDeletion = false;
    bool syncMemberships = false;
    bool operator==(const Connection &) const = default;
};

enum class Direction { Inbound, Outbound };
enum class MappingWhen { Always, OnCreate, WhenEmpty };

/// One row of a rule's mapping: exactly one of source and expression is set.
struct AttributeMapping {
    QString target;
    QString source;
    QString expression;
    MappingWhen when = MappingWhen::Always;
    bool operator==(const AttributeMapping &) const = default;
};

enum class MfaDeviceManagement { Merge, Overwrite, DoNotManage };

struct Onboarding {
    QString population; ///< empty: the default population
    bool authenticateViaLdap = false;
    QString gatewayUserType;
    MfaDeviceManagement mfaDeviceManagement = MfaDeviceManagement::Merge;
    bool operator==(const Onboarding &) const = default;
};

/// Limits that stop a run before its first change; -1: no limit, 0: not one. One object is within every percentage but 0.
struct Guards {
    int maxDeprovisions = 500; ///< people disabled or deleted, from whatever cause
    int maxDeprovisionPercent = 10; ///< of the people that the rule has linked
    int maxBlanked = -1;            ///< people who lose the value of one attribute
    int maxBlankedPercent = 20;     ///< of those who had it
    int maxUpdates = -1;
    int maxUpdatePercent = -1; ///< of the people that the rule has linked
    int maxRenames = -1;       ///< people whose username changes
    int maxRenamePercent = -1; ///< of the people that the rule has linked
    // No run touches these yet; warnings() says so of whoever sets them.
    int maxMembershipRemovals = -1;
    int maxMembershipRemovalPercent = 25;
    int maxGroupDeletions = -1;
    int maxGroupDeletionPercent = 20;
    int maxDeviceRemovals = -1;
    int maxDeviceRemovalPercent = 50;
    int minReadPercent = 50; ///< of the entries of the last good run; a read of nothing stops whatever this is
    bool unitLoss = true;    ///< everybody below one organizational unit vanishing stops the run
    int missingForSeconds = 0; ///< how long somebody must have been missing before anything is done to them
    bool operator==(const Guards &) const = default;
};

struct Rule {
    QUuid id;
    QString name;
    QString description;
    Direction direction = Direction::Inbound;
    QString connection;
    bool enabled = true;
    QString baseDn;
    QStringList userOrganizationalUnits;
    QString userFilter; ///< RFC 4515, as it is: nothing is added to it; empty: the vendor's filter for people
    QStringList groupOrganizationalUnits;
    QList<AttributeMapping> attributeMappings;
    Onboarding onboarding;
    Guards guards;
    int everySeconds = 150; ///< schedule
    bool operator==(const Rule &) const = default;
};

struct Configuration {
    QList<Population> populations;
    QList<AttributeDefinition> attributes;
    QList<Gateway> gateways;
    QList<Connection> connections;
    QList<Rule> rules;

    const Population *population(const QString &name) const;
    const Population *defaultPopulation() const;
    const Gateway *gateway(const QString &name) const;
    const Connection *connection(const QString &name) const;
    const Rule *rule(const QString &name) const;
    bool operator==(const Configuration &) const = default;
};

/// The vendor exactly as the PingOne API and console write it, e.g. "Microsoft Active Directory".
QString vendorName(Vendor vendor);
QList<Vendor> allVendors();

/// Reads a configuration file. All faults are returned at once, each with its JSON path in `where` (for example
/// "gateways[0].serversHostAndPort[1]"): unknown keys, wrong types, bad values. Does not look at references between
/// things: validate() does.
[[nodiscard]] tl::expected<Configuration, QList<Error>> parseConfiguration(const QByteArray &json);

/// Every fault of the whole: dangling and duplicate names, bad DNs, filters and mappings, limits, exclusions between
/// user types and rules. `where` is the JSON path. Empty when all is well.
QList<Error> validate(const Configuration &configuration);

/// What is accepted in a file, but better done otherwise; editors refuse it. `where` is the JSON path.
QList<Error> warnings(const Configuration &configuration);

/// What warnings() says of whom @p rule lets in although the directory has disabled them.
QList<Error> enablingWarnings(const Rule &rule, const Connection &connection, const QString &path);

/// One line of a difference: "rules[Staff in].guards.maxDeprovisions", before, after. Absent sides are Undefined.
struct ConfigurationChange {
    QString path;
    QJsonValue before;
    QJsonValue after;
};
/// What apply would change in @p current to reach @p wanted. Ids only tell what was renamed. Sections that the file does not
/// mention are left alone, so @p wanted must be the result of merge().
QList<ConfigurationChange> difference(const Configuration &current, const Configuration &wanted);

/// @p file laid over @p current: things are matched by name and keep their ids; a gateway, user type, connection or rule
/// that the file calls by another name, and nothing else, is the one that it was, and so is one that leads to the same
/// directory or means the same people. A section present in the file replaces the whole section, an absent one stays.
/// @p sections are the top-level keys found in the file.
Configuration merge(const Configuration &current, const Configuration &file, const QStringList &sections);
/// The top-level keys of a configuration file, for merge().
QStringList sectionsOf(const QByteArray &json);
/// Every key that the file format knows, as a path without indices ("gateways[].userTypes[].name"), sorted.
QStringList configurationKeys();

/// The configuration as the file format writes it; defaults are written out, ids and secrets are not.
QJsonObject toJson(const Configuration &configuration);
QJsonObject toJson(const Gateway &gateway);
QJsonObject toJson(const Connection &connection);
QJsonObject toJson(const Rule &rule);

/// Renames a thing and every reference to it. @p section is "populations", "gateways", "connections" or "rules".
Configuration rename(Configuration configuration, const QString &section, const QString &from, const QString &to);
/// Renames a user type of @p gateway and the rules that authenticate by it.
Configuration renameUserType(Configuration configuration, const QString &gateway, const QString &from,
                             const QString &to);

/// Default mappings of an inbound rule for a vendor (reference 6.1).
QList<AttributeMapping> defaultInboundMappings(Vendor vendor);

/// A user type with the link attributes, the filter and the rows that are usual in a vendor's directory; its base and
/// population are left open. With migration.
UserType defaultUserType(Vendor vendor);

/// "host:port" split; Error with what is wrong. IPv6 with or without brackets; port 1 to 65535.
struct HostAndPort {
    QString host;
    quint16 port = 0;
};
[[nodiscard]] Result<HostAndPort> parseHostAndPort(const QString &text);
/// An IPv4 address, or an IPv6 one without brackets.
bool isIpAddress(const QString &text);

} // namespace gatehouse::core
