// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a plan means for people, in words and shares. Pure functions, GUI thread.
#pragma once

#include "core/config/forward.h"
#include "core/error.h"
#include "core/plan/counts.h"

#include <optional>

namespace gatehouse::app {

/// People who were here before the plan: those who would be created are not among them.
qint64 peopleHere(const core::Counts &counts);
/// "97 %", and "under 1 %" for a few of very many.
QString percentText(qint64 part, qint64 whole);
/// Whether so many people would change that somebody should look at it first: at least ten, and a fifth of all.
bool isLargeShare(const core::Counts &counts);
/// Why one person, whom somebody asked for, was not found by the rule: what @p error says, and whom the rule takes.
QString whyNotInScope(const core::Rule &rule, const std::optional<core::Error> &error);

} // namespace gatehouse::app
