// SPDX-License-Identifier: GPL-3.0-or-later
//
// Dates and times of the proleptic ISO calendar, and the ISO 8601 texts that #datetime reads and writes. Plain values
// and pure functions, any thread; there is no clock and no time zone here.
#pragma once

#include <QString>
#include <QStringView>

#include <optional>

namespace gatehouse::core::expr {

inline constexpr qint64 kSecondsPerDay = 86'400;
/// The years java.time knows.
inline constexpr qint64 kMaxYear = 999'999'999;

struct Date {
    qint64 year = 1970;
    int month = 1; ///< from 1
    int day = 1;   ///< from 1
    bool operator==(const Date &) const = default;
};

struct LocalDateTime {
    Date date;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int nano = 0;
};

/// A moment: seconds since 1970 in UTC, and nanoseconds of that second.
struct Moment {
    qint64 seconds = 0;
    int nano = 0;
};

bool isLeapYear(qint64 year);
int daysInMonth(qint64 year, int month);
/// Days since 1970-01-01.
qint64 daysOf(const Date &date);
Date dateOfDays(qint64 days);
/// 1 is Monday, 7 is Sunday.
int dayOfWeek(qint64 days);
int dayOfYear(const Date &date);
/// The date so many months later, its day moved to the month's last one when there is no such day.
Date plusMonths(const Date &date, qint64 months);
/// Whole months from @p from to @p to, negative when @p to is earlier.
qint64 monthsBetween(const Date &from, const Date &to);

/// Seconds since 1970 as if the local time were UTC.
qint64 localSeconds(const LocalDateTime &time);
LocalDateTime localOf(qint64 localSeconds, int nano);
LocalDateTime utcOf(const Moment &moment);

/// Reads "2023-01-01T23:59:59.123Z", an offset in place of Z, or a date "2023-01-01Z" which is its midnight.
std::optional<Moment> readMoment(QStringView text);
/// "+01:00", "+0100", "+01", "+1", "+100", with seconds too; in seconds. Up to 18 hours.
std::optional<int> readOffset(QStringView text);

/// "2023-01-01T23:59:59.001Z"; finer than milliseconds is cut.
QString momentText(const Moment &moment);
/// "2023-01-01": more than four digits of the year get a sign.
QString dateText(const Date &date);

} // namespace gatehouse::core::expr
