// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/acceptor_p.h"

#include <QHostAddress>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTimer>
#include <QWebSocket>
#include <QWebSocketServer>

namespace gatehouse::link {

using core::Code;

class Acceptor::Listener : public QTcpServer {
public:
    explicit Listener(Acceptor &acceptor) : m_acceptor(acceptor) {}

protected:
    void incomingConnection(qintptr descriptor) override { m_acceptor.onConnection(descriptor); }

private:
    Acceptor &m_acceptor;
};

Acceptor::Acceptor(const Timing &timing, QObject *parent) : QObject(parent), m_timing(timing) {}

Acceptor::~Acceptor()
{
    close();
}

core::Result<quint16> Acceptor::listen(const QString &address, quint16 port, const TlsIdentity &identity)
{
    close();
    QHostAddress host(address);
    if (address.isEmpty() || address == QStringLiteral("*"))
        host = QHostAddress(QHostAddress::Any);
    const QString place = QStringLiteral("%1:%2").arg(address.contains(u':') ? u'[' + address + u']' : address).arg(port);
    if (host.isNull())
        return core::fail(Code::InvalidInput, QStringLiteral("the endpoint can only listen on an IP address of this machine"), {}, place);
    QSslKey key(identity.key.reveal(), QSsl::Ec);
    if (key.isNull())
        key = QSslKey(identity.key.reveal(), QSsl::Rsa);
    if (key.isNull())
        return core::fail(Code::InvalidInput, QStringLiteral("the endpoint's key is neither an EC nor an RSA key"), {}, place);
    m_tls = QSslConfiguration::defaultConfiguration();
    m_tls.setProtocol(QSsl::TlsV1_2OrLater);
    m_tls.setPeerVerifyMode(QSslSocket::VerifyNone); // of clients: they show a credential instead
    m_tls.setLocalCertificateChain(QSslCertificate::fromData(identity.certificates, QSsl::Pem));
    m_tls.setPrivateKey(key);

    m_upgrader = std::make_unique<QWebSocketServer>(QStringLiteral("gatehouse"), QWebSocketServer::NonSecureMode);
    m_upgrader->setMaxPendingConnections(kMaxKnocking);
    connect(m_upgrader.get(), &QWebSocketServer::newConnection, this, &Acceptor::onUpgraded);
    m_listener = std::make_unique<Listener>(*this);
    if (!m_listener->listen(host, port)) {
        const auto fault = m_listener->serverError();
        const QString says = m_listener->errorString();
        close();
        if (fault == QAbstractSocket::AddressInUseError)
            return core::fail(Code::Busy, QStringLiteral("another program holds the gateway endpoint"),
                              QStringLiteral("gateway clients are connected to it: the console, or gatehousectl serve"), place);
        return core::fail(fault == QAbstractSocket::SocketAccessError ? Code::Denied : Code::InvalidInput,
                          QStringLiteral("the gateway endpoint cannot be opened"), says, place);
    }
    return m_listener->serverPort();
}

void Acceptor::close()
{
    const QList<QSslSocket *> knocking = m_knocking.keys();
    for (QSslSocket *socket : knocking)
        drop(socket);
    m_listener.reset();
    m_upgrader.reset();
}

void Acceptor::drop(QSslSocket *socket)
{
    if (QTimer *timer = m_knocking.take(socket))
        delete timer;
    socket->disconnect(this);
    socket->abort();
    socket->deleteLater();
}

void Acceptor::onConnection(qintptr descriptor)
{
    auto *socket = new QSslSocket(this);
    if (!socket->setSocketDescriptor(descriptor)) {
        delete socket;
        return;
    }
    if (m_knocking.size() >= kMaxKnocking)
        return drop(socket);
    auto *timer = new QTimer(this);
    timer->setSingleShot(true);
    connect(timer, &QTimer::timeout, this, [this, socket] { drop(socket); });
    timer->start(m_timing.hello);
    m_knocking.insert(socket, timer);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    socket->setSslConfiguration(m_tls);
    connect(socket, &QSslSocket::disconnected, this, [this, socket] { drop(socket); });
    connect(socket, &QSslSocket::encrypted, this, [this, socket] { m_upgrader->handleConnection(socket); });
    socket->startServerEncryption();
}

void Acceptor::onUpgraded()
{
    while (QWebSocket *webSocket = m_upgrader->nextPendingConnection()) {
        // The WebSocket does not show its socket; it is the one that knocked from the same address and port.
        QSslSocket *carrier = nullptr;
        for (auto it = m_knocking.begin(); it != m_knocking.end(); ++it) {
            if (it.key()->peerPort() == webSocket->peerPort() && it.key()->peerAddress() == webSocket->peerAddress())
                carrier = it.key();
        }
        if (!carrier) {
            webSocket->deleteLater();
            continue;
        }
        delete m_knocking.take(carrier);
        carrier->disconnect(this);
        emit accepted(webSocket, carrier);
    }
}

} // namespace gatehouse::link
