// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random trees and values of the expression language for property tests. Trees are such as the parser makes: chains of
// one precedence are flat, paths do not begin with paths unless in parentheses.
#pragma once

#include "core/expr/ast.h"
#include "core/expr/library.h"

#include <rapidcheck.h>

namespace gatehouse::core::expr {

class TreeMaker {
public:
    NodePointer tree(int depth)
    {
        if (depth <= 0)
            return leaf();
        switch (*rc::gen::inRange(0, 12)) {
        case 0:
            return listOf(NodeKind::List, depth, *rc::gen::inRange(0, 4));
        case 1:
            return map(depth);
        case 2:
            return array(depth);
        case 3:
            return call(depth);
        case 4:
        case 5:
            return path(depth);
        case 6:
        case 7:
            return binary(depth);
        case 8:
            return prefix(depth);
        case 9:
            return listOf(NodeKind::Ternary, depth, 3);
        case 10:
            return listOf(NodeKind::Elvis, depth, 2);
        default:
            return leaf();
        }
    }

private:
    static NodePointer node(NodeKind kind)
    {
        auto result = std::make_unique<Node>();
        result->kind = kind;
        return result;
    }

    static QString name()
    {
        static const QStringList names{QStringLiteral("a"), QStringLiteral("sn"), QStringLiteral("givenName"),
                                       QStringLiteral("_x9"), QStringLiteral("T"), QStringLiteral("news")};
        return names.at(*rc::gen::inRange<qsizetype>(0, names.size()));
    }

    static QString text()
    {
        return QString::fromStdString(*rc::gen::container<std::string>(
            rc::gen::elementOf(std::string("ab'\" {}[]()#.?:+1"))));
    }

    NodePointer literal(Value value)
    {
        NodePointer result = node(NodeKind::Literal);
        result->value = std::move(value);
        return result;
    }

    NodePointer leaf()
    {
        switch (*rc::gen::inRange(0, 11)) {
        case 0:
            return literal(*rc::gen::inRange<qint32>(0, std::numeric_limits<qint32>::max()));
        case 1:
            return literal(*rc::gen::inRange<qint64>(0, std::numeric_limits<qint64>::max()));
        case 2:
            return literal(double(*rc::gen::inRange<qint64>(0, 1'000'000'000)) / *rc::gen::elementOf(
                               std::vector<double>{1, 3, 1e-20, 1e12}));
        case 3:
            return literal(float(*rc::gen::inRange(0, 10'000'000)) / 7);
        case 4:
            return literal(*rc::gen::arbitrary<bool>());
        case 5:
            return literal(Value());
        case 6:
            return node(NodeKind::Root);
        case 7:
            return node(NodeKind::This);
        case 8: {
            NodePointer result = node(NodeKind::Name);
            result->text = name();
            return result;
        }
        default:
            return literal(text());
        }
    }

    NodePointer listOf(NodeKind kind, int depth, int count)
    {
        NodePointer result = node(kind);
        for (int index = 0; index < count; ++index)
            result->children.push_back(tree(depth - 1));
        return result;
    }

    NodePointer map(int depth)
    {
        NodePointer result = node(NodeKind::Map);
        const int count = *rc::gen::inRange(0, 3);
        for (int index = 0; index < count; ++index) {
            NodePointer key = tree(depth - 1);
            if (key->kind == NodeKind::Name) { // a bare name is the key itself
                key = literal(key->text);
                key->bareKey = true;
            }
            result->children.push_back(std::move(key));
            result->children.push_back(tree(depth - 1));
        }
        return result;
    }

    NodePointer array(int depth)
    {
        NodePointer result = node(NodeKind::NewArray);
        result->text = *rc::gen::elementOf(std::vector<QString>{QStringLiteral("int"), QStringLiteral("boolean")});
        const int sizes = *rc::gen::inRange(0, 3);
        for (int index = 0; index < sizes; ++index)
            result->children.push_back(tree(depth - 1));
        if (sizes == 0 || (sizes == 1 && *rc::gen::arbitrary<bool>())) {
            result->hasInitializer = true;
            result->children.push_back(listOf(NodeKind::List, depth - 1, *rc::gen::inRange(0, 3)));
        }
        return result;
    }

    NodePointer call(int depth)
    {
        const auto all = functions();
        const FunctionDescription &function = all[*rc::gen::inRange<size_t>(0, all.size())];
        NodePointer result = listOf(NodeKind::Call, depth, function.minimumArguments);
        result->function = &function;
        return result;
    }

    NodePointer path(int depth)
    {
        NodePointer result = listOf(NodeKind::Path, depth, 1);
        const int steps = *rc::gen::inRange(1, 4);
        for (int index = 0; index < steps; ++index) {
            const auto kind = *rc::gen::elementOf(
                std::vector<NodeKind>{NodeKind::Property, NodeKind::Index, NodeKind::Select, NodeKind::SelectFirst,
                                      NodeKind::SelectLast, NodeKind::Project});
            NodePointer step = kind == NodeKind::Property ? node(kind) : listOf(kind, depth, 1);
            if (kind == NodeKind::Property)
                step->text = name();
            result->children.push_back(std::move(step));
        }
        return result;
    }

    NodePointer binary(int depth)
    {
        static const std::vector<std::vector<Operator>> levels{
            {Operator::Or},
            {Operator::And},
            {Operator::Equal, Operator::NotEqual, Operator::Less, Operator::LessEqual, Operator::Greater,
             Operator::GreaterEqual, Operator::Matches, Operator::Between},
            {Operator::Add, Operator::Subtract},
            {Operator::Multiply, Operator::Divide, Operator::Modulo},
            {Operator::Power}};
        const auto &level = levels[*rc::gen::inRange<size_t>(0, levels.size())];
        const bool two = level.front() == Operator::Equal || level.front() == Operator::Power;
        const int count = two ? 2 : *rc::gen::inRange(2, 5);
        NodePointer result = listOf(NodeKind::Binary, depth, count);
        for (int index = 1; index < count; ++index)
            result->operators.push_back({*rc::gen::elementOf(level), 0, 0});
        return result;
    }

    NodePointer prefix(int depth)
    {
        NodePointer result = listOf(NodeKind::Prefix, depth, 1);
        const std::vector<Operator> signs{Operator::Identity, Operator::Negate, Operator::Not};
        result->operators.push_back({*rc::gen::elementOf(signs), 0, 0});
        return result;
    }
};

} // namespace gatehouse::core::expr
