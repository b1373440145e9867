// SPDX-License-Identifier: GPL-3.0-or-later
//
// The history of runs and their per-object results, the audit log, the lock of a rule.
#include "core/config/configuration.h"
#include "core/config/merge.h"
#include "environmentfixture.h"

#include "store/rulelock.h"
#include "tests/support/testmain.h"

#include <QDir>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::store;
using core::Action;
using core::Code;

class RunsTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void comesBackAsFinished();
    void closesWhatACrashLeftOpen();
    void brokenOffWithWhatWasDone();
    void listsNewestFirst();
    void listFollowsRename();
    void failuresComeFirst();
    void pagesOverCreatesAndChanges();
    void createdUserWhoWasRenamedAndDeleted();
    void auditComesBack();
    void lockIsExclusive();
    void lockOfKilledProcessIsTaken();

private:
    Runs &runs() { return f->environment->runs(); }
    std::unique_ptr<EnvironmentFixture> f;
};

void RunsTest::init()
{
    f = std::make_unique<EnvironmentFixture>();
    VERIFY_OK(f->open());
}

void RunsTest::cleanup()
{
    f.reset();
}

void RunsTest::comesBackAsFinished()
{
    const QUuid rule = QUuid::createUuid();
    const auto lock = RuleLock::acquire(f->path, rule); // whoever runs a rule holds it
    VERIFY_OK(lock);
    const auto row = runs().begin(QStringLiteral("Staff in"), rule, QStringLiteral("schedule"));
    VERIFY_OK(row);
    auto run = runs().run(*row);
    VERIFY_OK(run);
    QCOMPARE(run->status, RunStatus::Running);
    QVERIFY(run->startedAt.isValid());
    QVERIFY(!run->finishedAt.isValid());
    QVERIFY(!run->error);

    run->status = RunStatus::Stopped;
    run->counts.users.create = 3;
    run->counts.users.remove = 2;
    run->counts.users.unchanged = 5'000'000'000;
    run->read = 10;
    run->durationMs = 1234;
    run->error = core::Error{Code::Guard, QStringLiteral("stopped"), QStringLiteral("why"), QStringLiteral("rules[0]"), 17};
    run->guards = {{QStringLiteral("maxDeprovisions"), 500, 501, true}};
    VERIFY_OK(runs().finish(*run));
    const auto loaded = runs().run(*row);
    VERIFY_OK(loaded);
    QCOMPARE(loaded->status, RunStatus::Stopped);
    QCOMPARE(runStatusName(loaded->status), QStringLiteral("stopped"));
    QVERIFY(loaded->counts == run->counts);
    QCOMPARE(loaded->read, 10);
    QCOMPARE(loaded->durationMs, 1234);
    QVERIFY(loaded->error == run->error);
    QCOMPARE(loaded->guards.size(), 1);
    QCOMPARE(loaded->guards[0].name, QStringLiteral("maxDeprovisions"));
    QCOMPARE(loaded->guards[0].actual, 501.0);
    QVERIFY(loaded->guards[0].tripped);
    QCOMPARE(loaded->ruleId, rule);
    QCOMPARE(loaded->trigger, QStringLiteral("schedule"));
    QVERIFY(loaded->finishedAt.isValid());

    run->row = 4711;
    const auto missing = runs().finish(*run);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Code::NotFound);
    QCOMPARE(runs().run(4711).error().code, Code::NotFound);
}

void RunsTest::closesWhatACrashLeftOpen()
{
    const QUuid rule = QUuid::createUuid();
    const qint64 crashed = runs().begin(QStringLiteral("Staff in"), rule, QStringLiteral("schedule")).value();
    const QUuid otherRule = QUuid::createUuid();
    const auto lock = RuleLock::acquire(f->path, rule);
    const auto otherLock = RuleLock::acquire(f->path, otherRule);
    VERIFY_OK(lock);
    VERIFY_OK(otherLock);
    const qint64 other = runs().begin(QStringLiteral("Other"), otherRule, QStringLiteral("schedule")).value();
    const qint64 next = runs().begin(QStringLiteral("Staff in"), rule, QStringLiteral("schedule")).value();
    // Not "stopped": that is what a guard does.
    QCOMPARE(runs().run(crashed)->status, RunStatus::BrokenOff);
    QCOMPARE(runStatusName(RunStatus::BrokenOff), QStringLiteral("brokenOff"));
    QVERIFY(runs().run(crashed)->error);
    QVERIFY(runs().run(crashed)->finishedAt.isValid());
    QCOMPARE(runs().run(other)->status, RunStatus::Running);
    QCOMPARE(runs().run(next)->status, RunStatus::Running);
}

