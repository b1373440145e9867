// SPDX-License-Identifier: GPL-3.0-or-later
//
// How plans are printed: as text for people, and as the document that "plan --json" and "plan show --json" give.
#pragma once

#include "cli/terminal.h"
#include "provision/run/planfile.h"

namespace gatehouse::cli {

/// One step with its values; @p mark stands before each line.
void printStep(Terminal &terminal, const core::Step &step, const QString &mark = {});
/// Counts, guards that stop it, notes.
void printSummary(Terminal &terminal, const core::PlanCounts &counts, const QList<core::GuardVerdict> &guards,
                  const QStringList &notes);
/// All steps, or the first 200 and how many more there are.
[[nodiscard]] core::Result<void> printSteps(Terminal &terminal, const provision::PlanFile &plan, bool all);
/// The whole plan as one document. @p kept: it is reached by its id.
[[nodiscard]] core::Result<void> printDocument(Terminal &terminal, const provision::PlanFile &plan, bool kept);

/// What a plan's and a run's document have in common: counts, guards, reading, notes, warnings.
QJsonObject commonJson(const core::PlanCounts &counts, const QList<core::GuardVerdict> &guards,
                       const provision::Reading &reading, const QStringList &notes, const QList<core::Error> &warnings);

inline constexpr qsizetype kShownAsText = 200; ///< changes printed for people before "and N more"

} // namespace gatehouse::cli
