// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the expression editor is made of, without a window: what is offered at the cursor and in which order, the sample
// data as values and as JSON, what the target would hold.
#include "app/expressions/expressionplace.h"
#include "app/expressions/liveevaluation.h"
#include "app/expressions/sampledata.h"
#include "app/expressions/samplesource.h"
#include "app/roles.h"
#include "core/expr/json.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using app::CompletionItem;
using app::ExpressionPlace;
using app::SampleData;
namespace expr = core::expr;

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

expr::Value json(const char *text)
{
    return expr::readJson(text).value();
}

/// The place at the | in @p text.
ExpressionPlace at(QString text)
{
    const qsizetype cursor = text.indexOf(u'|');
    return app::placeAt(text.remove(u'|'), int(cursor));
}

} // namespace

class ExpressionsTest : public QObject {
    Q_OBJECT
private slots:
    void itemsOfASchema();
    void ranksWhatIsMeant();
    void userAttributes();
    void placesInAnExpression_data();
    void placesInAnExpression();
    void offersAtAPlace();
    void callsAndTheirParameters();
    void samplesOfEntriesAndUsers();
    void valuesAndJsonAreOneData();
    void editsValues();
    void jsonFaultsHaveTheirPlace();
    void judgesTheTarget();
    void warnsOfNamesThatAreNotThere();
    void answersOnlyTheNewest();
    void goesAwayWhileItIsBusy();
    void isFastEnough();
};

void ExpressionsTest::itemsOfASchema()
{
    const QList<CompletionItem> items = app::attributeItems(schema());
    QCOMPARE(namesOf(items), (QStringList{QStringLiteral("active"), QStringLiteral("entryUUID"), QStringLiteral("givenName"),
                                          QStringLiteral("jpegPhoto"), QStringLiteral("mail"), QStringLiteral("sn"),
                                          QStringLiteral("x-mail-alias")}));
    QCOMPARE(items.at(1).last, true);
    QVERIFY(items.at(1).detail.contains(QStringLiteral("single value")));
    QVERIFY(items.at(3).detail.contains(QStringLiteral("base64")));
    QCOMPARE(items.at(5).help, QStringLiteral("family name"));
    QCOMPARE(items.at(5).aliases, (QStringList{QStringLiteral("surname"), QStringLiteral("2.5.4.4")})); // an OID is a name, too
    QCOMPARE(items.at(6).insertion, QStringLiteral("#root['x-mail-alias']"));
    QVERIFY(namesOf(app::attributeItems(core::Vendor::ActiveDirectory)).contains(QStringLiteral("sAMAccountName")));
}

void ExpressionsTest::ranksWhatIsMeant()
{
    QList<CompletionItem> items = app::attributeItems(schema());
    // Begins with it, then a part begins with it, then contains it; other names count.
    QCOMPARE(namesOf(app::ranked(items, QStringLiteral("MA"))), (QStringList{QStringLiteral("mail"), QStringLiteral("x-mail-alias")}));
    QCOMPARE(namesOf(app::ranked(items, QStringLiteral("n"))).constFirst(), QStringLiteral("givenName")); // N of Name
    QVERIFY(namesOf(app::ranked(items, QStringLiteral("n"))).contains(QStringLiteral("sn")));
    QCOMPARE(namesOf(app::ranked(items, QStringLiteral("surn"))), QStringList{QStringLiteral("sn")});
    QCOMPARE(app::ranked(items, {}, 3).size(), 3);
    QVERIFY(app::ranked(items, QStringLiteral("zzz")).isEmpty());
    // What the sample has comes first, what is rarely wanted last.
    app::markPresent(items, {QStringLiteral("SN"), QStringLiteral("mail")});
    QCOMPARE(namesOf(app::ranked(items, {}, 2)), (QStringList{QStringLiteral("mail"), QStringLiteral("sn")}));
    QCOMPARE(namesOf(app::ranked(items, {})).constLast(), QStringLiteral("entryUUID"));

    app::AttributeCompletion model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setItems(items);
    model.setTyped(QStringLiteral("s"));
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("sn"));
    QVERIFY(model.index(0).data(app::SubtitleRole).toString().contains(QStringLiteral("family name")));
}

