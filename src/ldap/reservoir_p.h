// SPDX-License-Identifier: GPL-3.0-or-later
//
// A layer for liblber's socket that reads ahead. Servers send each entry by itself, so a client that is as fast as
// the server wakes up for every one of them, and both spend their time on that. While a stream of small pieces comes
// in, the layer pauses for a moment before it reads, and gets many at once. It also writes without raising SIGPIPE.
// Owned by the connection's Sockbuf; belongs to the session's thread.
#pragma once

#include <lber.h>

namespace gatehouse::ldap {

class Watchdog;

/// Puts the layer next to the socket, below TLS where there is any. It tells @p watchdog of what is heard. False when
/// memory is short.
bool addReservoir(Sockbuf *buffer, Watchdog &watchdog);

} // namespace gatehouse::ldap
