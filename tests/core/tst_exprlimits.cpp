// SPDX-License-Identifier: GPL-3.0-or-later
//
// No expression hangs, exhausts memory or overflows the stack: each of these ends, soon, with a value or a fault.
#include "exprtest.h"

#include "core/expr/limits.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QtTest>

#include <sys/resource.h>

using namespace gatehouse::core::expr;

class ExprLimitsTest : public QObject {
    Q_OBJECT

private slots:
    void spent_data();
    void spent();
    void quadraticMatchEnds();
    void sharedTextIsPaidWhenItGrows();
    void patternThatLooksAheadEnds_data();
    void patternThatLooksAheadEnds();
    void longSearchIsLinear();
    void nested();
    void longChains();
    void sharedResult();
    void json();
};

void ExprLimitsTest::spent_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const char *text, const char *says) {
        QTest::addRow("%s", name) << QString::fromUtf8(text) << QString::fromUtf8(says);
    };
    row("backtracking", "('a' * 60 + 'b') matches '(a+)+$'", "regular expression needs too much work");
    row("backtracking to the end", "#regex.matches('a' * 60 + 'b', '(a+)+')", "regular expression");
    row("many of these", "(new int[1000]).![#regex.matches('a' * 60 + 'b', '(a+)+')]", "regular expression");
    row("many cheap matches", "(new int[100000]).![#regex.matches('aaaaaaaaaab', '(a+)+')]", "too much work");
    row("long subject", "#regex.matches('a' * 40000, 'a*')", "cannot be matched");
    row("replacing grows", "#regex.replaceAll('a' * 30000, '(?=(a+))', '$1')", "longer than");
    row("repeated text", "'a' * 2000000", "longer than");
    row("doubled text", "('a' * 1000000) + ('b' * 1000000)", "longer than");
    row("replaced text", "#string.replace('a' * 1000, 'a', 'b' * 10000, -1)", "longer than");
    row("joined text", "#string.join((new int[100000]).!['a' * 100], 'b' * 1000)", "than");
    row("all text together", "(new int[100000]).!['a' * 1000000]", "characters of text");
    row("width", "#string.format('%999999999d', 1)", "longer than");
    row("precision", "#string.format('%.999999999f', 1.5)", "longer than");
    row("nested projections", "(new int[1000]).![(new int[1000]).![(new int[1000]).![#this]]]", "too much work");
    row("array", "new int[200000]", "longer than");
    row("array of arrays", "new int[100000][100000]", "too large");
    row("split", "#string.split('a ' * 300000, ' ')", "longer than");
    row("union", "#data.union(new int[60000], new int[60000])", "longer than");
    row("power", "#string.asBigInt('9', 0) ^ 100000000", "digits");
    row("product", "#string.asBigInt('9' * 4000, 0) * #string.asBigInt('9' * 4000, 0)", "digits");
    row("scales", "#string.asBigDecimal('1e5000', 0) + #string.asBigDecimal('1e-5000', 0)", "digits");
    row("digests", "(new int[100000]).![#crypto.hmacHexDigest('a' * 1000, 'k', 'HmacSHA512')]", "too much work");
    row("dates", "(new int[100000]).![#datetime.format('2023-01-01Z', 'yyyy ' + #this)]", "too much work");
    row("patterns", "(new int[100000]).![#regex.matches('a', 'b' + #this)]", "too much work");
    // Work that no result shows.
    row("zone names", "(new int[100000]).![#datetime.format('2023-01-01Z', 'zzzz vvvv zzzz vvvv')]", "too much work");
    row("zones read", "(new int[100000]).![#datetime.parse('x', '[VV]' * 200, null)]", "too much work");
    row("zones looked up", "(new int[100000]).![#datetime.toDateTimeInTimezone('2023-01-01Z', 'Nowhere/' + #this, null)]", "too much work");
    row("search in a row of one letter", "#data.size((new int[1000]).![#string.indexOf('a' * 100000, 'b' + 'a' * 50000, 0)])", "than");
    row("looking at long texts", "{'a' * 1000000}.![(new int[100000]).![#string.startsWith(#root['x'] ?: 'y', 'z' * 10000)]]", "than");
    row("refused base64", "{'?' * 1000000}.![(new int[1000]).![#string.asBase64Decoded('?' * 100000)]]", "than");
    row("comparing long texts", "(new int[100000]).!['a' * 100 + 'b' * 1000 < 'a' * 100 + 'c' * 1000]", "than");
    row("big numbers compared", "(new int[100000]).![#string.asBigDecimal('1e5000', 0) > #string.asBigDecimal('1e-5000', 0)]", "too much work");
    row("big numbers as doubles", "(new int[100000]).![#string.asBigInt('9' * 4000, 0) * 1.5]", "than");
    row("big numbers as text", "(new int[100000]).![#string.format('%,d', #string.asBigInt('9' * 4000, 0))]", "than");
    row("big numbers in a result", "{#string.asBigInt('9' * 4000, 0)}.![{#this, #this, #this, #this, #this, #this, #this, #this}]"
        ".![{#this, #this, #this, #this, #this, #this, #this, #this}]", "too large");
    row("dates in long texts", "(new int[100000]).![#datetime.getYear('1' * 10000)]", "than");
}

