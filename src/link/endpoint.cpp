// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/endpoint.h"

#include "link/hub_p.h"

#include <QDeadlineTimer>
#include <QThread>

#include <algorithm>

namespace gatehouse::link {

using core::Code;

namespace {
constexpr qint64 kSliceMs = 50; ///< how soon a cancel is noticed
}

struct Endpoint::Private {
    std::shared_ptr<Snapshot> snapshot = std::make_shared<Snapshot>();
    QThread thread;
    Hub *hub = nullptr;

    bool hasClientOf(const QUuid &gateway) const
    {
        return std::any_of(snapshot->instances.cbegin(), snapshot->instances.cend(),
                           [&](const Instance &instance) { return instance.gateway == gateway; });
    }
};

Endpoint::Endpoint(const Timing &timing, QObject *parent) : QObject(parent), d(std::make_unique<Private>())
{
    d->hub = new Hub(timing, d->snapshot);
    d->hub->moveToThread(&d->thread);
    connect(d->hub, &Hub::instancesChanged, this, &Endpoint::instancesChanged, Qt::DirectConnection);
    connect(d->hub, &Hub::credentialUsed, this, &Endpoint::credentialUsed, Qt::DirectConnection);
    connect(d->hub, &Hub::logged, this, &Endpoint::logged, Qt::DirectConnection);
    d->thread.setObjectName(QStringLiteral("link"));
    d->thread.start();
}

Endpoint::~Endpoint()
{
    QMetaObject::invokeMethod(d->hub, [hub = d->hub] {
        hub->close();
        hub->deleteLater();
        QThread::currentThread()->quit();
    }, Qt::QueuedConnection);
    d->thread.wait();
}

core::Result<quint16> Endpoint::listen(const QString &address, quint16 port, const TlsIdentity &identity)
{
    core::Result<quint16> answer = quint16(0);
    QMetaObject::invokeMethod(d->hub, [&] { answer = d->hub->listen(address, port, identity); }, Qt::BlockingQueuedConnection);
    return answer;
}

void Endpoint::close()
{
    QMetaObject::invokeMethod(d->hub, [this] { d->hub->close(); }, Qt::BlockingQueuedConnection);
}

void Endpoint::setAdmissions(const QList<Admission> &admissions)
{
    QMetaObject::invokeMethod(d->hub, [hub = d->hub, admissions] { hub->setAdmissions(admissions); }, Qt::QueuedConnection);
}

QList<Instance> Endpoint::instances() const
{
    const QMutexLocker lock(&d->snapshot->mutex);
    return d->snapshot->instances;
}

QList<Instance> Endpoint::instancesOf(const QUuid &gateway) const
{
    QList<Instance> all = instances();
    all.removeIf([&](const Instance &instance) { return instance.gateway != gateway; });
    return all;
}

core::Result<Dialled> Endpoint::dial(const DialRequest &request, const std::function<bool()> &isCancelled)
{
    const auto cancelled = [&] { return isCancelled && isCancelled(); };
    const auto tooLate = [&] { return core::fail(Code::Cancelled, QStringLiteral("cancelled"), QStringLiteral("connecting through a gateway client")); };
    {
        const QDeadlineTimer patience(request.patience);
        QMutexLocker lock(&d->snapshot->mutex);
        while (!d->hasClientOf(request.gateway) && !patience.hasExpired()) {
            if (cancelled())
                return tooLate();
            d->snapshot->changed.wait(&d->snapshot->mutex, QDeadlineTimer(std::min(kSliceMs, patience.remainingTime())));
        }
    }
    const auto pending = std::make_shared<PendingDial>();
    pending->request = request;
    QMetaObject::invokeMethod(d->hub, [hub = d->hub, pending] { hub->dial(pending); }, Qt::QueuedConnection);

    const QDeadlineTimer deadline(request.allowed);
    QMutexLocker lock(&pending->mutex);
    while (!pending->answer) {
        if (cancelled() || deadline.hasExpired()) {
            pending->isAbandoned = true;
            if (cancelled())
                return tooLate();
            return core::fail(Code::Timeout, QStringLiteral("connecting through a gateway client"),
                              QStringLiteral("the gateway client did not answer in time"));
        }
        pending->answered.wait(&pending->mutex, QDeadlineTimer(std::min(kSliceMs, deadline.remainingTime())));
    }
    core::Result<Dialled> answer = std::move(*pending->answer);
    pending->answer.reset(); // the socket is the caller's now
    return answer;
}

} // namespace gatehouse::link
