// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bounds every wait of a session. libldap has calls that nothing else can end (the TLS handshake of its GnuTLS build
// ignores LDAP_OPT_NETWORK_TIMEOUT), but all of them end when the socket is shut down; so a small thread shuts it
// down at the deadline, or when somebody cancels. It holds a duplicate of the descriptor, so it can never hit another
// connection that got the same number. Owned by the session; cancel() may come from any thread.
#pragma once

#include "core/cancel.h"

#include <QtGlobal>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
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
    /// Octets a second below which a message that does not end counts as silence.
    static constexpr qint64 kLeastOctets = 128;

    Watchdog();
    ~Watchdog();
    Watchdog(const Watchdog &) = delete;
    Watchdog &operator=(const Watchdog &) = delete;

    /// From now on @p socket is what gets shut down; the caller keeps owning it.
    void guard(int socket);
    /// The connection has ended; nothing to shut down any more. Forgets an expiry, never a cancel.
    void release();
    void cancel();
    /// Octets have come. The thread that works on the connection, as the next one.
    void heard(qint64 octets)
    {
        m_octets.store(m_octets.load(std::memory_order_relaxed) + octets, std::memory_order_relaxed);
        m_heard.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
    }
    /// A whole message has come.
    void progressed() { m_messages.store(m_messages.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
    /// Cancels also when @p token is cancelled, noticed within kTokenInterval of a wait.
    void addToken(const core::CancelToken &token);
    std::vector<core::CancelToken> tokens() const;

    Verdict verdict() const { return m_verdict.load(); }
    /// Of a wait that expired: the other side went on sending, but too little of it.
    bool wasDripping() const { return m_dripping.load(); }
    bool isCancelled() const;
    /// Becomes readable when a verdict falls: for our own poll().
    int wakeDescriptor() const { return m_wake; }

    static constexpr std::chrono::milliseconds kTokenInterval{50};

    /// One bounded wait, from construction to destruction.
    class Wait {
    public:
        /// It may take so long.
        Wait(Watchdog &watchdog, std::chrono::milliseconds allowed);
        /// It may take so long without an octet, or with too few of them to make up a message, and @p whole in any case.
        Wait(Watchdog &watchdog, std::chrono::milliseconds silence, std::chrono::milliseconds whole);
        ~Wait();
        Wait(const Wait &) = delete;
        Wait &operator=(const Wait &) = delete;

    private:
        void begin(std::chrono::milliseconds allowed, std::optional<std::chrono::milliseconds> whole);
        Watchdog &m_watchdog;
    };

private:
    void startThread();
    void run();
    void fall(Verdict verdict);
    void shutDown();
    bool isTokenCancelled() const; ///< under the lock
    bool goesOn(Clock::time_point &deadline);
    bool isDripping(Clock::time_point now);

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::thread m_thread;
    std::atomic<Verdict> m_verdict{Verdict::None};
    std::vector<core::CancelToken> m_tokens;
    int m_wake = -1;
    int m_socket = -1;
    bool m_waiting = false;
    bool m_ending = false;
    bool m_mayRest = true; ///< the thread sleeps without a deadline and must be woken for the next wait
    bool m_isBySilence = false; ///< the deadline moves on with what comes
    Clock::time_point m_begun;
    Clock::time_point m_wholeEnds; ///< of the wait, whatever comes; the maximum: never
    std::chrono::milliseconds m_allowed{0};
    /// When it was last seen that a message had come, and how many messages and octets until then.
    struct Progress {
        Clock::time_point at;
        qint64 messages = 0;
        qint64 octets = 0;
    } m_seen;
    std::atomic<Clock::rep> m_heard{0};
    std::atomic<qint64> m_octets{0};
    std::atomic<qint64> m_messages{0};
    std::atomic<bool> m_dripping{false};
};

} // namespace gatehouse::ldap
