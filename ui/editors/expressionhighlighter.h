// SPDX-License-Identifier: GPL-3.0-or-later
//
// Colours an expression by the language's own lexer, in the theme's colours. Owned by the document it colours. Knows
// words, not meaning: what is wrong is marked by the field.
#pragma once

#include <QSyntaxHighlighter>

namespace gatehouse::ui {

class ExpressionHighlighter : public QSyntaxHighlighter {
    Q_OBJECT
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

protected:
    void highlightBlock(const QString &text) override;
};

} // namespace gatehouse::ui
