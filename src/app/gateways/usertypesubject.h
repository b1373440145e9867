// SPDX-License-Identifier: GPL-3.0-or-later
//
// Those who sign on as a user type that is being edited, as its mapping is tried on them: found by what they would type,
// put into the filter as it stands, below the base as it stands; judged as their sign-on would go; counted by the filter
// for any user name. Pure functions; what they hand out runs in other threads.
#pragma once

#include "app/provisioning/trialsubject.h"

namespace gatehouse::app {

/// @p userType of @p gateway, as it is edited; its rows are not read. An error where base or filter are not whole yet, or
/// where it migrates nobody.
TrialSubjectOr userTypeSubject(const core::Configuration &configuration, const core::Gateway &gateway, const core::UserType &userType);

/// Everybody whom the user type's filter finds by some user name; nothing where no filter says that.
[[nodiscard]] core::Result<std::optional<provision::Scope>> migratableScope(const core::UserType &userType);

} // namespace gatehouse::app
