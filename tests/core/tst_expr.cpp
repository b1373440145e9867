// SPDX-License-Identifier: GPL-3.0-or-later
//
// What callers of the expression language hold on to: references and slots, contexts, types, printing, the table of
// functions, several threads; and the behaviour that neither the documentation nor Java decides.
#include "exprtest.h"

#include "core/expr/convert.h"
#include "core/expr/lexer.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QtTest>

#include <thread>

using namespace gatehouse::core::expr;

class ExprTest : public QObject {
    Q_OBJECT

private slots:
    void references_data();
    void references();
    void contextIsAskedBySlot();
    void clockIsTheContexts();
    void types_data();
    void types();
    void prints_data();
    void prints();
    void results_data();
    void results();
    void functionTable();
    void nearestNames();
    void tokens();
    void qJson();
    void json_data();
    void json();
    void texts();
    void threads();
};

static Expression parsed(const QString &text)
{
    auto expression = Expression::parse(text);
    if (!expression)
        qFatal("%s: %s", qPrintable(text), qPrintable(expression.error().first().message));
    return *expression;
}

void ExprTest::references_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("paths");
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<bool>("whole");
    const auto row = [](const char *text, QStringList paths, QStringList names, bool whole = false) {
        QTest::addRow("%s", text) << QString::fromUtf8(text) << paths << names << whole;
    };
    const QString sn = QStringLiteral("sn");
    const QString given = QStringLiteral("user.name.given");
    const QString user = QStringLiteral("user");
    row("sn", {sn}, {sn});
    row("#root.sn", {sn}, {sn});
    row("#this.sn", {sn}, {sn});
    row("#root['sn']", {sn}, {sn});
    row("user.name.given", {given}, {user});
    row("user['name']['given']", {given}, {user});
    row("#root['custom-attributes'].email", {QStringLiteral("custom-attributes.email")},
        {QStringLiteral("custom-attributes")});
    row("sn + sn + user.name.given", {sn, given}, {sn, user});
    row("memberOf.![#this + type + #root.sn]", {QStringLiteral("memberOf"), sn}, {QStringLiteral("memberOf"), sn});
    row("memberOf[0].cn", {QStringLiteral("memberOf")}, {QStringLiteral("memberOf")});
    row("{sn: user.name.given}", {given}, {user});
    row("'a' + 1", {}, {});
    row("#root", {}, {}, true);
    row("#this", {}, {}, true);
    row("#root.?[key == 'a']", {}, {}, true);
    row("sn.![#this]", {sn}, {sn});
}

void ExprTest::references()
{
    QFETCH(QString, text);
    QFETCH(QStringList, paths);
    QFETCH(QStringList, names);
    QFETCH(bool, whole);
    const Expression expression = parsed(text);
    QCOMPARE(expression.references(), paths);
    QCOMPARE(expression.rootNames(), names);
    QCOMPARE(expression.readsWholeRoot(), whole);
}

namespace {

/// Notes what it is asked.
class NotingContext final : public Context {
public:
    Value root(int slot, const QString &name) const override
    {
        asked.append(QString::number(slot) + name);
        return name;
    }
    Value whole() const override { return Value(Map()); }
    qint64 now() const override { return 1'700'000'000'123; }

    mutable QStringList asked;
};

} // namespace

void ExprTest::contextIsAskedBySlot()
{
    NotingContext context;
    const auto value = parsed(QStringLiteral("b + a + b")).evaluate(context);
    QVERIFY(value);
    QCOMPARE(value->string(), QStringLiteral("bab"));
    // Once each: a directory's values are made into a list once, however often a selection reads them.
    QCOMPARE(context.asked, (QStringList{QStringLiteral("0b"), QStringLiteral("1a")}));
    // What is not reached is not asked for.
    context.asked.clear();
    QVERIFY(parsed(QStringLiteral("false and a == 'x'")).evaluate(context));
    QVERIFY(context.asked.isEmpty());
}

void ExprTest::clockIsTheContexts()
{
    const auto value = parsed(QStringLiteral("#datetime.now()")).evaluate(NotingContext());
    QVERIFY(value);
    QCOMPARE(value->string(), QStringLiteral("2023-11-14T22:13:20.123Z"));
}

