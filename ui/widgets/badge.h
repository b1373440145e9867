// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small rounded label: a badge ("Just-in-time") or a state with its icon and word ("Healthy"). As a widget, and as
// painting for delegates, so that both look the same. Colour is never alone: a state always has its icon.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

class QPainter;

namespace gatehouse::ui {

/// The icon that goes with a tone.
QString toneIcon(Tone tone);

/// Size of a pill with @p text in the view's @p font; @p icon: with the tone's icon before it.
QSize pillSize(const QString &text, const QFont &font, bool icon);
/// Paints the pill with its top left at @p at and returns its size; @p onSelection: on the
/// ground of a selected row.
QSize paintPill(QPainter &painter, const QPoint &at, const QString &text, Tone tone, const QFont &font, bool icon,
               bool onSelection = false);

class Badge : public QWidget {
    Q_OBJECT
public:
    explicit Badge(QWidget *parent = nullptr);
    Badge(const QString &text, Tone tone, bool icon, QWidget *parent = nullptr);

    /// An empty text hides it.
    void setState(const QString &text, Tone tone, bool icon = true);
    QString text() const { return m_text; }
    Tone tone() const { return m_tone; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
    Tone m_tone = Tone::Neutral;
    bool m_icon = false;
};

} // namespace gatehouse::ui
