// SPDX-License-Identifier: GPL-3.0-or-later
//
// A search as a whole: at the server that was asked and, where referrals are followed, at those that it refers to (RFC
// 4511 4.1.10, 4.5.3). The account's password goes to trusted servers only. What was not read is named, with the reason;
// references to Active Directory's own partitions are left out here, for everybody. One per search; belongs to the
// session's thread.
#pragma once

#include "ldap/referral_p.h"
#include "ldap/session.h"

#include <QHash>
#include <QSet>

namespace gatehouse::ldap {

class ReferredSearch {
public:
    explicit ReferredSearch(const Deadlines &deadlines) : m_left(deadlines.referrals) {}

    [[nodiscard]] core::Result<SearchEnd> run(Session::Private &here, const SearchRequest &request, const PageSink &sink);

private:
    /// A failed one is Code::Cancelled, or its detail is why the place was not read.
    [[nodiscard]] core::Result<SearchEnd> search(Session::Private &here, const SearchRequest &request, const PageSink &sink,
                                                 int hopsLeft);
    [[nodiscard]] core::Result<SearchEnd> follow(Session::Private &here, const QStringList &uris, const SearchRequest &request,
                                                 const PageSink &sink, int hopsLeft);
    [[nodiscard]] core::Result<SearchEnd> followOne(Session::Private &here, const QString &uri, const SearchRequest &request,
                                                    const PageSink &sink, int hopsLeft);
    /// Opens a session to a trusted server.
    [[nodiscard]] core::Result<void> open(Session &other, const Session::Private &here, const Target &target);
    /// What is at a server that is not trusted: connects and sends nothing.
    [[nodiscard]] QString whatIsAt(const Session::Private &here, const Target &target);
    /// @p target with no more time for reaching it than is left for all.
    Target hurried(const Target &target) const;

    QSet<QString> m_visited;
    QHash<QString, QString> m_reasons; ///< of servers that were tried already
    std::chrono::milliseconds m_left;  ///< for reaching other servers
};

} // namespace gatehouse::ldap
