// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a configuration is warned of that is sound all the same: expressions of rules and user types that do not fit what
// they are for, and people who come from two sides.
#include "core/config.h"
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
    QList<AttributeMapping> &rows = configuration.rules[0].attributeMappings;
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
