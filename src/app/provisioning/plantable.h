// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plan as a table of any length: only the order of the shown steps is in memory (4 octets each, none while nothing
// is filtered), the steps themselves come from the spool in blocks, read in a thread of the table's own and kept for
// the newest few. Filtering and searching happen there too; an answer to an older question is dropped. GUI thread.
#pragma once

#include "app/provisioning/steptable.h"
#include "core/result.h"
#include "provision/run/planfile.h"

#include <QHash>
#include <QThread>

#include <atomic>
#include <memory>
#include <optional>

namespace gatehouse::app {

class PlanTable : public StepTable {
    Q_OBJECT
public:
    static constexpr int kBlock = 200;      ///< rows read at once
    static constexpr int kMaxBlocks = 32;   ///< blocks kept, the longest unused goes first

    explicit PlanTable(QObject *parent = nullptr);
    ~PlanTable() override;

    /// @p baseDn is cut from the end of DNs shown; empty: nothing is. nullptr clears the table.
    void setPlan(std::shared_ptr<const provision::PlanFile> plan, const QString &baseDn = {});
    /// Empty: all.
    void setFilter(const QList<core::Action> &actions, const QString &search);
    bool isFiltering() const { return m_filtering; }
    /// How many steps the plan has, whatever the filter leaves.
    qsizetype total() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    bool prepare(int first, int last) const override;
    /// Rows of the plan, in shown order, as indexes of its steps; for exports.
    std::vector<uint32_t> shownIndexes() const;

signals:
    /// The filter's answer is there: rowCount() tells how many.
    void filtered();

protected:
    const core::Step *step(int row) const override;
    core::Action actionAt(int row) const override;

private:
    struct Block {
        std::vector<core::Step> steps;
        quint64 usedAt = 0;
    };
    using StepsAnswer = core::Result<std::vector<core::Step>>;

    void request(int block) const;
    void takeBlock(quint64 generation, int block, const StepsAnswer &answer);
    qsizetype stepIndex(int row) const;

    std::shared_ptr<const provision::PlanFile> m_plan;
    std::shared_ptr<const std::vector<uint32_t>> m_order; ///< nullptr: all, in their order
    mutable QHash<int, Block> m_blocks;
    mutable QHash<int, bool> m_requested;
    mutable quint64 m_clock = 0;
    quint64 m_generation = 0; ///< of plan and filter: blocks of another one are dropped
    bool m_filtering = false;
    std::shared_ptr<std::atomic_bool> m_cancelFilter;
    QList<core::Action> m_actions;
    QString m_search;
    QThread m_thread;
    QObject *m_worker; ///< lives in m_thread
};

} // namespace gatehouse::app
