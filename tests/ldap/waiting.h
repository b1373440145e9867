// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many operations on one channel, and what became of each.
#pragma once

#include "ldap/channel.h"

#include <condition_variable>
#include <map>
#include <mutex>

namespace gatehouse::test {

/// Waits for the outcomes of operations by number. What it knows outlives it, as operations may.
class Outcomes {
public:
    /// Begins @p operation as number @p number; its id.
    ldap::Channel::Id begin(ldap::Channel &channel, int number, ldap::Operation operation)
    {
        const auto begun =
            channel.submit(std::move(operation), [known = m_known, number](const ldap::Outcome &outcome) {
                const std::lock_guard lock(known->mutex);
                known->outcomes.insert_or_assign(number, outcome);
                known->order.append(number);
                known->there.notify_all();
            });
        return begun ? *begun : 0;
    }
    bool waitFor(int count, std::chrono::seconds allowed = std::chrono::seconds(60))
    {
        std::unique_lock lock(m_known->mutex);
        return m_known->there.wait_for(lock, allowed, [&] { return int(m_known->outcomes.size()) >= count; });
    }
    int count() const
    {
        const std::lock_guard lock(m_known->mutex);
        return int(m_known->outcomes.size());
    }
    /// After waitFor().
    const ldap::Outcome &at(int number) const { return m_known->outcomes.at(number); }
    const QList<int> &order() const { return m_known->order; }

private:
    struct Known {
        std::mutex mutex;
        std::condition_variable there;
        std::map<int, ldap::Outcome> outcomes;
        QList<int> order; ///< in which they ended
    };
    std::shared_ptr<Known> m_known = std::make_shared<Known>();
};

/// Keeps everything that comes for one search.
class Everything : public ldap::Sink {
public:
    struct Got {
        core::Entry entry;
        QList<ldap::ResponseControl> controls;
    };
    bool take(const ldap::ReceivedEntry &entry) override
    {
        const std::lock_guard lock(m_mutex);
        m_entries.append({entry.toEntry().value_or(core::Entry()), entry.controls});
        m_there.notify_all();
        return true;
    }
    bool take(const ldap::ReceivedReference &) override { return true; }
    bool take(const ldap::Intermediate &intermediate) override
    {
        const std::lock_guard lock(m_mutex);
        m_intermediates.append(intermediate);
        m_there.notify_all();
        return true;
    }
    void ended(const ldap::Outcome &outcome) override
    {
        const std::lock_guard lock(m_mutex);
        m_outcome = outcome;
        m_there.notify_all();
    }
    /// Until @p condition holds, which may look at everything.
    template <typename Condition>
    bool waitFor(const Condition &condition)
    {
        std::unique_lock lock(m_mutex);
        return m_there.wait_for(lock, std::chrono::seconds(30), condition);
    }
    bool waitForEnd()
    {
        return waitFor([this] { return m_outcome.has_value(); });
    }
    const QList<Got> &entries() const { return m_entries; }
    const QList<ldap::Intermediate> &intermediates() const { return m_intermediates; }
    const std::optional<ldap::Outcome> &outcome() const { return m_outcome; }

private:
    std::mutex m_mutex;
    std::condition_variable m_there;
    QList<Got> m_entries;
    QList<ldap::Intermediate> m_intermediates;
    std::optional<ldap::Outcome> m_outcome;
};

/// Lines for a slapd that answers slowSearch() after three seconds.
inline const QStringList kSlowLines{QStringLiteral("overlay retcode"),
                                    QStringLiteral("retcode-parent \"ou=slow,dc=example,dc=com\""),
                                    QStringLiteral("retcode-item \"cn=slow\" 0x00 sleeptime=3")};
inline ldap::Operation slowSearch()
{
    return {ldap::SearchOperation{"cn=slow,ou=slow,dc=example,dc=com"}};
}

/// 64 operations in flight on one connection: adds and searches below @p base, one search that ends by itself never and
/// is cancelled, and one that takes too long. @p neverEnds makes a search such a one, @p slow is another. Empty when
/// all went as it should.
inline QString sixtyFourInFlight(ldap::Channel &channel, const QByteArray &base,
                                 const QList<ldap::RequestControl> &neverEnds, ldap::Operation slow)
{
    using namespace ldap;
    constexpr int kEach = 31;
    constexpr int kCancelled = 100;
    constexpr int kLate = 101;
    const auto unitAt = [&](int i) -> QByteArray { return "ou=in flight " + QByteArray::number(i) + ',' + base; };
    Outcomes outcomes;
    Operation waits{SearchOperation{base, Scope::OneLevel, "(objectClass=*)", {"ou"}}, neverEnds, {{}, {}}};
    const Channel::Id cancelled = outcomes.begin(channel, kCancelled, std::move(waits));
    slow.patience = {std::chrono::milliseconds(0), std::chrono::milliseconds(700)};
    outcomes.begin(channel, kLate, std::move(slow));
    for (int i = 0; i < kEach; ++i) {
        outcomes.begin(
            channel, i,
            Operation{AddOperation{
                unitAt(i), {{"objectClass", {"organizationalUnit"}}, {"ou", {"in flight " + QByteArray::number(i)}}}}});
        outcomes.begin(channel, kEach + i,
                       Operation{SearchOperation{base, Scope::Base, "(objectClass=*)", {"*", "+"}}});
    }
    if (!outcomes.waitFor(2 * kEach))
        return QStringLiteral("%1 ended only").arg(outcomes.count());
    channel.cancel(cancelled);
    if (!outcomes.waitFor(2 * kEach + 2))
        return QStringLiteral("the cancelled one or the late one did not end");
    for (int i = 0; i < 2 * kEach; ++i) {
        if (const auto good = outcomes.at(i).orError(QStringLiteral("number %1").arg(i), {}); !good)
            return good.error().text();
    }
    for (const auto &[number, code] :
         {std::pair{kCancelled, core::Code::Cancelled}, std::pair{kLate, core::Code::Timeout}}) {
        const auto &answer = outcomes.at(number).answer;
        if (answer || answer.error().code != code)
            return QStringLiteral("%1 ended otherwise: %2")
                .arg(number)
                .arg(answer ? QString::number(answer->rc) + answer->says : answer.error().text());
    }
    if (!channel.isUsable() || channel.load() != 0)
        return QStringLiteral("the connection is lost, or has something left");
    for (int i = 0; i < kEach; ++i) {
        const Outcome gone = channel.run(Operation{DeleteOperation{unitAt(i)}});
        if (const auto good = gone.orError(QStringLiteral("delete %1").arg(i), {}); !good)
            return good.error().text();
    }
    return {};
}

} // namespace gatehouse::test
