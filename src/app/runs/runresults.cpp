// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/runs/runresults.h"

#include "app/console.h"

#include <algorithm>

namespace gatehouse::app {

namespace {

constexpr int kSearchBlock = 1000; ///< results looked through at once

bool matches(const core::PlanStep &step, const QString &search)
{
    const auto in = [&](const QString &text) { return text.contains(search, Qt::CaseInsensitive); };
    return in(step.username) || in(QString::fromUtf8(step.sourceDn))
           || std::any_of(step.problems.begin(), step.problems.end(),
                          [&](const core::Problem &problem) { return in(problem.attribute) || in(problem.message); })
           || std::any_of(step.changes.begin(), step.changes.end(), [&](const core::AttributeChange &change) {
                  return in(change.name) || in(core::displayText(change.before)) || in(core::displayText(change.after));
              });
}

core::Result<QList<core::PlanStep>> searchRun(store::Reader &reader, qint64 run, const QString &search,
                                              core::Action only)
{
    QList<core::PlanStep> found;
    for (int offset = 0; found.size() < RunResults::kMaxFound; offset += kSearchBlock) {
        auto block = reader.environment().runs().steps(run, offset, kSearchBlock);
        if (!block)
            return block;
        for (core::PlanStep &step : *block) {
            if ((only == core::Action::None || step.action == only) && (search.isEmpty() || matches(step, search))
                && found.size() < RunResults::kMaxFound)
                found.append(std::move(step));
        }
        if (block->size() < kSearchBlock)
            break;
    }
    return found;
}

} // namespace

RunResults::RunResults(Console &console, QObject *parent) : StepTable(parent), m_console(console) {}

void RunResults::setRun(qint64 run)
{
    if (run == m_run)
        return;
    m_run = run;
    m_search.clear();
    m_only = core::Action::None;
    restart();
}

void RunResults::setSearch(const QString &text)
{
    if (text == m_search)
        return;
    m_search = text;
    restart();
}

void RunResults::setOnly(core::Action action)
{
    if (action == m_only)
        return;
    m_only = action;
    restart();
}

void RunResults::restart()
{
    m_console.reader().cancel(m_request);
    m_reading = false;
    beginResetModel();
    m_steps.clear();
    m_complete = m_run == 0;
    endResetModel();
    fetchMore({});
}

int RunResults::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_steps.size());
}

bool RunResults::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && !m_complete && !m_reading;
}

void RunResults::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    m_reading = true;
    const bool searching = !m_search.isEmpty() || m_only != core::Action::None;
    m_request = m_console.read<QList<core::PlanStep>>(
        this,
        [run = m_run, search = m_search, only = m_only, searching,
         offset = int(m_steps.size())](store::Reader &reader) {
            return searching ? searchRun(reader, run, search, only)
                             : reader.environment().runs().steps(run, offset, kPage);
        },
        [this, searching](core::Result<QList<core::PlanStep>> answer) {
            const bool last = searching || !answer || answer->size() < kPage;
            take(std::move(answer), last);
        });
}

void RunResults::take(core::Result<QList<core::PlanStep>> answer, bool last)
{
    m_reading = false;
    if (answer && m_onlyFailures) {
        const qsizetype before = answer->size();
        answer->removeIf([](const core::PlanStep &step) { return step.action != core::Action::Failed; });
        last = last || answer->size() < before;
    }
    m_complete = last;
    if (!answer) {
        emit failed(answer.error());
        return;
    }
    if (!answer->isEmpty()) {
        beginInsertRows({}, int(m_steps.size()), int(m_steps.size() + answer->size()) - 1);
        m_steps += *answer;
        endInsertRows();
    }
    emit progressed();
}

const core::PlanStep *RunResults::step(int row) const
{
    return &m_steps.at(row);
}

core::Action RunResults::actionAt(int row) const
{
    return m_steps.at(row).action;
}

} // namespace gatehouse::app
