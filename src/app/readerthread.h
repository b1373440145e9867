// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reader thread: owns a store::Reader and answers what tables and details ask for, one request after the other.
// Owned by app::Console and called from the GUI thread only. Each request has a number; its answer is delivered by the
// event loop in the GUI thread, and dropped when the asking object is gone or the request was cancelled. Never writes.
#pragma once

#include "core/result.h"
#include "store/reader.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>

namespace gatehouse::app {

class ReaderThread : public QObject {
    Q_OBJECT
public:
    explicit ReaderThread(const QString &environmentPath, QObject *parent = nullptr);
    /// Interrupts the running query and waits for the thread.
    ~ReaderThread() override;

    /// Runs @p work in the reader thread, then @p then in the GUI thread while @p context lives. The environment is
    /// opened by the first request; when that fails, every request is answered with its error and the next tries
    /// again. @return the request's number, for cancel().
    template <typename T>
    quint64 read(QObject *context, std::function<core::Result<T>(store::Reader &)> work,
                 std::function<void(core::Result<T>)> then);

    /// Drops the request: skipped when it waits, interrupted when it runs. Its answer never comes.
    void cancel(quint64 request);

private:
    struct Pending {
        QPointer<QObject> context;
        std::function<void(std::shared_ptr<void>)> deliver;
        std::shared_ptr<std::atomic_bool> cancelled;
    };
    /// An answer, and whether the query ended with Code::Cancelled.
    struct Answer {
        std::shared_ptr<void> value;
        bool interrupted = false;
    };
    using Work = std::function<Answer(const core::Result<store::Reader *> &)>;

    quint64 enqueue(QObject *context, Work work, std::function<void(std::shared_ptr<void>)> deliver);
    void run(quint64 request, const Work &work, const std::shared_ptr<std::atomic_bool> &cancelled);
    [[nodiscard]] core::Result<store::Reader *> openReader();

    QString m_path;
    QThread m_thread;
    QObject *m_worker; ///< lives in m_thread; requests are posted to it
    std::unique_ptr<store::Reader> m_reader;          ///< reader thread only
    std::atomic<store::Reader *> m_interruptible = nullptr;
    std::atomic<quint64> m_running = 0;
    quint64 m_last = 0;
    QHash<quint64, Pending> m_pending; ///< GUI thread only
};

template <typename T>
quint64 ReaderThread::read(QObject *context, std::function<core::Result<T>(store::Reader &)> work,
                           std::function<void(core::Result<T>)> then)
{
    return enqueue(
        context,
        [work = std::move(work)](const core::Result<store::Reader *> &reader) {
            auto value = std::make_shared<core::Result<T>>(
                reader ? work(**reader) : core::Result<T>(core::fail(reader.error())));
            const bool interrupted = !*value && value->error().code == core::Code::Cancelled;
            return Answer{value, interrupted};
        },
        [then = std::move(then)](const std::shared_ptr<void> &value) {
            then(std::move(*std::static_pointer_cast<core::Result<T>>(value)));
        });
}

} // namespace gatehouse::app
