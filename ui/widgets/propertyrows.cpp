// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/propertyrows.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace gatehouse::ui {

PropertyRows::PropertyRows(QWidget *parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    setFocusPolicy(Qt::StrongFocus);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(2);
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, 3);
}

void PropertyRows::addRow(const QString &key, const QString &label, const QString &value, int options)
{
    auto *text = new QLabel(this);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text->setFocusPolicy(Qt::NoFocus);
    if (options & Monospace)
        text->setFont(monospaceFont(font()));
    insert(label, text, key, value);
    setValue(key, value);
    if (options & Hidden)
        setRowVisible(key, false);
}

void PropertyRows::addRow(const QString &label, QWidget *value, const QString &copyText)
{
    insert(label, value, {}, copyText);
}

void PropertyRows::insert(const QString &label, QWidget *value, const QString &key, const QString &copyText)
{
    const int row = int(m_rows.size());
    auto *name = new QLabel(label, this);
    name->setTextFormat(Qt::PlainText);
    name->setWordWrap(true);
    name->setForegroundRole(QPalette::PlaceholderText);
    name->setMinimumWidth(110);
    name->setContentsMargins(4, 4, 0, 4);
    name->setAlignment(Qt::AlignLeading | Qt::AlignTop);
    value->setContentsMargins(0, 4, 0, 4);
    auto *copy = new QToolButton(this);
    copy->setProperty("form", QStringLiteral("flat"));
    copy->setIcon(icon(QStringLiteral("copy")));
    copy->setIconSize({14, 14});
    copy->setToolTip(tr("Copy"));
    copy->setAccessibleName(tr("Copy %1").arg(label));
    copy->setFocusPolicy(Qt::NoFocus);
    copy->setStyleSheet(QStringLiteral("QToolButton { padding: 2px; }"));
    QSizePolicy policy = copy->sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    copy->setSizePolicy(policy);
    copy->hide();
    connect(copy, &QToolButton::clicked, this, [this, row] { copyRow(row); });
    name->setBuddy(value);
    value->setAccessibleName(label);
    m_grid->addWidget(name, row, 0);
    m_grid->addWidget(value, row, 1, Qt::AlignVCenter);
    m_grid->addWidget(copy, row, 2, Qt::AlignTop);
    for (QWidget *watched : {static_cast<QWidget *>(name), value, static_cast<QWidget *>(copy)}) {
        watched->installEventFilter(this);
        watched->setProperty("row", row);
    }
    m_rows.append({name, value, copy, copyText});
    if (!key.isEmpty())
        m_byKey.insert(key, row);
}

void PropertyRows::setValue(const QString &key, const QString &value, const QString &toolTip)
{
    const int row = m_byKey.value(key, -1);
    if (row < 0)
        return;
    m_rows[row].text = value;
    if (auto *label = qobject_cast<QLabel *>(m_rows[row].value)) {
        label->setText(value.isEmpty() ? QStringLiteral("\u2014") : value);
        label->setForegroundRole(value.isEmpty() ? QPalette::PlaceholderText : QPalette::WindowText);
        label->setToolTip(toolTip);
    }
}

void PropertyRows::setRowVisible(const QString &key, bool visible)
{
    const int row = m_byKey.value(key, -1);
    if (row < 0)
        return;
    m_rows[row].label->setVisible(visible);
    m_rows[row].value->setVisible(visible);
    if (!visible)
        m_rows[row].copy->hide();
    QSizePolicy policy = m_rows[row].copy->sizePolicy();
    policy.setRetainSizeWhenHidden(visible);
    m_rows[row].copy->setSizePolicy(policy);
}

void PropertyRows::clear()
{
    for (const Row &row : std::as_const(m_rows)) {
        delete row.label;
        delete row.value;
        delete row.copy;
    }
    m_rows.clear();
    m_byKey.clear();
    m_current = 0;
    m_hovered = -1;
}

void PropertyRows::copyRow(int row) const
{
    if (row >= 0 && row < m_rows.size() && !m_rows[row].text.isEmpty())
        QGuiApplication::clipboard()->setText(m_rows[row].text);
}

void PropertyRows::showCopy()
{
    for (int row = 0; row < m_rows.size(); ++row) {
        const bool wanted = !m_rows[row].text.isEmpty() && m_rows[row].value->isVisible()
                            && (row == m_hovered || (hasFocus() && row == m_current));
        m_rows[row].copy->setVisible(wanted);
    }
    update();
}

QRect PropertyRows::rowRect(int row) const
{
    if (row < 0 || row >= m_rows.size())
        return {};
    QRect rect = m_rows[row].label->geometry().united(m_rows[row].value->geometry());
    rect.setLeft(0);
    rect.setRight(width() - 1);
    return rect;
}

void PropertyRows::keyPressEvent(QKeyEvent *event)
{
    const auto go = [this](int step) {
        for (int row = m_current + step; row >= 0 && row < m_rows.size(); row += step) {
            if (m_rows[row].value->isVisible()) {
                m_current = row;
                break;
            }
        }
        showCopy();
    };
    if (event->matches(QKeySequence::Copy))
        copyRow(m_current);
    else if (event->key() == Qt::Key_Down)
        go(1);
    else if (event->key() == Qt::Key_Up)
        go(-1);
    else
        QWidget::keyPressEvent(event);
}

void PropertyRows::paintEvent(QPaintEvent *)
{
    if (!hasFocus())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors().accent, 1));
    painter.drawRoundedRect(QRectF(rowRect(m_current)).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

bool PropertyRows::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Enter || event->type() == QEvent::Leave) {
        m_hovered = event->type() == QEvent::Enter ? watched->property("row").toInt() : -1;
        showCopy();
    }
    return QWidget::eventFilter(watched, event);
}

void PropertyRows::focusInEvent(QFocusEvent *event)
{
    showCopy();
    QWidget::focusInEvent(event);
}

void PropertyRows::focusOutEvent(QFocusEvent *event)
{
    showCopy();
    QWidget::focusOutEvent(event);
}

} // namespace gatehouse::ui
