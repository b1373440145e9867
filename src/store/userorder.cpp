// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/userorder.h"

#include "store/database.h"

#include <QtEndian>

#include <algorithm>
#include <cstring>

namespace gatehouse::store {

using core::Result;

namespace {

/// A text key in an arena, known by its first octets.
struct TextKey {
    quint64 prefix;
    quint32 offset; ///< of the octets behind the first eight
    quint32 size;   ///< of these
    qint64 row;
};

quint64 prefixOf(QByteArrayView text)
{
    char octets[8] = {};
    std::memcpy(octets, text.data(), size_t(qMin(text.size(), qsizetype(8))));
    return qFromBigEndian<quint64>(octets);
}

QByteArrayView loweredAscii(QByteArrayView text, QByteArray &buffer)
{
    buffer.resize(0);
    buffer.append(text);
    for (char &octet : buffer) {
        if (octet >= 'A' && octet <= 'Z')
            octet |= 0x20;
    }
    return buffer;
}

Result<std::vector<qint64>> byEmail(Database &database, const std::atomic_bool &interrupted)
{
    std::vector<TextKey> keys;
    std::vector<qint64> without;
    std::vector<char> arena;
    QByteArray lowered;
    Statement statement = database.prepare("SELECT row, email FROM users");
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            break;
        if (interrupted.load(std::memory_order_relaxed))
            return core::fail(cancelledQuery());
        if (statement.isNull(1)) {
            without.push_back(statement.integer(0));
            continue;
        }
        const QByteArrayView email = loweredAscii(statement.utf8(1), lowered);
        TextKey key{prefixOf(email), quint32(arena.size()), 0, statement.integer(0)};
        if (email.size() > 8) {
            key.size = quint32(email.size() - 8);
            arena.insert(arena.end(), email.begin() + 8, email.end());
        }
        keys.push_back(key);
    }
    std::sort(keys.begin(), keys.end(), [&](const TextKey &a, const TextKey &b) {
        if (a.prefix != b.prefix)
            return a.prefix < b.prefix;
        const int compared = std::memcmp(arena.data() + a.offset, arena.data() + b.offset, std::min(a.size, b.size));
        if (compared != 0)
            return compared < 0;
        return a.size != b.size ? a.size < b.size : a.row < b.row;
    });
    std::vector<qint64> rows;
    rows.reserve(keys.size() + without.size());
    for (const TextKey &key : keys)
        rows.push_back(key.row);
    rows.insert(rows.end(), without.begin(), without.end()); // without an address: last
    return rows;
}

Result<std::vector<qint64>> byUpdate(Database &database, const std::atomic_bool &interrupted)
{
    std::vector<std::pair<qint64, qint64>> keys;
    Statement statement = database.prepare("SELECT updated_at, row FROM users");
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            break;
        if (interrupted.load(std::memory_order_relaxed))
            return core::fail(cancelledQuery());
        keys.emplace_back(statement.integer(0), statement.integer(1));
    }
    std::sort(keys.begin(), keys.end());
    std::vector<qint64> rows;
    rows.reserve(keys.size());
    for (const auto &[time, row] : keys)
        rows.push_back(row);
    return rows;
}

/// Few different keys: the users of each in the order of usernames.
Result<std::vector<qint64>> byGroups(Database &database, const QByteArray &sql, const std::vector<qint64> &byUsername,
                                     const std::atomic_bool &interrupted)
{
    // sql: row, place of its group; from one snapshot with byUsername.
    std::vector<quint32> placeOf;
    std::vector<std::vector<qint64>> groups;
    Statement statement = database.prepare(sql);
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            break;
        if (interrupted.load(std::memory_order_relaxed))
            return core::fail(cancelledQuery());
        const auto user = size_t(statement.integer(0));
        const auto place = quint32(statement.integer(1));
        if (placeOf.size() <= user)
            placeOf.resize(std::max(user + 1, placeOf.size() * 2));
        placeOf[user] = place;
        if (groups.size() <= place)
            groups.resize(place + 1);
    }
    for (const qint64 row : byUsername)
        groups[placeOf[size_t(row)]].push_back(row);
    std::vector<qint64> rows;
    rows.reserve(byUsername.size());
    for (const std::vector<qint64> &group : groups)
        rows.insert(rows.end(), group.begin(), group.end());
    return rows;
}

} // namespace

core::Error cancelledQuery()
{
    return {core::Code::Cancelled, QStringLiteral("the query was cancelled")};
}

Result<std::vector<qint64>> integersOf(Statement &statement, const std::atomic_bool &interrupted, qsizetype expected)
{
    std::vector<qint64> rows;
    rows.reserve(size_t(expected));
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return rows;
        // An interruption between two statements would miss both.
        if (interrupted.load(std::memory_order_relaxed))
            return core::fail(cancelledQuery());
        rows.push_back(statement.integer(0));
    }
}

Result<std::vector<qint64>> orderedUsers(Database &database, UserOrder order, const std::vector<qint64> &byUsername,
                                         const std::atomic_bool &interrupted)
{
    switch (order) {
    case UserOrder::Username:
    case UserOrder::Name: {
        const auto count = database.integer("SELECT count(*) FROM users");
        if (!count)
            return core::fail(count.error());
        Statement statement = database.prepare(order == UserOrder::Name ? "SELECT row FROM users ORDER BY name_key, row"
                                                                        : "SELECT row FROM users ORDER BY username_key");
        return integersOf(statement, interrupted, *count);
    }
    case UserOrder::Email: return byEmail(database, interrupted);
    case UserOrder::Updated: return byUpdate(database, interrupted);
    case UserOrder::Population:
        return byGroups(database,
                        "SELECT u.row, p.place FROM users AS u JOIN (SELECT row, row_number() OVER"
                        " (ORDER BY name COLLATE NOCASE, row) AS place FROM populations) AS p ON p.row = u.population",
                        byUsername, interrupted);
    case UserOrder::Enabled:
        return byGroups(database, "SELECT row, enabled FROM users", byUsername, interrupted);
    }
    return core::fail(core::Code::Internal, QStringLiteral("there is no such order"));
}

} // namespace gatehouse::store
