// SPDX-License-Identifier: GPL-3.0-or-later
//
// Links tie LDAP entries, known by gateway and immutable id, to objects of this directory: an entry has one user or one
// group, and each of these one entry per gateway. A run loads all links of its gateway into a LinkIndex (about 48 octets a link): one lookup per entry, no
// SQL, and it remembers who was seen.
#pragma once

#include "core/plan/step.h"
#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QUuid>

#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse::store {

class Database;
class Numbers;

/// Where the link of an object through a gateway lies: all links of a gateway together, users first, in the order of
/// their rows. There may be 2^20 gateways, and 2^40 objects of each kind.
inline constexpr int kObjectBits = 40;
inline constexpr int kKindBits = 3;
constexpr qint64 linkRow(qint64 gatewayNumber, qint64 objectRow, core::ObjectKind kind = core::ObjectKind::User)
{
    return (gatewayNumber << kKindBits | qint64(kind)) << kObjectBits | objectRow;
}
/// After the last link of the gateway to objects of the kind.
constexpr qint64 linkRowEnd(qint64 gatewayNumber, core::ObjectKind kind = core::ObjectKind::User)
{
    return ((gatewayNumber << kKindBits | qint64(kind)) + 1) << kObjectBits;
}
constexpr qint64 objectRowOf(qint64 linkRow)
{
    return linkRow & ((qint64(1) << kObjectBits) - 1);
}
constexpr core::ObjectKind kindOf(qint64 linkRow)
{
    return core::ObjectKind(linkRow >> kObjectBits & ((1 << kKindBits) - 1));
}

struct Link {
    qint64 userRow = 0;
    quint64 fingerprint = 0; ///< of entry and mapping when last applied; 0: unknown, compare in full
    qint64 ruleRow : 32 = 0; ///< the rule that provisions it
    core::Disabling disabling : 2 = core::Disabling::None; ///< why a rule has disabled its user
    bool seen : 1 = false;          ///< by the run that loaded the index

    /// Its person has left the scope and was disabled for it.
    bool hasLeft() const { return disabling == core::Disabling::Left; }
};

/// Immutable id -> Link, open addressing over 16-octet keys (longer or shorter ids are hashed to 16, XXH3-128).
class LinkIndex {
public:
    void reserve(qsizetype count);
    /// Replaces the link that @p sourceId may have.
    void insert(QByteArrayView sourceId, const Link &link);
    /// nullptr when there is none. Pointers are valid until the next insert.
    Link *find(QByteArrayView sourceId);
    /// What @p link, of the entry with this id, says; where the entry is, is not known here.
    core::LinkState state(const Link &link, const QByteArray &sourceId) const;
    /// Number -> id, of all rules that links name.
    void setRules(QHash<qint64, QUuid> rules) { m_rules = std::move(rules); }
    qsizetype size() const { return qsizetype(m_links.size()); }
    /// What it occupies in memory, in octets.
    qsizetype occupied() const;
    auto begin() { return m_links.begin(); }
    auto end() { return m_links.end(); }

private:
    struct Key {
        quint64 high;
        quint64 low;
        bool operator==(const Key &) const = default;
    };
    static Key keyOf(QByteArrayView sourceId);
    size_t slotOf(const Key &key) const;
    void grow(size_t capacity);
    std::vector<Key> m_keys;
    std::vector<uint32_t> m_slots; ///< 0: empty, else index into m_links plus 1
    std::vector<Link> m_links;
    QHash<qint64, QUuid> m_rules;
};

/// What is known of the person behind a link, for plans about people who left.
struct LinkedPerson {
    QByteArray sourceId;
    QByteArray sourceDn;
    qint64 userRow = 0;
    QUuid rule = {};
    quint64 fingerprint = 0;
    core::Disabling disabling = core::Disabling::None;

    core::LinkState state() const { return {sourceId, sourceDn, rule, fingerprint, disabling}; }
};

/// All links of an object, as what is before; in the order in which gateways were first used.
[[nodiscard]] core::Result<QList<core::LinkChange>> linksOf(Database &database, Numbers &numbers, qint64 row,
                                                            core::ObjectKind kind = core::ObjectKind::User);

class Links {
public:
    explicit Links(Database &database) : m_database(database) {}

    /// All user links of the gateway.
    [[nodiscard]] core::Result<LinkIndex> load(const QUuid &gateway);
    /// Id and last known DN of the links to these users through the gateway, in the order of @p userRows; users
    /// without a link are left out.
    [[nodiscard]] core::Result<std::vector<LinkedPerson>> people(const QUuid &gateway,
                                                                 const std::vector<qint64> &userRows);
    /// The link of an entry of the gateway, if it has one.
    [[nodiscard]] core::Result<std::optional<Link>> find(const QUuid &gateway, QByteArrayView sourceId);
    /// Ties the user to another entry of the gateway, or to its first; the next run compares in full and takes over what the
    /// entry says. Audited. Conflict when the entry is another user's.
    [[nodiscard]] core::Result<void> tie(const QUuid &gateway, const QString &username, const LinkedPerson &entry,
                                         const QString &where);
    /// Forgets which entry of the gateway the user is. Audited. NotFound when there is no link.
    [[nodiscard]] core::Result<void> untie(const QUuid &gateway, qint64 userRow, const QString &username, const QString &where);
    /// The user that an entry of the gateway is linked to; 0: none.
    [[nodiscard]] core::Result<qint64> userOf(const QUuid &gateway, QByteArrayView sourceId);
    /// Since when people of a rule have been missing from its reads: user -> seconds since 1970.
    [[nodiscard]] core::Result<QHash<qint64, qint64>> missingSince(const QUuid &gateway, qint64 ruleRow);
    /// Notes who is missing now; who was noted before keeps the time. @p whole: nobody else is missing.
    [[nodiscard]] core::Result<void> noteMissing(const QUuid &gateway, qint64 ruleRow, const std::vector<qint64> &userRows,
                                                 qint64 now, bool whole);
    // Numbers that links store for a rule or a gateway; made at need. A read-only environment answers 0 for new ones.
    [[nodiscard]] core::Result<qint64> ruleRow(const QUuid &rule);
    [[nodiscard]] core::Result<qint64> gatewayNumber(const QUuid &gateway);

private:
    Database &m_database;
};

} // namespace gatehouse::store
