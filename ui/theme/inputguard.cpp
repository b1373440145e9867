// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/inputguard.h"

#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QMouseEvent>
#include <QScreen>
#include <QScrollBar>

#include <algorithm>

namespace gatehouse::ui {

namespace {

/// Whether turning the wheel over it changes a value. Spin boxes are those of dates and times, too.
bool hasWheelValue(const QWidget *widget)
{
    if (qobject_cast<const QComboBox *>(widget) || qobject_cast<const QAbstractSpinBox *>(widget))
        return true;
    return qobject_cast<const QAbstractSlider *>(widget) && !qobject_cast<const QScrollBar *>(widget);
}

/// The combo box whose list @p widget is the window of; nullptr: none.
QComboBox *comboOf(QWidget *widget)
{
    auto *combo = qobject_cast<QComboBox *>(widget->parentWidget());
    return combo && widget->isWindow() && widget->isAncestorOf(combo->view()) ? combo : nullptr;
}

/// Makes the list as high as its choices, up to as many as the box shows at once.
void fitList(QWidget *list, const QComboBox &combo)
{
    QAbstractItemView *view = combo.view();
    const int rows = std::min(combo.count(), combo.maxVisibleItems());
    if (rows == 0)
        return;
    int wanted = 0;
    for (int row = 0; row < rows; ++row)
        wanted += view->visualRect(view->model()->index(row, combo.modelColumn(), combo.rootModelIndex())).height();
    const int missing = wanted - view->viewport()->height();
    const QScreen *screen = combo.screen();
    if (missing <= 0 || !screen)
        return;
    // Downwards where there is room, else upwards; never out of the screen.
    const QRect room = screen->availableGeometry();
    QRect place = list->geometry();
    place.setHeight(std::min(place.height() + missing, room.height()));
    if (place.bottom() > room.bottom())
        place.moveBottom(room.bottom());
    list->setGeometry(place);
}

} // namespace

bool InputGuard::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Polish:
        // The wheel would give the focus, and then change the value.
        if (auto *widget = qobject_cast<QWidget *>(watched);
            widget && hasWheelValue(widget) && (widget->focusPolicy() & Qt::WheelFocus) == Qt::WheelFocus)
            widget->setFocusPolicy(Qt::StrongFocus);
        break;
    case QEvent::Wheel:
        if (auto *widget = qobject_cast<QWidget *>(watched); widget && hasWheelValue(widget) && !widget->hasFocus()) {
            event->ignore(); // on to the page, which scrolls
            return true;
        }
        break;
    case QEvent::Show:
        if (auto *widget = qobject_cast<QWidget *>(watched); widget && widget->isWindow()) {
            if (const QComboBox *combo = comboOf(widget))
                fitList(widget, *combo);
        }
        break;
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseButtonDblClick:
        if (auto *widget = qobject_cast<QWidget *>(watched)) {
            auto *view = qobject_cast<QAbstractItemView *>(widget->parentWidget());
            if (view && view->viewport() == widget && !qobject_cast<QHeaderView *>(view))
                return onMouse(widget, view, static_cast<QMouseEvent *>(event));
        }
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

bool InputGuard::onMouse(QWidget *viewport, QAbstractItemView *view, QMouseEvent *event)
{
    if (event->type() == QEvent::MouseMove || event->type() == QEvent::MouseButtonRelease) {
        // The rest of a press into nothing selects nothing either.
        const bool mine = m_pressed == viewport;
        if (event->type() == QEvent::MouseButtonRelease || event->buttons() == Qt::NoButton)
            m_pressed = nullptr;
        return mine;
    }
    m_pressed = nullptr;
    const QItemSelectionModel *selection = view->selectionModel();
    if (!selection || view->selectionMode() == QAbstractItemView::NoSelection)
        return false;
    const QModelIndex index = view->indexAt(event->position().toPoint());
    const bool nothing = !index.isValid() || !(index.flags() & Qt::ItemIsEnabled);
    // Ctrl takes the mark from the one row that a list can have.
    const bool unmarks = view->selectionMode() == QAbstractItemView::SingleSelection
                         && (event->modifiers() & Qt::ControlModifier) && selection->isSelected(index);
    if (!nothing && !unmarks)
        return false;
    m_pressed = viewport;
    return true;
}

} // namespace gatehouse::ui
