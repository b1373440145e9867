// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is refused of RADIUS gateways and of Kerberos accounts, each fault at its place; how user types begin with a
// vendor's default values; and that difference and export know RADIUS clients.
#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/config/merge.h"
#include "core/config/validate.h"
#include "tests/core/completeconfig.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QTest>

#include <algorithm>
#include <functional>

using namespace gatehouse;
using namespace gatehouse::core;

using Change = std::function<void(Configuration &)>;
Q_DECLARE_METATYPE(Change)

namespace {

QString u8(const char *text)
{
    return QString::fromUtf8(text);
}

} // namespace

class TestConfigGateways : public QObject {
    Q_OBJECT

private slots:
    void refuses_data();
    void refuses();
    void takesBindsByTicket();
    void defaultUserTypesAreRight();
    void clientsAreToldApartByAddress();
    void namesNoSecret();
};

void TestConfigGateways::refuses_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("detail");

    const auto row = [](const char *name, const char *where, const char *detail, const Change &change) {
        QTest::newRow(name) << change << u8(where) << u8(detail);
    };
    row("Kerberos of a RADIUS gateway", "gateways[1].kerberos", "only LDAP",
        [](Configuration &c) { c.gateways[1].kerberos = c.gateways[0].kerberos; });
    row("RADIUS client twice", "gateways[1].radiusClients[1].ip", "stands above",
        [](Configuration &c) { c.gateways[1].radiusClients[1].ip = c.gateways[1].radiusClients[0].ip; });
    row("RADIUS client by name", "gateways[1].radiusClients[0].ip", "neither an IPv4",
        [](Configuration &c) { c.gateways[1].radiusClients[0].ip = u8("ap.example.com"); });
    row("RADIUS client without a secret", "gateways[1].radiusClients[1].sharedSecret", "defaultSharedSecret",
        [](Configuration &c) { c.gateways[1].defaultSharedSecret = {}; });
    row("policy server by name", "gateways[1].networkPolicyServer.ip", "neither an IPv4",
        [](Configuration &c) { c.gateways[1].networkPolicyServer->ip = u8("nps"); });
    row("policy server's port", "gateways[1].networkPolicyServer.port", "between 1 and 65535",
        [](Configuration &c) { c.gateways[1].networkPolicyServer->port = 0; });
    row("RADIUS clients of an LDAP gateway", "gateways[2].radiusClients", "only RADIUS",
        [](Configuration &c) { c.gateways[2].radiusClients = c.gateways[1].radiusClients; });
    row("default secret of an LDAP gateway", "gateways[2].defaultSharedSecret", "only RADIUS",
        [](Configuration &c) { c.gateways[2].defaultSharedSecret = c.gateways[1].defaultSharedSecret; });
    row("policy server of an LDAP gateway", "gateways[2].networkPolicyServer", "only RADIUS",
        [](Configuration &c) { c.gateways[2].networkPolicyServer = c.gateways[1].networkPolicyServer; });
    row("Kerberos elsewhere than at Active Directory", "gateways[2].kerberos", "Microsoft Active Directory",
        [](Configuration &c) { c.gateways[2].kerberos = c.gateways[0].kerberos; });
    row("Kerberos account without a realm", "gateways[0].kerberos.serviceAccountUserPrincipalName", "letter case",
        [](Configuration &c) { c.gateways[0].kerberos->serviceAccountUserPrincipalName = u8("svc"); });
    row("Kerberos account without a password", "gateways[0].kerberos.serviceAccountPassword", "say where it is",
        [](Configuration &c) { c.gateways[0].kerberos->serviceAccountPassword = {}; });
    row("ticket elsewhere than at Active Directory", "gateways[2].bindMechanism", "Microsoft Active Directory",
        [](Configuration &c) {
            c.gateways[2].bindMechanism = BindMechanism::Gssapi;
            c.gateways[2].bindDn = u8("svc@EXAMPLE.COM");
        });
    row("ticket of a DN", "gateways[0].bindDN", "svc-gatehouse@EXAMPLE.COM",
        [](Configuration &c) { c.gateways[0].bindMechanism = BindMechanism::Gssapi; });
    row("ticket of nobody", "gateways[0].bindDN", "name the account", [](Configuration &c) {
        c.gateways[0].bindMechanism = BindMechanism::Gssapi;
        c.gateways[0].bindDn.clear();
        c.gateways[0].bindPassword = {};
        c.gateways[0].kerberos.reset();
    });
    row("ticket without a password", "gateways[0].bindPassword", "needs a password", [](Configuration &c) {
        c.gateways[0].bindMechanism = BindMechanism::Gssapi;
        c.gateways[0].bindDn = u8("svc@EXAMPLE.COM");
        c.gateways[0].bindPassword = {};
    });
    row("retention too short", "gateways[0].kerberos.minutesToRetainPreviousCredentials", "between 1 and 10080",
        [](Configuration &c) { c.gateways[0].kerberos->minutesToRetainPreviousCredentials = -1; });
    row("retention too long", "gateways[0].kerberos.minutesToRetainPreviousCredentials", "between 1 and 10080",
        [](Configuration &c) { c.gateways[0].kerberos->minutesToRetainPreviousCredentials = 10081; });
}

