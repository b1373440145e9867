// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with a configuration, and what had better be otherwise. Pure functions, any thread.
#pragma once

#include "core/config/forward.h"
#include "core/error.h"

#include <QList>

namespace gatehouse::core {

/// Every fault of the whole: dangling and duplicate names, bad DNs, filters and mappings, limits, exclusions between
/// user types and rules. `where` is the JSON path. Empty when all is well.
QList<Error> validate(const Configuration &configuration);

/// What is accepted in a file, but better done otherwise; editors refuse it. `where` is the JSON path.
QList<Error> warnings(const Configuration &configuration);

/// What warnings() says of whom @p rule lets in although the directory has disabled them.
QList<Error> enablingWarnings(const Rule &rule, const Connection &connection, const QString &path);

} // namespace gatehouse::core
