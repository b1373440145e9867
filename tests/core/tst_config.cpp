// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configuration.h"
#include "core/config/json.h"
#include "tests/core/completeconfig.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::core;

namespace {

QString u8(const char *text)
{
    return QString::fromUtf8(text);
}

QByteArray json(const Configuration &configuration)
{
    return QJsonDocument(toJson(configuration)).toJson();
}

QStringList places(const QList<Error> &faults)
{
    QStringList list;
    for (const Error &fault : faults)
        list.append(fault.where);
    list.sort();
    return list;
}

} // namespace

class TestConfig : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { test::checkProperties(200); }
    void readsEveryKey();
    void takesDefaultsForWhatIsLeftOut();
    void refuses_data();
    void refuses();
    void findsEveryFaultAtOnce();
    void pointsIntoBrokenJson_data();
    void pointsIntoBrokenJson();
    void neverRepeatsASecret();
    void knowsVendorsByTheirExactNames();
    void exportAndParseAreInverse();
    void exportsNeitherIdsNorSecrets();
    void survivesDamagedFiles();
};

void TestConfig::readsEveryKey()
{
    const auto parsed = parseConfiguration(test::completeConfiguration());
    QVERIFY2(parsed, qPrintable(parsed ? QString() : parsed.error().first().text()));
    const Configuration &c = *parsed;

    QCOMPARE(c.populations.size(), 2);
    QCOMPARE(c.defaultPopulation()->name, u8("Employees"));
    QCOMPARE(c.population(u8("Employees"))->description, u8("Staff"));
    QCOMPARE(c.attributes.size(), 3);
    QCOMPARE(c.attributes.at(0).pattern, u8("[A-Z]+-\\d+"));
    QCOMPARE(c.attributes.at(0).maxLength, 20);
    QVERIFY(c.attributes.at(0).unique);
    QVERIFY(c.attributes.at(0).schemaType == SchemaType::Custom);
    QCOMPARE(c.attributes.at(1).displayName, u8("profile"));
    QVERIFY(c.attributes.at(1).type == AttributeType::Json);
    QVERIFY(c.attributes.at(2).type == AttributeType::Boolean);

    const Gateway &gateway = *c.gateway(u8("Head office"));
    QVERIFY(gateway.vendor == Vendor::ActiveDirectory);
    QCOMPARE(gateway.serversHostAndPort, (QStringList{u8("dc1.example.com:636"), u8("[2001:db8::1]:636")}));
    QVERIFY(gateway.connectionSecurity == ConnectionSecurity::Tls);
    QCOMPARE(gateway.caCertificateFile, u8("ca.pem"));
    QCOMPARE(gateway.pinnedCertificateSha256.size(), 64);
    QCOMPARE(gateway.bindDn, u8("CN=svc,DC=example,DC=com"));
    QVERIFY(gateway.bindPassword == (SecretReference{SecretReference::Kind::Environment, u8("AD_PASSWORD")}));
    const UserType &guests = gateway.userTypes.at(1);
    QCOMPARE(guests.newUserLookup->population, u8("Guests"));
    QCOMPARE(guests.newUserLookup->attributeMappings.at(1).value, u8("${ldapAttributes.memberOf}"));
    QVERIFY(!gateway.userTypes.at(0).newUserLookup);
    QVERIFY(c.gateway(u8("WLAN"))->type == GatewayType::Radius);
    QCOMPARE(c.gateway(u8("WLAN"))->radiusClients.size(), 2);
    QVERIFY(c.gateway(u8("WLAN"))->radiusClients.at(0).blastRadiusMitigation);
    QVERIFY(c.gateway(u8("WLAN"))->radiusClients.at(1).sharedSecret.kind == SecretReference::Kind::None);
    QVERIFY(c.gateway(u8("WLAN"))->defaultSharedSecret.kind == SecretReference::Kind::Environment);
    QCOMPARE(c.gateway(u8("WLAN"))->networkPolicyServer->port, 1645);
    QCOMPARE(gateway.kerberos->serviceAccountUserPrincipalName, u8("svc-krb@EXAMPLE.COM"));
    QCOMPARE(gateway.kerberos->minutesToRetainPreviousCredentials, 60);
    QVERIFY(!c.gateway(u8("Lab"))->kerberos);
    QVERIFY(c.gateway(u8("Branch"))->mode == GatewayMode::Clients);
    QVERIFY(c.gateway(u8("Branch"))->bindPassword.kind == SecretReference::Kind::Keychain);
    QVERIFY(c.gateway(u8("Lab"))->bindPassword.kind == SecretReference::Kind::File);

    const Connection &connection = *c.connection(u8("Head office"));
    QVERIFY(connection.users.deprovision.removeAction == RemoveAction::Delete);
    QVERIFY(connection.users.deprovision.enabled && connection.users.deprovision.onRuleDeletion &&
            connection.groups.memberships);

    const Rule &rule = *c.rule(u8("Staff in"));
    QCOMPARE(rule.mappings.users.at(1).expression, u8("#string.join({givenName, sn}, ' ')"));
    QVERIFY(rule.mappings.users.at(1).when == MappingWhen::OnCreate);
    QVERIFY(rule.mappings.users.at(2).when == MappingWhen::WhenEmpty);
    QVERIFY(rule.onboarding.authenticateViaLdap);
    QVERIFY(rule.onboarding.mfaDeviceManagement == MfaDeviceManagement::Overwrite);
    QCOMPARE(rule.guards.maxDeprovisions, 100);
    QCOMPARE(rule.guards.maxDeprovisionPercent, 5);
    QCOMPARE(rule.guards.maxBlankedPercent, 3);
    QCOMPARE(rule.guards.missingForSeconds, 86400);
    QVERIFY(!rule.guards.unitLoss);
    QCOMPARE(rule.schedule.everySeconds, 300);

    QCOMPARE(sectionsOf(test::completeConfiguration()),
             (QStringList{u8("attributes"), u8("connections"), u8("gateways"), u8("identityProviders"),
                          u8("populations"), u8("rules")}));
}