void ExprTest::types_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("type");
    const auto row = [](const char *text, ValueType type) {
        QTest::addRow("%s", text) << QString::fromUtf8(text) << int(type);
    };
    row("sn", ValueType::Any);
    row("'a'", ValueType::Text);
    row("null", ValueType::Null);
    row("1 + 2", ValueType::Number);
    row("sn + 'a'", ValueType::Text);
    row("sn == 1", ValueType::Boolean);
    row("not sn", ValueType::Boolean);
    row("{sn}", ValueType::List);
    row("{a: 1}", ValueType::Map);
    row("new int[2]", ValueType::List);
    row("memberOf.![#this]", ValueType::List);
    row("memberOf.?[#this == 'a']", ValueType::List);
    row("memberOf.^[#this == 'a']", ValueType::Any);
    row("{a: 1}.?[value > 0]", ValueType::Map);
    row("#string.split(sn, ',')", ValueType::List);
    row("#string.join(memberOf, ',')", ValueType::Text);
    row("#data.size(memberOf)", ValueType::Number);
    row("true ? 'a' : 'b'", ValueType::Text);
    row("true ? 'a' : null", ValueType::Text);
    row("true ? 'a' : 1", ValueType::Any);
    row("sn ?: {}", ValueType::Any);
    row("#core.ifelse(sn, 'a', sn, 'b')", ValueType::Text);
    row("#core.ifelse(sn, 'a', 1)", ValueType::Any);
    row("#core.switchExpr(sn, 1, {}, 2, {1}, {2})", ValueType::List);
    row("'abc'[0]", ValueType::Text);
}

void ExprTest::types()
{
    QFETCH(QString, text);
    QFETCH(int, type);
    QCOMPARE(int(parsed(text).resultType()), type);
}

void ExprTest::prints_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("printed");
    const auto row = [](const char *text, const char *printed) {
        QTest::addRow("%s", text) << QString::fromUtf8(text) << QString::fromUtf8(printed);
    };
    row("  a   +  (b)  ", "a + b");
    row("(a + b) * c", "(a + b) * c");
    row("a + (b * c)", "a + b * c");
    row("(a + b) + c", "(a + b) + c");
    row("a lt b AND c EQ d", "a < b and c == d");
    row("5 div 2 || not a", "5 / 2 or !a");
    row("- - 3", "- -3");
    row("\"it's\"", "'it''s'");
    row("{ k : 1 , 'l':2 }", "{k: 1, 'l': 2}");
    row("{ : }", "{:}");
    row("new int[]{1,2} [0]", "(new int[] {1, 2})[0]");
    row("a ?: b ?: c", "a ?: b ?: c");
    row("(a ?: b) ?: c", "(a ?: b) ?: c");
    row("a ? b : c ? d : e", "a ? b : c ? d : e");
    row("#string.join( {a,b},' ')", "#string.join({a, b}, ' ')");
    row("a . b [ 0 ] .?[ x ].![ y ]", "a.b[0].?[x].![y]");
    row("0x1F + 1l + 1.50f + 1e3", "31 + 1L + 1.5f + 1000.0");
    row("TRUE", "true");
}

void ExprTest::prints()
{
    QFETCH(QString, text);
    QFETCH(QString, printed);
    QCOMPARE(parsed(text).print(), printed);
    QCOMPARE(parsed(printed).print(), printed);
}

