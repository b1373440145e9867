// SPDX-License-Identifier: GPL-3.0-or-later
//
// Search continuations and referrals (RFC 4511 4.1.10, 4.5.3): where an LDAP URL (RFC 4516) leads, and with what
// security. Pure functions. The way to the other server is never less secure than the way to the first.
#pragma once

#include "core/result.h"
#include "ldap/session.h"

namespace gatehouse::ldap {

/// What a continuation asks for: the other server and the search there.
struct Continuation {
    Target target;
    SearchRequest request;
    bool isTrusted = false; ///< the origin's account may bind there
    /// Server and base, to know one that was followed already.
    QString key() const;
};

/// @p uri seen from a search of @p request at @p origin. Missing parts of the URL are those of the search; a trusted
/// server is reached by the port that is listed for it where the URL names none of its own.
[[nodiscard]] core::Result<Continuation> continuationOf(const QString &uri, const Target &origin,
                                                        const SearchRequest &request);
/// Whether the URL names one of Active Directory's own partitions (DNS zones, configuration), which every search from
/// a domain's root is referred to, and which hold no people (MS-ADTS 3.1.1.1.5).
bool leadsToSystemPartition(const QString &uri);

} // namespace gatehouse::ldap
