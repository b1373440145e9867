// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether the LDAP servers that this client may connect to answer: a TCP connection to each, every so often, closed at
// once. Lives in the program's one thread; never blocks, never speaks to a server.
#pragma once

#include "core/config/hostandport.h"
#include "link/instance.h"

#include <QObject>
#include <QTimer>

#include <chrono>

class QTcpSocket;

namespace gatehouse::gatewayclient {

class ServerWatch : public QObject {
    Q_OBJECT
public:
    struct Pace {
        std::chrono::milliseconds every{15'000};
        std::chrono::milliseconds allowed{3'000}; ///< for one connection
    };

    explicit ServerWatch(const QList<core::HostAndPort> &servers, QObject *parent = nullptr) : ServerWatch(servers, Pace{}, parent) {}
    ServerWatch(const QList<core::HostAndPort> &servers, const Pace &pace, QObject *parent = nullptr);
    void start();
    /// As last found; a server that was not looked at yet is not reachable.
    const QList<link::ServerState> &states() const { return m_states; }

signals:
    /// A look at all of them has ended.
    void looked();

private:
    void look();
    void found(qsizetype index, bool isReachable, const QString &detail);

    const QList<core::HostAndPort> m_servers;
    const Pace m_pace;
    QList<link::ServerState> m_states;
    QList<QTcpSocket *> m_looking; ///< one a server, nullptr when it is done
    QTimer m_timer;
    QTimer m_deadline;
};

} // namespace gatehouse::gatewayclient
