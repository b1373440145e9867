// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/badge.h"

#include "ui/theme/icons.h"

#include <QFontMetrics>
#include <QPainter>

namespace gatehouse::ui {

namespace {

constexpr int kPadding = 8;
constexpr int kGap = 4;

QFont pillFont(const QFont &font)
{
    return scaledFont(font, 0.86, QFont::DemiBold);
}

int iconSide(const QFontMetrics &metrics)
{
    return metrics.ascent();
}

} // namespace

QString toneIcon(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return QStringLiteral("check");
    case Tone::Warning:
        return QStringLiteral("warning");
    case Tone::Bad:
        return QStringLiteral("error");
    case Tone::Accent:
        return QStringLiteral("dot");
    case Tone::Neutral:
        return QStringLiteral("minus");
    }
    return {};
}

QSize pillSize(const QString &text, const QFont &font, bool icon)
{
    const QFontMetrics metrics(pillFont(font));
    const int iconWidth = icon ? iconSide(metrics) + kGap : 0;
    return {metrics.horizontalAdvance(text) + 2 * kPadding + iconWidth, metrics.height() + 4};
}

QSize paintPill(QPainter &painter, const QPoint &at, const QString &text, Tone tone, const QFont &font, bool icon,
               bool onSelection)
{
    const QFont small = pillFont(font);
    const QFontMetrics metrics(small);
    const QRect rect(at, pillSize(text, font, icon));
    const QColor color = colors().foreground(tone);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors().highContrast ? QPen(color) : QPen(Qt::NoPen));
    const bool plain = onSelection && (tone == Tone::Accent || tone == Tone::Neutral);
    painter.setBrush(plain ? colors().pane : colors().ground(tone));
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), rect.height() / 2.0, rect.height() / 2.0);
    QRect words = rect.adjusted(kPadding, 0, -kPadding, 0);
    const bool mirrored = painter.layoutDirection() == Qt::RightToLeft;
    if (icon) {
        const int side = iconSide(metrics);
        const int x = mirrored ? words.right() - side + 1 : words.left();
        paintIcon(painter, QRectF(x, rect.center().y() - side / 2 + 1, side, side), toneIcon(tone), color);
        words.adjust(mirrored ? 0 : side + kGap, 0, mirrored ? -side - kGap : 0, 0);
    }
    painter.setFont(small);
    painter.setPen(color);
    painter.drawText(words, Qt::AlignCenter, text);
    painter.restore();
    return rect.size();
}

Badge::Badge(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

Badge::Badge(const QString &text, Tone tone, bool icon, QWidget *parent) : Badge(parent)
{
    setState(text, tone, icon);
}

void Badge::setState(const QString &text, Tone tone, bool icon)
{
    m_text = text;
    m_tone = tone;
    m_icon = icon;
    setAccessibleName(text);
    // Shown before it has a parent it would be a window of its own for a moment.
    if (text.isEmpty() || parentWidget())
        setVisible(!text.isEmpty());
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return m_text.isEmpty() ? QSize(0, 0) : pillSize(m_text, font(), m_icon);
}

void Badge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setLayoutDirection(layoutDirection());
    if (!m_text.isEmpty())
        paintPill(painter, {0, 0}, m_text, m_tone, font(), m_icon);
}

} // namespace gatehouse::ui
