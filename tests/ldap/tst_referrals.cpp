// SPDX-License-Identifier: GPL-3.0-or-later
//
// Referrals and search continuations: counted when they are not followed, never taken for the end of what there is;
// followed only with the same trust and the same security.
#include "ldap/referral_p.h"
#include "tests/ldap/targets.h"
#include "tests/support/fakeldapserver.h"
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
    }

    void followed()
    {
        ldap::Target target = targetOf(*m_near);
        target.followReferrals = true;
        Session session;
        VERIFY_RESULT(session.open(target));
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
        ldap::Target target = targetOf(*m_near, ConnectionSecurity::StartTls);
        target.followReferrals = true;
        Session session;
        VERIFY_RESULT(session.open(target));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 10);
        QCOMPARE(end->referrals, 1);
        QVERIFY(!end->complete);
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
        QCOMPARE(refused.error().code, Code::Unsupported);
        QVERIFY2(refused.error().detail.contains(m_far->url()), qPrintable(refused.error().text()));

        target.followReferrals = true;
        Session following;
        VERIFY_RESULT(following.open(target));
        const auto end = following.search(request, [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 20);
        QVERIFY(end->complete);
    }

    void unfollowable_data()
    {
        QTest::addColumn<QList<QByteArray>>("uris");
        QTest::newRow("closed port") << QList<QByteArray>{"ldap://127.0.0.1:1/ou=x,dc=example,dc=com"};
        QTest::newRow("no LDAP") << QList<QByteArray>{"http://127.0.0.1/"};
        QTest::newRow("nonsense") << QList<QByteArray>{"\x01\x02"};
        QTest::newRow("two closed ports") << QList<QByteArray>{"ldap://127.0.0.1:1/dc=a", "ldap://127.0.0.1:2/dc=b"};
    }
    void unfollowable()
    {
        QFETCH(QList<QByteArray>, uris);
        Fake server = continuing(uris);
        ldap::Target target = plainTarget(server.port());
        target.followReferrals = true;
        Session session;
        VERIFY_RESULT(session.open(target));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 5);
        QCOMPARE(end->referrals, 1);
        QVERIFY(!end->complete);
    }

    void alternativesAreTriedInOrder()
    {
        Fake server = continuing({"ldap://127.0.0.1:1/dc=a", m_far->url().toUtf8() + "/ou=people,dc=example,dc=com"});
        ldap::Target target = targetOf(*m_far);
        target.port = server.port();
        target.followReferrals = true;
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
        ldap::Target target = plainTarget(port);
        target.followReferrals = true;
        Session session;
        VERIFY_RESULT(session.open(target));
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
        ldap::Target target = plainTarget(port);
        target.followReferrals = true;
        Session session;
        VERIFY_RESULT(session.open(target));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QVERIFY(!end->complete);
        QCOMPARE(end->referrals, 1);
        QVERIFY(end->entries <= 10);
    }

    void systemPartitionsHoldNoPeople()
    {
        Fake server([](const Request &r) {
            if (r.operation == Operation::Search && r.scope != 0)
                return Reply{Fake::people(r.id, 0, 5)
                             + Fake::reference(r.id, {"ldap://ForestDnsZones.example.com/DC=ForestDnsZones,DC=example,DC=com"})
                             + Fake::reference(r.id, {"ldap://DomainDnsZones.example.com/DC=DomainDnsZones,DC=example,DC=com"})
                             + Fake::reference(r.id, {"ldap://example.com/CN=Configuration,DC=example,DC=com"})
                             + Fake::done(r.id, 0, "")};
            return Fake::usual(r);
        });
        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->referrals, 3);
        QVERIFY(end->complete);
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
