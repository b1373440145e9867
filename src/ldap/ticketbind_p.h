// SPDX-License-Identifier: GPL-3.0-or-later
//
// A bind with a Kerberos ticket: SASL GSSAPI (RFC 4752). Private to the room; called in the connection's thread, which has nothing else to do.
#pragma once

#include "kerberos/exchange.h"
#include "ldap/connection_p.h"
#include "ldap/session.h"

namespace gatehouse::ldap {

/// Gets a ticket for @p target's account with its password and binds with it. True when from then on everything is sealed,
/// which is so without TLS; over TLS the channel does that, and the bind holds on this channel only (RFC 5929 4).
/// Errors: those of kerberos::Tickets; NotFound where the domain knows no LDAP service of the target's host; Untrusted where
/// without TLS the server does not seal.
[[nodiscard]] core::Result<bool> bindByTicket(Connection &connection, const Target &target, const ServerInfo &server,
                                              const kerberos::Exchange &exchange);

/// The same as somebody who signs on: what the domain says of the account is the answer. What it says in one word for several
/// states ("revoked") is told apart by @p entry.
[[nodiscard]] core::Result<BindAnswer> bindPersonByTicket(Connection &connection, const Target &target, const ServerInfo &server,
                                                          const kerberos::Exchange &exchange, const core::Entry &entry);

} // namespace gatehouse::ldap
