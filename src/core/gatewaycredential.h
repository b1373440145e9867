// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a gateway client shows to be let in: an id, by which it is found, and 256 random bits, which prove it. Only a
// hash of the bits is ever stored: they are as random as the hash is long, so a fast hash is as good as a slow one.
// Pure values, any thread; the random bits come from store::GatewayCredentials.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QByteArray>
#include <QUuid>

namespace gatehouse::core {

inline constexpr qsizetype kCredentialOctets = 32;

struct GatewayCredential {
    QUuid id;
    Secret secret; ///< kCredentialOctets octets

    /// As a person keeps it in a file: "ghc1.ID.SECRET", the id in hexadecimal, the secret in base64url.
    Secret text() const;
    /// White space around it does not count. The error never repeats what was read.
    [[nodiscard]] static Result<GatewayCredential> parse(const QByteArray &text);
};

/// SHA-256, 32 octets.
QByteArray credentialHash(const Secret &secret);
/// Whether @p secret has this hash; takes the same time wherever they differ.
bool isCredentialHash(const QByteArray &hash, const Secret &secret);

} // namespace gatehouse::core
