// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/filterchips.h"

#include "ui/widgets/flowlayout.h"

#include <QLocale>
#include <QMenu>
#include <QPushButton>

namespace gatehouse::ui {

namespace {
QString withCount(const QString &text, qint64 count)
{
    return count < 0 ? text : text + QLatin1Char(' ') + QLocale().toString(count);
}

/// The style's own size forgets that a chosen chip's text is bold.
void setChipText(QAbstractButton *chip, const QString &text)
{
    constexpr int kPadding = 12; // with the line, as in the style sheet
    QFont bold = chip->font();
    bold.setWeight(QFont::DemiBold);
    chip->setMinimumWidth(QFontMetrics(bold).horizontalAdvance(text) + 2 * kPadding);
    chip->setText(text);
}
} // namespace

FilterChips::FilterChips(const QString &accessibleName, QWidget *parent) : QWidget(parent)
{
    setAccessibleName(accessibleName);
    new FlowLayout(this, 8);
    m_group.setExclusive(true);
    connect(&m_group, &QButtonGroup::buttonToggled, this, [this](QAbstractButton *button, bool on) {
        if (on)
            emit selectedChanged(button->property("key").toString());
    });
}

void FilterChips::addChip(const QString &key, const QString &text, qint64 count)
{
    auto *button = new QPushButton(withCount(text, count), this);
    button->setProperty("form", QStringLiteral("chip"));
    button->setProperty("key", key);
    button->setObjectName(QStringLiteral("chip-") + key);
    button->setCheckable(true);
    button->setAutoDefault(false);
    setChipText(button, button->text());
    layout()->addWidget(button);
    m_chips.insert(key, {button, text});
    if (m_group.buttons().isEmpty())
        button->setChecked(true);
    m_group.addButton(button);
}

void FilterChips::setCount(const QString &key, qint64 count)
{
    const auto chip = m_chips.constFind(key);
    if (chip != m_chips.constEnd())
        setChipText(chip->button, withCount(chip->text, count));
}

void FilterChips::setSelected(const QString &key)
{
    const auto chip = m_chips.constFind(key);
    if (chip != m_chips.constEnd())
        chip->button->setChecked(true);
}

QString FilterChips::selected() const
{
    const QAbstractButton *button = m_group.checkedButton();
    return button ? button->property("key").toString() : QString();
}

ChoiceChip::ChoiceChip(const QString &label, QWidget *parent) : QToolButton(parent), m_label(label)
{
    setProperty("form", QStringLiteral("chip"));
    setAccessibleName(label);
    setText(label);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setPopupMode(QToolButton::InstantPopup);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    setMenu(new QMenu(this));
}

void ChoiceChip::setChoices(const QList<std::pair<QVariant, QString>> &choices)
{
    m_choices = choices;
    menu()->clear();
    bool kept = false;
    for (const auto &[value, text] : choices) {
        QAction *action = menu()->addAction(QString(text).replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setCheckable(true);
        action->setData(value);
        connect(action, &QAction::triggered, this, [this, taken = value] { setSelected(taken); });
        kept = kept || value == m_selected;
    }
    show(kept ? m_selected : choices.isEmpty() ? QVariant() : choices.first().first);
}

void ChoiceChip::setSelected(const QVariant &value)
{
    const bool changed = value != m_selected;
    show(value);
    if (changed)
        emit selectedChanged(value);
}

void ChoiceChip::show(const QVariant &value)
{
    m_selected = value;
    QString text;
    for (const auto &[choice, words] : std::as_const(m_choices)) {
        if (choice == value)
            text = words;
    }
    for (QAction *action : menu()->actions())
        action->setChecked(action->data() == value);
    const bool filters = !m_choices.isEmpty() && value != m_choices.first().first;
    setChecked(filters);
    // The small triangle says that there is a menu; the words say what is taken.
    setChipText(this, (filters ? m_label + QStringLiteral(": ") + text : m_label) + QStringLiteral(" \u25BE"));
    setAccessibleDescription(text);
}

} // namespace gatehouse::ui
