// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/runs.h"

#include "store/configurations.h"
#include "store/created.h"
#include "store/database.h"
#include "store/journal.h"
#include "store/links.h"
#include "store/rulelock.h"
#include "store/usercolumns.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace gatehouse::store {

using core::Action;
using core::Step;
using core::Result;

namespace {

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject objectOf(QByteArrayView json)
{
    return QJsonDocument::fromJson(QByteArray::fromRawData(json.data(), json.size())).object();
}

QJsonObject errorToJson(const core::Error &error)
{
    return {{QStringLiteral("code"), int(error.code)},     {QStringLiteral("what"), error.what},
            {QStringLiteral("detail"), error.detail},      {QStringLiteral("where"), error.where},
            {QStringLiteral("native"), error.native},        {QStringLiteral("local"), error.isLocal}};
}

core::Error errorFromJson(const QJsonObject &json)
{
    core::Error error;
    error.code = core::Code(json.value(QLatin1String("code")).toInt(int(core::Code::Internal)));
    error.what = json.value(QLatin1String("what")).toString();
    error.detail = json.value(QLatin1String("detail")).toString();
    error.where = json.value(QLatin1String("where")).toString();
    error.native = json.value(QLatin1String("native")).toInt();
    error.isLocal = json.value(QLatin1String("local")).toBool();
    return error;
}

QByteArray guardsToJson(const QList<core::GuardVerdict> &guards)
{
    QJsonArray array;
    for (const core::GuardVerdict &guard : guards)
        array.append(core::toJson(guard));
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

QList<core::GuardVerdict> guardsFromJson(QByteArrayView json)
{
    QList<core::GuardVerdict> guards;
    const QJsonArray array = QJsonDocument::fromJson(QByteArray::fromRawData(json.data(), json.size())).array();
    for (const QJsonValue &value : array)
        guards.append(core::verdictFromJson(value.toObject()));
    return guards;
}

QByteArray problemsToJson(const QList<core::Problem> &problems)
{
    QJsonArray array;
    for (const core::Problem &problem : problems)
        array.append(QJsonArray{problem.attribute, int(problem.code), problem.message});
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

QList<core::Problem> problemsFromJson(QByteArrayView json)
{
    QList<core::Problem> problems;
    const QJsonArray array = QJsonDocument::fromJson(QByteArray::fromRawData(json.data(), json.size())).array();
    for (const QJsonValue &value : array) {
        const QJsonArray parts = value.toArray();
        problems.append({parts.at(0).toString(), core::ProblemCode(parts.at(1).toInt()), parts.at(2).toString()});
    }
    return problems;
}

const QByteArray kSelect = "SELECT row, rule, rule_uuid, status, counts, entries_read, started_at, finished_at, duration,"
                           " started_by, error, guards, plan FROM runs";

Run readRun(const Statement &row)
{
    Run run;
    run.row = row.integer(0);
    run.rule = row.text(1);
    run.ruleId = row.uuid(2);
    run.status = RunStatus(row.integer(3));
    run.counts = core::planCountsFromJson(objectOf(row.utf8(4)));
    run.read = row.integer(5);
    run.startedAt = row.time(6);
    run.finishedAt = row.time(7);
    run.durationMs = row.integer(8);
    run.trigger = row.text(9);
    if (!row.isNull(10))
        run.error = errorFromJson(objectOf(row.utf8(10)));
    run.guards = guardsFromJson(row.utf8(11));
    if (!row.isNull(12))
        run.plan = row.uuid(12);
    return run;
}

} // namespace

QString runStatusName(RunStatus status)
{
    switch (status) {
    case RunStatus::Running: return QStringLiteral("running");
    case RunStatus::Succeeded: return QStringLiteral("succeeded");
    case RunStatus::Partial: return QStringLiteral("partial");
    case RunStatus::Failed: return QStringLiteral("failed");
    case RunStatus::Stopped: return QStringLiteral("stopped");
    case RunStatus::Cancelled: return QStringLiteral("cancelled");
    case RunStatus::BrokenOff: return QStringLiteral("brokenOff");
    }
    return {};
}

namespace {

/// What of @p counts no journal tells.
core::PlanCounts undone(const core::PlanCounts &counts)
{
    core::PlanCounts rest;
    for (const auto kind : {&core::PlanCounts::users, &core::PlanCounts::groups, &core::PlanCounts::devices,
                            &core::PlanCounts::entries}) {
        (rest.*kind).unchanged = (counts.*kind).unchanged;
        (rest.*kind).outOfScope = (counts.*kind).outOfScope;
    }
    return rest;
}

/// What a run that broke off had done: the journal was written with every batch.
Result<void> addWhatWasDone(Database &database, Run &run)
{
    run.status = RunStatus::BrokenOff;
    core::PlanCounts counts = undone(run.counts);
    const QByteArray ofRun = " WHERE row >= " + QByteArray::number(runRow(run.row, 0)) + " AND row < "
                             + QByteArray::number(runRow(run.row + 1, 0));
    const auto add = [&](const QByteArray &sql) -> Result<void> {
        Statement lines = database.prepare(sql);
        for (;;) {
            const auto row = lines.step();
            if (!row)
                return core::fail(row.error());
            if (!*row)
                return {};
            counts.of(core::ObjectKind(lines.integer(0))).add(Action(lines.integer(1)), lines.integer(2));
        }
    };
    // Who was only tied to an entry (action 0) counts as unchanged already.
    auto added = add("SELECT kind, action, sum(count) FROM journal" + ofRun + " AND action <> 0 GROUP BY kind, action");
    if (added)
        added = add("SELECT kind, " + QByteArray::number(int(Action::Failed)) + ", count(*) FROM run_failures" + ofRun
                    + " GROUP BY kind");
    if (!added)
        return added;
    run.counts = counts;
    run.error = core::Error{core::Code::Internal, QStringLiteral("the run broke off: its program ended in the middle of it"),
                            QStringLiteral("%1 changes were made by then and stay; the next run goes on from there")
                                .arg(counts.changes())};
    return {};
}

} // namespace

Result<void> Runs::closeBrokenOff(const QString &rule, const QUuid &ruleId)
{
    QList<Run> open;
    {
        Statement statement =
            m_database.prepare(kSelect + " WHERE status = ?1 AND rule_uuid IS ?2 AND (?2 IS NOT NULL OR rule = ?3)");
        statement.bind(1, int(RunStatus::Running)).bind(2, ruleId).bind(3, rule);
        for (;;) {
            const auto row = statement.step();
            if (!row)
                return core::fail(row.error());
            if (!*row)
                break;
            open.append(readRun(statement));
        }
    }
    for (Run &run : open) {
        if (auto added = addWhatWasDone(m_database, run); !added)
            return added;
        if (auto closed = finish(run); !closed)
            return closed;
    }
    return {};
}

Result<void> Runs::settle(Run &run)
{
    if (run.status != RunStatus::Running || RuleLock::isHeld(m_database.path(), run.ruleId))
        return {};
    // It may have ended between the two looks; whoever ends a run lets go of the lock afterwards.
    const auto again = stored(run.row);
    if (!again)
        return core::fail(again.error());
    run = *again;
    return run.status == RunStatus::Running ? addWhatWasDone(m_database, run) : Result<void>();
}

Result<qint64> Runs::begin(const QString &rule, const QUuid &ruleId, const QString &trigger, bool onePerson)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    if (auto closed = closeBrokenOff(rule, ruleId); !closed)
        return core::fail(closed.error());
    const QDateTime now = QDateTime::currentDateTimeUtc();
    auto opened = m_database
                      .prepare("INSERT INTO runs (rule, rule_uuid, status, counts, entries_read, started_at, duration,"
                               " started_by, guards, one_person) VALUES (?1, ?2, ?3, '{}', 0, ?4, 0, ?5, '[]', ?6)")
                      .bind(1, rule)
                      .bind(2, ruleId)
                      .bind(3, int(RunStatus::Running))
                      .bind(4, now)
                      .bind(5, trigger)
                      .bind(6, int(onePerson))
                      .run();
    if (!opened)
        return core::fail(opened.error());
    const qint64 row = m_database.lastInsertRow();
    if (auto committed = transaction->commit(); !committed)
        return core::fail(committed.error());
    return row;
}

Result<std::optional<qint64>> Runs::lastGoodRead(const QUuid &ruleId)
{
    Statement last = m_database.prepare("SELECT entries_read FROM runs WHERE rule_uuid = ?1 AND status IN (?2, ?3)"
                                        " AND one_person = 0 ORDER BY row DESC LIMIT 1");
    const auto row = last.bind(1, ruleId).bind(2, int(RunStatus::Succeeded)).bind(3, int(RunStatus::Partial)).step();
    if (!row)
        return core::fail(row.error());
    return *row ? std::optional(last.integer(0)) : std::nullopt;
}

Result<void> Runs::finish(const Run &run)
{
    Statement update = m_database.prepare("UPDATE runs SET status = ?2, counts = ?3, entries_read = ?4, finished_at = ?5,"
                                          " duration = ?6, error = ?7, guards = ?8, plan = ?9 WHERE row = ?1");
    update.bind(1, run.row).bind(2, int(run.status)).bindUtf8(3, compact(core::toJson(run.counts))).bind(4, run.read);
    update.bind(5, run.finishedAt.isValid() ? run.finishedAt : QDateTime::currentDateTimeUtc()).bind(6, run.durationMs);
    if (run.error)
        update.bindUtf8(7, compact(errorToJson(*run.error)));
    update.bindUtf8(8, guardsToJson(run.guards)).bind(9, run.plan);
    if (auto updated = update.run(); !updated)
        return updated;
    if (m_database.changes() == 0)
        return core::fail(core::Code::NotFound, QStringLiteral("there is no such run"));
    return {};
}

Result<void> Runs::recordPlan(const Run &run)
{
    return m_database.prepare("UPDATE runs SET counts = ?2, entries_read = ?3, duration = ?4, guards = ?5, plan = ?6"
                              " WHERE row = ?1")
        .bind(1, run.row)
        .bindUtf8(2, compact(core::toJson(undone(run.counts))))
        .bind(3, run.read)
        .bind(4, run.durationMs)
        .bindUtf8(5, guardsToJson(run.guards))
        .bind(6, run.plan)
        .run();
}

Result<qint64> Runs::ofPlan(const QUuid &plan, qint64 except)
{
    Statement look = m_database.prepare("SELECT row FROM runs WHERE plan = ?1 AND row <> ?2 AND status <> ?3"
                                        " ORDER BY row DESC LIMIT 1");
    const auto row = look.bind(1, plan).bind(2, except).bind(3, int(RunStatus::Stopped)).step();
    if (!row)
        return core::fail(row.error());
    return *row ? look.integer(0) : 0;
}

Result<void> Runs::recordFailures(qint64 run, std::span<const Step> steps)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    qint64 next = runRow(run, 1);
    {
        Statement last = m_database.prepare("SELECT max(row) FROM run_failures WHERE row >= ?1 AND row < ?2");
        const auto row = last.bind(1, runRow(run, 0)).bind(2, runRow(run + 1, 0)).step();
        if (!row)
            return core::fail(row.error());
        if (!last.isNull(0))
            next = last.integer(0) + 1;
    }
    {
        Statement insert = m_database.prepare("INSERT INTO run_failures (row, kind, name, uuid, source_id, dn, detail, problems)"
                                              " VALUES (?1, ?2, ?4, ?5, ?6, ?7, ?8, ?9)");
        Numbers numbers(m_database);
        for (const Step &step : steps) {
            const auto detail = journalDetail(step, numbers);
            if (!detail)
                return core::fail(detail.error());
            insert.bind(1, next++).bind(2, int(step.kind())).bindUtf8(4, step.target.name);
            insert.bind(5, step.target.uuid()).bindBlob(6, step.source.id).bindBlob(7, step.source.name);
            insert.bindUtf8(8, *detail).bindUtf8(9, problemsToJson(step.problems));
            if (auto inserted = insert.run(); !inserted)
                return inserted;
        }
        insert.reset();
    }
    return transaction->commit();
}

