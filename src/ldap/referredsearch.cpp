// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/referredsearch_p.h"

#include "ldap/session_p.h"

#include <QElapsedTimer>

#include <algorithm>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::Error;
using std::chrono::milliseconds;

constexpr int kMaxHops = 5;      ///< from server to server by referrals
constexpr int kMostTried = 10;   ///< servers that are tried to tell what is there

tl::unexpected<Error> notRead(const QString &reason, Code code = Code::Unsupported)
{
    return core::fail(Error{code, QStringLiteral("a referral was not followed"), reason});
}

/// The short form of why a server was not reached, without its place, which stands beside it.
QString reasonOf(const Error &error)
{
    return error.detail.isEmpty() ? error.what : error.what + QStringLiteral(": ") + error.detail;
}

void add(SearchEnd &end, const MissedPlace &place)
{
    ++end.referrals;
    end.complete = false;
    if (end.missed.size() < kMostMissed)
        end.missed.append(place);
}

void add(SearchEnd &end, const SearchEnd &other)
{
    end.entries += other.entries;
    end.pages += other.pages;
    end.referrals += other.referrals;
    end.missed += other.missed.first(std::min(other.missed.size(), kMostMissed - end.missed.size()));
    end.complete = end.complete && other.complete;
}

/// Counts the time until it goes.
class Spending {
public:
    explicit Spending(milliseconds &left) : m_left(left) { m_timer.start(); }
    ~Spending() { m_left = std::max(milliseconds(0), m_left - milliseconds(m_timer.elapsed())); }
    Spending(const Spending &) = delete;
    Spending &operator=(const Spending &) = delete;

private:
    milliseconds &m_left;
    QElapsedTimer m_timer;
};

} // namespace

QString namesOf(const QList<MissedPlace> &missed)
{
    QStringList texts;
    for (const MissedPlace &place : missed)
        texts.append(QStringLiteral("%1 (%2)").arg(place.url, place.reason));
    return texts.join(QStringLiteral("; "));
}

core::Result<SearchEnd> ReferredSearch::run(Session::Private &here, const SearchRequest &request, const PageSink &sink)
{
    m_visited.insert(Continuation{here.target, request}.key());
    return search(here, request, sink, kMaxHops);
}

core::Result<SearchEnd> ReferredSearch::search(Session::Private &here, const SearchRequest &request, const PageSink &sink,
                                               int hopsLeft)
{
    if (!request.attributes)
        return core::fail(Code::Internal, QStringLiteral("a search without a list of attributes"));
    if (auto open = here.checkOpen(); !open)
        return core::fail(open.error());
    PagedSearch paged(*here.channel, here.connection.place, [&here] { return here.connection.watchdog.isCancelled(); }, request,
                      here.target.deadlines, here.info && here.info->pagedResults, here.paging);
    auto end = paged.run(sink);
    if (!end && end.error().native == LDAP_REFERRAL) {
        auto followed = follow(here, paged.referrals(), request, sink, hopsLeft);
        if (followed || followed.error().code == Code::Cancelled)
            return followed;
        Error error = end.error();
        error.detail += QStringLiteral(" (%1)").arg(followed.error().detail);
        return core::fail(error);
    }
    if (!end)
        return end;
    const bool isDomain = here.info && here.info->product == Product::ActiveDirectory;
    for (const QStringList &uris : paged.continuations()) {
        if (isDomain && !uris.isEmpty() && std::all_of(uris.begin(), uris.end(), leadsToSystemPartition))
            continue;
        SearchRequest rest = request;
        if (request.limit > 0)
            rest.limit = request.limit - end->entries;
        const auto followed = request.limit > 0 && rest.limit <= 0 ? notRead(QStringLiteral("enough was found before"))
                                                                  : follow(here, uris, rest, sink, hopsLeft);
        if (followed) {
            add(*end, *followed);
            continue;
        }
        if (followed.error().code == Code::Cancelled)
            return core::fail(followed.error());
        // Another server that cannot be read is no reason to lose what was read here, but it makes it incomplete.
        const bool isTrusted = std::any_of(uris.begin(), uris.end(), [&](const QString &uri) {
            const auto next = continuationOf(uri, here.target, request);
            return next && next->isTrusted;
        });
        add(*end, MissedPlace{uris.join(QStringLiteral(", ")), followed.error().detail, isTrusted, here.target.followReferrals});
    }
    if (paged.unkeptContinuations() > 0) {
        end->referrals += paged.unkeptContinuations();
        end->complete = false;
    }
    return end;
}

