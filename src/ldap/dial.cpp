// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a host name to a connected socket, with every wait bounded.
#include "ldap/connection_p.h"

#include <QStringList>

#include <algorithm>
#include <memory>
#include <system_error>
#include <thread>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::Error;
using Clock = Watchdog::Clock;
using std::chrono::milliseconds;

/// What the resolving thread leaves behind. It may end long after the session is gone, so both own this.
struct Resolution {
    Resolution() : done(::eventfd(0, EFD_CLOEXEC)) {}
    ~Resolution() { ::close(done); }
    Resolution(const Resolution &) = delete;
    Resolution &operator=(const Resolution &) = delete;

    void run()
    {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = AI_ADDRCONFIG;
        addrinfo *list = nullptr;
        fault = ::getaddrinfo(host.constData(), port.constData(), &hints, &list);
        // AI_ADDRCONFIG hides loopback addresses on a machine without a network.
        if (fault == EAI_NONAME || fault == EAI_ADDRFAMILY || fault == EAI_NODATA) {
            hints.ai_flags = 0;
            fault = ::getaddrinfo(host.constData(), port.constData(), &hints, &list);
        }
        systemFault = errno;
        if (fault != 0)
            return;
        for (const addrinfo *info = list; info != nullptr; info = info->ai_next) {
            Address address;
            address.length = std::min<socklen_t>(info->ai_addrlen, sizeof address.storage);
            memcpy(&address.storage, info->ai_addr, address.length);
            addresses.push_back(address);
        }
        ::freeaddrinfo(list);
    }

    QByteArray host;
    QByteArray port;
    int done = -1; ///< eventfd: readable when the rest below is there
    int fault = 0;
    int systemFault = 0;
    std::vector<Address> addresses;
};

QString errnoText(int number)
{
    return QString::fromStdString(std::system_category().message(number));
}

/// Waits for the outcome of a connect() under way. 0, or an errno; -1: the watchdog's verdict fell.
int waitForConnect(const Watchdog &watchdog, int socket, milliseconds allowed)
{
    const auto deadline = Clock::now() + allowed;
    while (true) {
        const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now()).count();
        pollfd waits[2] = {{socket, POLLOUT, 0}, {watchdog.wakeDescriptor(), POLLIN, 0}};
        const int ready = ::poll(waits, 2, int(std::clamp<qint64>(left + 1, 0, 1 << 30)));
        if (ready < 0 && errno == EINTR)
            continue;
        if (waits[1].revents != 0)
            return -1;
        if (ready <= 0)
            return ETIMEDOUT;
        int outcome = 0;
        socklen_t length = sizeof outcome;
        ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &outcome, &length);
        return outcome;
    }
}

} // namespace

core::Result<std::vector<Address>> resolveHost(Connection &connection, const QString &host, quint16 port,
                                               milliseconds allowed)
{
    const QString what = QStringLiteral("the look-up of %1 failed").arg(host);
    const auto resolution = std::make_shared<Resolution>();
    resolution->host = host.toUtf8();
    resolution->port = QByteArray::number(port);
    if (host.isEmpty() || resolution->host.contains('\0'))
        return core::fail(Code::InvalidInput, QStringLiteral("no host name"), {}, connection.place);

    const Watchdog::Wait wait(connection.watchdog, allowed);
    // getaddrinfo() has no deadline and cannot be ended, so it is left behind when the time is over; the resolver's
    // own limits end it.
    try {
        std::thread([resolution] {
            resolution->run();
            raiseEvent(resolution->done);
        }).detach();
    } catch (const std::system_error &error) {
        return core::fail(Code::Internal, QStringLiteral("no thread can be started"),
                          QString::fromLocal8Bit(error.what()), connection.place);
    }
    while (true) {
        pollfd waits[2] = {{resolution->done, POLLIN, 0}, {connection.watchdog.wakeDescriptor(), POLLIN, 0}};
        if (::poll(waits, 2, -1) < 0 && errno == EINTR)
            continue;
        if (waits[0].revents != 0)
            break;
        if (auto error = connection.verdict(what)) {
            if (error->code == Code::Timeout)
                error->detail = QStringLiteral("no answer from the name service in time");
            connection.watchdog.release();
            return core::fail(*error);
        }
    }
    lowerEvent(resolution->done); // orders the thread's writes before our reads
    if (connection.watchdog.isCancelled())
        return core::fail(*connection.verdict(what));
    if (resolution->fault != 0) {
        const bool unknown = resolution->fault == EAI_NONAME || resolution->fault == EAI_NODATA;
        QString detail = unknown ? QStringLiteral("no such host name")
                                 : QString::fromLocal8Bit(::gai_strerror(resolution->fault));
        if (resolution->fault == EAI_SYSTEM)
            detail = errnoText(resolution->systemFault);
        return core::fail(Error{Code::Unreachable, what, detail, connection.place, resolution->fault});
    }
    return std::move(resolution->addresses);
}

core::Result<size_t> dial(Connection &connection, const std::vector<Address> &addresses, milliseconds allowed)
{
    const QString what = QStringLiteral("the connection failed");
    const Watchdog::Wait wait(connection.watchdog, allowed);
    const auto deadline = Clock::now() + allowed;
    QStringList tried;
    int lastFault = ETIMEDOUT;
    for (size_t i = 0; i < addresses.size(); ++i) {
        const Address &address = addresses[i];
        const int socket = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (socket < 0) {
            lastFault = errno;
            tried.append(address.text() + QStringLiteral(": ") + errnoText(lastFault));
            continue;
        }
        int outcome = ::connect(socket, reinterpret_cast<const sockaddr *>(&address.storage), address.length) == 0
                          ? 0
                          : errno;
        if (outcome == EINPROGRESS) {
            const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
            outcome = waitForConnect(connection.watchdog, socket, left / qint64(addresses.size() - i));
        }
        if (outcome == 0) {
            const int on = 1;
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
            connection.take(socket);
            return i;
        }
        ::close(socket);
        if (outcome == -1)
            break;
        lastFault = outcome;
        tried.append(address.text() + QStringLiteral(": ") + errnoText(outcome));
    }
    if (connection.watchdog.isCancelled())
        return core::fail(*connection.verdict(what));
    const bool late = lastFault == ETIMEDOUT || connection.watchdog.verdict() == Watchdog::Verdict::Expired;
    connection.watchdog.release();
    if (late && tried.isEmpty())
        tried.append(QStringLiteral("no answer in time"));
    return core::fail(Error{late ? Code::Timeout : Code::Unreachable, what, tried.join(QStringLiteral("; ")),
                            connection.place, late ? ETIMEDOUT : lastFault});
}

} // namespace gatehouse::ldap
