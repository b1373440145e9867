// SPDX-License-Identifier: GPL-3.0-or-later
//
// Before something is deleted: what goes with it, by name, and a box to tick where it cannot be taken back. Opened and
// never waited for.
#pragma once

#include <QString>
#include <QStringList>

#include <functional>

class QWidget;

namespace gatehouse::ui {

struct DeleteQuestion {
    QString title;
    QString text;
    QString dependentsTitle = {};
    QStringList dependents = {};
    QString confirmation = {}; ///< text of the box that must be ticked; empty: none
};

/// Asks over @p asker's window; @p then is called when Delete was pressed and the asker still lives.
void askDelete(QWidget *asker, const DeleteQuestion &question, std::function<void()> then);

} // namespace gatehouse::ui
