// SPDX-License-Identifier: GPL-3.0-or-later
//
// The groups table: at most a hundred thousand, so held whole and sorted here; the page gives it what the store found.
// A refresh moves only what has changed where that is little. GUI thread.
#pragma once

#include "core/identity.h"

#include <QAbstractTableModel>

namespace gatehouse::app {

class Console;

class GroupsTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, SyncType, GroupSource, Members, Population, ColumnCount };

    explicit GroupsTableModel(Console &console, QObject *parent = nullptr);

    void setGroups(QList<core::Group> groups);
    const core::Group *find(qint64 row) const;
    const core::Group *at(int row) const;
    int rowOf(qint64 id) const;

    /// What a person calls the group.
    static QString title(const core::Group &group);
    /// "Just-in-time" or "Provisioned" for external groups, empty for internal ones.
    static QString syncType(const core::Group &group);
    /// "LDAP Gateway", "External IdP", or empty.
    static QString source(const core::Group &group);
    static QStringList badges(const core::Group &group);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    void arrange(QList<core::Group> &groups) const;
    QVariant display(const core::Group &group, int column) const;
    QString populationName(const core::Group &group) const;

    Console &m_console;
    QList<core::Group> m_groups;
    int m_column = Name;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

} // namespace gatehouse::app
