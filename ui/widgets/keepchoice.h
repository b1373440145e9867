// SPDX-License-Identifier: GPL-3.0-or-later
//
// A list's choice across a new reading of its model. In the window's thread.
#pragma once

class QListView;

namespace gatehouse::ui {

/// What is chosen in @p list, by app::IdRole, stays chosen when its model is read again; where it is no longer there,
/// nothing is. A view alone forgets its current row then, and a wizard what was chosen steps before. After setModel().
void keepChoice(QListView &list);

} // namespace gatehouse::ui
