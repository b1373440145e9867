// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/convert.h"
#include "core/expr/format.h"
#include "core/expr/functions.h"
#include "core/expr/textsearch.h"

#include <unicode/ustring.h>

namespace gatehouse::core::expr {

bool isJavaSpace(QChar unit)
{
    const char16_t code = unit.unicode();
    if (code < 0x80)
        return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20);
    return code != 0xA0 && code != 0x2007 && code != 0x202F
        && (unit.category() == QChar::Separator_Space || code == 0x2028 || code == 0x2029);
}

bool isBlank(const QString *text)
{
    return !text || std::all_of(text->cbegin(), text->cend(), isJavaSpace);
}

namespace {

bool isNotEmpty(Call &call)
{
    const QString *text = call.text(0);
    return call.give(Value(text && !text->isEmpty()));
}

bool isNotBlank(Call &call)
{
    const QString *text = call.text(0);
    return (!text || call.meter().scan(text->size())) && call.give(Value(!isBlank(text)));
}

bool isAscii(const QString &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](QChar unit) { return unit.unicode() < 0x80; });
}

using CaseMapping = int32_t (*)(UChar *, int32_t, const UChar *, int32_t, const char *, UErrorCode *);

/// Full Unicode case mapping (ß becomes SS) in the English locale.
QString mapped(const QString &text, CaseMapping mapping)
{
    QString result(text.size() * 3, Qt::Uninitialized); // no mapping makes more than three units of one
    UErrorCode error = U_ZERO_ERROR;
    const int32_t size = mapping(reinterpret_cast<UChar *>(result.data()), int32_t(result.size()),
                                 reinterpret_cast<const UChar *>(text.constData()), int32_t(text.size()), "en", &error);
    result.truncate(U_SUCCESS(error) ? size : 0);
    return result;
}

/// The letters from @p first on, 26 of them, moved by @p distance.
QString shifted(QString text, char16_t first, int distance)
{
    for (QChar &unit : text) {
        if (unit.unicode() >= first && unit.unicode() < first + 26)
            unit = QChar(char16_t(unit.unicode() + distance));
    }
    return text;
}

bool upperCase(Call &call)
{
    const QString *text = call.text(0);
    if (!text)
        return call.giveNull();
    return call.giveText(isAscii(*text) ? shifted(*text, u'a', -32) : mapped(*text, &u_strToUpper));
}

bool lowerCase(Call &call)
{
    const QString *text = call.text(0);
    if (!text)
        return call.giveNull();
    return call.giveText(isAscii(*text) ? shifted(*text, u'A', 32) : mapped(*text, &u_strToLower));
}

/// Java's trim: everything up to the space, at both ends.
bool trim(Call &call)
{
    const QString *text = call.text(0);
    if (!text)
        return call.giveNull();
    qsizetype start = 0;
    qsizetype end = text->size();
    while (start < end && text->at(start) <= u' ')
        ++start;
    while (end > start && text->at(end - 1) <= u' ')
        --end;
    return call.giveText(text->mid(start, end - start));
}

bool substring(Call &call)
{
    const QString *text = call.text(0);
    qint32 first = 0;
    qint32 last = 0;
    if (call.failed() || !call.integer(1, first) || !call.integer(2, last))
        return false;
    if (!text)
        return call.giveNull();
    const qint64 size = text->size();
    qint64 start = first < 0 ? first + size : first;
    qint64 end = last < 0 ? last + size : last;
    end = std::min(end, size);
    if (start > end)
        return call.give(QString());
    start = std::max<qint64>(start, 0);
    end = std::max<qint64>(end, 0);
    return call.giveText(text->mid(start, end - start));
}

template <bool (QStringView::*Test)(QStringView, Qt::CaseSensitivity) const noexcept>
bool affix(Call &call)
{
    const QString *text = call.text(0);
    const QString *part = call.text(1);
    if (call.failed())
        return false;
    if (!text || !part)
        return call.give(Value(!text && !part));
    return call.give(Value(part->isEmpty() || (QStringView(*text).*Test)(*part, Qt::CaseSensitive)));
}

