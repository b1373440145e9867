// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cells of a table of plan steps: the action as a pill with its sign, the entry's DN in monospace, and what changes,
// attribute by attribute, in two lines, or why it failed. Read app::StepTable's roles.
#pragma once

#include "core/plan/step.h"

#include <QStyledItemDelegate>

namespace gatehouse::ui {

/// "+ create", "~ update" …: readable without colours.
QString signedAction(core::Action action);

class StepDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// Two lines of text and air.
    static int rowHeight(const QFontMetrics &metrics);

private:
    void paintDifference(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option,
                         const core::Step &step, const QModelIndex &index) const;
};

} // namespace gatehouse::ui
