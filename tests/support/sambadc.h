// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real Active Directory domain controller (Samba) of a test's own, on a loopback address of its own, since the ports are
// fixed: 389 and 636. It is provisioned in some five seconds and goes with the object. Needs root, or a namespace in which
// one is: enterOwnNetwork(). Made and used in one thread; every call blocks.
//
//     REQUIRE_SERVER("samba");
//     SambaDc directory;
//     QVERIFY2(directory.start(SambaDc::user("zoe", "pw")), qPrintable(directory.errorText()));
//
// The domain is DC=lab,DC=example with OU=Staff and OU=Groups. Passwords of users who are made with userAccountControl
// 512 have expired, those with 66048 never do; three wrong ones lock an account.
#pragma once

#include "tests/support/authority.h"
#include "tests/support/testmain.h"

#include <QByteArray>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>
#include <optional>

namespace gatehouse::test {

class SambaDc {
public:
    /// Whether binds with Kerberos tickets are taken inside of TLS, as Microsoft's servers do and Samba by itself does not.
    enum class TicketsInTls { Taken, Refused };
    explicit SambaDc(TicketsInTls tickets = TicketsInTls::Taken);
    ~SambaDc();
    /// Provisions with @p ldif of entries to add.
    bool start(const QByteArray &ldif);
    const QString &errorText() const { return m_error; }

    QString tlsHostAndPort() const { return m_address + QStringLiteral(":636"); }
    QString hostAndPort() const { return m_address + QStringLiteral(":389"); }
    QString address() const { return m_address; }
    QString realm() const { return QStringLiteral("LAB.EXAMPLE"); }
    QString bindDn() const { return QStringLiteral("CN=Administrator,CN=Users,DC=lab,DC=example"); }
    QByteArray password() const { return "Passw0rd-of-the-lab"; }
    QString caFile() const { return m_certificate.authority; }

    /// A user CN=@p name,OU=Staff whose sAMAccountName is @p name.
    static QByteArray user(const QByteArray &name, const QByteArray &password, int userAccountControl = 66048,
                           const QByteArray &more = {});
    static QByteArray group(const QByteArray &name, const QList<QByteArray> &memberDns);
    /// Signs @p name on as a desktop of the domain does, with kinit, into the ticket cache @p cache ("FILE:…"). Needs kinit.
    bool signOnDesktop(const QString &name, const QByteArray &password, const QString &cache);
    /// Whether this process may serve port 389.
    static bool mayServe();
    /// Where it may not, starts the program again as root of a network of its own. Returns when that is not needed, or
    /// not possible.
    static std::optional<int> enterOwnNetwork(int argc, char **argv);

private:
    bool configure();
    bool m_takesTicketsInTls;
    bool write(const QString &name, const QByteArray &text) const;
    QTemporaryDir m_directory;
    QString m_address;
    CertificateFiles m_certificate;
    std::unique_ptr<QProcess> m_process;
    QString m_error;
};

} // namespace gatehouse::test

/// A test with a domain controller; @p Application is QCoreApplication, or QApplication for windows.
#define SAMBA_TEST(Test, Application)                                                                                  \
    REGISTER_TEST((gatehouse::test::runTest<Application, Test>), gatehouse::test::SambaDc::enterOwnNetwork)
