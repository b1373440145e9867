// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fusion with one habit of its own: mnemonics are underlined while Alt is held, and not before.
#pragma once

#include <QProxyStyle>

namespace gatehouse::ui {

class Style : public QProxyStyle {
    Q_OBJECT
public:
    Style();
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override;
    /// Watches the application for Alt.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setUnderlining(bool underlining);
    bool m_underlining = false;
};

} // namespace gatehouse::ui
