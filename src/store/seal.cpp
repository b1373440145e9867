// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/seal.h"

#include "store/database.h"

#include <QMessageAuthenticationCode>

namespace gatehouse::store {

QByteArray Seal::of(QByteArrayView digest) const
{
    return QMessageAuthenticationCode::hash(digest.toByteArray(), key, QCryptographicHash::Sha256);
}

core::Result<Seal> sealOf(Database &database)
{
    Statement look = database.prepare("SELECT (SELECT value FROM meta WHERE key = 'environment'),"
                                      " (SELECT value FROM meta WHERE key = 'seal_key')");
    if (const auto row = look.step(); !row)
        return core::fail(row.error());
    Seal seal{QUuid::fromRfc4122(look.blob(0)), look.blob(1).toByteArray()};
    if (seal.environment.isNull() || seal.key.isEmpty())
        return core::fail(core::Code::Corrupt, QStringLiteral("the environment does not say which one it is"), {},
                          database.path());
    return seal;
}

} // namespace gatehouse::store
