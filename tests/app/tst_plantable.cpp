// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plan as a table: blocks that come when they are looked at, filters that overtake each other, few blocks kept; and
// its export.
#include "app/provisioning/planexport.h"
#include "app/provisioning/plantable.h"
#include "app/roles.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;
using core::Action;

namespace {

/// Steps user.0 to user.N-1: every third is a create, an update, a failure.
std::shared_ptr<provision::PlanFile> makePlan(int count)
{
    auto plan = std::make_shared<provision::PlanFile>();
    for (int n = 0; n < count; ++n) {
        core::Step step;
        step.action = n % 3 == 0 ? Action::Create : n % 3 == 1 ? Action::Update : Action::Failed;
        step.target.name = "user." + QByteArray::number(n);
        step.source.name = QByteArray("uid=user." + QByteArray::number(n) + ",ou=people,dc=example,dc=com");
        step.source.id = QByteArray(16, char(n));
        if (step.action == Action::Failed)
            step.problems = {{QStringLiteral("username"), core::ProblemCode::RequiredValue, QStringLiteral("no value")}};
        else
            step.changes = {{QStringLiteral("title"), n % 3 == 1 ? core::Value(QStringLiteral("Baker")) : core::Value(),
                             core::Value(QStringLiteral("Chief \"Baker\", =1+1"))}};
        if (!plan->append(step))
            return {};
    }
    return plan->finish() ? plan : nullptr;
}

} // namespace

class PlanTableTest : public QObject {
    Q_OBJECT
private slots:
    void showsBlocksAsTheyAreLookedAt()
    {
        app::PlanTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setAttributeNames({{QStringLiteral("title"), QStringLiteral("Title")}});
        table.setPlan(makePlan(1000), QStringLiteral("dc=example,dc=com"));
        QCOMPARE(table.rowCount(), 1000);
        QCOMPARE(table.columnCount(), 4);
        const QModelIndex far = table.index(750, app::PlanTable::User);
        // The action needs no reading; the rest says that it is on its way.
        QCOMPARE(table.index(750, 0).data(app::PlanTable::ActionRole).toInt(), int(Action::Create));
        QVERIFY(far.data(app::LoadingRole).toBool());
        QVERIFY(!far.data().isValid());
        QTRY_COMPARE(far.data().toString(), QStringLiteral("user.750"));
        QVERIFY(!far.data(app::LoadingRole).toBool());
        QCOMPARE(table.index(750, app::PlanTable::Entry).data().toString(), QStringLiteral("uid=user.750,ou=people"));
        QCOMPARE(table.index(750, app::PlanTable::Difference).data().toString(),
                 QStringLiteral("Title + Chief \"Baker\", =1+1"));
        QTRY_COMPARE(table.index(751, app::PlanTable::Difference).data().toString(),
                     QStringLiteral("Title − Baker + Chief \"Baker\", =1+1"));
        QCOMPARE(table.index(752, app::PlanTable::Difference).data().toString(), QStringLiteral("username: No value."));
    }

    void filtersByActionAndText_data()
    {
        QTest::addColumn<QList<Action>>("actions");
        QTest::addColumn<QString>("search");
        QTest::addColumn<int>("rows");
        QTest::addColumn<QString>("first");
        QTest::newRow("all") << QList<Action>{} << QString() << 900 << QStringLiteral("user.0");
        QTest::newRow("one action") << QList<Action>{Action::Update} << QString() << 300 << QStringLiteral("user.1");
        QTest::newRow("two actions") << QList<Action>{Action::Update, Action::Failed} << QString() << 600
                                     << QStringLiteral("user.1");
        QTest::newRow("absent action") << QList<Action>{Action::Delete} << QString() << 0 << QString();
        QTest::newRow("name") << QList<Action>{} << QStringLiteral("USER.89") << 11 << QStringLiteral("user.89");
        QTest::newRow("reason") << QList<Action>{} << QStringLiteral("no value") << 300 << QStringLiteral("user.2");
        QTest::newRow("both") << QList<Action>{Action::Failed} << QStringLiteral("user.89") << 5
                              << QStringLiteral("user.89");
        QTest::newRow("nothing") << QList<Action>{} << QStringLiteral("nobody") << 0 << QString();
    }
    void filtersByActionAndText()
    {
        QFETCH(QList<Action>, actions);
        QFETCH(QString, search);
        QFETCH(int, rows);
        QFETCH(QString, first);
        app::PlanTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setPlan(makePlan(900));
        table.setFilter(actions, search);
        QTRY_VERIFY(!table.isFiltering());
        QCOMPARE(table.rowCount(), rows);
        QCOMPARE(table.total(), 900);
        QCOMPARE(table.shownIndexes().size(), size_t(rows));
        if (rows > 0)
            QTRY_COMPARE(table.index(0, app::PlanTable::User).data().toString(), first);
    }

