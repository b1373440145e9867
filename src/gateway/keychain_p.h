// SPDX-License-Identifier: GPL-3.0-or-later
//
// The desktop's keychain. QtKeychain keeps one queue of jobs for the process, which lives in the thread that made
// the first job; so all jobs are made in one thread of their own, which lives as long as the program. Functions may
// be called from any thread but the GUI's; they block until the answer or the deadline.
#pragma once

#include "gateway/vault.h"

#include <chrono>

namespace gatehouse::gateway {

/// Long enough for a person to unlock the keychain.
inline constexpr std::chrono::milliseconds kKeychainDeadline{30'000};

[[nodiscard]] core::Result<core::Secret> readKeychain(const SecretOwner &owner, std::chrono::milliseconds allowed,
                                                      const core::CancelToken &cancel);
[[nodiscard]] core::Result<void> writeKeychain(const SecretOwner &owner, const core::Secret &secret,
                                               std::chrono::milliseconds allowed);
/// What is not there is erased already.
[[nodiscard]] core::Result<void> eraseKeychain(const SecretOwner &owner, std::chrono::milliseconds allowed);

/// Of the previous ones of a service account, beside the current one.
SecretOwner retainedOf(const SecretOwner &owner);

} // namespace gatehouse::gateway
