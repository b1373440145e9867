// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run.h"

#include "provision/applier.h"
#include "provision/clientneed.h"
#include "provision/directoryreader.h"
#include "provision/planner.h"
#include "provision/singleperson.h"
#include "store/environment.h"
#include "store/rulelock.h"

#include <QElapsedTimer>

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
    std::optional<core::Error> readError;
    bool readEnded = false;
    bool pageScheduled = false;
    qint64 singleRow = 0; ///< the one linked user the run is about, 0: everybody or not linked
    std::shared_ptr<PlanSpool> steps = std::make_shared<PlanSpool>();
    PlanSpool refreshes;
    std::unique_ptr<Planner> planner;
    std::unique_ptr<Applier> applier;
    QElapsedTimer total;
    QElapsedTimer phaseTimer;
    QElapsedTimer sinceProgress;

    core::Result<void> open();
    void planWaiting();
    void judge();
    core::Result<void> beginApply();
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
        auto run = environment.runs().begin(context->rule.name, context->rule.id, request.trigger);
        if (!run)
            return core::fail(run.error());
        outcome.run = *run;
        context->apply.run = *run;
    }
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
        singleRow = person->linkedRow;
    }
    reader = std::make_unique<DirectoryReader>(std::move(read));
    return {};
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
    if (d->reader && !d->readEnded)
        d->reader->cancel();
}

void Run::Private::planWaiting()
{
    if (done || applier)
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
        judge();
}

void Run::Private::judge()
{
    report(Phase::Planning, planner->read(), planner->read(), true);
    reader.reset();
    // Only here, after the whole read has ended well, may anybody be found missing.
    if (request.userKey.isEmpty() || singleRow != 0) {
        if (auto planned = planner->planGone(singleRow); !planned)
            return fail(planned.error());
    }
    if (auto sealed = steps->seal(); !sealed)
        return fail(sealed.error());
    if (auto sealed = refreshes.seal(); !sealed)
        return fail(sealed.error());
    outcome.plan = steps;
    outcome.guards = core::judge(context->rule.guards, planner->deprovisions(), planner->provisioned());
    if (!request.apply)
        return finish(store::RunStatus::Succeeded);
    for (const core::GuardVerdict &verdict : std::as_const(outcome.guards)) {
        if (!verdict.tripped)
            continue;
        return finish(store::RunStatus::Stopped,
                      core::Error{core::Code::Guard,
                                  QStringLiteral("The guard %1 stopped the run before its first change").arg(verdict.name),
                                  QStringLiteral("%1 of %2 people would be deprovisioned; the limit is %3")
                                      .arg(planner->deprovisions()).arg(planner->provisioned()).arg(verdict.limit),
                                  context->rule.name});
    }
    outcome.counts = planner->counts();
    outcome.read = planner->read();
    planner.reset(); // its index and claims are no longer needed
    if (auto begun = environment.identities().beginBulk(outcome.counts.create); !begun)
        return fail(begun.error());
    applier = std::make_unique<Applier>(environment, context->apply, *steps, refreshes, outcome.counts);
    phaseTimer.start();
    applySlice();
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
    finish(outcome.counts.failed > 0 ? store::RunStatus::Partial : store::RunStatus::Succeeded);
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
    applier.reset();
    planner.reset();
    if (reader) {
        reader->disconnect(q);
        reader.reset();
    }
    lock.reset();
    emit q->finished(outcome);
}

} // namespace gatehouse::provision
