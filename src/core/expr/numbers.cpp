// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/numbers.h"

#include "core/expr/limits.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace gatehouse::core::expr {

template <typename T>
static Digits shortest(T number)
{
    Digits result;
    result.negative = std::signbit(number);
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof(buffer), std::fabs(number), std::chars_format::scientific);
    int exponent = 0;
    for (const char *at = buffer; at != end.ptr; ++at) {
        if (*at == 'e') {
            ++at;
            if (*at == '+')
                ++at;
            std::from_chars(at, end.ptr, exponent);
            break;
        }
        if (*at != '.')
            result.digits.append(*at);
    }
    while (result.digits.size() > 1 && result.digits.endsWith('0'))
        result.digits.chop(1);
    result.point = result.digits == "0" ? 0 : exponent + 1;
    return result;
}

Digits digitsOf(double number)
{
    return shortest(number);
}

Digits digitsOf(float number)
{
    return shortest(number);
}

Digits digitsOf(const BigDecimal &number)
{
    Digits result;
    result.negative = number.unscaled < 0;
    result.digits = QByteArray::fromStdString(boost::multiprecision::abs(number.unscaled).str());
    result.point = number.unscaled == 0 ? 0 : int(result.digits.size()) - number.scale;
    return result;
}

Digits rounded(Digits digits, int places)
{
    const int keep = digits.point + places;
    if (keep >= digits.digits.size())
        return digits;
    const bool up = keep >= 0 && digits.digits.at(keep) >= '5';
    digits.digits.truncate(std::max(keep, 0));
    if (up) {
        int at = int(digits.digits.size()) - 1;
        while (at >= 0 && digits.digits.at(at) == '9')
            digits.digits[at--] = '0';
        if (at >= 0) {
            digits.digits[at] = char(digits.digits.at(at) + 1);
        } else {
            digits.digits.prepend('1');
            ++digits.point;
        }
    }
    while (digits.digits.endsWith('0'))
        digits.digits.chop(1);
    if (digits.digits.isEmpty()) {
        digits.digits = "0";
        digits.point = 0;
    }
    return digits;
}

/// Java writes a float or double plainly from 0.001 up to 10 million, else as d.dddEn, always with a decimal point.
static QString javaText(const Digits &number)
{
    const QString digits = QString::fromLatin1(number.digits);
    QString text;
    if (number.negative)
        text += u'-';
    if (digits == QLatin1String("0"))
        return text + QStringLiteral("0.0");
    const qsizetype count = digits.size();
    if (number.point > -3 && number.point <= 7) {
        if (number.point <= 0)
            return text + QStringLiteral("0.") + QString(-number.point, u'0') + digits;
        if (number.point >= count)
            return text + digits + QString(number.point - count, u'0') + QStringLiteral(".0");
        return text + digits.left(number.point) + u'.' + digits.mid(number.point);
    }
    text += digits.at(0);
    text += u'.';
    text += count > 1 ? digits.mid(1) : QStringLiteral("0");
    return text + u'E' + QString::number(number.point - 1);
}

template <typename T>
static QString floatingText(T number)
{
    if (std::isnan(number))
        return QStringLiteral("NaN");
    if (std::isinf(number))
        return number > 0 ? QStringLiteral("Infinity") : QStringLiteral("-Infinity");
    return javaText(shortest(number));
}

QString numberText(double number)
{
    return floatingText(number);
}

QString numberText(float number)
{
    return floatingText(number);
}

QString numberText(const Integer &number)
{
    return QString::fromStdString(number.str());
}

QString numberText(const BigDecimal &number)
{
    QString digits = QString::fromStdString(boost::multiprecision::abs(number.unscaled).str());
    const QString sign = number.unscaled < 0 ? QStringLiteral("-") : QString();
    const int adjusted = int(digits.size()) - 1 - number.scale;
    if (number.scale == 0)
        return sign + digits;
    if (number.scale > 0 && adjusted >= -6) {
        if (number.scale >= digits.size())
            digits.prepend(QString(number.scale - digits.size() + 1, u'0'));
        digits.insert(digits.size() - number.scale, u'.');
        return sign + digits;
    }
    if (digits.size() > 1)
        digits.insert(1, u'.');
    if (adjusted != 0)
        digits += (adjusted > 0 ? QStringLiteral("E+") : QStringLiteral("E")) + QString::number(adjusted);
    return sign + digits;
}

