// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/client.h"

#include "link/dialling_p.h"
#include "link/messages.h"
#include "link/tunnel_p.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTimer>
#include <QUrl>
#include <QWebSocket>

#include <algorithm>

#include <sys/resource.h>

namespace gatehouse::link {

using core::Code;
using core::Error;

namespace {

double processorSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

} // namespace

struct Client::Private {
    Private(Client *client, ClientOptions o) : q(client), options(std::move(o))
    {
        retry.setSingleShot(true);
        attempt.setSingleShot(true);
        QObject::connect(&retry, &QTimer::timeout, q, [this] { dial(); });
        QObject::connect(&attempt, &QTimer::timeout, q, [this] { lost(QStringLiteral("the endpoint did not answer in time")); });
    }

    Client *q;
    ClientOptions options;
    const QUuid instance = QUuid::createUuid();
    State state;
    QTimer retry;
    QTimer attempt; ///< from dialling to the endpoint's welcome
    QWebSocket *webSocket = nullptr; ///< until the tunnel has it
    std::unique_ptr<Tunnel> tunnel;
    std::map<quint32, Dialling *> dialling;
    QList<ServerState> servers;
    QElapsedTimer busySince;
    double busyBefore = 0;
    int busyPercentage = 0;
    bool isStopping = false;
    bool isWelcome = false;
    QString refusedPeer; ///< why the endpoint's certificate was not taken

    void dial();
    bool isTrusted(const QSslSocket &carrier) const;
    void onUpgraded();
    void onFrame(const Frame &frame);
    void open(quint32 stream, const OpenRequest &request);
    void fail(quint32 stream, const Error &error);
    void welcome();
    void lost(const QString &why);
    void drop();
    void report();
};

bool Client::Private::isTrusted(const QSslSocket &carrier) const
{
    const QSslCertificate certificate = carrier.peerCertificate();
    return !certificate.isNull() && certificate.digest(QCryptographicHash::Sha256) == options.fingerprint;
}

void Client::Private::dial()
{
    refusedPeer.clear();
    webSocket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, q);
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (options.fingerprint.isEmpty() && !options.caFile.isEmpty())
        tls.setCaCertificates(QSslCertificate::fromPath(options.caFile));
    webSocket->setSslConfiguration(tls);
    // Before the endpoint is known and has let us in, it gets no room to fill.
    webSocket->setMaxAllowedIncomingFrameSize(quint64(kMaxFrame));
    webSocket->setMaxAllowedIncomingMessageSize(quint64(kMaxFrame));
    QObject::connect(webSocket, &QWebSocket::sslErrors, q, [this](const QList<QSslError> &errors) {
        const auto *carrier = webSocket->findChild<QSslSocket *>();
        // A known fingerprint stands for chain, name and dates; nothing stands for the fingerprint.
        if (!options.fingerprint.isEmpty() && carrier && isTrusted(*carrier))
            return webSocket->ignoreSslErrors();
        refusedPeer = options.fingerprint.isEmpty() ? QStringLiteral("the endpoint's certificate is refused: %1").arg(errors.value(0).errorString())
                                                    : QStringLiteral("the endpoint shows another certificate than the one with the given fingerprint");
    });
    QObject::connect(webSocket, &QWebSocket::connected, q, [this] { onUpgraded(); });
    // Queued, since the WebSocket goes; of its signals the second may come when it has gone.
    const auto ended = [this, dialled = webSocket] {
        if (dialled == webSocket)
            lost(refusedPeer.isEmpty() ? dialled->errorString() : refusedPeer);
    };
    QObject::connect(webSocket, &QWebSocket::disconnected, q, ended, Qt::QueuedConnection);
    QObject::connect(webSocket, QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error), q, ended, Qt::QueuedConnection);
    attempt.start(options.timing.hello);
    QUrl url;
    url.setScheme(QStringLiteral("wss"));
    url.setHost(options.host);
    url.setPort(options.port);
    url.setPath(QStringLiteral("/"));
    webSocket->open(url);
}

