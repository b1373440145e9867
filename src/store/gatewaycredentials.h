// SPDX-License-Identifier: GPL-3.0-or-later
//
// What gateway clients are let in by, and where: the credentials of each gateway, as hashes, and the settings of the
// environment's one endpoint. Making and revoking are audited in the same transaction. Belongs to the thread of its
// Database; made where it is needed, it holds nothing.
#pragma once

#include "core/gatewaycredential.h"
#include "core/result.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <QUuid>

namespace gatehouse::store {

class Database;

struct StoredCredential {
    QUuid id;
    QUuid gateway;
    QString gatewayName;
    QByteArray hash; ///< core::credentialHash()
    QDateTime createdAt;
    QDateTime lastUsedAt; ///< invalid: never
    bool operator==(const StoredCredential &) const = default;
};

struct EndpointSettings {
    QString listen;          ///< an IP address of this machine; empty: all
    quint16 port = 8443;
    QString hostName;        ///< by which clients reach this machine; empty: as it calls itself
    QString certificateFile; ///< PEM; empty: one of its own, beside the environment
    QString keyFile;         ///< PEM
    bool operator==(const EndpointSettings &) const = default;
};

class GatewayCredentials {
public:
    explicit GatewayCredentials(Database &database) : m_database(database) {}

    /// 256 new random bits. What is returned is nowhere else: it is shown once. NotFound: no such gateway.
    [[nodiscard]] core::Result<core::GatewayCredential> create(const QUuid &gateway);
    /// Of all gateways that there are, oldest first.
    [[nodiscard]] core::Result<QList<StoredCredential>> list();
    /// NotFound when there is none.
    [[nodiscard]] core::Result<void> revoke(const QUuid &id);
    /// A client was let in by it just now.
    [[nodiscard]] core::Result<void> recordUse(const QUuid &id);

    [[nodiscard]] core::Result<EndpointSettings> endpoint();
    [[nodiscard]] core::Result<void> setEndpoint(const EndpointSettings &settings);

private:
    [[nodiscard]] core::Result<QString> nameOf(const QUuid &gateway);
    Database &m_database;
};

} // namespace gatehouse::store
