// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cells of the Attribute Mapping table: attributes by display name and API name, sources in monospace and coloured,
// with the faulty place underlined, what the row does to the sample as before and after, icons for the expression
// builder and for deleting; under a faulty row, across all columns, what is wrong. Editors: attributes by their display
// names, sources with completion. Says what is being typed. Made for one TableView.
#pragma once

#include "app/expressions/attributecompletion.h"

#include <QStyledItemDelegate>

class QTableView;

namespace gatehouse::ui {

class MappingDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit MappingDelegate(QTableView *view);

    /// What is offered as a source.
    void setSources(const QList<app::CompletionItem> &sources) { m_sources = sources; }

    /// The height that the row needs: two lines, and what is wrong with it.
    int rowHeight(int row) const;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const override;

protected:
    bool eventFilter(QObject *editor, QEvent *event) override;

signals:
    /// Somebody is writing the source of @p row.
    void sourceTyped(int row, const QString &text) const;

private:
    int baseHeight() const;
    int faultHeight(const QString &fault) const;
    QRect rowRect(const QRect &cell) const;
    void paintTarget(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintSource(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintSample(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintFault(QPainter &painter, const QRect &cell, const QString &fault) const;

    QTableView *m_view;
    QList<app::CompletionItem> m_sources;
};

} // namespace gatehouse::ui
