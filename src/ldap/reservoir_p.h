// SPDX-License-Identifier: GPL-3.0-or-later
//
// The layer of liblber's buffer next to the socket. It reads ahead as much as there is, so that what the socket has and
// what it holds can be told apart: "data ready" is the truth. While a connection is opened it blocks, bounded by the
// watchdog; afterwards it never waits for octets, and where the other side takes none it goes on reading, since a
// server that waits for us to read would never come to it. Writes raise no SIGPIPE. Owned by its Connection; belongs to
// the thread that works on the connection.
#pragma once

#include <QtGlobal>

#include <lber.h>

#include <chrono>
#include <functional>
#include <vector>

namespace gatehouse::ldap {

class Watchdog;

class Reservoir {
public:
    explicit Reservoir(Watchdog &watchdog);

    /// Puts the layer below TLS, where there is any. False when memory is short.
    bool addTo(Sockbuf *buffer);

    enum class Filled { Some, Nothing, Ended };
    /// Takes what the socket has, without waiting.
    Filled fill();
    bool isEmpty() const { return m_begin == m_end; }
    /// The other side has said its last.
    bool hasEnded() const { return m_ended; }
    /// Small pieces come one after another, as a server sends entries: it pays to let some gather before the next
    /// fill().
    bool isStreaming() const { return m_smallPieces >= kStreamPieces; }
    void pauseStream() { m_smallPieces = 0; }

    /// Since the last messageEnded().
    qint64 octetsOfMessage() const { return m_octetsOfMessage; }
    void messageEnded() { m_octetsOfMessage = 0; }

    /// From now on nothing waits for octets; a write that finds no room waits for @p longestWrite at most, and no
    /// longer when @p mustStop.
    void stopBlocking(std::chrono::milliseconds longestWrite, std::function<bool()> mustStop);
    /// Blocks again, bounded by the watchdog: for a bind, which has the connection for itself.
    void setBlocking(bool blocks) { m_blocks = blocks; }

    // What the layer does.
    ber_slen_t read(char *target, size_t length);
    ber_slen_t write(const char *octets, size_t length);

private:
    static constexpr int kStreamPieces = 8;
    int socket() const;
    bool waitForRoom();

    Watchdog &m_watchdog;
    Sockbuf *m_buffer = nullptr;
    std::vector<char> m_octets;
    size_t m_begin = 0;
    size_t m_end = 0;
    int m_smallPieces = 0;
    qint64 m_octetsOfMessage = 0;
    bool m_blocks = true;
    bool m_ended = false;
    std::chrono::milliseconds m_longestWrite{0};
    std::function<bool()> m_mustStop;
};

} // namespace gatehouse::ldap
