// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/evaluation.h"

#include "core/expr/convert.h"

namespace gatehouse::core::expr {

/// Steps look into what they are given without copying it: current points into holder until a step makes a new value.
bool Evaluation::path(const Instruction &instruction, Value &result)
{
    Value holder;
    if (!run(m_program.operand(instruction, 0), holder))
        return false;
    const Value *current = &holder;
    for (int index = 1; index < instruction.count; ++index) {
        if (!step(m_program.operand(instruction, index), current, holder))
            return false;
    }
    if (current == &holder) {
        result = std::move(holder);
    } else {
        Value copy = *current; // result may hold what current points into
        result = std::move(copy);
    }
    return true;
}

bool Evaluation::step(const Instruction &step, const Value *&current, Value &holder)
{
    static const Value null;
    if (!m_meter.steps(1))
        return spent(step);
    switch (step.op) {
    case Op::Property: {
        const Value *found = nullptr;
        if (!name(*current, m_program.names.at(step.payload), step, found))
            return false;
        current = found ? found : &null;
        return true;
    }
    case Op::NamedIndex:
        if (current->kind() == Kind::Map) {
            const Value *found = current->map().find(m_program.names.at(step.payload));
            current = found ? found : &null;
            return true;
        }
        [[fallthrough]];
    case Op::Index: {
        Value index;
        if (!run(m_program.operand(step, 0), index))
            return false;
        const Value *found = nullptr;
        if (!indexed(step, *current, index, holder, found))
            return false;
        current = found;
        return true;
    }
    case Op::Project:
    case Op::Select:
    case Op::SelectFirst:
    case Op::SelectLast: {
        Value made;
        if (current->isNull()) {
            current = &null;
            return true;
        }
        if (!(step.op == Op::Project ? project(step, *current, made) : select(step, *current, made)))
            return false;
        holder = std::move(made);
        current = &holder;
        return true;
    }
    default:
        return wrong(step, QStringLiteral("This cannot follow a value.")); // compile() never makes this
    }
}

/// Null gives null; what is found may be made in @p holder.
bool Evaluation::indexed(const Instruction &step, const Value &target, const Value &index, Value &holder,
                         const Value *&found)
{
    static const Value null;
    if (target.isNull()) {
        found = &null;
        return true;
    }
    if (target.kind() == Kind::Map) {
        QString key;
        if (index.isNull()) {
            found = &null;
            return true;
        }
        if (!index.isString() && !appendText(key, index, m_meter))
            return spent(step);
        if (index.isString() && !m_meter.scan(index.string().size()))
            return spent(step);
        found = target.map().find(index.isString() ? index.string() : key);
        if (!found)
            found = &null;
        return true;
    }
    if (!target.isSequence() && !target.isString())
        return wrong(step, QStringLiteral("%1 cannot be looked into with [ ].").arg(capitalized(kindText(target.kind()))));
    if (!payForNumber(index, m_meter))
        return spent(step);
    const std::optional<qint32> at = toInt(index);
    if (!at)
        return wrong(m_program.operand(step, 0), QStringLiteral("The index must be a whole number, but is %1.")
                                                     .arg(kindText(index.kind())));
    const qint64 size = target.isString() ? target.string().size() : qint64(target.items().size());
    if (*at < 0 || *at >= size) {
        return wrong(m_program.operand(step, 0),
                     QStringLiteral("There is no element %1: the %2 has %3, counted from 0.")
                         .arg(QString::number(*at), target.isString() ? QStringLiteral("text") : QStringLiteral("list"),
                              QString::number(size)));
    }
    if (target.isString()) {
        holder = Value(QString(target.string().at(*at)));
        found = &holder;
        return true;
    }
    found = &target.items()[size_t(*at)];
    return true;
}

bool Evaluation::inElement(const Instruction &body, const Value &element, Value &result)
{
    const Value *outer = std::exchange(m_element, &element);
    const bool done = run(body, result);
    m_element = outer;
    return done;
}

/// Whether the element is chosen by a selection.
bool Evaluation::chosen(const Instruction &body, const Value &element, bool &result)
{
    Value flag;
    if (!inElement(body, element, flag))
        return false;
    if (flag.kind() != Kind::Boolean) {
        return wrong(body, QStringLiteral("A selection must be true or false for every element, but is %1.")
                               .arg(kindText(flag.kind()))
                               + (flag.isNull() ? QStringLiteral(" Write (value ?: false).") : QString()));
    }
    result = flag.boolean();
    return true;
}

/// One entry of a map as selections and projections see it.
static Value entryOf(const std::pair<QString, Value> &entry)
{
    Map map(Map::Origin::Literal);
    map.insert(QStringLiteral("key"), Value(entry.first));
    map.insert(QStringLiteral("value"), entry.second);
    return map;
}

bool Evaluation::project(const Instruction &step, const Value &target, Value &result)
{
    const Instruction &body = m_program.operand(step, 0);
    Values items;
    if (target.isSequence()) {
        const Values &source = target.items();
        if (!m_meter.list(qint64(source.size())))
            return spent(step);
        items.resize(source.size());
        for (size_t index = 0; index < source.size(); ++index) {
            if (!inElement(body, source[index], items[index]))
                return false;
        }
    } else if (target.kind() == Kind::Map) {
        if (!m_meter.list(target.map().size()))
            return spent(step);
        for (const auto &entry : target.map().entries()) {
            Value made;
            if (!inElement(body, entryOf(entry), made))
                return false;
            items.push_back(std::move(made));
        }
    } else {
        return wrong(step, QStringLiteral("A projection needs a list or a map, but this is %1.")
                               .arg(kindText(target.kind())));
    }
    result = std::move(items);
    return true;
}

bool Evaluation::selectFromMap(const Instruction &step, const Map &map, Value &result)
{
    Map selected(map.isLiteral() ? Map::Origin::Literal : Map::Origin::Data);
    const std::pair<QString, Value> *last = nullptr;
    for (const auto &entry : map.entries()) {
        bool isChosen = false;
        if (!m_meter.steps(1))
            return spent(step);
        if (!chosen(m_program.operand(step, 0), entryOf(entry), isChosen))
            return false;
        if (!isChosen)
            continue;
        last = &entry;
        if (step.op == Op::Select)
            selected.insert(entry.first, entry.second);
        if (step.op == Op::SelectFirst)
            break;
    }
    if (step.op != Op::Select) {
        if (!last)
            return true; // null
        selected.insert(last->first, last->second);
    }
    result = std::move(selected);
    return true;
}

bool Evaluation::select(const Instruction &step, const Value &target, Value &result)
{
    if (target.kind() == Kind::Map)
        return selectFromMap(step, target.map(), result);
    if (!target.isSequence())
        return wrong(step, QStringLiteral("A selection needs a list or a map, but this is %1.")
                               .arg(kindText(target.kind())));
    Values items;
    const Value *last = nullptr;
    for (const Value &element : target.items()) {
        bool isChosen = false;
        if (!m_meter.steps(1))
            return spent(step);
        if (!chosen(m_program.operand(step, 0), element, isChosen))
            return false;
        if (!isChosen)
            continue;
        last = &element;
        if (step.op == Op::Select)
            items.push_back(element);
        if (step.op == Op::SelectFirst)
            break;
    }
    if (step.op != Op::Select)
        result = last ? *last : Value();
    else if (target.kind() == Kind::Array)
        result = Array{target.array().element, std::move(items)};
    else
        result = std::move(items);
    return true;
}

} // namespace gatehouse::core::expr
