// SPDX-License-Identifier: GPL-3.0-or-later
//
// Operations on the wire: requests sent, messages taken apart. Private to the room; called in the thread that works on
// the connection. Nothing here waits but nextMessage().
#pragma once

#include "core/result.h"
#include "ldap/connection_p.h"
#include "ldap/operation.h"

namespace gatehouse::ldap {

/// Sends the request; the message id. Errors: InvalidInput and Syntax where it cannot be sent, Unreachable where the
/// connection is lost.
[[nodiscard]] core::Result<int> send(Connection &connection, const Operation &operation);

/// Views into @p message.
[[nodiscard]] core::Result<ReceivedEntry> entryOf(Connection &connection, LDAPMessage *message, bool withControls);
ReceivedReference referenceOf(Connection &connection, LDAPMessage *message);
[[nodiscard]] core::Result<Intermediate> intermediateOf(Connection &connection, LDAPMessage *message);
/// Any operation's last message.
[[nodiscard]] core::Result<Answer> answerOf(Connection &connection, LDAPMessage *message);

/// Waits for the next message of operation @p id, where nobody else reads from the connection (Reservoir::Blocking).
/// Bounded by whoever calls (Watchdog::Wait).
[[nodiscard]] core::Result<MessageHandle> nextMessage(Connection &connection, int id);

/// The paging control of RFC 2696 for the next page after @p cookie.
RequestControl pagingControl(int size, const QByteArray &cookie, bool isCritical);
/// The cookie in a server's paging control; absent where it did not page. Protocol where it cannot be read.
[[nodiscard]] core::Result<std::optional<QByteArray>> cookieOf(const Answer &answer);

} // namespace gatehouse::ldap
