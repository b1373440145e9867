// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/guardmeasure.h"

#include "provision/missingpeople.h"
#include "provision/planner.h"
#include "store/environment.h"
#include "store/runs.h"

namespace gatehouse::provision {

core::Result<core::GuardGround> GuardMeasure::ground() const
{
    core::GuardGround ground;
    ground.people = planner.provisioned();
    const core::AttributeCatalog &catalog = context.mapping.catalog();
    const QStringList blanked = planner.tally().blanked().keys();
    for (const QString &name : blanked) {
        const auto had =
            environment.identities().countWithValue(catalog.find(name), context.gateway.id, context.ruleRow);
        if (!had)
            return core::fail(had.error());
        ground.had.insert(name, *had);
    }
    if (!delivered)
        return ground;
    const auto last = environment.runs().lastGoodRead(context.rule.id);
    if (!last)
        return core::fail(last.error());
    ground.read = *delivered;
    ground.readLast = *last;
    if (missing)
        ground.lostUnits = missing->lostUnits();
    return ground;
}

} // namespace gatehouse::provision
