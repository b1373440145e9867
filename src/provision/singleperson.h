// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds out how to read exactly one person of a rule: by the immutable id where the person is linked already, so that
// a rename or a move is not taken for absence; else by DN or by the attribute that the username comes from.
#pragma once

#include "core/result.h"
#include "provision/directoryreader.h"
#include "provision/rulecontext.h"

namespace gatehouse::provision {

struct FoundPerson {
    SinglePerson read;
    qint64 linkedRow = 0; ///< the linked user, 0: not linked
};

/// @p key: a username, a user's id or an entry's DN. Errors: NotFound (a DN outside of what the rule reads),
/// InvalidInput (a username that the rule does not map from an attribute).
[[nodiscard]] core::Result<FoundPerson> findSinglePerson(store::Environment &environment, const RuleContext &context,
                                                         const QString &key);

} // namespace gatehouse::provision
