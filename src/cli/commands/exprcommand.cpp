// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/exprcommand.h"

#include "core/expr/expression.h"
#include "core/expr/json.h"
#include "core/mapping.h"

#include <QFile>
#include <QJsonArray>

namespace gatehouse::cli {

namespace {

namespace expr = core::expr;

constexpr qint64 kLargestData = 64 * 1024 * 1024; // octets

QJsonObject toJson(const expr::Fault &fault)
{
    return {{QStringLiteral("code"), core::codeName(core::codeOf(fault.kind))},
            {QStringLiteral("message"), fault.message},
            {QStringLiteral("offset"), fault.offset},
            {QStringLiteral("length"), fault.length}};
}

QJsonArray toJson(const QList<expr::Fault> &faults)
{
    QJsonArray list;
    for (const expr::Fault &fault : faults)
        list.append(toJson(fault));
    return list;
}

QByteArray errorLine(const expr::Fault &fault)
{
    return "{\"error\":" + expr::printJson(expr::fromJson(toJson(fault))) + "}\n";
}

/// The answer to one line of a batch.
QByteArray answer(const QByteArray &line)
{
    const auto request = expr::readJson(line);
    if (!request)
        return errorLine(request.error());
    const expr::Value *text = request->kind() == expr::Kind::Map ? request->map().find(QStringLiteral("expr")) : nullptr;
    if (!text || !text->isString())
        return errorLine({ExprCommand::tr("The line has no text \"expr\"")});
    const auto expression = expr::Expression::parse(text->string());
    if (!expression)
        return errorLine(expression.error().constFirst());
    const expr::Value *data = request->map().find(QStringLiteral("data"));
    const auto result = expression->evaluate(expr::JsonContext(data ? *data : expr::Value(expr::Map())));
    if (!result)
        return errorLine(result.error());
    return "{\"result\":" + expr::printJson(*result) + "}\n";
}

} // namespace

void ExprCommand::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("data"), tr("JSON that the expression reads as #root."), QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("check"), tr("Parse only; list every fault.")});
    parser.addOption({QStringLiteral("batch"), tr("Answer each line {\"expr\", \"data\"} of a file (- for standard input)."), QStringLiteral("FILE")});
}

void ExprCommand::failInput(const QString &what, const QString &detail, const QString &where)
{
    fail({core::Code::InvalidInput, what, detail, where});
}

void ExprCommand::start()
{
    if (isSet(QStringLiteral("batch")))
        return runBatch(option(QStringLiteral("batch")));
    if (argument(0).isEmpty())
        return failInput(tr("An expression is missing"), tr("Usage: gatehousectl expr EXPRESSION [--data FILE]"), {});
    if (isSet(QStringLiteral("check")))
        return check(argument(0));
    evaluate(argument(0));
}

void ExprCommand::check(const QString &text)
{
    const auto expression = expr::Expression::parse(text);
    const QList<expr::Fault> faults = expression ? QList<expr::Fault>() : expression.error();
    const QList<expr::Fault> warnings = expression ? expression->warnings() : QList<expr::Fault>();
    if (terminal().isJson()) {
        QJsonObject document{{QStringLiteral("faults"), toJson(faults)}, {QStringLiteral("warnings"), toJson(warnings)}};
        if (!faults.isEmpty())
            document.insert(QStringLiteral("error"), toJson(faults.constFirst()));
        if (expression)
            document.insert(QStringLiteral("references"), QJsonArray::fromStringList(expression->references()));
        terminal().printJson(document);
    } else {
        for (const core::Error &error : core::expressionErrors(text, faults))
            terminal().printError(error);
        for (const core::Error &warning : core::expressionErrors(text, warnings))
            terminal().print(tr("warning: %1").arg(warning.detail));
        if (faults.isEmpty())
            terminal().print(tr("The expression is sound."));
    }
    finish(faults.isEmpty() ? Exit::Done : Exit::Usage);
}

void ExprCommand::evaluate(const QString &text)
{
    const auto failFault = [&](const expr::Fault &fault) {
        if (terminal().isJson())
            terminal().printJson({{QStringLiteral("error"), toJson(fault)}});
        else
            terminal().printError(core::expressionErrors(text, {fault}).constFirst());
        finish(Exit::Usage);
    };
    expr::Value root = expr::Map();
    if (isSet(QStringLiteral("data"))) {
        QFile file(option(QStringLiteral("data")));
        if (!file.open(QIODevice::ReadOnly))
            return failInput(tr("The data cannot be read"), file.errorString(), file.fileName());
        const QByteArray octets = file.read(kLargestData + 1);
        if (octets.size() > kLargestData)
            return failInput(tr("The data is larger than 64 MiB"), {}, file.fileName());
        auto data = expr::readJson(octets);
        if (!data)
            return failInput(tr("The data is not JSON"), data.error().message, tr("octet %1").arg(data.error().offset));
        root = *std::move(data);
    }
    const auto expression = expr::Expression::parse(text);
    if (!expression)
        return failFault(expression.error().constFirst());
    const auto result = expression->evaluate(expr::JsonContext(root));
    if (!result)
        return failFault(result.error());
    terminal().writeJson(expr::printJson(*result) + '\n');
    finish(Exit::Done);
}

void ExprCommand::runBatch(const QString &path)
{
    QFile file(path);
    const bool opened = path == QStringLiteral("-") ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!opened)
        return failInput(tr("The file cannot be read"), file.errorString(), path);
    while (!file.atEnd() && terminal().isOpen()) {
        const QByteArray line = file.readLine().trimmed();
        if (!line.isEmpty())
            terminal().writeJson(answer(line));
    }
    finish(Exit::Done);
}

} // namespace gatehouse::cli
