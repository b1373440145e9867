// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plans that an environment keeps beside it, so that they can be named by their id when the program that made them
// has ended: the last ones of gatehousectl, and those that a guard has stopped. In the folder ENVIRONMENT-plans, which
// is for whom the environment is; the oldest go first. Any thread.
#pragma once

#include "provision/run/planfile.h"

namespace gatehouse::provision {

class KeptPlans {
public:
    static constexpr int kMost = 20;                 ///< plans
    static constexpr qint64 kMostOctets = 1LL << 30; ///< of all of them; the newest is kept whatever its size

    explicit KeptPlans(const QString &environmentPath) : m_environmentPath(environmentPath) {}

    QString folder() const { return m_environmentPath + QStringLiteral("-plans"); }
    [[nodiscard]] core::Result<void> keep(const PlanFile &plan, const store::Seal &seal) const;
    /// The plan in a file, or the kept one with that id. Errors: those of PlanFile::open().
    [[nodiscard]] core::Result<std::shared_ptr<PlanFile>> open(const QString &fileOrId, const store::Seal &seal) const;

private:
    QString pathOf(const QUuid &id) const;
    void dropOldest(const QUuid &newest) const;
    QString m_environmentPath;
};

} // namespace gatehouse::provision
