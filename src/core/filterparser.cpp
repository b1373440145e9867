// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter.h"
#include "core/octets.h"

#include <algorithm>
#include <optional>

namespace gatehouse::core {

namespace {

// Deeper filters than people or programs write; keeps the recursion bounded.
constexpr int kMaxDepth = 200;

} // namespace

class FilterParser {
public:
    explicit FilterParser(QByteArrayView text) : m_text(text) {}

    Result<Filter> readAll()
    {
        skipSpaces();
        if (atEnd())
            return fault(0, 0, QStringLiteral("the filter is empty; everything is (objectClass=*)"));
        if (m_text[m_at] != '(')
            return fault(m_at, m_text.size() - m_at, QStringLiteral("a filter stands in parentheses: (%1)")
                                                         .arg(QString::fromUtf8(m_text.sliced(m_at).trimmed())));
        auto filter = read(0);
        if (!filter)
            return filter;
        skipSpaces();
        if (atEnd())
            return filter;
        if (m_text[m_at] == ')')
            return fault(m_at, 1, QStringLiteral("this parenthesis closes nothing: remove it"));
        return fault(m_at, m_text.size() - m_at,
                     QStringLiteral("the filter ends before this; join several conditions as (&(a=1)(b=2)) when all "
                                    "must hold, or (|(a=1)(b=2)) when one is enough"));
    }

private:
    bool atEnd() const { return m_at >= m_text.size(); }

    void skipSpaces()
    {
        while (!atEnd() && QByteArrayView(" \t\r\n").contains(m_text[m_at]))
            ++m_at;
    }

    static tl::unexpected<Error> fault(qsizetype offset, qsizetype length, const QString &detail)
    {
        Error error{Code::Syntax, QStringLiteral("not a search filter"), detail};
        error.offset = int(offset);
        error.length = int(length);
        return fail(std::move(error));
    }

    /// At '('. Leaves the place behind the matching ')'.
    Result<Filter> read(int depth)
    {
        const qsizetype open = m_at++;
        if (depth > kMaxDepth)
            return fault(open, 1, QStringLiteral("the parentheses are nested more than %1 deep").arg(kMaxDepth));
        skipSpaces();
        if (atEnd())
            return unclosed(open);
        const char c = m_text[m_at];
        if (c == '&' || c == '|' || c == '!') {
            ++m_at;
            return readList(c, open, depth);
        }
        if (c == '(')
            return fault(open, 2, QStringLiteral("two parentheses in a row: an operator &, | or ! is missing between "
                                                 "them, or one parenthesis is too many"));
        return readItem(open);
    }

    Result<Filter> unclosed(qsizetype open) const
    {
        return fault(open, 1, QStringLiteral("this parenthesis is never closed: a \")\" is missing"));
    }

    Result<Filter> readList(char kind, qsizetype open, int depth)
    {
        Filter filter;
        filter.m_kind = kind == '&' ? Filter::Kind::And : kind == '|' ? Filter::Kind::Or : Filter::Kind::Not;
        while (true) {
            skipSpaces();
            if (atEnd())
                return unclosed(open);
            if (m_text[m_at] == ')')
                break;
            if (m_text[m_at] != '(') {
                const qsizetype start = m_at;
                while (!atEnd() && m_text[m_at] != '(' && m_text[m_at] != ')')
                    ++m_at;
                return fault(start, m_at - start,
                             QStringLiteral("after \"%1\" every condition stands in parentheses of its own")
                                 .arg(QLatin1Char(kind)));
            }
            const qsizetype start = m_at;
            auto child = read(depth + 1);
            if (!child)
                return child;
            if (filter.m_kind == Filter::Kind::Not && !filter.m_children.isEmpty())
                return fault(start, m_at - start, QStringLiteral("\"!\" takes one condition; write (!(|(a=1)(b=2))) "
                                                                 "to exclude several"));
            filter.m_children.append(std::move(*child));
        }
        ++m_at;
        if (filter.m_kind == Filter::Kind::Not && filter.m_children.isEmpty())
            return fault(open, m_at - open, QStringLiteral("\"!\" needs a condition: (!(a=1))"));
        return filter;
    }

