// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/runcommands.h"

#include "store/configurations.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUuid>

namespace gatehouse::cli {

namespace {

constexpr qsizetype kBlock = 1000;      ///< steps read from the plan at once
constexpr qsizetype kShownAsText = 200; ///< changes printed for people before "and N more"

QString signOf(core::Action action)
{
    switch (action) {
    case core::Action::Create: return QStringLiteral("+");
    case core::Action::Update: return QStringLiteral("~");
    case core::Action::Enable: return QStringLiteral("^");
    case core::Action::Disable: return QStringLiteral("-");
    case core::Action::Delete: return QStringLiteral("x");
    default: return QStringLiteral("!");
    }
}

QJsonArray warningsOf(const provision::RunOutcome &outcome)
{
    QJsonArray warnings;
    for (const core::Error &warning : outcome.warnings)
        warnings.append(toJson(warning));
    return warnings;
}

} // namespace

void RunCommand::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("user"), tr("Only this person: username, user id or DN."), QStringLiteral("KEY")});
    declareWait(parser);
    parser.addOption({QStringLiteral("full"), tr("Compare every entry in full, whatever was remembered of it.")});
}

void RunCommand::start()
{
    auto *opened = environment(m_apply ? store::Environment::Access::ReadWrite : store::Environment::Access::ReadOnly);
    if (!opened)
        return;
    // A rule that does not lead anywhere is the run's to explain.
    core::Gateway gateway;
    if (const auto configuration = opened->configurations().load()) {
        const core::Rule *rule = configuration->rule(argument(0));
        const core::Connection *connection = rule ? configuration->connection(rule->connection) : nullptr;
        if (const core::Gateway *found = connection ? configuration->gateway(connection->gateway) : nullptr)
            gateway = *found;
    }
    withClientsOf(gateway, [this, opened] { begin(*opened); });
}

void RunCommand::begin(store::Environment &environment)
{
    provision::RunRequest request;
    request.rule = argument(0);
    request.apply = m_apply;
    request.userKey = option(QStringLiteral("user"));
    request.fullResync = isSet(QStringLiteral("full"));
    request.trigger = QStringLiteral("command line");
    m_run = std::make_unique<provision::Run>(environment, request);
    connect(m_run.get(), &provision::Run::progressed, this, &RunCommand::showProgress);
    connect(m_run.get(), &provision::Run::finished, this, [this](const provision::RunOutcome &outcome) {
        terminal().clearProgress();
        if (!terminal().isJson()) {
            for (const core::Error &warning : outcome.warnings)
                terminal().printWarning(warning);
        }
        report(outcome);
    });
    m_run->start();
}

void RunCommand::interrupt()
{
    if (m_run)
        m_run->cancel();
    else
        finish(Exit::Internal);
}

void RunCommand::showProgress(const provision::Progress &progress)
{
    QString line = provision::phaseKey(progress.phase);
    if (progress.done > 0) {
        line += progress.total > 0 ? tr("  %1 of %2").arg(progress.done).arg(progress.total)
                                   : tr("  %1").arg(progress.done);
    }
    if (progress.perSecond > 0)
        line += tr("  %1/s").arg(qint64(progress.perSecond));
    if (progress.millisecondsLeft >= 0)
        line += tr("  %1 s left").arg((progress.millisecondsLeft + 999) / 1000);
    terminal().showProgress(line);
}

void RunCommand::printCounts(const provision::RunOutcome &outcome)
{
    const core::Counts &counts = outcome.counts.users;
    terminal().print(tr("create %1 · update %2 · disable %3 · enable %4 · delete %5 · unchanged %6 · failed %7 · out of scope %8")
                         .arg(counts.create).arg(counts.update).arg(counts.disable).arg(counts.enable)
                         .arg(counts.remove).arg(counts.unchanged).arg(counts.failed).arg(counts.outOfScope));
    for (const core::GuardVerdict &guard : outcome.guards) {
        if (guard.tripped) {
            terminal().print(tr("guard %1 stops this: %2, the limit is %3")
                                 .arg(guard.subject.isEmpty() ? guard.name : QStringLiteral("%1 (%2)").arg(guard.name, guard.subject))
                                 .arg(guard.actual, 0, 'g', 4).arg(guard.limit));
        }
    }
    for (const QString &note : outcome.notes)
        terminal().print(note);
}

void PlanCommand::declare(QCommandLineParser &parser)
{
    RunCommand::declare(parser);
    parser.addOption({QStringLiteral("exit-code"), tr("End with exit code 10 when there are changes.")});
    parser.addOption({QStringLiteral("all"), tr("Print every change, not only the first %1.").arg(kShownAsText)});
}

