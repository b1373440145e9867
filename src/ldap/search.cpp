// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/search_p.h"

#include <QCryptographicHash>

#include <algorithm>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::Error;

/// A batch is handed over early when its values take so much memory (photos, huge groups), or when a server that
/// does not page sends on and on.
constexpr qsizetype kMaxBatchOctets = 16 << 20;
constexpr qsizetype kMaxBatchEntries = 5'000;
/// A limit that shows only after so many entries is not worked around: what was read is remembered until then.
constexpr qint64 kMostKnown = 100'000;
constexpr qsizetype kMostContinuations = 1'000;

} // namespace

/// A wait for the server. What the sink takes is not the server's time.
class PagedSearch::ServersTime {
public:
    explicit ServersTime(PagedSearch &search)
        : m_search(search), m_begun(Watchdog::Clock::now()),
          m_wait(search.m_connection.watchdog, search.m_deadlines.silence, search.timeLeft())
    {
    }
    ~ServersTime()
    {
        m_search.m_spent += std::chrono::duration_cast<std::chrono::milliseconds>(Watchdog::Clock::now() - m_begun);
    }
    ServersTime(const ServersTime &) = delete;
    ServersTime &operator=(const ServersTime &) = delete;

private:
    PagedSearch &m_search;
    Watchdog::Clock::time_point m_begun;
    Watchdog::Wait m_wait;
};

