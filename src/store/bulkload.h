// SPDX-License-Identifier: GPL-3.0-or-later
//
// A first run creates a million users in the directory's order, which is no order for the indexes by username and
// immutable id: each user would dirty a page of every one of them. While a bulk load lasts these indexes are gone,
// usernames and linked entries are kept unique by sets of 128-bit hashes in memory, and at its end the indexes are
// made at once. A lock file tells other processes; when this one dies, the next that opens the environment for writing
// makes the indexes. Owned by Identities, used within its transactions.
#pragma once

#include "core/result.h"
#include "store/rulelock.h"

#include <QByteArrayView>

#include <cstdint>
#include <memory>
#include <vector>

namespace gatehouse::store {

class Database;

/// Octets known by their hash (XXH3-128): two different ones taken for one would need about 10^19 of them.
class HashSet {
public:
    bool contains(QByteArrayView octets) const;
    void insert(QByteArrayView octets);
    void remove(QByteArrayView octets);
    void clear();

private:
    struct Hash {
        uint64_t high = 0;
        uint64_t low = 0;
        bool operator==(const Hash &) const = default;
    };
    static Hash hashOf(QByteArrayView octets);
    size_t slotOf(const Hash &hash) const;
    void grow();
    std::vector<Hash> m_slots; ///< all zero: free
    size_t m_used = 0;
};

class BulkLoad {
public:
    /// Drops the indexes. Locked when another process is loading.
    [[nodiscard]] static core::Result<std::unique_ptr<BulkLoad>> begin(Database &database);
    /// Makes the indexes again.
    [[nodiscard]] core::Result<void> end();

    /// The number of the gateway whose links are watched.
    void setGateway(qint64 gateway);
    /// At the start of each transaction: reads what others have written meanwhile.
    [[nodiscard]] core::Result<void> refresh();
    /// What the sets say is no longer true: a transaction was rolled back, or a user removed with links.
    void invalidate() { m_version = -1; }

    HashSet usernames; ///< keys in UTF-8
    HashSet entries;   ///< immutable ids of the gateway's links

private:
    BulkLoad(Database &database, RuleLock lock) : m_database(database), m_lock(std::move(lock)) {}
    Database &m_database;
    RuleLock m_lock;
    qint64 m_version = -1;
    qint64 m_gateway = 0;
};

} // namespace gatehouse::store
