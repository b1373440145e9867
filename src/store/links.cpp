// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/links.h"

#include "store/auditlog.h"
#include "store/database.h"
#include "store/numbers.h"

namespace gatehouse::store {

using core::Result;

namespace {

/// A plan made before does not know of the change: its steps for this user are refused.
Result<void> bumpRevision(Database &database, qint64 userRow)
{
    return database.prepare("UPDATE users SET revision = revision + 1 WHERE row = ?1").bind(1, userRow).run();
}

} // namespace

Result<qint64> Links::ruleRow(const QUuid &rule)
{
    return ruleNumber(m_database, rule);
}

Result<qint64> Links::gatewayNumber(const QUuid &gateway)
{
    return store::gatewayNumber(m_database, gateway);
}

Result<QList<core::LinkChange>> linksOf(Database &database, Numbers &numbers, qint64 row, core::ObjectKind kind)
{
    QList<core::LinkChange> links;
    Statement rows = database.prepare(QByteArray("SELECT g.uuid, l.source_id, l.dn, l.rule, l.fingerprint, l.disabling"
                                                 " FROM gateway_numbers AS g JOIN links AS l ON l.row = ((g.row << ?2) | ?1)"
                                                 " ORDER BY g.row"));
    rows.bind(1, linkRow(0, row, kind)).bind(2, kKindBits + kObjectBits);
    for (;;) {
        const auto found = rows.step();
        if (!found)
            return core::fail(found.error());
        if (!*found)
            return links;
        const auto rule = numbers.ruleId(rows.integer(3));
        if (!rule)
            return core::fail(rule.error());
        links.append({rows.uuid(0), {rows.blob(1).toByteArray(), rows.blob(2).toByteArray(), *rule,
                                     quint64(rows.integer(4)), core::Disabling(rows.integer(5))}, {}});
    }
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
    auto rules = ruleIds(m_database);
    if (!rules)
        return core::fail(rules.error());
    LinkIndex index;
    index.reserve(*count);
    index.setRules(*std::move(rules));
    Statement links = m_database.prepare(
        "SELECT row, rule, fingerprint, disabling, source_id FROM links WHERE row >= ?1 AND row < ?2");
    links.bind(1, linkRow(*number, 0)).bind(2, linkRowEnd(*number));
    for (;;) {
        const auto row = links.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return index;
        Link link;
        link.userRow = objectRowOf(links.integer(0));
        link.ruleRow = links.integer(1);
        link.fingerprint = quint64(links.integer(2));
        link.disabling = core::Disabling(links.integer(3));
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
        Numbers numbers(m_database);
        Statement link = m_database.prepare("SELECT source_id, dn, rule, fingerprint, disabling FROM links WHERE row = ?1");
        for (const qint64 userRow : userRows) {
            const auto row = link.bind(1, linkRow(*number, userRow)).step();
            if (!row)
                return core::fail(row.error());
            if (*row) {
                const auto rule = numbers.ruleId(link.integer(2));
                if (!rule)
                    return core::fail(rule.error());
                people.push_back({link.blob(0).toByteArray(), link.blob(1).toByteArray(), userRow, *rule,
                                  quint64(link.integer(3)), core::Disabling(link.integer(4))});
            }
            link.reset();
        }
    }
    if (auto ended = transaction->commit(); !ended)
        return core::fail(ended.error());
    return people;
}

Result<std::optional<Link>> Links::find(const QUuid &gateway, QByteArrayView sourceId)
{
    const auto number = gatewayNumber(gateway);
    if (!number)
        return core::fail(number.error());
    Statement look = m_database.prepare("SELECT row, rule, fingerprint, disabling FROM links WHERE source_id = ?1"
                                        " AND row >= ?2 AND row < ?3");
    look.bindBlob(1, sourceId).bind(2, linkRow(*number, 0)).bind(3, linkRowEnd(*number));
    const auto found = look.step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return std::nullopt;
    Link link;
    link.userRow = objectRowOf(look.integer(0));
    link.ruleRow = look.integer(1);
    link.fingerprint = quint64(look.integer(2));
    link.disabling = core::Disabling(look.integer(3));
    return link;
}

Result<void> Links::tie(const QUuid &gateway, const QString &username, const LinkedPerson &entry, const QString &where)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    const auto owner = userOf(gateway, entry.sourceId);
    const auto number = gatewayNumber(gateway);
    if (!owner || !number)
        return core::fail(owner ? number.error() : owner.error());
    if (*owner != 0 && *owner != entry.userRow) {
        Statement look = m_database.prepare("SELECT username FROM users WHERE row = ?1");
        const auto named = look.bind(1, *owner).step();
        if (!named)
            return core::fail(named.error());
        const QString other = *named ? look.text(0) : QString();
        return core::fail(core::Code::Conflict, QStringLiteral("The entry belongs to the user \"%1\" already").arg(other),
                          QStringLiteral("Unlink \"%1\" first, or delete that user").arg(other), QString::fromUtf8(entry.sourceDn));
    }
    auto done = m_database
                    .prepare("INSERT INTO links (row, rule, fingerprint, disabling, source_id, dn)"
                             " VALUES (?1, 0, 0, 0, ?2, ?3) ON CONFLICT (row) DO UPDATE SET"
                             " fingerprint = 0, source_id = ?2, dn = ?3")
                    .bind(1, linkRow(*number, entry.userRow))
                    .bindBlob(2, entry.sourceId)
                    .bindBlob(3, entry.sourceDn)
                    .run();
    if (done)
        done = bumpRevision(m_database, entry.userRow);
    if (done)
        done = AuditLog(m_database).record(QStringLiteral("user.link"), username,
                                           QStringLiteral("%1: %2").arg(where, QString::fromUtf8(entry.sourceDn)));
    return done ? transaction->commit() : done;
}

