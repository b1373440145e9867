// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/inverse.h"

#include <QHash>

#include <utility>

namespace gatehouse::core {

namespace {

constexpr QLatin1String kEnabled{"enabled"};
constexpr QLatin1String kUsername{"username"};
constexpr QLatin1String kName{"name"};

/// Update, unless the switch is what changes.
Action actionOf(const QList<AttributeChange> &changes)
{
    for (const AttributeChange &change : changes) {
        if (change.name == kEnabled && change.before != change.after)
            return change.after == Value(false) ? Action::Disable : Action::Enable;
    }
    return Action::Update;
}

Action inverseAction(const Step &done, const QList<AttributeChange> &changes)
{
    switch (done.action) {
    case Action::Create: return Action::Delete;
    case Action::Delete: return Action::Create;
    case Action::Failed: return Action::None;
    case Action::None:
    case Action::Update:
    case Action::Enable:
    case Action::Disable: break;
    }
    const bool didNothing = done.changes.isEmpty() && done.memberships.isEmpty() && !done.link && !done.frame;
    return didNothing ? Action::None : actionOf(changes);
}

LinkChange inverse(const LinkChange &change)
{
    return {change.gateway, change.after, change.before};
}

} // namespace

Step inverse(const Step &step)
{
    Step back;
    back.source = step.source;
    back.target = step.target;
    if (step.action == Action::Failed)
        return back;
    back.revision = step.action == Action::Delete ? 0 : step.revision;
    const QLatin1String name = step.kind() == ObjectKind::User ? kUsername : kName;
    for (const AttributeChange &change : step.changes) {
        back.changes.append({change.name, change.after, change.before});
        // The name that the object has now.
        if (change.name == name && step.action != Action::Delete)
            back.target.name = displayText(change.after).toUtf8();
    }
    for (MembershipChange change : step.memberships) {
        change.added = !change.added;
        back.memberships.append(std::move(change));
    }
    if (step.link) {
        back.link = inverse(*step.link);
        if (back.link->after.exists())
            back.source = {ObjectKind::Entry, back.link->after.id, back.link->after.dn};
    }
    for (const LinkChange &link : step.otherLinks)
        back.otherLinks.append(inverse(link));
    if (step.frame)
        back.frame = {step.frame->after, step.frame->before};
    back.ring = step.ring;
    back.action = inverseAction(step, back.changes);
    return back;
}

QList<Step> inverse(std::span<const Step> steps)
{
    QHash<QByteArray, QList<QByteArray>> waited; // target -> who had waited for it
    for (const Step &step : steps) {
        for (const QByteArray &id : step.after)
            waited[id].append(step.target.id);
    }
    QList<Step> back;
    back.reserve(qsizetype(steps.size()));
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        back.append(inverse(*step));
        back.last().after = waited.value(step->target.id);
    }
    return back;
}

} // namespace gatehouse::core
