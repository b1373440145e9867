// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/regextranslation_p.h"

#include "core/expr/fault.h"

namespace gatehouse::core::expr {

QString regexClassLiteral(char32_t code)
{
    if (code >= 0x80)
        return QString::fromUcs4(&code, 1);
    const QChar unit(static_cast<char16_t>(code));
    return unit.isLetterOrNumber() ? QString(unit) : QStringLiteral("\\x{%1}").arg(uint(code), 0, 16);
}

/// \d and its like: a set of characters.
bool RegexTranslator::isSetEscape() const
{
    return peek() == u'\\' && m_at + 1 < m_in.size() && QStringView(u"dDwWsShHvVpP").contains(peek(1));
}

bool RegexTranslator::setEscape(Set &set)
{
    const QChar sign = peek(1);
    m_at += 2;
    if (sign == u'p' || sign == u'P') {
        QString property;
        if (eat(u'{')) {
            const qsizetype end = m_in.indexOf(u'}', m_at);
            if (end < 0)
                return fail(QStringLiteral("'}' is missing after \\%1{.").arg(sign));
            property = m_in.mid(m_at, end - m_at);
            m_at = end + 1;
        } else if (!atEnd()) {
            property = QString(peek());
            ++m_at;
        }
        set.text = regexProperty(property, m_flags.unicodeClass);
        // Where case does not count, Java takes each of these for all of them; PCRE2 does not.
        static const QStringList cased =
            QStringLiteral("\\p{Lu},\\p{Ll},\\p{Lt},\\p{Lowercase},\\p{Uppercase}").split(u',');
        if (m_flags.caseless && cased.contains(set.text))
            set.text = QStringLiteral("\\p{Lu}\\p{Ll}\\p{Lt}");
        set.negated = sign == u'P';
        return !set.text.isEmpty()
            || fail(QStringLiteral("the class '%1' is not known: use one like \\p{L}, \\p{IsLatin} or \\p{Alpha}.")
                        .arg(excerpt(property)));
    }
    if (m_flags.unicodeClass && QStringView(u"dDwWsS").contains(sign)) {
        const QChar kind = sign.toLower();
        set.text = kind == u'd' ? QStringLiteral("\\p{Nd}")
            : kind == u'w'      ? QStringLiteral("\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200C}\\x{200D}")
                                : QStringLiteral("\\p{White_Space}");
        set.negated = sign.isUpper();
        return true;
    }
    set.text = u'\\' + QString(sign);
    return true;
}

bool RegexTranslator::hexEscape(qsizetype digits, char32_t &code)
{
    const QString text = m_in.mid(m_at, digits);
    bool ok = false;
    const uint value = text.toUInt(&ok, 16);
    if (!ok || text.size() != digits || value > 0x10FFFF || text.startsWith(u'+') || text.startsWith(u'-'))
        return fail(QStringLiteral("this is not the code of a character."));
    m_at += digits;
    code = value;
    return true;
}

/// An escape that stands for one character.
bool RegexTranslator::characterEscape(char32_t &code)
{
    ++m_at;
    const QChar sign = peek();
    if (atEnd())
        return fail(QStringLiteral("a '\\' stands at the end."));
    if (sign.unicode() >= 0x80 || !sign.isLetterOrNumber()) {
        code = takeCodePoint();
        return true;
    }
    ++m_at;
    switch (sign.unicode()) {
    case u't':
        code = u'\t';
        return true;
    case u'n':
        code = u'\n';
        return true;
    case u'r':
        code = u'\r';
        return true;
    case u'f':
        code = u'\f';
        return true;
    case u'a':
        code = 0x07;
        return true;
    case u'e':
        code = 0x1B;
        return true;
    case u'c':
        if (atEnd())
            return fail(QStringLiteral("a control character is written \\cX."));
        code = takeCodePoint() ^ 64;
        return true;
    case u'0': {
        qsizetype digits = 0;
        while (digits < 3 && peek(digits) >= u'0' && peek(digits) <= u'7'
               && (digits < 2 || peek() <= u'3'))
            ++digits;
        if (digits == 0)
            return fail(QStringLiteral("an octal code is written \\0 and one to three digits."));
        code = m_in.mid(m_at, digits).toUInt(nullptr, 8);
        m_at += digits;
        return true;
    }
    case u'x': {
        if (!eat(u'{'))
            return hexEscape(2, code);
        const qsizetype end = m_in.indexOf(u'}', m_at);
        if (end <= m_at)
            return fail(QStringLiteral("a code is written \\x{hhhh}."));
        return hexEscape(end - m_at, code) && eat(u'}');
    }
    case u'u': {
        if (!hexEscape(4, code))
            return false;
        if (QChar::isHighSurrogate(code) && peek() == u'\\' && peek(1) == u'u') {
            const qsizetype before = m_at;
            m_at += 2;
            char32_t low = 0;
            if (!hexEscape(4, low))
                return false;
            if (QChar::isLowSurrogate(low))
                code = QChar::surrogateToUcs4(char16_t(code), char16_t(low));
            else
                m_at = before;
        }
        return true;
    }
    default:
        --m_at;
        return fail(QStringLiteral("'\\%1' is not known to Java.").arg(sign));
    }
}

/// One character inside of brackets, escaped or not.
bool RegexTranslator::classCharacter(char32_t &code)
{
    if (peek() == u'\\') {
        if (!characterEscape(code))
            return false;
    } else {
        code = takeCodePoint();
    }
    return !QChar::isSurrogate(code) || fail(QStringLiteral("half of a character stands alone."));
}

/// What stands between brackets or && signs: single characters and ranges go to @p set, the rest to @p atoms.
bool RegexTranslator::classOperand(QString &set, QStringList &atoms)
{
    bool first = true;
    while (true) {
        skipComments();
        if (atEnd())
            return fail(QStringLiteral("']' is missing."));
        if ((peek() == u']' && !first) || (peek() == u'&' && peek(1) == u'&'))
            return !first || fail(QStringLiteral("nothing stands beside '&&'."));
        first = false;
        if (eat(u'[')) {
            QString nested;
            if (++m_depth > 50)
                return fail(QStringLiteral("it is nested too deeply."));
            if (!characterClass(nested))
                return false;
            --m_depth;
            atoms.append(nested);
            continue;
        }
        if (isSetEscape()) {
            Set escaped;
            if (!setEscape(escaped))
                return false;
            if (escaped.negated)
                atoms.append(QStringLiteral("[^") + escaped.text + u']');
            else
                set += escaped.text;
            continue;
        }
        if (peek() == u'\\' && peek(1) == u'Q') {
            m_at += 2;
            while (!atEnd() && !(peek() == u'\\' && peek(1) == u'E'))
                set += regexClassLiteral(takeCodePoint());
            m_at += 2;
            continue;
        }
        char32_t low = 0;
        if (!classCharacter(low))
            return false;
        skipComments();
        if (peek() == u'-' && m_at + 1 < m_in.size() && peek(1) != u']' && peek(1) != u'[') {
            ++m_at;
            skipComments();
            if (isSetEscape() || (peek() == u'&' && peek(1) == u'&')) {
                set += regexClassLiteral(low) + regexClassLiteral(u'-');
                continue;
            }
            char32_t high = 0;
            if (!classCharacter(high))
                return false;
            if (high < low)
                return fail(QStringLiteral("the range goes backwards."));
            set += regexClassLiteral(low) + u'-' + regexClassLiteral(high);
        } else {
            set += regexClassLiteral(low);
        }
    }
}

/// After the '[': unions [a[b]], intersections [a&&[b]] and [^…] around all of it.
bool RegexTranslator::characterClass(QString &out)
{
    const bool negated = eat(u'^');
    QStringList operands;
    QString onlySet;
    do {
        QString set;
        QStringList atoms;
        if (!classOperand(set, atoms))
            return false;
        onlySet = operands.isEmpty() && atoms.isEmpty() ? set : QString();
        if (!set.isEmpty())
            atoms.prepend(u'[' + set + u']');
        operands.append(atoms.size() == 1 ? atoms.first() : QStringLiteral("(?:") + atoms.join(u'|') + u')');
        if (peek() == u'&')
            m_at += 2;
        else
            break;
    } while (true);
    ++m_at; // the ]
    if (!onlySet.isEmpty()) {
        out += (negated ? QStringLiteral("[^") : QStringLiteral("[")) + onlySet + u']';
        return true;
    }
    QString whole;
    for (qsizetype index = 1; index < operands.size(); ++index)
        whole += QStringLiteral("(?=") + operands.at(index) + u')';
    whole += operands.first();
    if (negated)
        out += QStringLiteral("(?:(?!") + whole + QStringLiteral(")(?s:.))");
    else
        out += operands.size() == 1 ? whole : QStringLiteral("(?:") + whole + u')';
    return true;
}

} // namespace gatehouse::core::expr
