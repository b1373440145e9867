// SPDX-License-Identifier: GPL-3.0-or-later
//
// Turns a secret reference into the secret: from the desktop's keychain (QtKeychain), an environment variable or a
// file that nobody else may read. Blocks for at most the keychain's deadline; never on the GUI thread.
#pragma once

#include "core/cancel.h"
#include "core/config.h"
#include "core/result.h"
#include "core/secret.h"

#include <QString>

namespace gatehouse::gateway {

/// @p owner names whose secret it is ("gateway Head office"): the keychain's key and part of error texts. An absent
/// reference gives an empty secret. One line break at a file's end is not part of the secret.
/// Errors: NotFound (no such variable, file, key), Denied (file readable by group or others: says which chmod),
/// Unreachable (no keychain is running), Timeout, Cancelled.
[[nodiscard]] core::Result<core::Secret> readSecret(const core::SecretReference &reference, const QString &owner,
                                                    const core::CancelToken &cancel = {});
/// Stores in the keychain; for the console's password field.
[[nodiscard]] core::Result<void> storeInKeychain(const QString &owner, const core::Secret &secret);

/// The @p owner of a gateway's bind password.
QString ownerOf(const core::Gateway &gateway);

} // namespace gatehouse::gateway
