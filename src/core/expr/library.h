// SPDX-License-Identifier: GPL-3.0-or-later
//
// All functions an expression can call, described once: for the checker, the evaluator, completion and help. The
// tables are constant for the life of the program; any thread.
#pragma once

#include <QString>
#include <QStringList>

#include <memory>
#include <span>
#include <vector>

namespace gatehouse::core::expr {

class Call;    // call.h
class Value;
struct Fault;

/// What is known of a value before anything is evaluated.
enum class ValueType : quint8 { Any, Null, Boolean, Number, Text, List, Map };

/// "text", "list" ... as signatures show it.
QString typeName(ValueType type);

struct Parameter {
    QStringView name;
    ValueType type = ValueType::Any;
};

/// What a function makes of constant arguments once, when an expression is parsed: a compiled pattern, a time zone.
/// Immutable, shared by all evaluations.
struct Prepared {
    virtual ~Prepared() = default;
};

/// The value of each argument that is a constant, nullptr for the others.
using ConstantArguments = std::span<const Value *const>;

struct FunctionDescription {
    QStringView library;
    QStringView name;
    std::vector<Parameter> parameters;
    int minimumArguments = 0;
    int maximumArguments = 0;
    int repeated = 0;       ///< so many of the last parameters may be given again and again
    ValueType result = ValueType::Any;
    QStringView summary;       ///< one English sentence
    QStringView example;       ///< a whole expression that needs no data
    QStringView exampleResult; ///< as JSON; empty when it changes from call to call
    bool (*evaluate)(Call &call) = nullptr;
    /// May be nullptr. Appends to @p problems, as argument index and sentence, what can never work.
    std::shared_ptr<const Prepared> (*prepare)(ConstantArguments arguments,
                                               std::vector<std::pair<int, QString>> &problems) = nullptr;
};

/// In the order of the documentation: #string, #datetime, #data, #regex, #crypto, #core.
std::span<const FunctionDescription> functions();
/// "string", "datetime" ...
QStringList libraries();
/// nullptr when there is no such function.
const FunctionDescription *findFunction(QStringView library, QStringView name);
/// "#string.substring(text, start, end)".
QString signatureOf(const FunctionDescription &function);
/// The name among @p candidates that was probably meant by @p name; empty when none is near.
QString nearestName(QStringView name, const QStringList &candidates);

} // namespace gatehouse::core::expr
