// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list in the middle of a page: search box, optional chips, two-line rows, and the count of shown and all. Works
// with any item model that knows the roles of app/roles.h; keeps the selection by IdRole when the model is read again.
// An empty state of the page's own takes the list's place when there is nothing at all.
#pragma once

#include <QVariant>
#include <QWidget>

class QAbstractItemModel;
class QLabel;
class QListView;
class QStackedWidget;
class QVBoxLayout;

namespace gatehouse::ui {

class SearchBox;

class ListPane : public QWidget {
    Q_OBJECT
public:
    explicit ListPane(const QString &searchPlaceholder, QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model);
    SearchBox *search() const { return m_search; }
    QListView *view() const { return m_view; }
    /// Put under the search box, for example FilterChips.
    void addFilter(QWidget *filter);
    /// Shown instead of the rows when the model is empty; @p widget is taken over.
    void setEmptyWidget(QWidget *widget);
    /// "4 rules", "3 of 40 rules".
    void setCountText(const QString &text);

    QVariant currentId() const;
    /// Selects the row with this id; false when there is none (then it is selected when it appears).
    bool select(const QVariant &id);

signals:
    /// The selection has changed, by hand or by the model; invalid: nothing is selected.
    void currentChanged(const QVariant &id);
    /// Return or a double click on the row.
    void activated(const QVariant &id);

private:
    void restore();
    void onCurrent();

    SearchBox *m_search;
    QVBoxLayout *m_top;
    QStackedWidget *m_stack;
    QListView *m_view;
    QLabel *m_count;
    QVariant m_id;     ///< what is, or shall again be, selected
    bool m_restoring = false;
};

} // namespace gatehouse::ui
