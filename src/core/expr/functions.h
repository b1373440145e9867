// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts that library.h is put together from, one for each source of functions. For those sources only.
#pragma once

#include "core/expr/call.h"

namespace gatehouse::core::expr {

using FunctionTable = std::vector<FunctionDescription>;

FunctionTable stringFunctions();       ///< strings.cpp
FunctionTable stringNumberFunctions(); ///< stringnumbers.cpp
FunctionTable encodingFunctions();     ///< encodings.cpp
FunctionTable dateTimeFunctions();     ///< datetimefunctions.cpp
FunctionTable dataFunctions();         ///< datafunctions.cpp
FunctionTable regexFunctions();        ///< regexfunctions.cpp
FunctionTable cryptoFunctions();       ///< cryptofunctions.cpp
FunctionTable coreFunctions();         ///< corefunctions.cpp

inline constexpr Parameter kTextParameter{u"text", ValueType::Text};

/// Java's Character.isWhitespace.
bool isJavaSpace(QChar unit);
/// Null, or a text that is empty or has nothing but white space.
bool isBlank(const QString *text);

} // namespace gatehouse::core::expr
