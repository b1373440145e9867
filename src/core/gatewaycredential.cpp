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
    const Secret encoded(secret.reveal().toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
    return Secret(kPrefix + id.toString(QUuid::Id128).toLatin1() + '.' + encoded.reveal());
}

Result<GatewayCredential> GatewayCredential::parse(const QByteArray &text)
{
    const QList<QByteArrayView> parts = [&] { // views: no copy of the secret is made but the decoded one
        QList<QByteArrayView> found;
        QByteArrayView rest = QByteArrayView(text).trimmed();
        for (qsizetype dot; (dot = rest.indexOf('.')) >= 0; rest = rest.sliced(dot + 1))
            found.append(rest.first(dot));
        return found << rest;
    }();
    const auto wrong = [] {
        return fail(Code::InvalidInput, QStringLiteral("this is not a gateway credential"),
                    QStringLiteral("it begins with \"ghc1.\" and was shown when it was created"));
    };
    if (parts.size() != 3 || parts.at(0) != QByteArrayView(kPrefix).chopped(1))
        return wrong();
    const QByteArray id = QByteArray::fromHex(parts.at(1).toByteArray());
    auto decoded = QByteArray::fromBase64Encoding(QByteArray::fromRawData(parts.at(2).data(), parts.at(2).size()),
                                                  QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals
                                                      | QByteArray::AbortOnBase64DecodingErrors);
    const bool isDecoded = bool(decoded);
    const Secret secret(std::move(decoded.decoded));
    if (parts.at(1).size() != 32 || id.size() != 16 || !isDecoded || secret.reveal().size() != kCredentialOctets)
        return wrong();
    GatewayCredential credential{QUuid::fromRfc4122(id), secret};
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
