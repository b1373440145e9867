// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/convert.h"

#include "core/expr/arithmetic.h"
#include "core/expr/numbers.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace gatehouse::core::expr {

static bool append(QString &text, const QString &part, Meter &meter)
{
    if (text.size() + part.size() > kMaxTextLength)
        return meter.stop(Meter::Spent::TextLength);
    if (!meter.text(part.size()))
        return false;
    text += part;
    return true;
}

static bool appendScalar(QString &text, const Value &value, Meter &meter)
{
    switch (value.kind()) {
    case Kind::Null:
        return append(text, QStringLiteral("null"), meter);
    case Kind::Boolean:
        return append(text, value.boolean() ? QStringLiteral("true") : QStringLiteral("false"), meter);
    case Kind::Byte:
    case Kind::Short:
    case Kind::Int:
    case Kind::Long:
        return append(text, QString::number(value.integer()), meter);
    case Kind::Float:
        return append(text, numberText(value.floating()), meter);
    case Kind::Double:
        return append(text, numberText(value.real()), meter);
    case Kind::BigInteger:
        return meter.digits(digitCount(value.bigInteger().value))
            && append(text, numberText(value.bigInteger().value), meter);
    case Kind::BigDecimal:
        return meter.digits(digitCount(value.bigDecimal().unscaled))
            && append(text, numberText(value.bigDecimal()), meter);
    case Kind::Char:
        return append(text, QString(QChar(value.character())), meter);
    default:
        return append(text, value.string(), meter);
    }
}

bool appendText(QString &text, const Value &value, Meter &meter)
{
    if (value.isSequence()) {
        text += u'[';
        bool first = true;
        for (const Value &item : value.items()) {
            if ((!first && !append(text, QStringLiteral(", "), meter)) || !appendText(text, item, meter))
                return false;
            first = false;
        }
        return append(text, QStringLiteral("]"), meter);
    }
    if (value.kind() == Kind::Map) {
        text += u'{';
        bool first = true;
        for (const auto &[key, item] : value.map().entries()) {
            if ((!first && !append(text, QStringLiteral(", "), meter)) || !append(text, key + u'=', meter)
                || !appendText(text, item, meter))
                return false;
            first = false;
        }
        return append(text, QStringLiteral("}"), meter);
    }
    return appendScalar(text, value, meter);
}

bool appendJoined(QString &text, const Value &value, Meter &meter)
{
    if (!value.isSequence())
        return appendText(text, value, meter);
    bool first = true;
    for (const Value &item : value.items()) {
        if ((!first && !append(text, QStringLiteral(","), meter)) || !appendJoined(text, item, meter))
            return false;
        first = false;
    }
    return true;
}

QString textOf(const Value &value)
{
    if (value.isNull())
        return {};
    QString text;
    Meter meter;
    if (!appendJoined(text, value, meter))
        text.truncate(kMaxTextLength);
    return text;
}

bool payForNumber(const Value &value, Meter &meter)
{
    qint64 digits = 0;
    if (value.kind() == Kind::BigInteger)
        digits = digitCount(value.bigInteger().value);
    else if (value.kind() == Kind::BigDecimal)
        digits = digitCount(value.bigDecimal().unscaled) + std::abs(value.bigDecimal().scale);
    return digits == 0 || meter.steps(1 + digits * digits / 1024);
}

std::optional<bool> toBoolean(const Value &value)
{
    if (value.kind() == Kind::Boolean)
        return value.boolean();
    if (!value.isString() || value.string().size() > 32)
        return std::nullopt;
    const QString text = value.string().trimmed().toLower();
    if (text == u"true" || text == u"on" || text == u"yes" || text == u"1")
        return true;
    if (text == u"false" || text == u"off" || text == u"no" || text == u"0")
        return false;
    return std::nullopt;
}

/// Decimal, or hexadecimal after 0x or #, as Long.decode reads it.
static std::optional<qint64> decoded(QStringView text)
{
    text = text.trimmed();
    const bool negative = text.startsWith(u'-');
    QStringView digits = negative ? text.mid(1) : text;
    int prefix = 0;
    if (digits.startsWith(u"0x") || digits.startsWith(u"0X"))
        prefix = 2;
    else if (digits.startsWith(u'#'))
        prefix = 1;
    if (prefix == 0)
        return readLong(text);
    digits = digits.mid(prefix);
    if (digits.isEmpty() || digits.startsWith(u'+') || digits.startsWith(u'-'))
        return std::nullopt;
    bool ok = false;
    const qint64 number = digits.toLongLong(&ok, 16);
    return ok ? std::optional<qint64>(negative ? -number : number) : std::nullopt;
}

