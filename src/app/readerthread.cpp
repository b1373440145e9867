// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/readerthread.h"

namespace gatehouse::app {

namespace {
/// An interrupt meant for the request before may hit the next one; that one is then asked again, this often at most.
constexpr int kMaxRepeats = 3;
} // namespace

ReaderThread::ReaderThread(const QString &environmentPath, QObject *parent)
    : QObject(parent), m_path(environmentPath), m_worker(new QObject)
{
    m_thread.setObjectName(QStringLiteral("reader"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

ReaderThread::~ReaderThread()
{
    for (const Pending &pending : std::as_const(m_pending))
        pending.cancelled->store(true, std::memory_order_relaxed);
    if (store::Reader *reader = m_interruptible.load())
        reader->interrupt();
    // The reader's connection belongs to its thread, so it is closed there.
    QMetaObject::invokeMethod(
        m_worker,
        [this] {
            m_interruptible = nullptr;
            m_reader.reset();
            m_thread.quit();
        },
        Qt::QueuedConnection);
    m_thread.wait();
}

void ReaderThread::cancel(quint64 request)
{
    const auto pending = m_pending.constFind(request);
    if (pending == m_pending.constEnd())
        return;
    pending->cancelled->store(true);
    m_pending.erase(pending);
    if (m_running.load() == request) {
        if (store::Reader *reader = m_interruptible.load())
            reader->interrupt();
    }
}

quint64 ReaderThread::enqueue(QObject *context, Work work, std::function<void(std::shared_ptr<void>)> deliver)
{
    const quint64 request = ++m_last;
    auto cancelled = std::make_shared<std::atomic_bool>(false);
    m_pending.insert(request, {context, std::move(deliver), cancelled});
    QMetaObject::invokeMethod(
        m_worker, [this, request, work = std::move(work), cancelled] { run(request, work, cancelled); },
        Qt::QueuedConnection);
    return request;
}

void ReaderThread::run(quint64 request, const Work &work, const std::shared_ptr<std::atomic_bool> &cancelled)
{
    Answer answer;
    m_running = request;
    for (int round = 0; round <= kMaxRepeats && !cancelled->load(); ++round) {
        answer = work(openReader());
        if (!answer.interrupted)
            break;
    }
    m_running = 0;
    if (cancelled->load())
        return;
    QMetaObject::invokeMethod(
        this,
        [this, request, value = std::move(answer.value)] {
            const auto found = m_pending.constFind(request);
            if (found == m_pending.constEnd())
                return;
            const Pending pending = *found;
            m_pending.erase(found);
            if (pending.context)
                pending.deliver(value);
        },
        Qt::QueuedConnection);
}

core::Result<store::Reader *> ReaderThread::openReader()
{
    if (!m_reader) {
        auto opened = store::Reader::open(m_path);
        if (!opened)
            return core::fail(opened.error());
        m_reader = std::move(*opened);
        m_interruptible = m_reader.get();
    }
    return m_reader.get();
}

} // namespace gatehouse::app
