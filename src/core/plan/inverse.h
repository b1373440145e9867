// SPDX-License-Identifier: GPL-3.0-or-later
//
// What takes a step back: a create becomes a delete, a delete a create with the same id, and everything else changes from
// after to before. Pure functions, any thread.
#pragma once

#include "core/plan/step.h"

#include <span>

namespace gatehouse::core {

/// @p step as the journal tells it: all that it did, with the target's revision after it. The inverse is refused where the
/// target has another revision by then. A step that did nothing has an inverse that does nothing.
Step inverse(const Step &step);

/// The inverse of steps in the order in which they were done: last first, and what was done before others is taken back
/// after them.
QList<Step> inverse(std::span<const Step> steps);

} // namespace gatehouse::core
