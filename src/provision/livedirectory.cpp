// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/livedirectory.h"

#include "core/config/gateway.h"
#include "core/filter.h"
#include "gateway/connector.h"
#include "gateway/directoryschema.h"

#include <QMutex>
#include <QThread>

#include <atomic>

namespace gatehouse::provision {

namespace {

/// What a person is looked for by, and shown as; the first that is there is shown.
const QList<QByteArray> kNameAttributes = {"displayName", "cn", "sn", "givenName"};
const QList<QByteArray> kDetailAttributes = {"sAMAccountName", "uid", "mail", "userPrincipalName"};

QString firstOf(const core::EntryView &entry, int firstSlot, qsizetype count)
{
    for (int slot = firstSlot; slot < firstSlot + int(count); ++slot) {
        const QByteArrayView value = entry.value(slot);
        if (!value.isEmpty() && value.isValidUtf8())
            return QString::fromUtf8(value);
    }
    return {};
}

} // namespace

/// Lives in the thread; holds the session. The face waits for the thread before it goes; answers are queued to it and
/// dropped when it is gone.
class LiveDirectory::Worker : public QObject {
public:
    Worker(core::Gateway gateway, Scope scope, link::Need need, LiveDirectory *face)
        : m_gateway(std::move(gateway)), m_scope(std::move(scope)), m_need(need), m_face(face)
    {
    }

    std::atomic<quint64> newestSearch{0};

    /// Any thread.
    void cancel()
    {
        m_cancelled.cancel();
        QMutexLocker lock(&m_mutex);
        if (m_running)
            m_running->cancel();
    }

    void search(quint64 request, const QString &text, int limit)
    {
        if (request != newestSearch)
            return; // somebody typed on
        core::Filter wanted;
        const auto people = core::Filter::parse(QByteArrayView(m_scope.filter));
        if (!people)
            return answer(request, people.error());
        wanted = *people;
        if (!text.trimmed().isEmpty()) {
            QList<core::Filter> any;
            for (const QByteArray &name : kNameAttributes + kDetailAttributes)
                any.append(core::Filter::substrings(name, {}, {text.trimmed().toUtf8()}, {}));
            wanted = core::Filter::all({*people, core::Filter::any(any)});
        }
        ldap::SearchRequest query;
        query.filter = wanted.toUtf8();
        query.attributes = std::make_shared<const core::SlotNames>(kNameAttributes + kDetailAttributes);
        query.pageSize = limit;
        query.limit = limit;
        QList<FoundEntry> found;
        for (const QByteArray &base : std::as_const(m_scope.bases)) {
            query.base = base;
            const auto end = withSession<ldap::SearchEnd>([&](ldap::Session &session) {
                return session.search(query, [&](core::EntryBatch &&page) {
                    for (qsizetype i = 0; i < page.size(); ++i) {
                        const core::EntryView entry = page.at(i);
                        found.append({entry.dn().toByteArray(), firstOf(entry, 0, kNameAttributes.size()),
                                      firstOf(entry, int(kNameAttributes.size()), kDetailAttributes.size())});
                    }
                    return request == newestSearch;
                });
            });
            if (request != newestSearch)
                return;
            if (!end && end.error().code != core::Code::LimitExceeded)
                return answer(request, end.error());
            if (found.size() >= limit)
                break;
        }
        found.resize(std::min<qsizetype>(found.size(), limit));
        toFace([request, found](LiveDirectory &face) { emit face.found(request, found); });
    }

    void setScope(const Scope &scope) { m_scope = scope; }

    void ask(quint64 request, const Work &work, bool isSearch)
    {
        if (isSearch && request != newestSearch)
            return; // somebody typed on
        const auto done = withSession<std::any>(work);
        if (isSearch && request != newestSearch)
            return;
        if (!done)
            return answer(request, done.error());
        toFace([request, given = *done](LiveDirectory &face) { emit face.answered(request, given); });
    }

    void read(quint64 request, const QByteArray &dn, const core::SlotNames &more)
    {
        const auto entry = withSession<core::Entry>([&](ldap::Session &session) { return session.read(dn, core::SlotNames{"*", "+"} + more); });
        if (!entry)
            return answer(request, entry.error());
        toFace([request, entry = *entry](LiveDirectory &face) { emit face.entryRead(request, entry); });
    }

