// SPDX-License-Identifier: GPL-3.0-or-later
//
// The steps of a plan on disk: compact records in an unlinked temporary file, with offset and action in memory (9
// octets a step), so that a plan of a million changes can be shown, filtered and applied in little memory. Written by
// one thread; once sealed, any thread may read.
#pragma once

#include "core/plan/step.h"
#include "core/result.h"

#include <functional>
#include <memory>
#include <vector>

namespace gatehouse::provision {

class PlanSpool {
public:
    PlanSpool();
    ~PlanSpool();

    [[nodiscard]] core::Result<void> append(const core::Step &step);
    /// A step that has been appended, for the writer's thread; the spool need not be sealed.
    [[nodiscard]] core::Result<core::Step> written(qsizetype index) const;
    /// No more steps; readers may come.
    [[nodiscard]] core::Result<void> seal();

    qsizetype size() const;
    core::Action action(qsizetype index) const;
    /// Steps @p from to @p from + @p count - 1, all below size(); the spool is sealed. Internal when the temporary
    /// file cannot be read back.
    [[nodiscard]] core::Result<std::vector<core::Step>> steps(qsizetype from, qsizetype count) const;
    /// Indexes of the steps with one of @p actions (empty: all) in whose DN, username, values or problems @p search
    /// occurs (without case; empty: all), in order. Reads the whole file when there is a search: off the GUI thread.
    std::vector<uint32_t> filter(const QList<core::Action> &actions, const QString &search,
                                 const std::function<bool()> &isCancelled = {}) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::provision
