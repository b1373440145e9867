// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/engine.h"

#include "store/environment.h"

#include <QThread>

#include <atomic>
#include <map>

namespace gatehouse::provision {

/// Lives in the engine's thread: the environment and the runs.
class EngineWorker : public QObject {
    Q_OBJECT
public:
    std::unique_ptr<store::Environment> environment;
    std::map<quint64, std::unique_ptr<Run>> runs;
    std::map<quint64, QString> rules; ///< of the running jobs

    core::Result<void> open(const QString &path)
    {
        auto opened = store::Environment::open(path, store::Environment::Access::Create);
        if (!opened)
            return core::fail(opened.error());
        environment = *std::move(opened);
        return {};
    }

    void start(quint64 job, const RunRequest &request)
    {
        RunOutcome refused;
        refused.rule = request.rule;
        if (!environment) {
            refused.error = core::Error{core::Code::Internal, QStringLiteral("The environment is not open")};
            emit finished(job, refused);
            return;
        }
        for (const auto &[other, rule] : rules) {
            if (rule != request.rule)
                continue;
            refused.error = core::Error{core::Code::Locked, QStringLiteral("The rule \"%1\" is running already").arg(rule)};
            emit finished(job, refused);
            return;
        }
        auto run = std::make_unique<Run>(*environment, request);
        connect(run.get(), &Run::progressed, this, [this, job](const Progress &progress) { emit progressed(job, progress); });
        connect(run.get(), &Run::finished, this, [this, job](const RunOutcome &outcome) {
            rules.erase(job);
            runs[job].release()->deleteLater();
            runs.erase(job);
            emit finished(job, outcome);
        });
        rules.emplace(job, request.rule);
        Run *started = runs.emplace(job, std::move(run)).first->second.get();
        started->start();
    }

    void cancel(quint64 job)
    {
        if (const auto run = runs.find(job); run != runs.end())
            run->second->cancel();
    }

    void shutDown()
    {
        runs.clear(); // each cancels its read and leaves what it applied, journaled
        environment.reset();
    }

signals:
    void progressed(quint64 job, const gatehouse::provision::Progress &progress);
    void finished(quint64 job, const gatehouse::provision::RunOutcome &outcome);
};

struct Engine::Private {
    QString path;
    QThread thread;
    EngineWorker *worker = nullptr;
    std::atomic<quint64> nextJob{1};
    QHash<quint64, RunRequest> requests; ///< of the GUI thread, to know what a finished job touched
};

Engine::Engine(const QString &environmentPath, QObject *parent) : QObject(parent), d(std::make_unique<Private>())
{
    qRegisterMetaType<Progress>();
    qRegisterMetaType<RunOutcome>();
    qRegisterMetaType<RunRequest>();
    qRegisterMetaType<Touched>();
    d->path = environmentPath;
    d->worker = new EngineWorker;
    d->worker->moveToThread(&d->thread);
    connect(d->worker, &EngineWorker::progressed, this, &Engine::jobProgressed);
    connect(d->worker, &EngineWorker::finished, this, [this](quint64 job, const RunOutcome &outcome) {
        const RunRequest request = d->requests.take(job);
        emit jobFinished(job, outcome);
        if (request.apply)
            emit changed(Touched::All);
    });
    d->thread.setObjectName(QStringLiteral("engine"));
    d->thread.start();
}

Engine::~Engine()
{
    QMetaObject::invokeMethod(d->worker, [worker = d->worker] {
        worker->shutDown();
        worker->deleteLater();
        QThread::currentThread()->quit();
    }, Qt::QueuedConnection);
    d->thread.wait();
}

QFuture<core::Result<void>> Engine::open()
{
    auto promise = std::make_shared<QPromise<core::Result<void>>>();
    promise->start();
    QFuture<core::Result<void>> future = promise->future();
    QMetaObject::invokeMethod(d->worker, [promise, worker = d->worker, path = d->path] {
        promise->addResult(worker->open(path));
        promise->finish();
    }, Qt::QueuedConnection);
    return future;
}

const QString &Engine::environmentPath() const
{
    return d->path;
}

quint64 Engine::start(const RunRequest &request)
{
    const quint64 job = d->nextJob++;
    d->requests.insert(job, request);
    emit jobStarted(job, request);
    QMetaObject::invokeMethod(d->worker, [worker = d->worker, job, request] { worker->start(job, request); },
                              Qt::QueuedConnection);
    return job;
}

void Engine::cancel(quint64 job)
{
    QMetaObject::invokeMethod(d->worker, [worker = d->worker, job] { worker->cancel(job); }, Qt::QueuedConnection);
}

void Engine::enqueue(std::function<void(store::Environment *)> work, Touched touched)
{
    QMetaObject::invokeMethod(d->worker, [this, worker = d->worker, work = std::move(work), touched] {
        work(worker->environment.get());
        if (touched != Touched::Nothing)
            QMetaObject::invokeMethod(this, [this, touched] { emit changed(touched); }, Qt::QueuedConnection);
    }, Qt::QueuedConnection);
}

} // namespace gatehouse::provision

#include "engine.moc"
