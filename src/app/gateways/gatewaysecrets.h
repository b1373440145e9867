// SPDX-License-Identifier: GPL-3.0-or-later
//
// What forms do to the desktop's keychain: secrets that were typed are put there before their gateway is saved, and
// what no gateway has any longer is forgotten after. The keychain may ask its owner to be unlocked, so all of it runs
// in threads of its own; answers come in the GUI thread.
#pragma once

#include "core/secret.h"
#include "gateway/vault.h"

#include <QObject>

#include <functional>
#include <optional>

namespace gatehouse::app {

/// One secret to be put into the keychain.
struct SecretChange {
    QString field;                           ///< of the form; what goes wrong is shown there
    gateway::SecretOwner owner;
    core::Secret typed;
    std::optional<gateway::SecretOwner> from = {}; ///< nothing was typed: what this owner has moves
    std::optional<int> retainMinutes = {};   ///< the one before stays beside it for so long
};
struct SecretFault {
    QString field;
    core::Error error;
};

/// What has moved is read before anything is written, so that two clients may change places. Ends at the first fault.
void storeSecrets(QObject *context, const QList<SecretChange> &changes,
                  std::function<void(std::optional<SecretFault>)> then);

/// Forgets what the keychain holds of @p owners; @p then gets the first fault. Nothing to forget is well.
void forgetSecrets(QObject *context, const QList<gateway::SecretOwner> &owners,
                   std::function<void(core::Result<void>)> then);

} // namespace gatehouse::app
