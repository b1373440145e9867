// SPDX-License-Identifier: GPL-3.0-or-later
//
// Before and after in one cell: what goes struck and red with a minus, what comes green with a plus, so that it reads
// without colours too. Takes BeforeRole and AfterRole; equal sides are shown once, muted.
#pragma once

#include <QStyledItemDelegate>

namespace gatehouse::ui {

class BeforeAfterDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// For painting several changes in one cell: paints at @p rect's left, @return the width used.
    static int paintChange(QPainter &painter, const QRect &rect, const QFont &font, const QString *before,
                           const QString *after);
};

} // namespace gatehouse::ui
