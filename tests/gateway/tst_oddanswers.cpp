// SPDX-License-Identifier: GPL-3.0-or-later
//
// The staged connection test against servers that answer oddly: what it makes of their words, and what it advises.
#include "gateway/remedies_p.h"
#include "gateway/test.h"
#include "tests/gateway/gateways.h"
#include "tests/gateway/reports.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/testmain.h"

#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

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
        QTest::newRow("taken without pages only") << QStringLiteral("atonce") << Verdict::Warning << QStringLiteral("Allow the paged results control");
        QTest::newRow("small pages") << QStringLiteral("small") << Verdict::Warning << QStringLiteral("raise the server's page limit");
        QTest::newRow("referrals") << QStringLiteral("referral") << Verdict::Warning << QStringLiteral("a gateway and a rule of their own");
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
            if (kind == QLatin1String("atonce") && r.isPaged)
                return Fake::Reply{Fake::done(r.id, 12)};
            if (kind == QLatin1String("small") && r.isPaged && r.pageSize > 100)
                return Fake::Reply{Fake::done(r.id, 11)};
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
        if (kind == QLatin1String("atonce"))
            QCOMPARE(at(report, Stage::Count).verdict, Verdict::Skipped);
    }

    // With a base that a rule reads, what is elsewhere is a failure: the rule's run would be one, too.
    void referencesOfABaseThatIsUsed_data()
    {
        QTest::addColumn<QByteArray>("uri");
        QTest::addColumn<QString>("advises");
        QTest::addColumn<bool>("toFollow");
        QTest::newRow("to a server of nobody's") << QByteArray("ldap://127.0.0.1:1/ou=x,dc=other") << QStringLiteral("Choose a base DN") << false;
        QTest::newRow("to a server of the gateway's") << QByteArray("ldap://127.0.0.1:2/ou=x,dc=other") << QStringLiteral("Follow LDAP Referrals") << true;
    }
    void referencesOfABaseThatIsUsed()
    {
        QFETCH(QByteArray, uri);
        QFETCH(QString, advises);
        QFETCH(bool, toFollow);
        Fake fake([uri](const Fake::Request &r) {
            if (r.operation != Fake::Operation::Search || r.scope == 0)
                return Fake::usual(r);
            return Fake::Reply{Fake::people(r.id, 0, 5) + Fake::reference(r.id, {uri}) + Fake::done(r.id, 0, "")};
        });
        core::Gateway gateway = gatewayToFake(fake);
        gateway.serversHostAndPort.append(QStringLiteral("127.0.0.1:2"));
        for (const bool follows : {false, true}) {
            gateway.followReferrals = follows;
            const QList<TestReport> reports = gateway::runTest(gateway, {QStringLiteral("dc=example,dc=com")}, {}, {}, briefDeadlines());
            const StageResult &page = at(reports.first(), Stage::Page);
            QCOMPARE(page.verdict, Verdict::Failed);
            QVERIFY(!reports.first().passed());
            QVERIFY2(page.text.contains(QString::fromUtf8(uri)), qPrintable(page.text));
            QVERIFY2(page.text.contains(follows ? QLatin1String("Connection refused") : QLatin1String("not followed")), qPrintable(page.text));
            QCOMPARE(page.error->code, core::Code::Protocol);
            QCOMPARE(page.remedy.contains(QLatin1String("Follow LDAP Referrals")), toFollow && !follows);
            if (!follows)
                QVERIFY2(page.remedy.contains(advises), qPrintable(page.remedy));
        }
    }

    // Nobody has named a base yet: the server's own partitions hold no people.
    void theBaseThatNobodyNamed_data()
    {
        QTest::addColumn<QList<QByteArray>>("contexts");
        QTest::addColumn<QString>("read"); ///< empty: none
        const QByteArray people = "dc=example,dc=com";
        QTest::newRow("log first") << QList<QByteArray>{"cn=accesslog", people} << QStringLiteral("dc=example,dc=com");
        QTest::newRow("in other letters") << QList<QByteArray>{"CN = AccessLog", "o=NetscapeRoot", "cn=Monitor", people}
                                          << QStringLiteral("dc=example,dc=com");
        QTest::newRow("all of them") << QList<QByteArray>{"cn=changelog", "cn=schema", "cn=config", "cn=monitor", people, "o=netscaperoot"}
                                     << QStringLiteral("dc=example,dc=com");
        QTest::newRow("one cannot be read") << QList<QByteArray>{"o=hidden", people} << QStringLiteral("dc=example,dc=com");
        QTest::newRow("several") << QList<QByteArray>{"dc=example,dc=org", people} << QStringLiteral("dc=example,dc=org; dc=example,dc=com");
        QTest::newRow("nothing but its own") << QList<QByteArray>{"cn=accesslog", "cn=monitor"} << QString();
    }
    void theBaseThatNobodyNamed()
    {
        QFETCH(QList<QByteArray>, contexts);
        QFETCH(QString, read);
        Fake fake([contexts](const Fake::Request &r) {
            if (r.operation != Fake::Operation::Search)
                return Fake::usual(r);
            if (r.scope == 0 && r.name.isEmpty())
                return Fake::Reply{Fake::entry(r.id, {}, {{"namingContexts", contexts}, {"supportedControl", {"1.2.840.113556.1.4.319"}}})
                                   + Fake::done(r.id)};
            if (r.scope == 0 && !r.name.startsWith("dc="))
                return Fake::Reply{Fake::done(r.id, 32)};
            return r.scope == 0 ? Fake::usual(r) : Fake::Reply{Fake::people(r.id, 0, 5) + Fake::done(r.id, 0, "")};
        });
        const TestReport report = test(gatewayToFake(fake));
        QVERIFY(report.passed());
        const StageResult &base = at(report, Stage::ReadBase);
        QCOMPARE(base.verdict, read.isEmpty() ? Verdict::Warning : Verdict::Passed);
        QVERIFY2(base.text.endsWith(read), qPrintable(base.text));
        QCOMPARE(at(report, Stage::Page).verdict, read.isEmpty() ? Verdict::Skipped : Verdict::Passed);
    }

    // The remedy belongs to what happened while connecting, not to any connection that failed.
    void networks_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<QString>("advises");
        QTest::newRow("refused") << ECONNREFUSED << QStringLiteral("The machine answers, but not on this port");
        QTest::newRow("no network") << ENETUNREACH << QStringLiteral("no way to that network");
        QTest::newRow("no machine") << EHOSTUNREACH << QStringLiteral("does not find that machine");
        QTest::newRow("no such address here") << EADDRNOTAVAIL << QStringLiteral("cannot use such an address");
        QTest::newRow("an interface is missing") << EINVAL << QStringLiteral("network interface");
        QTest::newRow("forbidden here") << EACCES << QStringLiteral("This machine forbids");
        QTest::newRow("anything else") << ECONNRESET << QStringLiteral("Check the address, the port");
    }
    void networks()
    {
        QFETCH(int, number);
        QFETCH(QString, advises);
        const core::Error error{core::Code::Unreachable, QStringLiteral("the connection failed"), {}, {}, number};
        const QString remedy = gateway::remedyFor(Stage::Connect, error, core::Gateway());
        QVERIFY2(remedy.contains(advises), qPrintable(remedy));
        QCOMPARE(remedy.contains(QLatin1String("The machine answers")), number == ECONNREFUSED);
    }
};

CONSOLE_TEST(OddAnswersTest)
#include "tst_oddanswers.moc"