void TestConfig::takesDefaultsForWhatIsLeftOut()
{
    const auto parsed = parseConfiguration(R"({
        "gateways": [{"name": "A", "vendor": "PingDirectory",
                      "pinnedCertificateSha256": "AA:bb CC"}],
        "connections": [{"name": "A", "gateway": "A"}],
        "rules": [{"name": "A", "direction": "inbound", "connection": "A", "baseDn": "dc=a"}]})");
    QVERIFY(parsed);
    Gateway gateway;
    gateway.name = u8("A");
    gateway.vendor = Vendor::PingDirectory;
    gateway.pinnedCertificateSha256 = u8("aabbcc"); // as OpenSSL and browsers print it
    QVERIFY(parsed->gateways == QList<Gateway>{gateway});
    Connection connection;
    connection.name = connection.gateway = u8("A");
    QVERIFY(parsed->connections == QList<Connection>{connection});
    QVERIFY(gateway.validateTlsCertificates && gateway.connectionSecurity == ConnectionSecurity::Tls);
    QVERIFY(!connection.users.deprovision.enabled &&
            connection.users.deprovision.removeAction == RemoveAction::Disable);
    QCOMPARE(parsed->rules.first().guards, Guards());
    QCOMPARE(parsed->rules.first().schedule.everySeconds, 150);
    QVERIFY(*parseConfiguration("{}") == Configuration());
    QVERIFY(parseConfiguration("\xef\xbb\xbf{}")); // editors on Windows write a byte order mark
    QVERIFY(parseConfiguration(R"({"identityProviders": []})"));
}