core::Result<SearchEnd> ReferredSearch::follow(Session::Private &here, const QStringList &uris, const SearchRequest &request,
                                               const PageSink &sink, int hopsLeft)
{
    if (uris.isEmpty())
        return notRead(QStringLiteral("the referral names no server"));
    if (hopsLeft <= 0)
        return notRead(QStringLiteral("it is the last of too many referrals, one after the other"));
    QStringList reasons;
    for (const QString &uri : uris) {
        auto followed = followOne(here, uri, request, sink, hopsLeft);
        if (followed || followed.error().code == Code::Cancelled)
            return followed;
        if (!reasons.contains(followed.error().detail))
            reasons.append(followed.error().detail);
    }
    return notRead(reasons.join(QStringLiteral(", ")));
}

core::Result<SearchEnd> ReferredSearch::followOne(Session::Private &here, const QString &uri, const SearchRequest &request,
                                                  const PageSink &sink, int hopsLeft)
{
    const auto next = continuationOf(uri, here.target, request);
    if (!next)
        return notRead(next.error().what);
    if (!here.target.followReferrals)
        return notRead(QStringLiteral("referrals are not followed"));
    if (m_visited.contains(next->key()))
        return notRead(QStringLiteral("the referrals go round in a circle"));
    m_visited.insert(next->key());
    if (!next->isTrusted)
        return notRead(whatIsAt(here, next->target));
    Session other;
    if (const auto opened = open(other, here, next->target); !opened) {
        return opened.error().code == Code::Cancelled ? core::Result<SearchEnd>(core::fail(opened.error()))
                                                      : notRead(reasonOf(opened.error()));
    }
    auto found = search(*other.d, next->request, sink, hopsLeft - 1);
    if (!found && found.error().code != Code::Cancelled)
        return notRead(reasonOf(found.error()));
    return found;
}

Target ReferredSearch::hurried(const Target &target) const
{
    Target copy = target;
    for (milliseconds Deadlines::*deadline : {&Deadlines::resolve, &Deadlines::connect, &Deadlines::secure, &Deadlines::bind,
                                              &Deadlines::silence, &Deadlines::whole})
        copy.deadlines.*deadline = std::min(target.deadlines.*deadline, m_left);
    return copy;
}

core::Result<void> ReferredSearch::open(Session &other, const Session::Private &here, const Target &target)
{
    const QString place = placeOf(target.host, target.port);
    if (m_reasons.contains(place))
        return core::fail(Code::Unreachable, m_reasons.value(place));
    if (m_left.count() <= 0)
        return core::fail(Code::Timeout, QStringLiteral("the time for reaching other servers was over"));
    for (const core::CancelToken &token : here.connection.watchdog.tokens())
        other.cancelWith(token);
    other.cancelWith(here.cancelled);
    const Spending spending(m_left);
    if (const auto opened = other.open(hurried(target)); !opened) {
        m_reasons.insert(place, reasonOf(opened.error()));
        return core::fail(opened.error());
    }
    other.d->target.deadlines = target.deadlines;
    return {};
}

QString ReferredSearch::whatIsAt(const Session::Private &here, const Target &target)
{
    const QString notTrusted = QStringLiteral("not a server of this gateway, so its account does not bind there");
    const QString place = placeOf(target.host, target.port);
    if (m_reasons.contains(place))
        return m_reasons.value(place);
    if (m_reasons.size() >= kMostTried || m_left.count() <= 0)
        return notTrusted;
    Session other;
    for (const core::CancelToken &token : here.connection.watchdog.tokens())
        other.cancelWith(token);
    other.cancelWith(here.cancelled);
    const Spending spending(m_left);
    auto reached = other.resolve(hurried(target));
    if (reached)
        reached = other.connect();
    const QString reason = reached ? notTrusted : reasonOf(reached.error());
    m_reasons.insert(place, reason);
    return reason;
}

} // namespace gatehouse::ldap
