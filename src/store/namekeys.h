// SPDX-License-Identifier: GPL-3.0-or-later
//
// The keys by which users and groups are found by name, made anew for rows of a time when keys were made otherwise. Used by
// a migration, within its transaction.
#pragma once

#include "core/result.h"

namespace gatehouse::store {

class Database;

/// Names that were told apart by spaces or format characters alone get the keys of names that are not: where another has the
/// key, both stay. External groups get the key of their DN.
[[nodiscard]] core::Result<void> renewNameKeys(Database &database);

} // namespace gatehouse::store
