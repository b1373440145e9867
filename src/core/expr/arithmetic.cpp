// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/arithmetic.h"

#include "core/expr/convert.h"
#include "core/expr/numbers.h"
#include "core/expr/promotion.h"

#include <cmath>
#include <limits>

namespace gatehouse::core::expr {

QString symbolOf(Operator op)
{
    switch (op) {
    case Operator::Or:
        return QStringLiteral("or");
    case Operator::And:
        return QStringLiteral("and");
    case Operator::Equal:
        return QStringLiteral("==");
    case Operator::NotEqual:
        return QStringLiteral("!=");
    case Operator::Less:
        return QStringLiteral("<");
    case Operator::LessEqual:
        return QStringLiteral("<=");
    case Operator::Greater:
        return QStringLiteral(">");
    case Operator::GreaterEqual:
        return QStringLiteral(">=");
    case Operator::Matches:
        return QStringLiteral("matches");
    case Operator::Between:
        return QStringLiteral("between");
    case Operator::Add:
    case Operator::Identity:
        return QStringLiteral("+");
    case Operator::Subtract:
    case Operator::Negate:
        return QStringLiteral("-");
    case Operator::Multiply:
        return QStringLiteral("*");
    case Operator::Divide:
        return QStringLiteral("/");
    case Operator::Modulo:
        return QStringLiteral("%");
    case Operator::Power:
        return QStringLiteral("^");
    case Operator::Not:
        return QStringLiteral("!");
    }
    return {};
}

qint64 narrowedLong(double number)
{
    if (std::isnan(number))
        return 0;
    if (number >= 9223372036854775808.0)
        return std::numeric_limits<qint64>::max();
    if (number <= -9223372036854775808.0)
        return std::numeric_limits<qint64>::min();
    return qint64(number);
}

qint32 narrowedInt(double number)
{
    if (std::isnan(number))
        return 0;
    if (number >= double(std::numeric_limits<qint32>::max()))
        return std::numeric_limits<qint32>::max();
    if (number <= double(std::numeric_limits<qint32>::min()))
        return std::numeric_limits<qint32>::min();
    return qint32(number);
}

template <typename Signed, typename Unsigned>
static Outcome wrapping(Operator op, Signed left, Signed right, Value &result)
{
    const Unsigned a = Unsigned(left);
    const Unsigned b = Unsigned(right);
    switch (op) {
    case Operator::Add:
        result = Signed(a + b);
        return Outcome::Done;
    case Operator::Subtract:
        result = Signed(a - b);
        return Outcome::Done;
    case Operator::Multiply:
        result = Signed(a * b);
        return Outcome::Done;
    default:
        if (right == 0)
            return Outcome::DivisionByZero;
        if (right == -1) // the least number divided by -1 traps in C++, Java wraps
            result = op == Operator::Divide ? Signed(0 - a) : Signed(0);
        else
            result = op == Operator::Divide ? Signed(left / right) : Signed(left % right);
        return Outcome::Done;
    }
}

template <typename T>
static Outcome floating(Operator op, T left, T right, Value &result)
{
    switch (op) {
    case Operator::Add:
        result = left + right;
        break;
    case Operator::Subtract:
        result = left - right;
        break;
    case Operator::Multiply:
        result = left * right;
        break;
    case Operator::Divide:
        result = left / right;
        break;
    default:
        result = T(std::fmod(left, right));
        break;
    }
    return Outcome::Done;
}

static Outcome bigIntegers(Operator op, const Integer &left, const Integer &right, Value &result, Meter &meter)
{
    if (!meter.digits(digitCount(left) + (op == Operator::Multiply ? digitCount(right) : 0)))
        return Outcome::Spent;
    Integer number;
    switch (op) {
    case Operator::Add:
        number = left + right;
        break;
    case Operator::Subtract:
        number = left - right;
        break;
    case Operator::Multiply:
        number = left * right;
        break;
    default:
        if (right == 0)
            return Outcome::DivisionByZero;
        number = op == Operator::Divide ? Integer(left / right) : Integer(left % right);
        break;
    }
    result = BigInteger{std::move(number)};
    return Outcome::Done;
}

/// left - quotient * right. The quotient's scale is chosen as java.math.BigDecimal does, for the scale of the result:
/// that of left less that of right, or less when the quotient ends in zeros.
static BigDecimal remainderOf(const BigDecimal &left, const BigDecimal &right, Integer quotient)
{
    const int preferred = left.scale - right.scale;
    int quotientScale = 0;
    while (quotientScale > preferred && (quotient == 0 || quotient % 10 == 0)) {
        quotient /= 10;
        --quotientScale;
    }
    quotientScale = std::max(quotientScale, preferred);
    const int scale = std::max(left.scale, quotientScale + right.scale);
    const Integer divisor = scaledUp(right, std::max(scale, right.scale));
    const int fine = std::max(scale, right.scale);
    const Integer rest = scaledUp(left, fine) % divisor;
    return {fine == scale ? rest : Integer(rest / powerOfTen(fine - scale)), scale};
}

static Outcome bigDecimals(Operator op, const BigDecimal &left, const BigDecimal &right, Value &result, Meter &meter)
{
    const int scale = std::max(left.scale, right.scale);
    const qint64 digits = std::max(digitCount(left.unscaled) + scale - left.scale,
                                   digitCount(right.unscaled) + scale - right.scale);
    if (op == Operator::Multiply) {
        if (std::abs(left.scale + right.scale) > kMaxNumberScale) {
            meter.stop(Meter::Spent::Digits);
            return Outcome::Spent;
        }
        if (!meter.digits(digitCount(left.unscaled) + digitCount(right.unscaled)))
            return Outcome::Spent;
        result = BigDecimal{left.unscaled * right.unscaled, left.scale + right.scale};
        return Outcome::Done;
    }
    if (!meter.digits(digits))
        return Outcome::Spent;
    const Integer a = scaledUp(left, scale);
    const Integer b = scaledUp(right, scale);
    switch (op) {
    case Operator::Add:
        result = BigDecimal{a + b, scale};
        return Outcome::Done;
    case Operator::Subtract:
        result = BigDecimal{a - b, scale};
        return Outcome::Done;
    default:
        break;
    }
    if (b == 0)
        return Outcome::DivisionByZero;
    if (op == Operator::Modulo) {
        result = remainderOf(left, right, Integer(a / b));
        return Outcome::Done;
    }
    // SpEL divides with the larger scale of the two and rounds half to even.
    if (!meter.digits(digits + std::max(scale, 0)))
        return Outcome::Spent;
    if (scale >= 0)
        result = BigDecimal{divideHalfEven(a * powerOfTen(scale), b), scale};
    else
        result = BigDecimal{divideHalfEven(a, b * powerOfTen(-scale)), scale};
    return Outcome::Done;
}

static Outcome power(const Value &left, const Value &right, Value &result, Meter &meter)
{
    const Rank rank = std::max(rankOf(left), rankOf(right));
    if (rank == Rank::Double || rank == Rank::Float) {
        // Java takes both as floats when one is a float and none a double, and gives a double all the same.
        result = rank == Rank::Double ? std::pow(asDouble(left), asDouble(right))
                                      : std::pow(double(asFloat(left)), double(asFloat(right)));
        return Outcome::Done;
    }
    if (rank == Rank::BigInteger || rank == Rank::BigDecimal) {
        const qint32 exponent = right.kind() == Kind::BigInteger || right.kind() == Kind::BigDecimal
            ? narrowedInt(asDouble(right))
            : qint32(right.integer());
        if (exponent < 0)
            return Outcome::NotSupported;
        const BigDecimal base = asDecimal(left);
        if (!meter.digits(qint64(digitCount(base.unscaled)) * exponent)
            || qint64(std::abs(base.scale)) * exponent > kMaxNumberScale) {
            meter.stop(Meter::Spent::Digits);
            return Outcome::Spent;
        }
        Integer number = boost::multiprecision::pow(base.unscaled, unsigned(exponent));
        if (rank == Rank::BigDecimal)
            result = BigDecimal{std::move(number), base.scale * exponent};
        else
            result = BigInteger{std::move(number)};
        return Outcome::Done;
    }
    const double number = std::pow(double(left.integer()), double(right.integer()));
    if (number > double(std::numeric_limits<qint32>::max()) || rank == Rank::Long)
        result = narrowedLong(number);
    else
        result = narrowedInt(number);
    return Outcome::Done;
}

Outcome arithmetic(Operator op, const Value &left, const Value &right, Value &result, Meter &meter)
{
    if (!left.isNumber() || !right.isNumber())
        return Outcome::NotSupported;
    const Rank rank = std::max(rankOf(left), rankOf(right));
    const bool converts = rank == Rank::Float || rank == Rank::Double || op == Operator::Power;
    if (converts && (!payForNumber(left, meter) || !payForNumber(right, meter)))
        return Outcome::Spent;
    if (op == Operator::Power)
        return power(left, right, result, meter);
    switch (rank) {
    case Rank::Int:
        return wrapping<qint32, quint32>(op, qint32(left.integer()), qint32(right.integer()), result);
    case Rank::Long:
        return wrapping<qint64, quint64>(op, left.integer(), right.integer(), result);
    case Rank::BigInteger:
        return bigIntegers(op, asInteger(left), asInteger(right), result, meter);
    case Rank::Float:
        return floating<float>(op, asFloat(left), asFloat(right), result);
    case Rank::Double:
        return floating<double>(op, asDouble(left), asDouble(right), result);
    case Rank::BigDecimal:
        if (!isFinite(left) || !isFinite(right))
            return Outcome::NotSupported;
        return bigDecimals(op, asDecimal(left), asDecimal(right), result, meter);
    }
    return Outcome::NotSupported;
}

Outcome negate(const Value &number, Value &result)
{
    switch (number.kind()) {
    case Kind::Byte:
    case Kind::Short:
    case Kind::Int:
        result = qint32(0 - quint32(number.integer()));
        return Outcome::Done;
    case Kind::Long:
        result = qint64(0 - quint64(number.integer()));
        return Outcome::Done;
    case Kind::Float:
        result = 0.0f - number.floating();
        return Outcome::Done;
    case Kind::Double:
        result = 0.0 - number.real();
        return Outcome::Done;
    case Kind::BigInteger:
        result = BigInteger{-number.bigInteger().value};
        return Outcome::Done;
    case Kind::BigDecimal:
        result = BigDecimal{-number.bigDecimal().unscaled, number.bigDecimal().scale};
        return Outcome::Done;
    default:
        return Outcome::NotSupported;
    }
}

} // namespace gatehouse::core::expr
