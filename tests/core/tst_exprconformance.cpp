// SPDX-License-Identifier: GPL-3.0-or-later
//
// The documented behaviour of the language, row by row: tests/data/pel.jsonl, and every example of the function table.
#include "exprtest.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QtTest>

using namespace gatehouse::core::expr;

class ExprConformanceTest : public QObject {
    Q_OBJECT

private slots:
    void documented_data();
    void documented();
    void functionExamples_data();
    void functionExamples();
};

void ExprConformanceTest::documented_data()
{
    QTest::addColumn<QByteArray>("row");
    QFile file(QStringLiteral(GATEHOUSE_SOURCE_DIR "/tests/data/pel.jsonl"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    int number = 0;
    while (!file.atEnd()) {
        const QByteArray row = file.readLine().trimmed();
        ++number;
        if (!row.isEmpty())
            QTest::addRow("line %d", number) << row;
    }
    QVERIFY(number > 150);
}

void ExprConformanceTest::documented()
{
    QFETCH(QByteArray, row);
    const auto parsedRow = readJson(row);
    QVERIFY2(parsedRow, row.constData());
    const Map &fields = parsedRow->map();
    const QString text = fields.find(QStringLiteral("expr"))->string();
    const Value *data = fields.find(QStringLiteral("data"));
    const Value *wanted = fields.find(QStringLiteral("result"));

    const auto expression = Expression::parse(text);
    if (!expression) {
        QVERIFY2(!wanted, qPrintable(text + u": " + expression.error().first().message));
        return;
    }
    const auto value = expression->evaluate(JsonContext(data ? *data : Value(Map())));
    if (!value) {
        QVERIFY2(!wanted, qPrintable(text + u": " + value.error().message));
        return;
    }
    QVERIFY2(wanted, qPrintable(text + u" gave " + QString::fromUtf8(printJson(*value))));
    QVERIFY2(sameJson(*value, *wanted), qPrintable(text + u" gave " + QString::fromUtf8(printJson(*value))));
}

void ExprConformanceTest::functionExamples_data()
{
    QTest::addColumn<QString>("example");
    QTest::addColumn<QString>("result");
    for (const FunctionDescription &function : functions())
        QTest::addRow("%s", qPrintable(signatureOf(function)))
            << function.example.toString() << function.exampleResult.toString();
}

void ExprConformanceTest::functionExamples()
{
    QFETCH(QString, example);
    QFETCH(QString, result);
    const QString given = evaluated(example);
    if (result.isEmpty())
        QVERIFY2(!given.startsWith(u"FAULT"), qPrintable(given));
    else
        QCOMPARE(given, result);
}

CONSOLE_TEST(ExprConformanceTest)
#include "tst_exprconformance.moc"
