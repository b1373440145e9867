// SPDX-License-Identifier: GPL-3.0-or-later
//
// From text to tree. Reports every fault of the text at once, each with its place and with what to write instead; what
// did not parse is an Error node in the tree. Pure function, any thread.
#pragma once

#include "core/expr/ast.h"
#include "core/expr/fault.h"

namespace gatehouse::core::expr {

struct Parsed {
    NodePointer tree; ///< never null
    QList<Fault> faults; ///< in the order of the text; the tree is sound when there is none
};

Parsed parseTree(const QString &text);

} // namespace gatehouse::core::expr
