// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/print.h"

#include "core/expr/convert.h"
#include "core/expr/lexer.h"
#include "core/expr/library.h"

namespace gatehouse::core::expr {

static Precedence precedenceOf(const Node &node)
{
    switch (node.kind) {
    case NodeKind::Ternary:
    case NodeKind::Elvis:
        return Precedence::Expression;
    case NodeKind::Binary:
    case NodeKind::Prefix:
        return precedenceOf(node.operators.front().op);
    default:
        return Precedence::Primary;
    }
}

static QString printed(const Node &node, Precedence least);

static QString joined(const Node &node, size_t from = 0)
{
    QStringList parts;
    for (size_t index = from; index < node.children.size(); ++index)
        parts.append(printed(*node.children[index], Precedence::Expression));
    return parts.join(QStringLiteral(", "));
}

static QString literalText(const Node &node)
{
    if (node.value.isString())
        return node.bareKey ? node.value.string() : quoted(node.value.string());
    QString text = node.value.isNull() ? QStringLiteral("null") : textOf(node.value);
    if (node.value.kind() == Kind::Long)
        text += u'L';
    if (node.value.kind() == Kind::Float)
        text += u'f';
    return text;
}

static QString mapText(const Node &node)
{
    QStringList entries;
    for (size_t index = 0; index + 1 < node.children.size(); index += 2) {
        entries.append(printed(*node.children[index], Precedence::Expression) + QStringLiteral(": ")
                       + printed(*node.children[index + 1], Precedence::Expression));
    }
    return entries.isEmpty() ? QStringLiteral("{:}") : u'{' + entries.join(QStringLiteral(", ")) + u'}';
}

static QString arrayText(const Node &node)
{
    QString text = QStringLiteral("new ") + node.text;
    if (node.hasInitializer) {
        text += QStringLiteral("[");
        text += node.children.size() > 1 ? printed(*node.children.front(), Precedence::Expression) : QString();
        return text + QStringLiteral("] ") + printed(*node.children.back(), Precedence::Expression);
    }
    for (const NodePointer &dimension : node.children)
        text += u'[' + printed(*dimension, Precedence::Expression) + u']';
    return text;
}

static QString pathText(const Node &node)
{
    const Node &start = *node.children.front();
    // "new int[2][0]" would be an array of arrays, and a path in a path was in parentheses.
    const bool enclosed = start.kind == NodeKind::NewArray || start.kind == NodeKind::Path;
    QString text = enclosed ? u'(' + printed(start, Precedence::Expression) + u')'
                            : printed(start, Precedence::Primary);
    for (size_t index = 1; index < node.children.size(); ++index) {
        const Node &step = *node.children[index];
        switch (step.kind) {
        case NodeKind::Property:
            text += u'.' + step.text;
            continue;
        case NodeKind::Select:
            text += QStringLiteral(".?");
            break;
        case NodeKind::SelectFirst:
            text += QStringLiteral(".^");
            break;
        case NodeKind::SelectLast:
            text += QStringLiteral(".$");
            break;
        case NodeKind::Project:
            text += QStringLiteral(".!");
            break;
        default:
            break;
        }
        text += u'[' + joined(step) + u']';
    }
    return text;
}

static QString binaryText(const Node &node)
{
    const auto inner = Precedence(int(precedenceOf(node)) + 1);
    QString text = printed(*node.children.front(), inner);
    for (size_t index = 1; index < node.children.size(); ++index)
        text += u' ' + symbolOf(node.operators[index - 1].op) + u' ' + printed(*node.children[index], inner);
    return text;
}

static QString plainText(const Node &node)
{
    switch (node.kind) {
    case NodeKind::Literal:
        return literalText(node);
    case NodeKind::List:
        return u'{' + joined(node) + u'}';
    case NodeKind::Map:
        return mapText(node);
    case NodeKind::NewArray:
        return arrayText(node);
    case NodeKind::Name:
        return node.text;
    case NodeKind::Root:
        return QStringLiteral("#root");
    case NodeKind::This:
        return QStringLiteral("#this");
    case NodeKind::Call:
        return u'#' + node.function->library.toString() + u'.' + node.function->name.toString() + u'(' + joined(node)
            + u')';
    case NodeKind::Path:
        return pathText(node);
    case NodeKind::Binary:
        return binaryText(node);
    case NodeKind::Prefix: {
        const QString sign = symbolOf(node.operators.front().op);
        const QString operand = printed(*node.children.front(), Precedence::Prefix);
        // "--" would be read as one sign.
        return sign + (operand.startsWith(sign) && sign != u'!' ? QStringLiteral(" ") : QString()) + operand;
    }
    case NodeKind::Ternary:
        return printed(*node.children[0], Precedence::Or) + QStringLiteral(" ? ")
            + printed(*node.children[1], Precedence::Expression) + QStringLiteral(" : ")
            + printed(*node.children[2], Precedence::Expression);
    case NodeKind::Elvis:
        return printed(*node.children[0], Precedence::Or) + QStringLiteral(" ?: ")
            + printed(*node.children[1], Precedence::Expression);
    default:
        return {};
    }
}

static QString printed(const Node &node, Precedence least)
{
    const QString text = plainText(node);
    return precedenceOf(node) < least ? u'(' + text + u')' : text;
}

QString printTree(const Node &tree)
{
    return printed(tree, Precedence::Expression);
}

} // namespace gatehouse::core::expr