void ExpressionsTest::userAttributes()
{
    core::AttributeDefinition badge;
    badge.name = QStringLiteral("badge-number");
    badge.displayName = QStringLiteral("Badge Number");
    badge.schemaType = core::SchemaType::Custom;
    const QList<CompletionItem> items = app::userAttributeItems(core::AttributeCatalog({badge}));
    const QStringList names = namesOf(items);
    QVERIFY(names.contains(QStringLiteral("user.name.given")));
    QVERIFY(names.contains(QStringLiteral("user.memberOfGroupNames")));
    const CompletionItem custom = items.at(names.indexOf(QStringLiteral("user.badge-number")));
    QCOMPARE(custom.insertion, QStringLiteral("user['badge-number']"));
    const CompletionItem username = items.at(names.indexOf(QStringLiteral("user.username")));
    QVERIFY2(username.detail.contains(QStringLiteral("128")) && username.detail.contains(QStringLiteral("unique")), qPrintable(username.detail));
    QCOMPARE(namesOf(app::ranked(items, QStringLiteral("giv"))).constFirst(), QStringLiteral("user.name.given"));
}

void ExpressionsTest::placesInAnExpression_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("typed");
    using Kind = ExpressionPlace::Kind;
    const auto row = [](const char *text, Kind kind, const char *typed) {
        QTest::newRow(text) << QString::fromUtf8(text) << int(kind) << QString::fromUtf8(typed);
    };
    row("|", Kind::Name, "");
    row("giv|", Kind::Name, "giv");
    row("user.name.gi|", Kind::Name, "user.name.gi");
    row("user.|", Kind::Name, "user.");
    row("#|", Kind::Library, "#");
    row("#str|", Kind::Library, "#str");
    row("#string.|", Kind::Function, "#string.");
    row("#string.jo|in(a)", Kind::Function, "#string.jo");
    row("#root.s|", Kind::Name, "s");
    row("#string.join({|}, ' ')", Kind::Name, "");
    row("#string.join({givenName, |}, ' ')", Kind::Name, "");
    row("a + |", Kind::Name, "");
    row("sn |", Kind::Operator, "");
    row("#string.join({givenName |}, ' ')", Kind::Operator, "");
    row("'a'|", Kind::Operator, "");
    row("(a)|", Kind::Operator, "");
    row("'ab|c'", Kind::Nothing, "");
    row("'ab|", Kind::Nothing, "");
    row("12|", Kind::Nothing, "");
}

void ExpressionsTest::placesInAnExpression()
{
    QFETCH(QString, text);
    QFETCH(int, kind);
    QFETCH(QString, typed);
    const ExpressionPlace place = at(text);
    QCOMPARE(int(place.kind), kind);
    QCOMPARE(place.typed, typed);
}

