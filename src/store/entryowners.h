// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds what core/plan/match.h decides on, for many entries at once: the users whom links tie entries to, and those who
// have the usernames that entries map to. Runs, previews and sign-ons ask here. Reads the store in its thread and writes
// nothing.
#pragma once

#include "core/identity.h"
#include "core/plan/match.h"
#include "core/result.h"
#include "store/identities.h"

#include <QUuid>

#include <span>
#include <vector>

namespace gatehouse::store {

/// What is asked, and the answer.
struct EntryOwner {
    qint64 linkedRow = 0; ///< the user that a link ties the entry to; 0: none
    QString usernameKey;  ///< of the username that the entry maps to; empty: none

    core::Match match = core::Match::Nobody;
    const core::User *user = nullptr; ///< the owner, linked or matched; nullptr: nobody yet
    qint64 holder = 0;    ///< who has the username and is not the owner; 0: nobody
    QUuid holderId = {};
    bool isLinked() const { return match == core::Match::Linked; }
};

/// Answers all of @p entries; @p users are the owners found, and must outlive them.
[[nodiscard]] core::Result<void> findOwners(Identities &identities, const QUuid &gateway, core::MatchBy by,
                                            std::span<EntryOwner *const> entries, std::vector<core::User> &users);

} // namespace gatehouse::store
