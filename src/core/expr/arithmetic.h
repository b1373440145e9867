// SPDX-License-Identifier: GPL-3.0-or-later
//
// Java's arithmetic and comparisons on values: promotion, wrapping integers, integer division, equality. Pure
// functions, any thread; what can be large is paid for from the caller's Meter.
#pragma once

#include "core/expr/meter.h"
#include "core/expr/operators.h"
#include "core/expr/value.h"

namespace gatehouse::core::expr {

enum class Outcome {
    Done,
    NotSupported,   ///< the operator does not take values of these kinds
    DivisionByZero,
    Spent,          ///< the Meter says of what
};

/// Add, Subtract, Multiply, Divide, Modulo or Power of two numbers.
[[nodiscard]] Outcome arithmetic(Operator op, const Value &left, const Value &right, Value &result, Meter &meter);
/// -number; the least int and long stay what they are.
[[nodiscard]] Outcome negate(const Value &number, Value &result);

/// The == of the language: numbers by value whatever their type, the rest as equalObjects.
bool equalValues(const Value &left, const Value &right, Meter &meter);
/// Java's equals: an int never equals a long or a double, 2.0 and 2.00 are different big decimals.
bool equalObjects(const Value &left, const Value &right, Meter &meter);
/// What compare() says of NaN.
inline constexpr int kUnordered = 2;
/// @p order becomes -1, 0, 1 or kUnordered. Null is less than anything else.
[[nodiscard]] Outcome compare(const Value &left, const Value &right, int &order, Meter &meter);

/// Java's (int) and (long) of a double: NaN is 0, what is out of range becomes the nearest.
qint32 narrowedInt(double number);
qint64 narrowedLong(double number);
/// Any number as a double.
double asDouble(const Value &number);

} // namespace gatehouse::core::expr