int digitCount(const Integer &number)
{
    if (number == 0)
        return 1;
    // By the highest bit: right, or one too few; never more than a number that was read may have.
    const auto highest = boost::multiprecision::msb(boost::multiprecision::abs(number));
    return int(double(highest) * 0.301029995663981) + 1;
}

Integer powerOfTen(int exponent)
{
    return boost::multiprecision::pow(Integer(10), unsigned(exponent));
}

Integer scaledUp(const BigDecimal &number, int scale)
{
    return number.scale == scale ? number.unscaled : Integer(number.unscaled * powerOfTen(scale - number.scale));
}

Integer divideHalfEven(const Integer &dividend, const Integer &divisor)
{
    Integer quotient;
    Integer remainder;
    boost::multiprecision::divide_qr(dividend, divisor, quotient, remainder);
    if (remainder == 0)
        return quotient;
    const Integer twice = boost::multiprecision::abs(remainder) * 2;
    const int half = twice.compare(Integer(boost::multiprecision::abs(divisor)));
    if (half > 0 || (half == 0 && (quotient & 1) != 0))
        quotient += (dividend < 0) == (divisor < 0) ? 1 : -1;
    return quotient;
}

/// Digits only, at least one.
static bool isDigits(QStringView text)
{
    if (text.isEmpty())
        return false;
    for (const QChar unit : text) {
        if (unit < u'0' || unit > u'9')
            return false;
    }
    return true;
}

static Integer integerOf(QStringView digits)
{
    while (digits.size() > 1 && digits.front() == u'0')
        digits = digits.mid(1); // Boost takes a leading zero for octal
    return Integer(digits.toLatin1().toStdString());
}

static bool takeSign(QStringView &text)
{
    const bool negative = text.startsWith(u'-');
    if (negative || text.startsWith(u'+'))
        text = text.mid(1);
    return negative;
}

template <typename T>
static std::optional<T> readWhole(QStringView text)
{
    const bool negative = takeSign(text);
    if (!isDigits(text))
        return std::nullopt;
    quint64 result = 0;
    const quint64 most = quint64(std::numeric_limits<T>::max()) + (negative ? 1 : 0);
    for (const QChar unit : text) {
        const quint64 digit = unit.unicode() - u'0';
        if (result > (most - digit) / 10)
            return std::nullopt;
        result = result * 10 + digit;
    }
    return T(negative ? 0 - result : result);
}

std::optional<qint32> readInt(QStringView text)
{
    return readWhole<qint32>(text);
}

std::optional<qint64> readLong(QStringView text)
{
    return readWhole<qint64>(text);
}

std::optional<Integer> readInteger(QStringView text)
{
    const bool negative = takeSign(text);
    if (text.size() > kMaxNumberDigits || !isDigits(text))
        return std::nullopt;
    const Integer result = integerOf(text);
    return negative ? Integer(-result) : result;
}

std::optional<BigDecimal> readDecimal(QStringView text)
{
    const bool negative = takeSign(text);
    qint64 exponent = 0;
    qsizetype mark = text.indexOf(u'e');
    if (mark < 0)
        mark = text.indexOf(u'E');
    if (mark >= 0) {
        const std::optional<qint32> read = readInt(text.mid(mark + 1));
        if (!read)
            return std::nullopt;
        exponent = *read;
        text = text.left(mark);
    }
    const qsizetype point = text.indexOf(u'.');
    const QStringView whole = point < 0 ? text : text.left(point);
    const QStringView fraction = point < 0 ? QStringView() : text.mid(point + 1);
    if ((whole.isEmpty() && fraction.isEmpty()) || whole.size() + fraction.size() > kMaxNumberDigits
        || (!whole.isEmpty() && !isDigits(whole)) || (!fraction.isEmpty() && !isDigits(fraction)))
        return std::nullopt;
    const qint64 scale = fraction.size() - exponent;
    if (scale > kMaxNumberScale || scale < -kMaxNumberScale)
        return std::nullopt;
    const Integer unscaled = integerOf(QString(whole.toString() + fraction.toString()));
    return BigDecimal{negative ? Integer(-unscaled) : unscaled, int(scale)};
}

