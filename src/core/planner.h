// SPDX-License-Identifier: GPL-3.0-or-later
//
// The decision for one person: given what the mapping made of the entry and the user it belongs to, if any, which step
// leads there. Pure: no look-up, no clock. Planning and applying share it, so a preview is never a second opinion.
#pragma once

#include "core/config.h"
#include "core/mapping.h"
#include "core/plan.h"

namespace gatehouse::core {

/// An entry as the reader delivers it to the decision.
struct SourcePerson {
    QByteArray id;
    QByteArray dn;
    quint64 fingerprint = 0;
    MappedEntry mapped;
    bool active = true; ///< what the directory says of the account
};

/// The user that an entry belongs to.
struct TargetUser {
    const User *user = nullptr;
    bool linked = false;        ///< by link; false: matched by username, the link is to be made
    bool deprovisioned = false; ///< was disabled because the person had left
    bool inactive = false;      ///< was disabled by a rule because the source says that the account is inactive
};

struct Decision {
    PlanStep step;           ///< Action::None: nothing to do but remember the fingerprint
    bool notAllowed = false; ///< the connection's preferences forbid what would be needed
};

/// Whether a row writes at all: @p user is nullptr for somebody new, @p before what the user has.
bool isWritten(MappingWhen when, const User *user, const Value &before);

/// A person who is in scope. Without @p target.user the user would be created; the caller gives the new id.
Decision decide(const SourcePerson &person, const TargetUser &target, const Mapping &mapping,
                const Connection &preferences);

/// A person who has left the scope.
Decision decideGone(const QByteArray &id, const QByteArray &lastDn, const User &user, const AttributeCatalog &catalog,
                    const Connection &preferences);

} // namespace gatehouse::core
