// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/planner.h"

#include "store/environment.h"
#include "store/ids.h"

#include <algorithm>

namespace gatehouse::provision {

namespace {
constexpr size_t kGoneAtOnce = 2000; // people loaded together when planning for those who left
}

Planner::Planner(store::Environment &environment, const RuleContext &context, PlanSpool &steps, PlanSpool *refreshes,
                 bool compareAll)
    : m_environment(environment), m_context(context), m_steps(steps), m_refreshes(refreshes), m_compareAll(compareAll)
{
}

core::Result<void> Planner::load()
{
    auto links = m_environment.links().load(m_context.gateway.id);
    if (!links)
        return core::fail(links.error());
    m_links = *std::move(links);
    for (const store::Link &link : m_links) {
        if (link.ruleRow == m_context.apply.ruleRow && !link.deprovisioned)
            ++m_provisioned;
    }
    return {};
}

core::PlanStep Planner::failedStep(const core::EntryView &entry) const
{
    core::PlanStep step;
    step.action = core::Action::Failed;
    step.sourceDn = entry.dn().toByteArray();
    return step;
}

core::Result<void> Planner::refuse(const core::PlanStep &step, core::ProblemCode code, const QString &attribute,
                                   const QString &message)
{
    core::PlanStep failed = step;
    failed.action = core::Action::Failed;
    failed.changes.clear();
    failed.problems = {{attribute, code, message}};
    ++m_counts.failed;
    return m_steps.append(failed);
}

void Planner::triage(const core::EntryView &entry, std::vector<Open> &open, core::Result<void> &result)
{
    ++m_read;
    const QByteArray id = m_context.dialect.idOf(entry, m_context.idSlots);
    if (id.isEmpty()) {
        result = refuse(failedStep(entry), core::ProblemCode::MissingIdentifier, {},
                        QStringLiteral("The entry has no immutable id (%1) that the service account can read")
                            .arg(QString::fromUtf8(m_context.dialect.idAttributes().join(", "))));
        return;
    }
    store::Link *link = m_links.find(id);
    const quint64 fingerprint = (entry.fingerprint() ^ m_context.fingerprint) | 1; // 0 means "unknown" in a link
    if (link && link->seen) {
        core::PlanStep step = failedStep(entry);
        step.sourceId = id;
        result = refuse(step, core::ProblemCode::DuplicateEntry, {},
                        QStringLiteral("The read delivered this entry's immutable id more than once"));
        return;
    }
    const qint64 ownRule = m_context.apply.ruleRow;
    if (link) {
        link->seen = true;
        if (link->ruleRow == ownRule && !link->deprovisioned && link->fingerprint == fingerprint && !m_compareAll) {
            ++m_counts.unchanged;
            return;
        }
        const auto other = m_context.otherRules.constFind(link->ruleRow);
        if (link->ruleRow != ownRule && other != m_context.otherRules.cend() && liesIn(entry.dn(), other->bases)) {
            ++m_counts.outOfScope; // that rule keeps its people
            return;
        }
    }
    Open item;
    item.person.id = id;
    item.person.dn = entry.dn().toByteArray();
    item.person.fingerprint = fingerprint;
    item.person.mapped = m_context.mapping.evaluate(entry, m_context.dialect.isActive(entry, m_context.activeSlots));
    item.usernameKey = core::usernameKey(item.person.mapped.values.text(m_context.mapping.catalog().username()));
    if (link) {
        item.linkedRow = link->userRow;
        item.deprovisioned = link->deprovisioned;
    } else {
        // Remember it, so that a second delivery of the same id is noticed.
        store::Link seen;
        seen.seen = true;
        m_links.insert(id, seen);
    }
    open.push_back(std::move(item));
}

core::Result<void> Planner::findUsers(std::vector<Open> &open, std::vector<core::User> &users)
{
    const int usernameNumber = m_context.mapping.catalog().username();
    std::vector<qint64> rows;
    for (const Open &item : open) {
        if (item.linkedRow != 0)
            rows.push_back(item.linkedRow);
    }
    auto linked = m_environment.identities().users(rows);
    if (!linked)
        return core::fail(linked.error());
    QHash<qint64, QString> keyOfLinked;
    for (const core::User &user : *linked)
        keyOfLinked.insert(user.row, core::usernameKey(user.values.text(usernameNumber)));

    // Whose username is it? Not asked for those who keep theirs.
    QStringList keys;
    for (const Open &item : open) {
        if (!item.usernameKey.isEmpty() && keyOfLinked.value(item.linkedRow) != item.usernameKey)
            keys.append(item.usernameKey);
    }
    QHash<QString, store::UsernameMatch> matches;
    if (!keys.isEmpty()) {
        auto found = m_environment.identities().usersByUsernameKey(keys, m_context.gateway.id);
        if (!found)
            return core::fail(found.error());
        matches = *std::move(found);
    }
    rows.clear();
    for (Open &item : open) {
        const auto match = matches.constFind(item.usernameKey);
        if (match == matches.cend() || match->userRow == item.linkedRow)
            continue;
        if (item.linkedRow != 0 || match->linkedToGateway)
            item.taken = true;
        else
            rows.push_back(match->userRow);
    }
    auto matched = m_environment.identities().users(rows);
    if (!matched)
        return core::fail(matched.error());

    users = *std::move(linked);
    users.insert(users.end(), matched->begin(), matched->end());
    QHash<qint64, const core::User *> byRow;
    for (const core::User &user : users)
        byRow.insert(user.row, &user);
    for (Open &item : open) {
        if (item.linkedRow != 0)
            item.user = byRow.value(item.linkedRow);
        else if (const auto match = matches.constFind(item.usernameKey); match != matches.cend() && !item.taken)
            item.user = byRow.value(match->userRow);
    }
    return {};
}

core::Result<void> Planner::settle(Open &item)
{
    const core::AttributeCatalog &catalog = m_context.mapping.catalog();
    const core::TargetUser target{item.user, item.linkedRow != 0 && item.user, item.deprovisioned};
    core::Decision decision = core::decide(item.person, target, m_context.mapping, m_context.connection);
    if (decision.step.action == core::Action::Failed)
        return spool(std::move(decision));

    const QString &usernameName = catalog.at(catalog.username()).name;
    const bool givesUsername =
        decision.step.action == core::Action::Create || decision.step.link
        || std::any_of(decision.step.changes.cbegin(), decision.step.changes.cend(),
                       [&](const core::AttributeChange &change) { return change.name == usernameName; });
    if (givesUsername) {
        const QString username = item.person.mapped.values.text(catalog.username());
        if (item.taken) {
            const auto code = item.linkedRow != 0 ? core::ProblemCode::UniquenessViolation
                                                  : core::ProblemCode::TakenMatch;
            return refuse(decision.step, code, usernameName,
                          QStringLiteral("The username %1 belongs to somebody else already. Give one of the two another "
                                         "username in the directory.").arg(username));
        }
        if (!m_claims.insert(item.usernameKey)) {
            return refuse(decision.step, core::ProblemCode::UniquenessViolation, usernameName,
                          QStringLiteral("The username %1 is claimed by another entry of this read, which came first. "
                                         "Give one of the two another username in the directory.").arg(username));
        }
    }
    if (decision.step.action == core::Action::Create)
        decision.step.targetId = store::timeOrderedId();
    return spool(std::move(decision));
}

core::Result<void> Planner::spool(core::Decision decision)
{
    if (decision.notAllowed) {
        ++m_counts.outOfScope;
        return {};
    }
    m_counts.add(decision.step.action);
    if (decision.step.action != core::Action::None)
        return m_steps.append(decision.step);
    if (m_refreshes)
        return m_refreshes->append(decision.step);
    return {};
}

core::Result<void> Planner::plan(const core::EntryBatch &page)
{
    std::vector<Open> open;
    core::Result<void> result;
    for (qsizetype i = 0; i < page.size() && result; ++i)
        triage(page.at(i), open, result);
    if (!result || open.empty())
        return result;
    std::vector<core::User> users;
    result = findUsers(open, users);
    for (Open &item : open) {
        if (!result)
            break;
        result = settle(item);
    }
    return result;
}

core::Result<void> Planner::planGone(qint64 only)
{
    std::vector<qint64> rows;
    for (const store::Link &link : m_links) {
        if (link.seen || link.deprovisioned || link.ruleRow != m_context.apply.ruleRow)
            continue;
        if (only == 0 || link.userRow == only)
            rows.push_back(link.userRow);
    }
    for (size_t from = 0; from < rows.size(); from += kGoneAtOnce) {
        const std::vector<qint64> some(rows.begin() + qsizetype(from),
                                       rows.begin() + qsizetype(std::min(from + kGoneAtOnce, rows.size())));
        auto users = m_environment.identities().users(some);
        if (!users)
            return core::fail(users.error());
        auto people = m_environment.links().people(m_context.gateway.id, some);
        if (!people)
            return core::fail(people.error());
        QHash<qint64, const store::LinkedPerson *> personOf;
        for (const store::LinkedPerson &person : *people)
            personOf.insert(person.userRow, &person);
        for (const core::User &user : *users) {
            const store::LinkedPerson *person = personOf.value(user.row);
            if (!person)
                continue;
            core::Decision decision = core::decideGone(person->sourceId, person->sourceDn, user,
                                                       m_context.mapping.catalog(), m_context.connection);
            if (!decision.notAllowed && decision.step.action == core::Action::None)
                continue; // disabled already
            if (decision.step.action != core::Action::None)
                ++m_deprovisions;
            if (auto spooled = spool(std::move(decision)); !spooled)
                return spooled;
        }
    }
    return {};
}

} // namespace gatehouse::provision
