// SPDX-License-Identifier: GPL-3.0-or-later
//
// Saving a configuration from which rules are gone. Where a deleted rule's connection says "Deprovision on rule deletion",
// its people are disabled or deleted first, in a recorded run of the rule, and the configuration is saved only when that is
// done. Whoever lies in the scope of another enabled rule of the gateway is handed over to it and judged by its next run.
// Of the guards the absolute ones count: a rule that is deleted leaves all of its people. Belongs to the environment's
// thread; blocks, and asks no directory.
#pragma once

#include "core/config/forward.h"
#include "core/plan/counts.h"
#include "core/result.h"

#include <QList>
#include <QString>

namespace gatehouse::store {
class Environment;
}

namespace gatehouse::provision {

struct DeletedRule {
    QString rule;
    qint64 run = 0;         ///< 0: it had nobody to deprovision
    core::Counts counts;
    qint64 handedOver = 0;  ///< people who are another rule's from now on
};

/// Saves @p wanted over @p current, which is what is stored; things without an id get one. Every fault comes back: those of
/// store::Configurations::save(), Guard (nothing was changed), Locked (a run of such a rule goes on).
[[nodiscard]] tl::expected<QList<DeletedRule>, QList<core::Error>>
saveConfiguration(store::Environment &environment, const core::Configuration &current, core::Configuration wanted,
                  const QString &trigger);

/// The rules that @p wanted has no more and whose people are then deprovisioned.
QList<core::Rule> deprovisioningRules(const core::Configuration &current, const core::Configuration &wanted);

} // namespace gatehouse::provision
