// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity.h"

#include "core/casefold.h"
#include "core/textrules.h"
#include "core/visibletext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <algorithm>

namespace gatehouse::core {

namespace {

constexpr int kMaxValues = 1000;            // of a multi-valued attribute
constexpr qsizetype kMaxJsonOctets = 16384; // of a JSON attribute, in UTF-8

AttributeDefinition text(const char *name, const char *displayName, int maxLength = 256,
                         TextRule rule = TextRule::Printable)
{
    AttributeDefinition definition;
    definition.name = QString::fromLatin1(name);
    definition.displayName = QString::fromLatin1(displayName);
    definition.maxLength = maxLength;
    definition.rule = rule;
    return definition;
}

AttributeDefinition flag(const char *name, const char *displayName)
{
    AttributeDefinition definition = text(name, displayName);
    definition.type = AttributeType::Boolean;
    definition.schemaType = SchemaType::Core;
    return definition;
}

QList<AttributeDefinition> makeBuiltIn()
{
    AttributeDefinition username = text("username", "Username", 128);
    username.schemaType = SchemaType::Core;
    username.required = true;
    username.unique = true;
    AttributeDefinition email = text("email", "Email Address", 256, TextRule::Email);
    email.schemaType = SchemaType::Core;
    return {
        username,
        email,
        flag("enabled", "Enabled"),
        text("name.given", "Given Name"),
        text("name.family", "Family Name"),
        text("name.middle", "Middle Name"),
        text("name.formatted", "Formatted Name"),
        text("name.honorificPrefix", "Honorific Prefix"),
        text("name.honorificSuffix", "Honorific Suffix"),
        text("nickname", "Nickname"),
        text("title", "Title"),
        text("type", "Type"),
        text("accountId", "Account ID"),
        text("externalId", "External ID", 1024),
        text("mobilePhone", "Mobile Phone", 32, TextRule::Phone),
        text("primaryPhone", "Primary Phone", 32, TextRule::Phone),
        text("address.streetAddress", "Street Address", 256, TextRule::MultiLine),
        text("address.locality", "City/Locality"),
        text("address.region", "Region"),
        text("address.postalCode", "Postal Code", 40),
        text("address.countryCode", "Country Code", 2, TextRule::CountryCode),
        text("locale", "Locale", 256, TextRule::LanguageTag),
        text("preferredLanguage", "Preferred Language", 256, TextRule::LanguageRange),
        text("timezone", "Timezone", 256, TextRule::Timezone),
        text("photo.href", "Photo", 2048, TextRule::HttpUrl),
        flag("emailVerified", "Email Verified"),
        flag("mfaEnabled", "MFA Enabled"),
    };
}

const QList<AttributeDefinition> &builtIn()
{
    static const QList<AttributeDefinition> definitions = makeBuiltIn();
    return definitions;
}

bool isJsonText(const QByteArray &utf8)
{
    // A document must be an object or an array; within an array any JSON value may stand.
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson('[' + utf8 + ']', &error);
    return error.error == QJsonParseError::NoError && document.array().size() == 1;
}

Problem invalid(const AttributeDefinition &definition, const QString &rest)
{
    return {definition.name, ProblemCode::InvalidValue, definition.displayName + u' ' + rest};
}

/// Which value is at fault: @p number of @p count, and the text, with what is hidden in it written out.
void pointAt(Problem &problem, const QString &text, qsizetype number, qsizetype count)
{
    if (count > 1)
        problem.message += QStringLiteral(" (value %1 of %2)").arg(number).arg(count);
    if (!text.isEmpty())
        problem.message += QStringLiteral(": \"%1\"").arg(pointedOut(shortened(text)));
}

} // namespace

/// What a definition needs prepared once.
struct AttributeCatalog::Compiled {
    QRegularExpression pattern;
};

AttributeCatalog::AttributeCatalog(const QList<AttributeDefinition> &custom)
{
    const QList<AttributeDefinition> &known = builtIn();
    m_definitions.reserve(size_t(known.size() + custom.size()));
    m_definitions.assign(known.begin(), known.end());
    m_builtInCount = int(known.size());
    for (const AttributeDefinition &definition : custom) {
        m_definitions.push_back(definition);
        if (definition.displayName.isEmpty())
            m_definitions.back().displayName = definition.name;
    }
    m_compiled.resize(m_definitions.size());
    m_byName.reserve(qsizetype(m_definitions.size()));
    for (size_t number = 0; number < m_definitions.size(); ++number) {
        const AttributeDefinition &definition = m_definitions[number];
        m_byName.insert(definition.name, int(number));
        if (definition.pattern.isEmpty())
            continue;
        auto prepared = std::make_shared<Compiled>();
        prepared->pattern = QRegularExpression(QRegularExpression::anchoredPattern(definition.pattern),
                                               QRegularExpression::UseUnicodePropertiesOption);
        prepared->pattern.optimize();
        m_compiled[number] = std::move(prepared);
    }
    m_username = find(QStringLiteral("username"));
    m_email = find(QStringLiteral("email"));
    m_enabled = find(QStringLiteral("enabled"));
}

std::optional<Problem> AttributeCatalog::check(int number, const Value &value) const
{
    const AttributeDefinition &definition = m_definitions[size_t(number)];

    if (isNull(value)) {
        if (!definition.required)
            return std::nullopt;
        return Problem{definition.name, ProblemCode::RequiredValue,
                       definition.displayName + QStringLiteral(" is required, but there is no value")};
    }

    if (definition.type == AttributeType::Boolean) {
        if (std::holds_alternative<bool>(value))
            return std::nullopt;
        return invalid(definition, QStringLiteral("must be true or false"));
    }

    const auto checkText = [&](const QString &one) -> std::optional<Problem> {
        if (one.isEmpty()) {
            if (definition.required)
                return Problem{definition.name, ProblemCode::RequiredValue,
                               definition.displayName + QStringLiteral(" is required, but the value is empty")};
            return invalid(definition, QStringLiteral("is empty: it needs at least one character, or no value at all"));
        }
        if (definition.type == AttributeType::Json) {
            const QByteArray utf8 = one.toUtf8();
            if (utf8.size() > kMaxJsonOctets)
                return Problem{definition.name, ProblemCode::TooLong,
                               QStringLiteral("%1 has %2 octets of JSON, at most %3 are allowed")
                                   .arg(definition.displayName).arg(utf8.size()).arg(kMaxJsonOctets)};
            if (!isJsonText(utf8))
                return invalid(definition, QStringLiteral("is not valid JSON"));
            return std::nullopt;
        }
        if (one.size() > definition.maxLength)
            return Problem{definition.name, ProblemCode::TooLong,
                           QStringLiteral("%1 has %2 characters, at most %3 are allowed")
                               .arg(definition.displayName).arg(one.size()).arg(definition.maxLength)};
        if (!follows(definition.rule, one))
            return invalid(definition, explain(definition.rule));
        if (const auto &prepared = m_compiled[size_t(number)]; prepared && !prepared->pattern.match(one).hasMatch())
            return invalid(definition, QStringLiteral("does not match the pattern ") + definition.pattern);
        return std::nullopt;
    };

    if (const auto *one = std::get_if<QString>(&value)) {
        if (definition.multiValued)
            return invalid(definition, QStringLiteral("takes a list of values"));
        // A username of spaces, joiners and the like alone cannot be typed, read or searched for.
        if (number == m_username && caseFolded(*one).trimmed().isEmpty())
            return Problem{definition.name, ProblemCode::RequiredValue,
                           definition.displayName + QStringLiteral(" is required, but the value is blank")};
        auto problem = checkText(*one);
        if (problem)
            pointAt(*problem, *one, 1, 1);
        return problem;
    }
    if (const auto *list = std::get_if<QStringList>(&value)) {
        if (!definition.multiValued)
            return invalid(definition, QStringLiteral("takes one value, not a list"));
        if (list->isEmpty() && definition.required)
            return Problem{definition.name, ProblemCode::RequiredValue,
                           definition.displayName + QStringLiteral(" is required, but the list is empty")};
        if (list->size() > kMaxValues)
            return Problem{definition.name, ProblemCode::TooLong,
                           QStringLiteral("%1 has %2 values, at most %3 are allowed")
                               .arg(definition.displayName).arg(list->size()).arg(kMaxValues)};
        for (qsizetype i = 0; i < list->size(); ++i) {
            if (auto problem = checkText(list->at(i))) {
                pointAt(*problem, list->at(i), i + 1, list->size());
                return problem;
            }
        }
        return std::nullopt;
    }
    return invalid(definition, QStringLiteral("takes text, not true or false"));
}

const Value &AttributeValues::get(int number) const
{
    static const Value absent;
    const auto at = std::lower_bound(m_values.begin(), m_values.end(), number,
                                     [](const auto &entry, int wanted) { return entry.first < wanted; });
    return at != m_values.end() && at->first == number ? at->second : absent;
}

void AttributeValues::set(int number, Value value)
{
    const auto at = std::lower_bound(m_values.begin(), m_values.end(), number,
                                     [](const auto &entry, int wanted) { return entry.first < wanted; });
    const bool present = at != m_values.end() && at->first == number;
    if (isNull(value)) {
        if (present)
            m_values.erase(at);
    } else if (present) {
        at->second = std::move(value);
    } else {
        m_values.emplace(at, number, std::move(value));
    }
}

QString usernameKey(const QString &username)
{
    QString key = caseFolded(username);
    // Names that no list can tell apart are one name: spaces at the ends and double ones do not count, nor do format
    // characters that folding has left.
    bool apart = false;
    bool space = true;
    for (const QChar c : std::as_const(key)) {
        const bool isSpace = c.isSpace();
        apart = apart || (isSpace && (space || c != u' ')) || c.category() == QChar::Other_Format;
        space = isSpace;
    }
    if (!apart && (!space || key.isEmpty()))
        return key;
    key.removeIf([](QChar c) { return c.category() == QChar::Other_Format; });
    return caseFolded(key).simplified();
}

} // namespace gatehouse::core
