// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/json.h"

#include "core/byteordermark.h"
#include "core/expr/convert.h"
#include "core/expr/limits.h"
#include "core/expr/numbers.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QMetaType>

#include <cmath>

namespace gatehouse::core::expr {

namespace {

class JsonReader {
public:
    explicit JsonReader(QByteArrayView json) : m_json(json), m_at(json.size() - withoutByteOrderMark(json).size()) {}

    tl::expected<Value, Fault> run()
    {
        Value value;
        if (!read(value, 0))
            return tl::unexpected(m_fault);
        skipSpace();
        if (m_at < m_json.size()) {
            wrong(QStringLiteral("more follows after the end of the value"));
            return tl::unexpected(m_fault);
        }
        return value;
    }

private:
    char peek() const { return m_at < m_json.size() ? m_json.at(m_at) : '\0'; }

    bool wrong(const QString &what)
    {
        m_fault = {QStringLiteral("This is not JSON: %1.").arg(what), int(m_at), m_at < m_json.size() ? 1 : 0};
        return false;
    }

    void skipSpace()
    {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')
            ++m_at;
    }

    bool eat(char octet)
    {
        skipSpace();
        if (m_at >= m_json.size() || peek() != octet)
            return false;
        ++m_at;
        return true;
    }

    bool word(QByteArrayView text, Value constant, Value &value)
    {
        if (!m_json.sliced(m_at).startsWith(text))
            return wrong(QStringLiteral("this is no value"));
        m_at += text.size();
        value = std::move(constant);
        return true;
    }

    bool read(Value &value, int depth)
    {
        if (depth > kMaxJsonNesting)
            return wrong(QStringLiteral("nested too deeply"));
        skipSpace();
        if (m_at >= m_json.size())
            return wrong(QStringLiteral("a value is missing"));
        switch (peek()) {
        case '{':
            return object(value, depth);
        case '[':
            return array(value, depth);
        case '"': {
            QString text;
            if (!string(text))
                return false;
            value = std::move(text);
            return true;
        }
        case 't':
            return word("true", true, value);
        case 'f':
            return word("false", false, value);
        case 'n':
            return word("null", Value(), value);
        default:
            return number(value);
        }
    }

    bool object(Value &value, int depth)
    {
        ++m_at;
        Map map;
        if (!eat('}')) {
            do {
                skipSpace();
                QString key;
                if (peek() != '"')
                    return wrong(QStringLiteral("a name in quotes is missing"));
                if (!string(key))
                    return false;
                if (!eat(':'))
                    return wrong(QStringLiteral("':' is missing"));
                Value item;
                if (!read(item, depth + 1))
                    return false;
                map.insert(key, std::move(item));
            } while (eat(','));
            if (!eat('}'))
                return wrong(QStringLiteral("',' or '}' is missing"));
        }
        value = std::move(map);
        return true;
    }

    bool array(Value &value, int depth)
    {
        ++m_at;
        Values list;
        if (!eat(']')) {
            do {
                Value item;
                if (!read(item, depth + 1))
                    return false;
                list.push_back(std::move(item));
            } while (eat(','));
            if (!eat(']'))
                return wrong(QStringLiteral("',' or ']' is missing"));
        }
        value = std::move(list);
        return true;
    }

    bool string(QString &text)
    {
        ++m_at;
        while (true) {
            const qsizetype start = m_at;
            while (m_at < m_json.size() && peek() != '"' && peek() != '\\' && quint8(peek()) >= 0x20)
                ++m_at;
            const QByteArrayView part = m_json.sliced(start, m_at - start);
            if (withoutByteOrderMark(part).size() < part.size())
                text += QChar(QChar::ByteOrderMark); // within a text it is a part of it, which fromUtf8() would drop
            text += QString::fromUtf8(part);
            if (m_at >= m_json.size())
                return wrong(QStringLiteral("the text is never closed"));
            if (peek() == '"') {
                ++m_at;
                return true;
            }
            if (peek() != '\\')
                return wrong(QStringLiteral("a control character must be written as \\u"));
            ++m_at;
            if (!escape(text))
                return false;
        }
    }

    bool escape(QString &text)
    {
        const char sign = peek();
        ++m_at;
        switch (sign) {
        case '"':
        case '\\':
        case '/':
            text += QLatin1Char(sign);
            return true;
        case 'b':
            text += u'\b';
            return true;
        case 'f':
            text += u'\f';
            return true;
        case 'n':
            text += u'\n';
            return true;
        case 'r':
            text += u'\r';
            return true;
        case 't':
            text += u'\t';
            return true;
        case 'u': {
            uint code = 0;
            for (int digit = 0; digit < 4; ++digit, ++m_at) {
                const int value = QByteArrayView("0123456789abcdef").indexOf(char(peek() | 0x20));
                const bool letter = (peek() >= 'a' && peek() <= 'f') || (peek() >= 'A' && peek() <= 'F');
                if (value < 0 || (value >= 10) != letter || (value < 10 && (peek() < '0' || peek() > '9')))
                    return wrong(QStringLiteral("\\u needs four hexadecimal digits"));
                code = code * 16 + uint(value);
            }
            text += QChar(char16_t(code));
            return true;
        }
        default:
            --m_at;
            return wrong(QStringLiteral("this cannot follow a \\"));
        }
    }

    bool digits()
    {
        const qsizetype start = m_at;
        while (peek() >= '0' && peek() <= '9')
            ++m_at;
        return m_at > start;
    }

