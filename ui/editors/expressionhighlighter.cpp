// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/expressionhighlighter.h"

#include "ui/editors/expressioncolors.h"

namespace gatehouse::ui {

void ExpressionHighlighter::highlightBlock(const QString &text)
{
    for (const QTextLayout::FormatRange &range : expressionColors(text))
        setFormat(range.start, range.length, range.format);
}

} // namespace gatehouse::ui
