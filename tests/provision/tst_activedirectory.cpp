// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whom a read of an Active Directory domain does not bring: what its domain controller confirms, and what it says by values.
#include "tests/provision/scenario.h"
#include "tests/support/sambadc.h"
#include "tests/support/testservers.h"

#include <QProcess>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

QByteArray personDn(const QByteArray &name)
{
    return "CN=" + name + ",OU=Staff,DC=lab,DC=example";
}

} // namespace

class ActiveDirectoryRunTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        REQUIRE_SERVER("samba");
        REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
        QByteArray people;
        for (int i = 0; i < 40; ++i)
            people += SambaDc::user("p" + QByteArray::number(i), "Good-password-1", 66048, "title: Engineer\n");
        QVERIFY2(m_directory.start(people), qPrintable(m_directory.errorText()));
    }

    void deletedObjectsAreConfirmed()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(1)));
        QFile secret(s.folder.filePath(QStringLiteral("secret")));
        QVERIFY(secret.open(QIODevice::WriteOnly) && secret.write(m_directory.password()) > 0);
        secret.close();
        secret.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        core::Gateway &gateway = s.gateway();
        gateway.vendor = core::Vendor::ActiveDirectory;
        gateway.serversHostAndPort = {m_directory.tlsHostAndPort()};
        gateway.connectionSecurity = core::ConnectionSecurity::Tls;
        gateway.caCertificateFile = m_directory.caFile();
        gateway.bindDn = m_directory.bindDn();
        gateway.bindPassword.name = secret.fileName();
        s.rule().scope.baseDn = QStringLiteral("OU=Staff,DC=lab,DC=example");
        s.rule().scope.userFilter = QStringLiteral("(title=Engineer)");
        s.rule().mappings.users = {Scenario::map("username", "sAMAccountName"), Scenario::map("title", "title")};
        QVERIFY(s.save());
        const auto first = s.apply();
        QVERIFY2(!first.error, qPrintable(first.error ? first.error->text() : QString()));
        QCOMPARE(first.counts.users.create, 40);

        QVERIFY(modify("dn: " + personDn("p1") + "\nchangetype: delete\n\ndn: " + personDn("p2")
                       + "\nchangetype: modrdn\nnewrdn: CN=p2\ndeleteoldrdn: 1\nnewsuperior: OU=Groups,DC=lab,DC=example\n\ndn: "
                       + personDn("p3") + "\nchangetype: modify\nreplace: title\ntitle: Pilot\n\n"));
        const auto planned = s.plan();
        QVERIFY2(!planned.error, qPrintable(planned.error ? planned.error->text() : QString()));
        QCOMPARE(planned.counts.users.disable, 3);
        QCOMPARE(Scenario::stepOf(planned, QStringLiteral("p1")).departure, core::Departure::Deleted);
        QCOMPARE(Scenario::stepOf(planned, QStringLiteral("p2")).departure, core::Departure::OutsideBase);
        QCOMPARE(Scenario::stepOf(planned, QStringLiteral("p3")).departure, core::Departure::OutsideFilter);
        QCOMPARE(s.apply().counts.users.disable, 3);

        // A whole unit that is confirmed to be deleted is none that vanished.
        QByteArray rest;
        for (int i = 4; i < 40; ++i)
            rest += "dn: " + personDn("p" + QByteArray::number(i)) + "\nchangetype: delete\n\n";
        QVERIFY(modify(rest));
        for (const core::GuardVerdict &verdict : s.plan().guards)
            QVERIFY2(!verdict.tripped || verdict.name != QLatin1String("unitLoss"), qPrintable(verdict.subject));
    }

private:
    bool modify(const QByteArray &ldif)
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("LDAPTLS_REQCERT"), QStringLiteral("never"));
        environment.remove(QStringLiteral("LDAPNOINIT")); // what sessions set for themselves
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral("ldapmodify"),
                      {QStringLiteral("-x"), QStringLiteral("-H"), QStringLiteral("ldaps://") + m_directory.tlsHostAndPort(),
                       QStringLiteral("-D"), m_directory.bindDn(), QStringLiteral("-w"), QString::fromLatin1(m_directory.password())});
        process.write(ldif);
        process.closeWriteChannel();
        const bool ended = process.waitForFinished(60'000);
        if (!ended || process.exitCode() != 0)
            qWarning("%s", process.readAll().constData());
        return ended && process.exitCode() == 0;
    }

    SambaDc m_directory;
};

SAMBA_TEST(ActiveDirectoryRunTest, QCoreApplication)
#include "tst_activedirectory.moc"
