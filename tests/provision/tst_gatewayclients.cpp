// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs through gateway clients: the environment's endpoint, who is let in, and that a client which dies in the middle of
// a read costs nobody anything.
#include "gateway/test.h"
#include "provision/clientneed.h"
#include "provision/gatewayclients.h"
#include "store/gatewaycredentials.h"
#include "tests/link/linkfixture.h"
#include "tests/provision/scenario.h"
#include "tests/support/stallingproxy.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::provision;

class GatewayClientsTest : public QObject {
    Q_OBJECT

    /// A port that was free a moment ago.
    static quint16 freePort()
    {
        link::Endpoint probe;
        QTemporaryDir folder;
        const auto identity = link::ownIdentity(folder.filePath(QStringLiteral("e.pem")));
        const auto port = probe.listen(QStringLiteral("127.0.0.1"), 0, *identity);
        return port.value_or(0);
    }

    /// The scenario's gateway is behind clients now, and the endpoint listens on a port of its own.
    static bool throughClients(test::Scenario &scenario)
    {
        scenario.gateway().mode = core::GatewayMode::Clients;
        store::EndpointSettings settings;
        settings.listen = QStringLiteral("127.0.0.1");
        settings.hostName = QStringLiteral("127.0.0.1");
        settings.port = freePort();
        return scenario.save() && store::GatewayCredentials(scenario.environment->database()).setEndpoint(settings);
    }

