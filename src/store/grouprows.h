// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of groups, for all that reads and writes them: single edits, sign-ons and the steps of runs. Within the caller's
// transaction.
#pragma once

#include "core/identity.h"
#include "core/result.h"

#include <QByteArray>

namespace gatehouse::store {

class Database;
class Statement;

/// "SELECT … FROM groups AS g" for readGroup(); a WHERE clause may follow.
QByteArray groupSelect();
core::Group readGroup(const Statement &row);

/// Everything that forbids @p group, whose row is 0 when new.
QList<core::Problem> problemsOf(Database &database, const core::Group &group);
/// Inserts a group whose row is 0, else updates the row and counts its revision up, where it has the one given; the number
/// of rows that changed is Database::changes().
[[nodiscard]] core::Result<void> writeGroup(Database &database, const core::Group &group);
/// With members and links.
[[nodiscard]] core::Result<void> deleteGroupRow(Database &database, qint64 row);

} // namespace gatehouse::store