void RunsTest::brokenOffWithWhatWasDone()
{
    const QUuid rule = QUuid::createUuid();
    core::PlanCounts expected;
    expected.users.create = 2;
    expected.users.disable = 1;
    expected.users.failed = 1;
    expected.users.unchanged = 100;
    qint64 row = 0;
    {
        const auto lock = RuleLock::acquire(f->path, rule);
        VERIFY_OK(lock);
        row = runs().begin(QStringLiteral("Staff in"), rule, QStringLiteral("schedule")).value();
        f->run = row;
        Run plan;
        plan.row = row;
        plan.read = 5000;
        plan.durationMs = 700;
        plan.counts.users.create = 4000;
        plan.counts.users.unchanged = 100;
        plan.guards = {{QStringLiteral("maxDeprovisions"), 500, 1, false}};
        VERIFY_OK(runs().recordPlan(plan));
        VERIFY_OK(f->applyOne(createStep(QStringLiteral("ann"), 1)));
        VERIFY_OK(f->applyOne(createStep(QStringLiteral("bob"), 2)));
        const core::User ann = f->identities().userByKey(QStringLiteral("ann")).value();
        VERIFY_OK(f->applyOne(stepFor(ann, Action::Disable, 1, {change("enabled", true, false)})));
        core::Step failed = createStep(QStringLiteral("carl"), 3);
        failed.action = Action::Failed;
        VERIFY_OK(runs().recordFailures(row, {&failed, 1}));
        QCOMPARE(runs().run(row)->status, RunStatus::Running);
        QCOMPARE(runs().list().value().first().status, RunStatus::Running);
    }
    // Its program has gone, and with it the lock.
    for (const Run &run : {runs().run(row).value(), runs().list().value().first()}) {
        QCOMPARE(run.status, RunStatus::BrokenOff);
        QVERIFY(run.counts == expected);
        QCOMPARE(run.read, 5000);
        QCOMPARE(run.durationMs, 700);
        QCOMPARE(run.guards.size(), 1);
        QVERIFY(run.error);
        QVERIFY2(run.error->detail.contains(u'3'), qPrintable(run.error->detail));
    }
    // A read-only look says the same, and the next run writes it down.
    VERIFY_OK(f->open(Environment::Access::ReadOnly));
    QCOMPARE(runs().run(row)->status, RunStatus::BrokenOff);
    VERIFY_OK(f->open());
    const auto lock = RuleLock::acquire(f->path, rule);
    VERIFY_OK(runs().begin(QStringLiteral("Staff in"), rule, QStringLiteral("schedule")));
    QCOMPARE(runs().run(row)->status, RunStatus::BrokenOff);
    QVERIFY(runs().run(row)->counts == expected);
    QVERIFY(runs().run(row)->finishedAt.isValid());
}

void RunsTest::listsNewestFirst()
{
    QList<qint64> rows;
    for (int number = 0; number < 5; ++number)
        rows.prepend(runs().begin(QStringLiteral("Rule %1").arg(number % 2), QUuid(), QStringLiteral("test")).value());
    const auto all = runs().list();
    VERIFY_OK(all);
    QCOMPARE(all->size(), 5);
    for (int place = 0; place < 5; ++place)
        QCOMPARE(all->at(place).row, rows[place]);
    QCOMPARE(runs().list(QStringLiteral("Rule 0"))->size(), 3);
    QCOMPARE(runs().list(QStringLiteral("Rule 0"), 2)->size(), 2);
    QCOMPARE(runs().list(QStringLiteral("Rule 7"))->size(), 0);
}

