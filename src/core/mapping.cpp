// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping.h"

#include "core/expr/convert.h"
#include "core/expr/json.h"
#include "core/textrules.h"
#include "core/visibletext.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace gatehouse::core {

namespace {

constexpr QLatin1String kActive("active");

/// The text of octets that should be UTF-8; nullopt when they are not.
std::optional<QString> decode(QByteArrayView octets)
{
    if (!octets.isValidUtf8())
        return std::nullopt;
    return QString::fromUtf8(octets);
}

/// Octets as they are shown inside of a message; those that are no text stand by their numbers.
QString inWords(QByteArrayView octets)
{
    return shortened(pointedOut(QString::fromUtf8(visibleLines(octets.toByteArray()))));
}

Problem invalid(const AttributeDefinition &target, const QString &message)
{
    return {target.name, ProblemCode::InvalidValue, target.displayName + QStringLiteral(": ") + message};
}

std::optional<QString> textOf(QByteArrayView octets, const AttributeDefinition &target, const QString &source,
                              QList<Problem> &problems)
{
    std::optional<QString> text = decode(octets);
    if (!text)
        problems.append(invalid(target, QStringLiteral("%1 holds octets that are not UTF-8 text: \"%2\"")
                                            .arg(source, inWords(octets))));
    return text;
}

std::optional<bool> booleanOf(QByteArrayView octets)
{
    // RFC 4517 3.3.3 has TRUE and FALSE; directories also hold these in lower case and as digits.
    if (octets.compare("true", Qt::CaseInsensitive) == 0 || octets == "1")
        return true;
    if (octets.compare("false", Qt::CaseInsensitive) == 0 || octets == "0")
        return false;
    return std::nullopt;
}

/// An empty or blank text is no value, and the next one of its attribute counts.
bool isBlankText(const AttributeDefinition &target, const expr::Value &item)
{
    return target.type != AttributeType::Json && item.kind() == expr::Kind::String && isBlank(QStringView(expr::textOf(item)));
}

/// An attribute's value as an expression sees it.
expr::Value valueOf(QByteArrayView name, QByteArrayView octets)
{
    if (isBinaryAttribute(name) || !octets.isValidUtf8())
        return QString::fromLatin1(octets.toByteArray().toBase64());
    return QString::fromUtf8(octets);
}

/// Several values are a list, one is itself, none is null.
expr::Value asValue(expr::Values &&values)
{
    if (values.empty())
        return {};
    return values.size() == 1 ? std::move(values.front()) : expr::Value(std::move(values));
}

expr::Value slotValue(const EntryView &entry, int slot)
{
    const int count = entry.count(slot);
    if (count == 0)
        return {};
    const QByteArrayView name = entry.slotName(slot);
    if (count == 1)
        return isBlank(entry.value(slot)) ? expr::Value() : valueOf(name, entry.value(slot));
    expr::Values list;
    list.reserve(size_t(count));
    for (int i = 0; i < count; ++i) {
        if (!isBlank(entry.value(slot, i)))
            list.push_back(valueOf(name, entry.value(slot, i)));
    }
    return asValue(std::move(list));
}

} // namespace

expr::Value EntryContext::root(int slot, const QString &) const
{
    const int entrySlot = m_slots[size_t(slot)];
    if (entrySlot == kComputedActive)
        return m_active;
    return slotValue(m_entry, entrySlot);
}

expr::Value EntryContext::whole() const
{
    expr::Map map;
    for (int slot = 0; slot < m_entry.slotCount(); ++slot)
        map.insert(QString::fromUtf8(m_entry.slotName(slot)), slotValue(m_entry, slot));
    map.insert(kActive, m_active);
    return map;
}

QList<expr::Fault> mappingFaults(const expr::Expression &expression)
{
    if (!expression.readsWholeRoot())
        return {};
    return {{QStringLiteral("#root is read as a whole here, but a directory is asked for attributes by name: write the "
                            "name, for example sn or #root['x-name']"),
             0, int(expression.text().size())}};
}

Code codeOf(expr::FaultKind kind)
{
    switch (kind) {
    case expr::FaultKind::Syntax: return Code::Syntax;
    case expr::FaultKind::Evaluation: return Code::Evaluation;
    case expr::FaultKind::Limit: return Code::EvaluationLimit;
    }
    return Code::Internal;
}

static QString whatOf(expr::FaultKind kind)
{
    switch (kind) {
    case expr::FaultKind::Syntax: return QStringLiteral("not an expression");
    case expr::FaultKind::Evaluation: return QStringLiteral("the expression fails on these data");
    case expr::FaultKind::Limit: return QStringLiteral("the expression needs too much");
    }
    return {};
}

