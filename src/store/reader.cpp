// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/reader.h"

#include "store/database.h"
#include "store/environment.h"
#include "store/identities_p.h"
#include "store/links.h"
#include "store/searchtext.h"
#include "store/userorder.h"

#include <algorithm>
#include <map>

namespace gatehouse::store {

using core::Result;

namespace {

/// Rows as a set of bits: a million in 125 KB.
class RowSet {
public:
    void insert(qint64 row)
    {
        const size_t word = size_t(row) >> 6;
        if (m_words.size() <= word)
            m_words.resize(std::max(word + 1, m_words.size() * 2));
        m_words[word] |= quint64(1) << (row & 63);
    }
    bool contains(qint64 row) const
    {
        const size_t word = size_t(row) >> 6;
        return word < m_words.size() && (m_words[word] >> (row & 63) & 1);
    }
    void intersect(const RowSet &other)
    {
        m_words.resize(std::min(m_words.size(), other.m_words.size()));
        for (size_t word = 0; word < m_words.size(); ++word)
            m_words[word] &= other.m_words[word];
    }

private:
    std::vector<quint64> m_words;
};

bool filters(const UserQuery &query)
{
    return !query.search.isEmpty() || query.population || query.enabled >= 0 || query.group;
}

} // namespace

struct Reader::Private {
    std::unique_ptr<Environment> environment;
    std::atomic_bool interrupted = false;
    // What follows is true for one state of the file.
    ChangeToken version;
    std::map<UserOrder, std::vector<qint64>> orders;
    UserQuery lastQuery;
    std::vector<qint64> lastIds;
    bool hasLast = false;

    Database &database() { return environment->database(); }

    /// Opens a transaction and forgets what is of an older state.
    Result<Transaction> begin()
    {
        interrupted = false;
        auto transaction = Transaction::begin(database(), Transaction::Kind::Read);
        if (!transaction)
            return transaction;
        const auto now = database().changeToken();
        if (!now)
            return core::fail(now.error());
        if (*now != version) {
            orders.clear();
            hasLast = false;
            version = *now;
        }
        return transaction;
    }

    Result<const std::vector<qint64> *> ordered(UserOrder order)
    {
        if (const auto found = orders.find(order); found != orders.end())
            return &found->second;
        const std::vector<qint64> *usernames = nullptr;
        if (order == UserOrder::Population || order == UserOrder::Enabled) {
            const auto found = ordered(UserOrder::Username);
            if (!found)
                return found;
            usernames = *found;
        }
        auto rows = orderedUsers(database(), order, usernames ? *usernames : std::vector<qint64>(), interrupted);
        if (!rows)
            return core::fail(rows.error());
        // Two orders are in use at a time: the shown one and that of usernames.
        if (orders.size() >= 2)
            std::erase_if(orders, [](const auto &entry) { return entry.first != UserOrder::Username; });
        return &orders.insert_or_assign(order, std::move(*rows)).first->second;
    }

    Result<RowSet> searched(const QString &search)
    {
        QByteArray needle;
        appendFolded(needle, search);
        RowSet set;
        std::vector<qint64> hits;
        Statement blocks = database().prepare("SELECT block, texts FROM user_search");
        for (;;) {
            const auto row = blocks.step();
            if (!row)
                return core::fail(row.error());
            if (!*row)
                return set;
            if (interrupted.load(std::memory_order_relaxed))
                return core::fail(cancelledQuery());
            hits.clear();
            SearchTexts::find(blocks.integer(0), blocks.blob(1), needle, hits);
            for (const qint64 hit : hits)
                set.insert(hit);
        }
    }

    Result<RowSet> selected(Statement &statement)
    {
        const auto rows = integersOf(statement, interrupted);
        if (!rows)
            return core::fail(rows.error());
        RowSet set;
        for (const qint64 row : *rows)
            set.insert(row);
        return set;
    }

