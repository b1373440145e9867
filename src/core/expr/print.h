// SPDX-License-Identifier: GPL-3.0-or-later
//
// From tree to text, in one form: spaces around operators, only the parentheses that are needed. What is printed
// parses to the same tree. Pure function, any thread.
#pragma once

#include "core/expr/ast.h"

namespace gatehouse::core::expr {

QString printTree(const Node &tree);

} // namespace gatehouse::core::expr
