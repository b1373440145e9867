// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/runs/runlist.h"

#include "app/roles.h"
#include "app/runs/runhistory.h"
#include "app/text.h"

#include <algorithm>

namespace gatehouse::app {

RunList::RunList(const RunHistory &history, QObject *parent) : QAbstractListModel(parent), m_history(history)
{
    connect(&history, &RunHistory::changed, this, &RunList::refresh);
    refresh();
}

int RunList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

QVariant RunList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const store::Run &run = m_shown.at(index.row());
    const auto subtitle = [&run]() -> QString {
        const QString when = Text::relativeTime(run.startedAt);
        return run.status == store::RunStatus::Running ? when
                                                       : when + QStringLiteral(" · ") + runSummary(run);
    };
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
        return run.rule;
    case SubtitleRole:
        return subtitle();
    case StateRole:
        return int(Text::tone(run.status));
    case StateTextRole:
        return Text::status(run.status);
    case IdRole:
        return run.row;
    case Qt::ToolTipRole:
        return Text::fullTime(run.startedAt);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3").arg(run.rule, subtitle(), Text::status(run.status));
    default:
        return {};
    }
}

void RunList::setSearch(const QString &text)
{
    m_search = text;
    refresh();
}

void RunList::setOnly(Only only)
{
    m_only = only;
    refresh();
}

void RunList::retell()
{
    if (!m_shown.isEmpty())
        emit dataChanged(index(0), index(int(m_shown.size()) - 1), {SubtitleRole, Qt::AccessibleTextRole});
}

qsizetype RunList::total() const
{
    return m_history.runs().size();
}

qsizetype RunList::count(Only only) const
{
    const QList<store::Run> &runs = m_history.runs();
    return std::count_if(runs.begin(), runs.end(), [only](const store::Run &run) { return isIn(run, only); });
}

bool RunList::isIn(const store::Run &run, Only only)
{
    switch (only) {
    case Only::All:
        return true;
    case Only::Succeeded:
        return run.status == store::RunStatus::Succeeded;
    case Only::Partial:
        return run.status == store::RunStatus::Partial;
    case Only::Failed:
        return run.status == store::RunStatus::Failed || run.status == store::RunStatus::BrokenOff;
    case Only::Stopped:
        return run.status == store::RunStatus::Stopped || run.status == store::RunStatus::Cancelled;
    }
    return true;
}

void RunList::refresh()
{
    beginResetModel();
    m_shown.clear();
    for (const store::Run &run : m_history.runs()) {
        if (isIn(run, m_only)
            && (m_search.isEmpty() || run.rule.contains(m_search, Qt::CaseInsensitive)
                || Text::status(run.status).contains(m_search, Qt::CaseInsensitive)
                || QString::number(run.row) == m_search))
            m_shown.append(run);
    }
    endResetModel();
}

} // namespace gatehouse::app
