// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/json.h"
#include "core/config/limits.h"
#include "core/config/tables.h"

namespace gatehouse::core {

namespace {

/// Texts that several keys hold.
QJsonObject sharedTexts()
{
    const auto text = [](const char *about, QJsonObject more) {
        more.insert(QStringLiteral("type"), QStringLiteral("string"));
        more.insert(QStringLiteral("description"), QString::fromUtf8(about));
        return more;
    };
    return {{QStringLiteral("name"), text("The name by which other things refer to this one.",
                                          {{QStringLiteral("minLength"), 1},
                                           {QStringLiteral("maxLength"), kLongestName},
                                           {QStringLiteral("pattern"), QStringLiteral("^\\S(.*\\S)?$")}})},
            {QStringLiteral("description"),
             text("What it is for, for people.", {{QStringLiteral("maxLength"), kLongestDescription}})},
            {QStringLiteral("dn"), text("A distinguished name (RFC 4514), e.g. OU=Staff,DC=example,DC=com.",
                                        {{QStringLiteral("minLength"), 1}})},
            {QStringLiteral("ldapAttribute"),
             text("The name of an LDAP attribute, or its OID.",
                  {{QStringLiteral("pattern"),
                    QStringLiteral("^([A-Za-z][A-Za-z0-9_-]*|[0-9]+(\\.[0-9]+)+)(;[A-Za-z0-9-]+)*$")}})}};
}

class SchemaWriter {
public:
    QJsonObject definitions = sharedTexts();

    QJsonObject thing(const Keys &keys)
    {
        QJsonObject properties;
        QJsonArray required;
        for (const Key &row : keys.rows) {
            properties.insert(row.name, value(row, keys));
            if (row.required || row.needed)
                required.append(row.name);
        }
        QJsonObject schema = keys.conditions;
        schema.insert(QStringLiteral("type"), QStringLiteral("object"));
        schema.insert(QStringLiteral("description"), keys.description);
        schema.insert(QStringLiteral("additionalProperties"), false);
        schema.insert(QStringLiteral("properties"), properties);
        if (!required.isEmpty())
            schema.insert(QStringLiteral("required"), required);
        return schema;
    }

private:
    QJsonObject value(const Key &row, const Keys &keys)
    {
        QJsonObject schema = row.schema;
        if (row.isList) {
            schema.insert(QStringLiteral("items"), inner(*row.inner));
        } else if (row.inner) {
            const QJsonObject object = inner(*row.inner);
            for (auto at = object.constBegin(); at != object.constEnd(); ++at) {
                if (!schema.contains(at.key()))
                    schema.insert(at.key(), *at);
            }
        } else if (!row.required && !row.requiredWhen && !schema.contains(QStringLiteral("const"))) {
            const QJsonValue usual = row.write(row, keys.usual.get());
            if (usual.isBool() || usual.isDouble() || usual.isString())
                schema.insert(QStringLiteral("default"), usual);
        }
        return schema;
    }

    /// Written out, or a reference to its definition.
    QJsonObject inner(const Keys &keys)
    {
        if (keys.definition.isEmpty())
            return thing(keys);
        if (!definitions.contains(keys.definition))
            definitions.insert(keys.definition, thing(keys));
        return {{QStringLiteral("$ref"), QString(QStringLiteral("#/$defs/") + keys.definition)}};
    }
};

} // namespace

QJsonObject configurationSchema()
{
    SchemaWriter writer;
    QJsonObject schema = writer.thing(configurationTable());
    schema.insert(QStringLiteral("$schema"), QStringLiteral("https://json-schema.org/draft/2020-12/schema"));
    schema.insert(QStringLiteral("$id"), QStringLiteral("urn:gatehouse:configuration"));
    schema.insert(QStringLiteral("title"), QStringLiteral("Gatehouse configuration"));
    schema.insert(QStringLiteral("$defs"), writer.definitions);
    return schema;
}

} // namespace gatehouse::core
