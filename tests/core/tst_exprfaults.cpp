// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is said of an expression that does not parse, and where: all faults at once, in the order of the text.
#include "exprtest.h"

#include "core/expr/limits.h"
#include "tests/support/testmain.h"

#include <QtTest>

using namespace gatehouse::core::expr;

class ExprFaultsTest : public QObject {
    Q_OBJECT

private slots:
    void places_data();
    void places();
    void several();
    void whileEvaluating_data();
    void whileEvaluating();
    void warnings_data();
    void warnings();
    void tooLong();
    void kinds();
    void messagesStayShort();
};

void ExprFaultsTest::places_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("length");
    QTest::addColumn<int>("related");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *text, int offset, int length, const char *says, int related = -1) {
        QTest::addRow("%s", text) << QString::fromUtf8(text) << offset << length << related
                                  << QString::fromUtf8(says);
    };
    row("", 0, 0, "empty");
    row("   ", 0, 3, "empty");
    // Spaces around binary operators
    row("5+6", 1, 1, "space before and after '+'");
    row("7-5", 1, 1, "space before and after '-'");
    row("6 -4", 2, 1, "space before and after '-'");
    row("user.activeDays<30", 15, 1, "space before and after '<'");
    row("'Hi'+ user.name.given", 4, 1, "space before and after '+'");
    row("a ?:b", 2, 2, "space before and after '?:'");
    row("(a)and(b)", 3, 3, "space before and after 'and'");
    // Functions
    row("#string.upercase('a')", 8, 8, "Did you mean #string.upperCase(text)?");
    row("#string.uppercase('a')", 8, 9, "Did you mean #string.upperCase(text)?");
    row("#strng.trim('a')", 0, 6, "Did you mean #string?");
    row("#string.noSuch('a')", 8, 6, "#string has no function 'noSuch'");
    row("#nolib.fn('a')", 0, 6, "#nolib");
    row("#string.toUpperCase('a')", 8, 11, "upperCase");
    row("#string.upperCase()", 8, 11, "takes 1 argument, none is given");
    row("#string.substring('a', 1)", 8, 17, "#string.substring(text, start, end) takes 3 arguments, 2 are given");
    row("#string.trim('a', 'b')", 8, 14, "takes 1 argument, 2 are given");
    row("#core.ifelse(true)", 6, 12, "takes at least 2 arguments, 1 is given");
    row("#string.trim", 0, 12, "The arguments are missing: write #string.trim(text)");
    row("#string", 0, 7, "is a library");
    row("string.trim('a')", 7, 4, "write #string.trim");
    row("trim('a')", 0, 4, "write #string.trim(");
    row("#trim('a')", 0, 5, "Write #string.trim(");
    // Brackets
    row("(1 + 2", 6, 0, "')' is missing: the '(' at position 1 is never closed", 0);
    row("#string.trim('a'", 16, 0, "')' is missing", 12);
    row("{1, 2", 5, 0, "'}' is missing", 0);
    row("a[0", 3, 0, "']' is missing", 1);
    row("(1 + 2]", 6, 1, "')' is expected here, not ']'", 0);
    row("1 + 2)", 5, 1, "closes nothing");
    row("true ? 1", 8, 0, "':' and the other value are missing", 5);
    row("'unterminated", 0, 13, "never closed");
    row("\"a", 0, 2, "never closed");
    // What is switched off
    row("T(java.lang.Runtime).getRuntime()", 0, 20, "'T(…)' is switched off");
    row("'a'.length()", 4, 6, "Write #string.length(…)");
    row("user.name.given.toUpperCase()", 16, 11, "Write #string.upperCase(…)");
    row("x.frobnicate(1)", 2, 10, "Methods are switched off");
    row("user?.name", 4, 2, "write '.'");
    row("user.name = 'x'", 10, 1, "Compare with '=='");
    row("a === b", 2, 3, "Compare with '=='");
    row("new java.io.File('x')", 0, 21, "arrays of primitives only");
    row("new String[] {'a'}", 4, 6, "write a list");
    row("new int[]", 0, 9, "needs a size");
    row("new int[][] {{1}}", 0, 11, "list of lists");
    row("'x' instanceof T(String)", 4, 10, "'instanceof' is switched off");
    row("@bean", 0, 1, "'@' is switched off");
    row("a ++ 1", 2, 2, "Write '+ 1'");
    row("--5", 0, 2, "cannot change data");
    // Words and signs
    row("1 < 2 < 3", 6, 1, "cannot follow another one without parentheses");
    row("2 ^ 3 ^ 2", 6, 1, "parentheses");
    row("1 +", 3, 0, "a value is missing");
    row("* 2", 0, 1, "A value is missing before '*'");
    row("and true", 0, 3, "#root['and']");
    row("{1, }", 4, 1, "A value is missing before '}'");
    row("{a: 1, b}", 8, 1, "key: value");
    row("'a' 'b'", 4, 3, "An operator is missing");
    row("a.le", 2, 2, "['le']");
    row("a.[0]", 2, 1, "without a '.'");
    row("[1]", 0, 1, "braces");
    row("a![#this]", 1, 2, "Write a '.' before");
    row("a$b", 1, 1, "['amount$']");
    row("${a}", 0, 1, "without '${' and '}'");
    row("‘a’", 0, 1, "straight quotes");
    row("1 ⇐ 2", 2, 1, "'<='");
    row("a – b", 2, 1, "minus");
    row("été", 0, 3, "in brackets");
    row("'a' +\n'b'", 5, 1, "on one line");
    row("a\u00A0+ b", 1, 1, "special space");
    // Numbers
    row("2147483648", 0, 10, "write 2147483648L");
    row("9223372036854775808L", 0, 20, "asBigDecimal");
    row("5eq 5", 0, 3, "not a number");
    row("1e400", 0, 5, "too large");
    // Regular expressions that are constants
    row("'a' matches '('", 12, 3, "never closed");
    row("#regex.matches('a', '[')", 20, 3, "']' is missing");
    row("#regex.replaceAll('a', 'a{2,1}', '')", 23, 8, "at least 2 and at most 1");
    row("#regex.matches('a', '(?R)')", 20, 6, "not known to Java");
}