void ExprTest::results_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("result");
    const auto row = [](const char *text, const char *result) {
        QTest::addRow("%s", text) << QString::fromUtf8(text) << QString::fromUtf8(result);
    };
    // Single values stand for lists of one, as attributes of a directory may have one value or several.
    row("#string.join(sn, ', ')", "\"Doe\"");
    row("#data.size(sn)", "1");
    row("#data.union(sn, mail)", "[\"Doe\",\"a@x.org\",\"b@x.org\"]");
    row("#string.upperCase(mail)", "\"A@X.ORG,B@X.ORG\"");
    row("mail + ''", "\"a@x.org,b@x.org\"");
    // Brackets navigate as safely as dots do.
    row("none['a'][0].b", "null");
    row("#root['none'].a", "null");
    row("{'a': 1}['b']", "null");
    row("mail.![#this == 'a@x.org' ? 1 : none]", "FAULT 32+4 'none' is not found: a text has no attributes.");
    row("mail.![{'a@x.org': 1}[#this] ?: 0]", "[1,0]");
    // Texts that are truth values
    row("flag ? 1 : 2", "1");
    row("flag and not false", "true");
    // Keys
    row("{and: 1, not: 2, lt: 3, new: 4, T: 5, true: 6, null: 7}",
        "{\"and\":1,\"not\":2,\"lt\":3,\"new\":4,\"T\":5,\"true\":6}");
    row("{sn: 1, #root.sn: 2, 'x' + 1: 3, 4: 5}", "{\"sn\":1,\"Doe\":2,\"x1\":3,\"4\":5}");
    // null
    row("#string.trim(null)", "null");
    row("#string.length(null)", "0");
    row("#string.isNotEmpty(null)", "false");
    row("#string.startsWith(null, null)", "true");
    row("#string.startsWith('a', null)", "false");
    row("#string.split(null, ',')", "null");
    row("#string.split(' a  b ', null)", "[\"a\",\"b\"]");
    row("#string.join(null, ',')", "null");
    row("#string.join({null, 'a', null, 'b'}, null)", "\"ab\"");
    row("#string.replace(null, 'a', 'b', -1)", "null");
    row("#string.replace('aaa', 'a', null, -1)", "\"aaa\"");
    row("#string.replace('aaa', 'a', 'b', 2)", "\"bba\"");
    row("#string.compare(null, null, false)", "0");
    row("#string.asInt(null, null)", "null");
    row("#string.asInt('+7', 0)", "7");
    row("#string.asInt('2147483648', -1)", "-1");
    row("#string.asLong('-9223372036854775808', 0)", "-9223372036854775808");
    row("#string.asDouble('Infinity', 0)", "0");
    row("#string.asFloat('1234567899876543210123456789987654321019.12', 0)", "0");
    row("#string.asBase64Decoded('@')", "null");
    row("#string.asBase64Decoded('')", "\"\"");
    row("#string.asBase64Decoded('w6k')", "\"é\"");
    row("#string.asUrlDecoded('%C3%A9+%zz')", "null");
    row("#string.asUrlEncoded('é a*b~')", "\"%C3%A9+a*b%7E\"");
    row("#string.firstNonEmpty('', '')", "null");
    row("#string.firstNonBlank('', ' ', '')", "null");
    row("#string.firstNonEmpty(none, 5)", "\"5\"");
    row("#string.substring('abc', 2, 1)", "\"\"");
    row("#string.substring('abc', -9, 9)", "\"abc\"");
    // An empty text is an empty text, whatever made it: it begins and ends with one, and null is something else.
    for (const char *empty : {"''", "#string.substring('abc', 2, 1)", "#string.substring('abc', 3, 9)", "#string.substring('', 0, 0)",
                              "#string.trim('  ')", "#string.upperCase('')", "#string.lowerCase('')", "#string.join({}, ', ')",
                              "#string.join({null}, 'x')", "#string.join(new int[0], 'x')", "#string.replace('aa', 'a', '', -1)",
                              "#string.format('')", "#string.format('%s', '')", "#string.format('%.0s', 'abc')", "#string.asBase64Encoded('')",
                              "#string.asBase64Decoded('')", "#string.asUrlEncoded('')", "#string.asUrlDecoded('')", "'a' * 0", "'' + ''",
                              "#regex.replaceAll('abc', '.', '')", "#regex.replaceFirst('a', 'a', '')",
                              "#regex.findAllMatches('ab', 'x*')[0]", "#core.ifelse(true, '')", "#datetime.format('2021-02-28Z', '')"}) {
        const QByteArray text(empty);
        const auto also = [&row](const QByteArray &expression, const char *result) { row(expression.constData(), result); };
        row(text.constData(), "\"\"");
        also("#string.startsWith(" + text + ", '')", "true");
        also("#string.endsWith('', " + text + ")", "true");
        also("#string.startsWith('abc', " + text + ")", "true");
        also("#string.startsWith(" + text + ", 'a')", "false");
        also("#string.indexOf('abc', " + text + ", 1)", "1");
        also("#string.lastIndexOf('abc', " + text + ", 9)", "3");
        also("#string.indexOf(" + text + ", '', 0)", "0");
        also("#string.compare(" + text + ", '', false)", "0");
        also("(" + text + " == '') and " + text + " != null", "true");
        also("#string.isNotEmpty(" + text + ")", "false");
        also("#string.length(" + text + ")", "0");
        also("#string.join({" + text + ", 'a'}, '-')", "\"-a\"");
        also("#string.firstNonEmpty(" + text + ", 'b')", "\"b\"");
        also("#regex.matches(" + text + ", '')", "true");
    }
    row("#string.indexOf('abc', '', 9)", "3");
    row("#string.lastIndexOf('abca', 'a', -1)", "0");
    row("#string.lastIndexOf('abca', 'a', 2)", "0");
    row("#string.upperCase('straße')", "\"STRASSE\"");
    row("#string.lowerCase('ΟΔΟΣ')", "\"οδος\"");
    row("#string.format('%d', 'a')", "null");
    row("#string.uuidAsBase64Guid('x', null)", "null");
    row("#datetime.addDays('2021-02-30Z', 1)", "null");
    row("#datetime.addDays('2021-01-01', 1)", "null");
    row("#datetime.addDays('', 1)", "null");
    row("#datetime.addDays('2023-01-01T23:59:59+800', 0)", "\"2023-01-01T15:59:59.000Z\"");
    row("#datetime.addDays('2023-01-01T23:59:59.123456Z', 0)", "\"2023-01-01T23:59:59.123Z\"");
    row("#datetime.getYear('x')", "-1");
    row("#datetime.toDateTime(2021, 13, 1, 0, 0, 0)", "null");
    row("#datetime.compare('x', '2021-01-01Z')", "null");
    row("#datetime.daysBetween('x', '2021-01-01Z', -1)", "-1");
    row("#datetime.toUnixTimestamp('2020-12-31T23:59:59.001Z')", "1609459199");
    row("#datetime.fromUnixTimestamp(null)", "null");
    row("#datetime.toTime('2021-01-31T23:59:59.120Z')", "\"23:59:59.120Z\"");
    row("#datetime.toDateTimeInTimezone('2023-07-01T00:00:00Z', 'A', null)", "null");
    row("#datetime.toDateTimeInTimezone('2023-07-01T00:00:00Z', 'Z', null)", "\"2023-07-01T00:00:00+0000\"");
    row("#datetime.toDateTimeInTimezone('2023-07-01T00:00:00Z', 'Europe/Paris', 'z zzzz')",
        "\"CEST Central European Summer Time\"");
    row("#datetime.parse('2022-01-01 PST', 'yyyy-MM-dd z', null)", "\"2022-01-01T08:00:00.000Z\"");
    row("#datetime.parse('20230102030405.0Z', 'yyyyMMddHHmmss.SX', null)", "\"2023-01-02T03:04:05.000Z\"");
    row("#datetime.parse('2021-02-31', 'yyyy-MM-dd', null)", "\"2021-02-28T00:00:00.000Z\"");
    row("#datetime.parse('2021', 'yyyy', null)", "null");
    row("#data.indexOf(null, 1)", "-1");
    row("#data.removeAll({none}, {null})", "[]");
    row("#data.containsAll(new float[] {2.1, 4.1}, {2.1})", "false");
    row("#data.containsAll(new double[] {2.1, 4.1}, {2.1})", "true");
    row("#data.equals(null, null)", "true");
    row("#regex.replaceAll(null, 'a', 'b')", "null");
    row("#regex.replaceAll('a', null, 'b')", "\"a\"");
    row("#regex.replaceAll('1 2', '1', 'one', '2', 'two', 'x')", "\"one two\"");
    row("#regex.matches(null, 'a')", "false");
    row("#regex.findAllMatches('user01@test.com', '(?<=@)[^.]+')", "[\"test\"]");
    row("#crypto.hmacHexDigest('data', 'secretKey', 'HmacSHA256')",
        "\"1637718eac4490937f93326ffa7ed168168f0db0eea4d21d6d99b4ee10e8fa2f\"");
    row("#core.ifelse('Y', 1, 2)", "1");
    row("#core.ifelse('nope', 1, 2)", "2");
    row("#core.ifelse(0.5, 1)", "1");
    row("#core.ifelse(-1, 1)", "null");
    row("#core.ifelse(none, 1)", "null");
    row("#core.switchExpr(none, null, 'nothing', 'some')", "\"nothing\"");
    row("#core.switchExpr(1L, 1, 'one')", "\"one\"");
}

