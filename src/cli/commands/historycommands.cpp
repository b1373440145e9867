// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/historycommands.h"

#include "store/configurations.h"
#include "store/runs.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace gatehouse::cli {

namespace {

constexpr int kRunsListed = 50;
constexpr int kResultsShown = 1000;

QJsonObject toJson(const store::Run &run)
{
    QJsonArray guards;
    for (const core::GuardVerdict &guard : run.guards)
        guards.append(core::toJson(guard));
    const QJsonValue finishedAt = run.finishedAt.isValid() ? QJsonValue(run.finishedAt.toUTC().toString(Qt::ISODateWithMs))
                                                           : QJsonValue();
    QJsonObject json = core::toJson(run.counts);
    json.insert(QStringLiteral("run"), QString::number(run.row));
    json.insert(QStringLiteral("rule"), run.rule);
    json.insert(QStringLiteral("plan"), run.plan.isNull() ? QJsonValue() : QJsonValue(run.plan.toString(QUuid::WithoutBraces)));
    json.insert(QStringLiteral("status"), store::runStatusName(run.status));
    json.insert(QStringLiteral("read"), run.read);
    json.insert(QStringLiteral("startedAt"), run.startedAt.toUTC().toString(Qt::ISODateWithMs));
    json.insert(QStringLiteral("finishedAt"), finishedAt);
    json.insert(QStringLiteral("durationMs"), run.durationMs);
    json.insert(QStringLiteral("trigger"), run.trigger);
    json.insert(QStringLiteral("guards"), guards);
    if (run.error)
        json.insert(QStringLiteral("error"), cli::toJson(*run.error));
    return json;
}

QString shown(store::RunStatus status)
{
    return status == store::RunStatus::BrokenOff ? QCoreApplication::translate("History", "broken off") : store::runStatusName(status);
}

/// A positive number from an option; -1 after the command has failed on it.
std::optional<int> numberOption(const QString &text, int fallback)
{
    if (text.isEmpty())
        return fallback;
    bool good = false;
    const int number = text.toInt(&good);
    return good && number >= 0 ? std::optional(number) : std::nullopt;
}

} // namespace

void RunList::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("limit"), tr("At most so many runs (%1).").arg(kRunsListed), QStringLiteral("N")});
}

void RunList::start()
{
    auto *opened = environment(store::Environment::Access::ReadOnly);
    if (!opened)
        return;
    const auto limit = numberOption(option(QStringLiteral("limit")), kRunsListed);
    if (!limit)
        return fail({core::Code::InvalidInput, tr("--limit takes a whole number"), option(QStringLiteral("limit"))});
    const auto runs = opened->runs().list(argument(0), *limit);
    if (!runs)
        return fail(runs.error());
    // A rule that was deleted has its runs still; one that has neither is likely misspelt.
    if (const QString rule = argument(0); runs->isEmpty() && !rule.isEmpty()) {
        const auto configuration = opened->configurations().load();
        if (!configuration)
            return fail(configuration.error());
        if (!configuration->rule(rule))
            return fail({core::Code::NotFound, tr("There is no rule \"%1\", and no run of one").arg(rule)});
    }
    QList<QStringList> rows;
    for (const store::Run &run : *runs) {
        if (terminal().isJson()) {
            terminal().printJsonLine(toJson(run));
            continue;
        }
        rows.append({QString::number(run.row), run.rule, shown(run.status),
                     run.startedAt.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")),
                     QString::number(run.durationMs), QString::number(run.read), QString::number(run.counts.changes()),
                     QString::number(run.counts.users.failed)});
    }
    if (!terminal().isJson())
        terminal().printTable({tr("RUN"), tr("RULE"), tr("STATUS"), tr("STARTED"), tr("MS"), tr("READ"), tr("CHANGES"), tr("FAILED")}, rows);
    finish(Exit::Done);
}

void RunShow::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("offset"), tr("Skip so many results."), QStringLiteral("N")});
    parser.addOption({QStringLiteral("limit"), tr("At most so many results (%1).").arg(kResultsShown), QStringLiteral("N")});
}

void RunShow::start()
{
    auto *opened = environment(store::Environment::Access::ReadOnly);
    if (!opened)
        return;
    bool good = false;
    const qint64 id = argument(0).toLongLong(&good);
    const auto offset = numberOption(option(QStringLiteral("offset")), 0);
    const auto limit = numberOption(option(QStringLiteral("limit")), kResultsShown);
    if (!good || !offset || !limit)
        return fail({core::Code::InvalidInput, tr("ID, --offset and --limit are whole numbers"), tr("gatehousectl run list shows the ids")});
    const auto run = opened->runs().run(id);
    if (!run)
        return fail(run.error());
    const auto steps = opened->runs().steps(id, *offset, *limit);
    if (!steps)
        return fail(steps.error());
    if (terminal().isJson()) {
        QJsonObject document = toJson(*run);
        QJsonArray results;
        for (const core::Step &step : *steps)
            results.append(core::toJson(step));
        document.insert(QStringLiteral("results"), results);
        terminal().printJson(document);
        return finish(Exit::Done);
    }
    terminal().print(tr("run %1 of %2: %3, %4 ms, %5 entries read").arg(run->row).arg(run->rule)
                         .arg(shown(run->status)).arg(run->durationMs).arg(run->read));
    if (run->error)
        terminal().print(run->error->text());
    for (const core::Step &step : *steps) {
        terminal().print(QStringLiteral("%1  %2  %3").arg(core::actionName(step.action).leftJustified(7),
                                                          step.target.name.isEmpty() ? QStringLiteral("—") : step.target.text(),
                                                          step.source.text()));
        if (step.departure != core::Departure::None)
            terminal().print(QStringLiteral("         ") + core::departureText(step.departure));
        for (const core::Problem &problem : step.problems)
            terminal().print(QStringLiteral("         %1: %2").arg(core::codeName(problem.code), problem.message));
        for (const core::AttributeChange &change : step.changes)
            terminal().print(QStringLiteral("         %1: - %2 + %3").arg(change.name, core::displayText(change.before), core::displayText(change.after)));
    }
    finish(Exit::Done);
}

} // namespace gatehouse::cli
