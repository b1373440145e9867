// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tree that the parser makes of an expression, with the place of every part. Parentheses are not kept: the printer
// writes those that the tree needs. Built by the parser, read by checker, printer and compiler; owned by whoever
// parsed, never changed afterwards.
#pragma once

#include "core/expr/operators.h"
#include "core/expr/value.h"

namespace gatehouse::core::expr {

struct FunctionDescription;

enum class NodeKind : quint8 {
    Literal,
    List,     ///< children: elements
    Map,      ///< children: key, value, key, value ...
    NewArray, ///< text: element type; children: dimensions, or one List as initializer
    Name,     ///< a bare name: a property of #root, or of #this inside a selection or projection
    Root,     ///< #root
    This,     ///< #this
    Call,     ///< function; children: arguments
    Path,     ///< children: what it starts at, then its steps
    Binary,   ///< operators of one precedence, one fewer than children
    Prefix,   ///< one operator, one child
    Ternary,
    Elvis,
    Error,    ///< did not parse; a fault says why
    // Steps of a Path
    Property,    ///< .text
    Index,       ///< [child]
    Select,      ///< .?[child]
    SelectFirst, ///< .^[child]
    SelectLast,  ///< .$[child]
    Project,     ///< .![child]
};

struct OperatorPlace {
    Operator op;
    int offset = 0;
    int length = 0;
};

struct Node {
    NodeKind kind = NodeKind::Error;
    int offset = 0;
    int length = 0;
    bool bareKey = false;        ///< a map key written without quotes
    bool hasInitializer = false; ///< NewArray
    QString text = {};
    Value value = {};
    const FunctionDescription *function = nullptr;
    std::vector<OperatorPlace> operators = {};
    std::vector<std::unique_ptr<Node>> children = {};

    int end() const { return offset + length; }
};

using NodePointer = std::unique_ptr<Node>;

/// The same expression, wherever its parts stand in their texts.
bool sameTree(const Node &left, const Node &right);

} // namespace gatehouse::core::expr
