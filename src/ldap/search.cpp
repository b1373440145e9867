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

} // namespace

PagedSearch::PagedSearch(Connection &connection, const SearchRequest &request, const Deadlines &deadlines,
                         bool pagingAnnounced)
    : m_connection(connection), m_request(request), m_deadlines(deadlines), m_decoder(request.attributes),
      m_batch(request.attributes)
{
    m_message.base = request.base;
    m_message.scope = request.scope;
    m_message.filter = request.filter;
    m_message.attributes = *request.attributes;
    m_message.pageSize = request.scope == Scope::Base ? 0 : request.pageSize;
    if (request.limit > 0 && m_message.pageSize > request.limit)
        m_message.pageSize = int(request.limit);
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
            return m_end;
        }
        ++m_end.pages;
        if ((*done)->rc != LDAP_SUCCESS) {
            m_referrals = (*done)->referrals;
            deliver(sink);
            return core::fail(resultError(**done));
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
            return m_end;
        }
    }
}

core::Result<int> PagedSearch::requestPage()
{
    m_pageEntries = 0;
    m_pageFirstDn.clear();
    const Watchdog::Wait wait(m_connection.watchdog, m_deadlines.silence, Watchdog::Kind::Silence);
    return sendSearch(m_connection, m_message);
}

core::Result<std::optional<SearchDone>> PagedSearch::readPage(int id, const PageSink &sink)
{
    std::optional<Watchdog::Wait> wait;
    wait.emplace(m_connection.watchdog, m_deadlines.silence, Watchdog::Kind::Silence);
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
                wait.reset();
                m_stoppedBySink = !deliver(sink);
                return std::optional<SearchDone>();
            }
            if (m_batchOctets >= kMaxBatchOctets || m_batch.size() >= std::max<qsizetype>(m_request.pageSize, kMaxBatchEntries)) {
                wait.reset(); // what the sink takes is not the server's time
                if (!deliver(sink)) {
                    m_stoppedBySink = true;
                    return std::optional<SearchDone>();
                }
                wait.emplace(m_connection.watchdog, m_deadlines.silence, Watchdog::Kind::Silence);
            }
            break;
        }
        case LDAP_RES_SEARCH_REFERENCE:
            m_continuations.append(referenceUris(m_connection, message->get()));
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
    // A page may hold more than was asked for; what is over the limit is left out.
    if (limitReached()) {
        m_leftOut = true;
        return false;
    }
    const auto raw = rawEntry(m_connection, message);
    if (!raw)
        return core::fail(raw.error());
    if (!m_decoder.decode(raw->dn, raw->attributes, m_batch))
        return core::fail(Code::Protocol, QStringLiteral("an entry cannot be read"), {},
                          QString::fromUtf8(raw->dn));
    if (!m_decoder.remainders().empty())
        m_parts.push_back({m_decoder.partEntry(raw->dn), m_decoder.remainders()});
    m_batchOctets += m_decoder.octets();
    if (m_pageEntries++ == 0)
        m_pageFirstDn = raw->dn.toByteArray();
    ++m_taken;
    return true;
}

core::Result<void> PagedSearch::completeRanges()
{
    for (Part &part : m_parts) {
        bool vanished = false;
        for (const EntryDecoder::Remainder &remainder : part.remainders) {
            core::Attribute &attribute = part.entry.attributes[remainder.slot];
            auto rest = readRange(m_connection, part.entry.dn, attribute.name, remainder.next, m_deadlines.silence);
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

Error PagedSearch::resultError(const SearchDone &done) const
{
    Error error = m_connection.faultOf(done.rc, QStringLiteral("the search failed"), done.says);
    error.where = QString::fromUtf8(m_request.base) + QStringLiteral(" (") + m_connection.place + QLatin1Char(')');
    if (m_taken > 0)
        error.detail += QStringLiteral("; the read ended after %1 entries").arg(m_taken);
    if (done.rc == LDAP_NO_SUCH_OBJECT && !done.matchedDn.isEmpty())
        error.detail += QStringLiteral("; the nearest entry that exists is %1").arg(done.matchedDn);
    if (done.rc == LDAP_UNAVAILABLE_CRITICAL_EXTENSION)
        error.detail += QStringLiteral("; the server refuses to send results in pages");
    if (done.rc == LDAP_REFERRAL)
        error.detail = QStringLiteral("the entries are with another server: ") + done.referrals.join(QStringLiteral(", "));
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
