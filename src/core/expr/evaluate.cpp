// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/evaluation.h"

#include "core/expr/call.h"
#include "core/expr/convert.h"

#include <QVarLengthArray>

namespace gatehouse::core::expr {

/// Names of keys that a message lists.
static constexpr qsizetype kKeysInMessage = 10;

bool Evaluation::wrong(const Instruction &place, QString message)
{
    if (m_meter.isSpent())
        return spent(place);
    m_fault = {std::move(message), place.offset, place.length};
    m_fault.kind = FaultKind::Evaluation;
    return false;
}

bool Evaluation::spent(const Instruction &place)
{
    QString message;
    switch (m_meter.spent()) {
    case Meter::Spent::TextLength:
        message = QStringLiteral("A text becomes longer than %1 characters.").arg(kMaxTextLength);
        break;
    case Meter::Spent::Text:
        message = QStringLiteral("The expression makes more than %1 characters of text.").arg(kMaxProducedUnits);
        break;
    case Meter::Spent::ListSize:
        message = QStringLiteral("A list becomes longer than %1 elements.").arg(kMaxListSize);
        break;
    case Meter::Spent::Digits:
        message = QStringLiteral("A number gets more than %1 digits.").arg(kMaxNumberDigits);
        break;
    case Meter::Spent::Matches:
        message = QStringLiteral("The regular expression needs too much work: make it simpler.");
        break;
    case Meter::Spent::MatchedText:
        message = QStringLiteral("A text of more than %1 characters cannot be matched.").arg(kMaxRegexSubject);
        break;
    default:
        message = QStringLiteral("The expression needs too much work: more than %1 steps.").arg(kMaxSteps);
        break;
    }
    m_fault = {std::move(message), place.offset, place.length};
    m_fault.kind = FaultKind::Limit;
    return false;
}

/// Asked for once: making a value of what a directory has may take long, and selections ask again and again.
const Value &Evaluation::root(int slot)
{
    if (m_roots.isEmpty())
        m_roots.resize(m_program.rootNames.size());
    std::optional<Value> &known = m_roots[slot];
    if (!known)
        known = m_context.root(slot, m_program.rootNames.at(slot));
    return *known;
}

const Value &Evaluation::whole()
{
    if (!m_whole)
        m_whole = m_context.whole();
    return *m_whole;
}

bool Evaluation::run(const Instruction &instruction, Value &result)
{
    if (!m_meter.steps(1))
        return spent(instruction);
    switch (instruction.op) {
    case Op::Constant:
        result = m_program.constants[instruction.payload];
        return true;
    case Op::RootName:
        result = root(int(instruction.payload));
        return true;
    case Op::Path:
        return path(instruction, result);
    case Op::Call:
        return call(instruction, result);
    case Op::List: {
        Values items;
        if (!list(instruction, items))
            return false;
        result = std::move(items);
        return true;
    }
    case Op::Map:
        return map(instruction, result);
    case Op::NewArray:
        return newArray(instruction, 0, result);
    case Op::ArrayOf:
        return arrayOf(instruction, result);
    case Op::ElementName: {
        const Value *found = nullptr;
        if (!name(*m_element, m_program.names.at(instruction.payload), instruction, found))
            return false;
        result = found ? *found : Value();
        return true;
    }
    case Op::Root:
        result = whole();
        return true;
    case Op::This:
        result = *m_element;
        return true;
    case Op::And:
    case Op::Or:
        return logic(instruction, result);
    case Op::Binary:
        return binary(instruction, result);
    case Op::Prefix:
        return prefix(instruction, result);
    case Op::Ternary:
        return ternary(instruction, result);
    case Op::Elvis:
        return elvis(instruction, result);
    default:
        return wrong(instruction, QStringLiteral("A step cannot stand alone.")); // compile() never makes this
    }
}

bool Evaluation::list(const Instruction &instruction, Values &items, int from)
{
    if (!m_meter.list(instruction.count))
        return spent(instruction);
    items.resize(size_t(instruction.count - from));
    for (int index = from; index < instruction.count; ++index) {
        if (!run(m_program.operand(instruction, index), items[size_t(index - from)]))
            return false;
    }
    return true;
}

/// Entries whose key is null are left out.
bool Evaluation::map(const Instruction &instruction, Value &result)
{
    Map map(Map::Origin::Literal);
    for (int index = 0; index + 1 < instruction.count; index += 2) {
        Value key;
        Value value;
        if (!run(m_program.operand(instruction, index), key) || !run(m_program.operand(instruction, index + 1), value))
            return false;
        if (key.isNull())
            continue;
        QString text;
        if (!appendText(text, key, m_meter) || !m_meter.list(map.size() / 16))
            return spent(instruction);
        map.insert(text, std::move(value));
    }
    result = std::move(map);
    return true;
}

static Value zeroOf(Kind element)
{
    switch (element) {
    case Kind::Boolean:
        return false;
    case Kind::Byte:
        return qint8(0);
    case Kind::Short:
        return qint16(0);
    case Kind::Long:
        return qint64(0);
    case Kind::Float:
        return 0.0f;
    case Kind::Double:
        return 0.0;
    case Kind::Char:
        return char16_t(0);
    default:
        return qint32(0);
    }
}

bool Evaluation::newArray(const Instruction &instruction, int dimension, Value &result)
{
    const Instruction &operand = m_program.operand(instruction, dimension);
    Value given;
    if (!run(operand, given))
        return false;
    if (!payForNumber(given, m_meter))
        return spent(operand);
    const std::optional<qint32> size = toInt(given);
    if (!size || *size < 0)
        return wrong(operand, QStringLiteral("The size of an array must be a whole number from 0 on."));
    const bool last = dimension + 1 == instruction.count;
    if (!m_meter.list(*size))
        return spent(instruction);
    const Kind element = Kind(instruction.payload);
    Array array{last ? element : Kind::Array, {}};
    if (last) {
        array.items.assign(size_t(*size), zeroOf(element));
    } else if (*size > 0) {
        Value row; // arrays cannot be changed, so all rows may be one
        if (!newArray(instruction, dimension + 1, row))
            return false;
        array.items.assign(size_t(*size), row);
    }
    result = std::move(array);
    return true;
}

bool Evaluation::arrayOf(const Instruction &instruction, Value &result)
{
    Array array{Kind(instruction.payload), {}};
    if (!list(instruction, array.items, instruction.sized ? 1 : 0))
        return false;
    if (instruction.sized) {
        Value given;
        if (!run(m_program.operand(instruction, 0), given))
            return false;
        if (!payForNumber(given, m_meter))
            return spent(instruction);
        const std::optional<qint32> size = toInt(given);
        if (!size || *size != qint32(array.items.size()))
            return wrong(instruction, QStringLiteral("The size of the array and the number of its elements differ."));
    }
    for (size_t index = 0; index < array.items.size(); ++index) {
        const Value &given = array.items[index];
        if (!payForNumber(given, m_meter) || (given.isString() && !m_meter.scan(given.string().size())))
            return spent(instruction);
        std::optional<Value> element = toElement(given, array.element);
        if (!element) {
            const Instruction &place = m_program.operand(instruction, int(index) + (instruction.sized ? 1 : 0));
            return wrong(place, QStringLiteral("%1 cannot be an element of this array: it does not fit its type.")
                                    .arg(capitalized(kindText(given.kind()))));
        }
        array.items[index] = std::move(*element);
    }
    result = std::move(array);
    return true;
}

bool Evaluation::call(const Instruction &instruction, Value &result)
{
    const CallSite &site = m_program.calls[instruction.payload];
    QVarLengthArray<Value, 6> arguments(instruction.count);
    for (int index = 0; index < instruction.count; ++index) {
        if (!run(m_program.operand(instruction, index), arguments[index]))
            return false;
    }
    Call call(*site.function, {arguments.data(), size_t(arguments.size())}, site.prepared.get(), m_context, m_meter);
    if (!site.function->evaluate(call) || call.failed()) {
        const int argument = call.wrongArgument();
        return wrong(argument < 0 ? instruction : m_program.operand(instruction, argument), call.message());
    }
    result = call.takeResult();
    return true;
}

bool Evaluation::condition(const Instruction &operand, const QString &what, bool &result)
{
    Value value;
    if (!run(operand, value))
        return false;
    const std::optional<bool> flag = toBoolean(value);
    if (flag) {
        result = *flag;
        return true;
    }
    if (value.isNull())
        return wrong(operand, QStringLiteral("%1 is null: write (value ?: false).").arg(what));
    return wrong(operand, QStringLiteral("%1 must be true or false, but is %2.").arg(what, kindText(value.kind())));
}

bool Evaluation::ternary(const Instruction &instruction, Value &result)
{
    bool flag = false;
    return condition(m_program.operand(instruction, 0), QStringLiteral("The condition before '?'"), flag)
        && run(m_program.operand(instruction, flag ? 1 : 2), result);
}

/// The right side stands in for null and for an empty text.
bool Evaluation::elvis(const Instruction &instruction, Value &result)
{
    if (!run(m_program.operand(instruction, 0), result))
        return false;
    const bool absent = result.isNull() || (result.isString() && result.string().isEmpty());
    return !absent || run(m_program.operand(instruction, 1), result);
}

/// An attribute of @p target; found stays nullptr when it is missing, which only data may have.
bool Evaluation::name(const Value &target, const QString &name, const Instruction &place, const Value *&found)
{
    found = nullptr;
    if (target.isNull())
        return true;
    if (target.kind() == Kind::Map) {
        const Map &map = target.map();
        found = map.find(name);
        if (found || !map.isLiteral())
            return true;
        QStringList keys;
        for (const auto &entry : map.entries()) {
            if (keys.size() < kKeysInMessage)
                keys.append(excerpt(entry.first));
        }
        return wrong(place, QStringLiteral("The map has no key '%1', only %2. Write ['%1'] to get null instead.")
                                .arg(excerpt(name), keys.isEmpty() ? QStringLiteral("nothing") : keys.join(QStringLiteral(", "))));
    }
    if (target.isSequence()) {
        return wrong(place, QStringLiteral("A list has no attribute '%1': write .![%1] to take it from every element, "
                                           "or [0] before it for the first one.").arg(excerpt(name)));
    }
    return wrong(place, QStringLiteral("'%1' is not found: %2 has no attributes.").arg(excerpt(name), kindText(target.kind())));
}

bool Evaluation::count(const Value &value, qint64 &budget) const
{
    if (--budget < 0)
        return false;
    if (value.kind() == Kind::BigInteger || value.kind() == Kind::BigDecimal) {
        Meter meter; // as many values as the steps that printing takes
        const qint64 before = meter.left();
        budget -= payForNumber(value, meter) ? before - meter.left() : budget + 1;
    } else if (value.isSequence()) {
        for (const Value &item : value.items()) {
            if (!count(item, budget))
                return false;
        }
    } else if (value.kind() == Kind::Map) {
        for (const auto &entry : value.map().entries()) {
            budget -= entry.first.size() / 64;
            if (!count(entry.second, budget))
                return false;
        }
    } else if (value.isString()) {
        budget -= value.string().size() / 64;
    }
    return budget >= 0;
}

bool Evaluation::admit(const Value &result)
{
    qint64 budget = kMaxResultValues;
    return count(result, budget)
        || wrong(m_program.top(), QStringLiteral("The result is too large: more than %1 values.").arg(kMaxResultValues));
}

} // namespace gatehouse::core::expr
