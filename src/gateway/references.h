// SPDX-License-Identifier: GPL-3.0-or-later
//
// What to say where a directory refers to places that were not read: the same for rules, tests and sign-ons. Pure functions.
#pragma once

#include "core/error.h"
#include "ldap/session.h"

namespace gatehouse::gateway {

/// "URL (reason); URL (reason); and 3 more".
QString missedText(const ldap::SearchEnd &end);
/// How to see what was missed. *Follow LDAP Referrals* is advised only where it would be followed: to the gateway's own
/// servers.
QString missedRemedy(const ldap::SearchEnd &end);
/// The error of a read below @p base that had to be whole, and has referrals.
core::Error missedError(const ldap::SearchEnd &end, const QString &base);

} // namespace gatehouse::gateway
