// SPDX-License-Identifier: GPL-3.0-or-later
//
// The desktop's keychain. QtKeychain keeps one queue of jobs for the process, which lives in the thread that made
// the first job; so all jobs are made in one thread of their own, which lives as long as the program. Functions may
// be called from any thread but the GUI's; they block until the answer or the deadline.
#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "core/secret.h"

#include <QString>

#include <chrono>

namespace gatehouse::gateway {

/// Long enough for a person to unlock the keychain.
inline constexpr std::chrono::milliseconds kKeychainDeadline{30'000};

[[nodiscard]] core::Result<core::Secret> readKeychain(const QString &key, std::chrono::milliseconds allowed,
                                                      const core::CancelToken &cancel);
[[nodiscard]] core::Result<void> writeKeychain(const QString &key, const core::Secret &secret,
                                               std::chrono::milliseconds allowed);

} // namespace gatehouse::gateway
