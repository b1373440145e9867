// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of populations with their numbers of users, filtered by name. A small list held whole; the page gives it
// the configuration's populations and the counts as they are read. GUI thread.
#pragma once

#include "core/identity.h"

#include <QAbstractListModel>
#include <QHash>

namespace gatehouse::app {

class PopulationsModel : public QAbstractListModel {
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    void setPopulations(const QList<core::Population> &populations);
    void setUserCounts(const QHash<qint64, qint64> &counts);
    void setSearch(const QString &search);

    int total() const { return int(m_all.size()); }
    qint64 userCount(qint64 row) const { return m_counts.value(row); }
    const core::Population *find(qint64 row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    void filter();
    QList<core::Population> m_all;
    QList<core::Population> m_shown;
    QHash<qint64, qint64> m_counts;
    QString m_search;
};

} // namespace gatehouse::app
