// SPDX-License-Identifier: GPL-3.0-or-later
//
// The engine as the console uses it: jobs and other work side by side in its thread, nobody waiting.
#include "provision/engine.h"

#include "tests/provision/scenario.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QElapsedTimer>
#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::test;

class EngineTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void saysWhenTheEnvironmentDoesNotOpen()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("broken.gatehouse")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        provision::Engine engine(file.fileName());
        auto opened = engine.open();
        QTRY_VERIFY(opened.isFinished());
        QVERIFY(!opened.result());
        QCOMPARE(opened.result().error().code, core::Code::Corrupt);
        QSignalSpy finished(&engine, &provision::Engine::jobFinished);
        engine.start({QStringLiteral("any")});
        QVERIFY(finished.wait(5000));
    }

    void worksBetweenTheBatchesOfARun()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30000)));
        provision::Engine engine(s.path());
        auto opened = engine.open();
        QTRY_VERIFY(opened.isFinished());
        QVERIFY(opened.result());
        QSignalSpy finished(&engine, &provision::Engine::jobFinished);
        QSignalSpy progressed(&engine, &provision::Engine::jobProgressed);
        QSignalSpy changed(&engine, &provision::Engine::changed);
        const quint64 job = engine.start({s.rule().name, true});
        qint64 slowest = 0;
        int answers = 0;
        while (finished.isEmpty()) {
            QElapsedTimer timer;
            timer.start();
            auto count = engine.post<qint64>([](store::Environment &environment) { return environment.identities().userCount().value_or(-1); });
            QTRY_VERIFY_WITH_TIMEOUT(count.isFinished(), 10000);
            slowest = std::max(slowest, timer.elapsed());
            ++answers;
        }
        QVERIFY(answers > 5);
        // Generous, for machines under load; what is meant is "never as long as the run".
        QVERIFY2(slowest < 2000, qPrintable(QString::number(slowest)));
        QCOMPARE(finished.at(0).at(0).toULongLong(), job);
        const auto outcome = finished.at(0).at(1).value<provision::RunOutcome>();
        QVERIFY2(!outcome.error, outcome.error ? qPrintable(outcome.error->text()) : "");
        QCOMPARE(outcome.counts.users.create, 30000);
        QVERIFY(progressed.size() > 1);
        QCOMPARE(changed.size(), 1);
    }

    void oneJobARule()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(3000)));
        provision::Engine engine(s.path());
        auto opened = engine.open();
        QTRY_VERIFY(opened.isFinished());
        QSignalSpy finished(&engine, &provision::Engine::jobFinished);
        const quint64 first = engine.start({s.rule().name});
        const quint64 second = engine.start({s.rule().name});
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, 30000);
        QHash<quint64, provision::RunOutcome> outcomes;
        for (const QList<QVariant> &signal : finished)
            outcomes.insert(signal.at(0).toULongLong(), signal.at(1).value<provision::RunOutcome>());
        QVERIFY(!outcomes.value(first).error);
        QCOMPARE(outcomes.value(second).error->code, core::Code::Locked);
    }

    void goesAwayInTheMiddleOfARun()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20000)));
        {
            provision::Engine engine(s.path());
            auto opened = engine.open();
            QTRY_VERIFY(opened.isFinished());
            QSignalSpy progressed(&engine, &provision::Engine::jobProgressed);
            engine.start({s.rule().name, true});
            QVERIFY(progressed.wait(10000));
        }
        const auto completed = s.apply();
        QCOMPARE(completed.status, store::RunStatus::Succeeded);
        QCOMPARE(s.userCount(), 20000);
    }
};

CONSOLE_TEST(EngineTest)
#include "tst_engine.moc"
