// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values of link attributes (objectGUID, objectSid, sAMAccountName …) between the octets of the directory and the text
// that people see and that is stored with a user. Pure functions, any thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <optional>

namespace gatehouse::ldap {

/// objectGUID as "c338caf3-6964-…" (MS-DTYP 2.3.4.3), objectSid as "S-1-5-…" (MS-DTYP 2.4.2.1), other binary attributes
/// in base64, the rest as it is. Empty when the octets are none of that.
QString linkText(QByteArrayView attribute, QByteArrayView value);
/// The reverse, for a filter; nothing when @p text cannot be a value of @p attribute.
std::optional<QByteArray> linkOctets(QByteArrayView attribute, const QString &text);

} // namespace gatehouse::ldap
