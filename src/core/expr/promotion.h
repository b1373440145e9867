// SPDX-License-Identifier: GPL-3.0-or-later
//
// How numbers of two types are brought together before Java calculates or compares them. For the sources of
// arithmetic and comparison only; pure functions, any thread.
#pragma once

#include "core/expr/numbers.h"
#include "core/expr/arithmetic.h"

namespace gatehouse::core::expr {

/// The type in which two numbers are brought together; a later one wins over an earlier one.
enum class Rank { Int, Long, BigInteger, Float, Double, BigDecimal };

Rank rankOf(const Value &number);
bool isFinite(const Value &number);
/// Of a whole number.
Integer asInteger(const Value &number);
/// Of a finite number.
BigDecimal asDecimal(const Value &number);
float asFloat(const Value &number);

} // namespace gatehouse::core::expr
