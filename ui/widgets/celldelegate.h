// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cells of tables: states as pills with icon and word, rows not read yet as a faint bar, everything else as text with
// the preset's margins and a visible focus. Reads the roles of app/roles.h.
#pragma once

#include <QStyledItemDelegate>

namespace gatehouse::ui {

class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    /// The column whose text is strong (what a row is called); -1 for none.
    void setTitleColumn(int column) { m_titleColumn = column; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    int m_titleColumn = 0;
};

} // namespace gatehouse::ui
