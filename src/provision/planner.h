// SPDX-License-Identifier: GPL-3.0-or-later
//
// Drives core's decision over pages of entries: finds each entry's user by link, then by username, and spools the
// steps. It reads the store and never writes it. Entries whose fingerprint is the one their link remembers cost one
// look-up in memory and nothing else. Belongs to the engine's thread.
#pragma once

#include "core/plan/guards.h"
#include "core/keyset.h"
#include "core/plan/counts.h"
#include "core/plan/decide.h"
#include "provision/otherrules.h"
#include "provision/run/planfile.h"
#include "provision/rulecontext.h"
#include "provision/usernameclaims.h"
#include "store/entryowners.h"
#include "store/links.h"

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace gatehouse::provision {

/// Somebody whom the rule has linked and the read did not bring.
struct MissingPerson {
    store::LinkedPerson link;
    core::User user;
};

class Planner {
public:
    /// @p plan takes the steps. @p compareAll: trust no fingerprint. All references must outlive the planner.
    Planner(store::Environment &environment, const RuleContext &context, PlanFile &plan, bool compareAll);

    /// The read is about one person: this user, or 0 for somebody who is not linked. Nobody else is missed.
    void setSingle(qint64 userRow) { m_single = userRow; }
    /// Loads the links; before the first page.
    [[nodiscard]] core::Result<void> load();
    /// Plans a page of people in scope.
    [[nodiscard]] core::Result<void> plan(const core::EntryBatch &page);
    // After a complete and healthy read only: for people who are linked to another rule that reads from the same place.
    bool isContended() const { return !m_contended.isEmpty(); }
    Contended takeContended() { return std::exchange(m_contended, {}); }
    [[nodiscard]] core::Result<void> takeOver(const ContendedAnswer &answer);
    // And then for the people who were not seen.
    /// Users of the rule whom no page brought. With @p only, that user alone (0: everybody).
    std::vector<qint64> missing(qint64 only);
    /// Those of @p rows for whom something would be done if they were gone; people whose entry was read and failed are not
    /// missing.
    [[nodiscard]] core::Result<std::vector<MissingPerson>> unaccounted(std::span<const qint64> rows);
    [[nodiscard]] core::Result<void> planGone(const MissingPerson &person, core::Departure departure);
    /// Counts somebody to whom nothing is done.
    void leaveAlone() { ++m_counts.users.unchanged; }
    /// The same for somebody whom another rule means now.
    void leaveToAnother() { ++m_counts.users.outOfScope; }
    /// Where the immutable ids of this read stood; empty when nobody was read.
    const QList<QByteArray> &idAttributesSeen() const { return m_idAttributesSeen; }
    /// At the very end: plans for the people whose username somebody else had when they were read.
    [[nodiscard]] core::Result<void> planWaiting();

    const core::PlanCounts &counts() const { return m_counts; }
    qint64 read() const { return m_read; }
    /// The harm in what is planned so far.
    const core::GuardTally &tally() const { return m_tally; }
    /// People that the rule had provisioned before this run.
    qint64 provisioned() const { return m_provisioned; }

private:
    /// An entry that its fingerprint did not settle.
    struct Open {
        core::SourcePerson person;
        store::EntryOwner owner;
        core::LinkState link; ///< that the entry has, to whomever
    };

    void triage(const core::EntryView &entry, std::vector<Open> &open, core::Result<void> &result);
    [[nodiscard]] core::Result<void> settle(Open &open);
    [[nodiscard]] core::Result<void> spool(core::Decision decision);
    /// Nothing: the step may go on; else it was refused or waits.
    [[nodiscard]] core::Result<bool> claimUsername(core::Step &step, const store::EntryOwner &owner);
    [[nodiscard]] core::Result<void> refuseWaiting(const std::vector<UsernameClaims::Refusal> &some, const QSet<qint64> &unseen);
    QString heldMessage(const QString &username, const store::LinkedPerson &holder, const core::Step &step, bool isNew,
                        bool isUnseen) const;
    [[nodiscard]] core::Result<void> refuse(const core::Step &step, core::ProblemCode code, const QString &attribute,
                              const QString &message);
    quint64 fingerprintOf(const core::EntryView &entry, bool active) const;
    core::Step failedStep(const core::EntryView &entry) const;
    void noteUnidentified(const core::EntryView &entry);
    void noteIdAttribute(const core::EntryView &entry);
    bool wasReadWithoutId(const store::LinkedPerson &link, const core::User &user) const;

    store::Environment &m_environment;
    const RuleContext &m_context;
    PlanFile &m_steps;
    bool m_compareAll;
    std::optional<qint64> m_single;
    store::LinkIndex m_links;
    store::Identities m_identities; ///< by the catalogue that the mapping was compiled for
    UsernameClaims m_claims;
    Contended m_contended;
    QSet<QByteArray> m_freed; ///< ids of entries that the other rule does not mean any more
    core::PlanCounts m_counts;
    qint64 m_read = 0;
    core::GuardTally m_tally;
    core::KeySet m_unidentified; ///< DNs and usernames of entries without a readable id
    bool m_anyUnidentified = false;
    QList<QByteArray> m_idAttributesSeen;
    qint64 m_provisioned = 0;
};

} // namespace gatehouse::provision
