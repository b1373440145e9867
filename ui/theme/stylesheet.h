// SPDX-License-Identifier: GPL-3.0-or-later
//
// The application's style sheet, made from the colours: margins, borders and focus of the standard controls. What a
// control of our own paints itself is not here. Controls choose a form by the dynamic property "form":
//   QPushButton, QToolButton: "primary", "danger", "flat"; QFrame: "card", "note-warning", "note-bad", "note-good";
//   QWidget: "pane" and "navigation" grounds are set by palette roles, not here.
#pragma once

#include <QString>

namespace gatehouse::ui {

struct Colors;
QString styleSheet(const Colors &colors);

} // namespace gatehouse::ui
