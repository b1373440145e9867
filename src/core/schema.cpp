// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema.h"

namespace gatehouse::core {

namespace {

constexpr int kMaxSuperiors = 32; ///< steps up the hierarchy; a longer one is a circle

/// Words, quoted strings and parentheses of a description (RFC 4512 1.4).
class DescriptionReader {
public:
    explicit DescriptionReader(QByteArrayView text) : m_text(text) {}

    qsizetype at() const { return m_at; }
    bool atEnd()
    {
        skipSpaces();
        return m_at >= m_text.size();
    }
    bool take(char c)
    {
        if (atEnd() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }
    QByteArray word()
    {
        skipSpaces();
        const qsizetype start = m_at;
        while (m_at < m_text.size() && !QByteArrayView(" ()'\t\r\n").contains(m_text[m_at]))
            ++m_at;
        return m_text.sliced(start, m_at - start).toByteArray();
    }
    /// 'text' with \27 and \5C for the two characters that cannot stand in it; nullopt when there is no string.
    std::optional<QByteArray> quoted()
    {
        if (!take('\''))
            return std::nullopt;
        const qsizetype end = QByteArrayView(m_text).indexOf('\'', m_at);
        if (end < 0)
            return std::nullopt;
        QByteArray value = m_text.sliced(m_at, end - m_at).toByteArray();
        m_at = end + 1;
        return value.replace("\\27", "'").replace("\\5C", "\\").replace("\\5c", "\\");
    }
    /// One value or a parenthesised list of them, $ between words or nothing between strings.
    QList<QByteArray> values()
    {
        QList<QByteArray> list;
        const bool many = take('(');
        do {
            if (many && take(')'))
                return list;
            take('$');
            const qsizetype before = m_at;
            if (auto string = quoted())
                list.append(*string);
            else if (const QByteArray name = word(); !name.isEmpty())
                list.append(name);
            if (m_at == before)
                break;
        } while (many && !atEnd());
        return list;
    }

private:
    void skipSpaces()
    {
        while (m_at < m_text.size() && QByteArrayView(" \t\r\n").contains(m_text[m_at]))
            ++m_at;
    }
    QByteArrayView m_text;
    qsizetype m_at = 0;
};

tl::unexpected<Error> fault(const DescriptionReader &reader, const QString &detail)
{
    Error error{Code::Syntax, QStringLiteral("not an attribute type description"), detail};
    error.offset = int(reader.at());
    error.length = 1;
    return fail(std::move(error));
}

} // namespace

ValueKind SchemaAttribute::kind() const
{
    struct Known {
        QByteArrayView syntax;
        ValueKind kind;
    };
    static constexpr Known known[] = {
        {"1.3.6.1.4.1.1466.115.121.1.7", ValueKind::Boolean},  {"2.5.5.8", ValueKind::Boolean},
        {"1.3.6.1.4.1.1466.115.121.1.27", ValueKind::Integer}, {"2.5.5.9", ValueKind::Integer},
        {"2.5.5.16", ValueKind::Integer},                      {"1.2.840.113556.1.4.906", ValueKind::Integer},
        {"1.3.6.1.4.1.1466.115.121.1.24", ValueKind::Time},    {"1.3.6.1.4.1.1466.115.121.1.53", ValueKind::Time},
        {"2.5.5.11", ValueKind::Time},                         {"1.3.6.1.4.1.1466.115.121.1.12", ValueKind::Dn},
        {"2.5.5.1", ValueKind::Dn},                            {"1.3.6.1.4.1.1466.115.121.1.4", ValueKind::Binary},
        {"1.3.6.1.4.1.1466.115.121.1.5", ValueKind::Binary},   {"1.3.6.1.4.1.1466.115.121.1.8", ValueKind::Binary},
        {"1.3.6.1.4.1.1466.115.121.1.9", ValueKind::Binary},   {"1.3.6.1.4.1.1466.115.121.1.10", ValueKind::Binary},
        {"1.3.6.1.4.1.1466.115.121.1.23", ValueKind::Binary},  {"1.3.6.1.4.1.1466.115.121.1.28", ValueKind::Binary},
        {"1.3.6.1.4.1.1466.115.121.1.40", ValueKind::Binary},  {"2.5.5.10", ValueKind::Binary},
        {"2.5.5.15", ValueKind::Binary},                       {"2.5.5.17", ValueKind::Binary},
        {"1.2.840.113556.1.4.907", ValueKind::Binary},
    };
    for (const Known &entry : known) {
        if (entry.syntax == syntax)
            return entry.kind;
    }
    return ValueKind::Text;
}

Result<SchemaAttribute> parseAttributeType(QByteArrayView description)
{
    DescriptionReader reader(description);
    SchemaAttribute attribute;
    if (!reader.take('('))
        return fault(reader, QStringLiteral("it begins with \"(\""));
    attribute.oid = reader.word();
    if (attribute.oid.isEmpty())
        return fault(reader, QStringLiteral("an OID is missing"));
    while (!reader.take(')')) {
        if (reader.atEnd())
            return fault(reader, QStringLiteral("the closing \")\" is missing"));
        const QByteArray word = reader.word();
        if (word.isEmpty())
            return fault(reader, QStringLiteral("a keyword is missing"));
        if (word == "NAME") {
            for (const QByteArray &name : reader.values())
                attribute.names.append(QString::fromUtf8(name));
        } else if (word == "DESC") {
            attribute.description = QString::fromUtf8(reader.values().value(0));
        } else if (word == "SUP") {
            attribute.superior = reader.values().value(0);
        } else if (word == "SYNTAX") {
            // "OID{length}"; older servers quote it.
            attribute.syntax = reader.values().value(0);
            if (const qsizetype brace = attribute.syntax.indexOf('{'); brace >= 0)
                attribute.syntax.truncate(brace);
        } else if (word == "SINGLE-VALUE") {
            attribute.singleValued = true;
        } else if (word == "OBSOLETE") {
            attribute.obsolete = true;
        } else if (word == "USAGE") {
            attribute.operational = reader.values().value(0) != "userApplications";
        } else if (word != "COLLECTIVE" && word != "NO-USER-MODIFICATION") {
            reader.values(); // EQUALITY, ORDERING, SUBSTR and extensions (X-…)
        }
    }
    return attribute;
}

Schema Schema::fromAttributeTypes(const QList<QByteArray> &descriptions, QList<Error> *faults)
{
    Schema schema;
    schema.m_descriptions = descriptions;
    for (const QByteArray &description : descriptions) {
        auto attribute = parseAttributeType(description);
        if (!attribute) {
            if (faults)
                faults->append(attribute.error().in(QString::fromUtf8(description.left(80))));
            continue;
        }
        const qsizetype index = schema.m_attributes.size();
        for (const QString &name : attribute->names)
            schema.m_byName.insert(name.toLower(), index);
        schema.m_byName.insert(QString::fromLatin1(attribute->oid).toLower(), index);
        schema.m_attributes.append(*std::move(attribute));
    }
    for (SchemaAttribute &attribute : schema.m_attributes) {
        const SchemaAttribute *above = &attribute;
        for (int step = 0; above && attribute.syntax.isEmpty() && step < kMaxSuperiors; ++step) {
            above = above->superior.isEmpty() ? nullptr : schema.find(QString::fromLatin1(above->superior));
            if (above)
                attribute.syntax = above->syntax;
        }
    }
    return schema;
}

QByteArray Schema::canonical(const QByteArray &name) const
{
    const qsizetype options = name.indexOf(';');
    const SchemaAttribute *known = find(QString::fromUtf8(options < 0 ? name : name.first(options)));
    if (!known)
        return name;
    return options < 0 ? known->name().toUtf8() : known->name().toUtf8() + name.sliced(options);
}

const SchemaAttribute *Schema::find(QStringView name) const
{
    const auto found = m_byName.constFind(name.toString().toLower());
    return found == m_byName.cend() ? nullptr : &m_attributes.at(*found);
}

} // namespace gatehouse::core