/// Every character of the separators is one; what is between them is given, never empty.
bool split(Call &call)
{
    const QString *text = call.text(0);
    const QString *separators = call.text(1);
    if (call.failed())
        return false;
    if (!text)
        return call.giveNull();
    if (!call.meter().steps(text->size() / 8 * (1 + (separators ? separators->size() / 8 : 0))))
        return call.fail();
    Values parts;
    qsizetype start = -1;
    for (qsizetype at = 0; at <= text->size(); ++at) {
        const bool separates = at == text->size()
            || (separators ? separators->contains(text->at(at)) : isJavaSpace(text->at(at)));
        if (!separates) {
            start = start < 0 ? at : start;
        } else if (start >= 0) {
            if (!call.meter().text(at - start) || qint64(parts.size()) >= kMaxListSize)
                return call.meter().stop(Meter::Spent::ListSize) || call.fail();
            parts.emplace_back(text->mid(start, at - start));
            start = -1;
        }
    }
    return call.give(std::move(parts));
}

/// Elements that are null are left out.
bool join(Call &call)
{
    const QString *separator = call.text(1);
    if (call.failed())
        return false;
    const Values *items = nullptr;
    if (!call.sequence(0, items))
        return false;
    if (!items)
        return call.giveNull();
    QString result;
    bool first = true;
    for (const Value &item : *items) {
        if (item.isNull())
            continue;
        if (!first && separator) {
            if (!call.meter().text(separator->size()) || result.size() > kMaxTextLength)
                return call.meter().stop(Meter::Spent::TextLength) || call.fail();
            result += *separator;
        }
        first = false;
        if (!appendText(result, item, call.meter()))
            return call.fail();
    }
    return call.give(std::move(result));
}

bool indexOf(Call &call)
{
    const QString *text = call.text(0);
    const QString *search = call.text(1);
    qint32 from = 0;
    if (call.failed() || !call.integer(2, from))
        return false;
    if (!text || !search)
        return call.give(qint32(-1));
    if (!call.meter().scan(text->size()))
        return call.fail();
    const qsizetype start = std::clamp<qsizetype>(from, 0, text->size());
    return call.give(qint32(search->isEmpty() ? start : TextSearch(*search).first(*text, start)));
}

bool lastIndexOf(Call &call)
{
    const QString *text = call.text(0);
    const QString *search = call.text(1);
    qint32 from = 0;
    if (call.failed() || !call.integer(2, from))
        return false;
    if (!text || !search)
        return call.give(qint32(-1));
    if (!call.meter().scan(text->size()))
        return call.fail();
    const qsizetype last = text->size() - search->size();
    if (last < 0)
        return call.give(qint32(-1));
    const qsizetype start = std::clamp<qsizetype>(from, 0, last);
    return call.give(qint32(search->isEmpty() ? start : lastOf(*text, *search, start)));
}

bool length(Call &call)
{
    const QString *text = call.text(0);
    return call.give(qint32(text ? text->size() : 0));
}

bool replace(Call &call)
{
    const QString *text = call.text(0);
    const QString *search = call.text(1);
    const QString *replacement = call.text(2);
    qint32 most = 0;
    if (call.failed() || !call.integer(3, most))
        return false;
    if (!text)
        return call.giveNull();
    if (!search || !replacement || search->isEmpty() || most == 0)
        return call.give(*text);
    if (!call.meter().scan(text->size()))
        return call.fail();
    QString result;
    qsizetype from = 0;
    const TextSearch searched(*search);
    for (; most != 0; most -= most > 0 ? 1 : 0) {
        const qsizetype found = searched.first(*text, from);
        if (found < 0)
            break;
        if (!call.meter().text(found - from + replacement->size()))
            return call.fail();
        result += QStringView(*text).mid(from, found - from);
        result += *replacement;
        if (result.size() > kMaxTextLength)
            return call.meter().stop(Meter::Spent::TextLength) || call.fail();
        from = found + search->size();
    }
    if (!call.meter().text(text->size() - from))
        return call.fail();
    result += QStringView(*text).mid(from);
    if (result.size() > kMaxTextLength)
        return call.meter().stop(Meter::Spent::TextLength) || call.fail();
    return call.give(std::move(result));
}