void ExpressionsTest::offersAtAPlace()
{
    const QList<CompletionItem> attributes = app::attributeItems(schema());
    const auto offered = [&](const char *text) { return app::completionsAt(at(QString::fromUtf8(text)), attributes); };
    const CompletionItem join = offered("joi|").constFirst();
    QCOMPARE(join.name, QStringLiteral("#string.join"));
    QCOMPARE(join.insertion, QStringLiteral("#string.join({}, ' ')"));
    QCOMPARE(join.insertion.left(join.caret), QStringLiteral("#string.join({"));
    QVERIFY(join.detail.contains(QStringLiteral("list, separator")));
    QCOMPARE(namesOf(offered("giv|")).constFirst(), QStringLiteral("givenName"));
    QVERIFY(namesOf(offered("|")).size() > 60);
    for (const QString &name : namesOf(offered("#regex.|")))
        QVERIFY(name.startsWith(QStringLiteral("#regex.")));
    QCOMPARE(namesOf(offered("#string.j|")).constFirst(), QStringLiteral("#string.join"));
    QCOMPARE(namesOf(offered("#s|")).constFirst(), QStringLiteral("#string"));
    QCOMPARE(namesOf(offered("{sn |}")).constFirst(), QStringLiteral(","));
    QCOMPARE(namesOf(offered("sn |")).constFirst(), QStringLiteral("+"));
    QVERIFY(offered("'giv|'").isEmpty());
    QCOMPARE(app::libraryItems().constLast().kind, app::CompletionKind::Variable);
    // Half a name is completed whole, also from its middle.
    const ExpressionPlace place = at(QStringLiteral("gi|ven + sn"));
    QCOMPARE(place.start, 0);
    QCOMPARE(place.length, 5);
}

void ExpressionsTest::callsAndTheirParameters()
{
    const auto call = [](QString text) {
        const qsizetype cursor = text.indexOf(u'|');
        return app::callAt(text.remove(u'|'), int(cursor));
    };
    QVERIFY(!call(QStringLiteral("a + |b")));
    const auto first = call(QStringLiteral("#string.substring(|"));
    QVERIFY(first);
    QCOMPARE(first->function->name, u"substring");
    QCOMPARE(first->argument, 0);
    QCOMPARE(call(QStringLiteral("#string.substring(sn, {1, 2}[0], |)"))->argument, 2);
    QCOMPARE(call(QStringLiteral("#string.join({a, #string.upperCase(b|), c}, ' ')"))->function->name, u"upperCase");
    QCOMPARE(call(QStringLiteral("#string.join({a, #string.upperCase(b), c|}, ' ')"))->argument, 0);
    QVERIFY(!call(QStringLiteral("#string.trim(a)|")));
    QCOMPARE(call(QStringLiteral("#string.join({'a,b|', c}, ' ')"))->argument, 0);
    const expr::FunctionDescription *first10 = expr::findFunction(u"string", u"firstNonEmpty");
    QCOMPARE(app::parameterOf(*first10, 7), 0);
    QCOMPARE(app::parameterOf(*first10, 10), -1);
    QCOMPARE(app::parameterOf(*expr::findFunction(u"string", u"trim"), 1), -1);
}

void ExpressionsTest::samplesOfEntriesAndUsers()
{
    core::Entry entry;
    entry.dn = "uid=zoe,dc=example,dc=com";
    entry.attributes = {{"givenName", {"Zo\xc3\xab"}},
                        {"memberOf", {"cn=a", "cn=b"}},
                        {"jpegPhoto", {QByteArray("\xff\xd8\xff", 3)}},
                        {"nsAccountLock", {"TRUE"}}};
    const expr::Value sample = app::sampleOf(entry, core::Vendor::Ldapv3);
    QCOMPARE(QString::fromUtf8(expr::printJson(sample)),
             QStringLiteral("{\"givenName\":\"Zoë\",\"memberOf\":[\"cn=a\",\"cn=b\"],\"jpegPhoto\":\"/9j/\",\"nsAccountLock\":\"TRUE\",\"active\":false}"));

    const core::AttributeCatalog catalog;
    core::User user;
    user.values.set(catalog.username(), QStringLiteral("zoe"));
    user.values.set(catalog.find(QStringLiteral("name.given")), QStringLiteral("Zoë"));
    core::Group group;
    group.name = QStringLiteral("Admins");
    core::Population population;
    population.name = QStringLiteral("Employees");
    app::ExpressionQuestion question;
    question.reading = app::ExpressionNames::Users;
    question.root = app::sampleOf(user, {group}, catalog, population);
    question.text = QStringLiteral("user.name.given + ' ' + user.population.name + ' ' + user.memberOfGroupNames[0]");
    const app::ExpressionAnswer answer = app::answerTo(question);
    QVERIFY(answer.value);
    QCOMPARE(app::valueText(*answer.value), QStringLiteral("Zoë Employees Admins"));

    core::Configuration configuration;
    core::Gateway gateway;
    gateway.name = QStringLiteral("Lab");
    QVERIFY(app::scopeOf(configuration, gateway).bases.isEmpty());
    core::UserType staff;
    staff.searchBaseDn = QStringLiteral("ou=staff,dc=example,dc=com");
    core::UserType everybody;
    everybody.searchBaseDn = QStringLiteral("dc=example,dc=com");
    gateway.userTypes = {staff, everybody, staff};
    QCOMPARE(app::scopeOf(configuration, gateway).bases, QList<QByteArray>{"dc=example,dc=com"});
    gateway.userTypes = {staff, staff};
    QCOMPARE(app::scopeOf(configuration, gateway).bases, QList<QByteArray>{"ou=staff,dc=example,dc=com"});
}

