// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a sign-on leaves in the environment: the user with attributes, groups, link, password and the time, all or
// nothing. A sign-on is planned first, which only reads; record() plans again inside its transaction, so what is written
// is what a plan says. Belongs to the environment and its thread. It knows no password, only a hash that was made
// elsewhere, and gives hashes to nobody but the sign-on.
#pragma once

#include "core/externallink.h"
#include "core/identity.h"
#include "core/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QStringList>
#include <QUuid>

#include <optional>
#include <vector>

namespace gatehouse::store {

class Database;
class Identities;

/// Groups that come from outside: so many a user, and so many an environment together with its own.
inline constexpr qint64 kMaxGroupsOfUser = 10'000;
inline constexpr qint64 kMaxGroups = 100'000;

/// A group as a directory or an identity provider names it.
struct ExternalGroup {
    QString name;
    QString displayName;
    bool direct = true;
    bool operator==(const ExternalGroup &) const = default;
};
/// An external group by its name: the display name is the first RDN's value where the name is a DN, else the name.
ExternalGroup externalGroup(const QString &name, bool direct = true);

/// What becomes of a membership.
struct GroupChange {
    ExternalGroup group;
    enum class Kind { Kept, Added, Removed } kind = Kind::Kept;
    bool isNewGroup = false; ///< nobody was in it: it is made
    qint64 groupRow = 0;     ///< 0: not made yet
};

struct SignOn {
    core::User user; ///< as it shall be, authority included; row 0: to be created
    QDateTime at;    ///< becomes the time of the last sign-on
    QString gateway; ///< name of the groups' source
    QUuid gatewayId;
    /// The entry in the directory; empty: it was not looked at.
    QByteArray sourceId;
    QByteArray sourceDn;
    QJsonObject correlationAttributes; ///< of the user's link, name to text
    std::optional<QList<ExternalGroup>> groups; ///< nothing: memberships stay
    std::optional<QByteArray> passwordHash; ///< empty: the stored one is forgotten; nothing: it stays
    QString auditAction;  ///< what the audit says of it
    QString auditDetail;
};

struct SignOnPlan {
    std::optional<core::User> before; ///< nothing: there is none yet
    bool changesUser = false;         ///< attributes, population or authority
    QList<GroupChange> groups;        ///< by name; those that a rule provisions are left to the rule
    QList<core::Problem> problems;    ///< any of them forbids the whole
};

class SignOns {
public:
    SignOns(Database &database, Identities &identities) : m_database(database), m_identities(identities) {}

    /// What record() would do; writes nothing.
    [[nodiscard]] core::Result<SignOnPlan> plan(const SignOn &signOn);
    /// The user as stored. Fails as a whole: with the problems of the plan (Code::Conflict, detail says all of them), or
    /// when the environment could not be written.
    [[nodiscard]] core::Result<core::User> record(const SignOn &signOn);

    /// The names of the just-in-time groups of @p gateway that a user is in, sorted.
    [[nodiscard]] core::Result<QStringList> groupNames(qint64 user, const QString &gateway);
    /// Immutable ids of up to @p limit other people linked through the gateway who are in such groups.
    [[nodiscard]] core::Result<std::vector<QByteArray>> othersWithGroups(qint64 exceptUser, const QUuid &gatewayId,
                                                                         const QString &gateway, int limit);
    /// Empty when there is none.
    [[nodiscard]] core::Result<QByteArray> passwordHash(qint64 user);
    /// The user's link to a directory as `user show` writes it; link attributes are empty when none are known.
    [[nodiscard]] core::Result<core::ExternalLink> externalLink(qint64 user);

private:
    [[nodiscard]] core::Result<void> planGroups(const SignOn &signOn, SignOnPlan &plan);
    [[nodiscard]] core::Result<void> planLimits(const SignOn &signOn, SignOnPlan &plan);
    [[nodiscard]] core::Result<void> writeGroups(const SignOn &signOn, const SignOnPlan &plan, qint64 user);
    [[nodiscard]] core::Result<void> writeLink(const SignOn &signOn, qint64 user);
    [[nodiscard]] core::Result<void> writePassword(const SignOn &signOn, qint64 user);

    Database &m_database;
    Identities &m_identities;
};

} // namespace gatehouse::store
