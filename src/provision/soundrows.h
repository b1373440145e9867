// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of an edited mapping that can be evaluated already. A preview goes on with these while somebody is still
// writing another one. Pure, any thread.
#pragma once

#include "core/mapping.h"

#include <QHash>

namespace gatehouse::provision {

struct SoundRows {
    QList<core::AttributeMapping> rows;
    QList<qsizetype> places; ///< where they stood
    QHash<qsizetype, QList<core::Error>> faults; ///< by the place of the row that does not compile
};

/// Leaves out rows that do not compile, and those whose target has a row above.
SoundRows soundRows(const QList<core::AttributeMapping> &rows, const std::shared_ptr<const core::AttributeCatalog> &catalog);
/// The same, given what compiling them found wrong, "attributeMappings[i]…" saying where.
SoundRows soundRows(const QList<core::AttributeMapping> &rows, const QList<core::Error> &faults);

} // namespace gatehouse::provision
