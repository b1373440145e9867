// SPDX-License-Identifier: GPL-3.0-or-later
//
// What Java answers, held against what we answer: tests/data/pel-java.jsonl has expressions with the results that Java
// 17 gives for the same work (java.util.Formatter, BigDecimal, java.time, java.util.regex) and Spring's expression
// engine for operators, lists and maps. A row with "error" is one that Java refuses.
#include "exprtest.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QtTest>

using namespace gatehouse::core::expr;

class ExprJavaTest : public QObject {
    Q_OBJECT

private slots:
    void sameAsJava();
};

/// What the rows without data of their own read.
static const char kData[] =
    R"({"user":{"name":{"given":"John","family":"Doe"},"age":30,"big":9876512345,"role":"SA",)"
    R"("groups":["Admin","User"],"score":2.5,"bi":123456789012345678901234567890,"t":true,"sT":"TRUE"},)"
    R"("role":"rootrole"})";

void ExprJavaTest::sameAsJava()
{
    const auto common = readJson(kData);
    QVERIFY(common);
    QFile file(QStringLiteral(GATEHOUSE_SOURCE_DIR "/tests/data/pel-java.jsonl"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    int rows = 0;
    QStringList differing;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine();
        const auto row = readJson(line);
        QVERIFY2(row, line.constData());
        const Map &fields = row->map();
        const Value *data = fields.find(QStringLiteral("data"));
        const Value *wanted = fields.find(QStringLiteral("result"));
        const QString text = fields.find(QStringLiteral("expr"))->string();
        const auto expression = Expression::parse(text);
        const auto value = expression ? expression->evaluate(JsonContext(data ? *data : *common))
                                      : tl::unexpected(expression.error().first());
        ++rows;
        const QByteArray given = value ? printJson(*value) : QByteArray("error");
        if (given != (wanted ? printJson(*wanted) : QByteArray("error")))
            differing.append(QString::fromUtf8(line.trimmed() + "\n    gave " + given));
    }
    QVERIFY(rows > 2'000);
    QVERIFY2(differing.isEmpty(), qPrintable(differing.join(u'\n')));
}

CONSOLE_TEST(ExprJavaTest)
#include "tst_exprjava.moc"
