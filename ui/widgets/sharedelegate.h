// SPDX-License-Identifier: GPL-3.0-or-later
//
// A count with its share as a thin bar under it, in the tone of what it means; muted where it is nothing. Reads the
// display text and the roles it was told.
#pragma once

#include <QStyledItemDelegate>

namespace gatehouse::ui {

class ShareDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    /// @p shareRole: double, 0 to 1; invalid: no bar. @p toneRole: int, an app::Tone. @p detailRole: QString, at the end
    /// of the line, muted; -1: none.
    ShareDelegate(int shareRole, int toneRole, int detailRole, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    int m_shareRole;
    int m_toneRole;
    int m_detailRole;
};

} // namespace gatehouse::ui
