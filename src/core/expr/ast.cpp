// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/ast.h"

#include "core/expr/arithmetic.h"

#include <algorithm>

namespace gatehouse::core::expr {

bool sameTree(const Node &left, const Node &right)
{
    Meter meter; // literals are single numbers and texts
    return left.kind == right.kind && left.text == right.text && left.bareKey == right.bareKey
        && left.hasInitializer == right.hasInitializer && left.function == right.function
        && equalObjects(left.value, right.value, meter)
        && std::equal(left.operators.begin(), left.operators.end(), right.operators.begin(), right.operators.end(),
                      [](const OperatorPlace &a, const OperatorPlace &b) { return a.op == b.op; })
        && std::equal(left.children.begin(), left.children.end(), right.children.begin(), right.children.end(),
                      [](const NodePointer &a, const NodePointer &b) { return sameTree(*a, *b); });
}

} // namespace gatehouse::core::expr
