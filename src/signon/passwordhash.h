// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hashes of passwords that the identity directory checks itself: argon2id by libsodium, in its own text form with salt and
// cost ("$argon2id$v=19$…"). Each call takes some 50 ms and 64 MiB, on purpose. Any thread; keeps nothing.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QByteArray>

namespace gatehouse::signon {

[[nodiscard]] core::Result<QByteArray> hashPassword(const core::Secret &password);
bool isPassword(const QByteArray &hash, const core::Secret &password);
/// Whether the hash was made at another cost than is usual now.
bool isOutdated(const QByteArray &hash);

} // namespace gatehouse::signon
