// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/check.h"

#include <algorithm>

namespace gatehouse::core::expr {

namespace {

/// The type of a value that is either of two.
ValueType merged(ValueType left, ValueType right)
{
    if (left == right || right == ValueType::Null)
        return left;
    return left == ValueType::Null ? right : ValueType::Any;
}

bool isKnown(ValueType type)
{
    return type != ValueType::Any;
}

bool isOrdered(ValueType type)
{
    return type != ValueType::List && type != ValueType::Map;
}

class Checker {
public:
    explicit Checker(const QStringList &names) : m_names(names) {}

    ValueType type(const Node &node)
    {
        switch (node.kind) {
        case NodeKind::Literal:
            return literal(node.value);
        case NodeKind::List:
        case NodeKind::NewArray:
            children(node);
            return ValueType::List;
        case NodeKind::Map:
            children(node);
            return ValueType::Map;
        case NodeKind::Name:
            if (m_scope == 0)
                rootName(node.text, node);
            return ValueType::Any;
        case NodeKind::Root:
        case NodeKind::This:
            return ValueType::Any;
        case NodeKind::Call:
            return call(node);
        case NodeKind::Path:
            return path(node);
        case NodeKind::Binary:
            return binary(node);
        case NodeKind::Prefix:
            return prefix(node);
        case NodeKind::Ternary:
            condition(*node.children[0], QStringLiteral("The condition"));
            return merged(type(*node.children[1]), type(*node.children[2]));
        case NodeKind::Elvis:
            return merged(type(*node.children[0]), type(*node.children[1]));
        default:
            children(node);
            return ValueType::Any;
        }
    }

    QList<Fault> warnings;

private:
    void warn(const Node &node, QString message) { warnings.append({std::move(message), node.offset, node.length}); }

    void children(const Node &node)
    {
        for (const NodePointer &child : node.children)
            type(*child);
    }

    static ValueType literal(const Value &value)
    {
        switch (value.kind()) {
        case Kind::Null:
            return ValueType::Null;
        case Kind::Boolean:
            return ValueType::Boolean;
        case Kind::String:
            return ValueType::Text;
        default:
            return ValueType::Number;
        }
    }

    void rootName(const QString &name, const Node &place)
    {
        if (m_names.isEmpty() || m_names.contains(name))
            return;
        const QString nearest = nearestName(name, m_names);
        warn(place, QStringLiteral("There is no attribute '%1'.").arg(excerpt(name))
                 + (nearest.isEmpty() ? QString() : QStringLiteral(" Did you mean '%1'?").arg(nearest)));
    }

    void condition(const Node &node, const QString &what)
    {
        const ValueType found = type(node);
        if (isKnown(found) && found != ValueType::Boolean && found != ValueType::Text)
            warn(node, QStringLiteral("%1 must be true or false, but is %2.").arg(what, typeName(found)));
    }

    ValueType call(const Node &node)
    {
        const FunctionDescription &function = *node.function;
        std::vector<ValueType> given;
        for (const NodePointer &child : node.children)
            given.push_back(type(*child));
        const size_t declared = function.parameters.size();
        const size_t repeated = size_t(function.repeated);
        for (size_t index = 0; index < given.size(); ++index) {
            const bool again = index >= declared && repeated > 0;
            const size_t at = again ? declared - repeated + (index - declared) % repeated : index;
            if (at >= declared)
                break;
            const Parameter &parameter = function.parameters[at];
            const bool impossible = (parameter.type == ValueType::Text && given[index] == ValueType::Map)
                || (parameter.type == ValueType::Number
                    && (given[index] == ValueType::Map || given[index] == ValueType::List
                        || given[index] == ValueType::Boolean))
                || (parameter.type == ValueType::Map && isKnown(given[index]) && given[index] != ValueType::Map
                    && given[index] != ValueType::Null);
            if (impossible) {
                warn(*node.children[index], QStringLiteral("%1 of #%2.%3 must be %4, but is %5.")
                                                .arg(parameter.name.toString(), function.library.toString(),
                                                     function.name.toString(), typeName(parameter.type),
                                                     typeName(given[index])));
            }
        }
        if (function.library == u"core")
            return chosen(function.name, given);
        return function.result;
    }

    /// ifelse and switchExpr give one of their values: every second argument, and the last one when it stands alone.
    static ValueType chosen(QStringView name, const std::vector<ValueType> &given)
    {
        const size_t first = name == u"ifelse" ? 1 : 2;
        ValueType result = ValueType::Null;
        bool any = false;
        for (size_t index = first; index < given.size(); index += 2) {
            result = any ? merged(result, given[index]) : given[index];
            any = true;
        }
        if ((given.size() - first) % 2 == 0 && !given.empty()) // a default without a condition before it
            result = merged(result, given.back());
        return result;
    }

