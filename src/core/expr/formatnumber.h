// SPDX-License-Identifier: GPL-3.0-or-later
//
// The numbers of java.util.Formatter: %d %o %x of whole numbers, %e %f %g of decimal ones. For format.cpp; pure
// function, any thread.
#pragma once

#include "core/expr/meter.h"
#include "core/expr/value.h"

#include <optional>

namespace gatehouse::core::expr {

struct FormatSpecifier {
    int index = -1;     ///< from 1; -1: the next argument
    int width = -1;
    int precision = -1;
    bool left = false;        // -
    bool alternate = false;   // #
    bool plus = false;        // +
    bool blank = false;       // a space
    bool zero = false;        // 0
    bool group = false;       // ,
    bool parentheses = false; // (
    bool previous = false;    // <
    bool upper = false;       ///< the conversion was a capital letter
    char16_t conversion = 0;  ///< small letter

    bool hasFlagsBesidesLeft() const { return alternate || plus || blank || zero || group || parentheses; }
    bool hasFlags() const { return left || hasFlagsBesidesLeft(); }
};

/// Without the padding by blanks. Empty where Java would throw, and when the meter is spent.
[[nodiscard]] std::optional<QString> formattedNumber(const Value &value, const FormatSpecifier &specifier,
                                                     Meter &meter);

} // namespace gatehouse::core::expr
