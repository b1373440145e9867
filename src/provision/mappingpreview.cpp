// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/mappingpreview.h"

#include "ldap/dialect.h"
#include "provision/directoryreader.h"
#include "provision/mappingstatistics.h"
#include "store/entryowners.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/links.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QThread>

#include <atomic>

namespace gatehouse::provision {

namespace {
constexpr qint64 kMaxKeptOctets = 256 * 1024 * 1024; ///< of entries; beyond it the rest is left out and said so
constexpr qint64 kReportEveryMs = 100;
}

/// Lives in the preview's thread.
class MappingPreview::Worker : public QObject {
public:
    Worker(QString environmentPath, core::Gateway gateway, Scope scope, CompileMapping compile, qint64 sample, MappingPreview *face)
        : m_environmentPath(std::move(environmentPath)), m_gateway(std::move(gateway)), m_scope(std::move(scope)),
          m_compile(std::move(compile)), m_dialect(m_gateway.vendor), m_sample(sample), m_face(face)
    {
    }

    std::atomic<quint64> newestEdit{0};

    void evaluate(quint64 edit, const QList<core::AttributeMapping> &rows)
    {
        if (edit != newestEdit)
            return;
        if (!m_environment && !openEnvironment(edit))
            return;
        auto mapping = m_compile(rows, m_environment->catalog());
        if (!mapping)
            return fail(edit, mapping.error());
        m_tally.reset();
        m_mapping = *std::move(mapping);
        m_edit = edit;
        m_now = QDateTime::currentMSecsSinceEpoch();
        m_next = 0;
        m_timer.start();
        m_sinceReport.start();
        m_tally.emplace(*m_mapping);
        if (!haveAttributes())
            return read();
        evaluateSlice();
    }

private:
    bool openEnvironment(quint64 edit)
    {
        auto opened = store::Environment::open(m_environmentPath, store::Environment::Access::ReadOnly);
        if (!opened) {
            fail(edit, {opened.error()});
            return false;
        }
        m_environment = *std::move(opened);
        auto links = m_environment->links().load(m_gateway.id);
        if (!links) {
            fail(edit, {links.error()});
            m_environment.reset();
            return false;
        }
        m_links = *std::move(links);
        return true;
    }

    /// Whether what was read has all that the mapping asks for. Names are only ever added, so that going back and forth
    /// between two edits reads once.
    bool haveAttributes()
    {
        core::SlotNames wanted = m_names;
        for (const QByteArray &name : m_mapping->sources() + m_dialect.idAttributes() + m_dialect.activeAttributes()) {
            const bool known = std::any_of(wanted.cbegin(), wanted.cend(), [&](const QByteArray &other) {
                return other.compare(name, Qt::CaseInsensitive) == 0;
            });
            if (!known)
                wanted.append(name);
        }
        if (wanted.size() == m_names.size() && (m_reader || m_readComplete))
            return true;
        m_names = wanted;
        return false;
    }

    void read()
    {
        m_pages.clear();
        m_keptOctets = 0;
        m_inScope = 0;
        m_sampled = false;
        m_readComplete = false;
        ReadRequest request{m_gateway, m_scope.bases, m_scope.filter, std::make_shared<const core::SlotNames>(m_names), {}, {}, m_mapping->need()};
        m_reader = std::make_unique<DirectoryReader>(std::move(request));
        // What a reader before this one said, and that it was cancelled, may still be on its way.
        const quint64 number = ++m_readers;
        connect(m_reader.get(), &DirectoryReader::pageReady, this, [this, number] {
            if (number == m_readers && m_reader)
                takePages();
        });
        connect(m_reader.get(), &DirectoryReader::ended, this, [this, number](const std::optional<core::Error> &error) {
            if (number != m_readers || !m_reader)
                return;
            takePages();
            m_reader.release()->deleteLater();
            m_readComplete = m_sampled || !error;
            if (!m_readComplete)
                return fail(m_edit, {*error});
            evaluateSlice();
        });
        m_reader->start();
    }

    void takePages()
    {
        while (std::optional<core::EntryBatch> page = m_reader->take()) {
            if (m_sampled)
                continue;
            m_inScope += page->size();
            m_keptOctets += page->occupied();
            m_pages.push_back(*std::move(page));
            if ((m_sample != kEverybody && m_inScope >= m_sample) || m_keptOctets >= kMaxKeptOctets) {
                m_sampled = true;
                m_reader->cancel();
            }
        }
        evaluateSlice();
    }

    /// One page, then whatever else waits: the next edit, above all.
    void evaluateSlice()
    {
        if (m_edit != newestEdit || !m_tally)
            return;
        if (m_next < m_pages.size()) {
            if (auto added = addPage(m_pages[m_next]); !added)
                return fail(m_edit, {added.error()});
            ++m_next;
            if (m_sinceReport.elapsed() >= kReportEveryMs)
                report(false);
            QMetaObject::invokeMethod(this, [this] { evaluateSlice(); }, Qt::QueuedConnection);
            return;
        }
        if (m_readComplete) {
            report(true);
            m_tally.reset();
        }
    }

