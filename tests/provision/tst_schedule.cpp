// SPDX-License-Identifier: GPL-3.0-or-later
//
// When rules are due: their pauses, the breaker, and real runs by an engine on its own.
#include "provision/schedule.h"
#include "store/configurations.h"
#include "store/environment.h"
#include "tests/provision/scenario.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::provision;
using std::chrono::seconds;

class ScheduleTest : public QObject {
    Q_OBJECT

private slots:
    void pauses()
    {
        QCOMPARE(pauseAfter(150, 0), seconds(150));
        QCOMPARE(pauseAfter(150, 1), seconds(300));
        QCOMPARE(pauseAfter(150, 2), seconds(600));
        QCOMPARE(pauseAfter(150, 3), seconds(1'800));
        QCOMPARE(pauseAfter(150, 1'000), seconds(1'800));
        // A rule that runs once a day is not hurried by failing.
        QCOMPARE(pauseAfter(86'400, 1), seconds(86'400));
        QCOMPARE(pauseAfter(86'400, 5), seconds(86'400));
        QCOMPARE(pauseAfter(0, 0), seconds(1));
    }

    void failures()
    {
        RunOutcome outcome;
        outcome.status = store::RunStatus::Partial;
        QVERIFY(!isFailure(outcome));
        outcome.status = store::RunStatus::Stopped;
        QVERIFY(isFailure(outcome));
        outcome.status = store::RunStatus::Failed;
        outcome.error = core::Error{core::Code::Unreachable, QStringLiteral("gone")};
        QVERIFY(isFailure(outcome));
        outcome.error->code = core::Code::Locked;
        QVERIFY(!isFailure(outcome));
    }

    void runsWhatIsDue()
    {
        REQUIRE_SERVER("slapd");
        test::Scenario scenario;
        QVERIFY(scenario.begin(test::Slapd::people(40)));
        core::Rule other = scenario.rule();
        other.id = {};
        other.name = QStringLiteral("Switched off");
        other.enabled = false;
        scenario.configuration.rules.append(other);
        QVERIFY(scenario.save());

        Engine engine(scenario.path());
        auto opening = engine.open();
        QTRY_VERIFY(opening.isFinished());
        VERIFY_RESULT(opening.result());
        Schedule schedule(engine);
        QSignalSpy finished(&engine, &Engine::jobFinished);
        QSignalSpy stopped(&schedule, &Schedule::stopped);
        QStringList log;
        connect(&schedule, &Schedule::logged, this, [&](const QString &line) { log.append(line); });
        schedule.start();
        // It never ran, so it is due at once; then it has its pause.
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(scenario.userCount(), qint64(40));
        QTest::qWait(2'200);
        QCOMPARE(finished.size(), 1);
        const auto runs = scenario.environment->runs().list();
        VERIFY_RESULT(runs);
        QCOMPARE(runs->size(), 1);
        QCOMPARE(runs->first().trigger, QStringLiteral("schedule"));
        QVERIFY2(log.join(u'\n').contains(QStringLiteral("create 40")), qPrintable(log.join(u'\n')));
        QVERIFY(!log.join(u'\n').contains(QStringLiteral("Switched off")));
        schedule.stop();
        QTRY_COMPARE(stopped.size(), 1);
    }

    void readsTheConfigurationOnlyWhenSomethingHasChanged()
    {
        REQUIRE_SERVER("slapd");
        test::Scenario scenario;
        QVERIFY(scenario.begin(test::Slapd::people(5)));
        Engine engine(scenario.path());
        auto opening = engine.open();
        QTRY_VERIFY(opening.isFinished());
        VERIFY_RESULT(opening.result());
        Schedule schedule(engine);
        QSignalSpy finished(&engine, &Engine::jobFinished);
        QStringList log;
        connect(&schedule, &Schedule::logged, this, [&](const QString &line) { log.append(line); });
        schedule.start();
        QTRY_COMPARE(finished.size(), 1);
        QTest::qWait(2'200); // the run itself has changed something
        const qint64 before = schedule.readings();
        QTest::qWait(3'200);
        QCOMPARE(schedule.readings(), before);

        // Another program switches the rule off.
        scenario.rule().enabled = false;
        QVERIFY(scenario.save());
        QTRY_VERIFY(log.join(u'\n').contains(QStringLiteral("is not scheduled any more")));
        QCOMPARE(schedule.readings(), before + 1);
        QSignalSpy stopped(&schedule, &Schedule::stopped);
        schedule.stop();
        QTRY_COMPARE(stopped.size(), 1);
    }

    void waitsForAClientInsteadOfFailing()
    {
        REQUIRE_SERVER("slapd");
        test::Scenario scenario;
        QVERIFY(scenario.begin(test::Slapd::people(3)));
        scenario.gateway().mode = core::GatewayMode::Clients;
        QVERIFY(scenario.save());
        Engine engine(scenario.path());
        auto opening = engine.open();
        QTRY_VERIFY(opening.isFinished());
        Schedule schedule(engine);
        QSignalSpy started(&engine, &Engine::jobStarted);
        QStringList log;
        connect(&schedule, &Schedule::logged, this, [&](const QString &line) { log.append(line); });
        schedule.start();
        QTRY_VERIFY(log.join(u'\n').contains(QStringLiteral("waits for a client")));
        QTest::qWait(1'200);
        QCOMPARE(started.size(), 0);
        QCOMPARE(log.filter(QStringLiteral("waits for a client")).size(), 1);
    }
};

CONSOLE_TEST(ScheduleTest)
#include "tst_schedule.moc"
