// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line of plain text, such as a DN, that gives way: where it has no room its middle is left out and its tool tip
// has it whole. text() is always the whole text.
#pragma once

#include <QLabel>

namespace gatehouse::ui {

class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QString shown() const;
};

} // namespace gatehouse::ui
