// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whose entry is this: the user whom a link ties it to, else the user who has its username and no other entry of this
// gateway. Runs and previews ask here. Reads the store in its thread and writes nothing.
#pragma once

#include "core/identity.h"
#include "core/result.h"
#include "store/identities.h"

#include <QUuid>

#include <span>
#include <vector>

namespace gatehouse::provision {

/// What is asked, and the answer.
struct EntryOwner {
    qint64 linkedRow = 0; ///< the user that a link ties the entry to; 0: none
    QString usernameKey;  ///< of the username that the entry maps to; empty: none

    const core::User *user = nullptr; ///< the owner, linked or matched; nullptr: nobody yet
    qint64 holder = 0;    ///< who has the username and is not the owner; 0: nobody
    QUuid holderId = {};
    bool isLinked() const { return linkedRow != 0 && user; }
};

/// Answers all of @p entries; @p users are the owners found, and must outlive them.
[[nodiscard]] core::Result<void> findOwners(store::Identities &identities, const QUuid &gateway, std::span<EntryOwner *const> entries,
                                            std::vector<core::User> &users);

} // namespace gatehouse::provision
