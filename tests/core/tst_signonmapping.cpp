// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a sign-on makes of an entry: values of a user type's mapping, and the mapping as a whole.
#include "core/config/usertype.h"
#include "core/expr/json.h"
#include "core/signonmapping.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse::core;

namespace {

Entry entryWith(const QList<Attribute> &attributes)
{
    return {"cn=Zoë,ou=people,dc=example,dc=com", attributes};
}

Entry zoe()
{
    return entryWith({{"uid", {"zoe"}},
                      {"givenName", {"Zoë"}},
                      {"sn", {"Größling"}},
                      {"MAIL", {"zoe@example.com", "z@example.com"}},
                      {"memberOf", {"cn=a\\, b,ou=groups,dc=example,dc=com", "CN=Payroll,OU=Groups", "CN=Payroll,OU=Groups"}},
                      {"x-badge", {"77"}},
                      {"objectGUID", {QByteArray("\x01\x02\xff\x00", 4)}}});
}

} // namespace

class SignOnMappingTest : public QObject {
    Q_OBJECT

private slots:
    void valuesAreRead_data();
    void valuesAreRead();
    void faultsHaveTheirPlace_data();
    void faultsHaveTheirPlace();
    void everyFormMakesValues();
    void groupsComeAsTheyAre();
    void oneBadValueIsAProblem();
    void compileNamesTheRow();
};

void SignOnMappingTest::valuesAreRead_data()
{
    using Form = LdapValue::Form;
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("form");
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char *text, Form form, const char *json) {
        QTest::newRow(text) << QString::fromUtf8(text) << int(form) << QByteArray(json);
    };
    row("${ldapAttributes.uid}", Form::Attribute, R"("zoe")");
    row("${ldapAttributes.mail}", Form::Attribute, R"(["zoe@example.com","z@example.com"])");
    row("${ldapAttributes.x-badge}", Form::Attribute, R"("77")");
    row("${ldapAttributes.absent}", Form::Attribute, "null");
    row("${ldapAttributes.objectGUID}", Form::Attribute, R"("AQL/AA==")");
    row("${ldapAttributes.givenName} ${ldapAttributes.sn}", Form::Text, R"("Zoë Größling")");
    row("${ldapAttributes.absent} ${ldapAttributes.sn}", Form::Text, R"("Größling")");
    row("${ldapAttributes.absent}-${ldapAttributes.gone}", Form::Text, "null");
    row("${ldapAttributes.mail} (work)", Form::Text, R"j("zoe@example.com (work)")j");
    row("${#string.upperCase(ldapAttributes.uid)}.x", Form::Text, R"("ZOE.x")");
    row("#string.upperCase(${ldapAttributes.uid})", Form::Expression, R"("ZOE")");
    row("ldapAttributes.givenName + ' ' + ldapAttributes.sn", Form::Expression, R"("Zoë Größling")");
    row("${ldapAttributes.givenName} + '/' + ${ldapAttributes.x-badge}", Form::Expression, R"("Zoë/77")");
    row("${ldapAttributes.absent} ?: ${ldapAttributes.uid}", Form::Expression, R"("zoe")");
    row("O'${ldapAttributes.sn}", Form::Text, R"("O'Größling")");
    row("'fixed'", Form::Expression, R"("fixed")");
    row("ldapAttributes.active", Form::Expression, "true");
    row("${ldapAttributes.active}", Form::Attribute, "true");
}

void SignOnMappingTest::valuesAreRead()
{
    QFETCH(QString, text);
    QFETCH(int, form);
    QFETCH(QByteArray, json);
    const auto value = LdapValue::parse(text);
    QVERIFY2(value, value ? "" : qPrintable(value.error().constFirst().text()));
    QCOMPARE(int(value->form()), form);
    const auto result = value->evaluate(zoe(), true);
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(expr::printJson(*result), json);
}

void SignOnMappingTest::faultsHaveTheirPlace_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("offset");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *text, int offset, const char *says) {
        QTest::newRow(text) << QString::fromUtf8(text) << offset << QString::fromUtf8(says);
    };
    row("a ${ldapAttributes.mail", 2, "not closed");
    row("mail", 0, "ldapAttributes.mail");
    row("${mail} x", 2, "ldapAttributes.mail");
    row("#string.upperCase(${ldapAttributes.uid}", 41, "");
    row("ldapAttributes[sn]", 0, "as a whole");
    row("a ${ldapAttributes.} b", 2, "");
    row("${identifier}", 2, "ldapAttributes.identifier");
}

void SignOnMappingTest::faultsHaveTheirPlace()
{
    QFETCH(QString, text);
    QFETCH(int, offset);
    QFETCH(QString, says);
    const auto value = LdapValue::parse(text);
    QVERIFY(!value);
    const Error &error = value.error().constFirst();
    QVERIFY2(error.text().contains(says), qPrintable(error.text()));
    QVERIFY2(error.offset >= 0 && error.offset <= text.size(), qPrintable(QString::number(error.offset)));
    if (!says.isEmpty())
        QCOMPARE(error.offset, offset);
    QCOMPARE(error.subject, text);
}

