// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/call.h"

#include "core/expr/convert.h"

namespace gatehouse::core::expr {

QString Call::parameterName(int index) const
{
    const auto &parameters = m_function.parameters;
    size_t at = size_t(index);
    if (at >= parameters.size() && m_function.repeated > 0) {
        const size_t repeated = size_t(m_function.repeated);
        at = parameters.size() - repeated + (at - parameters.size()) % repeated;
    }
    return at < parameters.size() ? parameters[at].name.toString() : QStringLiteral("the argument");
}

bool Call::refuse(QString message, int index)
{
    m_failed = true;
    m_message = std::move(message);
    m_wrongArgument = index;
    return false;
}

bool Call::refuseKind(int index, const QString &wanted)
{
    return refuse(QStringLiteral("%1 of #%2.%3 must be %4, but is %5.")
                      .arg(parameterName(index), m_function.library.toString(), m_function.name.toString(), wanted,
                           kindText(at(index).kind())),
                  index);
}

const QString *Call::text(int index)
{
    if (isNull(index))
        return nullptr;
    Value &argument = m_arguments[size_t(index)];
    if (!argument.isString()) {
        if (argument.kind() == Kind::Map) {
            refuseKind(index, QStringLiteral("a text"));
            return nullptr;
        }
        QString made;
        if (!appendJoined(made, argument, m_meter)) {
            fail();
            return nullptr;
        }
        argument = Value(std::move(made));
    }
    // Whatever the function does with it, it looks at it once.
    if (!m_meter.scan(argument.string().size())) {
        fail();
        return nullptr;
    }
    return &argument.string();
}

bool Call::integer(int index, qint32 &result)
{
    if (!payForNumber(at(index), m_meter))
        return fail();
    const std::optional<qint32> number = toInt(at(index));
    result = number.value_or(0);
    return number.has_value() || refuseKind(index, QStringLiteral("a whole number"));
}

bool Call::longInteger(int index, qint64 &result)
{
    if (!payForNumber(at(index), m_meter))
        return fail();
    const std::optional<qint64> number = toLong(at(index));
    result = number.value_or(0);
    return number.has_value() || refuseKind(index, QStringLiteral("a whole number"));
}

bool Call::flag(int index, bool &result)
{
    const std::optional<bool> flag = toBoolean(at(index));
    result = flag.value_or(false);
    return flag.has_value() || refuseKind(index, QStringLiteral("true or false"));
}

bool Call::sequence(int index, const Values *&items)
{
    items = nullptr;
    if (isNull(index))
        return true;
    Value &argument = m_arguments[size_t(index)];
    if (!argument.isSequence())
        argument = Value(Values{argument});
    items = &argument.items();
    return m_meter.steps(qint64(items->size())) || fail();
}

} // namespace gatehouse::core::expr
