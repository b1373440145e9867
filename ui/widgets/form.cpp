// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/form.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMetaProperty>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>

namespace gatehouse::ui {

FormField::FormField(const QString &label, QWidget *editor, QWidget *parent)
    : QWidget(parent), m_label(new QLabel(this)), m_editor(editor), m_help(new QLabel(this)),
      m_error(new QLabel(this)), m_words(label)
{
    m_label->setText(label);
    m_label->setBuddy(editor);
    m_label->setFont(scaledFont(font(), 1.0, QFont::Medium));
    if (!label.isEmpty())
        editor->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    for (QLabel *line : {m_help, m_error}) {
        line->setTextFormat(Qt::PlainText);
        line->setWordWrap(true);
        line->setFont(scaledFont(font(), 0.93));
        line->hide();
    }
    m_help->setForegroundRole(QPalette::PlaceholderText);
    m_error->setForegroundRole(QPalette::BrightText);
    m_error->setObjectName(QStringLiteral("error"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    if (label.isEmpty() || qobject_cast<QCheckBox *>(editor))
        m_label->hide();
    layout->addWidget(m_label);
    layout->addWidget(editor);
    layout->addWidget(m_help);
    layout->addWidget(m_error);
    editor->installEventFilter(this);

    if (auto *line = qobject_cast<QLineEdit *>(editor))
        connect(line, &QLineEdit::textChanged, this, &FormField::onEdited);
    else if (auto *plain = qobject_cast<QPlainTextEdit *>(editor)) {
        plain->setTabChangesFocus(true);
        connect(plain, &QPlainTextEdit::textChanged, this, &FormField::onEdited);
    } else if (auto *combo = qobject_cast<QComboBox *>(editor)) {
        connect(combo, &QComboBox::currentIndexChanged, this, &FormField::onEdited);
        connect(combo, &QComboBox::editTextChanged, this, &FormField::onEdited);
    } else if (auto *spin = qobject_cast<QSpinBox *>(editor))
        connect(spin, &QSpinBox::valueChanged, this, &FormField::onEdited);
    else if (auto *box = qobject_cast<QAbstractButton *>(editor))
        connect(box, &QAbstractButton::toggled, this, &FormField::onEdited);
    else if (const QMetaProperty user = editor->metaObject()->userProperty(); user.hasNotifySignal())
        connect(editor, user.notifySignal(), this, metaObject()->method(metaObject()->indexOfMethod("edited()")));
    m_loaded = value();
}

void FormField::setLabel(const QString &label)
{
    m_words = label;
    setRequired(m_required);
    m_editor->setAccessibleName(QString(label).remove(QLatin1Char('&')));
}

void FormField::setHelp(const QString &help)
{
    m_help->setText(help);
    m_help->setVisible(!help.isEmpty());
    m_editor->setAccessibleDescription(help);
}

void FormField::setRequired(bool required)
{
    m_required = required;
    m_label->setText(required ? m_words + QStringLiteral(" *") : m_words);
    m_label->setToolTip(required ? tr("Required") : QString());
}

QVariant FormField::value() const
{
    if (auto *line = qobject_cast<QLineEdit *>(m_editor))
        return line->text();
    if (auto *plain = qobject_cast<QPlainTextEdit *>(m_editor))
        return plain->toPlainText();
    if (auto *combo = qobject_cast<QComboBox *>(m_editor)) {
        if (combo->isEditable())
            return combo->currentText();
        return combo->currentData().isValid() ? combo->currentData() : QVariant(combo->currentText());
    }
    if (auto *spin = qobject_cast<QSpinBox *>(m_editor))
        return spin->value();
    if (auto *box = qobject_cast<QAbstractButton *>(m_editor))
        return box->isChecked();
    return m_editor->metaObject()->userProperty().read(m_editor);
}

void FormField::setValue(const QVariant &value)
{
    if (auto *line = qobject_cast<QLineEdit *>(m_editor))
        line->setText(value.toString());
    else if (auto *plain = qobject_cast<QPlainTextEdit *>(m_editor))
        plain->setPlainText(value.toString());
    else if (auto *combo = qobject_cast<QComboBox *>(m_editor)) {
        const int index = combo->findData(value);
        if (index >= 0)
            combo->setCurrentIndex(index);
        else
            combo->setCurrentText(value.toString());
    } else if (auto *spin = qobject_cast<QSpinBox *>(m_editor))
        spin->setValue(value.toInt());
    else if (auto *box = qobject_cast<QAbstractButton *>(m_editor))
        box->setChecked(value.toBool());
    else
        m_editor->metaObject()->userProperty().write(m_editor, value);
    setError({});
}

bool FormField::validate()
{
    QString fault;
    if (m_required && value().toString().trimmed().isEmpty())
        fault = tr("%1 is required.").arg(QString(m_words).remove(QLatin1Char('&')));
    else if (m_check)
        fault = m_check(value());
    setError(fault);
    return fault.isEmpty();
}

void FormField::setError(const QString &error)
{
    const bool changed = error != m_error->text();
    m_error->setText(error);
    m_error->setVisible(!error.isEmpty());
    if (!changed)
        return;
    m_editor->setProperty("fault", !error.isEmpty());
    m_editor->style()->unpolish(m_editor);
    m_editor->style()->polish(m_editor);
    m_editor->setAccessibleDescription(error.isEmpty() ? m_help->text() : error);
}

QString FormField::error() const
{
    return m_error->text();
}

void FormField::onEdited()
{
    if (!m_error->text().isEmpty())
        validate();
    emit edited();
}

bool FormField::eventFilter(QObject *watched, QEvent *event)
{
    // Leaving an untouched field says nothing: only what somebody has written is judged before they save.
    // A compound editor hands the focus on to one of its parts: that is not leaving it.
    const bool left = watched == m_editor && event->type() == QEvent::FocusOut && !m_editor->isAncestorOf(QApplication::focusWidget());
    if (left && isChanged())
        validate();
    return QWidget::eventFilter(watched, event);
}

Form::Form(QWidget *parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(14);
}

FormField *Form::addField(const QString &key, const QString &label, QWidget *editor)
{
    auto *field = new FormField(label, editor, this);
    field->setObjectName(QStringLiteral("field-") + key);
    if (editor->objectName().isEmpty())
        editor->setObjectName(key);
    m_layout->addWidget(field);
    m_fields.append({key, field});
    connect(field, &FormField::edited, this, &Form::edited);
    return field;
}

void Form::addHeading(const QString &text)
{
    auto *heading = new QLabel(text, this);
    heading->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    heading->setContentsMargins(0, m_fields.isEmpty() ? 0 : 8, 0, 0);
    m_layout->addWidget(heading);
}

void Form::addWidget(QWidget *widget)
{
    m_layout->addWidget(widget);
}

FormField *Form::field(const QString &key) const
{
    for (const auto &[name, field] : m_fields) {
        if (name == key)
            return field;
    }
    return nullptr;
}

QStringList Form::keys() const
{
    QStringList keys;
    for (const auto &[name, field] : m_fields)
        keys << name;
    return keys;
}

bool Form::validate()
{
    FormField *first = nullptr;
    for (const auto &[name, field] : std::as_const(m_fields)) {
        if (!field->isHidden() && !field->validate() && !first)
            first = field;
    }
    if (first)
        goToField(*first);
    return !first;
}

void Form::focusFirst()
{
    for (const auto &[name, field] : std::as_const(m_fields)) {
        if (field->isEnabled() && !field->isHidden() && field->editor()->focusPolicy() != Qt::NoFocus) {
            goToField(*field);
            return;
        }
    }
}

void Form::goToField(FormField &field)
{
    field.editor()->setFocus(Qt::OtherFocusReason);
    // Once the layout has given the field its place.
    QTimer::singleShot(0, &field, [&field] {
        for (QWidget *above = field.parentWidget(); above; above = above->parentWidget()) {
            if (auto *area = qobject_cast<QScrollArea *>(above)) {
                area->ensureWidgetVisible(&field, 0, 24);
                return;
            }
        }
    });
}

int Form::changedCount() const
{
    return int(std::count_if(m_fields.begin(), m_fields.end(),
                             [](const auto &entry) { return entry.second->isChanged(); }));
}

void Form::markUnchanged()
{
    for (const auto &[name, field] : std::as_const(m_fields))
        field->markUnchanged();
}

SaveBar::SaveBar(QWidget *parent)
    : QWidget(parent), m_text(new QLabel(this)), m_save(new QPushButton(tr("&Save"), this)),
      m_cancel(new QPushButton(tr("&Cancel"), this))
{
    m_text->setForegroundRole(QPalette::PlaceholderText);
    m_save->setProperty("form", QStringLiteral("primary"));
    m_save->setObjectName(QStringLiteral("save"));
    m_cancel->setObjectName(QStringLiteral("cancel"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(20, 10, 20, 10);
    layout->setSpacing(8);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_cancel);
    layout->addWidget(m_save);
    connect(m_save, &QPushButton::clicked, this, &SaveBar::saveClicked);
    connect(m_cancel, &QPushButton::clicked, this, &SaveBar::cancelClicked);
}

void SaveBar::setChangedCount(int count)
{
    m_text->setText(count == 0   ? tr("No changes")
                    : count == 1 ? tr("1 unsaved change")
                                 : tr("%n unsaved changes", nullptr, count));
}

void SaveBar::setSaveText(const QString &text)
{
    m_save->setText(text);
}

void SaveBar::setBusy(bool busy)
{
    m_save->setEnabled(!busy);
    m_cancel->setEnabled(!busy);
}

} // namespace gatehouse::ui
