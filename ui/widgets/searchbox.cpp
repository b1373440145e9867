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
