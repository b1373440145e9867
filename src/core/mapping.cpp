// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping.h"

#include <QJsonDocument>

#define XXH_INLINE_ALL
#include <xxhash.h>

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

Problem invalid(const AttributeDefinition &target, const QString &message)
{
    return {target.name, ProblemCode::InvalidValue, target.displayName + QStringLiteral(": ") + message};
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

} // namespace

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
        if (row.source.isEmpty()) {
            faults.append({Code::InvalidInput, QStringLiteral("The mapping has no source attribute"), {},
                           path + QStringLiteral(".source")});
            continue;
        }
        int slot = -1;
        if (row.source.compare(kActive, Qt::CaseInsensitive) != 0) {
            const QByteArray name = row.source.toUtf8();
            for (qsizetype s = 0; s < mapping.m_sources.size() && slot < 0; ++s) {
                if (mapping.m_sources.at(s).compare(name, Qt::CaseInsensitive) == 0)
                    slot = int(s);
            }
            if (slot < 0) {
                slot = int(mapping.m_sources.size());
                mapping.m_sources.append(name);
            }
        }
        mapping.m_rows.push_back({target, slot, row.source});
        mapping.m_targets.push_back({target, row.when});
        // Slots are part of an entry's fingerprint by number, so the sources' order matters here too.
        identity += row.target.toUtf8() + '\0' + row.source.toLower().toUtf8() + '\0' + char('0' + int(row.when))
                    + char(mapping.m_catalog->at(target).multiValued ? 'm' : 's');
    }
    if (!faults.isEmpty())
        return tl::unexpected(faults);
    mapping.m_fingerprint = XXH3_64bits(identity.constData(), size_t(identity.size()));
    return mapping;
}

QByteArray Mapping::usernameSource() const
{
    for (const Row &row : m_rows) {
        if (row.target == m_catalog->username() && row.slot >= 0)
            return m_sources.at(row.slot);
    }
    return {};
}

Value Mapping::convert(const EntryView &entry, const Row &row, bool active, QList<Problem> &problems) const
{
    const AttributeDefinition &target = m_catalog->at(row.target);
    if (row.slot < 0) {
        if (target.type == AttributeType::Boolean)
            return active;
        return active ? QStringLiteral("true") : QStringLiteral("false");
    }
    QByteArrayView first = entry.value(row.slot);
    if (first.isEmpty())
        return {};
    if (target.type == AttributeType::Boolean) {
        const std::optional<bool> flag = booleanOf(first);
        if (!flag) {
            problems.append(invalid(target, QStringLiteral("%1 is neither TRUE nor FALSE").arg(row.sourceName)));
            return {};
        }
        return *flag;
    }
    const auto textOf = [&](QByteArrayView octets) -> std::optional<QString> {
        std::optional<QString> text = decode(octets);
        if (!text)
            problems.append(invalid(target, QStringLiteral("%1 holds octets that are not UTF-8 text")
                                                .arg(row.sourceName)));
        return text;
    };
    if (target.multiValued) {
        QStringList list;
        const int count = entry.count(row.slot);
        for (int i = 0; i < count; ++i) {
            const std::optional<QString> text = textOf(entry.value(row.slot, i));
            if (!text)
                return {};
            list.append(*text);
        }
        return list;
    }
    std::optional<QString> text = textOf(first);
    if (!text)
        return {};
    return *std::move(text);
}

MappedEntry Mapping::evaluate(const EntryView &entry, bool active) const
{
    MappedEntry result;
    for (const Row &row : m_rows) {
        const qsizetype problemsBefore = result.problems.size();
        Value value = convert(entry, row, active, result.problems);
        if (result.problems.size() > problemsBefore)
            continue;
        if (std::optional<Problem> problem = m_catalog->check(row.target, value)) {
            if (problem->code == ProblemCode::RequiredValue) {
                const QString &name = m_catalog->at(row.target).displayName;
                problem->message = QStringLiteral("%1 missing: %2 has no value. Give it one, or map %1 from another "
                                                  "attribute.").arg(name, row.sourceName);
            }
            result.problems.append(*std::move(problem));
            continue;
        }
        if (!isNull(value))
            result.values.set(row.target, std::move(value));
    }
    return result;
}

} // namespace gatehouse::core
