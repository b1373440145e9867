// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether what an expression gives can be what its target holds, as far as that is known before any entry is seen.
// Pure, any thread.
#pragma once

#include "core/expr/expression.h"
#include "core/identity.h"
#include "core/ldapvalue.h"

#include <optional>

namespace gatehouse::core {

/// What will go wrong, or get lost, for every entry: a list for an attribute of one value, a text for one that is true
/// or false. Spans the whole expression; nothing where the kind of the result is not known or fits.
std::optional<expr::Fault> misfit(const expr::Expression &expression, const AttributeDefinition &target);
/// The same of a user type's row. A plain attribute fits.
std::optional<expr::Fault> misfit(const LdapValue &value, const AttributeDefinition &target);

} // namespace gatehouse::core
