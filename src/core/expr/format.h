// SPDX-License-Identifier: GPL-3.0-or-later
//
// java.util.Formatter in the English locale, for #string.format: conversions b h s c d o x e f g % n and their capital
// forms, flags, width, precision, argument index. Pure function, any thread.
#pragma once

#include "core/expr/meter.h"
#include "core/expr/value.h"

#include <optional>
#include <span>

namespace gatehouse::core::expr {

/// Empty where Java would throw: a format that is none, a value that does not fit its conversion, a missing value.
/// Empty too when the meter is spent.
[[nodiscard]] std::optional<QString> formatted(const QString &format, std::span<const Value> arguments, Meter &meter);

} // namespace gatehouse::core::expr
