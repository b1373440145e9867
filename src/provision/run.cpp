// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run.h"

#include "core/config/validate.h"
#include "core/schemacheck.h"
#include "provision/absence.h"
#include "provision/applier.h"
#include "provision/clientneed.h"
#include "provision/directoryreader.h"
#include "provision/missingpeople.h"
#include "provision/plandifference.h"
#include "provision/planner.h"
#include "provision/singleperson.h"
#include "store/environment.h"
#include "store/rulelock.h"
#include "store/schemas.h"

#include <QDateTime>
#include <QElapsedTimer>

#include <algorithm>

namespace gatehouse::provision {

namespace {
constexpr qint64 kProgressEveryMs = 100;
constexpr qint64 kRateAfterMs = 200; ///< a rate over less says nothing
}

QString phaseKey(Phase phase)
{
    switch (phase) {
    case Phase::Opening: return QStringLiteral("opening");
    case Phase::Reading: return QStringLiteral("reading");
    case Phase::Planning: return QStringLiteral("planning");
    case Phase::Applying: return QStringLiteral("applying");
    case Phase::Finishing: return QStringLiteral("finishing");
    }
    return {};
}

struct Run::Private {
    Private(Run *run, store::Environment &e, RunRequest r) : q(run), environment(e), request(std::move(r)) {}

    Run *q;
    store::Environment &environment;
    RunRequest request;
    RunOutcome outcome;
    bool cancelled = false;
    bool done = false;
    std::optional<RuleContext> context;
    std::optional<store::RuleLock> lock;
    std::unique_ptr<DirectoryReader> reader;
    std::unique_ptr<MissingPeople> missing;
    std::optional<core::Error> readError;
    bool readEnded = false;
    bool pageScheduled = false;
    bool contending = false; ///< the read is over, and what other rules mean is asked for
    SinglePerson sought;  ///< where the run is about one person
    std::unique_ptr<Absence> absence;
    qint64 delivered = 0; ///< entries in the read's pages
    qint64 singleRow = 0; ///< the one linked user the run is about, 0: everybody or not linked
    std::shared_ptr<PlanSpool> steps = std::make_shared<PlanSpool>();
    PlanSpool refreshes;
    std::unique_ptr<Planner> planner;
    std::unique_ptr<Applier> applier;
    QElapsedTimer total;
    QElapsedTimer phaseTimer;
    QElapsedTimer sinceProgress;

