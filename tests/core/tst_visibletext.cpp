// SPDX-License-Identifier: GPL-3.0-or-later
//
// Texts from outside as they may be shown: nothing in them acts on a terminal, a log or a spreadsheet.
#include "core/csv.h"
#include "core/error.h"
#include "core/jsontext.h"
#include "core/visibletext.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace gatehouse;

class VisibleTextTest : public QObject {
    Q_OBJECT

private slots:
    void hiddenIsShown_data();
    void hiddenIsShown();
    void oddSpacesArePointedOut_data();
    void oddSpacesArePointedOut();
    void linesKeepTheirEnds();
    void jsonStaysTheSame();
    void longTextsAreCut();
    void spreadsheetsRunNothing_data();
    void spreadsheetsRunNothing();
    void caretShowsThePartAroundTheFault();
    void byteOrderMarkIsNoText();
};

void VisibleTextTest::hiddenIsShown_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QString &text, const QString &shown) { QTest::newRow(name) << text << shown; };
    const auto same = [&](const char *name, const QString &text) { row(name, text, text); };
    row("escape sequences", QStringLiteral("a\x1b[2J\x1b]0;title\x07"), QStringLiteral("a<U+001B>[2J<U+001B>]0;title<U+0007>"));
    row("C1", QStringLiteral("\u009b31m\u0085"), QStringLiteral("<U+009B>31m<U+0085>"));
    row("line breaks", QStringLiteral("red\nInjected\r\ttab\u2028"), QStringLiteral("red<U+000A>Injected<U+000D><U+0009>tab<U+2028>"));
    row("direction", QStringLiteral("C\u202eevil\u2066x\u200f"), QStringLiteral("C<U+202E>evil<U+2066>x<U+200F>"));
    row("zero width", QStringLiteral("ad\u200bmin\ufeff\u00ad\u2060"), QStringLiteral("ad<U+200B>min<U+FEFF><U+00AD><U+2060>"));
    row("joiners where nothing joins", QStringLiteral("ad\u200dmin\u200c"), QStringLiteral("ad<U+200D>min<U+200C>"));
    row("tags", QStringLiteral("a\U000e0041"), QStringLiteral("a<U+E0041>"));
    row("letters that are not seen", QStringLiteral("a\u3164\u115f"), QStringLiteral("a<U+3164><U+115F>"));
    row("NUL and DEL", QString(QChar(0)) + QChar(0x7f), QStringLiteral("<U+0000><U+007F>"));
    row("half a pair", QStringLiteral("a") + QChar(0xd800) + u'b', QStringLiteral("a<U+D800>b"));
    same("umlauts and scripts", QStringLiteral("Zoë Größling, Ελένη, 李小龍, दीपा, Дмитрий"));
    same("Persian with a non-joiner", QStringLiteral("علی\u200cرضا"));
    same("Hindi with a joiner", QStringLiteral("क्\u200dष"));
    same("a family of emoji", QStringLiteral("\U0001F469\u200d\U0001F469\u200d\U0001F467 \u2764\ufe0f\u200d\U0001F525"));
    same("Arabic number sign", QStringLiteral("\u0600123"));
    same("no-break space", QStringLiteral("a\u00a0b"));
    same("nothing", QString());
}

void VisibleTextTest::hiddenIsShown()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(core::visible(text), shown);
    QCOMPARE(core::visible(shown), shown);
}

void VisibleTextTest::oddSpacesArePointedOut_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("ordinary") << QStringLiteral("Ann Smith") << QStringLiteral("Ann Smith");
    QTest::newRow("at the ends") << QStringLiteral(" ann ") << QStringLiteral("<U+0020>ann<U+0020>");
    QTest::newRow("double") << QStringLiteral("Ann  Smith") << QStringLiteral("Ann <U+0020>Smith");
    QTest::newRow("no-break and ideographic") << QStringLiteral("Ann\u00a0Smith\u3000") << QStringLiteral("Ann<U+00A0>Smith<U+3000>");
    QTest::newRow("hidden, too") << QStringLiteral("an\u200bn") << QStringLiteral("an<U+200B>n");
}

void VisibleTextTest::oddSpacesArePointedOut()
{
    QFETCH(QString, text);
    QTEST(core::pointedOut(text), "shown");
}

void VisibleTextTest::linesKeepTheirEnds()
{
    QCOMPARE(core::visibleLines("a,b\r\n\tc\x1b[2J\n"), QByteArray("a,b<U+000D>\n\tc<U+001B>[2J\n"));
    QCOMPARE(core::visibleLines("\xc2\x9b\xff\xe2\x80\xae" "Z\xc3\xbcrich\n"), QByteArray("<U+009B><FF><U+202E>Z\xc3\xbcrich\n"));
    const QByteArray plain("nothing to change\n");
    QVERIFY(core::visibleLines(plain).constData() == plain.constData());
}

