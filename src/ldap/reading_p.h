// SPDX-License-Identifier: GPL-3.0-or-later
//
// Single entries through a channel, whole: attributes that come in ranges are read to their end. Private to the room;
// waits, so never in the connection's thread.
#pragma once

#include "ldap/session.h"

namespace gatehouse::ldap {

/// One entry with all attributes that come back for @p attributes, ranges completed. NotFound when there is none.
[[nodiscard]] core::Result<core::Entry> readEntry(Channel &channel, const QString &place, const QByteArray &dn,
                                                  const QList<QByteArray> &attributes, const QByteArray &filter,
                                                  const Deadlines &deadlines);
/// The values of @p attribute of entry @p dn from number @p next on, to the last (MS-ADTS 3.1.1.3.1.3.3).
[[nodiscard]] core::Result<QList<QByteArray>> readRange(Channel &channel, const QString &place, const QByteArray &dn,
                                                        const QByteArray &attribute, qint64 next,
                                                        const Deadlines &deadlines);

} // namespace gatehouse::ldap
