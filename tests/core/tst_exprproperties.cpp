// SPDX-License-Identifier: GPL-3.0-or-later
//
// What holds for every expression, whatever it is.
#include "exprgenerators.h"
#include "exprtest.h"
#include "generators.h"

#include "core/expr/lexer.h"
#include "core/expr/numbers.h"
#include "core/expr/parser.h"
#include "core/expr/print.h"
#include "tests/support/testmain.h"

#include <QtTest>

using namespace gatehouse::core::expr;

class ExprPropertiesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { gatehouse::test::checkProperties(1'000); }
    void printParses();
    void anyTextHasPlacedFaults();
    void numbersSurviveText();
    void jsonSurvives();
    void evaluationIsRepeatable();
};

/// print(parse(x)) is x, as a tree.
void ExprPropertiesTest::printParses()
{
    QVERIFY(rc::check("print then parse", [] {
        const NodePointer tree = TreeMaker().tree(*rc::gen::inRange(0, 5));
        const QString text = printTree(*tree);
        RC_PRE(text.size() < 15'000);
        const Parsed parsed = parseTree(text);
        RC_LOG() << text.toStdString();
        RC_ASSERT(parsed.faults.isEmpty());
        RC_ASSERT(sameTree(*parsed.tree, *tree));
        RC_ASSERT(printTree(*parsed.tree) == text);
    }));
}

/// Soups of tokens: tokens cover the text, faults lie within it, and come in order.
void ExprPropertiesTest::anyTextHasPlacedFaults()
{
    static const std::vector<std::string> words{
        "a", "1", "'x'", "\"y\"", "#string.trim", "#root", "#this", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?",
        "?:", ".?[", ".![", "+", "-", " + ", " and ", " matches ", "!", "not ", "null", "true", "new int", "T(", "=",
        "==", "?.", "@", "$", "'", "é", "\n", " ", "1.5e3", "0x", "instanceof", "^", ".^[", "--"};
    QVERIFY(rc::check("soup", [] {
        QString text;
        for (const std::string &word : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(words)))
            text += QString::fromStdString(word);
        RC_LOG() << text.toStdString();
        int end = 0;
        for (const Token &token : tokenize(text).tokens) {
            RC_ASSERT(token.offset >= end && token.end() <= text.size());
            end = token.end();
        }
        const Parsed parsed = parseTree(text);
        int last = 0;
        for (const Fault &fault : parsed.faults) {
            RC_ASSERT(fault.offset >= last);
            RC_ASSERT(fault.length >= 0 && fault.offset + fault.length <= text.size());
            last = fault.offset;
        }
        const auto expression = Expression::parse(text);
        if (expression) {
            const auto first = expression->evaluate(JsonContext());
            const auto second = expression->evaluate(JsonContext());
            RC_ASSERT(first.has_value() == second.has_value());
        }
    }));
}

void ExprPropertiesTest::numbersSurviveText()
{
    QVERIFY(rc::check("double", [](quint64 bits) {
        double number;
        memcpy(&number, &bits, sizeof number);
        RC_PRE(std::isfinite(number));
        RC_ASSERT(readDouble(numberText(number)) == number);
    }));
    QVERIFY(rc::check("float", [](quint32 bits) {
        float number;
        memcpy(&number, &bits, sizeof number);
        RC_PRE(std::isfinite(number));
        RC_ASSERT(readFloat(numberText(number)) == number);
    }));
    QVERIFY(rc::check("big decimal", [](qint64 unscaled) {
        const BigDecimal number{Integer(unscaled) * unscaled, *rc::gen::inRange(-50, 50)};
        const auto read = readDecimal(numberText(number));
        RC_ASSERT(read.has_value());
        RC_ASSERT(read->unscaled == number.unscaled && read->scale == number.scale);
    }));
    QVERIFY(rc::check("int", [](qint32 number) { RC_ASSERT(readInt(QString::number(number)) == number); }));
    QVERIFY(rc::check("long", [](qint64 number) { RC_ASSERT(readLong(QString::number(number)) == number); }));
}

static Value anyJson(int depth)
{
    switch (*rc::gen::inRange(0, depth > 0 ? 9 : 7)) {
    case 0:
        return {};
    case 1:
        return *rc::gen::arbitrary<bool>();
    case 2:
        return *rc::gen::arbitrary<qint32>();
    case 3:
        return qint64(*rc::gen::inRange<qint64>(5'000'000'000, std::numeric_limits<qint64>::max()));
    case 4:
        return double(*rc::gen::arbitrary<qint32>()) / 8 + 0.0625;
    case 5:
        return BigInteger{Integer(*rc::gen::inRange<qint64>(1, 1'000)) << 80};
    case 6: {
        QString text;
        for (const char32_t code : *rc::gen::container<std::vector<char32_t>>(
                 rc::gen::elementOf(std::vector<char32_t>{0, 9, 10, 34, 65, 92, 0xE9, 0x2028, 0x1F600})))
            text += QString::fromUcs4(&code, 1);
        return text;
    }
    case 7: {
        Values list;
        for (int count = *rc::gen::inRange(0, 4); count > 0; --count)
            list.push_back(anyJson(depth - 1));
        return list;
    }
    default: {
        Map map;
        for (int count = *rc::gen::inRange(0, 20); count > 0; --count)
            map.insert(QString::number(*rc::gen::inRange(0, 30)), anyJson(depth - 1));
        return map;
    }
    }
}

void ExprPropertiesTest::jsonSurvives()
{
    QVERIFY(rc::check("JSON", [] {
        const Value value = anyJson(3);
        const QByteArray json = printJson(value);
        const auto read = readJson(json);
        RC_ASSERT(read.has_value());
        Meter meter;
        RC_ASSERT(equalObjects(*read, value, meter));
        RC_ASSERT(printJson(*read) == json);
    }));
}

/// The same expression over the same data is the same value, and printing it changes nothing.
void ExprPropertiesTest::evaluationIsRepeatable()
{
    const Value data = *readJson(R"({"a": [1, {"b": "x"}, null], "sn": "Doe", "givenName": "J", "_x9": {"a": 2.5}})");
    QVERIFY(rc::check("evaluate", [&data] {
        const NodePointer tree = TreeMaker().tree(*rc::gen::inRange(0, 5));
        const QString text = printTree(*tree);
        const auto expression = Expression::parse(text);
        RC_PRE(expression.has_value()); // a constant regular expression may be none
        RC_PRE(!text.contains(u"now()"));
        const auto again = Expression::parse(expression->print());
        RC_ASSERT(again.has_value());
        const auto first = expression->evaluate(JsonContext(data));
        const auto second = again->evaluate(JsonContext(data));
        RC_ASSERT(first.has_value() == second.has_value());
        if (first)
            RC_ASSERT(printJson(*first) == printJson(*second));
        else
            RC_ASSERT(first.error() == second.error());
    }));
}

CONSOLE_TEST(ExprPropertiesTest)
#include "tst_exprproperties.moc"
