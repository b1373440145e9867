// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/arithmetic.h"
#include "core/expr/functions.h"

namespace gatehouse::core::expr {

namespace {

/// Numbers are true above 0; texts true, on, y, t and yes in any case; everything else is false.
bool isTrue(const Value &value, Meter &meter)
{
    if (value.kind() == Kind::Boolean)
        return value.boolean();
    int order = 0;
    if (value.isNumber())
        return compare(value, Value(qint32(0)), order, meter) == Outcome::Done && order == 1;
    if (!value.isString() || value.string().size() > 4)
        return false;
    const QString text = value.string().toLower();
    return text == u"true" || text == u"on" || text == u"y" || text == u"t" || text == u"yes";
}

bool ifelse(Call &call)
{
    int at = 0;
    for (; at + 1 < call.count(); at += 2) {
        if (isTrue(call.at(at), call.meter()))
            return call.give(call.at(at + 1));
        if (call.meter().isSpent())
            return call.fail();
    }
    return at < call.count() ? call.give(call.at(at)) : call.giveNull();
}

bool switchExpr(Call &call)
{
    int at = 1;
    for (; at + 1 < call.count(); at += 2) {
        if (equalValues(call.at(0), call.at(at), call.meter()))
            return call.give(call.at(at + 1));
        if (call.meter().isSpent())
            return call.fail();
    }
    return at < call.count() ? call.give(call.at(at)) : call.giveNull();
}

} // namespace

FunctionTable coreFunctions()
{
    return {
        FunctionDescription{u"core", u"ifelse",
                            {{u"condition", ValueType::Any}, {u"value", ValueType::Any}},
                            2, 23, 2, ValueType::Any,
                            u"The value after the first condition that is true; a last value without a condition is "
                            u"for none.",
                            u"#core.ifelse(5 > 6, 'more', 5 == 6, 'equal', 'less')", u"\"less\"", &ifelse, nullptr},
        FunctionDescription{u"core", u"switchExpr",
                            {{u"value", ValueType::Any}, {u"choice", ValueType::Any}, {u"result", ValueType::Any}},
                            3, 24, 2, ValueType::Any,
                            u"The result after the first choice that equals the value; a last result without a choice "
                            u"is for none.",
                            u"#core.switchExpr('User', 'Administrator', 'Full Access', 'User', 'Restricted Access', "
                            u"'No Access')",
                            u"\"Restricted Access\"", &switchExpr, nullptr},
    };
}

} // namespace gatehouse::core::expr
