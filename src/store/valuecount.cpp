// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/step.h"
#include "store/identities_p.h"
#include "store/links.h"

namespace gatehouse::store {

namespace {

/// Links of the gateway whose users have a value: ?1 and ?2 bound them, ?3 the path of a custom attribute.
QByteArray linkedWithValue(const UserColumns &columns, int attribute)
{
    const QByteArray value = columns.isCustom(attribute) ? QByteArrayLiteral("json_extract(u.custom, ?3)")
                                                         : "u." + columns.column(attribute);
    // A link's row is the gateway's number and the user's row in one.
    return " FROM links AS l JOIN users AS u ON u.row = l.row - ?1 WHERE l.row >= ?1 AND l.row < ?2 AND " + value
           + " IS NOT NULL AND l.disabling <> " + QByteArray::number(int(core::Disabling::Left));
}

void bindValue(Statement &statement, const UserColumns &columns, int attribute, qint64 gateway)
{
    statement.bind(1, linkRow(gateway, 0)).bind(2, linkRowEnd(gateway));
    if (columns.isCustom(attribute))
        statement.bind(3, QStringLiteral("$.\"%1\"").arg(columns.catalog().at(attribute).name));
}

} // namespace

core::Result<std::vector<QByteArray>> Identities::othersWithValue(int attribute, const QUuid &gateway, qint64 exceptUser, int limit)
{
    const auto number = Links(d->database).gatewayNumber(gateway);
    if (!number)
        return core::fail(number.error());
    Statement others = d->database.prepare("SELECT l.source_id" + linkedWithValue(*d->columns, attribute)
                                           + " AND u.row <> ?4 LIMIT ?5");
    bindValue(others, *d->columns, attribute, *number);
    others.bind(4, exceptUser).bind(5, limit);
    std::vector<QByteArray> ids;
    for (;;) {
        const auto row = others.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return ids;
        ids.push_back(others.blob(0).toByteArray());
    }
}

core::Result<qint64> Identities::countWithValue(int attribute, const QUuid &gateway, qint64 ruleRow)
{
    const auto number = Links(d->database).gatewayNumber(gateway);
    if (!number)
        return core::fail(number.error());
    Statement count = d->database.prepare("SELECT count(*)" + linkedWithValue(*d->columns, attribute) + " AND l.rule = ?4");
    bindValue(count, *d->columns, attribute, *number);
    count.bind(4, ruleRow);
    const auto row = count.step();
    if (!row)
        return core::fail(row.error());
    return count.integer(0);
}

} // namespace gatehouse::store
