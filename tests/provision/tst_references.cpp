// SPDX-License-Identifier: GPL-3.0-or-later
//
// A base DN below which not everything is with this server: what matters is named and ends the read, Active Directory's own
// partitions do not matter, and a whole domain can be a rule's base.
#include "gateway/test.h"
#include "provision/directoryreader.h"
#include "tests/support/sambadc.h"
#include "tests/support/slapd.h"
#include "tests/support/testservers.h"

#include <QEventLoop>
#include <QTest>
#include <QTimer>

using namespace gatehouse;
using namespace gatehouse::test;

class ReferencesTest : public QObject {
    Q_OBJECT

    struct Read {
        qint64 entries = 0;
        std::optional<core::Error> error;
    };
    static Read readBelow(const core::Gateway &gateway, const QByteArray &base, const QByteArray &filter)
    {
        provision::ReadRequest request;
        request.gateway = gateway;
        request.bases = {base};
        request.filter = filter;
        request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{"cn"});
        provision::DirectoryReader reader(request);
        Read read;
        QEventLoop loop;
        const auto take = [&] {
            while (auto page = reader.take())
                read.entries += page->size();
        };
        connect(&reader, &provision::DirectoryReader::pageReady, &loop, take);
        connect(&reader, &provision::DirectoryReader::ended, &loop, [&](const std::optional<core::Error> &error) {
            take();
            read.error = error;
            loop.quit();
        });
        QTimer::singleShot(60'000, &loop, &QEventLoop::quit);
        reader.start();
        loop.exec();
        return read;
    }

private slots:
    void namedWithTheirReason()
    {
        REQUIRE_SERVER("slapd");
        Slapd slapd;
        QVERIFY2(slapd.load(Slapd::people(3)
                            + "dn: ou=remote,ou=people,dc=example,dc=com\nobjectClass: referral\nobjectClass: extensibleObject\nou: remote\n"
                              "ref: ldap://127.0.0.1:1/ou=remote,dc=other\n\n")
                     && slapd.start(),
                 qPrintable(slapd.errorText()));
        core::Gateway gateway;
        gateway.serversHostAndPort = {slapd.hostAndPort()};
        gateway.connectionSecurity = core::ConnectionSecurity::None;
        gateway.bindDn = slapd.bindDn();
        gateway.bindPassword = {core::SecretReference::Kind::File, slapd.passwordFile()};
        for (const bool follows : {false, true}) {
            gateway.followReferrals = follows;
            const Read read = readBelow(gateway, "dc=example,dc=com", "(objectClass=inetOrgPerson)");
            QCOMPARE(read.entries, 3);
            QVERIFY(read.error);
            QCOMPARE(read.error->code, core::Code::Protocol);
            QVERIFY2(read.error->detail.contains(QLatin1String("ldap://127.0.0.1:1/ou=remote,dc=other")), qPrintable(read.error->text()));
            QVERIFY2(read.error->detail.contains(follows ? QLatin1String("Connection refused") : QLatin1String("not followed")),
                     qPrintable(read.error->text()));
            // That would hand the account's password to a host that nobody has listed.
            QVERIFY(!read.error->detail.contains(QLatin1String("Turn on")));
        }
    }

    void aWholeDomain()
    {
        REQUIRE_SERVER("samba");
        REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
        SambaDc domain;
        QVERIFY2(domain.start(SambaDc::user("zoe", "Passw0rd-of-zoe") + SambaDc::user("kim", "Passw0rd-of-kim")), qPrintable(domain.errorText()));
        QTemporaryDir folder;
        QFile secret(folder.filePath(QStringLiteral("secret")));
        QVERIFY(secret.open(QIODevice::WriteOnly));
        secret.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        secret.write(domain.password());
        secret.close();
        core::Gateway gateway;
        gateway.vendor = core::Vendor::ActiveDirectory;
        gateway.serversHostAndPort = {domain.tlsHostAndPort()};
        gateway.connectionSecurity = core::ConnectionSecurity::Tls;
        gateway.caCertificateFile = domain.caFile();
        gateway.bindDn = domain.bindDn();
        gateway.bindPassword = {core::SecretReference::Kind::File, secret.fileName()};
        const QByteArray base = "DC=lab,DC=example";
        for (const bool follows : {false, true}) {
            gateway.followReferrals = follows;
            const Read read = readBelow(gateway, base, "(|(sAMAccountName=zoe)(sAMAccountName=kim))");
            QVERIFY2(!read.error, read.error ? qPrintable(read.error->text()) : "");
            QCOMPARE(read.entries, 2);
            const auto reports = gateway::runTest(gateway, {QString::fromUtf8(base)}, {});
            QVERIFY(reports.first().passed());
            for (const gateway::StageResult &stage : reports.first().stages) {
                if (stage.stage == gateway::Stage::Page)
                    QVERIFY2(stage.verdict == gateway::Verdict::Passed, qPrintable(stage.text));
            }
        }
    }
};

SAMBA_TEST(ReferencesTest, QCoreApplication)
#include "tst_references.moc"
