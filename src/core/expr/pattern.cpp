// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/pattern.h"

#include "core/expr/limits.h"

#include <QStringList>

#include <algorithm>

namespace gatehouse::core::expr {

namespace {

/// How many letters a group may have, by Java's rules.
bool isAllowed(char16_t letter, int count)
{
    switch (letter) {
    case u'u':
    case u'y':
    case u'Y':
    case u'n':
    case u'N':
    case u'A':
    case u'g':
        return count <= 19;
    case u'M':
    case u'L':
    case u'Q':
    case u'q':
    case u'E':
    case u'e':
    case u'G':
    case u'X':
    case u'x':
    case u'Z':
        return count <= 5;
    case u'c':
        return count <= 5 && count != 2;
    case u'D':
        return count <= 3;
    case u'S':
        return count <= 9;
    case u'z':
        return count <= 4;
    case u'd':
    case u'w':
    case u'h':
    case u'K':
    case u'k':
    case u'H':
    case u'm':
    case u's':
        return count <= 2;
    case u'W':
    case u'F':
    case u'a':
        return count == 1;
    case u'V':
        return count == 2;
    case u'v':
    case u'O':
        return count == 1 || count == 4;
    default:
        return false;
    }
}

/// Digits of a group that is a number of fixed width, 0 for all others.
int fixedWidth(const PatternElement &element)
{
    if (element.kind != PatternElement::Kind::Letters || element.pad > 0)
        return 0;
    switch (element.letter) {
    case u'S':
        return element.count;
    case u'u':
    case u'y':
    case u'Y':
    case u'M':
    case u'L':
    case u'd':
    case u'h':
    case u'H':
    case u'k':
    case u'K':
    case u'm':
    case u's':
    case u'Q':
    case u'q':
    case u'e':
    case u'w':
        return element.count == 2 ? 2 : 0;
    case u'D':
        return element.count == 3 ? 3 : 0;
    default:
        return 0;
    }
}

/// A number that takes as many digits as it finds.
bool isGreedy(const PatternElement &element)
{
    if (element.kind != PatternElement::Kind::Letters || element.pad > 0 || fixedWidth(element) > 0)
        return false;
    const bool text = element.count >= 3;
    switch (element.letter) {
    case u'u':
    case u'y':
    case u'Y':
    case u'D':
    case u'A':
    case u'n':
    case u'N':
    case u'g':
        return true;
    case u'M':
    case u'L':
    case u'Q':
    case u'q':
    case u'e':
    case u'c':
    case u'd':
    case u'h':
    case u'H':
    case u'k':
    case u'K':
    case u'm':
    case u's':
    case u'w':
    case u'W':
    case u'F':
        return !text;
    default:
        return false;
    }
}

/// "yyyyMMdd": a greedy number leaves the digits that follow it to the fixed ones.
void reserve(std::vector<PatternElement> &elements)
{
    for (size_t index = 0; index < elements.size(); ++index) {
        if (!isGreedy(elements[index]))
            continue;
        for (size_t next = index + 1; next < elements.size() && fixedWidth(elements[next]) > 0; ++next)
            elements[index].reserved += fixedWidth(elements[next]);
    }
}

class PatternReader {
public:
    explicit PatternReader(const QString &pattern) : m_pattern(pattern) {}

    bool run(std::vector<PatternElement> &elements) { return section(elements, 0); }

private:
    QChar peek() const { return m_at < m_pattern.size() ? m_pattern.at(m_at) : QChar(); }

    bool section(std::vector<PatternElement> &elements, int depth)
    {
        if (depth > kMaxPatternNesting)
            return false;
        while (m_at < m_pattern.size()) {
            const QChar unit = peek();
            if (unit == u']')
                return depth > 0 && (reserve(elements), true);
            if (unit == u'[') {
                ++m_at;
                PatternElement element{PatternElement::Kind::Optional};
                if (!section(element.children, depth + 1))
                    return false;
                if (peek() == u']')
                    ++m_at; // one that is never closed reaches to the end
                elements.push_back(std::move(element));
            } else if (unit == u'\'') {
                if (!quoted(elements))
                    return false;
            } else if (unit.unicode() < 0x80 && unit.isLetter()) {
                if (!letters(elements))
                    return false;
            } else if (unit == u'{' || unit == u'}' || unit == u'#') {
                return false;
            } else {
                literal(elements, QString(unit));
                ++m_at;
            }
        }
        reserve(elements);
        return true;
    }

