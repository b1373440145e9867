// SPDX-License-Identifier: GPL-3.0-or-later
//
// The side of the tunnel to which gateway clients dial in: it listens, lets in who shows an admitted credential, and
// opens streams to LDAP servers through the client that is best placed. It owns a thread for all network work; its
// functions may be called from any thread, but dial(), listen() and close() block: never on the GUI thread. Signals
// come from the link thread: connect with a context object, so that they are queued. It knows nothing of LDAP.
#pragma once

#include "core/result.h"
#include "link/instance.h"
#include "link/limits.h"
#include "link/tlsidentity.h"
#include "link/versions.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>

namespace gatehouse::link {

/// A credential that is let in, and for which gateway.
struct Admission {
    QUuid credential;
    QByteArray hash; ///< core::credentialHash()
    QUuid gateway;
    bool operator==(const Admission &) const = default;
};

struct DialRequest {
    QUuid gateway;
    QString host;
    quint16 port = 0;
    Need need = Need::InboundProvisioning;
    std::chrono::milliseconds allowed{5'000};  ///< for connecting
    std::chrono::milliseconds patience{0};     ///< for a first client of the gateway, when there is none
};

struct Dialled {
    int socket = -1;  ///< one end of a socket pair, the caller's from now on; it blocks
    QString by;       ///< the client that connected, "host name (version)"
    QString address;  ///< the address it reached
};

class Endpoint : public QObject {
    Q_OBJECT
public:
    explicit Endpoint(const Timing &timing = {}, QObject *parent = nullptr);
    /// Ends every link with a word of farewell.
    ~Endpoint() override;

    /// Opens the door. The port, chosen by the system where @p port is 0. Errors: Busy (another program holds it),
    /// InvalidInput, Denied.
    [[nodiscard]] core::Result<quint16> listen(const QString &address, quint16 port, const TlsIdentity &identity);
    void close();

    /// Whoever is not among them any more is cut at once.
    void setAdmissions(const QList<Admission> &admissions);
    QList<Instance> instances() const;
    QList<Instance> instancesOf(const QUuid &gateway) const;

    /// A stream to host:port through a client of the gateway, the one with the least load and the shortest answers
    /// first; when it fails, the next. Errors: Unreachable (no client, or none reaches it), Timeout, Cancelled,
    /// Unsupported (all clients are too old for the need), Denied (no client's own configuration allows the server).
    [[nodiscard]] core::Result<Dialled> dial(const DialRequest &request, const std::function<bool()> &isCancelled = {});

signals:
    /// Clients came, went or report something new; at most a few times a second.
    void instancesChanged();
    /// A client was let in with this credential.
    void credentialUsed(const QUuid &credential);
    /// For the log: links that begin and end, and who was not let in, and why.
    void logged(const QString &line);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::link