std::optional<qint64> toLong(const Value &value)
{
    switch (value.kind()) {
    case Kind::Byte:
    case Kind::Short:
    case Kind::Int:
    case Kind::Long:
        return value.integer();
    case Kind::Float:
    case Kind::Double: {
        const double number = asDouble(value);
        if (std::isnan(number) || std::fabs(number) >= 9223372036854775808.0)
            return std::nullopt;
        return qint64(number);
    }
    case Kind::BigInteger:
        return fitsLong(value.bigInteger().value) ? std::optional<qint64>(low64(value.bigInteger().value))
                                                  : std::nullopt;
    case Kind::BigDecimal: {
        const Integer whole = truncated(value.bigDecimal());
        return fitsLong(whole) ? std::optional<qint64>(low64(whole)) : std::nullopt;
    }
    case Kind::String:
        return value.string().size() > 64 ? std::nullopt : decoded(value.string());
    default:
        return std::nullopt;
    }
}

template <typename T>
static std::optional<T> narrow(const Value &value)
{
    const std::optional<qint64> number = toLong(value);
    if (!number || *number < std::numeric_limits<T>::min() || *number > std::numeric_limits<T>::max())
        return std::nullopt;
    return T(*number);
}

std::optional<qint32> toInt(const Value &value)
{
    return narrow<qint32>(value);
}

template <typename T>
static std::optional<Value> wholeElement(const Value &value)
{
    const std::optional<T> number = narrow<T>(value);
    return number ? std::optional<Value>(*number) : std::nullopt;
}

std::optional<Value> toElement(const Value &value, Kind element)
{
    switch (element) {
    case Kind::Boolean: {
        const std::optional<bool> flag = toBoolean(value);
        return flag ? std::optional<Value>(*flag) : std::nullopt;
    }
    case Kind::Byte:
        return wholeElement<qint8>(value);
    case Kind::Short:
        return wholeElement<qint16>(value);
    case Kind::Int:
        return wholeElement<qint32>(value);
    case Kind::Long:
        return wholeElement<qint64>(value);
    case Kind::Float:
    case Kind::Double: {
        std::optional<double> number;
        if (value.isNumber())
            number = asDouble(value);
        else if (value.isString())
            number = readDouble(value.string());
        if (!number)
            return std::nullopt;
        return element == Kind::Double ? Value(*number) : Value(float(*number));
    }
    case Kind::Char:
        if (value.kind() == Kind::Char)
            return value;
        if (value.isString() && value.string().size() == 1)
            return Value(char16_t(value.string().front().unicode()));
        if (const std::optional<qint32> code = value.isNumber() ? toInt(value) : std::nullopt;
            code && *code >= 0 && *code <= 0xFFFF)
            return Value(char16_t(*code));
        return std::nullopt;
    default:
        return std::nullopt;
    }
}

static qint32 folded(quint64 bits)
{
    return qint32(bits ^ (bits >> 32));
}

bool javaHash(const Value &value, qint32 &hash, Meter &meter)
{
    if (!meter.steps(1))
        return false;
    switch (value.kind()) {
    case Kind::Null:
        hash = 0;
        return true;
    case Kind::Boolean:
        hash = value.boolean() ? 1231 : 1237;
        return true;
    case Kind::Byte:
    case Kind::Short:
    case Kind::Int:
        hash = qint32(value.integer());
        return true;
    case Kind::Long:
        hash = folded(quint64(value.integer()));
        return true;
    case Kind::Float: {
        const float number = std::isnan(value.floating()) ? std::numeric_limits<float>::quiet_NaN() : value.floating();
        std::memcpy(&hash, &number, sizeof hash);
        return true;
    }
    case Kind::Double: {
        const double number = std::isnan(value.real()) ? std::numeric_limits<double>::quiet_NaN() : value.real();
        quint64 bits;
        std::memcpy(&bits, &number, sizeof bits);
        hash = folded(bits);
        return true;
    }
    case Kind::BigInteger:
        hash = javaHash(value.bigInteger().value);
        return payForNumber(value, meter);
    case Kind::BigDecimal:
        if (!payForNumber(value, meter))
            return false;
        hash = qint32(31u * quint32(javaHash(value.bigDecimal().unscaled)) + quint32(value.bigDecimal().scale));
        return true;
    case Kind::Char:
        hash = value.character();
        return true;
    case Kind::String: {
        quint32 sum = 0;
        for (const QChar unit : value.string())
            sum = 31 * sum + unit.unicode();
        hash = qint32(sum);
        return meter.scan(value.string().size());
    }
    case Kind::List:
    case Kind::Array: {
        quint32 sum = 1;
        for (const Value &item : value.items()) {
            qint32 part = 0;
            if (!javaHash(item, part, meter))
                return false;
            sum = 31 * sum + quint32(part);
        }
        hash = qint32(sum);
        return true;
    }
    case Kind::Map: {
        quint32 sum = 0;
        for (const auto &[key, item] : value.map().entries()) {
            qint32 left = 0;
            qint32 right = 0;
            if (!javaHash(Value(key), left, meter) || !javaHash(item, right, meter))
                return false;
            sum += quint32(left ^ right);
        }
        hash = qint32(sum);
        return true;
    }
    }
    return false;
}

} // namespace gatehouse::core::expr
