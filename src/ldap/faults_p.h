// SPDX-License-Identifier: GPL-3.0-or-later
//
// From LDAP result codes (RFC 4511 appendix A, and libldap's own below zero) to the program's codes. Pure functions.
#pragma once

#include "core/error.h"

namespace gatehouse::ldap {

core::Code codeOf(int rc);
/// The code's name as the RFC writes it, e.g. "noSuchObject"; the number when it has none.
QString resultName(int rc);
/// The error for result @p rc at @p place; @p says is the server's own text.
core::Error faultOf(int rc, const QString &what, const QString &says, const QString &place);

} // namespace gatehouse::ldap
