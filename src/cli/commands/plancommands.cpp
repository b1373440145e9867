// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/plancommands.h"

#include "cli/commands/planprint.h"
#include "provision/run/keptplans.h"
#include "provision/run/plandifference.h"

#include <QFileInfo>
#include <QJsonDocument>

namespace gatehouse::cli {

namespace {

core::Result<std::shared_ptr<provision::PlanFile>> openPlan(store::Environment &environment, const QString &fileOrId)
{
    const auto seal = store::sealOf(environment.database());
    if (!seal)
        return core::fail(seal.error());
    return provision::KeptPlans(environment.path()).open(fileOrId, *seal);
}

QJsonObject about(const provision::PlanFile &plan)
{
    const provision::PlanHead &head = plan.head();
    QJsonObject json = core::toJson(head.counts);
    json.insert(QStringLiteral("id"), head.id.toString(QUuid::WithoutBraces));
    json.insert(QStringLiteral("rule"), head.rule);
    json.insert(QStringLiteral("madeAt"), head.madeAt.toString(Qt::ISODateWithMs));
    json.insert(QStringLiteral("madeBy"), head.madeBy);
    return json;
}

} // namespace

void PlanShow::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("all"), tr("Print every change, not only the first %1.").arg(kShownAsText)});
}

void PlanShow::start()
{
    auto *opened = environment(store::Environment::Access::ReadOnly);
    if (!opened)
        return;
    const auto plan = openPlan(*opened, argument(0));
    if (!plan)
        return fail(plan.error());
    core::Result<void> printed;
    if (terminal().isJson()) {
        printed = printDocument(terminal(), **plan, !QFileInfo::exists(argument(0)));
    } else {
        const provision::PlanHead &head = (*plan)->head();
        terminal().print(tr("Plan %1 of the rule \"%2\", made by %3 at %4")
                             .arg(head.id.toString(QUuid::WithoutBraces), head.rule, head.madeBy,
                                  head.madeAt.toLocalTime().toString(Qt::ISODate)));
        printed = printSteps(terminal(), **plan, isSet(QStringLiteral("all")));
        printSummary(terminal(), head.counts, head.guards, head.notes);
    }
    if (!printed)
        return fail(printed.error());
    finish(Exit::Done);
}

void PlanDiff::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("exit-code"), tr("End with exit code 10 when the plans differ.")});
}

void PlanDiff::start()
{
    auto *opened = environment(store::Environment::Access::ReadOnly);
    if (!opened)
        return;
    const auto left = openPlan(*opened, argument(0));
    if (!left)
        return fail(left.error());
    const auto right = openPlan(*opened, argument(1));
    if (!right)
        return fail(right.error());
    if (auto printed = print(**left, **right); !printed)
        return fail(printed.error());
    finish(isSet(QStringLiteral("exit-code")) && m_differ ? Exit::Changes : Exit::Done);
}

core::Result<void> PlanDiff::print(const provision::PlanFile &left, const provision::PlanFile &right)
{
    const auto pairs = provision::planDifference(left, right);
    if (!pairs)
        return core::fail(pairs.error());
    m_differ = !pairs->empty();
    const bool isJson = terminal().isJson();
    if (isJson) {
        QByteArray text = QJsonDocument(QJsonObject{{QStringLiteral("left"), about(left)},
                                                    {QStringLiteral("right"), about(right)},
                                                    {QStringLiteral("same"), !m_differ}})
                              .toJson(QJsonDocument::Compact);
        text.chop(1);
        terminal().writeJson(text + ",\"differences\":[");
    }
    bool isFirst = true;
    for (const provision::StepPair &pair : *pairs) {
        if (!terminal().isOpen())
            break;
        QJsonObject json{{QStringLiteral("left"), QJsonValue()}, {QStringLiteral("right"), QJsonValue()}};
        const auto take = [&](const provision::PlanFile &plan, std::optional<uint32_t> number, const QString &key,
                              const QString &mark) -> core::Result<void> {
            if (!number)
                return {};
            const auto step = plan.step(*number);
            if (!step)
                return core::fail(step.error());
            if (isJson)
                json.insert(key, core::toJson(*step));
            else
                printStep(terminal(), *step, mark);
            return {};
        };
        auto taken = take(left, pair.left, QStringLiteral("left"), QStringLiteral("< "));
        if (taken)
            taken = take(right, pair.right, QStringLiteral("right"), QStringLiteral("> "));
        if (!taken)
            return taken;
        if (isJson)
            terminal().writeJson((isFirst ? "\n" : ",\n") + QJsonDocument(json).toJson(QJsonDocument::Compact));
        isFirst = false;
    }
    if (isJson)
        terminal().write("]}\n");
    else
        terminal().print(m_differ ? tr("%1 objects differ").arg(pairs->size()) : tr("Both plans do the same"));
    return {};
}

} // namespace gatehouse::cli
