// SPDX-License-Identifier: GPL-3.0-or-later
//
// What DNs and filters share in reading and writing octets: hex pairs, and where octets are UTF-8. Pure functions,
// any thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace gatehouse::core {

/// 0 to 15, or -1 when @p c is no hexadecimal digit.
constexpr int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// Appends "\xx", the form that RFC 4514 2.4 and RFC 4515 3 share.
void appendHexPair(QByteArray &out, char octet);

/// Length of the well-formed UTF-8 sequence (RFC 3629) at the start of @p octets; 0 when there is none.
int utf8SequenceLength(QByteArrayView octets);

/// The number of UTF-16 code units that the first @p octetOffset octets of @p utf8 make: an offset in the octets as
/// an offset in the text that a person sees.
int textOffset(QByteArrayView utf8, qsizetype octetOffset);

/// RFC 4512 1.4 and 2.5: a name (letters, digits, hyphen; underscores as some products use them) or a dotted OID.
bool isAttributeType(QByteArrayView text);

/// An attribute type as a DN may have it (RFC 4514 3): no underscore, which servers refuse there, and an OID that can
/// be one (X.660: the first number is 0, 1 or 2, the second below 40 after 0 and 1).
bool isNamingType(QByteArrayView text);

/// One whole element of the basic encoding rules (X.690): tag, definite length, as many octets, and the same of its
/// parts where it has some.
bool isBerElement(QByteArrayView octets);

} // namespace gatehouse::core
