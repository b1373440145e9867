// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/mappingdelegate.h"

#include "app/provisioning/mappingtable.h"
#include "app/roles.h"
#include "ui/editors/expressioncolors.h"
#include "ui/editors/sourceedit.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/beforeafterdelegate.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QCompleter>
#include <QHeaderView>
#include <QLineEdit>
#include <QPainter>
#include <QTableView>
#include <QTextLayout>

namespace gatehouse::ui {

using app::MappingTable;

namespace {

constexpr int kSide = 8;
constexpr int kIconSide = 16;
constexpr int kFaultIcon = 14;
constexpr int kBetween = 2;
constexpr int kMargin = 4; ///< above and below the two lines
constexpr qreal kSmall = 0.87;

const MappingTable *tableOf(const QModelIndex &index)
{
    return qobject_cast<const MappingTable *>(index.model());
}

void drawLine(QPainter &painter, const QRect &rect, const QFont &font, const QColor &color, const QString &text)
{
    painter.setFont(font);
    painter.setPen(color);
    painter.drawText(rect, Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetrics(font).elidedText(text, Qt::ElideRight, rect.width()));
}

/// In as many lines as there is room for, or its beginning; the tool tip has all of it.
void drawWrapped(QPainter &painter, const QRect &rect, const QFont &font, const QColor &color, QString text)
{
    painter.setFont(font);
    painter.setPen(color);
    const QFontMetrics metrics(font);
    while (metrics.boundingRect(rect, Qt::TextWordWrap, text).height() > rect.height() && text.size() > 4)
        text = text.left(text.size() * 9 / 10 - 1) + QStringLiteral("…");
    painter.drawText(rect, Qt::AlignLeading | Qt::AlignVCenter | Qt::TextWordWrap, text);
}

/// The halves of a cell of two lines, as high as their fonts; the second line's font is smaller.
std::pair<QRect, QRect> halves(const QRect &rect, const QFont &font)
{
    const int first = QFontMetrics(font).height();
    const int second = QFontMetrics(scaledFont(font, kSmall)).height();
    const int top = rect.top() + (rect.height() - first - second - kBetween) / 2;
    return {QRect(rect.left(), top, rect.width(), first), QRect(rect.left(), top + first + kBetween, rect.width(), second)};
}

} // namespace

MappingDelegate::MappingDelegate(QTableView *view) : QStyledItemDelegate(view), m_view(view) {}

int MappingDelegate::baseHeight() const
{
    const QFont font = m_view->font();
    return QFontMetrics(font).height() + QFontMetrics(scaledFont(font, kSmall)).height() + kBetween + 2 * kMargin;
}

int MappingDelegate::faultHeight(const QString &fault) const
{
    if (fault.isEmpty())
        return 0;
    const int width = std::max(80, rowRect(QRect()).width() - 2 * kSide - kFaultIcon - 6);
    const QFontMetrics metrics(scaledFont(m_view->font(), 0.93));
    return metrics.boundingRect(QRect(0, 0, width, 10000), Qt::TextWordWrap, fault).height() + kMargin;
}

int MappingDelegate::rowHeight(int row) const
{
    const QModelIndex index = m_view->model()->index(row, MappingTable::Target);
    return baseHeight() + faultHeight(index.data(MappingTable::RowFaultRole).toString());
}

QRect MappingDelegate::rowRect(const QRect &cell) const
{
    const QHeaderView *header = m_view->horizontalHeader();
    const int left = m_view->layoutDirection() == Qt::RightToLeft ? m_view->viewport()->width() - header->length() : 0;
    return QRect(left - header->offset(), cell.top(), header->length(), cell.height());
}

void MappingDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem own = option;
    initStyleOption(&own, index);
    own.text.clear();
    QStyle *style = own.widget ? own.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &own, painter, own.widget);

    const QString fault = index.data(MappingTable::RowFaultRole).toString();
    QRect rect = own.rect;
    if (!fault.isEmpty())
        rect.setHeight(std::min(rect.height(), baseHeight()));
    const QRect inside = rect.adjusted(kSide, 0, -kSide, 0);
    painter->save();
    switch (index.column()) {
    case MappingTable::Target:
        paintTarget(*painter, inside, own, index);
        break;
    case MappingTable::Source:
        paintSource(*painter, inside, own, index);
        break;
    case MappingTable::When:
        drawLine(*painter, inside, scaledFont(own.font, 0.93), colors().muted, index.data().toString());
        break;
    case MappingTable::Check:
        paintSample(*painter, inside, own, index);
        break;
    case MappingTable::Build:
    case MappingTable::Remove: {
        const bool hot = own.state & (QStyle::State_MouseOver | QStyle::State_HasFocus);
        QRect at(0, 0, kIconSide, kIconSide);
        at.moveCenter(rect.center());
        paintIcon(*painter, at, index.column() == MappingTable::Build ? QStringLiteral("gear") : QStringLiteral("delete"),
                  hot ? colors().accent : colors().muted);
        break;
    }
    default:
        break;
    }
    if (own.state & QStyle::State_HasFocus) {
        painter->setPen(QPen(colors().accent, 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(rect.adjusted(0, 0, -1, -1));
    }
    if (!fault.isEmpty())
        paintFault(*painter, own.rect, fault);
    painter->restore();
}

void MappingDelegate::paintTarget(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option,
                                  const QModelIndex &index) const
{
    const bool faulty = index.data(MappingTable::FaultRole).isValid();
    const QString name = index.data(MappingTable::NameRole).toString();
    QString detail = name;
    const QModelIndex when = index.siblingAtColumn(MappingTable::When);
    if (m_view->isColumnHidden(MappingTable::When) && when.data(Qt::EditRole).toInt() != int(core::MappingWhen::Always))
        detail = when.data().toString();
    const auto [first, second] = halves(rect, option.font);
    drawLine(painter, first, option.font, faulty ? colors().bad : colors().text,
             name.isEmpty() ? tr("Choose an attribute") : index.data().toString());
    drawLine(painter, second, scaledFont(option.font, kSmall), colors().muted, detail);
}

void MappingDelegate::paintSource(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option,
                                  const QModelIndex &index) const
{
    const QFont font = monospaceFont(option.font);
    const QString text = index.data().toString();
    if (text.isEmpty()) {
        const bool faulty = index.data(MappingTable::FaultRole).isValid();
        drawLine(painter, rect, option.font, faulty ? colors().bad : colors().muted, tr("Choose a source"));
        return;
    }
    QList<QTextLayout::FormatRange> formats;
    if (index.data(MappingTable::ExpressionRole).toBool())
        formats = expressionColors(text);
    if (index.data(MappingTable::FaultRole).isValid())
        formats << faultMark(text, index.data(MappingTable::FaultOffsetRole).toInt(), index.data(MappingTable::FaultLengthRole).toInt());
    paintCode(painter, rect, font, text, formats);
}

void MappingDelegate::paintSample(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option,
                                  const QModelIndex &index) const
{
    const MappingTable *table = tableOf(index);
    const QFont small = scaledFont(option.font, 0.93);
    if (!table || !table->isPreviewing()) {
        if (!index.data(MappingTable::FaultRole).isValid()) // what is wrong stands under the row
            drawWrapped(painter, rect, small, colors().muted, index.data().toString());
        return;
    }
    const QString problem = index.data(MappingTable::ProblemRole).toString();
    if (!problem.isEmpty()) {
        const int icon = kFaultIcon + 6;
        const bool mirrored = m_view->layoutDirection() == Qt::RightToLeft;
        const QRect words = rect.adjusted(mirrored ? 0 : icon, 2, mirrored ? -icon : 0, -2);
        const QRectF at(mirrored ? rect.right() - kFaultIcon : rect.left(), rect.center().y() - kFaultIcon / 2, kFaultIcon, kFaultIcon);
        paintIcon(painter, at, QStringLiteral("error"), colors().bad);
        drawWrapped(painter, words, scaledFont(option.font, kSmall), colors().bad, problem);
        return;
    }
    const QVariant before = index.data(app::BeforeRole);
    const QVariant after = index.data(app::AfterRole);
    const QString beforeText = before.toString();
    const QString afterText = after.toString();
    const QString *from = before.isValid() ? &beforeText : nullptr;
    const QString *to = after.isValid() ? &afterText : nullptr;
    const QString note = index.data(MappingTable::NoteRole).toString();
    if (!from && !to) {
        drawLine(painter, rect, scaledFont(option.font, kSmall), colors().muted, note);
        return;
    }
    const auto [first, second] = halves(rect, option.font);
    if (!note.isEmpty()) {
        BeforeAfterDelegate::paintChange(painter, first, option.font, from, to);
        drawLine(painter, second, scaledFont(option.font, kSmall), colors().muted, note);
        return;
    }
    const QFontMetrics metrics(option.font);
    const bool both = from && to && beforeText != afterText;
    if (both && metrics.horizontalAdvance(beforeText + afterText) + 60 > rect.width()) {
        BeforeAfterDelegate::paintChange(painter, first.translated(0, -1), option.font, from, nullptr);
        BeforeAfterDelegate::paintChange(painter, second.translated(0, 1), option.font, nullptr, to);
        return;
    }
    BeforeAfterDelegate::paintChange(painter, rect, option.font, from, to);
}

void MappingDelegate::paintFault(QPainter &painter, const QRect &cell, const QString &fault) const
{
    // Across the row: each cell paints its own part of it.
    const QRect row = rowRect(cell);
    const bool mirrored = m_view->layoutDirection() == Qt::RightToLeft;
    const QRect strip = row.adjusted(kSide, baseHeight() - 2, -kSide, 0);
    painter.setClipRect(cell, Qt::IntersectClip);
    const int x = mirrored ? strip.right() - kFaultIcon : strip.left();
    paintIcon(painter, QRectF(x, strip.top() + 1, kFaultIcon, kFaultIcon), QStringLiteral("error"), colors().bad);
    painter.setFont(scaledFont(m_view->font(), 0.93));
    painter.setPen(colors().bad);
    const int icon = kFaultIcon + 6;
    painter.drawText(strip.adjusted(mirrored ? 0 : icon, 0, mirrored ? -icon : 0, 0),
                     Qt::AlignLeading | Qt::AlignTop | Qt::TextWordWrap, fault);
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
        QList<app::CompletionItem> sources = m_sources;
        if (const QString suggested = table->suggestionFor(index.row()); !suggested.isEmpty())
            app::offerFirst(sources, suggested, tr("holds people's groups"));
        auto *line = new SourceEdit(sources, parent);
        line->setObjectName(QStringLiteral("sourceEditor"));
        line->setAccessibleName(tr("Source attribute or expression"));
        connect(line, &SourceEdit::typed, this, [this, at = QPersistentModelIndex(index)](const QString &text) {
            if (at.isValid())
                emit sourceTyped(at.row(), text);
        });
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

bool MappingDelegate::eventFilter(QObject *editor, QEvent *event)
{
    // What is offered under the field belongs to it: going there does not leave the cell.
    const auto *line = qobject_cast<SourceEdit *>(editor);
    if (line && event->type() == QEvent::FocusOut && line->completer()->popup()->isVisible())
        return false;
    return QStyledItemDelegate::eventFilter(editor, event);
}

void MappingDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    if (auto *combo = qobject_cast<QComboBox *>(editor))
        combo->setCurrentIndex(std::max(0, combo->findData(index.data(Qt::EditRole))));
    else if (auto *line = qobject_cast<QLineEdit *>(editor); line && !line->isModified())
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
    // A name that another row has already: the check refuses it, and says why.
    for (const core::AttributeMapping &row : qobject_cast<MappingTable *>(model)->mappings()) {
        if (qobject_cast<MappingTable *>(model)->displayName(row.target).compare(typed, Qt::CaseInsensitive) == 0) {
            model->setData(index, row.target, Qt::EditRole);
            return;
        }
    }
    model->setData(index, typed, Qt::EditRole);
}

void MappingDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                                           const QModelIndex &) const
{
    QRect rect = option.rect;
    rect.setHeight(std::min(rect.height(), baseHeight()));
    editor->setGeometry(rect);
}

} // namespace gatehouse::ui