QList<Error> expressionErrors(const QString &expression, const QList<expr::Fault> &faults)
{
    QList<Error> errors;
    for (const expr::Fault &fault : faults) {
        Error error{codeOf(fault.kind), whatOf(fault.kind), fault.message};
        error.offset = fault.offset;
        error.length = fault.length;
        error.subject = expression;
        errors.append(std::move(error));
    }
    return errors;
}

Value valueFor(const AttributeDefinition &target, const expr::Value &result, QList<Problem> &problems)
{
    if (result.isNull())
        return {};
    if (target.type == AttributeType::Json && !target.multiValued)
        return QString::fromUtf8(expr::printJson(result));
    if (target.multiValued) {
        QStringList list;
        const expr::Values items = result.isSequence() ? result.items() : expr::Values{result};
        for (const expr::Value &item : items) {
            if (item.isNull() || isBlankText(target, item))
                continue;
            list.append(target.type == AttributeType::Json ? QString::fromUtf8(expr::printJson(item)) : expr::textOf(item));
        }
        return list.isEmpty() ? Value() : Value(list);
    }
    if (result.isSequence()) {
        const expr::Values &items = result.items();
        const auto first = std::find_if(items.begin(), items.end(), [&](const expr::Value &item) {
            return !item.isNull() && !isBlankText(target, item);
        });
        return first == items.end() ? Value() : valueFor(target, *first, problems);
    }
    if (target.type == AttributeType::Boolean) {
        const std::optional<bool> flag = expr::toBoolean(result);
        if (flag)
            return *flag;
        problems.append(invalid(target, QStringLiteral("the expression gives \"%1\", which is neither true nor false")
                                            .arg(pointedOut(shortened(expr::textOf(result))))));
        return {};
    }
    if (result.kind() == expr::Kind::Map) {
        problems.append(invalid(target, QStringLiteral("the expression gives a map, but the attribute takes a text")));
        return {};
    }
    const QString text = expr::textOf(result);
    return isBlank(QStringView(text)) ? Value() : Value(text);
}

expr::Value expressionValue(QByteArrayView name, const QList<QByteArray> &values)
{
    expr::Values list;
    list.reserve(size_t(values.size()));
    for (const QByteArray &value : values) {
        if (!isBlank(QByteArrayView(value)))
            list.push_back(valueOf(name, value));
    }
    return asValue(std::move(list));
}

std::optional<Problem> checkMapped(const AttributeCatalog &catalog, int target, const Value &value, const QString &source)
{
    std::optional<Problem> problem = catalog.check(target, value);
    if (problem && problem->code == ProblemCode::RequiredValue) {
        const QString &name = catalog.at(target).displayName;
        problem->message = QStringLiteral("%1 missing: %2 has no value. Give it one, or map %1 from another attribute.")
                               .arg(name, source);
    }
    return problem;
}

tl::expected<Mapping, QList<Error>> Mapping::compile(const QList<AttributeMapping> &rows,
                                                     std::shared_ptr<const AttributeCatalog> catalog)
{
    Mapping mapping;
    mapping.m_catalog = std::move(catalog);
    QList<Error> faults;
    QByteArray identity;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const AttributeMapping &row = rows.at(i);
        const QString path = QStringLiteral("attributeMappings[%1]").arg(i);
        const int target = mapping.m_catalog->find(row.target);
        if (target < 0) {
            faults.append({Code::NotFound, QStringLiteral("There is no user attribute \"%1\"").arg(row.target), {},
                           path + QStringLiteral(".target")});
            continue;
        }
        if (row.source.isEmpty() == row.expression.isEmpty()) {
            faults.append({Code::InvalidInput, QStringLiteral("A mapping has either a source attribute or an expression"),
                           {}, path + QStringLiteral(".source")});
            continue;
        }
        Row compiled;
        compiled.target = target;
        compiled.sourceName = row.source;
        if (row.expression.isEmpty()) {
            compiled.slot = mapping.slotOf(row.source);
        } else {
            auto expression = expr::Expression::parse(row.expression);
            const QList<expr::Fault> wrong = expression ? mappingFaults(*expression) : expression.error();
            if (!wrong.isEmpty()) {
                for (const Error &error : expressionErrors(row.expression, wrong))
                    faults.append(error.in(path + QStringLiteral(".expression")));
                continue;
            }
            for (const QString &name : expression->rootNames())
                compiled.rootSlots.push_back(mapping.slotOf(name));
            compiled.sourceName = row.expression;
            mapping.m_asksClock = mapping.m_asksClock || expression->asksClock();
            compiled.expression = *std::move(expression);
        }
        mapping.m_rows.push_back(std::move(compiled));
        mapping.m_targets.push_back({target, row.when});
        // Slots are part of an entry's fingerprint by number, so the sources' order matters here too.
        identity += row.target.toUtf8() + '\0' + row.source.toLower().toUtf8() + '\0' + row.expression.toUtf8() + '\0'
                    + char('0' + int(row.when)) + char(mapping.m_catalog->at(target).multiValued ? 'm' : 's');
    }
    if (!faults.isEmpty())
        return tl::unexpected(faults);
    mapping.m_fingerprint = XXH3_64bits(identity.constData(), size_t(identity.size()));
    return mapping;
}

