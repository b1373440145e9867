// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/lexer.h"

#include "core/expr/limits.h"

#include <array>

namespace gatehouse::core::expr {

static bool isLetter(QChar unit)
{
    return (unit >= u'a' && unit <= u'z') || (unit >= u'A' && unit <= u'Z');
}

static bool isDigit(QChar unit)
{
    return unit >= u'0' && unit <= u'9';
}

static bool isHexDigit(QChar unit)
{
    return isDigit(unit) || (unit >= u'a' && unit <= u'f') || (unit >= u'A' && unit <= u'F');
}

static bool isNamePart(QChar unit)
{
    return isLetter(unit) || isDigit(unit) || unit == u'_';
}

bool isPlainName(QStringView name)
{
    if (name.isEmpty() || isDigit(name.front()))
        return false;
    for (const QChar unit : name) {
        if (!isNamePart(unit))
            return false;
    }
    return true;
}

QString unquoted(QStringView token)
{
    const QChar quote = token.front();
    token = token.mid(1);
    if (token.endsWith(quote))
        token.chop(1);
    return token.toString().replace(QString(2, quote), QString(quote));
}

QString quoted(const QString &text)
{
    QString inner = text;
    return u'\'' + inner.replace(u'\'', QStringLiteral("''")) + u'\'';
}

struct Word {
    QLatin1StringView name;
    Operator op;
};

/// Operators that can be written as words, in any case.
static constexpr std::array kWords{
    Word{QLatin1StringView("or"), Operator::Or},           Word{QLatin1StringView("and"), Operator::And},
    Word{QLatin1StringView("eq"), Operator::Equal},        Word{QLatin1StringView("ne"), Operator::NotEqual},
    Word{QLatin1StringView("lt"), Operator::Less},         Word{QLatin1StringView("le"), Operator::LessEqual},
    Word{QLatin1StringView("gt"), Operator::Greater},      Word{QLatin1StringView("ge"), Operator::GreaterEqual},
    Word{QLatin1StringView("matches"), Operator::Matches}, Word{QLatin1StringView("between"), Operator::Between},
    Word{QLatin1StringView("div"), Operator::Divide},      Word{QLatin1StringView("mod"), Operator::Modulo},
    Word{QLatin1StringView("not"), Operator::Not},
};

static std::optional<Operator> wordOperator(QStringView name)
{
    if (name.size() < 2 || name.size() > 7)
        return std::nullopt;
    for (const Word &word : kWords) {
        if (name.compare(word.name, Qt::CaseInsensitive) == 0)
            return word.op;
    }
    return std::nullopt;
}

struct Sign {
    QStringView text;
    TokenKind kind;
    std::optional<Operator> op = std::nullopt;
};

/// Longer signs stand before their beginnings.
static constexpr std::array kSigns{
    Sign{u"==", TokenKind::Symbol, Operator::Equal},
    Sign{u"!=", TokenKind::Symbol, Operator::NotEqual},
    Sign{u"<=", TokenKind::Symbol, Operator::LessEqual},
    Sign{u">=", TokenKind::Symbol, Operator::GreaterEqual},
    Sign{u"&&", TokenKind::Symbol, Operator::And},
    Sign{u"||", TokenKind::Symbol, Operator::Or},
    Sign{u"++", TokenKind::Increment},
    Sign{u"--", TokenKind::Decrement},
    Sign{u"?[", TokenKind::Select},
    Sign{u"^[", TokenKind::SelectFirst},
    Sign{u"$[", TokenKind::SelectLast},
    Sign{u"![", TokenKind::Project},
    Sign{u"?:", TokenKind::Elvis},
    Sign{u"?.", TokenKind::SafeNavigation},
    Sign{u"<", TokenKind::Symbol, Operator::Less},
    Sign{u">", TokenKind::Symbol, Operator::Greater},
    Sign{u"+", TokenKind::Symbol, Operator::Add},
    Sign{u"-", TokenKind::Symbol, Operator::Subtract},
    Sign{u"*", TokenKind::Symbol, Operator::Multiply},
    Sign{u"/", TokenKind::Symbol, Operator::Divide},
    Sign{u"%", TokenKind::Symbol, Operator::Modulo},
    Sign{u"^", TokenKind::Symbol, Operator::Power},
    Sign{u"!", TokenKind::Not},
    Sign{u"(", TokenKind::LeftParenthesis},
    Sign{u")", TokenKind::RightParenthesis},
    Sign{u"[", TokenKind::LeftBracket},
    Sign{u"]", TokenKind::RightBracket},
    Sign{u"{", TokenKind::LeftBrace},
    Sign{u"}", TokenKind::RightBrace},
    Sign{u",", TokenKind::Comma},
    Sign{u":", TokenKind::Colon},
    Sign{u".", TokenKind::Dot},
    Sign{u"#", TokenKind::Hash},
    Sign{u"?", TokenKind::Question},
    Sign{u"=", TokenKind::Assign},
    Sign{u"@", TokenKind::At},
};

/// What to write instead of a character that comes from a word processor or another language.
static QString adviceFor(QStringView rest)
{
    switch (rest.front().unicode()) {
    case 0x2018: case 0x2019: case 0x201A: case 0x201C: case 0x201D: case 0x201E: case 0x00AB: case 0x00BB:
    case 0x0060: case 0x00B4:
        return QStringLiteral("Write texts in straight quotes, '…' or \"…\".");
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2212:
        return QStringLiteral("Write a minus as '-'.");
    case 0x21D0: case 0x2264:
        return QStringLiteral("Write less or equal as '<='.");
    case 0x21D2: case 0x2265:
        return QStringLiteral("Write greater or equal as '>='.");
    case 0x2260:
        return QStringLiteral("Write not equal as '!='.");
    case 0x00D7:
        return QStringLiteral("Write a multiplication as '*'.");
    case u'&':
        return QStringLiteral("Write 'and', or '+' to join texts.");
    case u'|':
        return QStringLiteral("Write 'or'.");
    case u'$':
        return rest.startsWith(u"${") ? QStringLiteral("Write the expression without '${' and '}'.")
                                      : QStringLiteral("Write a name with such a character in brackets, ['amount$'].");
    case u'\\':
        return QStringLiteral("A backslash can stand only inside a text.");
    case u';':
        return QStringLiteral("An expression is a single one; arguments are separated by ','.");
    default:
        break;
    }
    if (rest.front().isLetter() || rest.front().isSurrogate())
        return QStringLiteral("Write a name with other characters than a-z, 0-9 and _ in brackets, ['été'].");
    return QStringLiteral("This character cannot stand outside of a text.");
}

namespace {

class Lexer {
public:
    explicit Lexer(const QString &text) : m_text(text) {}

