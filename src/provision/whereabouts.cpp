// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/whereabouts.h"

#include "core/dn.h"
#include "gateway/directoryschema.h"
#include "provision/otherrules.h"

#include <algorithm>

namespace gatehouse::provision {

namespace {

// Controls that keep a server from pointing to other places: what lives there is outside of every rule's scope.
constexpr char kDomainScope[] = "1.2.840.113556.1.4.1339";     // MS-ADTS 3.1.1.3.4.1.2
constexpr char kManageDsaIt[] = "2.16.840.1.113730.3.4.2";     // RFC 3296 3
constexpr char kShowDeleted[] = "1.2.840.113556.1.4.417";      // MS-ADTS 3.1.1.3.4.1.14

bool isRefusal(const core::Error &error)
{
    return error.code == core::Code::NotFound || error.code == core::Code::Denied || error.code == core::Code::Unsupported;
}

} // namespace

core::Departure departureOf(Whereabouts whereabouts)
{
    switch (whereabouts) {
    case Whereabouts::NotVisible: return core::Departure::NotVisible;
    case Whereabouts::Deleted: return core::Departure::Deleted;
    case Whereabouts::OutsideBase: return core::Departure::OutsideBase;
    case Whereabouts::OutsideFilter: return core::Departure::OutsideFilter;
    case Whereabouts::Inside:
    case Whereabouts::OtherRule:
    case Whereabouts::Unclear: break;
    }
    return core::Departure::None;
}

WhereaboutsSearch::WhereaboutsSearch(const RuleContext &context, QList<QByteArray> idAttributes)
    : m_context(context), m_idAttributes(std::move(idAttributes))
{
}

core::Result<void> WhereaboutsSearch::prepare(ldap::Session &session)
{
    if (m_prepared)
        return {};
    auto schema = gateway::readSchema(session);
    if (schema)
        m_schema = std::make_shared<const core::Schema>(*std::move(schema));
    else if (!isRefusal(schema.error()))
        return core::fail(schema.error());
    auto filter = core::Filter::parse(QByteArrayView(m_context.scope.filter));
    if (!filter)
        return core::fail(filter.error());
    m_filter = *std::move(filter);
    m_match.emplace(m_filter, m_schema.get(), [this](const QByteArray &attribute) { return canRead(attribute); });
    core::SlotNames names = *m_context.slotNames;
    for (const QByteArray &name : m_match->wanted()) {
        const bool there = std::any_of(names.cbegin(), names.cend(), [&](const QByteArray &other) {
            return other.compare(name, Qt::CaseInsensitive) == 0;
        });
        if (!there)
            names.append(name);
    }
    m_slots = std::make_shared<const core::SlotNames>(std::move(names));

    if (m_idAttributes.isEmpty()) {
        for (const QByteArray &name : m_context.dialect.idAttributes()) {
            if (!m_schema || m_schema->find(QString::fromUtf8(name)))
                m_idAttributes.append(name);
        }
    }
    const auto &server = session.serverInfo();
    const auto base = core::Dn::parse(m_context.rule.scope.baseDn);
    if (server && base) {
        for (const char *control : {kDomainScope, kManageDsaIt}) {
            if (server->supportedControls.contains(QLatin1String(control)))
                m_controls.append({control, false});
        }
        for (const QString &context : server->namingContexts) {
            const auto dn = core::Dn::parse(context);
            if (dn && !dn->isEmpty() && base->isBelow(*dn))
                m_bases.append(dn->toUtf8());
        }
        m_showsDeleted = server->product == ldap::Product::ActiveDirectory && !server->defaultNamingContext.isEmpty();
    }
    std::sort(m_bases.begin(), m_bases.end(), [](const QByteArray &one, const QByteArray &other) { return one.size() < other.size(); });
    m_bases.append(m_context.rule.scope.baseDn.toUtf8());
    m_prepared = true;
    return {};
}

core::Result<void> WhereaboutsSearch::searchWide(ldap::Session &session, ldap::SearchRequest request, const ldap::PageSink &sink)
{
    request.controls = m_controls;
    request.schema = m_schema;
    for (;;) {
        request.base = m_bases.constFirst();
        const auto end = session.search(request, sink);
        if (end)
            return {};
        // An account may see its people and not the root above them.
        if (m_bases.size() == 1 || !isRefusal(end.error()))
            return core::fail(end.error());
        m_bases.removeFirst();
    }
}

core::Filter WhereaboutsSearch::idsFilter(std::span<const store::LinkedPerson> people, const std::vector<size_t> &places) const
{
    QList<core::Filter> any;
    any.reserve(qsizetype(places.size()));
    for (const size_t place : places)
        any.append(m_context.dialect.idFilter(people[place].sourceId, m_idAttributes));
    return core::Filter::any(any);
}

core::Result<void> WhereaboutsSearch::find(ldap::Session &session, std::span<const store::LinkedPerson> people,
                                           const Places &places, WhereaboutsAnswer &answer)
{
    std::vector<size_t> all(people.size());
    for (size_t place = 0; place < all.size(); ++place)
        all[place] = place;
    ldap::SearchRequest request;
    request.filter = idsFilter(people, all).toUtf8();
    request.attributes = m_slots;
    m_unsure.clear();
    std::vector<std::pair<size_t, core::Entry>> found;
    const auto searched = searchWide(session, request, [&](core::EntryBatch &&batch) {
        for (qsizetype i = 0; i < batch.size(); ++i) {
            const core::EntryView entry = batch.at(i);
            // The rule's slots come first in these, so its numbers hold.
            const auto place = places.constFind(m_context.dialect.idOf(entry, m_context.idSlots));
            if (place != places.cend())
                found.emplace_back(*place, entry.toEntry());
        }
        return true;
    });
    if (!searched)
        return searched;
    for (auto &[place, entry] : found) {
        Whereabouts &where = answer.people[place];
        if (!liesIn(entry.dn, m_context.scope.bases)) {
            where = Whereabouts::OutsideBase;
            continue;
        }
        switch (m_match->judge(entry)) {
        case core::Truth::False:
            where = Whereabouts::OutsideFilter;
            break;
        case core::Truth::True:
            where = Whereabouts::Inside;
            answer.inside.append(entry);
            break;
        case core::Truth::Unsure:
            m_unsure.push_back({place, std::move(entry), m_match->wasBlind()});
            break;
        }
    }
    return {};
}

core::Result<void> WhereaboutsSearch::askServer(ldap::Session &session, std::span<const store::LinkedPerson> people,
                                                const std::vector<size_t> &unsure, const Places &places,
                                                WhereaboutsAnswer &answer)
{
    if (unsure.empty())
        return {};
    ldap::SearchRequest request;
    request.filter = core::Filter::all({idsFilter(people, unsure), m_filter}).toUtf8();
    request.attributes = m_context.slotNames;
    std::vector<bool> matched(people.size());
    const auto searched = searchWide(session, request, [&](core::EntryBatch &&batch) {
        for (qsizetype i = 0; i < batch.size(); ++i) {
            const auto place = places.constFind(m_context.dialect.idOf(batch.at(i), m_context.idSlots));
            if (place != places.cend())
                matched[*place] = true;
        }
        return true;
    });
    if (!searched)
        return searched;
    for (const Unsure &one : m_unsure) {
        Whereabouts &where = answer.people[one.place];
        if (matched[one.place]) {
            where = Whereabouts::Inside;
            answer.inside.append(one.entry);
        } else {
            where = one.blind ? Whereabouts::Unclear : Whereabouts::OutsideFilter;
        }
    }
    return {};
}

core::Result<void> WhereaboutsSearch::askOtherRules(ldap::Session &session, std::span<const store::LinkedPerson> people,
                                                    const Places &places, WhereaboutsAnswer &answer)
{
    for (const OtherRule &other : m_context.otherRules) {
        std::vector<QByteArray> left;
        for (size_t place = 0; place < people.size(); ++place) {
            const Whereabouts where = answer.people[place];
            if (where == Whereabouts::OutsideBase || where == Whereabouts::OutsideFilter)
                left.push_back(people[place].sourceId);
        }
        if (left.empty())
            return {};
        const auto meant = meantBy(session, m_context, other.scope, left);
        if (!meant)
            return core::fail(meant.error());
        for (const QByteArray &id : *meant) {
            if (const auto place = places.constFind(id); place != places.cend())
                answer.people[*place] = Whereabouts::OtherRule;
        }
    }
    return {};
}

core::Result<void> WhereaboutsSearch::askForDeleted(ldap::Session &session, std::span<const store::LinkedPerson> people,
                                                    const Places &places, WhereaboutsAnswer &answer)
{
    std::vector<size_t> gone;
    for (size_t place = 0; place < people.size(); ++place) {
        if (answer.people[place] == Whereabouts::NotVisible)
            gone.push_back(place);
    }
    if (gone.empty() || !m_showsDeleted)
        return {};
    ldap::SearchRequest request;
    request.base = QByteArrayLiteral("CN=Deleted Objects,") + session.serverInfo()->defaultNamingContext.toUtf8();
    request.scope = ldap::Scope::OneLevel;
    request.filter = core::Filter::all({core::Filter::equality("isDeleted", "TRUE"), idsFilter(people, gone)}).toUtf8();
    request.attributes = m_context.slotNames;
    request.controls = {{kShowDeleted}};
    const auto end = session.search(request, [&](core::EntryBatch &&batch) {
        for (qsizetype i = 0; i < batch.size(); ++i) {
            const auto place = places.constFind(m_context.dialect.idOf(batch.at(i), m_context.idSlots));
            if (place != places.cend() && answer.people[*place] == Whereabouts::NotVisible)
                answer.people[*place] = Whereabouts::Deleted;
        }
        return true;
    });
    if (end)
        return {};
    if (!isRefusal(end.error()))
        return core::fail(end.error());
    m_showsDeleted = false; // the account may not look: nothing is confirmed
    return {};
}

core::Result<WhereaboutsAnswer> WhereaboutsSearch::lookUp(ldap::Session &session, std::span<const store::LinkedPerson> people)
{
    m_session = &session;
    m_probeError.reset();
    if (auto prepared = prepare(session); !prepared)
        return core::fail(prepared.error());
    WhereaboutsAnswer answer{std::vector<Whereabouts>(people.size(), Whereabouts::NotVisible),
                             core::EntryBatch(m_context.slotNames)};
    for (size_t from = 0; from < people.size(); from += kAtOnce) {
        const auto some = people.subspan(from, std::min(kAtOnce, people.size() - from));
        WhereaboutsAnswer part{std::vector<Whereabouts>(some.size(), Whereabouts::NotVisible), std::move(answer.inside)};
        Places places;
        places.reserve(qsizetype(some.size()));
        for (size_t place = 0; place < some.size(); ++place)
            places.insert(some[place].sourceId, place);
        auto done = find(session, some, places, part);
        std::vector<size_t> unsure;
        for (const Unsure &one : m_unsure)
            unsure.push_back(one.place);
        if (done)
            done = askServer(session, some, unsure, places, part);
        if (done)
            done = askOtherRules(session, some, places, part);
        if (done)
            done = askForDeleted(session, some, places, part);
        if (done && m_probeError)
            done = core::fail(*m_probeError);
        if (!done)
            return core::fail(done.error());
        std::copy(part.people.begin(), part.people.end(), answer.people.begin() + qsizetype(from));
        answer.inside = std::move(part.inside);
    }
    return answer;
}

bool WhereaboutsSearch::canRead(const QByteArray &attribute)
{
    const auto known = m_readable.constFind(attribute);
    if (known != m_readable.cend())
        return *known;
    ldap::SearchRequest request;
    request.filter = core::Filter::present(attribute).toUtf8();
    request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{attribute});
    request.limit = 1;
    bool seen = false;
    const auto searched = searchWide(*m_session, request, [&](core::EntryBatch &&batch) {
        for (qsizetype i = 0; i < batch.size(); ++i)
            seen |= batch.at(i).has(0);
        return true;
    });
    if (!searched)
        m_probeError = searched.error();
    m_readable.insert(attribute, seen);
    return seen;
}

