// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/mappingdelegate.h"

#include "app/provisioning/mappingtable.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QPainter>

namespace gatehouse::ui {

using app::MappingTable;

namespace {
constexpr int kSide = 8;
constexpr int kIconSide = 14;

const MappingTable *tableOf(const QModelIndex &index)
{
    return qobject_cast<const MappingTable *>(index.model());
}
} // namespace

MappingDelegate::MappingDelegate(const QStringList &suggestions, QObject *parent)
    : QStyledItemDelegate(parent), m_suggestions(suggestions)
{
}

void MappingDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem own = option;
    initStyleOption(&own, index);
    const QString text = own.text;
    own.text.clear();
    QStyle *style = own.widget ? own.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &own, painter, own.widget);

    const bool isCheck = index.column() == MappingTable::Check;
    const bool faulty = isCheck ? index.data(MappingTable::FaultRole).isValid()
                                : !index.data(MappingTable::FaultRole).toString().isEmpty();
    painter->save();
    QRect rect = own.rect.adjusted(kSide, 0, -kSide, 0);
    QFont font = own.font;
    QColor color = colors().text;
    if (index.column() == MappingTable::Source)
        font = monospaceFont(own.font);
    if (isCheck)
        color = colors().muted;
    if (faulty)
        color = colors().bad;
    if (isCheck && faulty) {
        const bool mirrored = option.direction == Qt::RightToLeft;
        const int x = mirrored ? rect.right() - kIconSide + 1 : rect.left();
        paintIcon(*painter, QRectF(x, rect.center().y() - kIconSide / 2, kIconSide, kIconSide),
                  QStringLiteral("error"), color);
        rect.adjust(mirrored ? 0 : kIconSide + 6, 0, mirrored ? -kIconSide - 6 : 0, 0);
    }
    painter->setFont(font);
    painter->setPen(color);
    painter->drawText(rect, Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                      QFontMetrics(font).elidedText(text, Qt::ElideRight, rect.width()));
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(QPen(colors().accent, 1));
        painter->drawRect(own.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

QWidget *MappingDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const MappingTable *table = tableOf(index);
    if (!table)
        return nullptr;
    switch (index.column()) {
    case MappingTable::Target: {
        auto *combo = new QComboBox(parent);
        combo->setObjectName(QStringLiteral("targetEditor"));
        combo->setAccessibleName(tr("PingOne attribute"));
        combo->setEditable(true);
        combo->setInsertPolicy(QComboBox::NoInsert);
        const QString current = index.data(Qt::EditRole).toString();
        if (!current.isEmpty())
            combo->addItem(table->displayName(current), current);
        for (const auto &[name, displayName] : table->unmapped()) {
            if (name != current)
                combo->addItem(displayName, name);
        }
        combo->completer()->setCompletionMode(QCompleter::PopupCompletion);
        combo->completer()->setFilterMode(Qt::MatchContains);
        return combo;
    }
    case MappingTable::Source: {
        auto *line = new QLineEdit(parent);
        line->setObjectName(QStringLiteral("sourceEditor"));
        line->setAccessibleName(tr("Source attribute"));
        line->setFont(monospaceFont(parent->font()));
        auto *completer = new QCompleter(m_suggestions, line);
        completer->setCaseSensitivity(Qt::CaseInsensitive);
        line->setCompleter(completer);
        return line;
    }
    case MappingTable::When: {
        auto *combo = new QComboBox(parent);
        combo->setObjectName(QStringLiteral("whenEditor"));
        combo->setAccessibleName(tr("When it is written"));
        for (const core::MappingWhen when :
             {core::MappingWhen::Always, core::MappingWhen::OnCreate, core::MappingWhen::WhenEmpty})
            combo->addItem(MappingTable::whenText(when), int(when));
        return combo;
    }
    default:
        return nullptr;
    }
}

void MappingDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    if (auto *combo = qobject_cast<QComboBox *>(editor))
        combo->setCurrentIndex(std::max(0, combo->findData(index.data(Qt::EditRole))));
    else if (auto *line = qobject_cast<QLineEdit *>(editor))
        line->setText(index.data(Qt::EditRole).toString());
    if (auto *combo = qobject_cast<QComboBox *>(editor); combo && combo->isEditable())
        combo->lineEdit()->selectAll();
}

void MappingDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    if (auto *line = qobject_cast<QLineEdit *>(editor)) {
        model->setData(index, line->text(), Qt::EditRole);
        return;
    }
    auto *combo = qobject_cast<QComboBox *>(editor);
    if (!combo)
        return;
    if (!combo->isEditable()) {
        model->setData(index, combo->currentData(), Qt::EditRole);
        return;
    }
    // What was typed may be a display name, an attribute's own name, or neither; then the check says so.
    const QString typed = combo->currentText().trimmed();
    for (int i = 0; i < combo->count(); ++i) {
        if (combo->itemText(i).compare(typed, Qt::CaseInsensitive) == 0
            || combo->itemData(i).toString() == typed) {
            model->setData(index, combo->itemData(i), Qt::EditRole);
            return;
        }
    }
    model->setData(index, typed, Qt::EditRole);
}

void MappingDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                                           const QModelIndex &) const
{
    editor->setGeometry(option.rect);
}

} // namespace gatehouse::ui
