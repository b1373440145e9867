// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be said of a tree that parsed, before it is evaluated: the rough type of its result, and warnings about
// parts that will fail or surprise whatever the data. Warnings do not stop an expression from being used. Pure
// function, any thread.
#pragma once

#include "core/expr/ast.h"
#include "core/expr/fault.h"
#include "core/expr/library.h"

namespace gatehouse::core::expr {

struct Checked {
    ValueType type = ValueType::Any;
    QList<Fault> warnings;
};

/// @p names are the attributes that #root is known to have; with an empty list names are not checked.
Checked check(const Node &tree, const QStringList &names);

} // namespace gatehouse::core::expr
