// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/channel_p.h"

#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace gatehouse::ldap {
namespace {

using core::Code;

/// Hands the result on, and nothing else.
class ResultSink : public Sink {
public:
    explicit ResultSink(std::function<void(const Outcome &)> ended) : m_ended(std::move(ended)) {}
    void ended(const Outcome &outcome) override { m_ended(outcome); }
    bool wantsEntryControls() const override { return false; }

private:
    std::function<void(const Outcome &)> m_ended;
};

} // namespace

Channel::Private::Private(Connection &theConnection, const Limits &theLimits)
    : connection(theConnection), limits(theLimits), wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    try {
        thread = std::thread([this] { work(); });
    } catch (const std::system_error &) {
        isUsable = false;
    }
}

Channel::Private::~Private()
{
    isEnding = true;
    wakeUp();
    if (thread.joinable())
        thread.join();
    ::close(wake);
}

void Channel::Private::wakeUp()
{
    raiseEvent(wake);
}

Channel::Channel(Connection &connection) : Channel(connection, Limits{}) {}

Channel::Channel(Connection &connection, const Limits &limits) : d(std::make_unique<Private>(connection, limits)) {}

Channel::~Channel() = default;

core::Result<Channel::Id> Channel::submit(Operation operation, std::shared_ptr<Sink> sink)
{
    Id id = 0;
    {
        const std::lock_guard lock(d->mutex);
        if (!d->thread.joinable())
            return core::fail(Code::Internal, QStringLiteral("no thread can be started"), {}, d->connection.place);
        if (qsizetype(d->waiting.size()) >= d->limits.waiting)
            return core::fail(Code::Busy, QStringLiteral("too many operations wait for the connection"),
                              QStringLiteral("%1 of them").arg(d->waiting.size()), d->connection.place);
        id = ++d->lastId;
        ++d->load;
        d->waiting.push_back({id, std::move(operation), std::move(sink)});
    }
    d->wakeUp();
    return id;
}

core::Result<Channel::Id> Channel::submit(Operation operation, std::function<void(const Outcome &)> ended)
{
    return submit(std::move(operation), std::make_shared<ResultSink>(std::move(ended)));
}

Outcome Channel::run(Operation operation)
{
    Q_ASSERT(!d->isOwnThread());
    struct Result {
        std::mutex mutex;
        std::condition_variable there;
        std::optional<Outcome> outcome;
    };
    const auto result = std::make_shared<Result>();
    const auto begun = submit(std::move(operation), [result](const Outcome &outcome) {
        const std::lock_guard lock(result->mutex);
        result->outcome = outcome;
        result->there.notify_all();
    });
    if (!begun)
        return {core::fail(begun.error()), false};
    std::unique_lock lock(result->mutex);
    result->there.wait(lock, [&] { return result->outcome.has_value(); });
    return *std::move(result->outcome);
}

void Channel::cancel(Id id)
{
    {
        const std::lock_guard lock(d->mutex);
        d->cancels.push_back(id);
    }
    d->wakeUp();
}

void Channel::goOn()
{
    d->wakeUp();
}

bool Channel::isUsable() const
{
    return d->isUsable;
}

int Channel::load() const
{
    return d->load;
}

void Channel::alone(const std::function<void(Connection &)> &job)
{
    Q_ASSERT(!d->isOwnThread());
    if (!d->thread.joinable())
        return job(d->connection); // nobody else works on it
    Private::Job waiting{job};
    std::unique_lock lock(d->mutex);
    d->jobs.push_back(&waiting);
    d->wakeUp();
    d->jobDone.wait(lock, [&] { return waiting.isDone; });
}

} // namespace gatehouse::ldap
