// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of an expression, with their places: for the parser, and for editors that colour an expression while it is
// typed. Plain values, any thread.
#pragma once

#include "core/expr/operators.h"

#include <optional>

namespace gatehouse::core::expr {

enum class TokenKind : quint8 {
    End,
    Name,     ///< also the words and, or, lt, matches ...: then Token::op is set
    Int,      ///< 12
    Long,     ///< 12L
    HexInt,   ///< 0x1F
    HexLong,  ///< 0x1FL
    Real,     ///< 1.5, 1e3, 1.5d
    Float,    ///< 1.5f
    Text,     ///< 'it''s', quotes included
    Symbol,   ///< an operator written with signs: Token::op is set
    Not,      ///< !
    LeftParenthesis,
    RightParenthesis,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    Comma,
    Colon,
    Dot,
    Hash,
    Question,
    Elvis,          ///< ?:
    SafeNavigation, ///< ?.
    Select,         ///< ?[
    SelectFirst,    ///< ^[
    SelectLast,     ///< $[
    Project,        ///< ![
    Assign,         ///< =
    Increment,      ///< ++
    Decrement,      ///< --
    At,             ///< @
    Unknown,        ///< already reported by the lexer
};

struct Token {
    TokenKind kind = TokenKind::End;
    int offset = 0;
    int length = 0;
    std::optional<Operator> op = {};
    int end() const { return offset + length; }
    bool operator==(const Token &) const = default;
};

} // namespace gatehouse::core::expr
