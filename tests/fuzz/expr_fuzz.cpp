// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fuzzer of the expression language: the first line is an expression, the rest JSON data. Nothing may crash, hang or
// exhaust memory, what is printed must parse to what it was, and a result must survive JSON. The corpus in
// tests/data/fuzz/expr is replayed by tst_exprfuzz. To search for more:
//
//     clang++ -std=c++20 -O1 -g -fPIC -fsanitize=fuzzer,address,undefined -Isrc tests/fuzz/expr_fuzz.cpp
//         src/core/expr/*.cpp $(pkg-config --cflags --libs Qt6Core icu-i18n icu-uc) -o expr_fuzz
//     ./expr_fuzz -max_len=2000 -timeout=20 tests/data/fuzz/expr
#include "core/expr/expression.h"
#include "core/expr/json.h"
#include "core/expr/lexer.h"

#include <cstdint>
#include <cstdlib>

using namespace gatehouse::core::expr;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

bool isInside(const Fault &fault, const QString &text)
{
    return fault.offset >= 0 && fault.length >= 0 && fault.offset + fault.length <= text.size()
        && !fault.message.isEmpty();
}

void tokensCoverText(const QString &text)
{
    int end = 0;
    for (const Token &token : tokenize(text).tokens) {
        require(token.offset >= end && token.end() <= text.size());
        end = token.end();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray input(reinterpret_cast<const char *>(data), qsizetype(size));
    const qsizetype lineEnd = input.indexOf('\n');
    const QString text = QString::fromUtf8(lineEnd < 0 ? input : input.left(lineEnd));
    tokensCoverText(text);
    const auto expression = Expression::parse(text);
    if (!expression) {
        require(!expression.error().isEmpty());
        for (const Fault &fault : expression.error())
            require(isInside(fault, text));
        return 0;
    }
    for (const Fault &warning : expression->warnings())
        require(isInside(warning, text));
    const QString printed = expression->print();
    if (printed.size() <= 20'000) {
        const auto again = Expression::parse(printed);
        require(again.has_value() && again->print() == printed);
    }
    const auto root = readJson(lineEnd < 0 ? QByteArray("{}") : input.mid(lineEnd + 1));
    const auto value = expression->evaluate(JsonContext(root ? *root : Value(Map())));
    if (!value) {
        require(isInside(value.error(), text));
        return 0;
    }
    // A big decimal such as 1.50 comes back as the double 1.5; from then on nothing may change.
    const auto once = readJson(printJson(*value));
    require(once.has_value());
    const auto twice = readJson(printJson(*once));
    require(twice.has_value() && printJson(*twice) == printJson(*once));
    return 0;
}
