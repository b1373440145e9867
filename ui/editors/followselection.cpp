// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/followselection.h"

#include "ui/widgets/editing.h"
#include "ui/widgets/listpane.h"

#include <QVariant>

namespace gatehouse::ui {

void followSelection(ListPane *list, Editing *editing, const QString &current, const QString &wanted,
                     const std::function<void()> &follow)
{
    if (editing->isActive() && (wanted == current || (wanted.isEmpty() && editing->isChanged())))
        return;
    if (editing->isActive() && editing->isChanged()) {
        list->select(QString(current));
        editing->leave([list, wanted] { list->select(QString(wanted)); });
        return;
    }
    editing->leave(follow);
}

} // namespace gatehouse::ui
