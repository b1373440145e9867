// SPDX-License-Identifier: GPL-3.0-or-later
//
// Groups, memberships and populations of store/identities.h.
#include "core/dn.h"
#include "store/numbers.h"
#include "store/identities_p.h"

#include <QDateTime>

namespace gatehouse::store {

using core::Code;
using core::Group;
using core::GroupSource;
using core::Population;
using core::Problem;
using core::ProblemCode;
using core::Result;

namespace {

constexpr int kNameLength = 256; // UTF-16 units, as the API's groups
constexpr int kDescriptionLength = 4096;

Problem fault(const core::Error &error)
{
    return {{}, ProblemCode::StoreFault, error.text()};
}

void checkLength(QList<Problem> &problems, const char *attribute, const QString &text, int most)
{
    if (text.size() > most)
        problems.append({QString::fromLatin1(attribute), ProblemCode::TooLong,
                         QStringLiteral("has %1 characters, %2 are allowed").arg(text.size()).arg(most)});
}

/// By which an external group is found, whatever the spelling of its DN.
QByteArray sourceKey(const Group &group)
{
    return group.source == GroupSource::Internal ? QByteArray("") : core::dnKey(group.name.toUtf8());
}

} // namespace

QByteArray groupSelect()
{
    return "SELECT g.row, g.uuid, g.name, g.display_name, g.description, coalesce(g.population, 0), g.source,"
           " g.source_name, g.just_in_time, g.revision, (SELECT count(DISTINCT user_row) FROM memberships WHERE group_row = g.row)"
           " FROM groups AS g";
}

Group readGroup(const Statement &row)
{
    Group group;
    group.row = row.integer(0);
    group.id = row.uuid(1);
    group.name = row.text(2);
    group.displayName = row.text(3);
    group.description = row.text(4);
    group.population = row.integer(5);
    group.source = GroupSource(row.integer(6));
    group.sourceName = row.text(7);
    group.justInTime = row.integer(8) != 0;
    group.revision = row.integer(9);
    group.memberCount = row.integer(10);
    return group;
}

Result<Group> Identities::group(qint64 row)
{
    Statement statement = d->database.prepare(groupSelect() + " WHERE g.row = ?1");
    const auto found = statement.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::fail(Code::NotFound, QStringLiteral("there is no such group"));
    return readGroup(statement);
}

Result<Group> Identities::groupByName(const QString &name)
{
    // An internal group before external ones of the same name.
    Statement statement = d->database.prepare(groupSelect() + " WHERE (g.source = 0 AND g.name_key = ?1)"
                                                              " OR (g.source <> 0 AND g.source_key = ?2)"
                                                              " ORDER BY g.source, g.name <> ?3, g.row LIMIT 1");
    const auto found = statement.bind(1, core::usernameKey(name)).bindBlob(2, core::dnKey(name.toUtf8())).bind(3, name).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::fail(Code::NotFound, QStringLiteral("there is no such group"), {}, name);
    return readGroup(statement);
}

QList<Problem> problemsOf(Database &database, const Group &group)
{
    QList<Problem> problems;
    const QString name = QStringLiteral("name");
    if (group.name.trimmed().isEmpty())
        problems.append({name, ProblemCode::RequiredValue, QStringLiteral("a group needs a name")});
    // The name of an external group is the directory's value, a DN for example.
    checkLength(problems, "name", group.name, group.source == GroupSource::Internal ? kNameLength : kDescriptionLength);
    checkLength(problems, "displayName", group.displayName, kNameLength);
    checkLength(problems, "description", group.description, kDescriptionLength);
    for (const QChar character : group.name) {
        if (character.category() == QChar::Other_Control) {
            problems.append({name, ProblemCode::InvalidValue, QStringLiteral("a name has no control characters")});
            break;
        }
    }
    if (group.population) {
        if (const auto population = populationOrDefault(database, group.population); !population)
            problems.append({QStringLiteral("population"), ProblemCode::InvalidValue, population.error().what});
    }
    Statement look = database.prepare(
        group.source == GroupSource::Internal
            ? "SELECT row FROM groups WHERE source = 0 AND name_key = ?1"
            : "SELECT row FROM groups WHERE source <> 0 AND source = ?2 AND source_name = ?3 AND source_key = ?1"
              " ORDER BY row <> ?4 LIMIT 1");
    if (group.source == GroupSource::Internal)
        look.bind(1, core::usernameKey(group.name));
    else
        look.bindBlob(1, core::dnKey(group.name.toUtf8())).bind(2, int(group.source)).bind(3, group.sourceName).bind(4, group.row);
    const auto found = look.step();
    if (!found)
        problems.append(fault(found.error()));
    else if (*found && look.integer(0) != group.row)
        problems.append({name, ProblemCode::UniquenessViolation,
                         QStringLiteral("another group has the name \"%1\"").arg(group.name)});
    return problems;
}

QList<Problem> Identities::check(const Group &group)
{
    QList<Problem> problems = problemsOf(d->database, group);
    if (group.row == 0)
        return problems;
    const auto stored = this->group(group.row);
    if (!stored || stored->source == GroupSource::Internal)
        return problems;
    const auto fixed = [&](const char *attribute) {
        problems.append({QString::fromLatin1(attribute), ProblemCode::NotAllowed,
                         QStringLiteral("\"%1\" comes from %2: its name is changed there").arg(stored->displayName, stored->sourceName)});
    };
    if (group.name != stored->name || group.source != stored->source || group.sourceName != stored->sourceName)
        fixed("name");
    if (group.displayName != stored->displayName)
        fixed("displayName");
    return problems;
}

Result<void> writeGroup(Database &database, const Group &group)
{
    Statement write = database.prepare(
        group.row == 0 ? "INSERT INTO groups (name, name_key, display_name, description, population, source, source_name,"
                " just_in_time, updated_at, created_at, uuid, revision, source_key)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, 1, ?12)"
              : "UPDATE groups SET name = ?1, name_key = ?2, display_name = ?3, description = ?4, population = ?5,"
                " source = ?6, source_name = ?7, just_in_time = ?8, updated_at = ?9, revision = revision + 1,"
                " source_key = ?12"
                " WHERE row = ?10 AND revision = ?11");
    write.bind(1, group.name).bind(2, core::usernameKey(group.name)).bind(3, group.displayName);
    write.bind(4, group.description).bind(6, int(group.source)).bind(7, group.sourceName);
    write.bind(8, int(group.justInTime)).bind(9, QDateTime::currentMSecsSinceEpoch());
    if (group.population)
        write.bind(5, group.population);
    write.bindBlob(12, sourceKey(group));
    if (group.row == 0)
        write.bind(10, group.id);
    else
        write.bind(10, group.row).bind(11, group.revision);
    return write.run();
}

Result<void> deleteGroupRow(Database &database, qint64 row)
{
    auto removed = database.prepare("DELETE FROM links WHERE row IN (SELECT (row << 43) | (1 << 40) | ?1 FROM gateway_numbers)")
                       .bind(1, row)
                       .run();
    if (!removed)
        return removed;
    return database.prepare("DELETE FROM groups WHERE row = ?1").bind(1, row).run();
}

tl::expected<Group, QList<Problem>> Identities::saveGroup(Group group)
{
    const auto refuse = [](QList<Problem> problems) { return tl::unexpected<QList<Problem>>(std::move(problems)); };
    auto transaction = Transaction::begin(d->database);
    if (!transaction)
        return refuse({fault(transaction.error())});
    if (const QList<Problem> problems = check(group); !problems.isEmpty())
        return refuse(problems);
    const bool isNew = group.row == 0;
    if (isNew && group.id.isNull())
        group.id = timeOrderedId();
    if (auto written = writeGroup(d->database, group); !written)
        return refuse({fault(written.error())});
    if (d->database.changes() == 0)
        return refuse({{{}, ProblemCode::ChangedMeanwhile, QStringLiteral("the group was changed or deleted meanwhile")}});
    const auto saved = this->group(isNew ? d->database.lastInsertRow() : group.row);
    if (!saved)
        return refuse({fault(saved.error())});
    if (auto committed = transaction->commit(); !committed)
        return refuse({fault(committed.error())});
    return *saved;
}

Result<void> Identities::deleteGroup(qint64 row)
{
    auto transaction = Transaction::begin(d->database);
    if (!transaction)
        return core::fail(transaction.error());
    if (auto removed = deleteGroupRow(d->database, row); !removed)
        return removed;
    if (d->database.changes() == 0)
        return core::fail(Code::NotFound, QStringLiteral("there is no such group"));
    return transaction->commit();
}

Result<void> Identities::addMember(qint64 group, qint64 user)
{
    auto transaction = Transaction::begin(d->database);
    if (!transaction)
        return core::fail(transaction.error());
    const auto whole = this->group(group);
    if (!whole)
        return core::fail(whole.error());
    if (whole->source != GroupSource::Internal)
        return core::fail(Code::Conflict, QStringLiteral("users cannot be added to an external group"),
                          QStringLiteral("its members come from %1").arg(whole->sourceName), whole->name);
    if (auto found = this->user(user); !found)
        return core::fail(found.error());
    // Given by hand it stays, whatever becomes of what a rule or a sign-on has given.
    auto added = d->database
                     .prepare("INSERT INTO memberships (group_row, user_row, source, direct) VALUES (?1, ?2, 0, 1)"
                              " ON CONFLICT (group_row, user_row, source) DO UPDATE SET direct = 1")
                     .bind(1, group)
                     .bind(2, user)
                     .run();
    if (!added)
        return added;
    return transaction->commit();
}

Result<void> Identities::removeMember(qint64 group, qint64 user)
{
    auto removed = d->database.prepare("DELETE FROM memberships WHERE group_row = ?1 AND user_row = ?2")
                       .bind(1, group)
                       .bind(2, user)
                       .run();
    if (!removed)
        return removed;
    if (d->database.changes() == 0)
        return core::fail(Code::NotFound, QStringLiteral("the user is not a member of the group"));
    return {};
}

Result<QList<Population>> Identities::populations()
{
    QList<Population> populations;
    Statement statement =
        d->database.prepare("SELECT row, uuid, name, description, is_default FROM populations ORDER BY position, row");
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return populations;
        populations.append({statement.integer(0), statement.uuid(1), statement.text(2), statement.text(3),
                            statement.integer(4) != 0});
    }
}

} // namespace gatehouse::store
