// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a sign-on makes of an entry, a user and their groups, before anything is written: the part of an attempt that needs
// neither a directory nor a password. Attempts go this way, and so do previews of a user type that is being edited, so that
// a preview is never a second opinion. Reads the environment in its thread; writes nothing.
#pragma once

#include "core/config/forward.h"
#include "core/identity.h"
#include "core/plan/step.h"
#include "core/signonmapping.h"
#include "signon/lookup.h"
#include "signon/nestedgroups.h"
#include "store/environment.h"
#include "store/signons.h"

#include <QHash>

#include <optional>

namespace gatehouse::signon {

/// What is to become of the user.
struct Intent {
    bool creates = false;
    bool updates = false;
    bool readThrough = false; ///< the directory checks the password, and no record is made
};
/// @p known: there is a user already. @p found: the entry was looked at.
Intent intentOf(const core::UserType &userType, bool known, bool found);

/// Whose entry it is: the user that it is linked to through @p gateway, if any.
[[nodiscard]] core::Result<std::optional<core::User>> linkedUser(store::Environment &environment, const core::Gateway &gateway,
                                                                 const QByteArray &sourceId);
/// Why @p user cannot sign on through @p gateway; empty: no reason is known.
QString foreignReason(const core::User &user, const core::Gateway &gateway);

/// Why @p user may not sign on at all; empty: they may.
QString disabledReason(const core::User &user, const core::AttributeCatalog &catalog);

/// What a sign-on has come to know.
struct Ground {
    const core::Gateway &gateway;
    const core::UserType &userType;
    const FoundEntry *found = nullptr; ///< nullptr: the directory was not asked
    const core::User *user = nullptr;  ///< as stored; nullptr: there is none yet
    qint64 population = 0; ///< row of the user type's population; 0: there is none of that name
    QStringList kept = {}; ///< targets that are not blanked, see sight.h
};

struct Prospect {
    store::SignOn record; ///< as it would be recorded, without time, password and audit
    QList<core::AttributeChange> attributes; ///< every mapped one, changed or not
    std::optional<QList<store::GroupChange>> groups; ///< nothing: memberships stay
    QHash<QString, QStringList> groupPaths; ///< of nested groups: name -> names from the user's own group on
    QList<core::Problem> problems; ///< what stands in the way
};

/// @p mapping: nullptr where the user type has none. @p nested: groups through groups, where they were read.
/// Errors are those of the environment.
[[nodiscard]] core::Result<Prospect> prospectOf(store::Environment &environment, const Ground &ground,
                                                const core::SignOnMapping *mapping, const NestedGroups *nested);

} // namespace gatehouse::signon
