// SPDX-License-Identifier: GPL-3.0-or-later
//
// Credentials of gateway clients: made once, stored as a hash, listed, revoked, audited; and the endpoint's settings.
#include "core/config/configuration.h"
#include "store/gatewaycredentials.h"
#include "tests/store/environmentfixture.h"
#include "tests/support/testmain.h"

#include <QFile>

using namespace gatehouse;
using namespace gatehouse::store;
using core::Code;

class GatewayCredentialsTest : public QObject {
    Q_OBJECT

    static core::Configuration twoGateways()
    {
        core::Configuration configuration;
        configuration.populations = {{0, {}, QStringLiteral("People"), {}, true}};
        for (const char *name : {"Branch", "Head office"}) {
            core::Gateway gateway;
            gateway.name = QString::fromLatin1(name);
            gateway.mode = core::GatewayMode::Clients;
            gateway.serversHostAndPort = {QStringLiteral("dc1.example.com:636")};
            configuration.gateways.append(gateway);
        }
        return configuration;
    }

    EnvironmentFixture m_fixture;
    QUuid m_branch;
    QUuid m_headOffice;

private slots:
    void init()
    {
        m_fixture.environment.reset();
        QFile::remove(m_fixture.path);
        VERIFY_OK(m_fixture.open());
        VERIFY_OK(m_fixture.environment->configurations().save(twoGateways()));
        const auto stored = m_fixture.environment->configurations().load();
        VERIFY_OK(stored);
        m_branch = stored->gateway(QStringLiteral("Branch"))->id;
        m_headOffice = stored->gateway(QStringLiteral("Head office"))->id;
    }

    void madeOnceAndStoredAsAHash()
    {
        GatewayCredentials credentials(m_fixture.environment->database());
        const auto first = credentials.create(m_branch);
        const auto second = credentials.create(m_headOffice);
        VERIFY_OK(first);
        VERIFY_OK(second);
        QCOMPARE(first->secret.reveal().size(), 32);
        QVERIFY(first->secret.reveal() != second->secret.reveal());
        const auto listed = credentials.list();
        VERIFY_OK(listed);
        QCOMPARE(listed->size(), 2);
        QCOMPARE(listed->at(0).id, first->id);
        QCOMPARE(listed->at(0).gateway, m_branch);
        QCOMPARE(listed->at(0).gatewayName, QStringLiteral("Branch"));
        QVERIFY(core::isCredentialHash(listed->at(0).hash, first->secret));
        QVERIFY(listed->at(0).createdAt.isValid());
        QVERIFY(!listed->at(0).lastUsedAt.isValid());
        VERIFY_OK(credentials.recordUse(first->id));
        QVERIFY(credentials.list()->at(0).lastUsedAt.isValid());
        QVERIFY(!credentials.list()->at(1).lastUsedAt.isValid());

        // Nowhere in the file is the secret, neither as octets nor as text; and the audit has the id only.
        m_fixture.environment.reset();
        QByteArray everything;
        for (const char *suffix : {"", "-wal"}) {
            QFile file(m_fixture.path + QLatin1String(suffix));
            if (file.open(QIODevice::ReadOnly))
                everything += file.readAll();
        }
        QVERIFY(everything.contains(core::credentialHash(first->secret)));
        QVERIFY(!everything.contains(first->secret.reveal()));
        QVERIFY(!everything.contains(first->text().reveal().right(43)));
    }

    void revokedAndAudited()
    {
        GatewayCredentials credentials(m_fixture.environment->database());
        const auto made = credentials.create(m_branch);
        VERIFY_OK(made);
        VERIFY_OK(credentials.revoke(made->id));
        QCOMPARE(credentials.list()->size(), 0);
        QCOMPARE(credentials.revoke(made->id).error().code, Code::NotFound);
        const auto events = m_fixture.environment->audit().list();
        VERIFY_OK(events);
        QCOMPARE(events->at(0).action, QStringLiteral("gateway.credential.revoke"));
        QCOMPARE(events->at(0).subject, QStringLiteral("Branch"));
        QCOMPARE(events->at(1).action, QStringLiteral("gateway.credential.create"));
        QCOMPARE(events->at(1).detail, made->id.toString(QUuid::WithoutBraces));
    }

    void belongToTheirGateway()
    {
        GatewayCredentials credentials(m_fixture.environment->database());
        QCOMPARE(credentials.create(QUuid::createUuid()).error().code, Code::NotFound);
        VERIFY_OK(credentials.create(m_branch));
        VERIFY_OK(credentials.create(m_headOffice));
        auto configuration = *m_fixture.environment->configurations().load();
        configuration.gateways.removeIf([this](const core::Gateway &gateway) { return gateway.id == m_branch; });
        VERIFY_OK(m_fixture.environment->configurations().save(configuration));
        QCOMPARE(credentials.list()->size(), 1);
        QCOMPARE(credentials.list()->at(0).gateway, m_headOffice);
        // And those without a gateway are swept out with the next one.
        VERIFY_OK(credentials.create(m_headOffice));
        QCOMPARE(m_fixture.environment->database().integer("SELECT count(*) FROM gateway_credentials").value(), 2);
    }

    void endpointSettings()
    {
        GatewayCredentials credentials(m_fixture.environment->database());
        QCOMPARE(*credentials.endpoint(), EndpointSettings());
        EndpointSettings settings{QStringLiteral("192.0.2.1"), 9443, QStringLiteral("console.example.com"),
                                  QStringLiteral("/etc/c.pem"), QStringLiteral("/etc/k.pem")};
        VERIFY_OK(credentials.setEndpoint(settings));
        QCOMPARE(*credentials.endpoint(), settings);
        settings.port = 8443;
        VERIFY_OK(credentials.setEndpoint(settings));
        QCOMPARE(*credentials.endpoint(), settings);
        settings.keyFile.clear();
        QCOMPARE(credentials.setEndpoint(settings).error().code, Code::InvalidInput);
        QCOMPARE(m_fixture.environment->audit().list()->at(0).action, QStringLiteral("gateway.endpoint.change"));
    }
};

CONSOLE_TEST(GatewayCredentialsTest)
#include "tst_gatewaycredentials.moc"
