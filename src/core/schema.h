// SPDX-License-Identifier: GPL-3.0-or-later
//
// The attributes that a directory knows, read from its schema as the server publishes it (RFC 4512 4.1.2): names,
// descriptions, kinds of value. Enough for completion and for knowing what is text; the matching of values is the
// server's. Pure values, any thread.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace gatehouse::core {

/// What a value of a syntax (RFC 4517 3.3, and Active Directory's) is for a person.
enum class ValueKind { Text, Boolean, Integer, Time, Dn, Binary };

struct SchemaAttribute {
    QByteArray oid;
    QStringList names;    ///< the first is the usual one
    QString description;
    QByteArray superior;  ///< name or OID it derives from; empty: none
    QByteArray syntax;    ///< OID, inherited where the attribute gives none; empty: unknown
    bool singleValued = false;
    bool operational = false;
    bool obsolete = false;

    QString name() const { return names.isEmpty() ? QString::fromLatin1(oid) : names.constFirst(); }
    ValueKind kind() const;
};

class Schema {
public:
    /// Reads values of `attributeTypes`. A value that does not parse is left out and named in @p faults.
    static Schema fromAttributeTypes(const QList<QByteArray> &descriptions, QList<Error> *faults = nullptr);

    const QList<SchemaAttribute> &attributes() const { return m_attributes; }
    /// By any of its names or its OID, without case; nullptr when it is not known.
    const SchemaAttribute *find(QStringView name) const;
    /// The usual name of the attribute that @p name means, with its options ("gn;lang-de" -> "givenName;lang-de"); @p name
    /// itself when it is not known.
    QByteArray canonical(const QByteArray &name) const;
    /// What it was read from.
    const QList<QByteArray> &descriptions() const { return m_descriptions; }

private:
    QList<QByteArray> m_descriptions;
    QList<SchemaAttribute> m_attributes;
    QHash<QString, qsizetype> m_byName; ///< names and OIDs in lower case
};

/// One AttributeTypeDescription. Syntax with an offset (octets) where it does not parse.
[[nodiscard]] Result<SchemaAttribute> parseAttributeType(QByteArrayView description);

} // namespace gatehouse::core
