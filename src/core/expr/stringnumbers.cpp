// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/functions.h"
#include "core/expr/numbers.h"

#include <cmath>

namespace gatehouse::core::expr {

namespace {

/// The text as a number, or the second argument when it is none. @p read gives an empty optional then.
template <typename Read>
bool number(Call &call, Read read)
{
    const QString *text = call.text(0);
    if (call.failed())
        return false;
    Value otherwise = call.at(1);
    if (otherwise.isString()) { // Spring makes a number of it where it can
        std::optional<BigDecimal> made = readDecimal(QStringView(otherwise.string()).left(100).trimmed());
        if (made)
            otherwise = std::move(*made);
    }
    if (!otherwise.isNull() && !otherwise.isNumber())
        return call.refuse(QStringLiteral("The default must be a number or null."), 1);
    if (!text || text->size() > kMaxNumberDigits * 2)
        return call.give(otherwise);
    std::optional<Value> value = read(*text);
    return call.give(value ? std::move(*value) : otherwise);
}

bool asInt(Call &call)
{
    return number(call, [](const QString &text) {
        const std::optional<qint32> read = readInt(text);
        return read ? std::optional<Value>(*read) : std::nullopt;
    });
}

bool asLong(Call &call)
{
    return number(call, [](const QString &text) {
        const std::optional<qint64> read = readLong(text);
        return read ? std::optional<Value>(*read) : std::nullopt;
    });
}

bool asBigInt(Call &call)
{
    return number(call, [&](const QString &text) -> std::optional<Value> {
        if (!call.meter().digits(text.size()))
            return std::nullopt;
        std::optional<Integer> read = readInteger(text);
        return read ? std::optional<Value>(BigInteger{std::move(*read)}) : std::nullopt;
    }) && (!call.meter().isSpent() || call.fail());
}

bool asFloat(Call &call)
{
    return number(call, [](const QString &text) {
        const std::optional<float> read = readFloat(text);
        return read && std::isfinite(*read) ? std::optional<Value>(*read) : std::nullopt;
    });
}

bool asDouble(Call &call)
{
    return number(call, [](const QString &text) {
        const std::optional<double> read = readDouble(text);
        return read && std::isfinite(*read) ? std::optional<Value>(*read) : std::nullopt;
    });
}

bool asBigDecimal(Call &call)
{
    return number(call, [&](const QString &text) -> std::optional<Value> {
        if (!call.meter().digits(text.size()))
            return std::nullopt;
        std::optional<BigDecimal> read = readDecimal(text);
        return read ? std::optional<Value>(std::move(*read)) : std::nullopt;
    }) && (!call.meter().isSpent() || call.fail());
}

} // namespace

FunctionTable stringNumberFunctions()
{
    const auto row = [](QStringView name, auto *code, QStringView summary, QStringView example,
                        QStringView exampleResult) {
        return FunctionDescription{u"string", name, {kTextParameter, {u"default", ValueType::Number}}, 2, 2, 0,
                                   ValueType::Number, summary, example, exampleResult, code, nullptr};
    };
    return {
        row(u"asInt", &asInt, u"The text as a whole number of 32 bits; the default when it is none.",
            u"#string.asInt('12', 0)", u"12"),
        row(u"asLong", &asLong, u"The text as a whole number of 64 bits; the default when it is none.",
            u"#string.asLong('9876543210123456789', 0)", u"0"),
        row(u"asBigInt", &asBigInt, u"The text as a whole number of any size; the default when it is none.",
            u"#string.asBigInt('1234567890987654321', 0)", u"1234567890987654321"),
        row(u"asFloat", &asFloat, u"The text as a decimal number of 32 bits; the default when it is none.",
            u"#string.asFloat('12.5', 0)", u"12.5"),
        row(u"asDouble", &asDouble, u"The text as a decimal number of 64 bits; the default when it is none.",
            u"#string.asDouble('1234567899876543210123456789987654321019.12', 0)", u"1.2345678998765433E39"),
        row(u"asBigDecimal", &asBigDecimal, u"The text as a decimal number of any size; the default when it is none.",
            u"#string.asBigDecimal('1234567890987654321.14', 0)", u"1234567890987654321.14"),
    };
}

} // namespace gatehouse::core::expr
