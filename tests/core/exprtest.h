// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tests of the expression language share: evaluating a text over JSON data, and comparing JSON by value.
#pragma once

#include "core/expr/arithmetic.h"
#include "core/expr/expression.h"
#include "core/expr/json.h"

namespace gatehouse::core::expr {

/// Objects whatever the order of their names, numbers by value: 8 is 8.0.
inline bool sameJson(const Value &left, const Value &right)
{
    if (left.isSequence() && right.isSequence()) {
        return std::equal(left.items().begin(), left.items().end(), right.items().begin(), right.items().end(),
                          sameJson);
    }
    if (left.kind() == Kind::Map && right.kind() == Kind::Map) {
        if (left.map().size() != right.map().size())
            return false;
        return std::all_of(left.map().entries().begin(), left.map().entries().end(), [&](const auto &entry) {
            const Value *other = right.map().find(entry.first);
            return other && sameJson(entry.second, *other);
        });
    }
    Meter meter;
    return equalValues(left, right, meter);
}

/// The result as JSON, or "FAULT offset+length message".
inline QString evaluated(const QString &text, const QByteArray &data = "{}")
{
    const auto faultText = [](const Fault &fault) {
        return QStringLiteral("FAULT %1+%2 %3").arg(fault.offset).arg(fault.length).arg(fault.message);
    };
    const auto expression = Expression::parse(text);
    if (!expression)
        return faultText(expression.error().first());
    const auto root = readJson(data);
    if (!root)
        return QStringLiteral("DATA ") + root.error().message;
    const auto value = expression->evaluate(JsonContext(*root));
    return value ? QString::fromUtf8(printJson(*value)) : faultText(value.error());
}

} // namespace gatehouse::core::expr
