// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/userwriter.h"

namespace gatehouse::store {

using core::Problem;
using core::ProblemCode;
using core::Result;

Problem UserWriter::clash(const QString &username)
{
    return {QStringLiteral("username"), ProblemCode::UniquenessViolation,
            QStringLiteral("another user has the username \"%1\"").arg(username)};
}

Outcome UserWriter::usernameTaken(qint64 row, const QString &username, QByteArrayView key, QByteArrayView own)
{
    if (m_indexed || key == own)
        return std::nullopt; // the index will say
    if (m_bulk)
        return m_bulk->usernames.contains(key) ? Outcome(clash(username)) : Outcome(std::nullopt);
    // Another process is loading many users: without the index the whole table is looked through.
    Statement look = m_database.prepare("SELECT row FROM users WHERE username_key = ?1");
    const auto found = look.bindUtf8(1, key).step();
    if (!found)
        return core::fail(found.error());
    if (*found && look.integer(0) != row)
        return clash(username);
    return std::nullopt;
}

Result<QByteArray> UserWriter::usernameKeyOf(qint64 row)
{
    Statement look = m_database.prepare("SELECT username_key FROM users WHERE row = ?1");
    const auto found = look.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    return *found ? look.utf8(0).toByteArray() : QByteArray();
}

Result<void> UserWriter::setUsernameAside(qint64 row)
{
    if (m_bulk) {
        const auto key = usernameKeyOf(row);
        if (!key)
            return core::fail(key.error());
        m_bulk->usernames.remove(*key);
    }
    // No username's key has a control character.
    const QByteArray nobodys = '\x01' + QByteArray::number(row);
    return m_database.prepare("UPDATE users SET username_key = ?1 WHERE row = ?2").bindUtf8(1, nobodys).bind(2, row).run();
}

} // namespace gatehouse::store
