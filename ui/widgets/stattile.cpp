// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/stattile.h"

#include <QPainter>

namespace gatehouse::ui {

namespace {
constexpr int kMargin = 14;
constexpr int kGap = 4;
} // namespace

StatTile::StatTile(const QString &label, QWidget *parent) : QAbstractButton(parent), m_label(label)
{
    setText(label);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setPressable(false);
}

void StatTile::setNumber(const QString &number, Tone tone)
{
    m_number = number;
    m_tone = tone;
    setAccessibleName(m_label + QLatin1Char(' ') + number);
    updateGeometry();
    update();
}

void StatTile::setNote(const QString &note)
{
    m_note = note;
    setAccessibleDescription(note);
    updateGeometry();
    update();
}

void StatTile::setPressable(bool pressable)
{
    m_pressable = pressable;
    setFocusPolicy(pressable ? Qt::StrongFocus : Qt::NoFocus);
    setCursor(pressable ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setAttribute(Qt::WA_Hover, pressable);
}

QSize StatTile::sizeHint() const
{
    const QFontMetrics small(font());
    const QFontMetrics big(scaledFont(font(), 1.7, QFont::Bold));
    int height = 2 * kMargin - 4 + small.height() + kGap + big.height();
    if (!m_note.isEmpty())
        height += kGap + small.height();
    const int width = std::max({small.horizontalAdvance(m_label), big.horizontalAdvance(m_number), 90});
    return {width + 2 * kMargin, height};
}

QSize StatTile::minimumSizeHint() const
{
    return {96, sizeHint().height()};
}

void StatTile::paintEvent(QPaintEvent *)
{
    const Colors &c = colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool lit = m_pressable && (underMouse() || hasFocus());
    painter.setPen(QPen(lit ? c.accent : c.line, hasFocus() ? 2 : 1));
    painter.setBrush(isDown() ? c.accentGround : c.pane);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);

    const QRect inside = rect().adjusted(kMargin, kMargin - 2, -kMargin, -kMargin + 2);
    const QFontMetrics small(font());
    painter.setPen(c.muted);
    painter.drawText(QRect(inside.left(), inside.top(), inside.width(), small.height()),
                     Qt::AlignLeading | Qt::AlignVCenter, small.elidedText(m_label, Qt::ElideRight, inside.width()));
    const QFont bigFont = scaledFont(font(), 1.7, QFont::Bold);
    const QFontMetrics big(bigFont);
    painter.setFont(bigFont);
    painter.setPen(c.foreground(m_tone));
    const int top = inside.top() + small.height() + kGap;
    painter.drawText(QRect(inside.left(), top, inside.width(), big.height()), Qt::AlignLeading | Qt::AlignVCenter,
                     big.elidedText(m_number, Qt::ElideRight, inside.width()));
    if (!m_note.isEmpty()) {
        painter.setFont(font());
        painter.setPen(c.muted);
        painter.drawText(QRect(inside.left(), top + big.height() + kGap, inside.width(), small.height()),
                         Qt::AlignLeading | Qt::AlignVCenter,
                         small.elidedText(m_note, Qt::ElideRight, inside.width()));
    }
}

} // namespace gatehouse::ui
