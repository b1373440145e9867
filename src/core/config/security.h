// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a connection to a directory is secured, and how its account proves who it is.
#pragma once


namespace gatehouse::core {

enum class ConnectionSecurity { None, Tls, StartTls };

/// How a gateway's account proves who it is: with its password, or with a Kerberos ticket (SASL GSSAPI, RFC 4752).
enum class BindMechanism { Simple, Gssapi };

} // namespace gatehouse::core
