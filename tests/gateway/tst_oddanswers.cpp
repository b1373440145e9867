// SPDX-License-Identifier: GPL-3.0-or-later
//
// The staged connection test against servers that answer oddly: what it makes of their words, and what it advises.
#include "gateway/test.h"
#include "tests/gateway/gateways.h"
#include "tests/gateway/reports.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/testmain.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using core::ConnectionSecurity;
using gateway::Stage;
using gateway::StageResult;
using gateway::TestReport;
using gateway::Verdict;
using Fake = FakeLdapServer;

class OddAnswersTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;

    static TestReport test(const core::Gateway &gateway)
    {
        const QList<TestReport> reports = gateway::runTest(gateway, {}, {}, {}, briefDeadlines());
        return reports.isEmpty() ? TestReport() : reports.first();
    }

    static core::Gateway gatewayToFake(const Fake &fake)
    {
        core::Gateway gateway;
        gateway.name = QStringLiteral("Fake");
        gateway.serversHostAndPort = {fake.hostAndPort()};
        gateway.connectionSecurity = ConnectionSecurity::None;
        return gateway;
    }

private slots:
    void activeDirectorysReasons_data()
    {
        QTest::addColumn<QByteArray>("sub");
        QTest::addColumn<QString>("advises");
        QTest::newRow("525") << QByteArray("525") << QStringLiteral("no such account");
        QTest::newRow("52e") << QByteArray("52e") << QStringLiteral("password is wrong");
        QTest::newRow("530") << QByteArray("530") << QStringLiteral("at this time");
        QTest::newRow("531") << QByteArray("531") << QStringLiteral("from this machine");
        QTest::newRow("532") << QByteArray("532") << QStringLiteral("password has expired");
        QTest::newRow("533") << QByteArray("533") << QStringLiteral("disabled");
        QTest::newRow("701") << QByteArray("701") << QStringLiteral("account has expired");
        QTest::newRow("773") << QByteArray("773") << QStringLiteral("must change");
        QTest::newRow("775") << QByteArray("775") << QStringLiteral("locked");
        QTest::newRow("unknown") << QByteArray("9999") << QStringLiteral("Check the bind DN");
    }
    void activeDirectorysReasons()
    {
        QFETCH(QByteArray, sub);
        QFETCH(QString, advises);
        // As Active Directory writes it, with its NUL at the end.
        const QByteArray says = "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data " + sub
                                + QByteArray(", v4563\0", 8);
        Fake fake([=](const Fake::Request &r) {
            return r.operation == Fake::Operation::Bind ? Fake::Reply{Fake::bindResponse(r.id, 49, says)} : Fake::usual(r);
        });
        core::Gateway gateway = gatewayToFake(fake);
        gateway.bindDn = QStringLiteral("CN=svc,DC=example,DC=com");
        gateway.bindPassword = secretFile(m_directory.path(), "x");
        const TestReport report = test(gateway);
        const StageResult &bind = at(report, Stage::Bind);
        QCOMPARE(bind.verdict, Verdict::Failed);
        QVERIFY2(bind.remedy.contains(advises), qPrintable(bind.remedy));
        QVERIFY(!bind.text.contains(QChar(0)));
    }

    void securityDemanded()
    {
        Fake fake([](const Fake::Request &r) {
            return r.operation == Fake::Operation::Bind ? Fake::Reply{Fake::bindResponse(r.id, 8)} : Fake::usual(r);
        });
        core::Gateway gateway = gatewayToFake(fake);
        gateway.bindDn = QStringLiteral("CN=svc,DC=example,DC=com");
        gateway.bindPassword = secretFile(m_directory.path(), "x");
        QVERIFY(at(test(gateway), Stage::Bind).remedy.contains(QLatin1String("secured connection")));
    }

    void startTlsNotOffered()
    {
        Fake fake([](const Fake::Request &r) { return Fake::usual(r); });
        core::Gateway gateway = gatewayToFake(fake);
        gateway.connectionSecurity = ConnectionSecurity::StartTls;
        gateway.caCertificateFile = Authority(m_directory.filePath(QStringLiteral("ca"))).caFile();
        const TestReport report = test(gateway);
        QCOMPARE(verdicts(report), QStringLiteral("passed passed failed skipped skipped skipped skipped"));
        QVERIFY2(at(report, Stage::Secure).remedy.contains(QLatin1String("no StartTLS")),
                 qPrintable(at(report, Stage::Secure).remedy));
    }

    void noLdapOnThePort()
    {
        Fake fake([](const Fake::Request &) { return Fake::Reply{"220 mail.example.com ESMTP\r\n", true}; });
        const TestReport report = test(gatewayToFake(fake));
        QCOMPARE(verdicts(report), QStringLiteral("passed passed warning failed skipped skipped skipped"));
        QVERIFY(!at(report, Stage::Bind).remedy.isEmpty());
    }

    void pagingLies_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<QString>("advises");
        QTest::newRow("the same page again") << QStringLiteral("again") << Verdict::Failed << QStringLiteral("RFC 2696");
        QTest::newRow("refused") << QStringLiteral("refused") << Verdict::Failed << QStringLiteral("paged results control");
        QTest::newRow("ignored") << QStringLiteral("ignored") << Verdict::Warning << QStringLiteral("cut large reads");
        QTest::newRow("not announced") << QStringLiteral("silent") << Verdict::Passed << QString();
        QTest::newRow("no ids") << QStringLiteral("noids") << Verdict::Warning << QStringLiteral("entryUUID");
        QTest::newRow("referrals") << QStringLiteral("referral") << Verdict::Warning << QStringLiteral("Follow LDAP referrals");
    }
    void pagingLies()
    {
        QFETCH(QString, kind);
        QFETCH(Verdict, verdict);
        QFETCH(QString, advises);
        Fake fake([=](const Fake::Request &r) {
            if (r.operation == Fake::Operation::Search && r.scope == 0 && kind == QLatin1String("silent"))
                return Fake::Reply{Fake::entry(r.id, r.name, {{"namingContexts", {"dc=example,dc=com"}}}) + Fake::done(r.id)};
            if (r.operation != Fake::Operation::Search || r.scope == 0)
                return Fake::usual(r);
            if (kind == QLatin1String("again"))
                return Fake::Reply{Fake::people(r.id, 0, 100) + Fake::done(r.id, 0, "x")};
            if (kind == QLatin1String("refused"))
                return Fake::Reply{Fake::done(r.id, 12)};
            if (kind == QLatin1String("ignored"))
                return Fake::Reply{Fake::people(r.id, 0, 1'500) + Fake::done(r.id)};
            if (kind == QLatin1String("noids"))
                return Fake::Reply{Fake::entry(r.id, "cn=x", {{"cn", {"x"}}}) + Fake::done(r.id, 0, "")};
            if (kind == QLatin1String("referral"))
                return Fake::Reply{Fake::people(r.id, 0, 5) + Fake::reference(r.id, {"ldap://elsewhere/dc=x"})
                                   + Fake::done(r.id, 0, "")};
            return Fake::Reply{Fake::people(r.id, 0, 5) + Fake::done(r.id)};
        });
        const TestReport report = test(gatewayToFake(fake));
        const StageResult &page = at(report, Stage::Page);
        QCOMPARE(page.verdict, verdict);
        QVERIFY2(page.remedy.contains(advises), qPrintable(page.remedy));
        if (kind == QLatin1String("silent")) {
            QCOMPARE(at(report, Stage::RootDse).verdict, Verdict::Warning);
            QVERIFY(at(report, Stage::RootDse).remedy.contains(QLatin1String("paged results")));
        }
    }
};

CONSOLE_TEST(OddAnswersTest)
#include "tst_oddanswers.moc"