/// Overflow and underflow are not errors to Java: they give infinity and zero.
template <typename T>
static T beyondRange(const QByteArray &text)
{
    qint64 size = 0;
    bool inFraction = false;
    bool significant = false;
    qint64 exponent = 0;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const char unit = text.at(at);
        if (unit == 'e' || unit == 'E') {
            exponent = text.mid(at + 1).left(12).toLongLong();
            break;
        }
        if (unit == '.') {
            inFraction = true;
            continue;
        }
        significant = significant || unit != '0';
        if (!inFraction && significant)
            ++size;
        else if (inFraction && !significant)
            --size;
    }
    return size + exponent > 0 ? std::numeric_limits<T>::infinity() : T(0);
}

template <typename T>
static std::optional<T> readFloating(QStringView text)
{
    text = text.trimmed();
    const bool negative = takeSign(text);
    T result = 0;
    if (text == u"NaN") {
        result = std::numeric_limits<T>::quiet_NaN();
    } else if (text == u"Infinity") {
        result = std::numeric_limits<T>::infinity();
    } else {
        if (text.size() > 1 && QStringView(u"fFdD").contains(text.back()))
            text.chop(1);
        for (const QChar unit : text) { // keeps out what from_chars would take: inf, nan
            if (!QStringView(u"0123456789.eE+-").contains(unit))
                return std::nullopt;
        }
        QByteArray latin = text.toLatin1();
        latin.replace("e+", "e").replace("E+", "E");
        const auto read = std::from_chars(latin.constData(), latin.constData() + latin.size(), result);
        if (read.ec == std::errc::invalid_argument || read.ptr != latin.constData() + latin.size()
            || latin.startsWith('-') || latin.startsWith('e') || latin.startsWith('E'))
            return std::nullopt;
        if (read.ec == std::errc::result_out_of_range)
            result = beyondRange<T>(latin);
    }
    return negative ? -result : result;
}

std::optional<double> readDouble(QStringView text)
{
    return readFloating<double>(text);
}

std::optional<float> readFloat(QStringView text)
{
    return readFloating<float>(text);
}

double toDouble(const Integer &number)
{
    return readDouble(numberText(number)).value_or(0);
}

double toDouble(const BigDecimal &number)
{
    return readDouble(numberText(number)).value_or(0);
}

qint64 low64(const Integer &number)
{
    const quint64 low = static_cast<quint64>(Integer(boost::multiprecision::abs(number)) & Integer(~quint64(0)));
    return qint64(number < 0 ? 0 - low : low);
}

Integer truncated(const BigDecimal &number)
{
    if (number.scale <= 0)
        return scaledUp(number, 0);
    return number.unscaled / powerOfTen(number.scale);
}

BigDecimal decimalOf(double number)
{
    return readDecimal(numberText(number)).value_or(BigDecimal());
}

bool fitsLong(const Integer &number)
{
    return number >= std::numeric_limits<qint64>::min() && number <= std::numeric_limits<qint64>::max();
}

qint32 javaHash(const Integer &number)
{
    // The magnitude's 32-bit words, most significant first: h = 31 * h + word; times the sign.
    const Integer magnitude = boost::multiprecision::abs(number);
    const unsigned words = number == 0 ? 0 : unsigned(boost::multiprecision::msb(magnitude)) / 32 + 1;
    quint32 hash = 0;
    for (unsigned word = words; word-- > 0;) {
        const Integer part = (magnitude >> (32 * word)) & Integer(0xFFFFFFFFu);
        hash = 31 * hash + static_cast<quint32>(part);
    }
    return qint32(number < 0 ? 0 - hash : hash);
}

} // namespace gatehouse::core::expr
