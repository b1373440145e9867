// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one thing that listens at a gateway client: GET /health, /health/ldap and /health/console on the loopback, for
// probes and monitoring. JSON with UP or DOWN and details, status 200 or 503. It answers one small request a
// connection and takes nothing else. Lives in the program's one thread.
#pragma once

#include "core/result.h"
#include "gatewayclient/serverwatch.h"
#include "link/client.h"

#include <QJsonObject>
#include <QObject>

#include <memory>

class QTcpServer;
class QTcpSocket;

namespace gatehouse::gatewayclient {

class HealthServer : public QObject {
    Q_OBJECT
public:
    HealthServer(const link::Client &client, const ServerWatch &watch, const QString &endpoint, QObject *parent = nullptr);
    ~HealthServer() override;

    /// The port, chosen by the system where @p port is 0.
    [[nodiscard]] core::Result<quint16> listen(quint16 port);

private:
    void onConnection();
    void answer(QTcpSocket *socket);
    QJsonObject ldap(bool &isUp) const;
    QJsonObject console(bool &isUp) const;

    const link::Client &m_client;
    const ServerWatch &m_watch;
    const QString m_endpoint;
    std::unique_ptr<QTcpServer> m_server;
    int m_open = 0;
};

} // namespace gatehouse::gatewayclient