    Tokens run()
    {
        while (m_at < m_text.size())
            next();
        push(TokenKind::End, m_text.size());
        return std::move(m_result);
    }

private:
    QChar unit(qsizetype at) const { return at < m_text.size() ? m_text.at(at) : QChar(); }

    void push(TokenKind kind, qsizetype start, std::optional<Operator> op = std::nullopt)
    {
        m_result.tokens.push_back({kind, int(start), int(m_at - start), op});
    }

    void fault(qsizetype start, QString message)
    {
        if (m_result.faults.size() < kMaxFaults)
            m_result.faults.append({std::move(message), int(start), int(m_at - start)});
    }

    void next()
    {
        const QChar first = unit(m_at);
        if (first == u' ' || first == u'\t') {
            ++m_at;
        } else if (first == u'\n' || first == u'\r') {
            lineBreak();
        } else if (first == u'\'' || first == u'"') {
            quotedText(first);
        } else if (isDigit(first)) {
            number();
        } else if (isLetter(first) || first == u'_') {
            name();
        } else if (!sign()) {
            unknown();
        }
    }

    void lineBreak()
    {
        const qsizetype start = m_at;
        while (unit(m_at) == u'\n' || unit(m_at) == u'\r')
            ++m_at;
        if (!m_lineBreakReported)
            fault(start, QStringLiteral("An expression must be on one line: take out the line break."));
        m_lineBreakReported = true;
    }

    void quotedText(QChar quote)
    {
        const qsizetype start = m_at++;
        bool closed = false;
        while (m_at < m_text.size() && !closed) {
            const QChar at = unit(m_at);
            if (at == u'\n' || at == u'\r') {
                lineBreak();
            } else if (at != quote) {
                ++m_at;
            } else if (unit(m_at + 1) == quote) {
                m_at += 2;
            } else {
                ++m_at;
                closed = true;
            }
        }
        push(TokenKind::Text, start);
        if (!closed) {
            fault(start, QStringLiteral("This text is never closed: write %1 at its end (a %1 inside a text is "
                                        "written twice).").arg(quote));
        }
    }

