// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/personpreview.h"

#include "core/planner.h"
#include "ldap/dialect.h"
#include "provision/soundrows.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/links.h"

#include <QElapsedTimer>
#include <QThread>

#include <atomic>

namespace gatehouse::provision {

/// Lives in the preview's thread.
class PersonPreview::Worker : public QObject {
public:
    Worker(QString environmentPath, core::Gateway gateway, core::Connection preferences, PersonPreview *face)
        : m_environmentPath(std::move(environmentPath)), m_gateway(std::move(gateway)),
          m_preferences(std::move(preferences)), m_dialect(m_gateway.vendor), m_face(face)
    {
    }

    std::atomic<quint64> newestEdit{0};

    void evaluate(quint64 edit, const core::Entry &entry, const QList<core::AttributeMapping> &rows)
    {
        if (edit != newestEdit)
            return;
        const auto outcome = outcomeOf(edit, entry, rows);
        if (!outcome) {
            QMetaObject::invokeMethod(m_face, [face = m_face, edit, error = outcome.error()] { emit face->failed(edit, error); },
                                      Qt::QueuedConnection);
            return;
        }
        QMetaObject::invokeMethod(m_face, [face = m_face, outcome = *outcome] { emit face->evaluated(outcome); },
                                  Qt::QueuedConnection);
    }

private:
    core::Result<PersonOutcome> outcomeOf(quint64 edit, const core::Entry &entry, const QList<core::AttributeMapping> &rows)
    {
        if (!m_environment) {
            auto opened = store::Environment::open(m_environmentPath, store::Environment::Access::ReadOnly);
            if (!opened)
                return core::fail(opened.error());
            m_environment = *std::move(opened);
        }
        QElapsedTimer timer;
        timer.start();
        PersonOutcome outcome;
        outcome.edit = edit;
        outcome.dn = entry.dn;
        outcome.rows.resize(rows.size());
        const SoundRows sound = soundRows(rows, m_environment->catalog());
        for (qsizetype place = 0; place < rows.size(); ++place) {
            if (!sound.places.contains(place))
                outcome.rows[place] = {RowOutcome::State::Faulty, {}, {}, {}, sound.faults.value(place)};
        }
        const auto mapping = core::Mapping::compile(sound.rows, m_environment->catalog());
        if (!mapping)
            return core::fail(mapping.error().constFirst());
        if (auto decided = decide(*mapping, sound, entry, outcome); !decided)
            return core::fail(decided.error());
        outcome.nanoseconds = timer.nsecsElapsed();
        return outcome;
    }

    /// Whom the entry belongs to, as the planner finds them: by link, then by username.
    struct Owner {
        std::optional<core::User> user;
        bool linked = false;
        bool taken = false; ///< the username belongs to somebody else
    };
    core::Result<Owner> ownerOf(const QByteArray &id, const QString &username)
    {
        Owner owner;
        qint64 row = 0;
        if (!id.isEmpty()) {
            const auto linked = m_environment->links().userOf(m_gateway.id, id);
            if (!linked)
                return core::fail(linked.error());
            row = *linked;
        }
        const auto read = [&](qint64 wanted) -> core::Result<void> {
            const qint64 wantedRows[] = {wanted};
            auto users = m_environment->identities().users(wantedRows);
            if (!users)
                return core::fail(users.error());
            if (!users->empty())
                owner.user = users->front();
            return {};
        };
        if (row != 0) {
            if (auto done = read(row); !done)
                return core::fail(done.error());
            owner.linked = owner.user.has_value();
        }
        const QString key = core::usernameKey(username);
        const int number = m_environment->catalog()->username();
        if (key.isEmpty() || (owner.user && core::usernameKey(owner.user->values.text(number)) == key))
            return owner;
        const auto matches = m_environment->identities().usersByUsernameKey({key}, m_gateway.id);
        if (!matches)
            return core::fail(matches.error());
        const auto match = matches->constFind(key);
        if (match == matches->cend())
            return owner;
        owner.taken = owner.user || match->linkedToGateway;
        if (!owner.taken) {
            if (auto done = read(match->userRow); !done)
                return core::fail(done.error());
        }
        return owner;
    }

