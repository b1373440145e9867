// SPDX-License-Identifier: GPL-3.0-or-later
//
// An expression's words in their colours, for the editor's highlighter and for expressions painted where nobody edits
// them, in one line or two. GUI thread.
#pragma once

#include <QFont>
#include <QList>
#include <QRect>
#include <QTextLayout>

class QPainter;

namespace gatehouse::ui {

/// Our own lexer's words in their colours.
QList<QTextLayout::FormatRange> expressionColors(const QString &text);
/// A wavy line under the wrong characters; under the last one where something is missing at the end.
QTextLayout::FormatRange faultMark(const QString &text, int offset, int length);
/// Paints @p text in two lines at most, vertically in the middle, elided where they do not hold it.
void paintCode(QPainter &painter, const QRect &rect, const QFont &font, const QString &text,
               const QList<QTextLayout::FormatRange> &formats);

} // namespace gatehouse::ui
