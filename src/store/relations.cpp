// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/relations.h"

#include "core/plan/step.h"
#include "store/database.h"
#include "store/identities_p.h"
#include "store/links.h"

namespace gatehouse::store {

core::Result<QList<core::Group>> groupsOfUser(Database &database, qint64 user)
{
    QList<core::Group> groups;
    Statement statement = database.prepare(
        groupSelect()
        + " WHERE g.row IN (SELECT group_row FROM memberships WHERE user_row = ?1) ORDER BY g.name_key, g.row");
    statement.bind(1, user);
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return groups;
        groups.append(readGroup(statement));
    }
}

core::Result<QList<UserLink>> linksOfUser(Database &database, qint64 user)
{
    // A link lies under its gateway's number and its user's row (links.h): one look-up per gateway.
    QList<UserLink> links;
    Statement gateways = database.prepare("SELECT row, uuid FROM gateway_numbers ORDER BY row");
    for (;;) {
        const auto gateway = gateways.step();
        if (!gateway)
            return core::fail(gateway.error());
        if (!*gateway)
            return links;
        Statement statement = database.prepare(
            "SELECT l.source_id, l.dn, l.disabling, r.uuid FROM links AS l"
            " LEFT JOIN rule_numbers AS r ON r.row = l.rule WHERE l.row = ?1");
        const auto found = statement.bind(1, linkRow(gateways.integer(0), user)).step();
        if (!found)
            return core::fail(found.error());
        if (!*found)
            continue;
        UserLink link;
        link.gateway = gateways.uuid(1);
        link.sourceId = statement.blob(0).toByteArray();
        link.sourceDn = statement.blob(1).toByteArray();
        link.deprovisioned = statement.integer(2) == qint64(core::Disabling::Left);
        link.rule = statement.uuid(3);
        links.append(link);
    }
}

core::Result<GatewayPeople> peopleOf(Database &database, const QUuid &gateway)
{
    GatewayPeople people;
    {
        // The links of one gateway lie side by side; see linkRow().
        Statement statement = database.prepare(
            "SELECT count(*) FROM links, gateway_numbers AS g WHERE g.uuid = ?1 AND links.row BETWEEN g.row << ?2 AND"
            " (g.row << ?2) + (1 << ?3) - 1");
        const auto row = statement.bind(1, gateway).bind(2, kKindBits + kObjectBits).bind(3, kObjectBits).step();
        if (!row)
            return core::fail(row.error());
        people.linked = *row ? statement.integer(0) : 0;
    }
    Statement statement = database.prepare(
        "SELECT a.user_type_uuid, count(*) FROM users AS u JOIN authorities AS a ON a.row = u.authority"
        " WHERE a.gateway_uuid = ?1 GROUP BY a.user_type_uuid");
    statement.bind(1, gateway);
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return people;
        people.authenticated += statement.integer(1);
        people.byUserType.insert(statement.uuid(0), statement.integer(1));
    }
}

} // namespace gatehouse::store
