// SPDX-License-Identifier: GPL-3.0-or-later
//
// The preset for tables: fixed row height, no grid, whole rows selected, header sorts and moves, columns chosen by a
// menu on the header and remembered, Ctrl+C copies the selection as text, CSV by the context menu. Reads rows only
// when they are shown or copied; never sizes columns to their contents.
#pragma once

#include <QHash>
#include <QTableView>

class QMenu;
class QSettings;
class QToolButton;

namespace gatehouse::ui {

class TableView : public QTableView {
    Q_OBJECT
public:
    explicit TableView(QWidget *parent = nullptr);

    /// Widths, order and choice of columns are kept under @p key; called after the model is set.
    void remember(QSettings &settings, const QString &key);
    /// Shares the table's width among the shown columns by these weights (by column), until somebody moves a border or
    /// remember() has found widths of before.
    /// @p states: by column the longest state that must stay readable as a pill.
    void shareWidth(const QList<int> &weights, const QHash<int, QString> &states = {});
    /// A button with the menu of columns, for a page's filter row.
    QToolButton *makeColumnsButton();
    /// Adds "Copy", "Copy as CSV" and the columns to a menu.
    void addCommonActions(QMenu &menu);
    /// The selected rows, shown columns in shown order.
    QString selectionAsText() const;
    QString selectionAsCsv() const;
    /// At most this many rows are copied; beyond it, an export is the way.
    static constexpr int kMaxCopiedRows = 100000;

signals:
    /// The context menu is about to be shown; add actions first.
    void menuRequested(QMenu *menu);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QList<QList<QString>> selection(bool header) const;
    void saveColumns();
    void fillColumnsMenu(QMenu &menu);
    void share();
    QList<int> m_weights;
    QHash<int, QString> m_states;
    bool m_sharing = false;
    QSettings *m_settings = nullptr;
    QString m_key;
};

} // namespace gatehouse::ui
