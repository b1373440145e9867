// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/usertyperows.h"

#include "app/provisioning/mappingtable.h"
#include "core/config/configuration.h"
#include "core/expr/lexer.h"
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
        mappings.append({row.target, userTypeValue(row)});
    }
    return mappings;
}

QString userTypeValue(const core::AttributeMapping &row)
{
    if (!row.expression.isEmpty() || row.source.isEmpty())
        return row.expression;
    return QStringLiteral("${ldapAttributes.%1}").arg(row.source);
}

void setUserTypeSource(core::AttributeMapping &row, const QString &typed)
{
    setSource(row, typed);
    if (row.expression.isEmpty())
        return;
    const auto value = core::LdapValue::parse(row.expression);
    if (value && value->form() == core::LdapValue::Form::Attribute && !value->sources().isEmpty()) {
        row.source = QString::fromUtf8(value->sources().first());
        row.expression.clear();
    }
}

QList<CompletionItem> ldapAttributeItems(QList<CompletionItem> attributes)
{
    for (CompletionItem &item : attributes) {
        item.insertion = core::expr::isPlainName(item.name)
                             ? QStringLiteral("ldapAttributes.%1").arg(item.name)
                             : QStringLiteral("ldapAttributes[%1]").arg(core::expr::quoted(item.name));
        item.name.prepend(QStringLiteral("ldapAttributes."));
        for (QString &alias : item.aliases)
            alias.prepend(QStringLiteral("ldapAttributes."));
    }
    return attributes;
}

QString groupAttribute(core::Vendor vendor, const core::Schema *schema)
{
    const QString memberOf = QStringLiteral("memberOf");
    const QString isMemberOf = QStringLiteral("isMemberOf");
    const QString all = QStringLiteral("ibm-allGroups");
    QStringList likely{memberOf, isMemberOf};
    switch (vendor) {
    case core::Vendor::PingDirectory:
    case core::Vendor::OpenDj:
    case core::Vendor::OracleUnifiedDirectory:
    case core::Vendor::OracleDsee:
        likely = {isMemberOf, memberOf};
        break;
    case core::Vendor::IbmTivoli:
        likely = {all, memberOf};
        break;
    case core::Vendor::ActiveDirectory:
    case core::Vendor::CaDirectory:
    case core::Vendor::Ldapv3:
        break;
    }
    for (const QString &name : std::as_const(likely)) {
        if (schema && schema->find(name))
            return name;
    }
    return likely.constFirst();
}

core::AttributeCatalog userTypeCatalog(const core::Configuration &configuration)
{
    core::AttributeDefinition groups = core::externalGroupNames();
    groups.displayName = QCoreApplication::translate("gatehouse::app::UserTypeRows", "External Group Names");
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