void TestConfigGateways::takesBindsByTicket()
{
    Configuration configuration = test::goodConfiguration();
    Gateway &gateway = configuration.gateways[0];
    gateway.bindMechanism = BindMechanism::Gssapi;
    gateway.bindDn = u8("svc-gatehouse@example.com");
    QVERIFY(validate(configuration).isEmpty());
    // The Kerberos service account binds where no other is named.
    gateway.bindDn.clear();
    gateway.bindPassword = {};
    QVERIFY(validate(configuration).isEmpty());
}

void TestConfigGateways::refuses()
{
    QFETCH(Change, change);
    QFETCH(QString, where);
    QFETCH(QString, detail);
    Configuration configuration = test::goodConfiguration();
    QVERIFY(validate(configuration).isEmpty());
    change(configuration);
    const QList<Error> faults = validate(configuration);
    QVERIFY(std::any_of(faults.begin(), faults.end(), [&](const Error &error) {
        return error.where == where && error.detail.contains(detail);
    }));
}

void TestConfigGateways::defaultUserTypesAreRight()
{
    for (const Vendor vendor : allVendors()) {
        UserType userType = defaultUserType(vendor);
        // What a vendor cannot know is left open, and only that.
        userType.searchBaseDn = u8("dc=example,dc=com");
        userType.newUserLookup->population = u8("Guests");
        Configuration configuration = test::goodConfiguration();
        configuration.gateways[3].vendor = vendor;
        configuration.gateways[3].userTypes = {userType};
        QVERIFY2(validate(configuration).isEmpty(), qPrintable(vendorName(vendor)));
        QVERIFY(userType.newUserLookup->ldapFilterPattern.contains(u8("${identifier}")));
    }
    QCOMPARE(defaultUserType(Vendor::ActiveDirectory).orderedCorrelationAttributes,
             (QStringList{u8("objectGUID"), u8("objectSid"), u8("dn"), u8("sAMAccountName")}));
}

void TestConfigGateways::clientsAreToldApartByAddress()
{
    const Configuration current = test::goodConfiguration();
    Configuration wanted = current;
    wanted.gateways[1].radiusClients[0].blastRadiusMitigation = false;
    wanted.gateways[1].radiusClients.removeLast();
    QStringList paths;
    for (const ConfigurationChange &change : difference(current, wanted))
        paths << change.path;
    QCOMPARE(paths, (QStringList{u8("gateways[WLAN].radiusClients[192.0.2.10].blastRadiusMitigation"),
                                 u8("gateways[WLAN].radiusClients[2001:db8::10]")}));
    // A renamed gateway takes them along.
    const Configuration renamed = core::rename(current, u8("gateways"), u8("WLAN"), u8("Wireless"));
    QCOMPARE(renamed.gateway(u8("Wireless"))->radiusClients, current.gateways[1].radiusClients);
}

void TestConfigGateways::namesNoSecret()
{
    // A secret in the file is refused without being repeated.
    for (const char *place : {"\"defaultSharedSecret\": \"s3cret\"",
                              "\"radiusClients\": [{\"ip\": \"192.0.2.1\", \"sharedSecret\": \"s3cret\"}]"}) {
        const auto parsed = parseConfiguration(QByteArray("{\"gateways\": [{\"name\": \"VPN\", \"type\": \"RADIUS\", ")
                                               + place + "}]}");
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().size(), 1);
        QVERIFY(!parsed.error().first().text().contains(u8("s3cret")));
    }
}

CONSOLE_TEST(TestConfigGateways)
#include "tst_configgateways.moc"