void RunsTest::listFollowsRename()
{
    auto configuration = f->environment->configurations().load().value();
    core::Gateway gateway;
    gateway.name = QStringLiteral("G");
    gateway.serversHostAndPort = {QStringLiteral("ldap.example.com:636")};
    core::Connection connection;
    connection.name = QStringLiteral("C");
    connection.gateway = gateway.name;
    core::Rule rule;
    rule.name = QStringLiteral("Old name");
    rule.connection = connection.name;
    rule.scope.baseDn = QStringLiteral("dc=example,dc=com");
    rule.mappings.users = {{QStringLiteral("username"), QStringLiteral("uid"), {}, core::MappingWhen::Always}};
    configuration.gateways = {gateway};
    configuration.connections = {connection};
    configuration.rules = {rule};
    VERIFY_OK(f->environment->configurations().save(configuration));
    configuration = f->environment->configurations().load().value();
    VERIFY_OK(runs().begin(QStringLiteral("Old name"), configuration.rules[0].id, QStringLiteral("test")));
    configuration =
        core::rename(configuration, QStringLiteral("rules"), QStringLiteral("Old name"), QStringLiteral("New name"));
    VERIFY_OK(f->environment->configurations().save(configuration));
    const auto found = runs().list(QStringLiteral("New name"));
    VERIFY_OK(found);
    QCOMPARE(found->size(), 1);
    QCOMPARE(found->first().rule, QStringLiteral("Old name"));
}

void RunsTest::failuresComeFirst()
{
    VERIFY_OK(f->applyOne(createStep(QStringLiteral("ann"), 1)));
    core::Step failed = createStep(QStringLiteral("bob"), 2, {given("title", QStringLiteral("Clerk"))});
    failed.action = Action::Failed;
    failed.problems = {{QStringLiteral("username"), core::ProblemCode::TooLong, QStringLiteral("has 200 characters")},
                       {{}, core::ProblemCode::DuplicateEntry, QStringLiteral("twice")}};
    const std::vector<core::Step> failures{failed, failed};
    VERIFY_OK(runs().recordFailures(f->run, failures));
    VERIFY_OK(runs().recordFailures(f->run, {&failed, 1}));
    const auto steps = runs().steps(f->run, 0, 10);
    VERIFY_OK(steps);
    QCOMPARE(steps->size(), 4);
    QCOMPARE(steps->at(3).action, Action::Create);
    for (int place = 0; place < 3; ++place) {
        const core::Step &step = steps->at(place);
        QCOMPARE(step.action, Action::Failed);
        QCOMPARE(step.target.text(), QStringLiteral("bob"));
        QCOMPARE(step.source.id, failed.source.id);
        QCOMPARE(step.source.name, failed.source.name);
        QVERIFY(step.problems == failed.problems);
        QVERIFY(step.changes == failed.changes);
    }
    QCOMPARE(runs().steps(f->run, 2, 1)->first().action, Action::Failed);
    QCOMPARE(runs().steps(f->run, 3, 10)->size(), 1);
    QCOMPARE(runs().steps(f->run, 4, 10)->size(), 0);
    QCOMPARE(runs().steps(f->run + 1, 0, 10)->size(), 0);
    const auto actions = runs().stepActions(f->run);
    VERIFY_OK(actions);
    QVERIFY(*actions == (std::vector{Action::Failed, Action::Failed, Action::Failed, Action::Create}));
    QVERIFY(runs().stepActions(f->run + 1)->empty());
}

void RunsTest::pagesOverCreatesAndChanges()
{
    // Creates in a row share a line of the journal; between them are changes, in several batches.
    QStringList expected;
    quint64 entry = 0;
    for (const int creates : {3, 1, 7}) {
        std::vector<core::Step> steps;
        for (int number = 0; number < creates; ++number) {
            ++entry;
            steps.push_back(createStep(QStringLiteral("user%1").arg(entry), entry));
            expected.append(QStringLiteral("create user%1").arg(entry));
        }
        steps.push_back(createStep(QStringLiteral("user1"), 1000)); // refused: it takes no place
        ++entry;
        steps.push_back(createStep(QStringLiteral("user%1").arg(entry), entry));
        expected.append(QStringLiteral("create user%1").arg(entry));
        VERIFY_OK(f->identities().apply(f->context(), steps));
        const core::User user = f->identities().userByKey(QStringLiteral("user1")).value();
        core::Step update = stepFor(user, Action::Update, 1, {given("title", QStringLiteral("T%1").arg(entry))});
        update.target.name = "user1";
        VERIFY_OK(f->applyOne(update));
        expected.append(QStringLiteral("update user1"));
    }
    for (int limit : {1, 2, 5, 100}) {
        QStringList seen;
        for (int offset = 0; offset < expected.size() + 3; offset += limit) {
            const auto steps = runs().steps(f->run, offset, limit);
            VERIFY_OK(steps);
            for (const core::Step &step : *steps)
                seen.append(core::actionName(step.action) + u' ' + step.target.text());
        }
        QCOMPARE(seen, expected);
    }
}

