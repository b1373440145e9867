// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which object is meant, on either side: a user, a group or a device of the identity directory by its UUID, an entry of
// an LDAP directory by its immutable id. Never a table's row: an object is the same one in a plan file, in the journal
// and after it was deleted and made again. Pure values, any thread.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QUuid>

namespace gatehouse::core {

/// The numbers are stored.
enum class ObjectKind : quint8 { User = 0, Group = 1, Membership = 2, Device = 3, Entry = 4 };
QString kindName(ObjectKind kind); ///< "user", "group", "membership", "device", "entry"

struct ObjectRef {
    ObjectKind kind = ObjectKind::User;
    QByteArray id;   ///< octets of a UUID or of an immutable LDAP id; empty: not known, or not there yet
    QByteArray name; ///< UTF-8: a username, a group's or device's name, an entry's DN as the directory wrote it

    QString text() const { return QString::fromUtf8(name); }
    /// Null where the id is no UUID.
    QUuid uuid() const { return id.size() == 16 ? QUuid::fromRfc4122(id) : QUuid(); }
    bool operator==(const ObjectRef &) const = default;
};

/// An id as a person reads it: a UUID where it is 16 octets, else hex.
QString displayId(const QByteArray &id);

/// An entry as {dn, id}, a user as {id, username}, everything else as {id, name}; what is not known is null.
QJsonObject toJson(const ObjectRef &object);

} // namespace gatehouse::core
