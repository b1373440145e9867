// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fusion with two habits of its own: mnemonics are underlined while Alt is held, and not before; and check boxes and radio
// buttons have an outline that can be seen in every theme.
#pragma once

#include <QProxyStyle>

namespace gatehouse::ui {

class Style : public QProxyStyle {
    Q_OBJECT
public:
    Style();
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override;
    /// Watches the application for Alt.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setUnderlining(bool underlining);
    bool m_underlining = false;
};

} // namespace gatehouse::ui
