// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/userorder.h"

#include "store/database.h"
#include "store/searchtext.h"
#include "store/textsort.h"

#include <algorithm>

namespace gatehouse::store {

using core::Result;

namespace {

Result<std::vector<qint64>> byField(Database &database, SearchField field, const std::atomic_bool &interrupted)
{
    const auto count = database.integer("SELECT count(*) FROM users");
    if (!count)
        return core::fail(count.error());
    TextSort sort;
    sort.reserve(size_t(*count));
    std::vector<qint64> without;
    Statement blocks = database.prepare("SELECT block, texts FROM user_search");
    for (;;) {
        const auto row = blocks.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            break;
        if (interrupted.load(std::memory_order_relaxed))
            return core::fail(cancelledQuery());
        SearchTexts::forEach(blocks.integer(0), blocks.blob(1), [&](qint64 user, const SearchFields &fields) {
            const QByteArrayView text = fields[size_t(field)];
            if (text.isEmpty())
                without.push_back(user);
            else
                sort.add(user, text);
        });
    }
    std::vector<qint64> rows = sort.sorted(interrupted);
    if (interrupted.load(std::memory_order_relaxed))
        return core::fail(cancelledQuery());
    std::sort(without.begin(), without.end());
    rows.insert(rows.end(), without.begin(), without.end());
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
    case UserOrder::Username: {
        const auto count = database.integer("SELECT count(*) FROM users");
        if (!count)
            return core::fail(count.error());
        Statement statement = database.prepare("SELECT row FROM users ORDER BY username_key");
        return integersOf(statement, interrupted, *count);
    }
    case UserOrder::Name: return byField(database, SearchField::Name, interrupted);
    case UserOrder::Email: return byField(database, SearchField::Email, interrupted);
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
