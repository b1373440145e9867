// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/gatewaycredentials.h"

#include "store/auditlog.h"
#include "store/database.h"
#include "store/ids.h"

#include <unistd.h>

namespace gatehouse::store {

using core::Code;
using core::Result;

Result<QString> GatewayCredentials::nameOf(const QUuid &gateway)
{
    Statement statement = m_database.prepare("SELECT name FROM gateways WHERE uuid = ?1");
    const auto row = statement.bind(1, gateway).step();
    if (!row)
        return core::fail(row.error());
    if (!*row)
        return core::fail(Code::NotFound, QStringLiteral("there is no such gateway"));
    return statement.text(0);
}

Result<core::GatewayCredential> GatewayCredentials::create(const QUuid &gateway)
{
    QByteArray bits(core::kCredentialOctets, '\0');
    if (::getentropy(bits.data(), size_t(bits.size())) != 0)
        return core::fail(Code::Internal, QStringLiteral("the system gives no random bits"));
    const core::GatewayCredential credential{timeOrderedId(), core::Secret(bits)};
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    const auto name = nameOf(gateway);
    if (!name)
        return core::fail(name.error());
    // Those of gateways that were deleted meanwhile let nobody in; here they go.
    auto done = m_database.prepare("DELETE FROM gateway_credentials WHERE gateway_uuid NOT IN (SELECT uuid FROM gateways)").run();
    if (done) {
        done = m_database.prepare("INSERT INTO gateway_credentials (uuid, gateway_uuid, hash, created_at) VALUES (?1, ?2, ?3, ?4)")
                   .bind(1, credential.id)
                   .bind(2, gateway)
                   .bindBlob(3, core::credentialHash(credential.secret))
                   .bind(4, QDateTime::currentDateTimeUtc())
                   .run();
    }
    if (done)
        done = AuditLog(m_database).record(QStringLiteral("gateway.credential.create"), *name, credential.id.toString(QUuid::WithoutBraces));
    if (done)
        done = transaction->commit();
    if (!done)
        return core::fail(done.error());
    return credential;
}

Result<QList<StoredCredential>> GatewayCredentials::list()
{
    Statement statement = m_database.prepare("SELECT c.uuid, c.gateway_uuid, g.name, c.hash, c.created_at, c.last_used_at"
                                             " FROM gateway_credentials c JOIN gateways g ON g.uuid = c.gateway_uuid"
                                             " ORDER BY c.created_at, c.uuid");
    QList<StoredCredential> credentials;
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return credentials;
        credentials.append({statement.uuid(0), statement.uuid(1), statement.text(2), statement.blob(3).toByteArray(),
                            statement.time(4), statement.time(5)});
    }
}

Result<void> GatewayCredentials::revoke(const QUuid &id)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    QString name;
    {
        Statement statement = m_database.prepare("SELECT coalesce(g.name, '') FROM gateway_credentials c"
                                                 " LEFT JOIN gateways g ON g.uuid = c.gateway_uuid WHERE c.uuid = ?1");
        const auto row = statement.bind(1, id).step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return core::fail(Code::NotFound, QStringLiteral("there is no such credential"),
                              QStringLiteral("it may have been revoked already"), id.toString(QUuid::WithoutBraces));
        name = statement.text(0);
    }
    auto done = m_database.prepare("DELETE FROM gateway_credentials WHERE uuid = ?1").bind(1, id).run();
    if (done)
        done = AuditLog(m_database).record(QStringLiteral("gateway.credential.revoke"), name, id.toString(QUuid::WithoutBraces));
    if (done)
        done = transaction->commit();
    return done;
}

Result<void> GatewayCredentials::recordUse(const QUuid &id)
{
    return m_database.prepare("UPDATE gateway_credentials SET last_used_at = ?2 WHERE uuid = ?1")
        .bind(1, id)
        .bind(2, QDateTime::currentDateTimeUtc())
        .run();
}

Result<EndpointSettings> GatewayCredentials::endpoint()
{
    Statement statement = m_database.prepare("SELECT listen, port, host_name, certificate_file, key_file FROM gateway_endpoint");
    const auto row = statement.step();
    if (!row)
        return core::fail(row.error());
    if (!*row)
        return EndpointSettings{};
    return EndpointSettings{statement.text(0), quint16(statement.integer(1)), statement.text(2), statement.text(3), statement.text(4)};
}

Result<void> GatewayCredentials::setEndpoint(const EndpointSettings &settings)
{
    if (settings.certificateFile.isEmpty() != settings.keyFile.isEmpty())
        return core::fail(Code::InvalidInput, QStringLiteral("the endpoint needs the certificate and its key, or neither"));
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    auto done = m_database.prepare("INSERT INTO gateway_endpoint (only_row, listen, port, host_name, certificate_file, key_file)"
                                   " VALUES (1, ?1, ?2, ?3, ?4, ?5) ON CONFLICT (only_row) DO UPDATE SET listen = ?1, port = ?2,"
                                   " host_name = ?3, certificate_file = ?4, key_file = ?5")
                    .bind(1, settings.listen)
                    .bind(2, settings.port)
                    .bind(3, settings.hostName)
                    .bind(4, settings.certificateFile)
                    .bind(5, settings.keyFile)
                    .run();
    if (done)
        done = AuditLog(m_database).record(QStringLiteral("gateway.endpoint.change"), QStringLiteral("%1:%2").arg(settings.listen).arg(settings.port),
                                           settings.certificateFile);
    if (done)
        done = transaction->commit();
    return done;
}

} // namespace gatehouse::store
