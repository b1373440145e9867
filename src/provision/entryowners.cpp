// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/entryowners.h"

#include <QHash>

namespace gatehouse::provision {

core::Result<void> findOwners(store::Identities &identities, const QUuid &gateway, std::span<EntryOwner *const> entries,
                              std::vector<core::User> &users)
{
    const int usernameNumber = identities.catalog().username();
    std::vector<qint64> rows;
    for (const EntryOwner *entry : entries) {
        if (entry->linkedRow != 0)
            rows.push_back(entry->linkedRow);
    }
    auto linked = identities.users(rows);
    if (!linked)
        return core::fail(linked.error());
    QHash<qint64, QString> keyOfLinked;
    for (const core::User &user : *linked)
        keyOfLinked.insert(user.row, core::usernameKey(user.values.text(usernameNumber)));

    // Who has the username? Not asked for those who keep theirs.
    QStringList keys;
    for (const EntryOwner *entry : entries) {
        if (!entry->usernameKey.isEmpty() && keyOfLinked.value(entry->linkedRow) != entry->usernameKey)
            keys.append(entry->usernameKey);
    }
    QHash<QString, store::UsernameMatch> matches;
    if (!keys.isEmpty()) {
        auto found = identities.usersByUsernameKey(keys, gateway);
        if (!found)
            return core::fail(found.error());
        matches = *std::move(found);
    }
    rows.clear();
    for (EntryOwner *entry : entries) {
        const auto match = matches.constFind(entry->usernameKey);
        if (match == matches.cend() || match->userRow == entry->linkedRow)
            continue;
        if (entry->linkedRow != 0 || match->linkedToGateway) {
            entry->holder = match->userRow;
            entry->holderId = match->id;
        } else {
            rows.push_back(match->userRow);
        }
    }
    auto matched = identities.users(rows);
    if (!matched)
        return core::fail(matched.error());

    users = *std::move(linked);
    users.insert(users.end(), std::make_move_iterator(matched->begin()), std::make_move_iterator(matched->end()));
    QHash<qint64, const core::User *> byRow;
    for (const core::User &user : users)
        byRow.insert(user.row, &user);
    for (EntryOwner *entry : entries) {
        if (entry->linkedRow != 0)
            entry->user = byRow.value(entry->linkedRow);
        else if (const auto match = matches.constFind(entry->usernameKey); match != matches.cend() && entry->holder == 0)
            entry->user = byRow.value(match->userRow);
    }
    return {};
}

} // namespace gatehouse::provision
