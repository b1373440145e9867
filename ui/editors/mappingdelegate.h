// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cells of the Attribute Mapping table: sources in monospace, a check column that says what is wrong or what the
// attribute may hold, and editors: attributes by their display names, sources with completion.
#pragma once

#include <QStringList>
#include <QStyledItemDelegate>

namespace gatehouse::ui {

class MappingDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit MappingDelegate(const QStringList &suggestions, QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const override;

private:
    const QStringList &m_suggestions; ///< the editor widget's own
};

} // namespace gatehouse::ui
