// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run.h"

#include "core/config/validate.h"
#include "core/schemacheck.h"
#include "provision/absence.h"
#include "provision/clientneed.h"
#include "provision/directoryreader.h"
#include "provision/missingpeople.h"
#include "provision/planner.h"
#include "provision/run/execution.h"
#include "provision/run/guardmeasure.h"
#include "provision/run/keptplans.h"
#include "provision/singleperson.h"
#include "store/auditlog.h"
#include "store/environment.h"
#include "store/ids.h"
#include "store/numbers.h"
#include "store/seal.h"
#include "store/schemas.h"

#include <QElapsedTimer>

#include <algorithm>

namespace gatehouse::provision {

namespace {
constexpr qint64 kProgressEveryMs = 100;
constexpr qint64 kRateAfterMs = 200; ///< a rate over less says nothing
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
    std::shared_ptr<PlanFile> plan = std::make_shared<PlanFile>();
    std::unique_ptr<Planner> planner;
    std::unique_ptr<Execution> execution; ///< where it is to be applied
    QElapsedTimer total;
    QElapsedTimer phaseTimer;
    QElapsedTimer sinceProgress;

    core::Result<void> open();
    core::Result<void> openPlan();
    void noteSchema();
    void planWaiting();
    void settleContended();
    void lookForMissing();
    void dropMissing();
    void judge();
    core::Result<void> finishPlan();
    PlanHead head() const;
    void apply(std::optional<PlanSelection> only = {});
    void keepStopped();
    void explainAbsence();
    void applySlice();
    void finish(store::RunStatus status, std::optional<core::Error> error = {});
    void close();
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
        execution = std::make_unique<Execution>(environment, *context);
        if (auto begun = execution->begin(request.trigger, request.userKey.isEmpty()); !begun)
            return begun;
        outcome.run = execution->run();
    }
    outcome.warnings = core::enablingWarnings(context->rule, context->connection, context->rule.name);
    planner = std::make_unique<Planner>(environment, *context, *plan, request.fullResync || !request.userKey.isEmpty());
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

/// Everything that can refuse a plan that was made earlier, before there is a run of it.
core::Result<void> Run::Private::openPlan()
{
    const PlanHead &head = request.plan->head();
    auto fitting = contextFor(environment, head);
    if (!fitting)
        return core::fail(fitting.error());
    context.emplace(*std::move(fitting));
    outcome.rule = context->rule.name;
    std::optional<PlanSelection> only;
    if (!request.only.isEmpty()) {
        auto selection = selectionOf(*request.plan, request.only);
        if (!selection)
            return core::fail(selection.error());
        only = *std::move(selection);
    }
    execution = std::make_unique<Execution>(environment, *context);
    if (auto begun = execution->begin(request.trigger, head.userKey.isEmpty() && !only); !begun)
        return begun;
    outcome.run = execution->run();
    outcome.plan = request.plan;
    outcome.guards = head.guards;
    outcome.notes = head.notes;
    outcome.warnings = head.warnings;
    outcome.counts = head.counts;
    outcome.read = head.reading.entries;
    QMetaObject::invokeMethod(q, [this, only = std::move(only)]() mutable { apply(std::move(only)); }, Qt::QueuedConnection);
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
    if (auto opened = d->request.plan ? d->openPlan() : d->open(); !opened) {
        const core::Error error = opened.error();
        QMetaObject::invokeMethod(this, [this, error] { d->fail(error); }, Qt::QueuedConnection);
        return;
    }
    if (!d->reader)
        return;
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
    if (done || outcome.plan || missing || contending)
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

PlanHead Run::Private::head() const
{
    PlanHead head;
    head.id = store::timeOrderedId();
    head.ruleId = context->rule.id;
    head.rule = context->rule.name;
    head.basis = context->basis;
    head.userKey = request.userKey;
    head.fullResync = request.fullResync;
    head.madeAt = QDateTime::fromMSecsSinceEpoch(context->now, Qt::UTC);
    head.madeBy = store::systemUser();
    head.counts = outcome.counts;
    head.guards = outcome.guards;
    head.reading.entries = outcome.read;
    if (request.userKey.isEmpty())
        head.reading.reason = QStringLiteral("the rule reads everything each time");
    else
        head.reading.method = QStringLiteral("onePerson");
    head.notes = outcome.notes;
    head.warnings = outcome.warnings;
    return head;
}

core::Result<void> Run::Private::finishPlan()
{
    if (missing && context->rule.guards.missingForSeconds > 0) {
        store::Numbers numbers(environment.database());
        for (const qint64 row : missing->notShown()) {
            const auto person = numbers.object(core::ObjectKind::User, row);
            if (!person)
                return core::fail(person.error());
            core::Step step;
            step.target = *person;
            if (auto kept = plan->append(step, PlanFile::Part::NotShown); !kept)
                return kept;
        }
    }
    if (auto finished = plan->finish(); !finished)
        return finished;
    const auto seal = store::sealOf(environment.database());
    if (!seal)
        return core::fail(seal.error());
    GuardMeasure measure{environment, *context, *planner, missing.get()};
    if (request.userKey.isEmpty())
        measure.delivered = delivered;
    const auto measured = measure.ground();
    if (!measured)
        return core::fail(measured.error());
    outcome.guards = core::judge(context->rule.guards, planner->tally(), *measured);
    outcome.counts = planner->counts();
    outcome.read = planner->read();
    PlanHead said = head();
    said.environment = seal->environment;
    said.harm = {planner->tally(), *measured};
    plan->setHead(std::move(said));
    outcome.plan = plan;
    return {};
}

void Run::Private::judge()
{
    report(Phase::Planning, planner->read(), planner->read(), true);
    reader.reset();
    if (auto planned = planner->planWaiting(); !planned)
        return fail(planned.error());
    if (!request.userKey.isEmpty() && planner->read() == 0 && plan->size() == 0)
        return explainAbsence();
    if (auto finished = finishPlan(); !finished)
        return fail(finished.error());
    dropMissing();
    planner.reset(); // its index and claims are no longer needed
    if (!request.apply)
        return finish(store::RunStatus::Succeeded);
    apply();
}

void Run::Private::apply(std::optional<PlanSelection> only)
{
    const auto taken = execution->take(outcome.plan, total.elapsed(), std::move(only));
    outcome.guards = execution->guards();
    if (!taken) {
        if (taken.error().code == core::Code::Guard) {
            keepStopped();
            return finish(store::RunStatus::Stopped, taken.error());
        }
        return fail(taken.error());
    }
    phaseTimer.start();
    applySlice();
}

/// So that somebody can look at it, whoever started the run.
void Run::Private::keepStopped()
{
    if (request.plan)
        return;
    const auto seal = store::sealOf(environment.database());
    const auto kept = seal ? KeptPlans(environment.path()).keep(*plan, *seal) : core::Result<void>(core::fail(seal.error()));
    if (!kept)
        outcome.notes << QStringLiteral("The plan could not be kept: %1").arg(kept.error().text());
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
    auto more = execution->applyBatch();
    if (!more)
        return fail(more.error());
    report(Phase::Applying, execution->applier().done(), execution->applier().total());
    if (*more)
        return post(&Private::applySlice);
    const auto notes = execution->notes();
    if (!notes)
        return fail(notes.error());
    outcome.notes += *notes;
    finish(execution->applier().counts().failed() > 0 ? store::RunStatus::Partial : store::RunStatus::Succeeded);
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
    const bool isApplying = execution && execution->isApplying();
    if (planner) {
        outcome.counts = planner->counts();
        outcome.read = planner->read();
    }
    if (isApplying)
        outcome.counts = execution->applier().counts();
    else if (error && status != store::RunStatus::Stopped)
        outcome.counts = {}; // an incomplete read makes no plan
    outcome.status = status;
    outcome.error = std::move(error);
    if (isApplying)
        report(Phase::Finishing, 0, -1, true);
    if (execution)
        close();
    outcome.durationMs = total.elapsed();
    if (reader) {
        reader->disconnect(q);
        reader.reset(); // with the question that it may be answering
    }
    dropMissing();
    planner.reset();
    execution.reset();
    emit q->finished(outcome);
}

void Run::Private::close()
{
    const auto take = [this](const core::Result<void> &ended) {
        if (ended || outcome.error)
            return;
        outcome.error = ended.error();
        outcome.status = store::RunStatus::Failed;
    };
    take(execution->endApplying());
    store::Run run;
    run.status = outcome.status;
    run.counts = outcome.counts;
    run.read = outcome.read;
    run.durationMs = total.elapsed();
    run.error = outcome.error;
    run.guards = outcome.guards;
    take(execution->end(std::move(run)));
}

} // namespace gatehouse::provision
