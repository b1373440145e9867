// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/celldelegate.h"

#include "ui/widgets/badge.h"

#include <QPainter>
#include <QStyle>

namespace gatehouse::ui {

namespace {
constexpr int kSide = 8;
} // namespace

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Colors &c = colors();
    const bool selected = option.state & QStyle::State_Selected;
    painter->save();
    painter->setLayoutDirection(option.direction);
    painter->setClipRect(option.rect);
    if (selected) {
        painter->fillRect(option.rect, c.accentGround);
    } else if (option.state & QStyle::State_MouseOver) {
        QColor hover = c.text;
        hover.setAlphaF(0.05F);
        painter->fillRect(option.rect, hover);
    }
    const QRect inside = option.rect.adjusted(kSide, 0, -kSide, 0);
    const QString state = index.data(app::StateTextRole).toString();
    if (index.data(app::LoadingRole).toBool()) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(c.line);
        painter->setRenderHint(QPainter::Antialiasing);
        const int width = std::min(inside.width(), 40 + (index.row() * 37 + index.column() * 53) % 60);
        painter->drawRoundedRect(QRect(inside.left(), inside.center().y() - 3, width, 7), 3, 3);
    } else if (!state.isEmpty()) {
        // Without room for the word its icon stays, rather than half a word.
        const bool room = pillSize(state, option.font, true).width() <= inside.width() + kSide;
        const QString word = room ? state : QString();
        const QSize size = pillSize(word, option.font, true);
        const QRect pill(inside.left(), option.rect.center().y() - size.height() / 2 + 1, size.width(), size.height());
        paintPill(*painter, QStyle::visualRect(option.direction, inside, pill).topLeft(), word,
                  Tone(index.data(app::StateRole).toInt()), option.font, true, selected);
    } else {
        QFont font = option.font;
        if (index.column() == m_titleColumn)
            font.setWeight(QFont::DemiBold);
        const QVariant own = index.data(Qt::FontRole);
        if (own.isValid())
            font = own.value<QFont>().resolve(font);
        painter->setFont(font);
        painter->setPen(c.text);
        const QVariant alignment = index.data(Qt::TextAlignmentRole);
        const Qt::Alignment align = alignment.isValid() ? Qt::Alignment(alignment.toInt()) : Qt::AlignLeading | Qt::AlignVCenter;
        // A cell has one line; the rest is in its tool tip.
        QString text = displayText(index.data(), option.locale);
        text.replace(QLatin1Char('\n'), QLatin1Char(' '));
        const QStringList badges = index.data(app::BadgesRole).toStringList();
        const QFontMetrics metrics(font);
        int room = inside.width();
        for (const QString &badge : badges)
            room -= pillSize(badge, option.font, false).width() + 6;
        // Badges give way to the name where there is no room for both.
        const bool withBadges = !badges.isEmpty() && room >= std::min(80, metrics.horizontalAdvance(text));
        text = metrics.elidedText(text, Qt::ElideRight, withBadges ? room : inside.width());
        painter->drawText(inside, int(align) | Qt::TextSingleLine, text);
        int x = inside.left() + metrics.horizontalAdvance(text) + 8;
        for (const QString &badge : withBadges ? badges : QStringList()) {
            const QSize size = pillSize(badge, option.font, false);
            const QRect pill(x, option.rect.center().y() - size.height() / 2 + 1, size.width(), size.height());
            paintPill(*painter, QStyle::visualRect(option.direction, inside, pill).topLeft(), badge, Tone::Accent,
                      option.font, false, selected);
            x += size.width() + 6;
        }
    }
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(QPen(c.accent, 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

} // namespace gatehouse::ui