void ExpressionsTest::valuesAndJsonAreOneData()
{
    SampleData data;
    QAbstractItemModelTester tester(&data, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const char *text = R"({"user":{"name":{"given":"Z\"o] ë","family":null},"tags":["a]","b, c","{d}"],"big":12345678901234567890123,)"
                       R"("empty":{},"list":[],"nested":[[1,2],{"k":"v"}],"on":true,"x":1.5}})";
    data.setFlat(false);
    data.setRoot(json(text));
    QCOMPARE(data.index(0, SampleData::Name).data().toString(), QStringLiteral("user.name.given"));
    const QString pretty = data.json();
    QVERIFY(pretty.contains(u'\n'));
    QVERIFY(data.setJson(pretty));
    QCOMPARE(expr::printJson(data.root()), QByteArray(text));
    QCOMPARE(data.json(), pretty);
    QCOMPARE(data.names().size(), 9);
    data.setFlat(true);
    QCOMPARE(data.names(), QStringList{QStringLiteral("user")});
}

void ExpressionsTest::editsValues()
{
    SampleData data;
    QAbstractItemModelTester tester(&data, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy changed(&data, &SampleData::changed);
    data.setRoot(json(R"({"sn":"Müller","age":3,"mail":["a","b"],"active":true})"));
    const auto set = [&](int row, const char *value) {
        return data.setData(data.index(row, SampleData::Value), QString::fromUtf8(value));
    };
    QVERIFY(set(0, "O'Brien"));
    QVERIFY(set(1, "42"));
    QVERIFY(set(2, "[\"c\"]"));
    QVERIFY(set(3, "false"));
    QCOMPARE(expr::printJson(data.root()), QByteArray(R"({"sn":"O'Brien","age":42,"mail":["c"],"active":false})"));
    QVERIFY(set(0, "123")); // a text stays a text
    QVERIFY(set(1, "many")); // a number becomes a text where it is none
    QVERIFY(set(2, ""));
    QCOMPARE(expr::printJson(data.root()), QByteArray(R"({"sn":"123","age":"many","mail":null,"active":false})"));
    QVERIFY(!set(0, "123"));
    QCOMPARE(changed.size(), 8);

    const int row = data.addRow();
    QVERIFY(!data.setData(data.index(row, SampleData::Name), QStringLiteral("sn"))); // there is one
    QVERIFY(data.setData(data.index(row, SampleData::Name), QStringLiteral("title")));
    QVERIFY(set(row, "Nurse"));
    QVERIFY(data.removeRow(1));
    QCOMPARE(expr::printJson(data.root()), QByteArray(R"({"sn":"123","mail":null,"active":false,"title":"Nurse"})"));
    QCOMPARE(data.index(0, SampleData::Kind).data().toString(), QStringLiteral("text"));

    data.setFlat(false);
    data.setRoot(json("{}"));
    data.addRow();
    QVERIFY(data.setData(data.index(0, SampleData::Name), QStringLiteral("user.name.given")));
    QVERIFY(data.setData(data.index(0, SampleData::Value), QStringLiteral("Zoë")));
    QCOMPARE(QString::fromUtf8(expr::printJson(data.root())), QStringLiteral(R"({"user":{"name":{"given":"Zoë"}}})"));
}

void ExpressionsTest::jsonFaultsHaveTheirPlace()
{
    SampleData data;
    data.setRoot(json(R"({"sn":"x"})"));
    const QString text = QStringLiteral("{\n  \"sn\": \"Mü\",\n  \"é\": nul\n}");
    const auto taken = data.setJson(text);
    QVERIFY(!taken);
    QVERIFY(SampleData::placeInWords(text, taken.error().offset).startsWith(QStringLiteral("line 3, character ")));
    QCOMPARE(text.mid(taken.error().offset, 1), QStringLiteral("n"));
    QCOMPARE(expr::printJson(data.root()), QByteArray(R"({"sn":"x"})"));
    QVERIFY(!data.setJson(QStringLiteral("[1, 2]")));
    QVERIFY(!data.setJson(QString()));
}

void ExpressionsTest::judgesTheTarget()
{
    app::ExpressionQuestion question;
    question.catalog = std::make_shared<const core::AttributeCatalog>();
    question.root = json(R"({"sn":"Müller","mail":["a@example.com","b@example.com"],"country":"Germany"})");
    const auto answer = [&](const char *text, const char *target) {
        question.text = QString::fromUtf8(text);
        question.target = QString::fromUtf8(target);
        return app::answerTo(question);
    };
    // LDAP names have no case.
    QCOMPARE(core::displayText(answer("SN", "name.family").stored), QStringLiteral("Müller"));
    // What is sure to go wrong is said even where this sample gives nothing.
    const auto lists = answer("mobile == null ? {} : {sn}", "nickname");
    QCOMPARE(lists.warnings.size(), 1);
    QVERIFY(answer("sn == 'x'", "enabled").warnings.isEmpty());
    const auto list = answer("mail", "email");
    QVERIFY(list.problems.isEmpty());
    QVERIFY2(list.targetNote.contains(QStringLiteral("one value")), qPrintable(list.targetNote));
    QCOMPARE(answer("country", "address.countryCode").problems.size(), 1);
    const auto isLong = answer("#regex.replaceAll('aaaaaaaaaaaaaaaaaaaa', 'a', '0123456789ABCDEF')", "name.given");
    QCOMPARE(isLong.problems.size(), 1);
    QVERIFY(isLong.problems.constFirst().message.contains(QStringLiteral("256")));
    QVERIFY(answer("{'a': 1}", "title").problems.constFirst().message.contains(QStringLiteral("map")));
    const auto absent = answer("nickname", "nickname");
    QVERIFY(absent.value->isNull() && absent.problems.isEmpty());
    QCOMPARE(answer("nothing", "username").problems.constFirst().code, core::ProblemCode::RequiredValue);
    QVERIFY(answer("3 + nothing", "title").failure);
    QVERIFY(answer("#root", "title").faults.constFirst().message.contains(QStringLiteral("as a whole")));
    QVERIFY(!answer("sn +", "title").isUsable());
    QVERIFY(answer("  ", "title").empty);

    question.steps = true;
    const auto steps = answer("#string.join({sn, #string.upperCase(country)}, ' ') + mail.![#this + 'x'][0]", "title").steps;
    QStringList parts;
    for (const app::ExpressionStep &step : steps)
        parts.append(step.text + u'=' + step.result);
    QVERIFY2(parts.contains(QStringLiteral("sn=Müller")), qPrintable(parts.join(u'\n')));
    QVERIFY(parts.contains(QStringLiteral("#string.upperCase(country)=GERMANY")));
    QVERIFY(parts.contains(QStringLiteral("#string.join({sn, #string.upperCase(country)}, ' ')=Müller GERMANY")));
    QVERIFY(!parts.join(u'\n').contains(QStringLiteral("#this + 'x'=")));
}

void ExpressionsTest::warnsOfNamesThatAreNotThere()
{
    app::ExpressionQuestion question;
    question.root = json(R"({"sn":"Müller"})");
    question.names = {QStringLiteral("sn"), QStringLiteral("givenName")};
    question.text = QStringLiteral("SN + givenNam");
    const auto answer = app::answerTo(question);
    QCOMPARE(answer.warnings.size(), 1);
    QCOMPARE(answer.warnings.constFirst().offset, 5);
    question.reading = app::ExpressionNames::Users;
    question.names = {QStringLiteral("user.name.given"), QStringLiteral("user.username")};
    question.text = QStringLiteral("user.name.givn + user.name + user.username.x");
    const auto outbound = app::answerTo(question);
    QCOMPARE(outbound.warnings.size(), 1);
    QVERIFY(outbound.warnings.constFirst().message.contains(QStringLiteral("user.name.given")));
}

void ExpressionsTest::answersOnlyTheNewest()
{
    app::LiveEvaluation live;
    QSignalSpy answered(&live, &app::LiveEvaluation::answered);
    app::ExpressionQuestion question;
    quint64 last = 0;
    for (int i = 0; i < 200; ++i) {
        question.text = QString::number(i);
        last = live.ask(question);
    }
    QTRY_VERIFY(!answered.isEmpty() && !live.isWaiting());
    QCOMPARE(answered.size(), 1);
    const auto answer = answered.at(0).at(0).value<app::ExpressionAnswer>();
    QCOMPARE(answer.question, last);
    QCOMPARE(app::valueText(*answer.value), QStringLiteral("199"));
}

void ExpressionsTest::goesAwayWhileItIsBusy()
{
    app::ExpressionQuestion question;
    question.text = QStringLiteral("#regex.matches('%1b', '(a|a|aa)+(a|aa)+$')").arg(QString(400, u'a'));
    QElapsedTimer clock;
    clock.start();
    {
        app::LiveEvaluation live;
        live.ask(question);
        live.ask(question);
        live.ask(question);
    }
    QVERIFY2(clock.elapsed() < 100, qPrintable(QString::number(clock.elapsed())));
}

void ExpressionsTest::isFastEnough()
{
    app::ExpressionQuestion question;
    QByteArray entry = "{";
    for (int i = 0; i < 60; ++i) {
        entry += "\"attribute" + QByteArray::number(i) + "\":\"a value of some length\",";
        question.names.append(QStringLiteral("attribute%1").arg(i));
    }
    for (int i = 0; i < 1500; ++i) // Active Directory's schema
        question.names.append(QStringLiteral("schemaAttribute%1").arg(i));
    entry += "\"sn\":\"x\"}";
    question.root = expr::readJson(entry).value();
    question.text = QStringLiteral("#string.join({#string.upperCase(attribute1), attribute2, #string.substring(sn, 0, 1)}, ' ') + ' ' + "
                                   "(attribute3 matches '[a-z ]+' ? #regex.replaceAll(attribute4, '([a-z]+) (.*)', '$2') : attribute5)");
    question.catalog = std::make_shared<const core::AttributeCatalog>();
    question.target = QStringLiteral("title");
    QElapsedTimer clock;
    clock.start();
    constexpr int kTimes = 200;
    for (int i = 0; i < kTimes; ++i)
        QVERIFY(app::answerTo(question).value);
    const double each = double(clock.nsecsElapsed()) / kTimes / 1e6;
    qInfo("one answer: %.3f ms", each);
    QVERIFY(each < 16);
}

CONSOLE_TEST(ExpressionsTest)
#include "tst_expressions.moc"
