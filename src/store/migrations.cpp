// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.h"

#include "store/database.h"
#include "store/ids.h"
#include "store/migrationsteps.h"
#include "store/namekeys.h"
#include "store/rulelock.h"
#include "store/usercolumns.h"

#include <QSet>

namespace gatehouse::store {

using core::Code;
using core::Result;

namespace {

constexpr int kKeysMigration = 5; ///< after which keys of names are made anew

struct Index {
    QByteArray kind;
    QByteArray name;
    QByteArray columns;
};
// The indexes that a bulk load puts off.
const Index kIndexes[] = {
    {"UNIQUE INDEX", "users_username_key", "users (username_key)"},
    {"INDEX", "users_population", "users (population, enabled)"},
    {"INDEX", "links_source", "links (source_id)"},
};

Result<void> addFirstPopulation(Database &database)
{
    return database
        .prepare("INSERT INTO populations (uuid, position, name, description, is_default) VALUES (?1, 0, ?2, '', 1)")
        .bind(1, timeOrderedId())
        .bind(2, QStringLiteral("Default Population"))
        .run();
}

Result<void> takeStep(Database &database, int number)
{
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return core::fail(transaction.error());
    // Another process may have been faster.
    const auto version = database.integer("PRAGMA user_version");
    if (!version)
        return core::fail(version.error());
    if (*version >= number)
        return transaction->commit();
    auto done = database.execute(migrationSteps()[size_t(number) - 1]);
    if (done && number == 1)
        done = addFirstPopulation(database);
    if (done && number == kKeysMigration)
        done = renewNameKeys(database);
    if (done)
        done = database.execute("PRAGMA user_version=" + QByteArray::number(number));
    if (!done) {
        // SQL that does not fit the tables: the file says another number than it has.
        if (done.error().code != Code::Internal)
            return done;
        return core::fail(Code::Corrupt, QStringLiteral("the environment's file is damaged"),
                          QStringLiteral("its tables are not those of number %1, which it says: %2").arg(*version).arg(done.error().detail));
    }
    return transaction->commit();
}

Result<QSet<QByteArray>> names(Database &database, const QByteArray &sql)
{
    QSet<QByteArray> names;
    Statement statement = database.prepare(sql);
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return names;
        names.insert(statement.utf8(0).toByteArray());
    }
}

/// Built-in attributes have a column each; a newer program may know more of them than the file. The columns to add.
Result<QList<QByteArray>> missingColumns(Database &database)
{
    const auto present = names(database, "SELECT name FROM pragma_table_info('users')");
    if (!present)
        return core::fail(present.error());
    QList<QByteArray> missing;
    const core::AttributeCatalog catalog;
    for (int number = 0; number < catalog.builtInCount(); ++number) {
        const QByteArray column = UserColumns::columnName(catalog.at(number).name);
        if (!present->contains(column))
            missing.append(column + (catalog.at(number).type == core::AttributeType::Boolean ? " INTEGER" : " TEXT"));
    }
    return missing;
}

Result<void> addAttributeColumns(Database &database)
{
    const auto missing = missingColumns(database);
    if (!missing)
        return core::fail(missing.error());
    if (missing->isEmpty())
        return {};
    if (database.isReadOnly())
        return core::fail(Code::Conflict,
                          QStringLiteral("the environment is of an older version: open it once for writing"));
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return core::fail(transaction.error());
    const auto still = missingColumns(database); // another process may have been faster
    if (!still)
        return core::fail(still.error());
    for (const QByteArray &column : *still) {
        if (auto added = database.execute("ALTER TABLE users ADD COLUMN " + column); !added)
            return added;
    }
    return transaction->commit();
}

/// A damaged or shortened file fails here rather than in the middle of a run. Looks at both ends of every table, so it
/// takes as long for a million users as for ten.
Result<void> probe(Database &database)
{
    const auto tables = names(database, "SELECT name FROM sqlite_schema WHERE type = 'table'");
    if (!tables)
        return core::fail(tables.error());
    for (const char *table : {"users", "links", "journal", "run_failures", "user_search", "runs", "audit", "populations",
                              "groups", "authorities"}) {
        if (!tables->contains(table))
            return core::fail(Code::Corrupt, QStringLiteral("the environment's file is damaged"),
                              QStringLiteral("table %1 is missing").arg(QLatin1String(table)));
        for (const char *end : {"min", "max"}) {
            const QByteArray sql = QByteArray("SELECT * FROM ") + table + " WHERE rowid = (SELECT " + end + "(rowid) FROM "
                                   + table + ")";
            if (const auto row = database.prepare(sql).step(); !row)
                return core::fail(row.error());
        }
    }
    for (const char *column : {"uuid", "username_key"}) {
        // In bulk loads the index may be missing; then this would be a search through the table.
        const auto indexed = database.integer(QByteArray("SELECT count(*) FROM sqlite_schema WHERE name = 'users_") + column
                                              + '\'');
        if (!indexed)
            return core::fail(indexed.error());
        for (const char *end : {"min", "max"}) {
            if (*indexed == 0)
                continue;
            if (const auto row = database.integer(QByteArray("SELECT ") + end + '(' + column + ") FROM users"); !row)
                return core::fail(row.error());
        }
    }
    return {};
}

Result<QList<Index>> missingIndexes(Database &database)
{
    const auto present = names(database, "SELECT name FROM sqlite_schema WHERE type = 'index'");
    if (!present)
        return core::fail(present.error());
    QList<Index> missing;
    for (const Index &index : kIndexes) {
        if (!present->contains(index.name))
            missing.append(index);
    }
    return missing;
}

} // namespace