void ExprLimitsTest::spent()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    QElapsedTimer timer;
    timer.start();
    const QString result = evaluated(text);
    QVERIFY2(result.startsWith(u"FAULT") && result.contains(says), qPrintable(result.left(300)));
    QVERIFY2(timer.elapsed() < 60'000, qPrintable(QString::number(timer.elapsed()))); // seconds even under sanitizers
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    QVERIFY2(usage.ru_maxrss < 1'500'000, "more than 1.5 GB"); // kilobytes; sanitizers need much of it
}

/// PCRE2 counts little of this work, so time decides: a fast machine finds out that it does not match.
void ExprLimitsTest::quadraticMatchEnds()
{
    QElapsedTimer timer;
    timer.start();
    const QString result = evaluated(QStringLiteral("#regex.matches(('a' * 30000) + 'xz', '(?<=a)*.*.*x')"));
    QVERIFY2(result == u"false" || result.contains(u"too much work"), qPrintable(result));
    QVERIFY2(timer.elapsed() < 60'000, qPrintable(QString::number(timer.elapsed())));
}

/// What is read from the data is shared; a thousand copies of it with a letter more are not.
void ExprLimitsTest::sharedTextIsPaidWhenItGrows()
{
    const QByteArray data = "{\"x\": \"" + QByteArray(500'000, 'a') + "\"}";
    const QString result = evaluated(QStringLiteral("(new int[1000]).![#root.x + 'b']"), data);
    QVERIFY2(result.startsWith(u"FAULT") && result.contains(u"characters of text"), qPrintable(result.left(300)));
}

void ExprLimitsTest::patternThatLooksAheadEnds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("result");
    const auto row = [](const char *text, const char *result) { QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(result); };
    row("#datetime.format('2021-02-28Z', 'p')", "null");
    row("#datetime.format('2021-02-28Z', 'MMM p')", "null");
    row("#datetime.format('2021-02-28Z', 'pp')", "null");
    row("#datetime.format('2021-02-28Z', '[p')", "null");
    row("#datetime.format('2021-02-28Z', 'pp ')", "null");
    row("#datetime.format('2021-02-28Z', 'pppM')", "\"  2\"");
    row("#datetime.format('2021-02-28Z', x)", "null"); // a pattern out of the data
    row("#datetime.toDateTimeInTimezone('2021-02-28Z', 'Europe/Paris', 'd p')", "null");
    row("#datetime.parse('1', 'p', null)", "null");
    row("#datetime.parse('', '[[[p', null)", "null");
    row("#string.format('%')", "null");
    row("#string.format('%1$')", "null");
    row("#string.format('%-10.')", "null");
}

void ExprLimitsTest::patternThatLooksAheadEnds()
{
    QFETCH(QString, text);
    QTEST(evaluated(text, R"({"x": "MMM p"})"), "result");
    // Found when it is read, too, as config apply and --check do.
    QVERIFY(Expression::parse(text));
}

/// QString's search would need hours for this.
void ExprLimitsTest::longSearchIsLinear()
{
    QElapsedTimer timer;
    timer.start();
    const QByteArray data = "{\"t\": \"" + QByteArray(1'000'000, 'a') + "\", \"s\": \"b" + QByteArray(400'000, 'a') + "\", \"e\": \""
        + QByteArray(400'000, 'a') + "b\", \"f\": \"" + QByteArray(400'000, 'a') + "\"}";
    QCOMPARE(evaluated(QStringLiteral("#string.indexOf(t, s, 0)"), data), QStringLiteral("-1"));
    QCOMPARE(evaluated(QStringLiteral("#string.lastIndexOf(t, s, 1000000)"), data), QStringLiteral("-1"));
    QCOMPARE(evaluated(QStringLiteral("#string.lastIndexOf(t, e, 1000000)"), data), QStringLiteral("-1"));
    QCOMPARE(evaluated(QStringLiteral("#string.indexOf(t, f, 7)"), data), QStringLiteral("7"));
    QCOMPARE(evaluated(QStringLiteral("#string.lastIndexOf(t, f, 1000000)"), data), QStringLiteral("600000"));
    QCOMPARE(evaluated(QStringLiteral("#string.lastIndexOf(t, f, 9)"), data), QStringLiteral("9"));
    QCOMPARE(evaluated(QStringLiteral("#string.length(#string.replace(t, s, '', -1))"), data), QStringLiteral("1000000"));
    QCOMPARE(evaluated(QStringLiteral("#string.length(#string.replace(t, f, 'x', -1))"), data), QStringLiteral("200002"));
    QVERIFY2(timer.elapsed() < 60'000, qPrintable(QString::number(timer.elapsed())));
}

void ExprLimitsTest::nested()
{
    const auto around = [](const QString &open, const QString &close, int depth) {
        return QString(open.repeated(depth) + u'1' + close.repeated(depth));
    };
    for (const auto &[open, close] : {std::pair(QStringLiteral("("), QStringLiteral(")")),
                                      std::pair(QStringLiteral("{"), QStringLiteral("}")),
                                      std::pair(QStringLiteral("-(+("), QStringLiteral("))")),
                                      std::pair(QStringLiteral("! "), QString()),
                                      std::pair(QStringLiteral("true ? "), QStringLiteral(" : 0")),
                                      std::pair(QStringLiteral("a["), QStringLiteral("]")),
                                      std::pair(QStringLiteral("a.!["), QStringLiteral("]")),
                                      std::pair(QStringLiteral("#string.trim("), QStringLiteral(")")),
                                      std::pair(QStringLiteral("null ?: "), QString())}) {
        const QString deep = around(open, close, 1'000).left(kMaxExpressionLength);
        const auto refused = Expression::parse(deep);
        QVERIFY2(!refused, qPrintable(open));
        QVERIFY2(std::any_of(refused.error().begin(), refused.error().end(),
                             [](const Fault &fault) { return fault.message.contains(u"nested too deeply"); }),
                 qPrintable(refused.error().first().message));
        QVERIFY2(!evaluated(around(open, close, 40)).contains(u"nested"), qPrintable(open));
    }
}

void ExprLimitsTest::longChains()
{
    // Chains of one precedence do not nest.
    QCOMPARE(evaluated(QStringLiteral("1") + QStringLiteral(" + 1").repeated(4'000)), QStringLiteral("4001"));
    QCOMPARE(evaluated(QStringLiteral("true") + QStringLiteral(" and true").repeated(1'500)), QStringLiteral("true"));
    QCOMPARE(evaluated(QStringLiteral("a") + QStringLiteral(".b").repeated(5'000)), QStringLiteral("null"));
    QCOMPARE(evaluated(QStringLiteral("#string.length(''") + QStringLiteral(" + 'x'").repeated(2'000) + u')'),
             QStringLiteral("2000"));
}

void ExprLimitsTest::sharedResult()
{
    // Twenty-six doublings share their halves in memory, but nobody could print them.
    const QString doubled = QStringLiteral("{1}") + QStringLiteral(".![{#this,#this}]").repeated(26);
    QVERIFY(evaluated(doubled).contains(u"too large"));
    QVERIFY(evaluated(QStringLiteral("'' + ") + doubled).startsWith(u"FAULT"));
    QVERIFY(evaluated(QStringLiteral("#string.format('%h', ") + doubled + u')').startsWith(u"FAULT"));
    QVERIFY(evaluated(doubled + QStringLiteral(" == ") + doubled).startsWith(u"FAULT"));
}

void ExprLimitsTest::json()
{
    QVERIFY(!readJson(QByteArray(100'000, '[')));
    QVERIFY(readJson(QByteArray(QByteArray(kMaxJsonNesting, '[') + QByteArray(kMaxJsonNesting, ']'))));
    QVERIFY(!readJson(QByteArray(kMaxNumberDigits + 1, '9')));
    QVERIFY(!readJson("1e99999"));
    // A byte order mark is none within a text.
    QCOMPARE(printJson(*readJson("\xef\xbb\xbf[\"\xef\xbb\xbf\xef\xbb\xbfx\"]")), QByteArray("[\"\xef\xbb\xbf\xef\xbb\xbfx\"]"));
    const auto largest = readJson(QByteArray(kMaxNumberDigits, '9'));
    QVERIFY(largest);
    QCOMPARE(printJson(*largest), QByteArray(kMaxNumberDigits, '9'));
    QCOMPARE(evaluated(QStringLiteral("{#string.asBigInt('9' * 5000, 0)}")), u'[' + QString(kMaxNumberDigits, u'9') + u']');
}

CONSOLE_TEST(ExprLimitsTest)
#include "tst_exprlimits.moc"
