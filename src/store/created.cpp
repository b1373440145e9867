// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/created.h"

#include "store/links.h"

#include <QMap>

namespace gatehouse::store {

using core::Action;
using core::LinkState;
using core::Result;
using core::Step;

namespace {

/// A user at one moment.
struct Moment {
    bool isKnown = false;
    qint64 revision = 0;
    QByteArray id;
    core::AttributeValues values;
    core::Frame frame;
    QMap<QUuid, LinkState> links; ///< by gateway

    void set(const UserColumns &columns, const QList<core::AttributeChange> &changes)
    {
        for (const core::AttributeChange &change : changes) {
            if (const int number = columns.catalog().find(change.name); number >= 0)
                values.set(number, change.before);
        }
    }
    void set(const core::LinkChange &link)
    {
        if (link.before.exists())
            links.insert(link.gateway, link.before);
        else
            links.remove(link.gateway);
    }
};

Result<Moment> now(Database &database, const UserColumns &columns, Numbers &numbers, qint64 row)
{
    Moment moment;
    Statement look = database.prepare(columns.select() + " WHERE u.row = ?1");
    const auto found = look.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return moment;
    const core::User user = columns.read(look);
    look.reset();
    moment.isKnown = true;
    moment.revision = user.revision;
    moment.id = user.id.toRfc4122();
    moment.values = user.values;
    auto frame = frameOf(database, numbers, row);
    auto links = linksOf(database, numbers, row);
    if (!frame || !links)
        return core::fail(frame ? links.error() : frame.error());
    moment.frame = *std::move(frame);
    for (const core::LinkChange &link : std::as_const(*links))
        moment.links.insert(link.gateway, link.before);
    return moment;
}

/// Takes back what @p later did; newest first.
void takeBack(Moment &moment, const JournalStep &later, const UserColumns &columns)
{
    const Step &step = later.step;
    const bool isDelete = step.action == Action::Delete;
    if (isDelete) {
        moment = {};
        moment.isKnown = true;
        moment.revision = step.revision;
        moment.id = step.target.id;
    } else {
        moment.isKnown = moment.isKnown && moment.revision == step.revision;
        moment.revision = step.revision - 1;
    }
    moment.set(columns, step.changes);
    if (step.link)
        moment.set(*step.link);
    for (const core::LinkChange &link : step.otherLinks)
        moment.set(link);
    if (step.frame && !step.frame->before.population.isNull())
        moment.frame.population = step.frame->before.population;
    if (step.frame && step.frame->before.authority)
        moment.frame.authority = step.frame->before.authority;
}

/// The link that the run's rule has made, where there are several.
Result<std::optional<core::LinkChange>> linkBy(Database &database, qint64 run, const Moment &moment)
{
    if (moment.links.isEmpty())
        return std::nullopt;
    Statement look = database.prepare("SELECT rule_uuid FROM runs WHERE row = ?1");
    const auto found = look.bind(1, run).step();
    if (!found)
        return core::fail(found.error());
    const QUuid rule = *found ? look.uuid(0) : QUuid();
    auto made = moment.links.cbegin();
    for (auto link = moment.links.cbegin(); link != moment.links.cend(); ++link) {
        if (!rule.isNull() && link->rule == rule)
            made = link;
    }
    return core::LinkChange{made.key(), {}, *made};
}

} // namespace

Result<void> completeCreate(Database &database, const UserColumns &columns, qint64 run, JournalStep &line)
{
    Numbers numbers(database);
    auto moment = now(database, columns, numbers, line.object);
    if (!moment)
        return core::fail(moment.error());
    const auto later = changesOf(database, core::ObjectKind::User, line.object);
    if (!later)
        return core::fail(later.error());
    for (const JournalStep &one : *later)
        takeBack(*moment, one, columns);
    auto link = linkBy(database, run, *moment);
    if (!link)
        return core::fail(link.error());

    Step &step = line.step;
    step.target.id = moment->id;
    step.target.name = moment->values.text(columns.catalog().username()).toUtf8();
    step.link = *std::move(link);
    if (step.link)
        step.source = {core::ObjectKind::Entry, step.link->after.id, step.link->after.dn};
    if (!moment->isKnown || moment->revision != step.revision)
        return {};
    step.frame = {{}, moment->frame};
    for (const auto &[number, value] : moment->values)
        step.changes.append({columns.catalog().at(number).name, {}, value});
    return {};
}

} // namespace gatehouse::store
