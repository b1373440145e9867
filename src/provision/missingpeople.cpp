// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/missingpeople.h"

#include "store/environment.h"

#include <QDateTime>

#include <algorithm>

namespace gatehouse::provision {

namespace {

constexpr size_t kAtOnce = 1000;       ///< people asked for before their steps are planned
constexpr qint64 kLeastShort = 10;     ///< so many in scope whom the read did not deliver may be the directory's own changes
constexpr qint64 kShortPerThousand = 1;
constexpr qint64 kUnitPeople = 5;      ///< from so many on a unit is looked at

} // namespace

MissingPeople::MissingPeople(store::Environment &environment, const RuleContext &context, Planner &planner, DirectoryReader &reader)
    : m_environment(environment), m_context(context), m_planner(planner), m_reader(reader),
      m_search(std::make_shared<WhereaboutsSearch>(context, planner.idAttributesSeen())),
      m_now(QDateTime::currentSecsSinceEpoch())
{
    for (const QByteArray &base : context.scope.bases) {
        if (auto dn = core::Dn::parse(QByteArrayView(base)))
            m_bases.push_back(*std::move(dn));
    }
    connect(&reader, &DirectoryReader::answered, this, [this](const std::optional<core::Error> &error) {
        if (m_done || !m_then)
            return;
        const auto then = std::exchange(m_then, nullptr);
        if (error)
            return finish(error);
        (this->*then)();
    });
}

void MissingPeople::start(qint64 only)
{
    m_whole = only == 0;
    m_rows = m_planner.missing(only);
    if (m_context.rule.guards.missingForSeconds > 0) {
        auto since = m_environment.links().missingSince(m_context.gateway.id, m_context.ruleRow);
        if (!since)
            return finish(since.error());
        m_since = *std::move(since);
    }
    QMetaObject::invokeMethod(this, [this] { next(); }, Qt::QueuedConnection);
}

void MissingPeople::ask(Question question, void (MissingPeople::*then)())
{
    m_then = then;
    m_reader.ask(std::move(question));
}

void MissingPeople::next()
{
    while (m_at < m_rows.size()) {
        const auto some = std::span(m_rows).subspan(m_at, std::min(kAtOnce, m_rows.size() - m_at));
        m_at += some.size();
        auto people = m_planner.unaccounted(some);
        if (!people)
            return finish(people.error());
        m_people = *std::move(people);
        if (m_people.empty())
            continue;
        m_asked = std::make_shared<std::vector<store::LinkedPerson>>();
        for (const MissingPerson &person : m_people)
            m_asked->push_back(person.link);
        m_answer = std::make_shared<std::optional<WhereaboutsAnswer>>();
        return ask([search = m_search, asked = m_asked, answer = m_answer](ldap::Session &session) -> core::Result<void> {
            auto found = search->lookUp(session, *asked);
            if (!found)
                return core::fail(found.error());
            answer->emplace(*std::move(found));
            return {};
        }, &MissingPeople::takeAnswer);
    }
    askUnits();
}

void MissingPeople::takeAnswer()
{
    if (auto settled = settle(); !settled)
        return finish(settled.error());
    if (isShort()) {
        return finish(core::Error{core::Code::Protocol, QStringLiteral("The directory did not deliver everybody"),
                                  QStringLiteral("It called its answer complete with %1 entries, and then showed %2 more people "
                                                 "of the rule when asked for them by their ids. Nothing was changed. Look for a "
                                                 "limit of the server or of a proxy before it, and run the rule again.")
                                      .arg(m_planner.read() - m_inside).arg(m_inside),
                                  m_context.rule.name});
    }
    emit progressed(qint64(m_at), qint64(m_rows.size()));
    next();
}

bool MissingPeople::isShort() const
{
    return m_whole && m_inside >= kLeastShort && m_inside * 1000 > kShortPerThousand * m_planner.provisioned();
}

core::Result<void> MissingPeople::settle()
{
    const WhereaboutsAnswer &answer = **m_answer;
    for (size_t place = 0; place < m_people.size(); ++place) {
        const MissingPerson &person = m_people[place];
        switch (answer.people[place]) {
        case Whereabouts::Inside:
            break; // planned below, by its entry
        case Whereabouts::Unclear:
            ++m_unclear;
            m_planner.leaveAlone();
            break;
        case Whereabouts::OtherRule:
            m_planner.leaveToAnother();
            break;
        case Whereabouts::OutsideBase:
        case Whereabouts::OutsideFilter:
            if (auto planned = m_planner.planGone(person, departureOf(answer.people[place])); !planned)
                return planned;
            break;
        case Whereabouts::NotVisible:
        case Whereabouts::Deleted:
            if (auto planned = settleVanished(person, departureOf(answer.people[place])); !planned)
                return planned;
            break;
        }
    }
    m_inside += answer.inside.size();
    return m_planner.plan(answer.inside);
}

core::Result<void> MissingPeople::settleVanished(const MissingPerson &person, core::Departure departure)
{
    m_notShown.push_back(person.user.row);
    if (departure == core::Departure::NotVisible && m_whole)
        countUnits(person.link.sourceDn);
    const int wait = m_context.rule.guards.missingForSeconds;
    if (wait > 0 && m_now - m_since.value(person.user.row, m_now) < wait) {
        ++m_waiting;
        m_planner.leaveAlone();
        return {};
    }
    return m_planner.planGone(person, departure);
}

void MissingPeople::countUnits(const QByteArray &dn)
{
    auto unit = core::Dn::parse(QByteArrayView(dn));
    if (!unit)
        return;
    const auto inScope = [&](const core::Dn &one) {
        return std::any_of(m_bases.cbegin(), m_bases.cend(), [&](const core::Dn &base) { return one.isSameOrBelow(base); });
    };
    for (*unit = unit->parent(); !unit->isEmpty() && inScope(*unit); *unit = unit->parent()) {
        Unit &counted = m_units[unit->key()];
        if (counted.vanished++ == 0) {
            counted.dn = unit->toUtf8();
            counted.depth = unit->rdns().size();
        }
    }
}

void MissingPeople::askUnits()
{
    std::vector<Unit> units;
    for (const Unit &unit : std::as_const(m_units)) {
        if (unit.vanished >= kUnitPeople)
            units.push_back(unit);
    }
    m_units.clear();
    if (units.empty() || !m_context.rule.guards.unitLoss)
        return finish({});
    std::sort(units.begin(), units.end(), [](const Unit &one, const Unit &other) {
        return one.depth != other.depth ? one.depth < other.depth : one.dn < other.dn;
    });
    m_emptyUnits = std::make_shared<QList<QByteArray>>();
    ask([search = m_search, units = std::move(units), empty = m_emptyUnits](ldap::Session &session) -> core::Result<void> {
        for (const Unit &unit : units) {
            if (liesIn(unit.dn, *empty))
                continue; // the unit above is lost
            const auto anybody = search->anybodyBelow(session, unit.dn);
            if (!anybody)
                return core::fail(anybody.error());
            if (!*anybody)
                empty->append(unit.dn);
        }
        return {};
    }, &MissingPeople::takeUnits);
}

void MissingPeople::takeUnits()
{
    for (const QByteArray &unit : std::as_const(*m_emptyUnits))
        m_lostUnits.append(QString::fromUtf8(unit));
    finish({});
}

QStringList MissingPeople::notes() const
{
    QStringList notes;
    if (m_unclear > 0) {
        notes << QStringLiteral("Nothing is done to %1 whom the read did not deliver, although the directory has them: %2.")
                     .arg(m_unclear == 1 ? QStringLiteral("1 person") : QStringLiteral("%1 people").arg(m_unclear),
                          m_search->reasons().join(QStringLiteral("; ")));
    }
    if (m_waiting > 0) {
        notes << QStringLiteral("%1 missing for less than %2 s: nothing is done yet (missingForSeconds).")
                     .arg(m_waiting == 1 ? QStringLiteral("1 person is") : QStringLiteral("%1 people are").arg(m_waiting))
                     .arg(m_context.rule.guards.missingForSeconds);
    }
    return notes;
}

void MissingPeople::finish(std::optional<core::Error> error)
{
    m_done = true;
    QMetaObject::invokeMethod(this, [this, error] { emit finished(error); }, Qt::QueuedConnection);
}

} // namespace gatehouse::provision
