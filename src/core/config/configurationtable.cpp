// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configuration.h"
#include "core/config/limits.h"
#include "core/config/tables.h"

namespace gatehouse::core {

const Table<Population> &populationTable()
{
    static const Table<Population> table(
        "A population: every user belongs to exactly one.", [](Table<Population> &keys) {
            keys.definition = QStringLiteral("population");
            keys.thingName();
            keys.thingDescription();
            keys.flag("default", &Population::isDefault, "New users without a population go here.");
        });
    return table;
}

namespace {

const Table<AttributeDefinition> &validationTable()
{
    static const Table<AttributeDefinition> table(
        "What a value must look like (STRING only).", [](Table<AttributeDefinition> &keys) {
            keys.text("pattern", &AttributeDefinition::pattern,
                      "A regular expression that the whole value matches (Perl-compatible).")
                .require()
                .says(QStringLiteral("minLength"), 1)
                .says(QStringLiteral("format"), QStringLiteral("regex"));
        });
    return table;
}

} // namespace

const Table<AttributeDefinition> &attributeTable()
{
    using A = AttributeDefinition;
    static const Table<A> table("A custom user attribute.", [](Table<A> &keys) {
        keys.definition = QStringLiteral("attribute");
        keys.identity = QStringLiteral("name");
        keys.text("name", &A::name,
                  "The name in the API: a letter, then letters, digits and hyphens. Not that of a built-in attribute, "
                  "in any "
                  "letter case.")
            .require()
            .says(QStringLiteral("minLength"), 1)
            .says(QStringLiteral("maxLength"), kLongestName)
            .says(QStringLiteral("pattern"), QStringLiteral("^[A-Za-z][A-Za-z0-9-]*$"));
        keys.text("displayName", &A::displayName, "The name that people see; the name itself where it is left out.")
            .says(QStringLiteral("maxLength"), kLongestName)
            .check = [](const void *attribute, const Place &place, Faults &faults) {
            if (const QString &name = static_cast<const A *>(attribute)->displayName; !name.isEmpty())
                checkName(name, place, faults);
        };
        keys.thingDescription();
        keys.choice("type", &A::type, attributeTypeWords(), "The type of its values.");
        keys.flag("required", &A::required, "Every user has a value.");
        keys.flag("unique", &A::unique, "No two users have the same value (STRING only).");
        keys.flag("multiValued", &A::multiValued, "Up to 1000 values (not BOOLEAN).");
        keys.number("maxLength", &A::maxLength, "The most characters (UTF-16 code units) of a value (STRING only).", 1,
                    kLongestAttributeValue);
        keys.group("regexValidation", validationTable(),
                   [](const A &attribute) { return !attribute.pattern.isEmpty(); });
        keys.elsewhere = {{QStringLiteral("pattern"), QStringLiteral("write {\"regexValidation\": {\"pattern\": …}}")}};
        keys.whenRead([](A &attribute) {
            attribute.schemaType = SchemaType::Custom;
            if (attribute.displayName.isEmpty())
                attribute.displayName = attribute.name;
        });
    });
    return table;
}

const Table<Configuration> &configurationTable()
{
    using C = Configuration;
    static const Table<C> table(
        "The configuration of one environment, as config export writes it and config apply reads it. A section that "
        "stands "
        "in the file replaces the whole section of the environment, a section that does not is left alone. Things "
        "refer to "
        "each other by name; names that differ only in letter case are the same name.",
        [](Table<C> &keys) {
            const auto described = [](const char *type, const char *about) {
                return QJsonObject{{QStringLiteral("type"), QString::fromUtf8(type)},
                                   {QStringLiteral("description"), QString::fromUtf8(about)}};
            };
            keys.unused("$schema",
                        described("string", "Where this schema lies, for editors that complete and check by it."));
            keys.list("populations", &C::populations, populationTable(),
                      "The populations; exactly one is the default.");
            keys.list("attributes", &C::attributes, attributeTable(),
                      "Custom user attributes, beside those that are built in.")
                .says(QStringLiteral("maxItems"), kMostCustomAttributes);
            keys.list("gateways", &C::gateways, gatewayTable(), "Links to LDAP directories.");
            keys.list("connections", &C::connections, connectionTable(), "What may be provisioned through a gateway.");
            keys.list("rules", &C::rules, ruleTable(), "Who is provisioned through a connection, and how.");
            keys.unused("identityProviders",
                        described("array", "External identity providers; not available in this version."),
                        [](const QJsonValue &json, const Place &place, Faults &faults) {
                            if (!(json.isArray() && json.toArray().isEmpty()))
                                faults.add(place, QStringLiteral("not available in this version"),
                                           QStringLiteral("external identity providers cannot be configured; leave the "
                                                          "section out"),
                                           Code::Unsupported);
                        })
                .says(QStringLiteral("maxItems"), 0);
        });
    return table;
}

} // namespace gatehouse::core
