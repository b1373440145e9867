// SPDX-License-Identifier: GPL-3.0-or-later
//
// Previous passwords of a service account. They stand in one entry of the keychain beside the current one's, a line
// each, the latest first: until when (seconds since 1970, UTC), a space, and the octets in base64.
#include "core/config/secretreference.h"
#include "gateway/vault.h"

#include "gateway/keychain_p.h"

namespace gatehouse::gateway {
namespace {

using core::Secret;

constexpr qint64 kSecondsAMinute = 60;

struct Retained {
    qint64 until = 0; ///< seconds since 1970, UTC
    Secret secret;
};

/// Lines that cannot be read are passed over: a password that nobody can use is no reason to refuse the current one.
QList<Retained> read(const Secret &written, const QDateTime &now)
{
    QList<Retained> retained;
    const QByteArrayView all(written.reveal());
    for (qsizetype begin = 0, end = 0; begin < all.size(); begin = end + 1) {
        end = all.indexOf('\n', begin);
        if (end < 0)
            end = all.size();
        const QByteArrayView line = all.sliced(begin, end - begin);
        const qsizetype space = line.indexOf(' ');
        if (space <= 0)
            continue;
        const qint64 until = line.first(space).toLongLong();
        const QByteArrayView octets = line.sliced(space + 1);
        if (until > now.toSecsSinceEpoch())
            retained.append({until, Secret(QByteArray::fromBase64(QByteArray::fromRawData(octets.data(), octets.size())))});
    }
    return retained;
}

/// Made in one piece of memory, so that nothing of it is left behind.
Secret write(const QList<Retained> &retained)
{
    constexpr qsizetype kMostDigits = 24;
    qsizetype most = 0;
    for (const Retained &one : retained)
        most += kMostDigits + one.secret.reveal().size() * 2;
    QByteArray lines;
    lines.reserve(most);
    for (const Retained &one : retained) {
        const Secret octets(one.secret.reveal().toBase64());
        lines.append(QByteArray::number(one.until)).append(' ').append(octets.reveal()).append('\n');
    }
    return Secret(std::move(lines));
}

/// @p absent stands for what is not there.
core::Result<Secret> readOr(const Secret &absent, const SecretOwner &owner, const core::CancelToken &cancel)
{
    auto secret = readKeychain(owner, kKeychainDeadline, cancel);
    if (!secret && secret.error().code == core::Code::NotFound)
        return absent;
    return secret;
}

} // namespace

core::Result<QList<Secret>> readSecretAndRetained(const core::SecretReference &reference, const SecretOwner &owner,
                                                  const core::CancelToken &cancel)
{
    auto current = readSecret(reference, owner, cancel);
    if (!current)
        return core::fail(current.error());
    QList<Secret> secrets;
    if (reference.kind == core::SecretReference::Kind::None)
        return secrets;
    secrets.append(*current);
    if (reference.kind != core::SecretReference::Kind::Keychain)
        return secrets;
    const auto written = readOr({}, retainedOf(owner), cancel);
    if (!written)
        return core::fail(written.error());
    for (const Retained &one : read(*written, QDateTime::currentDateTimeUtc())) {
        if (one.secret.reveal() != current->reveal())
            secrets.append(one.secret);
    }
    return secrets;
}

core::Result<void> replaceInKeychain(const SecretOwner &owner, const Secret &secret, int minutes, const QDateTime &now)
{
    const SecretOwner previous = retainedOf(owner);
    QList<Retained> retained;
    if (minutes > 0) {
        const auto before = readOr({}, owner, {});
        if (!before)
            return core::fail(before.error());
        const auto written = readOr({}, previous, {});
        if (!written)
            return core::fail(written.error());
        retained = read(*written, now);
        if (!before->isEmpty())
            retained.prepend({now.toSecsSinceEpoch() + minutes * kSecondsAMinute, *before});
        // Whoever goes back to a password has it as the current one.
        retained.removeIf([&](const Retained &one) { return one.secret.reveal() == secret.reveal(); });
        if (retained.size() > kMostRetained)
            retained.resize(kMostRetained);
    }
    // The previous ones first: cut off in between, the current one stands in both and nothing is lost.
    auto kept = retained.isEmpty() ? eraseKeychain(previous, kKeychainDeadline)
                                   : writeKeychain(previous, write(retained), kKeychainDeadline);
    return kept ? writeKeychain(owner, secret, kKeychainDeadline) : kept;
}

} // namespace gatehouse::gateway
