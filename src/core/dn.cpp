// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dn.h"

#include "core/octets.h"

#include <algorithm>

namespace gatehouse::core {

namespace {

constexpr QByteArrayView kMustEscape("\"+,;<>\\");

/// X.501 9.3: the types of one RDN differ.
bool isAmong(const Rdn &rdn, const QByteArray &type)
{
    return std::any_of(rdn.begin(), rdn.end(),
                       [&](const TypeAndValue &one) { return namingTypeKey(one.type) == namingTypeKey(type); });
}

class Parser {
public:
    explicit Parser(QByteArrayView text) : m_text(text) {}

    Result<QList<Rdn>> read()
    {
        QList<Rdn> rdns;
        skipSpaces();
        if (atEnd())
            return rdns;
        Rdn rdn;
        while (true) {
            TypeAndValue element;
            const qsizetype start = m_at;
            if (auto fault = readElement(element))
                return fail(*fault);
            if (isAmong(rdn, element.type))
                return fail(fault(start, m_at - start,
                                  QStringLiteral("no attribute type stands twice in one part of a name; a plus within a "
                                                 "value is written \"\\+\"")));
            rdn.append(std::move(element));
            if (atEnd()) {
                rdns.append(std::move(rdn));
                return rdns;
            }
            const char separator = m_text[m_at++]; // readElement stops at a separator or the end
            if (separator != '+') {
                rdns.append(std::move(rdn));
                rdn = {};
            }
            skipSpaces();
            if (atEnd())
                return fail(fault(m_at - 1, 1, QStringLiteral("something must follow the last \"%1\"")
                                                   .arg(QLatin1Char(separator))));
        }
    }

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
    static bool isSeparator(char c) { return c == ',' || c == ';' || c == '+'; }

    void skipSpaces()
    {
        while (!atEnd() && isSpace(m_text[m_at]))
            ++m_at;
    }

    Error fault(qsizetype offset, qsizetype length, const QString &detail) const
    {
        Error error{Code::Syntax, QStringLiteral("not a distinguished name"), detail};
        error.offset = int(offset);
        error.length = int(length);
        return error;
    }

    std::optional<Error> readElement(TypeAndValue &element)
    {
        const qsizetype start = m_at;
        while (!atEnd() && m_text[m_at] != '=' && !isSeparator(m_text[m_at]))
            ++m_at;
        QByteArrayView type = m_text.sliced(start, m_at - start).trimmed();
        if (atEnd() || m_text[m_at] != '=') {
            if (type.isEmpty())
                return fault(start, 1, QStringLiteral("a part is empty: write TYPE=VALUE, or remove the separator"));
            return fault(start, m_at - start,
                         QStringLiteral("a part has no \"=\": write it as TYPE=VALUE; a comma within a value is "
                                        "written \"\\,\""));
        }
        if (type.size() > 4 && type.first(4).compare(QByteArrayView("OID."), Qt::CaseInsensitive) == 0
            && type[4] >= '0' && type[4] <= '9')
            type = type.sliced(4);
        if (!isNamingType(type))
            return fault(start, std::max<qsizetype>(1, m_at - start),
                         QStringLiteral("before \"=\" stands an attribute type: a name of letters, digits and "
                                        "hyphens, or an OID like 2.5.4.3"));
        element.type = type.toByteArray();
        ++m_at; // '='
        skipSpaces();
        if (atEnd() || isSeparator(m_text[m_at]))
            return std::nullopt; // RFC 4514 2.4: the empty value
        if (m_text[m_at] == '#')
            return readEncoded(element);
        if (m_text[m_at] == '"')
            return readQuoted(element);
        return readPlain(element);
    }

    std::optional<Error> readEncoded(TypeAndValue &element)
    {
        const qsizetype start = m_at++;
        element.encoded = true;
        while (m_at + 1 < m_text.size() && hexDigit(m_text[m_at]) >= 0 && hexDigit(m_text[m_at + 1]) >= 0) {
            element.value += char(hexDigit(m_text[m_at]) << 4 | hexDigit(m_text[m_at + 1]));
            m_at += 2;
        }
        const qsizetype end = m_at;
        skipSpaces();
        if (element.value.isEmpty() || (!atEnd() && !isSeparator(m_text[m_at])))
            return fault(start, end - start + 1,
                         QStringLiteral("after \"#\" stand pairs of hexadecimal digits; a value that starts with "
                                        "\"#\" is written \"\\#\""));
        if (!isBerElement(element.value))
            return fault(start, end - start,
                         QStringLiteral("after \"#\" stands the BER encoding of a value, as in #04024869; a value that "
                                        "starts with \"#\" is written \"\\#\""));
        return std::nullopt;
    }

