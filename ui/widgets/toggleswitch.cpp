// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/toggleswitch.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace gatehouse::ui {

namespace {
constexpr int kRing = 3; ///< room for the focus ring
constexpr int kSlideMilliseconds = 110;
} // namespace

ToggleSwitch::ToggleSwitch(QWidget *parent) : QCheckBox(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    m_slide.setStartValue(0.0);
    m_slide.setEndValue(1.0);
    connect(&m_slide, &QVariantAnimation::valueChanged, this, [this] { update(); });
    connect(this, &QCheckBox::toggled, this, [this](bool on) {
        const bool animate = isVisible() && style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0;
        m_slide.stop();
        m_slide.setDuration(animate ? kSlideMilliseconds : 0);
        m_slide.setDirection(on ? QAbstractAnimation::Forward : QAbstractAnimation::Backward);
        m_slide.start();
        update();
    });
}

int ToggleSwitch::trackHeight() const
{
    return std::max(18, fontMetrics().height() + 3);
}

QSize ToggleSwitch::sizeHint() const
{
    return {trackHeight() * 7 / 4 + 2 * kRing, trackHeight() + 2 * kRing};
}

bool ToggleSwitch::hitButton(const QPoint &point) const
{
    return rect().contains(point);
}

void ToggleSwitch::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int high = trackHeight();
    const QRectF track(kRing, (height() - high) / 2.0, width() - 2 * kRing, high);
    qreal place = isChecked() ? 1 : 0;
    if (m_slide.state() == QAbstractAnimation::Running)
        place = m_slide.currentValue().toReal();
    if (layoutDirection() == Qt::RightToLeft)
        place = 1 - place;

    const Colors &c = colors();
    QColor ground = isChecked() ? c.accent : c.muted;
    if (!isEnabled())
        ground = c.line;
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(track, high / 2.0, high / 2.0);
    const qreal side = high - 4;
    painter.setBrush(isEnabled() ? (c.highContrast ? c.onAccent : QColor(Qt::white)) : c.pane);
    painter.drawEllipse(QRectF(track.left() + 2 + place * (track.width() - high), track.top() + 2, side, side));
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(isChecked() ? c.text : c.accent, 1.5));
        painter.drawRoundedRect(track.adjusted(-2, -2, 2, 2), high / 2.0 + 2, high / 2.0 + 2);
    }
}

} // namespace gatehouse::ui
