// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/applier.h"

#include "store/links.h"

#include <algorithm>

namespace gatehouse::store {

using core::Action;
using core::LinkState;
using core::Problem;
using core::ProblemCode;
using core::Result;
using core::Step;

namespace {

Problem meanwhile(const QString &message)
{
    return {{}, ProblemCode::ChangedMeanwhile, message};
}

} // namespace

Applier::Applier(Database &database, const UserColumns &columns, const ApplyContext &context, BulkLoad *bulk)
    : m_database(database), m_columns(columns), m_context(context), m_users(database, columns, bulk),
      m_journal(database, context.run), m_numbers(database), m_links(database, m_numbers, bulk),
      m_groups(database, m_numbers, m_links, m_journal)
{
}

Result<void> Applier::begin()
{
    if (auto begun = m_links.begin(m_context.gateway); !begun)
        return begun;
    if (auto begun = m_journal.begin(); !begun)
        return begun;
    return m_users.begin();
}

Result<void> Applier::finish()
{
    if (auto finished = m_journal.finish(); !finished)
        return finished;
    return m_users.finish();
}

Outcome Applier::apply(const Step &step)
{
    if (step.kind() == core::ObjectKind::Group || step.kind() == core::ObjectKind::Membership)
        return m_groups.apply(step);
    if (step.kind() != core::ObjectKind::User)
        return Problem{{}, ProblemCode::StoreFault, QStringLiteral("the identity directory has no such objects")};
    switch (step.action) {
    case Action::Create: return create(step);
    case Action::Update:
    case Action::Enable:
    case Action::Disable: return update(step);
    case Action::Delete: return remove(step);
    case Action::None: return step.ties() ? update(step) : refresh(step);
    case Action::Failed: break; // nothing was planned for it
    }
    return std::nullopt;
}

Outcome Applier::applyRing(std::span<const Step> steps)
{
    const auto last = rowOf(steps.back().target.id);
    if (!last)
        return core::fail(last.error());
    if (auto aside = m_users.setUsernameAside(*last); !aside)
        return core::fail(aside.error());
    for (const Step &step : steps) {
        auto outcome = apply(step);
        if (!outcome)
            return outcome;
        if (*outcome) {
            (*outcome)->message = QStringLiteral("%1 (%2, one of %3 who exchange their usernames)")
                                      .arg((*outcome)->message, step.target.text()).arg(steps.size());
            return outcome;
        }
    }
    return std::nullopt;
}

int Applier::numberOf(const QString &attribute, size_t place)
{
    if (m_names.size() <= place)
        m_names.resize(place + 1);
    KnownName &known = m_names[place];
    if (known.number < 0 || known.name != attribute) {
        known.name = attribute;
        known.number = m_columns.catalog().find(attribute);
    }
    return known.number;
}

std::optional<Problem> Applier::readChanges(const QList<core::AttributeChange> &changes)
{
    m_values.clear();
    for (size_t place = 0; place < size_t(changes.size()); ++place) {
        const core::AttributeChange &change = changes[qsizetype(place)];
        const int number = numberOf(change.name, place);
        if (number < 0)
            return Problem{change.name, ProblemCode::InvalidValue,
                           QStringLiteral("there is no attribute \"%1\"").arg(change.name)};
        if (auto problem = m_columns.catalog().check(number, change.after))
            return problem;
        m_values.push_back({number, &change.after});
    }
    return std::nullopt;
}

Result<qint64> Applier::rowOf(const QByteArray &id)
{
    if (!m_rowOf)
        m_rowOf.emplace(m_database.prepare("SELECT row FROM users WHERE uuid = ?1"));
    Statement &look = *m_rowOf;
    look.reset();
    const auto found = look.bindBlobView(1, id).step();
    if (!found)
        return core::fail(found.error());
    const qint64 row = *found ? look.integer(0) : 0;
    look.reset();
    return row;
}

Result<std::optional<UserWriter::FrameChange>> Applier::frameChange(const Step &step)
{
    std::optional<UserWriter::FrameChange> change{std::in_place};
    if (!step.frame)
        return change;
    if (!step.frame->after.population.isNull()) {
        const auto population = m_numbers.population(step.frame->after.population);
        if (!population)
            return core::fail(population.error());
        change->population = *population;
    }
    if (step.frame->after.authority) {
        const auto authority = m_numbers.authority(*step.frame->after.authority);
        if (!authority)
            return core::fail(authority.error());
        change->authority = *authority;
    }
    return change;
}

Outcome Applier::create(const Step &step)
{
    if (auto problem = readChanges(step.changes))
        return problem;
    const AttributeRef *username = nullptr;
    for (const AttributeRef &value : m_values) {
        if (value.number == m_columns.catalog().username())
            username = &value;
    }
    if (!username)
        return m_columns.catalog().check(m_columns.catalog().username(), {});
    if (step.link) {
        if (auto free = m_links.isFree(step.link->after.id, 0); !free || *free)
            return free;
    }
    const auto population = m_numbers.population(step.frame ? step.frame->after.population : QUuid());
    if (!population)
        return core::fail(population.error());
    const auto authority = m_numbers.authority(step.frame && step.frame->after.authority ? *step.frame->after.authority
                                                                                         : core::Authority());
    if (!authority)
        return core::fail(authority.error());
    const qint64 row = m_users.nextRow();
    if (auto inserted = m_users.insert({step.target.uuid(), *population, *authority}, m_values); !inserted || *inserted)
        return inserted;
    if (step.link) {
        if (auto linked = m_links.write(m_links.rowOf(core::ObjectKind::User, row), step.link->after); !linked)
            return core::fail(linked.error());
    }
    if (auto restored = restore(step, row); !restored)
        return core::fail(restored.error());
    if (auto written = m_journal.appendCreate(row); !written)
        return core::fail(written.error());
    return std::nullopt;
}

Result<void> Applier::restore(const Step &step, qint64 row)
{
    for (const core::LinkChange &link : step.otherLinks) {
        const auto gateway = m_numbers.gateway(link.gateway);
        if (!gateway)
            return core::fail(gateway.error());
        if (auto written = m_links.write(linkRow(*gateway, row), link.after); !written)
            return written;
    }
    if (step.memberships.isEmpty())
        return {};
    Step members = step;
    return m_groups.writeMembers(members);
}

Result<void> Applier::listSwitch(Step &step, qint64 row)
{
    if (step.action != Action::Enable && step.action != Action::Disable)
        return {};
    const bool enable = step.action == Action::Enable;
    const QString &name = m_columns.catalog().at(m_columns.catalog().enabled()).name;
    for (const core::AttributeChange &change : std::as_const(step.changes)) {
        if (change.name == name)
            return {};
    }
    Statement look = m_database.prepare("SELECT enabled FROM users WHERE row = ?1");
    if (const auto found = look.bind(1, row).step(); !found)
        return core::fail(found.error());
    const bool isEnabled = look.integer(0) != 0;
    if (isEnabled != enable)
        step.changes.append({name, isEnabled, enable});
    return {};
}

Outcome Applier::update(const Step &step)
{
    Step done = step;
    const auto row = rowOf(step.target.id);
    if (!row)
        return core::fail(row.error());
    if (*row == 0)
        return meanwhile(QStringLiteral("the user was deleted meanwhile"));
    if (auto listed = listSwitch(done, *row); !listed)
        return core::fail(listed.error());
    if (auto problem = readChanges(done.changes))
        return problem;
    if (step.link) {
        const qint64 link = m_links.rowOf(core::ObjectKind::User, *row);
        if (auto free = step.link->after.exists() ? m_links.isFree(step.link->after.id, link) : Outcome(std::nullopt);
            !free || *free)
            return free;
        if (auto planned = m_links.isAsPlanned(step, link, done.link->before); !planned || *planned)
            return planned;
    }
    const auto frame = frameChange(step);
    if (!frame)
        return core::fail(frame.error());
    if (step.frame) {
        auto before = frameOf(m_database, m_numbers, *row);
        if (!before)
            return core::fail(before.error());
        done.frame->before = {step.frame->after.population.isNull() ? QUuid() : before->population,
                              step.frame->after.authority ? before->authority : std::nullopt};
    }
    auto updated = m_users.update({*row, step.revision, {}}, m_values, **frame);
    if (!updated || *updated)
        return updated;
    auto written = step.link ? m_links.write(m_links.rowOf(core::ObjectKind::User, *row), step.link->after) : Result<void>();
    if (written)
        written = m_users.forgetFingerprints(*row, m_links.gateway());
    if (!written)
        return core::fail(written.error());
    const auto detail = journalDetail(done, m_numbers);
    if (!detail)
        return core::fail(detail.error());
    if (written = writeJournal(done, *row, step.revision + 1, *detail); !written)
        return core::fail(written.error());
    return std::nullopt;
}

Result<Step> Applier::wholeUser(const Step &step, qint64 row)
{
    Step whole = step;
    Statement look = m_database.prepare(m_columns.select() + " WHERE u.row = ?1");
    if (const auto found = look.bind(1, row).step(); !found)
        return core::fail(found.error());
    const core::User user = m_columns.read(look);
    look.reset();
    whole.changes.clear();
    for (const auto &[number, value] : user.values)
        whole.changes.append({m_columns.catalog().at(number).name, value, {}});
    auto frame = frameOf(m_database, m_numbers, row);
    if (!frame)
        return core::fail(frame.error());
    whole.frame = {*std::move(frame), {}};
    auto links = linksOf(m_database, m_numbers, row);
    if (!links)
        return core::fail(links.error());
    whole.link.reset();
    for (core::LinkChange &link : *links) {
        if (link.gateway == m_context.gateway)
            whole.link = std::move(link);
        else
            whole.otherLinks.append(std::move(link));
    }
    if (auto read = readMemberships(whole, row); !read)
        return core::fail(read.error());
    return whole;
}

Result<void> Applier::readMemberships(Step &step, qint64 row)
{
    Statement groups = m_database.prepare("SELECT group_row, source, direct FROM memberships WHERE user_row = ?1");
    groups.bind(1, row);
    for (;;) {
        const auto found = groups.step();
        if (!found)
            return core::fail(found.error());
        if (!*found)
            return {};
        const auto group = m_numbers.object(core::ObjectKind::Group, groups.integer(0));
        const auto source = m_numbers.membershipSource(groups.integer(1));
        if (!group || !source)
            return core::fail(group ? source.error() : group.error());
        step.memberships.append({false, groups.integer(2) != 0, *group, step.target, *source});
    }
}

Outcome Applier::remove(const Step &step)
{
    const auto row = rowOf(step.target.id);
    if (!row)
        return core::fail(row.error());
    if (*row == 0)
        return meanwhile(QStringLiteral("the user was deleted meanwhile"));
    const auto whole = wholeUser(step, *row);
    if (!whole)
        return core::fail(whole.error());
    // Said before it is done: afterwards nothing tells what the user was a member of.
    const auto detail = journalDetail(*whole, m_numbers);
    if (!detail)
        return core::fail(detail.error());
    auto removed = m_users.remove({*row, step.revision, {}});
    if (!removed || *removed)
        return removed;
    if (auto written = writeJournal(*whole, *row, step.revision, *detail); !written)
        return core::fail(written.error());
    return std::nullopt;
}

/// Of somebody who stays as it is: only while user and entry are those that were compared.
Outcome Applier::refresh(const Step &step)
{
    if (!step.link)
        return std::nullopt;
    const auto row = rowOf(step.target.id);
    if (!row)
        return core::fail(row.error());
    LinkState current;
    if (auto planned = *row == 0 ? Outcome(meanwhile(QStringLiteral("the user was deleted meanwhile")))
                                 : m_links.isAsPlanned(step, m_links.rowOf(core::ObjectKind::User, *row), current);
        !planned || *planned)
        return planned;
    if (!m_isAsCompared)
        m_isAsCompared.emplace(m_database.prepare("SELECT 1 FROM users WHERE row = ?1 AND revision = ?2"));
    m_isAsCompared->reset();
    const auto same = m_isAsCompared->bind(1, *row).bind(2, step.revision).step();
    m_isAsCompared->reset();
    if (!same || !*same)
        return same ? Outcome(meanwhile(QStringLiteral("the user was changed meanwhile"))) : core::fail(same.error());
    if (auto written = m_links.write(m_links.rowOf(core::ObjectKind::User, *row), step.link->after); !written)
        return core::fail(written.error());
    return std::nullopt;
}

Result<void> Applier::writeJournal(const Step &step, qint64 user, qint64 revision, const QByteArray &detail)
{
    return m_journal.append({step.action, step.kind(), user, revision, step.target.name, step.target.uuid(), step.source.id,
                             step.source.name, detail});
}

} // namespace gatehouse::store
