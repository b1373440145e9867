// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/planner.h"

#include <algorithm>

namespace gatehouse::core {

namespace {

PlanStep stepFor(const QByteArray &id, const QByteArray &dn, const User *user, const AttributeCatalog &catalog)
{
    PlanStep step;
    step.sourceId = id;
    step.sourceDn = dn;
    if (user) {
        step.targetRow = user->row;
        step.targetId = user->id;
        step.revision = user->revision;
        step.username = user->values.text(catalog.username());
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
std::optional<bool> wantedSwitch(const SourcePerson &person, const TargetUser &target, const Mapping &mapping,
                                 const Connection &preferences)
{
    const AttributeCatalog &catalog = mapping.catalog();
    const bool byRule = target.deprovisioned || target.inactive;
    std::optional<bool> wanted;
    bool mapped = false;
    for (const Mapping::Target &row : mapping.targets()) {
        if (row.number != catalog.enabled())
            continue;
        mapped = true;
        const Value &value = person.mapped.values.get(row.number);
        // An absent value says nothing about the account; it is not a reason to shut it.
        const bool *flag = std::get_if<bool>(&value);
        if (flag && (isWritten(row.when, target.user, target.user->values.get(row.number)) || (target.deprovisioned && !*flag)))
            wanted = *flag;
        else if (!flag && isWritten(row.when, target.user, {}))
            return std::nullopt;
    }
    if (!mapped && preferences.disableUsers && !person.active)
        wanted = false;
    // A person who has come back gets back in, and so does one whose account is active again.
    if (!wanted && (target.deprovisioned || (!mapped && target.inactive && person.active)))
        wanted = true;
    if (wanted == false && !preferences.disableUsers)
        return std::nullopt;
    if (wanted == true && !mapped && !byRule)
        return std::nullopt;
    return wanted;
}

Decision decideCreate(const SourcePerson &person, const Mapping &mapping, const Connection &preferences)
{
    const AttributeCatalog &catalog = mapping.catalog();
    Decision decision{stepFor(person.id, person.dn, nullptr, catalog)};
    PlanStep &step = decision.step;
    step.username = person.mapped.values.text(catalog.username());
    step.fingerprint = person.fingerprint;
    step.action = Action::Create;
    for (const auto &[number, value] : person.mapped.values)
        step.changes.append({catalog.at(number).name, {}, value});
    Value enabled = person.mapped.values.get(catalog.enabled());
    if (isNull(enabled)) {
        enabled = mapsEnabled(mapping) || person.active || !preferences.disableUsers;
        step.changes.append({catalog.at(catalog.enabled()).name, {}, enabled});
    }
    if (enabled == Value(false))
        step.disabling = Disabling::Inactive;
    decision.notAllowed = !preferences.createUsers;
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

Decision decide(const SourcePerson &person, const TargetUser &target, const Mapping &mapping,
                const Connection &preferences)
{
    const AttributeCatalog &catalog = mapping.catalog();
    if (!person.mapped.problems.isEmpty()) {
        Decision decision{stepFor(person.id, person.dn, target.user, catalog)};
        decision.step.action = Action::Failed;
        decision.step.problems = person.mapped.problems;
        if (decision.step.username.isEmpty())
            decision.step.username = person.mapped.values.text(catalog.username());
        return decision;
    }
    if (!target.user)
        return decideCreate(person, mapping, preferences);

    Decision decision{stepFor(person.id, person.dn, target.user, catalog)};
    PlanStep &step = decision.step;
    step.fingerprint = person.fingerprint;
    step.link = !target.linked;
    const bool enabledNow = isEnabled(*target.user, catalog);
    const bool enabledAfter = wantedSwitch(person, target, mapping, preferences).value_or(enabledNow);
    if (!enabledAfter && (enabledNow || target.deprovisioned || target.inactive))
        step.disabling = Disabling::Inactive;
    const bool switches = enabledAfter != enabledNow;
    // Disabling decides by itself: without Update the switch is all that is written.
    const bool switchAlone = switches && !preferences.updateUsers && !step.link;
    for (const Mapping::Target &mapped : mapping.targets()) {
        const Value &before = target.user->values.get(mapped.number);
        const Value &after = person.mapped.values.get(mapped.number);
        if (switchAlone || mapped.number == catalog.enabled() || before == after || !isWritten(mapped.when, target.user, before))
            continue;
        step.changes.append({catalog.at(mapped.number).name, before, after});
    }
    if (switches)
        step.changes.append({catalog.at(catalog.enabled()).name, enabledNow, enabledAfter});

    if (step.changes.isEmpty() && !step.link) {
        step.action = Action::None;
        return decision;
    }
    step.action = actionOf(step.changes, catalog.at(catalog.enabled()).name);
    decision.notAllowed = !preferences.updateUsers && !switchAlone;
    return decision;
}

Decision decideGone(const QByteArray &id, const QByteArray &lastDn, const User &user, const AttributeCatalog &catalog,
                    const Connection &preferences)
{
    Decision decision{stepFor(id, lastDn, &user, catalog)};
    PlanStep &step = decision.step;
    if (!preferences.deprovisionUsers) {
        decision.notAllowed = true;
        return decision;
    }
    if (preferences.removeAction == RemoveAction::Delete) {
        step.action = Action::Delete;
        for (const auto &[number, value] : user.values)
            step.changes.append({catalog.at(number).name, value, {}});
        return decision;
    }
    if (!isEnabled(user, catalog)) {
        step.action = Action::None;
        return decision;
    }
    step.action = Action::Disable;
    step.disabling = Disabling::Left;
    step.changes.append({catalog.at(catalog.enabled()).name, true, false});
    return decision;
}

} // namespace gatehouse::core
