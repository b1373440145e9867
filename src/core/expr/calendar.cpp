// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/calendar.h"

namespace gatehouse::core::expr {

static qint64 floorDiv(qint64 dividend, qint64 divisor)
{
    const qint64 quotient = dividend / divisor;
    return dividend % divisor != 0 && (dividend < 0) != (divisor < 0) ? quotient - 1 : quotient;
}

bool isLeapYear(qint64 year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int daysInMonth(qint64 year, int month)
{
    static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeapYear(year) ? 29 : kDays[month - 1];
}

/// Days before the first of March of a year that is counted from March, as leap days then come last.
qint64 daysOf(const Date &date)
{
    const qint64 year = date.month > 2 ? date.year : date.year - 1;
    const int monthFromMarch = date.month > 2 ? date.month - 3 : date.month + 9;
    const qint64 dayFromMarch = (153 * monthFromMarch + 2) / 5 + date.day - 1;
    const qint64 leapDays = floorDiv(year, 4) - floorDiv(year, 100) + floorDiv(year, 400);
    return year * 365 + leapDays + dayFromMarch - 719'468; // days from 0000-03-01 to 1970-01-01
}

Date dateOfDays(qint64 days)
{
    days += 719'468;
    const qint64 era = floorDiv(days, 146'097); // 400 years
    const qint64 dayOfEra = days - era * 146'097;
    const qint64 yearOfEra = (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const qint64 dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const qint64 monthFromMarch = (5 * dayFromMarch + 2) / 153;
    Date date;
    date.day = int(dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1);
    date.month = int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
    date.year = yearOfEra + era * 400 + (date.month <= 2 ? 1 : 0);
    return date;
}

int dayOfWeek(qint64 days)
{
    return int(days + 3 - floorDiv(days + 3, 7) * 7) + 1; // 1970-01-01 was a Thursday
}

int dayOfYear(const Date &date)
{
    return int(daysOf(date) - daysOf({date.year, 1, 1})) + 1;
}

Date plusMonths(const Date &date, qint64 months)
{
    const qint64 total = date.year * 12 + date.month - 1 + months;
    Date result;
    result.year = floorDiv(total, 12);
    result.month = int(total - result.year * 12) + 1;
    result.day = std::min(date.day, daysInMonth(result.year, result.month));
    return result;
}

qint64 monthsBetween(const Date &from, const Date &to)
{
    // 32 is more than the days of any month, so that the day decides about the last month
    const qint64 first = (from.year * 12 + from.month - 1) * 32 + from.day;
    const qint64 last = (to.year * 12 + to.month - 1) * 32 + to.day;
    return (last - first) / 32;
}

qint64 localSeconds(const LocalDateTime &time)
{
    return daysOf(time.date) * kSecondsPerDay + time.hour * 3'600 + time.minute * 60 + time.second;
}

LocalDateTime localOf(qint64 seconds, int nano)
{
    const qint64 days = floorDiv(seconds, kSecondsPerDay);
    const int rest = int(seconds - days * kSecondsPerDay);
    return {dateOfDays(days), rest / 3'600, rest / 60 % 60, rest % 60, nano};
}

LocalDateTime utcOf(const Moment &moment)
{
    return localOf(moment.seconds, moment.nano);
}

namespace {

/// Reads fixed forms from left to right.
class Reader {
public:
    explicit Reader(QStringView text) : m_text(text) {}

    bool atEnd() const { return m_at >= m_text.size(); }
    QChar peek() const { return atEnd() ? QChar() : m_text.at(m_at); }
    QStringView rest() const { return m_text.mid(m_at); }

    bool eat(QChar unit)
    {
        if (peek() != unit)
            return false;
        ++m_at;
        return true;
    }

    qsizetype digitsAhead() const
    {
        qsizetype count = 0;
        while (m_at + count < m_text.size() && m_text.at(m_at + count) >= u'0' && m_text.at(m_at + count) <= u'9')
            ++count;
        return count;
    }

    /// Exactly @p count digits.
    bool number(qsizetype count, int &value)
    {
        if (digitsAhead() < count)
            return false;
        value = 0;
        for (; count > 0; --count)
            value = value * 10 + (m_text.at(m_at++).unicode() - u'0');
        return true;
    }

private:
    QStringView m_text;
    qsizetype m_at = 0;
};

bool readDate(Reader &reader, Date &date)
{
    // More digits than four need a sign; "-" is a year before 0.
    const bool negative = reader.peek() == u'-';
    const bool sign = negative || reader.peek() == u'+';
    if (sign)
        reader.eat(reader.peek());
    const qsizetype digits = reader.digitsAhead();
    if (digits < 4 || digits > 9 || (digits > 4 && !sign))
        return false;
    int year = 0;
    if (!reader.number(digits, year) || !reader.eat(u'-') || !reader.number(2, date.month) || !reader.eat(u'-')
        || !reader.number(2, date.day))
        return false;
    date.year = negative ? -year : year;
    return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= daysInMonth(date.year, date.month);
}

bool readTime(Reader &reader, LocalDateTime &time)
{
    if (!reader.number(2, time.hour) || !reader.eat(u':') || !reader.number(2, time.minute))
        return false;
    if (reader.eat(u':')) {
        if (!reader.number(2, time.second))
            return false;
        if (reader.eat(u'.')) {
            const qsizetype digits = reader.digitsAhead();
            if (digits < 1 || digits > 9 || !reader.number(digits, time.nano))
                return false;
            for (qsizetype place = digits; place < 9; ++place)
                time.nano *= 10;
        }
    }
    return time.hour < 24 && time.minute < 60 && time.second < 60;
}

QString padded(qint64 number, int width)
{
    return QString::number(number).rightJustified(width, u'0');
}

} // namespace

std::optional<int> readOffset(QStringView text)
{
    if (text == u"Z" || text == u"z")
        return 0;
    const bool negative = text.startsWith(u'-');
    if (!negative && !text.startsWith(u'+'))
        return std::nullopt;
    Reader reader(text.mid(1));
    const qsizetype digits = reader.digitsAhead();
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    bool read = false;
    if (digits <= 2)
        read = digits > 0 && reader.number(digits, hours);
    else // hmm, hhmm, hhmmss
        read = digits <= 6 && reader.number(digits == 3 || digits == 5 ? 1 : 2, hours) && reader.number(2, minutes)
            && (digits < 5 || reader.number(2, seconds));
    if (read && digits <= 2 && reader.eat(u':')) {
        read = reader.number(2, minutes);
        if (read && reader.eat(u':'))
            read = reader.number(2, seconds);
    }
    const int total = hours * 3'600 + minutes * 60 + seconds;
    if (!read || !reader.atEnd() || minutes > 59 || seconds > 59 || total > 18 * 3'600)
        return std::nullopt;
    return negative ? -total : total;
}

std::optional<Moment> readMoment(QStringView text)
{
    Reader reader(text);
    LocalDateTime time;
    if (!readDate(reader, time.date))
        return std::nullopt;
    if (reader.peek() == u'T' || reader.peek() == u't') {
        reader.eat(reader.peek());
        if (!readTime(reader, time))
            return std::nullopt;
    }
    const std::optional<int> offset = readOffset(reader.rest());
    if (!offset)
        return std::nullopt;
    return Moment{localSeconds(time) - *offset, time.nano};
}

QString dateText(const Date &date)
{
    QString year = padded(std::abs(date.year), 4);
    if (date.year < 0)
        year.prepend(u'-');
    else if (date.year > 9'999)
        year.prepend(u'+');
    return year + u'-' + padded(date.month, 2) + u'-' + padded(date.day, 2);
}

QString momentText(const Moment &moment)
{
    const LocalDateTime time = utcOf(moment);
    return dateText(time.date) + u'T' + padded(time.hour, 2) + u':' + padded(time.minute, 2) + u':'
        + padded(time.second, 2) + u'.' + padded(time.nano / 1'000'000, 3) + u'Z';
}

} // namespace gatehouse::core::expr
