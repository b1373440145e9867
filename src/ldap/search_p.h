// SPDX-License-Identifier: GPL-3.0-or-later
//
// One paged search, page after page, into batches. The connection's thread reads the pages and asks for the next by
// itself, a few ahead of whoever takes them, so that the server never waits for us and we never outgrow memory. A
// server that refuses pages, or such large ones, is asked again in another way, and what it has sent before is not
// handed over twice. Private to the room.
#pragma once

#include "ldap/decode_p.h"
#include "ldap/session.h"

#include <QSet>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace gatehouse::ldap {

/// What searches of one session have learnt of the server's pages.
struct Paging {
    bool isRefused = false;
    int largest = 0; ///< page that the server allows; 0: not known
};

/// The half in the connection's thread: takes entries and results, asks for the next page. What the other half changes
/// (`cookie`, `pageSize`, what was taken before) it changes while no page is under way.
class PageReader : public Sink, public std::enable_shared_from_this<PageReader> {
public:
    PageReader(Channel &channel, SearchRequest request, const Deadlines &deadlines, bool pagingAnnounced, int pageSize);

    /// An entry of which values are still to be read.
    struct Part {
        core::Entry entry;
        std::vector<EntryDecoder::Remainder> remainders;
    };
    /// A page, or a part of one that is long.
    struct Piece {
        core::EntryBatch batch;
        std::vector<Part> parts = {};
        bool isEnd = false;                    ///< of the page
        bool isLast = false;                   ///< no other page follows
        bool isEnough = false;                 ///< the limit ended it
        std::optional<core::Error> fault = {}; ///< no result came
        Answer answer = {};
        QByteArray cookie = {};
        QByteArray firstDn = {};
        qint64 entries = 0; ///< of the page
    };

    // The session's thread.
    void requestPage();
    Piece next();
    void stop();
    /// After a page that failed.
    void beginAnew(int pageSize);
    int pageSize() const { return m_pageSize; }
    bool isFirstPage() const { return m_cookie.isEmpty(); }
    qint64 taken() const { return m_taken; }
    /// Whether it is known of all that were taken, so that none is handed over twice in another way.
    bool remembersAll() const;
    bool hasLeftOut() const { return m_leftOut; }
    std::chrono::milliseconds timeLeft() const;
    void spend(std::chrono::milliseconds time) { m_spent = m_spent.load() + time.count(); }
    /// The search continuations that came (RFC 4511 4.5.3), each a list of alternatives.
    const QList<QStringList> &continuations() const { return m_continuations; }
    qint64 unkeptContinuations() const { return m_unkeptContinuations; }

    // The connection's thread.
    bool take(const ReceivedEntry &entry) override;
    bool take(const ReceivedReference &reference) override;
    bool take(const Intermediate &) override { return true; }
    void ended(const Outcome &outcome) override;
    bool isFull() const override { return m_ready >= kMostAhead; }
    bool wantsEntryControls() const override { return false; }

private:
    /// Pieces that wait for being taken; a page is asked for while there are fewer.
    static constexpr int kMostAhead = 2;
    void ask(); ///< for the page at the cookie; under the lock
    void push(Piece &&piece);
    Piece cut();
    void remember(QByteArrayView dn);
    bool isLimitReached() const { return m_request.limit > 0 && m_taken >= m_request.limit; }

    Channel &m_channel;
    const SearchRequest m_request;
    const Deadlines m_deadlines;
    const bool m_pagingAnnounced;
    SearchOperation m_search;
    int m_pageSize = 0;
    QByteArray m_cookie;

    EntryDecoder m_decoder;
    core::EntryBatch m_batch;
    qsizetype m_batchOctets = 0;
    std::vector<Part> m_parts;
    QList<QStringList> m_continuations;
    qint64 m_unkeptContinuations = 0;
    QByteArray m_pageFirstDn;
    qint64 m_pageEntries = 0;
    std::vector<size_t> m_known; ///< hashes of the DNs that were taken while the search may still begin anew
    QSet<size_t> m_takenBefore;  ///< the same, of the ways before
    std::atomic<qint64> m_taken{0};
    bool m_leftOut = false; ///< the server sent entries over the limit
    bool m_isEnough = false;
    std::optional<QString> m_malformed; ///< DN of an entry that cannot be read
    std::chrono::steady_clock::time_point m_asked;
    std::atomic<qint64> m_spent{0}; ///< ms of waiting for the server

    std::mutex m_mutex;
    std::condition_variable m_there;
    std::deque<Piece> m_pieces;
    std::atomic<int> m_ready{0};
    bool m_isStopped = false;
    bool m_wantsNext = false; ///< the next page is asked for when a piece is taken
    Channel::Id m_id = 0;     ///< of the page that is under way
};

/// The half in the session's thread: hands the pages over in order, and decides what a bad end means.
class PagedSearch {
public:
    /// @p pagingAnnounced: the rootDSE says that the server pages, so it is asked to refuse rather than to ignore it.
    PagedSearch(Channel &channel, const QString &place, std::function<bool()> isCancelled, const SearchRequest &request,
                const Deadlines &deadlines, bool pagingAnnounced, Paging &paging);
    /// Ends the page that is under way.
    ~PagedSearch();
    PagedSearch(const PagedSearch &) = delete;
    PagedSearch &operator=(const PagedSearch &) = delete;

    [[nodiscard]] core::Result<SearchEnd> run(const PageSink &sink);
    const QList<QStringList> &continuations() const { return m_reader->continuations(); }
    /// Those that came beyond the number that is kept, of which nothing is known but their number.
    qint64 unkeptContinuations() const { return m_reader->unkeptContinuations(); }
    /// The alternatives of a result that was a referral as a whole.
    const QStringList &referrals() const { return m_referrals; }

private:
    /// Whether the search may end well in smaller pages, or without: then it is begun anew in that way.
    [[nodiscard]] core::Result<bool> beginAnew(PageReader::Piece &piece);
    int otherPageSize(const PageReader::Piece &piece) const;
    [[nodiscard]] core::Result<void> completeRanges(PageReader::Piece &piece);
    [[nodiscard]] core::Result<void> noteCookie(const PageReader::Piece &piece);
    [[nodiscard]] core::Error faultOf(const Answer &answer) const;
    bool deliver(PageReader::Piece &piece, const PageSink &sink);

    Channel &m_channel;
    const QString m_place;
    const std::function<bool()> m_isCancelled;
    const SearchRequest &m_request;
    const Deadlines &m_deadlines;
    Paging &m_paging;
    const std::shared_ptr<PageReader> m_reader;
    QStringList m_referrals;
    QSet<QByteArray> m_pagesSeen; ///< fingerprints of cookie and first entry
    int m_refusedSize = 0;        ///< page size that the server did not take
    SearchEnd m_end;
};

} // namespace gatehouse::ldap
