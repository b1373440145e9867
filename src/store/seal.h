// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which environment this is, and a key that it alone has: files that it hands out and takes back (plans) are sealed
// with it, so that one that was changed, or made by another environment, is known. Never printed.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QUuid>

namespace gatehouse::store {

class Database;

struct Seal {
    QUuid environment;
    QByteArray key; ///< 32 octets

    /// HMAC-SHA256 of @p digest.
    QByteArray of(QByteArrayView digest) const;
};

[[nodiscard]] core::Result<Seal> sealOf(Database &database);

} // namespace gatehouse::store
