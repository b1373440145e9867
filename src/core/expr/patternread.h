// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fields that a pattern reads from a text, and how they make a date and a time, as java.time resolves them in its
// smart style. For the sources of pattern.h; values, any thread.
#pragma once

#include "core/expr/pattern.h"

namespace gatehouse::core::expr {

enum class DateField {
    Era,         // 1 is AD, 0 is BC
    Year,        // u
    YearOfEra,   // y
    WeekYear,    // Y
    Month,
    Quarter,
    Day,
    DayOfYear,
    DayOfWeek,   // 1 is Monday
    LocalDay,    // 1 is Sunday
    WeekOfYear,  // w
    WeekOfMonth, // W
    AlignedDay,  // F
    JulianDay,   // g
    AmPm,
    Hour,        // H
    ClockHour,   // k
    HourOfAmPm,  // K
    ClockHourOfAmPm, // h
    Minute,
    Second,
    Nano,
    MilliOfDay,
    NanoOfDay,
};

inline constexpr int kDateFieldCount = int(DateField::NanoOfDay) + 1;

struct DateFields {
    std::optional<qint64> values[kDateFieldCount] = {};
    std::shared_ptr<const Zone> zone;

    std::optional<qint64> &operator[](DateField field) { return values[int(field)]; }
    const std::optional<qint64> &operator[](DateField field) const { return values[int(field)]; }
};

/// Empty when fields are missing, out of range or contradict each other.
[[nodiscard]] std::optional<ReadTime> resolved(const DateFields &fields);

} // namespace gatehouse::core::expr