void ExprFaultsTest::places()
{
    QFETCH(QString, text);
    QFETCH(int, offset);
    QFETCH(int, length);
    QFETCH(int, related);
    QFETCH(QString, says);
    const auto expression = Expression::parse(text);
    QVERIFY2(!expression, "parsed");
    const Fault fault = expression.error().first();
    QCOMPARE(fault.offset, offset);
    QCOMPARE(fault.length, length);
    QCOMPARE(fault.relatedOffset, related);
    QVERIFY2(fault.message.contains(says), qPrintable(fault.message));
}

void ExprFaultsTest::several()
{
    const auto expression = Expression::parse(
        QStringLiteral("#string.upercase(a)+ #strin.trim(b) + 'x'.trim() + T(X) + {1,} + #string.join(a)"));
    QVERIFY(!expression);
    QList<int> offsets;
    for (const Fault &fault : expression.error())
        offsets.append(fault.offset);
    const QList<int> wanted{8, 19, 21, 42, 51, 61, 73};
    QCOMPARE(offsets, wanted);
    // Two parentheses that are never closed are two faults at one place.
    const auto open = Expression::parse(QStringLiteral("((1"));
    QVERIFY(!open);
    QCOMPARE(open.error().size(), 2);
    QCOMPARE(open.error().at(0).relatedOffset, 1);
    QCOMPARE(open.error().at(1).relatedOffset, 0);
    // An endless row of faults is cut.
    const auto many = Expression::parse(QStringLiteral("1+").repeated(500));
    QVERIFY(!many);
    QVERIFY(many.error().size() <= kMaxFaults);
}

void ExprFaultsTest::whileEvaluating_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *text, int offset, int length, const char *says) {
        QTest::addRow("%s", text) << QString::fromUtf8(text) << offset << length << QString::fromUtf8(says);
    };
    row("3 + none", 2, 1, "Write (value ?: 0)");
    row("1 + {1}", 2, 1, "cannot work on a whole number and a list");
    row("7 / 0", 2, 1, "Division by zero");
    row("7 % 0", 2, 1, "Division by zero");
    row("none ? 1 : 2", 0, 4, "(value ?: false)");
    row("5 ? 1 : 2", 0, 1, "must be true or false");
    row("true and none", 9, 4, "is null");
    row("!none", 1, 4, "is null");
    row("{'a': 1}.b", 9, 1, "no key 'b', only a");
    row("list.name", 5, 4, ".![name]");
    row("text.name", 5, 4, "a text has no attributes");
    row("list[9]", 5, 1, "no element 9");
    row("list['x']", 5, 3, "must be a whole number");
    row("true[0]", 4, 3, "cannot be looked into");
    row("list.?[#root.none]", 7, 10, "(value ?: false)");
    row("list.?[none]", 7, 4, "a whole number has no attributes");
    row("text.![#this]", 5, 8, "needs a list or a map");
    row("none matches 'a'", 5, 7, "(value ?: '')");
    row("'a' < 1", 4, 1, "cannot work on");
    row("5 between {1}", 2, 7, "two values");
    row("new byte[] {300}", 12, 3, "does not fit");
    row("new int[3] {1}", 0, 14, "differ");
    row("#datetime.addDays('2021-01-01Z', 'x')", 33, 3, "days of #datetime.addDays must be a whole number");
    row("#string.upperCase({a: 1})", 18, 6, "must be a text, but is a map");
    row("#crypto.hmacHexDigest('a', null, 'HmacMD5')", 27, 4, "no null");
    row("#crypto.hmacHexDigest('a', 'b', 'x')", 32, 3, "'x' is not known");
    row("#regex.replaceAll('a', 'a', '$9')", 28, 4, "no group 9");
    row("#regex.matches('a', text + '(')", 20, 10, "never closed");
    row("-9223372036854775807L - #string.asBigInt('9', 0) ^ 9999", 49, 1, "digits");
}

