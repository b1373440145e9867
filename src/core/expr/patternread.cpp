// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/patternread.h"

namespace gatehouse::core::expr {

namespace {

class PatternParser {
public:
    PatternParser(const QString &text, Meter &meter) : m_text(text), m_meter(meter) {}

    bool run(const std::vector<PatternElement> &elements)
    {
        for (const PatternElement &element : elements) {
            if (!m_meter.steps(1) || !read(element))
                return false;
        }
        return true;
    }

    bool atEnd() const { return m_at == m_text.size(); }
    const DateFields &fields() const { return m_fields; }

private:
    QChar peek(qsizetype ahead = 0) const { return m_at + ahead < m_text.size() ? m_text.at(m_at + ahead) : QChar(); }
    QStringView rest() const { return QStringView(m_text).mid(m_at); }

    bool read(const PatternElement &element)
    {
        switch (element.kind) {
        case PatternElement::Kind::Literal:
            if (!rest().startsWith(element.literal))
                return false;
            m_at += element.literal.size();
            return true;
        case PatternElement::Kind::Optional: {
            const qsizetype at = m_at;
            const DateFields fields = m_fields;
            if (!run(element.children)) {
                if (m_meter.isSpent())
                    return false;
                m_at = at;
                m_fields = fields;
            }
            return true;
        }
        default:
            return element.pad > 0 ? padded(element) : letters(element);
        }
    }

    /// Exactly pad units, blanks first.
    bool padded(const PatternElement &element)
    {
        const qsizetype end = m_at + element.pad;
        if (end > m_text.size())
            return false;
        while (m_at < end && peek() == u' ')
            ++m_at;
        return letters(element) && m_at == end;
    }

    bool set(DateField field, qint64 value)
    {
        if (m_fields[field] && *m_fields[field] != value)
            return false;
        m_fields[field] = value;
        return true;
    }

    bool setZone(std::shared_ptr<const Zone> zone)
    {
        if (!zone || (m_fields.zone && m_fields.zone->id() != zone->id()))
            return false;
        m_fields.zone = std::move(zone);
        return true;
    }

    enum class Sign { None, Minus, PlusWhenLonger };

    /// A number of least to most digits, some of which may be left to what follows.
    bool number(int least, int most, Sign sign, int reserved, qint64 &value)
    {
        const bool negative = sign != Sign::None && peek() == u'-';
        const bool positive = sign == Sign::PlusWhenLonger && peek() == u'+';
        const qsizetype start = m_at + (negative || positive ? 1 : 0);
        qsizetype digits = 0;
        while (start + digits < m_text.size() && digits < most + reserved && m_text.at(start + digits) >= u'0'
               && m_text.at(start + digits) <= u'9')
            ++digits;
        if (reserved > 0)
            digits = std::max<qsizetype>(least, digits - reserved);
        if (digits < least || digits > 18 || start + digits > m_text.size())
            return false;
        if (sign == Sign::PlusWhenLonger && !negative && positive != (digits > least))
            return false;
        bool ok = false;
        value = QStringView(m_text).mid(start, digits).toLongLong(&ok);
        if (!ok)
            return false;
        value = negative ? -value : value;
        m_at = start + digits;
        return true;
    }

    bool numeric(const PatternElement &element, DateField field)
    {
        qint64 value = 0;
        const bool fixed = element.count == 2;
        return number(fixed ? 2 : 1, fixed ? 2 : 18, fixed ? Sign::None : Sign::Minus, element.reserved, value)
            && set(field, value);
    }

    bool year(const PatternElement &element, DateField field)
    {
        qint64 value = 0;
        if (element.count == 2) { // 00 to 99 are 2000 to 2099
            if (!number(2, 2, Sign::None, 0, value))
                return false;
            return set(field, 2000 + value);
        }
        const Sign sign = element.count >= 4 ? Sign::PlusWhenLonger : Sign::Minus;
        return number(element.count, 18, sign, element.reserved, value) && set(field, value);
    }