void RunsTest::createdUserWhoWasRenamedAndDeleted()
{
    VERIFY_OK(f->applyOne(createStep(QStringLiteral("ann"), 1)));
    const core::User user = f->identities().userByKey(QStringLiteral("ann")).value();
    VERIFY_OK(f->identities().deleteUser(user.row));
    const auto steps = runs().steps(f->run, 0, 10);
    VERIFY_OK(steps);
    QCOMPARE(steps->size(), 1);
    QCOMPARE(steps->first().action, Action::Create);
    QVERIFY(steps->first().target.id.isEmpty()); // told by the row alone, and that has gone with the user
    QVERIFY(steps->first().changes.isEmpty());
}

void RunsTest::auditComesBack()
{
    AuditLog &audit = f->environment->audit();
    for (int number = 0; number < 5; ++number)
        VERIFY_OK(audit.record(QStringLiteral("user.create"), QStringLiteral("user %1").arg(number), QStringLiteral("100%")));
    VERIFY_OK(audit.record(QStringLiteral("configuration.save"), QStringLiteral("everything")));
    const auto all = audit.list();
    VERIFY_OK(all);
    QCOMPARE(all->size(), 6);
    QCOMPARE(all->first().action, QStringLiteral("configuration.save"));
    QVERIFY(!all->first().actor.isEmpty());
    QVERIFY(all->first().at.isValid());
    QCOMPARE(audit.list(1, 2)->size(), 2);
    QCOMPARE(audit.list(1, 2)->first().subject, QStringLiteral("user 4"));
    QCOMPARE(audit.list(0, 10, QStringLiteral("USER 3"))->size(), 1);
    QCOMPARE(audit.list(0, 10, QStringLiteral("100%"))->size(), 5);
    QCOMPARE(audit.list(0, 10, QStringLiteral("1_0"))->size(), 0);
}

void RunsTest::lockIsExclusive()
{
    const QUuid rule = QUuid::createUuid();
    {
        auto lock = RuleLock::acquire(f->path, rule);
        VERIFY_OK(lock);
        const auto second = RuleLock::acquire(f->path, rule);
        QVERIFY(!second);
        QCOMPARE(second.error().code, Code::Locked);
        QVERIFY2(second.error().detail.contains(QString::number(::getpid())), qPrintable(second.error().text()));
        VERIFY_OK(RuleLock::acquire(f->path, QUuid::createUuid()));
        RuleLock moved = std::move(*lock);
        QVERIFY(!RuleLock::acquire(f->path, rule));
        QVERIFY(RuleLock::isHeld(f->path, rule));
        QVERIFY(!RuleLock::isHeld(f->path, QUuid::createUuid()));
    }
    QVERIFY(!RuleLock::isHeld(f->path, rule));
    VERIFY_OK(RuleLock::acquire(f->path, rule));
    QCOMPARE(QDir(f->folder.path()).entryList({QStringLiteral("*.lock")}), QStringList());
    const auto nowhere = RuleLock::acquire(QStringLiteral("/proc/nowhere/x.gatehouse"), rule);
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().code, Code::Denied);
}

void RunsTest::lockOfKilledProcessIsTaken()
{
    const QUuid rule = QUuid::createUuid();
    int ready[2];
    QCOMPARE(::pipe(ready), 0);
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) {
        auto lock = RuleLock::acquire(f->path, rule);
        const char answer = lock ? 'y' : 'n';
        if (::write(ready[1], &answer, 1) != 1)
            _exit(1);
        for (;;)
            ::pause();
    }
    char answer = 0;
    QCOMPARE(::read(ready[0], &answer, 1), 1);
    QCOMPARE(answer, 'y');
    const auto held = RuleLock::acquire(f->path, rule);
    QVERIFY(!held);
    QVERIFY(held.error().detail.contains(QString::number(child)));
    // To look at it, or to ask for it, takes nothing from its holder.
    QVERIFY(RuleLock::isHeld(f->path, rule));
    QVERIFY(!RuleLock::acquire(f->path, rule));
    ::kill(child, SIGKILL);
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    // The file is still there; nobody holds it, whoever has that process number by now.
    QVERIFY(!RuleLock::isHeld(f->path, rule));
    VERIFY_OK(RuleLock::acquire(f->path, rule));
    ::close(ready[0]);
    ::close(ready[1]);
}

CONSOLE_TEST(RunsTest)
#include "tst_runs.moc"
