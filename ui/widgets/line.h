// SPDX-License-Identifier: GPL-3.0-or-later
//
// A hairline between parts of a page, in the palette's line colour.
#pragma once

#include <QPainter>
#include <QWidget>

namespace gatehouse::ui {

class Line : public QWidget {
    Q_OBJECT
public:
    explicit Line(Qt::Orientation orientation = Qt::Horizontal, QWidget *parent = nullptr) : QWidget(parent)
    {
        if (orientation == Qt::Horizontal)
            setFixedHeight(1);
        else
            setFixedWidth(1);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), palette().color(QPalette::Mid));
    }
};

} // namespace gatehouse::ui