    /// The longest name that stands here; one letter that stands for several is not read.
    template <typename Name>
    bool name(int first, int last, DateField field, Name nameOf)
    {
        int found = -1;
        QString longest;
        for (int value = first; value <= last; ++value) {
            const QString candidate = nameOf(value);
            if (!rest().startsWith(candidate) || candidate.size() < longest.size())
                continue;
            found = candidate.size() == longest.size() ? -1 : value;
            longest = candidate;
        }
        m_at += longest.size();
        return found >= 0 && set(field, found);
    }

    bool letters(const PatternElement &element)
    {
        const int count = element.count;
        const auto style = count == 4 ? NameStyle::Full : count == 5 ? NameStyle::Narrow : NameStyle::Short;
        qint64 value = 0;
        switch (element.letter) {
        case u'G':
            return name(0, 1, DateField::Era, [=](int era) { return eraName(era == 1, style); });
        case u'u':
            return year(element, DateField::Year);
        case u'y':
            return year(element, DateField::YearOfEra);
        case u'Y':
            return year(element, DateField::WeekYear);
        case u'M':
        case u'L':
            if (count <= 2)
                return numeric(element, DateField::Month);
            return name(1, 12, DateField::Month, [=](int month) { return monthName(month, style); });
        case u'Q':
        case u'q':
            if (count <= 2)
                return numeric(element, DateField::Quarter);
            return name(1, 4, DateField::Quarter, [=](int quarter) { return quarterName(quarter, style); });
        case u'E':
        case u'e':
        case u'c':
            if (element.letter != u'E' && count <= 2)
                return numeric(element, DateField::LocalDay);
            return name(1, 7, DateField::DayOfWeek, [=](int day) { return dayName(day, style); });
        case u'D':
            return number(count, 3, count == 3 ? Sign::None : Sign::Minus, element.reserved, value)
                && set(DateField::DayOfYear, value);
        case u'd':
            return numeric(element, DateField::Day);
        case u'F':
            return numeric(element, DateField::AlignedDay);
        case u'w':
            return numeric(element, DateField::WeekOfYear);
        case u'W':
            return numeric(element, DateField::WeekOfMonth);
        case u'g':
            return number(count, 18, Sign::Minus, element.reserved, value) && set(DateField::JulianDay, value);
        case u'a':
            return name(0, 1, DateField::AmPm, [](int half) {
                return half == 0 ? QStringLiteral("AM") : QStringLiteral("PM");
            });
        default:
            return timeLetters(element);
        }
    }

    bool timeLetters(const PatternElement &element)
    {
        qint64 value = 0;
        switch (element.letter) {
        case u'H':
            return numeric(element, DateField::Hour);
        case u'k':
            return numeric(element, DateField::ClockHour);
        case u'K':
            return numeric(element, DateField::HourOfAmPm);
        case u'h':
            return numeric(element, DateField::ClockHourOfAmPm);
        case u'm':
            return numeric(element, DateField::Minute);
        case u's':
            return numeric(element, DateField::Second);
        case u'S':
            if (!number(element.count, element.count, Sign::None, 0, value))
                return false;
            for (int place = element.count; place < 9; ++place)
                value *= 10;
            return set(DateField::Nano, value);
        case u'A':
            return number(element.count, 18, Sign::None, element.reserved, value) && set(DateField::MilliOfDay, value);
        case u'n':
            return number(element.count, 18, Sign::None, element.reserved, value) && set(DateField::Nano, value);
        case u'N':
            return number(element.count, 18, Sign::None, element.reserved, value) && set(DateField::NanoOfDay, value);
        default:
            return zoneLetters(element);
        }
    }

    bool zoneLetters(const PatternElement &element)
    {
        const int count = element.count;
        switch (element.letter) {
        case u'X':
            return offset(count, u"Z");
        case u'x':
            return offset(count, QStringView());
        case u'Z':
            if (count == 4)
                return gmtOffset();
            return count == 5 ? offset(5, u"Z") : offset(2, QStringView());
        case u'O':
            return gmtOffset();
        case u'V':
            return zoneId();
        default: // z, v
            return zoneName() || zoneId();
        }
    }

