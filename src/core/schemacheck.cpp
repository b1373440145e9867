// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schemacheck.h"

#include "core/config/configuration.h"
#include "core/expr/expression.h"
#include "core/filter.h"
#include "core/ldapvalue.h"
#include "core/nearest.h"

namespace gatehouse::core {

namespace {

/// Computed here, whatever the directory knows.
bool isComputed(const QString &name)
{
    return name.compare(QLatin1String("active"), Qt::CaseInsensitive) == 0
           || name.compare(QLatin1String("dn"), Qt::CaseInsensitive) == 0;
}

/// The attributes of a filter as they are written, each once.
void collect(const Filter &filter, QStringList &names)
{
    const QString name = QString::fromUtf8(filter.attribute());
    if (!name.isEmpty() && !names.contains(name, Qt::CaseInsensitive))
        names.append(name);
    for (const Filter &child : filter.children())
        collect(child, names);
}

QStringList namesIn(const QString &text)
{
    QStringList names;
    // What is no filter is validate()'s to say.
    if (const auto filter = text.isEmpty() ? Result<Filter>(Filter()) : Filter::parse(text))
        collect(*filter, names);
    return names;
}

class Check {
public:
    Check(const Schema &schema, QList<Error> &found) : m_schema(schema), m_found(found) {}

    void name(const QString &name, const QString &path)
    {
        if (auto unknown = unknownAttribute(m_schema, name))
            m_found.append(unknown->in(path));
    }
    void names(const QStringList &names, const QString &path)
    {
        for (const QString &one : names)
            name(one, path);
    }
private:
    const Schema &m_schema;
    QList<Error> &m_found;
};

} // namespace

std::optional<Error> unknownAttribute(const Schema &schema, const QString &name)
{
    const QString bare = name.section(u';', 0, 0);
    if (bare.isEmpty() || isComputed(bare) || schema.find(bare))
        return std::nullopt;
    QStringList known;
    for (const SchemaAttribute &attribute : schema.attributes())
        known += attribute.names;
    return Error{Code::NotFound, QStringLiteral("the directory's schema does not know the attribute \"%1\"").arg(bare),
                 QStringLiteral("it has no value for anybody%1").arg(didYouMean(bare, known)), {}};
}

QList<Error> schemaWarnings(const Rule &rule, const Schema &schema, const QString &path)
{
    QList<Error> found;
    Check check(schema, found);
    check.names(namesIn(rule.scope.userFilter), path + QStringLiteral(".userFilter"));
    for (qsizetype i = 0; i < rule.mappings.users.size(); ++i) {
        const AttributeMapping &row = rule.mappings.users.at(i);
        const QString place = QStringLiteral("%1.attributeMappings[%2]").arg(path).arg(i);
        if (!row.source.isEmpty())
            check.name(row.source, place + QStringLiteral(".source"));
        if (row.expression.isEmpty())
            continue;
        if (const auto expression = expr::Expression::parse(row.expression))
            check.names(expression->rootNames(), place + QStringLiteral(".expression"));
    }
    return found;
}

QList<Error> schemaWarnings(const UserType &userType, const Schema &schema, const QString &path)
{
    QList<Error> found;
    Check check(schema, found);
    for (qsizetype i = 0; i < userType.orderedCorrelationAttributes.size(); ++i)
        check.name(userType.orderedCorrelationAttributes.at(i), QStringLiteral("%1.orderedCorrelationAttributes[%2]").arg(path).arg(i));
    if (!userType.newUserLookup)
        return found;
    const QString lookup = path + QStringLiteral(".newUserLookup");
    check.names(namesIn(userType.newUserLookup->ldapFilterPattern), lookup + QStringLiteral(".ldapFilterPattern"));
    for (qsizetype i = 0; i < userType.newUserLookup->attributeMappings.size(); ++i) {
        const auto value = LdapValue::parse(userType.newUserLookup->attributeMappings.at(i).value);
        if (!value)
            continue;
        for (const QByteArray &source : value->sources())
            check.name(QString::fromUtf8(source), QStringLiteral("%1.attributeMappings[%2].value").arg(lookup).arg(i));
    }
    return found;
}

QStringList unknownInFilter(const Rule &rule, const Schema &schema)
{
    QStringList unknown;
    for (const QString &name : namesIn(rule.scope.userFilter)) {
        if (unknownAttribute(schema, name))
            unknown.append(name);
    }
    return unknown;
}

QList<Error> schemaWarnings(const Configuration &configuration, const SchemaOf &schemaOf)
{
    QList<Error> found;
    for (qsizetype i = 0; i < configuration.gateways.size(); ++i) {
        const Gateway &gateway = configuration.gateways.at(i);
        const QString path = QStringLiteral("gateways[%1]").arg(i);
        QList<qsizetype> rules;
        for (qsizetype rule = 0; rule < configuration.rules.size(); ++rule) {
            const Connection *connection = configuration.connection(configuration.rules.at(rule).connection);
            if (connection && connection->gateway == gateway.name)
                rules.append(rule);
        }
        if (gateway.userTypes.isEmpty() && rules.isEmpty())
            continue;
        const auto schema = schemaOf(gateway);
        if (!schema) {
            found.append({Code::NotFound, QStringLiteral("names of attributes were not checked"),
                          QStringLiteral("the schema of \"%1\" has not been read yet: test the gateway, and apply again")
                              .arg(gateway.name), path});
            continue;
        }
        for (qsizetype type = 0; type < gateway.userTypes.size(); ++type)
            found += schemaWarnings(gateway.userTypes.at(type), *schema, QStringLiteral("%1.userTypes[%2]").arg(path).arg(type));
        for (const qsizetype rule : std::as_const(rules))
            found += schemaWarnings(configuration.rules.at(rule), *schema, QStringLiteral("rules[%1]").arg(rule));
    }
    return found;
}

Entry withAliases(Entry entry, const SlotNames &names, const Schema &schema)
{
    for (const QByteArray &name : names) {
        if (!entry.values(name).isEmpty())
            continue;
        const QByteArray canonical = schema.canonical(name);
        for (qsizetype i = 0; i < entry.attributes.size(); ++i) {
            if (schema.canonical(entry.attributes.at(i).name).compare(canonical, Qt::CaseInsensitive) != 0)
                continue;
            entry.attributes.append({name, entry.attributes.at(i).values});
            break;
        }
    }
    return entry;
}

} // namespace gatehouse::core