void ExprTest::results()
{
    QFETCH(QString, text);
    QFETCH(QString, result);
    QCOMPARE(evaluated(text, R"({"sn": "Doe", "mail": ["a@x.org", "b@x.org"], "flag": "TRUE"})"), result);
}

void ExprTest::functionTable()
{
    QVERIFY(functions().size() >= 70);
    QSet<QString> names;
    for (const FunctionDescription &function : functions()) {
        const QString name = signatureOf(function);
        QVERIFY2(!names.contains(name), qPrintable(name));
        names.insert(name);
        QVERIFY2(findFunction(function.library, function.name) == &function, qPrintable(name));
        QVERIFY2(function.evaluate && !function.summary.isEmpty() && !function.example.isEmpty(), qPrintable(name));
        QVERIFY2(function.minimumArguments <= function.maximumArguments, qPrintable(name));
        QVERIFY2(int(function.parameters.size()) <= function.maximumArguments, qPrintable(name));
        QVERIFY2(function.summary.endsWith(u'.'), qPrintable(name));
    }
    QCOMPARE(libraries(), (QStringList{QStringLiteral("string"), QStringLiteral("datetime"), QStringLiteral("data"),
                                       QStringLiteral("regex"), QStringLiteral("crypto"), QStringLiteral("core")}));
    QCOMPARE(signatureOf(*findFunction(u"regex", u"replaceAll")),
             QStringLiteral("#regex.replaceAll(text, regex, replacement, …)"));
}

