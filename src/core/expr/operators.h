// SPDX-License-Identifier: GPL-3.0-or-later
//
// The operators of the language. Plain enumeration, shared by parser, printer, checker and evaluator.
#pragma once

#include <QString>

namespace gatehouse::core::expr {

enum class Operator : quint8 {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Matches,
    Between,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    // Prefix operators
    Identity,
    Negate,
    Not,
};

/// How tightly an operator binds; higher binds tighter (ternary and Elvis are below all of these).
enum class Precedence : quint8 { Expression, Or, And, Relation, Sum, Product, Power, Prefix, Primary };

constexpr Precedence precedenceOf(Operator op)
{
    switch (op) {
    case Operator::Or:
        return Precedence::Or;
    case Operator::And:
        return Precedence::And;
    case Operator::Add:
    case Operator::Subtract:
        return Precedence::Sum;
    case Operator::Multiply:
    case Operator::Divide:
    case Operator::Modulo:
        return Precedence::Product;
    case Operator::Power:
        return Precedence::Power;
    case Operator::Identity:
    case Operator::Negate:
    case Operator::Not:
        return Precedence::Prefix;
    default:
        return Precedence::Relation;
    }
}

/// "and", "==", "+" ...
QString symbolOf(Operator op);

} // namespace gatehouse::core::expr