    bool twoDigits(qsizetype ahead, int &value) const
    {
        const QChar tens = peek(ahead);
        const QChar ones = peek(ahead + 1);
        if (tens < u'0' || tens > u'9' || ones < u'0' || ones > u'9')
            return false;
        value = (tens.unicode() - u'0') * 10 + (ones.unicode() - u'0');
        return true;
    }

    /// 1: +HH, minutes when given; 2: +HHMM; 3: +HH:MM; 4 and 5 with seconds when given.
    bool offset(int form, QStringView utc)
    {
        if (!utc.isEmpty() && rest().startsWith(utc)) {
            m_at += utc.size();
            return setZone(Zone::fixed(0));
        }
        const bool negative = peek() == u'-';
        if (!negative && peek() != u'+')
            return false;
        const bool colon = form == 3 || form == 5;
        int hours = 0;
        int minutes = 0;
        int seconds = 0;
        qsizetype length = 1;
        if (!twoDigits(length, hours))
            return false;
        length += 2;
        const auto part = [&](int &value) {
            const qsizetype skip = colon ? 1 : 0;
            if ((colon && peek(length) != u':') || !twoDigits(length + skip, value))
                return false;
            length += 2 + skip;
            return true;
        };
        if (!part(minutes) && form != 1)
            return false;
        if (form >= 4)
            part(seconds);
        const int total = hours * 3'600 + minutes * 60 + seconds;
        if (minutes > 59 || seconds > 59 || total > 18 * 3'600)
            return false;
        m_at += length;
        return setZone(Zone::fixed(negative ? -total : total));
    }

    /// GMT, GMT+8, GMT+08:00
    bool gmtOffset()
    {
        if (!rest().startsWith(u"GMT"))
            return false;
        m_at += 3;
        if (peek() != u'+' && peek() != u'-')
            return setZone(Zone::fixed(0));
        qsizetype length = 1;
        while (length < 9 && (peek(length) == u':' || (peek(length) >= u'0' && peek(length) <= u'9')))
            ++length;
        const std::optional<int> offset = readOffset(rest().left(length));
        m_at += length;
        return offset && setZone(Zone::fixed(*offset));
    }

    bool zoneName()
    {
        if (!m_meter.steps(kZoneNameReadSteps))
            return false;
        for (const ZoneName &name : zoneNames()) {
            if (rest().startsWith(name.name)) {
                const QChar next = peek(name.name.size());
                if (next.isLetter() || next == u'+' || next == u'-')
                    continue; // "GMT+1", or a word that only begins like this
                m_at += name.name.size();
                return setZone(Zone::of(name.id));
            }
        }
        return false;
    }

    /// The longest text from here that names a zone.
    bool zoneId()
    {
        qsizetype length = 0;
        while (length < 48) {
            const char16_t unit = peek(length).unicode();
            const bool part = (unit >= u'a' && unit <= u'z') || (unit >= u'A' && unit <= u'Z')
                || (unit >= u'0' && unit <= u'9') || QStringView(u"/_+-:~.").contains(QChar(unit));
            if (unit == 0 || !part)
                break;
            ++length;
        }
        for (; length > 0 && m_meter.steps(kZoneSteps); --length) {
            if (std::shared_ptr<const Zone> zone = Zone::of(rest().left(length).toString())) {
                m_at += length;
                return setZone(std::move(zone));
            }
        }
        return false;
    }

    const QString &m_text;
    Meter &m_meter;
    qsizetype m_at = 0;
    DateFields m_fields;
};

} // namespace

std::optional<ReadTime> DateTimePattern::read(const QString &text, Meter &meter) const
{
    PatternParser parser(text, meter);
    if (!parser.run(m_elements) || !parser.atEnd())
        return std::nullopt;
    return resolved(parser.fields());
}

} // namespace gatehouse::core::expr