void Client::Private::onUpgraded()
{
    auto *carrier = webSocket->findChild<QSslSocket *>();
    // A certificate with a good chain makes no errors, so the fingerprint is compared here too. Without TLS there is
    // no carrier, and nothing is said.
    if (!carrier || !carrier->isEncrypted())
        return lost(QStringLiteral("the connection to the endpoint is not secured"));
    if (!options.fingerprint.isEmpty() && !isTrusted(*carrier))
        return lost(QStringLiteral("the endpoint shows another certificate than the one with the given fingerprint"));
    webSocket->disconnect(q);
    tunnel = std::make_unique<Tunnel>(webSocket, carrier, Tunnel::Side::Client, options.timing);
    webSocket = nullptr;
    QObject::connect(tunnel.get(), &Tunnel::received, q, [this](const Frame &frame) { onFrame(frame); });
    QObject::connect(tunnel.get(), &Tunnel::heartbeat, q, [this] { report(); });
    QObject::connect(tunnel.get(), &Tunnel::closed, q, [this](const QString &why) { lost(why); }, Qt::QueuedConnection);
    const core::Secret hello = print(Hello{kProtocolVersion, options.version, options.hostName, instance, options.credential});
    const core::Secret message(encode(FrameType::Hello, 0, hello.reveal()));
    tunnel->sendMessage(message.reveal());
}

void Client::Private::onFrame(const Frame &frame)
{
    if (!isWelcome) {
        const auto protocol = frame.type == FrameType::Welcome ? parseWelcome(frame.payload) : core::Result<int>(0);
        if (!protocol || *protocol != kProtocolVersion)
            return tunnel->close(QStringLiteral("the endpoint speaks another protocol"));
        return welcome();
    }
    if (frame.type == FrameType::Reset) {
        if (const auto found = dialling.find(frame.stream); found != dialling.end()) {
            found->second->deleteLater();
            dialling.erase(found);
        }
        return;
    }
    if (frame.type != FrameType::Open)
        return tunnel->close(QStringLiteral("a frame of type %1 from an endpoint").arg(int(frame.type)));
    const auto request = parseOpen(frame.payload);
    if (!request)
        return tunnel->close(request.error().what);
    if (!tunnel->acceptStream(frame.stream))
        return tunnel->close(QStringLiteral("stream %1 a second time").arg(frame.stream));
    open(frame.stream, *request);
}

void Client::Private::fail(quint32 stream, const Error &error)
{
    emit q->logged(QStringLiteral("no connection: ") + error.text());
    tunnel->send(FrameType::Failed, stream, print(error));
}

void Client::Private::open(quint32 stream, const OpenRequest &request)
{
    const QString place = placeOf({request.host, request.port});
    const bool isAllowed = std::any_of(options.servers.cbegin(), options.servers.cend(), [&](const core::HostAndPort &server) {
        return server.port == request.port && server.host.compare(request.host, Qt::CaseInsensitive) == 0;
    });
    if (!isAllowed)
        return fail(stream, {Code::Denied, QStringLiteral("the gateway client is not allowed to connect to this server"),
                             QStringLiteral("its own configuration does not name it: start it with --server %1").arg(shown(place)), shown(place)});
    if (tunnel->streams() + int(dialling.size()) >= kMaxStreams)
        return fail(stream, {Code::Busy, QStringLiteral("the gateway client has no stream left"), {}, place});
    auto *dials = new Dialling(request.host, request.port, std::chrono::milliseconds(request.milliseconds), q);
    dialling.emplace(stream, dials);
    QObject::connect(dials, &Dialling::done, q, [this, stream, dials, place](int socket, const QString &address) {
        dialling.erase(stream);
        dials->deleteLater();
        tunnel->addStream(stream, socket);
        tunnel->send(FrameType::Opened, stream, address.toUtf8());
        emit q->logged(QStringLiteral("connected to %1 for the endpoint").arg(place));
    });
    QObject::connect(dials, &Dialling::failed, q, [this, stream, dials](const Error &error) {
        dialling.erase(stream);
        dials->deleteLater();
        fail(stream, error);
    });
    dials->start();
}

