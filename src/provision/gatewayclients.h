// SPDX-License-Identifier: GPL-3.0-or-later
//
// The gateway clients of one environment: opens its endpoint while there is a gateway that is reached through clients,
// lets in whoever shows a credential of one, cuts whoever's was revoked (by another program too, within a second), and
// leads sessions to them. It lends connections through them to the environment's other programs, and where another program
// has the endpoint, sessions here borrow from that one. Owned by whoever has the environment open: the console, gatehousectl serve, or a command for
// as long as it runs. Belongs to the thread that made it; the work happens in threads of its own, answers come by
// signal. It writes nothing but when a credential was used.
#pragma once

#include "core/config/forward.h"
#include "link/instance.h"
#include "link/limits.h"
#include "store/gatewaycredentials.h"

#include <QObject>

#include <memory>
#include <optional>

namespace gatehouse::provision {

/// The door for gateway clients, as it is now.
struct EndpointState {
    bool isNeeded = false;  ///< some gateway is reached through clients
    bool isOpen = false;
    store::EndpointSettings settings;
    QByteArray fingerprint; ///< SHA-256 of its certificate; empty before it was read
    /// Why it is not open. Busy: another program of this environment has it, which lends connections meanwhile; it is
    /// tried again every few seconds.
    std::optional<core::Error> fault;
    bool operator==(const EndpointState &) const = default;
};

class GatewayClients : public QObject {
    Q_OBJECT
public:
    /// @p patience: how long after opening the endpoint sessions wait for a first client.
    GatewayClients(const QString &environmentPath, std::chrono::milliseconds patience, QObject *parent = nullptr,
                   const link::Timing &timing = {});
    /// Closes the endpoint.
    ~GatewayClients() override;

    /// Begins to look; looked() follows. The environment's file must exist.
    void start();
    /// Looks again now, after this program has changed the configuration or the credentials.
    void refresh();

    EndpointState endpoint() const;
    /// The clients that are connected, of all gateways.
    QList<link::Instance> instances() const;
    QList<link::Instance> instancesOf(const QUuid &gateway) const;

signals:
    /// Configuration and credentials were read, and the endpoint is open where it is needed and can be.
    void looked();
    void endpointChanged();
    void instancesChanged();
    /// Credentials were made, used or revoked, by this program or another.
    void credentialsChanged();
    /// Clients that come, go or are refused; never a secret.
    void logged(const QString &line);

private:
    class Worker;
    struct Private;
    std::unique_ptr<Private> d;
};

/// Where the endpoint's own certificate is kept.
QString ownCertificateFile(const QString &environmentPath);
/// The certificate that the settings name, or the environment's own, made where it is missing. Blocks: file access.
[[nodiscard]] core::Result<QByteArray> endpointFingerprint(const QString &environmentPath, const store::EndpointSettings &settings);
/// The command that starts a client of @p gateway, to be copied as it is; the credential stands in a file.
QString startCommand(const core::Gateway &gateway, const store::EndpointSettings &settings, const QByteArray &fingerprint);

/// What somebody should look at, with gateways that are reached through clients.
enum class GatewayAlert {
    SingleInstanceConnected, ///< one client only: when it goes, everything waits
    NoInstanceConnected,
    NoTlsVerification,       ///< any certificate of the LDAP servers is taken
    VersionDeprecated,       ///< a client too old for something: it is refused for that
    VersionTooOld,           ///< a client too old for provisioning
};
QList<GatewayAlert> alertsOf(const core::Gateway &gateway, const QList<link::Instance> &instances);

} // namespace gatehouse::provision
