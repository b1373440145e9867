// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/check.h"
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

QString listed(const QList<Error> &faults)
{
    QStringList lines;
    for (const Error &fault : faults)
        lines.append(fault.text());
    return lines.join(u'\n');
}

AttributeDefinition custom(const QString &name)
{
    AttributeDefinition attribute;
    attribute.name = attribute.displayName = name;
    attribute.schemaType = SchemaType::Custom;
    return attribute;
}

} // namespace

class TestConfigValidate : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { test::checkProperties(300); }
    void findsNothingWrongWithAGoodConfiguration();
    void accepts_data();
    void accepts();
    void refuses_data();
    void refuses();
    void keepsTheOffsetOfAFault();
    void findsEveryFaultAtOnce();
    void refusesWhatThisVersionCannotRun();
    void pointsIntoWrongExpressions();
    void givesEveryFaultAPlaceAndASentence();
    void whatIsGoodCanBeReadBack();
};

void TestConfigValidate::findsNothingWrongWithAGoodConfiguration()
{
    for (const Configuration &good : {test::goodConfiguration(), *parseConfiguration(test::completeConfiguration())}) {
        const QList<Error> faults = validate(good);
        QVERIFY2(faults.isEmpty(), qPrintable(listed(faults)));
    }
}

void TestConfigValidate::accepts_data()
{
    QTest::addColumn<Change>("change");

    const auto row = [](const char *name, const Change &change) { QTest::newRow(name) << change; };
    row("gateway name with all that it may hold",
        [](Configuration &c) { c.gateways[3].name = u8("Zu\u0308rich/2 a.b_c-d'e"); });
    row("other names with any printable text",
        [](Configuration &c) { c = core::rename(c, u8("rules"), u8("Staff in"), u8("Staff → PingOne (№ 1) [x]")); });
    row("anonymous bind", [](Configuration &c) {
        c.gateways[2].bindDn.clear();
        c.gateways[2].bindPassword = {};
    });
    row("UPN as bind name at Active Directory", [](Configuration &c) { c.gateways[0].bindDn = u8("svc@example.com"); });
    row("NT name as bind name at Active Directory", [](Configuration &c) { c.gateways[0].bindDn = u8("LAB\\svc ldap"); });
    row("units of other spelling", [](Configuration &c) {
        c.rules[0].scope.userOrganizationalUnits = {u8("ou=a, dc=EXAMPLE, dc=com"), u8("DC=Example,DC=COM")};
    });
    row("no filter, no units", [](Configuration &c) {
        c.rules[0].scope.userFilter.clear();
        c.rules[0].scope.userOrganizationalUnits.clear();
        c.rules[0].scope.groupOrganizationalUnits.clear();
    });
    row("source with an option",
        [](Configuration &c) { c.rules[0].mappings.users[0].source = u8("sAMAccountName;lang-de"); });
    row("guards switched off", [](Configuration &c) { c.rules[0].guards = {-1, -1}; });
    row("guards that let nobody go", [](Configuration &c) { c.rules[0].guards = {0, 0}; });
    row("custom attribute named like a sub-attribute",
        [](Configuration &c) { c.attributes.append(custom(u8("countryCode"))); });
    row("200 custom attributes", [](Configuration &c) {
        while (c.attributes.size() < 200)
            c.attributes.append(custom(QStringLiteral("a%1").arg(c.attributes.size())));
    });
    row("user type kept without authentication", [](Configuration &c) {
        c.rules[0].onboarding.authenticateViaLdap = false;
        c.rules[0].onboarding.gatewayUserType = u8("one that went");
    });
    row("the default population by silence", [](Configuration &c) { c.rules[0].onboarding.population.clear(); });
    row("two rules for the same people, one disabled", [](Configuration &c) {
        Rule other = c.rules[0];
        other.name = u8("Clone_Staff in");
        other.enabled = false;
        c.rules.append(other);
    });
    row("two rules for different people", [](Configuration &c) {
        Rule other = c.rules[0];
        other.name = u8("Others in");
        other.scope.userFilter = u8("(!(mail=*))");
        c.rules.append(other);
    });
}

void TestConfigValidate::accepts()
{
    QFETCH(Change, change);
    Configuration configuration = test::goodConfiguration();
    change(configuration);
    const QList<Error> faults = validate(configuration);
    QVERIFY2(faults.isEmpty(), qPrintable(listed(faults)));
}

