// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/decide.h"

#include "core/config/connection.h"

#include <algorithm>

namespace gatehouse::core {

namespace {

Step stepFor(const QByteArray &id, const QByteArray &dn, const User *user, const AttributeCatalog &catalog)
{
    Step step;
    step.source.id = id;
    step.source.name = dn;
    if (user) {
        step.target.id = user->id.toRfc4122();
        step.target.name = user->values.text(catalog.username()).toUtf8();
        step.revision = user->revision;
    }
    return step;
}

bool isEnabled(const User &user, const AttributeCatalog &catalog)
{
    const Value &value = user.values.get(catalog.enabled());
    const bool *flag = std::get_if<bool>(&value);
    return !flag || *flag;
}

/// Update, unless the change of `enabled` is what the step is about.
Action actionOf(const QList<AttributeChange> &changes, const QString &enabledName)
{
    for (const AttributeChange &change : changes) {
        if (change.name == enabledName)
            return change.after == Value(false) ? Action::Disable : Action::Enable;
    }
    return Action::Update;
}

bool mapsEnabled(const Mapping &mapping)
{
    return std::any_of(mapping.targets().begin(), mapping.targets().end(),
                       [&](const Mapping::Target &target) { return target.number == mapping.catalog().enabled(); });
}

/// What the switch shall be; nothing: it stays. Where `enabled` is mapped, the mapping says it; where not, the source's
/// state does, and then a rule enables only whom a rule has disabled.
std::optional<bool> wantedSwitch(const SourcePerson &person, const TargetUser &target, const Terms &terms)
{
    const AttributeCatalog &catalog = terms.mapping.catalog();
    const bool hadLeft = target.link.disabling == Disabling::Left;
    const bool wasInactive = target.link.disabling == Disabling::Inactive;
    std::optional<bool> wanted;
    bool mapped = false;
    for (const Mapping::Target &row : terms.mapping.targets()) {
        if (row.number != catalog.enabled())
            continue;
        mapped = true;
        const Value &value = person.mapped.values.get(row.number);
        // An absent value says nothing about the account; it is not a reason to shut it.
        const bool *flag = std::get_if<bool>(&value);
        if (flag && (isWritten(row.when, target.user, target.user->values.get(row.number)) || (hadLeft && !*flag)))
            wanted = *flag;
        else if (!flag && isWritten(row.when, target.user, {}))
            return std::nullopt;
    }
    if (!mapped && terms.preferences.users.disable && !person.active)
        wanted = false;
    // A person who has come back gets back in, and so does one whose account is active again.
    if (!wanted && (hadLeft || (!mapped && wasInactive && person.active)))
        wanted = true;
    if (wanted == false && !terms.preferences.users.disable)
        return std::nullopt;
    if (wanted == true && !mapped && !hadLeft && !wasInactive)
        return std::nullopt;
    return wanted;
}

LinkChange linkTo(const SourcePerson &person, const LinkState &before, Disabling disabling, const Terms &terms)
{
    return {terms.gateway, before, {person.id, person.dn, terms.rule, person.fingerprint, disabling}};
}

Decision decideCreate(const SourcePerson &person, const Terms &terms)
{
    const AttributeCatalog &catalog = terms.mapping.catalog();
    Decision decision{stepFor(person.id, person.dn, nullptr, catalog)};
    Step &step = decision.step;
    step.target.name = person.mapped.values.text(catalog.username()).toUtf8();
    step.action = Action::Create;
    step.frame = {{}, terms.frame};
    for (const auto &[number, value] : person.mapped.values)
        step.changes.append({catalog.at(number).name, {}, value});
    Value enabled = person.mapped.values.get(catalog.enabled());
    if (isNull(enabled)) {
        enabled = mapsEnabled(terms.mapping) || person.active || !terms.preferences.users.disable;
        step.changes.append({catalog.at(catalog.enabled()).name, {}, enabled});
    }
    step.link = linkTo(person, {}, enabled == Value(false) ? Disabling::Inactive : Disabling::None, terms);
    decision.notAllowed = !terms.preferences.users.create;
    return decision;
}

} // namespace

bool isWritten(MappingWhen when, const User *user, const Value &before)
{
    switch (when) {
    case MappingWhen::Always:
        break;
    case MappingWhen::OnCreate:
        return !user;
    case MappingWhen::WhenEmpty:
        return isNull(before);
    }
    return true;
}

Decision decide(const SourcePerson &person, const TargetUser &target, const Terms &terms)
{
    const AttributeCatalog &catalog = terms.mapping.catalog();
    if (!person.mapped.problems.isEmpty()) {
        Decision decision{stepFor(person.id, person.dn, target.user, catalog)};
        decision.step.action = Action::Failed;
        decision.step.problems = person.mapped.problems;
        if (decision.step.target.name.isEmpty())
            decision.step.target.name = person.mapped.values.text(catalog.username()).toUtf8();
        return decision;
    }
    if (!target.user)
        return decideCreate(person, terms);

    Decision decision{stepFor(person.id, person.dn, target.user, catalog)};
    Step &step = decision.step;
    const bool enabledNow = isEnabled(*target.user, catalog);
    const bool enabledAfter = wantedSwitch(person, target, terms).value_or(enabledNow);
    const bool byRule = !enabledAfter && (enabledNow || target.link.disabling != Disabling::None);
    step.link = linkTo(person, target.link, byRule ? Disabling::Inactive : Disabling::None, terms);
    if (step.ties() && terms.frame.authority && !terms.frame.authority->isHere())
        step.frame = {{}, {{}, terms.frame.authority}};
    const bool switches = enabledAfter != enabledNow;
    // Disabling decides by itself: without Update the switch is all that is written.
    const bool switchAlone = switches && !terms.preferences.users.update && !step.ties();
    for (const Mapping::Target &mapped : terms.mapping.targets()) {
        const Value &before = target.user->values.get(mapped.number);
        const Value &after = person.mapped.values.get(mapped.number);
        if (switchAlone || mapped.number == catalog.enabled() || before == after
            || !isWritten(mapped.when, target.user, before))
            continue;
        step.changes.append({catalog.at(mapped.number).name, before, after});
    }
    if (switches)
        step.changes.append({catalog.at(catalog.enabled()).name, enabledNow, enabledAfter});

    if (step.changes.isEmpty() && !step.ties()) {
        step.action = Action::None;
        return decision;
    }
    step.action = actionOf(step.changes, catalog.at(catalog.enabled()).name);
    decision.notAllowed = !terms.preferences.users.update && !switchAlone;
    return decision;
}

Decision decideGone(const QUuid &gateway, const LinkState &link, const User &user, const AttributeCatalog &catalog,
                    const Connection &preferences)
{
    Decision decision{stepFor(link.id, link.dn, &user, catalog)};
    Step &step = decision.step;
    if (!preferences.users.deprovision.enabled) {
        decision.notAllowed = true;
        return decision;
    }
    if (preferences.users.deprovision.removeAction == RemoveAction::Delete) {
        step.action = Action::Delete;
        step.link = {gateway, link, {}};
        for (const auto &[number, value] : user.values)
            step.changes.append({catalog.at(number).name, value, {}});
        return decision;
    }
    if (!isEnabled(user, catalog)) {
        step.action = Action::None;
        return decision;
    }
    step.action = Action::Disable;
    step.link = {gateway, link, {link.id, link.dn, link.rule, 0, Disabling::Left}};
    step.changes.append({catalog.at(catalog.enabled()).name, true, false});
    return decision;
}

} // namespace gatehouse::core