    void loadSchema(quint64 request)
    {
        const auto schema = withSession<core::Schema>([](ldap::Session &session) { return gateway::readSchema(session); });
        if (!schema)
            return answer(request, schema.error());
        toFace([request, schema = *schema](LiveDirectory &face) { emit face.schemaLoaded(request, schema); });
    }

private:
    /// A session that idled too long may be gone: a lost connection is opened once more.
    template <typename T>
    core::Result<T> withSession(const std::function<core::Result<T>(ldap::Session &)> &work)
    {
        for (int attempt = 0;; ++attempt) {
            const bool fresh = !m_session;
            if (fresh) {
                auto opened = gateway::openSession(m_gateway, m_cancelled, {}, m_need);
                if (!opened)
                    return core::fail(opened.error());
                m_session = std::move(opened->session);
            }
            setRunning(m_session.get());
            core::Result<T> result = work(*m_session);
            setRunning(nullptr);
            const bool lost = !result && (result.error().code == core::Code::Unreachable || result.error().code == core::Code::Timeout);
            if (lost)
                m_session.reset();
            if (!lost || fresh || attempt > 0)
                return result;
        }
    }

    void setRunning(ldap::Session *session)
    {
        QMutexLocker lock(&m_mutex);
        m_running = session;
        if (session && m_cancelled.isCancelled())
            session->cancel();
    }

    void toFace(std::function<void(LiveDirectory &)> speak)
    {
        QMetaObject::invokeMethod(m_face, [face = m_face, speak = std::move(speak)] { speak(*face); }, Qt::QueuedConnection);
    }
    void answer(quint64 request, const core::Error &error)
    {
        toFace([request, error](LiveDirectory &face) { emit face.failed(request, error); });
    }

    core::Gateway m_gateway;
    Scope m_scope;
    link::Need m_need;
    LiveDirectory *m_face;
    core::CancelToken m_cancelled;
    std::unique_ptr<ldap::Session> m_session;
    QMutex m_mutex;
    ldap::Session *m_running = nullptr; ///< what cancel() must reach while the thread waits in it
};

struct LiveDirectory::Private {
    std::unique_ptr<QThread> thread;
    std::unique_ptr<Worker> worker;
    quint64 lastRequest = 0;

    template <typename Work>
    quint64 ask(Work work)
    {
        const quint64 request = ++lastRequest;
        QMetaObject::invokeMethod(worker.get(), [target = worker.get(), request, work] { work(*target, request); }, Qt::QueuedConnection);
        return request;
    }
};

LiveDirectory::LiveDirectory(core::Gateway gateway, Scope scope, link::Need need, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->thread = std::make_unique<QThread>();
    d->thread->setObjectName(QStringLiteral("live directory"));
    d->worker = std::make_unique<Worker>(std::move(gateway), std::move(scope), need, this);
    d->worker->moveToThread(d->thread.get());
    d->thread->start();
}

LiveDirectory::~LiveDirectory()
{
    d->worker->newestSearch = 0;
    d->worker->cancel();
    d->thread->quit();
    d->thread->wait();
}

quint64 LiveDirectory::search(const QString &text, int limit)
{
    d->worker->newestSearch = d->lastRequest + 1;
    return d->ask([text, limit](Worker &worker, quint64 request) { worker.search(request, text, limit); });
}

quint64 LiveDirectory::read(const QByteArray &dn, const core::SlotNames &more)
{
    return d->ask([dn, more](Worker &worker, quint64 request) { worker.read(request, dn, more); });
}

quint64 LiveDirectory::ask(Work work)
{
    return d->ask([work = std::move(work)](Worker &worker, quint64 request) { worker.ask(request, work, false); });
}

quint64 LiveDirectory::lookUp(Work work)
{
    d->worker->newestSearch = d->lastRequest + 1;
    return d->ask([work = std::move(work)](Worker &worker, quint64 request) { worker.ask(request, work, true); });
}

void LiveDirectory::setScope(Scope scope)
{
    d->ask([scope = std::move(scope)](Worker &worker, quint64) { worker.setScope(scope); });
}

quint64 LiveDirectory::loadSchema()
{
    return d->ask([](Worker &worker, quint64 request) { worker.loadSchema(request); });
}

} // namespace gatehouse::provision
