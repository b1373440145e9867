// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/planprint.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace gatehouse::cli {

namespace {

constexpr qsizetype kBlock = 1000; ///< steps read from the plan at once

QString tr(const char *text)
{
    return QCoreApplication::translate("PlanPrint", text);
}

QString signOf(core::Action action)
{
    switch (action) {
    case core::Action::Create:
        return QStringLiteral("+");
    case core::Action::Update:
        return QStringLiteral("~");
    case core::Action::Enable:
        return QStringLiteral("^");
    case core::Action::Disable:
        return QStringLiteral("-");
    case core::Action::Delete:
        return QStringLiteral("x");
    default:
        return QStringLiteral("!");
    }
}

} // namespace

void printStep(Terminal &terminal, const core::Step &step, const QString &mark)
{
    terminal.print(mark + QStringLiteral("%1 %2  %3  %4")
                              .arg(signOf(step.action), core::actionName(step.action).leftJustified(7),
                                   step.target.name.isEmpty() ? QStringLiteral("—") : step.target.text(),
                                   step.source.text()));
    if (const QString why = core::departureText(step.departure); !why.isEmpty())
        terminal.print(mark + QStringLiteral("      ") + why);
    for (const core::AttributeChange &change : step.changes) {
        if (step.action == core::Action::Create) {
            terminal.print(mark + QStringLiteral("      %1: + %2").arg(change.name, core::displayText(change.after)));
        } else {
            terminal.print(mark +
                           QStringLiteral("      %1: - %2 + %3")
                               .arg(change.name, core::displayText(change.before), core::displayText(change.after)));
        }
    }
    for (const core::Problem &problem : step.problems)
        terminal.print(mark + QStringLiteral("      %1: %2").arg(core::codeName(problem.code), problem.message));
}

void printSummary(Terminal &terminal, const core::PlanCounts &all, const QList<core::GuardVerdict> &guards,
                  const QStringList &notes)
{
    const core::Counts &counts = all.users;
    terminal.print(
        tr("create %1 · update %2 · disable %3 · enable %4 · delete %5 · unchanged %6 · failed %7 · out of scope %8")
            .arg(counts.create)
            .arg(counts.update)
            .arg(counts.disable)
            .arg(counts.enable)
            .arg(counts.remove)
            .arg(counts.unchanged)
            .arg(counts.failed)
            .arg(counts.outOfScope));
    for (const core::GuardVerdict &guard : guards) {
        if (guard.tripped) {
            terminal.print(tr("guard %1 stops this: %2, the limit is %3")
                               .arg(guard.subject.isEmpty() ? guard.name
                                                            : QStringLiteral("%1 (%2)").arg(guard.name, guard.subject))
                               .arg(guard.actual, 0, 'g', 4)
                               .arg(guard.limit));
        }
    }
    for (const QString &note : notes)
        terminal.print(note);
}

core::Result<void> printSteps(Terminal &terminal, const provision::PlanFile &plan, bool all)
{
    const qsizetype shown = all ? plan.size() : std::min(plan.size(), kShownAsText);
    for (qsizetype from = 0; from < shown && terminal.isOpen(); from += kBlock) {
        const auto steps = plan.steps(from, std::min(kBlock, shown - from));
        if (!steps)
            return core::fail(steps.error());
        for (const core::Step &step : *steps)
            printStep(terminal, step);
    }
    if (shown < plan.size())
        terminal.print(
            tr("… and %1 more (--all prints them, --json gives them to a program)").arg(plan.size() - shown));
    return {};
}

QJsonObject commonJson(const core::PlanCounts &counts, const QList<core::GuardVerdict> &guards,
                       const provision::Reading &reading, const QStringList &notes, const QList<core::Error> &warnings)
{
    QJsonArray verdicts, warned;
    for (const core::GuardVerdict &guard : guards)
        verdicts.append(core::toJson(guard));
    for (const core::Error &warning : warnings)
        warned.append(toJson(warning));
    QJsonObject json = core::toJson(counts);
    json.insert(QStringLiteral("read"), reading.entries);
    json.insert(QStringLiteral("guards"), verdicts);
    json.insert(QStringLiteral("reading"), provision::toJson(reading));
    json.insert(QStringLiteral("notes"), QJsonArray::fromStringList(notes));
    json.insert(QStringLiteral("warnings"), warned);
    return json;
}

core::Result<void> printDocument(Terminal &terminal, const provision::PlanFile &plan, bool kept)
{
    const provision::PlanHead &head = plan.head();
    QJsonObject json = commonJson(head.counts, head.guards, head.reading, head.notes, head.warnings);
    json.insert(QStringLiteral("rule"), head.rule);
    json.insert(QStringLiteral("id"), head.id.toString(QUuid::WithoutBraces));
    json.insert(QStringLiteral("madeAt"), head.madeAt.toString(Qt::ISODateWithMs));
    json.insert(QStringLiteral("madeBy"), head.madeBy);
    json.insert(QStringLiteral("kept"), kept);
    QByteArray text = QJsonDocument(json).toJson(QJsonDocument::Compact);
    text.chop(1); // the closing brace: a plan of a million changes is written piece by piece
    terminal.writeJson(text + ",\"changes\":[");
    for (qsizetype from = 0; from < plan.size() && terminal.isOpen(); from += kBlock) {
        const auto steps = plan.steps(from, kBlock);
        if (!steps)
            return core::fail(steps.error());
        QByteArray block;
        for (const core::Step &step : *steps) {
            if (from > 0 || !block.isEmpty())
                block += ',';
            block += '\n' + QJsonDocument(core::toJson(step)).toJson(QJsonDocument::Compact);
        }
        terminal.writeJson(block);
    }
    terminal.write("]}\n");
    return {};
}

} // namespace gatehouse::cli
