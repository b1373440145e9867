// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server on the loopback that sends back what it gets, and reading to the end of a stream, for tests of the tunnel.
// The server works in threads of its own; reading blocks, any thread.
#pragma once

#include "tests/support/loopback.h"

#include <QByteArray>

#include <atomic>
#include <cerrno>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::test {

/// Sends back what it gets, and ends when the other side has ended.
class EchoServer {
public:
    EchoServer()
    {
        m_listener.listen();
        m_thread = std::thread([this] {
            while (!m_ending) {
                const int socket = m_listener.accept(20);
                if (socket < 0)
                    continue;
                ++connections;
                m_echoes.emplace_back([this, socket] {
                    std::vector<char> octets(64 * 1024);
                    timeval brief{0, 50'000};
                    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief);
                    while (!m_ending) {
                        const ssize_t got = ::recv(socket, octets.data(), octets.size(), 0);
                        if (got < 0 && (errno == EAGAIN || errno == EINTR))
                            continue;
                        if (got <= 0 || !sendAll(socket, octets.data(), size_t(got)))
                            break;
                    }
                    ::close(socket);
                });
            }
        });
    }
    ~EchoServer()
    {
        m_ending = true;
        m_thread.join();
        for (std::thread &echo : m_echoes)
            echo.join();
    }
    quint16 port() const { return m_listener.port(); }
    std::atomic_int connections{0};

private:
    Listener m_listener;
    std::atomic_bool m_ending{false};
    std::thread m_thread;
    std::vector<std::thread> m_echoes;
};

/// Until the end, or nothing when it does not come in time.
inline QByteArray readToEnd(int socket, int milliseconds = 5'000)
{
    timeval brief{milliseconds / 1'000, (milliseconds % 1'000) * 1'000};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief);
    QByteArray all;
    std::vector<char> octets(256 * 1024);
    for (;;) {
        const ssize_t got = ::recv(socket, octets.data(), octets.size(), 0);
        if (got == 0)
            return all;
        if (got < 0)
            return {};
        all.append(octets.data(), qsizetype(got));
    }
}

} // namespace gatehouse::test
