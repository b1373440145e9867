// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/listeditor.h"

#include "core/config/hostandport.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QCompleter>
#include <QHBoxLayout>
#include <QIntValidator>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kPortWidth = 84;

QToolButton *smallButton(const QString &iconName, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setProperty("form", QStringLiteral("flat"));
    button->setIcon(icon(iconName));
    button->setIconSize({16, 16});
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

QString joined(const QString &host, const QString &port)
{
    const bool isBare6 = host.contains(u':') && !host.startsWith(u'[');
    return (isBare6 ? QStringLiteral("[%1]").arg(host) : host) + u':' + port;
}

} // namespace

ListEditor::ListEditor(Kind kind, const QString &addText, QWidget *parent)
    : QWidget(parent), m_kind(kind), m_layout(new QVBoxLayout(this)), m_add(new QPushButton(addText, this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(6);
    m_add->setProperty("form", QStringLiteral("flat"));
    m_add->setObjectName(QStringLiteral("add"));
    m_add->setAutoDefault(false);
    m_layout->addWidget(m_add, 0, Qt::AlignLeading);
    connect(m_add, &QPushButton::clicked, this, [this] {
        addRow({});
        m_rows.last().text->setFocus(Qt::OtherFocusReason);
    });
    addRow({});
}

void ListEditor::addRow(const QString &item)
{
    Row row;
    row.widget = new QWidget(this);
    row.text = new QLineEdit(row.widget);
    row.text->setFont(monospaceFont(font()));
    row.text->setPlaceholderText(m_placeholder);
    suggest(row);
    row.fault = new QLabel(row.widget);
    row.fault->setTextFormat(Qt::PlainText);
    row.fault->setWordWrap(true);
    row.fault->setFont(scaledFont(font(), 0.93));
    row.fault->setForegroundRole(QPalette::BrightText);
    row.fault->setObjectName(QStringLiteral("error"));
    row.fault->hide();
    row.grip = smallButton(QStringLiteral("menu"), tr("Drag to put in order"), row.widget);
    row.grip->setCursor(Qt::OpenHandCursor);
    row.grip->setFocusPolicy(Qt::NoFocus);
    row.up = smallButton(QStringLiteral("up"), tr("Move up"), row.widget);
    row.down = smallButton(QStringLiteral("down"), tr("Move down"), row.widget);
    row.remove = smallButton(QStringLiteral("delete"), tr("Remove"), row.widget);

    auto *line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    line->addWidget(row.grip);
    line->addWidget(row.text, 1);
    if (m_kind == Kind::HostAndPort) {
        row.port = new QLineEdit(row.widget);
        row.port->setFixedWidth(kPortWidth);
        row.port->setValidator(new QIntValidator(1, 65535, row.port));
        row.port->setPlaceholderText(QString::number(m_defaultPort));
        line->addWidget(row.port);
    }
    for (QToolButton *button : {row.up, row.down, row.remove})
        line->addWidget(button);
    auto *column = new QVBoxLayout(row.widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(line);
    column->addWidget(row.fault);

    QWidget *widget = row.widget;
    for (QLineEdit *edit : {row.text, row.port}) {
        if (!edit)
            continue;
        edit->installEventFilter(this);
        connect(edit, &QLineEdit::textChanged, this, [this, widget] {
            const qsizetype at = rowOf(widget);
            if (at >= 0)
                m_rows[at].fault->hide();
            emit itemsChanged();
        });
    }
    row.grip->installEventFilter(this);
    connect(row.text, &QLineEdit::editingFinished, this, [this, widget] {
        const qsizetype at = rowOf(widget);
        if (at >= 0)
            splitTyped(m_rows.at(at));
    });
    connect(row.up, &QToolButton::clicked, this, [this, widget] { moveRow(rowOf(widget), rowOf(widget) - 1); });
    connect(row.down, &QToolButton::clicked, this, [this, widget] { moveRow(rowOf(widget), rowOf(widget) + 1); });
    connect(row.remove, &QToolButton::clicked, this, [this, widget] { removeRow(widget); });

    m_layout->insertWidget(int(m_rows.size()), row.widget);
    m_rows.append(row);
    if (!item.isEmpty()) {
        row.text->setText(item);
        splitTyped(row);
    }
    updateRows();
}

void ListEditor::removeRow(QWidget *widget)
{
    const qsizetype at = rowOf(widget);
    if (at < 0)
        return;
    const bool hadFocus = widget->isAncestorOf(focusWidget());
    m_rows.removeAt(at);
    widget->hide();
    widget->deleteLater();
    if (m_rows.isEmpty())
        addRow({});
    updateRows();
    if (hadFocus)
        m_rows.at(std::min(at, m_rows.size() - 1)).text->setFocus(Qt::OtherFocusReason);
    emit itemsChanged();
}

void ListEditor::moveRow(qsizetype from, qsizetype to)
{
    if (from < 0 || to < 0 || to >= m_rows.size() || from == to)
        return;
    QWidget *focused = focusWidget();
    m_rows.move(from, to);
    m_layout->removeWidget(m_rows.at(to).widget);
    m_layout->insertWidget(int(to), m_rows.at(to).widget);
    updateRows();
    if (focused && isAncestorOf(focused) && focused->isEnabled())
        focused->setFocus(Qt::OtherFocusReason);
    emit itemsChanged();
}

qsizetype ListEditor::rowOf(const QObject *part) const
{
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (m_rows.at(i).widget == part || m_rows.at(i).widget == part->parent())
            return i;
    }
    return -1;
}

void ListEditor::splitTyped(const Row &row)
{
    if (m_kind != Kind::HostAndPort)
        return;
    QString text = row.text->text().trimmed();
    // People paste URLs; only host and port of them are meant here.
    if (const qsizetype scheme = text.indexOf(QStringLiteral("://")); scheme >= 0) {
        text = text.mid(scheme + 3).section(u'/', 0, 0);
        row.text->setText(text);
    }
    if (const auto parsed = core::parseHostAndPort(text)) {
        row.text->setText(parsed->host);
        row.port->setText(QString::number(parsed->port));
    }
}

void ListEditor::updateRows()
{
    QWidget *last = nullptr;
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows.at(i);
        const bool many = m_rows.size() > 1;
        row.grip->setVisible(many);
        row.up->setVisible(many);
        row.down->setVisible(many);
        row.up->setEnabled(i > 0);
        row.down->setEnabled(i + 1 < m_rows.size());
        row.remove->setVisible(many || m_kind != Kind::HostAndPort);
        const QString number = QString::number(i + 1);
        const QString base = objectName().isEmpty() ? QStringLiteral("item") : objectName();
        row.text->setObjectName(base + number);
        row.text->setAccessibleName(m_kind == Kind::HostAndPort ? tr("Host %1").arg(number) : tr("Entry %1").arg(number));
        if (row.port) {
            row.port->setObjectName(base + QStringLiteral("Port") + number);
            row.port->setAccessibleName(tr("Port of host %1").arg(number));
        }
        for (QWidget *part : {static_cast<QWidget *>(row.text), static_cast<QWidget *>(row.port),
                              static_cast<QWidget *>(row.up), static_cast<QWidget *>(row.down),
                              static_cast<QWidget *>(row.remove)}) {
            if (!part)
                continue;
            if (last)
                setTabOrder(last, part);
            last = part;
        }
    }
    if (last)
        setTabOrder(last, m_add);
}

