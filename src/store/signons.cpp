// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/signons.h"

#include "core/dn.h"
#include "store/auditlog.h"
#include "store/database.h"
#include "store/identities.h"
#include "store/identities_p.h"
#include "store/links.h"
#include "store/numbers.h"

#include <QHash>
#include <QJsonDocument>
#include <QStringList>

#include <algorithm>

namespace gatehouse::store {

using core::Code;
using core::Problem;
using core::ProblemCode;
using core::Result;

namespace {

constexpr int kDisplayNameLength = 256; // UTF-16 units, as the API's groups
const QString kGroups = QStringLiteral("externalGroupNames");

bool sameUser(const core::User &left, const core::User &right)
{
    return left.values == right.values && left.population == right.population
           && left.authorityGateway == right.authorityGateway && left.authorityUserType == right.authorityUserType;
}

core::Group groupOf(const SignOn &signOn, const ExternalGroup &external)
{
    core::Group group;
    group.name = external.name;
    group.displayName = external.displayName;
    group.source = core::GroupSource::Gateway;
    group.sourceName = signOn.gateway;
    group.justInTime = true;
    return group;
}

} // namespace

ExternalGroup externalGroup(const QString &name, bool direct)
{
    const auto dn = core::Dn::parse(name);
    QString shown = dn && !dn->isEmpty() ? dn->firstValue() : name;
    if (shown.isEmpty())
        shown = name;
    if (shown.size() > kDisplayNameLength)
        shown = shown.left(kDisplayNameLength - 1) + QChar(0x2026);
    return {name, shown, direct};
}

Result<SignOnPlan> SignOns::plan(const SignOn &signOn)
{
    SignOnPlan plan;
    if (signOn.user.row != 0) {
        auto stored = m_identities.user(signOn.user.row);
        if (!stored)
            return core::fail(stored.error());
        plan.before = *std::move(stored);
    }
    plan.changesUser = !plan.before || !sameUser(*plan.before, signOn.user);
    if (plan.changesUser)
        plan.problems = m_identities.check(signOn.user);
    if (!signOn.sourceId.isEmpty()) {
        const auto owner = Links(m_database).userOf(signOn.gatewayId, signOn.sourceId);
        if (!owner)
            return core::fail(owner.error());
        if (*owner != 0 && *owner != signOn.user.row)
            plan.problems.append({{}, ProblemCode::TakenMatch, QStringLiteral("the entry belongs to another user already")});
    }
    if (signOn.groups) {
        if (auto planned = planGroups(signOn, plan); !planned)
            return core::fail(planned.error());
        if (auto counted = planLimits(signOn, plan); !counted)
            return core::fail(counted.error());
    }
    return plan;
}

Result<void> SignOns::planGroups(const SignOn &signOn, SignOnPlan &plan)
{
    QHash<QByteArray, GroupChange> today; // just-in-time groups of this gateway that the user is in, by the key of their name
    if (signOn.user.row != 0) {
        Statement rows = m_database.prepare(
            "SELECT g.row, g.name, g.display_name, m.direct FROM memberships AS m JOIN groups AS g ON g.row = m.group_row"
            " WHERE m.user_row = ?1 AND m.source = ?3 AND g.source = 1 AND g.source_name = ?2 AND g.just_in_time = 1");
        rows.bind(1, signOn.user.row).bind(2, signOn.gateway).bind(3, kBySignOn);
        for (;;) {
            const auto row = rows.step();
            if (!row)
                return core::fail(row.error());
            if (!*row)
                break;
            today.insert(core::dnKey(rows.text(1).toUtf8()), {{rows.text(1), rows.text(2), rows.integer(3) != 0}, GroupChange::Kind::Removed, false,
                                        rows.integer(0)});
        }
    }
    Statement look = m_database.prepare(
        "SELECT row, just_in_time FROM groups WHERE source <> 0 AND source = 1 AND source_name = ?1 AND source_key = ?2"
        " ORDER BY name <> ?3, row");
    for (const ExternalGroup &wanted : *signOn.groups) {
        // A DN in another spelling is the same group, under the name that it got first.
        const QByteArray key = core::dnKey(wanted.name.toUtf8());
        if (const auto present = today.find(key); present != today.end()) {
            present->group.direct = wanted.direct;
            present->kind = GroupChange::Kind::Kept;
            continue;
        }
        const auto found = look.bind(1, signOn.gateway).bindBlob(2, key).bind(3, wanted.name).step();
        if (!found)
            return core::fail(found.error());
        GroupChange change{wanted, GroupChange::Kind::Added, !*found, *found ? look.integer(0) : 0};
        const bool isRules = *found && look.integer(1) == 0;
        look.reset();
        // A group that a rule provisions has the members that the rule gives it.
        if (isRules)
            continue;
        if (change.isNewGroup) {
            for (Problem &problem : m_identities.check(groupOf(signOn, wanted))) {
                problem.attribute = kGroups;
                problem.message = QStringLiteral("the group \"%1\": %2").arg(wanted.name.left(200), problem.message);
                plan.problems.append(problem);
            }
        }
        today.insert(key, change);
    }
    plan.groups = today.values();
    std::sort(plan.groups.begin(), plan.groups.end(), [](const GroupChange &left, const GroupChange &right) {
        const int order = left.group.displayName.compare(right.group.displayName, Qt::CaseInsensitive);
        return order != 0 ? order < 0 : left.group.name < right.group.name;
    });
    return {};
}

Result<QStringList> SignOns::groupNames(qint64 user, const QString &gateway)
{
    Statement rows = m_database.prepare(
        "SELECT DISTINCT g.name FROM memberships AS m JOIN groups AS g ON g.row = m.group_row"
        " WHERE m.user_row = ?1 AND g.source = 1 AND g.source_name = ?2 AND g.just_in_time = 1");
    rows.bind(1, user).bind(2, gateway);
    QStringList names;
    for (;;) {
        const auto row = rows.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            break;
        names.append(rows.text(0));
    }
    names.sort();
    return names;
}

Result<void> SignOns::planLimits(const SignOn &signOn, SignOnPlan &plan)
{
    qint64 more = 0;
    qint64 newGroups = 0;
    for (const GroupChange &change : std::as_const(plan.groups)) {
        more += change.kind == GroupChange::Kind::Added ? 1 : change.kind == GroupChange::Kind::Removed ? -1 : 0;
        newGroups += change.isNewGroup ? 1 : 0;
    }
    Statement count = m_database.prepare("SELECT count(DISTINCT group_row) FROM memberships WHERE user_row = ?1");
    const auto counted = count.bind(1, signOn.user.row).step();
    if (!counted)
        return core::fail(counted.error());
    const qint64 groupsOfUser = count.integer(0) + more;
    if (more > 0 && groupsOfUser > kMaxGroupsOfUser)
        plan.problems.append({kGroups, ProblemCode::NotAllowed,
                              QStringLiteral("the user would be in %1 groups, %2 are allowed").arg(groupsOfUser).arg(kMaxGroupsOfUser)});
    if (newGroups == 0)
        return {};
    const auto groups = m_database.integer("SELECT count(*) FROM groups");
    if (!groups)
        return core::fail(groups.error());
    if (*groups + newGroups > kMaxGroups)
        plan.problems.append({kGroups, ProblemCode::NotAllowed,
                              QStringLiteral("the environment would have %1 groups, %2 are allowed")
                                  .arg(*groups + newGroups).arg(kMaxGroups)});
    return {};
}

Result<core::User> SignOns::record(const SignOn &signOn)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    const auto planned = plan(signOn);
    if (!planned)
        return core::fail(planned.error());
    const auto refuse = [](const QList<Problem> &problems) {
        QStringList texts;
        for (const Problem &problem : problems)
            texts.append(problem.message);
        return core::fail(Code::Conflict, QStringLiteral("the user cannot be stored as the directory has it"),
                          texts.join(QStringLiteral("; ")));
    };
    if (!planned->problems.isEmpty())
        return refuse(planned->problems);
    qint64 row = signOn.user.row;
    if (planned->changesUser) {
        core::User user = signOn.user;
        if (planned->before)
            user.lastSignOnAt = planned->before->lastSignOnAt;
        const auto saved = m_identities.saveUser(user);
        if (!saved)
            return refuse(saved.error());
        row = saved->row;
    }
    // Not a change of the record: a plan that was made before the sign-on stays good.
    auto done = m_database.prepare("UPDATE users SET last_sign_on_at = ?1 WHERE row = ?2").bind(1, signOn.at).bind(2, row).run();
    if (done && signOn.groups)
        done = writeGroups(signOn, *planned, row);
    if (done)
        done = writeLink(signOn, row);
    if (done)
        done = writePassword(signOn, row);
    if (done)
        done = AuditLog(m_database).record(signOn.auditAction, signOn.user.values.text(m_identities.catalog().username()),
                                           signOn.auditDetail);
    if (!done)
        return core::fail(done.error());
    auto stored = m_identities.user(row);
    if (!stored)
        return stored;
    if (auto committed = transaction->commit(); !committed)
        return core::fail(committed.error());
    return stored;
}

