// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one user belongs to, for showing and explaining: groups, and the LDAP entries that are linked to the user
// through gateways. Read-only queries over either kind of connection; the caller's thread.
#pragma once

#include "core/identity.h"
#include "core/result.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QUuid>

namespace gatehouse::store {

class Database;

struct UserLink {
    QUuid gateway;
    QUuid rule; ///< the rule that provisions it; null: none (signed on just in time)
    QByteArray sourceId;
    QByteArray sourceDn; ///< last known, UTF-8
    bool deprovisioned = false;
};

/// Who depends on a gateway.
struct GatewayPeople {
    qint64 linked = 0;                 ///< tied to an entry of its directory
    qint64 authenticated = 0;          ///< whose password it checks
    QHash<QUuid, qint64> byUserType;   ///< of those; user types without people are left out
};
[[nodiscard]] core::Result<GatewayPeople> peopleOf(Database &database, const QUuid &gateway);

/// By name.
[[nodiscard]] core::Result<QList<core::Group>> groupsOfUser(Database &database, qint64 user);
/// In the order in which gateways were first used.
[[nodiscard]] core::Result<QList<UserLink>> linksOfUser(Database &database, qint64 user);

} // namespace gatehouse::store
