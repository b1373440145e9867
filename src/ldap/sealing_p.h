// SPDX-License-Identifier: GPL-3.0-or-later
//
// Seals everything between libldap and the socket by Kerberos (RFC 4422 3.7, RFC 4752 3.2): a layer on the connection's
// buffer, for binds without TLS. Private to the room; belongs to the connection's thread and ends with the connection.
#pragma once

#include "kerberos/initiator.h"
#include "ldap/connection_p.h"

#include <memory>

namespace gatehouse::ldap {

/// @p longestToSend, @p longestToTake: octets of one sealed message, without the length before it. A message of the server
/// that was changed, or is longer, ends the connection.
bool addSealing(Connection &connection, std::shared_ptr<kerberos::Initiator> initiator, quint32 longestToSend, quint32 longestToTake);

} // namespace gatehouse::ldap
