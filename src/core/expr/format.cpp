// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/format.h"

#include "core/expr/convert.h"
#include "core/expr/formatnumber.h"

namespace gatehouse::core::expr {

namespace {

class Formatter {
public:
    Formatter(const QString &format, std::span<const Value> arguments, Meter &meter)
        : m_format(format), m_arguments(arguments), m_meter(meter)
    {
    }

    bool run()
    {
        while (m_at < m_format.size()) {
            const qsizetype percent = m_format.indexOf(u'%', m_at);
            const QStringView plain = QStringView(m_format).mid(m_at, percent < 0 ? -1 : percent - m_at);
            if (!m_meter.text(plain.size()))
                return false;
            m_result += plain;
            if (percent < 0)
                break;
            m_at = percent + 1;
            FormatSpecifier specifier;
            if (!specifierAt(specifier) || !convert(specifier))
                return false;
        }
        return m_result.size() <= kMaxTextLength || m_meter.stop(Meter::Spent::TextLength);
    }

    QString takeResult() { return std::move(m_result); }

private:
    QChar peek() const { return m_at < m_format.size() ? m_format.at(m_at) : QChar(); }

    /// Digits as a number; -1 when there are none, -2 when it is beyond all use.
    int number()
    {
        const qsizetype start = m_at;
        qint64 value = 0;
        while (peek() >= u'0' && peek() <= u'9') {
            value = std::min<qint64>(value * 10 + (peek().unicode() - u'0'), 100'000'000);
            ++m_at;
        }
        return m_at == start ? -1 : value >= 100'000'000 ? -2 : int(value);
    }

    bool *flagAt(FormatSpecifier &specifier) const
    {
        switch (peek().unicode()) {
        case u'-':
            return &specifier.left;
        case u'#':
            return &specifier.alternate;
        case u'+':
            return &specifier.plus;
        case u' ':
            return &specifier.blank;
        case u'0':
            return &specifier.zero;
        case u',':
            return &specifier.group;
        case u'(':
            return &specifier.parentheses;
        case u'<':
            return &specifier.previous;
        default:
            return nullptr;
        }
    }

    /// %[index$][flags][width][.precision]conversion
    bool specifierAt(FormatSpecifier &specifier)
    {
        const qsizetype start = m_at;
        if (peek() >= u'1' && peek() <= u'9') {
            specifier.index = number();
            if (peek() == u'$') {
                ++m_at;
            } else {
                specifier.index = -1;
                m_at = start;
            }
        } else if (peek() == u'0') { // an index of 0 is refused, a flag 0 is not
            number();
            if (peek() == u'$')
                return false;
            m_at = start;
        }
        while (bool *flag = flagAt(specifier)) {
            if (*flag)
                return false; // stands twice
            *flag = true;
            ++m_at;
        }
        if (peek() >= u'1' && peek() <= u'9') {
            specifier.width = number();
            if (specifier.width < 0)
                return m_meter.stop(Meter::Spent::TextLength);
        }
        if (peek() == u'.') {
            ++m_at;
            specifier.precision = number();
            if (specifier.precision == -1)
                return false;
            if (specifier.precision == -2)
                return m_meter.stop(Meter::Spent::TextLength);
        }
        if (m_at >= m_format.size())
            return false;
        const QChar conversion = peek();
        ++m_at;
        specifier.upper = conversion.unicode() < 0x80 && conversion.isUpper();
        specifier.conversion = conversion.toLower().unicode();
        return !specifier.upper || QStringView(u"bhscxega").contains(QChar(specifier.conversion));
    }

    bool padded(const QString &text, const FormatSpecifier &specifier)
    {
        const qint64 width = std::max<qint64>(specifier.width, text.size());
        if (!m_meter.text(width) || m_result.size() + width > kMaxTextLength)
            return m_meter.stop(Meter::Spent::TextLength);
        m_result += specifier.left ? text.leftJustified(specifier.width) : text.rightJustified(specifier.width);
        return true;
    }

    /// The argument of a specifier; nullptr when there is none.
    const Value *argument(const FormatSpecifier &specifier)
    {
        int index = 0;
        if (specifier.previous)
            index = m_last;
        else if (specifier.index >= 1)
            index = specifier.index - 1;
        else
            index = m_ordinary++;
        if (index < 0 || index >= int(m_arguments.size()))
            return nullptr;
        m_last = index;
        return &m_arguments[size_t(index)];
    }

    bool convert(const FormatSpecifier &specifier)
    {
        const bool needsWidth = (specifier.left || specifier.zero) && specifier.width < 0;
        switch (specifier.conversion) {
        case u'n':
            if (specifier.width >= 0 || specifier.precision >= 0 || specifier.hasFlags() || specifier.previous)
                return false;
            return padded(QStringLiteral("\n"), specifier);
        case u'%':
            if (specifier.precision >= 0 || needsWidth || specifier.hasFlagsBesidesLeft() || specifier.previous)
                return false;
            return padded(QStringLiteral("%"), specifier);
        case u'b':
        case u'h':
        case u's':
            if (specifier.hasFlagsBesidesLeft() || needsWidth)
                return false;
            return general(specifier);
        case u'c':
            if (specifier.hasFlagsBesidesLeft() || needsWidth || specifier.precision >= 0)
                return false;
            return character(specifier);
        case u'd':
        case u'o':
        case u'x':
        case u'e':
        case u'f':
        case u'g':
        case u'a': {
            if (needsWidth || (specifier.plus && specifier.blank) || (specifier.left && specifier.zero))
                return false;
            const Value *value = argument(specifier);
            if (!value)
                return false;
            const std::optional<QString> text = formattedNumber(*value, specifier, m_meter);
            return text && padded(*text, specifier);
        }
        default:
            return false;
        }
    }

    bool general(const FormatSpecifier &specifier)
    {
        const Value *value = argument(specifier);
        if (!value)
            return false;
        QString text;
        if (specifier.conversion == u'b') {
            const bool flag = value->kind() == Kind::Boolean ? value->boolean() : !value->isNull();
            text = flag ? QStringLiteral("true") : QStringLiteral("false");
        } else if (specifier.conversion == u'h' && !value->isNull()) {
            qint32 hash = 0;
            if (!javaHash(*value, hash, m_meter))
                return false;
            text = QString::number(quint32(hash), 16);
        } else if (!appendText(text, *value, m_meter)) {
            return false;
        }
        if (specifier.precision >= 0)
            text.truncate(specifier.precision);
        return padded(specifier.upper ? text.toUpper() : text, specifier);
    }

    bool character(const FormatSpecifier &specifier)
    {
        const Value *value = argument(specifier);
        if (!value)
            return false;
        QString text;
        if (value->isNull()) {
            text = QStringLiteral("null");
        } else if (value->kind() == Kind::Char) {
            text = QString(QChar(value->character()));
        } else if (value->isIntLike()) {
            const qint64 code = value->integer();
            if (code < 0 || code > 0x10FFFF)
                return false;
            const auto point = char32_t(code);
            text = QString::fromUcs4(&point, 1);
        } else {
            return false;
        }
        return padded(specifier.upper ? text.toUpper() : text, specifier);
    }

    const QString &m_format;
    std::span<const Value> m_arguments;
    Meter &m_meter;
    QString m_result;
    qsizetype m_at = 0;
    int m_ordinary = 0;
    int m_last = -1;
};

} // namespace

std::optional<QString> formatted(const QString &format, std::span<const Value> arguments, Meter &meter)
{
    Formatter formatter(format, arguments, meter);
    return formatter.run() ? std::optional<QString>(formatter.takeResult()) : std::nullopt;
}

} // namespace gatehouse::core::expr
