// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kerberos tickets that have signed somebody on: each is good for one time, for every process of the environment. What is
// kept is a fingerprint, as long as the ticket could be shown again. Belongs to the environment and its thread.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QDateTime>

namespace gatehouse::store {

class Database;

class UsedTickets {
public:
    explicit UsedTickets(Database &database) : m_database(database) {}

    [[nodiscard]] core::Result<bool> isUsed(const QByteArray &fingerprint);
    /// Notes that a ticket was used, and forgets those that have expired before @p now. False: it had been used before.
    [[nodiscard]] core::Result<bool> use(const QByteArray &fingerprint, const QDateTime &expiresAt, const QDateTime &now);

private:
    Database &m_database;
};

} // namespace gatehouse::store
