// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one user belongs to, for showing and explaining: groups, and the LDAP entries that are linked to the user
// through gateways. Read-only queries over either kind of connection; the caller's thread.
#pragma once

#include "core/identity.h"
#include "core/result.h"

#include <QByteArray>
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

/// By name.
[[nodiscard]] core::Result<QList<core::Group>> groupsOfUser(Database &database, qint64 user);
/// In the order in which gateways were first used.
[[nodiscard]] core::Result<QList<UserLink>> linksOfUser(Database &database, qint64 user);

} // namespace gatehouse::store
