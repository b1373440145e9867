// SPDX-License-Identifier: GPL-3.0-or-later
//
// A list's selection moves while the form of the selected thing is open: whether to follow it.
#pragma once

#include <QString>

#include <functional>

namespace gatehouse::ui {

class Editing;
class ListPane;

/// To be called when @p list says that @p wanted is selected while @p current is shown. Calls @p follow at once or,
/// with unsaved changes, after they were saved or given up; until then the list goes back to @p current. An empty
/// @p wanted (the row was filtered away, or is gone) never closes a form.
void followSelection(ListPane *list, Editing *editing, const QString &current, const QString &wanted,
                     const std::function<void()> &follow);

} // namespace gatehouse::ui
