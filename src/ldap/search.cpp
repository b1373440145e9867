// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/search_p.h"

#include "ldap/faults_p.h"
#include "ldap/reading_p.h"

#include <QCryptographicHash>

#include <ldap.h>

#include <algorithm>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::Error;

int firstPageSize(const SearchRequest &request, const Paging &paging)
{
    if (request.scope == Scope::Base || paging.isRefused)
        return 0;
    int size = request.pageSize;
    if (request.limit > 0 && size > request.limit)
        size = int(request.limit);
    return paging.largest > 0 ? std::min(size, paging.largest) : size;
}

} // namespace

PagedSearch::PagedSearch(Channel &channel, const QString &place, std::function<bool()> isCancelled,
                         const SearchRequest &request, const Deadlines &deadlines, bool pagingAnnounced, Paging &paging)
    : m_channel(channel), m_place(place), m_isCancelled(std::move(isCancelled)), m_request(request),
      m_deadlines(deadlines), m_paging(paging),
      m_reader(
          std::make_shared<PageReader>(channel, request, deadlines, pagingAnnounced, firstPageSize(request, paging)))
{
}

PagedSearch::~PagedSearch()
{
    m_reader->stop();
}

core::Result<SearchEnd> PagedSearch::run(const PageSink &sink)
{
    const auto stopped = [this] {
        return core::fail(Code::Cancelled, QStringLiteral("the search was stopped"), {}, m_place);
    };
    m_reader->requestPage();
    while (true) {
        PageReader::Piece piece = m_reader->next();
        if (!piece.isEnd || piece.isEnough) {
            if (auto completed = completeRanges(piece); !completed)
                return core::fail(completed.error());
            if (!deliver(piece, sink))
                return stopped();
            if (!piece.isEnough)
                continue;
            m_end.pageSize = m_reader->pageSize();
            return m_end;
        }
        if (piece.fault)
            return core::fail(*piece.fault);
        ++m_end.pages;
        if (piece.answer.rc != LDAP_SUCCESS) {
            const auto anew = beginAnew(piece);
            if (!anew)
                return core::fail(anew.error());
            if (*anew)
                m_reader->requestPage();
            else
                m_referrals = piece.answer.referrals;
            if (!deliver(piece, sink) && *anew)
                return stopped();
            if (*anew)
                continue;
            return core::fail(faultOf(piece.answer));
        }
        if (auto completed = completeRanges(piece); !completed)
            return core::fail(completed.error());
        const bool last = piece.cookie.isEmpty();
        if (auto noted = last ? core::Result<void>() : noteCookie(piece); !noted)
            return core::fail(noted.error());
        if (!deliver(piece, sink))
            return stopped();
        if (piece.isLast) {
            m_end.complete = last && !m_reader->hasLeftOut();
            m_end.pageSize = m_reader->pageSize();
            if (m_refusedSize > 0) {
                m_paging.isRefused = m_end.pageSize == 0;
                m_paging.largest = m_end.pageSize;
            }
            return m_end;
        }
    }
}

/// 0: without pages; -1: there is no other way.
int PagedSearch::otherPageSize(const PageReader::Piece &piece) const
{
    const int size = m_reader->pageSize();
    if (size == 0 || !m_reader->remembersAll())
        return -1;
    const bool isFirstPage = m_reader->isFirstPage();
    switch (piece.answer.rc) {
    case LDAP_SIZELIMIT_EXCEEDED:
    case LDAP_ADMINLIMIT_EXCEEDED:
        // Some servers refuse a page that is larger than they allow, others send as much as they allow and then say so.
        // On a later page it is the number of all entries that is limited, perhaps in pages only.
        return isFirstPage ? int(piece.entries > 0 ? std::min<qint64>(piece.entries, size) : size) / 2 : 0;
    case LDAP_UNAVAILABLE_CRITICAL_EXTENSION:
    case LDAP_UNWILLING_TO_PERFORM:
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_PROTOCOL_ERROR:
        return isFirstPage && piece.entries == 0 ? 0 : -1;
    default:
        return -1;
    }
}

