// SPDX-License-Identifier: GPL-3.0-or-later
#include "signon/passwordhash.h"

#include <sodium.h>

namespace gatehouse::signon {

namespace {

// libsodium's "interactive": two passes over 64 MiB.
constexpr auto kPasses = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
constexpr auto kMemory = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;

bool isReady()
{
    static const bool ready = sodium_init() >= 0;
    return ready;
}

} // namespace

core::Result<QByteArray> hashPassword(const core::Secret &password)
{
    QByteArray hash(crypto_pwhash_STRBYTES, '\0');
    const QByteArray &octets = password.reveal();
    if (!isReady()
        || crypto_pwhash_str_alg(hash.data(), octets.constData(), size_t(octets.size()), kPasses, kMemory,
                                 crypto_pwhash_ALG_ARGON2ID13) != 0)
        return core::fail(core::Code::Internal, QStringLiteral("there is not enough memory to hash a password"));
    hash.truncate(qsizetype(qstrlen(hash.constData())));
    return hash;
}

bool isPassword(const QByteArray &hash, const core::Secret &password)
{
    const QByteArray &octets = password.reveal();
    return isReady() && crypto_pwhash_str_verify(hash.constData(), octets.constData(), size_t(octets.size())) == 0;
}

bool isOutdated(const QByteArray &hash)
{
    return !isReady() || crypto_pwhash_str_needs_rehash(hash.constData(), kPasses, kMemory) != 0;
}

} // namespace gatehouse::signon