    static void literal(std::vector<PatternElement> &elements, const QString &text)
    {
        if (!elements.empty() && elements.back().kind == PatternElement::Kind::Literal)
            elements.back().literal += text;
        else
            elements.push_back({PatternElement::Kind::Literal, text});
    }

    bool quoted(std::vector<PatternElement> &elements)
    {
        QString text;
        for (++m_at; m_at < m_pattern.size(); ++m_at) {
            if (peek() != u'\'') {
                text += peek();
                continue;
            }
            if (m_at + 1 >= m_pattern.size() || m_pattern.at(m_at + 1) != u'\'') {
                ++m_at;
                literal(elements, text.isEmpty() ? QStringLiteral("'") : text);
                return true;
            }
            text += u'\'';
            ++m_at;
        }
        return false;
    }

    int run(char16_t letter)
    {
        const qsizetype start = m_at;
        while (m_at < m_pattern.size() && peek() == letter)
            ++m_at;
        return int(m_at - start);
    }

    bool letters(std::vector<PatternElement> &elements)
    {
        PatternElement element{PatternElement::Kind::Letters};
        element.letter = peek().unicode();
        element.count = run(element.letter);
        if (element.letter == u'p') {
            const int pad = element.count;
            element.letter = peek().unicode();
            element.count = run(element.letter);
            element.pad = pad;
        }
        if (!isAllowed(element.letter, element.count))
            return false;
        elements.push_back(std::move(element));
        return true;
    }

    const QString &m_pattern;
    qsizetype m_at = 0;
};

const QStringList &englishMonths()
{
    static const QStringList months = QStringLiteral(
        "January,February,March,April,May,June,July,August,September,October,November,December").split(u',');
    return months;
}

const QStringList &englishDays()
{
    static const QStringList days =
        QStringLiteral("Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday").split(u',');
    return days;
}

QString styled(const QString &name, NameStyle style)
{
    return style == NameStyle::Full ? name : name.left(style == NameStyle::Short ? 3 : 1);
}

} // namespace

QString monthName(int month, NameStyle style)
{
    return styled(englishMonths().at(month - 1), style);
}

QString dayName(int isoDay, NameStyle style)
{
    return styled(englishDays().at(isoDay - 1), style);
}

QString quarterName(int quarter, NameStyle style)
{
    static const QStringList full = QStringLiteral("1st,2nd,3rd,4th").split(u',');
    if (style == NameStyle::Narrow)
        return QString::number(quarter);
    if (style == NameStyle::Short)
        return u'Q' + QString::number(quarter);
    return full.at(quarter - 1) + QStringLiteral(" quarter");
}

QString eraName(bool common, NameStyle style)
{
    if (style == NameStyle::Full)
        return common ? QStringLiteral("Anno Domini") : QStringLiteral("Before Christ");
    return (common ? QStringLiteral("AD") : QStringLiteral("BC")).left(style == NameStyle::Short ? 2 : 1);
}

int localDayOfWeek(qint64 days)
{
    return dayOfWeek(days) % 7 + 1;
}

Week weekOf(const Date &date)
{
    const qint64 days = daysOf(date);
    const qint64 saturday = days + 7 - localDayOfWeek(days);
    const qint64 nextYear = daysOf({date.year + 1, 1, 1});
    if (saturday >= nextYear)
        return {date.year + 1, 1};
    const qint64 firstOfYear = daysOf({date.year, 1, 1});
    const qint64 sunday = firstOfYear - (localDayOfWeek(firstOfYear) - 1);
    return {date.year, int((days - sunday) / 7) + 1};
}

int weekOfMonth(const Date &date)
{
    const int before = localDayOfWeek(daysOf({date.year, date.month, 1})) - 1;
    return (date.day - 1 + before) / 7 + 1;
}

std::optional<DateTimePattern> DateTimePattern::compile(const QString &pattern)
{
    DateTimePattern result;
    if (pattern.size() > kMaxPatternLength || !PatternReader(pattern).run(result.m_elements))
        return std::nullopt;
    return result;
}

} // namespace gatehouse::core::expr
