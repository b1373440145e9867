// SPDX-License-Identifier: GPL-3.0-or-later
//
// All users' rows in one order. By username an index says it; by name and e-mail they are sorted from the packed texts
// (store/searchtext.h). Used by the Reader within one transaction.
#pragma once

#include "core/result.h"
#include "store/reader.h"

#include <atomic>
#include <vector>

namespace gatehouse::store {

class Database;

/// Ascending, people without a name or an address last; equals stand in the order of usernames (populations, switches)
/// or of their rows (the others). Ends with Cancelled soon after @p interrupted is set. @p byUsername: the order of usernames, where it is known.
[[nodiscard]] core::Result<std::vector<qint64>> orderedUsers(Database &database, UserOrder order,
                                                             const std::vector<qint64> &byUsername,
                                                             const std::atomic_bool &interrupted);

/// The first column of every row of @p sql.
[[nodiscard]] core::Result<std::vector<qint64>> integersOf(class Statement &statement, const std::atomic_bool &interrupted,
                                                           qsizetype expected = 0);
core::Error cancelledQuery();

} // namespace gatehouse::store
