// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/rulelock.h"

#include <QLockFile>

namespace gatehouse::store {

using core::Code;
using core::Result;

Result<RuleLock> RuleLock::acquire(const QString &environmentPath, const QUuid &rule)
{
    return take(environmentPath + u'.' + rule.toString(QUuid::WithoutBraces) + QStringLiteral(".lock"),
                QStringLiteral("another run holds the rule"));
}

Result<RuleLock> RuleLock::forIndexes(const QString &environmentPath)
{
    return take(environmentPath + QStringLiteral(".indexes.lock"),
                QStringLiteral("another process is loading many users"));
}

Result<RuleLock> RuleLock::take(const QString &path, const QString &whenHeld)
{
    auto file = std::make_unique<QLockFile>(path);
    // Never stale by age: a run may take hours. QLockFile looks whether the process still lives.
    file->setStaleLockTime(0);
    if (file->tryLock(0))
        return RuleLock(std::move(file));
    if (file->error() != QLockFile::LockFailedError)
        return core::fail(Code::Denied, QStringLiteral("the lock file beside the environment cannot be written"), {}, path);
    qint64 process = 0;
    QString host;
    QString application;
    QString holder;
    if (file->getLockInfo(&process, &host, &application))
        holder = QStringLiteral("process %1 (%2) on %3").arg(process).arg(application, host);
    return core::fail(Code::Locked, whenHeld, holder, path);
}

RuleLock::RuleLock(std::unique_ptr<QLockFile> file) : m_file(std::move(file)) {}
RuleLock::RuleLock(RuleLock &&other) noexcept = default;
RuleLock &RuleLock::operator=(RuleLock &&other) noexcept = default;
RuleLock::~RuleLock() = default;

} // namespace gatehouse::store
