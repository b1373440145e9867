// SPDX-License-Identifier: GPL-3.0-or-later
#include "gatewayclient/serverwatch.h"

#include "link/client.h"

#include <QTcpSocket>

#include <algorithm>

namespace gatehouse::gatewayclient {

ServerWatch::ServerWatch(const QList<core::HostAndPort> &servers, const Pace &pace, QObject *parent)
    : QObject(parent), m_servers(servers), m_pace(pace), m_looking(servers.size(), nullptr)
{
    for (const core::HostAndPort &server : m_servers)
        m_states.append({link::Client::placeOf(server), false, QStringLiteral("not looked at yet")});
    m_deadline.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ServerWatch::look);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        for (qsizetype i = 0; i < m_looking.size(); ++i) {
            if (m_looking.at(i))
                found(i, false, QStringLiteral("no answer in time"));
        }
    });
}

void ServerWatch::start()
{
    m_timer.start(m_pace.every);
    look();
}

void ServerWatch::look()
{
    if (std::any_of(m_looking.cbegin(), m_looking.cend(), [](const QTcpSocket *socket) { return socket != nullptr; }))
        return;
    m_deadline.start(m_pace.allowed);
    for (qsizetype i = 0; i < m_servers.size(); ++i) {
        auto *socket = new QTcpSocket(this);
        m_looking[i] = socket;
        connect(socket, &QTcpSocket::connected, this, [this, i] { found(i, true, {}); });
        connect(socket, &QTcpSocket::errorOccurred, this, [this, i, socket] { found(i, false, socket->errorString()); });
        socket->connectToHost(m_servers.at(i).host, m_servers.at(i).port);
    }
}

void ServerWatch::found(qsizetype index, bool isReachable, const QString &detail)
{
    QTcpSocket *const socket = std::exchange(m_looking[index], nullptr);
    if (!socket)
        return;
    socket->disconnect(this);
    socket->abort();
    socket->deleteLater();
    m_states[index].isReachable = isReachable;
    m_states[index].detail = detail;
    if (std::all_of(m_looking.cbegin(), m_looking.cend(), [](const QTcpSocket *other) { return other == nullptr; })) {
        m_deadline.stop();
        emit looked();
    }
}

} // namespace gatehouse::gatewayclient
