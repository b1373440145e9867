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
    : m_database(database), m_columns(columns), m_context(context), m_bulk(bulk), m_users(database, columns, bulk),
      m_journal(database, context.run), m_numbers(database)
{
}

Result<void> Applier::begin()
{
    const auto gateway = gatewayNumber(m_database, m_context.gateway);
    if (!gateway)
        return core::fail(gateway.error());
    m_gateway = *gateway;
    if (auto begun = m_journal.begin(); !begun)
        return begun;
    if (m_bulk)
        m_bulk->setGateway(m_gateway);
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
    if (step.kind() != core::ObjectKind::User)
        return Problem{{}, ProblemCode::StoreFault, QStringLiteral("only users can be applied")};
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

Outcome Applier::linkFree(const QByteArray &entry, qint64 user)
{
    const auto refusal = [] { return meanwhile(QStringLiteral("the entry is linked to another user already")); };
    // The set does not say to whom: a step for an existing user has to ask the table.
    if (m_bulk && !m_bulk->entries.contains(entry))
        return std::nullopt;
    if (m_bulk && user == 0)
        return refusal();
    if (!m_linkOfSource)
        m_linkOfSource.emplace(
            m_database.prepare("SELECT row FROM links WHERE source_id = ?1 AND row >= ?2 AND row < ?3"));
    Statement &look = *m_linkOfSource;
    look.reset();
    look.bindBlobView(1, entry).bind(2, linkRow(m_gateway, 0)).bind(3, linkRow(m_gateway + 1, 0));
    const auto found = look.step();
    if (!found)
        return core::fail(found.error());
    const bool taken = *found && userRowOf(look.integer(0)) != user;
    look.reset();
    if (taken)
        return refusal();
    return std::nullopt;
}

Outcome Applier::linkAsPlanned(const Step &step, qint64 user, LinkState &current)
{
    if (!m_linkOf)
        m_linkOf.emplace(
            m_database.prepare("SELECT source_id, dn, rule, fingerprint, deprovisioned FROM links WHERE row = ?1"));
    Statement &look = *m_linkOf;
    look.reset();
    const auto found = look.bind(1, linkRow(m_gateway, user)).step();
    if (!found)
        return core::fail(found.error());
    qint64 rule = 0;
    if (*found) {
        current.id = look.blob(0).toByteArray();
        current.dn = look.blob(1).toByteArray();
        rule = look.integer(2);
        current.fingerprint = quint64(look.integer(3));
        current.disabling = core::Disabling(look.integer(4));
    }
    look.reset();
    const auto id = m_numbers.ruleId(rule);
    if (!id)
        return core::fail(id.error());
    current.rule = *id;
    if (step.ties()) {
        if (current.exists() && current.id != step.link->after.id)
            return Problem{{}, ProblemCode::TakenMatch, QStringLiteral("the user belongs to another entry already")};
        return std::nullopt;
    }
    if (current.id != step.link->before.id)
        return meanwhile(current.exists() ? QStringLiteral("the user was linked to another entry meanwhile")
                                          : QStringLiteral("the user's link to the entry was removed meanwhile"));
    return std::nullopt;
}

Result<void> Applier::writeLink(qint64 gateway, qint64 user, const LinkState &link)
{
    if (!link.exists())
        return m_database.prepare("DELETE FROM links WHERE row = ?1").bind(1, linkRow(gateway, user)).run();
    const auto rule = m_numbers.rule(link.rule);
    if (!rule)
        return core::fail(rule.error());
    if (!m_writeLink)
        m_writeLink.emplace(m_database.prepare("INSERT INTO links (row, rule, fingerprint, deprovisioned, source_id, dn)"
                                               " VALUES (?1, ?2, ?3, ?6, ?4, ?5) ON CONFLICT (row) DO UPDATE SET rule = ?2,"
                                               " fingerprint = ?3, deprovisioned = ?6, source_id = ?4,"
                                               " dn = iif(length(?5) > 0 OR source_id <> ?4, ?5, dn)"));
    Statement &write = *m_writeLink;
    write.reset();
    write.bind(1, linkRow(gateway, user)).bind(2, *rule).bind(3, qint64(link.fingerprint));
    write.bindBlobView(4, link.id).bindBlobView(5, link.dn).bind(6, int(link.disabling));
    auto written = write.run();
    if (written && m_bulk && gateway == m_gateway)
        m_bulk->entries.insert(link.id);
    return written;
}

Result<std::optional<UserWriter::FrameChange>> Applier::frameOf(const Step &step)
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
        if (auto free = linkFree(step.link->after.id, 0); !free || *free)
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
        if (auto linked = writeLink(m_gateway, row, step.link->after); !linked)
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
        if (auto written = writeLink(*gateway, row, link.after); !written)
            return written;
    }
    for (const core::MembershipChange &change : step.memberships) {
        const auto group = m_numbers.row(change.group);
        const auto source = m_numbers.membershipSource(change.source);
        if (!group || !source)
            return core::fail(group ? source.error() : group.error());
        if (*group == 0)
            continue; // the group has gone meanwhile
        auto added = m_database
                         .prepare("INSERT OR REPLACE INTO memberships (group_row, user_row, source, direct)"
                                  " VALUES (?1, ?2, ?3, ?4)")
                         .bind(1, *group)
                         .bind(2, row)
                         .bind(3, *source)
                         .bind(4, int(change.direct))
                         .run();
        if (!added)
            return added;
    }
    return {};
}