/// As String.compareTo and compareToIgnoreCase: the difference of the first units that differ, or of the lengths.
qint32 compared(const QString &left, const QString &right, bool ignoreCase)
{
    const qsizetype common = std::min(left.size(), right.size());
    for (qsizetype at = 0; at < common; ++at) {
        QChar a = left.at(at);
        QChar b = right.at(at);
        if (ignoreCase && a != b) {
            a = a.toUpper().toLower();
            b = b.toUpper().toLower();
        }
        if (a != b)
            return qint32(a.unicode()) - qint32(b.unicode());
    }
    return qint32(left.size() - right.size());
}

bool compare(Call &call)
{
    const QString *left = call.text(0);
    const QString *right = call.text(1);
    bool ignoreCase = false;
    if (call.failed() || !call.flag(2, ignoreCase))
        return false;
    if (!left || !right)
        return call.give(qint32(left ? 1 : right ? -1 : 0));
    if (!call.meter().scan(std::min(left->size(), right->size())))
        return call.fail();
    return call.give(compared(*left, *right, ignoreCase));
}

template <bool Blank>
bool firstWith(Call &call)
{
    for (int index = 0; index < call.count(); ++index) {
        const QString *text = call.text(index);
        if (call.failed())
            return false;
        if (text && !(Blank ? isBlank(text) : text->isEmpty()))
            return call.give(*text);
    }
    return call.giveNull();
}

bool format(Call &call)
{
    const QString *pattern = call.text(0);
    if (call.failed())
        return false;
    if (!pattern)
        return call.giveNull();
    std::vector<Value> arguments;
    for (int index = 1; index < call.count(); ++index)
        arguments.push_back(call.at(index));
    const std::optional<QString> text = formatted(*pattern, arguments, call.meter());
    if (call.meter().isSpent())
        return call.fail();
    return text ? call.give(*text) : call.giveNull();
}

constexpr Parameter kValue{u"value", ValueType::Any};

} // namespace

