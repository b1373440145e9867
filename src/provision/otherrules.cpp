// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/otherrules.h"

#include "core/filter.h"

namespace gatehouse::provision {

namespace {

constexpr size_t kAtOnce = 250; ///< ids in one search

/// Searches @p scope for the entries with these ids, many at a time.
core::Result<void> searchFor(ldap::Session &session, const RuleContext &context, const Scope &scope,
                             const std::shared_ptr<const core::SlotNames> &attributes, std::span<const QByteArray> ids,
                             const ldap::PageSink &take)
{
    const auto own = core::Filter::parse(QByteArrayView(scope.filter));
    if (!own)
        return core::fail(own.error());
    for (size_t from = 0; from < ids.size(); from += kAtOnce) {
        QList<core::Filter> any;
        for (const QByteArray &id : ids.subspan(from, std::min(kAtOnce, ids.size() - from)))
            any.append(context.dialect.idFilter(id));
        ldap::SearchRequest search;
        search.filter = core::Filter::all({core::Filter::any(any), *own}).toUtf8();
        search.attributes = attributes;
        for (const QByteArray &base : scope.bases) {
            search.base = base;
            const auto end = session.search(search, take);
            if (end || end.error().code == core::Code::NotFound)
                continue;
            return core::fail(end.error());
        }
    }
    return {};
}

} // namespace

core::Result<QSet<QByteArray>> meantBy(ldap::Session &session, const RuleContext &context, const Scope &scope,
                                       std::span<const QByteArray> ids)
{
    QSet<QByteArray> meant;
    const auto names = std::make_shared<const core::SlotNames>(context.dialect.idAttributes());
    auto searched = searchFor(session, context, scope, names, ids, [&](core::EntryBatch &&page) {
        QList<int> places;
        for (const QByteArray &name : *names)
            places.append(page.slotOf(name));
        for (qsizetype i = 0; i < page.size(); ++i)
            meant.insert(context.dialect.idOf(page.at(i), places));
        return true;
    });
    if (!searched)
        return core::fail(searched.error());
    return meant;
}

core::Result<ContendedAnswer> settleContended(ldap::Session &session, const RuleContext &context, const Contended &contended)
{
    ContendedAnswer answer;
    for (auto rule = contended.cbegin(); rule != contended.cend(); ++rule) {
        const auto meant = meantBy(session, context, context.otherRules.value(rule.key()).scope, rule.value());
        if (!meant)
            return core::fail(meant.error());
        for (const QByteArray &id : rule.value()) {
            if (meant->contains(id))
                ++answer.kept;
            else
                answer.freed.insert(id);
        }
    }
    const std::vector<QByteArray> ids(answer.freed.cbegin(), answer.freed.cend());
    auto read = searchFor(session, context, context.scope, context.slotNames, ids, [&](core::EntryBatch &&page) {
        answer.pages.push_back(std::move(page));
        return true;
    });
    if (!read)
        return core::fail(read.error());
    return answer;
}

} // namespace gatehouse::provision
