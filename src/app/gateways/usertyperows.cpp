// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/usertyperows.h"

#include "app/provisioning/mappingtable.h"
#include "core/signonmapping.h"

#include <QCoreApplication>

namespace gatehouse::app {

QList<core::AttributeMapping> mappingRows(const QList<core::UserTypeMapping> &mappings)
{
    QList<core::AttributeMapping> rows;
    for (const core::UserTypeMapping &mapping : mappings) {
        core::AttributeMapping row;
        row.target = mapping.name;
        const auto value = core::LdapValue::parse(mapping.value);
        if (value && value->form() == core::LdapValue::Form::Attribute && !value->sources().isEmpty())
            row.source = QString::fromUtf8(value->sources().first());
        else
            row.expression = mapping.value;
        rows.append(row);
    }
    return rows;
}

QList<core::UserTypeMapping> userTypeMappings(const QList<core::AttributeMapping> &rows)
{
    QList<core::UserTypeMapping> mappings;
    for (const core::AttributeMapping &row : rows) {
        QString value = row.expression;
        if (value.isEmpty() && !row.source.isEmpty())
            value = QStringLiteral("${ldapAttributes.%1}").arg(row.source);
        mappings.append({row.target, value});
    }
    return mappings;
}

core::AttributeCatalog userTypeCatalog(const core::Configuration &configuration)
{
    core::AttributeDefinition groups;
    groups.name = core::kExternalGroupNames;
    groups.displayName = QCoreApplication::translate("gatehouse::app::UserTypeRows", "External Group Names");
    groups.multiValued = true;
    groups.maxLength = 1024;
    return core::AttributeCatalog(QList<core::AttributeDefinition>{groups} + configuration.attributes);
}

QStringList userTypeSources(core::Vendor vendor)
{
    QStringList sources = usualSourceAttributes(vendor);
    sources.removeAll(QStringLiteral("active")); // computed for rules; a sign-on has what the entry has
    sources << QStringLiteral("dn") << QStringLiteral("memberOf");
    if (vendor == core::Vendor::ActiveDirectory)
        sources << QStringLiteral("objectGUID") << QStringLiteral("objectSid");
    else
        sources << QStringLiteral("entryUUID") << QStringLiteral("isMemberOf");
    sources.sort(Qt::CaseInsensitive);
    sources.removeDuplicates();
    return sources;
}

} // namespace gatehouse::app
