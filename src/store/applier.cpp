// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/applier.h"

#include "store/links.h"

namespace gatehouse::store {

using core::Action;
using core::PlanStep;
using core::Problem;
using core::ProblemCode;
using core::Result;

Applier::Applier(Database &database, const UserColumns &columns, const ApplyContext &context, BulkLoad *bulk)
    : m_database(database), m_columns(columns), m_context(context), m_bulk(bulk), m_users(database, columns, bulk),
      m_journal(database, context.run)
{
}

Result<void> Applier::begin()
{
    const auto gateway = Links(m_database).gatewayNumber(m_context.gateway);
    if (!gateway)
        return core::fail(gateway.error());
    const auto population = populationOrDefault(m_database, m_context.population);
    if (!population)
        return core::fail(population.error());
    const auto authority = authorityRow(m_database, m_context.authorityGateway, m_context.authorityUserType);
    if (!authority)
        return core::fail(authority.error());
    m_gateway = *gateway;
    m_population = *population;
    m_authority = *authority;
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

Outcome Applier::apply(const PlanStep &step)
{
    if (step.kind != core::ObjectKind::User)
        return Problem{{}, ProblemCode::StoreFault, QStringLiteral("only users can be applied")};
    switch (step.action) {
    case Action::Create: return create(step);
    case Action::Update:
    case Action::Enable:
    case Action::Disable: return update(step);
    case Action::Delete: return remove(step);
    case Action::None: return step.link ? update(step) : refresh(step);
    case Action::Failed: break; // nothing was planned for it
    }
    return std::nullopt;
}

Outcome Applier::applyRing(std::span<const PlanStep> steps)
{
    if (auto aside = m_users.setUsernameAside(steps.back().targetRow); !aside)
        return core::fail(aside.error());
    for (const PlanStep &step : steps) {
        auto outcome = apply(step);
        if (!outcome)
            return outcome;
        if (*outcome) {
            (*outcome)->message = QStringLiteral("%1 (%2, one of %3 who exchange their usernames)")
                                      .arg((*outcome)->message, step.username).arg(steps.size());
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

Outcome Applier::linkFree(const PlanStep &step, qint64 user)
{
    const auto refusal = [] {
        return Problem{{}, ProblemCode::ChangedMeanwhile, QStringLiteral("the entry is linked to another user already")};
    };
    // The set does not say to whom: a step for an existing user has to ask the table.
    if (m_bulk && !m_bulk->entries.contains(step.sourceId))
        return std::nullopt;
    if (m_bulk && user == 0)
        return refusal();
    if (!m_linkOfSource)
        m_linkOfSource.emplace(
            m_database.prepare("SELECT row FROM links WHERE source_id = ?1 AND row >= ?2 AND row < ?3"));
    Statement &look = *m_linkOfSource;
    look.reset();
    look.bindBlobView(1, step.sourceId).bind(2, linkRow(m_gateway, 0)).bind(3, linkRow(m_gateway + 1, 0));
    const auto found = look.step();
    if (!found)
        return core::fail(found.error());
    const bool taken = *found && userRowOf(look.integer(0)) != user;
    look.reset();
    if (taken)
        return refusal();
    return std::nullopt;
}

Result<void> Applier::addLink(const PlanStep &step, qint64 user)
{
    if (!m_addLink)
        m_addLink.emplace(m_database.prepare("INSERT OR REPLACE INTO links (row, rule, fingerprint, deprovisioned,"
                                             " source_id, dn) VALUES (?1, ?2, ?3, ?6, ?4, ?5)"));
    Statement &add = *m_addLink;
    add.bind(1, linkRow(m_gateway, user)).bind(2, m_context.ruleRow).bind(3, qint64(step.fingerprint));
    add.bindBlobView(4, step.sourceId).bindBlobView(5, step.sourceDn).bind(6, int(step.disabling));
    auto added = add.run();
    if (added && m_bulk)
        m_bulk->entries.insert(step.sourceId);
    return added;
}

Result<void> Applier::refreshLink(const PlanStep &step)
{
    if (!m_refreshLink)
        m_refreshLink.emplace(
            m_database.prepare("UPDATE links SET rule = ?2, fingerprint = ?3, deprovisioned = ?4,"
                               " dn = iif(length(?5) > 0, ?5, dn) WHERE row = ?1"));
    Statement &update = *m_refreshLink;
    update.reset();
    update.bind(1, linkRow(m_gateway, step.targetRow)).bind(2, m_context.ruleRow);
    update.bind(3, qint64(step.fingerprint)).bind(4, int(step.disabling)).bindBlobView(5, step.sourceDn);
    return update.run();
}

Outcome Applier::create(const PlanStep &step)
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
    if (auto free = linkFree(step, 0); !free || *free)
        return free;
    const qint64 row = m_users.nextRow();
    if (auto inserted = m_users.insert({step.targetId, m_population, m_authority}, m_values); !inserted || *inserted)
        return inserted;
    if (auto linked = addLink(step, row); !linked)
        return core::fail(linked.error());
    if (auto written = m_journal.appendCreate(row); !written)
        return core::fail(written.error());
    return std::nullopt;
}

Outcome Applier::update(const PlanStep &step)
{
    QList<core::AttributeChange> changes = step.changes;
    // The action says what becomes of the switch, whatever the list of changes says.
    if (step.action == Action::Enable || step.action == Action::Disable) {
        const bool enable = step.action == Action::Enable;
        const QString name = m_columns.catalog().at(m_columns.catalog().enabled()).name;
        const auto listed = std::find_if(changes.cbegin(), changes.cend(),
                                         [&](const core::AttributeChange &change) { return change.name == name; });
        if (listed == changes.cend())
            changes.append({name, !enable, enable});
    }
    if (auto problem = readChanges(changes))
        return problem;
    if (step.link) {
        if (auto free = linkFree(step, step.targetRow); !free || *free)
            return free;
        Statement look = m_database.prepare("SELECT source_id FROM links WHERE row = ?1");
        const auto linked = look.bind(1, linkRow(m_gateway, step.targetRow)).step();
        if (!linked)
            return core::fail(linked.error());
        if (*linked && look.blob(0) != step.sourceId)
            return Problem{{}, ProblemCode::TakenMatch, QStringLiteral("the user belongs to another entry already")};
    }
    UserWriter::FrameChange frame;
    if (step.link && m_authority)
        frame.authority = m_authority;
    auto updated = m_users.update({step.targetRow, step.revision, step.targetId}, m_values, frame);
    if (!updated || *updated)
        return updated;
    auto done = step.link ? addLink(step, step.targetRow) : refreshLink(step);
    if (done)
        done = m_users.forgetFingerprints(step.targetRow, m_gateway);
    if (!done)
        return core::fail(done.error());
    const QByteArray detail = journalDetail(step, changes);
    JournalWriter::Entry entry{step.action, step.targetRow, step.revision + 1, step.username.toUtf8(), step.targetId,
                               step.sourceId, step.sourceDn, detail};
    if (auto written = m_journal.append(entry); !written)
        return core::fail(written.error());
    return std::nullopt;
}

Result<PlanStep> Applier::wholeUser(const PlanStep &step, QByteArray &extra)
{
    PlanStep whole = step;
    Statement look = m_database.prepare(m_columns.select() + " WHERE u.row = ?1");
    const auto found = look.bind(1, step.targetRow).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return whole; // the delete finds it gone, too
    const core::User user = m_columns.read(look);
    whole.changes.clear();
    whole.targetId = user.id;
    for (const auto &[number, value] : user.values)
        whole.changes.append({m_columns.catalog().at(number).name, value, {}});
    look.reset();

    Statement frame = m_database.prepare("SELECT population, coalesce(authority, 0), created_at,"
                                         " coalesce(last_sign_on_at, 0) FROM users WHERE row = ?1");
    if (const auto row = frame.bind(1, step.targetRow).step(); !row)
        return core::fail(row.error());
    const auto number = [&](int column) { return QByteArray::number(frame.integer(column)); };
    extra = "\"population\":" + number(0) + ",\"authority\":" + number(1) + ",\"createdAt\":" + number(2)
            + ",\"lastSignOnAt\":" + number(3);

    Statement link = m_database.prepare("SELECT rule, fingerprint FROM links WHERE row = ?1");
    const auto linked = link.bind(1, linkRow(m_gateway, step.targetRow)).step();
    if (!linked)
        return core::fail(linked.error());
    // A fingerprint has 64 bits, a number in JSON 53.
    if (*linked)
        extra += ",\"rule\":" + QByteArray::number(link.integer(0)) + ",\"fingerprint\":\""
                 + QByteArray::number(quint64(link.integer(1)), 16) + '"';

    extra += ",\"groups\":[";
    Statement groups = m_database.prepare("SELECT group_row, source, direct FROM memberships WHERE user_row = ?1");
    groups.bind(1, step.targetRow);
    for (;;) {
        const auto row = groups.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            break;
        extra += extra.endsWith('[') ? "[" : ",[";
        extra += QByteArray::number(groups.integer(0)) + ',' + QByteArray::number(groups.integer(1)) + ','
                 + QByteArray::number(groups.integer(2)) + ']';
    }
    extra += ']';
    return whole;
}

Outcome Applier::remove(const PlanStep &step)
{
    QByteArray extra;
    const auto whole = wholeUser(step, extra);
    if (!whole)
        return core::fail(whole.error());
    auto removed = m_users.remove({step.targetRow, step.revision, step.targetId});
    if (!removed || *removed)
        return removed;
    const QByteArray detail = journalDetail(step, whole->changes, extra);
    JournalWriter::Entry entry{Action::Delete, step.targetRow, step.revision, step.username.toUtf8(), whole->targetId,
                               step.sourceId, step.sourceDn, detail};
    if (auto written = m_journal.append(entry); !written)
        return core::fail(written.error());
    return std::nullopt;
}

Outcome Applier::refresh(const PlanStep &step)
{
    if (auto refreshed = refreshLink(step); !refreshed)
        return core::fail(refreshed.error());
    return std::nullopt;
}

} // namespace gatehouse::store
