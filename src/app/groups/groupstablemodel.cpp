// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/groups/groupstablemodel.h"

#include "app/console.h"
#include "app/roles.h"
#include "app/text.h"

#include <QCollator>

#include <algorithm>

namespace gatehouse::app {

GroupsTableModel::GroupsTableModel(Console &console, QObject *parent) : QAbstractTableModel(parent), m_console(console)
{
}

QString GroupsTableModel::title(const core::Group &group)
{
    return group.displayName.isEmpty() ? group.name : group.displayName;
}

QString GroupsTableModel::syncType(const core::Group &group)
{
    if (group.source == core::GroupSource::Internal)
        return {};
    return group.justInTime ? tr("Just-in-time") : tr("Provisioned");
}

QString GroupsTableModel::source(const core::Group &group)
{
    switch (group.source) {
    case core::GroupSource::Internal:
        return {};
    case core::GroupSource::Gateway:
        return tr("LDAP Gateway");
    case core::GroupSource::IdentityProvider:
        return tr("External IdP");
    }
    return {};
}

QStringList GroupsTableModel::badges(const core::Group &group)
{
    QStringList badges;
    if (group.justInTime)
        badges << tr("Just-in-time");
    if (group.source != core::GroupSource::Internal)
        badges << source(group);
    return badges;
}

QString GroupsTableModel::populationName(const core::Group &group) const
{
    const core::Population *population = group.population != 0 ? m_console.population(group.population) : nullptr;
    return population ? population->name : tr("Environment");
}

void GroupsTableModel::arrange(QList<core::Group> &groups) const
{
    QCollator collator;
    collator.setNumericMode(true);
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    const auto less = [&](const core::Group &a, const core::Group &b) {
        int order = 0;
        switch (m_column) {
        case Members:
            order = a.memberCount < b.memberCount ? -1 : a.memberCount > b.memberCount ? 1 : 0;
            break;
        case SyncType:
            order = collator.compare(syncType(a), syncType(b));
            break;
        case GroupSource:
            order = collator.compare(source(a) + a.sourceName, source(b) + b.sourceName);
            break;
        case Population:
            order = collator.compare(populationName(a), populationName(b));
            break;
        default:
            order = collator.compare(title(a), title(b));
            break;
        }
        if (order == 0)
            return a.row < b.row;
        return m_order == Qt::AscendingOrder ? order < 0 : order > 0;
    };
    std::stable_sort(groups.begin(), groups.end(), less);
}

void GroupsTableModel::setGroups(QList<core::Group> groups)
{
    arrange(groups);
    // A single group that comes, goes or changes leaves the others where they are.
    const auto same = [](const core::Group &a, const core::Group &b) { return a.row == b.row; };
    const qsizetype shorter = std::min(m_groups.size(), groups.size());
    qsizetype head = 0;
    while (head < shorter && same(m_groups[head], groups[head]))
        ++head;
    qsizetype tail = 0;
    while (tail < shorter - head
           && same(m_groups[m_groups.size() - 1 - tail], groups[groups.size() - 1 - tail]))
        ++tail;
    const qsizetype gone = m_groups.size() - head - tail;
    const qsizetype come = groups.size() - head - tail;
    if (gone > 0) {
        beginRemoveRows({}, int(head), int(head + gone) - 1);
        m_groups.remove(head, gone);
        endRemoveRows();
    }
    if (come > 0) {
        beginInsertRows({}, int(head), int(head + come) - 1);
        m_groups = std::move(groups);
        endInsertRows();
    } else {
        m_groups = std::move(groups);
    }
    if (!m_groups.isEmpty())
        emit dataChanged(index(0, 0), index(int(m_groups.size()) - 1, ColumnCount - 1));
}

const core::Group *GroupsTableModel::find(qint64 row) const
{
    return at(rowOf(row));
}

const core::Group *GroupsTableModel::at(int row) const
{
    return row >= 0 && row < m_groups.size() ? &m_groups[row] : nullptr;
}

int GroupsTableModel::rowOf(qint64 id) const
{
    const auto found = std::find_if(m_groups.begin(), m_groups.end(), [id](const auto &group) { return group.row == id; });
    return found == m_groups.end() ? -1 : int(found - m_groups.begin());
}

int GroupsTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_groups.size());
}

int GroupsTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant GroupsTableModel::display(const core::Group &group, int column) const
{
    switch (column) {
    case Name:
        return title(group);
    case SyncType:
        return syncType(group);
    case GroupSource:
        return group.sourceName.isEmpty() ? source(group) : QString(source(group) + QStringLiteral(" · ") + group.sourceName);
    case Members:
        return Text::number(group.memberCount);
    case Population:
        return populationName(group);
    default:
        return {};
    }
}

QVariant GroupsTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const core::Group &group = m_groups[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return display(group, index.column());
    case Qt::ToolTipRole:
        return index.column() == Name && group.name != title(group) ? QVariant(group.name) : QVariant();
    case IdRole:
        return group.row;
    case BadgesRole:
        return index.column() == Name ? QVariant(badges(group)) : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == Name && group.source != core::GroupSource::Internal
                   ? QVariant(QString(title(group) + QStringLiteral(", ") + badges(group).join(QStringLiteral(", "))))
                   : QVariant();
    default:
        return {};
    }
}

QVariant GroupsTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Group Name");
    case SyncType:
        return tr("Sync Type");
    case GroupSource:
        return tr("Group Source");
    case Members:
        return tr("Members");
    case Population:
        return tr("Population");
    default:
        return {};
    }
}

void GroupsTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount)
        return;
    m_column = column;
    m_order = order;
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    QList<qint64> ids;
    for (const QModelIndex &index : before)
        ids << m_groups[index.row()].row;
    arrange(m_groups);
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i)
        after << index(rowOf(ids[i]), before[i].column());
    changePersistentIndexList(before, after);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

} // namespace gatehouse::app
