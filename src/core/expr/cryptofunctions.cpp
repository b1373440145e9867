// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/fault.h"
#include "core/expr/functions.h"

#include <QMessageAuthenticationCode>

namespace gatehouse::core::expr {

namespace {

struct Algorithm {
    QStringView name;
    QCryptographicHash::Algorithm hash;
};

constexpr Algorithm kAlgorithms[] = {
    {u"HmacMD5", QCryptographicHash::Md5},       {u"HmacSHA1", QCryptographicHash::Sha1},
    {u"HmacSHA224", QCryptographicHash::Sha224}, {u"HmacSHA256", QCryptographicHash::Sha256},
    {u"HmacSHA384", QCryptographicHash::Sha384}, {u"HmacSHA512", QCryptographicHash::Sha512},
};

bool hmacHexDigest(Call &call)
{
    const QString *data = call.text(0);
    const QString *key = call.text(1);
    const QString *name = call.text(2);
    if (call.failed())
        return false;
    if (!data || !key || !name) {
        return call.refuse(QStringLiteral("#crypto.hmacHexDigest takes no null: write (value ?: '')."),
                           !data ? 0 : !key ? 1 : 2);
    }
    if (!call.meter().steps(50 + (data->size() + key->size()) / 4))
        return call.fail();
    for (const Algorithm &algorithm : kAlgorithms) {
        if (name->compare(algorithm.name, Qt::CaseInsensitive) == 0) {
            const QByteArray digest =
                QMessageAuthenticationCode::hash(data->toUtf8(), key->toUtf8(), algorithm.hash);
            return call.give(QString::fromLatin1(digest.toHex()));
        }
    }
    return call.refuse(QStringLiteral("'%1' is not known: there are HmacMD5, HmacSHA1, HmacSHA224, HmacSHA256, "
                                      "HmacSHA384 and HmacSHA512.").arg(excerpt(*name)),
                       2);
}

} // namespace

FunctionTable cryptoFunctions()
{
    return {FunctionDescription{u"crypto", u"hmacHexDigest",
                                {{u"data", ValueType::Text}, {u"key", ValueType::Text}, {u"algorithm", ValueType::Text}},
                                3, 3, 0, ValueType::Text,
                                u"The keyed digest of the data in hexadecimal, by HmacMD5, HmacSHA1, HmacSHA224, "
                                u"HmacSHA256, HmacSHA384 or HmacSHA512.",
                                u"#crypto.hmacHexDigest('data', 'secretKey', 'HmacMD5')",
                                u"\"6659dfc3b860b836c087e3fd82c0d16b\"", &hmacHexDigest, nullptr}};
}

} // namespace gatehouse::core::expr
