// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables of an environment's file, as numbered steps from the empty file on; user_version holds the number of the
// last step taken. Each step is one transaction, and a step that has shipped is never changed: what comes after it is
// a step of its own.
#pragma once

#include "core/result.h"

#include <QByteArray>

namespace gatehouse::store {

class Database;

/// SQLite's application_id of an environment: "GtHs".
inline constexpr int kApplicationId = 0x47744873;

/// The number of the newest step this program knows.
int newestMigration();

/// Checks that the file is an environment: Corrupt where it is another program's.
[[nodiscard]] core::Result<void> checkIdentity(Database &database);

/// Checks that this program can use the environment (Corrupt: damaged, or of a newer version),
/// takes the steps that are missing, and adds what is derived: columns for built-in attributes, sorting indexes. A new
/// environment has one population. A read-only connection changes nothing: it answers Conflict where a step is
/// missing.
[[nodiscard]] core::Result<void> migrate(Database &database);

// The indexes by username, population and immutable id, which a bulk load puts off (store/bulkload.h).
/// True when none is missing.
bool isIndexed(Database &database);
/// Makes those that are missing.
[[nodiscard]] core::Result<void> makeIndexes(Database &database);
[[nodiscard]] core::Result<void> dropIndexes(Database &database);

} // namespace gatehouse::store
