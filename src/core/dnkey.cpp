// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dn.h"

#include "core/casefold.h"
#include "core/octets.h"

#include <algorithm>

namespace gatehouse::core {

namespace {

struct ShortName {
    QByteArrayView name; ///< long name in lower case, or OID
    QByteArrayView shortName;
};

// RFC 4514 3 and the naming attributes of RFC 4519 with their other names.
constexpr ShortName kShortNames[] = {
    {"2.5.4.3", "cn"},
    {"commonname", "cn"},
    {"2.5.4.4", "sn"},
    {"surname", "sn"},
    {"2.5.4.5", "serialnumber"},
    {"2.5.4.6", "c"},
    {"countryname", "c"},
    {"2.5.4.7", "l"},
    {"localityname", "l"},
    {"2.5.4.8", "st"},
    {"stateorprovincename", "st"},
    {"2.5.4.9", "street"},
    {"streetaddress", "street"},
    {"2.5.4.10", "o"},
    {"organizationname", "o"},
    {"2.5.4.11", "ou"},
    {"organizationalunitname", "ou"},
    {"2.5.4.42", "givenname"},
    {"gn", "givenname"},
    {"0.9.2342.19200300.100.1.1", "uid"},
    {"userid", "uid"},
    {"0.9.2342.19200300.100.1.3", "mail"},
    {"rfc822mailbox", "mail"},
    {"0.9.2342.19200300.100.1.25", "dc"},
    {"domaincomponent", "dc"},
    {"1.2.840.113549.1.9.1", "email"},
    {"emailaddress", "email"},
    {"e", "email"},
};

} // namespace

QByteArray namingTypeKey(const QByteArray &type)
{
    QByteArray lower = type.toLower();
    for (const ShortName &known : kShortNames) {
        if (lower == known.name)
            return known.shortName.toByteArray();
    }
    return lower;
}

namespace {

/// The octets of a string within its BER encoding (definite short or long length), or nothing for other types.
QByteArray stringInBer(const QByteArray &ber)
{
    // OCTET STRING, UTF8String, NumericString, PrintableString, IA5String
    if (ber.size() < 2 || !QByteArrayView("\x04\x0c\x12\x13\x16").contains(ber[0]))
        return {};
    qsizetype length = static_cast<unsigned char>(ber[1]);
    qsizetype at = 2;
    if (length >= 0x80) {
        const qsizetype octets = length - 0x80;
        if (octets < 1 || octets > 4 || ber.size() < 2 + octets)
            return {};
        length = 0;
        for (; at < 2 + octets; ++at)
            length = length << 8 | static_cast<unsigned char>(ber[at]);
    }
    return at + length == ber.size() ? ber.sliced(at) : QByteArray();
}

bool isUtf8(QByteArrayView octets)
{
    for (qsizetype i = 0; i < octets.size();) {
        const int length = utf8SequenceLength(octets.sliced(i));
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

/// RFC 4518: mapped (control characters gone or spaces), case-folded, NFKC, insignificant spaces removed. ASCII, as
/// nearly all names are, is folded in place.
QByteArray valueKey(const QByteArray &value)
{
    const bool ascii = std::all_of(value.begin(), value.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
    QByteArray folded;
    if (ascii) {
        folded = value.toLower();
    } else if (isUtf8(value)) {
        folded = caseFolded(QString::fromUtf8(value)).toUtf8();
    } else {
        return value; // octets of no known text are compared as they are
    }
    QByteArray out;
    out.reserve(folded.size());
    bool space = false;
    for (const char c : folded) {
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            space = !out.isEmpty();
            continue;
        }
        if (space)
            out += ' ';
        space = false;
        out += c;
    }
    return out;
}

TypeAndValue keyOf(const TypeAndValue &element)
{
    if (!element.encoded)
        return {namingTypeKey(element.type), valueKey(element.value), false};
    const QByteArray string = stringInBer(element.value);
    if (string.isEmpty())
        return {namingTypeKey(element.type), element.value, true};
    return {namingTypeKey(element.type), valueKey(string), false};
}

} // namespace

QByteArray Dn::key() const
{
    QList<Rdn> keys;
    keys.reserve(m_rdns.size());
    for (const Rdn &rdn : m_rdns) {
        Rdn key;
        key.reserve(rdn.size());
        for (const TypeAndValue &element : rdn)
            key.append(keyOf(element));
        if (key.size() > 1) {
            std::sort(key.begin(), key.end(), [](const TypeAndValue &a, const TypeAndValue &b) {
                return a.type != b.type ? a.type < b.type : a.value < b.value;
            });
        }
        keys.append(std::move(key));
    }
    return Dn(std::move(keys)).toUtf8();
}

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c;
}

/// The key of a DN of plain ASCII without escapes, quotes and multi-valued RDNs, as nearly all members of groups have,
/// in one pass; false when it is another, or none.
bool simpleKey(QByteArrayView dn, QByteArray &out)
{
    out.reserve(dn.size());
    qsizetype at = 0;
    while (true) {
        while (at < dn.size() && dn[at] == ' ')
            ++at;
        const qsizetype typeStart = at;
        while (at < dn.size() && dn[at] != '=' && dn[at] != ' ')
            ++at;
        const QByteArrayView type = dn.sliced(typeStart, at - typeStart);
        if (at == dn.size() || dn[at] != '=' || !isNamingType(type))
            return false;
        ++at;
        // No other name of two letters stands for another.
        const bool isShort = type.size() == 2 && type.compare(QByteArrayView("gn"), Qt::CaseInsensitive) != 0;
        if (isShort) {
            out += lower(type[0]);
            out += lower(type[1]);
        } else {
            out += namingTypeKey(type.toByteArray());
        }
        out += '=';

        while (at < dn.size() && dn[at] == ' ')
            ++at;
        if (at < dn.size() && dn[at] == '#')
            return false;
        bool space = false;
        for (; at < dn.size() && dn[at] != ','; ++at) {
            const char c = dn[at];
            const auto octet = static_cast<unsigned char>(c);
            if (octet < 0x20 || octet >= 0x7f || c == '\\' || c == '"' || c == '+' || c == ';' || c == '<' || c == '>')
                return false;
            if (c == ' ') {
                space = true;
                continue;
            }
            if (space)
                out += ' ';
            space = false;
            out += lower(c);
        }
        if (at == dn.size())
            return true;
        out += ',';
        ++at;
    }
}

} // namespace

QByteArray dnKey(QByteArrayView utf8)
{
    QByteArray key;
    if (simpleKey(utf8, key))
        return key;
    if (auto dn = Dn::parse(utf8))
        return dn->key();
    return QByteArray(1, '\0') + utf8.toByteArray(); // no DN's key starts with NUL
}

} // namespace gatehouse::core