void TestConfig::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("detail");

    const auto row = [](const char *name, const char *text, const char *where, const char *detail) {
        QTest::newRow(name) << QByteArray(text) << u8(where) << u8(detail);
    };
    row("unknown section", R"({"gatways": []})", "gatways", "did you mean \"gateways\"");
    row("unknown key", R"({"populations": [{"name": "A", "defualt": true}]})", "populations[0].defualt",
        "did you mean \"default\"");
    row("unknown key, other case", R"({"rules": [{"name": "A", "direction": "inbound", "connection": "A", "baseDN": "x",
        "baseDn": "x"}]})", "rules[0].baseDN", "did you mean \"baseDn\"");
    row("unknown key, nothing near", R"({"populations": [{"name": "A", "quux-xyzzy": 1}]})", "populations[0].quux-xyzzy",
        "is not a key here");
    row("key in another place", R"({"attributes": [{"name": "a", "pattern": "x"}]})", "attributes[0].pattern",
        "regexValidation");
    row("unknown nested key", R"({"connections": [{"name": "A", "gateway": "A",
        "users": {"deprovision": {"removeActions": "Delete"}}}]})", "connections[0].users.deprovision.removeActions",
        "removeAction");
    row("section is no list", R"({"rules": {}})", "rules", "expected a list of objects, found an object");
    row("thing is no object", R"({"rules": ["a"]})", "rules[0]", "expected an object, found text");
    row("not an object at all", "[]", "", "expected an object, found a list");
    row("number for text", R"({"populations": [{"name": 7}]})", "populations[0].name", "expected text, found a number");
    row("text for flag", R"({"populations": [{"name": "A", "default": "yes"}]})", "populations[0].default",
        "expected true or false, found text");
    row("null for flag", R"({"populations": [{"name": "A", "default": null}]})", "populations[0].default",
        "found null");
    row("text for number", R"({"attributes": [{"name": "a", "maxLength": "7"}]})", "attributes[0].maxLength",
        "expected a whole number, found text");
    row("fraction", R"({"attributes": [{"name": "a", "maxLength": 1.5}]})", "attributes[0].maxLength", "1.5");
    row("huge number", R"({"attributes": [{"name": "a", "maxLength": 1e12}]})", "attributes[0].maxLength", "whole");
    row("missing name", R"({"populations": [{}]})", "populations[0].name", "required");
    row("empty name", R"({"populations": [{"name": ""}]})", "populations[0].name", "must not be empty");
    row("missing vendor", R"({"gateways": [{"name": "A"}]})", "gateways[0].vendor", "required");
    row("short vendor", R"({"gateways": [{"name": "A", "vendor": "Active Directory"}]})", "gateways[0].vendor",
        "did you mean \"Microsoft Active Directory\"");
    row("enumeration in other case", R"({"gateways": [{"name": "A", "vendor": "PingDirectory",
        "connectionSecurity": "tls"}]})", "gateways[0].connectionSecurity", "did you mean \"TLS\"");
    row("enumeration of another type", R"({"gateways": [{"name": "A", "vendor": true}]})", "gateways[0].vendor",
        "expected one of PingDirectory");
    row("text in a list", R"({"gateways": [{"name": "A", "vendor": "PingDirectory",
        "serversHostAndPort": ["a:1", 7]}]})", "gateways[0].serversHostAndPort[1]", "expected text, found a number");
    row("password in clear", R"({"gateways": [{"name": "A", "vendor": "PingDirectory", "bindPassword": "hunter2"}]})",
        "gateways[0].bindPassword", "say where the secret is");
    row("two places of a secret", R"({"gateways": [{"name": "A", "vendor": "PingDirectory",
        "bindPassword": {"env": "A", "file": "b"}}]})", "gateways[0].bindPassword", "exactly one");
    row("no place of a secret", R"({"gateways": [{"name": "A", "vendor": "PingDirectory",
        "bindPassword": {"keychain": false}}]})", "gateways[0].bindPassword", "exactly one");
    row("identity providers", R"({"identityProviders": [{"name": "Corp"}]})", "identityProviders",
        "cannot be configured");
    row("section twice", R"({"rules": [], "rules": []})", "rules", "line 1, column 15: remove one");
    row("key twice", R"({"populations": [{"name": "A"}, {"name": "B", "default": true, "name": "C"}]})",
        "populations[1].name", "remove one");
    row("key twice, deep", R"({"gateways": [{"name": "a\\\"{", "vendor": "PingDirectory", "userTypes": [
        {"name": "u", "searchBaseDn": "dc=a", "searchBaseDn" : "dc=b"}]}]})",
        "gateways[0].userTypes[0].searchBaseDn", "line 2, column 47");
    row("id", R"({"populations": [{"name": "A", "id": "11111111-1111-1111-1111-111111111111"}]})", "populations[0].id",
        "is not a key here");
}

