// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bounds every wait of a session. libldap has calls that nothing else can end (the TLS handshake of its GnuTLS build
// ignores LDAP_OPT_NETWORK_TIMEOUT), but all of them end when the socket is shut down; so a small thread shuts it
// down at the deadline, or when somebody cancels. It holds a duplicate of the descriptor, so it can never hit another
// connection that got the same number. Owned by the session; cancel() may come from any thread.
#pragma once

#include "core/cancel.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace gatehouse::ldap {

/// Makes an eventfd readable, and unreadable again. By read() and write(), which thread checkers understand.
void raiseEvent(int descriptor);
void lowerEvent(int descriptor);

class Watchdog {
public:
    using Clock = std::chrono::steady_clock;
    enum class Verdict { None, Expired, Cancelled };
    enum class Kind {
        Total,  ///< the whole wait may take so long
        Silence ///< so long without an octet from the other side
    };

    Watchdog();
    ~Watchdog();
    Watchdog(const Watchdog &) = delete;
    Watchdog &operator=(const Watchdog &) = delete;

    /// From now on @p socket is what gets shut down; the caller keeps owning it.
    void guard(int socket);
    /// The connection has ended; nothing to shut down any more. Forgets an expiry, never a cancel.
    void release();
    void cancel();
    /// Octets have come. For sockets that keep no time of it themselves; the session's thread.
    void heard() { m_heard.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed); }
    /// Cancels also when @p token is cancelled, noticed within kTokenInterval of a wait. In the session's thread.
    void addToken(const core::CancelToken &token);
    const std::vector<core::CancelToken> &tokens() const { return m_tokens; }

    Verdict verdict() const { return m_verdict.load(); }
    bool isCancelled() const;
    /// Becomes readable when a verdict falls: for our own poll().
    int wakeDescriptor() const { return m_wake; }

    static constexpr std::chrono::milliseconds kTokenInterval{50};

    /// One bounded wait, from construction to destruction.
    class Wait {
    public:
        Wait(Watchdog &watchdog, std::chrono::milliseconds allowed, Kind kind = Kind::Total);
        ~Wait();
        Wait(const Wait &) = delete;
        Wait &operator=(const Wait &) = delete;

    private:
        Watchdog &m_watchdog;
    };

private:
    void startThread();
    void run();
    void fall(Verdict verdict);
    void shutDown();
    bool isTokenCancelled() const;
    bool heardSince(Clock::time_point &deadline);

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::thread m_thread;
    std::atomic<Verdict> m_verdict{Verdict::None};
    std::vector<core::CancelToken> m_tokens;
    int m_wake = -1;
    int m_socket = -1;
    bool m_waiting = false;
    bool m_ending = false;
    bool m_mayRest = true; ///< the thread sleeps without a deadline and must be woken for the next wait
    Kind m_kind = Kind::Total;
    Clock::time_point m_begun;
    std::chrono::milliseconds m_allowed{0};
    std::atomic<Clock::rep> m_heard{0};
};

} // namespace gatehouse::ldap