    Result<Filter> readItem(qsizetype open)
    {
        const qsizetype start = m_at;
        while (!atEnd() && !QByteArrayView("=<>~:()").contains(m_text[m_at]))
            ++m_at;
        if (atEnd())
            return unclosed(open);
        const QByteArrayView attribute = m_text.sliced(start, m_at - start);
        const char c = m_text[m_at];
        if (c == '(' || c == ')') {
            if (attribute.trimmed().isEmpty())
                return fault(open, m_at - open + 1,
                             QStringLiteral("nothing stands in the parentheses; a condition looks like (mail=*)"));
            return fault(start, m_at - start,
                         QStringLiteral("no operator: a condition looks like (%1=value), or (%1=*) for any value")
                             .arg(QString::fromUtf8(attribute.trimmed())));
        }
        if (c == ':')
            return readExtensible(open, attribute, start);
        if (auto wrong = checkAttribute(attribute, start))
            return fail(*wrong);
        Filter filter;
        filter.m_attribute = attribute.toByteArray();
        ++m_at;
        if (c == '=') {
            filter.m_kind = Filter::Kind::Equality;
            return readEquality(std::move(filter), open);
        }
        if (atEnd() || m_text[m_at] != '=')
            return fault(m_at - 1, 1, QStringLiteral("\"%1\" is written \"%1=\"; LDAP has no \"less than\" without "
                                                     "\"or equal\"").arg(QLatin1Char(c)));
        ++m_at;
        filter.m_kind = c == '>'   ? Filter::Kind::GreaterOrEqual
                        : c == '<' ? Filter::Kind::LessOrEqual
                                   : Filter::Kind::Approximate;
        return readPlainValue(std::move(filter), open);
    }

    std::optional<Error> checkAttribute(QByteArrayView attribute, qsizetype start) const
    {
        const auto wrong = [&](qsizetype offset, qsizetype length, const QString &detail) {
            return fault(offset, length, detail).value();
        };
        if (attribute.isEmpty())
            return wrong(start, 1, QStringLiteral("before the operator stands the attribute's name"));
        if (attribute.trimmed().size() != attribute.size())
            return wrong(start, attribute.size(), QStringLiteral("no space may stand around an attribute's name"));
        const qsizetype semicolon = attribute.indexOf(';');
        const QByteArrayView name = semicolon < 0 ? attribute : attribute.first(semicolon);
        if (!isAttributeType(name))
            return wrong(start, std::max<qsizetype>(1, name.size()),
                         QStringLiteral("\"%1\" is no attribute name: letters, digits and hyphens, or an OID")
                             .arg(QString::fromUtf8(name)));
        // RFC 4512 2.5: options are keychars.
        for (qsizetype at = semicolon; at >= 0 && at < attribute.size();) {
            const qsizetype next = attribute.indexOf(';', at + 1);
            const QByteArrayView option = attribute.sliced(at + 1, (next < 0 ? attribute.size() : next) - at - 1);
            const bool good = !option.isEmpty() && std::all_of(option.begin(), option.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            });
            if (!good)
                return wrong(start + at, option.size() + 1,
                             QStringLiteral("after \";\" stands an option of letters, digits and hyphens"));
            at = next;
        }
        return std::nullopt;
    }

    /// attr[":dn"][":" rule]":=" value, or [":dn"]":" rule ":=" value.
    Result<Filter> readExtensible(qsizetype open, QByteArrayView attribute, qsizetype start)
    {
        Filter filter;
        filter.m_kind = Filter::Kind::Extensible;
        if (!attribute.isEmpty()) {
            if (auto wrong = checkAttribute(attribute, start))
                return fail(*wrong);
            filter.m_attribute = attribute.toByteArray();
        }
        while (true) {
            ++m_at; // ':'
            if (!atEnd() && m_text[m_at] == '=')
                break;
            const qsizetype partStart = m_at;
            while (!atEnd() && !QByteArrayView(":=()").contains(m_text[m_at]))
                ++m_at;
            const QByteArrayView part = m_text.sliced(partStart, m_at - partStart);
            if (atEnd())
                return unclosed(open);
            if (m_text[m_at] != ':')
                return fault(m_at, 1, QStringLiteral("a matching rule is followed by \":=\", as in "
                                                     "(memberOf:1.2.840.113556.1.4.1941:=cn=staff,dc=example)"));
            if (!filter.m_dnAttributes && filter.m_rule.isEmpty()
                && part.compare(QByteArrayView("dn"), Qt::CaseInsensitive) == 0) {
                filter.m_dnAttributes = true;
            } else if (filter.m_rule.isEmpty() && isAttributeType(part)) {
                filter.m_rule = part.toByteArray();
            } else {
                return fault(partStart, std::max<qsizetype>(1, part.size()),
                             QStringLiteral("between colons stands \"dn\" or one matching rule, by name or OID"));
            }
        }
        if (filter.m_attribute.isEmpty() && filter.m_rule.isEmpty())
            return fault(open, m_at - open + 1,
                         QStringLiteral("\":=\" needs an attribute or a matching rule before it"));
        ++m_at; // '='
        return readPlainValue(std::move(filter), open);
    }

