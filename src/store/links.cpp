// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/links.h"

#include "store/database.h"

namespace gatehouse::store {

using core::Result;

namespace {

Result<qint64> numberOf(Database &database, const QByteArray &table, const QUuid &id)
{
    {
        Statement look = database.prepare("SELECT row FROM " + table + " WHERE uuid = ?1");
        const auto found = look.bind(1, id).step();
        if (!found)
            return core::fail(found.error());
        if (*found)
            return look.integer(0);
    }
    if (database.isReadOnly())
        return 0;
    auto added = database.prepare("INSERT OR IGNORE INTO " + table + " (uuid) VALUES (?1)").bind(1, id).run();
    if (!added)
        return core::fail(added.error());
    if (database.changes() == 0)
        return numberOf(database, table, id); // another process was faster
    return database.lastInsertRow();
}

} // namespace

Result<qint64> Links::ruleRow(const QUuid &rule)
{
    return numberOf(m_database, "rule_numbers", rule);
}

Result<qint64> Links::gatewayNumber(const QUuid &gateway)
{
    return numberOf(m_database, "gateway_numbers", gateway);
}

Result<LinkIndex> Links::load(const QUuid &gateway)
{
    const auto number = gatewayNumber(gateway);
    if (!number)
        return core::fail(number.error());
    // SQLite counts in the narrowest index; the links of other gateways only make the reserve too large.
    const auto count = m_database.integer("SELECT count(*) FROM links");
    if (!count)
        return core::fail(count.error());
    LinkIndex index;
    index.reserve(*count);
    Statement links = m_database.prepare(
        "SELECT row, rule, fingerprint, deprovisioned, source_id FROM links WHERE row >= ?1 AND row < ?2");
    links.bind(1, linkRow(*number, 0)).bind(2, linkRow(*number + 1, 0));
    for (;;) {
        const auto row = links.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return index;
        Link link;
        link.userRow = userRowOf(links.integer(0));
        link.ruleRow = links.integer(1);
        link.fingerprint = quint64(links.integer(2));
        link.deprovisioned = links.integer(3) != 0;
        index.insert(links.blob(4), link);
    }
}

Result<std::vector<LinkedPerson>> Links::people(const QUuid &gateway, const std::vector<qint64> &userRows)
{
    const auto number = gatewayNumber(gateway);
    if (!number)
        return core::fail(number.error());
    auto transaction = Transaction::begin(m_database, Transaction::Kind::Read);
    if (!transaction)
        return core::fail(transaction.error());
    std::vector<LinkedPerson> people;
    people.reserve(userRows.size());
    {
        Statement link = m_database.prepare("SELECT source_id, dn FROM links WHERE row = ?1");
        for (const qint64 userRow : userRows) {
            const auto row = link.bind(1, linkRow(*number, userRow)).step();
            if (!row)
                return core::fail(row.error());
            if (*row)
                people.push_back({link.blob(0).toByteArray(), link.blob(1).toByteArray(), userRow});
            link.reset();
        }
    }
    if (auto ended = transaction->commit(); !ended)
        return core::fail(ended.error());
    return people;
}

Result<qint64> Links::userOf(const QUuid &gateway, QByteArrayView sourceId)
{
    const auto number = gatewayNumber(gateway);
    if (!number)
        return core::fail(number.error());
    Statement link = m_database.prepare("SELECT row FROM links WHERE source_id = ?1 AND row >= ?2 AND row < ?3");
    link.bindBlob(1, sourceId).bind(2, linkRow(*number, 0)).bind(3, linkRow(*number + 1, 0));
    const auto row = link.step();
    if (!row)
        return core::fail(row.error());
    return *row ? userRowOf(link.integer(0)) : 0;
}

} // namespace gatehouse::store
