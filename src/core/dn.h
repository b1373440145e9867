// SPDX-License-Identifier: GPL-3.0-or-later
//
// Distinguished names as trees of octets: read from and written to the string form of RFC 4514, built from values
// that are escaped when they are printed, compared by a normalised key. Names are UTF-8; octets that are not survive
// as hex pairs. Knows no schema, so every value is compared without regard to case and runs of spaces. Pure values,
// any thread.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

namespace gatehouse::core {

/// One attribute type and value of an RDN (RFC 4514 2.3).
struct TypeAndValue {
    QByteArray type;      ///< as written: "CN", "2.5.4.3"
    QByteArray value;     ///< octets; with `encoded` the BER encoding of the value
    bool encoded = false; ///< was given, and prints, as "#04024869"
    bool operator==(const TypeAndValue &) const = default;
};

/// A relative name; more than one element makes it multi-valued (RFC 4514 2.2).
using Rdn = QList<TypeAndValue>;

class Dn {
public:
    Dn() = default;
    explicit Dn(QList<Rdn> rdns) : m_rdns(std::move(rdns)) {}

    /// Reads RFC 4514, and what older writers leave (RFC 4514 has none of it, RFC 2253 4 asks for it): spaces around
    /// separators, ";" between RDNs, quoted values, "OID." before a dotted type. What servers refuse is refused: types
    /// with underscores or that cannot be OIDs, "#" without a BER encoding, one type twice in an RDN. Fails with Code::Syntax, an offset
    /// (octets for octets, UTF-16 units for a QString) and what to write instead. The empty text is the root.
    [[nodiscard]] static Result<Dn> parse(QByteArrayView utf8);
    [[nodiscard]] static Result<Dn> parse(const QString &text);

    /// Most specific first, as written.
    const QList<Rdn> &rdns() const { return m_rdns; }
    bool isEmpty() const { return m_rdns.isEmpty(); }
    /// The first RDN's first value, for people; empty for the root. What is not UTF-8 shows as replacement characters.
    QString firstValue() const;

    /// RFC 4514 with all that must be escaped escaped, without spaces around separators.
    QByteArray toUtf8() const;
    QString toString() const { return QString::fromUtf8(toUtf8()); }

    /// The name under which equal DNs are equal octets: types in lower case and under their short names ("2.5.4.3",
    /// "commonName" -> "cn"), values case-folded (NFKC), spaces as RFC 4518 2.6.1 has them, multi-valued RDNs sorted.
    /// The key is itself a DN.
    QByteArray key() const;

    /// Everything but the first RDN; the root's parent is the root.
    Dn parent() const;
    /// The name of an entry right below this one. The value is octets, escaped when printed.
    Dn child(const QByteArray &type, const QByteArray &value) const;
    /// Any number of levels below @p ancestor; never the same name. Everything is below the root but the root.
    bool isBelow(const Dn &ancestor) const;
    bool isSameOrBelow(const Dn &ancestor) const;

    /// As written; for the same name written differently compare key().
    bool operator==(const Dn &) const = default;

private:
    QList<Rdn> m_rdns;
};

/// An attribute type in lower case and under its short name: "2.5.4.3" and "commonName" are "cn".
QByteArray namingTypeKey(const QByteArray &type);

/// A value as RFC 4514 2.4 prints it.
QByteArray escapeDnValue(QByteArrayView value);

/// key() of a DN as a directory wrote it; for octets that are no DN, a key that equals no DN's. The form to look
/// members and managers up by.
QByteArray dnKey(QByteArrayView utf8);

} // namespace gatehouse::core
