// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/planner.h"

#include "core/dn.h"
#include "store/environment.h"
#include "store/ids.h"

#include <algorithm>

namespace gatehouse::provision {

namespace {
constexpr quint64 kInactive = 0x9e3779b97f4a7c15; // any number; part of the fingerprints of inactive accounts

/// The username that a step would give.
QString mappedUsername(const core::Step &step, const core::AttributeCatalog &catalog)
{
    const QString &name = catalog.at(catalog.username()).name;
    for (const core::AttributeChange &change : step.changes) {
        if (change.name == name)
            return core::displayText(change.after);
    }
    return step.target.text();
}

// No DN begins or ends like a username's key.
QString dnText(QByteArrayView dn)
{
    return QStringLiteral("dn:") + QString::fromUtf8(core::dnKey(dn));
}

QString usernameText(const QString &key)
{
    return QStringLiteral("username:") + key;
}

QString usernameClaimed(const QString &username, const QByteArray &rivalDn)
{
    return QStringLiteral("The username %1 is claimed by another entry of this read, too, which came first: %2. Give one of "
                          "the two another username in the directory.").arg(username, QString::fromUtf8(rivalDn));
}

QString quotedForShell(QString text)
{
    return u'\'' + text.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

} // namespace

Planner::Planner(store::Environment &environment, const RuleContext &context, PlanFile &plan, bool compareAll)
    : m_environment(environment), m_context(context), m_steps(plan), m_compareAll(compareAll),
      m_identities(environment.identities().keeping(context.mapping.sharedCatalog())),
      m_tally(context.mapping.catalog().at(context.mapping.catalog().username()).name)
{
}

core::Result<void> Planner::load()
{
    auto links = m_environment.links().load(m_context.gateway.id);
    if (!links)
        return core::fail(links.error());
    m_links = *std::move(links);
    for (const store::Link &link : m_links) {
        if (link.ruleRow == m_context.ruleRow && !link.hasLeft())
            ++m_provisioned;
    }
    return {};
}

core::Step Planner::failedStep(const core::EntryView &entry) const
{
    core::Step step;
    step.action = core::Action::Failed;
    step.source.name = entry.dn().toByteArray();
    return step;
}

core::Result<void> Planner::refuse(const core::Step &step, core::ProblemCode code, const QString &attribute,
                                   const QString &message)
{
    core::Step failed = step;
    failed.action = core::Action::Failed;
    failed.changes.clear();
    failed.link.reset();
    failed.frame.reset();
    failed.problems = {{attribute, code, message}};
    ++m_counts.users.failed;
    return m_steps.append(failed);
}

quint64 Planner::fingerprintOf(const core::EntryView &entry, bool active) const
{
    quint64 fingerprint = entry.fingerprint() ^ m_context.fingerprint;
    // A date may pass, and what asks the clock may give another value, while the entry stays as it is.
    if (!active)
        fingerprint ^= kInactive;
    if (m_context.mapping.asksClock())
        fingerprint ^= m_context.mapping.clockFingerprint(entry, active, m_context.now);
    return fingerprint | 1; // 0 means "unknown" in a link
}

void Planner::triage(const core::EntryView &entry, std::vector<Open> &open, core::Result<void> &result)
{
    ++m_read;
    const QByteArray id = m_context.dialect.idOf(entry, m_context.idSlots);
    if (id.isEmpty()) {
        noteUnidentified(entry);
        result = refuse(failedStep(entry), core::ProblemCode::MissingIdentifier, {},
                        QStringLiteral("The entry has no immutable id (%1) that the service account can read")
                            .arg(QString::fromUtf8(m_context.dialect.idAttributes().join(", "))));
        return;
    }
    store::Link *link = m_links.find(id);
    if (m_single && *m_single != 0 && link && link->userRow != *m_single) {
        --m_read; // somebody else, who has the username among other values
        return;
    }
    const bool active = m_context.dialect.isActive(entry, m_context.activeSlots, m_context.now);
    const quint64 fingerprint = fingerprintOf(entry, active);
    if (link && link->seen) {
        core::Step step = failedStep(entry);
        step.source.id = id;
        result = refuse(step, core::ProblemCode::DuplicateEntry, {},
                        QStringLiteral("The read delivered this entry's immutable id more than once"));
        return;
    }
    const qint64 ownRule = m_context.ruleRow;
    if (link) {
        link->seen = true;
        if (link->ruleRow == ownRule && !link->hasLeft() && link->fingerprint == fingerprint && !m_compareAll) {
            ++m_counts.users.unchanged;
            return;
        }
        const auto other = m_context.otherRules.constFind(link->ruleRow);
        // That rule keeps the people whom it means; whom it has let go of, as gone, is taken over.
        if (link->ruleRow != ownRule && other != m_context.otherRules.cend() && !link->hasLeft() && !m_freed.contains(id)
            && liesIn(entry.dn(), other->scope.bases)) {
            m_contended[link->ruleRow].push_back(id);
            return;
        }
    }
    Open item;
    item.person.id = id;
    item.person.dn = entry.dn().toByteArray();
    item.person.fingerprint = fingerprint;
    item.person.active = active;
    item.person.mapped = m_context.mapping.evaluate(entry, active, m_context.now);
    item.owner.usernameKey = core::usernameKey(item.person.mapped.values.text(m_context.mapping.catalog().username()));
    if (link) {
        item.owner.linkedRow = link->userRow;
        item.link = m_links.state(*link, id);
    } else {
        // Remember it, so that a second delivery of the same id is noticed.
        store::Link seen;
        seen.seen = true;
        m_links.insert(id, seen);
    }
    open.push_back(std::move(item));
}

core::Result<void> Planner::settle(Open &item)
{
    const core::AttributeCatalog &catalog = m_context.mapping.catalog();
    core::Decision decision = core::decide(item.person, {item.owner.user, item.link}, m_context.terms());
    if (decision.step.action == core::Action::Failed)
        return spool(std::move(decision));

    if (m_single && *m_single != 0 && item.owner.linkedRow == 0 && item.owner.holder != *m_single) {
        --m_read;
        return {};
    }
    if (decision.notAllowed)
        return spool(std::move(decision));

    const QString &usernameName = catalog.at(catalog.username()).name;
    const bool renames = std::any_of(decision.step.changes.cbegin(), decision.step.changes.cend(),
                                     [&](const core::AttributeChange &change) { return change.name == usernameName; });
    if (decision.step.action == core::Action::Create)
        decision.step.target.id = store::timeOrderedId().toRfc4122();
    if (decision.step.action == core::Action::Create || decision.step.ties() || renames) {
        const auto goesOn = claimUsername(decision.step, item.owner);
        if (!goesOn)
            return core::fail(goesOn.error());
        if (!*goesOn)
            return {};
        if (item.owner.user && core::usernameKey(item.owner.user->values.text(catalog.username())) != item.owner.usernameKey)
            m_claims.release(item.owner.user->row);
    }
    return spool(std::move(decision));
}

core::Result<bool> Planner::claimUsername(core::Step &step, const store::EntryOwner &owner)
{
    if (owner.holder != 0) {
        step.after = {owner.holderId.toRfc4122()};
        if (auto waiting = m_claims.wait(step, owner.user ? owner.user->row : 0, owner.holder); !waiting)
            return core::fail(waiting.error());
        return false;
    }
    const std::optional<uint32_t> earlier = m_claims.claim(owner.usernameKey, uint32_t(m_steps.size()));
    if (!earlier)
        return true;
    const auto rival = m_steps.step(*earlier);
    if (!rival)
        return core::fail(rival.error());
    const core::AttributeCatalog &catalog = m_context.mapping.catalog();
    if (auto refused = refuse(step, core::ProblemCode::UniquenessViolation, catalog.at(catalog.username()).name,
                              usernameClaimed(mappedUsername(step, catalog), rival->source.name)); !refused)
        return core::fail(refused.error());
    return false;
}

core::Result<void> Planner::spool(core::Decision decision)
{
    if (decision.notAllowed) {
        ++m_counts.users.outOfScope;
        return {};
    }
    m_counts.count(decision.step);
    m_tally.count(decision.step);
    const bool isSilent = decision.step.action == core::Action::None;
    return m_steps.append(decision.step, isSilent ? PlanFile::Part::Refreshes : PlanFile::Part::Steps);
}

core::Result<void> Planner::plan(const core::EntryBatch &page)
{
    std::vector<Open> open;
    core::Result<void> result;
    if (page.size() > 0)
        noteIdAttribute(page.at(0));
    for (qsizetype i = 0; i < page.size() && result; ++i)
        triage(page.at(i), open, result);
    if (!result || open.empty())
        return result;
    std::vector<core::User> users;
    std::vector<store::EntryOwner *> owners;
    for (Open &item : open)
        owners.push_back(&item.owner);
    result = store::findOwners(m_identities, m_context.gateway.id, core::MatchBy::LinkOrName, owners, users);
    for (Open &item : open) {
        if (!result)
            break;
        result = settle(item);
    }
    return result;
}

/// An entry that was read is not missing, even when it does not say whose it is: it is known again by its DN or, where the
/// DN has changed, by its username.
void Planner::noteUnidentified(const core::EntryView &entry)
{
    m_anyUnidentified = true;
    m_unidentified.insert(dnText(entry.dn()));
    const auto mapped = m_context.mapping.evaluate(entry, true);
    const QString key = core::usernameKey(mapped.values.text(m_context.mapping.catalog().username()));
    if (!key.isEmpty())
        m_unidentified.insert(usernameText(key));
}

void Planner::noteIdAttribute(const core::EntryView &entry)
{
    const QList<QByteArray> &names = m_context.dialect.idAttributes();
    for (qsizetype i = 0; i < names.size() && i < m_context.idSlots.size(); ++i) {
        if (!entry.has(m_context.idSlots.at(i)))
            continue;
        if (!m_idAttributesSeen.contains(names.at(i)))
            m_idAttributesSeen.append(names.at(i));
        return;
    }
}

std::vector<qint64> Planner::missing(qint64 only)
{
    std::vector<qint64> rows;
    for (const store::Link &link : m_links) {
        if (link.seen || link.hasLeft() || link.ruleRow != m_context.ruleRow)
            continue;
        if (only == 0 || link.userRow == only)
            rows.push_back(link.userRow);
    }
    return rows;
}

bool Planner::wasReadWithoutId(const store::LinkedPerson &link, const core::User &user) const
{
    if (!m_anyUnidentified)
        return false;
    const QString key = core::usernameKey(user.values.text(m_context.mapping.catalog().username()));
    return m_unidentified.contains(dnText(link.sourceDn)) || m_unidentified.contains(usernameText(key));
}

core::Result<std::vector<MissingPerson>> Planner::unaccounted(std::span<const qint64> rows)
{
    auto users = m_identities.users(rows);
    if (!users)
        return core::fail(users.error());
    auto links = m_environment.links().people(m_context.gateway.id, {rows.begin(), rows.end()});
    if (!links)
        return core::fail(links.error());
    QHash<qint64, const store::LinkedPerson *> linkOf;
    for (const store::LinkedPerson &link : *links)
        linkOf.insert(link.userRow, &link);
    std::vector<MissingPerson> people;
    for (core::User &user : *users) {
        const store::LinkedPerson *link = linkOf.value(user.row);
        if (!link || wasReadWithoutId(*link, user))
            continue;
        const core::Decision decision = core::decideGone(m_context.gateway.id, link->state(), user,
                                                         m_context.mapping.catalog(), m_context.connection);
        if (decision.notAllowed)
            ++m_counts.users.outOfScope;
        else if (decision.step.action != core::Action::None) // else disabled already
            people.push_back({*link, std::move(user)});
    }
    return people;
}

core::Result<void> Planner::takeOver(const ContendedAnswer &answer)
{
    m_counts.users.outOfScope += answer.kept;
    m_freed = answer.freed;
    for (const QByteArray &id : answer.freed) {
        if (store::Link *link = m_links.find(id))
            link->seen = false;
    }
    for (const core::EntryBatch &page : answer.pages) {
        m_read -= page.size(); // they were counted when they were read first
        if (auto planned = plan(page); !planned)
            return planned;
    }
    return {};
}

core::Result<void> Planner::planGone(const MissingPerson &person, core::Departure departure)
{
    if (m_claims.isWanted(person.user.row))
        return {}; // perhaps the account was made anew: planWaiting() names both
    core::Decision decision = core::decideGone(m_context.gateway.id, person.link.state(), person.user,
                                               m_context.mapping.catalog(), m_context.connection);
    decision.step.departure = departure;
    if (decision.step.action == core::Action::Delete)
        m_claims.release(person.user.row);
    return spool(std::move(decision));
}

core::Result<void> Planner::planWaiting()
{
    QSet<qint64> unseen;
    if (!m_claims.holders().isEmpty()) {
        for (const store::Link &link : m_links) {
            if (!link.seen && m_claims.holders().contains(link.userRow))
                unseen.insert(link.userRow);
        }
    }
    const auto take = [this](const core::Step &step, qint64 user) -> core::Result<void> {
        // Somebody new who takes over the username is not the one whom the run is about.
        if (m_single && *m_single != 0 && user != *m_single)
            return {};
        return spool({step, false});
    };
    return m_claims.settle(take,
                           [&](const std::vector<UsernameClaims::Refusal> &some) { return refuseWaiting(some, unseen); });
}

core::Result<void> Planner::refuseWaiting(const std::vector<UsernameClaims::Refusal> &some, const QSet<qint64> &unseen)
{
    const core::AttributeCatalog &catalog = m_context.mapping.catalog();
    std::vector<qint64> holders;
    for (const UsernameClaims::Refusal &refusal : some)
        holders.push_back(refusal.holder);
    const auto people = m_environment.links().people(m_context.gateway.id, holders);
    if (!people)
        return core::fail(people.error());
    QHash<qint64, const store::LinkedPerson *> personOf;
    for (const store::LinkedPerson &person : *people)
        personOf.insert(person.userRow, &person);
    for (const UsernameClaims::Refusal &refusal : some) {
        const QString username = mappedUsername(refusal.step, catalog);
        const bool isNew = refusal.step.action == core::Action::Create;
        const store::LinkedPerson *holder = personOf.value(refusal.holder);
        QString message;
        if (refusal.rival)
            message = usernameClaimed(username, refusal.rival->source.name);
        else if (!holder)
            message = QStringLiteral("The username %1 belongs to a user of the identity directory who is linked to no entry of this "
                                     "gateway. Rename that user, or give this entry another username in the directory.").arg(username);
        else
            message = heldMessage(username, *holder, refusal.step, isNew, unseen.contains(refusal.holder));
        const auto code = isNew ? core::ProblemCode::TakenMatch : core::ProblemCode::UniquenessViolation;
        if (auto refused = refuse(refusal.step, code, catalog.at(catalog.username()).name, message); !refused)
            return refused;
    }
    return {};
}

QString Planner::heldMessage(const QString &username, const store::LinkedPerson &holder, const core::Step &step, bool isNew,
                             bool isUnseen) const
{
    const QString other = QStringLiteral("%1 (id %2)").arg(QString::fromUtf8(holder.sourceDn), core::displayId(holder.sourceId));
    if (!isUnseen) {
        return QStringLiteral("The username %1 belongs to the user of another entry already: %2. Give one of the two another "
                              "username in the directory.").arg(username, other);
    }
    if (m_single && holder.userRow != *m_single) {
        return QStringLiteral("The username %1 belongs to the user of another entry, %2, which this run for one person did not "
                              "read. Run the whole rule: it may free the username.").arg(username, other);
    }
    if (!isNew) {
        return QStringLiteral("The username %1 belongs to the user of the entry %2, which this read did not find. Delete or rename "
                              "that user, or give this entry another username in the directory.").arg(username, other);
    }
    const QString dn = step.source.text();
    return QStringLiteral("The username %1 belongs to a user who is linked to another entry, %2, which this read did not find, and "
                          "this entry, %3 (id %4), is not linked: the account seems to have been made anew. If it is the same "
                          "person, tie the user to this entry: gatehousectl user link %5 %6 %7. If it is somebody else, give this "
                          "entry another username in the directory, or delete the user %1. Until then the user stays as it is.")
        .arg(username, other, dn, core::displayId(step.source.id), quotedForShell(username), quotedForShell(m_context.gateway.name),
             quotedForShell(dn));
}

} // namespace gatehouse::provision
