// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a connection's thread does, round after round: obey those who ask, hand on what has come, end what takes too
// long, and wait for more.
#include "ldap/channel_p.h"

#include <QSet>

#include <algorithm>

#include <errno.h>
#include <poll.h>
#include <time.h>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::Error;
using std::chrono::milliseconds;

/// After so many messages in a row others are obeyed and deadlines looked at.
constexpr int kBurst = 256;
/// Cancel tokens are looked at so often while operations are in flight.
constexpr milliseconds kTick{50};
/// While entries stream in, so long is waited for more of them before the socket is read: a local server sends about 30
/// in this time, and one wake-up for all is less work for both sides than one for each.
constexpr timespec kGathering{0, 150'000};
/// So long the other side may take to take what we send.
constexpr milliseconds kLongestWrite{30'000};

bool isReady(Connection &connection)
{
    Sockbuf *buffer = nullptr;
    return ldap_get_option(connection.ld, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS &&
           ber_sockbuf_ctrl(buffer, LBER_SB_OPT_DATA_READY, nullptr) > 0;
}

int socketOf(Connection &connection)
{
    int socket = -1;
    ldap_get_option(connection.ld, LDAP_OPT_DESC, &socket);
    return socket;
}

} // namespace

void Channel::Private::work()
{
    lastMessage = lastOctets = Clock::now();
    if (connection.reservoir)
        connection.reservoir->stopBlocking(kLongestWrite,
                                           [this] { return isEnding || connection.watchdog.isCancelled(); });
    else
        isUsable = false;
    while (!isEnding) {
        drain();
        obey();
        expire();
        rest();
    }
    endAll(Error{Code::Cancelled, QStringLiteral("the connection was closed"), {}, connection.place}, true);
    runJob();
    isUsable = false;
}

Error Channel::Private::cancelledError() const
{
    return Error{Code::Cancelled, QStringLiteral("cancelled"), {}, connection.place};
}

void Channel::Private::obey()
{
    if (connection.watchdog.isCancelled())
        endAll(cancelledError(), true);
    cancelAsked();
    if (!isUsable)
        endWaiting(Error{Code::Unreachable, QStringLiteral("the connection is closed"), {}, connection.place});
    runJob();
    sendWaiting();
}

/// The connection is for one of them alone: new operations wait, those in flight end first.
void Channel::Private::runJob()
{
    while (running.empty()) {
        Job *job = nullptr;
        {
            const std::lock_guard lock(mutex);
            if (jobs.empty())
                return;
            job = jobs.front();
        }
        if (connection.reservoir)
            connection.reservoir->setBlocking(true);
        job->work(connection);
        if (connection.reservoir)
            connection.reservoir->setBlocking(false);
        if (connection.ld == nullptr)
            isUsable = false;
        const std::lock_guard lock(mutex);
        jobs.pop_front();
        job->isDone = true;
        jobDone.notify_all();
    }
}

void Channel::Private::cancelAsked()
{
    std::vector<Id> asked;
    {
        const std::lock_guard lock(mutex);
        asked.swap(cancels);
    }
    for (const Id id : asked) {
        const auto found =
            std::find_if(running.begin(), running.end(), [id](const auto &one) { return one.second.id == id; });
        if (found != running.end()) {
            abandon(found->first, cancelledError());
            continue;
        }
        std::shared_ptr<Sink> sink;
        {
            const std::lock_guard lock(mutex);
            const auto inQueue =
                std::find_if(waiting.begin(), waiting.end(), [id](const Waiting &one) { return one.id == id; });
            if (inQueue == waiting.end())
                continue;
            sink = std::move(inQueue->sink);
            waiting.erase(inQueue);
        }
        --load;
        sink->ended({core::fail(cancelledError()), false});
    }
}

/// The first that may be sent: not one that has to wait for another of the same order.
std::optional<Channel::Private::Waiting> Channel::Private::takeNext()
{
    const std::lock_guard lock(mutex);
    if (waiting.empty() || !jobs.empty() || running.size() >= size_t(limits.window))
        return std::nullopt;
    QSet<QByteArray> held;
    for (const auto &[message, one] : running) {
        if (!one.order.isEmpty())
            held.insert(one.order);
    }
    for (auto one = waiting.begin(); one != waiting.end(); ++one) {
        if (!one->operation.order.isEmpty() && held.contains(one->operation.order))
            continue;
        Waiting next = std::move(*one);
        waiting.erase(one);
        return next;
    }
    return std::nullopt;
}

void Channel::Private::sendWaiting()
{
    while (isUsable && !isEnding) {
        auto next = takeNext();
        if (!next)
            return;
        start(*std::move(next));
    }
}

void Channel::Private::start(Waiting &&next)
{
    if (next.operation.cancel && next.operation.cancel->isCancelled()) {
        --load;
        next.sink->ended({core::fail(cancelledError()), false});
        return;
    }
    const auto message = send(connection, next.operation);
    if (!message) {
        // What did not leave as a whole was not done.
        const bool isLost = message.error().native == LDAP_SERVER_DOWN || message.error().native == LDAP_CONNECT_ERROR;
        const auto verdict = connection.watchdog.isCancelled() ? cancelledError() : message.error();
        --load;
        next.sink->ended({core::fail(verdict), false});
        if (isLost)
            lose(LDAP_SERVER_DOWN);
        return;
    }
    const auto now = Clock::now();
    if (running.empty())
        lastMessage = now;
    const bool isSearch = std::holds_alternative<SearchOperation>(next.operation.request);
    const bool wantsControls = next.sink->wantsEntryControls();
    running.insert_or_assign(*message, Running{next.id, next.operation.patience, std::move(next.operation.order),
                                               std::move(next.operation.cancel), std::move(next.sink), isSearch,
                                               wantsControls, 0, now, now});
}

/// False while the only operation's sink is full.
bool Channel::Private::mayRead()
{
    const bool isFull = running.size() == 1 && running.begin()->second.sink->isFull();
    if (isFull && !pausedSince)
        pausedSince = Clock::now();
    if (!isFull && pausedSince) {
        // The time that the sink took is not the server's.
        const auto took = Clock::now() - *pausedSince;
        for (auto &[message, one] : running) {
            one.begun += took;
            one.heard += took;
        }
        lastMessage += took;
        pausedSince.reset();
    }
    return !isFull;
}

void Channel::Private::drain()
{
    for (int count = 1; isUsable && !isEnding && mayRead() && isReady(connection); ++count) {
        LDAPMessage *message = nullptr;
        timeval atOnce{0, 0};
        const int type = ldap_result(connection.ld, LDAP_RES_ANY, LDAP_MSG_ONE, &atOnce, &message);
        MessageHandle handle(message);
        if (type < 0) {
            int rc = LDAP_SERVER_DOWN;
            ldap_get_option(connection.ld, LDAP_OPT_RESULT_CODE, &rc);
            return lose(rc);
        }
        if (type == 0 || message == nullptr)
            continue; // a part of a message: it is kept, and the rest will come
        connection.watchdog.progressed();
        connection.reservoir->messageEnded();
        lastMessage = Clock::now();
        if (!dispatch(std::move(handle)))
            return;
        if (count % kBurst == 0) {
            obey();
            expire();
        }
    }
    if (isUsable && connection.reservoir->hasEnded() && connection.reservoir->isEmpty())
        lose(LDAP_SERVER_DOWN);
}

/// False when the connection is lost by it.
bool Channel::Private::dispatch(MessageHandle &&message)
{
    const int id = ldap_msgid(message.get());
    const auto found = running.find(id);
    if (found == running.end())
        return true; // notices that nobody asked for (RFC 4511 4.4.1)
    Running &one = found->second;
    one.heard = lastMessage;
    const std::shared_ptr<Sink> sink = one.sink;
    bool goesOn = true;
    std::optional<Error> fault;
    switch (ldap_msgtype(message.get())) {
    case LDAP_RES_SEARCH_ENTRY: {
        const auto entry = entryOf(connection, message.get(), one.wantsControls);
        ++one.entries;
        if (entry)
            goesOn = sink->take(*entry);
        else
            fault = entry.error();
        break;
    }
    case LDAP_RES_SEARCH_REFERENCE:
        goesOn = sink->take(referenceOf(connection, message.get()));
        break;
    case LDAP_RES_INTERMEDIATE: {
        const auto intermediate = intermediateOf(connection, message.get());
        if (intermediate)
            goesOn = sink->take(*intermediate);
        else
            fault = intermediate.error();
        break;
    }
    default: {
        auto answer = answerOf(connection, message.get());
        const bool isRead = answer.has_value();
        running.erase(found);
        --load;
        sink->ended({std::move(answer), !isRead});
        return true;
    }
    }
    if (fault || !goesOn)
        abandon(id, fault ? *fault
                          : Error{Code::Cancelled, QStringLiteral("the search was stopped"), {}, connection.place});
    return true;
}

Channel::Private::Clock::time_point Channel::Private::wholeEnds(const Running &one)
{
    const Patience &patience = one.patience;
    if (patience.whole.count() <= 0)
        return Clock::time_point::max();
    auto allowed = patience.whole;
    if (patience.slowest > 0)
        allowed = std::min(patience.longest, allowed + milliseconds(one.entries * 1'000 / patience.slowest));
    return one.begun + std::max(allowed, milliseconds(0));
}

std::optional<Error> Channel::Private::faultOf(const Running &one, Clock::time_point now) const
{
    if (one.cancel && one.cancel->isCancelled())
        return cancelledError();
    const auto late = [this, &one](bool isDripping) {
        return Error{Code::Timeout,
                     one.isSearch ? QStringLiteral("reading failed") : QStringLiteral("the server did not confirm it"),
                     isDripping ? QStringLiteral("the server sends so little that it would take for ever")
                                : QStringLiteral("the server did not answer in time"),
                     connection.place};
    };
    const Patience &patience = one.patience;
    if (now >= wholeEnds(one))
        return late(true);
    if (patience.silence.count() <= 0)
        return std::nullopt;
    // Octets of a message that has not ended may be this operation's.
    const qint64 octets = connection.reservoir ? connection.reservoir->octetsOfMessage() : 0;
    const auto heard = octets > 0 ? std::max(one.heard, lastOctets) : one.heard;
    if (now >= heard + patience.silence)
        return late(false);
    const auto since = std::max(one.begun, lastMessage);
    const auto passed = std::chrono::duration_cast<milliseconds>(now - since);
    if (octets > 0 && passed >= patience.silence && octets < Watchdog::kLeastOctets * passed.count() / 1000)
        return late(true);
    return std::nullopt;
}

void Channel::Private::expire()
{
    if (running.empty() || pausedSince)
        return;
    const auto now = Clock::now();
    std::vector<std::pair<int, Error>> over;
    for (const auto &[message, one] : running) {
        if (auto fault = faultOf(one, now))
            over.emplace_back(message, *std::move(fault));
    }
    for (const auto &[message, fault] : over)
        abandon(message, fault);
}

void Channel::Private::abandon(int message, const Error &error)
{
    const auto found = running.find(message);
    if (found == running.end())
        return;
    const std::shared_ptr<Sink> sink = std::move(found->second.sink);
    running.erase(found);
    --load;
    if (connection.ld != nullptr && isUsable)
        ldap_abandon_ext(connection.ld, message, nullptr, nullptr);
    sink->ended({core::fail(error), true});
}

void Channel::Private::endWaiting(const Error &error)
{
    std::deque<Waiting> all;
    {
        const std::lock_guard lock(mutex);
        all.swap(waiting);
    }
    for (const Waiting &one : all) {
        --load;
        one.sink->ended({core::fail(error), false});
    }
}

void Channel::Private::endAll(const Error &error, bool withRunning)
{
    while (withRunning && !running.empty())
        abandon(running.begin()->first, error);
    endWaiting(error);
}

/// The connection is gone: whatever was in flight has no answer.
void Channel::Private::lose(int rc)
{
    if (!isUsable)
        return;
    const Error error =
        connection.faultOf(rc == LDAP_SUCCESS ? LDAP_SERVER_DOWN : rc, QStringLiteral("reading failed"));
    isUsable = false;
    connection.close();
    endAll(error, true);
}

void Channel::Private::takeFromSocket()
{
    if (connection.reservoir->fill() == Reservoir::Filled::Some)
        lastOctets = Clock::now();
}

/// While searches stream in: waits for a moment for more, and for anybody who wants something. False when nothing came.
bool Channel::Private::gather()
{
    const bool isStream =
        connection.reservoir->isStreaming() && !running.empty() &&
        std::all_of(running.begin(), running.end(), [](const auto &one) { return one.second.isSearch; });
    if (!isStream)
        return false;
    pollfd wait{wake, POLLIN, 0};
    ::ppoll(&wait, 1, &kGathering, nullptr);
    if (wait.revents != 0)
        lowerEvent(wake);
    if (connection.reservoir->fill() == Reservoir::Filled::Some) {
        lastOctets = Clock::now();
        return true;
    }
    connection.reservoir->pauseStream();
    return connection.reservoir->hasEnded();
}

void Channel::Private::rest()
{
    const bool reads = isUsable && mayRead();
    if (reads && gather())
        return;
    bool isIdle = running.empty();
    if (isIdle) {
        const std::lock_guard lock(mutex);
        isIdle = waiting.empty();
    }
    auto time = kTick;
    const auto now = Clock::now();
    for (const auto &[message, one] : running) {
        const auto silenceEnds =
            one.patience.silence.count() > 0 ? one.heard + one.patience.silence : Clock::time_point::max();
        for (const auto end : {silenceEnds, wholeEnds(one)}) {
            if (end > now && end < now + time)
                time = std::chrono::ceil<milliseconds>(end - now);
        }
    }
    pollfd waits[2] = {{wake, POLLIN, 0}, {reads ? socketOf(connection) : -1, POLLIN, 0}};
    ::poll(waits, 2, isIdle ? -1 : int(time.count()));
    if (waits[0].revents != 0)
        lowerEvent(wake);
    if (reads && waits[1].revents != 0)
        takeFromSocket();
}

} // namespace gatehouse::ldap
