// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fusion with three habits of its own: mnemonics are underlined while Alt is held, and not before; check boxes and radio
// buttons have an outline that can be seen in every theme; and no label or tool tip takes what it shows for markup.
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
    /// What a label shows may come from a directory: it is plain text unless the label was told that it is rich.
    void polish(QWidget *widget) override;
    using QProxyStyle::polish;
    /// Watches the application for Alt.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setUnderlining(bool underlining);
    bool m_underlining = false;
};

} // namespace gatehouse::ui