void TestConfigValidate::refuses_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("detail");

    const auto row = [](const char *name, const char *where, const char *detail, const Change &change) {
        QTest::newRow(name) << change << u8(where) << u8(detail);
    };

    row("two populations of one name", "populations[1].name", "populations[0]",
        [](Configuration &c) { c = core::rename(c, u8("populations"), u8("Guests"), u8("EMPLOYEES")); });
    row("two default populations", "populations[1].default", "\"Employees\" is the default already",
        [](Configuration &c) { c.populations[1].isDefault = true; });
    row("no default population", "populations", "\"default\": true",
        [](Configuration &c) { c.populations[0].isDefault = false; });
    row("no population at all", "populations", "\"default\": true", [](Configuration &c) { c.populations.clear(); });
    row("blank name", "populations[1].name", "a name is required",
        [](Configuration &c) { c = core::rename(c, u8("populations"), u8("Guests"), u8("  ")); });
    row("name with a line break", "populations[1].name", "control characters",
        [](Configuration &c) { c = core::rename(c, u8("populations"), u8("Guests"), u8("Gue\nsts")); });
    row("name with a space at its end", "populations[1].name", "remove the spaces",
        [](Configuration &c) { c = core::rename(c, u8("populations"), u8("Guests"), u8("Guests ")); });
    row("name too long", "populations[1].name", "257 characters, at most 256",
        [](Configuration &c) { c = core::rename(c, u8("populations"), u8("Guests"), QString(257, u'x')); });
    row("description too long", "rules[0].description", "at most 1024",
        [](Configuration &c) { c.rules[0].description = QString(1025, u'x'); });

    row("201 custom attributes", "attributes", "at most 200", [](Configuration &c) {
        while (c.attributes.size() < 201)
            c.attributes.append(custom(QStringLiteral("a%1").arg(c.attributes.size())));
    });
    row("attribute name starts with a digit", "attributes[1].name", "starts with a letter",
        [](Configuration &c) { c.attributes[1].name = u8("1st"); });
    row("attribute name with a dot", "attributes[1].name", "starts with a letter",
        [](Configuration &c) { c.attributes[1].name = u8("a.b"); });
    row("attribute name with an umlaut", "attributes[1].name", "starts with a letter",
        [](Configuration &c) { c.attributes[1].name = u8("größe"); });
    row("attribute that is built in", "attributes[1].name", "is built in",
        [](Configuration &c) { c.attributes[1].name = u8("UserName"); });
    row("attribute that the API needs", "attributes[1].name", "is built in",
        [](Configuration &c) { c.attributes[1].name = u8("population"); });
    row("attributes that differ in case only", "attributes[1].name", "attributes[0]",
        [](Configuration &c) { c.attributes[1].name = u8("BADGE"); });
    row("maximum of nothing", "attributes[0].maxLength", "not between 1 and 16384",
        [](Configuration &c) { c.attributes[0].maxLength = 0; });
    row("pattern that does not compile", "attributes[0].regexValidation.pattern", "missing",
        [](Configuration &c) { c.attributes[0].pattern = u8("(a"); });
    row("pattern on JSON", "attributes[1].regexValidation.pattern", "only STRING",
        [](Configuration &c) { c.attributes[1].pattern = u8("a"); });
    row("unique JSON", "attributes[1].unique", "only STRING", [](Configuration &c) { c.attributes[1].unique = true; });
    row("list of flags", "attributes[2].multiValued", "one value",
        [](Configuration &c) { c.attributes[2].multiValued = true; });

    row("gateway name with a comma", "gateways[3].name", "letters, digits, spaces",
        [](Configuration &c) { c.gateways[3].name = u8("a, b"); });
    row("two gateways of one name", "gateways[3].name", "gateways[2]",
        [](Configuration &c) { c.gateways[3].name = u8("BRANCH"); });
    row("no server", "gateways[0].serversHostAndPort", "at least one server",
        [](Configuration &c) { c.gateways[0].serversHostAndPort.clear(); });
    row("server without a port", "gateways[0].serversHostAndPort[1]", "port is missing",
        [](Configuration &c) { c.gateways[0].serversHostAndPort[1] = u8("dc2.example.com"); });
    row("server twice", "gateways[0].serversHostAndPort[1]", "stands above",
        [](Configuration &c) { c.gateways[0].serversHostAndPort[1] = c.gateways[0].serversHostAndPort[0]; });
    row("fingerprint too short", "gateways[0].pinnedCertificateSha256", "64 hexadecimal digits",
        [](Configuration &c) { c.gateways[0].pinnedCertificateSha256.chop(1); });
    row("fingerprint without TLS", "gateways[0].pinnedCertificateSha256", "without TLS",
        [](Configuration &c) { c.gateways[0].connectionSecurity = ConnectionSecurity::None; });
    row("bind DN that is none", "gateways[2].bindDN", "TYPE=VALUE",
        [](Configuration &c) { c.gateways[2].bindDn = u8("svc"); });
    row("UPN elsewhere than at Active Directory", "gateways[2].bindDN", "TYPE=VALUE",
        [](Configuration &c) { c.gateways[2].bindDn = u8("svc@example.com"); });
    row("bind DN without a password", "gateways[2].bindPassword", "a bind DN needs a password",
        [](Configuration &c) { c.gateways[2].bindPassword = {}; });
    row("password without a bind DN", "gateways[2].bindDN", "never sent",
        [](Configuration &c) { c.gateways[2].bindDn.clear(); });
    row("user types of a RADIUS gateway", "gateways[1].userTypes", "only LDAP",
        [](Configuration &c) { c.gateways[1].userTypes = c.gateways[0].userTypes; });

    row("two user types of one name", "gateways[0].userTypes[1].name", "userTypes[0]",
        [](Configuration &c) { c.gateways[0].userTypes[1].name = u8("staff"); });
    row("bad search base", "gateways[0].userTypes[0].searchBaseDn", "TYPE=VALUE",
        [](Configuration &c) { c.gateways[0].userTypes[0].searchBaseDn = u8("Staff,DC=example"); });
    row("no search base", "gateways[0].userTypes[0].searchBaseDn", "where people are searched",
        [](Configuration &c) { c.gateways[0].userTypes[0].searchBaseDn.clear(); });
    row("no link attribute", "gateways[0].userTypes[0].orderedCorrelationAttributes", "at least one",
        [](Configuration &c) { c.gateways[0].userTypes[0].orderedCorrelationAttributes.clear(); });
    row("bad link attribute", "gateways[0].userTypes[0].orderedCorrelationAttributes[1]", "a b",
        [](Configuration &c) { c.gateways[0].userTypes[0].orderedCorrelationAttributes[1] = u8("a b"); });
    row("link attribute twice", "gateways[0].userTypes[0].orderedCorrelationAttributes[1]", "stands above",
        [](Configuration &c) { c.gateways[0].userTypes[0].orderedCorrelationAttributes[1] = u8("OBJECTguid"); });
    row("updates without LDAP's authority", "gateways[0].userTypes[0].updateUserOnSuccessfulAuthentication",
        "\"LDAP\"",
        [](Configuration &c) { c.gateways[0].userTypes[0].passwordAuthority = PasswordAuthority::PingOne; });
    row("bad lookup filter", "gateways[0].userTypes[1].newUserLookup.ldapFilterPattern", "never closed",
        [](Configuration &c) { c.gateways[0].userTypes[1].newUserLookup->ldapFilterPattern = u8("(uid=${identifier}"); });
    row("lookup filter for everybody", "gateways[0].userTypes[1].newUserLookup.ldapFilterPattern", "${identifier}",
        [](Configuration &c) { c.gateways[0].userTypes[1].newUserLookup->ldapFilterPattern = u8("(uid=*)"); });
    row("lookup into an unknown population", "gateways[0].userTypes[1].newUserLookup.population",
        "did you mean \"Guests\"",
        [](Configuration &c) { c.gateways[0].userTypes[1].newUserLookup->population = u8("Gests"); });
    row("lookup maps an unknown attribute", "gateways[0].userTypes[1].newUserLookup.attributeMappings[1].name",
        "did you mean \"externalGroupNames\"",
        [](Configuration &c) { c.gateways[0].userTypes[1].newUserLookup->attributeMappings[1].name = u8("externalGroupName"); });
    row("lookup maps twice", "gateways[0].userTypes[1].newUserLookup.attributeMappings[1].name", "has a row above",
        [](Configuration &c) { c.gateways[0].userTypes[1].newUserLookup->attributeMappings[1].name = u8("username"); });
    row("lookup maps no username", "gateways[0].userTypes[1].newUserLookup.attributeMappings", "\"username\"",
        [](Configuration &c) { c.gateways[0].userTypes[1].newUserLookup->attributeMappings.removeFirst(); });

    row("connection to no gateway", "connections[0].gateway", "did you mean \"Head office\"",
        [](Configuration &c) { c.connections[0].gateway = u8("Head ofice"); });
    row("gateway in other letter case", "connections[0].gateway", "did you mean \"Head office\"",
        [](Configuration &c) { c.connections[0].gateway = u8("head office"); });
    row("connection to a RADIUS gateway", "connections[0].gateway", "RADIUS gateways do not support provisioning",
        [](Configuration &c) { c.connections[0].gateway = u8("WLAN"); });
    row("two connections of one name", "connections[1].name", "connections[0]",
        [](Configuration &c) { c.connections.append(c.connections[0]); });
    row("remove action without deprovisioning", "connections[0].users.deprovision.removeAction", "\"enabled\": true",
        [](Configuration &c) { c.connections[0].users.deprovision.enabled = false; });
    row("rule deletion without deprovisioning", "connections[0].users.deprovision.onRuleDeletion", "\"enabled\": true",
        [](Configuration &c) { c.connections[0].users.deprovision.enabled = false; });
    row("remove action without disabling", "connections[0].users.deprovision.removeAction", "\"disable\": true",
        [](Configuration &c) { c.connections[0].users.disable = false; });
    row("group deletion with the rule only", "connections[0].groups.delete.onRuleDeletion", "\"enabled\": true",
        [](Configuration &c) { c.connections[0].groups.deletion.enabled = false; });

    row("rule without a connection", "rules[0].connection", "there is no connection \"x\"",
        [](Configuration &c) { c.rules[0].connection = u8("x"); });
    row("two rules of one name", "rules[1].name", "rules[0]", [](Configuration &c) { c.rules.append(c.rules[0]); });
    row("two enabled rules for the same people", "rules[1]", "reads exactly what \"Staff in\" reads",
        [](Configuration &c) {
            Rule other = c.rules[0];
            other.name = u8("Staff too");
            other.scope.baseDn = u8("dc=EXAMPLE, dc=COM");
            c.rules.append(other);
        });
    row("bad base DN", "rules[0].baseDn", "TYPE=VALUE",
        [](Configuration &c) { c.rules[0].scope.baseDn = u8("example.com"); });
    row("no base DN", "rules[0].baseDn", "where the rule reads",
        [](Configuration &c) { c.rules[0].scope.baseDn.clear(); });
    row("bad unit", "rules[0].userOrganizationalUnits[0]", "TYPE=VALUE",
        [](Configuration &c) { c.rules[0].scope.userOrganizationalUnits = {u8("Staff")}; });
    row("unit elsewhere", "rules[0].groupOrganizationalUnits[0]", "is outside of",
        [](Configuration &c) { c.rules[0].scope.groupOrganizationalUnits = {u8("OU=Groups,DC=example,DC=org")}; });
    row("unit whose text only ends like the base", "rules[0].userOrganizationalUnits[0]", "is outside of",
        [](Configuration &c) { c.rules[0].scope.userOrganizationalUnits = {u8("OU=a\\,DC=example,DC=com")}; });
    row("unit twice", "rules[0].userOrganizationalUnits[1]", "stands above",
        [](Configuration &c) { c.rules[0].scope.userOrganizationalUnits.append(u8("ou=STAFF,dc=example,dc=com")); });
    row("bad filter", "rules[0].userFilter", "in parentheses",
        [](Configuration &c) { c.rules[0].scope.userFilter = u8("mail=*"); });

    row("unknown target", "rules[0].attributeMappings[1].target", "did you mean \"name.family\"",
        [](Configuration &c) { c.rules[0].mappings.users[1].target = u8("name.famly"); });
    row("target in other letter case", "rules[0].attributeMappings[1].target", "did you mean \"email\"",
        [](Configuration &c) { c.rules[0].mappings.users[1].target = u8("Email"); });
    row("part of a target", "rules[0].attributeMappings[1].target", "did you mean \"name.given\"",
        [](Configuration &c) { c.rules[0].mappings.users[1].target = u8("given"); });
    row("two rows to one target", "rules[0].attributeMappings[1].target", "has a row above",
        [](Configuration &c) { c.rules[0].mappings.users[1].target = u8("username"); });
    row("no source", "rules[0].attributeMappings[1]", "needs a \"source\"",
        [](Configuration &c) { c.rules[0].mappings.users[1].source.clear(); });
    row("source and expression", "rules[0].attributeMappings[1]", "remove one",
        [](Configuration &c) { c.rules[0].mappings.users[1].expression = u8("'x'"); });
    row("bad source", "rules[0].attributeMappings[1].source", "letters, digits",
        [](Configuration &c) { c.rules[0].mappings.users[1].source = u8("employee number"); });
    row("no username", "rules[0].attributeMappings", "\"username\" needs a row",
        [](Configuration &c) { c.rules[0].mappings.users.removeFirst(); });
    row("no mapping of a required custom attribute", "rules[0].attributeMappings", "\"profile\" needs a row",
        [](Configuration &c) { c.attributes[1].required = true; });

    row("unknown population", "rules[0].onboarding.population", "did you mean \"Employees\"",
        [](Configuration &c) { c.rules[0].onboarding.population = u8("Employes"); });
    row("no user type", "rules[0].onboarding.gatewayUserType", "needs a user type",
        [](Configuration &c) { c.rules[0].onboarding.gatewayUserType.clear(); });
    row("unknown user type", "rules[0].onboarding.gatewayUserType", "did you mean \"Staff\"",
        [](Configuration &c) { c.rules[0].onboarding.gatewayUserType = u8("Stuff"); });
    row("negative guard", "rules[0].guards.maxDeprovisions", "-2 is not between",
        [](Configuration &c) { c.rules[0].guards.maxDeprovisions = -2; });
    row("more than all", "rules[0].guards.maxDeprovisionPercent", "101 is not between -1 and 100",
        [](Configuration &c) { c.rules[0].guards.maxDeprovisionPercent = 101; });
    row("no such wait", "rules[0].guards.missingForSeconds", "-1 is not between 0 and",
        [](Configuration &c) { c.rules[0].guards.missingForSeconds = -1; });
    row("negative share", "rules[0].guards.maxBlankedPercent", "-2 is not between -1 and 100",
        [](Configuration &c) { c.rules[0].guards.maxBlankedPercent = -2; });
    row("too often", "rules[0].schedule.everySeconds", "29 is not between 30",
        [](Configuration &c) { c.rules[0].schedule.everySeconds = 29; });
}

