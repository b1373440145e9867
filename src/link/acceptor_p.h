// SPDX-License-Identifier: GPL-3.0-or-later
//
// The endpoint's door: takes TCP connections, secures them, upgrades them to WebSocket, and watches them until the hub says
// that they have shown a credential. What does not get that far in time, or is too many at once, is dropped; a connection
// that says nothing costs a descriptor and no more. Lives in the link thread.
#pragma once

#include "core/result.h"
#include "link/knockers_p.h"
#include "link/limits.h"
#include "link/tlsidentity.h"

#include <QObject>
#include <QSslConfiguration>
#include <QTimer>

#include <map>
#include <memory>

class QSocketNotifier;
class QTcpServer;
class QWebSocket;
class QWebSocketServer;

namespace gatehouse::link {

class Carrier;

class Acceptor : public QObject {
    Q_OBJECT
public:
    explicit Acceptor(const Timing &timing, QObject *parent = nullptr);
    ~Acceptor() override;

    /// The port, chosen by the system where @p port is 0. Errors: Busy (another program holds it), InvalidInput (no
    /// such address), Denied.
    [[nodiscard]] core::Result<quint16> listen(const QString &address, quint16 port, const TlsIdentity &identity);
    void close();
    /// The client has shown a credential: it is no more counted, nor dropped.
    void letIn(Carrier *carrier);

signals:
    /// An open WebSocket; whoever takes it owns it. Until letIn() it may be cut at any time.
    void accepted(QWebSocket *webSocket, gatehouse::link::Carrier *carrier);
    /// Somebody was dropped who had shown no credential.
    void dropped(const QHostAddress &address, const QString &why);

private:
    /// One who knocks: a bare descriptor until its first octet, then a carrier, at last below a WebSocket of the hub's.
    struct Knock {
        QHostAddress address;
        int descriptor = -1;
        std::unique_ptr<QSocketNotifier> firstOctet;
        Carrier *carrier = nullptr;
        bool isHandedOn = false;
    };
    void onConnection(qintptr descriptor);
    void onFirstOctet(quint64 number);
    void onUpgraded();
    void onLate();
    void drop(quint64 number, const QString &why = {});
    void forget(quint64 number);

    class Listener;
    const Timing m_timing;
    std::unique_ptr<Listener> m_listener;
    std::unique_ptr<QWebSocketServer> m_upgrader;
    QSslConfiguration m_tls;
    std::map<quint64, Knock> m_knocks;
    Knockers m_knockers;
    quint64 m_next = 1;
    QTimer m_late;
};

} // namespace gatehouse::link
