// SPDX-License-Identifier: GPL-3.0-or-later
//
// The small models of the directory pages: populations and groups.
#include "app/console.h"
#include "app/groups/groupstablemodel.h"
#include "app/populations/populationsmodel.h"
#include "app/roles.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using app::GroupsTableModel;
using app::PopulationsModel;

namespace {

core::Group group(qint64 row, const QString &name, qint64 members, core::GroupSource source = core::GroupSource::Internal)
{
    core::Group group;
    group.row = row;
    group.name = name;
    group.memberCount = members;
    group.source = source;
    return group;
}

} // namespace

class DirectoryModels : public QObject {
    Q_OBJECT

private:
    app::Console m_console{QStringLiteral("never opened")};

private slots:
    void populationsByNameWithCounts()
    {
        PopulationsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPopulations({{2, {}, QStringLiteral("Guests"), QStringLiteral("Visitors"), false},
                              {1, {}, QStringLiteral("Employees"), {}, true}});
        model.setUserCounts({{1, 1204}, {2, 1}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("Employees"));
        QCOMPARE(model.index(0).data(app::SubtitleRole).toString(), QStringLiteral("1,204 users"));
        QCOMPARE(model.index(0).data(app::BadgesRole).toStringList(), QStringList{QStringLiteral("Default")});
        QCOMPARE(model.index(1).data(app::SubtitleRole).toString(), QStringLiteral("1 user · Visitors"));
        model.setSearch(QStringLiteral("visit"));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0).data(app::IdRole).toLongLong(), 2);
        QCOMPARE(model.total(), 2);
    }

    void groupsSortByEveryColumn_data()
    {
        QTest::addColumn<int>("column");
        QTest::addColumn<QList<qint64>>("ascending");
        QTest::newRow("name") << int(GroupsTableModel::Name) << QList<qint64>{1, 3, 2};
        QTest::newRow("members") << int(GroupsTableModel::Members) << QList<qint64>{2, 1, 3};
        QTest::newRow("source") << int(GroupsTableModel::GroupSource) << QList<qint64>{2, 1, 3};
    }

    void groupsSortByEveryColumn()
    {
        QFETCH(int, column);
        QFETCH(QList<qint64>, ascending);
        GroupsTableModel model(m_console);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setGroups({group(1, QStringLiteral("alpha"), 5, core::GroupSource::IdentityProvider),
                         group(2, QStringLiteral("Team 3"), 1),
                         group(3, QStringLiteral("team 2"), 9, core::GroupSource::Gateway)});
        const QPersistentModelIndex two(model.index(model.rowOf(2), 0));
        model.sort(column, Qt::AscendingOrder);
        QList<qint64> rows;
        for (int row = 0; row < model.rowCount(); ++row)
            rows << model.at(row)->row;
        QCOMPARE(rows, ascending);
        model.sort(column, Qt::DescendingOrder);
        std::reverse(rows.begin(), rows.end());
        for (int row = 0; row < model.rowCount(); ++row)
            QCOMPARE(model.at(row)->row, rows[row]);
        QCOMPARE(model.at(two.row())->row, 2);
    }

    void aGroupComesAndGoesAlone()
    {
        GroupsTableModel model(m_console);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QList<core::Group> groups{group(1, QStringLiteral("a"), 0), group(2, QStringLiteral("b"), 0), group(3, QStringLiteral("c"), 0)};
        model.setGroups(groups);
        const QPersistentModelIndex last(model.index(2, 0));
        QSignalSpy removed(&model, &GroupsTableModel::rowsRemoved);
        groups.removeAt(1);
        model.setGroups(groups);
        QCOMPARE(removed.count(), 1);
        QCOMPARE(last.row(), 1);
        groups.append(group(4, QStringLiteral("bb"), 0));
        model.setGroups(groups);
        QCOMPARE(model.rowOf(4), 1);
        QCOMPARE(last.row(), 2);
        model.setGroups({});
        QVERIFY(!last.isValid());
    }

    void badgesSayWhereAGroupComesFrom()
    {
        core::Group external = group(1, QStringLiteral("CN=Payroll,DC=example"), 0, core::GroupSource::Gateway);
        external.displayName = QStringLiteral("Payroll");
        external.justInTime = true;
        QCOMPARE(GroupsTableModel::title(external), QStringLiteral("Payroll"));
        QCOMPARE(GroupsTableModel::badges(external), QStringList({QStringLiteral("Just-in-time"), QStringLiteral("LDAP Gateway")}));
        QCOMPARE(GroupsTableModel::syncType(external), QStringLiteral("Just-in-time"));
        external.justInTime = false;
        external.source = core::GroupSource::IdentityProvider;
        QCOMPARE(GroupsTableModel::badges(external), QStringList{QStringLiteral("External IdP")});
        QVERIFY(GroupsTableModel::badges(group(2, QStringLiteral("own"), 0)).isEmpty());
    }
};

CONSOLE_TEST(DirectoryModels)
#include "tst_directorymodels.moc"
