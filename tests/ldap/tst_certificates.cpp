// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which certificates a session takes, and what it says of those that it refuses, in TLS and in StartTLS.
#include "tests/ldap/targets.h"
#include "tests/support/stallingproxy.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QSslCertificate>
#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using core::ConnectionSecurity;
using ldap::Session;

class CertificatesTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    std::unique_ptr<Authority> m_authority;
    std::unique_ptr<Authority> m_foreign;
    std::unique_ptr<Authority> m_middle;
    std::unique_ptr<Authority> m_expiredMiddle;
    std::map<QString, CertificateFiles> m_certificates;
    std::map<QString, std::unique_ptr<Slapd>> m_servers;

    void issue(const QString &name, Authority &authority, const CertificateRequest &request)
    {
        const CertificateFiles files = authority.issue(name, request);
        QVERIFY2(!files.certificate.isEmpty(), qPrintable(authority.errorText()));
        m_certificates[name] = files;
    }

    Slapd &server(const QString &certificate)
    {
        auto &slapd = m_servers[certificate];
        if (!slapd) {
            Slapd::Options options;
            options.certificate = m_certificates.at(certificate);
            slapd = std::make_unique<Slapd>(options);
            if (!slapd->start())
                qFatal("%s", qPrintable(slapd->errorText()));
        }
        return *slapd;
    }

    ldap::Target targetFor(const QString &certificate, ConnectionSecurity security, const QString &host)
    {
        ldap::Target target = targetOf(server(certificate), security);
        target.host = host;
        target.trust.caFile = m_authority->caFile();
        return target;
    }

    static void addSecurities(const std::function<void(ConnectionSecurity, const char *)> &add)
    {
        add(ConnectionSecurity::Tls, "TLS");
        add(ConnectionSecurity::StartTls, "StartTLS");
    }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        const QDateTime now = QDateTime::currentDateTimeUtc();
        m_authority = std::make_unique<Authority>(m_directory.filePath(QStringLiteral("own")));
        m_foreign = std::make_unique<Authority>(m_directory.filePath(QStringLiteral("foreign")),
                                                QStringLiteral("Somebody Else"));
        issue(QStringLiteral("good"), *m_authority, {});
        issue(QStringLiteral("other"), *m_authority, {});
        issue(QStringLiteral("expired"), *m_authority,
              {.validFrom = now.addDays(-30), .validTo = now.addDays(-1)});
        issue(QStringLiteral("early"), *m_authority, {.validFrom = now.addDays(2), .validTo = now.addDays(30)});
        issue(QStringLiteral("foreign"), *m_foreign, {});
        issue(QStringLiteral("selfsigned"), *m_authority, {.selfSigned = true});
        issue(QStringLiteral("names"), *m_authority,
              {.commonName = QStringLiteral("ldap.example.test"),
               .names = {QStringLiteral("DNS:ldap.example.test"), QStringLiteral("DNS:*.wild.example.test")}});
        issue(QStringLiteral("address"), *m_authority, {.names = {QStringLiteral("IP:127.0.0.1")}});
        issue(QStringLiteral("worst"), *m_foreign,
              {.commonName = QStringLiteral("nowhere.example.org"),
               .names = {QStringLiteral("DNS:nowhere.example.org")},
               .validFrom = now.addDays(-30),
               .validTo = now.addDays(-1)});
        issue(QStringLiteral("clients"), *m_authority, {.purpose = QStringLiteral("clientAuth")});
        issue(QStringLiteral("both"), *m_authority, {.purpose = QStringLiteral("clientAuth,serverAuth")});
        issue(QStringLiteral("anything"), *m_authority, {.purpose = QStringLiteral("anyExtendedKeyUsage")});
        issue(QStringLiteral("nopurpose"), *m_authority, {.purpose = {}});
        // Other names in the extension, the right one as the common name.
        issue(QStringLiteral("commonname"), *m_authority,
              {.commonName = QStringLiteral("ldap.example.test"), .names = {QStringLiteral("DNS:other.example.test")}});
        issue(QStringLiteral("addressname"), *m_authority, {.names = {QStringLiteral("DNS:127.0.0.1")}});
        issue(QStringLiteral("old"), *m_authority, {});
        m_middle = std::make_unique<Authority>(m_directory.filePath(QStringLiteral("middle")), *m_authority,
                                               QStringLiteral("Middle Authority"));
        m_expiredMiddle = std::make_unique<Authority>(m_directory.filePath(QStringLiteral("expiredmiddle")), *m_authority,
                                                      QStringLiteral("Expired Authority"),
                                                      QDateTime(QDate(2021, 1, 1), QTime(0, 0), Qt::UTC));
        issue(QStringLiteral("viamiddle"), *m_middle, {});
        issue(QStringLiteral("viaexpired"), *m_expiredMiddle, {});
    }

    void taken_data()
    {
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("host");
        addSecurities([](ConnectionSecurity security, const char *word) {
            QTest::addRow("%s: localhost", word) << security << QStringLiteral("good") << QStringLiteral("localhost");
            QTest::addRow("%s: address", word) << security << QStringLiteral("good") << QStringLiteral("127.0.0.1");
            QTest::addRow("%s: address alone", word) << security << QStringLiteral("address")
                                                     << QStringLiteral("127.0.0.1");
            QTest::addRow("%s: name", word) << security << QStringLiteral("names") << QStringLiteral("ldap.example.test");
            QTest::addRow("%s: name in capitals", word) << security << QStringLiteral("names")
                                                        << QStringLiteral("LDAP.example.TEST");
            QTest::addRow("%s: a full name", word) << security << QStringLiteral("names") << QStringLiteral("ldap.example.test.");
            for (const char *good : {"viamiddle", "both", "anything", "nopurpose"})
                QTest::addRow("%s: %s", word, good) << security << QString::fromLatin1(good) << QStringLiteral("127.0.0.1");
            QTest::addRow("%s: wildcard", word) << security << QStringLiteral("names")
                                                << QStringLiteral("a.wild.example.test");
        });
    }
    void taken()
    {
        QFETCH(ConnectionSecurity, security);
        QFETCH(QString, certificate);
        QFETCH(QString, host);
        Session session;
        const auto opened = session.open(targetFor(certificate, security, host));
        VERIFY_RESULT(opened);
        QVERIFY(session.certificate());
        QVERIFY(session.certificate()->failedChecks.isEmpty());
        QCOMPARE(session.certificate()->sha256, Authority::fingerprint(m_certificates.at(certificate).certificate));
    }

    void refused_data()
    {
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QStringList>("words"); ///< one for each check that fails
        addSecurities([](ConnectionSecurity security, const char *word) {
            const auto row = [&](const char *what, const char *certificate, const char *host, const QStringList &words) {
                QTest::addRow("%s: %s", word, what) << security << QString::fromLatin1(certificate)
                                                    << QString::fromLatin1(host) << words;
            };
            row("expired", "expired", "127.0.0.1", {QStringLiteral("expired on")});
            row("expired, localhost", "expired", "localhost", {QStringLiteral("expired on")});
            row("not yet valid", "early", "127.0.0.1", {QStringLiteral("not valid before")});
            row("foreign authority", "foreign", "127.0.0.1", {QStringLiteral("not trusted: Somebody Else")});
            row("foreign authority, localhost", "foreign", "localhost", {QStringLiteral("not trusted: Somebody Else")});
            row("self-signed", "selfsigned", "127.0.0.1", {QStringLiteral("self-signed")});
            row("self-signed, localhost", "selfsigned", "localhost", {QStringLiteral("self-signed")});
            row("another name", "names", "127.0.0.1", {QStringLiteral("ldap.example.test")});
            row("another name, localhost", "names", "localhost", {QStringLiteral("ldap.example.test")});
            row("address for a name", "address", "localhost", {QStringLiteral("not made for the host name localhost")});
            row("wildcard for two labels", "names", "a.b.wild.example.test", {QStringLiteral("not made for")});
            row("wildcard for none", "names", "wild.example.test", {QStringLiteral("not made for")});
            row("for clients only", "clients", "127.0.0.1", {QStringLiteral("not meant for servers")});
            row("for clients only, localhost", "clients", "localhost", {QStringLiteral("not meant for servers")});
            row("the name as the common name only", "commonname", "ldap.example.test",
                {QStringLiteral("not made for the host name ldap.example.test, but for other.example.test")});
            row("an address as a DNS name", "addressname", "127.0.0.1", {QStringLiteral("it has it as a DNS name only")});
            row("an expired authority between", "viaexpired", "127.0.0.1",
                {QStringLiteral("the certificate of the authority Expired Authority expired on 2021-01-01T00:00:00Z")});
            row("everything at once", "worst", "127.0.0.1",
                {QStringLiteral("expired on"), QStringLiteral("not trusted"), QStringLiteral("not made for")});
        });
    }
    void refused()
    {
        QFETCH(ConnectionSecurity, security);
        QFETCH(QString, certificate);
        QFETCH(QString, host);
        QFETCH(QStringList, words);
        ldap::Target target = targetFor(certificate, security, host);
        StallingProxy proxy(target.port);
        target.port = proxy.port();
        Session session;
        VERIFY_RESULT(session.resolve(target));
        VERIFY_RESULT(session.connect());
        const auto secured = session.secure();
        QVERIFY(!secured);
        QCOMPARE(secured.error().code, Code::Untrusted);
        for (const QString &word : words)
            QVERIFY2(secured.error().detail.contains(word), qPrintable(secured.error().text()));
        const auto report = session.certificate();
        QVERIFY(report);
        QCOMPARE(report->failedChecks.size(), words.size());
        QCOMPARE(report->sha256, Authority::fingerprint(m_certificates.at(certificate).certificate));
        QVERIFY(!report->subject.isEmpty());
        QVERIFY(!report->issuer.isEmpty());
        QVERIFY(report->validFrom.isValid() && report->validTo > report->validFrom);
        // Nothing goes over a channel that was refused.
        QCOMPARE(session.bind().error().code, Code::Unreachable);
        QVERIFY(!proxy.fromClient().contains("secret"));
        QVERIFY(!proxy.fromClient().contains("cn=admin"));
    }

    void untrustedAllowed_data()
    {
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::addColumn<QString>("certificate");
        addSecurities([](ConnectionSecurity security, const char *word) {
            for (const char *name : {"expired", "early", "foreign", "selfsigned", "names", "worst"})
                QTest::addRow("%s: %s", word, name) << security << QString::fromLatin1(name);
        });
    }
    void untrustedAllowed()
    {
        QFETCH(ConnectionSecurity, security);
        QFETCH(QString, certificate);
        for (const char *host : {"127.0.0.1", "localhost"}) {
            ldap::Target target = targetFor(certificate, security, QString::fromLatin1(host));
            target.trust.verify = false;
            Session session;
            const auto opened = session.open(target);
            VERIFY_RESULT(opened);
            QCOMPARE(session.certificate()->sha256,
                     Authority::fingerprint(m_certificates.at(certificate).certificate));
            QVERIFY(session.certificate()->tlsVersion.startsWith(QLatin1String("TLS 1.")));
        }
    }

    void pinned_data()
    {
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("pin");
        QTest::addColumn<bool>("verify");
        QTest::addColumn<bool>("good");
        addSecurities([](ConnectionSecurity security, const char *word) {
            const auto row = [&](const char *what, const char *certificate, const char *pin, bool verify, bool good) {
                QTest::addRow("%s: %s", word, what) << security << QString::fromLatin1(certificate)
                                                    << QString::fromLatin1(pin) << verify << good;
            };
            row("right, from a foreign authority", "foreign", "foreign", true, true);
            row("right, expired and for another host", "worst", "worst", true, true);
            row("wrong, though the chain is good", "good", "other", true, false);
            row("wrong, though anything is allowed", "good", "other", false, false);
            row("right, and anything is allowed", "good", "good", false, true);
        });
    }
    void pinned()
    {
        QFETCH(ConnectionSecurity, security);
        QFETCH(QString, certificate);
        QFETCH(QString, pin);
        QFETCH(bool, verify);
        QFETCH(bool, good);
        for (const char *host : {"127.0.0.1", "localhost"}) {
            ldap::Target target = targetFor(certificate, security, QString::fromLatin1(host));
            target.trust.pinnedSha256 = Authority::fingerprint(m_certificates.at(pin).certificate);
            target.trust.verify = verify;
            target.trust.caFile.clear();
            Session session;
            const auto opened = session.open(target);
            if (good) {
                VERIFY_RESULT(opened);
                continue;
            }
            QVERIFY(!opened);
            QCOMPARE(opened.error().code, Code::Untrusted);
            QVERIFY(opened.error().detail.contains(QLatin1String("pinned")));
            QVERIFY(session.certificate());
            QCOMPARE(session.certificate()->failedChecks.size(), 1);
            QCOMPARE(session.bind().error().code, Code::Unreachable);
        }
    }

    // Whatever GnuTLS would take by itself.
    void oldVersionsOfTls_data()
    {
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::addColumn<QString>("version");
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("taken");
        addSecurities([](ConnectionSecurity security, const char *word) {
            for (const char *host : {"127.0.0.1", "localhost"}) {
                for (const char *version : {"1.0", "1.1", "1.2", "1.3"})
                    QTest::addRow("%s: TLS %s, %s", word, version, host)
                        << security << QString::fromLatin1(version) << QString::fromLatin1(host) << (qstrcmp(version, "1.2") >= 0);
            }
        });
    }
    void oldVersionsOfTls()
    {
        QFETCH(ConnectionSecurity, security);
        QFETCH(QString, version);
        QFETCH(QString, host);
        QFETCH(bool, taken);
        Slapd::Options options;
        options.certificate = m_certificates.at(QStringLiteral("old"));
        options.globalLines = {QStringLiteral("TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS%1:%COMPAT").arg(version)};
        Slapd slapd(options);
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
        for (const bool verify : {true, false}) {
            ldap::Target target = targetOf(slapd, security);
            target.host = host;
            target.trust.verify = verify;
            StallingProxy proxy(target.port);
            target.port = proxy.port();
            Session session;
            const auto opened = session.open(target);
            if (taken) {
                VERIFY_RESULT(opened);
                QCOMPARE(session.certificate()->tlsVersion, QStringLiteral("TLS ") + version);
                continue;
            }
            QVERIFY(!opened);
            QCOMPARE(opened.error().code, Code::Untrusted);
            QVERIFY2(opened.error().detail.contains(QLatin1String("versions before 1.2")), qPrintable(opened.error().text()));
            QVERIFY(!proxy.fromClient().contains("secret"));
        }
    }

    // A machine without the list of authorities: the certificate is shown all the same.
    void noAuthoritiesOnTheMachine()
    {
        for (const bool named : {false, true}) {
            ldap::Target target = targetFor(QStringLiteral("good"), ConnectionSecurity::Tls, QStringLiteral("127.0.0.1"));
            target.trust.systemCaFile = m_directory.filePath(QStringLiteral("nothing.crt"));
            target.trust.caFile = named ? target.trust.systemCaFile : QString();
            Session session;
            const auto opened = session.open(target);
            QVERIFY(!opened);
            QCOMPARE(opened.error().code, Code::Untrusted);
            QVERIFY2(opened.error().detail.contains(target.trust.systemCaFile), qPrintable(opened.error().text()));
            QVERIFY(session.certificate());
            QCOMPARE(session.certificate()->sha256, Authority::fingerprint(m_certificates.at(QStringLiteral("good")).certificate));
            QCOMPARE(session.certificate()->failedChecks.size(), 1);
            QVERIFY(session.certificate()->has(ldap::TrustFault::Kind::NotChecked));
            QCOMPARE(session.bind().error().code, Code::Unreachable);
        }
    }

    void systemAuthoritiesAreTheDefault()
    {
        ldap::Target target = targetFor(QStringLiteral("good"), ConnectionSecurity::Tls, QStringLiteral("127.0.0.1"));
        target.trust.caFile.clear();
        Session session;
        const auto opened = session.open(target);
        QVERIFY(!opened);
        QVERIFY(opened.error().code == Code::Untrusted || opened.error().code == Code::InvalidInput);
    }

    void badCaFile_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("says");
        const QString der = m_directory.filePath(QStringLiteral("ca.der"));
        QFile out(der);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(QSslCertificate::fromPath(m_authority->caFile()).value(0).toDer());
        QTest::newRow("missing") << QStringLiteral("/nonexistent/ca.pem") << QStringLiteral("does not exist");
        QTest::newRow("a directory") << m_directory.path() << QStringLiteral("is no file");
        QTest::newRow("endless") << QStringLiteral("/dev/zero") << QStringLiteral("is no file");
        QTest::newRow("no certificate in it") << m_authority->caFile().replace(QLatin1String(".pem"), QLatin1String(".cnf"))
                                              << QStringLiteral("there is no certificate");
        QTest::newRow("not PEM") << der << QStringLiteral("openssl x509 -inform der");
    }
    void badCaFile()
    {
        QFETCH(QString, file);
        QFETCH(QString, says);
        ldap::Target target = targetFor(QStringLiteral("good"), ConnectionSecurity::Tls, QStringLiteral("127.0.0.1"));
        target.trust.caFile = file;
        Session session;
        const auto opened = session.open(target);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, Code::InvalidInput);
        QCOMPARE(opened.error().where, file);
        QVERIFY2(opened.error().text().contains(says), qPrintable(opened.error().text()));
        // It can be looked at, and pinned.
        QVERIFY(session.certificate());
        QCOMPARE(session.certificate()->sha256, Authority::fingerprint(m_certificates.at(QStringLiteral("good")).certificate));
    }

    void overIpVersion6()
    {
        REQUIRE_ADDRESS("::1");
        Slapd::Options options;
        options.address = QStringLiteral("::1");
        options.certificate = m_certificates.at(QStringLiteral("good"));
        Slapd slapd(options);
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
        for (const auto security : {ConnectionSecurity::Tls, ConnectionSecurity::StartTls, ConnectionSecurity::None}) {
            Session session;
            const auto opened = session.open(targetOf(slapd, security));
            VERIFY_RESULT(opened);
        }
        Slapd::Options wrong = options;
        wrong.certificate = m_certificates.at(QStringLiteral("address"));
        Slapd other(wrong);
        QVERIFY2(other.start(), qPrintable(other.errorText()));
        Session session;
        const auto refused = session.open(targetOf(other, ConnectionSecurity::Tls));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Code::Untrusted);
        QVERIFY2(refused.error().detail.contains(QLatin1String("not made for the host name ::1")),
                 qPrintable(refused.error().text()));
    }

    void namesThatACertificateIsFor_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("good");
        QTest::newRow("name") << QStringLiteral("names") << QStringLiteral("ldap.example.test") << true;
        QTest::newRow("case") << QStringLiteral("names") << QStringLiteral("Ldap.Example.Test") << true;
        QTest::newRow("longer") << QStringLiteral("names") << QStringLiteral("x.ldap.example.test") << false;
        QTest::newRow("wildcard") << QStringLiteral("names") << QStringLiteral("x.wild.example.test") << true;
        QTest::newRow("wildcard, empty label") << QStringLiteral("names") << QStringLiteral(".wild.example.test") << false;
        QTest::newRow("wildcard, itself") << QStringLiteral("names") << QStringLiteral("wild.example.test") << false;
        QTest::newRow("address") << QStringLiteral("good") << QStringLiteral("127.0.0.1") << true;
        QTest::newRow("other address") << QStringLiteral("good") << QStringLiteral("127.0.0.2") << false;
        QTest::newRow("IPv6") << QStringLiteral("good") << QStringLiteral("0:0:0:0:0:0:0:1") << true;
        QTest::newRow("address as a name") << QStringLiteral("names") << QStringLiteral("127.0.0.1") << false;
        QTest::newRow("nothing") << QStringLiteral("good") << QString() << false;
    }
    void namesThatACertificateIsFor()
    {
        QFETCH(QString, certificate);
        QFETCH(QString, host);
        QFETCH(bool, good);
        const QSslCertificate read = QSslCertificate::fromPath(m_certificates.at(certificate).certificate).value(0);
        QVERIFY(!read.isNull());
        QCOMPARE(ldap::isFor(read, host), good);
    }
};

CONSOLE_TEST(CertificatesTest)
#include "tst_certificates.moc"
