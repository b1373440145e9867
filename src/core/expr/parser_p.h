// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parser's inside, for its own sources: one recursive descent with precedence levels. Lives on the stack of
// parseTree(), one thread.
#pragma once

#include "core/expr/ast.h"
#include "core/expr/fault.h"
#include "core/expr/lexer.h"

namespace gatehouse::core::expr {

class Parser {
public:
    Parser(const QString &text, Tokens tokens);
    /// Reads all tokens; what follows a complete expression is read too, for its faults.
    NodePointer run();
    QList<Fault> faults() const { return m_faults; }

private:
    // parser.cpp: tokens, operators
    const Token &token() const { return m_tokens[m_at]; }
    const Token &ahead(size_t count = 1) const { return m_tokens[std::min(m_at + count, m_tokens.size() - 1)]; }
    bool at(TokenKind kind) const { return token().kind == kind; }
    QString textOf(const Token &token) const { return m_text.mid(token.offset, token.length); }
    bool atWord(QLatin1StringView word) const;
    void advance();
    void fault(int offset, int length, QString message, const Token *related = nullptr);
    void faultAt(const Token &token, QString message) { fault(token.offset, token.length, std::move(message)); }
    void missing(QString message);
    NodePointer node(NodeKind kind, int offset) const;
    NodePointer finish(NodePointer node) const;
    bool enter();
    void leave() { --m_depth; }
    bool close(TokenKind closer, const Token &opener);
    bool isSpaced(const Token &token) const;
    void requireSpaces(const Token &token);
    std::optional<Operator> binaryOperator() const;

    NodePointer expression();
    NodePointer level(Precedence precedence);
    NodePointer prefix();
    void foreignOperator(NodePointer &left);
    NodePointer together(NodePointer left, NodePointer right) const;
    void leftover();

    // primary.cpp: what operators stand between
    NodePointer primary();
    NodePointer start();
    NodePointer numberLiteral();
    NodePointer nameOrKeyword();
    NodePointer hash();
    NodePointer listOrMap();
    NodePointer keyOrElement();
    void mapEntry(Node &map);
    NodePointer newArray();
    NodePointer typeOperator();
    bool step(Node &path);
    void dotStep(Node &path);
    NodePointer bracketed(NodeKind kind, const Token &opener);

    // calls.cpp: functions, and methods that are none
    NodePointer call(const Token &hash, const Token &library);
    NodePointer bareCall(const Token &name);
    void methodCall(Node &path, const Token &name);
    std::vector<NodePointer> arguments();
    void checkCall(const Node &call, const Token &name);

    const QString &m_text;
    std::vector<Token> m_tokens;
    QList<Fault> m_faults;
    std::vector<TokenKind> m_closers; ///< what the open brackets wait for, innermost last
    size_t m_at = 0;
    int m_end = 0; ///< end of the last token read
    int m_depth = 0;
};

} // namespace gatehouse::core::expr
