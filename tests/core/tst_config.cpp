// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config.h"
#include "core/confignames.h"
#include "tests/core/completeconfig.h"

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

QStringList paths(const QList<ConfigurationChange> &changes)
{
    QStringList list;
    for (const ConfigurationChange &change : changes)
        list.append(change.path);
    return list;
}

Configuration withIds(Configuration configuration)
{
    const auto give = [](auto &things) {
        for (auto &thing : things)
            thing.id = QUuid::createUuid();
    };
    give(configuration.populations);
    give(configuration.gateways);
    for (Gateway &gateway : configuration.gateways)
        give(gateway.userTypes);
    give(configuration.connections);
    give(configuration.rules);
    return configuration;
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
    void applyingTwiceChangesNothing();
    void leavesAbsentSectionsAlone();
    void keepsIdsByName();
    void exportsNeitherIdsNorSecrets();
    void namesEachDifference();
    void tellsOrderOnlyWhereItCounts();
    void differenceIsEmptyForEqualsOnly();
    void renamesWithEveryReference();
    void mapsByDefaultAsTheVendorDoes();
    void splitsHostAndPort_data();
    void splitsHostAndPort();
    void refusesOtherHostsAndPorts_data();
    void refusesOtherHostsAndPorts();
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
    QVERIFY(c.gateway(u8("Branch"))->mode == GatewayMode::Clients);
    QVERIFY(c.gateway(u8("Branch"))->bindPassword.kind == SecretReference::Kind::Keychain);
    QVERIFY(c.gateway(u8("Lab"))->bindPassword.kind == SecretReference::Kind::File);

    const Connection &connection = *c.connection(u8("Head office"));
    QVERIFY(connection.removeAction == RemoveAction::Delete);
    QVERIFY(connection.deprovisionUsers && connection.deprovisionOnRuleDeletion && connection.syncMemberships);

    const Rule &rule = *c.rule(u8("Staff in"));
    QCOMPARE(rule.attributeMappings.at(1).expression, u8("#string.join({givenName, sn}, ' ')"));
    QVERIFY(rule.attributeMappings.at(1).when == MappingWhen::OnCreate);
    QVERIFY(rule.attributeMappings.at(2).when == MappingWhen::WhenEmpty);
    QVERIFY(rule.onboarding.authenticateViaLdap);
    QVERIFY(rule.onboarding.mfaDeviceManagement == MfaDeviceManagement::Overwrite);
    QCOMPARE(rule.guards.maxDeprovisions, 100);
    QCOMPARE(rule.guards.maxDeprovisionPercent, 5);
    QCOMPARE(rule.everySeconds, 300);

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
    QVERIFY(!connection.deprovisionUsers && connection.removeAction == RemoveAction::Disable);
    QCOMPARE(parsed->rules.first().guards, Guards());
    QCOMPARE(parsed->rules.first().everySeconds, 150);
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

void TestConfig::applyingTwiceChangesNothing()
{
    QVERIFY(rc::check("after apply there is no difference to the file", [] {
        const Configuration current = withIds(test::drawConfiguration());
        const Configuration file = test::drawConfiguration();
        const QByteArray text = json(file);
        const Configuration applied = merge(current, *parseConfiguration(text), sectionsOf(text));
        RC_ASSERT(difference(applied, merge(applied, file, sectionsOf(text))).isEmpty());
        RC_ASSERT(merge(applied, file, sectionsOf(text)) == applied);
        RC_ASSERT(toJson(applied) == toJson(file));
    }));
    QVERIFY(rc::check("applying one's own export changes nothing, ids included", [] {
        const Configuration current = withIds(test::drawConfiguration());
        const QByteArray text = json(current);
        RC_ASSERT(merge(current, *parseConfiguration(text), sectionsOf(text)) == current);
    }));
}

void TestConfig::leavesAbsentSectionsAlone()
{
    const Configuration current = withIds(test::goodConfiguration());
    const QByteArray text = R"({"populations": [{"name": "New", "default": true}], "connections": []})";
    const Configuration merged = merge(current, *parseConfiguration(text), sectionsOf(text));
    QCOMPARE(merged.populations.size(), 1);
    QCOMPARE(merged.populations.first().name, u8("New"));
    QVERIFY(merged.connections.isEmpty());
    QVERIFY(merged.gateways == current.gateways);
    QVERIFY(merged.rules == current.rules);
    QVERIFY(merged.attributes == current.attributes);
}

void TestConfig::keepsIdsByName()
{
    Configuration current = withIds(test::goodConfiguration());
    current.populations[0].row = 17;
    Configuration file = test::goodConfiguration();
    file.gateways[0].name = u8("HEAD OFFICE"); // the same name
    file.gateways[0].userTypes.swapItemsAt(0, 1);
    file.gateways[2].name = u8("Other");
    const Configuration merged = merge(current, file, {u8("gateways"), u8("populations")});
    QCOMPARE(merged.gateways.at(0).id, current.gateways.at(0).id);
    QCOMPARE(merged.gateways.at(0).name, u8("HEAD OFFICE"));
    QCOMPARE(merged.gateways.at(0).userTypes.at(0).id, current.gateways.at(0).userTypes.at(1).id);
    QVERIFY(merged.gateways.at(2).id.isNull());
    QCOMPARE(merged.populations.at(0).row, 17);
    QCOMPARE(merged.populations.at(0).id, current.populations.at(0).id);
}

void TestConfig::exportsNeitherIdsNorSecrets()
{
    const Configuration configuration = withIds(test::goodConfiguration());
    const QByteArray text = json(configuration);
    for (const Gateway &gateway : configuration.gateways)
        QVERIFY(!text.contains(gateway.id.toByteArray(QUuid::WithoutBraces)));
    QVERIFY(!text.contains("\"id\""));
    QCOMPARE(toJson(configuration.gateways.at(0)).value(u8("bindPassword")).toObject(),
             (QJsonObject{{u8("env"), u8("AD_PASSWORD")}}));
}

void TestConfig::namesEachDifference()
{
    const Configuration current = withIds(test::goodConfiguration());
    Configuration wanted = current;
    wanted.rules[0].guards.maxDeprovisions = 7;
    wanted.rules[0].attributeMappings[0].source = u8("cn");
    wanted.rules[0].attributeMappings.removeAt(1);
    wanted.rules[0].attributeMappings.append({u8("title"), u8("title"), {}, MappingWhen::Always});
    wanted.gateways[0].serversHostAndPort.swapItemsAt(0, 1);
    wanted.gateways[0].userTypes[0].searchBaseDn = u8("DC=example,DC=com");
    wanted.gateways[0].description.clear();
    wanted.connections[0].removeAction = RemoveAction::Disable;
    wanted.populations.removeAt(1);
    Population partners;
    partners.name = u8("Partners");
    wanted.populations.append(partners);

    const QList<ConfigurationChange> changes = difference(current, wanted);
    QCOMPARE(paths(changes),
             (QStringList{u8("populations[Guests]"), u8("populations[Partners]"), u8("gateways[Head office].description"),
                          u8("gateways[Head office].serversHostAndPort"),
                          u8("gateways[Head office].userTypes[Staff].searchBaseDn"),
                          u8("connections[Head office].users.deprovision.removeAction"),
                          u8("rules[Staff in].attributeMappings[username].source"),
                          u8("rules[Staff in].attributeMappings[badge]"),
                          u8("rules[Staff in].attributeMappings[title]"), u8("rules[Staff in].guards.maxDeprovisions")}));
    QVERIFY(changes.at(0).after.isUndefined());
    QVERIFY(changes.at(1).before.isUndefined());
    QCOMPARE(changes.at(1).after.toObject().value(u8("name")).toString(), u8("Partners"));
    QCOMPARE(changes.at(2).before.toString(), u8("Two controllers"));
    QVERIFY(changes.at(2).after.isUndefined());
    QCOMPARE(changes.last().before.toInt(), 100);
    QCOMPARE(changes.last().after.toInt(), 7);
}

void TestConfig::tellsOrderOnlyWhereItCounts()
{
    const Configuration current = withIds(test::goodConfiguration());
    Configuration wanted = current;
    std::reverse(wanted.populations.begin(), wanted.populations.end());
    std::reverse(wanted.gateways.begin(), wanted.gateways.end());
    std::reverse(wanted.rules[0].attributeMappings.begin(), wanted.rules[0].attributeMappings.end());
    QVERIFY(difference(current, wanted).isEmpty());
    std::reverse(wanted.gateways[3].userTypes.begin(), wanted.gateways[3].userTypes.end());
    QCOMPARE(paths(difference(current, wanted)), (QStringList{u8("gateways[Head office].userTypes[]")}));
}

void TestConfig::differenceIsEmptyForEqualsOnly()
{
    QVERIFY(rc::check("no difference, the same file", [] {
        const Configuration one = test::drawConfiguration();
        const Configuration other = test::drawConfiguration();
        RC_ASSERT(difference(one, one).isEmpty());
        RC_ASSERT(difference(one, other).isEmpty() == (toJson(one) == toJson(other)));
    }));
}

void TestConfig::renamesWithEveryReference()
{
    const Configuration before = test::goodConfiguration();
    QVERIFY(validate(before).isEmpty());
    const QStringList sections{u8("populations"), u8("gateways"), u8("connections"), u8("rules")};
    const QStringList names{u8("Employees"), u8("Head office"), u8("Head office"), u8("Staff in")};
    for (qsizetype i = 0; i < sections.size(); ++i) {
        const Configuration after = core::rename(before, sections.at(i), names.at(i), u8("Renamed"));
        QVERIFY(validate(after).isEmpty());
        QVERIFY(core::rename(after, sections.at(i), u8("Renamed"), names.at(i)) == before);
        QVERIFY(!(after == before));
    }
    QCOMPARE(core::rename(before, u8("populations"), u8("Guests"), u8("X")).gateways.at(0).userTypes.at(1)
                 .newUserLookup->population, u8("X"));
    QCOMPARE(core::rename(before, u8("gateways"), u8("Head office"), u8("X")).connections.at(0).gateway, u8("X"));
    QCOMPARE(core::rename(before, u8("gateways"), u8("Head office"), u8("X")).rules.at(0).connection,
             u8("Head office")); // the connection of that name is another thing
    const Configuration userType = renameUserType(before, u8("Head office"), u8("Staff"), u8("X"));
    QCOMPARE(userType.rules.at(0).onboarding.gatewayUserType, u8("X"));
    QVERIFY(validate(userType).isEmpty());
    QVERIFY(renameUserType(before, u8("Lab"), u8("Staff"), u8("X")) == before);
}

void TestConfig::mapsByDefaultAsTheVendorDoes()
{
    const auto sources = [](Vendor vendor) {
        QStringList list;
        for (const AttributeMapping &mapping : defaultInboundMappings(vendor))
            list.append(mapping.target + u'=' + mapping.source);
        return list;
    };
    QCOMPARE(sources(Vendor::ActiveDirectory),
             (QStringList{u8("username=sAMAccountName"), u8("name.family=sn"), u8("name.given=givenName"),
                          u8("email=mail"), u8("enabled=active")}));
    for (const Vendor vendor : allVendors()) {
        if (vendor != Vendor::ActiveDirectory)
            QCOMPARE(sources(vendor), (QStringList{u8("username=uid"), u8("name.family=sn"), u8("name.given=givenName"),
                                                   u8("email=mail"), u8("enabled=active")}));
    }
}

void TestConfig::splitsHostAndPort_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");

    const auto row = [](const char *text, const char *host, int port) {
        QTest::newRow(text) << u8(text) << u8(host) << port;
    };
    row("dc1.example.com:636", "dc1.example.com", 636);
    row("localhost:1", "localhost", 1);
    row("ldap_01:65535", "ldap_01", 65535);
    row("example.com.:389", "example.com.", 389);
    row("192.0.2.7:389", "192.0.2.7", 389);
    row("[2001:db8::1]:636", "2001:db8::1", 636);
    row("[fe80::1%eth0]:636", "fe80::1%eth0", 636);
    row("2001:0db8:85a3:0000:0000:8a2e:0370:7334:389", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", 389);
    row("::1:389", "::1", 389);
    row("münchen.example:389", "münchen.example", 389);
}

void TestConfig::splitsHostAndPort()
{
    QFETCH(QString, text);
    QFETCH(QString, host);
    QFETCH(int, port);
    const auto parsed = parseHostAndPort(text);
    QVERIFY2(parsed, qPrintable(parsed ? QString() : parsed.error().text()));
    QCOMPARE(parsed->host, host);
    QCOMPARE(int(parsed->port), port);
}

void TestConfig::refusesOtherHostsAndPorts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("detail");

    const auto row = [](const char *text, const char *detail) { QTest::newRow(text) << u8(text) << u8(detail); };
    row("", "port is missing");
    row("dc1.example.com", "dc1.example.com:389");
    row("dc1.example.com:", "1 to 65535");
    row("dc1:0", "1 to 65535");
    row("dc1:65536", "1 to 65535");
    row("dc1:ldap", "\"ldap\"");
    row("dc1:-1", "1 to 65535");
    row("dc1:+389", "1 to 65535");
    row(":389", "host before the port");
    row("ldap://dc1:389", "without \"ldap://\"");
    row("dc 1:389", "neither a host name");
    row("dc1/x:389", "neither a host name");
    row("-dc1:389", "neither a host name");
    row("a..b:389", "neither a host name");
    row("300.1.1.1:389", "neither a host name");
    row("1.2.3:389", "neither a host name");
    row("2001:db8::1", "[2001:db8::1]:389");
    row("[2001:db8::1]", "[2001:db8::1]:636");
    row("[2001:db8::1", "IPv6");
    row("[2001:xyz::1]:389", "not an IPv6 address");
    row("[dc1]:389", "not an IPv6 address");
    row("a:b:389", "not an IPv6 address");
}

void TestConfig::refusesOtherHostsAndPorts()
{
    QFETCH(QString, text);
    QFETCH(QString, detail);
    const auto parsed = parseHostAndPort(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, Code::InvalidInput);
    QVERIFY2(parsed.error().detail.contains(detail), qPrintable(parsed.error().detail));
}

QTEST_GUILESS_MAIN(TestConfig)
#include "tst_config.moc"
