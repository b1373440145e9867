// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/promotion.h"

#include <cmath>

namespace gatehouse::core::expr {

Rank rankOf(const Value &number)
{
    switch (number.kind()) {
    case Kind::Long:
        return Rank::Long;
    case Kind::Float:
        return Rank::Float;
    case Kind::Double:
        return Rank::Double;
    case Kind::BigInteger:
        return Rank::BigInteger;
    case Kind::BigDecimal:
        return Rank::BigDecimal;
    default:
        return Rank::Int;
    }
}

Integer asInteger(const Value &number)
{
    return number.kind() == Kind::BigInteger ? number.bigInteger().value : Integer(number.integer());
}

bool isFinite(const Value &number)
{
    return (number.kind() != Kind::Double || std::isfinite(number.real()))
        && (number.kind() != Kind::Float || std::isfinite(number.floating()));
}

BigDecimal asDecimal(const Value &number)
{
    switch (number.kind()) {
    case Kind::BigDecimal:
        return number.bigDecimal();
    case Kind::BigInteger:
        return {number.bigInteger().value, 0};
    case Kind::Double:
        return decimalOf(number.real());
    case Kind::Float:
        return readDecimal(numberText(number.floating())).value_or(BigDecimal());
    default:
        return {Integer(number.integer()), 0};
    }
}

double asDouble(const Value &number)
{
    switch (number.kind()) {
    case Kind::Double:
        return number.real();
    case Kind::Float:
        return double(number.floating());
    case Kind::BigInteger:
        return toDouble(number.bigInteger().value);
    case Kind::BigDecimal:
        return toDouble(number.bigDecimal());
    default:
        return double(number.integer());
    }
}

float asFloat(const Value &number)
{
    if (number.kind() == Kind::Float)
        return number.floating();
    if (number.kind() == Kind::BigInteger)
        return float(toDouble(number.bigInteger().value));
    return float(number.integer());
}

} // namespace gatehouse::core::expr