void SignOnMappingTest::everyFormMakesValues()
{
    const auto catalog = std::make_shared<const AttributeCatalog>();
    const auto mapping = SignOnMapping::compile({{QStringLiteral("username"), QStringLiteral("${ldapAttributes.uid}")},
                                                 {QStringLiteral("name.formatted"), QStringLiteral("${ldapAttributes.givenName} ${ldapAttributes.sn}")},
                                                 {QStringLiteral("title"), QStringLiteral("#string.upperCase(ldapAttributes.title)")},
                                                 {QStringLiteral("email"), QStringLiteral("${ldapAttributes.mail}")},
                                                 {QStringLiteral("enabled"), QStringLiteral("${ldapAttributes.active}")}},
                                                catalog);
    QVERIFY(mapping);
    QVERIFY(!mapping->mapsGroups());
    QCOMPARE(mapping->sources(), SlotNames({"uid", "givenName", "sn", "title", "mail"}));
    QCOMPARE(mapping->targets().size(), size_t(5));
    const MappedSignOn mapped = mapping->evaluate(zoe(), false);
    QVERIFY(mapped.problems.isEmpty());
    const auto text = [&](const char *name) { return mapped.values.text(catalog->find(QString::fromLatin1(name))); };
    QCOMPARE(text("username"), QStringLiteral("zoe"));
    QCOMPARE(text("name.formatted"), QStringLiteral("Zoë Größling"));
    QCOMPARE(text("email"), QStringLiteral("zoe@example.com"));
    QCOMPARE(text("enabled"), QStringLiteral("false"));
    QVERIFY(isNull(mapped.values.get(catalog->find(QStringLiteral("title")))));
}

void SignOnMappingTest::groupsComeAsTheyAre()
{
    const auto catalog = std::make_shared<const AttributeCatalog>();
    const auto compile = [&](const char *value) {
        return SignOnMapping::compile({{QStringLiteral("username"), QStringLiteral("${ldapAttributes.uid}")},
                                       {kExternalGroupNames, QString::fromLatin1(value)}}, catalog);
    };
    const auto plain = compile("${ldapAttributes.memberOf}");
    QVERIFY(plain);
    QCOMPARE(plain->groupSource(), QByteArray("memberOf"));
    QCOMPARE(plain->evaluate(zoe(), true).groupNames,
             QStringList({QStringLiteral("cn=a\\, b,ou=groups,dc=example,dc=com"), QStringLiteral("CN=Payroll,OU=Groups")}));
    QVERIFY(plain->evaluate(entryWith({{"uid", {"x"}}}), true).groupNames.isEmpty());
    const auto shortened = compile("ldapAttributes.memberOf.![#regex.replaceFirst(#this, '^[^=]*=((\\\\.|[^,])*),.*$', '$1')]");
    QVERIFY2(shortened, shortened ? "" : qPrintable(shortened.error().constFirst().text()));
    QCOMPARE(shortened->groupSource(), QByteArray("memberOf"));
    QCOMPARE(shortened->evaluate(zoe(), true).groupNames.last(), QStringLiteral("Payroll"));
    const MappedSignOn bad = plain->evaluate(entryWith({{"uid", {"x"}}, {"memberOf", {"cn=\xff"}}}), true);
    QCOMPARE(bad.problems.size(), 1);
    QCOMPARE(bad.problems.constFirst().attribute, QString(kExternalGroupNames));
}

void SignOnMappingTest::oneBadValueIsAProblem()
{
    const auto catalog = std::make_shared<const AttributeCatalog>();
    const auto mapping = SignOnMapping::compile({{QStringLiteral("username"), QStringLiteral("${ldapAttributes.absent}")},
                                                 {QStringLiteral("address.countryCode"), QStringLiteral("${ldapAttributes.sn} ")}},
                                                catalog);
    QVERIFY(mapping);
    const MappedSignOn mapped = mapping->evaluate(zoe(), true);
    QCOMPARE(mapped.problems.size(), 2);
    QCOMPARE(mapped.problems.at(0).code, ProblemCode::RequiredValue);
    QCOMPARE(mapped.problems.at(1).attribute, QStringLiteral("address.countryCode"));
    QVERIFY(mapped.values.isEmpty());
}

void SignOnMappingTest::compileNamesTheRow()
{
    const auto mapping = SignOnMapping::compile({{QStringLiteral("username"), QStringLiteral("mail")},
                                                 {QStringLiteral("usrname"), QStringLiteral("${ldapAttributes.uid}")}},
                                                std::make_shared<const AttributeCatalog>());
    QVERIFY(!mapping);
    QCOMPARE(mapping.error().size(), 2);
    QCOMPARE(mapping.error().at(0).where, QStringLiteral("attributeMappings[0].value"));
    QCOMPARE(mapping.error().at(1).where, QStringLiteral("attributeMappings[1].name"));
}

CONSOLE_TEST(SignOnMappingTest)
#include "tst_signonmapping.moc"