    core::Result<void> addPage(const core::EntryBatch &page)
    {
        // The mapping numbers its sources from 0; the page may hold them elsewhere.
        const core::EntryBatch *source = &page;
        std::optional<core::EntryBatch> arranged;
        if (!startsWith(page.slotNames(), m_mapping->sources())) {
            core::SlotNames names = m_mapping->sources();
            for (const QByteArray &name : m_dialect.idAttributes() + m_dialect.activeAttributes())
                names.append(name);
            arranged.emplace(std::make_shared<const core::SlotNames>(names));
            for (qsizetype i = 0; i < page.size(); ++i)
                arranged->append(page.at(i).toEntry());
            source = &*arranged;
        }
        QList<int> idSlots, activeSlots;
        for (const QByteArray &name : m_dialect.idAttributes())
            idSlots.append(source->slotOf(name));
        for (const QByteArray &name : m_dialect.activeAttributes())
            activeSlots.append(source->slotOf(name));
        std::vector<core::MappedEntry> mapped;
        mapped.reserve(size_t(source->size()));
        std::vector<store::EntryOwner> owners(size_t(source->size()));
        std::vector<store::EntryOwner *> asked;
        for (qsizetype i = 0; i < source->size(); ++i) {
            mapped.push_back(m_mapping->evaluate(source->at(i), m_dialect.isActive(source->at(i), activeSlots, m_now), m_now));
            store::EntryOwner &owner = owners[size_t(i)];
            const QByteArray id = m_dialect.idOf(source->at(i), idSlots);
            if (const store::Link *link = id.isEmpty() ? nullptr : m_links.find(id))
                owner.linkedRow = link->userRow;
            owner.usernameKey = core::usernameKey(mapped.back().values.text(m_mapping->catalog().username()));
            asked.push_back(&owner);
        }
        std::vector<core::User> users;
        if (auto found = store::findOwners(m_environment->identities(), m_gateway.id, m_mapping->matchBy(), asked, users); !found)
            return found;
        for (core::User &user : users) {
            if (auto completed = m_mapping->complete(*m_environment, user); !completed)
                return completed;
        }
        // For a rule, who gives a name up is known after the whole read only.
        const bool refusesTaken = m_mapping->matchBy() == core::MatchBy::LinkAlone;
        for (qsizetype i = 0; i < source->size(); ++i) {
            const store::EntryOwner &owner = owners[size_t(i)];
            m_tally->add(source->at(i), mapped[size_t(i)], owner.user, refusesTaken && owner.holder != 0);
        }
        return {};
    }

    static bool startsWith(const core::SlotNames &names, const core::SlotNames &first)
    {
        return names.size() >= first.size() && std::equal(first.cbegin(), first.cend(), names.cbegin());
    }

    void report(bool complete)
    {
        m_sinceReport.start();
        MappingStatistics statistics;
        statistics.edit = m_edit;
        statistics.inScope = m_inScope;
        statistics.sampled = m_sampled;
        statistics.complete = complete;
        statistics.milliseconds = m_timer.elapsed();
        m_tally->report(statistics);
        QMetaObject::invokeMethod(m_face, [face = m_face, statistics] { emit face->progressed(statistics); }, Qt::QueuedConnection);
    }

    void fail(quint64 edit, const QList<core::Error> &errors)
    {
        m_tally.reset();
        QMetaObject::invokeMethod(m_face, [face = m_face, edit, errors] { emit face->failed(edit, errors); }, Qt::QueuedConnection);
    }

    QString m_environmentPath;
    core::Gateway m_gateway;
    Scope m_scope;
    CompileMapping m_compile;
    ldap::Dialect m_dialect;
    qint64 m_sample;
    MappingPreview *m_face;
    std::unique_ptr<store::Environment> m_environment;
    store::LinkIndex m_links;
    std::unique_ptr<DirectoryReader> m_reader;
    quint64 m_readers = 0;   ///< made so far; m_reader is the last of them
    core::SlotNames m_names; ///< what was asked for
    std::vector<core::EntryBatch> m_pages;
    qint64 m_keptOctets = 0;
    qint64 m_inScope = 0;
    bool m_sampled = false;
    bool m_readComplete = false;
    quint64 m_edit = 0;
    qint64 m_now = 0; ///< of the edit, one for everybody
    std::shared_ptr<const TriedMapping> m_mapping;
    std::optional<MappingTally> m_tally;
    size_t m_next = 0; ///< page to evaluate
    QElapsedTimer m_timer;
    QElapsedTimer m_sinceReport;
};

struct MappingPreview::Private {
    std::unique_ptr<QThread> thread;
    Worker *worker = nullptr;
    quint64 lastEdit = 0;
};

MappingPreview::MappingPreview(const QString &environmentPath, core::Gateway gateway, Scope scope, CompileMapping compile, qint64 sample,
                               QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->thread = std::make_unique<QThread>();
    d->thread->setObjectName(QStringLiteral("mapping preview"));
    d->worker = new Worker(environmentPath, std::move(gateway), std::move(scope), std::move(compile), sample, this);
    d->worker->moveToThread(d->thread.get());
    // Ends in its own thread, where its database connection belongs.
    connect(d->thread.get(), &QThread::finished, d->worker, &QObject::deleteLater);
    d->thread->start();
}

MappingPreview::~MappingPreview()
{
    d->worker->newestEdit = 0;
    d->thread->quit();
    d->thread->wait();
}

quint64 MappingPreview::evaluate(const QList<core::AttributeMapping> &rows)
{
    const quint64 edit = ++d->lastEdit;
    d->worker->newestEdit = edit;
    QMetaObject::invokeMethod(d->worker, [worker = d->worker, edit, rows] { worker->evaluate(edit, rows); }, Qt::QueuedConnection);
    return edit;
}

} // namespace gatehouse::provision
