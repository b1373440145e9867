// SPDX-License-Identifier: GPL-3.0-or-later
//
// One edit of the configuration from a form: taken whole, changed, validated whole, saved whole in the engine's
// thread, and noted in the audit log with what it changed. GUI thread; never blocks.
#pragma once

#include "app/console.h"

namespace gatehouse::app {

/// @p action is a thing and a verb ("gateway.create", "rule.update") and @p subject the thing's name, for the audit
/// log. @p then gets every fault with its JSON path, or success.
void editConfiguration(Console &console, QObject *context, const QString &action, const QString &subject,
                       std::function<void(core::Configuration &)> change,
                       std::function<void(Console::SaveAnswer)> then);

} // namespace gatehouse::app
