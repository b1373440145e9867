// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filtermatch.h"

#include "core/dn.h"

#include <algorithm>

namespace gatehouse::core {

namespace {

// MS-ADTS 3.1.1.3.4.4: bitwise and, bitwise or.
constexpr char kBitAnd[] = "1.2.840.113556.1.4.803";
constexpr char kBitOr[] = "1.2.840.113556.1.4.804";

Truth truthOf(bool value)
{
    return value ? Truth::True : Truth::False;
}

/// One of any; Unsure where none is True and one may be.
Truth anyOf(Truth one, Truth other)
{
    if (one == Truth::True || other == Truth::True)
        return Truth::True;
    return one == Truth::Unsure || other == Truth::Unsure ? Truth::Unsure : Truth::False;
}

Truth negated(Truth truth)
{
    return truth == Truth::Unsure ? truth : truthOf(truth == Truth::False);
}

/// Values that differ in this form differ under every matching rule for texts, numbers and telephone numbers.
QString loose(QByteArrayView value)
{
    QString text = QString::fromUtf8(value).normalized(QString::NormalizationForm_KC).toCaseFolded();
    text.removeIf([](QChar character) { return character.isSpace() || character == u'-'; });
    return text;
}

Truth looselyEqual(const QByteArray &asserted, const QByteArray &value)
{
    if (asserted == value)
        return Truth::True;
    return loose(asserted) == loose(value) ? Truth::Unsure : Truth::False;
}

Truth equal(const QByteArray &asserted, const QByteArray &value, const SchemaAttribute *type)
{
    switch (type ? type->kind() : ValueKind::Text) {
    case ValueKind::Dn:
        return truthOf(dnKey(asserted) == dnKey(value));
    case ValueKind::Binary:
        return truthOf(asserted == value);
    case ValueKind::Time:
        return asserted == value ? Truth::True : Truth::Unsure; // 2024Z is 20240101000000Z
    case ValueKind::Integer: {
        bool good = false, alsoGood = false;
        const qint64 one = asserted.toLongLong(&good), other = value.toLongLong(&alsoGood);
        return good && alsoGood ? truthOf(one == other) : looselyEqual(asserted, value);
    }
    case ValueKind::Boolean:
    case ValueKind::Text:
        break;
    }
    return looselyEqual(asserted, value);
}

Truth ordered(const Filter &filter, const QByteArray &value, const SchemaAttribute *type)
{
    bool good = false, alsoGood = false;
    const qint64 asserted = filter.value().toLongLong(&good), own = value.toLongLong(&alsoGood);
    if (!good || !alsoGood || !type || type->kind() != ValueKind::Integer)
        return Truth::Unsure;
    return truthOf(filter.kind() == Filter::Kind::GreaterOrEqual ? own >= asserted : own <= asserted);
}

Truth substrings(const Filter &filter, const QByteArray &value)
{
    // By the loose form it can only be told that it does not match.
    QList<QByteArray> parts{filter.initial()};
    parts << filter.anyParts() << filter.final();
    const QString own = loose(value);
    qsizetype from = 0;
    for (const QByteArray &part : std::as_const(parts)) {
        const QString text = loose(part);
        const qsizetype at = own.indexOf(text, from);
        if (at < 0)
            return Truth::False;
        from = at + text.size();
    }
    return own.startsWith(loose(filter.initial())) && own.endsWith(loose(filter.final())) ? Truth::Unsure : Truth::False;
}

Truth extensible(const Filter &filter, const QByteArray &value)
{
    bool good = false, alsoGood = false;
    const qint64 bits = filter.value().toLongLong(&good), own = value.toLongLong(&alsoGood);
    if (!good || !alsoGood)
        return Truth::Unsure;
    if (filter.matchingRule() == kBitAnd)
        return truthOf((own & bits) == bits);
    if (filter.matchingRule() == kBitOr)
        return truthOf((own & bits) != 0);
    return Truth::Unsure;
}

/// Servers hold more of these than they show: the classes above a class, the category of a class.
bool isClassName(const QByteArray &attribute)
{
    const QByteArray name = attribute.toLower();
    return name == "objectclass" || name == "objectcategory" || name == "structuralobjectclass" || name == "2.5.4.0";
}

QByteArray baseName(QByteArrayView attribute)
{
    const qsizetype semicolon = attribute.indexOf(';');
    return (semicolon < 0 ? attribute : attribute.first(semicolon)).toByteArray();
}

} // namespace

FilterMatch::FilterMatch(const Filter &filter, const Schema *schema, std::function<bool(const QByteArray &)> canRead)
    : m_filter(filter), m_schema(schema), m_canRead(std::move(canRead))
{
    if (!m_schema)
        return;
    for (const SchemaAttribute &attribute : m_schema->attributes()) {
        if (!attribute.superior.isEmpty())
            m_superiors.insert(QString::fromUtf8(attribute.superior).toLower());
    }
}

SlotNames FilterMatch::wanted() const
{
    SlotNames names;
    for (const QByteArray &asked : m_filter.attributes()) {
        const SchemaAttribute *type = m_schema ? m_schema->find(QString::fromUtf8(asked)) : nullptr;
        names.append(type ? type->name().toUtf8() : asked);
    }
    return names;
}

Truth FilterMatch::judge(const Entry &entry)
{
    m_blind = false;
    return judge(m_filter, entry);
}

Truth FilterMatch::judge(const Filter &filter, const Entry &entry)
{
    switch (filter.kind()) {
    case Filter::Kind::And: {
        Truth all = Truth::True;
        for (const Filter &child : filter.children())
            all = negated(anyOf(negated(all), negated(judge(child, entry))));
        return all;
    }
    case Filter::Kind::Or: {
        Truth any = Truth::False;
        for (const Filter &child : filter.children())
            any = anyOf(any, judge(child, entry));
        return any;
    }
    case Filter::Kind::Not:
        return negated(judge(filter.children().constFirst(), entry));
    default:
        return leaf(filter, entry);
    }
}

bool FilterMatch::isType(QByteArrayView name, const QByteArray &wanted, const SchemaAttribute *type) const
{
    const QByteArray base = baseName(name);
    if (base.compare(wanted, Qt::CaseInsensitive) == 0)
        return true;
    return type && m_schema->find(QString::fromUtf8(base)) == type;
}

Truth FilterMatch::leaf(const Filter &filter, const Entry &entry)
{
    if (filter.attribute().isEmpty())
        return Truth::Unsure; // a matching rule over all attributes
    const QByteArray wanted = baseName(filter.attribute());
    const SchemaAttribute *type = m_schema ? m_schema->find(QString::fromUtf8(wanted)) : nullptr;
    Truth any = Truth::False;
    bool has = false;
    for (const Attribute &attribute : entry.attributes) {
        if (attribute.values.isEmpty() || !isType(attribute.name, wanted, type))
            continue;
        has = true;
        for (const QByteArray &value : attribute.values)
            any = anyOf(any, compare(filter, value, type));
    }
    const bool derived = type && std::any_of(type->names.cbegin(), type->names.cend(), [&](const QString &name) {
        return m_superiors.contains(name.toLower());
    });
    if (any == Truth::True)
        return any;
    if (derived || wanted.size() != filter.attribute().size() || filter.dnAttributes() || isClassName(wanted))
        return Truth::Unsure;
    if (has)
        return any;
    if (m_schema && !type) {
        m_unknown.insert(wanted);
        m_blind = true;
        return Truth::Unsure;
    }
    if (m_canRead(wanted))
        return Truth::False;
    m_unreadable.insert(wanted);
    m_blind = true;
    return Truth::Unsure;
}

Truth FilterMatch::compare(const Filter &filter, const QByteArray &value, const SchemaAttribute *type) const
{
    switch (filter.kind()) {
    case Filter::Kind::Present: return Truth::True;
    case Filter::Kind::Equality: return equal(filter.value(), value, type);
    case Filter::Kind::Substrings: return substrings(filter, value);
    case Filter::Kind::GreaterOrEqual:
    case Filter::Kind::LessOrEqual: return ordered(filter, value, type);
    case Filter::Kind::Extensible: return extensible(filter, value);
    default: return Truth::Unsure;
    }
}

} // namespace gatehouse::core
