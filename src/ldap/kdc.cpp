// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/kdc_p.h"

#include "ldap/connection_p.h"

#include <QtEndian>

#include <errno.h>
#include <sys/socket.h>

namespace gatehouse::ldap {

using core::Code;

namespace {

constexpr quint16 kKerberosPort = 88;
constexpr quint32 kLongestReply = 1 << 20; ///< a ticket with all groups of somebody has 64 KiB at most

bool sendAll(int socket, const QByteArray &octets)
{
    qsizetype done = 0;
    while (done < octets.size()) {
        const ssize_t sent = ::send(socket, octets.constData() + done, size_t(octets.size() - done), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        done += sent;
    }
    return true;
}

bool receiveAll(int socket, char *target, qsizetype count)
{
    while (count > 0) {
        const ssize_t got = ::recv(socket, target, size_t(count), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        target += got;
        count -= got;
    }
    return true;
}

core::Result<void> connectTo(Connection &connection, const Target &target)
{
    if (target.dialler) {
        const auto dialled = target.dialler(target.host, kKerberosPort, target.deadlines.connect,
                                            [&connection] { return connection.watchdog.isCancelled(); });
        if (!dialled)
            return core::fail(dialled.error());
        connection.take(dialled->socket);
        return {};
    }
    const auto addresses = resolveHost(connection, target.host, kKerberosPort, target.deadlines.resolve);
    if (!addresses)
        return core::fail(addresses.error());
    const auto reached = dial(connection, *addresses, target.deadlines.connect);
    if (!reached)
        return core::fail(reached.error());
    return {};
}

} // namespace

core::Result<QByteArray> askKdc(const Target &target, const std::vector<core::CancelToken> &cancel, const QByteArray &message)
{
    const QString what = QStringLiteral("the Kerberos key distribution centre cannot be asked");
    Connection connection;
    connection.place = placeOf(target.host, kKerberosPort);
    for (const core::CancelToken &token : cancel)
        connection.watchdog.addToken(token);
    if (auto connected = connectTo(connection, target); !connected) {
        core::Error error = connected.error();
        error.detail = error.what + (error.detail.isEmpty() ? QString() : QStringLiteral(": ") + error.detail);
        error.what = what;
        error.where = connection.place;
        return core::fail(error);
    }
    const Watchdog::Wait wait(connection.watchdog, target.deadlines.bind);
    QByteArray length(4, Qt::Uninitialized);
    qToBigEndian(quint32(message.size()), length.data());
    bool good = sendAll(connection.socket, length + message) && receiveAll(connection.socket, length.data(), length.size());
    const quint32 size = good ? qFromBigEndian<quint32>(length.constData()) : 0;
    // The highest bit would say that another kind of message follows.
    if (good && (size == 0 || size > kLongestReply))
        return core::fail(Code::Protocol, what, QStringLiteral("what answers there does not speak Kerberos"), connection.place);
    QByteArray reply(qsizetype(size), Qt::Uninitialized);
    good = good && receiveAll(connection.socket, reply.data(), reply.size());
    if (good)
        return reply;
    if (auto error = connection.verdict(what))
        return core::fail(*error);
    return core::fail(Code::Unreachable, what, QStringLiteral("it closed the connection"), connection.place);
}

} // namespace gatehouse::ldap
