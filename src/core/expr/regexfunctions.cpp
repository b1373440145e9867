// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/functions.h"
#include "core/expr/regex.h"

namespace gatehouse::core::expr {

namespace {

/// The regular expressions among the arguments that are constants, by argument index.
struct PreparedRegexes final : Prepared {
    std::vector<std::shared_ptr<const Regex>> byArgument;
};

using Problems = std::vector<std::pair<int, QString>>;

template <int First, int Step>
std::shared_ptr<const Prepared> prepare(ConstantArguments arguments, Problems &problems)
{
    auto result = std::make_shared<PreparedRegexes>();
    result->byArgument.resize(arguments.size());
    for (size_t index = First; index < arguments.size(); index += Step) {
        if (!arguments[index] || !arguments[index]->isString())
            continue;
        auto regex = Regex::compile(arguments[index]->string());
        if (regex)
            result->byArgument[index] = std::move(*regex);
        else
            problems.emplace_back(int(index), regex.error().message);
    }
    return result;
}

/// The regular expression that an argument is, compiled now unless it was a constant; nullptr after a fault.
std::shared_ptr<const Regex> regexAt(Call &call, int index, const QString &pattern)
{
    const auto *prepared = static_cast<const PreparedRegexes *>(call.prepared());
    if (prepared && prepared->byArgument[size_t(index)])
        return prepared->byArgument[size_t(index)];
    auto regex = Regex::compile(pattern, &call.meter());
    if (regex)
        return *regex;
    if (call.meter().isSpent())
        call.fail();
    else
        call.refuse(regex.error().message, index);
    return nullptr;
}

bool replaced(Call &call, QString &text, int at, bool all)
{
    const QString *pattern = call.text(at);
    const QString *replacement = call.text(at + 1);
    if (call.failed())
        return false;
    if (!pattern || !replacement)
        return true;
    const std::shared_ptr<const Regex> regex = regexAt(call, at, *pattern);
    if (!regex)
        return false;
    QString result;
    QString problem;
    if (!replaceMatches(*regex, Subject(text), *replacement, all, result, problem, call.meter()))
        return problem.isEmpty() ? call.fail() : call.refuse(problem, at + 1);
    text = std::move(result);
    return true;
}

bool replaceFirst(Call &call)
{
    const QString *text = call.text(0);
    if (call.failed())
        return false;
    if (!text)
        return call.giveNull();
    QString result = *text;
    return replaced(call, result, 1, false) && call.give(std::move(result));
}

/// Pairs are applied one after the other; a regular expression without a replacement is left out.
bool replaceAll(Call &call)
{
    const QString *text = call.text(0);
    if (call.failed())
        return false;
    if (!text)
        return call.giveNull();
    QString result = *text;
    for (int at = 1; at + 1 < call.count(); at += 2) {
        if (!replaced(call, result, at, true))
            return false;
    }
    return call.give(std::move(result));
}

bool matches(Call &call)
{
    const QString *text = call.text(0);
    const QString *pattern = call.text(1);
    if (call.failed())
        return false;
    if (!text || !pattern)
        return call.give(false);
    const std::shared_ptr<const Regex> regex = regexAt(call, 1, *pattern);
    if (!regex)
        return false;
    bool found = false;
    return regex->matchesWhole(Subject(*text), found, call.meter()) ? call.give(found) : call.fail();
}

bool findAllMatches(Call &call)
{
    const QString *text = call.text(0);
    const QString *pattern = call.text(1);
    if (call.failed())
        return false;
    if (!text || !pattern)
        return call.giveNull();
    const std::shared_ptr<const Regex> regex = regexAt(call, 1, *pattern);
    if (!regex)
        return false;
    const Subject subject(*text);
    Values found;
    qsizetype from = 0;
    while (from <= subject.size()) {
        QRegularExpressionMatch match;
        if (!regex->find(subject, from, match, call.meter()))
            return call.fail();
        if (!match.hasMatch())
            break;
        if (qint64(found.size()) >= kMaxListSize || !call.meter().text(match.capturedLength()))
            return call.meter().stop(Meter::Spent::ListSize) || call.fail();
        found.emplace_back(match.captured());
        from = match.capturedEnd();
        if (match.capturedLength() == 0) {
            const bool pair = from + 1 < subject.size() && subject.text().at(from).isHighSurrogate();
            from += pair ? 2 : 1;
        }
    }
    return call.give(std::move(found));
}

} // namespace

FunctionTable regexFunctions()
{
    constexpr Parameter regex{u"regex", ValueType::Text};
    constexpr Parameter replacement{u"replacement", ValueType::Text};
    const auto row = [](QStringView name, std::vector<Parameter> parameters, ValueType result, auto *code,
                        QStringView summary, QStringView example, QStringView exampleResult) {
        const int count = int(parameters.size());
        return FunctionDescription{u"regex", name, std::move(parameters), count, count, 0, result,
                                   summary, example, exampleResult, code, &prepare<1, 2>};
    };
    FunctionTable table{
        row(u"replaceFirst", {kTextParameter, regex, replacement}, ValueType::Text, &replaceFirst,
            u"The text with the first match replaced; $1 stands for the first group.",
            u"#regex.replaceFirst('upper case AND lower case', '([a-z]+)( +)([a-z]+)', '$1_$3')",
            u"\"upper_case AND lower case\""),
        row(u"replaceAll", {kTextParameter, regex, replacement}, ValueType::Text, &replaceAll,
            u"The text with all matches replaced; more pairs of regex and replacement may follow.",
            u"#regex.replaceAll('upper case AND lower case', '([a-z]+)( +)([a-z]+)', '$1_$3')",
            u"\"upper_case AND lower_case\""),
        row(u"matches", {kTextParameter, regex}, ValueType::Boolean, &matches,
            u"True when the whole text matches.", u"#regex.matches('upper case', '([a-z]+)( +)([a-z]+)')", u"true"),
        row(u"findAllMatches", {kTextParameter, regex}, ValueType::List, &findAllMatches,
            u"Every part of the text that matches.", u"#regex.findAllMatches('user01@test.com', '(?<=@)[^.]+')",
            u"[\"test\"]"),
    };
    table[1].maximumArguments = 51;
    table[1].repeated = 2;
    return table;
}

} // namespace gatehouse::core::expr