    void digits()
    {
        while (isDigit(unit(m_at)))
            ++m_at;
    }

    void number()
    {
        const qsizetype start = m_at;
        TokenKind kind = TokenKind::Int;
        if (unit(m_at) == u'0' && (unit(m_at + 1) == u'x' || unit(m_at + 1) == u'X')) {
            m_at += 2;
            while (isHexDigit(unit(m_at)))
                ++m_at;
            kind = TokenKind::HexInt;
            if (unit(m_at) == u'L' || unit(m_at) == u'l') {
                ++m_at;
                kind = TokenKind::HexLong;
            }
            push(kind, start);
            if (m_at - start < 3 || isNamePart(unit(m_at)))
                badNumber(start);
            return;
        }
        digits();
        if (unit(m_at) == u'.' && isDigit(unit(m_at + 1))) {
            ++m_at;
            digits();
            kind = TokenKind::Real;
        }
        if (unit(m_at) == u'e' || unit(m_at) == u'E') {
            const qsizetype sign = unit(m_at + 1) == u'+' || unit(m_at + 1) == u'-' ? 1 : 0;
            if (isDigit(unit(m_at + 1 + sign))) {
                m_at += 1 + sign;
                digits();
                kind = TokenKind::Real;
            }
        }
        const QChar suffix = unit(m_at);
        if (suffix == u'f' || suffix == u'F') {
            kind = TokenKind::Float;
            ++m_at;
        } else if (suffix == u'd' || suffix == u'D') {
            kind = TokenKind::Real;
            ++m_at;
        } else if ((suffix == u'l' || suffix == u'L') && kind == TokenKind::Int) {
            kind = TokenKind::Long;
            ++m_at;
        }
        const qsizetype end = m_at;
        if (isNamePart(unit(m_at)))
            badNumber(start);
        m_result.tokens.push_back({kind, int(start), int(end - start)});
    }

    void badNumber(qsizetype start)
    {
        while (isNamePart(unit(m_at)))
            ++m_at;
        fault(start, QStringLiteral("'%1' is not a number: write a space after a number, and a name that begins with "
                                    "a digit in brackets.").arg(excerpt(m_text.mid(start, m_at - start))));
    }

    void name()
    {
        const qsizetype start = m_at;
        while (isNamePart(unit(m_at)))
            ++m_at;
        push(TokenKind::Name, start, wordOperator(QStringView(m_text).mid(start, m_at - start)));
    }

    bool sign()
    {
        const QStringView rest = QStringView(m_text).mid(m_at);
        for (const Sign &sign : kSigns) {
            if (!rest.startsWith(sign.text))
                continue;
            const qsizetype start = m_at;
            m_at += sign.text.size();
            if (sign.text == u"==" && unit(m_at) == u'=') {
                ++m_at;
                fault(start, QStringLiteral("Compare with '=='."));
            }
            push(sign.kind, start, sign.op);
            return true;
        }
        return false;
    }

    void unknown()
    {
        const qsizetype start = m_at;
        const QStringView rest = QStringView(m_text).mid(m_at);
        const QChar first = rest.front();
        if (first.isSpace()) { // a no-break space and its like: a space to the eye
            ++m_at;
            fault(start, QStringLiteral("This is a special space: write an ordinary one."));
            return;
        }
        const bool letters = first.isLetter() || first.isSurrogate();
        do {
            ++m_at;
        } while (letters && m_at < m_text.size()
                 && (unit(m_at).isLetterOrNumber() || unit(m_at).isSurrogate() || unit(m_at) == u'_'));
        push(TokenKind::Unknown, start);
        fault(start, QStringLiteral("'%1' is not known here. %2").arg(excerpt(m_text.mid(start, m_at - start)), adviceFor(rest)));
    }

    const QString &m_text;
    qsizetype m_at = 0;
    bool m_lineBreakReported = false;
    Tokens m_result;
};

} // namespace

Tokens tokenize(const QString &text)
{
    return Lexer(text).run();
}

} // namespace gatehouse::core::expr
