// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/reservoir_p.h"

#include "ldap/watchdog_p.h"

#include <algorithm>
#include <cstring>

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

namespace gatehouse::ldap {
namespace {

constexpr size_t kCapacity = 256 * 1024;
/// While a write waits for room, so much of what comes meanwhile is kept.
constexpr size_t kMostKept = 64u << 20;
/// Pieces shorter than this, so many in a row, are a stream. A request starts anew.
constexpr ssize_t kSmallPiece = 8 * 1024;
constexpr int kLookEveryMs = 50;

Reservoir &of(Sockbuf_IO_Desc *layer)
{
    return *static_cast<Reservoir *>(layer->sbiod_pvt);
}

int setUp(Sockbuf_IO_Desc *layer, void *reservoir)
{
    layer->sbiod_pvt = reservoir;
    return 0;
}

int remove(Sockbuf_IO_Desc *layer)
{
    layer->sbiod_pvt = nullptr;
    return 0;
}

int control(Sockbuf_IO_Desc *layer, int option, void *argument)
{
    if (option == LBER_SB_OPT_DATA_READY && !of(layer).isEmpty())
        return 1;
    return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

ber_slen_t readLayer(Sockbuf_IO_Desc *layer, void *target, ber_len_t length)
{
    return of(layer).read(static_cast<char *>(target), length);
}

ber_slen_t writeLayer(Sockbuf_IO_Desc *layer, void *octets, ber_len_t length)
{
    return of(layer).write(static_cast<const char *>(octets), length);
}

int close(Sockbuf_IO_Desc *)
{
    return 0;
}

} // namespace

Reservoir::Reservoir(Watchdog &watchdog) : m_watchdog(watchdog), m_octets(kCapacity) {}

bool Reservoir::addTo(Sockbuf *buffer)
{
    static Sockbuf_IO kLayer{setUp, remove, control, readLayer, writeLayer, close};
    m_buffer = buffer;
    return ber_sockbuf_add_io(buffer, &kLayer, LBER_SBIOD_LEVEL_PROVIDER, this) == 0;
}

int Reservoir::socket() const
{
    ber_socket_t socket = -1;
    ber_sockbuf_ctrl(m_buffer, LBER_SB_OPT_GET_FD, &socket);
    return socket;
}

void Reservoir::stopBlocking(std::chrono::milliseconds longestWrite, std::function<bool()> mustStop)
{
    m_blocks = false;
    m_longestWrite = longestWrite;
    m_mustStop = std::move(mustStop);
}

Reservoir::Filled Reservoir::fill()
{
    if (isEmpty())
        m_begin = m_end = 0;
    else if (m_end == m_octets.size())
        m_octets.resize(m_octets.size() * 2);
    ssize_t got = -1;
    do {
        got = ::recv(socket(), m_octets.data() + m_end, m_octets.size() - m_end, m_blocks ? 0 : MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return Filled::Nothing;
    if (got <= 0) {
        m_ended = true;
        return Filled::Ended;
    }
    m_watchdog.heard(got);
    m_end += size_t(got);
    m_octetsOfMessage += got;
    m_smallPieces = got < kSmallPiece ? m_smallPieces + 1 : m_smallPieces;
    return Filled::Some;
}

ber_slen_t Reservoir::read(char *target, size_t length)
{
    if (isEmpty()) {
        switch (fill()) {
        case Filled::Some:
            break;
        case Filled::Nothing:
            errno = EWOULDBLOCK;
            return -1;
        case Filled::Ended:
            return 0;
        }
    }
    const size_t count = std::min(length, m_end - m_begin);
    memcpy(target, m_octets.data() + m_begin, count);
    m_begin += count;
    return ber_slen_t(count);
}

/// Until the socket takes octets again. What comes meanwhile is kept.
bool Reservoir::waitForRoom()
{
    const auto end = Watchdog::Clock::now() + m_longestWrite;
    while (Watchdog::Clock::now() < end && !(m_mustStop && m_mustStop())) {
        const bool keeps = m_end - m_begin < kMostKept;
        pollfd wait{socket(), short(keeps ? POLLOUT | POLLIN : POLLOUT), 0};
        if (::poll(&wait, 1, kLookEveryMs) < 0 && errno != EINTR)
            return false;
        if ((wait.revents & POLLIN) != 0 && fill() == Filled::Ended)
            return false;
        if ((wait.revents & (POLLOUT | POLLERR | POLLHUP)) != 0)
            return true;
    }
    errno = ETIMEDOUT;
    return false;
}

ber_slen_t Reservoir::write(const char *octets, size_t length)
{
    m_smallPieces = 0;
    while (true) {
        // liblber's own write() would end the whole program by SIGPIPE when the server is gone.
        const ssize_t sent = ::send(socket(), octets, length, MSG_NOSIGNAL | (m_blocks ? 0 : MSG_DONTWAIT));
        if (sent >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
            return sent;
        if (!waitForRoom())
            return -1;
    }
}

} // namespace gatehouse::ldap
