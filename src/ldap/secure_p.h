// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes a connection's channel what the target asks for, before anything else is sent on it. Belongs to the
// session's thread; blocks for at most Deadlines::secure, and as long again to learn why a certificate was refused.
#pragma once

#include "core/result.h"
#include "ldap/certificate.h"
#include "ldap/connection_p.h"
#include "ldap/session.h"

#include <optional>

namespace gatehouse::ldap {

/// Hands the socket to libldap and secures it. @p report is filled with the server's certificate, also when the
/// channel is refused because of it.
[[nodiscard]] core::Result<void> secureChannel(Connection &connection, const Target &target, const QString &address,
                                               std::optional<CertificateReport> &report);

/// What a bind over this TLS channel is tied to: "tls-server-end-point:" and the hash of the server's certificate (RFC 5929
/// 4.1). Empty without TLS.
QByteArray channelBinding(const Connection &connection);

} // namespace gatehouse::ldap
