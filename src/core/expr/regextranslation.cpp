// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/regextranslation_p.h"

#include "core/expr/fault.h"
#include "core/expr/limits.h"

namespace gatehouse::core::expr {

/// What Java takes for the end of a line, inside of brackets.
static constexpr QLatin1StringView kLineEnds("\\n\\r\\x{85}\\x{2028}\\x{2029}");
/// Java's \b knows letters, digits and marks of all scripts, although \w is ASCII.
static constexpr QLatin1StringView kWord("[\\p{L}\\p{Nd}\\p{Mn}_]");
static constexpr int kMaxRegexNesting = 100;
/// What PCRE2 can count to.
static constexpr int kMaxRepetition = 65535;

bool RegexTranslator::fail(const QString &what)
{
    if (m_error.isEmpty())
        m_error = QStringLiteral("The regular expression is not valid at position %1: %2").arg(m_at + 1).arg(what);
    return false;
}

bool RegexTranslator::eat(QChar unit)
{
    if (atEnd() || peek() != unit)
        return false;
    ++m_at;
    return true;
}

/// Blanks and comments after (?x).
void RegexTranslator::skipComments()
{
    while (m_flags.comments && !atEnd()) {
        const char16_t unit = peek().unicode();
        if (unit == u' ' || (unit >= u'\t' && unit <= u'\r')) {
            ++m_at;
        } else if (unit == u'#') {
            while (!atEnd() && peek() != u'\n' && peek() != u'\r')
                ++m_at;
        } else {
            return;
        }
    }
}

char32_t RegexTranslator::takeCodePoint()
{
    const QChar unit = peek();
    ++m_at;
    if (unit.isHighSurrogate() && peek().isLowSurrogate()) {
        const char32_t code = QChar::surrogateToUcs4(unit, peek());
        ++m_at;
        return code;
    }
    return unit.unicode();
}

bool RegexTranslator::run()
{
    if (m_in.size() > kMaxRegexLength)
        return fail(QStringLiteral("it is longer than %1 characters.").arg(kMaxRegexLength));
    if (!alternation())
        return false;
    if (!atEnd())
        return fail(QStringLiteral("this ')' closes nothing."));
    if (m_highestReference >= m_groupNames.size())
        return fail(QStringLiteral("there is no group %1 to refer to.").arg(m_highestReference));
    return true;
}

bool RegexTranslator::alternation()
{
    if (++m_depth > kMaxRegexNesting)
        return fail(QStringLiteral("it is nested too deeply."));
    while (true) {
        skipComments();
        if (atEnd() || peek() == u')')
            break;
        if (eat(u'|')) {
            m_out += u'|';
            continue;
        }
        if (!atom())
            return false;
        skipComments();
        if (!quantifier())
            return false;
    }
    --m_depth;
    return true;
}

bool RegexTranslator::atom()
{
    switch (peek().unicode()) {
    case u'(':
        return group();
    case u'[':
        ++m_at;
        return characterClass(m_out);
    case u'\\':
        return escape();
    case u'.':
        ++m_at;
        if (m_flags.dotAll)
            m_out += QStringLiteral("(?s:.)");
        else if (m_flags.unixLines)
            m_out += QStringLiteral("[^\\n]");
        else
            m_out += QStringLiteral("[^") + kLineEnds + u']';
        return true;
    case u'^':
    case u'$':
        anchor(peek());
        ++m_at;
        return true;
    case u'*':
    case u'+':
    case u'?':
        return fail(QStringLiteral("there is nothing before '%1' to repeat.").arg(peek()));
    case u'{':
        return fail(QStringLiteral("there is nothing before '{' to repeat; write \\{ for the character."));
    default:
        return literal(takeCodePoint());
    }
}

bool RegexTranslator::literal(char32_t code)
{
    if (QChar::isSurrogate(code))
        return fail(QStringLiteral("half of a character stands alone."));
    if (code >= 0x80) {
        const QString text = QString::fromUcs4(&code, 1);
        // Without (?u) Java ignores the case of ASCII letters only.
        m_out += m_flags.caseless && !m_flags.unicodeCase ? QStringLiteral("(?-i:%1)").arg(text) : text;
        return true;
    }
    const QChar unit(static_cast<char16_t>(code));
    if (unit.isLetterOrNumber() || unit == u'_')
        m_out += unit;
    else
        m_out += QStringLiteral("\\x{%1}").arg(uint(code), 0, 16);
    return true;
}

bool RegexTranslator::quantifier()
{
    const QChar sign = peek();
    if (sign == u'*' || sign == u'+' || sign == u'?') {
        m_out += sign;
        ++m_at;
    } else if (sign == u'{') {
        ++m_at;
        const auto number = [this](int &result) {
            const qsizetype start = m_at;
            qint64 value = 0;
            while (peek() >= u'0' && peek() <= u'9' && value <= kMaxRepetition) {
                value = value * 10 + (peek().unicode() - u'0');
                ++m_at;
            }
            if (m_at > start)
                result = int(value);
            return m_at > start;
        };
        int least = 0;
        int most = -1;
        if (!number(least))
            return fail(QStringLiteral("'{' must be followed by a number of repetitions; write \\{ for the character."));
        QString text = u'{' + QString::number(least);
        if (eat(u',')) {
            text += u',';
            if (number(most))
                text += QString::number(most);
        } else {
            most = least;
        }
        if (!eat(u'}'))
            return fail(QStringLiteral("'}' is missing after the number of repetitions."));
        if (least > kMaxRepetition || most > kMaxRepetition)
            return fail(QStringLiteral("it repeats more than %1 times.").arg(kMaxRepetition));
        if (most >= 0 && most < least)
            return fail(QStringLiteral("it repeats at least %1 and at most %2 times.").arg(least).arg(most));
        m_out += text + u'}';
    } else {
        return true;
    }
    if (peek() == u'+' || peek() == u'?') {
        m_out += peek();
        ++m_at;
    }
    skipComments();
    if (!atEnd() && (peek() == u'*' || peek() == u'+' || peek() == u'?'))
        return fail(QStringLiteral("'%1' repeats what is repeated already; put it in parentheses.").arg(peek()));
    return true;
}

bool RegexTranslator::group()
{
    const Flags outer = m_flags;
    Flags inner = m_flags;
    bool isGroup = true;
    const qsizetype start = m_at;
    ++m_at;
    if (!openGroup(inner, isGroup))
        return false;
    m_flags = inner;
    if (!isGroup)
        return true; // flags for the rest of the group around
    if (!alternation())
        return false;
    if (!eat(u')')) {
        m_at = start;
        return fail(QStringLiteral("this '(' is never closed."));
    }
    m_flags = outer;
    m_out += u')';
    return true;
}

bool RegexTranslator::openGroup(Flags &inner, bool &isGroup)
{
    const auto capture = [this](const QString &groupName) {
        m_groupNames.append(groupName);
        m_out += u'(';
        return m_groupNames.size() <= kMaxRegexGroups || fail(QStringLiteral("it has too many groups."));
    };
    if (!eat(u'?'))
        return capture(QString());
    for (const QStringView lead : {QStringView(u":"), QStringView(u"="), QStringView(u"!"), QStringView(u">"),
                                   QStringView(u"<="), QStringView(u"<!")}) {
        if (QStringView(m_in).mid(m_at).startsWith(lead)) {
            m_at += lead.size();
            m_out += QStringLiteral("(?") + lead.toString();
            return true;
        }
    }
    if (eat(u'<')) {
        const QString groupName = name();
        if (groupName.isEmpty() || !eat(u'>'))
            return fail(QStringLiteral("the name of a group has letters and digits only, (?<name>…)."));
        if (m_groupNames.contains(groupName))
            return fail(QStringLiteral("the group name '%1' is taken.").arg(excerpt(groupName)));
        return capture(groupName);
    }
    if (!flags(inner))
        return false;
    isGroup = eat(u':');
    if (!isGroup && !eat(u')'))
        return fail(QStringLiteral("'(?%1' is not known to Java.").arg(peek()));
    m_out += QStringLiteral("(?");
    m_out += inner.caseless ? QStringLiteral("i") : QStringLiteral("-i");
    m_out += isGroup ? u':' : u')';
    return true;
}

bool RegexTranslator::flags(Flags &flags)
{
    bool on = true;
    while (!atEnd()) {
        switch (peek().unicode()) {
        case u'i':
            flags.caseless = on;
            break;
        case u'm':
            flags.multiline = on;
            break;
        case u's':
            flags.dotAll = on;
            break;
        case u'u':
            flags.unicodeCase = on;
            break;
        case u'x':
            flags.comments = on;
            break;
        case u'd':
            flags.unixLines = on;
            break;
        case u'U':
            flags.unicodeClass = on;
            flags.unicodeCase = on || flags.unicodeCase;
            break;
        case u'-':
            if (!on)
                return fail(QStringLiteral("'-' stands twice."));
            on = false;
            break;
        default:
            return true;
        }
        ++m_at;
    }
    return fail(QStringLiteral("the group is never closed."));
}

QString RegexTranslator::name()
{
    const qsizetype start = m_at;
    while (!atEnd() && peek().unicode() < 0x80 && (peek().isLetter() || (m_at > start && peek().isDigit())))
        ++m_at;
    return m_in.mid(start, m_at - start);
}

/// ^ and $; \Z is a $ without (?m).
void RegexTranslator::anchor(QChar sign)
{
    if (sign == u'^') {
        if (!m_flags.multiline)
            m_out += QStringLiteral("(?:\\A)");
        else if (m_flags.unixLines)
            m_out += QStringLiteral("(?:\\A|(?<=\\n)(?!\\z))");
        else
            m_out += QStringLiteral("(?:\\A|(?<=[\\n\\x{85}\\x{2028}\\x{2029}])(?!\\z)|(?<=\\r)(?!\\n)(?!\\z))");
    } else if (m_flags.multiline && sign == u'$') {
        m_out += m_flags.unixLines
            ? QStringLiteral("(?=\\n|\\z)")
            : QStringLiteral("(?:(?=[\\r\\x{85}\\x{2028}\\x{2029}])|(?<!\\r)(?=\\n)|\\z)");
    } else {
        m_out += m_flags.unixLines
            ? QStringLiteral("(?=\\n?\\z)")
            : QStringLiteral("(?:(?=\\r\\n\\z)|(?<!\\r)(?=\\n\\z)|(?=[\\r\\x{85}\\x{2028}\\x{2029}]?\\z))");
    }
}

void RegexTranslator::wordBoundary(bool at)
{
    const QString text = at ? QStringLiteral("(?:(?<=%1)(?!%1)|(?<!%1)(?=%1))")
                            : QStringLiteral("(?:(?<=%1)(?=%1)|(?<!%1)(?!%1))");
    m_out += text.arg(kWord);
}

bool RegexTranslator::escape()
{
    const QChar sign = peek(1);
    if (m_at + 1 >= m_in.size())
        return fail(QStringLiteral("a '\\' stands at the end."));
    if (isSetEscape()) {
        Set set;
        if (!setEscape(set))
            return false;
        m_out += (set.negated ? QStringLiteral("[^") : QStringLiteral("[")) + set.text + u']';
        return true;
    }
    switch (sign.unicode()) {
    case u'b':
    case u'B':
        m_at += 2;
        wordBoundary(sign == u'b');
        return true;
    case u'G':
        return fail(QStringLiteral("\\G is not supported."));
    case u'A':
    case u'z': // PCRE2 repeats groups only
        m_at += 2;
        m_out += QStringLiteral("(?:\\%1)").arg(sign);
        return true;
    case u'R':
    case u'X':
        m_at += 2;
        m_out += u'\\' + QString(sign);
        return true;
    case u'Z':
        m_at += 2;
        anchor(u'Z');
        return true;
    case u'Q':
        m_at += 2;
        return quotation();
    case u'k':
        m_at += 2;
        return namedReference();
    case u'1': case u'2': case u'3': case u'4': case u'5': case u'6': case u'7': case u'8': case u'9':
        ++m_at;
        return backReference();
    default:
        break;
    }
    char32_t code = 0;
    return characterEscape(code) && literal(code);
}

/// As many digits as there are groups for.
bool RegexTranslator::backReference()
{
    int number = peek().unicode() - u'0';
    ++m_at;
    while (peek() >= u'0' && peek() <= u'9' && number * 10 + (peek().unicode() - u'0') < m_groupNames.size()) {
        number = number * 10 + (peek().unicode() - u'0');
        ++m_at;
    }
    m_highestReference = std::max(m_highestReference, number);
    m_out += QStringLiteral("\\g{%1}").arg(number);
    return true;
}

bool RegexTranslator::namedReference()
{
    const bool opened = eat(u'<');
    const QString groupName = name();
    if (!opened || groupName.isEmpty() || !eat(u'>'))
        return fail(QStringLiteral("a reference to a group is written \\k<name>."));
    const qsizetype number = m_groupNames.indexOf(groupName);
    if (number < 0)
        return fail(QStringLiteral("there is no group '%1' before this.").arg(excerpt(groupName)));
    m_out += QStringLiteral("\\g{%1}").arg(number);
    return true;
}

/// \Q…\E: everything between stands for itself.
bool RegexTranslator::quotation()
{
    while (!atEnd()) {
        if (peek() == u'\\' && peek(1) == u'E') {
            m_at += 2;
            return true;
        }
        if (!literal(takeCodePoint()))
            return false;
    }
    return true;
}

tl::expected<TranslatedRegex, QString> translateRegex(const QString &java)
{
    RegexTranslator translator(java);
    if (!translator.run())
        return tl::unexpected(translator.error());
    return TranslatedRegex{translator.takePattern(), translator.groupNames()};
}

} // namespace gatehouse::core::expr
