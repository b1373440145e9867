// SPDX-License-Identifier: GPL-3.0-or-later
//
// Before a sign-on takes a value or all groups away: whether the directory has none, or the account that reads has lost the
// right to see them. A server answers both alike. So what would be lost is kept until the same account is seen to read the
// attribute of another linked person. Blocks on the session; reads the environment in its thread; writes nothing.
#pragma once

#include "core/config/forward.h"
#include "core/identity.h"
#include "core/schema.h"
#include "core/signonmapping.h"
#include "ldap/session.h"
#include "signon/lookup.h"
#include "store/environment.h"

#include <QStringList>

#include <memory>

namespace gatehouse::signon {

/// The targets of @p mapping that @p found would blank of @p user ("externalGroupNames" where it would end every
/// membership) and whose LDAP attributes the account is seen to read of nobody. Errors are those of the environment and of
/// the directory. @p schema: for the names that the mapping uses; nullptr when it is not known.
[[nodiscard]] core::Result<QStringList> targetsOutOfSight(store::Environment &environment, ldap::Session &session,
                                                          const core::Gateway &gateway, const core::UserType &userType,
                                                          const core::SignOnMapping &mapping, const core::User &user,
                                                          const FoundEntry &found,
                                                          const std::shared_ptr<const core::Schema> &schema);

} // namespace gatehouse::signon
