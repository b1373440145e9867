// SPDX-License-Identifier: GPL-3.0-or-later
//
// The decision for one person: given what the mapping made of the entry and the user it belongs to, if any, which step
// leads there. Pure: no look-up, no clock. Planning and applying share it, so a preview is never a second opinion.
#pragma once

#include "core/config/forward.h"
#include "core/identity.h"
#include "core/mapping.h"
#include "core/plan/step.h"

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
    LinkState link = {}; ///< of entry and user; empty: matched by username, or nobody's yet

    bool isLinked() const { return user && link.exists(); }
};

/// What all decisions of one rule about people in its scope go by.
struct Terms {
    const Mapping &mapping;
    const Connection &preferences;
    QUuid gateway = {};
    QUuid rule = {};
    Frame frame = {}; ///< of new users; newly linked ones take the authority, where there is one
};

struct Decision {
    Step step;               ///< Action::None: nothing to do but remember the fingerprint
    bool notAllowed = false; ///< the connection's preferences forbid what would be needed
};

/// Whether a row writes at all: @p user is nullptr for somebody new, @p before what the user has.
bool isWritten(MappingWhen when, const User *user, const Value &before);

/// A person who is in scope. Without @p target.user the user would be created; the caller gives the new id.
Decision decide(const SourcePerson &person, const TargetUser &target, const Terms &terms);

/// A person who has left the scope of the rule that @p link, of @p gateway, names.
Decision decideGone(const QUuid &gateway, const LinkState &link, const User &user, const AttributeCatalog &catalog,
                    const Connection &preferences);

} // namespace gatehouse::core
