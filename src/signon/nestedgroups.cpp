// SPDX-License-Identifier: GPL-3.0-or-later
#include "signon/nestedgroups.h"

#include "core/config/vendor.h"
#include "core/dn.h"
#include "core/filter.h"
#include "store/signons.h"

#include <QSet>

#include <deque>

namespace gatehouse::signon {

namespace {

using core::Filter;
using core::Result;

const QByteArray kInChain = "1.2.840.113556.1.4.1941";

/// The naming context that holds @p person; groups may be anywhere in it.
QByteArray contextOf(ldap::Session &session, const QByteArray &person)
{
    const auto &info = session.serverInfo();
    const auto dn = core::Dn::parse(QByteArrayView(person));
    if (!info || !dn)
        return {};
    QByteArray longest;
    for (const QString &context : info->namingContexts) {
        const auto candidate = core::Dn::parse(context);
        if (candidate && dn->isSameOrBelow(*candidate) && context.size() >= longest.size())
            longest = context.toUtf8();
    }
    return longest.isEmpty() ? info->defaultNamingContext.toUtf8() : longest;
}

class Walk {
public:
    Walk(const QList<QByteArray> &direct)
    {
        for (const QByteArray &dn : direct) {
            m_seen.insert(core::dnKey(dn));
            m_frontier.push_back({dn, {dn}});
        }
    }

    struct Step {
        QByteArray dn;
        QList<QByteArray> path;
    };
    bool isDone() const { return m_frontier.empty(); }
    Step next()
    {
        Step step = std::move(m_frontier.front());
        m_frontier.pop_front();
        return step;
    }
    /// False when there are too many.
    bool found(const QByteArray &dn, const Step &through)
    {
        const QByteArray key = core::dnKey(dn);
        if (m_seen.contains(key))
            return true;
        if (m_seen.size() >= store::kMaxGroupsOfUser)
            return false;
        m_seen.insert(key);
        result.dns.append(dn);
        result.paths.insert(dn, through.path + QList<QByteArray>{dn});
        m_frontier.push_back({dn, through.path + QList<QByteArray>{dn}});
        return true;
    }
    bool knows(const QByteArray &dn) const { return m_seen.contains(core::dnKey(dn)); }

    NestedGroups result;

private:
    QSet<QByteArray> m_seen;
    std::deque<Step> m_frontier;
};

core::Error tooMany()
{
    return {core::Code::LimitExceeded, QStringLiteral("the user is in too many groups"),
            QStringLiteral("%1 are allowed, nested ones included").arg(store::kMaxGroupsOfUser)};
}

Result<NestedGroups> byChain(ldap::Session &session, const QByteArray &base, const QByteArray &person,
                             const QList<QByteArray> &direct)
{
    ldap::SearchRequest request;
    request.base = base;
    request.filter = Filter::all({Filter::equality("objectClass", "group"), Filter::extensible("member", kInChain, person)}).toUtf8();
    request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{"memberOf"});
    request.limit = store::kMaxGroupsOfUser + 1;
    QHash<QByteArray, QList<QByteArray>> parents; // key of a group's DN -> the groups it is in
    QList<QByteArray> all;
    const auto end = session.search(request, [&](core::EntryBatch &&page) {
        for (qsizetype i = 0; i < page.size(); ++i) {
            const core::Entry entry = page.at(i).toEntry();
            all.append(entry.dn);
            parents.insert(core::dnKey(entry.dn), entry.values("memberOf"));
        }
        return true;
    });
    if (!end)
        return core::fail(end.error());
    if (all.size() > store::kMaxGroupsOfUser)
        return core::fail(tooMany());
    Walk walk(direct);
    walk.result.isWhole = end->complete;
    while (!walk.isDone()) {
        const Walk::Step step = walk.next();
        for (const QByteArray &parent : parents.value(core::dnKey(step.dn))) {
            // Only what the server itself has named: memberOf may lead into other domains.
            if (parents.contains(core::dnKey(parent)) && !walk.found(parent, step))
                return core::fail(tooMany());
        }
    }
    for (const QByteArray &dn : std::as_const(all)) {
        if (!walk.knows(dn))
            walk.result.dns.append(dn);
    }
    return walk.result;
}

Result<NestedGroups> byWalk(ldap::Session &session, const QByteArray &base, const QList<QByteArray> &direct)
{
    Walk walk(direct);
    while (!walk.isDone()) {
        const Walk::Step step = walk.next();
        ldap::SearchRequest request;
        request.base = base;
        request.filter = Filter::any({Filter::equality("member", step.dn), Filter::equality("uniqueMember", step.dn)}).toUtf8();
        request.attributes = std::make_shared<const core::SlotNames>();
        request.limit = store::kMaxGroupsOfUser + 1;
        bool fits = true;
        const auto end = session.search(request, [&](core::EntryBatch &&page) {
            for (qsizetype i = 0; i < page.size() && fits; ++i)
                fits = walk.found(page.at(i).dn().toByteArray(), step);
            return true;
        });
        if (!end)
            return core::fail(end.error());
        if (!fits)
            return core::fail(tooMany());
        walk.result.isWhole = walk.result.isWhole && end->complete;
    }
    return walk.result;
}

} // namespace

Result<NestedGroups> nestedGroups(ldap::Session &session, core::Vendor vendor, const QByteArray &person,
                                  const QList<QByteArray> &direct)
{
    const QByteArray base = contextOf(session, person);
    return vendor == core::Vendor::ActiveDirectory ? byChain(session, base, person, direct) : byWalk(session, base, direct);
}

} // namespace gatehouse::signon