Result<void> SignOns::writeGroups(const SignOn &signOn, const SignOnPlan &plan, qint64 user)
{
    Statement add = m_database.prepare("INSERT INTO memberships (group_row, user_row, source, direct) VALUES (?1, ?2, ?3, ?4)"
                                       " ON CONFLICT (group_row, user_row, source) DO UPDATE SET direct = ?4");
    Statement remove = m_database.prepare("DELETE FROM memberships WHERE group_row = ?1 AND user_row = ?2 AND source = ?3");
    for (const GroupChange &change : plan.groups) {
        if (change.kind == GroupChange::Kind::Removed) {
            if (auto removed = remove.bind(1, change.groupRow).bind(2, user).bind(3, kBySignOn).run(); !removed)
                return removed;
            continue;
        }
        qint64 group = change.groupRow;
        if (change.isNewGroup) {
            const auto made = m_identities.saveGroup(groupOf(signOn, change.group));
            if (!made)
                return core::fail(Code::Conflict, QStringLiteral("a group cannot be made"), made.error().constFirst().message,
                                  change.group.name);
            group = made->row;
        }
        if (auto added = add.bind(1, group).bind(2, user).bind(3, kBySignOn).bind(4, int(change.group.direct)).run(); !added)
            return added;
    }
    return {};
}

