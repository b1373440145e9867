// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/stepdelegates.h"

#include "app/provisioning/steptable.h"
#include "app/roles.h"
#include "app/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/beforeafterdelegate.h"

#include <QApplication>
#include <QPainter>
#include <QTextLayout>

namespace gatehouse::ui {

using app::StepTable;

namespace {

constexpr int kSide = 8;
constexpr int kTop = 7;
constexpr int kGap = 6;

/// Up to @p lines lines of @p text, the last one elided.
void paintWrapped(QPainter &painter, const QRect &rect, const QFont &font, const QString &text, int lines)
{
    QTextLayout layout(text, font);
    layout.beginLayout();
    const QFontMetrics metrics(font);
    int y = rect.top();
    for (int n = 0; n < lines; ++n) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(rect.width());
        const bool last = n + 1 == lines;
        const QString part = last ? metrics.elidedText(text.mid(line.textStart()), Qt::ElideRight, rect.width())
                                  : text.mid(line.textStart(), line.textLength());
        painter.drawText(QRect(rect.left(), y, rect.width(), metrics.height()),
                         Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine, part.trimmed());
        y += metrics.height() + 2;
    }
    layout.endLayout();
}

} // namespace

QString signedAction(core::Action action)
{
    const QString words = app::Text::action(action);
    switch (action) {
    case core::Action::Create:
        return QStringLiteral("+ ") + words;
    case core::Action::Update:
        return QStringLiteral("~ ") + words;
    case core::Action::Enable:
        return QStringLiteral("↑ ") + words;
    case core::Action::Disable:
        return QStringLiteral("− ") + words;
    case core::Action::Delete:
        return QStringLiteral("× ") + words;
    case core::Action::Failed:
        return QStringLiteral("! ") + words;
    case core::Action::None:
        return words;
    }
    return words;
}

int StepDelegate::rowHeight(const QFontMetrics &metrics)
{
    return 2 * metrics.height() + 2 + 2 * kTop;
}

void StepDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem own = option;
    initStyleOption(&own, index);
    const QString text = own.text;
    own.text.clear();
    QStyle *style = own.widget ? own.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &own, painter, own.widget);

    painter->save();
    painter->setClipRect(own.rect);
    painter->setLayoutDirection(option.direction);
    const QRect rect = own.rect.adjusted(kSide, kTop, -kSide, -kTop);
    const QFontMetrics metrics(own.font);
    const QRect firstLine(rect.left(), rect.top(), rect.width(), metrics.height());
    switch (index.column()) {
    case StepTable::Change: {
        const auto action = core::Action(index.data(StepTable::ActionRole).toInt());
        const QString words = signedAction(action);
        const QSize size = pillSize(words, own.font, false);
        const int x = option.direction == Qt::RightToLeft ? rect.right() - size.width() + 1 : rect.left();
        paintPill(*painter, QPoint(x, rect.top() - 1), words, app::Text::tone(action), own.font, false);
        break;
    }
    case StepTable::User: {
        const QFont bold = scaledFont(own.font, 1.0, QFont::DemiBold);
        painter->setFont(bold);
        painter->setPen(colors().text);
        painter->drawText(firstLine, Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                          QFontMetrics(bold).elidedText(text, Qt::ElideRight, firstLine.width()));
        break;
    }
    case StepTable::Entry: {
        const QFont mono = scaledFont(monospaceFont(own.font), 0.95);
        painter->setFont(mono);
        painter->setPen(colors().muted);
        paintWrapped(*painter, rect, mono, text, 2);
        break;
    }
    default: {
        const QVariant step = index.data(StepTable::StepRole);
        if (step.isValid())
            paintDifference(*painter, rect, own, step.value<core::Step>(), index);
        break;
    }
    }
    painter->restore();
}

void StepDelegate::paintDifference(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option,
                                   const core::Step &step, const QModelIndex &index) const
{
    const auto *table = qobject_cast<const StepTable *>(index.model());
    const QFontMetrics metrics(option.font);
    painter.setFont(option.font);
    painter.setPen(colors().muted);
    if (!step.problems.isEmpty() || step.changes.isEmpty()) {
        paintWrapped(painter, rect, option.font, index.data(Qt::DisplayRole).toString(), 2);
        return;
    }
    // Two lines: the first change, and the second or how many more there are.
    const QString departure = app::Text::departure(step.departure);
    const qsizetype shown = std::min<qsizetype>(departure.isEmpty() ? 2 : 1, step.changes.size());
    if (!departure.isEmpty()) {
        const QRect line(rect.left(), rect.top() + metrics.height() + 2, rect.width(), metrics.height());
        painter.drawText(line, Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                         metrics.elidedText(departure, Qt::ElideRight, line.width()));
    }
    for (qsizetype i = 0; i < shown; ++i) {
        const core::AttributeChange &change = step.changes.at(i);
        QRect line(rect.left(), rect.top() + int(i) * (metrics.height() + 2), rect.width(), metrics.height());
        if (i == 1 && step.changes.size() > 2) {
            const QString more = tr("and %1 more").arg(step.changes.size() - 2);
            const int width = metrics.horizontalAdvance(more);
            painter.setPen(colors().muted);
            painter.drawText(line, Qt::AlignTrailing | Qt::AlignVCenter | Qt::TextSingleLine, more);
            line.setWidth(std::max(40, line.width() - width - 2 * kGap));
        }
        const QString name = metrics.elidedText(table ? table->attributeName(change.name) : change.name, Qt::ElideRight,
                                                line.width() / 2);
        painter.setFont(option.font);
        painter.setPen(colors().muted);
        painter.drawText(line, Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine, name);
        line.setLeft(line.left() + metrics.horizontalAdvance(name) + kGap);
        const QString before = app::Text::value(change.before);
        const QString after = app::Text::value(change.after);
        BeforeAfterDelegate::paintChange(painter, line, option.font, core::isNull(change.before) ? nullptr : &before,
                                         core::isNull(change.after) ? nullptr : &after);
    }
}

} // namespace gatehouse::ui