Result<QList<Run>> Runs::list(const QString &rule, int limit)
{
    QList<Run> runs;
    {
        Statement statement = m_database.prepare(kSelect + " WHERE ?1 = '' OR rule = ?1 OR rule_uuid ="
                                                   " (SELECT uuid FROM rules WHERE name = ?1) ORDER BY row DESC LIMIT ?2");
        statement.bind(1, rule).bind(2, limit);
        for (;;) {
            const auto row = statement.step();
            if (!row)
                return core::fail(row.error());
            if (!*row)
                break;
            runs.append(readRun(statement));
        }
    }
    for (Run &run : runs) {
        if (auto settled = settle(run); !settled)
            return core::fail(settled.error());
    }
    return runs;
}

Result<Run> Runs::stored(qint64 row)
{
    Statement statement = m_database.prepare(kSelect + " WHERE row = ?1");
    const auto found = statement.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::fail(core::Code::NotFound, QStringLiteral("there is no such run"), {}, QString::number(row));
    return readRun(statement);
}

Result<Run> Runs::run(qint64 row)
{
    auto run = stored(row);
    if (run) {
        if (auto settled = settle(*run); !settled)
            return core::fail(settled.error());
    }
    return run;
}

namespace {

Result<QList<Step>> failures(Database &database, qint64 run, qint64 offset, qint64 limit)
{
    Statement statement = database.prepare("SELECT kind, name, uuid, source_id, dn, detail, problems FROM run_failures"
                                           " WHERE row > ?1 AND row < ?2 ORDER BY row LIMIT ?3");
    // The places of a run have no gaps.
    statement.bind(1, runRow(run, offset)).bind(2, runRow(run + 1, 0)).bind(3, limit);
    QList<Step> steps;
    Numbers numbers(database);
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return steps;
        Step step;
        step.action = Action::Failed;
        step.target = {core::ObjectKind(statement.integer(0)), statement.blob(2).toByteArray(),
                       statement.utf8(1).toByteArray()};
        step.source.id = statement.blob(3).toByteArray();
        step.source.name = statement.blob(4).toByteArray();
        if (auto read = readJournalDetail(statement.utf8(5), step, numbers); !read)
            return core::fail(read.error());
        step.problems = problemsFromJson(statement.utf8(6));
        steps.append(std::move(step));
    }
}

} // namespace

