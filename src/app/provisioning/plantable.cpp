// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/plantable.h"

#include <algorithm>
#include <numeric>

namespace gatehouse::app {

namespace {

/// Rows @p from to @p from + @p count - 1 of the order; neighbours in the spool are read together.
core::Result<std::vector<core::Step>> readRows(const provision::PlanFile &plan, const std::vector<uint32_t> *order,
                                                   qsizetype from, qsizetype count)
{
    if (!order)
        return plan.steps(from, count);
    std::vector<core::Step> steps;
    steps.reserve(size_t(count));
    for (qsizetype i = from; i < from + count;) {
        qsizetype run = 1;
        while (i + run < from + count && (*order)[size_t(i + run)] == (*order)[size_t(i)] + uint32_t(run))
            ++run;
        auto read = plan.steps(qsizetype((*order)[size_t(i)]), run);
        if (!read)
            return read;
        std::move(read->begin(), read->end(), std::back_inserter(steps));
        i += run;
    }
    return steps;
}

} // namespace

PlanTable::PlanTable(QObject *parent) : StepTable(parent), m_worker(new QObject)
{
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.setObjectName(QStringLiteral("plan table"));
    m_thread.start();
}

PlanTable::~PlanTable()
{
    if (m_cancelFilter)
        m_cancelFilter->store(true);
    m_thread.quit();
    m_thread.wait();
}

void PlanTable::setPlan(std::shared_ptr<const provision::PlanFile> plan, const QString &baseDn)
{
    if (m_cancelFilter)
        m_cancelFilter->store(true);
    beginResetModel();
    ++m_generation;
    m_plan = std::move(plan);
    setBaseDn(baseDn);
    m_order.reset();
    m_blocks.clear();
    m_requested.clear();
    m_filtering = false;
    m_actions.clear();
    m_search.clear();
    endResetModel();
}

qsizetype PlanTable::total() const
{
    return m_plan ? m_plan->size() : 0;
}

void PlanTable::setFilter(const QList<core::Action> &actions, const QString &search)
{
    if (!m_plan || (actions == m_actions && search == m_search))
        return;
    m_actions = actions;
    m_search = search;
    if (m_cancelFilter)
        m_cancelFilter->store(true);
    m_cancelFilter = std::make_shared<std::atomic_bool>(false);
    const quint64 generation = ++m_generation;
    m_requested.clear();
    m_filtering = true;
    const auto take = [this, generation](std::shared_ptr<const std::vector<uint32_t>> order) {
        if (generation != m_generation)
            return;
        beginResetModel();
        m_order = std::move(order);
        m_blocks.clear();
        m_requested.clear();
        m_filtering = false;
        endResetModel();
        emit filtered();
    };
    if (actions.isEmpty() && search.isEmpty()) {
        take(nullptr);
        return;
    }
    QMetaObject::invokeMethod(m_worker, [this, plan = m_plan, actions, search, cancel = m_cancelFilter, take] {
        auto order = std::make_shared<std::vector<uint32_t>>(
            plan->filter(actions, search, [&cancel] { return cancel->load(std::memory_order_relaxed); }));
        QMetaObject::invokeMethod(this, [take, order] { take(order); }, Qt::QueuedConnection);
    }, Qt::QueuedConnection);
}

int PlanTable::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid() || !m_plan)
        return 0;
    return int(m_order ? qsizetype(m_order->size()) : m_plan->size());
}

qsizetype PlanTable::stepIndex(int row) const
{
    return m_order ? qsizetype((*m_order)[size_t(row)]) : qsizetype(row);
}

std::vector<uint32_t> PlanTable::shownIndexes() const
{
    if (m_order)
        return *m_order;
    std::vector<uint32_t> all;
    all.resize(size_t(total()));
    std::iota(all.begin(), all.end(), 0U);
    return all;
}

const core::Step *PlanTable::step(int row) const
{
    const int block = row / kBlock;
    const auto found = m_blocks.find(block);
    if (found == m_blocks.end()) {
        request(block);
        return nullptr;
    }
    found->usedAt = ++m_clock;
    const size_t at = size_t(row % kBlock);
    return at < found->steps.size() ? &found->steps[at] : nullptr;
}

bool PlanTable::prepare(int first, int last) const
{
    // More than can be kept would push out its own beginning.
    if (last - first >= kBlock * (kMaxBlocks - 1))
        return false;
    bool all = true;
    for (int block = first / kBlock; block <= last / kBlock; ++block) {
        const auto found = m_blocks.find(block);
        if (found != m_blocks.end()) {
            found->usedAt = ++m_clock;
            continue;
        }
        all = false;
        request(block);
    }
    return all;
}

void PlanTable::request(int block) const
{
    if (m_requested.value(block) || m_filtering)
        return;
    m_requested.insert(block, true);
    auto *self = const_cast<PlanTable *>(this);
    const qsizetype from = qsizetype(block) * kBlock;
    const qsizetype count = std::min<qsizetype>(kBlock, rowCount() - from);
    QMetaObject::invokeMethod(m_worker, [self, plan = m_plan, order = m_order, from, count, block,
                                         generation = m_generation] {
        auto answer = std::make_shared<StepsAnswer>(readRows(*plan, order.get(), from, count));
        QMetaObject::invokeMethod(self, [self, generation, block, answer] { self->takeBlock(generation, block, *answer); },
                                  Qt::QueuedConnection);
    }, Qt::QueuedConnection);
}

void PlanTable::takeBlock(quint64 generation, int block, const StepsAnswer &answer)
{
    if (generation != m_generation)
        return;
    m_requested.remove(block);
    if (!answer) {
        emit failed(answer.error());
        return;
    }
    if (m_blocks.size() >= kMaxBlocks) {
        auto oldest = std::min_element(m_blocks.begin(), m_blocks.end(),
                                       [](const Block &a, const Block &b) { return a.usedAt < b.usedAt; });
        m_blocks.erase(oldest);
    }
    m_blocks.insert(block, {*answer, ++m_clock});
    const int first = block * kBlock;
    emit dataChanged(index(first, 0), index(first + int(answer->size()) - 1, ColumnCount - 1));
}

core::Action PlanTable::actionAt(int row) const
{
    return m_plan->action(stepIndex(row));
}

} // namespace gatehouse::app
