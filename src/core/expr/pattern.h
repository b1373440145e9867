// SPDX-License-Identifier: GPL-3.0-or-later
//
// A pattern of java.time.format.DateTimeFormatter in English: writes a moment, reads a text. Immutable, any thread.
// Where Java throws, the answer is empty.
#pragma once

#include "core/expr/meter.h"
#include "core/expr/zone.h"

namespace gatehouse::core::expr {

/// One letter group, literal, or optional section of a pattern.
struct PatternElement {
    enum class Kind { Literal, Letters, Optional };
    Kind kind = Kind::Literal;
    QString literal = {};
    char16_t letter = 0;
    int count = 0;
    int pad = 0;      ///< width to pad to with blanks, 0 for none (pattern letter p)
    int reserved = 0; ///< digits of the numbers that follow without a sign between
    std::vector<PatternElement> children = {};
};

/// What was read from a text: a local time, and the zone if the text named one.
struct ReadTime {
    LocalDateTime time;
    std::shared_ptr<const Zone> zone;
};

class DateTimePattern {
public:
    [[nodiscard]] static std::optional<DateTimePattern> compile(const QString &pattern);

    /// Empty, too, when the meter is spent.
    [[nodiscard]] std::optional<QString> write(const Moment &moment, const Zone &zone, Meter &meter) const;
    [[nodiscard]] std::optional<ReadTime> read(const QString &text, Meter &meter) const;

private:
    std::vector<PatternElement> m_elements;
};

/// English names of months, days, quarters ... by the number they stand for.
enum class NameStyle { Short, Full, Narrow };
QString monthName(int month, NameStyle style);
QString dayName(int isoDay, NameStyle style);
QString quarterName(int quarter, NameStyle style);
QString eraName(bool common, NameStyle style);

/// Weeks as Java's English locale counts them: they begin on Sunday, the first one holds the first of January.
struct Week {
    qint64 year = 0;
    int week = 0;
};
Week weekOf(const Date &date);
int weekOfMonth(const Date &date);
/// 1 is Sunday, 7 is Saturday.
int localDayOfWeek(qint64 days);

} // namespace gatehouse::core::expr
