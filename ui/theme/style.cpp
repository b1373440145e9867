// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QStyleOption>
#include <QWidget>

namespace gatehouse::ui {

Style::Style() : QProxyStyle(QStringLiteral("Fusion")) {}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const bool isRadio = element == PE_IndicatorRadioButton;
    if (element != PE_IndicatorCheckBox && element != PE_IndicatorItemViewItemCheck && !isRadio)
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    const Colors &c = colors();
    const bool isEnabled = option->state & State_Enabled;
    const bool isOn = option->state & (State_On | State_NoChange);
    const int side = std::min(option->rect.width(), option->rect.height()) - 1;
    QRectF box(0, 0, side, side);
    box.moveCenter(QRectF(option->rect).center());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(!isEnabled ? c.line : isOn ? c.accent : c.muted, 1.2));
    painter->setBrush(!isEnabled ? c.neutralGround : isOn && !isRadio ? c.accent : c.pane);
    if (isRadio)
        painter->drawEllipse(box.adjusted(0.6, 0.6, -0.6, -0.6));
    else
        painter->drawRoundedRect(box.adjusted(0.6, 0.6, -0.6, -0.6), 3, 3);
    const QColor mark = !isEnabled ? c.muted : isRadio ? c.accent : c.onAccent;
    if (isRadio && isOn) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(mark);
        painter->drawEllipse(box.adjusted(side * 0.28, side * 0.28, -side * 0.28, -side * 0.28));
    } else if (option->state & State_NoChange) {
        painter->setPen(QPen(mark, 2));
        painter->drawLine(QPointF(box.left() + side * 0.25, box.center().y()), QPointF(box.right() - side * 0.25, box.center().y()));
    } else if (isOn) {
        paintIcon(*painter, box.adjusted(1, 1, -1, -1), QStringLiteral("check"), mark);
    }
    painter->restore();
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    if (hint == SH_UnderlineShortcut)
        return m_underlining ? 1 : 0;
    return QProxyStyle::styleHint(hint, option, widget, data);
}

void Style::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    // Tool tips and the texts of message boxes are labels, too.
    auto *label = qobject_cast<QLabel *>(widget);
    if (label && label->textFormat() == Qt::AutoText)
        label->setTextFormat(Qt::PlainText);
}

bool Style::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::ShortcutOverride:
        if (static_cast<QKeyEvent *>(event)->key() == Qt::Key_Alt)
            setUnderlining(true);
        break;
    case QEvent::KeyRelease:
        if (static_cast<QKeyEvent *>(event)->key() == Qt::Key_Alt)
            setUnderlining(false);
        break;
    case QEvent::ApplicationDeactivate:
        setUnderlining(false);
        break;
    default:
        break;
    }
    return QProxyStyle::eventFilter(watched, event);
}

void Style::setUnderlining(bool underlining)
{
    if (m_underlining == underlining)
        return;
    m_underlining = underlining;
    for (QWidget *window : QApplication::topLevelWidgets()) {
        window->update();
        for (QWidget *widget : window->findChildren<QWidget *>())
            widget->update();
    }
}

} // namespace gatehouse::ui
