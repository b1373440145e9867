// SPDX-License-Identifier: GPL-3.0-or-later
//
// Messages to the key distribution centre of an Active Directory domain, which every domain controller is. Private to the
// room; blocks, within the target's deadlines.
#pragma once

#include "core/cancel.h"
#include "ldap/session.h"

#include <vector>

namespace gatehouse::ldap {

/// To port 88 of the target's host, over TCP (RFC 4120 7.2.2). Errors name host and port; those of connecting as for a
/// session, Timeout when no reply comes in the time for a bind, Protocol when it is none.
[[nodiscard]] core::Result<QByteArray> askKdc(const Target &target, const std::vector<core::CancelToken> &cancel,
                                              const QByteArray &message);

} // namespace gatehouse::ldap
