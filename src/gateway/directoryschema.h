// SPDX-License-Identifier: GPL-3.0-or-later
//
// The live schema of the directory behind a session. Blocks; never on the GUI thread.
#pragma once

#include "core/result.h"
#include "core/schema.h"
#include "ldap/session.h"

namespace gatehouse::gateway {

/// Reads the subschema that the rootDSE names (RFC 4512 4.4). NotFound when the server shows none to this account.
[[nodiscard]] core::Result<core::Schema> readSchema(ldap::Session &session);

} // namespace gatehouse::gateway
