// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the journal does not say of a created user, since a first run creates a million: the values, link and frame that it
// was made with. They are told by its row, or the line of its deletion, and by what later lines changed, taken back one by
// one. Where somebody has edited the user in between, which no journal tells, the values are not known.
#pragma once

#include "store/journal.h"
#include "store/usercolumns.h"

namespace gatehouse::store {

/// Completes the line of a create in the journal of @p run; without changes where they are not known.
[[nodiscard]] core::Result<void> completeCreate(Database &database, const UserColumns &columns, qint64 run, JournalStep &line);

} // namespace gatehouse::store
