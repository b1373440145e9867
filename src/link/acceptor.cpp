// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/acceptor_p.h"

#include "link/carrier_p.h"

#include <QHostAddress>
#include <QSocketNotifier>
#include <QSslCertificate>
#include <QSslKey>
#include <QTcpServer>
#include <QWebSocket>
#include <QWebSocketServer>

#include <algorithm>

#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::link {

using core::Code;

namespace {

/// Connections that the system keeps while this thread is at something else.
constexpr int kBacklog = 512;
/// How often those are looked for whose time is over.
constexpr std::chrono::milliseconds kLateLook{250};
/// Without a free descriptor no connection can be taken; some are given back soon.
constexpr std::chrono::milliseconds kNoDescriptorPause{250};

QHostAddress peerOf(int descriptor)
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    return ::getpeername(descriptor, generic, &size) == 0 ? QHostAddress(generic) : QHostAddress();
}

} // namespace

class Acceptor::Listener : public QTcpServer {
public:
    explicit Listener(Acceptor &acceptor) : m_acceptor(acceptor) {}

protected:
    void incomingConnection(qintptr descriptor) override { m_acceptor.onConnection(descriptor); }

private:
    Acceptor &m_acceptor;
};

Acceptor::Acceptor(const Timing &timing, QObject *parent) : QObject(parent), m_timing(timing), m_late(this)
{
    m_late.setInterval(std::min(kLateLook, timing.hello / 4));
    connect(&m_late, &QTimer::timeout, this, &Acceptor::onLate);
}

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
    m_listener->setListenBacklogSize(kBacklog);
    // QTcpServer stops for good where a connection cannot be taken.
    connect(m_listener.get(), &QTcpServer::acceptError, this, [this] {
        QTimer::singleShot(kNoDescriptorPause, m_listener.get(), [this] { m_listener->resumeAccepting(); });
    });
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
    while (!m_knocks.empty())
        drop(m_knocks.begin()->first);
    m_listener.reset();
    m_upgrader.reset();
}

void Acceptor::forget(quint64 number)
{
    m_knocks.erase(number);
    m_knockers.remove(number);
    if (m_knocks.empty())
        m_late.stop();
}

void Acceptor::drop(quint64 number, const QString &why)
{
    Knock knock = std::move(m_knocks.at(number));
    forget(number);
    if (knock.firstOctet) {
        knock.firstOctet->setEnabled(false);
        knock.firstOctet.release()->deleteLater(); // it may be what calls
    }
    if (knock.descriptor >= 0)
        ::close(knock.descriptor);
    if (knock.carrier) {
        knock.carrier->disconnect(this);
        knock.carrier->abort();
        if (!knock.isHandedOn)
            knock.carrier->deleteLater();
    }
    if (!why.isEmpty())
        emit dropped(knock.address, why);
}

void Acceptor::onLate()
{
    const QList<quint64> late = m_knockers.overdue(Knockers::Time::clock::now(), m_timing.hello);
    for (const quint64 number : late)
        drop(number, QStringLiteral("it showed no credential in time"));
}

void Acceptor::onConnection(qintptr descriptor)
{
    const auto now = Knockers::Time::clock::now();
    const QHostAddress address = peerOf(int(descriptor));
    if (const auto oldest = m_knockers.toMakeRoomFor(address, now))
        drop(*oldest, QStringLiteral("too many connections wait to show a credential"));
    const quint64 number = m_next++;
    m_knockers.add(number, address, now);
    Knock knock{address, int(descriptor), std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read)};
    connect(knock.firstOctet.get(), &QSocketNotifier::activated, this, [this, number] { onFirstOctet(number); });
    m_knocks.emplace(number, std::move(knock));
    if (!m_late.isActive())
        m_late.start();
}

void Acceptor::onFirstOctet(quint64 number)
{
    Knock &knock = m_knocks.at(number);
    char octet = 0;
    if (::recv(knock.descriptor, &octet, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
        return drop(number); // it has gone, or never meant anything
    m_knockers.hasSpoken(number);
    knock.firstOctet->setEnabled(false);
    knock.firstOctet.release()->deleteLater();
    auto *carrier = new Carrier(this);
    if (!carrier->setSocketDescriptor(knock.descriptor)) {
        delete carrier;
        return drop(number);
    }
    knock.descriptor = -1;
    knock.carrier = carrier;
    carrier->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    carrier->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    carrier->setSslConfiguration(m_tls);
    connect(carrier, &QSslSocket::disconnected, this, [this, number] {
        if (m_knocks.at(number).isHandedOn)
            return forget(number); // it is the WebSocket's
        drop(number);
    });
    connect(carrier, &QSslSocket::encrypted, this, [this, carrier] { m_upgrader->handleConnection(carrier); });
    // Queued: the WebSocket is in the middle of reading.
    connect(carrier, &QSslSocket::readyRead, this, [this, number, carrier] {
        if (m_knocks.contains(number) && carrier->octetsReceived() > kMaxBeforeHello)
            drop(number, QStringLiteral("it sent too much before a credential"));
    }, Qt::QueuedConnection);
    carrier->startServerEncryption();
}

void Acceptor::onUpgraded()
{
    while (QWebSocket *webSocket = m_upgrader->nextPendingConnection()) {
        // The WebSocket does not show its socket; it is the one that knocked from the same address and port.
        const auto found = std::find_if(m_knocks.begin(), m_knocks.end(), [&](const auto &one) {
            const Carrier *carrier = one.second.carrier;
            return carrier && carrier->peerPort() == webSocket->peerPort() && carrier->peerAddress() == webSocket->peerAddress();
        });
        if (found == m_knocks.end()) {
            webSocket->deleteLater();
            continue;
        }
        found->second.isHandedOn = true;
        emit accepted(webSocket, found->second.carrier);
    }
}

void Acceptor::letIn(Carrier *carrier)
{
    const auto found = std::find_if(m_knocks.begin(), m_knocks.end(), [&](const auto &one) { return one.second.carrier == carrier; });
    if (found == m_knocks.end())
        return;
    carrier->disconnect(this);
    carrier->letIn();
    forget(found->first);
}

} // namespace gatehouse::link