core::Result<void> PlanCommand::printChanges(const provision::RunOutcome &outcome)
{
    const qsizetype shown = isSet(QStringLiteral("all")) ? outcome.plan->size()
                                                         : std::min(outcome.plan->size(), kShownAsText);
    for (qsizetype from = 0; from < shown && terminal().isOpen(); from += kBlock) {
        auto steps = outcome.plan->steps(from, std::min(kBlock, shown - from));
        if (!steps)
            return core::fail(steps.error());
        for (const core::Step &step : *steps) {
            terminal().print(QStringLiteral("%1 %2  %3  %4")
                                 .arg(signOf(step.action), core::actionName(step.action).leftJustified(7),
                                      step.target.name.isEmpty() ? QStringLiteral("—") : step.target.text(),
                                      step.source.text()));
            if (const QString why = core::departureText(step.departure); !why.isEmpty())
                terminal().print(QStringLiteral("      ") + why);
            for (const core::AttributeChange &change : step.changes) {
                if (step.action == core::Action::Create)
                    terminal().print(QStringLiteral("      %1: + %2").arg(change.name, core::displayText(change.after)));
                else
                    terminal().print(QStringLiteral("      %1: - %2 + %3").arg(change.name, core::displayText(change.before),
                                                                               core::displayText(change.after)));
            }
            for (const core::Problem &problem : step.problems)
                terminal().print(QStringLiteral("      %1: %2").arg(core::codeName(problem.code), problem.message));
        }
    }
    if (shown < outcome.plan->size())
        terminal().print(tr("… and %1 more (--all prints them, --json gives them to a program)").arg(outcome.plan->size() - shown));
    return {};
}

core::Result<void> PlanCommand::printDocument(const provision::RunOutcome &outcome)
{
    QJsonArray guards;
    for (const core::GuardVerdict &guard : outcome.guards)
        guards.append(core::toJson(guard));
    QJsonObject head = core::toJson(outcome.counts);
    head.insert(QStringLiteral("rule"), outcome.rule);
    head.insert(QStringLiteral("id"), QUuid::createUuid().toString(QUuid::WithoutBraces));
    head.insert(QStringLiteral("read"), outcome.read);
    head.insert(QStringLiteral("guards"), guards);
    head.insert(QStringLiteral("notes"), QJsonArray::fromStringList(outcome.notes));
    head.insert(QStringLiteral("warnings"), warningsOf(outcome));
    QByteArray text = QJsonDocument(head).toJson(QJsonDocument::Compact);
    text.chop(1); // the closing brace: a plan of a million changes is written piece by piece
    terminal().writeJson(text + ",\"changes\":[");
    for (qsizetype from = 0; from < outcome.plan->size() && terminal().isOpen(); from += kBlock) {
        auto steps = outcome.plan->steps(from, std::min(kBlock, outcome.plan->size() - from));
        if (!steps)
            return core::fail(steps.error());
        QByteArray block;
        for (const core::Step &step : *steps) {
            if (from > 0 || !block.isEmpty())
                block += ',';
            block += '\n' + QJsonDocument(core::toJson(step)).toJson(QJsonDocument::Compact);
        }
        terminal().writeJson(block);
    }
    terminal().write("]}\n");
    return {};
}

void PlanCommand::report(const provision::RunOutcome &outcome)
{
    if (outcome.error || !outcome.plan)
        return fail(outcome.error.value_or(core::Error{core::Code::Internal, tr("The plan is missing")}));
    core::Result<void> printed;
    if (terminal().isJson()) {
        printed = printDocument(outcome);
    } else {
        printed = printChanges(outcome);
        printCounts(outcome);
    }
    if (!printed)
        return fail(printed.error());
    finish(isSet(QStringLiteral("exit-code")) && outcome.counts.changes() > 0 ? Exit::Changes : Exit::Done);
}

void ApplyCommand::report(const provision::RunOutcome &outcome)
{
    if (outcome.run == 0 && outcome.error)
        return fail(*outcome.error);
    if (terminal().isJson()) {
        QJsonObject document = core::toJson(outcome.counts);
        document.insert(QStringLiteral("run"), QString::number(outcome.run));
        document.insert(QStringLiteral("rule"), outcome.rule);
        document.insert(QStringLiteral("status"), store::runStatusName(outcome.status));
        document.insert(QStringLiteral("durationMs"), outcome.durationMs);
        document.insert(QStringLiteral("read"), outcome.read);
        QJsonArray guards;
        for (const core::GuardVerdict &guard : outcome.guards)
            guards.append(core::toJson(guard));
        document.insert(QStringLiteral("guards"), guards);
        document.insert(QStringLiteral("notes"), QJsonArray::fromStringList(outcome.notes));
        document.insert(QStringLiteral("warnings"), warningsOf(outcome));
        if (outcome.error)
            document.insert(QStringLiteral("error"), toJson(*outcome.error));
        terminal().printJson(document);
    } else {
        terminal().print(tr("run %1 %2 in %3 ms, %4 entries read").arg(outcome.run)
                             .arg(store::runStatusName(outcome.status)).arg(outcome.durationMs).arg(outcome.read));
        printCounts(outcome);
        if (outcome.error)
            terminal().printError(*outcome.error);
        else if (outcome.counts.failed() > 0)
            terminal().print(tr("gatehousectl run show %1 lists what failed and why").arg(outcome.run));
    }
    switch (outcome.status) {
    case store::RunStatus::Succeeded: return finish(Exit::Done);
    case store::RunStatus::Partial: return finish(Exit::SomeFailed);
    case store::RunStatus::Stopped: return finish(Exit::Guard);
    default: return finish(outcome.error ? exitFor(*outcome.error) : Exit::Internal);
    }
}

} // namespace gatehouse::cli
