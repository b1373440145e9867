// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/formatnumber.h"

#include "core/expr/numbers.h"

#include <cmath>

namespace gatehouse::core::expr {

namespace {

QString grouped(QString digits)
{
    qsizetype whole = 0;
    while (whole < digits.size() && digits.at(whole).isDigit())
        ++whole;
    for (qsizetype at = whole - 3; at > 0; at -= 3)
        digits.insert(at, u',');
    return digits;
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

std::optional<QString> floating(const Value &value, const FormatSpecifier &specifier, Meter &meter)
{
    Digits digits;
    if (value.kind() == Kind::BigDecimal) {
        digits = digitsOf(value.bigDecimal());
    } else {
        const double number = value.kind() == Kind::Float ? double(value.floating()) : value.real();
        if (!std::isfinite(number)) {
            FormatSpecifier unpadded = specifier;
            unpadded.zero = false;
            if (std::isnan(number))
                return specifier.upper ? QStringLiteral("NAN") : QStringLiteral("NaN");
            return dressed(QStringLiteral("Infinity"), number < 0, unpadded);
        }
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
        && !(specifier.group && QStringView(u"oxe").contains(QChar(specifier.conversion)));
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
    if (specifier.zero && !meter.text(specifier.width))
        return std::nullopt;
    if (!whole)
        return floating(value, specifier, meter);
    return specifier.conversion == u'd' ? decimal(value, specifier) : byBits(value, specifier);
}

} // namespace gatehouse::core::expr
