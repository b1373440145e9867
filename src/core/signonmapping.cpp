// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signonmapping.h"

#include "core/config/attributemapping.h"
#include "core/config/usertype.h"
#include "core/dn.h"
#include "core/expr/convert.h"
#include "core/textrules.h"

namespace gatehouse::core {

namespace {

Problem faultOf(const QString &attribute, const QString &displayName, const expr::Fault &fault)
{
    return {attribute, ProblemCode::ExpressionFault,
            QStringLiteral("%1: %2 (at character %3 of the expression)").arg(displayName, fault.message).arg(fault.offset + 1)};
}

} // namespace

AttributeDefinition externalGroupNames()
{
    AttributeDefinition groups;
    groups.name = kExternalGroupNames;
    groups.displayName = QStringLiteral("External Group Names");
    groups.multiValued = true;
    groups.maxLength = 1024;
    return groups;
}

tl::expected<SignOnMapping, QList<Error>> SignOnMapping::compile(const QList<UserTypeMapping> &rows,
                                                                 std::shared_ptr<const AttributeCatalog> catalog)
{
    SignOnMapping mapping;
    mapping.m_catalog = std::move(catalog);
    QList<Error> faults;
    QList<AttributeMapping> plain;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const UserTypeMapping &row = rows.at(i);
        const QString path = QStringLiteral("attributeMappings[%1]").arg(i);
        const bool isGroups = row.name == kExternalGroupNames;
        const int target = isGroups ? -1 : mapping.m_catalog->find(row.name);
        if (!isGroups && target < 0) {
            faults.append({Code::NotFound, QStringLiteral("There is no user attribute \"%1\"").arg(row.name), {},
                           path + QStringLiteral(".name")});
            continue;
        }
        auto value = LdapValue::parse(row.value);
        if (!value) {
            for (const Error &error : value.error())
                faults.append(error.in(path + QStringLiteral(".value")));
            continue;
        }
        for (const QByteArray &source : value->sources()) {
            const bool known = std::any_of(mapping.m_sources.begin(), mapping.m_sources.end(), [&](const QByteArray &other) {
                return other.compare(source, Qt::CaseInsensitive) == 0;
            });
            if (!known)
                mapping.m_sources.append(source);
        }
        if (isGroups) {
            mapping.m_groups = *std::move(value);
            continue;
        }
        mapping.m_targets.push_back(target);
        if (value->form() == LdapValue::Form::Attribute)
            plain.append({row.name, QString::fromUtf8(value->sources().value(0, "active")), {}, MappingWhen::Always});
        else
            mapping.m_rows.push_back({target, *std::move(value)});
    }
    if (!faults.isEmpty())
        return tl::unexpected(faults);
    auto compiled = Mapping::compile(plain, mapping.m_catalog);
    if (!compiled)
        return tl::unexpected(compiled.error());
    mapping.m_plain = *std::move(compiled);
    return mapping;
}

QByteArray SignOnMapping::groupSource() const
{
    return m_groups && m_groups->sources().size() == 1 ? m_groups->sources().constFirst() : QByteArray();
}

QStringList SignOnMapping::groupNames(const Entry &entry, bool active, QList<Problem> &problems) const
{
    if (!m_groups)
        return {};
    const QString displayName = QStringLiteral("External Group Names");
    if (m_groups->form() == LdapValue::Form::Attribute) {
        for (const QByteArray &value : entry.values(m_groups->sources().value(0))) {
            if (!value.isValidUtf8()) {
                problems.append({kExternalGroupNames, ProblemCode::InvalidValue,
                                 QStringLiteral("%1: %2 holds octets that are not UTF-8 text")
                                     .arg(displayName, QString::fromUtf8(m_groups->sources().constFirst()))});
                return {};
            }
        }
    }
    const auto result = m_groups->evaluate(entry, active);
    if (!result) {
        problems.append(faultOf(kExternalGroupNames, displayName, result.error()));
        return {};
    }
    QStringList names;
    QSet<QByteArray> seen;
    const expr::Values items = result->isSequence() ? result->items() : expr::Values{*result};
    for (const expr::Value &item : items) {
        const QString name = item.isNull() ? QString() : expr::textOf(item);
        const QByteArray key = dnKey(name.toUtf8()); // a DN in another spelling is the same group
        if (isBlank(QStringView(name)) || seen.contains(key))
            continue;
        seen.insert(key);
        names.append(name);
    }
    return names;
}

MappedSignOn SignOnMapping::evaluate(const Entry &entry, bool active) const
{
    EntryBatch batch(std::make_shared<const SlotNames>(m_plain->sources()));
    batch.append(entry);
    MappedEntry plain = m_plain->evaluate(batch.at(0), active);
    MappedSignOn mapped{std::move(plain.values), {}, std::move(plain.problems)};
    for (const Row &row : m_rows) {
        const AttributeDefinition &target = m_catalog->at(row.target);
        const auto result = row.value.evaluate(entry, active);
        if (!result) {
            mapped.problems.append(faultOf(target.name, target.displayName, result.error()));
            continue;
        }
        const qsizetype before = mapped.problems.size();
        Value value = valueFor(target, *result, mapped.problems);
        if (mapped.problems.size() > before)
            continue;
        if (std::optional<Problem> problem = checkMapped(*m_catalog, row.target, value, row.value.text())) {
            mapped.problems.append(*std::move(problem));
            continue;
        }
        if (!isNull(value))
            mapped.values.set(row.target, std::move(value));
    }
    mapped.groupNames = groupNames(entry, active, mapped.problems);
    return mapped;
}

} // namespace gatehouse::core
