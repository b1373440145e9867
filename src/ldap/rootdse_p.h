// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the rootDSE's entry to ServerInfo. Pure functions.
#pragma once

#include "core/entry.h"
#include "ldap/server.h"

namespace gatehouse::ldap {

/// The attributes that serverInfoOf() looks at.
const QList<QByteArray> &rootDseAttributes();
ServerInfo serverInfoOf(const core::Entry &rootDse);

} // namespace gatehouse::ldap
