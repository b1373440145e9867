// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/connectionlist.h"

#include "app/console.h"
#include "app/roles.h"

#include <algorithm>

namespace gatehouse::app {

ConnectionList::ConnectionList(Console &console, QObject *parent) : QAbstractListModel(parent), m_console(console)
{
    connect(&console, &Console::configurationChanged, this, &ConnectionList::refresh);
    refresh();
}

int ConnectionList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

QString ConnectionList::subtitle(const Row &row)
{
    return row.connection.gateway + QStringLiteral(" · ") + (row.rules == 1 ? tr("1 rule") : tr("%n rules", nullptr, row.rules));
}

QVariant ConnectionList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_shown.at(index.row());
    const bool enabled = row.connection.enabled;
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
    case IdRole:
        return row.connection.name;
    case SubtitleRole:
        return subtitle(row);
    case StateRole:
        return int(enabled ? Tone::Good : Tone::Neutral);
    case StateTextRole:
        return enabled ? tr("Active") : tr("Disabled");
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3")
            .arg(row.connection.name, subtitle(row), enabled ? tr("Active") : tr("Disabled"));
    default:
        return {};
    }
}

void ConnectionList::setSearch(const QString &text)
{
    if (text == m_search)
        return;
    m_search = text;
    refresh();
}

void ConnectionList::refresh()
{
    beginResetModel();
    m_shown.clear();
    const core::Configuration &configuration = m_console.configuration();
    m_total = configuration.connections.size();
    for (const core::Connection &connection : configuration.connections) {
        if (!m_search.isEmpty() && !connection.name.contains(m_search, Qt::CaseInsensitive)
            && !connection.gateway.contains(m_search, Qt::CaseInsensitive))
            continue;
        const auto rules = std::count_if(configuration.rules.begin(), configuration.rules.end(),
                                         [&](const core::Rule &rule) { return rule.connection == connection.name; });
        m_shown.append({connection, int(rules)});
    }
    endResetModel();
}

} // namespace gatehouse::app
