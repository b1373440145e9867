// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/keychain_p.h"

#include <QCoreApplication>
#include <QThread>

#include <qt6keychain/keychain.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace gatehouse::gateway {
namespace {

using core::Code;
using core::Error;
using std::chrono::milliseconds;

constexpr milliseconds kCancelInterval{50};
constexpr unsigned long kFarewellMilliseconds = 1'000;

QString service()
{
    return QStringLiteral("gatehouse");
}

/// The thread of all jobs, and the object in it that makes them.
class KeychainThread {
public:
    KeychainThread() : m_thread(new QThread), m_inside(new QObject)
    {
        m_thread->setObjectName(QStringLiteral("keychain"));
        m_inside->moveToThread(m_thread);
        QObject::connect(m_thread, &QThread::finished, m_inside, &QObject::deleteLater);
        m_thread->start();
    }
    ~KeychainThread()
    {
        m_thread->quit();
        // A keychain that hangs keeps its thread; the process ends anyway.
        if (m_thread->wait(kFarewellMilliseconds))
            delete m_thread;
    }
    KeychainThread(const KeychainThread &) = delete;
    KeychainThread &operator=(const KeychainThread &) = delete;

    static KeychainThread &instance()
    {
        static KeychainThread thread;
        return thread;
    }
    QObject *inside() const { return m_inside; }

private:
    QThread *m_thread;
    QObject *m_inside;
};

/// What a job leaves for the one who waits; both own it, since either may be the last.
struct Outcome {
    std::mutex mutex;
    std::condition_variable changed;
    bool isDone = false;
    QKeychain::Error error = QKeychain::NoError;
    QString text;
    QByteArray octets;
};

Error errorOf(const Outcome &outcome, const SecretOwner &owner)
{
    switch (outcome.error) {
    case QKeychain::EntryNotFound:
        return Error{Code::NotFound, QStringLiteral("the keychain holds no password for %1").arg(owner.name),
                     QStringLiteral("enter it in the gateway's settings")};
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return Error{Code::Denied, QStringLiteral("the keychain did not give out the password for %1").arg(owner.name),
                     outcome.text};
    default:
        return Error{Code::Unreachable, QStringLiteral("no keychain answers"),
                     QStringLiteral("%1; without a desktop session keep the password in a file or an environment "
                                    "variable instead")
                         .arg(outcome.text.isEmpty() ? QStringLiteral("no secret service is running") : outcome.text),
                     owner.name, int(outcome.error)};
    }
}

/// Runs a job in the keychain's thread. @p make makes it there; @p take reads its result there.
core::Result<QByteArray> run(const SecretOwner &owner, milliseconds allowed, const core::CancelToken &cancel,
                             const std::function<QKeychain::Job *()> &make,
                             const std::function<QByteArray(QKeychain::Job *)> &take)
{
    if (QCoreApplication::instance() == nullptr)
        return core::fail(Code::Internal, QStringLiteral("the keychain needs a running application"));
    const auto outcome = std::make_shared<Outcome>();
    QMetaObject::invokeMethod(
        KeychainThread::instance().inside(),
        [outcome, make, take, key = owner.key] {
            QKeychain::Job *job = make();
            job->setKey(key);
            job->setInsecureFallback(false);
            job->setAutoDelete(true);
            QObject::connect(job, &QKeychain::Job::finished, job, [outcome, take](QKeychain::Job *finished) {
                const std::lock_guard lock(outcome->mutex);
                outcome->error = finished->error();
                outcome->text = finished->errorString();
                if (finished->error() == QKeychain::NoError)
                    outcome->octets = take(finished);
                outcome->isDone = true;
                outcome->changed.notify_all();
            });
            job->start();
        },
        Qt::QueuedConnection);

    const auto deadline = std::chrono::steady_clock::now() + allowed;
    std::unique_lock lock(outcome->mutex);
    while (!outcome->isDone) {
        if (cancel.isCancelled())
            return core::fail(Code::Cancelled, QStringLiteral("cancelled"), QStringLiteral("waiting for the keychain"));
        const auto now = std::chrono::steady_clock::now();
        if (now >= deadline)
            return core::fail(Code::Timeout, QStringLiteral("the keychain did not answer in time"),
                              QStringLiteral("is it waiting to be unlocked?"), owner.name);
        outcome->changed.wait_until(lock, std::min(deadline, now + kCancelInterval));
    }
    if (outcome->error != QKeychain::NoError)
        return core::fail(errorOf(*outcome, owner));
    return std::exchange(outcome->octets, {});
}

} // namespace

core::Result<core::Secret> readKeychain(const SecretOwner &owner, milliseconds allowed, const core::CancelToken &cancel)
{
    return run(
               owner, allowed, cancel, [] { return new QKeychain::ReadPasswordJob(service()); },
               [](QKeychain::Job *job) { return static_cast<QKeychain::ReadPasswordJob *>(job)->binaryData(); })
        .map([](QByteArray octets) { return core::Secret(std::move(octets)); });
}

core::Result<void> writeKeychain(const SecretOwner &owner, const core::Secret &secret, milliseconds allowed)
{
    const auto written = run(
        owner, allowed, {},
        [secret] {
            auto *job = new QKeychain::WritePasswordJob(service());
            job->setBinaryData(secret.reveal());
            return job;
        },
        [](QKeychain::Job *) { return QByteArray(); });
    if (!written)
        return core::fail(written.error());
    return {};
}

core::Result<void> eraseKeychain(const SecretOwner &owner, milliseconds allowed)
{
    const auto erased = run(
        owner, allowed, {}, [] { return new QKeychain::DeletePasswordJob(service()); },
        [](QKeychain::Job *) { return QByteArray(); });
    if (!erased && erased.error().code != Code::NotFound)
        return core::fail(erased.error());
    return {};
}

} // namespace gatehouse::gateway
