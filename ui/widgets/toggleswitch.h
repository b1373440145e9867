// SPDX-License-Identifier: GPL-3.0-or-later
//
// A switch: accent when on, gray when off. A check box in all but looks, so that Space toggles it and assistive
// technology reads it as one. What it switches is decided elsewhere: react to clicked(), and set it back by
// setChecked() when the change was refused.
#pragma once

#include <QCheckBox>
#include <QVariantAnimation>

namespace gatehouse::ui {

class ToggleSwitch : public QCheckBox {
    Q_OBJECT
public:
    explicit ToggleSwitch(QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool hitButton(const QPoint &point) const override;

private:
    int trackHeight() const;
    QVariantAnimation m_slide; ///< knob's place, 0 off to 1 on
};

} // namespace gatehouse::ui
