// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many operations at a time on one connection. A thread of its own polls the socket and a wake-up, sends what is asked
// for, and hands each answer to whom it belongs; nobody else touches libldap's handle while it runs. Each operation has
// its deadline and ends by itself: cancelling one, or one that takes too long, leaves the connection usable. At most a
// window of them is in flight, the others wait their turn. When the connection is lost every operation ends, and says
// whether its request had left. All functions may be called from any thread. Opened and owned by ldap::Session.
#pragma once

#include "ldap/operation.h"

#include <functional>
#include <memory>

namespace gatehouse::ldap {

struct Connection;

class Channel {
public:
    using Id = quint64;
    struct Limits {
        int window = 64;             ///< in flight; servers end connections with hundreds (OpenLDAP: 100 before a bind)
        qsizetype waiting = 100'000; ///< that are not sent yet
    };

    /// @p connection is secured, and the thread's own until the channel goes.
    explicit Channel(Connection &connection);
    Channel(Connection &connection, const Limits &limits);
    /// Abandons what is in flight; it ends with Code::Cancelled before this returns.
    ~Channel();
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;

    /// Begins an operation; answers come to @p sink. Errors, after which none come: Busy when too many wait.
    [[nodiscard]] core::Result<Id> submit(Operation operation, std::shared_ptr<Sink> sink);
    /// The same for an operation with nothing but a result. @p ended is called in the connection's thread.
    [[nodiscard]] core::Result<Id> submit(Operation operation, std::function<void(const Outcome &)> ended);
    /// The same; waits for the result. Not in the connection's thread.
    [[nodiscard]] Outcome run(Operation operation);

    /// Ends the operation with Code::Cancelled, by an abandon where it was sent (RFC 4511 4.11). One that has ended, or
    /// that does not exist, is none of its business.
    void cancel(Id id);
    /// A sink that was full has room again.
    void goOn();

    /// Whether the connection still stands, as far as is known: the end of an idle one is noticed at once, too.
    bool isUsable() const;
    /// Operations that were begun and have not ended.
    int load() const;

private:
    friend class Session;
    /// Runs @p job in the connection's thread when nothing is in flight, and waits for it: for a bind, which wants the
    /// connection for itself (RFC 4511 4.2.1). The job blocks, bounded by the connection's watchdog.
    void alone(const std::function<void(Connection &)> &job);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::ldap
