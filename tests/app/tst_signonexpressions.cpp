// SPDX-License-Identifier: GPL-3.0-or-later
//
// Expressions as a user type's rows have them, without a window: what they give for a sample is what a sign-on makes of
// it, what is warned of, what is offered while one types, and the sample data that stands below "ldapAttributes".
#include "app/expressions/expressionplace.h"
#include "app/expressions/liveevaluation.h"
#include "app/expressions/sampledata.h"
#include "app/expressions/samplesource.h"
#include "app/gateways/usertyperows.h"
#include "core/ldapvalue.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse;
using app::CompletionItem;

namespace {

core::Schema schema()
{
    return core::Schema::fromAttributeTypes(
        {"( 2.5.4.4 NAME ( 'sn' 'surname' ) DESC 'family name' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
         "( 2.5.4.42 NAME ( 'givenName' 'gn' ) DESC 'first name' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
         "( 0.9.2342.19200300.100.1.3 NAME ( 'mail' 'rfc822Mailbox' ) SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )",
         "( 1.3.6.1.1.16.4 NAME 'entryUUID' SYNTAX 1.3.6.1.1.16.1 SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation )",
         "( 1.2.3 NAME 'x-mail-alias' SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )",
         "( 1.2.4 NAME 'jpegPhoto' SYNTAX 1.3.6.1.4.1.1466.115.121.1.28 )"});
}

QStringList namesOf(const QList<CompletionItem> &items)
{
    QStringList names;
    for (const CompletionItem &item : items)
        names.append(item.name);
    return names;
}

core::Entry signOnEntry()
{
    core::Entry entry;
    entry.dn = "uid=zoe,dc=example,dc=com";
    entry.attributes = {{"givenName", {"Zo\xc3\xab"}}, {"sn", {"M\xc3\xbcller"}}, {"mail", {"zoe@example.com", "zm@example.com"}},
                        {"memberOf", {"cn=a", "cn=b"}}, {"x-mail-alias", {"z"}}};
    return entry;
}

} // namespace

class SignOnExpressionsTest : public QObject {
    Q_OBJECT
private slots:
    void readsWhatASignOnReads_data();
    void readsWhatASignOnReads();
    void warnsOfASignOnsNames();
    void offersASignOnsNames();
    void editsWhatStandsBelowTheRoot();
};

void SignOnExpressionsTest::readsWhatASignOnReads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("value");
    QTest::newRow("attribute") << QStringLiteral("${ldapAttributes.givenName}") << QStringLiteral("Zoë");
    QTest::newRow("whatever its case") << QStringLiteral("ldapAttributes.GIVENNAME") << QStringLiteral("Zoë");
    QTest::newRow("list") << QStringLiteral("ldapAttributes.mail") << QStringLiteral("[\"zoe@example.com\",\"zm@example.com\"]");
    QTest::newRow("text") << QStringLiteral("${ldapAttributes.givenName} ${ldapAttributes.sn}") << QStringLiteral("Zoë Müller");
    QTest::newRow("text of first values") << QStringLiteral("<${ldapAttributes.mail}>") << QStringLiteral("<zoe@example.com>");
    QTest::newRow("call") << QStringLiteral("#string.upperCase(ldapAttributes.sn)") << QStringLiteral("MÜLLER");
    QTest::newRow("brackets") << QStringLiteral("ldapAttributes['x-mail-alias']") << QStringLiteral("z");
    QTest::newRow("computed") << QStringLiteral("ldapAttributes.active ? 'yes' : 'no'") << QStringLiteral("yes");
    QTest::newRow("absent") << QStringLiteral("ldapAttributes.title ?: 'none'") << QStringLiteral("none");
}

void SignOnExpressionsTest::readsWhatASignOnReads()
{
    QFETCH(QString, text);
    QFETCH(QString, value);
    app::ExpressionQuestion question;
    question.reading = app::ExpressionNames::SignOn;
    question.root = app::signOnSampleOf(signOnEntry(), core::Vendor::Ldapv3);
    question.text = text;
    question.steps = true;
    const app::ExpressionAnswer answer = app::answerTo(question);
    QVERIFY2(answer.faults.isEmpty(), qPrintable(answer.faults.value(0).message));
    QVERIFY(answer.value);
    QCOMPARE(app::valueText(*answer.value), value);
    QVERIFY(!answer.steps.isEmpty());
    for (const app::ExpressionStep &step : answer.steps)
        QVERIFY2(!step.failed, qPrintable(step.text + QStringLiteral(": ") + step.result));
    // The sign-on itself says the same.
    const auto compiled = core::LdapValue::parse(text);
    QVERIFY(compiled);
    QCOMPARE(app::valueText(*compiled->evaluate(signOnEntry(), true)), value);
}

