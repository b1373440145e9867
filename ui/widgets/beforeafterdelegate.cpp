// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/beforeafterdelegate.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QPainter>

namespace gatehouse::ui {

namespace {

/// One side with its ground; @return the width used.
int paintSide(QPainter &painter, const QRect &rect, const QFont &font, const QString &text, Tone tone, bool struck)
{
    QFont own = font;
    own.setStrikeOut(struck);
    const QFontMetrics metrics(own);
    const int width = std::min(metrics.horizontalAdvance(text) + 10, rect.width());
    if (width < 12)
        return 0;
    const QRect box(rect.left(), rect.center().y() - metrics.height() / 2 - 1, width, metrics.height() + 3);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors().ground(tone));
    painter.drawRoundedRect(box, 3, 3);
    painter.setPen(colors().foreground(tone));
    painter.setFont(own);
    painter.drawText(box.adjusted(4, 0, -4, 0), Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                     metrics.elidedText(text, Qt::ElideRight, width - 8));
    return width;
}

} // namespace

int BeforeAfterDelegate::paintChange(QPainter &painter, const QRect &rect, const QFont &font, const QString *before,
                                     const QString *after)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    int used = 0;
    if (before && after && *before == *after) {
        const QFontMetrics metrics(font);
        painter.setFont(font);
        painter.setPen(colors().muted);
        painter.drawText(rect, Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                         metrics.elidedText(*after, Qt::ElideRight, rect.width()));
        used = std::min(metrics.horizontalAdvance(*after), rect.width());
    } else {
        // A long old value leaves at least half of the room to the new one.
        QRect room = rect;
        if (before) {
            QRect side = room;
            if (after)
                side.setWidth(std::max(room.width() / 2, room.width() - QFontMetrics(font).horizontalAdvance(*after) - 30));
            used += paintSide(painter, side, font, QStringLiteral("\u2212 ") + *before, Tone::Bad, true) + 4;
            room.setLeft(rect.left() + used);
        }
        if (after)
            used += paintSide(painter, room, font, QStringLiteral("+ ") + *after, Tone::Good, false);
    }
    painter.restore();
    return used;
}

void BeforeAfterDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem own = option;
    initStyleOption(&own, index);
    own.text.clear();
    QStyle *style = own.widget ? own.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &own, painter, own.widget);
    const QVariant before = index.data(app::BeforeRole);
    const QVariant after = index.data(app::AfterRole);
    const QString beforeText = before.toString();
    const QString afterText = after.toString();
    paintChange(*painter, own.rect.adjusted(8, 0, -8, 0), own.font, before.isValid() ? &beforeText : nullptr,
                after.isValid() ? &afterText : nullptr);
}

} // namespace gatehouse::ui