core::Result<bool> PagedSearch::beginAnew(PageReader::Piece &piece)
{
    const int size = otherPageSize(piece);
    if (size < 0)
        return false;
    // What has come belongs to the result, whatever the way.
    if (auto completed = completeRanges(piece); !completed)
        return core::fail(completed.error());
    if (m_end.pagingFault.isEmpty()) {
        m_refusedSize = m_reader->pageSize();
        m_end.pagingFault = ldap::faultOf(piece.answer.rc, {}, piece.answer.says, {}).detail;
    }
    m_reader->beginAnew(size);
    m_pagesSeen.clear();
    return true;
}

core::Result<void> PagedSearch::completeRanges(PageReader::Piece &piece)
{
    for (PageReader::Part &part : piece.parts) {
        bool vanished = false;
        for (const EntryDecoder::Remainder &remainder : part.remainders) {
            core::Attribute &attribute = part.entry.attributes[remainder.slot];
            Deadlines deadlines = m_deadlines;
            deadlines.whole = m_reader->timeLeft();
            const auto begun = std::chrono::steady_clock::now();
            auto rest = readRange(m_channel, m_place, part.entry.dn, attribute.name, remainder.next, deadlines);
            m_reader->spend(
                std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun));
            if (!rest && rest.error().code == Code::NotFound) {
                vanished = true; // deleted since its page was made: the same as never seen
                break;
            }
            if (!rest)
                return core::fail(rest.error());
            attribute.values += *rest;
        }
        if (!vanished)
            piece.batch.append(part.entry);
    }
    piece.parts.clear();
    return {};
}

/// A repeated cookie alone is no fault: 389 Directory Server names every page of a search alike. A page that begins
/// as an earlier one with the same cookie did is: it would go on for ever.
core::Result<void> PagedSearch::noteCookie(const PageReader::Piece &piece)
{
    QCryptographicHash hash(QCryptographicHash::Sha1);
    hash.addData(piece.cookie);
    hash.addData(QByteArrayView("\0", 1));
    hash.addData(piece.firstDn);
    const QByteArray fingerprint = hash.result();
    if (!m_pagesSeen.contains(fingerprint)) {
        m_pagesSeen.insert(fingerprint);
        return {};
    }
    return core::fail(Error{Code::Protocol, QStringLiteral("the server sends the same page again and again"),
                            QStringLiteral("its paging cookie repeats after %1 pages").arg(m_end.pages), m_place});
}

Error PagedSearch::faultOf(const Answer &answer) const
{
    Error error = errorOf(answer, QStringLiteral("the search failed"), m_place);
    error.where = QString::fromUtf8(m_request.base) + QStringLiteral(" (") + m_place + QLatin1Char(')');
    const qint64 taken = m_reader->taken();
    if (taken > 0)
        error.detail += QStringLiteral("; the read ended after %1 entries").arg(taken);
    if (m_refusedSize > 0)
        error.detail +=
            QStringLiteral("; in pages of %1 the server had answered %2").arg(m_refusedSize).arg(m_end.pagingFault);
    if (error.code == Code::LimitExceeded && answer.rc != LDAP_TIMELIMIT_EXCEEDED && taken > 0)
        error.detail +=
            QStringLiteral("; the server ends this account's reads there, %1")
                .arg(m_refusedSize > 0 ? QStringLiteral("in pages or without") : QStringLiteral("without pages"));
    return error;
}

bool PagedSearch::deliver(PageReader::Piece &piece, const PageSink &sink)
{
    m_end.entries += piece.batch.size();
    if (m_isCancelled() || (m_request.cancel && m_request.cancel->isCancelled()))
        return false;
    return piece.batch.size() == 0 || sink(std::move(piece.batch));
}

} // namespace gatehouse::ldap