void SignOnExpressionsTest::warnsOfASignOnsNames()
{
    const core::AttributeCatalog catalog;
    app::ExpressionQuestion question;
    question.reading = app::ExpressionNames::SignOn;
    question.root = app::signOnSampleOf(signOnEntry(), core::Vendor::Ldapv3);
    question.names = {QStringLiteral("ldapAttributes.mail"), QStringLiteral("ldapAttributes.sn")};
    question.catalog = std::make_shared<const core::AttributeCatalog>();
    question.target = QStringLiteral("title");
    question.text = QStringLiteral("'x' + ldapAttributes.mial");
    app::ExpressionAnswer answer = app::answerTo(question);
    QCOMPARE(answer.warnings.size(), 1);
    QVERIFY2(answer.warnings.at(0).message.contains(QStringLiteral("mail")), qPrintable(answer.warnings.at(0).message));
    QCOMPARE(answer.warnings.at(0).offset, 21);
    QCOMPARE(answer.warnings.at(0).length, 4);
    // A rule's way of writing is a fault here, with what to write instead.
    question.text = QStringLiteral("sn + 'x'");
    answer = app::answerTo(question);
    QCOMPARE(answer.faults.size(), 1);
    QVERIFY(answer.faults.at(0).message.contains(QStringLiteral("ldapAttributes.sn")));
    QCOMPARE(app::expressionFaults(question.text, app::ExpressionNames::SignOn).size(), 1);
    QVERIFY(app::expressionFaults(question.text, app::ExpressionNames::Directory).isEmpty());
    question.text = QStringLiteral("${ldapAttributes.sn");
    answer = app::answerTo(question);
    QCOMPARE(answer.faults.size(), 1);
    QCOMPARE(answer.faults.at(0).offset, 0);
    // A list where one value is held.
    question.names.clear();
    question.text = QStringLiteral("#string.split(ldapAttributes.title, ' ')");
    answer = app::answerTo(question);
    QCOMPARE(answer.warnings.size(), 1);
    QVERIFY(answer.warnings.at(0).message.contains(QStringLiteral("#string.join")));
}

void SignOnExpressionsTest::offersASignOnsNames()
{
    const QList<CompletionItem> items = app::ldapAttributeItems(app::attributeItems(schema()));
    QCOMPARE(namesOf(app::ranked(items, QStringLiteral("ma"))).constFirst(), QStringLiteral("ldapAttributes.mail"));
    QCOMPARE(namesOf(app::ranked(items, QStringLiteral("surn"))), QStringList{QStringLiteral("ldapAttributes.sn")});
    for (const CompletionItem &item : items) {
        const auto value = core::LdapValue::parse(item.insertion);
        QVERIFY2(value, qPrintable(item.insertion));
        const auto inBraces = core::LdapValue::parse(QStringLiteral("${%1} x").arg(item.insertion));
        QVERIFY2(inBraces, qPrintable(item.insertion));
    }
    const auto offered = [&](const QString &text) {
        return namesOf(app::completionsAt(app::placeAt(text, int(text.size())), items)).value(0);
    };
    QCOMPARE(offered(QStringLiteral("#string.trim(giv")), QStringLiteral("ldapAttributes.givenName"));
    QCOMPARE(offered(QStringLiteral("ldapAttributes.giv")), QStringLiteral("ldapAttributes.givenName"));
    QCOMPARE(offered(QStringLiteral("${ldapAttributes.giv")), QStringLiteral("ldapAttributes.givenName"));
    QCOMPARE(offered(QStringLiteral("${giv")), QStringLiteral("ldapAttributes.givenName"));
    QCOMPARE(offered(QStringLiteral("${ldapAttributes.sn} ${giv")), QStringLiteral("ldapAttributes.givenName"));
}

void SignOnExpressionsTest::editsWhatStandsBelowTheRoot()
{
    app::SampleData data;
    data.setFlat(true, QStringLiteral("ldapAttributes"));
    data.setRoot(app::signOnSampleOf(signOnEntry(), core::Vendor::Ldapv3));
    // Rows are attributes by their own names; completion knows them by how they are written.
    QCOMPARE(data.index(0, app::SampleData::Name).data().toString(), QStringLiteral("givenName"));
    QCOMPARE(data.names().first(), QStringLiteral("ldapAttributes.givenName"));
    QVERIFY(data.setData(data.index(0, app::SampleData::Value), QStringLiteral("Ann")));
    QVERIFY(data.setData(data.index(data.addRow(), app::SampleData::Name), QStringLiteral("title")));
    QVERIFY(data.setData(data.index(data.rowCount() - 1, app::SampleData::Value), QStringLiteral("CEO")));
    app::ExpressionQuestion question;
    question.reading = app::ExpressionNames::SignOn;
    question.root = data.root();
    question.text = QStringLiteral("${ldapAttributes.givenName}, ${ldapAttributes.title}");
    const app::ExpressionAnswer answer = app::answerTo(question);
    QVERIFY(answer.value);
    QCOMPARE(app::valueText(*answer.value), QStringLiteral("Ann, CEO"));
    // As JSON the root is there, and reading it back changes nothing.
    const QString json = data.json();
    QVERIFY2(json.contains(QStringLiteral("\"ldapAttributes\": {")), qPrintable(json));
    QVERIFY(data.setJson(json));
    QCOMPARE(data.json(), json);
    QCOMPARE(data.index(0, app::SampleData::Value).data().toString(), QStringLiteral("Ann"));
}

CONSOLE_TEST(SignOnExpressionsTest)
#include "tst_signonexpressions.moc"
