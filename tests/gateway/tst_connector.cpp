// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a configured gateway to a session: servers in their order, which failures go on to the next and which do not.
#include "gateway/connector.h"
#include "tests/gateway/gateways.h"
#include "tests/support/fakeldapserver.h"
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

class ConnectorTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    std::unique_ptr<Slapd> m_slapd;

    static QString closedPort() { return QStringLiteral("127.0.0.1:1"); }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_slapd = std::make_unique<Slapd>();
        QVERIFY2(m_slapd->load(Slapd::people(10)), qPrintable(m_slapd->errorText()));
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
        const core::Gateway gateway = gatewayTo(*m_slapd, security);
        const auto open = gateway::openSession(gateway, {});
        VERIFY_RESULT(open);
        QCOMPARE(open->serverHostAndPort, gateway.serversHostAndPort.first());
        QCOMPARE(open->server.product, ldap::Product::OpenLdap);
        VERIFY_RESULT(open->session->read("uid=user.1,ou=people,dc=example,dc=com", {"uid"}));
    }

    void opensAnonymouslyWithoutAskingForASecret()
    {
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.bindDn.clear();
        gateway.bindPassword = {core::SecretReference::Kind::File, QStringLiteral("/nonexistent")};
        VERIFY_RESULT(gateway::openSession(gateway, {}));
    }

    void targets()
    {
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort = {QStringLiteral("dc1.example.com:636"), QStringLiteral("[2001:db8::1]:10636")};
        gateway.followReferrals = true;
        gateway.validateTlsCertificates = false;
        gateway.pinnedCertificateSha256 = QStringLiteral("AB:").repeated(31) + QStringLiteral("cd");
        const auto first = gateway::targetOf(gateway, 0, core::Secret("x"), briefDeadlines());
        VERIFY_RESULT(first);
        QCOMPARE(first->host, QStringLiteral("dc1.example.com"));
        QCOMPARE(first->port, quint16(636));
        QCOMPARE(first->security, ConnectionSecurity::Tls);
        QVERIFY(first->followReferrals);
        QVERIFY(!first->trust.verify);
        QCOMPARE(first->trust.pinnedSha256.size(), 32);
        QCOMPARE(first->trust.pinnedSha256.at(31), '\xcd');
        QCOMPARE(first->trust.caFile, m_slapd->caFile());
        QCOMPARE(first->bindDn, m_slapd->bindDn());
        QCOMPARE(first->password.reveal(), QByteArray("x"));
        QCOMPARE(first->deadlines.connect, briefDeadlines().connect);
        const auto second = gateway::targetOf(gateway, 1, {}, {});
        VERIFY_RESULT(second);
        QCOMPARE(second->host, QStringLiteral("2001:db8::1"));
        QCOMPARE(second->port, quint16(10636));

        gateway.pinnedCertificateSha256 = QStringLiteral("abcd");
        QCOMPARE(gateway::targetOf(gateway, 0, {}, {}).error().code, Code::InvalidInput);
        gateway.pinnedCertificateSha256 = QStringLiteral("zz").repeated(32);
        QCOMPARE(gateway::targetOf(gateway, 0, {}, {}).error().code, Code::InvalidInput);
        gateway.pinnedCertificateSha256.clear();
        gateway.serversHostAndPort = {QStringLiteral("dc1:99999")};
        QVERIFY(!gateway::targetOf(gateway, 0, {}, {}));
    }

    void failsOver_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char *kind : {"closed port", "unknown host", "silent", "silent in the handshake", "hangs up", "busy"})
            QTest::newRow(kind) << QString::fromLatin1(kind);
    }
    void failsOver()
    {
        QFETCH(QString, kind);
        StallingProxy::Behaviour behaviour;
        if (kind == QLatin1String("silent"))
            behaviour.forwards = false;
        if (kind == QLatin1String("silent in the handshake"))
            behaviour.stallAfter = 100;
        if (kind == QLatin1String("hangs up"))
            behaviour.cutAfter = 0;
        StallingProxy proxy(m_slapd->tlsPort(), behaviour);
        FakeLdapServer busy([](const FakeLdapServer::Request &request) {
            return request.operation == FakeLdapServer::Operation::Bind
                       ? FakeLdapServer::Reply{FakeLdapServer::bindResponse(request.id, 51)}
                       : FakeLdapServer::usual(request);
        });
        const bool isBusy = kind == QLatin1String("busy");
        core::Gateway gateway = gatewayTo(*m_slapd, isBusy ? ConnectionSecurity::None : ConnectionSecurity::Tls);
        QString bad = proxy.hostAndPort();
        if (isBusy)
            bad = busy.hostAndPort();
        else if (kind == QLatin1String("closed port"))
            bad = closedPort();
        else if (kind == QLatin1String("unknown host"))
            bad = QStringLiteral("no-such-host.invalid:636");
        const QString good = gateway.serversHostAndPort.first();
        gateway.serversHostAndPort = {bad, closedPort(), good};
        const auto open = gateway::openSession(gateway, {}, briefDeadlines());
        VERIFY_RESULT(open);
        QCOMPARE(open->serverHostAndPort, good);
    }

    void goodServerFirstAsksNoOther()
    {
        StallingProxy proxy(m_slapd->tlsPort());
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort.append(proxy.hostAndPort());
        VERIFY_RESULT(gateway::openSession(gateway, {}));
        QCOMPARE(proxy.connections(), 0);
    }

    void noServerAnswers()
    {
        StallingProxy::Behaviour silent;
        silent.forwards = false;
        StallingProxy proxy(m_slapd->tlsPort(), silent);
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort = {closedPort(), proxy.hostAndPort()};
        const auto open = gateway::openSession(gateway, {}, briefDeadlines());
        QVERIFY(!open);
        QCOMPARE(open.error().code, Code::Unreachable);
        QVERIFY(open.error().what.contains(gateway.name));
        // Every server is named with its own reason.
        QVERIFY2(open.error().detail.contains(closedPort() + QStringLiteral(": ")), qPrintable(open.error().text()));
        QVERIFY(open.error().detail.contains(proxy.hostAndPort() + QStringLiteral(": ")));
        QVERIFY(open.error().detail.contains(QLatin1String("refused")));

        gateway.serversHostAndPort = {proxy.hostAndPort(), proxy.hostAndPort()};
        QCOMPARE(gateway::openSession(gateway, {}, briefDeadlines()).error().code, Code::Timeout);
    }

    // Each further try would bring the account nearer to being locked.
    void refusedBindEndsAtOnce()
    {
        StallingProxy first(m_slapd->tlsPort());
        StallingProxy second(m_slapd->tlsPort());
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort = {first.hostAndPort(), second.hostAndPort()};
        gateway.bindPassword = secretFile(m_directory.path(), "wrong");
        const auto open = gateway::openSession(gateway, {}, briefDeadlines());
        QVERIFY(!open);
        QCOMPARE(open.error().code, Code::Unauthenticated);
        QVERIFY(open.error().where.contains(first.hostAndPort()));
        QCOMPARE(first.connections(), 1);
        QCOMPARE(second.connections(), 0);
    }

    void refusedCertificateEndsAtOnce()
    {
        Authority foreign(m_directory.filePath(QStringLiteral("foreign")));
        StallingProxy second(m_slapd->tlsPort());
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort.append(second.hostAndPort());
        gateway.caCertificateFile = foreign.caFile();
        const auto open = gateway::openSession(gateway, {}, briefDeadlines());
        QVERIFY(!open);
        QCOMPARE(open.error().code, Code::Untrusted);
        QCOMPARE(second.connections(), 0);
    }

    void missingSecretAsksNoServer()
    {
        StallingProxy proxy(m_slapd->tlsPort());
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort = {proxy.hostAndPort()};
        gateway.bindPassword = {core::SecretReference::Kind::Environment, QStringLiteral("CONNECTOR_TEST_UNSET")};
        QCOMPARE(gateway::openSession(gateway, {}, briefDeadlines()).error().code, Code::NotFound);
        gateway.bindPassword = {};
        QCOMPARE(gateway::openSession(gateway, {}, briefDeadlines()).error().code, Code::InvalidInput);
        QVERIFY(!proxy.fromClient().contains("cn=admin"));
    }

    void cannotBeOpened()
    {
        core::Gateway radius = gatewayTo(*m_slapd);
        radius.type = core::GatewayType::Radius;
        QCOMPARE(gateway::openSession(radius, {}).error().code, Code::Unsupported);
        core::Gateway clients = gatewayTo(*m_slapd);
        clients.mode = core::GatewayMode::Clients;
        QCOMPARE(gateway::openSession(clients, {}).error().code, Code::Unreachable);
        core::Gateway nowhere = gatewayTo(*m_slapd);
        nowhere.serversHostAndPort.clear();
        QCOMPARE(gateway::openSession(nowhere, {}).error().code, Code::InvalidInput);
    }

    void cancelWhileBlocked()
    {
        StallingProxy::Behaviour silent;
        silent.forwards = false;
        StallingProxy proxy(m_slapd->tlsPort(), silent);
        core::Gateway gateway = gatewayTo(*m_slapd);
        gateway.serversHostAndPort = {proxy.hostAndPort(), proxy.hostAndPort(), m_slapd->tlsHostAndPort()};
        const core::CancelToken cancel;
        QElapsedTimer timer;
        timer.start();
        std::thread canceller([cancel] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            cancel.cancel();
        });
        ldap::Deadlines deadlines;
        deadlines.secure = std::chrono::milliseconds(60'000);
        const auto open = gateway::openSession(gateway, cancel, deadlines);
        canceller.join();
        QVERIFY(!open);
        QCOMPARE(open.error().code, Code::Cancelled);
        QVERIFY(timer.elapsed() < 3'000);
        QCOMPARE(proxy.connections(), 1);
    }

    void tokenEndsTheSessionsLaterWork()
    {
        const core::CancelToken cancel;
        const auto open = gateway::openSession(gatewayTo(*m_slapd), cancel);
        VERIFY_RESULT(open);
        cancel.cancel();
        QCOMPARE(open->session->read("dc=example,dc=com", {"dc"}).error().code, Code::Cancelled);
    }
};

CONSOLE_TEST(ConnectorTest)
#include "tst_connector.moc"
