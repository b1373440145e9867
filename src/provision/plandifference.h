// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether two plans do the same to the same people. What serves the record only is left out: the ids that new users
// will get, revisions and fingerprints. The order does not matter. Pure but for reading the spools; any thread.
#pragma once

#include "provision/planspool.h"

#include <QStringList>

namespace gatehouse::provision {

struct PlanDifference {
    qsizetype people = 0; ///< whose steps differ
    QStringList examples; ///< some of them, in words
    bool isNone() const { return people == 0; }
};

/// Both plans are sealed.
[[nodiscard]] core::Result<PlanDifference> planDifference(const PlanSpool &shown, const PlanSpool &now);

} // namespace gatehouse::provision