Result<QList<Step>> Runs::steps(qint64 run, int offset, int limit)
{
    auto transaction = Transaction::begin(m_database, Transaction::Kind::Read);
    if (!transaction)
        return core::fail(transaction.error());
    const QByteArray range = " WHERE row > " + QByteArray::number(runRow(run, 0)) + " AND row < "
                             + QByteArray::number(runRow(run + 1, 0));
    const auto failed = m_database.integer("SELECT count(*) FROM run_failures" + range);
    if (!failed)
        return core::fail(failed.error());
    QList<Step> steps;
    if (offset < *failed) {
        auto found = failures(m_database, run, offset, limit);
        if (!found)
            return core::fail(found.error());
        steps = std::move(*found);
    }
    if (steps.size() < limit) {
        const auto catalog = loadCatalog(m_database);
        if (!catalog)
            return core::fail(catalog.error());
        const UserColumns columns(*catalog);
        auto done = readJournal(m_database, run, qMax(qint64(0), offset - *failed), limit - steps.size());
        if (!done)
            return core::fail(done.error());
        for (JournalStep &line : *done) {
            if (line.step.action == Action::Create && line.step.kind() == core::ObjectKind::User) {
                if (auto completed = completeCreate(m_database, columns, run, line); !completed)
                    return core::fail(completed.error());
            }
            steps.append(std::move(line.step));
        }
    }
    if (auto ended = transaction->commit(); !ended)
        return core::fail(ended.error());
    return steps;
}

Result<std::vector<Action>> Runs::stepActions(qint64 run)
{
    auto transaction = Transaction::begin(m_database, Transaction::Kind::Read);
    if (!transaction)
        return core::fail(transaction.error());
    const qint64 first = runRow(run, 0);
    const qint64 end = runRow(run + 1, 0);
    std::vector<Action> actions;
    {
        Statement failed = m_database.prepare("SELECT count(*) FROM run_failures WHERE row > ?1 AND row < ?2");
        const auto counted = failed.bind(1, first).bind(2, end).step();
        if (!counted)
            return core::fail(counted.error());
        if (*counted)
            actions.resize(size_t(failed.integer(0)), Action::Failed);
        Statement journal = m_database.prepare("SELECT count, action FROM journal WHERE row > ?1 AND row < ?2 ORDER BY row");
        journal.bind(1, first).bind(2, end);
        for (;;) {
            const auto row = journal.step();
            if (!row)
                return core::fail(row.error());
            if (!*row)
                break;
            actions.insert(actions.end(), size_t(journal.integer(0)), Action(journal.integer(1)));
        }
    }
    if (auto ended = transaction->commit(); !ended)
        return core::fail(ended.error());
    return actions;
}

} // namespace gatehouse::store
