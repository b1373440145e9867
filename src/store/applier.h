// SPDX-License-Identifier: GPL-3.0-or-later
//
// Applies the steps of one batch within one transaction: users by the UserWriter, and for each its link and its line
// in the journal. A step that cannot be applied is refused alone and leaves no trace. Used by Identities::apply().
#pragma once

#include "store/identities.h"
#include "store/journal.h"
#include "store/userwriter.h"

#include <QHash>

namespace gatehouse::store {

class Applier {
public:
    Applier(Database &database, const UserColumns &columns, const ApplyContext &context, BulkLoad *bulk);
    [[nodiscard]] core::Result<void> begin();
    [[nodiscard]] Outcome apply(const core::PlanStep &step);
    /// Steps that exchange usernames in a ring, in the order that core::PlanStep::swap asks for: all of them or none, so
    /// after a refusal the caller rolls back. Otherwise as apply().
    [[nodiscard]] Outcome applyRing(std::span<const core::PlanStep> steps);
    [[nodiscard]] core::Result<void> finish();

private:
    Outcome create(const core::PlanStep &step);
    Outcome update(const core::PlanStep &step);
    Outcome remove(const core::PlanStep &step);
    Outcome refresh(const core::PlanStep &step);
    /// Fills m_values from the step's changes.
    std::optional<core::Problem> readChanges(const QList<core::AttributeChange> &changes);
    int numberOf(const QString &attribute, size_t place);
    Outcome linkFree(const core::PlanStep &step, qint64 user);
    [[nodiscard]] core::Result<void> addLink(const core::PlanStep &step, qint64 user);
    [[nodiscard]] core::Result<void> refreshLink(const core::PlanStep &step);
    /// The step with all values of the user before, and what else an undo needs.
    [[nodiscard]] core::Result<core::PlanStep> wholeUser(const core::PlanStep &step, QByteArray &extra);

    Database &m_database;
    const UserColumns &m_columns;
    const ApplyContext &m_context;
    BulkLoad *m_bulk;
    UserWriter m_users;
    JournalWriter m_journal;
    std::optional<Statement> m_addLink;
    std::optional<Statement> m_refreshLink;
    std::optional<Statement> m_linkOfSource;
    std::vector<AttributeRef> m_values;
    struct KnownName {
        QString name;
        int number = -1;
    };
    std::vector<KnownName> m_names; ///< by place in the step: a rule's steps mostly name the same attributes
    qint64 m_gateway = 0;           ///< number
    qint64 m_population = 0;
    qint64 m_authority = 0;
};

/// The row of the authority a user is checked by; 0 when @p gateway is empty. Made at need.
[[nodiscard]] core::Result<qint64> authorityRow(Database &database, const QString &gateway, const QString &userType);
/// @p population when it is not 0, else the default one's row.
[[nodiscard]] core::Result<qint64> populationOrDefault(Database &database, qint64 population);

} // namespace gatehouse::store
