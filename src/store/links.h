// SPDX-License-Identifier: GPL-3.0-or-later
//
// Links tie LDAP entries, known by gateway and immutable id, to users. A run loads all links of its gateway into a
// LinkIndex (about 40 octets a link): one lookup per entry, no SQL, and it remembers who was seen.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QUuid>

#include <cstdint>
#include <vector>

namespace gatehouse::store {

class Database;

struct Link {
    qint64 userRow = 0;
    quint64 fingerprint = 0; ///< of entry and mapping when last applied; 0: unknown, compare in full
    qint64 ruleRow = 0;      ///< the rule that provisions it
    bool deprovisioned = false; ///< its person has left the scope and was disabled for it
    bool seen = false;       ///< by the run that loaded the index
};

/// Immutable id -> Link, open addressing over 16-octet keys (longer or shorter ids are hashed to 16, XXH3-128).
class LinkIndex {
public:
    void reserve(qsizetype count);
    void insert(QByteArrayView sourceId, const Link &link);
    /// nullptr when there is none. Pointers are valid until the next insert.
    Link *find(QByteArrayView sourceId);
    qsizetype size() const { return m_size; }
    auto begin() { return m_links.begin(); }
    auto end() { return m_links.end(); }

private:
    struct Key {
        quint64 high;
        quint64 low;
    };
    static Key keyOf(QByteArrayView sourceId);
    void grow(qsizetype capacity);
    std::vector<Key> m_keys;
    std::vector<uint32_t> m_slots; ///< 0: empty, else index into m_links plus 1
    std::vector<Link> m_links;
    qsizetype m_size = 0;
};

/// What is known of the person behind a link, for plans about people who left.
struct LinkedPerson {
    QByteArray sourceId;
    QByteArray sourceDn;
    qint64 userRow = 0;
};

class Links {
public:
    explicit Links(Database &database) : m_database(database) {}

    /// All user links of the gateway.
    [[nodiscard]] core::Result<LinkIndex> load(const QUuid &gateway);
    /// Id and last known DN of the links to these users through the gateway.
    [[nodiscard]] core::Result<std::vector<LinkedPerson>> people(const QUuid &gateway,
                                                                 const std::vector<qint64> &userRows);
    /// Row numbers that links store for a rule; made at need.
    [[nodiscard]] core::Result<qint64> ruleRow(const QUuid &rule);

private:
    Database &m_database;
};

} // namespace gatehouse::store
