// SPDX-License-Identifier: GPL-3.0-or-later
//
// Our own line icons, drawn from SVG in the colours in use, so that they follow light, dark and high contrast by
// themselves. GUI thread only.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

class QPainter;
class QRectF;

namespace gatehouse::ui {

/// The icon resources/icons/NAME.svg: text colour, muted when disabled, accent when selected or checked.
QIcon icon(const QString &name);
/// A pixmap of it in one colour, @p side logical pixels wide and high; for labels.
QPixmap tintedPixmap(const QString &name, int side, const QColor &color);
/// Paints it in one colour.
void paintIcon(QPainter &painter, const QRectF &rect, const QString &name, const QColor &color);

} // namespace gatehouse::ui