int newestMigration()
{
    return int(migrationSteps().size());
}

Result<void> checkIdentity(Database &database)
{
    const auto application = database.integer("PRAGMA application_id");
    if (!application)
        return core::fail(application.error());
    if (*application != kApplicationId)
        return core::fail(Code::Corrupt, QStringLiteral("this file is not an environment"));
    return {};
}

Result<void> migrate(Database &database)
{
    const auto version = database.integer("PRAGMA user_version");
    if (!version)
        return core::fail(version.error());
    if (*version > newestMigration())
        return core::fail(Code::Corrupt, QStringLiteral("the environment was written by a newer version of this program"),
                          QStringLiteral("its tables are number %1, this program knows up to %2")
                              .arg(*version)
                              .arg(newestMigration()));
    if (*version < 0)
        return core::fail(Code::Corrupt, QStringLiteral("the environment's file is damaged"),
                          QStringLiteral("its tables are number %1, which no version has written").arg(*version));
    if (*version < newestMigration() && database.isReadOnly())
        return core::fail(Code::Conflict, QStringLiteral("the environment is of an older version: open it once for writing"));
    for (int number = int(*version) + 1; number <= newestMigration(); ++number) {
        if (auto taken = takeStep(database, number); !taken)
            return taken;
    }
    if (auto added = addAttributeColumns(database); !added)
        return added;
    if (auto probed = probe(database); !probed)
        return probed;
    if (database.isReadOnly())
        return {};
    const auto missing = missingIndexes(database);
    if (!missing)
        return core::fail(missing.error());
    if (missing->isEmpty())
        return {};
    // A process that is loading many users has put them off and will make them.
    const auto lock = RuleLock::forIndexes(database.path());
    if (!lock)
        return lock.error().code == Code::Locked ? Result<void>() : core::fail(lock.error());
    return makeIndexes(database);
}

bool isIndexed(Database &database)
{
    const auto missing = missingIndexes(database);
    return missing && missing->isEmpty();
}

Result<void> makeIndexes(Database &database)
{
    const auto missing = missingIndexes(database);
    if (!missing)
        return core::fail(missing.error());
    // Each by itself, so that other writers get their turn in between: one takes a second for a million users.
    for (const Index &index : *missing) {
        auto made = database.execute("CREATE " + index.kind + " IF NOT EXISTS " + index.name + " ON " + index.columns);
        if (!made)
            return made;
    }
    return {};
}

Result<void> dropIndexes(Database &database)
{
    for (const Index &index : kIndexes) {
        if (auto dropped = database.execute("DROP INDEX IF EXISTS " + index.name); !dropped)
            return dropped;
    }
    return {};
}

} // namespace gatehouse::store