std::chrono::milliseconds PagedSearch::timeLeft() const
{
    const auto allowed = std::min(m_deadlines.longest, m_deadlines.whole + std::chrono::milliseconds(m_taken * 1'000 / kSlowestEntries));
    return std::max(allowed - m_spent, std::chrono::milliseconds(0));
}

PagedSearch::PagedSearch(Connection &connection, const SearchRequest &request, const Deadlines &deadlines,
                         bool pagingAnnounced, Paging &paging)
    : m_connection(connection), m_request(request), m_deadlines(deadlines), m_paging(paging), m_decoder(request.attributes, request.schema),
      m_batch(request.attributes)
{
    m_message.base = request.base;
    m_message.scope = request.scope;
    m_message.filter = request.filter;
    for (const QByteArray &name : *request.attributes) {
        if (request.schema && request.askedWhereKnown.contains(name) && !request.schema->find(QString::fromUtf8(name)))
            continue;
        const QByteArray asked = request.schema ? request.schema->canonical(name) : name;
        if (!m_message.attributes.contains(asked))
            m_message.attributes.append(asked);
    }
    m_message.pageSize = request.scope == Scope::Base ? 0 : request.pageSize;
    if (request.limit > 0 && m_message.pageSize > request.limit)
        m_message.pageSize = int(request.limit);
    if (m_paging.isRefused)
        m_message.pageSize = 0;
    else if (m_paging.largest > 0)
        m_message.pageSize = std::min(m_message.pageSize, m_paging.largest);
    m_message.pagingIsCritical = pagingAnnounced;
    m_message.controls = request.controls;
}

core::Result<SearchEnd> PagedSearch::run(const PageSink &sink)
{
    auto id = requestPage();
    while (true) {
        if (!id)
            return core::fail(id.error());
        auto done = readPage(*id, sink);
        if (!done)
            return core::fail(done.error());
        if (!*done) {
            // The server would go on sending: RFC 4511 4.11.
            if (m_connection.ld != nullptr)
                ldap_abandon_ext(m_connection.ld, *id, nullptr, nullptr);
            if (m_stoppedBySink)
                return core::fail(Code::Cancelled, QStringLiteral("the search was stopped"), {}, m_connection.place);
            m_end.pageSize = m_message.pageSize;
            return m_end;
        }
        ++m_end.pages;
        if ((*done)->rc != LDAP_SUCCESS) {
            const auto anew = beginAnew(**done);
            if (!anew)
                return core::fail(anew.error());
            if (*anew) {
                id = requestPage();
                continue;
            }
            m_referrals = (*done)->referrals;
            deliver(sink);
            return core::fail(faultOf(**done));
        }
        if (auto completed = completeRanges(); !completed)
            return core::fail(completed.error());
        const QByteArray cookie = (*done)->cookie.value_or(QByteArray());
        const bool last = cookie.isEmpty();
        if (!last) {
            if (auto noted = noteCookie(cookie); !noted)
                return core::fail(noted.error());
            m_message.cookie = cookie;
        }
        const bool enough = limitReached();
        // Before the page is handed over: the server fills the next one meanwhile.
        if (!last && !enough)
            id = requestPage();
        if (!deliver(sink))
            return core::fail(Code::Cancelled, QStringLiteral("the search was stopped"), {}, m_connection.place);
        if (last || enough) {
            m_end.complete = last && !m_leftOut;
            m_end.pageSize = m_message.pageSize;
            if (m_refusedSize > 0) {
                m_paging.isRefused = m_message.pageSize == 0;
                m_paging.largest = m_message.pageSize;
            }
            return m_end;
        }
    }
}

/// 0: without pages; -1: there is no other way.
int PagedSearch::otherPageSize(const SearchDone &done) const
{
    if (m_message.pageSize == 0 || m_taken > kMostKnown)
        return -1;
    const bool isFirstPage = m_message.cookie.isEmpty();
    switch (done.rc) {
    case LDAP_SIZELIMIT_EXCEEDED:
    case LDAP_ADMINLIMIT_EXCEEDED:
        // Some servers refuse a page that is larger than they allow, others send as much as they allow and then say so. On
        // a later page it is the number of all entries that is limited, perhaps in pages only.
        return isFirstPage ? int(m_pageEntries > 0 ? std::min<qint64>(m_pageEntries, m_message.pageSize) : m_message.pageSize) / 2 : 0;
    case LDAP_UNAVAILABLE_CRITICAL_EXTENSION:
    case LDAP_UNWILLING_TO_PERFORM:
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_PROTOCOL_ERROR:
        return isFirstPage && m_pageEntries == 0 ? 0 : -1;
    default:
        return -1;
    }
}

core::Result<bool> PagedSearch::beginAnew(const SearchDone &done)
{
    const int size = otherPageSize(done);
    if (size < 0)
        return false;
    // What has come belongs to the result, whatever the way.
    if (auto completed = completeRanges(); !completed)
        return core::fail(completed.error());
    m_takenBefore.reserve(qsizetype(m_takenBefore.size() + m_known.size()));
    for (const size_t hash : m_known)
        m_takenBefore.insert(hash);
    m_known.clear();
    if (m_end.pagingFault.isEmpty()) {
        m_refusedSize = m_message.pageSize;
        m_end.pagingFault = m_connection.faultOf(done.rc, {}, done.says).detail;
    }
    m_message.pageSize = size;
    m_message.cookie.clear();
    m_pagesSeen.clear();
    m_continuations.clear();
    m_unkeptContinuations = 0;
    return true;
}

void PagedSearch::remember(QByteArrayView dn)
{
    if (m_message.pageSize > 0 && m_taken <= kMostKnown)
        m_known.push_back(qHash(dn));
}

core::Result<int> PagedSearch::requestPage()
{
    m_pageEntries = 0;
    m_pageFirstDn.clear();
    const ServersTime time(*this);
    return sendSearch(m_connection, m_message);
}

core::Result<std::optional<SearchDone>> PagedSearch::readPage(int id, const PageSink &sink)
{
    std::optional<ServersTime> time;
    time.emplace(*this);
    while (true) {
        auto message = nextMessage(m_connection, id);
        if (!message)
            return core::fail(message.error());
        switch (ldap_msgtype(message->get())) {
        case LDAP_RES_SEARCH_ENTRY: {
            const auto taken = takeEntry(message->get());
            if (!taken)
                return core::fail(taken.error());
            if (m_request.limit > 0 && limitReached() && m_message.pageSize == 0) {
                time.reset();
                m_stoppedBySink = !deliver(sink);
                return std::optional<SearchDone>();
            }
            if (m_batchOctets >= kMaxBatchOctets || m_batch.size() >= std::max<qsizetype>(m_request.pageSize, kMaxBatchEntries)) {
                time.reset();
                if (!deliver(sink)) {
                    m_stoppedBySink = true;
                    return std::optional<SearchDone>();
                }
                time.emplace(*this);
            }
            break;
        }
        case LDAP_RES_SEARCH_REFERENCE:
            if (m_continuations.size() < kMostContinuations)
                m_continuations.append(referenceUris(m_connection, message->get()));
            else
                ++m_unkeptContinuations;
            break;
        case LDAP_RES_SEARCH_RESULT: {
            auto done = parseDone(m_connection, message->get());
            if (!done)
                return core::fail(done.error());
            return std::optional<SearchDone>(std::move(*done));
        }
        default:
            break; // intermediate responses (RFC 4511 4.13) are not asked for, and may be ignored
        }
    }
}

core::Result<bool> PagedSearch::takeEntry(LDAPMessage *message)
{
    const auto raw = rawEntry(m_connection, message);
    if (!raw)
        return core::fail(raw.error());
    if (m_pageEntries++ == 0)
        m_pageFirstDn = raw->dn.toByteArray();
    if (!m_takenBefore.isEmpty() && m_takenBefore.contains(qHash(raw->dn)))
        return false;
    // A page may hold more than was asked for; what is over the limit is left out.
    if (limitReached()) {
        m_leftOut = true;
        return false;
    }
    if (!m_decoder.decode(raw->dn, raw->attributes, m_batch))
        return core::fail(Code::Protocol, QStringLiteral("an entry cannot be read"), {},
                          QString::fromUtf8(raw->dn));
    if (!m_decoder.remainders().empty())
        m_parts.push_back({m_decoder.partEntry(raw->dn), m_decoder.remainders()});
    m_batchOctets += m_decoder.octets();
    ++m_taken;
    remember(raw->dn);
    return true;
}

core::Result<void> PagedSearch::completeRanges()
{
    for (Part &part : m_parts) {
        bool vanished = false;
        for (const EntryDecoder::Remainder &remainder : part.remainders) {
            core::Attribute &attribute = part.entry.attributes[remainder.slot];
            Deadlines deadlines = m_deadlines;
            deadlines.whole = timeLeft();
            const auto begun = Watchdog::Clock::now();
            auto rest = readRange(m_connection, part.entry.dn, attribute.name, remainder.next, deadlines);
            m_spent += std::chrono::duration_cast<std::chrono::milliseconds>(Watchdog::Clock::now() - begun);
            if (!rest && rest.error().code == Code::NotFound) {
                vanished = true; // deleted since its page was made: the same as never seen
                break;
            }
            if (!rest)
                return core::fail(rest.error());
            attribute.values += *rest;
        }
        if (!vanished)
            m_batch.append(part.entry);
    }
    m_parts.clear();
    return {};
}

/// A repeated cookie alone is no fault: 389 Directory Server names every page of a search alike. A page that begins
/// as an earlier one with the same cookie did is: it would go on for ever.
core::Result<void> PagedSearch::noteCookie(const QByteArray &cookie)
{
    QCryptographicHash hash(QCryptographicHash::Sha1);
    hash.addData(cookie);
    hash.addData(QByteArrayView("\0", 1));
    hash.addData(m_pageFirstDn);
    const QByteArray fingerprint = hash.result();
    if (!m_pagesSeen.contains(fingerprint)) {
        m_pagesSeen.insert(fingerprint);
        return {};
    }
    return core::fail(Error{Code::Protocol, QStringLiteral("the server sends the same page again and again"),
                            QStringLiteral("its paging cookie repeats after %1 pages").arg(m_end.pages),
                            m_connection.place});
}

Error PagedSearch::faultOf(const SearchDone &done) const
{
    Error error = resultError(m_connection, done, QStringLiteral("the search failed"));
    error.where = QString::fromUtf8(m_request.base) + QStringLiteral(" (") + m_connection.place + QLatin1Char(')');
    if (m_taken > 0)
        error.detail += QStringLiteral("; the read ended after %1 entries").arg(m_taken);
    if (m_refusedSize > 0)
        error.detail += QStringLiteral("; in pages of %1 the server had answered %2").arg(m_refusedSize).arg(m_end.pagingFault);
    if (error.code == Code::LimitExceeded && done.rc != LDAP_TIMELIMIT_EXCEEDED && m_taken > 0)
        error.detail += QStringLiteral("; the server ends this account's reads there, %1")
                            .arg(m_refusedSize > 0 ? QStringLiteral("in pages or without") : QStringLiteral("without pages"));
    return error;
}

bool PagedSearch::deliver(const PageSink &sink)
{
    core::EntryBatch batch(m_request.attributes);
    std::swap(batch, m_batch);
    m_batchOctets = 0;
    m_end.entries += batch.size();
    if (m_connection.watchdog.isCancelled())
        return false;
    return batch.size() == 0 || sink(std::move(batch));
}

} // namespace gatehouse::ldap
