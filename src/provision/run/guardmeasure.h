// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a plan's harm is measured against: how many people the rule has, who had the values that would go, how many
// entries the last good run read. Reads the environment in its thread.
#pragma once

#include "core/plan/guards.h"
#include "core/result.h"
#include "provision/rulecontext.h"

#include <optional>

namespace gatehouse::provision {

class MissingPeople;
class Planner;

struct GuardMeasure {
    store::Environment &environment;
    const RuleContext &context;
    const Planner &planner;
    const MissingPeople *missing = nullptr; ///< nullptr: nobody was looked for
    std::optional<qint64> delivered = {};   ///< entries in the read's pages; nothing: one person was read

    [[nodiscard]] core::Result<core::GuardGround> ground() const;
};

} // namespace gatehouse::provision
