// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrationsteps.h"

namespace gatehouse::store {

namespace {

// Rows of users are numbered by meta's 'next_user_row' and never used again: links and journal refer to them.
//
// links.row is gateway number, kind and row of the object in one (see store/links.h); journal.row and run_failures.row
// are run * 2^32 + place in the run: so all rows of a gateway or a run lie together without an index, in the order in
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
    // Counts of every kind of object; journal lines with links, frames and memberships as store/journal.h says.
    R"sql(
UPDATE runs SET counts = json_object('counts', json(counts));
UPDATE journal SET detail = json_set(detail, '$.link', json_array(
    coalesce((SELECT n.row FROM runs AS r JOIN rules AS u ON u.uuid = r.rule_uuid
              JOIN connections AS c ON c.name = json_extract(u.body, '$.connection')
              JOIN gateways AS g ON g.name = json_extract(c.body, '$.gateway')
              JOIN gateway_numbers AS n ON n.uuid = g.uuid WHERE r.row = journal.row >> 32), 0),
    NULL,
    json_array(0, 0, coalesce((SELECT n.row FROM runs AS r JOIN rule_numbers AS n ON n.uuid = r.rule_uuid
                               WHERE r.row = journal.row >> 32), 0), '0', 0)))
    WHERE json_type(detail, '$.link') = 'true';
UPDATE journal SET detail = json_set(
    json_remove(detail, '$.population', '$.authority', '$.createdAt', '$.lastSignOnAt', '$.rule', '$.fingerprint', '$.groups'),
    '$.link', json_array(
        coalesce((SELECT n.row FROM runs AS r JOIN rules AS u ON u.uuid = r.rule_uuid
                  JOIN connections AS c ON c.name = json_extract(u.body, '$.connection')
                  JOIN gateways AS g ON g.name = json_extract(c.body, '$.gateway')
                  JOIN gateway_numbers AS n ON n.uuid = g.uuid WHERE r.row = journal.row >> 32), 0),
        json_array(0, 0, coalesce(json_extract(detail, '$.rule'), 0), coalesce(json_extract(detail, '$.fingerprint'), '0'), 0),
        NULL),
    '$.frame', json_array(json_array(json_extract(detail, '$.population'), json_extract(detail, '$.authority')),
                          json_array(NULL, NULL)),
    '$.memberships', (SELECT json_group_array(json_array(json_extract(g.value, '$[0]'), 0, journal.user,
                                                         json_extract(g.value, '$[1]'), json_extract(g.value, '$[2]'), 0))
                      FROM json_each(detail, '$.groups') AS g))
    WHERE action = 5 AND json_type(detail, '$.groups') = 'array';
)sql",
    // What plan files are sealed with (see store/seal.h; SQLite seeds randomblob() by the system's random numbers), and
    // the plan that a run applied.
    R"sql(
INSERT INTO meta VALUES ('environment', randomblob(16));
INSERT INTO meta VALUES ('seal_key', randomblob(32));
ALTER TABLE runs ADD COLUMN plan BLOB;
)sql",
    // Links to every kind of object (the row: see store/links.h), memberships with a row for each source, nested groups,
    // and a journal that is about every kind of object, in the order of time for each.
    R"sql(
CREATE TABLE links_of_objects (
    row INTEGER PRIMARY KEY,
    rule INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    disabling INTEGER NOT NULL,
    source_id BLOB NOT NULL,
    dn BLOB NOT NULL
);
INSERT INTO links_of_objects SELECT (row >> 40) << 43 | (row & 1099511627775), rule, fingerprint, deprovisioned,
    source_id, dn FROM links ORDER BY row;
DROP TABLE links;
ALTER TABLE links_of_objects RENAME TO links;
CREATE TABLE missing_objects (
    row INTEGER PRIMARY KEY,
    rule INTEGER NOT NULL,
    since INTEGER NOT NULL
);
INSERT INTO missing_objects SELECT (row >> 40) << 43 | (row & 1099511627775), rule, since FROM missing ORDER BY row;
DROP TABLE missing;
ALTER TABLE missing_objects RENAME TO missing;
CREATE TABLE memberships_by_source (
    group_row INTEGER NOT NULL REFERENCES groups (row) ON DELETE CASCADE,
    user_row INTEGER NOT NULL REFERENCES users (row) ON DELETE CASCADE,
    source INTEGER NOT NULL,
    direct INTEGER NOT NULL,
    PRIMARY KEY (group_row, user_row, source)
) WITHOUT ROWID;
INSERT INTO memberships_by_source SELECT group_row, user_row, source, direct FROM memberships;
DROP TABLE memberships;
ALTER TABLE memberships_by_source RENAME TO memberships;
CREATE INDEX memberships_user ON memberships (user_row);
CREATE TABLE nested_groups (
    group_row INTEGER NOT NULL REFERENCES groups (row) ON DELETE CASCADE,
    inner_row INTEGER NOT NULL REFERENCES groups (row) ON DELETE CASCADE,
    source INTEGER NOT NULL,
    PRIMARY KEY (group_row, inner_row, source)
) WITHOUT ROWID;
CREATE INDEX nested_groups_inner ON nested_groups (inner_row);
ALTER TABLE journal RENAME COLUMN user TO object;
ALTER TABLE journal RENAME COLUMN username TO name;
ALTER TABLE journal ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
CREATE INDEX journal_objects ON journal (kind, object) WHERE action <> 1;
UPDATE journal SET detail = json_set(detail, '$.memberships', (SELECT json_group_array(json_array(
        (SELECT lower(hex(g.uuid)) FROM groups AS g WHERE g.row = json_extract(m.value, '$[0]')), 0, 0,
        json_extract(m.value, '$[3]'), json_extract(m.value, '$[4]'), 0)) FROM json_each(detail, '$.memberships') AS m))
    WHERE action = 5 AND json_array_length(detail, '$.memberships') > 0;
ALTER TABLE run_failures RENAME COLUMN username TO name;
ALTER TABLE run_failures DROP COLUMN user;
)sql",
};

} // namespace

std::span<const QByteArray> migrationSteps()
{
    return kMigrations;
}

} // namespace gatehouse::store