void ExprFaultsTest::whileEvaluating()
{
    QFETCH(QString, text);
    QFETCH(int, offset);
    QFETCH(int, length);
    QFETCH(QString, says);
    const auto expression = Expression::parse(text);
    QVERIFY2(expression, "does not parse");
    const auto value = expression->evaluate(JsonContext(*readJson(R"({"list": [1, 2], "text": "abc"})")));
    QVERIFY2(!value, "has a value");
    QCOMPARE(value.error().offset, offset);
    QCOMPARE(value.error().length, length);
    QVERIFY2(value.error().message.contains(says), qPrintable(value.error().message));
}

void ExprFaultsTest::warnings_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *text, const char *says) {
        QTest::addRow("%s", text) << QString::fromUtf8(text) << QString::fromUtf8(says);
    };
    row("givenNam", "Did you mean 'givenName'?");
    row("#root.givenNam", "Did you mean 'givenName'?");
    row("#root['givenNam']", "Did you mean 'givenName'?");
    row("{'a': 1}[sn]", "key 'sn' itself");
    row("sn + 1 == {1}", "");
    row("1 == 'a'", "never equal");
    row("'a' < 1", "cannot be compared");
    row("1 + {1}", "cannot calculate with a list");
    row("5 ? 1 : 2", "must be true or false");
    row("sn.![1].foo", ".![foo]");
    row("'abc'.foo", "has no attributes");
    row("sn.?[1]", "must be true or false");
    row("#string.trim({a: 1})", "text of #string.trim must be a text");
    row("-'a'", "must be a number");
    row("sn + givenName", "");
    row("sn.![type]", "");
}

void ExprFaultsTest::warnings()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    const auto expression = Expression::parse(text, {{QStringLiteral("givenName"), QStringLiteral("sn")}});
    QVERIFY(expression);
    QStringList messages;
    for (const Fault &warning : expression->warnings())
        messages.append(warning.message);
    if (says.isEmpty())
        QVERIFY2(messages.isEmpty(), qPrintable(messages.join(u'\n')));
    else
        QVERIFY2(messages.join(u'\n').contains(says), qPrintable(messages.join(u'\n')));
}

void ExprFaultsTest::tooLong()
{
    const QString text = u'\'' + QString(kMaxExpressionLength, u'a') + u'\'';
    const auto expression = Expression::parse(text);
    QVERIFY(!expression);
    QCOMPARE(expression.error().size(), 1);
    QVERIFY(expression.error().first().message.contains(u"too long"));
}

/// A text that does not parse, data that it does not fit, and work that is too much are told apart.
void ExprFaultsTest::kinds()
{
    QCOMPARE(Expression::parse(QStringLiteral("1 +")).error().first().kind, FaultKind::Syntax);
    const auto kindOf = [](const char *text) {
        const auto value = Expression::parse(QString::fromUtf8(text))->evaluate(JsonContext());
        return value ? FaultKind::Syntax : value.error().kind;
    };
    QCOMPARE(kindOf("{1}[7]"), FaultKind::Evaluation);
    QCOMPARE(kindOf("1 / 0"), FaultKind::Evaluation);
    QCOMPARE(kindOf("'a' * 2000000"), FaultKind::Limit);
    QCOMPARE(kindOf("('a' * 60 + 'b') matches '(a+)+$'"), FaultKind::Limit);
}

void ExprFaultsTest::messagesStayShort()
{
    const QString longName(15'000, u'n');
    for (const QString &text : {QString(u'1' + longName), QString(u'\u00e9' + longName), QString(u'#' + longName), QString(QStringLiteral("1 ") + longName), QString(QStringLiteral("a.") + longName + u"()"),
                                QString(QStringLiteral("#string.") + longName + u"()"), QString(QStringLiteral("{a: 1}.") + longName),
                                QString(QStringLiteral("{") + longName + QStringLiteral(": 1}.b")),
                                QString(QStringLiteral("'a' matches '\\\\p{") + longName.left(3'000) + QStringLiteral("}'"))}) {
        const QString result = evaluated(text);
        QVERIFY2(result.startsWith(u"FAULT") && result.size() < 600, qPrintable(result.left(500)));
    }
}

CONSOLE_TEST(ExprFaultsTest)
#include "tst_exprfaults.moc"
