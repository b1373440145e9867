// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/gatewaysecrets.h"

#include "app/background.h"
#include "core/config/secretreference.h"

namespace gatehouse::app {

namespace {

const QString kThread = QStringLiteral("keychain");

std::optional<SecretFault> store(QList<SecretChange> changes)
{
    for (SecretChange &change : changes) {
        if (!change.from)
            continue;
        auto moving = gateway::readSecret({core::SecretReference::Kind::Keychain, {}}, *change.from);
        if (!moving)
            return SecretFault{change.field, moving.error()};
        change.typed = *moving;
    }
    for (const SecretChange &change : std::as_const(changes)) {
        const auto stored = change.retainMinutes
                                ? gateway::replaceInKeychain(change.owner, change.typed, *change.retainMinutes)
                                : gateway::storeInKeychain(change.owner, change.typed);
        if (!stored)
            return SecretFault{change.field, stored.error()};
    }
    return std::nullopt;
}

core::Result<void> forget(const QList<gateway::SecretOwner> &owners)
{
    core::Result<void> all;
    for (const gateway::SecretOwner &owner : owners) {
        // One that stays is no reason to leave the others.
        if (const auto gone = gateway::forgetInKeychain(owner); !gone && all)
            all = gone;
    }
    return all;
}

} // namespace

void storeSecrets(QObject *context, const QList<SecretChange> &changes,
                  std::function<void(std::optional<SecretFault>)> then)
{
    if (changes.isEmpty())
        return then(std::nullopt);
    inBackground<std::optional<SecretFault>>(context, kThread, [changes] { return store(changes); }, std::move(then));
}

void forgetSecrets(QObject *context, const QList<gateway::SecretOwner> &owners,
                   std::function<void(core::Result<void>)> then)
{
    if (owners.isEmpty())
        return then({});
    inBackground<core::Result<void>>(context, kThread, [owners] { return forget(owners); }, std::move(then));
}

} // namespace gatehouse::app
