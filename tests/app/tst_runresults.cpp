// SPDX-License-Identifier: GPL-3.0-or-later
//
// The results of a run as a table: how many there are is known at once, whatever has been looked at; the steps come as
// they are looked at.
#include "tests/support/sampleenvironment.h"
#include "tests/support/testmain.h"

#include "app/console.h"
#include "app/runs/runresults.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;

namespace {
constexpr int kPeople = 20'000;
constexpr int kFailed = 3;
constexpr int kLongWait = 30'000;
} // namespace

class RunResultsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase() { m_console.reset(); }

    void allRowsAreThereAtOnce();
    void theLastRowIsReadWhenItIsLookedAt();
    void aFilterHasItsTrueCount();
    void aSearchSaysWhereItEnded();
    void onlyFailures();
    void anotherRunHasNothingOfThisOne();

private:
    void show(app::RunResults &results)
    {
        QSignalSpy known(&results, &app::RunResults::progressed);
        results.setRun(1);
        QTRY_COMPARE_WITH_TIMEOUT(known.size(), 1, kLongWait);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<app::Console> m_console;
};

void RunResultsTest::initTestCase()
{
    const QString path = m_folder.filePath(QStringLiteral("results.gatehouse"));
    QCOMPARE(tests::fillSample(path, kPeople), QString());
    {
        auto opened = store::Environment::open(path, store::Environment::Access::ReadWrite);
        QVERIFY(opened);
        std::vector<core::Step> failures(kFailed);
        for (core::Step &step : failures) {
            step.action = core::Action::Failed;
            step.target.name = "twice";
            step.problems = {{QStringLiteral("email"), core::ProblemCode::UniquenessViolation, {}}};
        }
        QVERIFY((*opened)->runs().recordFailures(1, failures));
    }
    m_console = std::make_unique<app::Console>(path);
    QSignalSpy opened(m_console.get(), &app::Console::opened);
    m_console->open();
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, kLongWait);
}

void RunResultsTest::allRowsAreThereAtOnce()
{
    app::RunResults results(*m_console);
    const QAbstractItemModelTester tester(&results);
    show(results);
    QCOMPARE(results.rowCount(), kPeople + kFailed);
    QVERIFY(!results.canFetchMore({}));
    QVERIFY(!results.isCut());
    // What was done is known before the rest is read; failures are first.
    QCOMPARE(results.index(0, 0).data(app::StepTable::ActionRole).toInt(), int(core::Action::Failed));
    QCOMPARE(results.index(kPeople + kFailed - 1, 0).data(app::StepTable::ActionRole).toInt(), int(core::Action::Create));
}

void RunResultsTest::theLastRowIsReadWhenItIsLookedAt()
{
    app::RunResults results(*m_console);
    show(results);
    const QModelIndex last = results.index(results.rowCount() - 1, app::StepTable::User);
    QVERIFY(!last.data().isValid());
    QTRY_COMPARE_WITH_TIMEOUT(last.data().toString(), QStringLiteral("user%1").arg(kPeople - 1, 6, 10, QLatin1Char('0')), kLongWait);
    QVERIFY(!results.index(results.rowCount() / 2, app::StepTable::User).data().isValid());
    QTRY_VERIFY(results.index(results.rowCount() / 2, app::StepTable::User).data().isValid());
}

void RunResultsTest::aFilterHasItsTrueCount()
{
    app::RunResults results(*m_console);
    show(results);
    QSignalSpy known(&results, &app::RunResults::progressed);
    results.setOnly(core::Action::Create);
    QTRY_COMPARE_WITH_TIMEOUT(known.size(), 1, kLongWait);
    QCOMPARE(results.rowCount(), kPeople);
    results.setOnly(core::Action::Delete);
    QTRY_COMPARE_WITH_TIMEOUT(known.size(), 2, kLongWait);
    QCOMPARE(results.rowCount(), 0);
}

void RunResultsTest::aSearchSaysWhereItEnded()
{
    app::RunResults results(*m_console);
    show(results);
    QSignalSpy known(&results, &app::RunResults::progressed);
    results.setSearch(QStringLiteral("user01999"));
    QTRY_COMPARE_WITH_TIMEOUT(known.size(), 1, kLongWait);
    QCOMPARE(results.rowCount(), 10);
    QVERIFY(!results.isCut());
    results.setSearch(QStringLiteral("user"));
    QTRY_COMPARE_WITH_TIMEOUT(known.size(), 2, kLongWait);
    QCOMPARE(results.rowCount(), app::RunResults::kMaxFound);
    QVERIFY(results.isCut());
}

void RunResultsTest::onlyFailures()
{
    app::RunResults results(*m_console);
    results.setOnlyFailures();
    show(results);
    QCOMPARE(results.rowCount(), kFailed);
    QTRY_COMPARE(results.index(2, app::StepTable::User).data().toString(), QStringLiteral("twice"));
}

void RunResultsTest::anotherRunHasNothingOfThisOne()
{
    app::RunResults results(*m_console);
    show(results);
    results.index(0, app::StepTable::User).data(); // asked for, and not waited for
    results.setRun(0);
    QCOMPARE(results.rowCount(), 0);
    QTest::qWait(100);
    QCOMPARE(results.rowCount(), 0);
    QVERIFY(!results.isReading());
}

CONSOLE_TEST(RunResultsTest)
#include "tst_runresults.moc"
