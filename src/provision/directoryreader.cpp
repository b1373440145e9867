// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/directoryreader.h"

#include "gateway/connector.h"
#include "gateway/directoryschema.h"
#include "gateway/references.h"
#include "ldap/dialect.h"

#include <QMutex>
#include <QThread>
#include <QWaitCondition>

#include <algorithm>
#include <deque>
#include <utility>

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
    std::shared_ptr<const core::Schema> schema;

    core::Result<void> readSchema(ldap::Session &opened);
    QList<QByteArray> vendorAttributes() const;
    QWaitCondition asked;
    Question question;
    bool answers = false; ///< the thread waits for questions

    void work(DirectoryReader *self);
    std::optional<core::Error> errorOf(const core::Result<void> &result) const;
    core::Result<void> read(DirectoryReader *self);
    void answer(DirectoryReader *self);
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
    search.schema = schema;
    search.askedWhereKnown = vendorAttributes();
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

/// The attributes of which a directory has a few only, depending on its product. A schema that knows none of the immutable
/// ids shows itself in part, and nothing follows from it.
QList<QByteArray> DirectoryReader::Private::vendorAttributes() const
{
    const ldap::Dialect dialect(request.gateway.vendor);
    const QList<QByteArray> &ids = dialect.idAttributes();
    const auto isKnown = [this](const QByteArray &name) { return schema && schema->find(QString::fromUtf8(name)); };
    if (std::none_of(ids.cbegin(), ids.cend(), isKnown))
        return {};
    return ids + dialect.activeAttributes();
}

std::optional<core::Error> DirectoryReader::Private::errorOf(const core::Result<void> &result) const
{
    if (cancelled.isCancelled())
        return core::Error{core::Code::Cancelled, QStringLiteral("The read was cancelled")};
    return result ? std::nullopt : std::optional(result.error());
}

/// A server that shows no schema is read without: names are then those that it answers with, letter for letter.
core::Result<void> DirectoryReader::Private::readSchema(ldap::Session &opened)
{
    auto found = gateway::readSchema(opened);
    const bool isLost = !found && (found.error().code == core::Code::Cancelled || found.error().code == core::Code::Timeout
                                   || found.error().code == core::Code::Unreachable);
    if (isLost)
        return core::fail(found.error());
    QMutexLocker lock(&mutex);
    if (found)
        schema = std::make_shared<const core::Schema>(*std::move(found));
    return {};
}

void DirectoryReader::Private::work(DirectoryReader *self)
{
    auto opened = gateway::openSession(request.gateway, cancelled, request.deadlines, request.need);
    if (!opened) {
        emit self->ended(errorOf(core::fail(opened.error())));
        return;
    }
    {
        QMutexLocker lock(&mutex);
        session = opened->session.get();
        if (cancelled.isCancelled())
            session->cancel();
    }
    core::Result<void> result = readSchema(*opened->session);
    if (result) {
        emit self->opened(opened->serverHostAndPort);
        result = read(self);
    }
    const auto error = errorOf(result);
    {
        QMutexLocker lock(&mutex);
        answers = !error && request.staysOpen;
    }
    emit self->ended(error);
    answer(self);
    QMutexLocker lock(&mutex);
    session = nullptr;
}

void DirectoryReader::Private::answer(DirectoryReader *self)
{
    QMutexLocker lock(&mutex);
    while (answers) {
        while (!question && !cancelled.isCancelled())
            asked.wait(&mutex);
        if (!question) {
            answers = false; // cancelled, and nobody waits for an answer
            return;
        }
        const Question next = std::exchange(question, nullptr);
        lock.unlock();
        const auto error = errorOf(cancelled.isCancelled() ? core::Result<void>() : next(*session));
        lock.relock();
        answers = !error;
        emit self->answered(error);
    }
}

core::Result<void> DirectoryReader::Private::read(DirectoryReader *self)
{
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
    d->thread.reset(QThread::create([this] { d->work(this); }));
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
    d->asked.wakeAll();
}

void DirectoryReader::ask(Question question)
{
    QMutexLocker lock(&d->mutex);
    if (!d->answers) {
        QMetaObject::invokeMethod(this, [this] { emit answered(d->errorOf(core::fail(core::Code::Internal,
                                                                                     QStringLiteral("The reader is closed")))); },
                                  Qt::QueuedConnection);
        return;
    }
    d->question = std::move(question);
    d->asked.wakeAll();
}

std::shared_ptr<const core::Schema> DirectoryReader::schema() const
{
    QMutexLocker lock(&d->mutex);
    return d->schema;
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
