// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a rule whose mapping is being edited would make of one person, as the plan would have it. Rows that do not compile
// yet are told and left out, the others count. Reads the environment in its thread; writes nothing, asks no directory.
#pragma once

#include "core/config/attributemapping.h"
#include "core/config/connection.h"
#include "core/config/gateway.h"
#include "core/entry.h"
#include "provision/personpreview.h"

namespace gatehouse::provision {

/// @p preferences say what may be done to users.
[[nodiscard]] core::Result<PersonOutcome> rulePerson(store::Environment &environment, const core::Gateway &gateway,
                                                     const core::Connection &preferences, const core::Entry &entry,
                                                     const QList<core::AttributeMapping> &rows);

} // namespace gatehouse::provision