Outcome Applier::update(const Step &step)
{
    Step done = step;
    // The action says what becomes of the switch, whatever the list of changes says.
    if (step.action == Action::Enable || step.action == Action::Disable) {
        const bool enable = step.action == Action::Enable;
        const QString name = m_columns.catalog().at(m_columns.catalog().enabled()).name;
        const auto listed = std::find_if(done.changes.cbegin(), done.changes.cend(),
                                         [&](const core::AttributeChange &change) { return change.name == name; });
        if (listed == done.changes.cend())
            done.changes.append({name, !enable, enable});
    }
    if (auto problem = readChanges(done.changes))
        return problem;
    const auto row = rowOf(step.target.id);
    if (!row)
        return core::fail(row.error());
    if (*row == 0)
        return meanwhile(QStringLiteral("the user was deleted meanwhile"));
    if (step.link) {
        if (auto free = step.link->after.exists() ? linkFree(step.link->after.id, *row) : Outcome(std::nullopt);
            !free || *free)
            return free;
        if (auto planned = linkAsPlanned(step, *row, done.link->before); !planned || *planned)
            return planned;
    }
    const auto frame = frameOf(step);
    if (!frame)
        return core::fail(frame.error());
    if (step.frame) {
        auto before = frameNow(*row);
        if (!before)
            return core::fail(before.error());
        done.frame->before = {step.frame->after.population.isNull() ? QUuid() : before->population,
                              step.frame->after.authority ? before->authority : std::nullopt};
    }
    auto updated = m_users.update({*row, step.revision, {}}, m_values, **frame);
    if (!updated || *updated)
        return updated;
    auto written = step.link ? writeLink(m_gateway, *row, step.link->after) : Result<void>();
    if (written)
        written = m_users.forgetFingerprints(*row, m_gateway);
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
    auto frame = frameNow(row);
    if (!frame)
        return core::fail(frame.error());
    whole.frame = {*std::move(frame), {}};
    if (auto read = readLinks(whole, row); !read)
        return core::fail(read.error());
    if (auto read = readMemberships(whole, row); !read)
        return core::fail(read.error());
    return whole;
}

Result<core::Frame> Applier::frameNow(qint64 row)
{
    Statement frame = m_database.prepare("SELECT population, coalesce(authority, 0) FROM users WHERE row = ?1");
    if (const auto found = frame.bind(1, row).step(); !found)
        return core::fail(found.error());
    const auto population = m_numbers.populationId(frame.integer(0));
    const auto authority = m_numbers.authorityAt(frame.integer(1));
    if (!population || !authority)
        return core::fail(population ? authority.error() : population.error());
    return core::Frame{*population, *authority};
}

Result<void> Applier::readLinks(Step &step, qint64 row)
{
    Statement links = m_database.prepare("SELECT l.row >> ?2, l.source_id, l.dn, l.rule, l.fingerprint, l.deprovisioned"
                                         " FROM links AS l WHERE l.row IN (SELECT (row << ?2) | ?1 FROM gateway_numbers)");
    links.bind(1, row).bind(2, kUserBits);
    step.link.reset();
    for (;;) {
        const auto found = links.step();
        if (!found)
            return core::fail(found.error());
        if (!*found)
            return {};
        const qint64 number = links.integer(0);
        const auto gateway = number == m_gateway ? Result<QUuid>(m_context.gateway) : m_numbers.gatewayId(number);
        const auto rule = m_numbers.ruleId(links.integer(3));
        if (!gateway || !rule)
            return core::fail(gateway ? rule.error() : gateway.error());
        core::LinkChange change{*gateway, {links.blob(1).toByteArray(), links.blob(2).toByteArray(), *rule,
                                           quint64(links.integer(4)), core::Disabling(links.integer(5))}, {}};
        if (number == m_gateway)
            step.link = std::move(change);
        else
            step.otherLinks.append(std::move(change));
    }
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
                                 : linkAsPlanned(step, *row, current);
        !planned || *planned)
        return planned;
    if (!m_isAsCompared)
        m_isAsCompared.emplace(m_database.prepare("SELECT 1 FROM users WHERE row = ?1 AND revision = ?2"));
    m_isAsCompared->reset();
    const auto same = m_isAsCompared->bind(1, *row).bind(2, step.revision).step();
    m_isAsCompared->reset();
    if (!same || !*same)
        return same ? Outcome(meanwhile(QStringLiteral("the user was changed meanwhile"))) : core::fail(same.error());
    if (auto written = writeLink(m_gateway, *row, step.link->after); !written)
        return core::fail(written.error());
    return std::nullopt;
}

Result<void> Applier::writeJournal(const Step &step, qint64 user, qint64 revision, const QByteArray &detail)
{
    return m_journal.append({step.action, user, revision, step.target.name, step.target.uuid(), step.source.id,
                             step.source.name, detail});
}

} // namespace gatehouse::store
