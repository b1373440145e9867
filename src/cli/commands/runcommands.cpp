// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/runcommands.h"

#include "cli/commands/planprint.h"
#include "provision/run/keptplans.h"
#include "store/configurations.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUuid>

namespace gatehouse::cli {

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
    m_opened = opened;
    // A rule that does not lead anywhere is the run's to explain.
    core::Gateway gateway;
    if (const auto configuration = opened->configurations().load()) {
        const core::Rule *rule = configuration->rule(argument(0));
        const core::Connection *connection = rule ? configuration->connection(rule->connection) : nullptr;
        if (const core::Gateway *found = connection ? configuration->gateway(connection->gateway) : nullptr)
            gateway = *found;
    }
    withClientsOf(gateway, [this, opened] {
        provision::RunRequest request;
        request.rule = argument(0);
        begin(*opened, std::move(request));
    });
}

void RunCommand::begin(store::Environment &environment, provision::RunRequest request)
{
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

void PlanCommand::declare(QCommandLineParser &parser)
{
    RunCommand::declare(parser);
    parser.addOption({QStringLiteral("out"), tr("Write the plan to a file, to be looked at and applied later."), QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("exit-code"), tr("End with exit code 10 when there are changes.")});
    parser.addOption({QStringLiteral("all"), tr("Print every change, not only the first %1.").arg(kShownAsText)});
}

/// Where the plan can be had again. False: nowhere, and nobody asked for it.
core::Result<bool> PlanCommand::keep(const provision::PlanFile &plan)
{
    if (!isSet(QStringLiteral("out")) && plan.head().counts.changes() == 0)
        return false; // it would take the place of one that does something
    const auto seal = store::sealOf(m_opened->database());
    if (!seal)
        return core::fail(seal.error());
    if (isSet(QStringLiteral("out"))) {
        auto saved = plan.save(option(QStringLiteral("out")), m_opened->path(), *seal);
        return saved ? core::Result<bool>(false) : core::fail(saved.error());
    }
    // Who may only look at the environment makes plans too.
    const auto kept = provision::KeptPlans(m_opened->path()).keep(plan, *seal);
    if (!kept)
        terminal().printWarning(kept.error().in(tr("the plan is not kept; --out FILE writes it elsewhere")));
    return kept.has_value();
}

void PlanCommand::report(const provision::RunOutcome &outcome)
{
    if (outcome.error || !outcome.plan)
        return fail(outcome.error.value_or(core::Error{core::Code::Internal, tr("The plan is missing")}));
    const auto kept = keep(*outcome.plan);
    if (!kept)
        return fail(kept.error());
    core::Result<void> printed;
    if (terminal().isJson()) {
        printed = printDocument(terminal(), *outcome.plan, *kept);
    } else {
        printed = printSteps(terminal(), *outcome.plan, isSet(QStringLiteral("all")));
        printSummary(terminal(), outcome.counts, outcome.guards, outcome.notes);
        const QString name = isSet(QStringLiteral("out")) ? option(QStringLiteral("out"))
                                                          : outcome.plan->head().id.toString(QUuid::WithoutBraces);
        const bool isStopped = core::trippedError(outcome.guards, {}).has_value();
        if (outcome.counts.changes() > 0 && !isStopped && (*kept || isSet(QStringLiteral("out"))))
            terminal().print(tr("gatehousectl apply --plan %1 applies exactly this").arg(name));
    }
    if (!printed)
        return fail(printed.error());
    finish(isSet(QStringLiteral("exit-code")) && outcome.counts.changes() > 0 ? Exit::Changes : Exit::Done);
}

void ApplyCommand::declare(QCommandLineParser &parser)
{
    RunCommand::declare(parser);
    parser.addOption({QStringLiteral("plan"), tr("Apply exactly this plan: a file, or the id of one that was kept."), QStringLiteral("FILE-or-ID")});
    parser.addOption({QStringLiteral("only"), tr("Of the plan only this object (id, username, name or DN) and what it depends on. "
                                                 "More keys may follow."), QStringLiteral("KEY")});
}

void ApplyCommand::start()
{
    const auto misused = [this](const QString &what) { fail({core::Code::InvalidInput, what, tr("gatehousectl apply --help lists the options")}); };
    const QStringList &words = invocation().arguments;
    if (!isSet(QStringLiteral("plan"))) {
        if (isSet(QStringLiteral("only")))
            return misused(tr("--only goes with --plan; --user is for one person of a rule"));
        if (words.size() != 1)
            return misused(tr("Name one rule, or a plan by --plan"));
        return RunCommand::start();
    }
    if (!words.isEmpty() && !isSet(QStringLiteral("only")))
        return misused(tr("A plan says itself which rule it is of: name no rule with --plan"));
    if (isSet(QStringLiteral("user")) || isSet(QStringLiteral("full")))
        return misused(tr("--user and --full say how a plan is made: they do not go with --plan"));
    auto *opened = environment(store::Environment::Access::ReadWrite);
    if (!opened)
        return;
    const auto seal = store::sealOf(opened->database());
    if (!seal)
        return fail(seal.error());
    auto plan = provision::KeptPlans(opened->path()).open(option(QStringLiteral("plan")), *seal);
    if (!plan)
        return fail(plan.error());
    provision::RunRequest request;
    request.rule = (*plan)->head().rule;
    request.plan = *std::move(plan);
    if (isSet(QStringLiteral("only")))
        request.only = invocation().options->values(QStringLiteral("only")) + words;
    begin(*opened, std::move(request));
}

void ApplyCommand::report(const provision::RunOutcome &outcome)
{
    if (outcome.run == 0 && outcome.error)
        return fail(*outcome.error);
    if (terminal().isJson()) {
        provision::Reading reading;
        if (outcome.plan)
            reading = outcome.plan->head().reading;
        reading.entries = outcome.read;
        QJsonObject document = commonJson(outcome.counts, outcome.guards, reading, outcome.notes, outcome.warnings);
        document.insert(QStringLiteral("run"), QString::number(outcome.run));
        document.insert(QStringLiteral("rule"), outcome.rule);
        document.insert(QStringLiteral("status"), store::runStatusName(outcome.status));
        document.insert(QStringLiteral("durationMs"), outcome.durationMs);
        document.insert(QStringLiteral("plan"), outcome.plan ? QJsonValue(outcome.plan->head().id.toString(QUuid::WithoutBraces)) : QJsonValue());
        if (outcome.error)
            document.insert(QStringLiteral("error"), toJson(*outcome.error));
        terminal().printJson(document);
    } else {
        terminal().print(tr("run %1 %2 in %3 ms, %4 entries read").arg(outcome.run)
                             .arg(store::runStatusName(outcome.status)).arg(outcome.durationMs).arg(outcome.read));
        printSummary(terminal(), outcome.counts, outcome.guards, outcome.notes);
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
