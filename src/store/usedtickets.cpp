// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/usedtickets.h"

#include "store/database.h"

namespace gatehouse::store {

using core::Result;

Result<bool> UsedTickets::isUsed(const QByteArray &fingerprint)
{
    Statement statement = m_database.prepare("SELECT 1 FROM used_tickets WHERE fingerprint = ?1");
    return statement.bindBlob(1, fingerprint).step();
}

Result<bool> UsedTickets::use(const QByteArray &fingerprint, const QDateTime &expiresAt, const QDateTime &now)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    if (auto pruned = m_database.prepare("DELETE FROM used_tickets WHERE expires_at < ?1").bind(1, now).run(); !pruned)
        return core::fail(pruned.error());
    auto noted = m_database.prepare("INSERT INTO used_tickets (fingerprint, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
                     .bindBlob(1, fingerprint)
                     .bind(2, expiresAt)
                     .run();
    const bool isNew = noted && m_database.changes() > 0;
    if (noted)
        noted = transaction->commit();
    if (!noted)
        return core::fail(noted.error());
    return isNew;
}

} // namespace gatehouse::store