void TestConfigValidate::refuses()
{
    QFETCH(Change, change);
    QFETCH(QString, where);
    QFETCH(QString, detail);
    Configuration configuration = test::goodConfiguration();
    change(configuration);
    const QList<Error> faults = validate(configuration);
    const auto fault = std::find_if(faults.begin(), faults.end(), [&](const Error &error) {
        return error.where == where && error.detail.contains(detail);
    });
    QVERIFY2(fault != faults.end(), qPrintable(listed(faults)));
}

void TestConfigValidate::keepsTheOffsetOfAFault()
{
    Configuration configuration = test::goodConfiguration();
    configuration.rules[0].scope.userFilter = u8("(&(mail=*)(sn<M))");
    configuration.rules[0].scope.baseDn = u8("DC=example,DC=com,");
    configuration.attributes[0].pattern = u8("ab)");
    const QList<Error> faults = validate(configuration);
    const auto at = [&](const char *where) {
        for (const Error &fault : faults) {
            if (fault.where == u8(where))
                return fault;
        }
        return Error();
    };
    QCOMPARE(at("rules[0].userFilter").offset, 13);
    QCOMPARE(at("rules[0].userFilter").code, Code::Syntax);
    QCOMPARE(at("rules[0].userFilter").caret(), u8("(&(mail=*)(sn<M))\n             ^"));
    QCOMPARE(at("rules[0].baseDn").offset, 17);
    QCOMPARE(at("attributes[0].regexValidation.pattern").offset, 2);
    QCOMPARE(at("attributes[0].regexValidation.pattern").subject, u8("ab)"));
}

