// SPDX-License-Identifier: GPL-3.0-or-later
//
// In what two plans differ, object by object. What serves the record only is left out: the ids that new objects will
// get, revisions and fingerprints. The order does not matter. Reads both plans; any thread.
#pragma once

#include "provision/run/planfile.h"

#include <optional>
#include <vector>

namespace gatehouse::provision {

/// Steps about one object, by their number in each plan; nothing: that plan has none.
struct StepPair {
    std::optional<uint32_t> left;
    std::optional<uint32_t> right;
};

/// Both plans are finished. In the order of the left one, then what only the right one has. 40 octets a step meanwhile.
[[nodiscard]] core::Result<std::vector<StepPair>> planDifference(const PlanFile &left, const PlanFile &right);

} // namespace gatehouse::provision
