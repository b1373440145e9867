// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a stray move of the mouse must not do, for every widget of the program: a wheel over a field that has not the
// focus scrolls the page and changes no value; a click into the empty space of a list leaves its current row marked; the
// list of a combo box is as high as its choices. Watches the application's events; owned by the theme. GUI thread.
#pragma once

#include <QObject>
#include <QPointer>

class QAbstractItemView;
class QMouseEvent;
class QWidget;

namespace gatehouse::ui {

class InputGuard : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    /// Whether the event goes no further.
    bool onMouse(QWidget *viewport, QAbstractItemView *view, QMouseEvent *event);

    QPointer<QWidget> m_pressed; ///< the viewport that was pressed where there is no row, until the button is let go
};

} // namespace gatehouse::ui
