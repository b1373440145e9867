// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/watchdog_p.h"

#include <algorithm>
#include <system_error>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::ldap {

void raiseEvent(int descriptor)
{
    const uint64_t one = 1;
    // Fails only when the counter is full: it is readable then.
    [[maybe_unused]] const auto written = ::write(descriptor, &one, sizeof one);
}

void lowerEvent(int descriptor)
{
    uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(descriptor, &count, sizeof count);
}

Watchdog::Watchdog() : m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Watchdog::~Watchdog()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
        m_changed.notify_all();
    }
    if (m_thread.joinable())
        m_thread.join();
    if (m_socket >= 0)
        ::close(m_socket);
    if (m_wake >= 0)
        ::close(m_wake);
}

void Watchdog::guard(int socket)
{
    const std::lock_guard lock(m_mutex);
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (m_verdict.load() != Verdict::None)
        shutDown();
}

void Watchdog::release()
{
    const std::lock_guard lock(m_mutex);
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
    if (m_verdict.load() == Verdict::Expired) {
        m_verdict = Verdict::None;
        m_dripping = false;
        lowerEvent(m_wake);
    }
}

void Watchdog::cancel()
{
    const std::lock_guard lock(m_mutex);
    fall(Verdict::Cancelled);
}

void Watchdog::addToken(const core::CancelToken &token)
{
    const std::lock_guard lock(m_mutex);
    m_tokens.push_back(token);
}

bool Watchdog::isTokenCancelled() const
{
    return std::any_of(m_tokens.begin(), m_tokens.end(), [](const auto &token) { return token.isCancelled(); });
}

std::vector<core::CancelToken> Watchdog::tokens() const
{
    const std::lock_guard lock(m_mutex);
    return m_tokens;
}

bool Watchdog::isCancelled() const
{
    const std::lock_guard lock(m_mutex);
    return m_verdict.load() == Verdict::Cancelled || isTokenCancelled();
}

void Watchdog::fall(Verdict verdict)
{
    // A cancel is final; an expiry never hides it.
    if (m_verdict.load() != Verdict::Cancelled)
        m_verdict = verdict;
    raiseEvent(m_wake);
    shutDown();
}

void Watchdog::shutDown()
{
    if (m_socket >= 0)
        ::shutdown(m_socket, SHUT_RDWR);
}

/// Whether the other side still answers; if so, @p deadline moves on. Of a TCP connection the kernel keeps the time of the
/// last segment; of others (a gateway client's stream) the time of the last read is known.
bool Watchdog::goesOn(Clock::time_point &deadline)
{
    tcp_info info{};
    socklen_t length = sizeof info;
    if (m_socket < 0)
        return false;
    const auto now = Clock::now();
    const auto heard = ::getsockopt(m_socket, IPPROTO_TCP, TCP_INFO, &info, &length) == 0
                           ? now - std::chrono::milliseconds(info.tcpi_last_data_recv)
                           : Clock::time_point(Clock::duration(m_heard.load(std::memory_order_relaxed)));
    if (heard <= m_begun || heard + m_allowed <= now)
        return false;
    deadline = heard + m_allowed;
    return true;
}

/// Whether octets come, but so few since the last message that the next one would take for ever.
bool Watchdog::isDripping(Clock::time_point now)
{
    const qint64 messages = m_messages.load(std::memory_order_relaxed);
    const qint64 octets = m_octets.load(std::memory_order_relaxed);
    if (messages != m_seen.messages) {
        m_seen = {now, messages, octets};
        return false;
    }
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - m_seen.at);
    return passed >= m_allowed && octets - m_seen.octets < kLeastOctets * passed.count() / 1000;
}

void Watchdog::run()
{
    std::unique_lock lock(m_mutex);
    Clock::time_point begun; // of the wait that `deadline` belongs to
    Clock::time_point deadline;
    while (!m_ending) {
        if (!m_waiting || m_verdict.load() != Verdict::None) {
            m_mayRest = true;
            m_changed.wait(lock);
            continue;
        }
        m_mayRest = false;
        if (begun != m_begun) {
            begun = m_begun;
            deadline = m_begun + m_allowed;
        }
        const auto now = Clock::now();
        if (isTokenCancelled()) {
            fall(Verdict::Cancelled);
        } else if (now >= m_wholeEnds) {
            m_dripping = true;
            fall(Verdict::Expired);
        } else if (now >= deadline) {
            if (!m_isBySilence || !goesOn(deadline))
                fall(Verdict::Expired);
        } else if (m_isBySilence && isDripping(now)) {
            m_dripping = true;
            fall(Verdict::Expired);
        } else {
            m_changed.wait_until(lock, std::min({deadline, m_wholeEnds, now + kTokenInterval}));
        }
    }
}

void Watchdog::startThread()
{
    try {
        m_thread = std::thread([this] { run(); });
    } catch (const std::system_error &) {
        // Nobody would end the wait, so it must not begin.
        fall(Verdict::Expired);
    }
}

Watchdog::Wait::Wait(Watchdog &watchdog, std::chrono::milliseconds allowed) : m_watchdog(watchdog)
{
    begin(allowed, {});
}

Watchdog::Wait::Wait(Watchdog &watchdog, std::chrono::milliseconds silence, std::chrono::milliseconds whole)
    : m_watchdog(watchdog)
{
    begin(silence, whole);
}

void Watchdog::Wait::begin(std::chrono::milliseconds allowed, std::optional<std::chrono::milliseconds> whole)
{
    const std::lock_guard lock(m_watchdog.m_mutex);
    m_watchdog.m_isBySilence = whole.has_value();
    m_watchdog.m_allowed = allowed;
    m_watchdog.m_begun = Clock::now();
    m_watchdog.m_wholeEnds = whole ? m_watchdog.m_begun + *whole : Clock::time_point::max();
    m_watchdog.m_seen = {m_watchdog.m_begun, m_watchdog.m_messages.load(std::memory_order_relaxed),
                         m_watchdog.m_octets.load(std::memory_order_relaxed)};
    m_watchdog.m_waiting = true;
    if (m_watchdog.isTokenCancelled())
        m_watchdog.fall(Verdict::Cancelled);
    if (!m_watchdog.m_thread.joinable())
        m_watchdog.startThread();
    else if (m_watchdog.m_mayRest || allowed < kTokenInterval)
        m_watchdog.m_changed.notify_all();
}

Watchdog::Wait::~Wait()
{
    const std::lock_guard lock(m_watchdog.m_mutex);
    m_watchdog.m_waiting = false;
}

} // namespace gatehouse::ldap
