// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/entryowners.h"

#include <QHash>

namespace gatehouse::store {

namespace {

/// Who has the usernames; not asked for those who keep theirs.
core::Result<QHash<QString, UsernameMatch>> namesakes(Identities &identities, const QUuid &gateway,
                                                      std::span<EntryOwner *const> entries,
                                                      const QHash<qint64, QString> &keyOfLinked)
{
    QStringList keys;
    for (const EntryOwner *entry : entries) {
        if (!entry->usernameKey.isEmpty() && keyOfLinked.value(entry->linkedRow) != entry->usernameKey)
            keys.append(entry->usernameKey);
    }
    if (keys.isEmpty())
        return QHash<QString, UsernameMatch>();
    return identities.usersByUsernameKey(keys, gateway);
}

} // namespace

core::Result<void> findOwners(Identities &identities, const QUuid &gateway, core::MatchBy by,
                              std::span<EntryOwner *const> entries, std::vector<core::User> &users)
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
    const auto matches = namesakes(identities, gateway, entries, keyOfLinked);
    if (!matches)
        return core::fail(matches.error());

    rows.clear();
    QHash<const EntryOwner *, qint64> ownerRows;
    for (EntryOwner *entry : entries) {
        const auto found = matches->constFind(entry->usernameKey);
        std::optional<core::Namesake> namesake;
        // A link to a user who has gone since still keeps the entry from being taken for somebody else's.
        if (found != matches->cend() && found->userRow != entry->linkedRow)
            namesake = core::Namesake{false, found->linkedToGateway || entry->linkedRow != 0};
        const core::Matched matched = core::match(by, keyOfLinked.contains(entry->linkedRow), namesake);
        entry->match = matched.match;
        if (matched.isNameTaken) {
            entry->holder = found->userRow;
            entry->holderId = found->id;
        }
        if (matched.match == core::Match::Named) {
            rows.push_back(found->userRow);
            ownerRows.insert(entry, found->userRow);
        } else if (matched.match == core::Match::Linked) {
            ownerRows.insert(entry, entry->linkedRow);
        }
    }
    auto named = identities.users(rows);
    if (!named)
        return core::fail(named.error());

    users = *std::move(linked);
    users.insert(users.end(), std::make_move_iterator(named->begin()), std::make_move_iterator(named->end()));
    QHash<qint64, const core::User *> byRow;
    for (const core::User &user : users)
        byRow.insert(user.row, &user);
    for (EntryOwner *entry : entries)
        entry->user = byRow.value(ownerRows.value(entry));
    return {};
}

} // namespace gatehouse::store
