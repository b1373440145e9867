// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gatewaycredential.h"

#include <QCryptographicHash>
#include <QList>

namespace gatehouse::core {

namespace {
const QByteArray kPrefix = "ghc1.";
}

Secret GatewayCredential::text() const
{
    return Secret(kPrefix + id.toString(QUuid::Id128).toLatin1() + '.'
                  + secret.reveal().toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

Result<GatewayCredential> GatewayCredential::parse(const QByteArray &text)
{
    const QList<QByteArray> parts = text.trimmed().split('.');
    const auto wrong = [] {
        return fail(Code::InvalidInput, QStringLiteral("this is not a gateway credential"),
                    QStringLiteral("it begins with \"ghc1.\" and was shown when it was created"));
    };
    if (parts.size() != 3 || parts.at(0) + '.' != kPrefix)
        return wrong();
    const QByteArray id = QByteArray::fromHex(parts.at(1));
    const auto secret = QByteArray::fromBase64Encoding(parts.at(2), QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals
                                                                        | QByteArray::AbortOnBase64DecodingErrors);
    if (parts.at(1).size() != 32 || id.size() != 16 || !secret || secret.decoded.size() != kCredentialOctets)
        return wrong();
    GatewayCredential credential{QUuid::fromRfc4122(id), Secret(secret.decoded)};
    if (credential.id.isNull())
        return wrong();
    return credential;
}

QByteArray credentialHash(const Secret &secret)
{
    return QCryptographicHash::hash(secret.reveal(), QCryptographicHash::Sha256);
}

bool isCredentialHash(const QByteArray &hash, const Secret &secret)
{
    const QByteArray other = credentialHash(secret);
    if (hash.size() != other.size())
        return false;
    volatile unsigned char difference = 0;
    for (qsizetype i = 0; i < hash.size(); ++i)
        difference = difference | static_cast<unsigned char>(hash.at(i) ^ other.at(i));
    return difference == 0;
}

} // namespace gatehouse::core
