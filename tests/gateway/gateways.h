// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gateways before a test's own server.
#pragma once

#include "core/config/gateway.h"
#include "ldap/session.h"
#include "tests/support/slapd.h"

#include <QFile>

namespace gatehouse::test {

inline core::Gateway gatewayTo(const Slapd &slapd,
                               core::ConnectionSecurity security = core::ConnectionSecurity::Tls)
{
    core::Gateway gateway;
    gateway.name = QStringLiteral("Head office");
    gateway.enabled = true;
    gateway.serversHostAndPort = {security == core::ConnectionSecurity::Tls ? slapd.tlsHostAndPort()
                                                                            : slapd.hostAndPort()};
    gateway.connectionSecurity = security;
    gateway.caCertificateFile = slapd.caFile();
    gateway.bindDn = slapd.bindDn();
    gateway.bindPassword = {core::SecretReference::Kind::File, slapd.passwordFile()};
    return gateway;
}

/// Deadlines that a test can wait for.
inline ldap::Deadlines briefDeadlines()
{
    using std::chrono::milliseconds;
    return {milliseconds(3'000), milliseconds(700), milliseconds(700), milliseconds(700), milliseconds(1'500)};
}

/// A file with a secret, mode 0600, in @p directory.
inline core::SecretReference secretFile(const QString &directory, const QByteArray &secret)
{
    const QString path = directory + QStringLiteral("/") + QString::fromLatin1(secret.toHex());
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) {
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        file.write(secret);
    }
    return {core::SecretReference::Kind::File, path};
}

} // namespace gatehouse::test
