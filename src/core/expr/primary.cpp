// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/library.h"
#include "core/expr/numbers.h"
#include "core/expr/parser_p.h"

#include <cmath>

namespace gatehouse::core::expr {

NodePointer Parser::primary()
{
    const int offset = token().offset;
    NodePointer first = start();
    NodePointer path = node(NodeKind::Path, offset);
    path->children.push_back(std::move(first));
    while (step(*path)) {
    }
    if (path->children.size() == 1)
        return std::move(path->children.front());
    return finish(std::move(path));
}

NodePointer Parser::start()
{
    const Token first = token();
    switch (first.kind) {
    case TokenKind::Int:
    case TokenKind::Long:
    case TokenKind::HexInt:
    case TokenKind::HexLong:
    case TokenKind::Real:
    case TokenKind::Float:
        return numberLiteral();
    case TokenKind::Text: {
        NodePointer literal = node(NodeKind::Literal, first.offset);
        literal->value = unquoted(QStringView(m_text).mid(first.offset, first.length));
        advance();
        return finish(std::move(literal));
    }
    case TokenKind::Name:
        return nameOrKeyword();
    case TokenKind::Hash:
        return hash();
    case TokenKind::LeftBrace:
        return listOrMap();
    case TokenKind::LeftParenthesis: {
        m_closers.push_back(TokenKind::RightParenthesis);
        advance();
        NodePointer inner = expression();
        close(TokenKind::RightParenthesis, first);
        return inner;
    }
    case TokenKind::At:
        faultAt(first, QStringLiteral("'@' is switched off: there is nothing to call but the functions of #string, "
                                      "#datetime, #data, #regex, #crypto and #core."));
        advance();
        if (at(TokenKind::Name))
            advance();
        break;
    case TokenKind::LeftBracket:
        faultAt(first, QStringLiteral("A list is written in braces, {a, b}; brackets follow what they look into."));
        return bracketed(NodeKind::Error, first);
    case TokenKind::Select:
    case TokenKind::SelectFirst:
    case TokenKind::SelectLast:
    case TokenKind::Project:
    case TokenKind::Dot:
        missing(QStringLiteral("Something must stand before '%1': a name, a list or a call.").arg(excerpt(textOf(first))));
        break;
    case TokenKind::Unknown:
        advance();
        break;
    case TokenKind::End:
        missing(QStringLiteral("The expression ends too early: a value is missing here."));
        break;
    default:
        missing(QStringLiteral("A value is missing before '%1'.").arg(excerpt(textOf(first))));
        break;
    }
    return finish(node(NodeKind::Error, first.offset));
}

NodePointer Parser::numberLiteral()
{
    const Token number = token();
    const QString text = textOf(number);
    NodePointer literal = node(NodeKind::Literal, number.offset);
    const auto hex = [](QStringView digits) {
        bool ok = false;
        const quint64 bits = digits.toULongLong(&ok, 16);
        return ok ? std::optional<quint64>(bits) : std::nullopt;
    };
    bool fits = false;
    switch (number.kind) {
    case TokenKind::Int: {
        const std::optional<qint32> value = readInt(text);
        fits = value.has_value();
        literal->value = value.value_or(0);
        break;
    }
    case TokenKind::Long: {
        const std::optional<qint64> value = readLong(QStringView(text).chopped(1));
        fits = value.has_value();
        literal->value = value.value_or(0);
        break;
    }
    case TokenKind::HexInt: {
        const std::optional<quint64> value = hex(QStringView(text).mid(2));
        fits = value && *value <= 0x7FFFFFFF;
        literal->value = qint32(value.value_or(0));
        break;
    }
    case TokenKind::HexLong: {
        const std::optional<quint64> value = hex(QStringView(text).mid(2).chopped(1));
        fits = value && *value <= 0x7FFFFFFFFFFFFFFF;
        literal->value = qint64(value.value_or(0));
        break;
    }
    case TokenKind::Float: {
        const std::optional<float> value = readFloat(text);
        fits = value && std::isfinite(*value);
        literal->value = value.value_or(0.0f);
        break;
    }
    default: {
        const std::optional<double> value = readDouble(text);
        fits = value && std::isfinite(*value);
        literal->value = value.value_or(0.0);
        break;
    }
    }
    if (!fits) {
        const bool isInt = (number.kind == TokenKind::Int && readLong(text))
            || (number.kind == TokenKind::HexInt
                && hex(QStringView(text).mid(2)).value_or(~0ULL) <= 0x7FFFFFFFFFFFFFFF);
        faultAt(number, isInt
                            ? QStringLiteral("%1 is too large for a plain number: write %1L.").arg(excerpt(text))
                            : QStringLiteral("%1 is too large: write it as #string.asBigDecimal('…', null).").arg(excerpt(text)));
    }
    advance();
    return finish(std::move(literal));
}

NodePointer Parser::nameOrKeyword()
{
    const Token name = token();
    const QString text = textOf(name);
    const auto literal = [&](Value value) {
        NodePointer result = node(NodeKind::Literal, name.offset);
        result->value = std::move(value);
        advance();
        return finish(std::move(result));
    };
    if (atWord(QLatin1StringView("true")))
        return literal(true);
    if (atWord(QLatin1StringView("false")))
        return literal(false);
    if (atWord(QLatin1StringView("null")))
        return literal(Value());
    if (text == u"T" && ahead().kind == TokenKind::LeftParenthesis)
        return typeOperator();
    if (text == u"new" && ahead().kind == TokenKind::Name)
        return newArray();
    if (name.op || atWord(QLatin1StringView("instanceof"))) {
        missing(QStringLiteral("A value is missing before '%1'. An attribute of this name is written #root['%1'].")
                    .arg(text));
        return finish(node(NodeKind::Error, name.offset));
    }
    if (ahead().kind == TokenKind::LeftParenthesis)
        return bareCall(name);
    advance();
    NodePointer result = node(NodeKind::Name, name.offset);
    result->text = text;
    return finish(std::move(result));
}

/// #root, #this, or #library.function(...).
NodePointer Parser::hash()
{
    const Token sign = token();
    advance();
    if (!at(TokenKind::Name)) {
        missing(QStringLiteral("A name must follow '#': #root, #this, or a function such as #string.join(…)."));
        return finish(node(NodeKind::Error, sign.offset));
    }
    const Token name = token();
    const QString text = textOf(name);
    advance();
    if (text == u"root" || text == u"this")
        return finish(node(text == u"root" ? NodeKind::Root : NodeKind::This, sign.offset));
    return call(sign, name);
}

NodePointer Parser::bracketed(NodeKind kind, const Token &opener)
{
    m_closers.push_back(TokenKind::RightBracket);
    advance();
    NodePointer result = node(kind, opener.offset);
    result->children.push_back(expression());
    close(TokenKind::RightBracket, opener);
    return finish(std::move(result));
}

/// {a, b}, {key: value}, {} and {:}.
NodePointer Parser::listOrMap()
{
    const Token opener = token();
    NodePointer result = node(NodeKind::List, opener.offset);
    m_closers.push_back(TokenKind::RightBrace);
    advance();
    if (at(TokenKind::Colon)) {
        result->kind = NodeKind::Map;
        advance();
    } else if (!at(TokenKind::RightBrace)) {
        result->children.push_back(keyOrElement());
        if (at(TokenKind::Colon)) {
            result->kind = NodeKind::Map;
            mapEntry(*result);
        }
        while (at(TokenKind::Comma)) {
            advance();
            result->children.push_back(keyOrElement());
            if (result->kind == NodeKind::Map)
                mapEntry(*result);
        }
    }
    close(TokenKind::RightBrace, opener);
    return finish(std::move(result));
}

/// A name before a colon is a key, even where it is an operator otherwise; true, false and null stay what they are.
NodePointer Parser::keyOrElement()
{
    const bool literal = atWord(QLatin1StringView("true")) || atWord(QLatin1StringView("false"))
        || atWord(QLatin1StringView("null"));
    if (!at(TokenKind::Name) || ahead().kind != TokenKind::Colon || literal)
        return expression();
    NodePointer key = node(NodeKind::Name, token().offset);
    key->text = textOf(token());
    advance();
    return finish(std::move(key));
}

/// The key has just been read as an expression; a name alone is the key's text and not an attribute.
void Parser::mapEntry(Node &map)
{
    Node &key = *map.children.back();
    if (key.kind == NodeKind::Name) {
        key.kind = NodeKind::Literal;
        key.bareKey = true;
        key.value = std::exchange(key.text, QString());
    }
    if (!at(TokenKind::Colon)) {
        missing(QStringLiteral("':' and a value are missing: every entry of a map is written key: value."));
        map.children.push_back(finish(node(NodeKind::Error, token().offset)));
        return;
    }
    advance();
    map.children.push_back(expression());
}

static bool isPrimitive(QStringView type)
{
    static constexpr QStringView kPrimitives[] = {u"byte",  u"short",  u"int",  u"long",
                                                  u"float", u"double", u"char", u"boolean"};
    return std::find(std::begin(kPrimitives), std::end(kPrimitives), type) != std::end(kPrimitives);
}

NodePointer Parser::newArray()
{
    const Token keyword = token();
    advance();
    const Token type = token();
    advance();
    while (at(TokenKind::Dot) && ahead().kind == TokenKind::Name) {
        advance();
        advance();
    }
    const QString typeText = m_text.mid(type.offset, m_end - type.offset);
    NodePointer result = node(NodeKind::NewArray, keyword.offset);
    result->text = typeText;
    if (!at(TokenKind::LeftBracket)) {
        const bool constructor = at(TokenKind::LeftParenthesis);
        if (constructor)
            arguments();
        fault(keyword.offset, m_end - keyword.offset,
              QStringLiteral("'new' can make arrays of primitives only, as new int[] {1, 2}: objects cannot be made. "
                             "Write a list {a, b} or a map {key: value}."));
        return finish(node(NodeKind::Error, keyword.offset));
    }
    bool sized = true;
    int dimensions = 0;
    while (at(TokenKind::LeftBracket)) {
        const Token opener = token();
        m_closers.push_back(TokenKind::RightBracket);
        advance();
        ++dimensions;
        if (at(TokenKind::RightBracket))
            sized = false;
        else
            result->children.push_back(expression());
        close(TokenKind::RightBracket, opener);
    }
    const int length = m_end - keyword.offset;
    if (at(TokenKind::LeftBrace)) {
        const Token opener = token();
        NodePointer list = listOrMap();
        if (list->kind == NodeKind::Map) {
            fault(opener.offset, m_end - opener.offset, QStringLiteral("An array is filled from a list {1, 2}."));
            list->kind = NodeKind::Error;
        }
        if (dimensions > 1) {
            fault(keyword.offset, length,
                  QStringLiteral("An array of arrays cannot be filled where it is made: write a list of lists."));
        }
        result->hasInitializer = true;
        result->children.push_back(std::move(list));
    } else if (!sized) {
        fault(keyword.offset, length,
              QStringLiteral("The array needs a size, new int[3], or its elements, new int[] {1, 2}."));
    }
    if (!isPrimitive(typeText)) {
        fault(type.offset, int(typeText.size()),
              QStringLiteral("Only arrays of byte, short, int, long, float, double, char and boolean can be made: "
                             "write a list {a, b} for everything else."));
    }
    return finish(std::move(result));
}

NodePointer Parser::typeOperator()
{
    const Token type = token();
    advance();
    arguments();
    fault(type.offset, m_end - type.offset,
          QStringLiteral("'T(…)' is switched off: classes cannot be reached. Use the functions of #string, #datetime, "
                         "#data, #regex, #crypto and #core."));
    return finish(node(NodeKind::Error, type.offset));
}

/// Reads one .name, [index], .?[…] and so on after what stands before; false when nothing of the kind follows.
bool Parser::step(Node &path)
{
    const Token sign = token();
    switch (sign.kind) {
    case TokenKind::Dot:
        advance();
        dotStep(path);
        return true;
    case TokenKind::SafeNavigation:
        faultAt(sign, QStringLiteral("'?.' is switched off: write '.', which gives null for what is missing."));
        advance();
        dotStep(path);
        return true;
    case TokenKind::LeftBracket:
        path.children.push_back(bracketed(NodeKind::Index, sign));
        return true;
    case TokenKind::Select:
    case TokenKind::SelectFirst:
    case TokenKind::SelectLast:
    case TokenKind::Project:
        faultAt(sign, QStringLiteral("Write a '.' before '%1'.").arg(excerpt(textOf(sign))));
        dotStep(path);
        return true;
    default:
        return false;
    }
}

void Parser::dotStep(Node &path)
{
    const Token sign = token();
    switch (sign.kind) {
    case TokenKind::Select:
        path.children.push_back(bracketed(NodeKind::Select, sign));
        return;
    case TokenKind::SelectFirst:
        path.children.push_back(bracketed(NodeKind::SelectFirst, sign));
        return;
    case TokenKind::SelectLast:
        path.children.push_back(bracketed(NodeKind::SelectLast, sign));
        return;
    case TokenKind::Project:
        path.children.push_back(bracketed(NodeKind::Project, sign));
        return;
    case TokenKind::Name:
        break;
    case TokenKind::LeftBracket:
        faultAt(sign, QStringLiteral("Write brackets without a '.' before them, user['name']."));
        return; // step() reads them next
    case TokenKind::Hash:
        faultAt(sign, QStringLiteral("A function takes what it works on as its argument: #string.trim(value)."));
        return;
    default:
        missing(QStringLiteral("A name must follow '.'; one with other characters than a-z, 0-9 and _ is written in "
                               "brackets, ['given-name']."));
        return;
    }
    advance();
    if (at(TokenKind::LeftParenthesis)) {
        methodCall(path, sign);
        return;
    }
    // These words are operators wherever they stand; and, or, matches and between are not.
    const bool reserved = sign.op && *sign.op != Operator::And && *sign.op != Operator::Or
        && *sign.op != Operator::Matches && *sign.op != Operator::Between;
    if (reserved)
        faultAt(sign, QStringLiteral("'%1' is an operator: write ['%1'] without the '.'.").arg(excerpt(textOf(sign))));
    NodePointer property = node(NodeKind::Property, sign.offset);
    property->text = textOf(sign);
    path.children.push_back(finish(std::move(property)));
}

} // namespace gatehouse::core::expr
