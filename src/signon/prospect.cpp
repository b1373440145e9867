// SPDX-License-Identifier: GPL-3.0-or-later
#include "signon/prospect.h"

#include "core/config/gateway.h"
#include "core/dn.h"
#include "store/entryowners.h"
#include "store/identities.h"
#include "store/links.h"

#include <QSet>

namespace gatehouse::signon {

using core::ProblemCode;
using core::Result;

namespace {

/// The names of the groups, direct ones first, into the record. @p now: those that the user is in.
void mapGroups(const Ground &ground, const core::SignOnMapping &mapping, const NestedGroups *nested, const QStringList &now,
               Prospect &prospect)
{
    const FoundEntry &found = *ground.found;
    QList<core::Problem> known; // evaluate() has told them
    const QStringList direct = mapping.groupNames(found.entry, found.active, known);
    if (direct.isEmpty() && ground.kept.contains(core::kExternalGroupNames))
        return; // memberships stay
    QList<store::ExternalGroup> groups;
    for (const QString &name : direct)
        groups.append(store::externalGroup(name));
    const QByteArray source = mapping.groupSource();
    if (ground.userType.newUserLookup->nestedGroups && source.isEmpty()) {
        prospect.problems.append({core::kExternalGroupNames, ProblemCode::InvalidValue,
                                  QStringLiteral("nested groups need a mapping of External Group Names from one attribute, e.g. "
                                                 "memberOf")});
    } else if (nested) {
        // Nested groups take the way of the direct ones, through the mapping.
        core::Entry all{found.entry.dn, {{source, found.entry.values(source) + nested->dns}}};
        for (const core::Attribute &attribute : found.entry.attributes) {
            if (attribute.name.compare(source, Qt::CaseInsensitive) != 0)
                all.attributes.append(attribute);
        }
        QSet<QByteArray> seen;
        for (const QString &name : direct)
            seen.insert(core::dnKey(name.toUtf8()));
        for (const QString &name : mapping.groupNames(all, found.active, known)) {
            const QByteArray key = core::dnKey(name.toUtf8());
            if (!seen.contains(key))
                groups.append(store::externalGroup(name, false));
            seen.insert(key);
        }
        // What could not be read takes nobody out of a group.
        for (const QString &name : nested->isWhole ? QStringList() : now) {
            if (!seen.contains(core::dnKey(name.toUtf8())))
                groups.append(store::externalGroup(name, false));
        }
        for (auto path = nested->paths.begin(); path != nested->paths.end(); ++path) {
            QStringList names;
            for (const QByteArray &dn : path.value())
                names.append(store::externalGroup(QString::fromUtf8(dn)).displayName);
            prospect.groupPaths.insert(QString::fromUtf8(path.key()), names);
        }
    }
    prospect.record.groups = groups;
}

void mapUser(const Ground &ground, const core::SignOnMapping &mapping, const core::AttributeCatalog &catalog, Prospect &prospect)
{
    core::User &user = prospect.record.user;
    if (!ground.user) {
        user.population = ground.population;
        if (ground.population == 0)
            prospect.problems.append({QStringLiteral("population"), ProblemCode::InvalidValue,
                                      QStringLiteral("there is no population \"%1\"").arg(ground.userType.newUserLookup->population)});
    }
    const core::MappedSignOn mapped = mapping.evaluate(ground.found->entry, ground.found->active);
    for (const core::Problem &problem : mapped.problems) {
        if (!ground.kept.contains(problem.attribute)) // its value stays
            prospect.problems.append(problem);
    }
    for (const int target : mapping.targets()) {
        const core::Value before = user.values.get(target);
        const bool stays = ground.kept.contains(catalog.at(target).name) && core::isNull(mapped.values.get(target));
        const core::Value &after = stays ? before : mapped.values.get(target);
        prospect.attributes.append({catalog.at(target).name, before, after});
        user.values.set(target, after);
    }
}

} // namespace

Intent intentOf(const core::UserType &userType, bool known, bool found)
{
    const bool migrates = userType.newUserLookup.has_value();
    return {!known && migrates,
            known && found && migrates && userType.updateUserOnSuccessfulAuthentication
                && userType.passwordAuthority == core::PasswordAuthority::Ldap,
            !known && !migrates};
}

Result<std::optional<core::User>> linkedUser(store::Environment &environment, const core::Gateway &gateway, const QByteArray &sourceId)
{
    const auto owner = environment.links().userOf(gateway.id, sourceId);
    if (!owner)
        return core::fail(owner.error());
    store::EntryOwner entry{*owner};
    store::EntryOwner *const asked[] = {&entry};
    std::vector<core::User> users;
    if (auto found = store::findOwners(environment.identities(), gateway.id, core::MatchBy::LinkAlone, asked, users); !found)
        return core::fail(found.error());
    return entry.user ? std::optional(*entry.user) : std::nullopt;
}

QString foreignReason(const core::User &user, const core::Gateway &gateway)
{
    if (user.authorityGateway.isEmpty() || user.authorityGateway == gateway.name)
        return {};
    return QStringLiteral("the user signs on through the gateway \"%1\"").arg(user.authorityGateway);
}

QString disabledReason(const core::User &user, const core::AttributeCatalog &catalog)
{
    return user.values.get(catalog.enabled()) == core::Value(false) ? QStringLiteral("the user is disabled in the identity directory")
                                                                    : QString();
}

Result<Prospect> prospectOf(store::Environment &environment, const Ground &ground, const core::SignOnMapping *mapping,
                            const NestedGroups *nested)
{
    Prospect prospect;
    const core::AttributeCatalog &catalog = *environment.catalog();
    if (const QString reason = ground.user ? disabledReason(*ground.user, catalog) : QString(); !reason.isEmpty())
        prospect.problems.append({{}, ProblemCode::NotAllowed, reason});
    const Intent intent = intentOf(ground.userType, ground.user != nullptr, ground.found != nullptr);
    if (intent.readThrough)
        return prospect;
    store::SignOn &record = prospect.record;
    if (ground.user)
        record.user = *ground.user;
    record.user.authorityGateway = ground.gateway.name;
    record.user.authorityUserType = ground.userType.name;
    record.gateway = ground.gateway.name;
    record.gatewayId = ground.gateway.id;
    if (ground.found) {
        record.sourceId = ground.found->sourceId;
        record.sourceDn = ground.found->entry.dn;
        record.correlationAttributes = ground.found->correlationAttributes;
    }
    if (mapping && ground.found && (intent.creates || intent.updates)) {
        mapUser(ground, *mapping, catalog, prospect);
        if (mapping->mapsGroups()) {
            const auto now = ground.user ? environment.signOns().groupNames(ground.user->row, ground.gateway.name)
                                         : Result<QStringList>(QStringList());
            if (!now)
                return core::fail(now.error());
            mapGroups(ground, *mapping, nested, *now, prospect);
        }
    }
    const auto plan = environment.signOns().plan(record);
    if (!plan)
        return core::fail(plan.error());
    for (const core::Problem &problem : plan->problems) {
        // The mapping has said of the attribute already why it has no value.
        const bool known = std::any_of(prospect.problems.begin(), prospect.problems.end(), [&](const core::Problem &other) {
            return !problem.attribute.isEmpty() && other.attribute == problem.attribute;
        });
        if (!known)
            prospect.problems.append(problem);
    }
    if (record.groups)
        prospect.groups = plan->groups;
    return prospect;
}

} // namespace gatehouse::signon
