// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps two processes from running one rule at once: a lock of the kernel's on a file beside the environment, named
// after the rule, that says who holds it. The kernel lets go of it when the process ends, killed even: nothing has to be
// guessed from process numbers. Released when it goes out of scope; any thread, one at a time.
#pragma once

#include "core/result.h"

#include <QString>
#include <QUuid>

namespace gatehouse::store {

class RuleLock {
public:
    /// Answers at once: Locked when a run of the rule holds it, with process and host in the detail.
    [[nodiscard]] static core::Result<RuleLock> acquire(const QString &environmentPath, const QUuid &rule);
    /// The lock of a process that has put off the environment's indexes, or makes them (see store/bulkload.h).
    [[nodiscard]] static core::Result<RuleLock> forIndexes(const QString &environmentPath);
    /// True while a run of the rule holds it, in this process or another. Disturbs nobody.
    static bool isHeld(const QString &environmentPath, const QUuid &rule);

    RuleLock(RuleLock &&other) noexcept;
    RuleLock &operator=(RuleLock &&other) noexcept;
    RuleLock(const RuleLock &) = delete;
    RuleLock &operator=(const RuleLock &) = delete;
    ~RuleLock();

private:
    RuleLock(int descriptor, QByteArray path) : m_descriptor(descriptor), m_path(std::move(path)) {}
    [[nodiscard]] static core::Result<RuleLock> take(const QString &path, const QString &whenHeld);
    void release();
    int m_descriptor = -1;
    QByteArray m_path;
};

} // namespace gatehouse::store
