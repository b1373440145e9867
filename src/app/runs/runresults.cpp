// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/runs/runresults.h"

#include "app/console.h"

#include <algorithm>

namespace gatehouse::app {

namespace {

constexpr int kSearchBlock = 1000; ///< results looked through at once

bool matches(const core::Step &step, const QString &search)
{
    const auto in = [&](const QString &text) { return text.contains(search, Qt::CaseInsensitive); };
    return in(step.target.text()) || in(step.source.text())
           || std::any_of(step.problems.begin(), step.problems.end(),
                          [&](const core::Problem &problem) { return in(problem.attribute) || in(problem.message); })
           || std::any_of(step.changes.begin(), step.changes.end(), [&](const core::AttributeChange &change) {
                  return in(change.name) || in(core::displayText(change.before)) || in(core::displayText(change.after));
              });
}

} // namespace

/// What readRows() goes by, in the reader thread.
class RunReading {
public:
    store::Reader &reader;
    qint64 run;
    QString search;
    core::Action only;
};

RunResults::RunResults(Console &console, QObject *parent) : StepTable(parent), m_console(console) {}

core::Result<RunResults::Rows> RunResults::readRows(RunReading &reading)
{
    auto &runs = reading.reader.environment().runs();
    auto actions = runs.stepActions(reading.run);
    if (!actions)
        return core::fail(actions.error());
    Rows rows;
    const auto wanted = [&](size_t place) { return reading.only == core::Action::None || (*actions)[place] == reading.only; };
    if (reading.search.isEmpty()) {
        for (size_t place = 0; place < actions->size(); ++place) {
            if (!wanted(place))
                continue;
            rows.places.push_back(quint32(place));
            rows.actions.push_back((*actions)[place]);
        }
        return rows;
    }
    for (size_t from = 0; from < actions->size(); from += kSearchBlock) {
        const size_t end = std::min(from + kSearchBlock, actions->size());
        bool any = false;
        for (size_t place = from; place < end && !any; ++place)
            any = wanted(place);
        if (!any)
            continue;
        const auto steps = runs.steps(reading.run, int(from), int(end - from));
        if (!steps)
            return core::fail(steps.error());
        for (qsizetype i = 0; i < steps->size() && from + size_t(i) < end; ++i) {
            const size_t place = from + size_t(i);
            if (!wanted(place) || !matches(steps->at(i), reading.search))
                continue;
            if (rows.places.size() >= kMaxFound) {
                rows.isCut = true;
                return rows;
            }
            rows.places.push_back(quint32(place));
            rows.actions.push_back((*actions)[place]);
        }
    }
    return rows;
}

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
    for (const quint64 request : std::as_const(m_requested))
        m_console.reader().cancel(request);
    ++m_generation;
    beginResetModel();
    m_rows = {};
    m_blocks.clear();
    m_requested.clear();
    m_isCut = false;
    m_counting = m_run != 0;
    endResetModel();
    if (!m_counting)
        return;
    const core::Action only = m_onlyFailures ? core::Action::Failed : m_only;
    m_request = m_console.read<Rows>(
        this,
        [run = m_run, search = m_search, only](store::Reader &reader) {
            RunReading reading{reader, run, search, only};
            return readRows(reading);
        },
        [this](core::Result<Rows> answer) { take(std::move(answer)); });
}

void RunResults::take(core::Result<Rows> answer)
{
    m_counting = false;
    if (!answer) {
        emit failed(answer.error());
        return;
    }
    beginResetModel();
    m_rows = std::move(*answer);
    m_isCut = m_rows.isCut;
    endResetModel();
    emit progressed();
}

int RunResults::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.places.size());
}

const core::Step *RunResults::step(int row) const
{
    const int block = row / kBlock;
    const auto found = m_blocks.find(block);
    if (found == m_blocks.end()) {
        request(block);
        return nullptr;
    }
    found->usedAt = ++m_clock;
    const qsizetype at = row % kBlock;
    return at < found->steps.size() ? &found->steps.at(at) : nullptr;
}

bool RunResults::prepare(int first, int last) const
{
    // More than can be kept would push out its own beginning.
    if (last - first >= kBlock * (kMaxBlocks - 1))
        return false;
    bool all = true;
    for (int block = first / kBlock; block <= last / kBlock; ++block) {
        if (const auto found = m_blocks.find(block); found != m_blocks.end()) {
            found->usedAt = ++m_clock;
            continue;
        }
        all = false;
        request(block);
    }
    return all;
}

void RunResults::request(int block) const
{
    if (m_requested.contains(block))
        return;
    const size_t from = size_t(block) * kBlock;
    const size_t end = std::min(from + kBlock, m_rows.places.size());
    auto *self = const_cast<RunResults *>(this);
    std::vector<quint32> places(m_rows.places.begin() + qsizetype(from), m_rows.places.begin() + qsizetype(end));
    const quint64 number = self->m_console.read<QList<core::Step>>(
        self,
        [run = m_run, places = std::move(places)](store::Reader &reader) -> core::Result<QList<core::Step>> {
            QList<core::Step> steps;
            for (size_t i = 0; i < places.size();) {
                // Neighbours are read together.
                size_t count = 1;
                while (i + count < places.size() && places[i + count] == places[i] + count)
                    ++count;
                auto read = reader.environment().runs().steps(run, int(places[i]), int(count));
                if (!read)
                    return read;
                steps += *read;
                i += count;
            }
            return steps;
        },
        [self, block, generation = m_generation](const core::Result<QList<core::Step>> &answer) {
            self->takeBlock(generation, block, answer);
        });
    m_requested.insert(block, number);
}

void RunResults::takeBlock(quint64 generation, int block, const core::Result<QList<core::Step>> &answer)
{
    if (generation != m_generation)
        return;
    m_requested.remove(block);
    if (!answer) {
        emit failed(answer.error());
        return;
    }
    if (m_blocks.size() >= kMaxBlocks) {
        m_blocks.erase(std::min_element(m_blocks.begin(), m_blocks.end(),
                                        [](const Block &a, const Block &b) { return a.usedAt < b.usedAt; }));
    }
    m_blocks.insert(block, {*answer, ++m_clock});
    const int first = block * kBlock;
    if (!answer->isEmpty())
        emit dataChanged(index(first, 0), index(std::min(first + int(answer->size()), rowCount()) - 1, ColumnCount - 1));
}

core::Action RunResults::actionAt(int row) const
{
    return m_rows.actions.at(size_t(row));
}

} // namespace gatehouse::app
