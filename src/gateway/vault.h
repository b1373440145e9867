// SPDX-License-Identifier: GPL-3.0-or-later
//
// Turns a secret reference into the secret: from the desktop's keychain (QtKeychain), an environment variable or a
// file that nobody else may read. Blocks for at most the deadline; never on the GUI thread.
#pragma once

#include "core/config.h"
#include "core/result.h"
#include "core/secret.h"

#include <QString>

namespace gatehouse::gateway {

/// @p owner names whose secret it is ("gateway Head office"): the keychain's key and part of error texts.
/// Errors: NotFound (no such variable, file, key), Denied (file readable by group or others: says which chmod),
/// Unreachable (no keychain is running), Timeout.
[[nodiscard]] core::Result<core::Secret> readSecret(const core::SecretReference &reference, const QString &owner);
/// Stores in the keychain; for the console's password field.
[[nodiscard]] core::Result<void> storeInKeychain(const QString &owner, const core::Secret &secret);

} // namespace gatehouse::gateway
