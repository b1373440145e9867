// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/drift.h"

#include "core/identity.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/links.h"

#include <algorithm>

namespace gatehouse::provision {

namespace {

constexpr qsizetype kLongestValue = 60; ///< characters of a value that are shown

QString valueText(const core::Value &value)
{
    if (core::isNull(value))
        return QStringLiteral("nothing");
    const QString text = core::displayText(value);
    return u'"' + (text.size() > kLongestValue ? text.first(kLongestValue) + u'…' : text) + u'"';
}

/// What the user has of the attribute now.
core::Value valueOf(const core::User &user, const core::AttributeCatalog &catalog, const QString &attribute)
{
    const int number = catalog.find(attribute);
    return number < 0 ? core::Value() : user.values.get(number);
}

Drift ofUser(const core::User &user, const QByteArray &linked, const core::AttributeCatalog &catalog,
             const core::Step &step)
{
    const auto all = [&](core::Value core::AttributeChange::*side) {
        return std::all_of(step.changes.cbegin(), step.changes.cend(), [&](const core::AttributeChange &change) {
            return valueOf(user, catalog, change.name) == change.*side;
        });
    };
    const bool isTied = !step.link || linked == step.link->after.id;
    const bool wasTied = !step.link || linked == step.link->before.id;
    if (step.action != core::Action::Delete && isTied && all(&core::AttributeChange::after) &&
        (step.ties() || !step.changes.isEmpty()))
        return {Drift::State::Done};
    if (!wasTied)
        return {Drift::State::Drifted, 0,
                QStringLiteral("the user belongs to another entry than the plan was made for, or to none")};
    for (const core::AttributeChange &change : step.changes) {
        const core::Value now = valueOf(user, catalog, change.name);
        if (now == change.before)
            continue;
        return {Drift::State::Drifted, 0,
                QStringLiteral("%1 is %2 now, when the plan was made it was %3")
                    .arg(change.name, valueText(now), valueText(change.before))};
    }
    return {Drift::State::Ready, user.revision};
}

core::Result<Drift> driftOf(store::Environment &environment, const QUuid &gateway, const core::Step &step)
{
    const auto user = environment.identities().userByKey(step.target.uuid().toString(QUuid::WithoutBraces));
    if (!user && user.error().code != core::Code::NotFound)
        return core::fail(user.error());
    if (step.action == core::Action::Create)
        return Drift{user ? Drift::State::Done : Drift::State::Drifted};
    if (!user) {
        return Drift{step.action == core::Action::Delete ? Drift::State::Done : Drift::State::Drifted, 0,
                     QStringLiteral("the user was deleted meanwhile")};
    }
    const auto people = environment.links().people(gateway, {user->row});
    if (!people)
        return core::fail(people.error());
    return ofUser(*user, people->empty() ? QByteArray() : people->front().sourceId, *environment.catalog(), step);
}

} // namespace

core::Result<std::vector<Drift>> driftOf(store::Environment &environment, const QUuid &gateway,
                                         const std::vector<core::Step> &steps)
{
    std::vector<Drift> drifts;
    drifts.reserve(steps.size());
    for (const core::Step &step : steps) {
        auto drift = driftOf(environment, gateway, step);
        if (!drift)
            return core::fail(drift.error());
        drifts.push_back(*std::move(drift));
    }
    return drifts;
}

} // namespace gatehouse::provision
