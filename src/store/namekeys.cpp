// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/namekeys.h"

#include "core/dn.h"
#include "core/identity.h"
#include "store/database.h"

namespace gatehouse::store {

using core::Result;

namespace {

Result<void> renew(Database &database, const QByteArray &select, const QByteArray &update)
{
    Statement names = database.prepare(select);
    Statement write = database.prepare(update);
    for (;;) {
        const auto row = names.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return {};
        const QString key = core::usernameKey(names.text(1));
        if (key == names.text(2))
            continue;
        if (auto written = write.bind(1, names.integer(0)).bind(2, key).run(); !written)
            return written;
    }
}

} // namespace

Result<void> renewNameKeys(Database &database)
{
    auto done = renew(database,
                      "SELECT row, username, username_key FROM users WHERE username_key GLOB ' *' OR username_key GLOB '* '"
                      " OR username_key GLOB '*  *' OR username_key GLOB '*[^ -~]*'",
                      "UPDATE OR IGNORE users SET username_key = ?2 WHERE row = ?1"
                      " AND NOT EXISTS (SELECT 1 FROM users WHERE username_key = ?2)");
    if (done)
        done = renew(database, "SELECT row, name, name_key FROM groups WHERE source = 0",
                     "UPDATE OR IGNORE groups SET name_key = ?2 WHERE row = ?1");
    if (!done)
        return done;
    Statement groups = database.prepare("SELECT row, name FROM groups WHERE source <> 0");
    Statement write = database.prepare("UPDATE groups SET source_key = ?2 WHERE row = ?1");
    for (;;) {
        const auto row = groups.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return {};
        if (auto written = write.bind(1, groups.integer(0)).bindBlob(2, core::dnKey(groups.text(1).toUtf8())).run(); !written)
            return written;
    }
}

} // namespace gatehouse::store