FunctionTable stringFunctions()
{
    constexpr auto text = ValueType::Text;
    constexpr auto number = ValueType::Number;
    constexpr auto flag = ValueType::Boolean;
    const auto row = [](QStringView name, std::vector<Parameter> parameters, ValueType result, auto *code,
                        QStringView summary, QStringView example, QStringView exampleResult) {
        const int count = int(parameters.size());
        return FunctionDescription{u"string", name, std::move(parameters), count, count, 0, result,
                                   summary, example, exampleResult, code, nullptr};
    };
    FunctionTable table{
        row(u"isNotEmpty", {kTextParameter}, flag, &isNotEmpty, u"True when the text is not null and not empty.",
            u"#string.isNotEmpty('InputData')", u"true"),
        row(u"isNotBlank", {kTextParameter}, flag, &isNotBlank,
            u"True when the text has anything but white space.", u"#string.isNotBlank(' ')", u"false"),
        row(u"upperCase", {kTextParameter}, text, &upperCase, u"The text in capital letters.",
            u"#string.upperCase('john')", u"\"JOHN\""),
        row(u"lowerCase", {kTextParameter}, text, &lowerCase, u"The text in small letters.",
            u"#string.lowerCase('LOWER')", u"\"lower\""),
        row(u"trim", {kTextParameter}, text, &trim, u"The text without blanks at its ends.",
            u"#string.trim(' No Padding ')", u"\"No Padding\""),
        row(u"substring", {kTextParameter, {u"start", number}, {u"end", number}}, text, &substring,
            u"The part from start, counted from 0, up to but not including end; negative numbers count from the end.",
            u"#string.substring('example input for substring demo', 8, 13)", u"\"input\""),
        row(u"startsWith", {kTextParameter, {u"prefix", text}}, flag, &affix<&QStringView::startsWith>,
            u"True when the text begins with the prefix, case and all.", u"#string.startsWith('InputData', 'In')",
            u"true"),
        row(u"endsWith", {kTextParameter, {u"suffix", text}}, flag, &affix<&QStringView::endsWith>,
            u"True when the text ends with the suffix, case and all.", u"#string.endsWith('InputData', 'Data')",
            u"true"),
        row(u"split", {kTextParameter, {u"separators", text}}, ValueType::List, &split,
            u"The parts between separators; every character of separators is one, null means white space.",
            u"#string.split('Administrator, User, Guest', ', ')", u"[\"Administrator\",\"User\",\"Guest\"]"),
        row(u"join", {{u"list", ValueType::List}, {u"separator", text}}, text, &join,
            u"The elements of the list with the separator between them; null elements are left out.",
            u"#string.join({'Administrator', 'User', 'Guest'}, ', ')", u"\"Administrator, User, Guest\""),
        row(u"indexOf", {kTextParameter, {u"search", text}, {u"from", number}}, number, &indexOf,
            u"Where search first occurs from from on, counted from 0; -1 when it does not.",
            u"#string.indexOf('To find and return index or return -1', 'return', -1)", u"12"),
        row(u"lastIndexOf", {kTextParameter, {u"search", text}, {u"from", number}}, number, &lastIndexOf,
            u"Where search last occurs at or before from, counted from 0; -1 when it does not.",
            u"#string.lastIndexOf('To find and return index or return -1', 'return', 50)", u"28"),
        row(u"length", {kTextParameter}, number, &length, u"How many characters the text has; 0 for null.",
            u"#string.length('Input')", u"5"),
        row(u"replace", {kTextParameter, {u"search", text}, {u"replacement", text}, {u"max", number}}, text, &replace,
            u"The text with search replaced, at most max times, -1 for always.",
            u"#string.replace('input values replaced by input replacement', 'in', 'out', -1)",
            u"\"output values replaced by output replacement\""),
        row(u"compare", {kTextParameter, {u"other", text}, {u"ignoreCase", flag}}, number, &compare,
            u"0 when the texts are equal, negative when the first one sorts before the other, else positive.",
            u"#string.compare('Input', 'INPUT', true)", u"0"),
    };
    const auto many = [](QStringView name, std::vector<Parameter> parameters, int least, int most, auto *code,
                         QStringView summary, QStringView example, QStringView exampleResult) {
        return FunctionDescription{u"string", name, std::move(parameters), least, most, 1, ValueType::Text,
                                   summary, example, exampleResult, code, nullptr};
    };
    table.push_back(many(u"format", {{u"format", text}, kValue}, 1, 50, &format,
                         u"The format with its %s, %d, %x … replaced by the values, as java.util.Formatter does; null "
                         u"when they do not fit.",
                         u"#string.format('UserId: %s, Full Name: %s, %s', 'johndoe','John', 'Doe')",
                         u"\"UserId: johndoe, Full Name: John, Doe\""));
    table.push_back(many(u"firstNonEmpty", {kValue}, 1, 10, &firstWith<false>,
                         u"The first value that is not null and not empty; null when there is none.",
                         u"#string.firstNonEmpty(null, '', 'firstNonEmpty', 'secondNonEmpty')", u"\"firstNonEmpty\""));
    table.push_back(many(u"firstNonBlank", {kValue}, 1, 10, &firstWith<true>,
                         u"The first value that has anything but white space; null when there is none.",
                         u"#string.firstNonBlank(null, '', ' ', 'firstNonEmpty', 'secondNonEmpty')",
                         u"\"firstNonEmpty\""));
    return table;
}

} // namespace gatehouse::core::expr
