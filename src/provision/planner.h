// SPDX-License-Identifier: GPL-3.0-or-later
//
// Drives core's decision over pages of entries: finds each entry's user by link, then by username, and spools the
// steps. It reads the store and never writes it. Entries whose fingerprint is the one their link remembers cost one
// look-up in memory and nothing else. Belongs to the engine's thread.
#pragma once

#include "core/keyset.h"
#include "core/planner.h"
#include "provision/planspool.h"
#include "provision/rulecontext.h"
#include "store/links.h"

#include <vector>

namespace gatehouse::provision {

class Planner {
public:
    /// @p steps takes what a person would review; @p refreshes takes silent link refreshes (Action::None), nullptr to
    /// drop them. @p compareAll: trust no fingerprint. All references must outlive the planner.
    Planner(store::Environment &environment, const RuleContext &context, PlanSpool &steps, PlanSpool *refreshes,
            bool compareAll);

    /// Loads the links; before the first page.
    [[nodiscard]] core::Result<void> load();
    /// Plans a page of people in scope.
    [[nodiscard]] core::Result<void> plan(const core::EntryBatch &page);
    /// After a complete and healthy read only: plans for the people who were not seen. With @p only, for that user
    /// alone (0: for everybody).
    [[nodiscard]] core::Result<void> planGone(qint64 only = 0);

    const core::Counts &counts() const { return m_counts; }
    qint64 read() const { return m_read; }
    qint64 deprovisions() const { return m_deprovisions; }
    /// People that the rule had provisioned before this run.
    qint64 provisioned() const { return m_provisioned; }

private:
    /// An entry that its fingerprint did not settle.
    struct Open {
        core::SourcePerson person;
        qint64 linkedRow = 0; ///< 0: not linked
        bool deprovisioned = false;
        QString usernameKey;  ///< of the mapped username; empty when it has none
        const core::User *user = nullptr;
        bool taken = false;   ///< the username belongs to somebody else
    };

    void triage(const core::EntryView &entry, std::vector<Open> &open, core::Result<void> &result);
    [[nodiscard]] core::Result<void> findUsers(std::vector<Open> &open, std::vector<core::User> &users);
    [[nodiscard]] core::Result<void> settle(Open &open);
    [[nodiscard]] core::Result<void> spool(core::Decision decision);
    [[nodiscard]] core::Result<void> refuse(const core::PlanStep &step, core::ProblemCode code, const QString &attribute,
                              const QString &message);
    core::PlanStep failedStep(const core::EntryView &entry) const;

    store::Environment &m_environment;
    const RuleContext &m_context;
    PlanSpool &m_steps;
    PlanSpool *m_refreshes;
    bool m_compareAll;
    store::LinkIndex m_links;
    core::KeySet m_claims; ///< usernames that this run gives to somebody
    core::Counts m_counts;
    qint64 m_read = 0;
    qint64 m_deprovisions = 0;
    qint64 m_provisioned = 0;
};

} // namespace gatehouse::provision
