// SPDX-License-Identifier: GPL-3.0-or-later
#include "gatewayclient/healthserver.h"

#include <QDateTime>
#include <QHostAddress>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>

namespace gatehouse::gatewayclient {

using core::Code;

namespace {

constexpr int kMaxOpen = 16;
constexpr qint64 kMaxRequest = 4'096;
constexpr int kAllowedMs = 2'000;

const QString kStatus = QStringLiteral("status");
const QString kDetails = QStringLiteral("details");

QString word(bool isUp)
{
    return isUp ? QStringLiteral("UP") : QStringLiteral("DOWN");
}

void reply(QTcpSocket *socket, const QByteArray &status, const QJsonObject &body, bool withBody)
{
    const QByteArray text = QJsonDocument(body).toJson(QJsonDocument::Compact) + '\n';
    socket->write("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: "
                  + QByteArray::number(text.size()) + "\r\n\r\n" + (withBody ? text : QByteArray()));
    socket->disconnectFromHost();
}

} // namespace

HealthServer::HealthServer(const link::Client &client, const ServerWatch &watch, const QString &endpoint, QObject *parent)
    : QObject(parent), m_client(client), m_watch(watch), m_endpoint(endpoint), m_server(std::make_unique<QTcpServer>())
{
    connect(m_server.get(), &QTcpServer::newConnection, this, &HealthServer::onConnection);
}

HealthServer::~HealthServer() = default;

core::Result<quint16> HealthServer::listen(quint16 port)
{
    if (!m_server->listen(QHostAddress(QHostAddress::LocalHost), port))
        return core::fail(Code::Busy, QStringLiteral("the health endpoint cannot be opened"), m_server->errorString(),
                          QStringLiteral("127.0.0.1:%1").arg(port));
    return m_server->serverPort();
}

void HealthServer::onConnection()
{
    while (QTcpSocket *socket = m_server->nextPendingConnection()) {
        if (m_open >= kMaxOpen) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        ++m_open;
        socket->setReadBufferSize(kMaxRequest);
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            --m_open;
            socket->deleteLater();
        });
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
        QTimer::singleShot(kAllowedMs, socket, [socket] { socket->abort(); });
    }
}

void HealthServer::answer(QTcpSocket *socket)
{
    const QByteArray request = socket->peek(kMaxRequest);
    if (!request.contains("\r\n\r\n") && !request.contains("\n\n")) {
        if (request.size() >= kMaxRequest)
            socket->abort();
        return;
    }
    socket->readAll();
    socket->disconnect(SIGNAL(readyRead()));
    const QList<QByteArray> line = request.first(request.indexOf('\n')).trimmed().split(' ');
    const bool isHead = line.value(0) == "HEAD";
    if (!isHead && line.value(0) != "GET")
        return reply(socket, "405 Method Not Allowed", {{QStringLiteral("error"), QStringLiteral("only GET is answered")}}, true);
    const QByteArray path = line.value(1).split('?').first();
    bool ldapUp = false;
    bool consoleUp = false;
    const QJsonObject servers = ldap(ldapUp);
    const QJsonObject link = console(consoleUp);
    QJsonObject body;
    bool isUp = false;
    if (path == "/health/ldap") {
        body = servers;
        isUp = ldapUp;
    } else if (path == "/health/console") {
        body = link;
        isUp = consoleUp;
    } else if (path == "/health" || path == "/health/") {
        isUp = ldapUp && consoleUp;
        body = {{kStatus, word(isUp)},
                {QStringLiteral("version"), QLatin1String(link::kClientVersion)},
                {QStringLiteral("components"), QJsonObject{{QStringLiteral("ldap"), servers}, {QStringLiteral("console"), link}}}};
    } else {
        return reply(socket, "404 Not Found", {{QStringLiteral("error"), QStringLiteral("there are /health, /health/ldap and /health/console")}}, !isHead);
    }
    reply(socket, isUp ? "200 OK" : "503 Service Unavailable", body, !isHead);
}

QJsonObject HealthServer::ldap(bool &isUp) const
{
    QJsonObject details;
    isUp = !m_watch.states().isEmpty();
    for (const link::ServerState &state : m_watch.states()) {
        QJsonObject server{{kStatus, word(state.isReachable)}};
        if (!state.isReachable)
            server.insert(QStringLiteral("error"), state.detail);
        details.insert(state.server, server);
        isUp = isUp && state.isReachable;
    }
    return {{kStatus, word(isUp)}, {kDetails, details}};
}

QJsonObject HealthServer::console(bool &isUp) const
{
    const link::Client::State state = m_client.state();
    isUp = state.isConnected;
    QJsonObject details{{QStringLiteral("endpoint"), m_endpoint},
                        {QStringLiteral("streams"), state.streams},
                        {QStringLiteral("connectionsMade"), state.links},
                        {QStringLiteral("failedAttempts"), state.attempts}};
    if (state.since.isValid())
        details.insert(QStringLiteral("since"), state.since.toString(Qt::ISODate));
    if (!state.lastFault.isEmpty())
        details.insert(QStringLiteral("error"), state.lastFault);
    return {{kStatus, word(isUp)}, {kDetails, details}};
}

} // namespace gatehouse::gatewayclient
