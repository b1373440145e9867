// SPDX-License-Identifier: GPL-3.0-or-later
//
// Questions: a small dialog over its window, opened and never waited for; the answer comes to the callback while the
// asker lives. Enter takes the safe answer where harm is possible.
#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace gatehouse::ui {

struct Question {
    QString title;
    QString text;
    QString confirm;      ///< text of the button that does it
    QString other = {};   ///< text of a third button, for example "Discard"
    bool harmful = false; ///< the confirming button is red and not the default
};

enum class Reply { Cancel, Confirm, Other };

/// Asks @p asker's window; @p then is called with every answer, also with Cancel.
void ask(QWidget *asker, const Question &question, std::function<void(Reply)> then);

/// "Save changes?" before leaving a form: Save, Discard, Cancel.
void askUnsaved(QWidget *asker, const QString &what, std::function<void(Reply)> then);

} // namespace gatehouse::ui
