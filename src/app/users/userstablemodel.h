// SPDX-License-Identifier: GPL-3.0-or-later
//
// The users table: a million rows in the memory of their numbers. A query gives all row numbers in order; what a row
// says is read when it is shown, 256 rows at a time, and the last pages are kept. Sorting and filtering are new
// queries. Answers of an older query never arrive: its requests are cancelled. GUI thread; reads by app::Console.
#pragma once

#include "app/console.h"

#include <QAbstractTableModel>
#include <QCache>
#include <QHash>

#include <vector>

namespace gatehouse::app {

class UsersTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Username, Name, Email, Population, Enabled, Updated, ColumnCount };

    explicit UsersTableModel(Console &console, QObject *parent = nullptr);

    /// Asks anew; rows of the former query stay until the answer comes.
    void setQuery(const store::UserQuery &query);
    const store::UserQuery &query() const { return m_query; }
    /// The same query again: only what has changed moves.
    void refresh();

    /// While paused, changes are only noted; one refresh follows when somebody looks again.
    void setPaused(bool paused);

    bool isLoading() const { return m_firstRequest != 0 || m_idsRequest != 0; }
    /// The user's number at a table row; 0 beyond the end.
    qint64 idAt(int row) const;
    /// The table row of a user, -1 when it is not among those shown.
    int rowOf(qint64 id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order) override;

signals:
    /// All row numbers of the query have arrived.
    void loaded();
    void failed(const gatehouse::core::Error &error);

private:
    static constexpr int kPageRows = 256;
    static constexpr int kPagesKept = 64;
    /// Scrolling fast asks for more pages than anybody will see; the oldest requests are given up.
    static constexpr int kPagesAsked = 6;
    static constexpr int kFirstRows = 256;
    /// Up to so many rows a change is shown as rows coming and going; beyond, as a new table.
    static constexpr int kMaxMoved = 1000;

    using Page = std::vector<store::UserRow>; ///< same order as the ids; a row that has gone is left with row 0

    void ask(bool firstScreen);
    void askAll();
    void takeIds(std::vector<qint64> ids);
    const store::UserRow *rowAt(int row) const;
    void askPage(int page) const;
    void takePage(int page, std::vector<store::UserRow> rows);
    void forgetPages();
    QVariant display(const store::UserRow &user, int column) const;

    Console &m_console;
    store::UserQuery m_query;
    std::vector<qint64> m_ids;
    quint64 m_idsRequest = 0;
    quint64 m_firstRequest = 0;
    bool m_paused = false;
    bool m_again = false; ///< something changed while the ids were being read
    mutable QCache<int, Page> m_pages;
    QHash<qint64, store::UserRow> m_former; ///< of pages being read again, by user
    mutable QList<std::pair<int, quint64>> m_asked; ///< page and request, oldest first
};

} // namespace gatehouse::app
