// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/usernameclaims.h"

#include <algorithm>

namespace gatehouse::provision {

namespace {
constexpr size_t kRefusedAtOnce = 1000;
}

core::Result<void> UsernameClaims::wait(const core::Step &step, qint64 user, qint64 holder)
{
    const auto number = uint32_t(m_waiting.size());
    m_waiting.push_back({user, holder});
    if (!m_first.contains(holder))
        m_first.insert(holder, number);
    if (user == 0)
        m_wanted.insert(holder);
    return m_steps.append(step);
}

core::Result<core::Step> UsernameClaims::step(uint32_t waiting) const
{
    auto steps = m_steps.steps(waiting, 1);
    if (!steps)
        return core::fail(steps.error());
    return std::move(steps->front());
}

core::Result<void> UsernameClaims::settle(const Take &take, const Refuse &refuse)
{
    if (m_waiting.empty())
        return {};
    if (auto finished = m_steps.finish(); !finished)
        return finished;
    std::sort(m_released.begin(), m_released.end());
    QHash<qint64, uint32_t> ofUser;
    for (size_t i = 0; i < m_waiting.size(); ++i) {
        if (m_waiting[i].row != 0)
            ofUser.insert(m_waiting[i].row, uint32_t(i));
    }
    m_states.assign(m_waiting.size(), State::Unknown);
    for (uint32_t i = 0; i < m_waiting.size(); ++i) {
        if (m_states[i] != State::Unknown)
            continue;
        if (auto followed = follow(i, ofUser, take); !followed)
            return followed;
    }
    return refuseRest(refuse);
}

/// Goes from a step to the step of whoever has the username that it waits for, and so on. Only the first who waits for a
/// username may have it, so there are no forks: a way ends, or comes back to where it began.
core::Result<void> UsernameClaims::follow(uint32_t first, const QHash<qint64, uint32_t> &ofUser, const Take &take)
{
    std::vector<uint32_t> path;
    State end = State::Stays;
    bool ring = false;
    for (uint32_t at = first;;) {
        if (m_states[at] != State::Unknown) {
            ring = m_states[at] == State::OnPath;
            end = ring ? State::Goes : m_states[at];
            break;
        }
        const qint64 holder = m_waiting[at].holder;
        path.push_back(at);
        if (m_first.value(holder) != at)
            break;
        m_states[at] = State::OnPath;
        if (std::binary_search(m_released.begin(), m_released.end(), holder)) {
            end = State::Goes;
            break;
        }
        const auto next = ofUser.constFind(holder);
        if (next == ofUser.cend())
            break;
        at = *next;
    }
    const quint32 number = ring ? ++m_rings : 0;
    for (auto at = path.crbegin(); at != path.crend(); ++at) {
        m_states[*at] = end;
        if (end != State::Goes)
            continue;
        auto taken = step(*at);
        if (!taken)
            return core::fail(taken.error());
        taken->ring = number;
        if (auto done = take(*taken, m_waiting[*at].row); !done)
            return done;
    }
    return {};
}

core::Result<void> UsernameClaims::refuseRest(const Refuse &refuse)
{
    std::vector<Refusal> some;
    for (uint32_t i = 0; i < m_waiting.size(); ++i) {
        if (m_states[i] != State::Goes) {
            auto refused = step(i);
            if (!refused)
                return core::fail(refused.error());
            Refusal refusal{*std::move(refused), m_waiting[i].holder, {}};
            const uint32_t first = m_first.value(refusal.holder);
            if (m_states[first] == State::Goes) {
                auto rival = step(first);
                if (!rival)
                    return core::fail(rival.error());
                refusal.rival = *std::move(rival);
            }
            some.push_back(std::move(refusal));
        }
        if (some.size() < kRefusedAtOnce && i + 1 < m_waiting.size())
            continue;
        if (auto done = some.empty() ? core::Result<void>() : refuse(some); !done)
            return done;
        some.clear();
    }
    return {};
}

} // namespace gatehouse::provision
