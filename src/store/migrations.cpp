// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.h"

#include "store/database.h"
#include "store/ids.h"
#include "store/namekeys.h"
#include "store/rulelock.h"
#include "store/usercolumns.h"

#include <QSet>

namespace gatehouse::store {

using core::Code;
using core::Result;

namespace {

// Rows of users are numbered by meta's 'next_user_row' and never used again: links and journal refer to them.
//
// links.row is gateway number * 2^40 + user row (see store/links.h); journal.row and run_failures.row are
// run * 2^32 + place in the run: so all rows of a gateway or a run lie together without an index, in the order in
// which they were made.
//
// user_search holds the searched text of 64 users in one row (see store/searchtext.h).
const QByteArray kMigrations[] = {
    R"sql(
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value
) WITHOUT ROWID;

CREATE TABLE populations (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    is_default INTEGER NOT NULL
);
CREATE TABLE attributes (
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE gateways (
    uuid BLOB PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    user_type_ids TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE connections (
    uuid BLOB PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE rules (
    uuid BLOB PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE gateway_numbers (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE
);
CREATE TABLE rule_numbers (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE
);
CREATE TABLE authorities (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    gateway_uuid BLOB,
    user_type_uuid BLOB,
    gateway TEXT NOT NULL,
    user_type TEXT NOT NULL
);

CREATE TABLE users (
    row INTEGER PRIMARY KEY,
    population INTEGER NOT NULL REFERENCES populations (row),
    enabled INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    authority INTEGER REFERENCES authorities (row),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_sign_on_at INTEGER,
    uuid BLOB NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL,
    custom TEXT
);
CREATE UNIQUE INDEX users_uuid ON users (uuid);
CREATE TABLE user_unique (
    attribute TEXT NOT NULL,
    value TEXT NOT NULL,
    user INTEGER NOT NULL REFERENCES users (row) ON DELETE CASCADE,
    PRIMARY KEY (attribute, value)
) WITHOUT ROWID;
CREATE INDEX user_unique_user ON user_unique (user);
CREATE TABLE user_search (
    block INTEGER PRIMARY KEY,
    texts BLOB NOT NULL
);

CREATE TABLE links (
    row INTEGER PRIMARY KEY,
    rule INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    deprovisioned INTEGER NOT NULL,
    source_id BLOB NOT NULL,
    dn BLOB NOT NULL
);

CREATE TABLE groups (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    population INTEGER REFERENCES populations (row),
    source INTEGER NOT NULL,
    source_name TEXT NOT NULL,
    just_in_time INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX groups_internal ON groups (name_key) WHERE source = 0;
CREATE UNIQUE INDEX groups_external ON groups (source, source_name, name) WHERE source <> 0;
CREATE INDEX groups_population ON groups (population);
CREATE TABLE memberships (
    group_row INTEGER NOT NULL REFERENCES groups (row) ON DELETE CASCADE,
    user_row INTEGER NOT NULL REFERENCES users (row) ON DELETE CASCADE,
    source INTEGER NOT NULL,
    direct INTEGER NOT NULL,
    PRIMARY KEY (group_row, user_row)
) WITHOUT ROWID;
CREATE INDEX memberships_user ON memberships (user_row);

CREATE TABLE runs (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    rule TEXT NOT NULL,
    rule_uuid BLOB,
    status INTEGER NOT NULL,
    counts TEXT NOT NULL,
    entries_read INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    duration INTEGER NOT NULL,
    started_by TEXT NOT NULL,
    error TEXT,
    guards TEXT NOT NULL
);
CREATE TABLE run_failures (
    row INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    user INTEGER NOT NULL,
    username TEXT NOT NULL,
    uuid BLOB,
    source_id BLOB NOT NULL,
    dn BLOB NOT NULL,
    detail TEXT NOT NULL,
    problems TEXT NOT NULL
);
CREATE TABLE journal (
    row INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    action INTEGER NOT NULL,
    user INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    username TEXT NOT NULL,
    uuid BLOB,
    source_id BLOB,
    dn BLOB,
    detail TEXT
);
CREATE TABLE audit (
    row INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
INSERT INTO meta VALUES ('next_user_row', 1);
)sql",
    // Gateway clients: what they are let in by, and where. A credential whose gateway is deleted lets nobody in.
    R"sql(
CREATE TABLE gateway_credentials (
    uuid BLOB PRIMARY KEY,
    gateway_uuid BLOB NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
) WITHOUT ROWID;
CREATE TABLE gateway_endpoint (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    listen TEXT NOT NULL,
    port INTEGER NOT NULL,
    host_name TEXT NOT NULL,
    certificate_file TEXT NOT NULL,
    key_file TEXT NOT NULL
);
)sql",
    // Users who sign on: hashes of passwords that this directory checks, and by what their entries are found again.
    R"sql(
CREATE TABLE passwords (
    user INTEGER PRIMARY KEY REFERENCES users (row) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    changed_at INTEGER NOT NULL
);
CREATE TABLE correlations (
    user INTEGER PRIMARY KEY REFERENCES users (row) ON DELETE CASCADE,
    attributes TEXT NOT NULL
);
)sql",
    // What guards go by: since when people have been missing from a rule's reads (row: as in links), and which runs say
    // nothing about how many people there are.
    R"sql(
CREATE TABLE missing (
    row INTEGER PRIMARY KEY,
    rule INTEGER NOT NULL,
    since INTEGER NOT NULL
);
ALTER TABLE runs ADD COLUMN one_person INTEGER NOT NULL DEFAULT 0;
)sql",
    // External groups by the key of their name, since a DN has many spellings; what a directory's schema was when last read.
    R"sql(
ALTER TABLE groups ADD COLUMN source_key BLOB NOT NULL DEFAULT x'';
CREATE INDEX groups_source_key ON groups (source, source_name, source_key) WHERE source <> 0;
CREATE TABLE directory_schemas (
    gateway_uuid BLOB PRIMARY KEY,
    read_at INTEGER NOT NULL,
    types BLOB NOT NULL
) WITHOUT ROWID;
)sql",
    // Guesses at passwords, by name and by source (see store/signonlocks.h), and tickets that were used.
    R"sql(
CREATE TABLE signon_guesses (
    subject TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    locked_at INTEGER,
    locked_until INTEGER,
    also TEXT
) WITHOUT ROWID;
CREATE INDEX signon_guesses_last ON signon_guesses (last_at);
CREATE TABLE used_tickets (
    fingerprint BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX used_tickets_expiry ON used_tickets (expires_at);
)sql",
};
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
    auto done = database.execute(kMigrations[number - 1]);
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
    return int(std::size(kMigrations));
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
