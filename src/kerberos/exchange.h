// SPDX-License-Identifier: GPL-3.0-or-later
//
// How messages reach a key distribution centre. This room never connects by itself: whoever wants tickets says how, and so
// keeps deadlines, cancel and the way through a gateway client in hand. No krb5.conf and no DNS entry is needed for it.
#pragma once

#include "core/result.h"

#include <QByteArray>

#include <functional>

namespace gatehouse::kerberos {

/// Sends one message to the realm's key distribution centre and gives its reply, both without the length that stands before
/// them on TCP (RFC 4120 7.2.2). Blocks, within limits of its own.
using Exchange = std::function<core::Result<QByteArray>(const QByteArray &message)>;

} // namespace gatehouse::kerberos
