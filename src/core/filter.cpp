// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter.h"

#include "core/octets.h"

#include <algorithm>

namespace gatehouse::core {

Filter Filter::comparison(Kind kind, const QByteArray &attribute, const QByteArray &value)
{
    Filter filter;
    filter.m_kind = kind;
    filter.m_attribute = attribute;
    filter.m_value = value;
    return filter;
}

Filter Filter::equality(const QByteArray &attribute, const QByteArray &value)
{
    return comparison(Kind::Equality, attribute, value);
}

Filter Filter::present(const QByteArray &attribute)
{
    return comparison(Kind::Present, attribute, {});
}

Filter Filter::greaterOrEqual(const QByteArray &attribute, const QByteArray &value)
{
    return comparison(Kind::GreaterOrEqual, attribute, value);
}

Filter Filter::lessOrEqual(const QByteArray &attribute, const QByteArray &value)
{
    return comparison(Kind::LessOrEqual, attribute, value);
}

Filter Filter::approximate(const QByteArray &attribute, const QByteArray &value)
{
    return comparison(Kind::Approximate, attribute, value);
}

Filter Filter::substrings(const QByteArray &attribute, const QByteArray &initial, const QList<QByteArray> &any,
                          const QByteArray &final)
{
    Filter filter = comparison(Kind::Substrings, attribute, initial);
    filter.m_any = any;
    filter.m_any.removeAll(QByteArray()); // RFC 4511 4.5.1.7.2: no part is empty
    filter.m_final = final;
    // A value that contains the empty text is any value.
    return initial.isEmpty() && filter.m_any.isEmpty() && final.isEmpty() ? present(attribute) : filter;
}

Filter Filter::extensible(const QByteArray &attribute, const QByteArray &matchingRule, const QByteArray &value,
                          bool dnAttributes)
{
    Filter filter = comparison(Kind::Extensible, attribute, value);
    filter.m_rule = matchingRule;
    filter.m_dnAttributes = dnAttributes;
    return filter;
}

Filter Filter::negation(Filter filter)
{
    Filter negated;
    negated.m_kind = Kind::Not;
    negated.m_children = {std::move(filter)};
    return negated;
}

Filter Filter::combined(Kind kind, const QList<Filter> &filters)
{
    if (filters.size() == 1)
        return filters.first();
    Filter result;
    result.m_kind = kind;
    for (const Filter &filter : filters) {
        if (filter.m_kind == kind)
            result.m_children += filter.m_children;
        else
            result.m_children += filter;
    }
    return result.m_children.size() == 1 ? Filter(result.m_children.first()) : result;
}

Filter Filter::all(const QList<Filter> &filters)
{
    return combined(Kind::And, filters);
}

Filter Filter::any(const QList<Filter> &filters)
{
    return combined(Kind::Or, filters);
}

QByteArray escapeFilterValue(QByteArrayView value)
{
    QByteArray out;
    out.reserve(value.size() + 8);
    for (qsizetype i = 0; i < value.size();) {
        const char c = value[i];
        const int length = utf8SequenceLength(value.sliced(i));
        if (length == 0 || static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '*' || c == '(' || c == ')'
            || c == '\\') {
            appendHexPair(out, c);
            ++i;
            continue;
        }
        out.append(value.data() + i, length);
        i += length;
    }
    return out;
}

void Filter::print(QByteArray &out) const
{
    out += '(';
    switch (m_kind) {
    case Kind::And:
    case Kind::Or:
    case Kind::Not:
        out += m_kind == Kind::And ? '&' : m_kind == Kind::Or ? '|' : '!';
        for (const Filter &child : m_children)
            child.print(out);
        break;
    case Kind::Equality: out += m_attribute + '=' + escapeFilterValue(m_value); break;
    case Kind::GreaterOrEqual: out += m_attribute + ">=" + escapeFilterValue(m_value); break;
    case Kind::LessOrEqual: out += m_attribute + "<=" + escapeFilterValue(m_value); break;
    case Kind::Approximate: out += m_attribute + "~=" + escapeFilterValue(m_value); break;
    case Kind::Present: out += m_attribute + "=*"; break;
    case Kind::Substrings:
        out += m_attribute + '=' + escapeFilterValue(m_value) + '*';
        for (const QByteArray &part : m_any)
            out += escapeFilterValue(part) + '*';
        out += escapeFilterValue(m_final);
        break;
    case Kind::Extensible:
        out += m_attribute;
        if (m_dnAttributes)
            out += ":dn";
        if (!m_rule.isEmpty())
            out += ':' + m_rule;
        out += ":=" + escapeFilterValue(m_value);
        break;
    }
    out += ')';
}

QByteArray Filter::toUtf8() const
{
    QByteArray out;
    print(out);
    return out;
}

Filter Filter::replaced(QByteArrayView placeholder, const QByteArray &value) const
{
    Filter filter = *this;
    for (Filter &child : filter.m_children)
        child = child.replaced(placeholder, value);
    const QByteArray from = placeholder.toByteArray();
    filter.m_value.replace(from, value);
    for (QByteArray &part : filter.m_any)
        part.replace(from, value);
    filter.m_final.replace(from, value);
    if (filter.m_kind == Kind::Substrings) {
        filter.m_any.removeAll(QByteArray());
        // Nothing left to compare must not come to match everybody.
        if (filter.m_value.isEmpty() && filter.m_any.isEmpty() && filter.m_final.isEmpty())
            return equality(filter.m_attribute, {});
    }
    return filter;
}

bool Filter::holds(QByteArrayView placeholder) const
{
    const auto within = [&](const QByteArray &part) { return QByteArrayView(part).contains(placeholder); };
    return within(m_value) || within(m_final) || std::any_of(m_any.begin(), m_any.end(), within)
           || std::any_of(m_children.begin(), m_children.end(), [&](const Filter &child) { return child.holds(placeholder); });
}

std::optional<Filter> Filter::withAny(QByteArrayView placeholder) const
{
    if (!holds(placeholder))
        return *this;
    Filter filter = *this;
    switch (m_kind) {
    case Kind::And:
    case Kind::Or:
        for (Filter &child : filter.m_children) {
            auto widened = child.withAny(placeholder);
            if (!widened)
                return std::nullopt;
            child = *std::move(widened);
        }
        return filter;
    case Kind::Not:
        return std::nullopt; // whoever is not called x, for some x, is everybody: and nobody is meant
    case Kind::Equality:
    case Kind::Approximate:
    case Kind::Substrings: {
        // The placeholder matches anything, as the gaps of a substring filter do: what stands around it stays.
        QList<QByteArray> parts;
        const QList<QByteArray> gaps = m_kind == Kind::Substrings ? QList<QByteArray>{m_value} + m_any + QList<QByteArray>{m_final}
                                                                  : QList<QByteArray>{m_value};
        for (const QByteArray &gap : gaps) {
            qsizetype from = 0;
            for (qsizetype at = gap.indexOf(placeholder); at >= 0; at = gap.indexOf(placeholder, from)) {
                parts.append(gap.mid(from, at - from));
                from = at + placeholder.size();
            }
            parts.append(gap.mid(from));
        }
        const QByteArray initial = parts.takeFirst();
        const QByteArray final = parts.takeLast();
        parts.removeAll(QByteArray());
        return substrings(m_attribute, initial, parts, final);
    }
    case Kind::GreaterOrEqual:
    case Kind::LessOrEqual:
        return present(m_attribute);
    case Kind::Extensible:
        return m_attribute.isEmpty() ? std::nullopt : std::optional(present(m_attribute));
    case Kind::Present:
        break;
    }
    return filter;
}

void Filter::collect(QList<QByteArray> &names) const
{
    if (!m_attribute.isEmpty()) {
        const QByteArray name = m_attribute.split(';').first().toLower();
        if (!names.contains(name))
            names.append(name);
    }
    for (const Filter &child : m_children)
        child.collect(names);
}

QList<QByteArray> Filter::attributes() const
{
    QList<QByteArray> names;
    collect(names);
    return names;
}

} // namespace gatehouse::core
