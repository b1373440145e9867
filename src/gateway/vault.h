// SPDX-License-Identifier: GPL-3.0-or-later
//
// Turns a secret reference into the secret: from the desktop's keychain (QtKeychain), an environment variable or a
// file that nobody else may read. The keychain knows a secret by its gateway's id, so renaming a gateway moves nothing
// and gateways of one name in two environments do not meet. Every function blocks for at most the keychain's deadline
// a secret; never on the GUI thread.
#pragma once

#include "core/cancel.h"
#include "core/config/forward.h"
#include "core/result.h"
#include "core/secret.h"

#include <QDateTime>
#include <QString>

namespace gatehouse::gateway {

/// Whose secret it is.
struct SecretOwner {
    QString key;  ///< what the keychain knows it by
    QString name; ///< what texts of errors call it: "gateway Head office"
    bool operator==(const SecretOwner &other) const { return key == other.key; }
};

/// Of an LDAP gateway's bind password.
SecretOwner ownerOf(const core::Gateway &gateway);
/// Of the password of the account by which tickets are read.
SecretOwner ownerOfServiceAccount(const core::Gateway &gateway);
/// Of what RADIUS clients without a secret of their own share with the gateway.
SecretOwner ownerOfDefaultSecret(const core::Gateway &gateway);
/// Of what the client with this address shares with it.
SecretOwner ownerOfClientSecret(const core::Gateway &gateway, const QString &ip);

/// Whose secrets the keychain is said to hold for @p gateway, retained ones too.
QList<SecretOwner> keptInKeychain(const core::Gateway &gateway);
/// Whose secrets it holds no longer when @p after takes the place of @p before: to be forgotten.
QList<SecretOwner> noLongerKept(const core::Configuration &before, const core::Configuration &after);

/// An absent reference gives an empty secret. One line break at a file's end is not part of the secret, nor is a byte order
/// mark before it.
/// Errors: NotFound (no such variable, file, key), Denied (file readable by group or others: says which chmod),
/// Unreachable (no keychain is running), Timeout, Cancelled.
[[nodiscard]] core::Result<core::Secret> readSecret(const core::SecretReference &reference, const SecretOwner &owner,
                                                    const core::CancelToken &cancel = {});
/// The same, and after it those that were its predecessors and are still retained, the latest first. Only the keychain
/// retains any. Nothing for an absent reference.
[[nodiscard]] core::Result<QList<core::Secret>> readSecretAndRetained(const core::SecretReference &reference,
                                                                      const SecretOwner &owner,
                                                                      const core::CancelToken &cancel = {});

/// Stores in the keychain; for the console's password field.
[[nodiscard]] core::Result<void> storeInKeychain(const SecretOwner &owner, const core::Secret &secret);
/// The same, and keeps the one before beside it for @p minutes from @p now on; what was retained for long enough goes,
/// and no more than kMostRetained stay. With 0 minutes all of them go. Storing the same secret again retains nothing.
[[nodiscard]] core::Result<void> replaceInKeychain(const SecretOwner &owner, const core::Secret &secret, int minutes,
                                                   const QDateTime &now = QDateTime::currentDateTimeUtc());
/// Removes it from the keychain; that it was not there is well, too.
[[nodiscard]] core::Result<void> forgetInKeychain(const SecretOwner &owner);

/// Previous passwords of a service account that are kept.
inline constexpr qsizetype kMostRetained = 5;

} // namespace gatehouse::gateway
