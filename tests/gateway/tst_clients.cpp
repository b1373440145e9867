// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real directory server through gateway clients: with and without TLS, end to end; what goes wrong on the way, and
// that a cut link is never an end of a read.
#include "gateway/connector.h"
#include "gateway/route.h"
#include "gateway/test.h"
#include "link/lending.h"
#include "tests/gateway/gateways.h"
#include "tests/ldap/waiting.h"
#include "tests/link/linkfixture.h"
#include "tests/support/stallingproxy.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QElapsedTimer>
#include <QTest>

#include <thread>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using core::ConnectionSecurity;

class ClientsTest : public QObject {
    Q_OBJECT

    static constexpr int kPeople = 3'000;
    std::unique_ptr<Slapd> m_slapd;

    core::Gateway gatewayThrough(const Tunnelled &tunnel, ConnectionSecurity security = ConnectionSecurity::Tls) const
    {
        core::Gateway gateway = gatewayTo(*m_slapd, security);
        gateway.id = tunnel.gateway;
        gateway.mode = core::GatewayMode::Clients;
        return gateway;
    }
    QList<quint16> bothPorts() const { return {m_slapd->port(), m_slapd->tlsPort()}; }
    static ldap::SearchRequest everybody(int page = 500)
    {
        ldap::SearchRequest request;
        request.base = "ou=people,dc=example,dc=com";
        request.filter = "(objectClass=inetOrgPerson)";
        request.attributes = std::make_shared<const core::SlotNames>(QList<QByteArray>{"uid", "cn", "entryUUID"});
        request.pageSize = page;
        return request;
    }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        Slapd::Options options;
        options.globalLines = {QStringLiteral("moduleload retcode")};
        options.databaseLines = kSlowLines;
        m_slapd = std::make_unique<Slapd>(options);
        QVERIFY2(m_slapd->load(Slapd::people(kPeople)), qPrintable(m_slapd->errorText()));
        QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    }

    void opens_data()
    {
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::newRow("none") << ConnectionSecurity::None;
        QTest::newRow("TLS") << ConnectionSecurity::Tls;
        QTest::newRow("StartTLS") << ConnectionSecurity::StartTls;
    }
    void opens()
    {
        QFETCH(ConnectionSecurity, security);
        Tunnelled tunnel;
        gateway::RouteRegistration registration;
        registration.set({tunnel.gateway}, {tunnel.endpoint, {}, {}});
        const auto client = tunnel.connectClient(bothPorts());
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto open = gateway::openSession(gatewayThrough(tunnel, security), {});
        VERIFY_RESULT(open);
        QCOMPARE(open->server.product, ldap::Product::OpenLdap);
        QCOMPARE(open->session->certificate().has_value(), security != ConnectionSecurity::None);
        QCOMPARE(client->state().streams, 1);
        qint64 read = 0;
        const auto end = open->session->search(everybody(), [&](core::EntryBatch &&page) {
            read += page.size();
            return true;
        });
        VERIFY_RESULT(end);
        QVERIFY(end->complete);
        QCOMPARE(read, qint64(kPeople));
    }

    // Many searches and changes at a time on one stream, one of them cancelled and one too late; with content
    // synchronization (RFC 4533) in between.
    void manyInFlight_data() { opens_data(); }
    void manyInFlight()
    {
        QFETCH(ConnectionSecurity, security);
        Tunnelled tunnel;
        gateway::RouteRegistration registration;
        registration.set({tunnel.gateway}, {tunnel.endpoint, {}, {}});
        const auto client = tunnel.connectClient(bothPorts());
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto open = gateway::openSession(gatewayThrough(tunnel, security), {});
        VERIFY_RESULT(open);
        // SyncRequestValue: refreshAndPersist.
        const ldap::RequestControl persist{"1.3.6.1.4.1.4203.1.9.1.1", true, QByteArray("\x30\x03\x0a\x01\x03")};
        QCOMPARE(sixtyFourInFlight(*open->session->channel(), "ou=people,dc=example,dc=com", {persist}, slowSearch()), QString());
        const auto changes = std::make_shared<Everything>();
        VERIFY_RESULT(open->session->channel()->submit({ldap::SearchOperation{"ou=people,dc=example,dc=com", ldap::Scope::OneLevel, "(uid=user.12)"},
                                                        {persist}}, changes));
        QVERIFY(changes->waitFor([&] { return !changes->intermediates().isEmpty(); }));
        QVERIFY(!changes->entries().isEmpty());
        QVERIFY(!changes->entries().constFirst().controls.isEmpty());
    }

    // Another program has the endpoint and lends: TLS and all is spoken from here; without it the fault is told.
    void throughAnotherProgram()
    {
        QTemporaryDir folder;
        const QString socket = link::lendingSocketOf(folder.filePath(QStringLiteral("home.gatehouse")));
        Tunnelled tunnel;
        const auto client = tunnel.connectClient(bothPorts());
        QTRY_COMPARE(tunnel.clients(), 1);
        auto lender = link::Lender::open(socket, tunnel.endpoint);
        VERIFY_RESULT(lender);
        gateway::RouteRegistration registration;
        const core::Error held{Code::Busy, QStringLiteral("another program has the endpoint")};
        registration.set({tunnel.gateway}, {nullptr, held, QDeadlineTimer(0), socket});
        const auto open = gateway::openSession(gatewayThrough(tunnel), {});
        VERIFY_RESULT(open);
        QVERIFY(open->session->certificate().has_value());
        const auto end = open->session->search(everybody(), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, qint64(kPeople));
        lender->reset();
        QCOMPARE(gateway::openSession(gatewayThrough(tunnel), {}, briefDeadlines()).error().code, Code::Busy);
    }

    void certificatesAreCheckedEndToEnd()
    {
        Tunnelled tunnel;
        gateway::RouteRegistration registration;
        registration.set({tunnel.gateway}, {tunnel.endpoint, {}, {}});
        const auto client = tunnel.connectClient(bothPorts());
        QTRY_COMPARE(tunnel.clients(), 1);
        QTemporaryDir elsewhere;
        const Authority other(elsewhere.path(), QStringLiteral("Somebody Else"));
        for (const auto security : {ConnectionSecurity::Tls, ConnectionSecurity::StartTls}) {
            core::Gateway gateway = gatewayThrough(tunnel, security);
            gateway.caCertificateFile = other.caFile();
            const auto refused = gateway::openSession(gateway, {}, briefDeadlines());
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, Code::Untrusted);
            // The reason too was found through the tunnel: this machine does not go to the server itself.
            QVERIFY2(refused.error().detail.contains(QStringLiteral("not trusted")), qPrintable(refused.error().text()));
            gateway.pinnedCertificateSha256 = QString::fromLatin1(Authority::fingerprint(m_slapd->certificateFile()).toHex());
            VERIFY_RESULT(gateway::openSession(gateway, {}, briefDeadlines()));
        }
    }

    void noWay()
    {
        Tunnelled tunnel;
        const core::Gateway gateway = gatewayThrough(tunnel);
        const auto nowhere = gateway::openSession(gateway, {}, briefDeadlines());
        QVERIFY(!nowhere);
        QCOMPARE(nowhere.error().code, Code::Unreachable);
        gateway::RouteRegistration registration;
        registration.set({tunnel.gateway}, {nullptr, core::Error{Code::Busy, QStringLiteral("another program holds it")}, {}});
        QCOMPARE(gateway::openSession(gateway, {}, briefDeadlines()).error().code, Code::Busy);
        registration.set({tunnel.gateway}, {tunnel.endpoint, {}, {}});
        const auto lonely = gateway::openSession(gateway, {}, briefDeadlines());
        QVERIFY(!lonely);
        QCOMPARE(lonely.error().code, Code::Unreachable);
        QVERIFY(lonely.error().what.contains(QStringLiteral("no gateway client is connected")));
        QVERIFY(lonely.error().detail.contains(QStringLiteral("gatehouse-gateway")));
        registration.clear();
        QVERIFY(!gateway::routeTo(tunnel.gateway));
    }

    void serversAreTriedInOrder()
    {
        Tunnelled tunnel;
        gateway::RouteRegistration registration;
        registration.set({tunnel.gateway}, {tunnel.endpoint, {}, {}});
        const auto client = tunnel.connectClient({m_slapd->tlsPort(), 1});
        QTRY_COMPARE(tunnel.clients(), 1);
        core::Gateway gateway = gatewayThrough(tunnel);
        // Not allowed, closed, good.
        gateway.serversHostAndPort = {QStringLiteral("dc9.example.com:636"), QStringLiteral("127.0.0.1:1"), m_slapd->tlsHostAndPort()};
        const auto open = gateway::openSession(gateway, {}, briefDeadlines());
        VERIFY_RESULT(open);
        QCOMPARE(open->serverHostAndPort, m_slapd->tlsHostAndPort());
        gateway.serversHostAndPort = {QStringLiteral("dc9.example.com:636")};
        QCOMPARE(gateway::openSession(gateway, {}, briefDeadlines()).error().code, Code::Denied);
    }

    void testsStageByStage()
    {
        Tunnelled tunnel;
        gateway::RouteRegistration registration;
        registration.set({tunnel.gateway}, {tunnel.endpoint, {}, {}});
        const core::Gateway gateway = gatewayThrough(tunnel);
        const auto alone = gateway::runTest(gateway, {}, {}, {}, briefDeadlines());
        QCOMPARE(alone.size(), 1);
        QVERIFY(!alone.first().passed());
        const auto failed = std::find_if(alone.first().stages.begin(), alone.first().stages.end(),
                                         [](const auto &stage) { return stage.verdict == gateway::Verdict::Failed; });
        QVERIFY(failed->remedy.contains(QStringLiteral("gatehouse-gateway")));
        const auto client = tunnel.connectClient(bothPorts());
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto reports = gateway::runTest(gateway, {QStringLiteral("ou=people,dc=example,dc=com")}, {}, {}, briefDeadlines());
        QCOMPARE(reports.size(), 1);
        QVERIFY(reports.first().passed());
        QVERIFY(reports.first().stages.at(1).text.contains(QStringLiteral("branch-1")));
        QVERIFY(reports.first().stages.at(2).text.contains(QStringLiteral("TLS")));
    }

    void aClientThatDiesInAReadIsAnError()
    {
        Tunnelled tunnel;
        gateway::RouteRegistration registration;
        registration.set({tunnel.gateway}, {tunnel.endpoint, {}, {}});
        auto first = tunnel.connectClient(bothPorts());
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto open = gateway::openSession(gatewayThrough(tunnel), {});
        VERIFY_RESULT(open);
        const auto second = tunnel.connectClient(bothPorts());
        QTRY_COMPARE(tunnel.clients(), 2);
        int pages = 0;
        const auto end = open->session->search(everybody(100), [&](core::EntryBatch &&) {
            if (++pages == 3)
                first->end();
            return true;
        });
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::Unreachable);
        QVERIFY(pages < kPeople / 100);
        // The next session goes through the other one and reads everything.
        const auto again = gateway::openSession(gatewayThrough(tunnel), {});
        VERIFY_RESULT(again);
        const auto whole = again->session->search(everybody(), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(whole);
        QCOMPARE(whole->entries, qint64(kPeople));
        QCOMPARE(second->state().streams, 1);
    }

    void deadlinesAndCancelsHold()
    {
        StallingProxy::Behaviour stalls;
        stalls.stallAfter = 20'000;
        StallingProxy proxy(m_slapd->port(), stalls);
        Tunnelled tunnel;
        gateway::RouteRegistration registration;
        registration.set({tunnel.gateway}, {tunnel.endpoint, {}, {}});
        const auto client = tunnel.connectClient({proxy.port()});
        QTRY_COMPARE(tunnel.clients(), 1);
        core::Gateway gateway = gatewayThrough(tunnel, ConnectionSecurity::None);
        gateway.serversHostAndPort = {proxy.hostAndPort()};
        ldap::Deadlines deadlines = briefDeadlines();
        deadlines.silence = std::chrono::milliseconds(500);
        const auto open = gateway::openSession(gateway, {}, deadlines);
        VERIFY_RESULT(open);
        QElapsedTimer timer;
        timer.start();
        const auto stalled = open->session->search(everybody(), [](core::EntryBatch &&) { return true; });
        QVERIFY(!stalled);
        QCOMPARE(stalled.error().code, Code::Timeout);
        QVERIFY(timer.elapsed() < 3'000);

        // A server that is slow, but never silent, is waited for longer than the silence that is allowed.
        StallingProxy::Behaviour slow;
        slow.trickle = 4'000;
        slow.delayMilliseconds = 20;
        proxy.setBehaviour(slow);
        const auto slowly = gateway::openSession(gateway, {}, deadlines);
        VERIFY_RESULT(slowly);
        ldap::SearchRequest some = everybody(1'000);
        some.limit = 1'000;
        timer.start();
        const auto came = slowly->session->search(some, [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(came);
        QCOMPARE(came->entries, qint64(1'000));
        QVERIFY2(timer.elapsed() > 600, "the server was not slow enough to prove anything");

        core::CancelToken cancel;
        proxy.setBehaviour(stalls);
        const auto cancelled = gateway::openSession(gateway, cancel, deadlines);
        VERIFY_RESULT(cancelled);
        std::thread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            cancel.cancel();
        });
        timer.start();
        QCOMPARE(cancelled->session->search(everybody(), [](core::EntryBatch &&) { return true; }).error().code, Code::Cancelled);
        later.join();
        QVERIFY(timer.elapsed() < 450);
    }
};

CONSOLE_TEST(ClientsTest)
#include "tst_clients.moc"
