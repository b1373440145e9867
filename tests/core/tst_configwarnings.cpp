// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a configuration is warned of that is sound all the same: expressions of rules and user types that do not fit what
// they are for, and people who come from two sides.
#include "core/config/configuration.h"
#include "core/config/validate.h"
#include "core/schemacheck.h"
#include "tests/core/completeconfig.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::core;

namespace {

QString u8(const char *text)
{
    return QString::fromUtf8(text);
}

} // namespace

class TestConfigWarnings : public QObject {
    Q_OBJECT
private slots:
    void warnsOfExpressionsThatDoNotFit_data();
    void warnsOfExpressionsThatDoNotFit();
    void warnsOfUserTypeRowsThatDoNotFit_data();
    void warnsOfUserTypeRowsThatDoNotFit();
    void warnsOfPeopleFromTwoSides();
    void warnsOfPeopleWhomNothingDisables();
    void warnsOfNamesThatTheSchemaDoesNotKnow();
    void warnsOfWhatIsNotRetained();
};

void TestConfigWarnings::warnsOfExpressionsThatDoNotFit_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("word"); // empty: no warning
    QTest::newRow("list for one value") << u8("nickname") << u8("{givenName, sn}") << u8("list");
    QTest::newRow("text for yes and no") << u8("enabled") << u8("#string.upperCase(sn)") << u8("true or false");
    QTest::newRow("map") << u8("title") << u8("{'a': sn}") << u8("map");
    QTest::newRow("always null") << u8("title") << u8("null") << u8("null");
    QTest::newRow("unknown kind") << u8("enabled") << u8("sn") << QString();
    QTest::newRow("comparison") << u8("enabled") << u8("sn == 'x'") << QString();
    QTest::newRow("text") << u8("title") << u8("#string.join({givenName, sn}, ' ')") << QString();
}

void TestConfigWarnings::warnsOfExpressionsThatDoNotFit()
{
    QFETCH(QString, target);
    QFETCH(QString, expression);
    QFETCH(QString, word);
    Configuration configuration = test::goodConfiguration();
    QList<AttributeMapping> &rows = configuration.rules[0].mappings.users;
    rows.removeIf([&](const AttributeMapping &row) { return row.target == target; });
    rows.append({target, {}, expression});
    QVERIFY(validate(configuration).isEmpty());
    const QList<Error> found = warnings(configuration);
    QCOMPARE(found.size(), word.isEmpty() ? 0 : 1);
    if (word.isEmpty())
        return;
    QCOMPARE(found.constFirst().where, QStringLiteral("rules[0].attributeMappings[%1].expression").arg(rows.size() - 1));
    QVERIFY2(found.constFirst().detail.contains(word), qPrintable(found.constFirst().detail));
}

void TestConfigWarnings::warnsOfUserTypeRowsThatDoNotFit_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("word"); // empty: nothing to say
    QTest::newRow("a list for one value") << u8("title") << u8("#string.split(ldapAttributes.title, ' ')") << u8("#string.join");
    QTest::newRow("the same in braces") << u8("title") << u8("${#string.split(ldapAttributes.title, ' ')}") << u8("#string.join");
    QTest::newRow("a text for yes or no") << u8("enabled") << u8("${ldapAttributes.employeeType} x") << u8("true or false");
    QTest::newRow("groups take lists") << u8("externalGroupNames") << u8("#string.split(ldapAttributes.ou, ',')") << QString();
    QTest::newRow("groups of nothing") << u8("externalGroupNames") << u8("null") << u8("always null");
    QTest::newRow("an attribute") << u8("title") << u8("${ldapAttributes.title}") << QString();
    QTest::newRow("a text") << u8("name.formatted") << u8("${ldapAttributes.givenName} ${ldapAttributes.sn}") << QString();
}

void TestConfigWarnings::warnsOfUserTypeRowsThatDoNotFit()
{
    QFETCH(QString, target);
    QFETCH(QString, value);
    QFETCH(QString, word);
    Configuration configuration = test::goodConfiguration();
    Gateway &gateway = configuration.gateways[0];
    const auto migrating = std::find_if(gateway.userTypes.begin(), gateway.userTypes.end(),
                                        [](const UserType &one) { return one.newUserLookup.has_value(); });
    QVERIFY(migrating != gateway.userTypes.end());
    QList<UserTypeMapping> &rows = migrating->newUserLookup->attributeMappings;
    rows.removeIf([&](const UserTypeMapping &row) { return row.name == target; });
    rows.append({target, value});
    QVERIFY2(validate(configuration).isEmpty(), qPrintable(validate(configuration).value(0).text()));
    const QList<Error> found = warnings(configuration);
    QCOMPARE(found.size(), word.isEmpty() ? 0 : 1);
    if (word.isEmpty())
        return;
    QCOMPARE(found.constFirst().where, QStringLiteral("gateways[0].userTypes[%1].newUserLookup.attributeMappings[%2].value")
                                           .arg(migrating - gateway.userTypes.begin()).arg(rows.size() - 1));
    QVERIFY2(found.constFirst().detail.contains(word), qPrintable(found.constFirst().detail));
}

