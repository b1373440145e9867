// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values as text, boolean or number, as Java and Spring convert them. Pure functions, any thread; text is paid for
// from the Meter because a list that is contained twice is written twice.
#pragma once

#include "core/expr/meter.h"
#include "core/expr/value.h"

#include <optional>

namespace gatehouse::core::expr {

/// As Java's String.valueOf: null, 1.0E10, [a, b], {k=v}. False when the meter is spent.
[[nodiscard]] bool appendText(QString &text, const Value &value, Meter &meter);
/// As the + operator joins it to a text: a list is its elements with commas between them.
[[nodiscard]] bool appendJoined(QString &text, const Value &value, Meter &meter);
/// Pays for turning a number into another kind, which takes long for big ones; nothing for values of other kinds.
[[nodiscard]] bool payForNumber(const Value &value, Meter &meter);
/// A boolean, or a text such as true, on, yes, 1, false, off, no, 0 in any case; empty for everything else.
std::optional<bool> toBoolean(const Value &value);
/// A number (its fraction is cut) or a text that is one; empty when it is neither or out of range.
std::optional<qint32> toInt(const Value &value);
std::optional<qint64> toLong(const Value &value);
/// The value as an element of a primitive array of @p element.
std::optional<Value> toElement(const Value &value, Kind element);
/// The scalar text of a value for those outside of an evaluation: "" for null, otherwise as appendJoined.
QString textOf(const Value &value);
/// Java's hashCode, which %h prints.
[[nodiscard]] bool javaHash(const Value &value, qint32 &hash, Meter &meter);

} // namespace gatehouse::core::expr
