// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/ruleperson.h"

#include "core/config/gateway.h"
#include "core/plan/decide.h"
#include "core/schemacheck.h"
#include "ldap/dialect.h"
#include "provision/soundrows.h"
#include "store/entryowners.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/links.h"
#include "store/schemas.h"

#include <QDateTime>

namespace gatehouse::provision {

namespace {

void tell(RowOutcome &row, const core::Mapping::Target &target, const core::AttributeCatalog &catalog,
          const core::User *user, const QList<core::AttributeChange> &changes, const QList<core::Problem> &problems)
{
    const QString &name = catalog.at(target.number).name;
    row.before = user ? user->values.get(target.number) : core::Value();
    row.after = row.before;
    for (const core::Problem &problem : problems) {
        if (problem.attribute == name)
            row.problems.append(problem);
    }
    if (!row.problems.isEmpty()) {
        row.state = RowOutcome::State::Problem;
        return;
    }
    if (!core::isWritten(target.when, user, row.before)) {
        row.state = target.when == core::MappingWhen::OnCreate ? RowOutcome::State::OnCreateOnly
                                                               : RowOutcome::State::NotEmpty;
        return;
    }
    for (const core::AttributeChange &change : changes) {
        if (change.name != name)
            continue;
        row.before = change.before;
        row.after = change.after;
        row.state = RowOutcome::State::Changed;
    }
}

core::Result<void> decide(store::Environment &environment, const core::Gateway &gateway, const core::Connection &preferences,
                          const core::Mapping &mapping, const SoundRows &sound, const core::Entry &entry, PersonOutcome &outcome)
{
    const ldap::Dialect dialect(gateway.vendor);
    core::SlotNames names = mapping.sources();
    names += dialect.idAttributes() + dialect.activeAttributes();
    core::EntryBatch batch(std::make_shared<const core::SlotNames>(names));
    const auto schema = environment.schemas().load(gateway.id);
    batch.append(schema && *schema ? core::withAliases(entry, names, **schema) : entry);
    const core::EntryView view = batch.at(0);
    QList<int> idSlots, activeSlots;
    for (const QByteArray &name : dialect.idAttributes())
        idSlots.append(batch.slotOf(name));
    for (const QByteArray &name : dialect.activeAttributes())
        activeSlots.append(batch.slotOf(name));

    core::SourcePerson person;
    person.id = dialect.idOf(view, idSlots);
    person.dn = entry.dn;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    person.active = dialect.isActive(view, activeSlots, now);
    person.mapped = mapping.evaluate(view, person.active, now);
    const core::AttributeCatalog &catalog = mapping.catalog();
    const QString username = person.mapped.values.text(catalog.username());
    std::optional<store::Link> link;
    if (!person.id.isEmpty()) {
        auto found = environment.links().find(gateway.id, person.id);
        if (!found)
            return core::fail(found.error());
        link = *found;
    }
    store::EntryOwner owner{link ? link->userRow : 0, core::usernameKey(username)};
    store::EntryOwner *const asked[] = {&owner};
    std::vector<core::User> users;
    if (auto found = store::findOwners(environment.identities(), gateway.id, core::MatchBy::LinkOrName, asked, users); !found)
        return found;
    if (owner.holder != 0) {
        const QString &name = catalog.at(catalog.username()).name;
        person.mapped.problems.append({name, core::ProblemCode::UniquenessViolation,
                                       QStringLiteral("The username %1 belongs to somebody else already").arg(username)});
    }
    const core::User *user = owner.user;
    outcome.existing = user != nullptr;
    outcome.username = user ? user->values.text(catalog.username()) : username;

    // One attribute's problem fails the person; what the other rows would write is still worth seeing.
    const QList<core::Problem> problems = std::exchange(person.mapped.problems, {});
    const core::LinkState tie = link ? core::LinkState{person.id, {}, {}, link->fingerprint, link->disabling}
                                     : core::LinkState();
    const core::Decision decision = core::decide(person, {user, tie}, {mapping, preferences});
    outcome.action = problems.isEmpty() ? decision.step.action : core::Action::Failed;
    outcome.allowed = !decision.notAllowed;
    for (qsizetype i = 0; i < sound.places.size(); ++i) {
        const core::Mapping::Target &target = mapping.targets()[size_t(i)];
        RowOutcome &row = outcome.rows[sound.places.at(i)];
        tell(row, target, catalog, user, decision.step.changes, problems);
    }
    return {};
}

} // namespace

core::Result<PersonOutcome> rulePerson(store::Environment &environment, const core::Gateway &gateway, const core::Connection &preferences,
                                       const core::Entry &entry, const QList<core::AttributeMapping> &rows)
{
    PersonOutcome outcome;
    outcome.dn = entry.dn;
    outcome.rows.resize(rows.size());
    const SoundRows sound = soundRows(rows, environment.catalog());
    for (qsizetype place = 0; place < rows.size(); ++place) {
        if (!sound.places.contains(place))
            outcome.rows[place] = {RowOutcome::State::Faulty, {}, {}, {}, sound.faults.value(place)};
    }
    const auto mapping = core::Mapping::compile(sound.rows, environment.catalog());
    if (!mapping)
        return core::fail(mapping.error().constFirst());
    if (auto decided = decide(environment, gateway, preferences, *mapping, sound, entry, outcome); !decided)
        return core::fail(decided.error());
    return outcome;
}

} // namespace gatehouse::provision