int Mapping::slotOf(const QString &attribute)
{
    if (attribute.compare(kActive, Qt::CaseInsensitive) == 0)
        return kComputedActive;
    const QByteArray name = attribute.toUtf8();
    for (qsizetype slot = 0; slot < m_sources.size(); ++slot) {
        if (m_sources.at(slot).compare(name, Qt::CaseInsensitive) == 0)
            return int(slot);
    }
    m_sources.append(name);
    return int(m_sources.size()) - 1;
}

QByteArray Mapping::usernameSource() const
{
    for (const Row &row : m_rows) {
        if (row.target == m_catalog->username() && !row.expression && row.slot >= 0)
            return m_sources.at(row.slot);
    }
    return {};
}

Value Mapping::listOf(const EntryView &entry, const Row &row, QList<Problem> &problems) const
{
    QStringList list;
    const int count = entry.count(row.slot);
    for (int i = 0; i < count; ++i) {
        const QByteArrayView octets = entry.value(row.slot, i);
        if (isBlank(octets))
            continue;
        const std::optional<QString> text = textOf(octets, m_catalog->at(row.target), row.sourceName, problems);
        if (!text)
            return {};
        list.append(*text);
    }
    return list.isEmpty() ? Value() : Value(list);
}

Value Mapping::convert(const EntryView &entry, const Row &row, bool active, qint64 now, QList<Problem> &problems) const
{
    const AttributeDefinition &target = m_catalog->at(row.target);
    if (row.expression)
        return evaluateExpression(entry, row, active, now, problems);
    if (row.slot == kComputedActive) {
        if (target.type == AttributeType::Boolean)
            return active;
        return active ? QStringLiteral("true") : QStringLiteral("false");
    }
    if (target.multiValued)
        return listOf(entry, row, problems);
    QByteArrayView first = entry.value(row.slot);
    for (int i = 1; isBlank(first); ++i) { // the next one counts
        first = entry.value(row.slot, i);
        if (first.isNull())
            return {};
    }
    if (target.type == AttributeType::Boolean) {
        const std::optional<bool> flag = booleanOf(first);
        if (!flag) {
            problems.append(invalid(target, QStringLiteral("%1 is neither TRUE nor FALSE: \"%2\"")
                                                .arg(row.sourceName, inWords(first))));
            return {};
        }
        return *flag;
    }
    std::optional<QString> text = textOf(first, target, row.sourceName, problems);
    if (!text)
        return {};
    return *std::move(text);
}

Value Mapping::evaluateExpression(const EntryView &entry, const Row &row, bool active, qint64 now,
                                  QList<Problem> &problems) const
{
    const AttributeDefinition &target = m_catalog->at(row.target);
    const auto result = row.expression->evaluate(EntryContext(entry, row.rootSlots, active, now));
    if (!result) {
        problems.append({target.name, ProblemCode::ExpressionFault,
                         QStringLiteral("%1: %2 (at character %3 of the expression)")
                             .arg(target.displayName, result.error().message).arg(result.error().offset + 1)});
        return {};
    }
    return valueFor(target, *result, problems);
}

quint64 Mapping::clockFingerprint(const EntryView &entry, bool active, qint64 now) const
{
    quint64 fingerprint = 0;
    for (const Row &row : m_rows) {
        if (!row.expression || !row.expression->asksClock())
            continue;
        const auto result = row.expression->evaluate(EntryContext(entry, row.rootSlots, active, now));
        const QByteArray value = result ? expr::printJson(*result) : result.error().message.toUtf8();
        fingerprint ^= XXH3_64bits_withSeed(value.constData(), size_t(value.size()), quint64(row.target) + 1);
    }
    return fingerprint;
}

MappedEntry Mapping::evaluate(const EntryView &entry, bool active, qint64 now) const
{
    MappedEntry result;
    for (const Row &row : m_rows) {
        const qsizetype problemsBefore = result.problems.size();
        Value value = convert(entry, row, active, now, result.problems);
        if (result.problems.size() > problemsBefore)
            continue;
        if (std::optional<Problem> problem = checkMapped(*m_catalog, row.target, value, row.sourceName)) {
            result.problems.append(*std::move(problem));
            continue;
        }
        if (!isNull(value))
            result.values.set(row.target, std::move(value));
    }
    return result;
}

} // namespace gatehouse::core