void Client::Private::welcome()
{
    isWelcome = true;
    attempt.stop();
    state.isConnected = true;
    state.since = QDateTime::currentDateTimeUtc();
    state.attempts = 0;
    state.lastFault.clear();
    ++state.links;
    busySince.start();
    busyBefore = processorSeconds();
    emit q->logged(QStringLiteral("connected to the endpoint %1").arg(placeOf({options.host, options.port})));
    tunnel->begin();
    emit q->connected();
}

void Client::Private::drop()
{
    attempt.stop();
    isWelcome = false;
    for (const auto &[stream, dials] : dialling) {
        dials->disconnect(q);
        dials->deleteLater();
    }
    dialling.clear();
    if (tunnel) {
        tunnel->disconnect(q);
        tunnel->setParent(q);
        tunnel.release()->leave();
    }
    if (webSocket) {
        webSocket->disconnect(q);
        webSocket->abort();
        webSocket->deleteLater();
        webSocket = nullptr;
    }
}

void Client::Private::lost(const QString &why)
{
    if (!webSocket && !tunnel)
        return; // told before
    if (tunnel && !tunnel->isClosed())
        tunnel->close(why);
    const bool wasConnected = state.isConnected;
    drop();
    state.isConnected = false;
    if (wasConnected || !state.since.isValid())
        state.since = QDateTime::currentDateTimeUtc();
    const QString fault = why.isEmpty() ? QStringLiteral("the connection was lost") : why;
    const bool isNews = fault != state.lastFault;
    state.lastFault = fault;
    if (isStopping)
        return;
    // Exponential, with jitter, so that many clients do not come back to a restarted endpoint in one moment.
    const qint64 most = std::min<qint64>(options.timing.retryMost.count(), options.timing.retryFirst.count() << std::min(state.attempts, 16));
    const qint64 wait = most / 2 + qint64(QRandomGenerator::global()->generateDouble() * double(most) / 2);
    ++state.attempts;
    if (wasConnected || isNews)
        emit q->logged(QStringLiteral("not connected to the endpoint %1: %2").arg(placeOf({options.host, options.port}), fault));
    retry.start(std::chrono::milliseconds(wait));
    if (wasConnected)
        emit q->disconnected(fault);
}

void Client::Private::report()
{
    constexpr qint64 kShortestMs = 200; // processor time over less says nothing
    if (busySince.elapsed() >= kShortestMs) {
        const double now = processorSeconds();
        busyPercentage = std::clamp(int(100'000 * (now - busyBefore) / double(busySince.elapsed())), 0, 100);
        busyBefore = now;
        busySince.start();
    }
    if (tunnel && isWelcome)
        tunnel->send(FrameType::Report, 0, print(Report{busyPercentage, servers}));
}

Client::Client(ClientOptions options, QObject *parent) : QObject(parent), d(std::make_unique<Private>(this, std::move(options))) {}

Client::~Client()
{
    d->isStopping = true;
    d->drop();
}

void Client::start()
{
    if (!d->webSocket && !d->tunnel)
        d->dial();
}

void Client::stop()
{
    d->isStopping = true;
    d->retry.stop();
    if (d->tunnel)
        d->tunnel->close(QStringLiteral("the gateway client stops"));
    else
        d->drop();
    // What was said leaves by the event loop.
    QTimer::singleShot(std::min<std::chrono::milliseconds>(d->options.timing.farewell, std::chrono::milliseconds(200)), this, &Client::stopped);
}

Client::State Client::state() const
{
    State state = d->state;
    state.streams = d->tunnel ? d->tunnel->streams() : 0;
    return state;
}

void Client::setServerStates(const QList<ServerState> &servers)
{
    if (d->servers == servers)
        return;
    d->servers = servers;
    d->report();
}

QString Client::placeOf(const core::HostAndPort &server)
{
    return (server.host.contains(u':') ? u'[' + server.host + u']' : server.host) + u':' + QString::number(server.port);
}

} // namespace gatehouse::link
