// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"

#include <QApplication>
#include <QKeyEvent>
#include <QWidget>

namespace gatehouse::ui {

Style::Style() : QProxyStyle(QStringLiteral("Fusion")) {}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    if (hint == SH_UnderlineShortcut)
        return m_underlining ? 1 : 0;
    return QProxyStyle::styleHint(hint, option, widget, data);
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
