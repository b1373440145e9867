// SPDX-License-Identifier: GPL-3.0-or-later
//
// One call of a library function while it is evaluated: its arguments, converted as the function asks for them, and
// its result or the sentence that says why there is none. Lives on the evaluator's stack for the time of the call.
#pragma once

#include "core/expr/context.h"
#include "core/expr/library.h"
#include "core/expr/meter.h"

namespace gatehouse::core::expr {

class Call {
public:
    Call(const FunctionDescription &function, std::span<Value> arguments, const Prepared *prepared,
         const Context &context, Meter &meter)
        : m_function(function), m_arguments(arguments), m_prepared(prepared), m_context(context), m_meter(meter)
    {
    }

    int count() const { return int(m_arguments.size()); }
    const Value &at(int index) const { return m_arguments[size_t(index)]; }
    bool isNull(int index) const { return index >= count() || at(index).isNull(); }
    Meter &meter() { return m_meter; }
    const Context &context() const { return m_context; }
    const Prepared *prepared() const { return m_prepared; }

    /// The argument as text, converted in place when it is something else; nullptr when it is null or, then failed()
    /// is true, when it cannot be text.
    const QString *text(int index);
    /// The argument as a 32-bit number; null, fractions out of range and other kinds are refused.
    bool integer(int index, qint32 &result);
    bool longInteger(int index, qint64 &result);
    bool flag(int index, bool &result);
    /// The elements of a list or array; a single value counts as a list of one. Null gives nullptr and true.
    bool sequence(int index, const Values *&items);

    bool failed() const { return m_failed; }
    /// Ends the call with a result.
    bool give(Value result)
    {
        m_result = std::move(result);
        return true;
    }
    /// Ends the call with a text, which is paid for.
    bool giveText(QString result)
    {
        return m_meter.text(result.size()) ? give(Value(std::move(result))) : fail();
    }
    bool giveNull() { return give(Value()); }
    /// Ends the call with a fault. @p index is the argument that is wrong, -1 for the whole call.
    bool refuse(QString message, int index = -1);
    /// Ends the call because the meter is spent.
    bool fail()
    {
        m_failed = true;
        return false;
    }

    Value takeResult() { return std::move(m_result); }
    const QString &message() const { return m_message; }
    int wrongArgument() const { return m_wrongArgument; }

private:
    QString parameterName(int index) const;
    bool refuseKind(int index, const QString &wanted);

    const FunctionDescription &m_function;
    std::span<Value> m_arguments;
    const Prepared *m_prepared;
    const Context &m_context;
    Meter &m_meter;
    Value m_result;
    QString m_message;
    int m_wrongArgument = -1;
    bool m_failed = false;
};

} // namespace gatehouse::core::expr