    std::optional<Error> readEscape(QByteArray &value)
    {
        const qsizetype start = m_at++; // the backslash
        if (atEnd())
            return fault(start, 1, QStringLiteral("nothing follows the last backslash; a backslash itself is "
                                                  "written \"\\\\\""));
        const int high = hexDigit(m_text[m_at]);
        const int low = m_at + 1 < m_text.size() ? hexDigit(m_text[m_at + 1]) : -1;
        if (high >= 0 && low >= 0) {
            value += char(high << 4 | low);
            m_at += 2;
            return std::nullopt;
        }
        if (QByteArrayView(" #=\"+,;<>\\").contains(m_text[m_at])) {
            value += m_text[m_at++];
            return std::nullopt;
        }
        return fault(start, 2, QStringLiteral("a backslash stands before a special character or two hexadecimal "
                                              "digits; a backslash itself is written \"\\\\\""));
    }

    std::optional<Error> readQuoted(TypeAndValue &element)
    {
        const qsizetype start = m_at++;
        while (!atEnd() && m_text[m_at] != '"') {
            if (m_text[m_at] != '\\')
                element.value += m_text[m_at++];
            else if (auto fault = readEscape(element.value))
                return fault;
        }
        if (atEnd())
            return fault(start, m_at - start, QStringLiteral("the closing quotation mark is missing"));
        ++m_at;
        skipSpaces();
        if (!atEnd() && !isSeparator(m_text[m_at]))
            return fault(m_at, 1, QStringLiteral("after a quoted value stands a comma or the end"));
        return std::nullopt;
    }

    std::optional<Error> readPlain(TypeAndValue &element)
    {
        qsizetype significant = 0; // length of the value up to its last octet that is not an unescaped space
        while (!atEnd() && !isSeparator(m_text[m_at])) {
            const char c = m_text[m_at];
            if (c == '\\') {
                if (auto fault = readEscape(element.value))
                    return fault;
                significant = element.value.size();
                continue;
            }
            if (c == '"' || c == '<' || c == '>' || c == '\0')
                return fault(m_at, 1,
                             c == '\0' ? QStringLiteral("a NUL octet is written \"\\00\"")
                                       : QStringLiteral("this character is written \"\\%1\"").arg(QLatin1Char(c)));
            element.value += c;
            ++m_at;
            if (!isSpace(c))
                significant = element.value.size();
        }
        element.value.truncate(significant);
        return std::nullopt;
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
};

void append(QByteArray &out, const TypeAndValue &element)
{
    out += element.type;
    out += '=';
    if (element.encoded)
        out += '#' + element.value.toHex();
    else
        out += escapeDnValue(element.value);
}

} // namespace

QByteArray escapeDnValue(QByteArrayView value)
{
    QByteArray out;
    out.reserve(value.size() + 8);
    for (qsizetype i = 0; i < value.size();) {
        const char c = value[i];
        const int length = utf8SequenceLength(value.sliced(i));
        if (length == 0 || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            appendHexPair(out, c);
            ++i;
            continue;
        }
        const bool outerSpace = c == ' ' && (i == 0 || i + 1 == value.size());
        if (outerSpace || (c == '#' && i == 0) || kMustEscape.contains(c))
            out += '\\';
        out.append(value.data() + i, length);
        i += length;
    }
    return out;
}

Result<Dn> Dn::parse(QByteArrayView utf8)
{
    auto rdns = Parser(utf8).read();
    if (!rdns)
        return fail(rdns.error());
    return Dn(std::move(*rdns));
}

Result<Dn> Dn::parse(const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    auto dn = parse(QByteArrayView(utf8));
    if (!dn) {
        Error error = dn.error();
        const int end = textOffset(utf8, error.offset + error.length);
        error.offset = textOffset(utf8, error.offset);
        error.length = end - error.offset;
        error.subject = text;
        return fail(std::move(error));
    }
    return dn;
}

QString Dn::firstValue() const
{
    return m_rdns.isEmpty() ? QString() : QString::fromUtf8(m_rdns.first().first().value);
}

QByteArray Dn::toUtf8() const
{
    QByteArray out;
    for (const Rdn &rdn : m_rdns) {
        if (!out.isEmpty())
            out += ',';
        for (qsizetype i = 0; i < rdn.size(); ++i) {
            if (i > 0)
                out += '+';
            append(out, rdn.at(i));
        }
    }
    return out;
}

Dn Dn::parent() const
{
    return m_rdns.isEmpty() ? Dn() : Dn(m_rdns.sliced(1));
}

Dn Dn::child(const QByteArray &type, const QByteArray &value) const
{
    QList<Rdn> rdns = m_rdns;
    rdns.prepend({TypeAndValue{type, value}});
    return Dn(std::move(rdns));
}

bool Dn::isBelow(const Dn &ancestor) const
{
    const qsizetype levels = m_rdns.size() - ancestor.m_rdns.size();
    return levels > 0 && Dn(m_rdns.sliced(levels)).key() == ancestor.key();
}

bool Dn::isSameOrBelow(const Dn &ancestor) const
{
    const qsizetype levels = m_rdns.size() - ancestor.m_rdns.size();
    return levels >= 0 && Dn(m_rdns.sliced(levels)).key() == ancestor.key();
}

} // namespace gatehouse::core
