// SPDX-License-Identifier: GPL-3.0-or-later
//
// The side of the tunnel beside the LDAP servers: it dials out to the endpoint, shows its credential only to the
// endpoint that it verified, connects to the servers that its own configuration allows and to no other, and dials
// again, ever more slowly, when the link is lost. Lives in one thread with an event loop; nothing blocks. It knows
// nothing of LDAP.
#pragma once

#include "core/config/hostandport.h"
#include "core/gatewaycredential.h"
#include "link/instance.h"
#include "link/limits.h"

#include <QObject>

#include <memory>

namespace gatehouse::link {

struct ClientOptions {
    QString host;           ///< of the endpoint
    quint16 port = kEndpointPort;
    QByteArray fingerprint; ///< SHA-256 of the endpoint's certificate, 32 octets: exactly this one is trusted
    QString caFile;         ///< without a fingerprint: PEM of authorities to trust; empty: the system's
    core::GatewayCredential credential;
    QList<core::HostAndPort> servers; ///< that streams may go to
    QString hostName;       ///< shown at the endpoint
    QString version = QLatin1String(kClientVersion);
    Timing timing;
};

class Client : public QObject {
    Q_OBJECT
public:
    /// How the link is; for health pages.
    struct State {
        bool isConnected = false;
        QDateTime since;      ///< connected, or not connected
        QString lastFault;    ///< why the last link ended or did not come about
        int attempts = 0;     ///< failed in a row
        int streams = 0;
        qint64 links = 0;     ///< links that came about since the start
    };

    explicit Client(ClientOptions options, QObject *parent = nullptr);
    ~Client() override;

    void start();
    /// Says farewell; stopped() follows within Timing::farewell.
    void stop();
    State state() const;
    /// What the endpoint is told of the servers with the next report, which is sent at once.
    void setServerStates(const QList<ServerState> &servers);

    /// "host:port" as parseHostAndPort() reads it, with brackets around an IPv6 address.
    static QString placeOf(const core::HostAndPort &server);

signals:
    void connected();
    void disconnected(const QString &why);
    void stopped();
    /// For the log; never a secret.
    void logged(const QString &line);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::link
