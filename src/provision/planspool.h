// SPDX-License-Identifier: GPL-3.0-or-later
//
// The steps of a plan on disk: one compact JSON line each in an unlinked temporary file, with offset and action in
// memory (9 octets a step), so that a plan of a million changes can be shown, filtered and applied in little memory.
// Written by one thread; once sealed, any thread may read.
#pragma once

#include "core/plan.h"
#include "core/result.h"

#include <QTemporaryFile>

#include <vector>

namespace gatehouse::provision {

class PlanSpool {
public:
    PlanSpool();
    ~PlanSpool();

    [[nodiscard]] core::Result<void> append(const core::PlanStep &step);
    /// No more steps; readers may come.
    [[nodiscard]] core::Result<void> seal();

    qsizetype size() const;
    core::Action action(qsizetype index) const;
    [[nodiscard]] core::Result<core::PlanStep> step(qsizetype index) const;
    /// The step's JSON, as `plan --json` prints it in "changes".
    [[nodiscard]] core::Result<QByteArray> line(qsizetype index) const;
    /// Indexes of the steps with one of @p actions (empty: all) whose text contains @p search (without case; empty:
    /// all), in order. Reads the whole file when there is a search: call it off the GUI thread.
    std::vector<uint32_t> filter(const QList<core::Action> &actions, const QString &search) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::provision
