// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/arithmetic.h"

#include "core/expr/convert.h"
#include "core/expr/numbers.h"
#include "core/expr/promotion.h"

#include <cmath>

namespace gatehouse::core::expr {

template <typename T>
static int orderOf(const T &left, const T &right)
{
    return left < right ? -1 : left > right ? 1 : 0;
}

static int signOf(int number)
{
    return number < 0 ? -1 : number > 0 ? 1 : 0;
}

/// Order of two numbers; false when one is not a number (NaN), which equals nothing.
static bool orderOfNumbers(const Value &left, const Value &right, int &order)
{
    switch (std::max(rankOf(left), rankOf(right))) {
    case Rank::Int:
    case Rank::Long:
        order = orderOf(left.integer(), right.integer());
        return true;
    case Rank::BigInteger:
        order = signOf(asInteger(left).compare(asInteger(right)));
        return true;
    case Rank::Float: {
        const float a = asFloat(left);
        const float b = asFloat(right);
        order = orderOf(a, b);
        return !std::isnan(a) && !std::isnan(b);
    }
    case Rank::Double: {
        const double a = asDouble(left);
        const double b = asDouble(right);
        order = orderOf(a, b);
        return !std::isnan(a) && !std::isnan(b);
    }
    case Rank::BigDecimal: {
        if (!isFinite(left) || !isFinite(right))
            return false;
        const BigDecimal a = asDecimal(left);
        const BigDecimal b = asDecimal(right);
        const int scale = std::max(a.scale, b.scale);
        order = signOf(scaledUp(a, scale).compare(scaledUp(b, scale)));
        return true;
    }
    }
    return false;
}

static bool equalItems(const Values &left, const Values &right, Meter &meter)
{
    if (left.size() != right.size())
        return false;
    for (size_t index = 0; index < left.size(); ++index) {
        if (!equalObjects(left[index], right[index], meter))
            return false;
    }
    return true;
}

bool equalObjects(const Value &left, const Value &right, Meter &meter)
{
    if (left.kind() != right.kind() || !meter.steps(1))
        return false;
    switch (left.kind()) {
    case Kind::Null:
        return true;
    case Kind::Boolean:
        return left.boolean() == right.boolean();
    case Kind::Byte:
    case Kind::Short:
    case Kind::Int:
    case Kind::Long:
        return left.integer() == right.integer();
    case Kind::Float: // Java compares the bits: NaN equals NaN, 0.0 does not equal -0.0
        return std::isnan(left.floating())
            ? std::isnan(right.floating())
            : left.floating() == right.floating() && std::signbit(left.floating()) == std::signbit(right.floating());
    case Kind::Double:
        return std::isnan(left.real())
            ? std::isnan(right.real())
            : left.real() == right.real() && std::signbit(left.real()) == std::signbit(right.real());
    case Kind::BigInteger:
        return left.bigInteger().value == right.bigInteger().value;
    case Kind::BigDecimal:
        return left.bigDecimal().unscaled == right.bigDecimal().unscaled
            && left.bigDecimal().scale == right.bigDecimal().scale;
    case Kind::Char:
        return left.character() == right.character();
    case Kind::String:
        return left.string().size() == right.string().size() && meter.scan(left.string().size())
            && left.string() == right.string();
    case Kind::List:
        return equalItems(left.list(), right.list(), meter);
    case Kind::Array:
        return left.array().element == right.array().element && equalItems(left.items(), right.items(), meter);
    case Kind::Map:
        if (left.map().size() != right.map().size())
            return false;
        for (const auto &[key, value] : left.map().entries()) {
            const Value *other = right.map().find(key);
            if (!other || !equalObjects(value, *other, meter))
                return false;
        }
        return true;
    }
    return false;
}

bool equalValues(const Value &left, const Value &right, Meter &meter)
{
    if (left.isNumber() && right.isNumber()) {
        int order = 0;
        if (!payForNumber(left, meter) || !payForNumber(right, meter))
            return false;
        return orderOfNumbers(left, right, order) && order == 0;
    }
    return equalObjects(left, right, meter);
}

Outcome compare(const Value &left, const Value &right, int &order, Meter &meter)
{
    if (left.isNull() || right.isNull()) {
        order = right.isNull() ? (left.isNull() ? 0 : 1) : -1;
        return Outcome::Done;
    }
    if (left.isNumber() && right.isNumber()) {
        if (!payForNumber(left, meter) || !payForNumber(right, meter))
            return Outcome::Spent;
        if (!orderOfNumbers(left, right, order))
            order = kUnordered;
        return Outcome::Done;
    }
    if (left.kind() != right.kind())
        return Outcome::NotSupported;
    switch (left.kind()) {
    case Kind::String:
        if (!meter.scan(std::min(left.string().size(), right.string().size())))
            return Outcome::Spent;
        order = signOf(left.string().compare(right.string()));
        return Outcome::Done;
    case Kind::Boolean:
        order = int(left.boolean()) - int(right.boolean());
        return Outcome::Done;
    case Kind::Char:
        order = signOf(int(left.character()) - int(right.character()));
        return Outcome::Done;
    default:
        return Outcome::NotSupported;
    }
}

} // namespace gatehouse::core::expr
