// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands in the clear in a GSS-API token of Kerberos: the token itself inside of a negotiation, and the service that
// its ticket was issued for. Reads DER (ITU-T X.690) of definite lengths only. Pure functions on octets of strangers.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>

namespace gatehouse::kerberos {

/// Kerberos' own token (RFC 4121 4.1), taken out of a negotiation (RFC 4178 4.2.1) where it comes in one. InvalidInput when
/// there is none: the offer to negotiate alone, another mechanism's, or no token at all.
[[nodiscard]] core::Result<QByteArray> kerberosToken(const QByteArray &token);

/// The ticket in such a token, as RFC 4120 5.3 has it; empty where there is none.
QByteArray ticketOf(const QByteArray &kerberosToken);

} // namespace gatehouse::kerberos
