// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gateways that bind with a Kerberos ticket at a real Active Directory domain controller: by this machine and through a
// gateway client, as the bind account and as the Kerberos service account; what the connection test says of it, and what it
// advises where it does not work.
#include "gateway/connector.h"
#include "gateway/route.h"
#include "gateway/test.h"
#include "tests/gateway/gateways.h"
#include "tests/gateway/reports.h"
#include "tests/link/linkfixture.h"
#include "tests/support/sambadc.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using core::ConnectionSecurity;
using gateway::Stage;
using gateway::Verdict;

namespace {
const QByteArray kGood = "Good-password-1";
}

class TicketBindTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("samba");
        REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
        for (SambaDc *directory : {&m_directory, &m_strict}) {
            QVERIFY2(directory->start(SambaDc::user("svc", kGood) + SambaDc::user("svc-web", kGood, 66048, "servicePrincipalName: HTTP/console\n")),
                     qPrintable(directory->errorText()));
        }
    }

    void opens_data()
    {
        QTest::addColumn<int>("security");
        QTest::addColumn<bool>("throughClient");
        QTest::newRow("TLS") << int(ConnectionSecurity::Tls) << false;
        QTest::newRow("sealed") << int(ConnectionSecurity::None) << false;
        QTest::newRow("TLS, through a client") << int(ConnectionSecurity::Tls) << true;
        QTest::newRow("sealed, through a client") << int(ConnectionSecurity::None) << true;
    }
    void opens()
    {
        QFETCH(int, security);
        QFETCH(bool, throughClient);
        core::Gateway gateway = gatewayTo(ConnectionSecurity(security));
        Tunnelled tunnel;
        gateway::RouteRegistration registration;
        std::unique_ptr<ClientThread> client;
        if (throughClient) {
            gateway.id = tunnel.gateway;
            gateway.mode = core::GatewayMode::Clients;
            registration.set({tunnel.gateway}, {tunnel.endpoint, {}, {}});
            client = tunnel.connectClient({389, 636, 88}, m_directory.address());
            QTRY_COMPARE(tunnel.clients(), 1);
        }
        const auto open = gateway::openSession(gateway, {});
        VERIFY_RESULT(open);
        VERIFY_RESULT(open->session->read("OU=Staff,DC=lab,DC=example", {"ou"}));
        QVERIFY(open->session->isConfidential());
    }

    void theServiceAccountBindsWhereNoOtherIsNamed()
    {
        core::Gateway gateway = gatewayTo(ConnectionSecurity::Tls);
        gateway.bindDn.clear();
        gateway.bindPassword = {};
        gateway.kerberos = core::Kerberos{QStringLiteral("svc-web@lab.example"), secretFile(m_folder.path(), kGood)};
        QCOMPARE(gateway::bindAccountOf(gateway), QStringLiteral("svc-web@lab.example"));
        VERIFY_RESULT(gateway::openSession(gateway, {}));
        const auto reports = gateway::runTest(gateway, {}, {});
        QCOMPARE(at(reports.constFirst(), Stage::Bind).verdict, Verdict::Passed);
        QVERIFY2(at(reports.constFirst(), Stage::Tickets).text.contains(QStringLiteral("tickets for HTTP/console can be read")),
                 qPrintable(at(reports.constFirst(), Stage::Tickets).text));
        QVERIFY2(at(reports.constFirst(), Stage::Bind).text.contains(QStringLiteral("svc-web@lab.example with a Kerberos ticket")),
                 qPrintable(at(reports.constFirst(), Stage::Bind).text));
    }

    void aClientThatMayNotGoToTheCentre()
    {
        core::Gateway gateway = gatewayTo(ConnectionSecurity::Tls);
        Tunnelled tunnel;
        gateway::RouteRegistration registration;
        gateway.id = tunnel.gateway;
        gateway.mode = core::GatewayMode::Clients;
        registration.set({tunnel.gateway}, {tunnel.endpoint, {}, {}});
        const auto client = tunnel.connectClient({636}, m_directory.address());
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto reports = gateway::runTest(gateway, {}, {});
        const gateway::StageResult bind = at(reports.constFirst(), Stage::Bind);
        QCOMPARE(bind.verdict, Verdict::Failed);
        QVERIFY2(bind.remedy.contains(QStringLiteral("--server NAME:88")), qPrintable(bind.text + u'|' + bind.remedy));
    }

    void advice_data()
    {
        QTest::addColumn<std::function<void(core::Gateway &)>>("change");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("advises");
        const auto row = [](const char *tag, const char *says, const char *advises, const std::function<void(core::Gateway &)> &change) {
            QTest::newRow(tag) << change << QString::fromLatin1(says) << QString::fromLatin1(advises);
        };
        const QString folder = m_folder.path();
        row("wrong password", "the password is wrong", "letter case",
            [folder](core::Gateway &gateway) { gateway.bindPassword = secretFile(folder, "wrong"); });
        row("no such account", "knows no such account", "user principal name",
            [](core::Gateway &gateway) { gateway.bindDn = QStringLiteral("nobody@lab.example"); });
        row("no password", "no password for", "reference", [](core::Gateway &gateway) { gateway.bindPassword.name = QStringLiteral("/nowhere"); });
        const QString strict = m_strict.tlsHostAndPort();
        const QString authority = m_strict.caFile();
        row("tickets not taken in TLS", "strongerAuthRequired", "Choose None", [strict, authority](core::Gateway &gateway) {
            gateway.serversHostAndPort = {strict};
            gateway.caCertificateFile = authority;
        });
    }
    void advice()
    {
        using Change = std::function<void(core::Gateway &)>;
        QFETCH(Change, change);
        QFETCH(QString, says);
        QFETCH(QString, advises);
        core::Gateway gateway = gatewayTo(ConnectionSecurity::Tls);
        change(gateway);
        const auto reports = gateway::runTest(gateway, {}, {});
        const gateway::StageResult bind = at(reports.constFirst(), Stage::Bind);
        QCOMPARE(bind.verdict, Verdict::Failed);
        QVERIFY2(bind.text.contains(says), qPrintable(bind.text));
        QVERIFY2(bind.remedy.contains(advises), qPrintable(bind.remedy));
    }

    void serviceAccounts_data()
    {
        QTest::addColumn<QString>("account");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("advises");
        QTest::newRow("wrong password") << QStringLiteral("svc-web@lab.example") << QByteArray("wrong") << QStringLiteral("the password is wrong")
                                        << QStringLiteral("letter case");
        QTest::newRow("no name for tickets") << QStringLiteral("svc@lab.example") << kGood << QStringLiteral("has no service principal name")
                                             << QStringLiteral("setspn -S HTTP/console.example.com svc");
        QTest::newRow("nobody") << QStringLiteral("nobody@lab.example") << kGood << QStringLiteral("knows no such account")
                                << QStringLiteral("user principal name");
    }
    void serviceAccounts()
    {
        QFETCH(QString, account);
        QFETCH(QByteArray, password);
        QFETCH(QString, says);
        QFETCH(QString, advises);
        core::Gateway gateway = gatewayTo(ConnectionSecurity::Tls);
        gateway.kerberos = core::Kerberos{account, secretFile(m_folder.path(), password)};
        const auto reports = gateway::runTest(gateway, {}, {});
        const gateway::StageResult tickets = at(reports.constFirst(), Stage::Tickets);
        QCOMPARE(tickets.verdict, Verdict::Failed);
        QVERIFY2(tickets.text.contains(says), qPrintable(tickets.text));
        QVERIFY2(tickets.remedy.contains(advises), qPrintable(tickets.remedy));
        gateway.kerberos.reset();
        QCOMPARE(gateway::stagesOf(gateway).contains(Stage::Tickets), false);
        QCOMPARE(gateway::runTest(gateway, {}, {}).constFirst().stages.size(), kStages.size());
    }

    void whatWasTypedIsTriedBeforeItIsStored()
    {
        core::Gateway gateway = gatewayTo(ConnectionSecurity::Tls);
        const core::SecretReference keychain{core::SecretReference::Kind::Keychain, {}}; // which has neither
        gateway.bindPassword = keychain;
        gateway.kerberos = core::Kerberos{QStringLiteral("svc-web@lab.example"), keychain};
        const auto reports = gateway::runTest(gateway, {}, {}, {}, {}, {link::Need::Lookup, core::Secret(kGood), core::Secret(kGood)});
        for (const Stage stage : {Stage::Bind, Stage::Tickets}) {
            const gateway::StageResult result = at(reports.constFirst(), stage);
            QVERIFY2(result.verdict == Verdict::Passed, qPrintable(result.text));
        }
    }

    void withoutTlsKerberosSeals()
    {
        const auto reports = gateway::runTest(gatewayTo(ConnectionSecurity::None), {}, {});
        QCOMPARE(at(reports.constFirst(), Stage::Secure).verdict, Verdict::Passed);
        QVERIFY(at(reports.constFirst(), Stage::Bind).text.contains(QStringLiteral("sealed by Kerberos")));
    }

private:
    core::Gateway gatewayTo(ConnectionSecurity security) const
    {
        core::Gateway gateway;
        gateway.name = QStringLiteral("Head office");
        gateway.vendor = core::Vendor::ActiveDirectory;
        gateway.serversHostAndPort = {security == ConnectionSecurity::Tls ? m_directory.tlsHostAndPort() : m_directory.hostAndPort()};
        gateway.connectionSecurity = security;
        gateway.caCertificateFile = m_directory.caFile();
        gateway.bindMechanism = core::BindMechanism::Gssapi;
        gateway.bindDn = QStringLiteral("svc@lab.example");
        gateway.bindPassword = secretFile(m_folder.path(), kGood);
        return gateway;
    }

    SambaDc m_directory;
    SambaDc m_strict{SambaDc::TicketsInTls::Refused};
    QTemporaryDir m_folder;
};

SAMBA_TEST(TicketBindTest, QCoreApplication)
#include "tst_ticketbind.moc"
