// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/runs.h"

#include "store/configurations.h"
#include "store/database.h"
#include "store/journal.h"
#include "store/links.h"
#include "store/usercolumns.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace gatehouse::store {

using core::Action;
using core::PlanStep;
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
            {QStringLiteral("native"), error.native}};
}

core::Error errorFromJson(const QJsonObject &json)
{
    core::Error error;
    error.code = core::Code(json.value(QLatin1String("code")).toInt(int(core::Code::Internal)));
    error.what = json.value(QLatin1String("what")).toString();
    error.detail = json.value(QLatin1String("detail")).toString();
    error.where = json.value(QLatin1String("where")).toString();
    error.native = json.value(QLatin1String("native")).toInt();
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
    for (const QJsonValue &value : array) {
        const QJsonObject object = value.toObject();
        guards.append({object.value(QLatin1String("name")).toString(), object.value(QLatin1String("limit")).toDouble(),
                       object.value(QLatin1String("actual")).toDouble(),
                       object.value(QLatin1String("tripped")).toBool()});
    }
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
                           " started_by, error, guards FROM runs";

Run readRun(const Statement &row)
{
    Run run;
    run.row = row.integer(0);
    run.rule = row.text(1);
    run.ruleId = row.uuid(2);
    run.status = RunStatus(row.integer(3));
    run.counts = core::countsFromJson(objectOf(row.utf8(4)));
    run.read = row.integer(5);
    run.startedAt = row.time(6);
    run.finishedAt = row.time(7);
    run.durationMs = row.integer(8);
    run.trigger = row.text(9);
    if (!row.isNull(10))
        run.error = errorFromJson(objectOf(row.utf8(10)));
    run.guards = guardsFromJson(row.utf8(11));
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
    }
    return {};
}

Result<qint64> Runs::begin(const QString &rule, const QUuid &ruleId, const QString &trigger)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const core::Error broken{core::Code::Internal, QStringLiteral("the run ended without saying how: the program was stopped")};
    auto closed = m_database
                      .prepare("UPDATE runs SET status = ?1, finished_at = ?2, error = ?3"
                               " WHERE status = ?4 AND rule_uuid IS ?5 AND (?5 IS NOT NULL OR rule = ?6)")
                      .bind(1, int(RunStatus::Stopped))
                      .bind(2, now)
                      .bindUtf8(3, compact(errorToJson(broken)))
                      .bind(4, int(RunStatus::Running))
                      .bind(5, ruleId)
                      .bind(6, rule)
                      .run();
    if (!closed)
        return core::fail(closed.error());
    auto opened = m_database
                      .prepare("INSERT INTO runs (rule, rule_uuid, status, counts, entries_read, started_at, duration,"
                               " started_by, guards) VALUES (?1, ?2, ?3, '{}', 0, ?4, 0, ?5, '[]')")
                      .bind(1, rule)
                      .bind(2, ruleId)
                      .bind(3, int(RunStatus::Running))
                      .bind(4, now)
                      .bind(5, trigger)
                      .run();
    if (!opened)
        return core::fail(opened.error());
    const qint64 row = m_database.lastInsertRow();
    if (auto committed = transaction->commit(); !committed)
        return core::fail(committed.error());
    return row;
}

Result<void> Runs::finish(const Run &run)
{
    Statement update = m_database.prepare("UPDATE runs SET status = ?2, counts = ?3, entries_read = ?4, finished_at = ?5,"
                                          " duration = ?6, error = ?7, guards = ?8 WHERE row = ?1");
    update.bind(1, run.row).bind(2, int(run.status)).bindUtf8(3, compact(core::toJson(run.counts))).bind(4, run.read);
    update.bind(5, run.finishedAt.isValid() ? run.finishedAt : QDateTime::currentDateTimeUtc()).bind(6, run.durationMs);
    if (run.error)
        update.bindUtf8(7, compact(errorToJson(*run.error)));
    update.bindUtf8(8, guardsToJson(run.guards));
    if (auto updated = update.run(); !updated)
        return updated;
    if (m_database.changes() == 0)
        return core::fail(core::Code::NotFound, QStringLiteral("there is no such run"));
    return {};
}

