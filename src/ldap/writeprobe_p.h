// SPDX-License-Identifier: GPL-3.0-or-later
//
// The change that is never made: see Session::mayWrite(). Private to the room; belongs to the session's thread.
#pragma once

#include "core/result.h"
#include "ldap/connection_p.h"

#include <chrono>

namespace gatehouse::ldap {

[[nodiscard]] core::Result<bool> probeWrite(Connection &connection, const QByteArray &dn, const QByteArray &attribute,
                                            std::chrono::milliseconds allowed);

} // namespace gatehouse::ldap
