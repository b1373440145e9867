// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows by which tables refer to gateways, rules, populations and authorities, for the ids and names by which
// everybody else knows them. Numbers for gateways and rules are made at need and never used again. Numbers keeps those
// that it has been asked for: made for one transaction, in its thread.
#pragma once

#include "core/plan/step.h"
#include "core/result.h"

#include <QHash>
#include <QUuid>

namespace gatehouse::store {

class Database;

// memberships.source; above it a rule's number.
inline constexpr qint64 kByHand = 0;
inline constexpr qint64 kBySignOn = -1;

// A read-only environment answers 0 for new ones.
[[nodiscard]] core::Result<qint64> gatewayNumber(Database &database, const QUuid &gateway);
[[nodiscard]] core::Result<qint64> ruleNumber(Database &database, const QUuid &rule);
/// Number -> id, of all rules that links ever named.
[[nodiscard]] core::Result<QHash<qint64, QUuid>> ruleIds(Database &database);

/// The row of the authority a user is checked by; 0 when it is this directory. Made at need.
[[nodiscard]] core::Result<qint64> authorityRow(Database &database, const core::Authority &authority);
/// By the names in the configuration; 0 when @p gateway is empty.
[[nodiscard]] core::Result<qint64> authorityRow(Database &database, const QString &gateway, const QString &userType);
/// @p population when it is not 0, else the default one's row.
[[nodiscard]] core::Result<qint64> populationOrDefault(Database &database, qint64 population);
/// NotFound where it was deleted; the default one's row for a null id.
[[nodiscard]] core::Result<qint64> populationRow(Database &database, const QUuid &population);

class Numbers;
/// What a user has beside its attributes; the user is there.
[[nodiscard]] core::Result<core::Frame> frameOf(Database &database, Numbers &numbers, qint64 userRow);

class Numbers {
public:
    explicit Numbers(Database &database) : m_database(database) {}
    /// 0 for a null id.
    [[nodiscard]] core::Result<qint64> rule(const QUuid &id);
    [[nodiscard]] core::Result<QUuid> ruleId(qint64 number);
    [[nodiscard]] core::Result<qint64> gateway(const QUuid &id);
    [[nodiscard]] core::Result<QUuid> gatewayId(qint64 number);
    /// The default one for a null id.
    [[nodiscard]] core::Result<qint64> population(const QUuid &id);
    [[nodiscard]] core::Result<QUuid> populationId(qint64 row);
    [[nodiscard]] core::Result<qint64> authority(const core::Authority &authority);
    /// This directory for 0, and for what is not there.
    [[nodiscard]] core::Result<core::Authority> authorityAt(qint64 row);
    /// As memberships store it: 0 by hand, -1 by sign-ons, above it a rule's number.
    [[nodiscard]] core::Result<qint64> membershipSource(const core::MembershipSource &source);
    [[nodiscard]] core::Result<core::MembershipSource> membershipSource(qint64 number);
    /// The row of a user or group; 0: there is none.
    [[nodiscard]] core::Result<qint64> row(const core::ObjectRef &object);
    /// A user or group by its row; with an empty id where it is gone.
    [[nodiscard]] core::Result<core::ObjectRef> object(core::ObjectKind kind, qint64 row);
    /// By its id; without a name where it is gone.
    [[nodiscard]] core::Result<core::ObjectRef> object(core::ObjectKind kind, const QByteArray &id);

private:
    Database &m_database;
    // The last one of each: the steps of a plan mostly name the same.
    QUuid m_gatewayId;
    qint64 m_gateway = 0;
    QUuid m_ruleId;
    qint64 m_rule = 0;
    QUuid m_populationId;
    qint64 m_population = 0;
    core::Authority m_authorityOf;
    qint64 m_authority = 0;
};

} // namespace gatehouse::store
