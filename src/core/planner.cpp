// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/planner.h"

namespace gatehouse::core {

namespace {

constexpr qint64 kPercentCountsFrom = 10;

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

Decision decideCreate(const SourcePerson &person, const Mapping &mapping, const Connection &preferences)
{
    const AttributeCatalog &catalog = mapping.catalog();
    Decision decision{stepFor(person.id, person.dn, nullptr, catalog)};
    PlanStep &step = decision.step;
    step.username = person.mapped.values.text(catalog.username());
    step.fingerprint = person.fingerprint;
    step.action = Action::Create;
    bool enabledIsMapped = false;
    for (const auto &[number, value] : person.mapped.values) {
        step.changes.append({catalog.at(number).name, {}, value});
        enabledIsMapped |= number == catalog.enabled();
    }
    if (!enabledIsMapped)
        step.changes.append({catalog.at(catalog.enabled()).name, {}, true});
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
    bool enabledDecided = false;
    for (const Mapping::Target &mapped : mapping.targets()) {
        const Value &before = target.user->values.get(mapped.number);
        const Value &after = person.mapped.values.get(mapped.number);
        if (!isWritten(mapped.when, target.user, before))
            continue;
        if (mapped.number == catalog.enabled()) {
            enabledDecided = true;
            // An absent value says nothing about the account; it is not a reason to shut it.
            const bool now = isEnabled(*target.user, catalog);
            if (isNull(after) || after == Value(now))
                continue;
            if (after == Value(false) && !preferences.disableUsers)
                continue;
            step.changes.append({catalog.at(mapped.number).name, now, after});
            continue;
        }
        if (before != after)
            step.changes.append({catalog.at(mapped.number).name, before, after});
    }
    // A person who has come back gets back in, unless the directory says that the account is disabled.
    if (target.deprovisioned && !enabledDecided && !isEnabled(*target.user, catalog))
        step.changes.append({catalog.at(catalog.enabled()).name, false, true});

    if (step.changes.isEmpty() && !step.link) {
        step.action = Action::None;
        return decision;
    }
    step.action = actionOf(step.changes, catalog.at(catalog.enabled()).name);
    decision.notAllowed = !preferences.updateUsers;
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
    step.changes.append({catalog.at(catalog.enabled()).name, true, false});
    return decision;
}

QList<GuardVerdict> judge(const Guards &guards, qint64 deprovisions, qint64 provisioned)
{
    QList<GuardVerdict> verdicts;
    if (guards.maxDeprovisions >= 0) {
        verdicts.append({QStringLiteral("maxDeprovisions"), double(guards.maxDeprovisions), double(deprovisions),
                         deprovisions > guards.maxDeprovisions});
    }
    if (guards.maxDeprovisionPercent >= 0) {
        const double percent = provisioned > 0 ? 100.0 * double(deprovisions) / double(provisioned) : 0.0;
        verdicts.append({QStringLiteral("maxDeprovisionPercent"), double(guards.maxDeprovisionPercent), percent,
                         provisioned >= kPercentCountsFrom && percent > guards.maxDeprovisionPercent});
    }
    return verdicts;
}

} // namespace gatehouse::core
