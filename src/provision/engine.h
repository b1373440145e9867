// SPDX-License-Identifier: GPL-3.0-or-later
//
// The background engine as the rest of the program sees it: it owns the engine thread, in which the environment is
// written and runs take place. Verbs may be called from the GUI thread and return at once; answers come as futures
// (continue with .then(context, …)) or by signal in the caller's thread. Values only.
#pragma once

#include "core/identity.h"
#include "core/result.h"
#include "provision/run.h"

#include <QFuture>
#include <QObject>
#include <QPromise>

#include <functional>
#include <memory>

namespace gatehouse::provision {

class Engine : public QObject {
    Q_OBJECT
public:
    explicit Engine(const QString &environmentPath, QObject *parent = nullptr);
    /// Cancels what runs and waits until the thread has finished the transaction it is in.
    ~Engine() override;

    /// Opens the environment in the engine thread, making the file where there is none.
    [[nodiscard]] QFuture<core::Result<void>> open();
    const QString &environmentPath() const;

    /// Starts a plan or a run and returns its job number. One job per rule at a time (else it ends with Locked).
    quint64 start(const RunRequest &request);
    void cancel(quint64 job);

    /// Any work on the environment in the engine's thread; only after open() went well. @p touched: what listeners
    /// should read again.
    enum class Touched { Nothing, Configuration, Users, Groups, Runs, All };
    Q_ENUM(Touched)
    template <typename T>
    [[nodiscard]] QFuture<T> post(std::function<T(store::Environment &)> work, Touched touched = Touched::Nothing);

signals:
    void jobStarted(quint64 job, const gatehouse::provision::RunRequest &request);
    void jobProgressed(quint64 job, const gatehouse::provision::Progress &progress);
    void jobFinished(quint64 job, const gatehouse::provision::RunOutcome &outcome);
    /// Something stored has changed: models read again.
    void changed(gatehouse::provision::Engine::Touched what);

private:
    void enqueue(std::function<void(store::Environment *)> work, Touched touched);
    struct Private;
    std::unique_ptr<Private> d;
};

template <typename T>
QFuture<T> Engine::post(std::function<T(store::Environment &)> work, Touched touched)
{
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    QFuture<T> future = promise->future();
    enqueue(
        [promise, work = std::move(work)](store::Environment *environment) {
            // Without an open environment the future ends without a result: a cancelled continuation.
            if (environment)
                promise->addResult(work(*environment));
            else
                promise->future().cancel();
            promise->finish();
        },
        touched);
    return future;
}

} // namespace gatehouse::provision
