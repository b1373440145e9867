// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/groupapplier.h"

#include "store/grouprows.h"
#include "store/links.h"

#include <algorithm>
#include <iterator>

namespace gatehouse::store {

using core::Action;
using core::Group;
using core::GroupSource;
using core::ObjectKind;
using core::Problem;
using core::ProblemCode;
using core::Result;
using core::Step;

namespace {

const QString kSources[] = {QStringLiteral("internal"), QStringLiteral("gateway"), QStringLiteral("identityProvider")};

Problem meanwhile(const QString &message)
{
    return {{}, ProblemCode::ChangedMeanwhile, message};
}

/// False where there is no such attribute.
bool setAttribute(Group &group, const QString &name, const core::Value &value)
{
    const QString text = core::displayText(value);
    if (name == QLatin1String("name"))
        group.name = text;
    else if (name == QLatin1String("displayName"))
        group.displayName = text;
    else if (name == QLatin1String("description"))
        group.description = text;
    else if (name == QLatin1String("sourceName"))
        group.sourceName = text;
    else if (name == QLatin1String("justInTime"))
        group.justInTime = value == core::Value(true);
    else if (name == QLatin1String("source"))
        group.source = GroupSource(std::distance(std::begin(kSources), std::find(std::begin(kSources), std::end(kSources), text))
                                   % qsizetype(std::size(kSources)));
    else
        return false;
    return true;
}

QList<core::AttributeChange> attributesOf(const Group &group)
{
    QList<core::AttributeChange> attributes;
    const auto had = [&](const char *name, const QString &text) {
        if (!text.isEmpty())
            attributes.append({QString::fromLatin1(name), text, {}});
    };
    had("name", group.name);
    had("displayName", group.displayName);
    had("description", group.description);
    had("source", kSources[size_t(group.source)]);
    had("sourceName", group.sourceName);
    attributes.append({QStringLiteral("justInTime"), group.justInTime, {}});
    return attributes;
}

std::optional<Problem> setAttributes(Group &group, const QList<core::AttributeChange> &changes)
{
    for (const core::AttributeChange &change : changes) {
        if (!setAttribute(group, change.name, change.after))
            return Problem{change.name, ProblemCode::InvalidValue,
                           QStringLiteral("groups have no attribute \"%1\"").arg(change.name)};
    }
    return std::nullopt;
}

} // namespace

Outcome GroupApplier::apply(const Step &step)
{
    if (step.action == Action::Failed)
        return std::nullopt;
    if (step.kind() == ObjectKind::Membership)
        return changeMembers(step);
    switch (step.action) {
    case Action::Create: return create(step);
    case Action::Delete: return remove(step);
    default: return update(step);
    }
}

Result<std::optional<Group>> GroupApplier::stored(const QByteArray &id)
{
    Statement look = m_database.prepare(groupSelect() + " WHERE g.uuid = ?1");
    const auto found = look.bindBlob(1, id).step();
    if (!found)
        return core::fail(found.error());
    return *found ? std::optional(readGroup(look)) : std::nullopt;
}

Outcome GroupApplier::create(const Step &step)
{
    Group group;
    group.id = step.target.uuid();
    if (auto problem = setAttributes(group, step.changes))
        return problem;
    if (step.frame && !step.frame->after.population.isNull()) {
        const auto population = m_numbers.population(step.frame->after.population);
        if (!population)
            return core::fail(population.error());
        group.population = *population;
    }
    if (const QList<Problem> problems = problemsOf(m_database, group); !problems.isEmpty())
        return problems.first();
    if (step.link && step.link->after.exists()) {
        if (auto free = m_links.isFree(step.link->after.id, 0); !free || *free)
            return free;
    }
    if (auto written = writeGroup(m_database, group); !written)
        return core::fail(written.error());
    const qint64 row = m_database.lastInsertRow();
    if (step.link && step.link->after.exists()) {
        if (auto linked = m_links.write(m_links.rowOf(ObjectKind::Group, row), step.link->after); !linked)
            return core::fail(linked.error());
    }
    Step done = step;
    auto written = writeMembers(done);
    if (written)
        written = journal(done, row, 1);
    return written ? Outcome(std::nullopt) : core::fail(written.error());
}

Outcome GroupApplier::writeLink(const Step &step, qint64 row, core::LinkState &before)
{
    const qint64 link = m_links.rowOf(ObjectKind::Group, row);
    if (auto free = step.link->after.exists() ? m_links.isFree(step.link->after.id, link) : Outcome(std::nullopt);
        !free || *free)
        return free;
    if (auto planned = m_links.isAsPlanned(step, link, before); !planned || *planned)
        return planned;
    const auto written = m_links.write(link, step.link->after);
    return written ? Outcome(std::nullopt) : core::fail(written.error());
}

Outcome GroupApplier::update(const Step &step)
{
    auto group = stored(step.target.id);
    if (!group)
        return core::fail(group.error());
    if (!*group)
        return meanwhile(QStringLiteral("the group was deleted meanwhile"));
    if ((*group)->revision != step.revision)
        return meanwhile(QStringLiteral("the group was changed meanwhile"));
    Step done = step;
    if (auto problem = setAttributes(**group, step.changes))
        return problem;
    if (step.frame) {
        const auto before = (*group)->population == 0 ? Result<QUuid>(QUuid()) : m_numbers.populationId((*group)->population);
        const auto after = step.frame->after.population.isNull() ? Result<qint64>(0)
                                                                 : m_numbers.population(step.frame->after.population);
        if (!before || !after)
            return core::fail(before ? after.error() : before.error());
        done.frame->before.population = *before;
        (*group)->population = *after;
    }
    if (const QList<Problem> problems = problemsOf(m_database, **group); !problems.isEmpty())
        return problems.first();
    if (step.link) {
        if (auto linked = writeLink(step, (*group)->row, done.link->before); !linked || *linked)
            return linked;
    }
    auto written = writeGroup(m_database, **group);
    if (written)
        written = writeMembers(done);
    if (written)
        written = journal(done, (*group)->row, step.revision + 1);
    return written ? Outcome(std::nullopt) : core::fail(written.error());
}

Outcome GroupApplier::changeMembers(const Step &step)
{
    const auto group = stored(step.target.id);
    if (!group)
        return core::fail(group.error());
    if (!*group)
        return meanwhile(QStringLiteral("the group was deleted meanwhile"));
    Step done = step;
    if (auto written = writeMembers(done); !written)
        return core::fail(written.error());
    if (done.memberships.isEmpty())
        return std::nullopt;
    if (auto written = journal(done, (*group)->row, (*group)->revision); !written)
        return core::fail(written.error());
    return std::nullopt;
}

Outcome GroupApplier::remove(const Step &step)
{
    const auto group = stored(step.target.id);
    if (!group)
        return core::fail(group.error());
    if (!*group)
        return meanwhile(QStringLiteral("the group was deleted meanwhile"));
    if ((*group)->revision != step.revision)
        return meanwhile(QStringLiteral("the group was changed meanwhile"));
    const auto had = whole(step, **group);
    if (!had)
        return core::fail(had.error());
    // Said before it is done: afterwards nothing tells who the members were.
    auto written = journal(*had, (*group)->row, step.revision);
    if (written)
        written = deleteGroupRow(m_database, (*group)->row);
    return written ? Outcome(std::nullopt) : core::fail(written.error());
}

Result<Step> GroupApplier::whole(const Step &step, const Group &group)
{
    Step had = step;
    had.changes = attributesOf(group);
    had.memberships.clear();
    had.link.reset();
    had.otherLinks.clear();
    if (group.population != 0) {
        const auto population = m_numbers.populationId(group.population);
        if (!population)
            return core::fail(population.error());
        had.frame = {{*population, {}}, {}};
    }
    auto links = linksOf(m_database, m_numbers, group.row, ObjectKind::Group);
    if (!links)
        return core::fail(links.error());
    for (core::LinkChange &link : *links) {
        if (step.link && link.gateway == step.link->gateway)
            had.link = std::move(link);
        else
            had.otherLinks.append(std::move(link));
    }
    auto read = readMembers("SELECT group_row, 0, user_row, source, direct FROM memberships WHERE group_row = ?1", group, had);
    if (read)
        read = readMembers("SELECT group_row, 1, inner_row, source, 1 FROM nested_groups WHERE group_row = ?1 OR inner_row = ?1",
                           group, had);
    if (!read)
        return core::fail(read.error());
    return had;
}

Result<void> GroupApplier::readMembers(const char *sql, const Group &group, Step &step)
{
    const core::ObjectRef self{ObjectKind::Group, step.target.id, step.target.name};
    Statement members = m_database.prepare(sql);
    members.bind(1, group.row);
    for (;;) {
        const auto row = members.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return {};
        const auto kind = ObjectKind(members.integer(1));
        const auto refOf = [&](ObjectKind of, qint64 number) -> Result<core::ObjectRef> {
            return of == ObjectKind::Group && number == group.row ? self : m_numbers.object(of, number);
        };
        auto outer = refOf(ObjectKind::Group, members.integer(0));
        auto member = refOf(kind, members.integer(2));
        const auto source = m_numbers.membershipSource(members.integer(3));
        if (!outer || !member || !source)
            return core::fail(!outer ? outer.error() : !member ? member.error() : source.error());
        step.memberships.append({false, members.integer(4) != 0, *std::move(outer), *std::move(member), *source});
    }
}

Result<qint64> GroupApplier::rowOf(const core::ObjectRef &object)
{
    const bool isUser = object.kind == ObjectKind::User;
    std::optional<Statement> &kept = isUser ? m_userOf : m_groupOf;
    if (!kept)
        kept.emplace(m_database.prepare(isUser ? "SELECT row FROM users WHERE uuid = ?1" : "SELECT row FROM groups WHERE uuid = ?1"));
    kept->reset();
    const auto found = kept->bindBlobView(1, object.id).step();
    if (!found)
        return core::fail(found.error());
    const qint64 row = *found ? kept->integer(0) : 0;
    kept->reset();
    return row;
}

Result<bool> GroupApplier::writeMember(core::MembershipChange &change)
{
    const auto group = rowOf(change.group);
    const auto member = rowOf(change.member);
    const auto source = m_numbers.membershipSource(change.source);
    if (!group || !member || !source)
        return core::fail(!group ? group.error() : !member ? member.error() : source.error());
    if (*group == 0 || *member == 0)
        return false; // one of them has gone meanwhile, and the membership with it
    const bool isUser = change.member.kind == ObjectKind::User;
    std::optional<Statement> &kept = isUser ? (change.added ? m_addUser : m_removeUser)
                                            : (change.added ? m_addGroup : m_removeGroup);
    if (!kept) {
        const char *const sql =
            isUser ? (change.added ? "INSERT OR IGNORE INTO memberships (group_row, user_row, source, direct) VALUES (?1, ?2, ?3, ?4)"
                                   : "DELETE FROM memberships WHERE group_row = ?1 AND user_row = ?2 AND source = ?3 RETURNING direct")
                   : (change.added ? "INSERT OR IGNORE INTO nested_groups (group_row, inner_row, source) VALUES (?1, ?2, ?3)"
                                   : "DELETE FROM nested_groups WHERE group_row = ?1 AND inner_row = ?2 AND source = ?3");
        kept.emplace(m_database.prepare(sql));
    }
    kept->reset();
    kept->bind(1, *group).bind(2, *member).bind(3, *source);
    if (isUser && change.added)
        kept->bind(4, int(change.direct));
    if (!isUser || change.added) {
        if (auto written = kept->run(); !written)
            return core::fail(written.error());
        return m_database.changes() > 0;
    }
    // What goes is as it was, whatever the step knew of it.
    const auto removed = kept->step();
    if (!removed)
        return core::fail(removed.error());
    if (*removed)
        change.direct = kept->integer(0) != 0;
    kept->reset();
    return *removed;
}

Result<void> GroupApplier::writeMembers(Step &step)
{
    QList<core::MembershipChange> done;
    done.reserve(step.memberships.size());
    for (core::MembershipChange &change : step.memberships) {
        const auto made = writeMember(change);
        if (!made)
            return core::fail(made.error());
        if (*made)
            done.append(change);
    }
    step.memberships = std::move(done);
    return {};
}

Result<void> GroupApplier::journal(const Step &step, qint64 row, qint64 revision)
{
    const auto detail = journalDetail(step, m_numbers);
    if (!detail)
        return core::fail(detail.error());
    return m_journal.append({step.action, step.kind(), row, revision, step.target.name, step.target.uuid(), step.source.id,
                             step.source.name, *detail});
}

} // namespace gatehouse::store
