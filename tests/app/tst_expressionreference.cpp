// SPDX-License-Identifier: GPL-3.0-or-later
//
// The documentation of the expression language: every example in it is evaluated and gives what stands beside it.
#include "app/expressions/reference.h"
#include "core/expr/expression.h"
#include "core/expr/json.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QTest>

using namespace gatehouse;
namespace expr = core::expr;

class ExpressionReferenceTest : public QObject {
    Q_OBJECT
private slots:
    void everyExampleHolds();
    void findsInTheReference();
};

void ExpressionReferenceTest::everyExampleHolds()
{
    QFile file(QStringLiteral(GATEHOUSE_SOURCE_DIR "/resources/help/expression-language.md"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const app::Reference reference(QString::fromUtf8(file.readAll()));
    int evaluated = 0;
    int chapters = 0;
    for (const app::ReferenceEntry &entry : reference.entries()) {
        chapters += entry.group.startsWith(u'#') ? 0 : 1;
        const expr::Value data = entry.data.isEmpty() ? expr::Value(expr::Map()) : expr::readJson(entry.data.toUtf8()).value_or(expr::Value());
        QVERIFY2(data.kind() == expr::Kind::Map, qPrintable(entry.title));
        for (const app::ReferenceExample &example : entry.examples) {
            const auto expression = expr::Expression::parse(example.expression);
            const auto value = expression ? expression->evaluate(expr::JsonContext(data))
                                          : tl::expected<expr::Value, expr::Fault>(tl::unexpected(expression.error().constFirst()));
            const QString where = entry.title + QStringLiteral(": ") + example.expression;
            QVERIFY2(value.has_value() != example.fails, qPrintable(where + (value ? QString() : QStringLiteral(" → ") + value.error().message)));
            ++evaluated;
            if (example.fails || example.result.isEmpty())
                continue;
            const QString got = QString::fromUtf8(expr::printJson(*value));
            QVERIFY2(got == example.result, qPrintable(where + QStringLiteral(" → ") + got));
        }
    }
    QVERIFY2(evaluated > 100, qPrintable(QString::number(evaluated)));
    QVERIFY(chapters >= 8);
    QCOMPARE(reference.entries().size() - chapters, qsizetype(expr::functions().size()));
}

void ExpressionReferenceTest::findsInTheReference()
{
    QFile file(QStringLiteral(GATEHOUSE_SOURCE_DIR "/resources/help/expression-language.md"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const app::Reference reference(QString::fromUtf8(file.readAll()));
    const auto titles = [&](const char *words) {
        QStringList list;
        for (const int index : reference.search(QString::fromUtf8(words)))
            list.append(reference.entries().at(index).title);
        return list;
    };
    QCOMPARE(titles("join").constFirst(), QStringLiteral("#string.join(list, separator)"));
    QVERIFY(titles("null").constFirst().startsWith(QStringLiteral("Null")));
    QVERIFY(titles("base64 uuid").size() >= 1);
    QVERIFY(titles("toUpperCase").constFirst().startsWith(QStringLiteral("What is not there")));
    QCOMPARE(titles("").size(), reference.entries().size());
    QVERIFY(titles("xyzzy").isEmpty());
    QVERIFY(reference.find(QStringLiteral("#data.size")) >= 0);
    QCOMPARE(reference.find(QStringLiteral("#data.siz")), -1);
}

CONSOLE_TEST(ExpressionReferenceTest)
#include "tst_expressionreference.moc"
