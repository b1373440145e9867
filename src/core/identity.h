// SPDX-License-Identifier: GPL-3.0-or-later
//
// The identity directory's things as values: the catalogue of user attributes with their types and limits, users,
// groups, populations. The catalogue is the one place that enforces types and limits, for every way in: runs,
// forms, files. Pure values, any thread.
#pragma once

#include "core/problem.h"
#include "core/result.h"
#include "core/value.h"

#include <QDateTime>
#include <QHash>
#include <QList>
#include <QUuid>

#include <memory>
#include <utility>
#include <vector>

namespace gatehouse::core {

enum class AttributeType { String, Boolean, Json };
enum class SchemaType { Core, Standard, Custom };

/// What a text must look like beyond its length (reference: PingOne user schema).
enum class TextRule {
    Printable,    ///< any printable text, no control characters
    MultiLine,    ///< printable text and line breaks
    Email,        ///< RFC 5322 addr-spec
    Phone,        ///< at least one digit
    CountryCode,  ///< two upper-case letters
    LanguageTag,  ///< BCP 47
    LanguageRange,///< Accept-Language (RFC 9110 12.5.4)
    Timezone,     ///< an IANA zone, Area/Place
    HttpUrl,      ///< http or https
};

struct AttributeDefinition {
    QString name;        ///< the API's path, e.g. "name.given"
    QString displayName; ///< as the console writes it, e.g. "Given Name"
    AttributeType type = AttributeType::String;
    SchemaType schemaType = SchemaType::Standard;
    TextRule rule = TextRule::Printable;
    bool required = false;
    bool unique = false;
    bool multiValued = false;
    int maxLength = 256;      ///< in characters (UTF-16 code units); values have at least one
    QString pattern = {};     ///< custom attributes: a regular expression the whole text must match; "" for none
    QString description = {};
    bool operator==(const AttributeDefinition &) const = default;
};

/// All user attributes of an environment, the built-in ones first, in a fixed order. An attribute is known by its
/// index here ("attribute number") wherever speed matters; numbers are stable for one catalogue, not across them.
class AttributeCatalog {
public:
    /// Built-in attributes followed by @p custom.
    explicit AttributeCatalog(const QList<AttributeDefinition> &custom = {});

    int size() const { return int(m_definitions.size()); }
    const AttributeDefinition &at(int number) const { return m_definitions[size_t(number)]; }
    /// -1 when there is no such attribute. Names are case-sensitive.
    int find(const QString &name) const { return m_byName.value(name, -1); }
    /// How many are built in; custom attributes have numbers from here on.
    int builtInCount() const { return m_builtInCount; }

    /// Checks @p value against type, length and rule. An absent value is a problem only where it is required.
    std::optional<Problem> check(int number, const Value &value) const;

    // Numbers that the engine itself needs.
    int username() const { return m_username; }
    int email() const { return m_email; }
    int enabled() const { return m_enabled; }

private:
    struct Compiled;
    std::vector<AttributeDefinition> m_definitions;
    std::vector<std::shared_ptr<const Compiled>> m_compiled;
    QHash<QString, int> m_byName;
    int m_builtInCount = 0;
    int m_username = -1;
    int m_email = -1;
    int m_enabled = -1;
};

/// Attribute values by attribute number, sorted by number; absent values are not stored.
class AttributeValues {
public:
    const Value &get(int number) const;
    QString text(int number) const { return displayText(get(number)); }
    /// Sets or, for an absent value, removes.
    void set(int number, Value value);
    auto begin() const { return m_values.begin(); }
    auto end() const { return m_values.end(); }
    bool isEmpty() const { return m_values.empty(); }
    bool operator==(const AttributeValues &) const = default;

private:
    std::vector<std::pair<int, Value>> m_values;
};

/// The form under which usernames are compared and kept unique: normalised (NFKC) and case-folded.
QString usernameKey(const QString &username);

struct Population {
    qint64 row = 0; ///< 0: not stored yet
    QUuid id;
    QString name;
    QString description;
    bool isDefault = false;
    bool operator==(const Population &) const = default;
};

struct User {
    qint64 row = 0; ///< the environment's own number, 0: not stored yet
    QUuid id;
    qint64 population = 0; ///< row of its population
    AttributeValues values; ///< includes username and enabled
    QString authorityGateway = {};  ///< name of the gateway that checks the password; empty: this directory
    QString authorityUserType = {}; ///< its user type
    qint64 revision = 0;    ///< counts changes of this record
    QDateTime createdAt = {};
    QDateTime updatedAt = {};
    QDateTime lastSignOnAt = {};
};

/// The user as the PingOne API writes it: id, username, name.given nested, population.id, …
QJsonObject toJson(const User &user, const AttributeCatalog &catalog, const Population &population);

enum class GroupSource { Internal, Gateway, IdentityProvider };

struct Group {
    qint64 row = 0;
    QUuid id;
    QString name;
    QString displayName;
    QString description;
    qint64 population = 0; ///< 0: an environment group
    GroupSource source = GroupSource::Internal;
    QString sourceName = {}; ///< gateway or identity provider it comes from
    bool justInTime = false;
    qint64 memberCount = 0;
    qint64 revision = 0;
};

} // namespace gatehouse::core
