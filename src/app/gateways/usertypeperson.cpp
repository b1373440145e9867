// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/usertypeperson.h"

#include "app/gateways/usertyperows.h"
#include "provision/soundrows.h"
#include "signon/prospect.h"
#include "store/environment.h"
#include "store/identities.h"

#include <QCoreApplication>

namespace gatehouse::app {

using provision::PersonOutcome;
using provision::RowOutcome;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::UserTypePerson)
};

QStringList groupNames(const QList<store::GroupChange> &changes, bool before)
{
    QStringList names;
    for (const store::GroupChange &change : changes) {
        const bool has = before ? change.kind != store::GroupChange::Kind::Added : change.kind != store::GroupChange::Kind::Removed;
        if (has)
            names.append(change.group.displayName);
    }
    return names;
}

core::Value listValue(const QStringList &names)
{
    return names.isEmpty() ? core::Value() : core::Value(names);
}

/// Whose record the sign-on would be about.
core::Result<std::optional<core::User>> userOf(store::Environment &environment, const EditedUserType &edited,
                                               const signon::FoundEntry &found, const QString &identifier, PersonOutcome &outcome)
{
    std::optional<core::User> user;
    if (found.sourceId.isEmpty()) {
        outcome.problems.append({{}, core::ProblemCode::MissingIdentifier,
                                 Words::tr("The entry shows no immutable id (entryUUID, objectGUID or the like) to the gateway's account")});
    } else {
        auto linked = signon::linkedUser(environment, edited.gateway, found.sourceId);
        if (!linked)
            return linked;
        user = *std::move(linked);
    }
    const QString key = user ? QString() : core::usernameKey(identifier);
    if (!key.isEmpty()) {
        const auto matches = environment.identities().usersByUsernameKey({key}, edited.gateway.id);
        if (!matches)
            return core::fail(matches.error());
        const auto match = matches->constFind(key);
        if (match != matches->cend()) {
            auto known = environment.identities().user(match->userRow);
            if (!known)
                return core::fail(known.error());
            // Somebody of this gateway's is looked for by the link, not by the filter.
            if (known->authorityGateway == edited.gateway.name) {
                outcome.problems.append({{}, core::ProblemCode::TakenMatch,
                                         Words::tr("%1 is the user name of somebody who is linked to another entry").arg(identifier)});
                user = *std::move(known);
            }
        }
    }
    if (!user)
        return user;
    const QString foreign = signon::foreignReason(*user, edited.gateway);
    const bool others = user->authorityGateway == edited.gateway.name && !user->authorityUserType.isEmpty()
                        && user->authorityUserType != edited.storedName;
    if (!foreign.isEmpty())
        outcome.problems.append({{}, core::ProblemCode::NotAllowed,
                                 Words::tr("They sign on through another gateway, “%1”").arg(user->authorityGateway)});
    else if (others)
        outcome.problems.append({{}, core::ProblemCode::NotAllowed,
                                 Words::tr("They sign on by another user type, “%1”").arg(user->authorityUserType)});
    return user;
}

void tell(RowOutcome &row, const QString &target, bool written, const QList<core::Problem> &problems)
{
    for (const core::Problem &problem : problems) {
        if (problem.attribute == target)
            row.problems.append(problem);
    }
    row.state = !row.problems.isEmpty()   ? RowOutcome::State::Problem
                : !written                ? RowOutcome::State::OnCreateOnly
                : row.before == row.after ? RowOutcome::State::Same
                                          : RowOutcome::State::Changed;
}

} // namespace

tl::expected<core::SignOnMapping, QList<core::Error>>
compileUserTypeRows(const QList<core::AttributeMapping> &rows, const std::shared_ptr<const core::AttributeCatalog> &catalog)
{
    return core::SignOnMapping::compile(userTypeMappings(rows), catalog);
}

