// SPDX-License-Identifier: GPL-3.0-or-later
//
// Applies steps about groups and their members within the transaction of a batch. A group's attributes in steps are name,
// displayName, description, source ("internal", "gateway", "identityProvider"), sourceName and justInTime. Members are
// added and removed by source; what is so already is not done and not journaled, so that taking a step back takes back
// what it did and no more. A frame without a population makes a group the environment's. Used by Applier.
#pragma once

#include "core/identity.h"
#include "store/journal.h"
#include "store/linkwriter.h"
#include "store/numbers.h"

#include <optional>

namespace gatehouse::store {

class GroupApplier {
public:
    GroupApplier(Database &database, Numbers &numbers, LinkWriter &links, JournalWriter &journal)
        : m_database(database), m_numbers(numbers), m_links(links), m_journal(journal)
    {
    }
    /// As Applier::apply(). Of a step of the kind Membership the memberships alone count.
    [[nodiscard]] Outcome apply(const core::Step &step);
    /// Adds and removes the memberships of @p step; leaves those in it that made a difference.
    [[nodiscard]] core::Result<void> writeMembers(core::Step &step);

private:
    Outcome create(const core::Step &step);
    Outcome update(const core::Step &step);
    Outcome changeMembers(const core::Step &step);
    Outcome remove(const core::Step &step);
    Outcome writeLink(const core::Step &step, qint64 row, core::LinkState &before);
    /// Nothing where there is no such group.
    [[nodiscard]] core::Result<std::optional<core::Group>> stored(const QByteArray &id);
    [[nodiscard]] core::Result<bool> writeMember(core::MembershipChange &change);
    [[nodiscard]] core::Result<qint64> rowOf(const core::ObjectRef &object);
    /// What a group that is deleted had.
    [[nodiscard]] core::Result<core::Step> whole(const core::Step &step, const core::Group &group);
    [[nodiscard]] core::Result<void> readMembers(const char *sql, const core::Group &group, core::Step &step);
    [[nodiscard]] core::Result<void> journal(const core::Step &step, qint64 row, qint64 revision);

    Database &m_database;
    Numbers &m_numbers;
    LinkWriter &m_links;
    JournalWriter &m_journal;
    std::optional<Statement> m_userOf;
    std::optional<Statement> m_groupOf;
    std::optional<Statement> m_addUser;
    std::optional<Statement> m_removeUser;
    std::optional<Statement> m_addGroup;
    std::optional<Statement> m_removeGroup;
};

} // namespace gatehouse::store
