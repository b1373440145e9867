// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/directoryreader.h"

#include "gateway/connector.h"
#include "gateway/references.h"

#include <QMutex>
#include <QThread>
#include <QWaitCondition>

#include <deque>

namespace gatehouse::provision {

namespace {
constexpr size_t kQueuedPages = 8; // pages of 1,000 people: some 4 MB
}

struct DirectoryReader::Private {
    explicit Private(ReadRequest r) : request(std::move(r)) {}

    ReadRequest request;
    core::CancelToken cancelled;
    std::unique_ptr<QThread> thread;

    // The queue, and the session that cancel() must reach while the thread waits in it.
    QMutex mutex;
    QWaitCondition room;
    std::deque<core::EntryBatch> pages;
    ldap::Session *session = nullptr;

    core::Result<void> read(DirectoryReader *self);
    core::Result<void> searchBase(DirectoryReader *self, const QByteArray &base, ldap::Scope scope,
                                  const QByteArray &filter);
    bool push(DirectoryReader *self, core::EntryBatch &&page);
};

bool DirectoryReader::Private::push(DirectoryReader *self, core::EntryBatch &&page)
{
    if (page.size() == 0)
        return !cancelled.isCancelled();
    QMutexLocker lock(&mutex);
    while (pages.size() >= kQueuedPages && !cancelled.isCancelled())
        room.wait(&mutex);
    if (cancelled.isCancelled())
        return false;
    pages.push_back(std::move(page));
    lock.unlock();
    emit self->pageReady();
    return true;
}

core::Result<void> DirectoryReader::Private::searchBase(DirectoryReader *self, const QByteArray &base,
                                                        ldap::Scope scope, const QByteArray &filter)
{
    ldap::SearchRequest search;
    search.base = base;
    search.scope = scope;
    search.filter = filter;
    search.attributes = request.attributes;
    const auto end = session->search(search, [&](core::EntryBatch &&page) { return push(self, std::move(page)); });
    if (!end)
        return core::fail(end.error());
    // Whoever lives behind a referral was not read; that is not the same as having left.
    if (end->referrals > 0)
        return core::fail(gateway::missedError(*end, QString::fromUtf8(base)));
    if (!end->complete) {
        return core::fail(core::Code::Protocol, QStringLiteral("The search ended before everything was read"), {},
                          QString::fromUtf8(base));
    }
    return {};
}

core::Result<void> DirectoryReader::Private::read(DirectoryReader *self)
{
    auto opened = gateway::openSession(request.gateway, cancelled, request.deadlines, request.need);
    if (!opened)
        return core::fail(opened.error());
    {
        QMutexLocker lock(&mutex);
        session = opened->session.get();
        if (cancelled.isCancelled())
            session->cancel();
    }
    emit self->opened(opened->serverHostAndPort);

    core::Result<void> result;
    if (request.single && !request.single->dn.isEmpty()) {
        result = searchBase(self, request.single->dn, ldap::Scope::Base, request.filter);
        if (!result && result.error().code == core::Code::NotFound)
            result = {};
    } else {
        QByteArray filter = request.filter;
        if (request.single)
            filter = "(&" + filter + request.single->filter + ")";
        for (const QByteArray &base : request.bases) {
            result = searchBase(self, base, ldap::Scope::Subtree, filter);
            if (!result)
                break;
        }
    }
    QMutexLocker lock(&mutex);
    session = nullptr;
    return result;
}

DirectoryReader::DirectoryReader(ReadRequest request, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(std::move(request)))
{
    qRegisterMetaType<std::optional<gatehouse::core::Error>>();
}

DirectoryReader::~DirectoryReader()
{
    cancel();
    if (d->thread)
        d->thread->wait();
}

void DirectoryReader::start()
{
    d->thread.reset(QThread::create([this] {
        const core::Result<void> result = d->read(this);
        std::optional<core::Error> error;
        if (!result)
            error = result.error();
        if (d->cancelled.isCancelled())
            error = core::Error{core::Code::Cancelled, QStringLiteral("The read was cancelled")};
        emit ended(error);
    }));
    d->thread->setObjectName(QStringLiteral("directory reader"));
    d->thread->start();
}

void DirectoryReader::cancel()
{
    d->cancelled.cancel();
    QMutexLocker lock(&d->mutex);
    if (d->session)
        d->session->cancel();
    d->room.wakeAll();
}

std::optional<core::EntryBatch> DirectoryReader::take()
{
    QMutexLocker lock(&d->mutex);
    if (d->pages.empty())
        return std::nullopt;
    core::EntryBatch page = std::move(d->pages.front());
    d->pages.pop_front();
    d->room.wakeOne();
    return page;
}

} // namespace gatehouse::provision
