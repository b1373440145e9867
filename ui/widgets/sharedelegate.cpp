// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sharedelegate.h"

#include "app/roles.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QPainter>

namespace gatehouse::ui {

namespace {
constexpr int kSide = 4;
constexpr int kBar = 3;
constexpr int kGap = 3;
} // namespace

ShareDelegate::ShareDelegate(int shareRole, int toneRole, int detailRole, QObject *parent)
    : QStyledItemDelegate(parent), m_shareRole(shareRole), m_toneRole(toneRole), m_detailRole(detailRole)
{
}

QSize ShareDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {80, option.fontMetrics.height() + kGap + kBar + 10};
}

void ShareDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem own = option;
    initStyleOption(&own, index);
    const QString text = own.text;
    own.text.clear();
    QStyle *style = own.widget ? own.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &own, painter, own.widget);

    const QVariant share = index.data(m_shareRole);
    const auto tone = Tone(index.data(m_toneRole).toInt());
    const QFont font = scaledFont(own.font, 0.93);
    const QFontMetrics metrics(font);
    QRect rect = own.rect.adjusted(kSide, 0, -kSide, 0);
    const bool bar = share.isValid() && share.toDouble() > 0;
    painter->save();
    painter->setFont(font);
    QRect line(rect.left(), rect.center().y() - (metrics.height() + (bar ? kGap + kBar : 0)) / 2, rect.width(), metrics.height());
    const QString detail = m_detailRole < 0 ? QString() : index.data(m_detailRole).toString();
    if (!detail.isEmpty()) {
        painter->setPen(colors().muted);
        painter->drawText(line, Qt::AlignTrailing | Qt::AlignVCenter | Qt::TextSingleLine, detail);
        const int room = metrics.horizontalAdvance(detail) + 12;
        own.direction == Qt::RightToLeft ? line.setLeft(line.left() + room) : line.setRight(line.right() - room);
    }
    const bool quiet = share.isValid() && !bar;
    painter->setPen(quiet ? colors().muted
                    : tone == Tone::Neutral || tone == Tone::Accent ? colors().text
                                                                    : colors().foreground(tone));
    painter->drawText(line, Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                      metrics.elidedText(text, Qt::ElideRight, line.width()));
    if (bar) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        QRectF ground(rect.left(), line.bottom() + kGap, rect.width(), kBar);
        painter->setBrush(colors().line);
        painter->drawRoundedRect(ground, 1.5, 1.5);
        const qreal width = std::max(2.0, ground.width() * std::min(1.0, share.toDouble()));
        if (own.direction == Qt::RightToLeft)
            ground.setLeft(ground.right() - width);
        else
            ground.setWidth(width);
        painter->setBrush(tone == Tone::Neutral ? colors().muted : colors().foreground(tone));
        painter->drawRoundedRect(ground, 1.5, 1.5);
    }
    if (own.state & QStyle::State_HasFocus) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(colors().accent, 1));
        painter->drawRect(own.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

} // namespace gatehouse::ui