void TestConfig::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, where);
    QFETCH(QString, detail);
    const auto parsed = parseConfiguration(text);
    QVERIFY(!parsed);
    const auto fault = std::find_if(parsed.error().begin(), parsed.error().end(),
                                    [&](const Error &error) { return error.where == where; });
    QVERIFY2(fault != parsed.error().end(), qPrintable(places(parsed.error()).join(u' ')));
    QVERIFY2(fault->detail.contains(detail), qPrintable(fault->detail));
    QVERIFY(!fault->what.isEmpty());
}

void TestConfig::findsEveryFaultAtOnce()
{
    const auto parsed = parseConfiguration(R"({
        "populations": [{"nmae": "A"}, {"name": "B", "default": 1}],
        "gateways": [{"name": "G", "vendor": "OpenLDAP", "serversHostAndPort": "a:1",
                      "userTypes": [{"name": "U", "searchBaseDn": "dc=a", "newUserLookup": {"population": "A"}}]}],
        "rules": [{"name": "R", "direction": "in", "connection": "C", "baseDn": "dc=a", "guards": {"max": 1}}]})");
    QVERIFY(!parsed);
    QCOMPARE(places(parsed.error()),
             (QStringList{u8("gateways[0].serversHostAndPort"),
                          u8("gateways[0].userTypes[0].newUserLookup.ldapFilterPattern"), u8("gateways[0].vendor"),
                          u8("populations[0].name"), u8("populations[0].nmae"), u8("populations[1].default"),
                          u8("rules[0].direction"), u8("rules[0].guards.max")}));
}

void TestConfig::pointsIntoBrokenJson_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("place");

    QTest::newRow("comma missing") << QByteArray("{\"populations\": [\n  {\"name\": \"A\" \"default\": true}]}")
                                   << u8("line 2, column 16");
    QTest::newRow("columns count characters") << QByteArray("{\n\"a\": \"\u00e4\u00f6\u00fc\" x}") << u8("line 2, column 12");
    QTest::newRow("empty") << QByteArray() << u8("line 1, column 1: the text is empty");
    QTest::newRow("cut off") << QByteArray("{\"rules\": [") << u8("line 1, column 12");
    QTest::newRow("cut off in an object") << QByteArray("{\"rules\": []") << u8("line 1, column 13: the text ends");
    QTest::newRow("comma too many") << QByteArray("{\"rules\": [],}") << u8("line 1, column 14: something is missing");
    QTest::newRow("key without quotation marks") << QByteArray("{rules: []}") << u8("line 1, column 2: expected a key");
    QTest::newRow("colon missing") << QByteArray("{\"rules\" []}") << u8("line 1, column 10: expected \":\"");
    QTest::newRow("comma missing in a list") << QByteArray("{\"a\": [1 2]}") << u8("line 1, column 10: expected a comma");
    QTest::newRow("word") << QByteArray("{\"a\": yes}") << u8("line 1, column 7: expected a value");
    QTest::newRow("two documents") << QByteArray("{}\n{}") << u8("line 2, column 1: the document ends");
    QTest::newRow("not UTF-8") << QByteArray("{\"a\": \"\xff\"}") << u8("line 1, column 8: the text is not UTF-8");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf{rules: []}") << u8("line 1, column 2");
}

void TestConfig::pointsIntoBrokenJson()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, place);
    const auto parsed = parseConfiguration(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().size(), 1);
    QCOMPARE(parsed.error().first().code, Code::Syntax);
    QVERIFY2(parsed.error().first().detail.contains(place), qPrintable(parsed.error().first().detail));
    QVERIFY(sectionsOf(text).isEmpty());
}

