// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rowdelegate.h"

#include "ui/widgets/badge.h"

#include <QPainter>
#include <QStyle>

namespace gatehouse::ui {

namespace {

constexpr int kSide = 16;
constexpr int kTop = 10;
constexpr int kLineGap = 4;
constexpr int kBar = 3;

} // namespace

QSize RowDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const QFontMetrics title(scaledFont(option.font, 1.0, QFont::DemiBold));
    const QFontMetrics subtitle(scaledFont(option.font, 0.93));
    return {160, title.height() + kLineGap + subtitle.height() + 2 * kTop};
}

void RowDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Colors &c = colors();
    const bool selected = option.state & QStyle::State_Selected;
    const bool mirrored = option.direction == Qt::RightToLeft;
    painter->save();
    painter->setLayoutDirection(option.direction);
    painter->setClipRect(option.rect);
    if (selected) {
        painter->fillRect(option.rect, c.accentGround);
        const int x = mirrored ? option.rect.right() - kBar + 1 : option.rect.left();
        painter->fillRect(QRect(x, option.rect.top(), kBar, option.rect.height()), c.accent);
    } else if (option.state & QStyle::State_MouseOver) {
        QColor hover = c.text;
        hover.setAlphaF(0.05F);
        painter->fillRect(option.rect, hover);
    }

    const QRect row = option.rect.adjusted(kSide, kTop, -kSide, -kTop);
    const auto visual = [&](const QRect &rect) { return QStyle::visualRect(option.direction, row, rect); };
    int right = row.right() + 1;

    const QString state = index.data(app::StateTextRole).toString();
    if (!state.isEmpty()) {
        const Tone tone = Tone(index.data(app::StateRole).toInt());
        const QSize size = pillSize(state, option.font, true);
        const QRect pill(QPoint(right - size.width(), row.top() - 1), size);
        paintPill(*painter, visual(pill).topLeft(), state, tone, option.font, true, selected);
        right -= size.width() + 8;
    }

    const QFont titleFont = scaledFont(option.font, 1.0, QFont::DemiBold);
    const QFontMetrics titleMetrics(titleFont);
    const QStringList badges = index.data(app::BadgesRole).toStringList();
    int badgesWidth = 0;
    for (const QString &badge : badges)
        badgesWidth += pillSize(badge, option.font, false).width() + 6;
    QString title = index.data(app::TitleRole).toString();
    title = titleMetrics.elidedText(title, Qt::ElideRight, std::max(60, right - row.left() - badgesWidth));
    painter->setFont(titleFont);
    painter->setPen(c.text);
    const int titleWidth = titleMetrics.horizontalAdvance(title);
    painter->drawText(visual(QRect(row.left(), row.top(), titleWidth + 2, titleMetrics.height())),
                      Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine, title);
    int x = row.left() + titleWidth + 8;
    for (const QString &badge : badges) {
        const QSize size = pillSize(badge, option.font, false);
        if (x + size.width() > right)
            break;
        paintPill(*painter, visual(QRect(QPoint(x, row.top() - 1), size)).topLeft(), badge, Tone::Accent, option.font,
                  false, selected);
        x += size.width() + 6;
    }

    const QFont subtitleFont = scaledFont(option.font, 0.93);
    const QFontMetrics subtitleMetrics(subtitleFont);
    painter->setFont(subtitleFont);
    painter->setPen(c.muted);
    const QRect line(row.left(), row.top() + titleMetrics.height() + kLineGap, row.width(), subtitleMetrics.height());
    painter->drawText(visual(line), Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                      subtitleMetrics.elidedText(index.data(app::SubtitleRole).toString(), Qt::ElideRight,
                                                 line.width()));
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(QPen(c.accent, 1));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

} // namespace gatehouse::ui
