// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real 389 Directory Server of a test's own, without root and without systemd: temporary folder, free loopback ports, a
// certificate from an own authority; its memberOf plug-in writes isMemberOf, as PingDirectory has it. It starts in about a
// second and goes with the object. Made and used in one thread; every call blocks.
//
//     REQUIRE_SERVER("ns-slapd");
//     Ds389 directory;
//     QVERIFY2(directory.start(), qPrintable(directory.errorText()));
#pragma once

#include "tests/support/authority.h"

#include <QByteArray>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace gatehouse::test {

class Ds389 {
public:
    ~Ds389();
    /// With dc=example,dc=com and below it ou=people and ou=groups.
    bool start();
    /// Adds and changes entries, as Slapd::modify().
    bool modify(const QByteArray &ldifChanges);
    const QString &errorText() const { return m_error; }

    QString tlsHostAndPort() const { return QStringLiteral("127.0.0.1:%1").arg(m_tlsPort); }
    QString bindDn() const { return QStringLiteral("cn=Directory Manager"); }
    QByteArray password() const { return "directory-secret"; }
    QString caFile() const { return m_certificate.authority; }

private:
    bool configure();
    bool makeKeys();
    QByteArray configuration() const;
    bool run(const QString &program, const QStringList &arguments, const QByteArray &input = {});
    QString path(const char *name) const { return m_directory.filePath(QString::fromLatin1(name)); }

    QTemporaryDir m_directory;
    CertificateFiles m_certificate;
    std::unique_ptr<QProcess> m_process;
    quint16 m_port = 0;
    quint16 m_tlsPort = 0;
    QString m_error;
};

} // namespace gatehouse::test