    core::Result<void> decide(const core::Mapping &mapping, const SoundRows &sound, const core::Entry &entry, PersonOutcome &outcome)
    {
        core::SlotNames names = mapping.sources();
        names += m_dialect.idAttributes() + m_dialect.activeAttributes();
        core::EntryBatch batch(std::make_shared<const core::SlotNames>(names));
        batch.append(entry);
        const core::EntryView view = batch.at(0);
        QList<int> idSlots, activeSlots;
        for (const QByteArray &name : m_dialect.idAttributes())
            idSlots.append(batch.slotOf(name));
        for (const QByteArray &name : m_dialect.activeAttributes())
            activeSlots.append(batch.slotOf(name));

        core::SourcePerson person;
        person.id = m_dialect.idOf(view, idSlots);
        person.dn = entry.dn;
        person.mapped = mapping.evaluate(view, m_dialect.isActive(view, activeSlots));
        const core::AttributeCatalog &catalog = mapping.catalog();
        const QString username = person.mapped.values.text(catalog.username());
        const auto owner = ownerOf(person.id, username);
        if (!owner)
            return core::fail(owner.error());
        if (owner->taken) {
            const QString &name = catalog.at(catalog.username()).name;
            person.mapped.problems.append({name, core::ProblemCode::UniquenessViolation,
                                           QStringLiteral("The username %1 belongs to somebody else already").arg(username)});
        }
        const core::User *user = owner->user ? &*owner->user : nullptr;
        outcome.existing = user != nullptr;
        outcome.username = user ? user->values.text(catalog.username()) : username;

        // One attribute's problem fails the person; what the other rows would write is still worth seeing.
        const QList<core::Problem> problems = std::exchange(person.mapped.problems, {});
        const core::Decision decision = core::decide(person, {user, owner->linked, false}, mapping, m_preferences);
        outcome.action = problems.isEmpty() ? decision.step.action : core::Action::Failed;
        outcome.allowed = !decision.notAllowed;
        for (qsizetype i = 0; i < sound.places.size(); ++i) {
            const core::Mapping::Target &target = mapping.targets()[size_t(i)];
            RowOutcome &row = outcome.rows[sound.places.at(i)];
            tell(row, target, catalog, user, decision.step.changes, problems);
        }
        return {};
    }

    static void tell(RowOutcome &row, const core::Mapping::Target &target, const core::AttributeCatalog &catalog,
                     const core::User *user, const QList<core::AttributeChange> &changes, const QList<core::Problem> &problems)
    {
        const QString &name = catalog.at(target.number).name;
        row.before = user ? user->values.get(target.number) : core::Value();
        row.after = row.before;
        for (const core::Problem &problem : problems) {
            if (problem.attribute == name)
                row.problems.append(problem);
        }
        if (!row.problems.isEmpty()) {
            row.state = RowOutcome::State::Problem;
            return;
        }
        if (!core::isWritten(target.when, user, row.before)) {
            row.state = target.when == core::MappingWhen::OnCreate ? RowOutcome::State::OnCreateOnly
                                                                   : RowOutcome::State::NotEmpty;
            return;
        }
        for (const core::AttributeChange &change : changes) {
            if (change.name != name)
                continue;
            row.before = change.before;
            row.after = change.after;
            row.state = RowOutcome::State::Changed;
        }
    }

    QString m_environmentPath;
    core::Gateway m_gateway;
    core::Connection m_preferences;
    ldap::Dialect m_dialect;
    PersonPreview *m_face;
    std::unique_ptr<store::Environment> m_environment;
};

struct PersonPreview::Private {
    std::unique_ptr<QThread> thread;
    Worker *worker = nullptr;
    quint64 lastEdit = 0;
};

PersonPreview::PersonPreview(const QString &environmentPath, core::Gateway gateway, core::Connection preferences, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->thread = std::make_unique<QThread>();
    d->thread->setObjectName(QStringLiteral("person preview"));
    d->worker = new Worker(environmentPath, std::move(gateway), std::move(preferences), this);
    d->worker->moveToThread(d->thread.get());
    // Ends in its own thread, where its database connection belongs.
    connect(d->thread.get(), &QThread::finished, d->worker, &QObject::deleteLater);
    d->thread->start();
}

PersonPreview::~PersonPreview()
{
    d->worker->newestEdit = 0;
    d->thread->quit();
    d->thread->wait();
}

quint64 PersonPreview::evaluate(const std::shared_ptr<const core::Entry> &entry, const QList<core::AttributeMapping> &rows)
{
    const quint64 edit = ++d->lastEdit;
    d->worker->newestEdit = edit;
    QMetaObject::invokeMethod(d->worker, [worker = d->worker, edit, entry, rows] { worker->evaluate(edit, *entry, rows); },
                              Qt::QueuedConnection);
    return edit;
}

} // namespace gatehouse::provision