core::Result<bool> WhereaboutsSearch::anybodyBelow(ldap::Session &session, const QByteArray &unit)
{
    ldap::SearchRequest request;
    request.base = unit;
    request.filter = m_context.scope.filter;
    request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{"1.1"}); // RFC 4511 4.5.1.8: no attributes
    request.limit = 1;
    request.controls = m_controls;
    bool anybody = false;
    const auto end = session.search(request, [&](core::EntryBatch &&batch) {
        anybody |= batch.size() > 0;
        return true;
    });
    if (!end && !isRefusal(end.error()))
        return core::fail(end.error());
    return anybody;
}

QStringList WhereaboutsSearch::reasons() const
{
    QStringList reasons;
    if (!m_match)
        return reasons;
    const auto join = [](const QSet<QByteArray> &names) {
        QStringList list;
        for (const QByteArray &name : names)
            list.append(QString::fromUtf8(name));
        list.sort();
        return list.join(QStringLiteral(", "));
    };
    if (!m_match->unknown().isEmpty())
        reasons << QStringLiteral("the directory's schema has no %1, which the filter asks for").arg(join(m_match->unknown()));
    if (!m_match->unreadable().isEmpty())
        reasons << QStringLiteral("the account sees nobody's %1, which the filter asks for").arg(join(m_match->unreadable()));
    return reasons;
}

} // namespace gatehouse::provision
