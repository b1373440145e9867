// SPDX-License-Identifier: GPL-3.0-or-later
//
// One paged search, page after page, into batches. The next page is asked for before the last one is handed over, so
// that the server works while we do. A server that refuses pages, or such large ones, is asked again in another way, and
// what it has sent before is not handed over twice. Private to the room; belongs to the session's thread.
#pragma once

#include "ldap/decode_p.h"
#include "ldap/wire_p.h"

#include <QSet>

#include <optional>

namespace gatehouse::ldap {

/// What searches of one session have learnt of the server's pages.
struct Paging {
    bool isRefused = false;
    int largest = 0; ///< page that the server allows; 0: not known
};

class PagedSearch {
public:
    /// @p pagingAnnounced: the rootDSE says that the server pages, so it is asked to refuse rather than to ignore it.
    PagedSearch(Connection &connection, const SearchRequest &request, const Deadlines &deadlines,
                bool pagingAnnounced, Paging &paging);

    [[nodiscard]] core::Result<SearchEnd> run(const PageSink &sink);
    /// The search continuations that came (RFC 4511 4.5.3), each a list of alternatives.
    const QList<QStringList> &continuations() const { return m_continuations; }
    /// Those that came beyond kMostContinuations, of which nothing is known but their number.
    qint64 unkeptContinuations() const { return m_unkeptContinuations; }
    /// The alternatives of a result that was a referral as a whole.
    const QStringList &referrals() const { return m_referrals; }

private:
    class ServersTime;
    [[nodiscard]] core::Result<int> requestPage();
    /// Whether the search may end well in smaller pages, or without: then it is begun anew in that way.
    [[nodiscard]] core::Result<bool> beginAnew(const SearchDone &done);
    int otherPageSize(const SearchDone &done) const;
    void remember(QByteArrayView dn);
    std::chrono::milliseconds timeLeft() const;
    /// Reads one page to its end; nothing when the sink or the limit ended it early.
    [[nodiscard]] core::Result<std::optional<SearchDone>> readPage(int id, const PageSink &sink);
    [[nodiscard]] core::Result<bool> takeEntry(LDAPMessage *message);
    [[nodiscard]] core::Result<void> completeRanges();
    [[nodiscard]] core::Result<void> noteCookie(const QByteArray &cookie);
    [[nodiscard]] core::Error faultOf(const SearchDone &done) const;
    bool deliver(const PageSink &sink);
    bool limitReached() const { return m_request.limit > 0 && m_taken >= m_request.limit; }

    /// An entry of which values are still to be read.
    struct Part {
        core::Entry entry;
        std::vector<EntryDecoder::Remainder> remainders;
    };

    Connection &m_connection;
    const SearchRequest &m_request;
    const Deadlines &m_deadlines;
    Paging &m_paging;
    SearchMessage m_message;
    EntryDecoder m_decoder;
    core::EntryBatch m_batch;
    qsizetype m_batchOctets = 0;
    std::vector<Part> m_parts;
    QList<QStringList> m_continuations;
    qint64 m_unkeptContinuations = 0;
    QStringList m_referrals;
    QSet<QByteArray> m_pagesSeen; ///< fingerprints of cookie and first entry
    QByteArray m_pageFirstDn;
    std::vector<size_t> m_known;  ///< hashes of the DNs that were taken while the search may still begin anew
    QSet<size_t> m_takenBefore;   ///< the same, of the ways before
    int m_refusedSize = 0;        ///< page size that the server did not take
    std::chrono::milliseconds m_spent{0}; ///< by waiting for the server
    qint64 m_taken = 0;
    qint64 m_pageEntries = 0;
    bool m_stoppedBySink = false;
    bool m_leftOut = false; ///< the server sent entries over the limit
    SearchEnd m_end;
};

} // namespace gatehouse::ldap