    bool number(Value &value)
    {
        const qsizetype start = m_at;
        if (peek() == '-')
            ++m_at;
        const bool zero = peek() == '0';
        if (!digits() || (zero && m_at - start > (m_json.at(start) == '-' ? 2 : 1)))
            return wrong(QStringLiteral("this is no value"));
        bool whole = true;
        if (peek() == '.') {
            whole = false;
            ++m_at;
            if (!digits())
                return wrong(QStringLiteral("a digit is missing"));
        }
        if (peek() == 'e' || peek() == 'E') {
            whole = false;
            ++m_at;
            if (peek() == '+' || peek() == '-')
                ++m_at;
            if (!digits())
                return wrong(QStringLiteral("a digit is missing"));
        }
        const QString text = QString::fromLatin1(m_json.sliced(start, m_at - start));
        if (whole ? readWhole(text, value) : readReal(text, value))
            return true;
        m_at = start;
        return wrong(QStringLiteral("a number has too many digits"));
    }

    static bool readWhole(const QString &text, Value &value)
    {
        if (const std::optional<qint32> small = readInt(text)) {
            value = *small;
            return true;
        }
        if (const std::optional<qint64> large = readLong(text)) {
            value = *large;
            return true;
        }
        std::optional<Integer> huge = readInteger(text);
        if (huge)
            value = BigInteger{std::move(*huge)};
        return huge.has_value();
    }

    static bool readReal(const QString &text, Value &value)
    {
        std::optional<BigDecimal> exact = readDecimal(text);
        if (!exact)
            return false;
        const double nearest = readDouble(text).value_or(0);
        if (std::isfinite(nearest)) {
            const Digits kept = digitsOf(nearest);
            Digits given = digitsOf(*exact);
            while (given.digits.size() > 1 && given.digits.endsWith('0'))
                given.digits.chop(1);
            if (kept.digits == given.digits && (kept.point == given.point || kept.digits == "0")) {
                value = nearest;
                return true;
            }
        }
        value = std::move(*exact);
        return true;
    }

    QByteArrayView m_json;
    qsizetype m_at;
    Fault m_fault;
};

void printString(QByteArray &out, const QString &text)
{
    out += '"';
    for (const char octet : text.toUtf8()) {
        switch (octet) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (quint8(octet) < 0x20)
                out += "\\u00" + QByteArray::number(octet, 16).rightJustified(2, '0');
            else
                out += octet;
        }
    }
    out += '"';
}

void print(QByteArray &out, const Value &value)
{
    switch (value.kind()) {
    case Kind::Float:
    case Kind::Double:
        if (!std::isfinite(value.kind() == Kind::Float ? double(value.floating()) : value.real())) {
            printString(out, textOf(value));
            return;
        }
        break;
    case Kind::String:
    case Kind::Char:
        printString(out, textOf(value));
        return;
    case Kind::List:
    case Kind::Array: {
        out += '[';
        bool first = true;
        for (const Value &item : value.items()) {
            if (!first)
                out += ',';
            first = false;
            print(out, item);
        }
        out += ']';
        return;
    }
    case Kind::Map: {
        out += '{';
        bool first = true;
        for (const auto &[key, item] : value.map().entries()) {
            if (!first)
                out += ',';
            first = false;
            printString(out, key);
            out += ':';
            print(out, item);
        }
        out += '}';
        return;
    }
    default:
        break;
    }
    out += value.isNull() ? QByteArray("null") : textOf(value).toLatin1();
}

} // namespace

tl::expected<Value, Fault> readJson(QByteArrayView json)
{
    return JsonReader(json).run();
}

QByteArray printJson(const Value &value)
{
    QByteArray out;
    print(out, value);
    return out;
}

Value fromJson(const QJsonValue &json)
{
    switch (json.type()) {
    case QJsonValue::Bool:
        return json.toBool();
    case QJsonValue::Double: {
        const QVariant number = json.toVariant();
        if (number.typeId() != QMetaType::LongLong)
            return json.toDouble();
        const qint64 whole = number.toLongLong();
        if (whole >= std::numeric_limits<qint32>::min() && whole <= std::numeric_limits<qint32>::max())
            return qint32(whole);
        return whole;
    }
    case QJsonValue::String:
        return json.toString();
    case QJsonValue::Array: {
        Values list;
        const QJsonArray array = json.toArray();
        for (const QJsonValue &item : array)
            list.push_back(fromJson(item));
        return list;
    }
    case QJsonValue::Object: {
        Map map;
        const QJsonObject object = json.toObject();
        for (auto entry = object.begin(); entry != object.end(); ++entry)
            map.insert(entry.key(), fromJson(entry.value()));
        return map;
    }
    default:
        return {};
    }
}

QJsonValue toJson(const Value &value)
{
    switch (value.kind()) {
    case Kind::Null:
        return QJsonValue::Null;
    case Kind::Boolean:
        return value.boolean();
    case Kind::Byte:
    case Kind::Short:
    case Kind::Int:
    case Kind::Long:
        return value.integer();
    case Kind::Float: // its own digits, not those of the double it widens to
        return std::isfinite(value.floating()) ? QJsonValue(readDouble(textOf(value)).value_or(0))
                                               : QJsonValue(textOf(value));
    case Kind::Double:
        return std::isfinite(value.real()) ? QJsonValue(value.real()) : QJsonValue(textOf(value));
    case Kind::BigInteger:
        if (fitsLong(value.bigInteger().value))
            return low64(value.bigInteger().value);
        return textOf(value);
    case Kind::BigDecimal:
    case Kind::Char:
    case Kind::String:
        return textOf(value);
    case Kind::List:
    case Kind::Array: {
        QJsonArray array;
        for (const Value &item : value.items())
            array.append(toJson(item));
        return array;
    }
    case Kind::Map: {
        QJsonObject object;
        for (const auto &[key, item] : value.map().entries())
            object.insert(key, toJson(item));
        return object;
    }
    }
    return {};
}

} // namespace gatehouse::core::expr
