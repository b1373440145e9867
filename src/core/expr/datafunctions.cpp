// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/arithmetic.h"
#include "core/expr/convert.h"
#include "core/expr/functions.h"

#include <QSet>

namespace gatehouse::core::expr {

namespace {

/// Lists longer than this are looked up by hash.
constexpr size_t kHashedFrom = 16;

/// Answers whether a list holds a value, by Java's equals.
class Membership {
public:
    Membership(const Values &items, Meter &meter) : m_items(items), m_meter(meter)
    {
        if (items.size() < kHashedFrom)
            return;
        for (size_t index = 0; index < items.size(); ++index) {
            qint32 hash = 0;
            if (!javaHash(items[index], hash, meter))
                return;
            m_index[hash].push_back(index);
        }
    }

    bool contains(const Value &value)
    {
        if (m_index.isEmpty())
            return containsIn(value);
        qint32 hash = 0;
        if (!javaHash(value, hash, m_meter))
            return false;
        const auto found = m_index.constFind(hash);
        if (found == m_index.constEnd())
            return false;
        return std::any_of(found->begin(), found->end(), [&](size_t index) {
            return equalObjects(m_items[index], value, m_meter);
        });
    }

private:
    bool containsIn(const Value &value)
    {
        return std::any_of(m_items.begin(), m_items.end(),
                           [&](const Value &item) { return equalObjects(item, value, m_meter); });
    }

    const Values &m_items;
    Meter &m_meter;
    QHash<qint32, std::vector<size_t>> m_index;
};

/// Ends a call whose work may have spent the meter.
bool finish(Call &call, Value result)
{
    return call.meter().isSpent() ? call.fail() : call.give(std::move(result));
}

bool indexOf(Call &call)
{
    const Values *items = nullptr;
    if (!call.sequence(0, items))
        return false;
    qint32 index = -1;
    for (size_t at = 0; items && at < items->size() && index < 0; ++at) {
        if (equalObjects((*items)[at], call.at(1), call.meter()))
            index = qint32(at);
    }
    return finish(call, index);
}

bool isNotEmpty(Call &call)
{
    const Values *items = nullptr;
    return call.sequence(0, items) && call.give(Value(items && !items->empty()));
}

bool size(Call &call)
{
    const Values *items = nullptr;
    return call.sequence(0, items) && call.give(qint32(items ? items->size() : 0));
}

bool containsAll(Call &call)
{
    const Values *items = nullptr;
    const Values *searched = nullptr;
    if (!call.sequence(0, items) || !call.sequence(1, searched))
        return false;
    if (!items || !searched)
        return call.give(false);
    Membership membership(*items, call.meter());
    return finish(call, std::all_of(searched->begin(), searched->end(),
                                    [&](const Value &value) { return membership.contains(value); }));
}

bool containsAny(Call &call)
{
    const Values *items = nullptr;
    const Values *searched = nullptr;
    if (!call.sequence(0, items) || !call.sequence(1, searched))
        return false;
    if (!items || !searched)
        return call.give(false);
    Membership membership(*items, call.meter());
    return finish(call, std::any_of(searched->begin(), searched->end(),
                                    [&](const Value &value) { return membership.contains(value); }));
}

/// A list of what is kept; an array stays an array of its type.
Value sameKind(const Value &source, Values items)
{
    if (source.kind() == Kind::Array)
        return Array{source.array().element, std::move(items)};
    return items;
}

template <bool Keep>
bool filtered(Call &call)
{
    const Values *items = nullptr;
    const Values *others = nullptr;
    if (!call.sequence(0, items) || !call.sequence(1, others))
        return false;
    if (!items)
        return call.giveNull();
    const Values none;
    Membership membership(others ? *others : none, call.meter());
    Values result;
    for (const Value &item : *items) {
        if (membership.contains(item) == Keep)
            result.push_back(item);
    }
    return finish(call, sameKind(call.at(0), std::move(result)));
}

bool united(Call &call)
{
    const Values *first = nullptr;
    const Values *second = nullptr;
    if (!call.sequence(0, first) || !call.sequence(1, second))
        return false;
    if (!first && !second)
        return call.giveNull();
    Values result;
    for (const Values *part : {first, second}) {
        if (part && !call.meter().list(qint64(result.size() + part->size())))
            return call.fail();
        if (part)
            result.insert(result.end(), part->begin(), part->end());
    }
    const bool arrays = call.at(0).kind() == Kind::Array && call.at(1).kind() == Kind::Array
        && call.at(0).array().element == call.at(1).array().element;
    return call.give(arrays ? sameKind(call.at(0), std::move(result)) : Value(std::move(result)));
}

bool equals(Call &call)
{
    const Values *left = nullptr;
    const Values *right = nullptr;
    if (!call.sequence(0, left) || !call.sequence(1, right))
        return false;
    if (!left || !right)
        return call.give(left == right);
    return finish(call, std::equal(left->begin(), left->end(), right->begin(), right->end(),
                                   [&](const Value &a, const Value &b) { return equalObjects(a, b, call.meter()); }));
}

} // namespace

FunctionTable dataFunctions()
{
    constexpr Parameter list{u"list", ValueType::List};
    constexpr Parameter other{u"other", ValueType::List};
    const auto row = [](QStringView name, std::vector<Parameter> parameters, ValueType result, auto *code,
                        QStringView summary, QStringView example, QStringView exampleResult) {
        const int count = int(parameters.size());
        return FunctionDescription{u"data", name, std::move(parameters), count, count, 0, result,
                                   summary, example, exampleResult, code, nullptr};
    };
    return {
        row(u"indexOf", {list, {u"value", ValueType::Any}}, ValueType::Number, &indexOf,
            u"Where the list has the value, counted from 0; -1 when it has not.",
            u"#data.indexOf({'This', 'is', 'String', 'collection'}, 'is')", u"1"),
        row(u"isNotEmpty", {list}, ValueType::Boolean, &isNotEmpty, u"True when the list has elements.",
            u"#data.isNotEmpty(new int[] {2,4,6,8,10})", u"true"),
        row(u"containsAll", {list, other}, ValueType::Boolean, &containsAll,
            u"True when the list has every element of the other one.", u"#data.containsAll({2,4,6,8,10}, {2,9})",
            u"false"),
        row(u"containsAny", {list, other}, ValueType::Boolean, &containsAny,
            u"True when the list has at least one element of the other one.",
            u"#data.containsAny({2,4,6,8,10}, {2,9,11})", u"true"),
        row(u"removeAll", {list, other}, ValueType::List, &filtered<false>,
            u"The elements that the other list does not have.", u"#data.removeAll({2,4,6,8,10}, {2,6,11})",
            u"[4,8,10]"),
        row(u"retainAll", {list, other}, ValueType::List, &filtered<true>,
            u"The elements that the other list has, too.", u"#data.retainAll({2,4,6,8,10}, new int[] {2,6,11})",
            u"[2,6]"),
        row(u"union", {list, other}, ValueType::List, &united,
            u"The elements of both lists, one after the other, duplicates kept.",
            u"#data.union(new int[] {2,4,6,8,10}, {1,10,11})", u"[2,4,6,8,10,1,10,11]"),
        row(u"size", {list}, ValueType::Number, &size, u"How many elements the list has.",
            u"#data.size({2,4,6,8,10})", u"5"),
        row(u"equals", {list, other}, ValueType::Boolean, &equals,
            u"True when both lists have the same elements in the same order.",
            u"#data.equals({2,4,6,8,10}, new int[] {2,4,6,8,10})", u"true"),
    };
}

} // namespace gatehouse::core::expr
