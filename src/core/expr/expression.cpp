// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/expression.h"

#include "core/expr/check.h"
#include "core/expr/evaluation.h"
#include "core/expr/parser.h"
#include "core/expr/print.h"

#include <algorithm>

namespace gatehouse::core::expr {

struct Expression::Data {
    QString text;
    QString printed;
    Program program;
    ValueType type = ValueType::Any;
    QList<Fault> warnings;
};

tl::expected<Expression, QList<Fault>> Expression::parse(const QString &text, const Options &options)
{
    Parsed parsed = parseTree(text);
    if (!parsed.faults.isEmpty())
        return tl::unexpected(std::move(parsed.faults));
    QList<Fault> faults;
    Program program = compile(*parsed.tree, faults);
    if (!faults.isEmpty()) {
        std::stable_sort(faults.begin(), faults.end(),
                         [](const Fault &a, const Fault &b) { return a.offset < b.offset; });
        return tl::unexpected(std::move(faults));
    }
    Checked checked = check(*parsed.tree, options.names);
    return Expression(std::make_shared<const Data>(Data{text, printTree(*parsed.tree), std::move(program),
                                                        checked.type, std::move(checked.warnings)}));
}

const QString &Expression::text() const
{
    return d->text;
}

QString Expression::print() const
{
    return d->printed;
}

QStringList Expression::references() const
{
    return d->program.references;
}

const QStringList &Expression::rootNames() const
{
    return d->program.rootNames;
}

bool Expression::readsWholeRoot() const
{
    return d->program.readsWholeRoot;
}

bool Expression::asksClock() const
{
    return std::any_of(d->program.calls.begin(), d->program.calls.end(), [](const CallSite &site) {
        return site.function && site.function->library == u"datetime" && site.function->name == u"now";
    });
}

ValueType Expression::resultType() const
{
    return d->type;
}

QList<Fault> Expression::warnings() const
{
    return d->warnings;
}

tl::expected<Value, Fault> Expression::evaluate(const Context &context) const
{
    Evaluation evaluation(d->program, context);
    Value result;
    if (!evaluation.run(d->program.top(), result) || !evaluation.admit(result))
        return tl::unexpected(evaluation.fault());
    return result;
}

} // namespace gatehouse::core::expr