void VisibleTextTest::jsonStaysTheSame()
{
    const QJsonObject object{{QStringLiteral("a\u202e"), QStringLiteral("\x1b[2J\u009b\u007f\U000e0041 Zo\u00eb \u0639\u0644\u06cc\u200c\u0631\u0636\u0627\n")}};
    const QByteArray json = core::visibleJson(QJsonDocument(object).toJson());
    QCOMPARE(QJsonDocument::fromJson(json).object(), object);
    for (const char *acts : {"\x1b", "\xc2\x9b", "\x7f", "\xe2\x80\xae", "\xf3\xa0\x81\x81"})
        QVERIFY2(!json.contains(acts), json.constData());
    QVERIFY2(json.contains("\\u202e") && json.contains("\\udb40\\udc41") && json.contains("Zo\xc3\xab"), json.constData());
}

void VisibleTextTest::longTextsAreCut()
{
    QCOMPARE(core::shortened(QStringLiteral("abc"), 3), QStringLiteral("abc"));
    QCOMPARE(core::shortened(QStringLiteral("abcd"), 3), QStringLiteral("ab…"));
    QCOMPARE(core::shortened(QStringLiteral("a\U0001F600bcd"), 3), QStringLiteral("a…"));
}

void VisibleTextTest::spreadsheetsRunNothing_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("field");
    const auto row = [](const QString &text, const char *field) { QTest::newRow(qPrintable(text)) << text << QByteArray(field); };
    row(QStringLiteral("Ann"), "Ann");
    row(QStringLiteral("Smith, Ann"), "\"Smith, Ann\"");
    row(QStringLiteral("a \"b\""), "\"a \"\"b\"\"\"");
    row(QStringLiteral("a\nb"), "\"a\nb\"");
    row(QStringLiteral("=HYPERLINK(\"http://evil\",\"x\")"), "\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\"");
    row(QStringLiteral("=cmd|x"), "'=cmd|x");
    row(QStringLiteral("@SUM(1)"), "'@SUM(1)");
    row(QStringLiteral("+1-2"), "'+1-2");
    row(QStringLiteral("-1+2"), "'-1+2");
    row(QStringLiteral("  =1+1"), "'  =1+1");
    row(QStringLiteral("\t=1+1"), "\"'\t=1+1\"");
    row(QStringLiteral("\uFF1D1+1"), "'\xef\xbc\x9d" "1+1");
    row(QStringLiteral("a;=1+1"), "\"a;=1+1\""); // where ; separates columns
    row(QStringLiteral("a=b"), "a=b");
}

void VisibleTextTest::spreadsheetsRunNothing()
{
    QFETCH(QString, text);
    QTEST(core::csvField(text), "field");
}

void VisibleTextTest::caretShowsThePartAroundTheFault()
{
    core::Error error{core::Code::Syntax, QStringLiteral("not an expression")};
    error.subject = QStringLiteral("1") + QStringLiteral(" + 1").repeated(20'000);
    error.offset = 40'000;
    error.length = 2;
    QStringList lines = error.caret().split(u'\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY2(lines.at(0).size() < 110 && lines.at(0).startsWith(u'…') && lines.at(0).endsWith(u'…'), qPrintable(lines.at(0)));
    QCOMPARE(lines.at(0).mid(lines.at(1).indexOf(u'^'), 2), error.subject.mid(40'000, 2));
    QCOMPARE(lines.at(1).count(u'^'), 2);

    // All of it is wrong.
    error.offset = 0;
    error.length = int(error.subject.size());
    lines = error.caret().split(u'\n');
    QVERIFY2(lines.at(0).size() < 110 && lines.at(1).size() < 110, qPrintable(error.caret()));
    // At the end something is missing.
    error.offset = int(error.subject.size());
    error.length = 0;
    lines = error.caret().split(u'\n');
    QVERIFY2(lines.at(0).size() < 110 && lines.at(1).endsWith(u'^') && lines.at(1).size() == lines.at(0).size() + 1, qPrintable(error.caret()));

    // The caret stands under the fault however the text before is shown; a text of two lines is shown on one.
    error.subject = QStringLiteral("a\x1b\nb < c");
    error.offset = 5;
    error.length = 1;
    QCOMPARE(error.caret(), QStringLiteral("a<U+001B><U+000A>b < c\n") + QString(19, u' ') + u'^');
}

void VisibleTextTest::byteOrderMarkIsNoText()
{
    const auto document = core::readJson("\xef\xbb\xbf{\"x\": 1}");
    QVERIFY(document);
    QCOMPARE(document->object().value(QStringLiteral("x")).toInt(), 1);
    QCOMPARE(core::repeatedKeys("\xef\xbb\xbf{\"x\": 1, \"x\": 2}").size(), 1);
}

CONSOLE_TEST(VisibleTextTest)
#include "tst_visibletext.moc"
