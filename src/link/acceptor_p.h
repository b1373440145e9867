// SPDX-License-Identifier: GPL-3.0-or-later
//
// The endpoint's door: takes TCP connections, secures them, upgrades them to WebSocket. What does not get through in
// time, or is too many at once, is dropped. What it hands on has shown nothing yet. Lives in the link thread.
#pragma once

#include "core/result.h"
#include "link/limits.h"
#include "link/tlsidentity.h"

#include <QHash>
#include <QObject>
#include <QSslConfiguration>

#include <memory>

class QSslSocket;
class QTcpServer;
class QTimer;
class QWebSocket;
class QWebSocketServer;

namespace gatehouse::link {

class Acceptor : public QObject {
    Q_OBJECT
public:
    explicit Acceptor(const Timing &timing, QObject *parent = nullptr);
    ~Acceptor() override;

    /// The port, chosen by the system where @p port is 0. Errors: Busy (another program holds it), InvalidInput (no
    /// such address), Denied.
    [[nodiscard]] core::Result<quint16> listen(const QString &address, quint16 port, const TlsIdentity &identity);
    void close();

signals:
    /// An open WebSocket; whoever takes it owns it.
    void accepted(QWebSocket *webSocket, QSslSocket *carrier);

private:
    void onConnection(qintptr descriptor);
    void onUpgraded();
    void drop(QSslSocket *socket);

    class Listener;
    const Timing m_timing;
    std::unique_ptr<Listener> m_listener;
    std::unique_ptr<QWebSocketServer> m_upgrader;
    QSslConfiguration m_tls;
    QHash<QSslSocket *, QTimer *> m_knocking;
};

} // namespace gatehouse::link