void TestConfigWarnings::warnsOfPeopleWhomNothingDisables()
{
    Configuration configuration = test::goodConfiguration();
    const auto warned = [&] {
        const QList<Error> found = warnings(configuration);
        return std::any_of(found.begin(), found.end(), [](const Error &warning) {
            return warning.where == u8("rules[0].attributeMappings") && warning.what.contains(u8("enabled here"));
        });
    };
    Connection &connection = configuration.connections[configuration.connections.indexOf(*configuration.connection(configuration.rules[0].connection))];
    configuration.rules[0].mappings.users.removeIf(
        [](const AttributeMapping &row) { return row.target == u8("enabled"); });
    connection.users.disable = true;
    QVERIFY(!warned());
    connection.users.disable = false;
    QVERIFY(warned());
    configuration.rules[0].mappings.users.append({u8("enabled"), u8("active"), {}, MappingWhen::Always});
    QVERIFY(!warned());
}

void TestConfigWarnings::warnsOfNamesThatTheSchemaDoesNotKnow()
{
    const auto schema = std::make_shared<const Schema>(Schema::fromAttributeTypes(
        {"( 2.5.4.42 NAME ( 'givenName' 'gn' ) )", "( 2.5.4.4 NAME ( 'sn' 'surname' ) )", "( 0.9.2342.19200300.100.1.1 NAME ( 'uid' 'userid' ) )",
         "( 2.16.840.1.113730.3.1.4 NAME 'employeeType' )", "( 2.5.4.0 NAME 'objectClass' )"}));
    Configuration configuration;
    Gateway gateway;
    gateway.name = u8("G");
    UserType type;
    type.orderedCorrelationAttributes = {u8("dn"), u8("UID"), u8("entryUID")};
    type.newUserLookup = NewUserLookup{u8("(userid=${identifier})"), {}, {{u8("username"), u8("${ldapAttributes.uidd}")}}};
    gateway.userTypes = {type};
    configuration.gateways = {gateway};
    Connection connection;
    connection.name = u8("C");
    connection.gateway = u8("G");
    configuration.connections = {connection};
    Rule rule;
    rule.connection = u8("C");
    rule.scope.userFilter = u8("(&(objectClass=*)(!(employeeTypo=x)))");
    rule.mappings.users = {{u8("username"), u8("2.5.4.4"), {}},
                           {u8("name.given"), u8("GN;lang-de"), {}},
                           {u8("enabled"), u8("active"), {}},
                           {u8("title"), {}, u8("surname + givnName")}};
    configuration.rules = {rule};
    const auto wheres = [&](bool read) {
        QStringList found;
        for (const Error &warning : schemaWarnings(configuration, [&](const Gateway &) { return read ? schema : nullptr; }))
            found << warning.where;
        return found;
    };
    QCOMPARE(wheres(true), (QStringList{u8("gateways[0].userTypes[0].orderedCorrelationAttributes[2]"),
                                        u8("gateways[0].userTypes[0].newUserLookup.attributeMappings[0].value"), u8("rules[0].userFilter"),
                                        u8("rules[0].attributeMappings[3].expression")}));
    QCOMPARE(wheres(false), QStringList{u8("gateways[0]")}); // says that it could not
    QCOMPARE(unknownInFilter(rule, *schema), QStringList{u8("employeeTypo")});
    QVERIFY(unknownAttribute(*schema, u8("employeeTypo"))->detail.contains(u8("employeeType")));

    const Entry entry = withAliases({"uid=a", {{"givenName", {"Anna"}}}}, {"gn", "2.5.4.42", "sn"}, *schema);
    QCOMPARE(entry.values("gn"), QList<QByteArray>{"Anna"});
    QCOMPARE(entry.values("2.5.4.42"), QList<QByteArray>{"Anna"});
    QVERIFY(entry.values("sn").isEmpty());
}

void TestConfigWarnings::warnsOfPeopleFromTwoSides()
{
    Configuration configuration = test::goodConfiguration();
    QVERIFY(warnings(configuration).isEmpty());
    configuration.rules[0].onboarding.gatewayUserType = u8("Guests");
    // The file is accepted, and the rule is named.
    QVERIFY(validate(configuration).isEmpty());
    const QList<Error> found = warnings(configuration);
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.constFirst().where, u8("rules[0].onboarding.gatewayUserType"));
    QVERIFY(found.constFirst().detail.contains(u8("Staff in")));
    configuration.rules[0].onboarding.authenticateViaLdap = false;
    QVERIFY(warnings(configuration).isEmpty());
}

void TestConfigWarnings::warnsOfWhatIsNotRetained()
{
    using Kind = SecretReference::Kind;
    Configuration configuration = test::goodConfiguration();
    Kerberos &kerberos = *configuration.gateways[0].kerberos;
    for (const auto &[kind, word] : {std::pair{Kind::File, u8("a file")}, std::pair{Kind::Environment, u8("variable")}}) {
        kerberos.serviceAccountPassword = {kind, u8("x")};
        kerberos.minutesToRetainPreviousCredentials = 610;
        QVERIFY(validate(configuration).isEmpty());
        const QList<Error> found = warnings(configuration);
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.constFirst().where, u8("gateways[0].kerberos.minutesToRetainPreviousCredentials"));
        QVERIFY2(found.constFirst().detail.contains(word), qPrintable(found.constFirst().detail));
        // Who says that none is to be retained is not warned.
        kerberos.minutesToRetainPreviousCredentials = 0;
        QVERIFY(validate(configuration).isEmpty());
        QVERIFY(warnings(configuration).isEmpty());
    }
    kerberos.serviceAccountPassword = {Kind::Keychain, {}};
    kerberos.minutesToRetainPreviousCredentials = 610;
    QVERIFY(warnings(configuration).isEmpty());
}

CONSOLE_TEST(TestConfigWarnings)
#include "tst_configwarnings.moc"
