// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/rulelist.h"

#include "app/console.h"
#include "app/provisioning/rulejobs.h"
#include "app/runs/runhistory.h"
#include "app/text.h"

namespace gatehouse::app {

RuleList::RuleList(Console &console, const RunHistory &history, const RuleJobs &jobs, QObject *parent)
    : QAbstractListModel(parent), m_console(console), m_history(history), m_jobs(jobs)
{
    connect(&console, &Console::configurationChanged, this, &RuleList::refresh);
    const auto repaint = [this] {
        if (!m_shown.isEmpty())
            emit dataChanged(index(0), index(int(m_shown.size()) - 1));
    };
    connect(&history, &RunHistory::changed, this, repaint);
    connect(&jobs, &RuleJobs::changed, this, repaint);
    refresh();
}

int RuleList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

QString RuleList::direction(const core::Rule &rule) const
{
    const core::Connection *connection = m_console.configuration().connection(rule.connection);
    const QString gateway = connection ? connection->gateway : rule.connection;
    return rule.direction == core::Direction::Inbound ? tr("%1 → PingOne").arg(gateway)
                                                      : tr("PingOne → %1").arg(gateway);
}

QString RuleList::subtitle(const core::Rule &rule) const
{
    QString text = direction(rule);
    if (const store::Run *run = m_history.lastOf(rule); run && run->read > 0)
        text += QStringLiteral(" · ")
                + (run->read == 1 ? tr("1 person") : tr("%1 people").arg(Text::number(run->read)));
    return text;
}

RuleList::Pill RuleList::pill(const core::Rule &rule) const
{
    if (const RuleJobs::Job *job = m_jobs.job(rule.name))
        return {Tone::Accent, job->request.apply ? tr("Running") : tr("Planning")};
    if (!rule.enabled)
        return {Tone::Neutral, tr("Disabled")};
    const store::Run *run = m_history.lastOf(rule);
    if (run && run->status == store::RunStatus::Stopped)
        return {Tone::Warning, run->error && run->error->code == core::Code::Guard ? tr("Stopped by guard")
                                                                                   : tr("Stopped")};
    if (run && run->status == store::RunStatus::BrokenOff)
        return {Tone::Bad, tr("Broken off")};
    if (run && run->status == store::RunStatus::Failed)
        return {Tone::Bad, tr("Failed")};
    if (run && run->status == store::RunStatus::Partial)
        return {Tone::Warning, tr("Some failed")};
    return {Tone::Good, tr("Active")};
}

QVariant RuleList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const core::Rule &rule = m_shown.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
    case IdRole:
        return rule.name;
    case SubtitleRole:
        return subtitle(rule);
    case StateRole:
        return int(pill(rule).tone);
    case StateTextRole:
        return pill(rule).text;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3").arg(rule.name, subtitle(rule), pill(rule).text);
    default:
        return {};
    }
}

void RuleList::setSearch(const QString &text)
{
    if (text == m_search)
        return;
    m_search = text;
    refresh();
}

void RuleList::refresh()
{
    beginResetModel();
    m_shown.clear();
    const QList<core::Rule> &all = m_console.configuration().rules;
    m_total = all.size();
    for (const core::Rule &rule : all) {
        if (m_search.isEmpty() || rule.name.contains(m_search, Qt::CaseInsensitive)
            || direction(rule).contains(m_search, Qt::CaseInsensitive))
            m_shown.append(rule);
    }
    endResetModel();
}

} // namespace gatehouse::app
