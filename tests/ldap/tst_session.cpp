// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sessions on a real slapd: opening in every kind of security, binds, the rootDSE, reads, searches and how they end.
#include "tests/ldap/targets.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QSet>
#include <QTest>

#include <thread>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using core::ConnectionSecurity;
using ldap::Session;

class SessionTest : public QObject {
    Q_OBJECT

    static constexpr int kPeople = 537;
    std::unique_ptr<Slapd> m_slapd;

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        Slapd::Options options;
        options.readerLimits = QStringLiteral("size=100 size.prtotal=200");
        m_slapd = std::make_unique<Slapd>(options);
        QVERIFY2(m_slapd->load(Slapd::people(kPeople)), qPrintable(m_slapd->errorText()));
        QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
        QVERIFY2(m_slapd->modify(Slapd::group("bakers", 40)), qPrintable(m_slapd->errorText()));
    }

    void opens_data()
    {
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::addColumn<QString>("host");
        const std::pair<const char *, ConnectionSecurity> kinds[] = {{"none", ConnectionSecurity::None},
                                                                     {"StartTLS", ConnectionSecurity::StartTls},
                                                                     {"TLS", ConnectionSecurity::Tls}};
        for (const auto &[name, security] : kinds) {
            QTest::addRow("%s by address", name) << security << QStringLiteral("127.0.0.1");
            QTest::addRow("%s by name", name) << security << QStringLiteral("localhost");
            QTest::addRow("%s by name in capitals", name) << security << QStringLiteral("LOCALHOST");
        }
    }
    void opens()
    {
        QFETCH(ConnectionSecurity, security);
        QFETCH(QString, host);
        ldap::Target target = targetOf(*m_slapd, security);
        target.host = host;
        Session session;
        const auto info = session.open(target);
        VERIFY_RESULT(info);
        QCOMPARE(info->product, ldap::Product::OpenLdap);
        QCOMPARE(info->vendor, QStringLiteral("OpenLDAP"));
        QCOMPARE(info->namingContexts, QStringList{m_slapd->baseDn()});
        QCOMPARE(info->defaultNamingContext, m_slapd->baseDn());
        QVERIFY(info->pagedResults);
        QVERIFY(info->supportedExtensions.contains(QLatin1String("1.3.6.1.4.1.1466.20037")));
        const auto certificate = session.certificate();
        QCOMPARE(certificate.has_value(), security != ConnectionSecurity::None);
        if (certificate) {
            QCOMPARE(certificate->sha256, Authority::fingerprint(m_slapd->certificateFile()));
            QCOMPARE(certificate->tlsVersion, QStringLiteral("TLS 1.3"));
            QVERIFY(certificate->failedChecks.isEmpty());
            QVERIFY(certificate->names.contains(QLatin1String("127.0.0.1")));
        }
        const auto entry = session.read("uid=user.1,ou=people,dc=example,dc=com", {"uid"});
        VERIFY_RESULT(entry);
        QCOMPARE(entry->values("UID"), QList<QByteArray>{"user.1"});
    }

    void stagesSayWhatTheyFound()
    {
        Session session;
        ldap::Target target = targetOf(*m_slapd, ConnectionSecurity::Tls);
        target.host = QStringLiteral("localhost");
        const auto addresses = session.resolve(target);
        QVERIFY(addresses);
        QVERIFY(addresses->contains(QLatin1String("127.0.0.1")));
        const auto address = session.connect();
        QVERIFY(address);
        QCOMPARE(*address, QStringLiteral("127.0.0.1")); // ::1 is tried too, and refused
        QVERIFY(session.secure());
        QVERIFY(session.bind());
        QVERIFY(session.readServerInfo());
        QCOMPARE(session.serverInfo()->product, ldap::Product::OpenLdap);
    }

    void stagesOutOfOrderAreErrors()
    {
        Session session;
        QCOMPARE(session.connect().error().code, Code::Unreachable);
        QCOMPARE(session.secure().error().code, Code::Unreachable);
        QCOMPARE(session.bind().error().code, Code::Unreachable);
        QCOMPARE(session.readServerInfo().error().code, Code::Unreachable);
        QCOMPARE(session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; }).error().code,
                 Code::Unreachable);
        // Without secure() there is no bind, whatever the security.
        QVERIFY(session.resolve(targetOf(*m_slapd)));
        QVERIFY(session.connect());
        QCOMPARE(session.bind().error().code, Code::Unreachable);
    }

    void unreachable_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<quint16>("port");
        QTest::addColumn<Code>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown host") << QStringLiteral("no-such-host.invalid") << quint16(389) << Code::Unreachable
                                      << QStringLiteral("no-such-host.invalid");
        QTest::newRow("closed port") << QStringLiteral("127.0.0.1") << quint16(1) << Code::Unreachable
                                     << QStringLiteral("refused");
        QTest::newRow("no host") << QString() << quint16(389) << Code::InvalidInput << QString();
        QTest::newRow("every address of a name") << QStringLiteral("localhost") << quint16(1) << Code::Unreachable
                                                 << QStringLiteral("127.0.0.1");
    }
    void unreachable()
    {
        QFETCH(QString, host);
        QFETCH(quint16, port);
        QFETCH(Code, code);
        QFETCH(QString, says);
        ldap::Target target = targetOf(*m_slapd);
        target.host = host;
        target.port = port;
        Session session;
        const auto opened = session.open(target);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, code);
        QVERIFY2(opened.error().text().contains(says), qPrintable(opened.error().text()));
    }

    void refusedBinds_data()
    {
        QTest::addColumn<QString>("dn");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<Code>("code");
        QTest::newRow("wrong password") << m_slapd->bindDn() << QByteArray("wrong") << Code::Unauthenticated;
        QTest::newRow("no such account") << QStringLiteral("cn=nobody,dc=example,dc=com") << QByteArray("x")
                                         << Code::Unauthenticated;
        QTest::newRow("no DN") << QStringLiteral("administrator") << QByteArray("x") << Code::Unauthenticated;
        // RFC 4513 5.1.2: slapd would refuse, others let it pass as nobody; it is never sent.
        QTest::newRow("empty password") << m_slapd->bindDn() << QByteArray() << Code::InvalidInput;
    }
    void refusedBinds()
    {
        QFETCH(QString, dn);
        QFETCH(QByteArray, password);
        QFETCH(Code, code);
        ldap::Target target = targetOf(*m_slapd);
        target.bindDn = dn;
        target.password = core::Secret(password);
        Session session;
        const auto opened = session.open(target);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, code);
        QVERIFY(!opened.error().text().contains(QLatin1String("wrong")));
    }

    void bindsAnonymously()
    {
        ldap::Target target = targetOf(*m_slapd);
        target.bindDn.clear();
        target.password = core::Secret("not sent");
        Session session;
        QVERIFY(session.open(target));
        const auto entry = session.read("uid=user.1,ou=people,dc=example,dc=com", {"uid", "userPassword"});
        QVERIFY(entry);
        QVERIFY(entry->values("userPassword").isEmpty());
    }

    void tlsOnAPortWithoutTls()
    {
        ldap::Target target = targetOf(*m_slapd, ConnectionSecurity::Tls);
        target.port = m_slapd->port();
        Session session;
        const auto opened = session.open(target);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, Code::Unreachable);
        QVERIFY2(opened.error().text().contains(QLatin1String("may not speak TLS")), qPrintable(opened.error().text()));
        QVERIFY(!session.certificate());
    }

    void startTlsRefusedByTheServer()
    {
        FakeLdapServer server([](const FakeLdapServer::Request &request) {
            if (request.operation == FakeLdapServer::Operation::Extended)
                return FakeLdapServer::Reply{FakeLdapServer::extendedResponse(request.id, 52, "no certificate yet")};
            return FakeLdapServer::usual(request);
        });
        ldap::Target target = plainTarget(server.port());
        target.security = ConnectionSecurity::StartTls;
        target.trust.caFile = m_slapd->caFile();
        target.bindDn = QStringLiteral("cn=admin");
        target.password = core::Secret("secret");
        Session session;
        const auto opened = session.open(target);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, Code::Busy);
        QVERIFY(opened.error().detail.contains(QLatin1String("no certificate yet")));
        QCOMPARE(server.count(FakeLdapServer::Operation::Bind), 0);
    }

    void outsideSettingsAreNotRead()
    {
        // TLS_REQCERT never in ~/.ldaprc would let every certificate pass.
        QFile rc(QDir::homePath() + QStringLiteral("/.ldaprc"));
        QDir().mkpath(QDir::homePath());
        if (!rc.exists() && rc.open(QIODevice::WriteOnly)) {
            rc.write("TLS_REQCERT never\nSIZELIMIT 3\n");
            rc.close();
        }
        qputenv("LDAPTLS_REQCERT", "never");
        Authority foreign(m_slapd->directory() + QStringLiteral("/foreign"));
        ldap::Target target = targetOf(*m_slapd, ConnectionSecurity::Tls);
        target.trust.caFile = foreign.caFile();
        Session session;
        const auto opened = session.open(target);
        qunsetenv("LDAPTLS_REQCERT");
        rc.remove();
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, Code::Untrusted);
    }

    void reads()
    {
        Session session;
        QVERIFY(session.open(targetOf(*m_slapd)));
        const auto missing = session.read("uid=nobody,ou=people,dc=example,dc=com", {"uid"});
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, Code::NotFound);
        const auto unmatched = session.read("uid=user.1,ou=people,dc=example,dc=com", {"uid"}, "(uid=user.2)");
        QVERIFY(!unmatched);
        QCOMPARE(unmatched.error().code, Code::NotFound);
        const auto nothing = session.read("uid=user.1,ou=people,dc=example,dc=com", {});
        QVERIFY(nothing);
        QVERIFY(nothing->attributes.isEmpty());
        const auto all = session.read("uid=user.1,ou=people,dc=example,dc=com", {"*", "+"});
        QVERIFY(all);
        QCOMPARE(all->values("mail"), QList<QByteArray>{"user.1@example.com"});
        QCOMPARE(all->values("entryUUID").size(), 1);
        QCOMPARE(all->values("memberOf"), QList<QByteArray>{"cn=bakers,ou=groups,dc=example,dc=com"});
        const auto badDn = session.read("this is no DN", {"uid"});
        QVERIFY(!badDn);
        QCOMPARE(badDn.error().code, Code::InvalidInput);
    }

    void searchesInPages_data()
    {
        QTest::addColumn<int>("pageSize");
        QTest::addColumn<int>("pages");
        QTest::newRow("100") << 100 << 6;
        QTest::newRow("1000") << 1000 << 1;
        QTest::newRow("exactly all") << kPeople << 1;
        QTest::newRow("7") << 7 << (kPeople + 6) / 7;
        QTest::newRow("unpaged") << 0 << 1;
    }
    void searchesInPages()
    {
        QFETCH(int, pageSize);
        QFETCH(int, pages);
        Session session;
        QVERIFY(session.open(targetOf(*m_slapd)));
        ldap::SearchRequest request = requestFor({"UID", "absent", "mail", "entryuuid"});
        request.pageSize = pageSize;
        Gathered gathered;
        const auto end = session.search(request, gathered.sink());
        VERIFY_RESULT(end);
        QVERIFY(end->complete);
        QCOMPARE(end->entries, kPeople);
        // slapd may end a page that is exactly full with a cookie, and send an empty last one.
        QVERIFY(end->pages == pages || end->pages == pages + 1);
        QCOMPARE(end->referrals, 0);
        QCOMPARE(gathered.entries.size(), kPeople);
        QSet<QByteArray> seen;
        for (const core::Entry &entry : gathered.entries) {
            const QByteArray uid = entry.values("uid").value(0);
            seen.insert(uid);
            QCOMPARE(entry.dn, "uid=" + uid + ",ou=people,dc=example,dc=com");
            QCOMPARE(entry.values("mail"), QList<QByteArray>{uid + "@example.com"});
            QCOMPARE(entry.values("entryUUID").value(0).size(), 36);
            QVERIFY(entry.values("absent").isEmpty());
        }
        QCOMPARE(seen.size(), kPeople);
        if (pageSize > 0) {
            for (const qsizetype size : gathered.batches)
                QVERIFY(size <= pageSize);
        }
    }

    void scopes()
    {
        Session session;
        QVERIFY(session.open(targetOf(*m_slapd)));
        const auto count = [&](ldap::Scope scope, const QByteArray &base) {
            ldap::SearchRequest request = requestFor({"objectClass"}, "(objectClass=*)", base);
            request.scope = scope;
            const auto end = session.search(request, [](core::EntryBatch &&) { return true; });
            return end ? end->entries : -1;
        };
        QCOMPARE(count(ldap::Scope::Base, "ou=people,dc=example,dc=com"), 1);
        QCOMPARE(count(ldap::Scope::OneLevel, "dc=example,dc=com"), 3);
        QCOMPARE(count(ldap::Scope::Subtree, "ou=people,dc=example,dc=com"), kPeople + 1);
    }

    void stopsAtTheLimit_data()
    {
        QTest::addColumn<int>("pageSize");
        QTest::addColumn<int>("limit");
        QTest::addColumn<bool>("complete");
        QTest::newRow("in the first page") << 100 << 10 << false;
        QTest::newRow("in a later page") << 100 << 250 << false;
        QTest::newRow("unpaged") << 0 << 10 << false;
        QTest::newRow("beyond the last") << 100 << 10'000 << true;
    }
    void stopsAtTheLimit()
    {
        QFETCH(int, pageSize);
        QFETCH(int, limit);
        QFETCH(bool, complete);
        Session session;
        QVERIFY(session.open(targetOf(*m_slapd)));
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = pageSize;
        request.limit = limit;
        Gathered gathered;
        const auto end = session.search(request, gathered.sink());
        VERIFY_RESULT(end);
        QCOMPARE(end->complete, complete);
        QCOMPARE(end->entries, std::min(limit, kPeople));
        QCOMPARE(gathered.entries.size(), std::min(limit, kPeople));
        // The session is as good as before.
        request.limit = 0;
        const auto again = session.search(request, [](core::EntryBatch &&) { return true; });
        QVERIFY(again);
        QVERIFY(again->complete);
        QCOMPARE(again->entries, kPeople);
    }

    void sinkStopsTheSearch()
    {
        Session session;
        QVERIFY(session.open(targetOf(*m_slapd)));
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = 50;
        int batches = 0;
        const auto end = session.search(request, [&](core::EntryBatch &&) { return ++batches < 3; });
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::Cancelled);
        QCOMPARE(batches, 3);
        QVERIFY(session.read("ou=people,dc=example,dc=com", {"ou"}));
    }

    void failedSearches_data()
    {
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QByteArray>("filter");
        QTest::addColumn<Code>("code");
        QTest::newRow("no such base") << QByteArray("ou=nowhere,dc=example,dc=com") << QByteArray("(uid=*)")
                                      << Code::NotFound;
        QTest::newRow("foreign base") << QByteArray("dc=other,dc=org") << QByteArray("(uid=*)") << Code::NotFound;
        QTest::newRow("bad base") << QByteArray("nonsense") << QByteArray("(uid=*)") << Code::InvalidInput;
        QTest::newRow("bad filter") << QByteArray("dc=example,dc=com") << QByteArray("(uid=a") << Code::Syntax;
        QTest::newRow("no filter at all") << QByteArray("dc=example,dc=com") << QByteArray("(((") << Code::Syntax;
    }
    void failedSearches()
    {
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, filter);
        QFETCH(Code, code);
        Session session;
        QVERIFY(session.open(targetOf(*m_slapd)));
        const auto end = session.search(requestFor({"uid"}, filter, base), [](core::EntryBatch &&) { return true; });
        QVERIFY(!end);
        QCOMPARE(end.error().code, code);
        QVERIFY(session.read("ou=people,dc=example,dc=com", {"ou"}));
    }

    void serverLimitsAreErrors_data()
    {
        QTest::addColumn<int>("pageSize");
        QTest::newRow("size limit, unpaged") << 0;
        QTest::newRow("size limit over all pages") << 50;
    }
    void serverLimitsAreErrors()
    {
        QFETCH(int, pageSize);
        ldap::Target target = targetOf(*m_slapd);
        target.bindDn = m_slapd->readerDn();
        target.password = core::Secret(m_slapd->readerPassword());
        Session session;
        QVERIFY(session.open(target));
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = pageSize;
        Gathered gathered;
        const auto end = session.search(request, gathered.sink());
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::LimitExceeded);
        QCOMPARE(end.error().native, 4);
        // What came before is handed over all the same; only the end says that it is not all.
        QVERIFY(!gathered.entries.isEmpty());
        QVERIFY(gathered.entries.size() < kPeople);
        QVERIFY2(end.error().detail.contains(QString::number(gathered.entries.size())), qPrintable(end.error().text()));
    }

    void deniedAttributesAreAbsentAndDeniedEntriesNotFound()
    {
        Slapd::Options options;
        options.databaseLines = {QStringLiteral("access to dn.base=\"\" by * read")};
        Slapd other(options);
        QVERIFY2(other.start(), qPrintable(other.errorText()));
        Session session;
        QVERIFY(session.open(targetOf(other)));
        const auto rootSecret = session.read("cn=reader,dc=example,dc=com", {"userPassword"});
        QVERIFY(rootSecret);
        QCOMPARE(rootSecret->values("userPassword").size(), 1);
        ldap::Target reader = targetOf(other);
        reader.bindDn.clear();
        Session nobody;
        QVERIFY(nobody.open(reader));
        const auto noSecret = nobody.read("cn=reader,dc=example,dc=com", {"userPassword"});
        QVERIFY(noSecret);
        QVERIFY(noSecret->values("userPassword").isEmpty());
    }

    void manySessionsAtOnce()
    {
        std::atomic<int> good{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&, i] {
                Session session;
                const auto security = i % 2 == 0 ? ConnectionSecurity::Tls : ConnectionSecurity::StartTls;
                if (!session.open(targetOf(*m_slapd, security)))
                    return;
                ldap::SearchRequest request = requestFor({"uid"});
                request.pageSize = 20 + i;
                const auto end = session.search(request, [](core::EntryBatch &&) { return true; });
                good += end && end->complete && end->entries == kPeople ? 1 : 0;
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(good.load(), 8);
    }

    void sessionOutlivesItsServer()
    {
        Slapd other;
        QVERIFY2(other.start(), qPrintable(other.errorText()));
        Session session;
        QVERIFY(session.open(targetOf(other, ConnectionSecurity::Tls)));
        other.kill();
        const auto lost = session.read("dc=example,dc=com", {"dc"});
        QVERIFY(!lost);
        QCOMPARE(lost.error().code, Code::Unreachable);
        const auto still = session.read("dc=example,dc=com", {"dc"});
        QVERIFY(!still);
        QCOMPARE(still.error().code, Code::Unreachable);
        // The same session may be opened anew.
        QVERIFY2(other.start(), qPrintable(other.errorText()));
        const auto again = session.open(targetOf(other, ConnectionSecurity::Tls));
        VERIFY_RESULT(again);
    }
};

CONSOLE_TEST(SessionTest)
#include "tst_session.moc"
