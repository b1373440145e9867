// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bare sockets on the loopback for the servers that tests make up. Blocking calls, any thread.
#pragma once

#include <QtGlobal>

#include <cstddef>

namespace gatehouse::test {

class Listener {
public:
    ~Listener();
    /// On a free port of 127.0.0.1. False when the system refuses.
    bool listen(int backlog = 64);
    quint16 port() const { return m_port; }
    /// The next connection, or -1 when none came in time.
    int accept(int milliseconds) const;

private:
    int m_socket = -1;
    quint16 m_port = 0;
};

/// A connection to 127.0.0.1, or -1.
int connectLoopback(quint16 port);
bool sendAll(int socket, const char *octets, size_t length);
/// Exactly @p length octets; false when the other side ended before.
bool receiveAll(int socket, char *octets, size_t length);

} // namespace gatehouse::test