void TestConfigValidate::findsEveryFaultAtOnce()
{
    Configuration configuration = test::goodConfiguration();
    configuration.populations[0].isDefault = false;
    configuration.attributes[0].maxLength = -1;
    configuration.gateways[0].serversHostAndPort = {u8("a"), u8("b:0"), u8("c:389")};
    configuration.connections[0].gateway = u8("nowhere");
    configuration.rules[0].scope.baseDn = u8("?");
    configuration.rules[0].schedule.everySeconds = 1;
    QStringList places;
    for (const Error &fault : validate(configuration))
        places.append(fault.where);
    QCOMPARE(places, (QStringList{u8("populations"), u8("attributes[0].maxLength"),
                                  u8("gateways[0].serversHostAndPort[0]"), u8("gateways[0].serversHostAndPort[1]"),
                                  u8("connections[0].gateway"), u8("rules[0].baseDn"),
                                  u8("rules[0].schedule.everySeconds")}));
}

void TestConfigValidate::refusesWhatThisVersionCannotRun()
{
    Configuration configuration = test::goodConfiguration();
    configuration.rules[0].direction = Direction::Outbound;
    const QList<Error> faults = validate(configuration);
    QCOMPARE(faults.size(), 1);
    QCOMPARE(faults.at(0).where, u8("rules[0].direction"));
    QCOMPARE(faults.at(0).what, u8("outbound rules are not available in this version"));
    QCOMPARE(faults.at(0).code, Code::Unsupported);
}

