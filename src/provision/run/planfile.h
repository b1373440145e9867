// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plan on disk: its steps in order, and what else belongs to it. While it is made it is a file without a name that
// goes with the process; save() writes it under a name, whole or not at all, packed and sealed for the environment that
// it is about, and open() reads that again: steps in order and by object, few of them in memory at a time. In memory it
// costs an octet a step. Values of passwords are not in it. Filled by one thread, then read by any.
//
// The file: a mark; blocks of up to 256 records; a sorted list of keys; an end with a SHA-256 over all before it and
// its HMAC by the environment's key. Whatever does not fit is refused, and no length in it is trusted (planblocks.h).
#pragma once

#include "core/plan/step.h"
#include "core/result.h"
#include "provision/run/planblocks.h"
#include "provision/run/planhead.h"
#include "provision/run/steprecord.h"
#include "store/seal.h"

#include <QString>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace gatehouse::provision {

class PlanFile {
public:
    /// An empty plan without a name, in the temporary folder.
    PlanFile();
    ~PlanFile();
    PlanFile(const PlanFile &) = delete;
    PlanFile &operator=(const PlanFile &) = delete;

    /// What save() wrote. Errors, all local: NotFound, Denied, Corrupt (changed, cut, lengthened, no plan, another
    /// version), Conflict (of another environment).
    [[nodiscard]] static core::Result<std::shared_ptr<PlanFile>>
    open(const QString &path, const QString &environmentPath, const store::Seal &seal);

    /// Steps that a person reviews, and beside them what else applying the plan writes: new fingerprints of links of
    /// people who stay as they are, and whom the directory did not show.
    enum class Part : quint8 { Steps, Refreshes, NotShown };
    [[nodiscard]] core::Result<void> append(const core::Step &step, Part part = Part::Steps);
    /// After the last append(): everything lies in the file, and any thread may read.
    [[nodiscard]] core::Result<void> finish();
    void setHead(PlanHead head) { m_head = std::move(head); }

    const PlanHead &head() const { return m_head; }
    qsizetype size(Part part = Part::Steps) const;
    core::Action action(qsizetype index) const { return core::Action(m_actions[size_t(index)]); }
    /// Fewer where the plan ends. Before finish() in the thread that appends.
    [[nodiscard]] core::Result<std::vector<core::Step>> steps(qsizetype from, qsizetype count,
                                                              Part part = Part::Steps) const;
    [[nodiscard]] core::Result<core::Step> step(qsizetype index, Part part = Part::Steps) const;

    /// Indexes of the steps with one of @p actions (none: any) in which @p search stands (empty: any), in their order.
    std::vector<uint32_t> filter(const QList<core::Action> &actions, const QString &search,
                                 const std::function<bool()> &isCancelled = {}) const;
    /// Indexes of the steps about @p key: an id (of either side), a username, a name or a DN. Reads few of them where
    /// the plan was opened, all where it is being made.
    [[nodiscard]] core::Result<std::vector<uint32_t>> about(const QString &key) const;

    /// Writes the finished plan to @p path: mode 0600, never over the environment's files. Any thread.
    [[nodiscard]] core::Result<void> save(const QString &path, const QString &environmentPath,
                                          const store::Seal &seal) const;

private:
    struct Block {
        quint64 at = 0;
        qsizetype first = 0; ///< number of its first step
    };
    struct Steps {
        std::vector<Block> blocks;
        QByteArray open;         ///< records that are not in the file yet
        qsizetype openFirst = 0; ///< number of the first of them
        qsizetype count = 0;
    };
    [[nodiscard]] core::Result<void> closeBlock(Part part);
    [[nodiscard]] core::Result<QByteArray> records(const Steps &steps, qsizetype block) const;
    [[nodiscard]] core::Result<void> load(const store::Seal &seal);
    [[nodiscard]] core::Result<void> loadBlocks();
    [[nodiscard]] core::Result<void> takeHead(const QByteArray &json);
    QByteArray headText() const;

    BlockFile m_file;
    StepRecords m_records;
    QByteArray m_scratch; ///< one record
    Steps m_parts[3];
    std::vector<quint8> m_actions;
    PlanHead m_head;
    quint64 m_blocksEnd = 0;
    quint64 m_keys = 0;     ///< where the sorted keys lie
    quint64 m_keyCount = 0; ///< 0: it has none, it is being made
};

} // namespace gatehouse::provision
