// SPDX-License-Identifier: GPL-3.0-or-later
//
// The change that is never made: see Session::mayWrite(). Private to the room; waits, so never in the connection's thread.
#pragma once

#include "ldap/channel.h"

namespace gatehouse::ldap {

[[nodiscard]] core::Result<bool> probeWrite(Channel &channel, const QString &place, const QByteArray &dn, const QByteArray &attribute,
                                            std::chrono::milliseconds allowed);

} // namespace gatehouse::ldap
