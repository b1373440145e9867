// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/patternread.h"

namespace gatehouse::core::expr {

namespace {

bool inRange(const std::optional<qint64> &value, qint64 least, qint64 most)
{
    return !value || (*value >= least && *value <= most);
}

bool rangesHold(const DateFields &fields)
{
    using F = DateField;
    return inRange(fields[F::Year], -kMaxYear, kMaxYear) && inRange(fields[F::YearOfEra], 1, kMaxYear)
        && inRange(fields[F::WeekYear], -kMaxYear, kMaxYear) && inRange(fields[F::Month], 1, 12)
        && inRange(fields[F::Quarter], 1, 4) && inRange(fields[F::Day], 1, 31)
        && inRange(fields[F::DayOfYear], 1, 366) && inRange(fields[F::LocalDay], 1, 7)
        && inRange(fields[F::WeekOfYear], 1, 53) && inRange(fields[F::WeekOfMonth], 0, 6)
        && inRange(fields[F::AlignedDay], 1, 7) && inRange(fields[F::Hour], 0, 24)
        && inRange(fields[F::ClockHour], 0, 24) && inRange(fields[F::HourOfAmPm], 0, 11)
        && inRange(fields[F::ClockHourOfAmPm], 0, 12) && inRange(fields[F::Minute], 0, 59)
        && inRange(fields[F::Second], 0, 59) && inRange(fields[F::Nano], 0, 999'999'999)
        && inRange(fields[F::MilliOfDay], 0, 86'399'999) && inRange(fields[F::NanoOfDay], 0, 86'399'999'999'999)
        && inRange(fields[F::JulianDay], -365'000'000'000, 365'000'000'000);
}

std::optional<qint64> yearOf(const DateFields &fields)
{
    std::optional<qint64> year = fields[DateField::Year];
    if (const std::optional<qint64> ofEra = fields[DateField::YearOfEra]) {
        const qint64 resolved = fields[DateField::Era] == 0 ? 1 - *ofEra : *ofEra;
        if (year && *year != resolved)
            return std::nullopt;
        year = resolved;
    }
    return year;
}

/// The week's day as 1 for Sunday to 7 for Saturday.
std::optional<int> localDay(const DateFields &fields)
{
    if (fields[DateField::LocalDay])
        return int(*fields[DateField::LocalDay]);
    if (fields[DateField::DayOfWeek])
        return int(*fields[DateField::DayOfWeek]) % 7 + 1;
    return std::nullopt;
}

std::optional<Date> dateOf(const DateFields &fields, bool &byWeek)
{
    using F = DateField;
    if (fields[F::JulianDay])
        return dateOfDays(*fields[F::JulianDay] - 40'587);
    const std::optional<qint64> year = yearOf(fields);
    const std::optional<int> weekDay = localDay(fields);
    if (year && fields[F::Month] && fields[F::Day]) {
        // A day that the month does not have becomes its last one.
        const int month = int(*fields[F::Month]);
        return Date{*year, month, std::min(int(*fields[F::Day]), daysInMonth(*year, month))};
    }
    if (year && fields[F::DayOfYear]) {
        if (*fields[F::DayOfYear] > (isLeapYear(*year) ? 366 : 365))
            return std::nullopt;
        return dateOfDays(daysOf({*year, 1, 1}) + *fields[F::DayOfYear] - 1);
    }
    byWeek = true; // the week may reach into the next month or year
    if (year && fields[F::Month] && fields[F::WeekOfMonth] && weekDay) {
        const qint64 first = daysOf({*year, int(*fields[F::Month]), 1});
        return dateOfDays(first - (localDayOfWeek(first) - 1) + (*fields[F::WeekOfMonth] - 1) * 7 + *weekDay - 1);
    }
    if (fields[F::WeekYear] && fields[F::WeekOfYear] && weekDay) {
        const qint64 first = daysOf({*fields[F::WeekYear], 1, 1});
        return dateOfDays(first - (localDayOfWeek(first) - 1) + (*fields[F::WeekOfYear] - 1) * 7 + *weekDay - 1);
    }
    return std::nullopt;
}

/// What was read besides must say the same.
bool agrees(const DateFields &fields, const Date &date, bool byWeek)
{
    using F = DateField;
    const qint64 days = daysOf(date);
    const Week week = weekOf(date);
    const auto same = [&](F field, qint64 value) { return !fields[field] || *fields[field] == value; };
    const std::optional<qint64> year = yearOf(fields);
    const bool clamped = fields[F::Day] && *fields[F::Day] > daysInMonth(date.year, date.month);
    if (byWeek)
        return same(F::DayOfWeek, dayOfWeek(days)) && same(F::LocalDay, localDayOfWeek(days));
    return (!year || *year == date.year) && same(F::Month, date.month) && (clamped || same(F::Day, date.day))
        && same(F::Quarter, (date.month - 1) / 3 + 1) && same(F::DayOfYear, dayOfYear(date))
        && same(F::DayOfWeek, dayOfWeek(days)) && same(F::LocalDay, localDayOfWeek(days))
        && same(F::WeekYear, week.year) && same(F::WeekOfYear, week.week) && same(F::WeekOfMonth, weekOfMonth(date))
        && same(F::AlignedDay, (date.day - 1) % 7 + 1);
}

/// Nothing read is midnight; minutes without an hour are not a time. 24:00 is the next day's midnight.
bool timeOf(const DateFields &fields, LocalDateTime &time, bool &nextDay)
{
    using F = DateField;
    if (fields[F::NanoOfDay] || fields[F::MilliOfDay]) {
        const qint64 nanos = fields[F::NanoOfDay] ? *fields[F::NanoOfDay] : *fields[F::MilliOfDay] * 1'000'000;
        const LocalDateTime read = localOf(nanos / 1'000'000'000, int(nanos % 1'000'000'000));
        time.hour = read.hour;
        time.minute = read.minute;
        time.second = read.second;
        time.nano = read.nano;
        return true;
    }
    std::optional<qint64> hour = fields[F::Hour];
    const auto add = [&hour](qint64 other) {
        if (hour && *hour != other)
            return false;
        hour = other;
        return true;
    };
    if (fields[F::ClockHour] && !add(*fields[F::ClockHour] % 24))
        return false;
    std::optional<qint64> ofHalf = fields[F::HourOfAmPm];
    if (fields[F::ClockHourOfAmPm]) {
        const qint64 other = *fields[F::ClockHourOfAmPm] % 12;
        if (ofHalf && *ofHalf != other)
            return false;
        ofHalf = other;
    }
    if (ofHalf && fields[F::AmPm] && !add(*fields[F::AmPm] * 12 + *ofHalf))
        return false;
    if (!hour)
        return !ofHalf && !fields[F::AmPm] && !fields[F::Minute] && !fields[F::Second] && !fields[F::Nano];
    if (fields[F::AmPm] && *hour < 24 && *hour / 12 != *fields[F::AmPm])
        return false;
    if ((fields[F::Second] && !fields[F::Minute]) || (fields[F::Nano] && !fields[F::Second]))
        return false;
    time.minute = int(fields[F::Minute].value_or(0));
    time.second = int(fields[F::Second].value_or(0));
    time.nano = int(fields[F::Nano].value_or(0));
    nextDay = *hour == 24;
    time.hour = nextDay ? 0 : int(*hour);
    return !nextDay || (time.minute == 0 && time.second == 0 && time.nano == 0);
}

} // namespace

std::optional<ReadTime> resolved(const DateFields &fields)
{
    if (!rangesHold(fields))
        return std::nullopt;
    bool byWeek = false;
    const std::optional<Date> date = dateOf(fields, byWeek);
    if (!date || !agrees(fields, *date, byWeek))
        return std::nullopt;
    ReadTime result;
    result.zone = fields.zone;
    result.time.date = *date;
    bool nextDay = false;
    if (!timeOf(fields, result.time, nextDay))
        return std::nullopt;
    if (nextDay)
        result.time.date = dateOfDays(daysOf(*date) + 1);
    return result;
}

} // namespace gatehouse::core::expr
