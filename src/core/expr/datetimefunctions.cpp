// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/calendar.h"
#include "core/expr/convert.h"
#include "core/expr/functions.h"
#include "core/expr/pattern.h"

namespace gatehouse::core::expr {

namespace {

/// Patterns and zones among the arguments that are constants, by argument index. Absent ones are not valid.
struct PreparedTime final : Prepared {
    std::vector<std::optional<DateTimePattern>> patterns;
    std::vector<std::shared_ptr<const Zone>> zones;
    std::vector<bool> known;
};

using Problems = std::vector<std::pair<int, QString>>;

template <int PatternAt, int ZoneAt>
std::shared_ptr<const Prepared> prepare(ConstantArguments arguments, Problems &)
{
    auto result = std::make_shared<PreparedTime>();
    result->patterns.resize(arguments.size());
    result->zones.resize(arguments.size());
    result->known.resize(arguments.size());
    const auto constant = [&](int index) {
        return index >= 0 && size_t(index) < arguments.size() && arguments[size_t(index)]
            && arguments[size_t(index)]->isString();
    };
    if (constant(PatternAt)) {
        result->patterns[PatternAt] = DateTimePattern::compile(arguments[PatternAt]->string());
        result->known[PatternAt] = true;
    }
    if (constant(ZoneAt)) {
        result->zones[size_t(ZoneAt)] = Zone::of(arguments[size_t(ZoneAt)]->string());
        result->known[size_t(ZoneAt)] = true;
    }
    return result;
}

/// The options of parse: their zone is made once, too, when they are a constant.
std::shared_ptr<const Prepared> prepareParse(ConstantArguments arguments, Problems &problems)
{
    const std::shared_ptr<const Prepared> result = prepare<1, -1>(arguments, problems);
    const Value *options = arguments.size() > 2 ? arguments[2] : nullptr;
    const Value *id = options && options->kind() == Kind::Map ? options->map().find(QStringLiteral("zoneid")) : nullptr;
    if (!id || !id->isString())
        return result;
    auto changed = std::make_shared<PreparedTime>(static_cast<const PreparedTime &>(*result));
    changed->zones[2] = Zone::of(id->string());
    changed->known[2] = true;
    return changed;
}

/// The pattern that an argument is; it may be made in @p made. nullptr when it is not valid.
const DateTimePattern *patternAt(Call &call, int index, const QString &text, std::optional<DateTimePattern> &made)
{
    const auto *prepared = static_cast<const PreparedTime *>(call.prepared());
    const bool known = prepared && prepared->known[size_t(index)];
    if (!known)
        made = call.meter().steps(text.size()) ? DateTimePattern::compile(text) : std::nullopt;
    const std::optional<DateTimePattern> &pattern = known ? prepared->patterns[size_t(index)] : made;
    return pattern ? &*pattern : nullptr;
}

std::shared_ptr<const Zone> zoneAt(Call &call, int index, const QString &id)
{
    const auto *prepared = static_cast<const PreparedTime *>(call.prepared());
    if (prepared && prepared->known[size_t(index)])
        return prepared->zones[size_t(index)];
    return call.meter().steps(kZoneSteps) ? Zone::of(id) : nullptr;
}

std::optional<Moment> momentAt(Call &call, int index)
{
    const QString *text = call.text(index);
    return text && text->size() <= kMaxMomentLength ? readMoment(*text) : std::nullopt;
}

bool giveMoment(Call &call, const Moment &moment)
{
    if (std::abs(utcOf(moment).date.year) > kMaxYear)
        return call.giveNull();
    return call.giveText(momentText(moment));
}

template <qint64 Seconds>
bool addSeconds(Call &call)
{
    std::optional<Moment> moment = momentAt(call, 0);
    qint32 amount = 0;
    if (call.failed() || !call.integer(1, amount))
        return false;
    if (!moment)
        return call.giveNull();
    moment->seconds += amount * Seconds;
    return giveMoment(call, *moment);
}

template <int Months>
bool addMonths(Call &call)
{
    const std::optional<Moment> moment = momentAt(call, 0);
    qint32 amount = 0;
    if (call.failed() || !call.integer(1, amount))
        return false;
    if (!moment)
        return call.giveNull();
    LocalDateTime time = utcOf(*moment);
    time.date = plusMonths(time.date, qint64(amount) * Months);
    return giveMoment(call, {localSeconds(time), time.nano});
}

template <int (*Field)(const LocalDateTime &)>
bool getField(Call &call)
{
    const std::optional<Moment> moment = momentAt(call, 0);
    if (call.failed())
        return false;
    return call.give(qint32(moment ? Field(utcOf(*moment)) : -1));
}

int dayOf(const LocalDateTime &time)
{
    return time.date.day;
}

int monthOf(const LocalDateTime &time)
{
    return time.date.month;
}

int yearOf(const LocalDateTime &time)
{
    return int(time.date.year);
}

int hourOf(const LocalDateTime &time)
{
    return time.hour;
}

int minuteOf(const LocalDateTime &time)
{
    return time.minute;
}

int secondOf(const LocalDateTime &time)
{
    return time.second;
}

bool now(Call &call)
{
    const qint64 milliseconds = call.context().now();
    const qint64 rest = ((milliseconds % 1'000) + 1'000) % 1'000;
    return giveMoment(call, {(milliseconds - rest) / 1'000, int(rest) * 1'000'000});
}

bool toDateTime(Call &call)
{
    qint32 given[6] = {};
    for (int index = 0; index < 6; ++index) {
        if (call.isNull(index))
            return call.giveNull();
        if (!call.integer(index, given[index]))
            return false;
    }
    const auto [year, month, day, hour, minute, second] = given;
    if (std::abs(qint64(year)) > kMaxYear || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)
        || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return call.giveNull();
    return giveMoment(call, {localSeconds({{year, month, day}, hour, minute, second, 0}), 0});
}

bool toDate(Call &call)
{
    const std::optional<Moment> moment = momentAt(call, 0);
    if (call.failed())
        return false;
    return moment ? call.giveText(dateText(utcOf(*moment).date) + u'Z') : call.giveNull();
}

/// Milliseconds are shown when there are any.
QString timeText(const LocalDateTime &time)
{
    const auto two = [](int number) { return QString::number(number).rightJustified(2, u'0'); };
    QString text = two(time.hour) + u':' + two(time.minute) + u':' + two(time.second);
    const int milliseconds = time.nano / 1'000'000;
    if (milliseconds != 0)
        text += u'.' + QString::number(milliseconds).rightJustified(3, u'0');
    return text;
}

bool toTime(Call &call)
{
    const std::optional<Moment> moment = momentAt(call, 0);
    if (call.failed())
        return false;
    return moment ? call.giveText(timeText(utcOf(*moment)) + u'Z') : call.giveNull();
}

bool giveWritten(Call &call, const DateTimePattern *pattern, const Moment &moment, const Zone &zone)
{
    if (!call.meter().steps(kPatternSteps))
        return call.fail();
    const std::optional<QString> text = pattern ? pattern->write(moment, zone, call.meter()) : std::nullopt;
    if (call.meter().isSpent())
        return call.fail();
    return text ? call.giveText(*text) : call.giveNull();
}

bool format(Call &call)
{
    const std::optional<Moment> moment = momentAt(call, 0);
    const QString *pattern = call.text(1);
    if (call.failed())
        return false;
    if (!moment || !pattern)
        return call.giveNull();
    static const std::shared_ptr<const Zone> utc = Zone::fixed(0);
    std::optional<DateTimePattern> made;
    return giveWritten(call, patternAt(call, 1, *pattern, made), *moment, *utc);
}

bool toDateTimeInTimezone(Call &call)
{
    const std::optional<Moment> moment = momentAt(call, 0);
    const QString *id = call.text(1);
    const QString *pattern = call.text(2);
    if (call.failed())
        return false;
    const std::shared_ptr<const Zone> zone = id ? zoneAt(call, 1, *id) : nullptr;
    if (call.meter().isSpent())
        return call.fail();
    if (!moment || !zone)
        return call.giveNull();
    std::optional<DateTimePattern> made;
    if (pattern)
        return giveWritten(call, patternAt(call, 2, *pattern, made), *moment, *zone);
    const int offset = zone->offsetAt(moment->seconds);
    const LocalDateTime time = localOf(moment->seconds + offset, moment->nano);
    return call.giveText(dateText(time.date) + u'T' + timeText(time) + offsetText(offset, u"+HHMM", u"+0000"));
}

bool compare(Call &call)
{
    const std::optional<Moment> left = momentAt(call, 0);
    const std::optional<Moment> right = momentAt(call, 1);
    if (call.failed())
        return false;
    if (!left || !right)
        return call.giveNull();
    const auto order = std::pair(left->seconds, left->nano) <=> std::pair(right->seconds, right->nano);
    return call.give(qint32(order < 0 ? -1 : order > 0 ? 1 : 0));
}

/// Whole units between the two dates; the time of the day does not count.
template <qint64 (*Count)(const Date &, const Date &)>
bool between(Call &call)
{
    const std::optional<Moment> left = momentAt(call, 0);
    const std::optional<Moment> right = momentAt(call, 1);
    if (call.failed())
        return false;
    if (!left || !right)
        return call.give(call.at(2));
    return call.give(Count(utcOf(*left).date, utcOf(*right).date));
}

qint64 daysBetween(const Date &from, const Date &to)
{
    return daysOf(to) - daysOf(from);
}

qint64 weeksBetween(const Date &from, const Date &to)
{
    return daysBetween(from, to) / 7;
}

qint64 yearsBetween(const Date &from, const Date &to)
{
    return monthsBetween(from, to) / 12;
}

/// As java.time.Period: whole months, then the days that are left, both of one sign.
QString periodText(const Date &from, const Date &to)
{
    qint64 months = (to.year * 12 + to.month) - (from.year * 12 + from.month);
    qint64 days = to.day - from.day;
    if (months > 0 && days < 0) {
        --months;
        days = daysOf(to) - daysOf(plusMonths(from, months));
    } else if (months < 0 && days > 0) {
        ++months;
        days -= daysInMonth(to.year, to.month);
    }
    QString text = QStringLiteral("P");
    if (months / 12 != 0)
        text += QString::number(months / 12) + u'Y';
    if (months % 12 != 0)
        text += QString::number(months % 12) + u'M';
    if (days != 0 || months == 0)
        text += QString::number(days) + u'D';
    return text;
}

bool periodBetween(Call &call)
{
    const std::optional<Moment> left = momentAt(call, 0);
    const std::optional<Moment> right = momentAt(call, 1);
    if (call.failed())
        return false;
    if (!left || !right)
        return call.give(call.at(2));
    return call.giveText(periodText(utcOf(*left).date, utcOf(*right).date));
}

bool toUnixTimestamp(Call &call)
{
    const std::optional<Moment> moment = momentAt(call, 0);
    if (call.failed())
        return false;
    return moment ? call.give(moment->seconds) : call.giveNull();
}

bool fromUnixTimestamp(Call &call)
{
    if (call.isNull(0))
        return call.giveNull();
    if (!payForNumber(call.at(0), call.meter()))
        return call.fail();
    const std::optional<qint64> seconds = toLong(call.at(0));
    constexpr qint64 most = kMaxYear * 366 * kSecondsPerDay;
    return seconds && *seconds > -most && *seconds < most ? giveMoment(call, {*seconds, 0}) : call.giveNull();
}

/// The options are null or a map whose zoneid is used when the text names no zone.
bool parse(Call &call)
{
    const QString *text = call.text(0);
    const QString *pattern = call.text(1);
    if (call.failed())
        return false;
    if (!call.isNull(2) && call.at(2).kind() != Kind::Map)
        return call.refuse(QStringLiteral("The options must be null or a map {'zoneid': 'Europe/Paris'}."), 2);
    if (!text || !pattern)
        return call.giveNull();
    if (!call.meter().steps(kPatternSteps))
        return call.fail();
    std::optional<DateTimePattern> made;
    const DateTimePattern *compiled = patternAt(call, 1, *pattern, made);
    const std::optional<ReadTime> read = compiled ? compiled->read(*text, call.meter()) : std::nullopt;
    if (call.meter().isSpent())
        return call.fail();
    if (!read)
        return call.giveNull();
    std::shared_ptr<const Zone> zone = read->zone;
    const Value *id = call.isNull(2) ? nullptr : call.at(2).map().find(QStringLiteral("zoneid"));
    if (!zone && id && !id->isNull()) {
        zone = id->isString() ? zoneAt(call, 2, id->string()) : nullptr;
        if (call.meter().isSpent())
            return call.fail();
        if (!zone)
            return call.giveNull();
    }
    const qint64 local = localSeconds(read->time);
    return giveMoment(call, {local - (zone ? zone->offsetOfLocal(local) : 0), read->time.nano});
}

constexpr Parameter kDate{u"date", ValueType::Text};
constexpr Parameter kOther{u"other", ValueType::Text};
constexpr Parameter kPattern{u"pattern", ValueType::Text};
constexpr Parameter kDefault{u"default", ValueType::Any};

FunctionDescription row(QStringView name, std::vector<Parameter> parameters, ValueType result, bool (*code)(Call &),
                        QStringView summary, QStringView example, QStringView exampleResult)
{
    const int count = int(parameters.size());
    return FunctionDescription{u"datetime", name, std::move(parameters), count, count, 0, result,
                               summary, example, exampleResult, code, nullptr};
}

FunctionTable calculations()
{
    constexpr auto text = ValueType::Text;
    constexpr auto number = ValueType::Number;
    const auto days = std::vector<Parameter>{kDate, {u"days", number}};
    return {
        row(u"addDays", days, text, &addSeconds<kSecondsPerDay>, u"So many days later, or earlier when negative.",
            u"#datetime.addDays('2021-01-31T01:01:01Z', 1)", u"\"2021-02-01T01:01:01.000Z\""),
        row(u"addMonths", {kDate, {u"months", number}}, text, &addMonths<1>,
            u"So many months later, at most the last day of the month.",
            u"#datetime.addMonths('2020-12-31T01:01:01.001Z', 2)", u"\"2021-02-28T01:01:01.001Z\""),
        row(u"addYears", {kDate, {u"years", number}}, text, &addMonths<12>, u"So many years later.",
            u"#datetime.addYears('2021-01-31T01:01:01Z', 1)", u"\"2022-01-31T01:01:01.000Z\""),
        row(u"addHours", {kDate, {u"hours", number}}, text, &addSeconds<3'600>, u"So many hours later.",
            u"#datetime.addHours('2020-12-31T23:59:59.001Z', 3)", u"\"2021-01-01T02:59:59.001Z\""),
        row(u"addMinutes", {kDate, {u"minutes", number}}, text, &addSeconds<60>, u"So many minutes later.",
            u"#datetime.addMinutes('2021-01-31T23:59:59Z', 10)", u"\"2021-02-01T00:09:59.000Z\""),
        row(u"addSeconds", {kDate, {u"seconds", number}}, text, &addSeconds<1>, u"So many seconds later.",
            u"#datetime.addSeconds('2021-02-28Z', 1)", u"\"2021-02-28T00:00:01.000Z\""),
        row(u"getDayOfMonth", {kDate}, number, &getField<&dayOf>, u"The day of the month, 1 to 31; -1 for no date.",
            u"#datetime.getDayOfMonth('2021-01-31T23:59:59Z')", u"31"),
        row(u"getMonth", {kDate}, number, &getField<&monthOf>, u"The month, 1 to 12; -1 for no date.",
            u"#datetime.getMonth('2021-02-28Z')", u"2"),
        row(u"getYear", {kDate}, number, &getField<&yearOf>, u"The year; -1 for no date.",
            u"#datetime.getYear('2021-01-31T23:59:59Z')", u"2021"),
        row(u"getHour", {kDate}, number, &getField<&hourOf>, u"The hour in UTC, 0 to 23; -1 for no date.",
            u"#datetime.getHour('2021-01-31T23:59:59Z')", u"23"),
        row(u"getMinute", {kDate}, number, &getField<&minuteOf>, u"The minute, 0 to 59; -1 for no date.",
            u"#datetime.getMinute('2021-01-31T23:59:59Z')", u"59"),
        row(u"getSecond", {kDate}, number, &getField<&secondOf>, u"The second, 0 to 59; -1 for no date.",
            u"#datetime.getSecond('2020-12-30T23:59:59.001Z')", u"59"),
    };
}

FunctionTable comparisons()
{
    constexpr auto number = ValueType::Number;
    const std::vector<Parameter> two{kDate, kOther, kDefault};
    return {
        row(u"compare", {kDate, kOther}, number, &compare,
            u"0 when both are the same moment, negative when the first one is earlier, else positive; null for no date.",
            u"#datetime.compare('2021-01-01T00:00:01Z', '2021-01-01T00:00:00Z')", u"1"),
        row(u"daysBetween", two, ValueType::Any, &between<&daysBetween>,
            u"Days from the first date to the other; the default when one is no date.",
            u"#datetime.daysBetween('2021-01-01T00:00:01Z', '2021-01-03T10:30:00Z', -1)", u"2"),
        row(u"weeksBetween", two, ValueType::Any, &between<&weeksBetween>,
            u"Whole weeks from the first date to the other; the default when one is no date.",
            u"#datetime.weeksBetween('2021-01-15T00:00:01Z', '2021-01-01T10:30:00Z', -1)", u"-2"),
        row(u"monthsBetween", two, ValueType::Any, &between<&monthsBetween>,
            u"Whole months from the first date to the other; the default when one is no date.",
            u"#datetime.monthsBetween('2021-01-01T00:00:01Z', '2021-02-01T10:30:00Z', -1)", u"1"),
        row(u"yearsBetween", two, ValueType::Any, &between<&yearsBetween>,
            u"Whole years from the first date to the other; the default when one is no date.",
            u"#datetime.yearsBetween('2021-01-01T00:00:01Z', '2022-01-01T10:30:00Z', -1)", u"1"),
        row(u"periodBetween", two, ValueType::Any, &periodBetween,
            u"The time from the first date up to the other as an ISO period; the default when one is no date.",
            u"#datetime.periodBetween('2021-01-01Z', '2022-02-11Z', -1)", u"\"P1Y1M10D\""),
    };
}

} // namespace

FunctionTable dateTimeFunctions()
{
    constexpr auto text = ValueType::Text;
    constexpr auto number = ValueType::Number;
    FunctionTable table = calculations();
    FunctionTable conversions{
        row(u"now", {}, text, &now, u"This moment in UTC.", u"#datetime.now()", u""),
        row(u"toDateTime",
            {{u"year", number}, {u"month", number}, {u"day", number}, {u"hour", number}, {u"minute", number},
             {u"second", number}},
            text, &toDateTime, u"The moment of these parts in UTC; null when one is out of range.",
            u"#datetime.toDateTime(2021, 1, 31, 10, 15, 0)", u"\"2021-01-31T10:15:00.000Z\""),
        row(u"toDate", {kDate}, text, &toDate, u"The date without the time.", u"#datetime.toDate('2021-02-28Z')",
            u"\"2021-02-28Z\""),
        row(u"toTime", {kDate}, text, &toTime, u"The time without the date.",
            u"#datetime.toTime('2021-01-31T23:59:59Z')", u"\"23:59:59Z\""),
        row(u"format", {kDate, kPattern}, text, &format,
            u"The moment in UTC as the pattern says, such as 'dd MMMM yyyy'; null when one of both is not valid.",
            u"#datetime.format('2021-01-01T09:15:00Z', 'EEEE, dd MMMM; h:mm a')",
            u"\"Friday, 01 January; 9:15 AM\""),
    };
    conversions.back().prepare = &prepare<1, -1>;
    FunctionTable zones{
        row(u"toUnixTimestamp", {kDate}, number, &toUnixTimestamp, u"Seconds since 1970; null for no date.",
            u"#datetime.toUnixTimestamp('2020-12-31T23:59:59Z')", u"1609459199"),
        row(u"fromUnixTimestamp", {{u"seconds", number}}, text, &fromUnixTimestamp,
            u"The moment so many seconds after 1970.", u"#datetime.fromUnixTimestamp(1609459199)",
            u"\"2020-12-31T23:59:59.000Z\""),
        row(u"parse", {{u"text", text}, kPattern, {u"options", ValueType::Map}}, text, &parse,
            u"The moment that the text names by the pattern; options are null or {'zoneid': 'Europe/Paris'}.",
            u"#datetime.parse('2022-01-01', 'yyyy-MM-dd', {'zoneid': 'America/Vancouver'})",
            u"\"2022-01-01T08:00:00.000Z\""),
        row(u"toDateTimeInTimezone", {kDate, {u"zone", text}, kPattern}, text, &toDateTimeInTimezone,
            u"The moment in a time zone, as the pattern says or, for null, as 2022-12-31T20:30:30-0800.",
            u"#datetime.toDateTimeInTimezone('2023-01-01T04:30:30.000Z', 'America/Vancouver', null)",
            u"\"2022-12-31T20:30:30-0800\""),
    };
    zones[2].prepare = &prepareParse;
    zones[3].prepare = &prepare<2, 1>;
    for (FunctionTable part : {std::move(conversions), comparisons(), std::move(zones)})
        std::move(part.begin(), part.end(), std::back_inserter(table));
    return table;
}

} // namespace gatehouse::core::expr
