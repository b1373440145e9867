// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sentences for administrators about sign-ons: in reports and in the audit, never before the person who signs on. Pure
// functions.
#pragma once

#include "ldap/accountstate.h"
#include "signon/report.h"

#include <QString>

namespace gatehouse::signon {

/// "the account is disabled in the directory"; the directory's own words for states that it did not explain.
QString stateReason(ldap::AccountState state, const QString &diagnostic);
/// One line: gateway, user type, entry, and the reason or what was done.
QString auditDetail(const Report &report);

} // namespace gatehouse::signon
