// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers as Java has them: big integers and big decimals, the text of every number type, and reading numbers from
// text. Pure functions over values, any thread. This is the only header here that includes Boost.Multiprecision, so
// include it in sources only.
#pragma once

#include <QString>
#include <QStringView>

#include <boost/multiprecision/cpp_int.hpp>

#include <optional>

namespace gatehouse::core::expr {

/// Without expression templates: every operation gives an Integer.
using Integer = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>, boost::multiprecision::et_off>;

struct BigInteger {
    Integer value;
};

/// unscaled * 10 ^ -scale, as java.math.BigDecimal.
struct BigDecimal {
    Integer unscaled;
    int scale = 0;
};

/// A finite number as decimal digits: 0.DIGITS * 10 ^ point. Digits have no leading zero; "0" is zero.
struct Digits {
    bool negative = false;
    QByteArray digits;
    int point = 0;
};

/// The shortest digits that read back as the same number. The number must be finite.
Digits digitsOf(double number);
Digits digitsOf(float number);
Digits digitsOf(const BigDecimal &number);
/// Rounds half up to @p places digits behind the decimal point (may be negative).
Digits rounded(Digits digits, int places);

/// As Java's Double.toString, Float.toString, BigInteger.toString, BigDecimal.toString. Double uses the shortest
/// digits, as Java does since version 19.
QString numberText(double number);
QString numberText(float number);
QString numberText(const Integer &number);
QString numberText(const BigDecimal &number);

/// Decimal digits in @p number, sign not counted; may be one too few.
int digitCount(const Integer &number);
Integer powerOfTen(int exponent);
/// The same number with @p scale, which must not be less than its own.
Integer scaledUp(const BigDecimal &number, int scale);
/// Divides and rounds half to even.
Integer divideHalfEven(const Integer &dividend, const Integer &divisor);

/// An optional sign and decimal digits, nothing else; empty when it does not fit (as Integer.parseInt).
std::optional<qint32> readInt(QStringView text);
std::optional<qint64> readLong(QStringView text);
/// Empty too when it has more than kMaxNumberDigits digits.
std::optional<Integer> readInteger(QStringView text);
/// Sign, digits, fraction, exponent; empty when beyond kMaxNumberDigits or kMaxNumberScale.
std::optional<BigDecimal> readDecimal(QStringView text);
/// As Double.parseDouble without hexadecimal: blanks around, a suffix f or d, NaN and Infinity are read.
std::optional<double> readDouble(QStringView text);
std::optional<float> readFloat(QStringView text);

double toDouble(const Integer &number);
double toDouble(const BigDecimal &number);
/// The number cut to 64 bits, as BigInteger.longValue does.
qint64 low64(const Integer &number);
/// The whole part.
Integer truncated(const BigDecimal &number);
/// The exact value of a text like "1.5E10" as Double.toString writes it; the number must be finite.
BigDecimal decimalOf(double number);
bool fitsLong(const Integer &number);
/// Java's hashCode of the value.
qint32 javaHash(const Integer &number);

} // namespace gatehouse::core::expr