    static link::ClientOptions optionsFor(test::Scenario &scenario, const GatewayClients &clients, const core::GatewayCredential &credential,
                                          quint16 serverPort)
    {
        link::ClientOptions options;
        options.host = QStringLiteral("127.0.0.1");
        options.port = clients.endpoint().settings.port;
        options.fingerprint = clients.endpoint().fingerprint;
        options.credential = credential;
        options.hostName = scenario.gateway().name;
        options.servers = {{QStringLiteral("127.0.0.1"), serverPort}};
        options.timing = test::briskTiming();
        return options;
    }

private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void aClientThatDiesInAReadRemovesNobody()
    {
        test::Scenario scenario;
        QVERIFY(scenario.begin(test::Slapd::people(3'000)));
        test::StallingProxy proxy(scenario.slapd.port());
        scenario.gateway().serversHostAndPort = {proxy.hostAndPort()};
        scenario.rule().guards = {-1, -1}; // nothing but the rule itself protects
        QVERIFY(throughClients(scenario));
        const auto credential = store::GatewayCredentials(scenario.environment->database()).create(scenario.gateway().id);
        VERIFY_RESULT(credential);

        GatewayClients clients(scenario.path(), std::chrono::seconds(5), nullptr, test::briskTiming());
        QSignalSpy looked(&clients, &GatewayClients::looked);
        clients.start();
        QTRY_COMPARE(looked.size(), 1);
        QVERIFY2(clients.endpoint().isOpen, clients.endpoint().fault ? qPrintable(clients.endpoint().fault->text()) : "");
        std::vector<std::unique_ptr<test::ClientThread>> both;
        for (int i = 0; i < 2; ++i)
            both.push_back(std::make_unique<test::ClientThread>(optionsFor(scenario, clients, *credential, proxy.port())));
        QTRY_COMPARE(clients.instances().size(), 2);

        const auto first = scenario.apply();
        QVERIFY2(!first.error, first.error ? qPrintable(first.error->text()) : "");
        QCOMPARE(first.counts.users.create, qint64(3'000));

        // In the second run the server stops after some pages, and then the client goes that carries it.
        const qint64 before = proxy.fromServer();
        proxy.setBehaviour({.stallAfter = 400'000});
        bool killed = false;
        QTimer killer;
        connect(&killer, &QTimer::timeout, this, [&] {
            if (killed || proxy.fromServer() - before < 300'000)
                return;
            for (auto &client : both) {
                if (!killed && client->state().streams > 0) {
                    client->end();
                    killed = true;
                }
            }
        });
        killer.start(10);
        const auto cut = scenario.apply();
        killer.stop();
        QVERIFY(killed);
        QCOMPARE(cut.status, store::RunStatus::Failed);
        QVERIFY(cut.error.has_value());
        QCOMPARE(cut.error->code, core::Code::Unreachable);
        QCOMPARE(cut.counts.users.disable, qint64(0));
        QCOMPARE(cut.counts.users.remove, qint64(0));
        QCOMPARE(scenario.userCount(), qint64(3'000));

        // And the next run goes through the other client, finds everybody and has nothing to do.
        proxy.setBehaviour({});
        QTRY_COMPARE(clients.instances().size(), 1);
        const auto next = scenario.apply();
        QVERIFY2(!next.error, next.error ? qPrintable(next.error->text()) : "");
        QCOMPARE(next.counts.users.unchanged, qint64(3'000));
        QCOMPARE(next.counts.changes(), qint64(0));
    }

    void needs()
    {
        using link::Need;
        core::Connection connection;
        connection.name = QStringLiteral("Directory");
        connection.gateway = QStringLiteral("Directory");
        core::Rule rule;
        rule.connection = connection.name;
        core::Configuration configuration;
        core::Gateway gateway;
        gateway.name = connection.gateway;
        configuration.gateways = {gateway};
        QCOMPARE(needOf(configuration, gateway), Need::Lookup);
        configuration.connections = {connection};
        configuration.rules = {rule};
        QCOMPARE(needOf(configuration, gateway), Need::InboundProvisioning);
        // Memberships alone, or groups alone, move nobody's memberships.
        for (const auto &[memberships, groups, need] : {std::tuple{false, false, Need::InboundProvisioning},
                                                        std::tuple{true, false, Need::InboundProvisioning},
                                                        std::tuple{false, true, Need::InboundProvisioning},
                                                        std::tuple{true, true, Need::GroupMemberships}}) {
            configuration.connections[0].groups.memberships = memberships;
            configuration.rules[0].scope.groupOrganizationalUnits =
                groups ? QStringList{QStringLiteral("ou=groups")} : QStringList();
            QCOMPARE(needOf(configuration.connections[0], configuration.rules[0]), need);
            QCOMPARE(needOf(configuration, configuration.connections[0]), need);
            QCOMPARE(needOf(configuration, gateway), need);
        }
    }

    void olderClientsAreRefusedForWhatTheyCannotDo()
    {
        test::Scenario scenario;
        QVERIFY(scenario.begin(test::Slapd::people(20)));
        QVERIFY(throughClients(scenario));
        const auto credential = store::GatewayCredentials(scenario.environment->database()).create(scenario.gateway().id);
        VERIFY_RESULT(credential);
        GatewayClients clients(scenario.path(), std::chrono::seconds(0), nullptr, test::briskTiming());
        QSignalSpy looked(&clients, &GatewayClients::looked);
        clients.start();
        QTRY_COMPARE(looked.size(), 1);
        const auto client = [&](const char *version) {
            link::ClientOptions options = optionsFor(scenario, clients, *credential, scenario.slapd.port());
            options.version = QString::fromLatin1(version);
            return std::make_unique<test::ClientThread>(options);
        };
        const auto refused = [&](const RunOutcome &outcome, const char *words) {
            QVERIFY(outcome.error.has_value());
            QCOMPARE(outcome.error->code, core::Code::Unsupported);
            QVERIFY2(outcome.error->text().contains(QString::fromLatin1(words)), qPrintable(outcome.error->text()));
        };

        auto ancient = client("2.3.2");
        QTRY_COMPARE(clients.instances().size(), 1);
        refused(scenario.plan(), "inbound provisioning needs version 2.3.3 or later");
        refused(scenario.apply(), "inbound provisioning needs version 2.3.3 or later");
        QCOMPARE(scenario.userCount(), qint64(0));
        ancient.reset();
        QTRY_COMPARE(clients.instances().size(), 0);

        // One that provisions people, but not their memberships.
        const auto older = client("3.1.2");
        QTRY_COMPARE(clients.instances().size(), 1);
        QCOMPARE(scenario.plan().counts.users.create, qint64(20));
        scenario.connection().groups.memberships = true;
        QVERIFY(scenario.save());
        QCOMPARE(scenario.plan().counts.users.create, qint64(20));
        scenario.rule().scope.baseDn = scenario.slapd.baseDn();
        scenario.rule().scope.userOrganizationalUnits = {QStringLiteral("ou=people,dc=example,dc=com")};
        scenario.rule().scope.groupOrganizationalUnits = {QStringLiteral("ou=groups,dc=example,dc=com")};
        QVERIFY(scenario.save());
        for (const RunOutcome &outcome : {scenario.plan(), scenario.plan(QStringLiteral("user.3")), scenario.apply()})
            refused(outcome, "the provisioning of group memberships needs version 4.0 or later");
        QCOMPARE(scenario.userCount(), qint64(0));
        // The connection test says the same, since it asks for what the rules need; looking people up goes on.
        const auto reports = gateway::runTest(scenario.gateway(), {}, {}, {}, {}, {needOf(scenario.configuration, scenario.gateway()), {}, {}});
        const auto failed = std::find_if(reports.first().stages.begin(), reports.first().stages.end(),
                                         [](const auto &stage) { return stage.verdict == gateway::Verdict::Failed; });
        QVERIFY(failed != reports.first().stages.end());
        QVERIFY2(failed->error->text().contains(QStringLiteral("4.0")), qPrintable(failed->error->text()));
        QCOMPARE(failed->remedy, QStringLiteral("Update the gateway client."));
        QVERIFY(gateway::runTest(scenario.gateway(), {}, {}).first().passed());

        // With a newer one beside it the run goes through that.
        const auto newer = client(link::kClientVersion);
        QTRY_COMPARE(clients.instances().size(), 2);
        const RunOutcome done = scenario.apply();
        QVERIFY2(!done.error, done.error ? qPrintable(done.error->text()) : "");
        QCOMPARE(done.counts.users.create, qint64(20));
    }

    void followsTheEnvironment()
    {
        test::Scenario scenario;
        QVERIFY(scenario.begin(test::Slapd::people(3)));
        GatewayClients clients(scenario.path(), std::chrono::seconds(0), nullptr, test::briskTiming());
        QSignalSpy looked(&clients, &GatewayClients::looked);
        QSignalSpy credentials(&clients, &GatewayClients::credentialsChanged);
        clients.start();
        QTRY_COMPARE(looked.size(), 1);
        QVERIFY(!clients.endpoint().isNeeded);
        QVERIFY(!clients.endpoint().isOpen);

        // What another connection to the environment does is noticed without being told.
        QVERIFY(throughClients(scenario));
        store::GatewayCredentials stored(scenario.environment->database());
        const auto credential = stored.create(scenario.gateway().id);
        VERIFY_RESULT(credential);
        QTRY_VERIFY(clients.endpoint().isOpen);
        test::ClientThread client(optionsFor(scenario, clients, *credential, scenario.slapd.port()));
        QTRY_COMPARE(clients.instances().size(), 1);
        QCOMPARE(clients.instancesOf(scenario.gateway().id).size(), 1);
        QTRY_VERIFY(stored.list()->first().lastUsedAt.isValid());
        QTRY_VERIFY(credentials.size() >= 2); // made by another connection, then used
        QCOMPARE(alertsOf(scenario.gateway(), clients.instances()), QList<GatewayAlert>{GatewayAlert::SingleInstanceConnected});

        // A second program of this environment says who has the clients.
        GatewayClients second(scenario.path(), std::chrono::seconds(0), nullptr, test::briskTiming());
        QSignalSpy secondLooked(&second, &GatewayClients::looked);
        second.start();
        QTRY_COMPARE(secondLooked.size(), 1);
        QVERIFY(!second.endpoint().isOpen);
        QCOMPARE(second.endpoint().fault->code, core::Code::Busy);

        VERIFY_RESULT(stored.revoke(credential->id));
        QTRY_COMPARE(clients.instances().size(), 0);
        QVERIFY(client.state().lastFault.contains(QStringLiteral("credential")) || client.state().attempts > 0);

        scenario.gateway().mode = core::GatewayMode::Direct;
        QVERIFY(scenario.save());
        QTRY_VERIFY(!clients.endpoint().isOpen);
        // Then the other one would have its turn, but needs it no more either.
        QTRY_VERIFY(!second.endpoint().isNeeded);
    }

    void alerts()
    {
        core::Gateway gateway;
        gateway.id = QUuid::createUuid();
        gateway.mode = core::GatewayMode::Clients;
        QCOMPARE(alertsOf(gateway, {}), QList<GatewayAlert>{GatewayAlert::NoInstanceConnected});
        link::Instance now;
        now.gateway = gateway.id;
        link::Instance old = now;
        old.updateStatus = link::UpdateStatus::UpgradeRecommended;
        link::Instance ancient = now;
        ancient.updateStatus = link::UpdateStatus::UpgradeRequired;
        link::Instance elsewhere;
        elsewhere.gateway = QUuid::createUuid();
        QCOMPARE(alertsOf(gateway, {now, elsewhere}), QList<GatewayAlert>{GatewayAlert::SingleInstanceConnected});
        QCOMPARE(alertsOf(gateway, {now, old}), QList<GatewayAlert>{GatewayAlert::VersionDeprecated});
        QCOMPARE(alertsOf(gateway, {now, ancient}), QList<GatewayAlert>{GatewayAlert::VersionTooOld});
        gateway.validateTlsCertificates = false;
        QCOMPARE(alertsOf(gateway, {now, now}), QList<GatewayAlert>{GatewayAlert::NoTlsVerification});
        gateway.mode = core::GatewayMode::Direct;
        QCOMPARE(alertsOf(gateway, {}), QList<GatewayAlert>{GatewayAlert::NoTlsVerification});
    }

    void startCommands()
    {
        core::Gateway gateway;
        gateway.serversHostAndPort = {QStringLiteral("dc1.example.com:636"), QStringLiteral("[2001:db8::1]:636")};
        store::EndpointSettings settings;
        settings.hostName = QStringLiteral("console.example.com");
        const QByteArray fingerprint(32, '\xab');
        const QString command = startCommand(gateway, settings, fingerprint);
        QVERIFY2(command.startsWith(QStringLiteral("gatehouse-gateway --endpoint wss://console.example.com:8443 --fingerprint abab")),
                 qPrintable(command));
        QVERIFY(command.contains(QStringLiteral("--server dc1.example.com:636 --server '[2001:db8::1]:636'")));
        QVERIFY(command.endsWith(QStringLiteral("--credential-file FILE")));
        // Kerberos tickets come from the same hosts' other port.
        gateway.kerberos = core::Kerberos{};
        gateway.serversHostAndPort.append(QStringLiteral("dc1.example.com:389"));
        const QString withTickets = startCommand(gateway, settings, fingerprint);
        QVERIFY2(withTickets.contains(QStringLiteral("--server dc1.example.com:88 --server '[2001:db8::1]:88'")), qPrintable(withTickets));
        QCOMPARE(withTickets.count(QStringLiteral(":88")), 2);
        settings.certificateFile = QStringLiteral("/etc/c.pem");
        QVERIFY(!startCommand(gateway, settings, fingerprint).contains(QStringLiteral("--fingerprint")));
    }
};

CONSOLE_TEST(GatewayClientsTest)
#include "tst_gatewayclients.moc"