void ExprTest::nearestNames()
{
    const QStringList names{QStringLiteral("givenName"), QStringLiteral("sn"), QStringLiteral("mail")};
    QCOMPARE(nearestName(u"givenname", names), QStringLiteral("givenName"));
    QCOMPARE(nearestName(u"gvienName", names), QStringLiteral("givenName"));
    QCOMPARE(nearestName(u"mial", names), QStringLiteral("mail"));
    QCOMPARE(nearestName(u"telephoneNumber", names), QString());
    QCOMPARE(nearestName(u"", names), QString());
}

void ExprTest::tokens()
{
    const Tokens result = tokenize(QStringLiteral("a.?[x >= 1L] AND 'b'"));
    QVERIFY(result.faults.isEmpty());
    QList<TokenKind> kinds;
    for (const Token &token : result.tokens)
        kinds.append(token.kind);
    QCOMPARE(kinds, (QList<TokenKind>{TokenKind::Name, TokenKind::Dot, TokenKind::Select, TokenKind::Name,
                                      TokenKind::Symbol, TokenKind::Long, TokenKind::RightBracket, TokenKind::Name,
                                      TokenKind::Text, TokenKind::End}));
    QCOMPARE(result.tokens[7].op, Operator::And);
    QCOMPARE(result.tokens[8].offset, 17);
    QCOMPARE(result.tokens[8].length, 3);
    QVERIFY(isPlainName(u"given_name2") && !isPlainName(u"given-name") && !isPlainName(u"2a") && !isPlainName(u""));
    QCOMPARE(quoted(QStringLiteral("it's")), QStringLiteral("'it''s'"));
}

