// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every limit of the expression language in one place. They bound what one expression can cost, so that a careless or
// hostile mapping ends with a fault instead of a hang or an exhausted memory. Lengths of texts are UTF-16 units.
// Constants only, any thread.
#pragma once

#include <QtGlobal>

namespace gatehouse::core::expr {

/// Longest expression that is parsed at all.
inline constexpr int kMaxExpressionLength = 20'000;
/// Deepest nesting of parentheses, braces, brackets, calls, ternaries and prefix operators.
inline constexpr int kMaxNesting = 200;
/// Faults reported for one expression; the rest is noise.
inline constexpr int kMaxFaults = 50;
/// Work of one evaluation: about one step for each node visited, list element touched and 32 units of text scanned, of
/// arguments as of results. All that loops pays: see meter.h.
inline constexpr qint64 kMaxSteps = 2'000'000;
/// All text produced in one evaluation together, intermediate results included.
inline constexpr qint64 kMaxProducedUnits = 16 * 1024 * 1024;
/// Longest single text.
inline constexpr qint64 kMaxTextLength = 1024 * 1024;
/// Longest list, map or array.
inline constexpr qint64 kMaxListSize = 100'000;
/// Values in a result, counted as they would be printed (a list that is contained twice counts twice).
inline constexpr qint64 kMaxResultValues = 500'000;
/// Digits of a big number, and the largest distance of its decimal point.
inline constexpr int kMaxNumberDigits = 5'000;
inline constexpr int kMaxNumberScale = 5'000;

/// Longest pattern of #datetime, and its deepest nesting of optional sections.
inline constexpr int kMaxPatternLength = 1'000;
inline constexpr int kMaxPatternNesting = 20;
/// Longest text that is read as a date and a time; no valid one comes near.
inline constexpr int kMaxMomentLength = 100;
/// What using a pattern costs in steps, and a step of it for each of its elements.
inline constexpr qint64 kPatternSteps = 50;
/// What it costs to look a time zone up by its id, to read the name of one, and to write it.
inline constexpr qint64 kZoneSteps = 100;
inline constexpr qint64 kZoneNameReadSteps = 100;
inline constexpr qint64 kZoneNameWriteSteps = 2'000;

/// Longest regular expression.
inline constexpr int kMaxRegexLength = 4'000;
/// Backtracking allowed to a match before it counts as an expensive one, and before it is given up.
inline constexpr int kRegexQuickSteps = 5'000;
inline constexpr int kRegexFullSteps = 100'000;
/// Expensive matches allowed in one evaluation.
inline constexpr int kMaxExpensiveMatches = 20;
/// PCRE2 does not count all of its work, so the time it takes to compile and to match is charged, too: one step of
/// kMaxSteps for so many nanoseconds. All of one evaluation together ends after about a second.
inline constexpr qint64 kRegexNanosecondsPerStep = 500;
/// Longest text that is matched.
inline constexpr qint64 kMaxRegexSubject = 32'768;
/// Capturing groups of a regular expression.
inline constexpr int kMaxRegexGroups = 200;

/// Deepest nesting of JSON that is read.
inline constexpr int kMaxJsonNesting = 200;

} // namespace gatehouse::core::expr