    Result<RowSet> matching(const UserQuery &query)
    {
        std::optional<RowSet> set;
        const auto narrow = [&](Result<RowSet> found) -> Result<void> {
            if (!found)
                return core::fail(found.error());
            if (set)
                set->intersect(*found);
            else
                set = std::move(*found);
            return {};
        };
        Result<void> done;
        if (!query.search.isEmpty())
            done = narrow(searched(query.search));
        if (done && query.group) {
            Statement members = database().prepare("SELECT DISTINCT user_row FROM memberships WHERE group_row = ?1");
            members.bind(1, query.group);
            done = narrow(selected(members));
        }
        if (done && (query.population || query.enabled >= 0)) {
            Statement users = database().prepare(
                query.population ? "SELECT row FROM users WHERE population = ?1 AND (?2 < 0 OR enabled = ?2)"
                                 : "SELECT row FROM users WHERE enabled = ?2");
            users.bind(2, query.enabled);
            if (query.population)
                users.bind(1, query.population);
            done = narrow(selected(users));
        }
        if (!done)
            return core::fail(done.error());
        return std::move(*set);
    }
};

Reader::Reader() : d(std::make_unique<Private>()) {}
Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::open(const QString &path)
{
    auto environment = Environment::open(path, Environment::Access::ReadOnly);
    if (!environment)
        return core::fail(environment.error());
    std::unique_ptr<Reader> reader(new Reader);
    reader->d->environment = std::move(*environment);
    return reader;
}

Environment &Reader::environment()
{
    return *d->environment;
}

void Reader::interrupt()
{
    d->interrupted = true;
    d->database().interrupt();
}

Result<std::vector<qint64>> Reader::userIds(const UserQuery &query)
{
    auto transaction = d->begin();
    if (!transaction)
        return core::fail(transaction.error());
    std::vector<qint64> ids;
    if (d->hasLast && d->lastQuery == query) {
        ids = d->lastIds;
    } else {
        const auto ordered = d->ordered(query.order);
        if (!ordered)
            return core::fail(ordered.error());
        if (filters(query)) {
            const auto matching = d->matching(query);
            if (!matching)
                return core::fail(matching.error());
            for (const qint64 row : **ordered) {
                if (matching->contains(row))
                    ids.push_back(row);
            }
        } else {
            ids = **ordered;
        }
        if (query.descending)
            std::reverse(ids.begin(), ids.end());
        // Without a filter the kept order is answer enough.
        d->hasLast = filters(query);
        d->lastIds = d->hasLast ? ids : std::vector<qint64>();
        d->lastQuery = query;
    }
    if (auto ended = transaction->commit(); !ended)
        return core::fail(ended.error());
    return ids;
}

Result<std::vector<qint64>> Reader::firstUserIds(const UserQuery &query, int limit)
{
    if (filters(query) || query.order != UserOrder::Username) {
        // Kept for the call for all of them, which is sure to follow.
        auto ids = userIds(query);
        if (ids && ids->size() > size_t(limit))
            ids->resize(size_t(limit));
        return ids;
    }
    d->interrupted = false;
    const QByteArray direction = query.descending ? " DESC" : "";
    Statement statement =
        d->database().prepare("SELECT row FROM users ORDER BY username_key" + direction + " LIMIT ?1");
    statement.bind(1, limit);
    return integersOf(statement, d->interrupted, limit);
}

Result<std::vector<UserRow>> Reader::userRows(std::span<const qint64> ids)
{
    d->interrupted = false;
    auto transaction = Transaction::begin(d->database(), Transaction::Kind::Read);
    if (!transaction)
        return core::fail(transaction.error());
    std::vector<UserRow> rows;
    rows.reserve(ids.size());
    {
        Statement statement =
            d->database().prepare("SELECT username, name_given, name_family, name_formatted, email, population, enabled,"
                                  " updated_at FROM users WHERE row = ?1");
        for (const qint64 id : ids) {
            const auto found = statement.bind(1, id).step();
            if (!found)
                return core::fail(found.error());
            if (*found)
                rows.push_back({id, statement.text(0),
                                displayName(statement.text(1), statement.text(2), statement.text(3)), statement.text(4),
                                statement.integer(5), statement.integer(6) != 0, statement.time(7)});
            statement.reset();
        }
    }
    if (auto ended = transaction->commit(); !ended)
        return core::fail(ended.error());
    return rows;
}

Result<QList<core::Group>> Reader::groups(const QString &search)
{
    d->interrupted = false;
    QByteArray needle;
    appendFolded(needle, search);
    QList<core::Group> groups;
    Statement statement = d->database().prepare(groupSelect() + " ORDER BY g.name_key, g.row");
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return groups;
        core::Group group = readGroup(statement);
        QByteArray text;
        for (const QString &part : {group.name, group.displayName, group.description}) {
            appendFolded(text, part);
            text.append('\n'); // which no folded text has
        }
        if (text.contains(needle))
            groups.append(std::move(group));
    }
}

Result<QHash<qint64, qint64>> Reader::userCountsByPopulation()
{
    d->interrupted = false;
    QHash<qint64, qint64> counts;
    Statement statement = d->database().prepare("SELECT population, count(*) FROM users GROUP BY population");
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return counts;
        counts.insert(statement.integer(0), statement.integer(1));
    }
}

Result<GatewayPeople> Reader::gatewayPeople(const QUuid &gateway)
{
    d->interrupted = false;
    return peopleOf(d->database(), gateway);
}

} // namespace gatehouse::store
