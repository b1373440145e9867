// SPDX-License-Identifier: GPL-3.0-or-later
//
// The staged connection test: which stage fails for which cause, what it says, and what it advises.
#include "gateway/test.h"
#include "tests/gateway/gateways.h"
#include "tests/gateway/reports.h"
#include "tests/support/stallingproxy.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using core::ConnectionSecurity;
using gateway::Stage;
using gateway::StageResult;
using gateway::TestReport;
using gateway::Verdict;

class GatewayTestTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    std::unique_ptr<Slapd> m_slapd;

    static TestReport test(const core::Gateway &gateway, const QStringList &bases = {})
    {
        const QList<TestReport> reports = gateway::runTest(gateway, bases, {}, {}, briefDeadlines());
        return reports.isEmpty() ? TestReport() : reports.first();
    }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        Slapd::Options options;
        options.readerLimits = QStringLiteral("size=300 size.prtotal=300");
        m_slapd = std::make_unique<Slapd>(options);
        QVERIFY2(m_slapd->load(Slapd::people(700)), qPrintable(m_slapd->errorText()));
        QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    }

    void everythingPasses_data()
    {
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::newRow("TLS") << ConnectionSecurity::Tls;
        QTest::newRow("StartTLS") << ConnectionSecurity::StartTls;
    }
    void everythingPasses()
    {
        QFETCH(ConnectionSecurity, security);
        const core::Gateway gateway = gatewayTo(*m_slapd, security);
        QList<Stage> told;
        const QList<TestReport> reports
            = gateway::runTest(gateway, {QStringLiteral("ou=people,dc=example,dc=com"), QStringLiteral("dc=example,dc=com")},
                               {}, [&](const QString &server, const StageResult &result) {
                                   QCOMPARE(server, gateway.serversHostAndPort.first());
                                   told.append(result.stage);
                               });
        QCOMPARE(reports.size(), 1);
        const TestReport &report = reports.first();
        QCOMPARE(report.server, gateway.serversHostAndPort.first());
        QCOMPARE(verdicts(report), QStringLiteral("passed passed passed passed passed passed passed"));
        QVERIFY(report.passed());
        QCOMPARE(told, kStages);
        for (const StageResult &result : report.stages) {
            QVERIFY(!result.text.isEmpty());
            QVERIFY(result.remedy.isEmpty());
            QVERIFY(!result.error);
            QVERIFY(result.milliseconds >= 0);
        }
        QCOMPARE(at(report, Stage::Resolve).text, QStringLiteral("127.0.0.1 -> 127.0.0.1"));
        QVERIFY(at(report, Stage::Connect).text.contains(QLatin1String("127.0.0.1")));
        const auto certificate = at(report, Stage::Secure).certificate;
        QVERIFY(certificate);
        QCOMPARE(certificate->sha256, Authority::fingerprint(m_slapd->certificateFile()));
        QVERIFY(at(report, Stage::Secure).text.contains(QLatin1String("TLS 1.3")));
        QVERIFY(at(report, Stage::Bind).text.contains(m_slapd->bindDn()));
        QVERIFY(at(report, Stage::RootDse).text.contains(QLatin1String("OpenLDAP")));
        QVERIFY(report.info && report.info->product == ldap::Product::OpenLdap);
        QVERIFY(at(report, Stage::ReadBase).text.contains(QLatin1String("ou=people,dc=example,dc=com")));
        QVERIFY(at(report, Stage::Page).text.contains(QLatin1String("read 700 people in")));
    }

    void everyServerIsTested()
    {
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort.prepend(QStringLiteral("127.0.0.1:1"));
        const QList<TestReport> reports = gateway::runTest(gateway, {}, {}, {}, briefDeadlines());
        QCOMPARE(reports.size(), 2);
        QVERIFY(!reports.at(0).passed());
        QVERIFY(reports.at(1).passed());
    }

    void everyBaseIsReadForPeople()
    {
        const TestReport report = test(gatewayTo(*m_slapd), {QStringLiteral("ou=groups,dc=example,dc=com"),
                                                             QStringLiteral("ou=people,dc=example,dc=com")});
        QCOMPARE(at(report, Stage::Page).verdict, Verdict::Passed);
        QVERIFY(at(report, Stage::Page).text.contains(QLatin1String("700 people")));
    }

    void basesComeFromTheServerWhenNothingUsesOne()
    {
        const TestReport report = test(gatewayTo(*m_slapd));
        QVERIFY(at(report, Stage::ReadBase).text.contains(QLatin1String("dc=example,dc=com")));
        QVERIFY(report.passed());
    }

    void withoutEncryptionIsAWarning()
    {
        const TestReport report = test(gatewayTo(*m_slapd, ConnectionSecurity::None));
        QCOMPARE(verdicts(report), QStringLiteral("passed passed warning passed passed passed passed"));
        QVERIFY(report.passed());
        QVERIFY(at(report, Stage::Secure).remedy.contains(QLatin1String("StartTLS")));
    }

    void trustInAnyCertificateIsAWarning()
    {
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.validateTlsCertificates = false;
        gateway.caCertificateFile.clear();
        const TestReport report = test(gateway);
        QCOMPARE(at(report, Stage::Secure).verdict, Verdict::Warning);
        QVERIFY(at(report, Stage::Secure).certificate);
        QVERIFY(!at(report, Stage::Secure).remedy.isEmpty());
    }

    void pinned()
    {
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.caCertificateFile.clear();
        gateway.pinnedCertificateSha256
            = QString::fromLatin1(Authority::fingerprint(m_slapd->certificateFile()).toHex(':'));
        const TestReport right = test(gateway);
        QCOMPARE(at(right, Stage::Secure).verdict, Verdict::Passed);
        QVERIFY(at(right, Stage::Secure).text.contains(QLatin1String("pinned")));
        gateway.pinnedCertificateSha256 = QStringLiteral("ab").repeated(32);
        const TestReport wrong = test(gateway);
        QCOMPARE(verdicts(wrong), QStringLiteral("passed passed failed skipped skipped skipped skipped"));
        QVERIFY(at(wrong, Stage::Secure).remedy.contains(QLatin1String("pin the new one")));
        QVERIFY(at(wrong, Stage::Secure).certificate);
    }

    void certificates_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("advises");
        QTest::newRow("expired") << QStringLiteral("expired") << QStringLiteral("expired on") << QStringLiteral("renewed");
        QTest::newRow("not yet valid") << QStringLiteral("early") << QStringLiteral("not valid before")
                                       << QStringLiteral("clocks");
        QTest::newRow("foreign authority") << QStringLiteral("foreign") << QStringLiteral("not trusted")
                                           << QStringLiteral("CA certificate file");
        QTest::newRow("another host") << QStringLiteral("host") << QStringLiteral("other.example.com")
                                      << QStringLiteral("names that the certificate is made for");
        QTest::newRow("authority expired") << QStringLiteral("middle") << QStringLiteral("authority Middle expired on 2021-01-01")
                                           << QStringLiteral("replace the certificate of the authority Middle");
        QTest::newRow("for clients") << QStringLiteral("clients") << QStringLiteral("not meant for servers")
                                     << QStringLiteral("serverAuth");
        QTest::newRow("an address as a name") << QStringLiteral("address") << QStringLiteral("as a DNS name only")
                                              << QStringLiteral("host name instead of its address");
        QTest::newRow("expires soon") << QStringLiteral("soon") << QStringLiteral("expires soon")
                                      << QStringLiteral("renewed");
    }
    void certificates()
    {
        QFETCH(QString, kind);
        QFETCH(QString, says);
        QFETCH(QString, advises);
        const QDateTime now = QDateTime::currentDateTimeUtc();
        Authority own(m_directory.filePath(QStringLiteral("own")));
        Authority foreign(m_directory.filePath(QStringLiteral("foreign")), QStringLiteral("Somebody Else"));
        CertificateRequest request;
        if (kind == QLatin1String("expired")) {
            request.validFrom = now.addDays(-9);
            request.validTo = now.addDays(-1);
        } else if (kind == QLatin1String("early")) {
            request.validFrom = now.addDays(1);
        } else if (kind == QLatin1String("soon")) {
            request.validTo = now.addDays(5);
        } else if (kind == QLatin1String("host")) {
            request.names = {QStringLiteral("DNS:other.example.com")};
        } else if (kind == QLatin1String("clients")) {
            request.purpose = QStringLiteral("clientAuth");
        } else if (kind == QLatin1String("address")) {
            request.names = {QStringLiteral("DNS:127.0.0.1")};
        }
        Authority middle(m_directory.filePath(QStringLiteral("middle")), own, QStringLiteral("Middle"),
                         QDateTime(QDate(2021, 1, 1), QTime(0, 0), Qt::UTC));
        Authority &issuer = kind == QLatin1String("foreign") ? foreign : kind == QLatin1String("middle") ? middle : own;
        Slapd::Options options;
        options.certificate = issuer.issue(kind, request);
        Slapd slapd(options);
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
        core::Gateway gateway = gatewayTo(slapd);
        gateway.caCertificateFile = own.caFile();
        const TestReport report = test(gateway);
        const StageResult &secure = at(report, Stage::Secure);
        const bool refused = kind != QLatin1String("soon");
        QCOMPARE(secure.verdict, refused ? Verdict::Failed : Verdict::Warning);
        QVERIFY2(secure.text.contains(says), qPrintable(secure.text));
        QVERIFY2(secure.remedy.contains(advises), qPrintable(secure.remedy));
        QVERIFY(secure.certificate);
        QCOMPARE(secure.certificate->failedChecks.size(), refused ? 1 : 0);
        QCOMPARE(report.passed(), !refused);
        if (refused) {
            QCOMPARE(verdicts(report), QStringLiteral("passed passed failed skipped skipped skipped skipped"));
            QCOMPARE(secure.error->code, Code::Untrusted);
        }
    }

    // The server's own certificate is good for years: nobody shall have it renewed.
    void onlyTheExpiredCertificateIsNamed()
    {
        Authority own(m_directory.filePath(QStringLiteral("own2")));
        Authority middle(m_directory.filePath(QStringLiteral("middle2")), own, QStringLiteral("Middle"),
                         QDateTime(QDate(2021, 1, 1), QTime(0, 0), Qt::UTC));
        Slapd::Options options;
        options.certificate = middle.issue(QStringLiteral("server"));
        Slapd slapd(options);
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
        const StageResult secure = at(test(gatewayTo(slapd)), Stage::Secure);
        QVERIFY(!secure.text.contains(QString::number(QDate::currentDate().year() + 10)));
        QVERIFY2(!secure.remedy.contains(QLatin1String("Have the server's certificate renewed")), qPrintable(secure.remedy));
    }

    void plainLdapToAPortForTls()
    {
        core::Gateway gateway = gatewayTo(*m_slapd, ConnectionSecurity::None);
        gateway.serversHostAndPort = {m_slapd->tlsHostAndPort()};
        const TestReport report = test(gateway);
        QCOMPARE(verdicts(report), QStringLiteral("passed passed warning failed skipped skipped skipped"));
        QVERIFY2(at(report, Stage::Bind).remedy.contains(QLatin1String("choose TLS as the connection security")),
                 qPrintable(at(report, Stage::Bind).remedy));
    }

    void tlsToAPortWithoutIt()
    {
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort = {m_slapd->hostAndPort()};
        const StageResult secure = at(test(gateway), Stage::Secure);
        QCOMPARE(secure.verdict, Verdict::Failed);
        QVERIFY2(secure.remedy.contains(QLatin1String("port fits the security")), qPrintable(secure.remedy));
    }

    void authorityFiles_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("says");
        QTest::newRow("missing") << m_directory.filePath(QStringLiteral("none.pem")) << QStringLiteral("does not exist");
        QTest::newRow("no PEM") << m_slapd->passwordFile() << QStringLiteral("no certificate in the CA certificate file");
    }
    void authorityFiles()
    {
        QFETCH(QString, file);
        QFETCH(QString, says);
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.caCertificateFile = file;
        const StageResult secure = at(test(gateway), Stage::Secure);
        QCOMPARE(secure.verdict, Verdict::Failed);
        QVERIFY2(secure.text.contains(says) && secure.text.contains(file), qPrintable(secure.text));
        QVERIFY2(secure.remedy.contains(QLatin1String("PEM file")) && secure.remedy.contains(QLatin1String("pin")), qPrintable(secure.remedy));
        QVERIFY(secure.certificate && !secure.certificate->sha256.isEmpty());
        QCOMPARE(secure.certificate->failedChecks.size(), 1);
    }

    void network_data()
    {
        QTest::addColumn<QString>("server");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<Stage>("stage");
        QTest::addColumn<QString>("advises");
        QTest::newRow("unknown host") << QStringLiteral("no-such-host.invalid:636")
                                      << QStringLiteral("failed skipped skipped skipped skipped skipped skipped")
                                      << Stage::Resolve << QStringLiteral("spelling");
        QTest::newRow("closed port") << QStringLiteral("127.0.0.1:1")
                                     << QStringLiteral("passed failed skipped skipped skipped skipped skipped")
                                     << Stage::Connect << QStringLiteral("usually 636");
        QTest::newRow("no port") << QStringLiteral("dc1.example.com:0")
                                 << QStringLiteral("failed skipped skipped skipped skipped skipped skipped")
                                 << Stage::Resolve << QString();
    }
    void network()
    {
        QFETCH(QString, server);
        QFETCH(QString, expected);
        QFETCH(Stage, stage);
        QFETCH(QString, advises);
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort = {server};
        const TestReport report = test(gateway);
        QCOMPARE(verdicts(report), expected);
        QVERIFY2(at(report, stage).remedy.contains(advises), qPrintable(at(report, stage).remedy));
        QVERIFY(at(report, stage).error);
        QVERIFY(!report.passed());
    }

    void silence_data()
    {
        QTest::addColumn<bool>("forwards");
        QTest::addColumn<qint64>("stallAfter");
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::addColumn<Stage>("stage");
        QTest::newRow("TLS") << false << qint64(-1) << ConnectionSecurity::Tls << Stage::Secure;
        QTest::newRow("TLS handshake") << true << qint64(100) << ConnectionSecurity::Tls << Stage::Secure;
        QTest::newRow("StartTLS answer") << true << qint64(0) << ConnectionSecurity::StartTls << Stage::Secure;
        QTest::newRow("bind") << true << qint64(0) << ConnectionSecurity::None << Stage::Bind;
        QTest::newRow("rootDSE") << true << qint64(14) << ConnectionSecurity::None << Stage::RootDse;
        QTest::newRow("page") << true << qint64(8'000) << ConnectionSecurity::None << Stage::Page;
    }
    void silence()
    {
        QFETCH(bool, forwards);
        QFETCH(qint64, stallAfter);
        QFETCH(ConnectionSecurity, security);
        QFETCH(Stage, stage);
        StallingProxy::Behaviour behaviour;
        behaviour.forwards = forwards;
        behaviour.stallAfter = stallAfter;
        StallingProxy proxy(security == ConnectionSecurity::Tls ? m_slapd->tlsPort() : m_slapd->port(), behaviour);
        core::Gateway gateway = gatewayTo(*m_slapd, security);
        gateway.serversHostAndPort = {proxy.hostAndPort()};
        const TestReport report = test(gateway);
        const StageResult &result = at(report, stage);
        QVERIFY2(result.verdict == Verdict::Failed, qPrintable(verdicts(report)));
        QCOMPARE(result.error->code, Code::Timeout);
        QVERIFY(!result.remedy.isEmpty());
        QVERIFY(result.milliseconds >= 600);
        for (qsizetype i = kStages.indexOf(stage) + 1; i < kStages.size(); ++i)
            QCOMPARE(report.stages.at(i).verdict, Verdict::Skipped);
    }

    void binds_data()
    {
        QTest::addColumn<QString>("dn");
        QTest::addColumn<core::SecretReference>("secret");
        QTest::addColumn<QString>("advises");
        QTest::newRow("wrong password") << m_slapd->bindDn() << secretFile(m_directory.path(), "wrong")
                                        << QStringLiteral("Check the bind DN and the password");
        QTest::newRow("no such account") << QStringLiteral("cn=nobody,dc=example,dc=com")
                                         << secretFile(m_directory.path(), "wrong")
                                         << QStringLiteral("Check the bind DN and the password");
        QTest::newRow("variable not set")
            << m_slapd->bindDn()
            << core::SecretReference{core::SecretReference::Kind::Environment, QStringLiteral("GATEWAY_TEST_UNSET")}
            << QStringLiteral("correct the reference");
        QTest::newRow("no password") << m_slapd->bindDn() << core::SecretReference() << QStringLiteral("pass as nobody");
        QTest::newRow("file that others may read")
            << m_slapd->bindDn() << core::SecretReference{core::SecretReference::Kind::File, m_slapd->caFile()}
            << QStringLiteral("permissions");
    }
    void binds()
    {
        QFETCH(QString, dn);
        QFETCH(core::SecretReference, secret);
        QFETCH(QString, advises);
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.bindDn = dn;
        gateway.bindPassword = secret;
        const TestReport report = test(gateway);
        QCOMPARE(verdicts(report), QStringLiteral("passed passed passed failed skipped skipped skipped"));
        QVERIFY2(at(report, Stage::Bind).remedy.contains(advises), qPrintable(at(report, Stage::Bind).remedy));
    }

    void baseNotFound()
    {
        const TestReport report = test(gatewayTo(*m_slapd), {QStringLiteral("ou=people,dc=example,dc=com"),
                                                             QStringLiteral("ou=nowhere,dc=example,dc=com")});
        QCOMPARE(verdicts(report), QStringLiteral("passed passed passed passed passed failed skipped"));
        QVERIFY(at(report, Stage::ReadBase).text.contains(QLatin1String("ou=nowhere")));
        QVERIFY(at(report, Stage::ReadBase).remedy.contains(QLatin1String("Correct the base DN")));
        QCOMPARE(at(report, Stage::ReadBase).error->code, Code::NotFound);
    }

    void baseIsNoDn()
    {
        const TestReport report = test(gatewayTo(*m_slapd), {QStringLiteral("people")});
        QCOMPARE(at(report, Stage::ReadBase).verdict, Verdict::Failed);
        QVERIFY(at(report, Stage::ReadBase).remedy.contains(QLatin1String("not a valid DN")));
    }

    void nobodyBelowTheBase()
    {
        const TestReport report = test(gatewayTo(*m_slapd), {QStringLiteral("ou=groups,dc=example,dc=com")});
        QCOMPARE(at(report, Stage::Page).verdict, Verdict::Warning);
        QVERIFY(at(report, Stage::Page).text.contains(QLatin1String("no people")));
    }

    void readsThatTheServerCutsShort()
    {
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.bindDn = m_slapd->readerDn();
        gateway.bindPassword = secretFile(m_directory.path(), m_slapd->readerPassword());
        const TestReport report = test(gateway);
        QCOMPARE(verdicts(report), QStringLiteral("passed passed passed passed passed passed failed"));
        QCOMPARE(at(report, Stage::Page).error->code, Code::LimitExceeded);
        QVERIFY(at(report, Stage::Page).remedy.contains(QLatin1String("limits")));
    }

    void wrongVendorIsAWarning()
    {
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.vendor = core::Vendor::ActiveDirectory;
        const TestReport report = test(gateway);
        QCOMPARE(at(report, Stage::RootDse).verdict, Verdict::Warning);
        QVERIFY(at(report, Stage::RootDse).remedy.contains(QLatin1String("Microsoft Active Directory")));
    }

    void cannotBeTested()
    {
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort.clear();
        const TestReport report = test(gateway);
        QCOMPARE(verdicts(report), QStringLiteral("failed skipped skipped skipped skipped skipped skipped"));
        QCOMPARE(at(report, Stage::Resolve).error->code, Code::InvalidInput);
        gateway.type = core::GatewayType::Radius;
        QCOMPARE(at(test(gateway), Stage::Resolve).error->code, Code::Unsupported);
    }

    void cancelled()
    {
        StallingProxy::Behaviour silent;
        silent.forwards = false;
        StallingProxy proxy(m_slapd->tlsPort(), silent);
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort = {proxy.hostAndPort(), m_slapd->tlsHostAndPort()};
        const core::CancelToken cancel;
        std::thread canceller([cancel] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            cancel.cancel();
        });
        QElapsedTimer timer;
        timer.start();
        const QList<TestReport> reports = gateway::runTest(gateway, {}, cancel);
        canceller.join();
        QVERIFY(timer.elapsed() < 3'000);
        QCOMPARE(reports.size(), 1);
        QCOMPARE(at(reports.first(), Stage::Secure).error->code, Code::Cancelled);
        QVERIFY(!reports.first().passed());
    }

    void keys()
    {
        QStringList words;
        for (const Stage stage : gateway::allStages())
            words.append(gateway::stageKey(stage));
        QCOMPARE(words.join(QLatin1Char(' ')), QStringLiteral("resolve connect secure bind rootDSE base page count range changes write kerberos"));
        QCOMPARE(gateway::verdictKey(Verdict::Passed), QStringLiteral("passed"));
        QCOMPARE(gateway::verdictKey(Verdict::Warning), QStringLiteral("warning"));
        QCOMPARE(gateway::verdictKey(Verdict::Failed), QStringLiteral("failed"));
        QCOMPARE(gateway::verdictKey(Verdict::Skipped), QStringLiteral("skipped"));
        QVERIFY(!TestReport().passed());
    }
};

CONSOLE_TEST(GatewayTestTest)
#include "tst_test.moc"