void ListEditor::focusInEvent(QFocusEvent *event)
{
    // No focus proxy: by Tab one would come to it past what stands before it in the chain.
    QWidget *first = m_rows.isEmpty() ? static_cast<QWidget *>(m_add) : m_rows.first().text;
    first->setFocus(event->reason());
}

QString ListEditor::textOf(const Row &row) const
{
    const QString text = row.text->text().trimmed();
    if (text.isEmpty() || m_kind != Kind::HostAndPort)
        return text;
    if (row.port->text().isEmpty() && core::parseHostAndPort(text))
        return text; // typed with its port and not yet left
    return joined(text, row.port->text().isEmpty() ? QString::number(m_defaultPort) : row.port->text());
}

QStringList ListEditor::items() const
{
    QStringList items;
    for (const Row &row : m_rows) {
        const QString text = textOf(row);
        if (!text.isEmpty())
            items << text;
    }
    return items;
}

void ListEditor::setItems(const QStringList &items)
{
    if (items == this->items() && !items.isEmpty())
        return;
    for (const Row &row : std::as_const(m_rows)) {
        row.widget->hide();
        row.widget->deleteLater();
    }
    m_rows.clear();
    for (const QString &item : items)
        addRow(item);
    if (m_rows.isEmpty())
        addRow({});
    updateRows();
    emit itemsChanged();
}