    /// Reads up to an unescaped '*', '(' or ')', which is left.
    std::optional<Error> readOctets(QByteArray &octets)
    {
        while (!atEnd()) {
            const char c = m_text[m_at];
            if (c == '*' || c == '(' || c == ')')
                break;
            if (c == '\0')
                return fault(m_at, 1, QStringLiteral("a NUL octet is written \\00")).value();
            if (c != '\\') {
                octets += c;
                ++m_at;
                continue;
            }
            const int high = m_at + 1 < m_text.size() ? hexDigit(m_text[m_at + 1]) : -1;
            const int low = m_at + 2 < m_text.size() ? hexDigit(m_text[m_at + 2]) : -1;
            if (high < 0 || low < 0)
                return fault(m_at, std::min<qsizetype>(3, m_text.size() - m_at),
                             QStringLiteral("after a backslash stand two hexadecimal digits: \\2a for *, \\28 for (, "
                                            "\\29 for ), \\5c for \\"))
                    .value();
            octets += char(high << 4 | low);
            m_at += 3;
        }
        return std::nullopt;
    }

    Result<Filter> close(Filter filter, qsizetype open)
    {
        if (atEnd())
            return unclosed(open);
        if (m_text[m_at] == '(')
            return fault(m_at, 1, QStringLiteral("a parenthesis within a value is written \\28; if a new condition "
                                                 "starts here, the last one lacks its \")\""));
        ++m_at;
        return filter;
    }

    Result<Filter> readPlainValue(Filter filter, qsizetype open)
    {
        if (auto wrong = readOctets(filter.m_value))
            return fail(*wrong);
        if (!atEnd() && m_text[m_at] == '*')
            return fault(m_at, 1, QStringLiteral("an asterisk has a meaning only after \"=\"; a literal one is "
                                                 "written \\2a"));
        return close(std::move(filter), open);
    }

    Result<Filter> readEquality(Filter filter, qsizetype open)
    {
        QList<QByteArray> parts;
        while (true) {
            QByteArray part;
            if (auto wrong = readOctets(part))
                return fail(*wrong);
            const bool more = !atEnd() && m_text[m_at] == '*';
            if (more && part.isEmpty() && !parts.isEmpty())
                return fault(m_at - 1, 2, QStringLiteral("two asterisks in a row: one is enough, a literal one is "
                                                         "written \\2a"));
            parts.append(part);
            if (!more)
                break;
            ++m_at;
        }
        if (parts.size() == 1) {
            filter.m_value = parts.first();
        } else if (parts.size() == 2 && parts.first().isEmpty() && parts.last().isEmpty()) {
            filter.m_kind = Filter::Kind::Present;
        } else {
            filter.m_kind = Filter::Kind::Substrings;
            filter.m_value = parts.takeFirst();
            filter.m_final = parts.takeLast();
            filter.m_any = parts;
        }
        return close(std::move(filter), open);
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
};

Result<Filter> Filter::parse(QByteArrayView utf8)
{
    return FilterParser(utf8).readAll();
}

Result<Filter> Filter::parse(const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    auto filter = parse(QByteArrayView(utf8));
    if (!filter) {
        Error error = filter.error();
        const int end = textOffset(utf8, error.offset + error.length);
        error.offset = textOffset(utf8, error.offset);
        error.length = end - error.offset;
        error.subject = text;
        return fail(std::move(error));
    }
    return filter;
}

} // namespace gatehouse::core
