// SPDX-License-Identifier: GPL-3.0-or-later
//
// What somebody's bind and a change of password ask for and answer, as values; ldap::Session does both.
#pragma once

#include "core/secret.h"
#include "ldap/accountstate.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace gatehouse::ldap {

/// What a server said to the bind of somebody who signs on.
struct BindAnswer {
    AccountState state = AccountState::Refused;
    int rc = 0;         ///< LDAP result code
    QString diagnostic; ///< the server's words, with the result's name
    std::optional<PolicyAnswer> policy;
};

struct PasswordChange {
    QByteArray dn;
    /// Empty: the password is reset by an account that may. Else the server checks the old one.
    core::Secret oldPassword;
    core::Secret newPassword;
    /// By unicodePwd (MS-ADTS 3.1.1.3.1.5), which wants a secured connection; else by RFC 3062.
    bool activeDirectory = false;
};

} // namespace gatehouse::ldap
