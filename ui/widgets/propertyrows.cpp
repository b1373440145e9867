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

namespace {
/// Narrower than so many characters, a label stands above its value.
constexpr int kBesideCharacters = 38;
} // namespace

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
    text->setMinimumWidth(1); // a long word is cut rather than the whole panel widened
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text->setFocusPolicy(Qt::NoFocus);
    // On the reader's side, whatever script the value is in.
    text->setAlignment((isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter);
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
    name->setMinimumWidth(fontMetrics().averageCharWidth() * 14);
    name->setContentsMargins(4, 4, 0, 4);
    name->setAlignment(Qt::AlignLeading | Qt::AlignTop);
    auto *copy = new QToolButton(this);
    copy->setProperty("form", QStringLiteral("flat"));
    copy->setIcon(icon(QStringLiteral("copy")));
    copy->setIconSize({14, 14});
    copy->setToolTip(tr("Copy"));
    copy->setAccessibleName(tr("Copy %1").arg(label));
    copy->setFocusPolicy(Qt::NoFocus);
    copy->setStyleSheet(QStringLiteral("QToolButton { padding: 2px; background: palette(base); }"));
    copy->setAutoFillBackground(true); // it stands over the end of the value
    copy->setBackgroundRole(QPalette::Base);
    copy->hide();
    connect(copy, &QToolButton::clicked, this, [this, row] { copyRow(row); });
    name->setBuddy(value);
    value->setAccessibleName(label);
    for (QWidget *watched : {static_cast<QWidget *>(name), value, static_cast<QWidget *>(copy)}) {
        watched->installEventFilter(this);
        watched->setProperty("row", row);
    }
    m_rows.append({name, value, copy, copyText});
    place(row);
    if (!key.isEmpty())
        m_byKey.insert(key, row);
}

void PropertyRows::place(int row)
{
    const Row &each = m_rows[row];
    for (QWidget *widget : {static_cast<QWidget *>(each.label), each.value, static_cast<QWidget *>(each.copy)})
        m_grid->removeWidget(widget);
    if (m_stacked) {
        m_grid->addWidget(each.label, 2 * row, 0, 1, 2);
        m_grid->addWidget(each.value, 2 * row + 1, 0, 1, 2);
        m_grid->addWidget(each.copy, 2 * row + 1, 0, 1, 2, Qt::AlignTrailing | Qt::AlignTop);
    } else {
        m_grid->addWidget(each.label, 2 * row, 0);
        m_grid->addWidget(each.value, 2 * row, 1, Qt::AlignVCenter);
        m_grid->addWidget(each.copy, 2 * row, 1, Qt::AlignTrailing | Qt::AlignTop);
    }
    each.copy->raise();
    each.value->setContentsMargins(m_stacked ? 4 : 0, m_stacked ? 0 : 4, 0, 4);
}

void PropertyRows::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool stacked = width() < fontMetrics().averageCharWidth() * kBesideCharacters;
    if (stacked == m_stacked)
        return;
    m_stacked = stacked;
    for (int row = 0; row < m_rows.size(); ++row)
        place(row);
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