    core::Result<void> open();
    void noteSchema();
    void planWaiting();
    void settleContended();
    void lookForMissing();
    void dropMissing();
    void judge();
    core::Result<void> recordPlan();
    void explainAbsence();
    /// What the plan that was shown is not any more; nothing when it still is.
    [[nodiscard]] core::Result<std::optional<core::Error>> departure();
    core::Result<core::GuardGround> ground();
    core::Error stopped() const;
    core::Result<void> noteMissing();
    void applySlice();
    void finish(store::RunStatus status, std::optional<core::Error> error = {});
    void fail(const core::Error &error);
    void report(Phase phase, qint64 doneCount, qint64 totalCount, bool force = false);
    void post(void (Private::*slice)());
};

Run::Run(store::Environment &environment, RunRequest request, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(this, environment, std::move(request)))
{
}

Run::~Run() = default;

void Run::Private::post(void (Private::*slice)())
{
    QMetaObject::invokeMethod(q, [this, slice] {
        if (!done)
            (this->*slice)();
    }, Qt::QueuedConnection);
}

void Run::Private::report(Phase phase, qint64 doneCount, qint64 totalCount, bool force)
{
    if (!force && sinceProgress.isValid() && sinceProgress.elapsed() < kProgressEveryMs)
        return;
    sinceProgress.start();
    Progress progress{phase, doneCount, totalCount};
    const qint64 elapsed = phaseTimer.elapsed();
    if (elapsed >= kRateAfterMs && doneCount > 0) {
        progress.perSecond = 1000.0 * double(doneCount) / double(elapsed);
        if (totalCount > doneCount)
            progress.millisecondsLeft = qint64(1000.0 * double(totalCount - doneCount) / progress.perSecond);
    }
    emit q->progressed(progress);
}

core::Result<void> Run::Private::open()
{
    auto resolved = resolveRule(environment, request.rule, request.apply ? Purpose::Apply : Purpose::Plan);
    if (!resolved)
        return core::fail(resolved.error());
    context.emplace(*std::move(resolved));
    if (request.apply) {
        auto acquired = store::RuleLock::acquire(environment.path(), context->rule.id);
        if (!acquired)
            return core::fail(acquired.error());
        lock.emplace(*std::move(acquired));
        auto run = environment.runs().begin(context->rule.name, context->rule.id, request.trigger,
                                              !request.userKey.isEmpty());
        if (!run)
            return core::fail(run.error());
        outcome.run = *run;
        context->apply.run = *run;
    }
    outcome.warnings = core::enablingWarnings(context->rule, context->connection, context->rule.name);
    planner = std::make_unique<Planner>(environment, *context, *steps, request.apply ? &refreshes : nullptr,
                                        request.fullResync || !request.userKey.isEmpty());
    if (auto loaded = planner->load(); !loaded)
        return loaded;

    ReadRequest read{context->gateway, context->scope.bases, context->scope.filter, context->slotNames, {}, {},
                     needOf(context->connection, context->rule)};
    if (!request.userKey.isEmpty()) {
        auto person = findSinglePerson(environment, *context, request.userKey);
        if (!person)
            return core::fail(person.error());
        read.single = person->read;
        sought = person->read;
        singleRow = person->linkedRow;
        planner->setSingle(singleRow);
    }
    read.staysOpen = true;
    reader = std::make_unique<DirectoryReader>(std::move(read));
    return {};
}

/// What the directory's schema says of the names that the rule uses.
void Run::Private::noteSchema()
{
    const auto schema = reader->schema();
    if (!schema) {
        outcome.warnings.append({core::Code::NotFound, QStringLiteral("Names of attributes were not checked"),
                                 QStringLiteral("The directory shows no schema to this account"), context->gateway.name});
        return;
    }
    outcome.warnings += core::schemaWarnings(context->rule, *schema, context->rule.name);
    // Only remembered for later checks: a run does not fail of it.
    [[maybe_unused]] const auto saved = environment.schemas().save(context->gateway.id, *schema);
}

void Run::start()
{
    d->total.start();
    d->phaseTimer.start();
    d->outcome.rule = d->request.rule;
    d->report(Phase::Opening, 0, -1, true);
    if (auto opened = d->open(); !opened) {
        const core::Error error = opened.error();
        QMetaObject::invokeMethod(this, [this, error] { d->fail(error); }, Qt::QueuedConnection);
        return;
    }
    connect(d->reader.get(), &DirectoryReader::opened, this, [this] {
        d->noteSchema();
        d->phaseTimer.start();
        d->report(Phase::Reading, 0, -1, true);
    });
    connect(d->reader.get(), &DirectoryReader::pageReady, this, [this] { d->planWaiting(); });
    connect(d->reader.get(), &DirectoryReader::ended, this, [this](const std::optional<core::Error> &error) {
        d->readEnded = true;
        d->readError = error;
        d->planWaiting();
    });
    d->reader->start();
}

void Run::cancel()
{
    d->cancelled = true;
    if (d->reader)
        d->reader->cancel();
}

void Run::Private::planWaiting()
{
    if (done || applier || missing || contending)
        return;
    if (cancelled && readEnded)
        return fail({core::Code::Cancelled, QStringLiteral("Cancelled")});
    if (readError)
        return fail(*readError);
    if (const std::optional<core::EntryBatch> page = reader->take()) {
        if (auto planned = planner->plan(*page); !planned) {
            reader->cancel();
            return fail(planned.error());
        }
        report(Phase::Reading, planner->read(), -1);
        // One page a slice: whatever else waits for this thread comes in between.
        if (!pageScheduled) {
            pageScheduled = true;
            QMetaObject::invokeMethod(q, [this] {
                pageScheduled = false;
                planWaiting();
            }, Qt::QueuedConnection);
        }
        return;
    }
    if (readEnded)
        lookForMissing();
}

void Run::Private::settleContended()
{
    contending = true;
    auto answer = std::make_shared<provision::ContendedAnswer>();
    QObject::connect(reader.get(), &DirectoryReader::answered, q, [this, answer](const std::optional<core::Error> &error) {
        if (done)
            return;
        if (cancelled)
            return fail({core::Code::Cancelled, QStringLiteral("Cancelled")});
        if (error)
            return fail(*error);
        if (auto taken = planner->takeOver(*answer); !taken)
            return fail(taken.error());
        lookForMissing();
    }, Qt::SingleShotConnection);
    reader->ask([this, contended = planner->takeContended(), answer](ldap::Session &session) -> core::Result<void> {
        auto settled = provision::settleContended(session, *context, contended);
        if (!settled)
            return core::fail(settled.error());
        *answer = *std::move(settled);
        return {};
    });
}

void Run::Private::lookForMissing()
{
    report(Phase::Planning, 0, -1, true);
    if (planner->isContended())
        return settleContended();
    delivered = planner->read();
    // Only here, after the whole read has ended well, may anybody be found missing.
    if (!request.userKey.isEmpty() && singleRow == 0)
        return judge();
    missing = std::make_unique<MissingPeople>(environment, *context, *planner, *reader);
    QObject::connect(missing.get(), &MissingPeople::progressed, q,
                     [this](qint64 doneCount, qint64 totalCount) { report(Phase::Planning, doneCount, totalCount); });
    QObject::connect(missing.get(), &MissingPeople::finished, q, [this](const std::optional<core::Error> &error) {
        if (done)
            return;
        if (cancelled)
            return fail({core::Code::Cancelled, QStringLiteral("Cancelled")});
        if (error)
            return fail(*error);
        outcome.notes += missing->notes();
        judge();
    });
    missing->start(singleRow);
}

/// It may be the one that is speaking.
void Run::Private::dropMissing()
{
    if (missing)
        missing.release()->deleteLater();
}

core::Result<core::GuardGround> Run::Private::ground()
{
    core::GuardGround ground;
    ground.people = planner->provisioned();
    const core::AttributeCatalog &catalog = context->mapping.catalog();
    const QStringList blanked = planner->tally().blanked().keys();
    for (const QString &name : blanked) {
        auto had = environment.identities().countWithValue(catalog.find(name), context->gateway.id, context->ruleRow);
        if (!had)
            return core::fail(had.error());
        ground.had.insert(name, *had);
    }
    if (!request.userKey.isEmpty())
        return ground;
    auto last = environment.runs().lastGoodRead(context->rule.id);
    if (!last)
        return core::fail(last.error());
    ground.read = delivered;
    ground.readLast = *last;
    if (missing)
        ground.lostUnits = missing->lostUnits();
    return ground;
}

core::Error Run::Private::stopped() const
{
    QStringList names, details;
    for (const core::GuardVerdict &verdict : outcome.guards) {
        if (!verdict.tripped)
            continue;
        if (!names.contains(verdict.name))
            names << verdict.name;
        details << QStringLiteral("%1%2: %3, the limit is %4")
                       .arg(verdict.name, verdict.subject.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(verdict.subject))
                       .arg(verdict.actual, 0, 'g', 4).arg(verdict.limit);
    }
    return {core::Code::Guard,
            names.size() == 1 ? QStringLiteral("The guard %1 stopped the run before its first change").arg(names.constFirst())
                              : QStringLiteral("The guards %1 stopped the run before its first change").arg(names.join(QStringLiteral(", "))),
            details.join(QStringLiteral("; ")), context->rule.name};
}

core::Result<void> Run::Private::noteMissing()
{
    if (!missing)
        return {};
    const bool whole = request.userKey.isEmpty();
    const bool waits = context->rule.guards.missingForSeconds > 0;
    if (!waits && !whole)
        return {};
    return environment.links().noteMissing(context->gateway.id, context->ruleRow,
                                           waits ? missing->notShown() : std::vector<qint64>(),
                                           QDateTime::currentSecsSinceEpoch(), whole);
}

void Run::Private::judge()
{
    report(Phase::Planning, planner->read(), planner->read(), true);
    reader.reset();
    if (auto planned = planner->planWaiting(); !planned)
        return fail(planned.error());
    if (!request.userKey.isEmpty() && planner->read() == 0 && steps->size() == 0)
        return explainAbsence();
    if (auto sealed = steps->seal(); !sealed)
        return fail(sealed.error());
    if (auto sealed = refreshes.seal(); !sealed)
        return fail(sealed.error());
    outcome.plan = steps;
    outcome.basis = context->basis;
    const auto measured = ground();
    if (!measured)
        return fail(measured.error());
    outcome.guards = core::judge(context->rule.guards, planner->tally(), *measured);
    if (!request.apply)
        return finish(store::RunStatus::Succeeded);
    if (request.shown) {
        const auto departed = departure();
        if (!departed)
            return fail(departed.error());
        if (*departed)
            return finish(store::RunStatus::Stopped, **departed);
    }
    if (auto noted = noteMissing(); !noted)
        return fail(noted.error());
    if (std::any_of(outcome.guards.cbegin(), outcome.guards.cend(), [](const core::GuardVerdict &verdict) { return verdict.tripped; }))
        return finish(store::RunStatus::Stopped, stopped());
    outcome.counts = planner->counts();
    outcome.read = planner->read();
    if (auto recorded = recordPlan(); !recorded)
        return fail(recorded.error());
    dropMissing();
    planner.reset(); // its index and claims are no longer needed
    if (auto begun = environment.identities().beginBulk(outcome.counts.users.create); !begun)
        return fail(begun.error());
    applier = std::make_unique<Applier>(environment, context->apply, *steps, refreshes, outcome.counts);
    phaseTimer.start();
    applySlice();
}

core::Result<void> Run::Private::recordPlan()
{
    store::Run run;
    run.row = outcome.run;
    run.counts = outcome.counts;
    run.read = outcome.read;
    run.durationMs = total.elapsed();
    run.guards = outcome.guards;
    return environment.runs().recordPlan(run);
}

core::Result<std::optional<core::Error>> Run::Private::departure()
{
    const auto stopped = [this](const QString &detail) {
        return core::Error{core::Code::Conflict, QStringLiteral("Nothing was applied: the plan is not the one that was shown any more"),
                           detail, context->rule.name};
    };
    if (request.shown->basis != context->basis) {
        return std::optional(stopped(QStringLiteral("The rule, its connection, its population or its gateway's servers were changed "
                                                    "meanwhile. Preview it again.")));
    }
    const auto difference = planDifference(*request.shown->steps, *steps);
    if (!difference)
        return core::fail(difference.error());
    if (difference->isNone())
        return std::nullopt;
    return std::optional(stopped(QStringLiteral("It differs for %1: %2. Preview it again.")
                                     .arg(difference->people == 1 ? QStringLiteral("one person")
                                                                  : QStringLiteral("%1 people").arg(difference->people),
                                          difference->examples.join(QStringLiteral("; ")))));
}

void Run::Private::explainAbsence()
{
    absence = std::make_unique<Absence>(*context, request.userKey, sought);
    QObject::connect(absence.get(), &Absence::explained, q, [this](const core::Error &error) {
        absence.release()->deleteLater();
        fail(error);
    });
    absence->start();
}

void Run::Private::applySlice()
{
    if (cancelled)
        return finish(store::RunStatus::Cancelled, core::Error{core::Code::Cancelled, QStringLiteral("Cancelled")});
    auto more = applier->applyBatch();
    if (!more)
        return fail(more.error());
    report(Phase::Applying, applier->done(), applier->total());
    if (*more)
        return post(&Private::applySlice);
    finish(outcome.counts.failed() > 0 ? store::RunStatus::Partial : store::RunStatus::Succeeded);
}

void Run::Private::fail(const core::Error &error)
{
    finish(error.code == core::Code::Cancelled ? store::RunStatus::Cancelled : store::RunStatus::Failed, error);
}

void Run::Private::finish(store::RunStatus status, std::optional<core::Error> error)
{
    if (done)
        return;
    done = true;
    if (planner) {
        outcome.counts = planner->counts();
        outcome.read = planner->read();
    }
    if (applier)
        outcome.counts = applier->counts();
    else if (error && status != store::RunStatus::Stopped)
        outcome.counts = {}; // an incomplete read makes no plan
    outcome.status = status;
    outcome.error = std::move(error);
    if (applier) {
        report(Phase::Finishing, 0, -1, true);
        if (auto ended = environment.identities().endBulk(); !ended && !outcome.error) {
            outcome.error = ended.error();
            outcome.status = store::RunStatus::Failed;
        }
    }
    outcome.durationMs = total.elapsed();
    if (outcome.run != 0) {
        store::Run run;
        run.row = outcome.run;
        run.status = outcome.status;
        run.counts = outcome.counts;
        run.read = outcome.read;
        run.durationMs = outcome.durationMs;
        run.error = outcome.error;
        run.guards = outcome.guards;
        if (auto recorded = environment.runs().finish(run); !recorded && !outcome.error) {
            outcome.error = recorded.error();
            outcome.status = store::RunStatus::Failed;
        }
    }
    if (reader) {
        reader->disconnect(q);
        reader.reset(); // with the question that it may be answering
    }
    dropMissing();
    applier.reset();
    planner.reset();
    lock.reset();
    emit q->finished(outcome);
}

} // namespace gatehouse::provision
