// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/bulkload.h"

#include "store/database.h"
#include "store/links.h"
#include "store/migrations.h"

#include <xxhash.h>

namespace gatehouse::store {

using core::Result;

HashSet::Hash HashSet::hashOf(QByteArrayView octets)
{
    const XXH128_hash_t hash = XXH3_128bits(octets.data(), size_t(octets.size()));
    return {hash.high64, hash.low64};
}

size_t HashSet::slotOf(const Hash &hash) const
{
    size_t slot = size_t(hash.low) & (m_slots.size() - 1);
    while (m_slots[slot] != Hash() && m_slots[slot] != hash)
        slot = (slot + 1) & (m_slots.size() - 1);
    return slot;
}

bool HashSet::contains(QByteArrayView octets) const
{
    return !m_slots.empty() && m_slots[slotOf(hashOf(octets))] != Hash();
}

void HashSet::insert(QByteArrayView octets)
{
    if (m_slots.size() < m_used * 4 / 3 + 1)
        grow();
    const Hash hash = hashOf(octets);
    Hash &slot = m_slots[slotOf(hash)];
    m_used += slot == Hash();
    slot = hash;
}

void HashSet::remove(QByteArrayView octets)
{
    if (m_slots.empty())
        return;
    size_t hole = slotOf(hashOf(octets));
    if (m_slots[hole] == Hash())
        return;
    // What had to go past this slot to find a place moves back towards its own.
    const size_t mask = m_slots.size() - 1;
    for (size_t at = (hole + 1) & mask; m_slots[at] != Hash(); at = (at + 1) & mask) {
        const size_t home = size_t(m_slots[at].low) & mask;
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        m_slots[hole] = m_slots[at];
        hole = at;
    }
    m_slots[hole] = Hash();
    --m_used;
}

void HashSet::grow()
{
    std::vector<Hash> old(qMax(size_t(1024), m_slots.size() * 2));
    old.swap(m_slots);
    for (const Hash &hash : old) {
        if (hash != Hash())
            m_slots[slotOf(hash)] = hash;
    }
}

void HashSet::clear()
{
    m_slots.clear();
    m_used = 0;
}

Result<std::unique_ptr<BulkLoad>> BulkLoad::begin(Database &database)
{
    auto lock = RuleLock::forIndexes(database.path());
    if (!lock)
        return core::fail(lock.error());
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return core::fail(transaction.error());
    if (auto dropped = dropIndexes(database); !dropped)
        return core::fail(dropped.error());
    if (auto committed = transaction->commit(); !committed)
        return core::fail(committed.error());
    return std::unique_ptr<BulkLoad>(new BulkLoad(database, std::move(*lock)));
}

Result<void> BulkLoad::end()
{
    return makeIndexes(m_database);
}

void BulkLoad::setGateway(qint64 gateway)
{
    if (gateway != m_gateway)
        invalidate();
    m_gateway = gateway;
}

Result<void> BulkLoad::refresh()
{
    const auto version = m_database.changeToken();
    if (!version)
        return core::fail(version.error());
    if (version->others == m_version)
        return {};
    m_version = -1;
    const auto fill = [](HashSet &set, Statement &statement) -> Result<void> {
        set.clear();
        for (;;) {
            const auto row = statement.step();
            if (!row)
                return core::fail(row.error());
            if (!*row)
                return {};
            set.insert(statement.blob(0));
        }
    };
    Statement users = m_database.prepare("SELECT username_key FROM users");
    if (auto filled = fill(usernames, users); !filled)
        return filled;
    Statement links = m_database.prepare("SELECT source_id FROM links WHERE row >= ?1 AND row < ?2");
    links.bind(1, linkRow(m_gateway, 0)).bind(2, linkRow(m_gateway + 1, 0));
    if (auto filled = fill(entries, links); !filled)
        return filled;
    m_version = version->others;
    return {};
}

} // namespace gatehouse::store
