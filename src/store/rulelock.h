// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps two processes from running one rule at once: a file beside the environment, named after the rule, that says
// who holds it. A lock whose process is gone, killed even, is taken over. Released when it goes out of scope; any
// thread, one at a time.
#pragma once

#include "core/result.h"

#include <QUuid>

#include <memory>

class QLockFile;

namespace gatehouse::store {

class RuleLock {
public:
    /// Answers at once: Locked when a run of the rule holds it, with process and host in the detail.
    [[nodiscard]] static core::Result<RuleLock> acquire(const QString &environmentPath, const QUuid &rule);
    /// The lock of a process that has put off the environment's indexes, or makes them (see store/bulkload.h).
    [[nodiscard]] static core::Result<RuleLock> forIndexes(const QString &environmentPath);
    RuleLock(RuleLock &&other) noexcept;
    RuleLock &operator=(RuleLock &&other) noexcept;
    ~RuleLock();

private:
    explicit RuleLock(std::unique_ptr<QLockFile> file);
    [[nodiscard]] static core::Result<RuleLock> take(const QString &path, const QString &whenHeld);
    std::unique_ptr<QLockFile> m_file;
};

} // namespace gatehouse::store
