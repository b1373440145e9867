// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/linkvalue.h"

#include "core/entry.h"

#include <QStringList>
#include <QUuid>
#include <QtEndian>

namespace gatehouse::ldap {

namespace {

constexpr qsizetype kGuidOctets = 16;
constexpr int kMaxSubAuthorities = 15; // MS-DTYP 2.4.2

bool isGuid(QByteArrayView attribute)
{
    return attribute.compare("objectGUID", Qt::CaseInsensitive) == 0;
}

bool isSid(QByteArrayView attribute)
{
    return attribute.compare("objectSid", Qt::CaseInsensitive) == 0;
}

/// The first three fields stand lowest octet first (MS-DTYP 2.3.4.2). Its own inverse.
QByteArray turned(QByteArray octets)
{
    std::reverse(octets.begin(), octets.begin() + 4);
    std::reverse(octets.begin() + 4, octets.begin() + 6);
    std::reverse(octets.begin() + 6, octets.begin() + 8);
    return octets;
}

QString sidText(QByteArrayView octets)
{
    if (octets.size() < 8 || octets.size() != 8 + 4 * qsizetype(uchar(octets[1])))
        return {};
    quint64 authority = 0;
    for (int i = 2; i < 8; ++i)
        authority = authority << 8 | uchar(octets[i]);
    QString text = QStringLiteral("S-%1-%2").arg(uchar(octets[0])).arg(authority);
    for (qsizetype at = 8; at < octets.size(); at += 4)
        text += u'-' + QString::number(qFromLittleEndian<quint32>(octets.data() + at));
    return text;
}

std::optional<QByteArray> sidOctets(const QString &text)
{
    const QStringList parts = text.split(u'-');
    if (parts.size() < 3 || parts.size() > 3 + kMaxSubAuthorities || parts.at(0).toUpper() != QStringLiteral("S"))
        return std::nullopt;
    bool good = true;
    const uint revision = parts.at(1).toUInt(&good);
    const quint64 authority = good ? parts.at(2).toULongLong(&good) : 0;
    if (!good || revision > 255 || authority >> 48 != 0)
        return std::nullopt;
    QByteArray octets;
    octets.append(char(revision)).append(char(parts.size() - 3));
    for (int shift = 40; shift >= 0; shift -= 8)
        octets.append(char(authority >> shift & 0xff));
    for (qsizetype i = 3; i < parts.size(); ++i) {
        const quint32 part = qToLittleEndian(parts.at(i).toUInt(&good));
        if (!good)
            return std::nullopt;
        octets.append(reinterpret_cast<const char *>(&part), 4);
    }
    return octets;
}

} // namespace

QString linkText(QByteArrayView attribute, QByteArrayView value)
{
    if (isGuid(attribute) && value.size() == kGuidOctets)
        return QUuid::fromRfc4122(turned(value.toByteArray())).toString(QUuid::WithoutBraces);
    if (isSid(attribute)) {
        if (const QString text = sidText(value); !text.isEmpty())
            return text;
    }
    if (core::isBinaryAttribute(attribute))
        return QString::fromLatin1(value.toByteArray().toBase64());
    return value.isValidUtf8() ? QString::fromUtf8(value) : QString();
}

std::optional<QByteArray> linkOctets(QByteArrayView attribute, const QString &text)
{
    if (text.isEmpty())
        return std::nullopt;
    if (isGuid(attribute)) {
        const QUuid uuid(text);
        if (!uuid.isNull())
            return turned(uuid.toRfc4122());
    }
    if (isSid(attribute)) {
        if (auto octets = sidOctets(text))
            return octets;
    }
    if (!core::isBinaryAttribute(attribute))
        return text.toUtf8();
    const auto decoded = QByteArray::fromBase64Encoding(text.toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.isEmpty())
        return std::nullopt;
    return decoded.decoded;
}

} // namespace gatehouse::ldap