void TestConfigValidate::pointsIntoWrongExpressions()
{
    Configuration configuration = test::goodConfiguration();
    configuration.rules[0].mappings.users.append({u8("title"), {}, u8("'x' + #string.upper(sn)"), MappingWhen::Always});
    configuration.gateways[0].userTypes[1].newUserLookup->attributeMappings.append({u8("title"), u8("('x'")});
    const QList<Error> faults = validate(configuration);
    QCOMPARE(faults.size(), 2);
    QCOMPARE(faults.at(0).where, u8("gateways[0].userTypes[1].newUserLookup.attributeMappings[2].value"));
    QCOMPARE(faults.at(1).where, u8("rules[0].attributeMappings[2].expression"));
    QCOMPARE(faults.at(1).subject, u8("'x' + #string.upper(sn)"));
    QVERIFY(faults.at(1).offset > 0);
    for (const Error &fault : faults)
        QCOMPARE(fault.code, Code::Syntax);
}

void TestConfigValidate::givesEveryFaultAPlaceAndASentence()
{
    QVERIFY(rc::check("whatever is configured, every fault has a place and says what to do", [] {
        const QStringList sections{u8("populations"), u8("attributes"), u8("gateways"), u8("connections"), u8("rules")};
        const QList<Error> faults = validate(test::drawConfiguration());
        for (const Error &fault : faults) {
            RC_ASSERT(sections.contains(fault.where.section(u'[', 0, 0)));
            RC_ASSERT(!fault.what.isEmpty());
            RC_ASSERT(!fault.detail.isEmpty());
        }
    }));
}

void TestConfigValidate::whatIsGoodCanBeReadBack()
{
    QVERIFY(rc::check("a part of a good configuration at random: refused, or kept by the file", [] {
        Configuration configuration = test::goodConfiguration();
        const Configuration random = test::drawConfiguration();
        const auto mix = [&](auto &things, const auto &others) {
            if (!things.isEmpty() && !others.isEmpty())
                things[0] = others[0];
        };
        switch (*rc::gen::inRange(0, 5)) {
        case 0: mix(configuration.populations, random.populations); break;
        case 1: mix(configuration.attributes, random.attributes); break;
        case 2: mix(configuration.gateways[0].userTypes, random.gateways.value(0).userTypes); break;
        case 3: mix(configuration.connections, random.connections); break;
        default: mix(configuration.rules[0].mappings.users, random.rules.value(0).mappings.users); break;
        }
        const auto read = parseConfiguration(QJsonDocument(toJson(configuration)).toJson());
        RC_ASSERT(!validate(configuration).isEmpty() || (read && *read == configuration));
    }));
}

CONSOLE_TEST(TestConfigValidate)
#include "tst_configvalidate.moc"
