// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a directory says of an account: in its answer to a bind (result code, Active Directory's sub-code, the password
// policy control) and in the account's own entry. Pure values and functions, any thread.
#pragma once

#include "core/entry.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>
#include <span>

namespace gatehouse::ldap {

enum class AccountState {
    Good,
    WrongPassword,      ///< or no such account: directories do not tell which
    UnknownAccount,     ///< Active Directory 525
    NotAtThisTime,      ///< 530, logon hours
    NotFromHere,        ///< 531, logon workstations
    PasswordExpired,    ///< 532, policy error 0
    Disabled,           ///< 533, nsAccountLock, ds-pwp-account-disabled
    AccountExpired,     ///< 701
    MustChangePassword, ///< 773, policy error 2
    Locked,             ///< 775, policy error 1
    Refused,            ///< by anything else; the directory's own words say what
};

/// Whether the directory has told that the password was right: only then may somebody be asked for a new one.
bool passwordWasRight(AccountState state);

/// draft-behera-ldap-password-policy 6.2.
struct PolicyAnswer {
    int error = -1;             ///< 0 passwordExpired, 1 accountLocked, 2 changeAfterReset, …; -1: none
    int secondsToExpiry = -1;   ///< -1: not said
    int graceSignOnsLeft = -1;  ///< -1: not said
};

/// What result @p rc of a bind means. @p diagnostic is the server's text ("… data 533, v1db1"); @p netscapeExpired: it
/// sent the control 2.16.840.1.113730.3.4.4.
AccountState accountStateOf(int rc, const QString &diagnostic, const std::optional<PolicyAnswer> &policy,
                            bool netscapeExpired);

/// The hexadecimal sub-code in Active Directory's text, in lower case ("533"); empty when there is none.
QString activeDirectorySubCode(const QString &diagnostic);

/// Attributes that the next function looks at, of every product: asking for those that a server does not know costs
/// nothing.
const QList<QByteArray> &accountStateAttributes();
/// What the entry alone tells, before any password: Good when it tells nothing. @p now decides about expiry.
AccountState accountStateOf(const core::Entry &entry, const QDateTime &now);

/// The one of these attributes that @p name is, compared without case; -1: none.
int accountStateAttribute(QByteArrayView name);
/// The same from values by the place of their attribute in accountStateAttributes(): for whoever has them at hand without
/// an Entry. A null view: the attribute is absent. @p now in milliseconds since 1970.
AccountState accountStateOf(std::span<const QByteArrayView> values, qint64 now);
/// Whether somebody in this state cannot sign on however right the password is: what the source attribute "active" and
/// the sign-on mean alike. Passwords that are old or to be changed do not count.
bool isInactive(AccountState state);

} // namespace gatehouse::ldap
