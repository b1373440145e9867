// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/dialling_p.h"

#include "link/client.h"

#include <QHostAddress>

#include <fcntl.h>

namespace gatehouse::link {

using core::Code;
using core::Error;

Dialling::Dialling(const QString &host, quint16 port, std::chrono::milliseconds allowed, QObject *parent)
    : QObject(parent), m_host(host), m_port(port)
{
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(allowed);
    connect(&m_deadline, &QTimer::timeout, this,
            [this] { end({Code::Timeout, QStringLiteral("connecting"), QStringLiteral("no answer in time")}); });
    connect(&m_socket, &QTcpSocket::connected, this, [this] {
        if (m_isOver)
            return;
        m_isOver = true;
        m_deadline.stop();
        m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_socket.setSocketOption(QAbstractSocket::KeepAliveOption, 1);
        const QString address = m_socket.peerAddress().toString();
        // The descriptor lives on without the object, which must not read what belongs to the stream.
        const int socket = ::fcntl(int(m_socket.socketDescriptor()), F_DUPFD_CLOEXEC, 0);
        m_socket.disconnect(this);
        m_socket.abort();
        if (socket < 0)
            emit failed({Code::Busy, QStringLiteral("the gateway client has no sockets left"), {}, Client::placeOf({m_host, m_port})});
        else
            emit done(socket, address);
    });
    connect(&m_socket, &QTcpSocket::errorOccurred, this,
            [this] { end({Code::Unreachable, QStringLiteral("connecting"), m_socket.errorString()}); });
}

void Dialling::start()
{
    m_deadline.start();
    m_socket.connectToHost(m_host, m_port);
}

void Dialling::end(const Error &error)
{
    if (m_isOver)
        return;
    m_isOver = true;
    m_deadline.stop();
    m_socket.disconnect(this);
    m_socket.abort();
    emit failed(error.in(Client::placeOf({m_host, m_port})));
}

} // namespace gatehouse::link
