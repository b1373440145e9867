// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/populations/populationsmodel.h"

#include "app/roles.h"
#include "app/text.h"

#include <algorithm>

namespace gatehouse::app {

void PopulationsModel::setPopulations(const QList<core::Population> &populations)
{
    m_all = populations;
    std::sort(m_all.begin(), m_all.end(), [](const core::Population &a, const core::Population &b) {
        return QString::localeAwareCompare(a.name, b.name) < 0;
    });
    filter();
}

void PopulationsModel::setUserCounts(const QHash<qint64, qint64> &counts)
{
    m_counts = counts;
    if (!m_shown.isEmpty())
        emit dataChanged(index(0), index(int(m_shown.size()) - 1), {SubtitleRole, Qt::AccessibleTextRole});
}

void PopulationsModel::setSearch(const QString &search)
{
    m_search = search.trimmed();
    filter();
}

const core::Population *PopulationsModel::find(qint64 row) const
{
    const auto found = std::find_if(m_all.begin(), m_all.end(), [row](const auto &p) { return p.row == row; });
    return found == m_all.end() ? nullptr : &*found;
}

void PopulationsModel::filter()
{
    beginResetModel();
    m_shown.clear();
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(m_shown), [this](const core::Population &population) {
        return population.name.contains(m_search, Qt::CaseInsensitive)
               || population.description.contains(m_search, Qt::CaseInsensitive);
    });
    endResetModel();
}

int PopulationsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

QVariant PopulationsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const core::Population &population = m_shown[index.row()];
    const auto users = [&] {
        const qint64 count = m_counts.value(population.row);
        return count == 1 ? tr("1 user") : tr("%1 users").arg(Text::number(count));
    };
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
        return population.name;
    case SubtitleRole:
        return population.description.isEmpty() ? users() : users() + QStringLiteral(" · ") + population.description;
    case BadgesRole:
        return population.isDefault ? QStringList{tr("Default")} : QStringList{};
    case IdRole:
        return population.row;
    case Qt::AccessibleTextRole:
        return QString(population.name + QStringLiteral(", ") + users());
    default:
        return {};
    }
}

} // namespace gatehouse::app
