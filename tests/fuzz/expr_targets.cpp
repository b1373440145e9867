// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fuzzers of the expression language. Nothing may crash, hang or exhaust memory; what is printed must parse to what it
// was, and a result must survive JSON.
#include "tests/fuzz/target.h"

#include "core/expr/calendar.h"
#include "core/expr/call.h"
#include "core/expr/expression.h"
#include "core/expr/format.h"
#include "core/expr/json.h"
#include "core/expr/lexer.h"
#include "core/expr/limits.h"
#include "core/expr/pattern.h"
#include "core/expr/regex.h"

#include <QDir>
#include <QFile>

using namespace gatehouse::core::expr;
using gatehouse::fuzz::require;
using gatehouse::fuzz::Target;

namespace {

bool isInside(const Fault &fault, const QString &text)
{
    return fault.offset >= 0 && fault.length >= 0 && fault.offset + fault.length <= text.size()
        && !fault.message.isEmpty();
}

void tokensCoverText(const QString &text)
{
    int end = 0;
    for (const Token &token : tokenize(text).tokens) {
        require(token.offset >= end && token.end() <= text.size());
        end = token.end();
    }
}

/// The first line is an expression, the rest JSON data.
void expression(QByteArrayView input)
{
    const qsizetype lineEnd = input.indexOf('\n');
    const QString text = QString::fromUtf8(lineEnd < 0 ? input : input.first(lineEnd));
    tokensCoverText(text);
    const auto expression = Expression::parse(text);
    if (!expression) {
        require(!expression.error().isEmpty());
        for (const Fault &fault : expression.error())
            require(isInside(fault, text));
        return;
    }
    for (const Fault &warning : expression->warnings())
        require(isInside(warning, text));
    const QString printed = expression->print();
    if (printed.size() <= 20'000) {
        const auto again = Expression::parse(printed);
        require(again.has_value() && again->print() == printed);
    }
    const auto root = readJson(lineEnd < 0 ? QByteArrayView("{}") : input.sliced(lineEnd + 1));
    const auto value = expression->evaluate(JsonContext(root ? *root : Value(Map())));
    if (!value) {
        require(isInside(value.error(), text));
        return;
    }
    // A big decimal such as 1.50 comes back as the double 1.5; from then on nothing may change.
    const auto once = readJson(printJson(*value));
    require(once.has_value());
    const auto twice = readJson(printJson(*once));
    require(twice.has_value() && printJson(*twice) == printJson(*once));
}

/// The text before the next line feed, which is taken away, too.
QString takeLine(QByteArrayView &input)
{
    const qsizetype end = input.indexOf('\n');
    const QByteArrayView line = end < 0 ? input : input.first(end);
    input = end < 0 ? QByteArrayView() : input.sliced(end + 1);
    return QString::fromUtf8(line);
}

/// JSON, an expression that makes a value without data, or the text itself.
Value argumentOf(const QString &line)
{
    if (const auto json = readJson(line.toUtf8()))
        return *json;
    if (line.startsWith(u'=')) {
        const auto made = Expression::parse(line.sliced(1));
        const auto value = made ? made->evaluate(JsonContext()) : tl::expected<Value, Fault>(Value());
        return value ? *value : Value();
    }
    return line;
}

/// A function's name in the first line, an argument in each other one.
void function(QByteArrayView input)
{
    const QString name = takeLine(input);
    const FunctionDescription *called = findFunction(name.section(u'.', 0, 0), name.section(u'.', 1));
    if (!called && !name.isEmpty()) {
        const auto all = functions();
        called = &all[size_t(name.at(0).unicode()) % all.size()];
    }
    if (!called)
        return;
    std::vector<Value> arguments;
    while (int(arguments.size()) < called->maximumArguments && !input.isEmpty())
        arguments.push_back(argumentOf(takeLine(input)));
    while (int(arguments.size()) < called->minimumArguments)
        arguments.emplace_back();
    Meter meter;
    const JsonContext context;
    Call call(*called, arguments, nullptr, context, meter);
    if (!called->evaluate(call) || call.failed()) {
        require(meter.isSpent() || !call.message().isEmpty());
        return;
    }
    const Value result = call.takeResult();
    require(!result.isString() || !result.string().isNull());
    require(readJson(printJson(result)).has_value());
}

/// A pattern, then a text to read by it.
void datePattern(QByteArrayView input)
{
    const QString pattern = takeLine(input);
    const QString text = QString::fromUtf8(input);
    const std::optional<Moment> moment = readMoment(text);
    const auto compiled = DateTimePattern::compile(pattern);
    if (!compiled)
        return;
    Meter meter;
    [[maybe_unused]] const auto read = compiled->read(text, meter);
    for (const char *id : {"Z", "Europe/Paris", "+05:45"}) {
        const auto zone = Zone::of(QString::fromLatin1(id));
        if (const auto written = compiled->write(moment.value_or(Moment{1'614'470'400, 5}), *zone, meter))
            [[maybe_unused]] const auto again = compiled->read(*written, meter);
    }
}

/// A format, then its arguments, a line each.
void format(QByteArrayView input)
{
    const QString text = takeLine(input);
    std::vector<Value> arguments;
    while (!input.isEmpty() && arguments.size() < 50)
        arguments.push_back(argumentOf(takeLine(input)));
    Meter meter;
    const auto made = formatted(text, arguments, meter);
    require(!made || made->size() <= kMaxTextLength);
}

/// A regular expression, then a replacement, then the text.
void regex(QByteArrayView input)
{
    Meter meter;
    const auto compiled = Regex::compile(takeLine(input), &meter);
    if (!compiled) {
        require(meter.isSpent() || !compiled.error().message.isEmpty());
        return;
    }
    const QString replacement = takeLine(input);
    const Subject subject(QString::fromUtf8(input));
    bool found = false;
    QString result;
    QString problem;
    if ((*compiled)->matchesWhole(subject, found, meter)
        && !replaceMatches(**compiled, subject, replacement, true, result, problem, meter))
        require(meter.isSpent() || !problem.isEmpty());
}

void exprJson(QByteArrayView input)
{
    const auto read = readJson(input);
    if (!read) {
        require(read.error().offset >= 0 && read.error().offset <= input.size());
        return;
    }
    const QByteArray printed = printJson(*read);
    const auto again = readJson(printed);
    require(again && printJson(*again) == printed);
}

QList<QByteArray> corpus()
{
    QList<QByteArray> seeds;
    const QDir folder(QStringLiteral(GATEHOUSE_SOURCE_DIR "/tests/data/fuzz/expr"));
    for (const QString &name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            seeds.append(file.readAll());
    }
    return seeds;
}

/// Every function's example as an expression, and as a call with odd arguments.
QList<QByteArray> examples(bool asCalls)
{
    QList<QByteArray> seeds;
    for (const FunctionDescription &one : functions()) {
        if (!asCalls) {
            seeds.append(one.example.toUtf8());
            continue;
        }
        const QByteArray name = one.library.toUtf8() + '.' + one.name.toUtf8();
        seeds.append(name + "\nabc\n2\n1\n0");
        seeds.append(name + "\n2021-02-28Z\nMMM p\nEurope/Paris");
        seeds.append(name + "\n[1, 2.5, \"a\", null]\n[\"a\"]\n={1, 'b'}\nnull");
        seeds.append(name + "\n=#string.asBigInt('9' * 5000, 0)\n=#string.asBigDecimal('1e-5000', 0)\n{}\n-1");
    }
    return seeds;
}

} // namespace

QList<Target> gatehouse::fuzz::exprTargets()
{
    const QList<QByteArray> signs{"#string.", "#datetime.format(", "#this", "#root", ".![", ".?[", ".^[", "?:", "?.", "''",
                                  "new int[", "{:}", "matches", "between", "1e5", "0x", "1L", "[0]", "['", "\n"};
    const QList<QByteArray> letters{"p", "pp", "'", "''", "[", "]", "yyyy", "MMM", "VV", "zzzz", "vvvv", "XX" "X", "OOOO",
                                    "SSS", "GMT+", "Z", "\n", "#", "{"};
    const QList<QByteArray> conversions{"%", "%a", "%.3a", "%08.2e", "%,d", "%s", "%1$s", "%<s", "%-9s", "%n", "%%", "%c",
                                        "%x", "%(d", "%99999999s", "\n"};
    const QList<QByteArray> regexes{"(", ")", "(?:", "(?<n>", "\\Q", "\\E", "[", "]", "&&", "[^", "\\p{", "}", "{2,3}", "(?x)", "#",
                                    "\\u", "\\x{", "\\c", "\\k<n>", "|", "-", "\\", "$1", "${n}", "\n"};
    return {
        {"expression", &expression, corpus() + examples(false), signs},
        {"function", &function, examples(true), signs + letters + conversions + regexes},
        {"datePattern", &datePattern,
         {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX[VV]\n2021-02-28T01:02:03.004Z", "MMM p\nFeb", "p\n", "ppH pp'\n 1",
          "[EEEE[ d[ MMMM]]] G yyyyMMdd\nSunday 28 February AD 20210228", "VV zzzz vvvv OOOO xxx\nEurope/Paris GMT+05:45"},
         letters},
        {"format", &format, {"%1$-20s|%,015.3f|%a|%x\n1.5\n12345\n[1, 2]", "%A %.0a %020a\n0.1\n1e300\n-0.0", "%"}, conversions},
        {"regex", &regex,
         {"([a-z&&[^bc]]+)(?<n>\\d{2,4})?\\Q.*\\E\n$1-${n}\nabc12.*", "(?x)[a- # c\n\nb", "\\p{IsLatin}\\b\\x{41}\\u0041[\\Qa\n\nA",
          "(?i)(a|b)*?\\1$\nx\naba"},
         regexes},
        {"exprJson", &exprJson,
         {"{\"a\": [1, -2.5e3, true, null, \"\\u00e9\\n\"], \"b\": {}}", "\xef\xbb\xbf{\"x\":1}", "123456789012345678901234567890.5"},
         {"\\u", "\"", "{", "}", "[", "]", ":", ",", "tru", "1e", "-", "\xef\xbb\xbf"}},
    };
}
