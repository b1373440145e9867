// SPDX-License-Identifier: GPL-3.0-or-later
//
// Applies the steps of one batch within one transaction: users by the UserWriter, groups and their members by the
// GroupApplier, and for each its link and its line in the journal. A step that cannot be applied is refused alone and leaves no trace. Used by Identities::apply().
#pragma once

#include "store/identities.h"
#include "store/groupapplier.h"
#include "store/journal.h"
#include "store/linkwriter.h"
#include "store/numbers.h"
#include "store/userwriter.h"

#include <utility>

namespace gatehouse::store {

class Applier {
public:
    Applier(Database &database, const UserColumns &columns, const ApplyContext &context, BulkLoad *bulk);
    [[nodiscard]] core::Result<void> begin();
    [[nodiscard]] Outcome apply(const core::Step &step);
    /// Steps that exchange usernames in a ring, in the order that core::Step::ring asks for: all of them or none, so
    /// after a refusal the caller rolls back. Otherwise as apply().
    [[nodiscard]] Outcome applyRing(std::span<const core::Step> steps);
    [[nodiscard]] core::Result<void> finish();

private:
    Outcome create(const core::Step &step);
    Outcome update(const core::Step &step);
    Outcome remove(const core::Step &step);
    Outcome refresh(const core::Step &step);
    /// The action says what becomes of the switch, whatever the list of changes says.
    [[nodiscard]] core::Result<void> listSwitch(core::Step &step, qint64 user);
    /// Fills m_values from the step's changes.
    std::optional<core::Problem> readChanges(const QList<core::AttributeChange> &changes);
    int numberOf(const QString &attribute, size_t place);
    /// The row of the user with this id; 0: there is none.
    [[nodiscard]] core::Result<qint64> rowOf(const QByteArray &id);
    [[nodiscard]] core::Result<std::optional<UserWriter::FrameChange>> frameChange(const core::Step &step);
    /// The step with all that an undo needs of the user: values, frame, links and memberships before.
    [[nodiscard]] core::Result<core::Step> wholeUser(const core::Step &step, qint64 user);
    /// What somebody who is made again had beside values and the link: other links, and memberships of groups that are
    /// still there.
    [[nodiscard]] core::Result<void> restore(const core::Step &step, qint64 user);
    [[nodiscard]] core::Result<void> readMemberships(core::Step &step, qint64 user);
    [[nodiscard]] core::Result<void> writeJournal(const core::Step &step, qint64 user, qint64 revision,
                                                  const QByteArray &detail);

    Database &m_database;
    const UserColumns &m_columns;
    const ApplyContext &m_context;
    UserWriter m_users;
    JournalWriter m_journal;
    std::optional<Statement> m_rowOf;
    std::optional<Statement> m_isAsCompared;
    std::vector<AttributeRef> m_values;
    struct KnownName {
        QString name;
        int number = -1;
    };
    std::vector<KnownName> m_names; ///< by place in the step: a rule's steps mostly name the same attributes
    Numbers m_numbers;
    LinkWriter m_links;
    GroupApplier m_groups;
};

} // namespace gatehouse::store