void TestConfig::neverRepeatsASecret()
{
    const auto parsed = parseConfiguration(
        R"({"gateways": [{"name": "A", "vendor": "PingDirectory", "bindPassword": "hunter2-top-secret"},
                         {"name": "B", "vendor": "PingDirectory", "bindPassword": ["hunter2-top-secret"]},
                         {"name": "C", "vendor": "PingDirectory", "bindPassword": {"value": "hunter2-top-secret"}}]})");
    QVERIFY(!parsed);
    for (const Error &fault : parsed.error())
        QVERIFY2(!fault.text().contains(u8("hunter2")), qPrintable(fault.text()));
    QCOMPARE(places(parsed.error()).filter(u8("gateways[0]")).size(), 1);
    QVERIFY(!places(parsed.error()).filter(u8("gateways[1].bindPassword")).isEmpty());
    QVERIFY(!places(parsed.error()).filter(u8("gateways[2].bindPassword")).isEmpty());
}

void TestConfig::knowsVendorsByTheirExactNames()
{
    QStringList names;
    for (const Vendor vendor : allVendors())
        names.append(vendorName(vendor));
    QCOMPARE(names, (QStringList{u8("PingDirectory"), u8("Microsoft Active Directory"),
                                 u8("Oracle Directory Server Enterprise Edition"), u8("Oracle Unified Directory"),
                                 u8("CA Directory"), u8("OpenDJ Directory Server"),
                                 u8("IBM (Tivoli) Security Directory Server"),
                                 u8("LDAPv3-compliant Directory Server")}));
}

void TestConfig::exportAndParseAreInverse()
{
    const Configuration complete = *parseConfiguration(test::completeConfiguration());
    QVERIFY(*parseConfiguration(json(complete)) == complete);
    QVERIFY(rc::check("parse(export(configuration)) == configuration", [] {
        const Configuration configuration = test::drawConfiguration();
        const auto read = parseConfiguration(json(configuration));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == configuration);
    }));
}

void TestConfig::exportsNeitherIdsNorSecrets()
{
    const Configuration configuration = test::withIds(test::goodConfiguration());
    const QByteArray text = json(configuration);
    for (const Gateway &gateway : configuration.gateways)
        QVERIFY(!text.contains(gateway.id.toByteArray(QUuid::WithoutBraces)));
    QVERIFY(!text.contains("\"id\""));
    QCOMPARE(toJson(configuration.gateways.at(0)).value(u8("bindPassword")).toObject(),
             (QJsonObject{{u8("env"), u8("AD_PASSWORD")}}));
}

void TestConfig::survivesDamagedFiles()
{
    const QByteArray good = test::completeConfiguration();
    QVERIFY(rc::check("a file with octets changed is read, or refused with places and reasons", [&] {
        QByteArray text = good;
        const QByteArray pieces("{}[]\",:\\0tn \n\xff", 15);
        for (int changes = *rc::gen::inRange(1, 6); changes > 0; --changes) {
            const qsizetype at = *rc::gen::inRange<int>(0, int(text.size()));
            const char octet = pieces.at(*rc::gen::inRange<int>(0, int(pieces.size())));
            switch (*rc::gen::inRange(0, 3)) {
            case 0: text[at] = octet; break;
            case 1: text.insert(at, octet); break;
            default: text.remove(at, *rc::gen::inRange(1, 20)); break;
            }
        }
        const auto parsed = parseConfiguration(text);
        RC_CLASSIFY(parsed.has_value(), "read");
        if (parsed) {
            RC_ASSERT(parseConfiguration(json(*parsed)).value() == *parsed);
            return;
        }
        RC_ASSERT(!parsed.error().isEmpty());
        for (const Error &fault : parsed.error()) {
            RC_ASSERT(!fault.what.isEmpty());
            RC_ASSERT(!fault.detail.isEmpty());
            RC_ASSERT(fault.code != Code::Syntax || fault.offset <= QString::fromUtf8(text).size());
        }
    }));
}

CONSOLE_TEST(TestConfig)
#include "tst_config.moc"
