// SPDX-License-Identifier: GPL-3.0-or-later
//
// Paints a list row in two lines: title with badges, subtitle muted, state pill at the end, selection as a ground with
// a bar at the beginning. Reads the roles of app/roles.h.
#pragma once

#include <QStyledItemDelegate>

namespace gatehouse::ui {

class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace gatehouse::ui
