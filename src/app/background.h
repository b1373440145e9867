// SPDX-License-Identifier: GPL-3.0-or-later
//
// Work that blocks, in a thread that ends with it; what comes of it is delivered in the GUI thread. Nobody waits for
// the thread: what the work touches, it holds by value. GUI thread.
#pragma once

#include <QObject>
#include <QPointer>
#include <QThread>

#include <functional>
#include <utility>

namespace gatehouse::app {

/// Runs @p work in a thread of its own.
inline void startThread(const QString &name, std::function<void()> work)
{
    QThread *thread = QThread::create(std::move(work));
    thread->setObjectName(name);
    QObject::connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    thread->start();
}

/// Carries answers from a worker thread to an object of the GUI thread that may be gone by then: the mailbox itself
/// lives in the GUI thread and is deleted there.
struct Mailbox : QObject {
    template <typename F>
    void post(F &&deliver)
    {
        QMetaObject::invokeMethod(this, std::forward<F>(deliver), Qt::QueuedConnection);
    }
};

/// Runs @p work in a thread of its own; @p then gets its answer in the GUI thread while @p context lives.
template <typename T>
void inBackground(QObject *context, const QString &name, std::function<T()> work, std::function<void(T)> then)
{
    auto *mailbox = new Mailbox;
    startThread(name, [mailbox, context = QPointer<QObject>(context), work = std::move(work), then = std::move(then)] {
        T answer = work();
        mailbox->post([mailbox, context, then, answer = std::move(answer)] {
            if (context)
                then(answer);
            mailbox->deleteLater();
        });
    });
}

} // namespace gatehouse::app
