// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/searchbox.h"

#include "ui/theme/icons.h"

#include <QAction>
#include <QKeyEvent>

namespace gatehouse::ui {

SearchBox::SearchBox(const QString &placeholder, QWidget *parent) : QLineEdit(parent)
{
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    setClearButtonEnabled(true);
    setProperty("form", QStringLiteral("search"));
    // Qt's own clear icon does not follow dark colours.
    if (auto *clearing = findChild<QAction *>(QStringLiteral("_q_qlineeditclearaction")))
        clearing->setIcon(icon(QStringLiteral("close")));
    addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_pause.setSingleShot(true);
    m_pause.setInterval(150);
    connect(&m_pause, &QTimer::timeout, this, &SearchBox::ask);
    connect(this, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (text.isEmpty())
            ask();
        else
            m_pause.start();
    });
}

void SearchBox::ask()
{
    m_pause.stop();
    if (m_asked == text())
        return;
    m_asked = text();
    emit searched(m_asked);
}

bool SearchBox::event(QEvent *event)
{
    // Esc clears first; only from an empty box is it the window's.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape
        && !text().isEmpty())
        event->accept();
    return QLineEdit::event(event);
}

void SearchBox::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        if (!text().isEmpty()) {
            clear();
            return;
        }
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        ask();
        emit returnPressed();
        return;
    case Qt::Key_Down:
        ask();
        emit downPressed();
        return;
    default:
        break;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace gatehouse::ui
