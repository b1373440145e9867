// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/library.h"

#include "core/expr/functions.h"

#include <algorithm>

namespace gatehouse::core::expr {

static FunctionTable allFunctions()
{
    FunctionTable result;
    for (FunctionTable part : {stringFunctions(), stringNumberFunctions(), encodingFunctions(), dateTimeFunctions(),
                               dataFunctions(), regexFunctions(), cryptoFunctions(), coreFunctions()})
        std::move(part.begin(), part.end(), std::back_inserter(result));
    return result;
}

std::span<const FunctionDescription> functions()
{
    static const FunctionTable table = allFunctions();
    return table;
}

QStringList libraries()
{
    static const QStringList names = [] {
        QStringList result;
        for (const FunctionDescription &function : functions()) {
            if (!result.contains(function.library))
                result.append(function.library.toString());
        }
        return result;
    }();
    return names;
}

const FunctionDescription *findFunction(QStringView library, QStringView name)
{
    for (const FunctionDescription &function : functions()) {
        if (function.library == library && function.name == name)
            return &function;
    }
    return nullptr;
}

QString signatureOf(const FunctionDescription &function)
{
    QStringList parameters;
    for (const Parameter &parameter : function.parameters)
        parameters.append(parameter.name.toString());
    if (function.repeated > 0)
        parameters.append(QStringLiteral("…"));
    return u'#' + function.library.toString() + u'.' + function.name.toString() + u'('
        + parameters.join(QStringLiteral(", ")) + u')';
}

QString typeName(ValueType type)
{
    switch (type) {
    case ValueType::Any:
        return QStringLiteral("any value");
    case ValueType::Null:
        return QStringLiteral("null");
    case ValueType::Boolean:
        return QStringLiteral("true or false");
    case ValueType::Number:
        return QStringLiteral("a number");
    case ValueType::Text:
        return QStringLiteral("a text");
    case ValueType::List:
        return QStringLiteral("a list");
    case ValueType::Map:
        return QStringLiteral("a map");
    }
    return {};
}

/// Letters to insert, drop, change or swap to make one of the other.
static int editDistance(const QString &left, const QString &right)
{
    const int rows = int(left.size());
    const int columns = int(right.size());
    std::vector<int> table(size_t((rows + 1) * (columns + 1)));
    const auto cell = [&](int row, int column) -> int & { return table[size_t(row * (columns + 1) + column)]; };
    for (int row = 0; row <= rows; ++row)
        cell(row, 0) = row;
    for (int column = 0; column <= columns; ++column)
        cell(0, column) = column;
    for (int row = 1; row <= rows; ++row) {
        for (int column = 1; column <= columns; ++column) {
            const bool same = left.at(row - 1) == right.at(column - 1);
            int best = std::min({cell(row - 1, column) + 1, cell(row, column - 1) + 1,
                                 cell(row - 1, column - 1) + (same ? 0 : 1)});
            if (row > 1 && column > 1 && left.at(row - 1) == right.at(column - 2)
                && left.at(row - 2) == right.at(column - 1))
                best = std::min(best, cell(row - 2, column - 2) + 1);
            cell(row, column) = best;
        }
    }
    return cell(rows, columns);
}

QString nearestName(QStringView name, const QStringList &candidates)
{
    const QString wanted = name.left(64).toString().toLower();
    QString best;
    int bestDistance = std::max(1, int(wanted.size()) / 3) + 1;
    for (const QString &candidate : candidates) {
        const QString lower = candidate.left(64).toLower();
        if (std::abs(lower.size() - wanted.size()) >= bestDistance)
            continue;
        const int distance = editDistance(wanted, lower);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace gatehouse::core::expr
