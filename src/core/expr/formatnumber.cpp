// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/formatnumber.h"

#include "core/expr/arithmetic.h"
#include "core/expr/convert.h"
#include "core/expr/numbers.h"

#include <bit>
#include <cmath>
#include <limits>

namespace gatehouse::core::expr {

namespace {

/// Bits of a double behind its point.
constexpr int kFractionBits = 52;
constexpr quint64 kFractionMask = (quint64(1) << kFractionBits) - 1;

QString grouped(const QString &digits)
{
    qsizetype whole = 0;
    while (whole < digits.size() && digits.at(whole).isDigit())
        ++whole;
    QString text;
    text.reserve(digits.size() + whole / 3);
    for (qsizetype at = 0; at < digits.size(); ++at) {
        if (at > 0 && at < whole && (whole - at) % 3 == 0)
            text += u',';
        text += digits.at(at);
    }
    return text;
}

/// Puts sign and zeros around the digits of a number. @p prefix stands between sign and zeros (0x).
QString dressed(QString digits, bool negative, const FormatSpecifier &specifier, const QString &prefix = {})
{
    QString before;
    QString after;
    if (negative && specifier.parentheses) {
        before = QStringLiteral("(");
        after = QStringLiteral(")");
    } else if (negative) {
        before = QStringLiteral("-");
    } else if (specifier.plus) {
        before = QStringLiteral("+");
    } else if (specifier.blank) {
        before = QStringLiteral(" ");
    }
    before += prefix;
    if (specifier.zero) {
        const qsizetype missing = specifier.width - before.size() - digits.size() - after.size();
        if (missing > 0)
            digits.prepend(QString(missing, u'0'));
    }
    QString text = before + digits + after;
    return specifier.upper ? text.toUpper() : text;
}

std::optional<QString> decimal(const Value &value, const FormatSpecifier &specifier)
{
    const bool big = value.kind() == Kind::BigInteger;
    QString digits = big ? numberText(value.bigInteger().value) : QString::number(value.integer());
    const bool negative = digits.startsWith(u'-');
    if (negative)
        digits.remove(0, 1);
    return dressed(specifier.group ? grouped(digits) : digits, negative, specifier);
}

/// Negative numbers of a fixed size are shown by their bits, big ones by a sign.
std::optional<QString> byBits(const Value &value, const FormatSpecifier &specifier)
{
    const bool hex = specifier.conversion == u'x';
    const QString prefix = !specifier.alternate ? QString() : hex ? QStringLiteral("0x") : QStringLiteral("0");
    if (value.kind() == Kind::BigInteger) {
        const Integer magnitude = boost::multiprecision::abs(value.bigInteger().value);
        const QString digits =
            QString::fromStdString(magnitude.str(0, hex ? std::ios_base::hex : std::ios_base::oct)).toLower();
        return dressed(digits, value.bigInteger().value < 0, specifier, prefix);
    }
    if (specifier.plus || specifier.blank || specifier.parentheses)
        return std::nullopt;
    quint64 bits = quint64(value.integer());
    if (value.kind() == Kind::Byte)
        bits &= 0xFF;
    else if (value.kind() == Kind::Short)
        bits &= 0xFFFF;
    else if (value.kind() == Kind::Int)
        bits &= 0xFFFFFFFF;
    return dressed(QString::number(bits, hex ? 16 : 8), false, specifier, prefix);
}

/// Digits around a decimal point with exactly @p places behind it.
QString plain(const Digits &given, int places)
{
    const Digits number = rounded(given, places);
    const QString digits = QString::fromLatin1(number.digits);
    QString whole;
    QString fraction;
    if (digits == u"0") {
        whole = digits;
    } else if (number.point <= 0) {
        whole = QStringLiteral("0");
        fraction = QString(-number.point, u'0') + digits;
    } else {
        whole = digits.left(number.point).leftJustified(number.point, u'0');
        fraction = digits.mid(number.point);
    }
    fraction = fraction.leftJustified(places, u'0');
    return places > 0 ? whole + u'.' + fraction : whole;
}

QString scientific(const Digits &given, int places)
{
    const bool zero = given.digits == "0";
    const Digits number = zero ? given : rounded(given, places + 1 - given.point);
    const QString digits = QString::fromLatin1(number.digits).leftJustified(places + 1, u'0');
    const int exponent = zero ? 0 : number.point - 1;
    QString text = digits.left(1);
    if (places > 0)
        text += u'.' + digits.mid(1);
    return text + (exponent < 0 ? QStringLiteral("e-") : QStringLiteral("e+"))
        + QString::number(std::abs(exponent)).rightJustified(2, u'0');
}

/// %g: plain from 0.0001 up to 10 ^ precision, after rounding to that many digits, else scientific.
QString general(const Digits &number, int precision)
{
    if (number.digits == "0")
        return plain(number, precision - 1);
    const Digits significant = rounded(number, precision - number.point);
    const bool isPlain = significant.point > -4 && significant.point <= precision;
    return isPlain ? plain(significant, precision - significant.point) : scientific(significant, precision - 1);
}

QString notFinite(double number, const FormatSpecifier &specifier)
{
    FormatSpecifier unpadded = specifier;
    unpadded.zero = false;
    if (std::isnan(number))
        return specifier.upper ? QStringLiteral("NAN") : QStringLiteral("NaN");
    return dressed(QStringLiteral("Infinity"), number < 0, unpadded);
}

/// As java.lang.Double.toHexString, without its "0x"; of a number that is not negative.
QString hexDigits(double number)
{
    const auto bits = std::bit_cast<quint64>(number);
    const int exponent = int(bits >> kFractionBits);
    QString fraction = QString::number(bits & kFractionMask, 16).rightJustified(kFractionBits / 4, u'0');
    while (fraction.size() > 1 && fraction.endsWith(u'0'))
        fraction.chop(1);
    if (number == 0)
        return QStringLiteral("0.0p0");
    const bool subnormal = exponent == 0;
    return (subnormal ? QStringLiteral("0.") : QStringLiteral("1.")) + fraction + u'p'
        + QString::number(subnormal ? -1'022 : exponent - 1'023);
}

/// The number with so many hexadecimal digits behind the point, rounded half to even; subnormal ones are normalised.
QString hexDigits(double number, int places)
{
    if (number == 0 || places == 0 || places >= kFractionBits / 4)
        return hexDigits(number);
    const bool subnormal = number < std::numeric_limits<double>::min();
    constexpr int kScale = 54; // makes every subnormal number a normal one
    auto bits = std::bit_cast<quint64>(subnormal ? std::ldexp(number, kScale) : number);
    const int cut = kFractionBits - places * 4;
    const quint64 rest = bits & ((quint64(1) << cut) - 1);
    const quint64 half = quint64(1) << (cut - 1);
    bits >>= cut;
    bits += rest > half || (rest == half && (bits & 1) != 0) ? 1 : 0;
    const auto rounded = std::bit_cast<double>(bits << cut);
    if (!std::isfinite(rounded))
        return QStringLiteral("1.0p1024");
    QString text = hexDigits(rounded);
    if (subnormal) {
        const qsizetype mark = text.indexOf(u'p');
        text = text.left(mark + 1) + QString::number(text.mid(mark + 1).toInt() - kScale);
    }
    return text;
}

/// %a: 0x1.8p1. Java's zeros come between 0x and the digits, and are counted before those of the precision.
std::optional<QString> hexadecimal(const Value &value, const FormatSpecifier &specifier, Meter &meter)
{
    if (value.kind() == Kind::BigDecimal)
        return std::nullopt;
    const double number = asDouble(value);
    if (!std::isfinite(number))
        return notFinite(number, specifier);
    const int places = specifier.precision < 0 ? 0 : std::max(specifier.precision, 1);
    if (!meter.text(qint64(places) + kFractionBits))
        return std::nullopt;
    const QString digits = hexDigits(std::fabs(number), places);
    const qsizetype mark = digits.indexOf(u'p');
    QString significand = digits.left(mark);
    const qsizetype signs = std::signbit(number) || specifier.plus || specifier.blank ? 1 : 0;
    if (specifier.zero)
        significand.prepend(QString(std::max<qsizetype>(0, specifier.width - digits.size() - 2 - signs), u'0'));
    const qsizetype given = significand.size() - significand.indexOf(u'.') - 1;
    if (places > given)
        significand += QString(places - given, u'0');
    FormatSpecifier unpadded = specifier;
    unpadded.zero = false;
    return dressed(significand + digits.mid(mark), std::signbit(number), unpadded, QStringLiteral("0x"));
}

std::optional<QString> floating(const Value &value, const FormatSpecifier &specifier, Meter &meter)
{
    Digits digits;
    if (value.kind() == Kind::BigDecimal) {
        digits = digitsOf(value.bigDecimal());
    } else {
        const double number = value.kind() == Kind::Float ? double(value.floating()) : value.real();
        if (!std::isfinite(number))
            return notFinite(number, specifier);
        digits = digitsOf(number);
    }
    const int precision = specifier.precision < 0 ? 6 : specifier.precision;
    if (!meter.text(qint64(precision) + std::abs(digits.point) + digits.digits.size()))
        return std::nullopt;
    QString text;
    if (specifier.conversion == u'f')
        text = plain(digits, precision);
    else if (specifier.conversion == u'e')
        text = scientific(digits, precision);
    else
        text = general(digits, std::max(precision, 1));
    if (specifier.alternate && precision == 0) {
        const qsizetype exponent = text.indexOf(u'e');
        text.insert(exponent < 0 ? text.size() : exponent, u'.');
    }
    return dressed(specifier.group ? grouped(text) : text, digits.negative, specifier);
}

} // namespace

std::optional<QString> formattedNumber(const Value &value, const FormatSpecifier &specifier, Meter &meter)
{
    const bool whole = QStringView(u"dox").contains(QChar(specifier.conversion));
    if (whole && specifier.precision >= 0)
        return std::nullopt;
    // Flags that a conversion does not know are refused whatever the value.
    const bool known = !(specifier.alternate && QStringView(u"dg").contains(QChar(specifier.conversion)))
        && !(specifier.group && QStringView(u"oxea").contains(QChar(specifier.conversion)))
        && !(specifier.parentheses && specifier.conversion == u'a');
    if (!known)
        return std::nullopt;
    if (value.isNull()) {
        QString text = QStringLiteral("null");
        if (!whole && specifier.precision >= 0)
            text.truncate(specifier.precision);
        return specifier.upper ? text.toUpper() : text;
    }
    const Kind kind = value.kind();
    const bool isWhole = value.isIntLike() || kind == Kind::Long || kind == Kind::BigInteger;
    const bool isDecimal = kind == Kind::Float || kind == Kind::Double || kind == Kind::BigDecimal;
    if (whole ? !isWhole : !isDecimal)
        return std::nullopt;
    if ((specifier.zero && !meter.text(specifier.width)) || !payForNumber(value, meter))
        return std::nullopt;
    if (specifier.conversion == u'a')
        return hexadecimal(value, specifier, meter);
    if (!whole)
        return floating(value, specifier, meter);
    return specifier.conversion == u'd' ? decimal(value, specifier) : byBits(value, specifier);
}

} // namespace gatehouse::core::expr