void ExprTest::qJson()
{
    const QJsonObject object{{QStringLiteral("a"), 1},
                             {QStringLiteral("b"), qint64(9'007'199'254'740'993)},
                             {QStringLiteral("c"), 1.5},
                             {QStringLiteral("d"), QJsonArray{QJsonValue::Null, true, QStringLiteral("x")}}};
    const Value value = fromJson(object);
    QCOMPARE(value.map().find(QStringLiteral("a"))->kind(), Kind::Int);
    QCOMPARE(value.map().find(QStringLiteral("b"))->kind(), Kind::Long);
    QCOMPARE(value.map().find(QStringLiteral("c"))->kind(), Kind::Double);
    QCOMPARE(toJson(value), QJsonValue(object));
    // Whole numbers are kept exactly, and what does not fit becomes a text.
    QCOMPARE(toJson(*readJson("123456789012345678901234567890")),
             QJsonValue(QStringLiteral("123456789012345678901234567890")));
    QCOMPARE(toJson(Value(0.1f)), QJsonValue(0.1));
}

void ExprTest::json_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("printed");
    const auto row = [](const char *given, const char *printed) {
        QTest::addRow("%s", given) << QByteArray(given) << QByteArray(printed);
    };
    row(" [ 1 , -2 , 3.5e2 , true , null ] ", "[1,-2,350.0,true,null]");
    row("12345678901234567890123", "12345678901234567890123");
    row("0.1", "0.1");
    row("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827");
    row("1e400", "1E+400");
    row("-0.0", "-0.0");
    row(R"({"b": {"c": []}, "a": {}})", R"({"b":{"c":[]},"a":{}})");
    row(R"({"a": 1, "a": 2})", R"({"a":2})");
    row(R"("\u00e9\n\"\\\/\ud83d\ude00")", "\"é\\n\\\"\\\\/😀\"");
    row("", "fault 0");
    row("[1,]", "fault 3");
    row("[1 2]", "fault 3");
    row("{\"a\" 1}", "fault 5");
    row("{a: 1}", "fault 1");
    row("01", "fault 2");
    row("1.", "fault 2");
    row("-", "fault 1");
    row("\"a", "fault 2");
    row("\"\\x\"", "fault 2");
    row("\"\\u12g4\"", "fault 5");
    row("nul", "fault 0");
    row("1 1", "fault 2");
    row("\"\x01\"", "fault 1");
}

void ExprTest::json()
{
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, printed);
    const auto value = readJson(given);
    QCOMPARE(value ? printJson(*value) : QByteArray("fault " + QByteArray::number(value.error().offset)), printed);
}

void ExprTest::texts()
{
    QCOMPARE(textOf(Value()), QString());
    QCOMPARE(textOf(*readJson("[1, [2, null], {\"a\": 1.0}]")), QStringLiteral("1,2,null,{a=1.0}"));
    QCOMPARE(textOf(Value(1e7)), QStringLiteral("1.0E7"));
}

void ExprTest::threads()
{
    const Expression expression = parsed(QStringLiteral(
        "#regex.replaceAll(#string.upperCase(sn) + ' ' + {1,2,3}.![#this * #root.n], '[0-9]+', '<$0>') + "
        "#datetime.parse('2022-01-01', 'yyyy-MM-dd', {'zoneid': 'America/Vancouver'}) + "
        "#datetime.toDateTimeInTimezone('2023-07-01Z', 'Europe/Paris', 'zzzz')"));
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&, number] {
            const QString name = QStringLiteral("doe%1").arg(number);
            Map root;
            root.insert(QStringLiteral("sn"), Value(name));
            root.insert(QStringLiteral("n"), Value(qint32(number)));
            const JsonContext context{Value(root)};
            const QString wanted = QStringLiteral("DOE<%1> <%2>,<%3>,<%4>2022-01-01T08:00:00.000Z"
                                                  "Central European Summer Time")
                                       .arg(number).arg(number).arg(2 * number).arg(3 * number);
            for (int round = 0; round < 500; ++round) {
                const Expression copy = expression;
                const auto value = copy.evaluate(context);
                if (!value || value->string() != wanted)
                    ++wrong;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0);
}

CONSOLE_TEST(ExprTest)
#include "tst_expr.moc"
