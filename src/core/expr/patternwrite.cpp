// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/pattern.h"

namespace gatehouse::core::expr {

namespace {

class PatternWriter {
public:
    PatternWriter(const Moment &moment, const Zone &zone, Meter &meter)
        : m_moment(moment), m_zone(zone), m_meter(meter), m_offset(zone.offsetAt(moment.seconds)),
          m_time(localOf(moment.seconds + m_offset, moment.nano)), m_days(daysOf(m_time.date))
    {
    }

    bool run(const std::vector<PatternElement> &elements, QString &out) const
    {
        for (const PatternElement &element : elements) {
            const bool names = element.letter == u'z' || element.letter == u'v';
            if (!m_meter.steps(names ? kZoneNameWriteSteps : 1))
                return false;
            if (element.kind == PatternElement::Kind::Literal) {
                out += element.literal;
            } else if (element.kind == PatternElement::Kind::Optional) {
                if (!run(element.children, out))
                    return false;
            } else {
                const QString text = letters(element.letter, element.count);
                if (element.pad > 0 && text.size() > element.pad)
                    return false;
                out += text.rightJustified(element.pad, u' ');
            }
        }
        return true;
    }

private:
    static QString number(qint64 value, int width)
    {
        const QString digits = QString::number(std::abs(value)).rightJustified(width, u'0');
        return value < 0 ? u'-' + digits : digits;
    }

    /// Four letters and more show a plus before a year that has more digits.
    static QString year(qint64 value, int count)
    {
        if (count == 2)
            return number(std::abs(value) % 100, 2);
        const QString text = number(value, count);
        return count >= 4 && value >= 0 && text.size() > count ? u'+' + text : text;
    }

    static NameStyle style(int count)
    {
        return count == 4 ? NameStyle::Full : count == 5 ? NameStyle::Narrow : NameStyle::Short;
    }

    qint64 nanoOfDay() const
    {
        return (m_time.hour * 3'600LL + m_time.minute * 60 + m_time.second) * 1'000'000'000LL + m_time.nano;
    }

    QString letters(char16_t letter, int count) const
    {
        const Date &date = m_time.date;
        const int hour12 = m_time.hour % 12;
        const int quarter = (date.month - 1) / 3 + 1;
        switch (letter) {
        case u'G':
            return eraName(date.year > 0, style(std::max(count, 3)));
        case u'u':
            return year(date.year, count);
        case u'y':
            return year(date.year > 0 ? date.year : 1 - date.year, count);
        case u'Y':
            return year(weekOf(date).year, count);
        case u'M':
        case u'L':
            return count <= 2 ? number(date.month, count) : monthName(date.month, style(count));
        case u'Q':
        case u'q':
            return count <= 2 ? number(quarter, count) : quarterName(quarter, style(count));
        case u'E':
            return dayName(dayOfWeek(m_days), style(std::max(count, 3)));
        case u'e':
        case u'c':
            return count <= 2 ? number(localDayOfWeek(m_days), count) : dayName(dayOfWeek(m_days), style(count));
        case u'D':
            return number(dayOfYear(date), count);
        case u'd':
            return number(date.day, count);
        case u'F':
            return number((date.day - 1) % 7 + 1, 1);
        case u'w':
            return number(weekOf(date).week, count);
        case u'W':
            return number(weekOfMonth(date), 1);
        case u'g':
            return number(m_days + 40'587, count); // modified Julian day of 1970-01-01
        case u'a':
            return m_time.hour < 12 ? QStringLiteral("AM") : QStringLiteral("PM");
        case u'H':
            return number(m_time.hour, count);
        case u'k':
            return number(m_time.hour == 0 ? 24 : m_time.hour, count);
        case u'K':
            return number(hour12, count);
        case u'h':
            return number(hour12 == 0 ? 12 : hour12, count);
        case u'm':
            return number(m_time.minute, count);
        case u's':
            return number(m_time.second, count);
        case u'S':
            return number(m_time.nano, 9).left(count);
        case u'A':
            return number(nanoOfDay() / 1'000'000, count);
        case u'n':
            return number(m_time.nano, count);
        case u'N':
            return number(nanoOfDay(), count);
        default:
            return zoneLetters(letter, count);
        }
    }

    QString zoneLetters(char16_t letter, int count) const
    {
        static constexpr QStringView kForms[] = {u"+HHmm", u"+HHMM", u"+HH:MM", u"+HHMMss", u"+HH:MM:ss"};
        const auto length = count == 4 ? Zone::Length::Long : Zone::Length::Short;
        switch (letter) {
        case u'V':
            return m_zone.id();
        case u'v':
            return m_zone.genericName(length, m_moment.seconds);
        case u'z':
            return m_zone.specificName(length, m_moment.seconds);
        case u'O':
            return gmtText(m_offset, length);
        case u'X':
            return offsetText(m_offset, kForms[count - 1], u"Z");
        case u'x':
            return offsetText(m_offset, kForms[count - 1],
                              count == 1 ? u"+00" : count % 2 == 0 ? u"+0000" : u"+00:00");
        default: // Z
            if (count == 4)
                return gmtText(m_offset, Zone::Length::Long);
            return count == 5 ? offsetText(m_offset, u"+HH:MM:ss", u"Z") : offsetText(m_offset, u"+HHMM", u"+0000");
        }
    }

    const Moment &m_moment;
    const Zone &m_zone;
    Meter &m_meter;
    int m_offset;
    LocalDateTime m_time;
    qint64 m_days;
};

} // namespace

std::optional<QString> DateTimePattern::write(const Moment &moment, const Zone &zone, Meter &meter) const
{
    QString result;
    return PatternWriter(moment, zone, meter).run(m_elements, result) ? std::optional<QString>(result) : std::nullopt;
}

} // namespace gatehouse::core::expr
