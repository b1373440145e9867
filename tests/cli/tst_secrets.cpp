// SPDX-License-Identifier: GPL-3.0-or-later
//
// Secrets as gatehousectl sees them: files beside the configuration file, a warning where nothing can be retained, and a
// keychain from which config apply takes what no gateway has any longer.
#include "core/config/configuration.h"
#include "gateway/vault.h"
#include "store/configurations.h"
#include "store/environment.h"
#include "tests/cli/ctl.h"
#include "tests/support/keychain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const core::SecretReference kKeychain{core::SecretReference::Kind::Keychain, {}};

QJsonObject configuration(const char *gateways)
{
    return {{QStringLiteral("gateways"), QJsonDocument::fromJson(gateways).array()}};
}

/// A gateway of each kind with all its secrets in the keychain.
constexpr char kAll[] = R"([
  {"name": "Domain", "vendor": "Microsoft Active Directory", "serversHostAndPort": ["dc1.example.com:636"],
   "bindDN": "CN=svc,DC=example,DC=com", "bindPassword": {"keychain": true},
   "kerberos": {"serviceAccountUserPrincipalName": "svc@EXAMPLE.COM", "serviceAccountPassword": {"keychain": true}}},
  {"name": "VPN", "type": "RADIUS", "defaultSharedSecret": {"keychain": true},
   "radiusClients": [{"ip": "192.0.2.10", "sharedSecret": {"keychain": true}}]}])";

} // namespace

class SecretsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { REQUIRE_KEYCHAIN(); }

    void filesStandBesideTheConfigurationFile()
    {
        Ctl ctl;
        const Printed applied = ctl.configure(configuration(R"([
          {"name": "Domain", "vendor": "Microsoft Active Directory", "serversHostAndPort": ["dc1.example.com:636"],
           "bindDN": "CN=svc,DC=example,DC=com", "bindPassword": {"file": "bind"},
           "kerberos": {"serviceAccountUserPrincipalName": "svc@EXAMPLE.COM", "serviceAccountPassword": {"file": "krb"}}},
          {"name": "VPN", "type": "RADIUS", "defaultSharedSecret": {"file": "secrets/vpn"},
           "radiusClients": [{"ip": "192.0.2.10", "sharedSecret": {"file": "./ten"}}]}])"));
        QVERIFY2(applied.exitCode == 0, applied.err.constData());
        const QByteArray exported = ctl.run({QStringLiteral("config"), QStringLiteral("export")}).out;
        for (const char *file : {"bind", "krb", "secrets/vpn", "ten"}) {
            const QByteArray path = ctl.folder.filePath(QString::fromLatin1(file)).toUtf8();
            QVERIFY2(exported.contains(QByteArray("\"file\": \"" + path + '"')), exported.constData());
        }
        // Previous passwords of the account are not retained, and that is said.
        QVERIFY2(applied.err.contains("gateways[0].kerberos.minutesToRetainPreviousCredentials"), applied.err.constData());
        QVERIFY2(applied.err.contains("only the keychain keeps them"), applied.err.constData());
    }

    void whatIsGoneLeavesTheKeychain()
    {
        Ctl ctl;
        QCOMPARE(ctl.configure(configuration(kAll)).exitCode, 0);
        core::Configuration stored;
        {
            auto environment = store::Environment::open(ctl.environment, store::Environment::Access::ReadOnly);
            VERIFY_RESULT(environment);
            const auto loaded = (*environment)->configurations().load();
            VERIFY_RESULT(loaded);
            stored = *loaded;
        }
        const core::Gateway domain = *stored.gateway(QStringLiteral("Domain"));
        const core::Gateway vpn = *stored.gateway(QStringLiteral("VPN"));
        const gateway::SecretOwner account = gateway::ownerOfServiceAccount(domain);
        VERIFY_RESULT(gateway::storeInKeychain(gateway::ownerOf(domain), core::Secret("bind")));
        VERIFY_RESULT(gateway::replaceInKeychain(account, core::Secret("one"), 610));
        VERIFY_RESULT(gateway::replaceInKeychain(account, core::Secret("two"), 610));
        VERIFY_RESULT(gateway::storeInKeychain(gateway::ownerOfDefaultSecret(vpn), core::Secret("all")));
        VERIFY_RESULT(gateway::storeInKeychain(gateway::ownerOfClientSecret(vpn, QStringLiteral("192.0.2.10")), core::Secret("ten")));
        QCOMPARE(Keychain::count(), 5);
        // The same again changes nothing, there neither.
        QCOMPARE(ctl.configure(configuration(kAll)).exitCode, 0);
        QCOMPARE(Keychain::count(), 5);
        // None is retained any more, and the client has the default.
        QByteArray less(kAll);
        less.replace("\"serviceAccountPassword\": {\"keychain\": true}", "\"serviceAccountPassword\": {\"keychain\": true}, \"minutesToRetainPreviousCredentials\": 0");
        less.replace("{\"ip\": \"192.0.2.10\", \"sharedSecret\": {\"keychain\": true}}", "{\"ip\": \"192.0.2.10\"}");
        const Printed changed = ctl.configure(configuration(less.constData()));
        QVERIFY2(changed.exitCode == 0, changed.err.constData());
        QCOMPARE(Keychain::count(), 3);
        QCOMPARE(gateway::readSecretAndRetained(kKeychain, account)->size(), 1);
        // Of gateways that are gone nothing stays.
        const Printed gone = ctl.configure(configuration("[]"));
        QVERIFY2(gone.exitCode == 0 && gone.err.isEmpty(), gone.err.constData());
        QCOMPARE(Keychain::count(), 0);
    }

    void withoutAKeychainItIsTold()
    {
        Ctl ctl;
        QCOMPARE(ctl.configure(configuration(kAll)).exitCode, 0);
        // No session bus, as on a server: the configuration is applied all the same.
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        process.setProcessEnvironment(environment);
        process.start(Ctl::program(), {QStringLiteral("--environment"), ctl.environment, QStringLiteral("config"), QStringLiteral("apply"),
                                       ctl.write(QStringLiteral("none.json"), QJsonDocument(configuration("[]")).toJson())});
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 0);
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(said.contains("The keychain may still hold what is no longer used"), said.constData());
        QVERIFY2(said.contains("gateway Domain"), said.constData());
    }
};

KEYCHAIN_TEST(SecretsTest, QCoreApplication)
#include "tst_secrets.moc"
