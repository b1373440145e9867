// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bare connection under a session: its socket, its libldap handle and the watchdog over both; and how a failed
// libldap call becomes an Error. Private to the room; belongs to the thread that works on it:
// the session's while it is opened, the channel's from then on.
#pragma once

#include "core/result.h"
#include "ldap/handles_p.h"
#include "ldap/reservoir_p.h"
#include "ldap/watchdog_p.h"

#include <QString>
#include <QStringList>

#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <vector>

namespace gatehouse::ldap {

/// A socket address as getaddrinfo() gives it.
struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;
    QString text() const; ///< numeric, without the port
};

/// "dc1.example.com:636", an IPv6 address in brackets.
QString placeOf(const QString &host, quint16 port);

struct Connection {
    Connection() = default;
    ~Connection() { close(); }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    /// Hands the socket to libldap. @p url names the host as people configured it: TLS checks it.
    [[nodiscard]] core::Result<void> adopt(const QByteArray &url);
    void close();
    /// A connected socket is this connection's from now on.
    void take(int connected);

    /// Why a call failed that returned @p rc: the watchdog's verdict comes first, since libldap only sees a socket
    /// that went away. A lost connection is closed.
    core::Error faultOf(int rc, const QString &what);
    /// The same for a result that the server sent (RFC 4511 4.1.9).
    core::Error faultOf(int rc, const QString &what, const QString &serverSays) const;
    /// The error for a wait that the watchdog ended, if it did.
    std::optional<core::Error> verdict(const QString &what);

    /// Every wait is made through one of these.
    Watchdog watchdog;
    QString place;        ///< host:port, for errors
    int socket = -1;      ///< ours until libldap has it
    LDAP *ld = nullptr;
    std::unique_ptr<Reservoir> reservoir; ///< of `ld`
};

/// The addresses of a host; every octet of the resolver's work happens in a thread that may outlive the wait.
[[nodiscard]] core::Result<std::vector<Address>> resolveHost(Connection &connection, const QString &host, quint16 port,
                                                             std::chrono::milliseconds allowed);
/// Connects to the first of @p addresses that answers, sharing the time among those left. Returns its index.
[[nodiscard]] core::Result<size_t> dial(Connection &connection, const std::vector<Address> &addresses,
                                        std::chrono::milliseconds allowed);

} // namespace gatehouse::ldap
