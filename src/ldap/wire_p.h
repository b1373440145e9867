// SPDX-License-Identifier: GPL-3.0-or-later
//
// Search operations on the wire: the request, its messages one by one, its result. Private to the room; belongs to
// the session's thread. Waiting is bounded by whoever calls (Watchdog::Wait).
#pragma once

#include "core/entry.h"
#include "core/result.h"
#include "ldap/connection_p.h"
#include "ldap/session.h"

#include <optional>

namespace gatehouse::ldap {

struct SearchMessage {
    QByteArray base;
    Scope scope = Scope::Base;
    QByteArray filter = "(objectClass=*)";
    QList<QByteArray> attributes; ///< empty: none at all ("1.1", RFC 4511 4.5.1.8)
    int pageSize = 0;             ///< 0: no paging control
    QByteArray cookie;            ///< of the page before
    bool pagingIsCritical = false;
    QList<RequestControl> controls = {};
};

/// SearchResultDone (RFC 4511 4.5.2) with its paging control (RFC 2696).
struct SearchDone {
    int rc = 0;
    QString says;         ///< diagnostic message
    QString matchedDn;
    QStringList referrals;
    std::optional<QByteArray> cookie; ///< absent: the server did not page
};

/// Sends the request; the message id.
[[nodiscard]] core::Result<int> sendSearch(Connection &connection, const SearchMessage &message);
/// The next message of operation @p id.
[[nodiscard]] core::Result<MessageHandle> nextMessage(Connection &connection, int id);
[[nodiscard]] core::Result<SearchDone> parseDone(Connection &connection, LDAPMessage *message);
/// The URIs of a SearchResultReference.
QStringList referenceUris(Connection &connection, LDAPMessage *message);

/// DN and undecoded attribute list of an entry; views into @p message.
struct RawEntry {
    QByteArrayView dn;
    QByteArrayView attributes;
};
[[nodiscard]] core::Result<RawEntry> rawEntry(Connection &connection, LDAPMessage *message);

/// The error for a result that is not success: what the server says, and where it refers to.
core::Error resultError(const Connection &connection, const SearchDone &done, const QString &what);

/// One entry with all attributes that come back for @p attributes, ranges completed. NotFound when there is none.
[[nodiscard]] core::Result<core::Entry> readEntry(Connection &connection, const QByteArray &dn,
                                                  const QList<QByteArray> &attributes, const QByteArray &filter,
                                                  const Deadlines &deadlines);
/// The values of @p attribute of entry @p dn from number @p next on, to the last (MS-ADTS 3.1.1.3.1.3.3).
[[nodiscard]] core::Result<QList<QByteArray>> readRange(Connection &connection, const QByteArray &dn,
                                                        const QByteArray &attribute, qint64 next,
                                                        const Deadlines &deadlines);

} // namespace gatehouse::ldap
