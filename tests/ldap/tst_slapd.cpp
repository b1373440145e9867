// SPDX-License-Identifier: GPL-3.0-or-later
//
// The test server itself: what other tests lean on.
#include "tests/support/slapd.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QSslSocket>
#include <QTcpSocket>
#include <QTest>

using namespace gatehouse::test;

class SlapdTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void startsLoadsAndStops()
    {
        Slapd slapd;
        QVERIFY2(slapd.load(Slapd::people(10)), qPrintable(slapd.errorText()));
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
        QVERIFY(slapd.isRunning());
        const quint16 port = slapd.port();
        QVERIFY2(slapd.modify("dn: uid=user.1,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: title\n"
                              "title: Baker\n"),
                 qPrintable(slapd.errorText()));
        QVERIFY2(slapd.load(Slapd::people(5, 10) + Slapd::group("bakers", 3)), qPrintable(slapd.errorText()));
        QVERIFY(slapd.isRunning());
        QCOMPARE(slapd.port(), port);
        QVERIFY(slapd.modify("dn: uid=user.12,ou=people,dc=example,dc=com\nchangetype: delete\n"));
        QVERIFY(!slapd.modify("dn: uid=user.99,ou=people,dc=example,dc=com\nchangetype: delete\n"));
        slapd.stop();
        QVERIFY(!slapd.isRunning());
        QTcpSocket socket;
        socket.connectToHost(slapd.host(), port);
        QVERIFY(!socket.waitForConnected(500));
    }

    void otherSchemas_data()
    {
        QTest::addColumn<int>("schema");
        QTest::addColumn<QByteArray>("ldif");
        QTest::newRow("ActiveDirectory")
            << int(Slapd::Schema::ActiveDirectory)
            << QByteArray(Slapd::adPeople(3)
                          + "dn: cn=Staff,ou=groups,dc=example,dc=com\nobjectClass: group\ncn: Staff\n"
                            "member: cn=Name1,ou=people,dc=example,dc=com\n");
        QTest::newRow("PingDirectory")
            << int(Slapd::Schema::PingDirectory)
            << QByteArray("dn: uid=ann,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: ann\ncn: Ann\n"
                          "sn: Ann\nds-pwp-account-disabled: TRUE\n");
    }
    void otherSchemas()
    {
        QFETCH(int, schema);
        QFETCH(QByteArray, ldif);
        Slapd::Options options;
        options.schema = Slapd::Schema(schema);
        Slapd slapd(options);
        QVERIFY2(slapd.load(ldif), qPrintable(slapd.errorText()));
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
    }

    void speaksTlsWithItsOwnAuthority()
    {
        Slapd slapd;
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
        QSslSocket socket;
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setCaCertificates(QSslCertificate::fromPath(slapd.caFile()));
        socket.setSslConfiguration(configuration);
        socket.connectToHostEncrypted(slapd.host(), slapd.tlsPort());
        QVERIFY2(socket.waitForEncrypted(5000), qPrintable(socket.errorString()));
        QCOMPARE(socket.peerCertificate().digest(QCryptographicHash::Sha256),
                 Authority::fingerprint(slapd.certificateFile()));
    }
};

CONSOLE_TEST(SlapdTest)
#include "tst_slapd.moc"
