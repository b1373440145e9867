// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who gets which username in one run. A username that is free goes to the first step that asks for it. One that a user
// has waits until everything is read: only then is it known whether that user gives it up in the same run. Chains are
// put in the order in which each name is free when it is taken; rings become steps that the store applies all or none.
// Waiting steps lie on disk. Belongs to the planner, in its thread.
#pragma once

#include "core/keyset.h"
#include "provision/run/planfile.h"

#include <QHash>
#include <QSet>

#include <functional>
#include <optional>
#include <vector>

namespace gatehouse::provision {

class UsernameClaims {
public:
    /// Why a waiting step does not get its username.
    struct Refusal {
        core::Step step;
        qint64 holder = 0;               ///< who has the username
        std::optional<core::Step> rival; ///< who gets it instead; nothing: the holder keeps it
    };

    /// The free username @p key goes to the plan's step number @p step. Otherwise the number of the step that has it.
    std::optional<uint32_t> claim(QStringView key, uint32_t step) { return m_claims.insert(key, step); }
    /// A step of the plan gives the user another username, or deletes the user.
    void release(qint64 userRow) { m_released.push_back(userRow); }
    /// @p step asks for the username that @p holder has; @p user: whose step it is, 0: somebody new's.
    [[nodiscard]] core::Result<void> wait(const core::Step &step, qint64 user, qint64 holder);
    /// Whether an entry that is nobody's yet asks for this user's username.
    bool isWanted(qint64 userRow) const { return m_wanted.contains(userRow); }
    /// Those whose usernames are waited for.
    const QHash<qint64, uint32_t> &holders() const { return m_first; }

    /// After the last wait(): hands every waiting step either to @p take, in the order in which they can be applied, or to
    /// @p refuse.
    using Take = std::function<core::Result<void>(const core::Step &step, qint64 user)>;
    using Refuse = std::function<core::Result<void>(const std::vector<Refusal> &some)>;
    [[nodiscard]] core::Result<void> settle(const Take &take, const Refuse &refuse);

private:
    enum class State : quint8 { Unknown, OnPath, Goes, Stays };
    struct Waiting {
        qint64 row = 0;    ///< the step's user; 0: a new one
        qint64 holder = 0;
    };
    [[nodiscard]] core::Result<void> follow(uint32_t first, const QHash<qint64, uint32_t> &ofUser, const Take &take);
    [[nodiscard]] core::Result<void> refuseRest(const Refuse &refuse);
    [[nodiscard]] core::Result<core::Step> step(uint32_t waiting) const;

    core::KeyNumbers m_claims;
    std::vector<qint64> m_released; ///< sorted by settle()
    std::vector<Waiting> m_waiting; ///< by number in m_steps
    std::vector<State> m_states;
    PlanFile m_steps;
    QHash<qint64, uint32_t> m_first; ///< holder -> the first who waits for the username
    QSet<qint64> m_wanted;
    quint32 m_rings = 0;
};

} // namespace gatehouse::provision
