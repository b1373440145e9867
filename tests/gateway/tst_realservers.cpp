// SPDX-License-Identifier: GPL-3.0-or-later
//
// The connection test on a real Active Directory domain controller (Samba) and a real 389 Directory Server: what it
// finds out there about groups, deletions and rights, writing nothing.
#include "gateway/test.h"
#include "tests/gateway/gateways.h"
#include "tests/gateway/reports.h"
#include "tests/support/ds389.h"
#include "tests/support/sambadc.h"
#include "tests/support/testservers.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using gateway::Stage;
using gateway::TestReport;
using gateway::Verdict;

class RealServersTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_secrets;

    template <typename Server>
    core::Gateway gatewayFor(const Server &server, core::Vendor vendor)
    {
        core::Gateway gateway;
        gateway.name = QStringLiteral("Real");
        gateway.vendor = vendor;
        gateway.serversHostAndPort = {server.tlsHostAndPort()};
        gateway.caCertificateFile = server.caFile();
        gateway.bindDn = server.bindDn();
        gateway.bindPassword = secretFile(m_secrets.path(), server.password());
        return gateway;
    }

    static TestReport examine(const core::Gateway &gateway, const QString &base)
    {
        const QList<TestReport> reports = gateway::runTest(gateway, {base}, {});
        return reports.isEmpty() ? TestReport() : reports.first();
    }

private slots:
    void activeDirectory()
    {
        REQUIRE_SERVER("samba");
        REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
        SambaDc directory;
        const QByteArray member = "CN=zoe,OU=Staff,DC=lab,DC=example";
        QVERIFY2(directory.start(SambaDc::user("zoe", "Passw0rd-of-zoe") + SambaDc::user("kim", "Passw0rd-of-kim")
                                 + SambaDc::group("Direct", {member})),
                 qPrintable(directory.errorText()));
        core::Gateway gateway = gatewayFor(directory, core::Vendor::ActiveDirectory);
        const TestReport report = examine(gateway, QStringLiteral("DC=lab,DC=example"));
        for (const gateway::StageResult &stage : report.stages)
            qInfo("%s %s: %s", qPrintable(gateway::stageKey(stage.stage)), qPrintable(gateway::verdictKey(stage.verdict)),
                  qPrintable(stage.text));
        QVERIFY(report.passed());
        QVERIFY(at(report, Stage::RootDse).server->clock.isValid());
        QCOMPARE(at(report, Stage::Count).verdict, Verdict::Passed);
        QCOMPARE(at(report, Stage::LargeGroups).verdict, Verdict::Passed);
        // Nothing was deleted yet: no row is no proof of access.
        QCOMPARE(at(report, Stage::Changes).verdict, Verdict::Warning);
        QVERIFY(at(report, Stage::Changes).remedy.contains(QStringLiteral("dsacls")));
        QCOMPARE(at(report, Stage::Writing).verdict, Verdict::Passed);
        QVERIFY2(at(report, Stage::Writing).text.contains(QStringLiteral("may change people")),
                 qPrintable(at(report, Stage::Writing).text));
        // Somebody with no rights over others.
        gateway.bindDn = QStringLiteral("CN=kim,OU=Staff,DC=lab,DC=example");
        gateway.bindPassword = secretFile(m_secrets.path(), "Passw0rd-of-kim");
        const TestReport other = examine(gateway, QStringLiteral("OU=Staff,DC=lab,DC=example"));
        QVERIFY2(!at(other, Stage::Writing).text.contains(QStringLiteral("may change people")),
                 qPrintable(at(other, Stage::Writing).text));
    }

    void ds389()
    {
        REQUIRE_SERVER("ns-slapd");
        REQUIRE_SERVER("certutil");
        REQUIRE_SERVER("ldapmodify");
        Ds389 directory;
        QVERIFY2(directory.start(), qPrintable(directory.errorText()));
        QVERIFY2(directory.modify("dn: uid=zoe,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: zoe\ncn: zoe\n"
                                  "sn: zoe\nuserPassword: pw-zoe-1\n"),
                 qPrintable(directory.errorText()));
        core::Gateway gateway = gatewayFor(directory, core::Vendor::Ldapv3);
        const TestReport report = examine(gateway, QStringLiteral("ou=people,dc=example,dc=com"));
        for (const gateway::StageResult &stage : report.stages)
            qInfo("%s %s: %s", qPrintable(gateway::stageKey(stage.stage)), qPrintable(gateway::verdictKey(stage.verdict)),
                  qPrintable(stage.text));
        QVERIFY(report.passed());
        QCOMPARE(report.info->product, ldap::Product::Ds389);
        QCOMPARE(at(report, Stage::Count).verdict, Verdict::Passed);
        QVERIFY(at(report, Stage::Changes).verdict == Verdict::Passed || !at(report, Stage::Changes).remedy.isEmpty());
        QVERIFY2(at(report, Stage::Writing).text.contains(QStringLiteral("may change people")),
                 qPrintable(at(report, Stage::Writing).text));
    }
};

SAMBA_TEST(RealServersTest, QCoreApplication)
#include "tst_realservers.moc"
