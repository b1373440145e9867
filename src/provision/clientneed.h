// SPDX-License-Identifier: GPL-3.0-or-later
//
// What runs ask of the gateway clients that carry them: inbound provisioning needs a newer client than looking people up
// does, and group memberships a newer one still (see link/versions.h). Pure functions.
#pragma once

#include "core/config/forward.h"
#include "link/versions.h"

namespace gatehouse::provision {

/// Of a rule's runs: memberships where the connection syncs them and the rule names groups.
link::Need needOf(const core::Connection &connection, const core::Rule &rule);
/// The most that one of the connection's rules needs; without rules what any of them will.
link::Need needOf(const core::Configuration &configuration, const core::Connection &connection);
/// The most that one of the rules through the gateway needs; Lookup when there is none.
link::Need needOf(const core::Configuration &configuration, const core::Gateway &gateway);

} // namespace gatehouse::provision
