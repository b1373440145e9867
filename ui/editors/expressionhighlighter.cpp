// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/expressionhighlighter.h"

#include "core/expr/lexer.h"
#include "ui/theme/theme.h"

namespace gatehouse::ui {

using core::expr::TokenKind;

void ExpressionHighlighter::highlightBlock(const QString &text)
{
    const Colors &c = colors();
    const std::vector<core::expr::Token> tokens = core::expr::tokenize(text).tokens;
    int callWords = 0; // of #library.function, the words that are still to come
    for (const core::expr::Token &token : tokens) {
        QColor color;
        switch (token.kind) {
        case TokenKind::Hash:
            callWords = 3;
            color = c.code;
            break;
        case TokenKind::Dot:
            color = callWords > 0 ? c.code : c.muted;
            break;
        case TokenKind::Name: {
            const QStringView word = QStringView(text).mid(token.offset, token.length);
            const bool constant = word == u"true" || word == u"false" || word == u"null" || word == u"new";
            color = callWords > 0 ? c.code : token.op || constant ? c.accent : c.text;
            break;
        }
        case TokenKind::Text:
            color = c.good;
            break;
        case TokenKind::Int:
        case TokenKind::Long:
        case TokenKind::HexInt:
        case TokenKind::HexLong:
        case TokenKind::Real:
        case TokenKind::Float:
            color = c.accent;
            break;
        case TokenKind::Unknown:
            color = c.bad;
            break;
        default:
            break;
        }
        if (token.kind != TokenKind::Hash && callWords > 0)
            callWords = token.kind == TokenKind::Dot || token.kind == TokenKind::Name ? callWords - 1 : 0;
        if (color.isValid())
            setFormat(token.offset, token.length, color);
    }
}

} // namespace gatehouse::ui
