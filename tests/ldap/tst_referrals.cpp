// SPDX-License-Identifier: GPL-3.0-or-later
//
// Referrals and search continuations: counted when they are not followed, never taken for the end of what there is;
// followed only with the same trust and the same security.
#include "ldap/referral_p.h"
#include "tests/ldap/targets.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/stallingproxy.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using core::ConnectionSecurity;
using ldap::Session;
using Fake = FakeLdapServer;
using Request = FakeLdapServer::Request;
using Reply = FakeLdapServer::Reply;
using Operation = FakeLdapServer::Operation;

class ReferralsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Slapd> m_near;
    std::unique_ptr<Slapd> m_far;

    static QByteArray referral(const QByteArray &uri)
    {
        return "dn: ou=elsewhere,dc=example,dc=com\nobjectClass: referral\nobjectClass: extensibleObject\n"
               "ou: elsewhere\nref: "
               + uri + "\n\n";
    }

    /// Plain, and with leave to follow referrals to @p servers.
    static ldap::Target following(ldap::Target target, const QList<core::HostAndPort> &servers)
    {
        target.followReferrals = true;
        target.trustedServers = servers;
        return target;
    }
    core::HostAndPort far() const { return {m_far->host(), m_far->port()}; }

    static Fake continuing(const QList<QByteArray> &uris)
    {
        return Fake([uris](const Request &r) {
            if (r.operation == Operation::Search && r.scope != 0)
                return Reply{Fake::people(r.id, 0, 5) + Fake::reference(r.id, uris) + Fake::done(r.id, 0, "")};
            return Fake::usual(r);
        });
    }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_far = std::make_unique<Slapd>();
        QVERIFY2(m_far->load(Slapd::people(20, 100)), qPrintable(m_far->errorText()));
        QVERIFY2(m_far->start(), qPrintable(m_far->errorText()));
        m_near = std::make_unique<Slapd>();
        const QByteArray uri = m_far->url().toUtf8() + "/ou=people,dc=example,dc=com";
        QVERIFY2(m_near->load(Slapd::people(10) + referral(uri)), qPrintable(m_near->errorText()));
        QVERIFY2(m_near->start(), qPrintable(m_near->errorText()));
    }

    void countedWhenNotFollowed()
    {
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_near)));
        Gathered gathered;
        const auto end = session.search(requestFor({"uid"}), gathered.sink());
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 10);
        QCOMPARE(end->referrals, 1);
        QVERIFY(!end->complete);
        QCOMPARE(end->missed.size(), 1);
        QVERIFY2(end->missed.first().url.startsWith(m_far->url()), qPrintable(end->missed.first().url));
        QCOMPARE(end->missed.first().reason, QStringLiteral("referrals are not followed"));
        QVERIFY(!end->missed.first().isTrusted);
    }

    void followed()
    {
        Session session;
        VERIFY_RESULT(session.open(following(targetOf(*m_near), {far()})));
        Gathered gathered;
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = 7;
        const auto end = session.search(request, gathered.sink());
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 30);
        QCOMPARE(end->referrals, 0);
        QVERIFY(end->complete);
        QCOMPARE(gathered.entries.size(), 30);
        QCOMPARE(gathered.entries.last().dn, "uid=user.119,ou=people,dc=example,dc=com");

        request.limit = 15;
        Gathered some;
        const auto limited = session.search(request, some.sink());
        VERIFY_RESULT(limited);
        QCOMPARE(some.entries.size(), 15);
        QVERIFY(!limited->complete);
    }

    void followedInStartTls()
    {
        // The other server's certificate is from an authority that is not trusted here: nothing may be sent to it.
        Session session;
        VERIFY_RESULT(session.open(following(targetOf(*m_near, ConnectionSecurity::StartTls), {far()})));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 10);
        QCOMPARE(end->referrals, 1);
        QVERIFY(!end->complete);
        QVERIFY2(end->missed.first().reason.contains(QLatin1String("not trusted")), qPrintable(end->missed.first().reason));
        QVERIFY(end->missed.first().isTrusted);
    }

    void baseIsElsewhere()
    {
        ldap::Target target = targetOf(*m_near);
        const auto request = requestFor({"uid"}, "(objectClass=inetOrgPerson)", "ou=elsewhere,dc=example,dc=com");
        Session session;
        VERIFY_RESULT(session.open(target));
        const auto refused = session.search(request, [](core::EntryBatch &&) { return true; });
        QVERIFY(!refused);
        QVERIFY(refused.error().code != Code::NotFound); // no absence
        QCOMPARE(refused.error().code, Code::Protocol);
        QVERIFY2(refused.error().detail.contains(m_far->url()), qPrintable(refused.error().text()));

        Session other;
        VERIFY_RESULT(other.open(following(target, {far()})));
        const auto end = other.search(request, [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 20);
        QVERIFY(end->complete);
    }

    void unfollowable_data()
    {
        QTest::addColumn<QList<QByteArray>>("uris");
        QTest::addColumn<QString>("reason");
        const QString refused = QStringLiteral("Connection refused");
        QTest::newRow("closed port") << QList<QByteArray>{"ldap://127.0.0.1:1/ou=x,dc=example,dc=com"} << refused;
        QTest::newRow("closed port of nobody's") << QList<QByteArray>{"ldap://127.0.0.1:3/ou=x,dc=example,dc=com"} << refused;
        QTest::newRow("no LDAP") << QList<QByteArray>{"http://127.0.0.1/"} << QStringLiteral("no LDAP address");
        QTest::newRow("nonsense") << QList<QByteArray>{"\x01\x02"} << QStringLiteral("no LDAP address");
        QTest::newRow("two closed ports") << QList<QByteArray>{"ldap://127.0.0.1:1/dc=a", "ldap://127.0.0.1:2/dc=b"} << refused;
    }
    void unfollowable()
    {
        QFETCH(QList<QByteArray>, uris);
        QFETCH(QString, reason);
        Fake server = continuing(uris);
        Session session;
        VERIFY_RESULT(session.open(following(plainTarget(server.port()), {{QStringLiteral("127.0.0.1"), 1}, {QStringLiteral("127.0.0.1"), 2}})));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 5);
        QCOMPARE(end->referrals, 1);
        QVERIFY(!end->complete);
        QCOMPARE(end->missed.size(), 1);
        QVERIFY(end->missed.first().url.contains(QString::fromUtf8(uris.first())));
        QVERIFY2(end->missed.first().reason.contains(reason), qPrintable(end->missed.first().reason));
    }

    // A referral to a server that nobody has listed: it may be anybody's.
    void thePasswordGoesToListedServersOnly()
    {
        Fake evil([](const Request &r) { return Fake::usual(r); });
        Fake server = continuing({"ldap://127.0.0.1:" + QByteArray::number(evil.port()) + "/ou=x,dc=example,dc=com"});
        ldap::Target target = following(plainTarget(server.port()), {{QStringLiteral("127.0.0.1"), server.port()}});
        target.bindDn = QStringLiteral("cn=reader,dc=example,dc=com");
        target.password = core::Secret("secret");
        Session session;
        VERIFY_RESULT(session.open(target));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QVERIFY(!end->complete);
        QVERIFY2(end->missed.first().reason.contains(QLatin1String("not a server of this gateway")), qPrintable(end->missed.first().reason));
        QVERIFY(evil.requests().isEmpty());
    }

    // Servers that accept and say nothing share one deadline, and each is tried once.
    void silentServersShareOneDeadline()
    {
        std::vector<std::unique_ptr<StallingProxy>> silent;
        QList<core::HostAndPort> listed;
        QByteArray references;
        for (int i = 0; i < 4; ++i) {
            silent.push_back(std::make_unique<StallingProxy>(quint16(1), StallingProxy::Behaviour{.forwards = false}));
            listed.append({QStringLiteral("127.0.0.1"), silent.back()->port()});
        }
        Fake server([&](const Request &r) {
            if (r.operation != Operation::Search || r.scope == 0)
                return Fake::usual(r);
            QByteArray all = Fake::people(r.id, 0, 1);
            for (int i = 0; i < 8; ++i)
                all += Fake::reference(r.id, {"ldap://127.0.0.1:" + QByteArray::number(silent[size_t(i % 4)]->port()) + "/ou=x"
                                              + QByteArray::number(i) + ",dc=example,dc=com"});
            return Reply{all + Fake::done(r.id, 0, "")};
        });
        ldap::Target target = following(plainTarget(server.port()), listed);
        target.deadlines = longDeadlines();
        target.deadlines.bind = std::chrono::milliseconds(600);
        target.deadlines.referrals = std::chrono::milliseconds(1'000);
        Session session;
        VERIFY_RESULT(session.open(target));
        QElapsedTimer timer;
        timer.start();
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QVERIFY(timer.elapsed() < 1'000 + kGraceMilliseconds);
        QCOMPARE(end->referrals, 8);
        QVERIFY(!end->complete);
        for (const auto &proxy : silent)
            QVERIFY(proxy->connections() <= 1);
    }

    void referencesWithoutNumber()
    {
        Fake server([](const Request &r) {
            if (r.operation != Operation::Search || r.scope == 0)
                return Fake::usual(r);
            QByteArray all;
            for (int i = 0; i < 3'000; ++i)
                all += Fake::reference(r.id, {"ldap://b/ou=x" + QByteArray::number(i)});
            return Reply{all + Fake::done(r.id, 0, "")};
        });
        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->referrals, 3'000);
        QCOMPARE(end->missed.size(), ldap::kMostMissed);
    }

    void alternativesAreTriedInOrder()
    {
        Fake server = continuing({"ldap://127.0.0.1:1/dc=a", m_far->url().toUtf8() + "/ou=people,dc=example,dc=com"});
        ldap::Target target = following(targetOf(*m_far), {far()});
        target.port = server.port();
        Session session;
        VERIFY_RESULT(session.open(target));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 25);
        QVERIFY(end->complete);
    }

    void circlesEnd()
    {
        quint16 port = 0;
        Fake server([&port](const Request &r) {
            if (r.operation == Operation::Search && r.scope != 0)
                return Reply{Fake::people(r.id, 0, 1)
                             + Fake::reference(r.id, {"ldap://127.0.0.1:" + QByteArray::number(port) + "/dc=example,dc=com"})
                             + Fake::done(r.id, 0, "")};
            return Fake::usual(r);
        });
        port = server.port();
        Session session;
        VERIFY_RESULT(session.open(following(plainTarget(port), {{QStringLiteral("127.0.0.1"), port}})));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QVERIFY(!end->complete);
        QVERIFY(end->entries < 10);
    }

    void chainsEnd()
    {
        quint16 port = 0;
        int number = 0;
        Fake server([&](const Request &r) {
            if (r.operation == Operation::Search && r.scope != 0)
                return Reply{Fake::people(r.id, ++number, 1)
                             + Fake::reference(r.id, {"ldap://127.0.0.1:" + QByteArray::number(port) + "/ou="
                                                      + QByteArray::number(number) + ",dc=example,dc=com"})
                             + Fake::done(r.id, 0, "")};
            return Fake::usual(r);
        });
        port = server.port();
        Session session;
        VERIFY_RESULT(session.open(following(plainTarget(port), {{QStringLiteral("127.0.0.1"), port}})));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QVERIFY(!end->complete);
        QCOMPARE(end->referrals, 1);
        QVERIFY(end->entries <= 10);
    }

    void systemPartitionsHoldNoPeople_data()
    {
        QTest::addColumn<bool>("isDomain");
        QTest::addColumn<bool>("follows");
        QTest::newRow("a domain") << true << false;
        QTest::newRow("a domain, referrals followed") << true << true;
        QTest::newRow("another directory") << false << false;
    }
    void systemPartitionsHoldNoPeople()
    {
        QFETCH(bool, isDomain);
        QFETCH(bool, follows);
        Fake server([isDomain](const Request &r) {
            if (r.operation == Operation::Search && r.scope == 0 && r.name.isEmpty() && isDomain)
                return Reply{Fake::entry(r.id, {}, {{"supportedCapabilities", {"1.2.840.113556.1.4.800"}},
                                                    {"supportedControl", {"1.2.840.113556.1.4.319"}}})
                             + Fake::done(r.id)};
            if (r.operation == Operation::Search && r.scope != 0)
                return Reply{Fake::people(r.id, 0, 5)
                             + Fake::reference(r.id, {"ldap://ForestDnsZones.example.com/DC=ForestDnsZones,DC=example,DC=com"})
                             + Fake::reference(r.id, {"ldap://DomainDnsZones.example.com/DC=DomainDnsZones,DC=example,DC=com"})
                             + Fake::reference(r.id, {"ldap://example.com/CN=Configuration,DC=example,DC=com"})
                             + Fake::done(r.id, 0, "")};
            return Fake::usual(r);
        });
        ldap::Target target = plainTarget(server.port());
        target.followReferrals = follows;
        Session session;
        VERIFY_RESULT(session.open(target));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->referrals, isDomain ? 0 : 3);
        QCOMPARE(end->complete, isDomain);
    }

    void partitions_data()
    {
        QTest::addColumn<QByteArray>("dn");
        QTest::addColumn<bool>("isSystem");
        QTest::newRow("configuration") << QByteArray("CN=Configuration,DC=example,DC=com") << true;
        QTest::newRow("spaces and case") << QByteArray("cn=CONFIGURATION, dc=Example, dc=com") << true;
        QTest::newRow("DNS of the domain") << QByteArray("DC=DomainDnsZones,DC=example,DC=com") << true;
        QTest::newRow("DNS of the forest") << QByteArray("DC=ForestDnsZones,DC=example") << true;
        QTest::newRow("another domain") << QByteArray("DC=child,DC=example,DC=com") << false;
        QTest::newRow("below an organization") << QByteArray("CN=Configuration,O=example") << false;
        QTest::newRow("below a unit") << QByteArray("CN=Configuration,OU=staff,DC=example,DC=com") << false;
        QTest::newRow("within it") << QByteArray("CN=Sites,CN=Configuration,DC=example,DC=com") << false;
        QTest::newRow("alone") << QByteArray("CN=Configuration") << false;
        QTest::newRow("no DN") << QByteArray("Configuration") << false;
    }
    void partitions()
    {
        QFETCH(QByteArray, dn);
        QFETCH(bool, isSystem);
        QCOMPARE(ldap::isSystemPartition(dn), isSystem);
    }

    void whomToTrust_data()
    {
        QTest::addColumn<QString>("uri");
        QTest::addColumn<ConnectionSecurity>("origin");
        QTest::addColumn<int>("port"); ///< 0: not trusted
        QTest::addColumn<ConnectionSecurity>("security");
        const auto none = ConnectionSecurity::None;
        const auto tls = ConnectionSecurity::Tls;
        const auto startTls = ConnectionSecurity::StartTls;
        // Listed are dc1:636, dc2.example.com:10389 and [::1]:389.
        QTest::newRow("the listed port of TLS") << QStringLiteral("ldap://dc1/dc=b") << tls << 636 << tls;
        QTest::newRow("with its port") << QStringLiteral("ldaps://dc1:636/dc=b") << tls << 636 << tls;
        QTest::newRow("by ldaps") << QStringLiteral("ldaps://DC1/dc=b") << tls << 636 << tls;
        QTest::newRow("a port that stays TLS") << QStringLiteral("ldap://dc1:636/dc=b") << tls << 636 << tls;
        QTest::newRow("another port") << QStringLiteral("ldap://dc1:1389/dc=b") << tls << 0 << tls;
        QTest::newRow("an own port, not named") << QStringLiteral("ldap://dc2.example.com/dc=b") << none << 10389 << none;
        QTest::newRow("an own port") << QStringLiteral("ldap://DC2.example.com.:10389/dc=b") << startTls << 10389 << startTls;
        QTest::newRow("IPv6") << QStringLiteral("ldap://[::1]/dc=b") << none << 389 << none;
        QTest::newRow("another host") << QStringLiteral("ldap://dc3/dc=b") << none << 0 << none;
        QTest::newRow("a longer name") << QStringLiteral("ldap://dc1.evil.example/dc=b") << none << 0 << none;
        QTest::newRow("the server itself") << QStringLiteral("ldap:///dc=b") << tls << 10636 << tls;
    }
    void whomToTrust()
    {
        QFETCH(QString, uri);
        QFETCH(ConnectionSecurity, origin);
        QFETCH(int, port);
        QFETCH(ConnectionSecurity, security);
        ldap::Target target;
        target.host = QStringLiteral("origin");
        target.port = 10'636;
        target.security = origin;
        target.trustedServers = {{QStringLiteral("dc1"), 636}, {QStringLiteral("dc2.example.com"), 10'389}, {QStringLiteral("::1"), 389}};
        const auto next = ldap::continuationOf(uri, target, requestFor({"uid"}, "(uid=*)", "dc=origin"));
        VERIFY_RESULT(next);
        QCOMPARE(next->isTrusted, port != 0);
        if (port == 0)
            return;
        QCOMPARE(int(next->target.port), port);
        QCOMPARE(next->target.security, security);
    }

    void whereAUrlLeads_data()
    {
        QTest::addColumn<QString>("uri");
        QTest::addColumn<ConnectionSecurity>("origin");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<ldap::Scope>("scope");
        QTest::addColumn<QByteArray>("filter");
        const auto none = ConnectionSecurity::None;
        const auto tls = ConnectionSecurity::Tls;
        const auto startTls = ConnectionSecurity::StartTls;
        QTest::newRow("plain") << QStringLiteral("ldap://b/dc=b") << none << QStringLiteral("b") << 389 << none
                               << QByteArray("dc=b") << ldap::Scope::Subtree << QByteArray("(uid=*)");
        QTest::newRow("plain to ldaps") << QStringLiteral("ldaps://b/dc=b") << none << QStringLiteral("b") << 636 << tls
                                        << QByteArray("dc=b") << ldap::Scope::Subtree << QByteArray("(uid=*)");
        QTest::newRow("TLS stays TLS") << QStringLiteral("ldap://b/dc=b") << tls << QStringLiteral("b") << 636 << tls
                                       << QByteArray("dc=b") << ldap::Scope::Subtree << QByteArray("(uid=*)");
        QTest::newRow("TLS, an own port") << QStringLiteral("ldap://b:10389/dc=b") << tls << QStringLiteral("b") << 10389
                                          << startTls << QByteArray("dc=b") << ldap::Scope::Subtree << QByteArray("(uid=*)");
        QTest::newRow("StartTLS stays StartTLS") << QStringLiteral("ldap://b:10389") << startTls << QStringLiteral("b")
                                                 << 10389 << startTls << QByteArray("dc=origin") << ldap::Scope::Subtree << QByteArray("(uid=*)");
        QTest::newRow("StartTLS to ldaps") << QStringLiteral("ldaps://b:10636/dc=b") << startTls << QStringLiteral("b")
                                           << 10636 << tls << QByteArray("dc=b") << ldap::Scope::Subtree << QByteArray("(uid=*)");
        QTest::newRow("no host") << QStringLiteral("ldap:///dc=b") << none << QStringLiteral("origin") << 389 << none
                                 << QByteArray("dc=b") << ldap::Scope::Subtree << QByteArray("(uid=*)");
        QTest::newRow("escaped") << QStringLiteral("ldap://b/ou=a%20b,dc=b") << none << QStringLiteral("b") << 389 << none
                                 << QByteArray("ou=a b,dc=b") << ldap::Scope::Subtree << QByteArray("(uid=*)");
        QTest::newRow("scope and filter") << QStringLiteral("ldap://b/dc=b??one?(mail=*)") << none << QStringLiteral("b") << 389
                                          << none << QByteArray("dc=b") << ldap::Scope::OneLevel << QByteArray("(mail=*)");
        QTest::newRow("scope alone") << QStringLiteral("ldap://b/dc=b??base") << none << QStringLiteral("b") << 389 << none
                                     << QByteArray("dc=b") << ldap::Scope::Base << QByteArray("(uid=*)");
    }
    void whereAUrlLeads()
    {
        QFETCH(QString, uri);
        QFETCH(ConnectionSecurity, origin);
        QFETCH(QString, host);
        QFETCH(int, port);
        QFETCH(ConnectionSecurity, security);
        QFETCH(QByteArray, base);
        QFETCH(ldap::Scope, scope);
        QFETCH(QByteArray, filter);
        ldap::Target target;
        target.host = QStringLiteral("origin");
        target.security = origin;
        const auto next = ldap::continuationOf(uri, target, requestFor({"uid"}, "(uid=*)", "dc=origin"));
        VERIFY_RESULT(next);
        QCOMPARE(next->target.host, host);
        QCOMPARE(int(next->target.port), port);
        QCOMPARE(next->target.security, security);
        QCOMPARE(next->request.base, base);
        QCOMPARE(next->request.scope, scope);
        QCOMPARE(next->request.filter, filter);
    }
};

CONSOLE_TEST(ReferralsTest)
#include "tst_referrals.moc"
