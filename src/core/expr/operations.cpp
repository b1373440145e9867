// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/evaluation.h"

#include "core/expr/convert.h"
#include "core/expr/regex.h"

namespace gatehouse::core::expr {

/// The place of an operator as a fault shows it.
static Instruction placeOf(const OperatorPlace &op)
{
    Instruction place;
    place.offset = op.offset;
    place.length = op.length;
    return place;
}

bool Evaluation::unsupported(const OperatorPlace &op, const Value &left, const Value *right)
{
    QString message = right ? QStringLiteral("'%1' cannot work on %2 and %3.")
                                  .arg(symbolOf(op.op), kindText(left.kind()), kindText(right->kind()))
                            : QStringLiteral("'%1' cannot work on %2.").arg(symbolOf(op.op), kindText(left.kind()));
    if (left.isNull() || (right && right->isNull()))
        message += QStringLiteral(" Write (value ?: 0) where a value may be missing.");
    return wrong(placeOf(op), std::move(message));
}

bool Evaluation::outcome(Outcome outcome, const OperatorPlace &op, const Value &left, const Value &right)
{
    switch (outcome) {
    case Outcome::Done:
        return true;
    case Outcome::NotSupported:
        return unsupported(op, left, &right);
    case Outcome::DivisionByZero:
        return wrong(placeOf(op), QStringLiteral("Division by zero."));
    case Outcome::Spent:
        return spent(placeOf(op));
    }
    return false;
}

bool Evaluation::logic(const Instruction &instruction, Value &result)
{
    const bool any = instruction.op == Op::Or;
    const QString what = any ? QStringLiteral("What 'or' joins") : QStringLiteral("What 'and' joins");
    bool flag = !any;
    for (int index = 0; index < instruction.count && flag != any; ++index) {
        if (!condition(m_program.operand(instruction, index), what, flag))
            return false;
    }
    result = flag;
    return true;
}

bool Evaluation::binary(const Instruction &instruction, Value &result)
{
    if (!run(m_program.operand(instruction, 0), result))
        return false;
    for (int index = 1; index < instruction.count; ++index) {
        const Instruction &operand = m_program.operand(instruction, index);
        const OperatorPlace &op = m_program.operators[instruction.payload + quint32(index) - 1];
        if (operand.op == Op::Constant) {
            if (!m_meter.steps(1))
                return spent(operand);
            if (!apply(op, operand, result, m_program.constants[operand.payload]))
                return false;
            continue;
        }
        Value right;
        if (!run(operand, right) || !apply(op, operand, result, right))
            return false;
    }
    return true;
}

/// left = left op right.
bool Evaluation::apply(const OperatorPlace &op, const Instruction &operand, Value &left, const Value &right)
{
    int order = 0;
    switch (op.op) {
    case Operator::Equal:
    case Operator::NotEqual: {
        const bool equal = equalValues(left, right, m_meter);
        if (m_meter.isSpent())
            return spent(operand);
        left = equal == (op.op == Operator::Equal);
        return true;
    }
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual: {
        if (!outcome(compare(left, right, order, m_meter), op, left, right))
            return false;
        const bool equal = op.op == Operator::LessEqual || op.op == Operator::GreaterEqual;
        const int wanted = op.op == Operator::Less || op.op == Operator::LessEqual ? -1 : 1;
        left = order == wanted || (equal && order == 0);
        return true;
    }
    case Operator::Matches:
        return matched(op, operand, left, right);
    case Operator::Between:
        return between(op, left, right);
    case Operator::Add:
        if (left.isString() || right.isString())
            return joined(left, right) || spent(placeOf(op));
        break;
    case Operator::Multiply:
        if (left.isString() && right.kind() == Kind::Int)
            return repeated(left, qint32(right.integer())) || spent(placeOf(op));
        break;
    case Operator::Subtract:
        if (left.isString() && left.string().size() == 1 && right.kind() == Kind::Int) {
            left = QString(QChar(char16_t(left.string().front().unicode() - right.integer())));
            return true;
        }
        break;
    default:
        break;
    }
    Value result;
    if (!outcome(arithmetic(op.op, left, right, result, m_meter), op, left, right))
        return false;
    left = std::move(result);
    return true;
}

bool Evaluation::joined(Value &left, const Value &right)
{
    if (!left.isString()) {
        QString text;
        if (!appendJoined(text, left, m_meter) || !appendJoined(text, right, m_meter))
            return false;
        left = std::move(text);
        return true;
    }
    // A text that others hold, too, is copied before anything is appended to it.
    if (!left.string().isDetached() && !m_meter.text(left.string().size()))
        return false;
    return appendJoined(left.string(), right, m_meter);
}

bool Evaluation::repeated(Value &left, qint32 times)
{
    const qint64 length = left.string().size() * qint64(std::max(times, 0));
    if (!m_meter.text(length))
        return false;
    left = left.string().repeated(std::max(times, 0));
    return true;
}

bool Evaluation::matched(const OperatorPlace &op, const Instruction &operand, Value &left, const Value &right)
{
    if (left.isNull() || left.kind() == Kind::Map)
        return wrong(placeOf(op), QStringLiteral("Before 'matches' must stand a text, but it is %1.")
                                      .arg(kindText(left.kind()))
                                      + (left.isNull() ? QStringLiteral(" Write (value ?: '').") : QString()));
    if (!right.isString())
        return wrong(operand, QStringLiteral("After 'matches' must stand a regular expression as a text, but it is %1.")
                                  .arg(kindText(right.kind())));
    QString text;
    if (!left.isString() && !appendJoined(text, left, m_meter))
        return spent(placeOf(op));
    const QString &subject = left.isString() ? left.string() : text;
    std::shared_ptr<const Regex> made;
    const Regex *regex = m_program.regexOf(operand);
    if (!regex) {
        const tl::expected<std::shared_ptr<const Regex>, RegexFault> compiled = Regex::compile(right.string(), &m_meter);
        if (!compiled)
            return wrong(operand, compiled.error().message);
        made = *compiled;
        regex = made.get();
    }
    bool found = false;
    if (!regex->matchesWhole(Subject(subject), found, m_meter))
        return wrong(placeOf(op), QStringLiteral("The regular expression cannot be applied to this text."));
    left = found;
    return true;
}

bool Evaluation::between(const OperatorPlace &op, Value &left, const Value &right)
{
    if (right.kind() != Kind::List || right.list().size() != 2)
        return wrong(placeOf(op), QStringLiteral("After 'between' must stand a list of two values, {low, high}."));
    int low = 0;
    int high = 0;
    if (!outcome(compare(left, right.list()[0], low, m_meter), op, left, right.list()[0])
        || !outcome(compare(left, right.list()[1], high, m_meter), op, left, right.list()[1]))
        return false;
    left = (low == 0 || low == 1) && (high == 0 || high == -1);
    return true;
}

bool Evaluation::prefix(const Instruction &instruction, Value &result)
{
    const OperatorPlace &op = m_program.operators[instruction.payload];
    const Instruction &operand = m_program.operand(instruction, 0);
    if (op.op == Operator::Not) {
        bool flag = false;
        if (!condition(operand, QStringLiteral("What '!' turns around"), flag))
            return false;
        result = !flag;
        return true;
    }
    Value value;
    if (!run(operand, value))
        return false;
    if (op.op == Operator::Negate)
        return negate(value, result) == Outcome::Done || unsupported(op, value, nullptr);
    if (!value.isNumber())
        return unsupported(op, value, nullptr);
    result = std::move(value);
    return true;
}

} // namespace gatehouse::core::expr
