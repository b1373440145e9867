// SPDX-License-Identifier: GPL-3.0-or-later
//
// Binds of people and changes of their passwords on the wire. Private to the room; called in the connection's thread, which has nothing else to do.
#pragma once

#include "core/result.h"
#include "ldap/connection_p.h"
#include "ldap/password.h"

#include <chrono>

namespace gatehouse::ldap {

/// Asks for the password policy control (draft-behera-ldap-password-policy 6.1). Neither name nor password may be empty.
[[nodiscard]] core::Result<BindAnswer> bindPerson(Connection &connection, const QByteArray &dn,
                                                  const core::Secret &password, std::chrono::milliseconds allowed);
/// The change as it is asked for; whether the channel is secure enough is the caller's to know.
[[nodiscard]] core::Result<void> sendPasswordChange(Connection &connection, const PasswordChange &change,
                                                    std::chrono::milliseconds allowed);

} // namespace gatehouse::ldap
