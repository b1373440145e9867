// SPDX-License-Identifier: GPL-3.0-or-later
#include "signon/signon.h"

#include "signon/attempt.h"

#include <QThread>
#include <QTimer>

namespace gatehouse::signon {

namespace {

core::Result<Report> attempt(const QString &path, const Request &request, const core::CancelToken &cancel)
{
    auto environment = store::Environment::open(path, request.simulate ? store::Environment::Access::ReadOnly
                                                                       : store::Environment::Access::ReadWrite);
    if (!environment)
        return core::fail(environment.error());
    return Attempt(**environment, request, cancel).run();
}

} // namespace

struct SignOn::Private {
    struct Job {
        core::CancelToken cancel;
        bool tookTooLong = false;
        std::unique_ptr<QThread> thread;
    };
    void stop()
    {
        if (!job)
            return;
        job->cancel.cancel();
        job->thread->wait();
        job.reset();
    }

    QString path;
    QTimer deadline;
    std::shared_ptr<Job> job;
};

SignOn::SignOn(const QString &environmentPath, QObject *parent) : QObject(parent), d(std::make_unique<Private>())
{
    d->path = environmentPath;
    d->deadline.setSingleShot(true);
    connect(&d->deadline, &QTimer::timeout, this, [this] {
        if (!d->job)
            return;
        d->job->tookTooLong = true;
        d->job->cancel.cancel();
    });
}

SignOn::~SignOn()
{
    d->stop();
}

void SignOn::start(const Request &request, std::chrono::milliseconds deadline)
{
    d->stop();
    const auto job = std::make_shared<Private::Job>();
    auto result = std::make_shared<core::Result<Report>>(
        core::fail(core::Code::Internal, QStringLiteral("the sign-on gave no answer")));
    job->thread.reset(QThread::create([path = d->path, request, cancel = job->cancel, result] {
        *result = attempt(path, request, cancel);
    }));
    job->thread->setObjectName(QStringLiteral("sign-on"));
    // The thread keeps the connection, and the job the thread: so the connection must not keep the job.
    connect(job->thread.get(), &QThread::finished, this, [this, begun = std::weak_ptr(job), result] {
        const auto ended = begun.lock();
        if (!ended || d->job != ended)
            return; // another one has taken its place
        d->deadline.stop();
        const bool tookTooLong = ended->tookTooLong;
        ended->thread->wait();
        d->job.reset();
        if (*result)
            emit finished(**result);
        else if (tookTooLong)
            emit failed({core::Code::Timeout, QStringLiteral("the sign-on took too long")});
        else
            emit failed(result->error());
    });
    d->job = job;
    d->deadline.start(deadline);
    job->thread->start();
}

void SignOn::cancel()
{
    if (d->job)
        d->job->cancel.cancel();
}

bool SignOn::isRunning() const
{
    return d->job != nullptr;
}

} // namespace gatehouse::signon
