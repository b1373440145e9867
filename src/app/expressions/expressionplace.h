// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands at the cursor of an expression: the name that is being typed and what could complete it, and the call
// whose arguments are being written. Reads tokens only, so it works in a text that does not parse yet. Pure functions,
// any thread.
#pragma once

#include "app/expressions/attributecompletion.h"
#include "core/expr/library.h"

#include <optional>

namespace gatehouse::app {

struct ExpressionPlace {
    enum class Kind {
        Nothing,  ///< inside a text or a number: nothing is offered
        Name,     ///< an attribute, or the beginning of anything
        Library,  ///< after #
        Function, ///< after #library.
        Operator, ///< behind a value: what can follow it
    };
    Kind kind = Kind::Nothing;
    int start = 0;   ///< of what a completion replaces
    int length = 0;
    QString typed;   ///< from start to the cursor
    QString library; ///< of Function
    bool inList = false; ///< of Operator: between braces or the parentheses of a call, where a comma can follow
};
ExpressionPlace placeAt(const QString &text, int cursor);

/// The innermost call around the cursor.
struct CallAt {
    const core::expr::FunctionDescription *function = nullptr;
    int argument = 0; ///< index of the argument at the cursor
};
std::optional<CallAt> callAt(const QString &text, int cursor);
/// The parameter that argument @p argument stands for, with repeated ones counted; -1 when there are too many.
int parameterOf(const core::expr::FunctionDescription &function, int argument);

/// All functions: name "#string.join", detail "(list, separator) → a text".
QList<CompletionItem> functionItems();
/// "#string" …, and #root and #this.
QList<CompletionItem> libraryItems();
/// What can follow a value: operators, and the comma where one fits.
QList<CompletionItem> operatorItems(bool inList);

/// What is to be offered at @p place, best first, given the @p attributes that there are.
QList<CompletionItem> completionsAt(const ExpressionPlace &place, const QList<CompletionItem> &attributes);

} // namespace gatehouse::app
