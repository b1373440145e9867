// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/search_p.h"
#include "ldap/wire_p.h"

#include <algorithm>

namespace gatehouse::ldap {
namespace {

using core::Code;
using std::chrono::milliseconds;

/// A batch is handed over early when its values take so much memory (photos, huge groups), or when a server that
/// does not page sends on and on.
constexpr qsizetype kMaxBatchOctets = 16 << 20;
constexpr qsizetype kMaxBatchEntries = 5'000;
/// A limit that shows only after so many entries is not worked around: what was read is remembered until then.
constexpr qint64 kMostKnown = 100'000;
constexpr qsizetype kMostContinuations = 1'000;

} // namespace

PageReader::PageReader(Channel &channel, SearchRequest request, const Deadlines &deadlines, bool pagingAnnounced,
                       int pageSize)
    : m_channel(channel), m_request(std::move(request)), m_deadlines(deadlines), m_pagingAnnounced(pagingAnnounced),
      m_pageSize(pageSize), m_decoder(m_request.attributes, m_request.schema), m_batch(m_request.attributes)
{
    m_search.base = m_request.base;
    m_search.scope = m_request.scope;
    m_search.filter = m_request.filter;
    m_search.dereference = m_request.dereference;
    for (const QByteArray &name : *m_request.attributes) {
        if (m_request.schema && m_request.askedWhereKnown.contains(name) &&
            !m_request.schema->find(QString::fromUtf8(name)))
            continue;
        const QByteArray asked = m_request.schema ? m_request.schema->canonical(name) : name;
        if (!m_search.attributes.contains(asked))
            m_search.attributes.append(asked);
    }
}

milliseconds PageReader::timeLeft() const
{
    const auto allowed =
        std::min(m_deadlines.longest, m_deadlines.whole + milliseconds(m_taken * 1'000 / kSlowestEntries));
    return std::max(allowed - milliseconds(m_spent), milliseconds(1));
}

void PageReader::requestPage()
{
    const std::lock_guard lock(m_mutex);
    ask();
}

void PageReader::ask()
{
    m_pageEntries = 0;
    m_pageFirstDn.clear();
    m_wantsNext = false;
    Operation operation{m_search, m_request.controls, {m_deadlines.silence, timeLeft(), 0, {}}, {}, m_request.cancel};
    // Page by page what has come buys time; a search without pages is one operation from its first entry to its last.
    operation.patience.slowest = m_pageSize > 0 ? 0 : kSlowestEntries;
    operation.patience.longest = std::max(m_deadlines.longest - milliseconds(m_spent), milliseconds(1));
    if (m_pageSize > 0)
        operation.controls.append(pagingControl(m_pageSize, m_cookie, m_pagingAnnounced));
    m_asked = std::chrono::steady_clock::now();
    const auto begun = m_channel.submit(std::move(operation), shared_from_this());
    if (begun) {
        m_id = *begun;
        return;
    }
    Piece piece{core::EntryBatch(m_request.attributes)};
    piece.isEnd = true;
    piece.fault = begun.error();
    m_pieces.push_back(std::move(piece));
    ++m_ready;
    m_there.notify_all();
}

PageReader::Piece PageReader::next()
{
    std::unique_lock lock(m_mutex);
    m_there.wait(lock, [this] { return !m_pieces.empty(); });
    Piece piece = std::move(m_pieces.front());
    m_pieces.pop_front();
    const bool wasFull = isFull();
    --m_ready;
    if (m_wantsNext && !m_isStopped)
        ask();
    lock.unlock();
    if (wasFull)
        m_channel.goOn();
    return piece;
}

void PageReader::stop()
{
    Channel::Id id = 0;
    {
        const std::lock_guard lock(m_mutex);
        m_isStopped = true;
        id = m_id;
    }
    if (id != 0)
        m_channel.cancel(id);
}

void PageReader::beginAnew(int pageSize)
{
    m_takenBefore.reserve(qsizetype(m_takenBefore.size() + m_known.size()));
    for (const size_t hash : m_known)
        m_takenBefore.insert(hash);
    m_known.clear();
    m_pageSize = pageSize;
    m_cookie.clear();
    m_continuations.clear();
    m_unkeptContinuations = 0;
}

void PageReader::remember(QByteArrayView dn)
{
    if (m_pageSize > 0 && m_taken <= kMostKnown)
        m_known.push_back(qHash(dn));
}

bool PageReader::remembersAll() const
{
    return m_taken <= kMostKnown;
}

PageReader::Piece PageReader::cut()
{
    Piece piece{core::EntryBatch(m_request.attributes)};
    std::swap(piece.batch, m_batch);
    piece.parts.swap(m_parts);
    m_batchOctets = 0;
    return piece;
}

void PageReader::push(Piece &&piece)
{
    const std::lock_guard lock(m_mutex);
    m_pieces.push_back(std::move(piece));
    ++m_ready;
    m_there.notify_all();
}

bool PageReader::take(const ReceivedEntry &entry)
{
    if (m_pageEntries++ == 0)
        m_pageFirstDn = entry.dn.toByteArray();
    if (!m_takenBefore.isEmpty() && m_takenBefore.contains(qHash(entry.dn)))
        return true;
    // A page may hold more than was asked for; what is over the limit is left out.
    if (isLimitReached()) {
        m_leftOut = true;
        return true;
    }
    if (!m_decoder.decode(entry.dn, entry.attributes, m_batch)) {
        m_malformed = QString::fromUtf8(entry.dn);
        return false;
    }
    if (!m_decoder.remainders().empty())
        m_parts.push_back({m_decoder.partEntry(entry.dn), m_decoder.remainders()});
    m_batchOctets += m_decoder.octets();
    ++m_taken;
    remember(entry.dn);
    if (m_pageSize == 0 && isLimitReached()) {
        m_isEnough = true;
        return false;
    }
    if (m_batchOctets >= kMaxBatchOctets || m_batch.size() >= std::max<qsizetype>(m_request.pageSize, kMaxBatchEntries))
        push(cut());
    return true;
}

bool PageReader::take(const ReceivedReference &reference)
{
    if (m_continuations.size() < kMostContinuations)
        m_continuations.append(reference.uris);
    else
        ++m_unkeptContinuations;
    return true;
}

void PageReader::ended(const Outcome &outcome)
{
    spend(std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - m_asked));
    Piece piece = cut();
    piece.isEnd = true;
    piece.isEnough = m_isEnough;
    piece.entries = m_pageEntries;
    piece.firstDn = m_pageFirstDn;
    bool isMore = false;
    if (m_malformed) {
        piece.fault = core::Error{Code::Protocol, QStringLiteral("an entry cannot be read"), {}, *m_malformed};
    } else if (!outcome.answer) {
        piece.fault = outcome.answer.error();
    } else {
        piece.answer = *outcome.answer;
        const auto cookie = cookieOf(piece.answer);
        if (!cookie)
            piece.fault = cookie.error();
        else
            piece.cookie = m_pageSize > 0 ? cookie->value_or(QByteArray()) : QByteArray();
        isMore = !piece.fault && piece.answer.rc == 0 && !piece.cookie.isEmpty() && !isLimitReached();
    }
    const std::lock_guard lock(m_mutex);
    piece.isLast = !isMore;
    if (isMore)
        m_cookie = piece.cookie;
    m_id = 0;
    m_pieces.push_back(std::move(piece));
    ++m_ready;
    m_there.notify_all();
    m_wantsNext = isMore && !m_isStopped;
    // Before the page is handed over: the server fills the next one meanwhile.
    if (m_wantsNext && m_ready < kMostAhead)
        ask();
}

} // namespace gatehouse::ldap
