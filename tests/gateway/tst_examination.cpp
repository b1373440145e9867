// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the connection test finds out about a directory beyond reading it: counts that agree, members of large groups,
// deleted objects, the change log, the server's clock, and whether the account may write; never writing anything.
#include "gateway/certificatereading.h"
#include "gateway/test.h"
#include "tests/gateway/gateways.h"
#include "tests/gateway/reports.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using gateway::Stage;
using gateway::StageResult;
using gateway::TestReport;
using gateway::Verdict;
using Fake = FakeLdapServer;

namespace {

TestReport examine(const core::Gateway &gateway)
{
    const QList<TestReport> reports = gateway::runTest(gateway, {}, {}, {}, briefDeadlines());
    return reports.isEmpty() ? TestReport() : reports.first();
}

core::Gateway gatewayToFake(const Fake &fake, core::Vendor vendor = core::Vendor::Ldapv3)
{
    core::Gateway gateway;
    gateway.name = QStringLiteral("Fake");
    gateway.vendor = vendor;
    gateway.serversHostAndPort = {fake.hostAndPort()};
    gateway.connectionSecurity = core::ConnectionSecurity::None;
    return gateway;
}

/// A domain controller's answers, as far as the examination asks: @p deleted objects are visible, @p members come in
/// parts, @p writable attributes may be changed.
Fake::Reply domainController(const Fake::Request &r, int deleted, int members, const QList<QByteArray> &writable)
{
    if (r.operation != Fake::Operation::Search)
        return Fake::usual(r);
    if (r.name.isEmpty())
        return {Fake::entry(r.id, {},
                            {{"supportedCapabilities", {"1.2.840.113556.1.4.800"}},
                             {"currentTime", {QDateTime::currentDateTimeUtc().addSecs(-7200).toString(
                                                  QStringLiteral("yyyyMMddHHmmss'.0Z'")).toLatin1()}},
                             {"namingContexts", {"DC=example,DC=com"}},
                             {"defaultNamingContext", {"DC=example,DC=com"}},
                             {"supportedControl", {"1.2.840.113556.1.4.319", "1.2.840.113556.1.4.417"}}})
                + Fake::done(r.id)};
    if (r.name.startsWith("CN=Deleted Objects")) {
        QByteArray octets;
        for (int i = 0; i < deleted; ++i)
            octets += Fake::entry(r.id, "CN=gone,CN=Deleted Objects,DC=example,DC=com", {{"isDeleted", {"TRUE"}}});
        return {octets + Fake::done(r.id)};
    }
    if (r.attributes.contains("allowedAttributesEffective"))
        return {Fake::entry(r.id, r.name, {{"allowedAttributesEffective", writable}}) + Fake::done(r.id)};
    if (!r.attributes.isEmpty() && r.attributes.first().startsWith("member")) {
        // Three members: one at a time where a range is asked for, all at once where not.
        QList<QByteArray> all{"cn=a", "cn=b", "cn=c"};
        const QByteArray wanted = r.attributes.first();
        if (!wanted.contains("range="))
            return {Fake::entry(r.id, r.name, {{"member", all}}) + Fake::done(r.id)};
        const int from = wanted.mid(wanted.indexOf('=') + 1).split('-').first().toInt();
        const bool last = from + 1 >= members;
        return {Fake::entry(r.id, r.name,
                            {{"member;range=" + QByteArray::number(from) + '-' + (last ? "*" : QByteArray::number(from)),
                              {all.at(std::min(from, 2))}}})
                + Fake::done(r.id)};
    }
    if (r.scope == 0)
        return Fake::usual(r);
    if (r.attributes == QList<QByteArray>{"objectClass"})
        return {Fake::entry(r.id, "CN=Everybody,DC=example,DC=com", {{"objectClass", {"group"}}}) + Fake::done(r.id)};
    return {Fake::entry(r.id, "CN=Anna,DC=example,DC=com", {{"objectGUID", {"0123456789abcdef"}}})
            + Fake::done(r.id, 0, QByteArray(""))};
}

} // namespace

class ExaminationTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_directory;

private slots:
    void openLdapIsAskedWithoutWriting()
    {
        REQUIRE_SERVER("slapd");
        Slapd slapd;
        QVERIFY2(slapd.load(Slapd::people(600)), qPrintable(slapd.errorText()));
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
        core::Gateway gateway = gatewayTo(slapd);
        const TestReport report = examine(gateway);
        QVERIFY(report.passed());
        QCOMPARE(at(report, Stage::Count).verdict, Verdict::Passed);
        QVERIFY2(at(report, Stage::Count).text.contains(QStringLiteral("600 people in pages of 250, 600 in pages of 97")),
                 qPrintable(at(report, Stage::Count).text));
        QCOMPARE(at(report, Stage::LargeGroups).verdict, Verdict::Skipped);
        QCOMPARE(at(report, Stage::Changes).verdict, Verdict::Skipped);
        QVERIFY(at(report, Stage::Changes).text.startsWith(QStringLiteral("not checked")));
        QCOMPARE(at(report, Stage::Writing).verdict, Verdict::Passed);
        QVERIFY2(at(report, Stage::Writing).text.contains(QStringLiteral("may change people")),
                 qPrintable(at(report, Stage::Writing).text));
        QVERIFY(at(report, Stage::RootDse).server);

        // Nothing was written, not even what would be taken away again.
        ldap::Session session;
        ldap::Target target;
        target.host = slapd.host();
        target.port = slapd.port();
        target.security = core::ConnectionSecurity::None;
        target.bindDn = slapd.bindDn();
        target.password = core::Secret(slapd.password());
        QVERIFY(session.open(target));
        const auto entry = session.read("uid=user.0,ou=people,dc=example,dc=com", {"description", "modifyTimestamp",
                                                                                   "createTimestamp"});
        QVERIFY(entry);
        QVERIFY(!entry->values("description").contains("gatehouse write probe"));
        QCOMPARE(entry->values("modifyTimestamp"), entry->values("createTimestamp"));
        const auto nobody = session.mayWrite("uid=nobody,dc=example,dc=com", "description");
        QVERIFY(!nobody);
        QCOMPARE(nobody.error().code, Code::NotFound);
    }

    void readersMayNotWrite()
    {
        REQUIRE_SERVER("slapd");
        Slapd slapd;
        QVERIFY2(slapd.load(Slapd::people(3)), qPrintable(slapd.errorText()));
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
        core::Gateway gateway = gatewayTo(slapd);
        gateway.bindDn = slapd.readerDn();
        gateway.bindPassword = secretFile(m_directory.path(), slapd.readerPassword());
        StageResult writing = at(examine(gateway), Stage::Writing);
        QCOMPARE(writing.verdict, Verdict::Passed);
        QVERIFY2(writing.text.contains(QStringLiteral("may only read")), qPrintable(writing.text));
        // With a user type that writes passwords it is too little.
        core::UserType userType = core::defaultUserType(core::Vendor::Ldapv3);
        userType.allowPasswordChanges = true;
        gateway.userTypes = {userType};
        writing = at(examine(gateway), Stage::Writing);
        QCOMPARE(writing.verdict, Verdict::Warning);
        QVERIFY(writing.remedy.contains(QStringLiteral("reset passwords")));
    }

    void activeDirectory()
    {
        Fake fake([](const Fake::Request &r) { return domainController(r, 2, 3, {"description", "mail"}); });
        const TestReport report = examine(gatewayToFake(fake, core::Vendor::ActiveDirectory));
        QVERIFY(report.passed());
        QCOMPARE(at(report, Stage::RootDse).verdict, Verdict::Warning); // two hours behind
        QVERIFY2(at(report, Stage::RootDse).text.contains(QStringLiteral("behind ours")),
                 qPrintable(at(report, Stage::RootDse).text));
        QVERIFY2(at(report, Stage::LargeGroups).verdict == Verdict::Passed,
                 qPrintable(at(report, Stage::LargeGroups).text));
        QVERIFY2(at(report, Stage::Changes).verdict == Verdict::Passed, qPrintable(at(report, Stage::Changes).text));
        QVERIFY2(at(report, Stage::Writing).text.contains(QStringLiteral("may change")),
                 qPrintable(at(report, Stage::Writing).text));
    }

    void noRowsAreNoAccess()
    {
        Fake fake([](const Fake::Request &r) { return domainController(r, 0, 3, {"mail"}); });
        core::Gateway gateway = gatewayToFake(fake, core::Vendor::ActiveDirectory);
        gateway.bindDn = QStringLiteral("EXAMPLE\\svc");
        gateway.bindPassword = secretFile(m_directory.path(), "x");
        const TestReport report = examine(gateway);
        const StageResult &changes = at(report, Stage::Changes);
        QCOMPARE(changes.verdict, Verdict::Warning);
        QVERIFY2(changes.remedy.contains(QStringLiteral("dsacls \"CN=Deleted Objects,DC=example,DC=com\" /g "
                                                        "\"EXAMPLE\\svc\":LCRP")),
                 qPrintable(changes.remedy));
        QVERIFY(at(report, Stage::Writing).text.contains(QStringLiteral("may only read")));
    }

    void rangesThatAreNotServed()
    {
        Fake fake([](const Fake::Request &r) { return domainController(r, 1, 1, {}); });
        const StageResult range = at(examine(gatewayToFake(fake, core::Vendor::ActiveDirectory)), Stage::LargeGroups);
        QCOMPARE(range.verdict, Verdict::Warning);
        QVERIFY2(range.text.contains(QStringLiteral("1 of 3 members")), qPrintable(range.text));
    }

    void countsThatDiffer()
    {
        // Pages of 250 see three people, others two.
        Fake fake([](const Fake::Request &r) {
            if (r.operation != Fake::Operation::Search || r.scope == 0)
                return Fake::usual(r);
            return Fake::Reply{Fake::people(r.id, 0, r.pageSize == 250 ? 3 : 2) + Fake::done(r.id, 0, QByteArray(""))};
        });
        const StageResult count = at(examine(gatewayToFake(fake)), Stage::Count);
        QCOMPARE(count.verdict, Verdict::Warning);
        QVERIFY2(count.remedy.contains(QStringLiteral("load balancer")), qPrintable(count.remedy));
    }

    void somebodyWhoCameInBetweenIsNoFault()
    {
        std::atomic_int searches = 0;
        Fake fake([&searches](const Fake::Request &r) {
            if (r.operation != Fake::Operation::Search || r.scope == 0)
                return Fake::usual(r);
            return Fake::Reply{Fake::people(r.id, 0, ++searches == 1 ? 2 : 3) + Fake::done(r.id, 0, QByteArray(""))};
        });
        QCOMPARE(at(examine(gatewayToFake(fake)), Stage::Count).verdict, Verdict::Passed);
    }

    void changeLog_data()
    {
        QTest::addColumn<bool>("readable");
        QTest::addColumn<bool>("rows");
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<QString>("says");
        QTest::newRow("good") << true << true << Verdict::Passed << QStringLiteral("changes 5 to 9");
        QTest::newRow("no rows") << true << false << Verdict::Warning << QStringLiteral("the last cannot be read");
        QTest::newRow("hidden") << false << false << Verdict::Warning << QStringLiteral("cannot be read");
    }
    void changeLog()
    {
        QFETCH(bool, readable);
        QFETCH(bool, rows);
        QFETCH(Verdict, verdict);
        QFETCH(QString, says);
        Fake fake([=](const Fake::Request &r) {
            if (r.operation != Fake::Operation::Search)
                return Fake::usual(r);
            if (r.name.isEmpty())
                return Fake::Reply{Fake::entry(r.id, {},
                                               {{"vendorName", {"389 Project"}},
                                                {"namingContexts", {"dc=example,dc=com"}},
                                                {"changelog", {"cn=changelog"}},
                                                {"firstChangeNumber", {"5"}},
                                                {"lastChangeNumber", {"9"}},
                                                {"supportedControl", {"1.2.840.113556.1.4.319"}}})
                                   + Fake::done(r.id)};
            if (r.name == "cn=changelog" && r.scope == 0 && !readable)
                return Fake::Reply{Fake::done(r.id, 32)};
            if (r.name == "cn=changelog" && r.scope != 0)
                return Fake::Reply{(rows ? Fake::entry(r.id, "changeNumber=9,cn=changelog", {{"changeNumber", {"9"}}})
                                         : QByteArray())
                                   + Fake::done(r.id)};
            if (r.scope == 0)
                return Fake::usual(r);
            return Fake::Reply{Fake::people(r.id, 0, 2) + Fake::done(r.id, 0, QByteArray(""))};
        });
        const TestReport report = examine(gatewayToFake(fake));
        const StageResult &changes = at(report, Stage::Changes);
        QVERIFY2(changes.verdict == verdict, qPrintable(changes.text));
        QVERIFY2(changes.text.contains(says), qPrintable(changes.text));
        QCOMPARE(changes.remedy.isEmpty(), verdict == Verdict::Passed);
        // It offers no way to ask for rights: that is said, not guessed.
        QCOMPARE(at(report, Stage::Writing).verdict, Verdict::Skipped);
        QVERIFY(at(report, Stage::Writing).text.startsWith(QStringLiteral("not checked")));
    }

    void effectiveRights()
    {
        for (const bool may : {true, false}) {
            Fake fake([may](const Fake::Request &r) {
                if (r.operation != Fake::Operation::Search)
                    return Fake::usual(r);
                if (r.name.isEmpty())
                    return Fake::Reply{Fake::entry(r.id, {},
                                                   {{"vendorName", {"389 Project"}},
                                                    {"namingContexts", {"dc=example,dc=com"}},
                                                    {"supportedControl", {"1.2.840.113556.1.4.319",
                                                                          "1.3.6.1.4.1.42.2.27.9.5.2"}}})
                                       + Fake::done(r.id)};
                if (r.attributes.contains("attributeLevelRights"))
                    return Fake::Reply{Fake::entry(r.id, r.name,
                                                   {{"attributeLevelRights",
                                                     {may ? "description:rscwo, userPassword:none" : "description:rsc"}}})
                                       + Fake::done(r.id)};
                if (r.scope == 0)
                    return Fake::usual(r);
                return Fake::Reply{Fake::people(r.id, 0, 2) + Fake::done(r.id, 0, QByteArray(""))};
            });
            const StageResult writing = at(examine(gatewayToFake(fake)), Stage::Writing);
            QVERIFY2(writing.text.contains(may ? QStringLiteral("may change") : QStringLiteral("may only read")),
                     qPrintable(writing.text));
        }
    }

    void certificateIsReadAgain()
    {
        REQUIRE_SERVER("slapd");
        Slapd slapd;
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
        core::Gateway gateway = gatewayTo(slapd);
        gateway.caCertificateFile.clear(); // not trusted, and read nevertheless
        const auto seen = gateway::readCertificate(gateway, gateway.serversHostAndPort.first(), {}, briefDeadlines());
        QVERIFY2(seen, seen ? "" : qPrintable(seen.error().text()));
        QCOMPARE(seen->sha256, Authority::fingerprint(slapd.certificateFile()));
        QVERIFY(!gateway::readCertificate(gateway, QStringLiteral("other:636"), {}, briefDeadlines()));
        gateway.serversHostAndPort = {QStringLiteral("127.0.0.1:1")};
        const auto none = gateway::readCertificate(gateway, QStringLiteral("127.0.0.1:1"), {}, briefDeadlines());
        QVERIFY(!none);
        QCOMPARE(none.error().code, Code::Unreachable);
    }
};

CONSOLE_TEST(ExaminationTest)
#include "tst_examination.moc"