Result<void> SignOns::writeLink(const SignOn &signOn, qint64 user)
{
    if (signOn.sourceId.isEmpty())
        return {};
    const auto gateway = Links(m_database).gatewayNumber(signOn.gatewayId);
    if (!gateway)
        return core::fail(gateway.error());
    // A rule that provisions the user keeps its link; only where the entry is now may have changed.
    auto linked = m_database
                      .prepare("INSERT INTO links (row, rule, fingerprint, disabling, source_id, dn)"
                               " VALUES (?1, 0, 0, 0, ?2, ?3) ON CONFLICT (row) DO UPDATE SET"
                               " fingerprint = CASE WHEN source_id = ?2 AND dn = ?3 THEN fingerprint ELSE 0 END,"
                               " source_id = ?2, dn = ?3")
                      .bind(1, linkRow(*gateway, user))
                      .bindBlob(2, signOn.sourceId)
                      .bindBlob(3, signOn.sourceDn)
                      .run();
    if (!linked)
        return linked;
    return m_database.prepare("INSERT OR REPLACE INTO correlations (user, attributes) VALUES (?1, ?2)")
        .bind(1, user)
        .bindUtf8(2, QJsonDocument(signOn.correlationAttributes).toJson(QJsonDocument::Compact))
        .run();
}

Result<void> SignOns::writePassword(const SignOn &signOn, qint64 user)
{
    if (!signOn.passwordHash)
        return {};
    if (signOn.passwordHash->isEmpty())
        return m_database.prepare("DELETE FROM passwords WHERE user = ?1").bind(1, user).run();
    return m_database.prepare("INSERT OR REPLACE INTO passwords (user, hash, changed_at) VALUES (?1, ?2, ?3)")
        .bind(1, user)
        .bindUtf8(2, *signOn.passwordHash)
        .bind(3, signOn.at)
        .run();
}

Result<std::vector<QByteArray>> SignOns::othersWithGroups(qint64 exceptUser, const QUuid &gatewayId, const QString &gateway,
                                                         int limit)
{
    const auto number = Links(m_database).gatewayNumber(gatewayId);
    if (!number)
        return core::fail(number.error());
    Statement others = m_database.prepare(
        "SELECT DISTINCT l.source_id FROM groups AS g JOIN memberships AS m ON m.group_row = g.row JOIN links AS l ON l.row ="
        " ?1 + m.user_row WHERE g.source = 1 AND g.source_name = ?2 AND g.just_in_time = 1 AND m.user_row <> ?3 LIMIT ?4");
    others.bind(1, linkRow(*number, 0)).bind(2, gateway).bind(3, exceptUser).bind(4, limit);
    std::vector<QByteArray> ids;
    for (;;) {
        const auto row = others.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return ids;
        ids.push_back(others.blob(0).toByteArray());
    }
}

Result<QByteArray> SignOns::passwordHash(qint64 user)
{
    Statement look = m_database.prepare("SELECT hash FROM passwords WHERE user = ?1");
    const auto found = look.bind(1, user).step();
    if (!found)
        return core::fail(found.error());
    return *found ? look.utf8(0).toByteArray() : QByteArray();
}

Result<core::ExternalLink> SignOns::externalLink(qint64 user)
{
    Statement look = m_database.prepare("SELECT a.gateway_uuid, a.user_type_uuid, c.attributes FROM users AS u"
                                        " LEFT JOIN authorities AS a ON a.row = u.authority"
                                        " LEFT JOIN correlations AS c ON c.user = u.row WHERE u.row = ?1");
    const auto found = look.bind(1, user).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::ExternalLink();
    return core::ExternalLink{look.uuid(0), look.uuid(1), QJsonDocument::fromJson(look.utf8(2).toByteArray()).object()};
}

} // namespace gatehouse::store