core::Result<PersonOutcome> userTypePerson(store::Environment &environment, const EditedUserType &edited, const TriedPerson &person,
                                           const QList<core::AttributeMapping> &rows)
{
    PersonOutcome outcome;
    outcome.dn = person.entry->dn;
    outcome.rows.resize(rows.size());
    const auto all = compileUserTypeRows(rows, environment.catalog());
    const provision::SoundRows sound = provision::soundRows(rows, all ? QList<core::Error>() : all.error());
    for (qsizetype place = 0; place < rows.size(); ++place) {
        if (!sound.places.contains(place))
            outcome.rows[place] = {RowOutcome::State::Faulty, {}, {}, {}, sound.faults.value(place)};
    }
    const auto mapping = compileUserTypeRows(sound.rows, environment.catalog());
    if (!mapping)
        return core::fail(mapping.error().constFirst());
    const signon::FoundEntry found = signon::foundEntry(*person.entry, edited.gateway, edited.userType);
    auto user = userOf(environment, edited, found, person.identifier, outcome);
    if (!user)
        return core::fail(user.error());
    const signon::Ground ground{edited.gateway, edited.userType, &found, *user ? &**user : nullptr, edited.population};
    const auto *nested = std::any_cast<signon::NestedGroups>(&person.evidence);
    auto prospect = signon::prospectOf(environment, ground, &*mapping, nested);
    if (!prospect)
        return core::fail(prospect.error());
    QList<core::Problem> problems = prospect->problems;
    if (const auto *error = std::any_cast<core::Error>(&person.evidence); error && mapping->mapsGroups())
        problems.append({core::kExternalGroupNames, core::ProblemCode::NotAllowed,
                         Words::tr("Groups through other groups cannot be read: %1").arg(error->text())});

    const signon::Intent intent = signon::intentOf(edited.userType, user->has_value(), true);
    const bool written = intent.creates || intent.updates;
    // Without groups of its own the plan takes all away: those are today's.
    store::SignOn without = prospect->record;
    without.groups = QList<store::ExternalGroup>();
    const auto today = environment.signOns().plan(without);
    if (!today)
        return core::fail(today.error());
    const core::AttributeCatalog &catalog = *environment.catalog();
    QStringList named{core::kExternalGroupNames};
    for (qsizetype i = 0; i < sound.places.size(); ++i) {
        RowOutcome &row = outcome.rows[sound.places.at(i)];
        const QString &target = sound.rows.at(i).target;
        named.append(target);
        if (target == core::kExternalGroupNames) {
            row.before = listValue(groupNames(today->groups, true));
            row.after = prospect->groups ? listValue(groupNames(*prospect->groups, false)) : row.before;
        } else {
            const int number = catalog.find(target);
            row.before = *user ? (*user)->values.get(number) : core::Value();
            row.after = written ? prospect->record.user.values.get(number) : row.before;
        }
        tell(row, target, written, problems);
    }
    for (const core::Problem &problem : std::as_const(problems)) {
        if (!named.contains(problem.attribute))
            outcome.problems.append(problem);
    }
    if (prospect->groups) {
        outcome.newGroups = std::count_if(prospect->groups->cbegin(), prospect->groups->cend(), [](const store::GroupChange &change) {
            return change.isNewGroup && change.kind == store::GroupChange::Kind::Added;
        });
    }
    const bool changes = std::any_of(outcome.rows.cbegin(), outcome.rows.cend(), [](const RowOutcome &row) {
        return row.state == RowOutcome::State::Changed;
    });
    outcome.existing = user->has_value();
    outcome.username = *user ? (*user)->values.text(catalog.username()) : prospect->record.user.values.text(catalog.username());
    outcome.allowed = written;
    const bool refused = !problems.isEmpty() || !outcome.problems.isEmpty();
    outcome.action = refused                      ? core::Action::Failed
                     : intent.creates             ? core::Action::Create
                     : intent.updates && changes  ? core::Action::Update
                                                  : core::Action::None;
    return outcome;
}

} // namespace gatehouse::app
