// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cuts an expression into tokens. Never stops at a fault: it reports it and goes on, so that the parser and the editor
// see the whole text. Pure function, any thread.
#pragma once

#include "core/expr/fault.h"
#include "core/expr/token.h"

#include <vector>

namespace gatehouse::core::expr {

struct Tokens {
    std::vector<Token> tokens; ///< the last one is End
    QList<Fault> faults;
};

Tokens tokenize(const QString &text);

/// The text between the quotes of a Text token, doubled quotes undone.
QString unquoted(QStringView token);
/// @p text in single quotes, as an expression writes it.
QString quoted(const QString &text);
/// True for a name that can stand after a dot: a letter or _, then letters, digits and _.
bool isPlainName(QStringView name);

} // namespace gatehouse::core::expr