    ValueType path(const Node &node)
    {
        const Node &start = *node.children.front();
        const bool atRoot = start.kind == NodeKind::Root || (start.kind == NodeKind::This && m_scope == 0);
        ValueType current = type(start);
        for (size_t index = 1; index < node.children.size(); ++index) {
            const Node &step = *node.children[index];
            if (atRoot && index == 1)
                firstStep(step);
            switch (step.kind) {
            case NodeKind::Property:
                if (current == ValueType::Text || current == ValueType::Number || current == ValueType::Boolean)
                    warn(step, QStringLiteral("%1 has no attributes.").arg(capitalized(typeName(current))));
                else if (current == ValueType::List)
                    warn(step, QStringLiteral("A list has no attributes: write .![%1] to take them from its elements.")
                                   .arg(excerpt(step.text)));
                current = ValueType::Any;
                break;
            case NodeKind::Index:
                current = indexed(step, current);
                break;
            case NodeKind::Project:
                inScope(step);
                current = ValueType::List;
                break;
            case NodeKind::Select:
                criterion(step);
                current = current == ValueType::Map ? ValueType::Map : ValueType::List;
                break;
            default:
                criterion(step);
                current = ValueType::Any;
                break;
            }
        }
        return current;
    }

    void firstStep(const Node &step)
    {
        if (step.kind == NodeKind::Property) {
            rootName(step.text, step);
        } else if (step.kind == NodeKind::Index && step.children[0]->kind == NodeKind::Literal
                   && step.children[0]->value.isString()) {
            rootName(step.children[0]->value.string(), step);
        }
    }

    ValueType indexed(const Node &step, ValueType target)
    {
        const Node &index = *step.children.front();
        if (index.kind == NodeKind::Name && target == ValueType::Map) {
            warn(index, QStringLiteral("A name alone in the brackets of a map is the key '%1' itself: write #root.%1 to "
                                       "use the attribute.").arg(excerpt(index.text)));
            return ValueType::Any;
        }
        if (index.kind != NodeKind::Name)
            type(index);
        return target == ValueType::Text ? ValueType::Text : ValueType::Any;
    }

    ValueType inScope(const Node &step)
    {
        ++m_scope;
        const ValueType result = type(*step.children.front());
        --m_scope;
        return result;
    }

    void criterion(const Node &step)
    {
        const ValueType found = inScope(step);
        if (isKnown(found) && found != ValueType::Boolean)
            warn(*step.children.front(),
                 QStringLiteral("A selection must be true or false, but is %1.").arg(typeName(found)));
    }

    ValueType prefix(const Node &node)
    {
        if (node.operators.front().op == Operator::Not) {
            condition(*node.children.front(), QStringLiteral("What '!' turns around"));
            return ValueType::Boolean;
        }
        const ValueType found = type(*node.children.front());
        if (isKnown(found) && found != ValueType::Number)
            warn(*node.children.front(), QStringLiteral("This must be a number, but is %1.").arg(typeName(found)));
        return ValueType::Number;
    }

    ValueType binary(const Node &node)
    {
        ValueType result = ValueType::Any;
        for (size_t index = 0; index < node.children.size(); ++index) {
            const Operator op = node.operators[index == 0 ? 0 : index - 1].op;
            const Node &child = *node.children[index];
            if (op == Operator::And || op == Operator::Or) {
                condition(child, QStringLiteral("What '%1' joins").arg(symbolOf(op)));
                result = ValueType::Boolean;
            } else {
                const ValueType right = type(child);
                result = index == 0 ? right : combined(node, index, result, right);
            }
        }
        return result;
    }

    ValueType combined(const Node &node, size_t index, ValueType left, ValueType right)
    {
        const Operator op = node.operators[index - 1].op;
        const auto both = [&](ValueType wanted) { return left == wanted && right == wanted; };
        switch (op) {
        case Operator::Equal:
        case Operator::NotEqual:
            if (isKnown(left) && isKnown(right) && left != right && left != ValueType::Null && right != ValueType::Null)
                warn(node, QStringLiteral("%1 and %2 are never equal.")
                               .arg(capitalized(typeName(left)), typeName(right)));
            return ValueType::Boolean;
        case Operator::Less:
        case Operator::LessEqual:
        case Operator::Greater:
        case Operator::GreaterEqual:
            if (!isOrdered(left) || !isOrdered(right)
                || (isKnown(left) && isKnown(right) && left != right && left != ValueType::Null
                    && right != ValueType::Null))
                warn(node, QStringLiteral("%1 and %2 cannot be compared.")
                               .arg(capitalized(typeName(left)), typeName(right)));
            return ValueType::Boolean;
        case Operator::Matches:
        case Operator::Between:
            return ValueType::Boolean;
        case Operator::Add:
            if (left == ValueType::Text || right == ValueType::Text)
                return ValueType::Text;
            break;
        case Operator::Multiply:
        case Operator::Subtract:
            if (left == ValueType::Text)
                return ValueType::Text;
            break;
        default:
            break;
        }
        for (const ValueType side : {left, right}) {
            if (isKnown(side) && side != ValueType::Number) {
                const Node &place = *node.children[side == left ? index - 1 : index];
                warn(place, QStringLiteral("'%1' cannot calculate with %2.").arg(symbolOf(op), typeName(side)));
                break;
            }
        }
        const bool numbers = both(ValueType::Number) || op != Operator::Add;
        return numbers ? ValueType::Number : ValueType::Any;
    }

    const QStringList &m_names;
    int m_scope = 0;
};

} // namespace

Checked check(const Node &tree, const QStringList &names)
{
    Checker checker(names);
    Checked result;
    result.type = checker.type(tree);
    result.warnings = std::move(checker.warnings);
    std::stable_sort(result.warnings.begin(), result.warnings.end(),
                     [](const Fault &a, const Fault &b) { return a.offset < b.offset; });
    return result;
}

} // namespace gatehouse::core::expr
