// SPDX-License-Identifier: GPL-3.0-or-later
//
// Addresses of servers as people write them.
#pragma once

#include "core/result.h"

#include <QString>

namespace gatehouse::core {

/// "host:port" split; Error with what is wrong. IPv6 with or without brackets; port 1 to 65535.
struct HostAndPort {
    QString host;
    quint16 port = 0;
};
[[nodiscard]] Result<HostAndPort> parseHostAndPort(const QString &text);
/// An IPv4 address, or an IPv6 one without brackets.
bool isIpAddress(const QString &text);

} // namespace gatehouse::core