Result<void> Runs::recordFailures(qint64 run, std::span<const PlanStep> steps)
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
        Statement insert = m_database.prepare("INSERT INTO run_failures (row, kind, user, username, uuid, source_id, dn,"
                                              " detail, problems) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
        for (const PlanStep &step : steps) {
            insert.bind(1, next++).bind(2, int(step.kind)).bind(3, step.targetRow).bind(4, step.username);
            insert.bind(5, step.targetId).bindBlob(6, step.sourceId).bindBlob(7, step.sourceDn);
            insert.bindUtf8(8, journalDetail(step.changes, step.link)).bindUtf8(9, problemsToJson(step.problems));
            if (auto inserted = insert.run(); !inserted)
                return inserted;
        }
        insert.reset();
    }
    return transaction->commit();
}

Result<QList<Run>> Runs::list(const QString &rule, int limit)
{
    Statement statement = m_database.prepare(kSelect + " WHERE ?1 = '' OR rule = ?1 OR rule_uuid ="
                                               " (SELECT uuid FROM rules WHERE name = ?1) ORDER BY row DESC LIMIT ?2");
    statement.bind(1, rule).bind(2, limit);
    QList<Run> runs;
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return runs;
        runs.append(readRun(statement));
    }
}

Result<Run> Runs::run(qint64 row)
{
    Statement statement = m_database.prepare(kSelect + " WHERE row = ?1");
    const auto found = statement.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::fail(core::Code::NotFound, QStringLiteral("there is no such run"), {}, QString::number(row));
    return readRun(statement);
}

namespace {

Result<QList<PlanStep>> failures(Database &database, qint64 run, qint64 offset, qint64 limit)
{
    Statement statement = database.prepare("SELECT kind, user, username, uuid, source_id, dn, detail, problems"
                                           " FROM run_failures WHERE row > ?1 AND row < ?2 ORDER BY row LIMIT ?3");
    // The places of a run have no gaps.
    statement.bind(1, runRow(run, offset)).bind(2, runRow(run + 1, 0)).bind(3, limit);
    QList<PlanStep> steps;
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return steps;
        PlanStep step;
        step.action = Action::Failed;
        step.kind = core::ObjectKind(statement.integer(0));
        step.targetRow = statement.integer(1);
        step.username = statement.text(2);
        step.targetId = statement.uuid(3);
        step.sourceId = statement.blob(4).toByteArray();
        step.sourceDn = statement.blob(5).toByteArray();
        readJournalDetail(statement.utf8(6), step);
        step.problems = problemsFromJson(statement.utf8(7));
        steps.append(std::move(step));
    }
}

/// A created user's values are not in the journal: they are the user's, as long as nobody has changed them.
Result<void> completeCreate(Database &database, const UserColumns &columns, qint64 run, PlanStep &step)
{
    // Where the user has several links, the one that this run's rule has made.
    Statement link = database.prepare(
        "SELECT source_id, dn FROM links WHERE row IN (SELECT (row << 40) | ?1 FROM gateway_numbers) ORDER BY rule ="
        " (SELECT n.row FROM rule_numbers AS n JOIN runs AS r ON r.rule_uuid = n.uuid WHERE r.row = ?2) DESC LIMIT 1");
    const auto linked = link.bind(1, step.targetRow).bind(2, run).step();
    if (!linked)
        return core::fail(linked.error());
    if (*linked) {
        step.sourceId = link.blob(0).toByteArray();
        step.sourceDn = link.blob(1).toByteArray();
    }
    Statement look = database.prepare(columns.select() + " WHERE u.row = ?1");
    const auto found = look.bind(1, step.targetRow).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return {};
    const core::User user = columns.read(look);
    step.targetId = user.id;
    step.username = user.values.text(columns.catalog().username());
    if (user.revision != step.revision)
        return {};
    for (const auto &[number, value] : user.values)
        step.changes.append({columns.catalog().at(number).name, {}, value});
    return {};
}

} // namespace

Result<QList<PlanStep>> Runs::steps(qint64 run, int offset, int limit)
{
    auto transaction = Transaction::begin(m_database, Transaction::Kind::Read);
    if (!transaction)
        return core::fail(transaction.error());
    const QByteArray range = " WHERE row > " + QByteArray::number(runRow(run, 0)) + " AND row < "
                             + QByteArray::number(runRow(run + 1, 0));
    const auto failed = m_database.integer("SELECT count(*) FROM run_failures" + range);
    if (!failed)
        return core::fail(failed.error());
    QList<PlanStep> steps;
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
        for (PlanStep &step : *done) {
            if (step.action == Action::Create) {
                if (auto completed = completeCreate(m_database, columns, run, step); !completed)
                    return core::fail(completed.error());
            }
            steps.append(std::move(step));
        }
    }
    if (auto ended = transaction->commit(); !ended)
        return core::fail(ended.error());
    return steps;
}

} // namespace gatehouse::store
