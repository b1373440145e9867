// SPDX-License-Identifier: GPL-3.0-or-later
//
// The preset for tables: fixed row height, no grid, whole rows selected, header sorts and moves, columns chosen by a
// menu on the header and remembered, Ctrl+C copies the selection as text, CSV by the context menu. Reads rows only
// when they are shown or copied; never sizes columns to their contents.
#pragma once

#include <QTableView>

class QSettings;

namespace gatehouse::ui {

class TableView : public QTableView {
    Q_OBJECT
public:
    explicit TableView(QWidget *parent = nullptr);

    /// Widths, order and choice of columns are kept under @p key; called after the model is set.
    void remember(QSettings &settings, const QString &key);
    /// Adds "Copy", "Copy as CSV" and the columns to a menu.
    void addCommonActions(class QMenu &menu);
    /// The selected rows, shown columns in shown order.
    QString selectionAsText() const;
    QString selectionAsCsv() const;
    /// At most this many rows are copied; beyond it, an export is the way.
    static constexpr int kMaxCopiedRows = 100000;

signals:
    /// The context menu is about to be shown; add actions first.
    void menuRequested(class QMenu *menu);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    QList<QList<QString>> selection(bool header) const;
    void saveColumns();
    QSettings *m_settings = nullptr;
    QString m_key;
};

} // namespace gatehouse::ui
