// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/functions.h"

#include <QUuid>
#include <QtEndian>

namespace gatehouse::core::expr {

namespace {

bool asBase64Encoded(Call &call)
{
    const QString *text = call.text(0);
    if (!text || text->isEmpty())
        return call.failed() ? false : call.give(call.at(0));
    return call.giveText(QString::fromLatin1(text->toUtf8().toBase64()));
}

/// As java.util.Base64's basic decoder: padding may be missing, nothing else may be wrong.
std::optional<QByteArray> decoded(const QString &text)
{
    const QByteArray octets = text.toUtf8();
    QByteArray body = octets;
    while (body.endsWith('=') && octets.size() - body.size() < 2)
        body.chop(1);
    const qsizetype padding = octets.size() - body.size();
    if (body.size() % 4 == 1 || (padding > 0 && octets.size() % 4 != 0) || body.contains('='))
        return std::nullopt;
    const QByteArray::FromBase64Result result =
        QByteArray::fromBase64Encoding(body, QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    return result ? std::optional<QByteArray>(*result) : std::nullopt;
}

bool asBase64Decoded(Call &call)
{
    const QString *text = call.text(0);
    if (!text || text->isEmpty())
        return call.failed() ? false : call.give(call.at(0));
    const std::optional<QByteArray> octets = decoded(*text);
    return octets ? call.giveText(QString::fromUtf8(*octets)) : call.giveNull();
}

/// As java.net.URLEncoder: a blank becomes +, letters, digits and .-*_ stay.
bool asUrlEncoded(Call &call)
{
    const QString *text = call.text(0);
    if (!text || text->isEmpty())
        return call.failed() ? false : call.give(call.at(0));
    static constexpr char kHex[] = "0123456789ABCDEF";
    QByteArray result;
    for (const char octet : text->toUtf8()) {
        const bool plain = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z')
            || (octet >= '0' && octet <= '9') || octet == '.' || octet == '-' || octet == '*' || octet == '_';
        if (plain) {
            result += octet;
        } else if (octet == ' ') {
            result += '+';
        } else {
            result += '%';
            result += kHex[quint8(octet) >> 4];
            result += kHex[quint8(octet) & 15];
        }
    }
    return call.giveText(QString::fromLatin1(result));
}

int hexDigit(char octet)
{
    if (octet >= '0' && octet <= '9')
        return octet - '0';
    if (octet >= 'a' && octet <= 'f')
        return octet - 'a' + 10;
    if (octet >= 'A' && octet <= 'F')
        return octet - 'A' + 10;
    return -1;
}

bool asUrlDecoded(Call &call)
{
    const QString *text = call.text(0);
    if (!text || text->isEmpty())
        return call.failed() ? false : call.give(call.at(0));
    const QByteArray octets = text->toUtf8();
    QByteArray result;
    for (qsizetype at = 0; at < octets.size(); ++at) {
        const char octet = octets.at(at);
        if (octet == '+') {
            result += ' ';
        } else if (octet != '%') {
            result += octet;
        } else {
            const int high = at + 2 < octets.size() ? hexDigit(octets.at(at + 1)) : -1;
            const int low = at + 2 < octets.size() ? hexDigit(octets.at(at + 2)) : -1;
            if (high < 0 || low < 0)
                return call.giveNull();
            result += char(high * 16 + low);
            at += 2;
        }
    }
    return call.giveText(QString::fromUtf8(result));
}

bool isUuid(const QString &text)
{
    if (text.size() != 36)
        return false;
    for (qsizetype at = 0; at < 36; ++at) {
        const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
        const char16_t unit = text.at(at).unicode();
        if (dash ? unit != u'-' : unit >= 0x80 || hexDigit(char(unit)) < 0)
            return false;
    }
    return true;
}

/// The octets of a UUID as .NET and Active Directory's objectGUID order them: the first three fields little-endian.
bool uuidAsBase64Guid(Call &call)
{
    const QString *text = call.text(0);
    if (call.failed())
        return false;
    if (!text || !isUuid(*text)) {
        const QString *otherwise = call.text(1);
        return call.failed() ? false : call.give(otherwise ? Value(*otherwise) : Value());
    }
    QByteArray octets = QUuid::fromString(*text).toRfc4122();
    std::reverse(octets.begin(), octets.begin() + 4);
    std::reverse(octets.begin() + 4, octets.begin() + 6);
    std::reverse(octets.begin() + 6, octets.begin() + 8);
    return call.giveText(QString::fromLatin1(octets.toBase64()));
}

} // namespace

FunctionTable encodingFunctions()
{
    const auto row = [](QStringView name, std::vector<Parameter> parameters, auto *code, QStringView summary,
                        QStringView example, QStringView exampleResult) {
        const int count = int(parameters.size());
        return FunctionDescription{u"string", name, std::move(parameters), count, count, 0, ValueType::Text,
                                   summary, example, exampleResult, code, nullptr};
    };
    return {
        row(u"asBase64Encoded", {kTextParameter}, &asBase64Encoded, u"The text's UTF-8 octets in base64.",
            u"#string.asBase64Encoded('Test Value for encoding')", u"\"VGVzdCBWYWx1ZSBmb3IgZW5jb2Rpbmc=\""),
        row(u"asBase64Decoded", {kTextParameter}, &asBase64Decoded,
            u"The text that base64 stands for; null when it is not base64.",
            u"#string.asBase64Decoded('VGVzdCBWYWx1ZSBmb3IgZW5jb2Rpbmc=')", u"\"Test Value for encoding\""),
        row(u"asUrlEncoded", {kTextParameter}, &asUrlEncoded, u"The text as it is written in a form or a query.",
            u"#string.asUrlEncoded('username=johndoe+admin')", u"\"username%3Djohndoe%2Badmin\""),
        row(u"asUrlDecoded", {kTextParameter}, &asUrlDecoded,
            u"The text that a form or query stands for; null when it is not well formed.",
            u"#string.asUrlDecoded('username%3Djohndoe%2Badmin')", u"\"username=johndoe+admin\""),
        row(u"uuidAsBase64Guid", {{u"uuid", ValueType::Text}, {u"default", ValueType::Text}}, &uuidAsBase64Guid,
            u"The UUID in the octet order of objectGUID, in base64; the default when it is no UUID.",
            u"#string.uuidAsBase64Guid('7754d487-1fc3-4206-9e95-ce012f1586e5', null)",
            u"\"h9RUd8MfBkKelc4BLxWG5Q==\""),
    };
}

} // namespace gatehouse::core::expr
