// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/stallingproxy.h"

#include "tests/support/loopback.h"

#include <atomic>
#include <chrono>
#include <list>
#include <mutex>
#include <thread>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::test {
namespace {

constexpr int kSliceMilliseconds = 10; ///< how soon the threads notice the end

} // namespace

struct StallingProxy::State {
    mutable std::mutex mutex;
    Behaviour behaviour;
    QByteArray fromClient;
    std::atomic<qint64> fromServer{0};
    std::atomic<int> connections{0};
    std::atomic<bool> ending{false};
    quint16 target = 0;
    Listener listener;
    std::list<std::thread> threads;

    Behaviour current() const
    {
        const std::lock_guard lock(mutex);
        return behaviour;
    }

    void acceptAll()
    {
        while (!ending) {
            const int client = listener.accept(kSliceMilliseconds);
            if (client < 0)
                continue;
            ++connections;
            threads.emplace_back([this, client] { carry(client); });
        }
    }

    void carry(int client)
    {
        const Behaviour now = current();
        const int server = now.forwards ? connectLoopback(target) : -1;
        qint64 passed = 0;
        bool stalled = false;
        bool open = true;
        while (open && !ending) {
            pollfd waits[2] = {{client, POLLIN, 0}, {stalled ? -1 : server, POLLIN, 0}};
            if (::poll(waits, 2, kSliceMilliseconds) <= 0)
                continue;
            char octets[16384];
            if (waits[0].revents != 0) {
                const ssize_t got = ::recv(client, octets, sizeof octets, 0);
                if (got <= 0)
                    break;
                {
                    const std::lock_guard lock(mutex);
                    fromClient.append(octets, got);
                }
                if (server >= 0)
                    open = sendAll(server, octets, size_t(got));
            }
            if (waits[1].revents != 0) {
                size_t room = sizeof octets;
                if (now.trickle > 0)
                    room = passed < now.tricklesAfter ? std::min(room, size_t(now.tricklesAfter - passed)) : size_t(now.trickle);
                for (const qint64 limit : {now.stallAfter, now.cutAfter}) {
                    if (limit >= 0)
                        room = std::min(room, size_t(std::max<qint64>(0, limit - passed)));
                }
                if (room == 0) {
                    stalled = now.cutAfter < 0 || passed < now.cutAfter;
                    open = stalled;
                    continue;
                }
                const ssize_t got = ::recv(server, octets, room, 0);
                if (got <= 0)
                    break;
                if (now.delayMilliseconds > 0)
                    std::this_thread::sleep_for(std::chrono::milliseconds(now.delayMilliseconds));
                open = sendAll(client, octets, size_t(got));
                passed += got;
                fromServer += got;
            }
        }
        ::close(client);
        if (server >= 0)
            ::close(server);
    }
};

StallingProxy::StallingProxy(quint16 port) : StallingProxy(port, Behaviour{}) {}

StallingProxy::StallingProxy(quint16 port, const Behaviour &behaviour) : d(std::make_shared<State>())
{
    d->target = port;
    d->behaviour = behaviour;
    d->listener.listen();
    d->threads.emplace_back([state = d.get()] { state->acceptAll(); });
}

StallingProxy::~StallingProxy()
{
    d->ending = true;
    // The first thread is the one that adds others.
    d->threads.front().join();
    d->threads.pop_front();
    for (std::thread &thread : d->threads)
        thread.join();
}

void StallingProxy::setBehaviour(const Behaviour &behaviour)
{
    const std::lock_guard lock(d->mutex);
    d->behaviour = behaviour;
}

quint16 StallingProxy::port() const
{
    return d->listener.port();
}

QString StallingProxy::hostAndPort() const
{
    return QStringLiteral("127.0.0.1:%1").arg(port());
}

int StallingProxy::connections() const
{
    return d->connections;
}

QByteArray StallingProxy::fromClient() const
{
    const std::lock_guard lock(d->mutex);
    return QByteArray(d->fromClient.constData(), d->fromClient.size());
}

qint64 StallingProxy::fromServer() const
{
    return d->fromServer;
}

} // namespace gatehouse::test
