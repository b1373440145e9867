// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/parser.h"

#include "core/expr/limits.h"
#include "core/expr/parser_p.h"

#include <algorithm>

namespace gatehouse::core::expr {

Parser::Parser(const QString &text, Tokens tokens)
    : m_text(text), m_tokens(std::move(tokens.tokens)), m_faults(std::move(tokens.faults))
{
}

bool Parser::atWord(QLatin1StringView word) const
{
    return at(TokenKind::Name)
        && QStringView(m_text).mid(token().offset, token().length).compare(word, Qt::CaseInsensitive) == 0;
}

void Parser::advance()
{
    m_end = token().end();
    if (m_at + 1 < m_tokens.size())
        ++m_at;
}

void Parser::fault(int offset, int length, QString message, const Token *related)
{
    if (m_faults.size() >= kMaxFaults)
        return;
    // What the lexer could not read, or what was reported already, is one fault and not two.
    const int relatedOffset = related ? related->offset : -1;
    const int end = offset + length;
    for (const Fault &known : m_faults) {
        const int knownEnd = known.offset + std::max(known.length, 1);
        if (known.relatedOffset == relatedOffset && offset >= known.offset && offset < knownEnd && end <= knownEnd)
            return;
    }
    Fault fault{std::move(message), offset, length};
    if (related) {
        fault.relatedOffset = related->offset;
        fault.relatedLength = related->length;
    }
    m_faults.append(std::move(fault));
}

void Parser::missing(QString message)
{
    if (at(TokenKind::Unknown))
        return; // reported by the lexer
    fault(at(TokenKind::End) ? int(m_text.size()) : token().offset, token().length, std::move(message));
}

NodePointer Parser::node(NodeKind kind, int offset) const
{
    auto result = std::make_unique<Node>();
    result->kind = kind;
    result->offset = offset;
    return result;
}

NodePointer Parser::finish(NodePointer node) const
{
    node->length = std::max(m_end - node->offset, 0);
    return node;
}

bool Parser::enter()
{
    if (++m_depth <= kMaxNesting)
        return true;
    faultAt(token(), QStringLiteral("The expression is nested too deeply: at most %1 levels.").arg(kMaxNesting));
    m_at = m_tokens.size() - 1;
    return false;
}

static QString signOf(TokenKind closer)
{
    switch (closer) {
    case TokenKind::RightParenthesis:
        return QStringLiteral(")");
    case TokenKind::RightBracket:
        return QStringLiteral("]");
    default:
        return QStringLiteral("}");
    }
}

static bool isCloser(TokenKind kind)
{
    return kind == TokenKind::RightParenthesis || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace;
}

/// Expects @p closer, which was pushed on m_closers when @p opener was read.
bool Parser::close(TokenKind closer, const Token &opener)
{
    m_closers.pop_back();
    if (at(closer)) {
        advance();
        return true;
    }
    const QString what = QStringLiteral("'%1' is missing: the '%2' at position %3 is never closed.")
                             .arg(signOf(closer), textOf(opener), QString::number(opener.offset + 1));
    const bool mistyped = isCloser(token().kind)
        && std::find(m_closers.begin(), m_closers.end(), token().kind) == m_closers.end();
    if (mistyped) {
        fault(token().offset, token().length,
              QStringLiteral("'%1' is expected here, not '%2': it closes the '%3' at position %4.")
                  .arg(signOf(closer), excerpt(textOf(token())), textOf(opener), QString::number(opener.offset + 1)),
              &opener);
        advance();
        return true;
    }
    if (!at(TokenKind::Unknown))
        fault(at(TokenKind::End) ? int(m_text.size()) : token().offset, token().length, what, &opener);
    return false;
}

bool Parser::isSpaced(const Token &token) const
{
    const auto blank = [this](int at) { return at < 0 || at >= m_text.size() || m_text.at(at).isSpace(); };
    return blank(token.offset - 1) && blank(token.end());
}

void Parser::requireSpaces(const Token &token)
{
    if (!isSpaced(token))
        faultAt(token, QStringLiteral("Write a space before and after '%1'.").arg(excerpt(textOf(token))));
}

std::optional<Operator> Parser::binaryOperator() const
{
    const bool candidate = (at(TokenKind::Symbol) || at(TokenKind::Name)) && token().op != Operator::Not;
    return candidate ? token().op : std::nullopt;
}

NodePointer Parser::expression()
{
    const int offset = token().offset;
    if (!enter())
        return finish(node(NodeKind::Error, offset));
    NodePointer left = level(Precedence::Or);
    if (at(TokenKind::Question)) {
        const Token question = token();
        NodePointer ternary = node(NodeKind::Ternary, offset);
        advance();
        ternary->children.push_back(std::move(left));
        ternary->children.push_back(expression());
        if (at(TokenKind::Colon)) {
            advance();
            ternary->children.push_back(expression());
        } else {
            fault(at(TokenKind::End) ? int(m_text.size()) : token().offset, token().length,
                  QStringLiteral("':' and the other value are missing: the '?' at position %1 needs both, "
                                 "condition ? value : otherwise.").arg(question.offset + 1),
                  &question);
            ternary->children.push_back(finish(node(NodeKind::Error, token().offset)));
        }
        left = finish(std::move(ternary));
    } else if (at(TokenKind::Elvis)) {
        requireSpaces(token());
        NodePointer elvis = node(NodeKind::Elvis, offset);
        advance();
        elvis->children.push_back(std::move(left));
        elvis->children.push_back(expression());
        left = finish(std::move(elvis));
    }
    leave();
    return left;
}

/// One level of binary operators. Comparisons and ^ take two operands only; the others any number.
NodePointer Parser::level(Precedence precedence)
{
    if (precedence == Precedence::Prefix)
        return prefix();
    const auto next = Precedence(int(precedence) + 1);
    const int offset = token().offset;
    NodePointer left = level(next);
    if (precedence == Precedence::Relation)
        foreignOperator(left);
    NodePointer binary;
    while (const std::optional<Operator> op = binaryOperator()) {
        if (precedenceOf(*op) != precedence)
            break;
        const Token sign = token();
        requireSpaces(sign);
        const bool single = precedence == Precedence::Relation || precedence == Precedence::Power;
        if (single && binary) {
            faultAt(sign, QStringLiteral("'%1' cannot follow another one without parentheses: write (a %1 b) %1 c, or "
                                         "join comparisons by 'and'.").arg(excerpt(textOf(sign))));
        }
        advance();
        if (!binary) {
            binary = node(NodeKind::Binary, offset);
            binary->children.push_back(std::move(left));
        }
        binary->operators.push_back({*op, sign.offset, sign.length});
        binary->children.push_back(level(next));
        if (precedence == Precedence::Relation)
            foreignOperator(binary->children.back());
    }
    return binary ? finish(std::move(binary)) : std::move(left);
}

/// Parts that should not stand beside each other, kept for their faults. Flat, so that nothing nests without end.
NodePointer Parser::together(NodePointer left, NodePointer right) const
{
    if (left->kind != NodeKind::Error) {
        NodePointer error = node(NodeKind::Error, left->offset);
        error->children.push_back(std::move(left));
        left = std::move(error);
    }
    left->children.push_back(std::move(right));
    return finish(std::move(left));
}

/// Operators of other languages where a binary one can stand: refused, with what to write instead.
void Parser::foreignOperator(NodePointer &left)
{
    while (true) {
        const Token sign = token();
        if (atWord(QLatin1StringView("instanceof"))) {
            faultAt(sign, QStringLiteral("'instanceof' is switched off: types cannot be asked for. Compare the value "
                                         "itself, or use #string.asInt and its like with a default."));
            advance();
            if (at(TokenKind::Name) && textOf(token()) == u"T" && ahead().kind == TokenKind::LeftParenthesis) {
                const QList<Fault> kept = m_faults;
                typeOperator();
                m_faults = kept; // the type belongs to the fault just told
                continue;
            }
        } else if (at(TokenKind::Assign)) {
            faultAt(sign, QStringLiteral("'=' is switched off: an expression cannot change data. Compare with '=='."));
            advance();
        } else if (at(TokenKind::Increment) || at(TokenKind::Decrement)) {
            const QString one = textOf(sign).left(1);
            faultAt(sign, QStringLiteral("'%1' is switched off: an expression cannot change data. Write '%2 1'.")
                              .arg(textOf(sign), one));
            advance();
            if (at(TokenKind::End) || isCloser(token().kind) || at(TokenKind::Comma) || binaryOperator())
                continue;
        } else if (at(TokenKind::Unknown)) {
            advance();
            if (at(TokenKind::End) || isCloser(token().kind) || at(TokenKind::Comma) || binaryOperator())
                continue;
        } else {
            return;
        }
        left = together(std::move(left), level(Precedence::Sum));
    }
}

NodePointer Parser::prefix()
{
    const Token sign = token();
    std::optional<Operator> op;
    if (at(TokenKind::Not) || (at(TokenKind::Name) && sign.op == Operator::Not))
        op = Operator::Not;
    else if (at(TokenKind::Symbol) && sign.op == Operator::Add)
        op = Operator::Identity;
    else if (at(TokenKind::Symbol) && sign.op == Operator::Subtract)
        op = Operator::Negate;
    if (at(TokenKind::Increment) || at(TokenKind::Decrement)) {
        faultAt(sign, QStringLiteral("'%1' is switched off: an expression cannot change data.").arg(excerpt(textOf(sign))));
        op = Operator::Negate;
    }
    if (!op)
        return primary();
    if (!enter())
        return finish(node(NodeKind::Error, sign.offset));
    NodePointer result = node(NodeKind::Prefix, sign.offset);
    advance();
    result->operators.push_back({*op, sign.offset, sign.length});
    result->children.push_back(prefix());
    leave();
    return finish(std::move(result));
}

/// After a complete expression: says what is wrong and reads on, so that later faults are told too.
void Parser::leftover()
{
    const Token &extra = token();
    const QString what = excerpt(textOf(extra));
    if (isCloser(extra.kind)) {
        faultAt(extra, QStringLiteral("This '%1' closes nothing: take it out, or write its opening one.").arg(what));
        advance();
        return;
    }
    switch (extra.kind) {
    case TokenKind::Unknown:
        break;
    case TokenKind::Comma:
        faultAt(extra, QStringLiteral("',' can stand only between arguments and in lists {a, b}."));
        break;
    case TokenKind::Colon:
        faultAt(extra, QStringLiteral("':' needs a '?' before it, or the braces of a map {key: value}."));
        break;
    case TokenKind::Question:
    case TokenKind::Elvis:
        faultAt(extra, QStringLiteral("'%1' cannot follow here: put the part before it in parentheses.").arg(what));
        break;
    default:
        faultAt(extra, QStringLiteral("An operator is missing before '%1'.").arg(what));
        return; // may begin an expression of its own
    }
    advance();
}

NodePointer Parser::run()
{
    NodePointer tree = expression();
    while (!at(TokenKind::End) && m_faults.size() < kMaxFaults) {
        const size_t before = m_at;
        leftover();
        if (!at(TokenKind::End) && !isCloser(token().kind))
            tree = together(std::move(tree), expression());
        if (m_at == before)
            advance();
    }
    return tree;
}

Parsed parseTree(const QString &text)
{
    if (text.size() > kMaxExpressionLength) {
        const Fault fault{QStringLiteral("The expression is too long: %1 characters, at most %2 are allowed.")
                              .arg(QString::number(text.size()), QString::number(kMaxExpressionLength)),
                          kMaxExpressionLength, int(text.size()) - kMaxExpressionLength};
        return {std::make_unique<Node>(), {fault}};
    }
    Tokens tokens = tokenize(text);
    if (tokens.tokens.front().kind == TokenKind::End && tokens.faults.isEmpty())
        return {std::make_unique<Node>(), {Fault{QStringLiteral("The expression is empty."), 0, int(text.size())}}};
    Parser parser(text, std::move(tokens));
    Parsed result;
    result.tree = parser.run();
    result.faults = parser.faults();
    std::stable_sort(result.faults.begin(), result.faults.end(),
                     [](const Fault &a, const Fault &b) { return a.offset < b.offset; });
    return result;
}

} // namespace gatehouse::core::expr