void ListEditor::setDefaultPort(quint16 port)
{
    if (port == m_defaultPort)
        return;
    const QString old = QString::number(m_defaultPort);
    m_defaultPort = port;
    for (const Row &row : std::as_const(m_rows)) {
        if (!row.port)
            continue;
        row.port->setPlaceholderText(QString::number(port));
        // A port that was only the other security's default follows the security.
        if (row.port->text() == old)
            row.port->setText(QString::number(port));
    }
    emit itemsChanged();
}

void ListEditor::setPlaceholder(const QString &text)
{
    m_placeholder = text;
    for (const Row &row : std::as_const(m_rows))
        row.text->setPlaceholderText(text);
}

void ListEditor::setSuggestions(const QStringList &suggestions)
{
    m_suggestions = suggestions;
    for (const Row &row : std::as_const(m_rows))
        suggest(row);
}

void ListEditor::suggest(const Row &row)
{
    if (m_suggestions.isEmpty())
        return;
    auto *completer = new QCompleter(m_suggestions, row.text);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    delete row.text->completer();
    row.text->setCompleter(completer);
}

void ListEditor::setItemFault(int index, const QString &text)
{
    int item = -1;
    for (const Row &row : std::as_const(m_rows)) {
        if (!textOf(row).isEmpty())
            ++item;
        if (item != index)
            continue;
        row.fault->setText(text);
        row.fault->setVisible(!text.isEmpty());
        row.text->setProperty("fault", !text.isEmpty());
        row.text->style()->unpolish(row.text);
        row.text->style()->polish(row.text);
        row.text->setAccessibleDescription(text);
        return;
    }
}

void ListEditor::clearFaults()
{
    for (int i = 0; i < m_rows.size(); ++i)
        setItemFault(i, {});
}

bool ListEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        auto *key = static_cast<QKeyEvent *>(event);
        const qsizetype at = rowOf(watched);
        if (at >= 0 && key->modifiers() == Qt::AltModifier && (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)) {
            moveRow(at, key->key() == Qt::Key_Up ? at - 1 : at + 1);
            return true;
        }
    }
    if (event->type() == QEvent::MouseMove && qobject_cast<QToolButton *>(watched)) {
        auto *mouse = static_cast<QMouseEvent *>(event);
        const qsizetype at = rowOf(watched);
        if (at >= 0 && mouse->buttons() & Qt::LeftButton) {
            // The row follows the pointer as soon as it has passed the middle of a neighbour.
            const int y = mapFromGlobal(mouse->globalPosition().toPoint()).y();
            qsizetype to = at;
            if (at > 0 && y < m_rows.at(at - 1).widget->geometry().center().y())
                to = at - 1;
            else if (at + 1 < m_rows.size() && y > m_rows.at(at + 1).widget->geometry().center().y())
                to = at + 1;
            if (to != at) {
                moveRow(at, to);
                m_layout->activate();
            }
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace gatehouse::ui
