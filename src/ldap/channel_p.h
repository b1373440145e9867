// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inside of a channel: what other threads ask for, under a lock, and the table of operations in flight, which only
// the connection's thread sees.
#pragma once

#include "ldap/channel.h"
#include "ldap/wire_p.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace gatehouse::ldap {

struct Channel::Private {
    using Clock = Watchdog::Clock;

    Private(Connection &connection, const Limits &limits);
    ~Private();

    struct Waiting {
        Id id = 0;
        Operation operation;
        std::shared_ptr<Sink> sink;
    };
    struct Running {
        Id id = 0;
        Patience patience;
        QByteArray order;
        std::optional<core::CancelToken> cancel;
        std::shared_ptr<Sink> sink;
        bool isSearch = false;
        bool wantsControls = false;
        qint64 entries = 0; ///< that have come
        Clock::time_point begun;
        Clock::time_point heard; ///< when the last message for it came
    };
    struct Job {
        const std::function<void(Connection &)> &work;
        bool isDone = false;
    };

    // Any thread.
    void wakeUp();
    bool isOwnThread() const { return std::this_thread::get_id() == thread.get_id(); }

    // The connection's thread.
    void work();
    void obey();
    void runJob();
    void cancelAsked();
    void sendWaiting();
    std::optional<Waiting> takeNext();
    void start(Waiting &&next);
    void drain();
    bool dispatch(MessageHandle &&message);
    bool mayRead();
    void expire();
    /// Nothing to say when the operation may go on.
    std::optional<core::Error> faultOf(const Running &running, Clock::time_point now) const;
    static Clock::time_point wholeEnds(const Running &running);
    void rest();
    bool gather();
    void takeFromSocket();
    void lose(int rc);
    void abandon(int message, const core::Error &error);
    void endAll(const core::Error &error, bool withRunning);
    void endWaiting(const core::Error &error);
    core::Error cancelledError() const;

    Connection &connection;
    const Limits limits;
    int wake = -1;
    std::thread thread;
    std::atomic<bool> isEnding{false};
    std::atomic<bool> isUsable{true};
    std::atomic<int> load{0};

    std::mutex mutex;
    std::condition_variable jobDone;
    Id lastId = 0;
    std::deque<Waiting> waiting;
    std::vector<Id> cancels;
    std::deque<Job *> jobs;

    std::unordered_map<int, Running> running; ///< by message id
    Clock::time_point lastMessage;
    Clock::time_point lastOctets;
    std::optional<Clock::time_point> pausedSince;
};

} // namespace gatehouse::ldap