Result<void> Links::untie(const QUuid &gateway, qint64 userRow, const QString &username, const QString &where)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    const auto linked = people(gateway, {userRow});
    const auto number = gatewayNumber(gateway);
    if (!linked || !number)
        return core::fail(linked ? number.error() : linked.error());
    if (linked->empty()) {
        return core::fail(core::Code::NotFound,
                          QStringLiteral("The user \"%1\" is linked to no entry of the gateway \"%2\"").arg(username, where));
    }
    auto done = m_database.prepare("DELETE FROM links WHERE row = ?1").bind(1, linkRow(*number, userRow)).run();
    if (done)
        done = bumpRevision(m_database, userRow);
    if (done)
        done = AuditLog(m_database).record(QStringLiteral("user.unlink"), username,
                                           QStringLiteral("%1: %2").arg(where, QString::fromUtf8(linked->front().sourceDn)));
    return done ? transaction->commit() : done;
}

Result<qint64> Links::userOf(const QUuid &gateway, QByteArrayView sourceId)
{
    const auto number = gatewayNumber(gateway);
    if (!number)
        return core::fail(number.error());
    Statement link = m_database.prepare("SELECT row FROM links WHERE source_id = ?1 AND row >= ?2 AND row < ?3");
    link.bindBlob(1, sourceId).bind(2, linkRow(*number, 0)).bind(3, linkRowEnd(*number));
    const auto row = link.step();
    if (!row)
        return core::fail(row.error());
    return *row ? objectRowOf(link.integer(0)) : 0;
}

Result<QHash<qint64, qint64>> Links::missingSince(const QUuid &gateway, qint64 ruleRow)
{
    const auto number = gatewayNumber(gateway);
    if (!number)
        return core::fail(number.error());
    Statement missing = m_database.prepare("SELECT row, since FROM missing WHERE rule = ?1 AND row >= ?2 AND row < ?3");
    missing.bind(1, ruleRow).bind(2, linkRow(*number, 0)).bind(3, linkRowEnd(*number));
    QHash<qint64, qint64> since;
    for (;;) {
        const auto row = missing.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return since;
        since.insert(objectRowOf(missing.integer(0)), missing.integer(1));
    }
}

Result<void> Links::noteMissing(const QUuid &gateway, qint64 ruleRow, const std::vector<qint64> &userRows, qint64 now,
                                bool whole)
{
    const auto number = gatewayNumber(gateway);
    if (!number)
        return core::fail(number.error());
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    const auto before = missingSince(gateway, ruleRow);
    if (!before)
        return core::fail(before.error());
    if (whole) {
        auto cleared = m_database.prepare("DELETE FROM missing WHERE rule = ?1").bind(1, ruleRow).run();
        if (!cleared)
            return cleared;
    }
    {
        Statement insert = m_database.prepare("INSERT OR REPLACE INTO missing (row, rule, since) VALUES (?1, ?2, ?3)");
        for (const qint64 userRow : userRows) {
            insert.bind(1, linkRow(*number, userRow)).bind(2, ruleRow).bind(3, before->value(userRow, now));
            if (auto inserted = insert.run(); !inserted)
                return inserted;
        }
        insert.reset();
    }
    return transaction->commit();
}

} // namespace gatehouse::store