    void lastFilterWins()
    {
        app::PlanTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setPlan(makePlan(3000));
        QSignalSpy filtered(&table, &app::PlanTable::filtered);
        for (int n = 0; n < 50; ++n)
            table.setFilter({}, QStringLiteral("user.%1").arg(n));
        table.setFilter({}, QStringLiteral("user.2999"));
        QTRY_VERIFY(!table.isFiltering());
        QCOMPARE(filtered.size(), 1);
        QCOMPARE(table.rowCount(), 1);
        QTRY_COMPARE(table.index(0, app::PlanTable::User).data().toString(), QStringLiteral("user.2999"));
        table.setFilter({}, {});
        QCOMPARE(table.rowCount(), 3000);
    }

    void anotherPlanDropsTheFirst()
    {
        app::PlanTable table;
        table.setPlan(makePlan(2000));
        QVERIFY(!table.index(1999, app::PlanTable::User).data().isValid()); // asked for, on its way
        table.setPlan(makePlan(10));
        QCOMPARE(table.rowCount(), 10);
        QTRY_COMPARE(table.index(9, app::PlanTable::User).data().toString(), QStringLiteral("user.9"));
        table.setPlan(nullptr);
        QCOMPARE(table.rowCount(), 0);
    }

    void readsAgainWhatWasForgotten()
    {
        app::PlanTable table;
        const int rows = app::PlanTable::kBlock * (app::PlanTable::kMaxBlocks + 8);
        table.setPlan(makePlan(rows));
        for (int row = 0; row < rows; row += app::PlanTable::kBlock) {
            const QModelIndex cell = table.index(row, app::PlanTable::User);
            QTRY_COMPARE(cell.data().toString(), QStringLiteral("user.%1").arg(row));
        }
        // The first blocks gave way to the last ones; looked at again, they come again.
        QVERIFY(!table.index(0, app::PlanTable::User).data().isValid());
        QTRY_COMPARE(table.index(0, app::PlanTable::User).data().toString(), QStringLiteral("user.0"));
    }

    void exportsWhatIsShown_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("csv") << int(app::PlanExport::Format::Csv);
        QTest::newRow("json") << int(app::PlanExport::Format::Json);
    }
    void exportsWhatIsShown()
    {
        QFETCH(int, format);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("plan"));
        provision::RunOutcome outcome;
        outcome.rule = QStringLiteral("Staff \"in\"");
        outcome.plan = makePlan(2000);
        outcome.counts.users.create = 667;
        app::PlanExport exporter;
        QSignalSpy finished(&exporter, &app::PlanExport::finished);
        std::vector<uint32_t> indexes;
        for (uint32_t n = 0; n < 2000; n += 2)
            indexes.push_back(n);
        exporter.start(outcome, indexes, app::PlanExport::Format(format), path);
        QVERIFY(finished.wait(10'000));
        QVERIFY(!finished.first().at(1).value<std::optional<core::Error>>());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray octets = file.readAll();
        if (format == int(app::PlanExport::Format::Json)) {
            QJsonParseError fault;
            const QJsonObject plan = QJsonDocument::fromJson(octets, &fault).object();
            QCOMPARE(fault.error, QJsonParseError::NoError);
            QCOMPARE(plan.value(QStringLiteral("rule")).toString(), outcome.rule);
            QCOMPARE(plan.value(QStringLiteral("changes")).toArray().size(), 1000);
            QCOMPARE(plan.value(QStringLiteral("counts")).toObject().value(QStringLiteral("create")).toInt(), 667);
            return;
        }
        QCOMPARE(octets.count("\r\n"), 1001); // the header, and one change or problem each
        QVERIFY(octets.contains("user,create,user.0,\"uid=user.0,ou=people,dc=example,dc=com\""));
        QVERIFY(octets.contains("\"Chief \"\"Baker\"\", =1+1\""));
        QVERIFY(octets.contains(",username,,,REQUIRED_VALUE,no value\r\n"));
    }

    void refusedExportLeavesNothing()
    {
        provision::RunOutcome outcome;
        outcome.plan = makePlan(3);
        const auto refused = app::PlanExport::write(outcome, {0, 1, 2}, app::PlanExport::Format::Csv,
                                                    QStringLiteral("/nowhere/plan.csv"), {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().where, QStringLiteral("/nowhere/plan.csv"));

        QTemporaryDir folder;
        core::CancelToken cancel;
        cancel.cancel();
        const QString path = folder.filePath(QStringLiteral("plan.csv"));
        const auto cancelled = app::PlanExport::write(outcome, {0, 1, 2}, app::PlanExport::Format::Csv, path, cancel);
        QVERIFY(!cancelled);
        QCOMPARE(cancelled.error().code, core::Code::Cancelled);
        QVERIFY(!QFile::exists(path));
    }
};

CONSOLE_TEST(PlanTableTest)
#include "tst_plantable.moc"
