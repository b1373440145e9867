// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QListView;

namespace gatehouse::ui {

/// What is chosen in @p list, by app::IdRole, stays chosen when its model is read again; where it is no longer there,
/// nothing is. A view alone forgets its current row then, and a wizard what was chosen steps before. After setModel().
void keepChoice(QListView &list);

} // namespace gatehouse::ui
