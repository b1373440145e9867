// SPDX-License-Identifier: GPL-3.0-or-later
//
// The users table over a real environment: rows come as they are shown, queries replace each other, changes move only
// what changed.
#include "app/console.h"
#include "app/roles.h"
#include "app/users/userstablemodel.h"
#include "tests/support/sampleenvironment.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;
using app::UsersTableModel;

namespace {
constexpr int kPeople = 3000;
}

class UsersTable : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<app::Console> m_console;

    /// The text of a cell once its page has been read.
    static QString shown(const UsersTableModel &model, int row, int column)
    {
        const QModelIndex index = model.index(row, column);
        return QTest::qWaitFor([&] { return !index.data(app::LoadingRole).toBool(); }) ? index.data().toString()
                                                                                       : QStringLiteral("never read");
    }

private slots:
    void initTestCase()
    {
        const QString path = m_folder.filePath(QStringLiteral("people.gatehouse"));
        QCOMPARE(tests::fillSample(path, kPeople), QString());
        m_console = std::make_unique<app::Console>(path);
        QSignalSpy opened(m_console.get(), &app::Console::opened);
        m_console->open();
        QVERIFY(opened.wait());
    }

    void showsEverybodyInOrder()
    {
        UsersTableModel model(*m_console);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy loaded(&model, &UsersTableModel::loaded);
        model.setQuery({});
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), kPeople);
        QCOMPARE(shown(model, 0, UsersTableModel::Username), QStringLiteral("user000000"));
        QCOMPARE(shown(model, kPeople - 1, UsersTableModel::Username), QStringLiteral("user002999"));
        QCOMPARE(shown(model, 0, UsersTableModel::Name), QStringLiteral("Zoë Müller"));
        QCOMPARE(shown(model, 0, UsersTableModel::Population), QStringLiteral("Employees"));
        QCOMPARE(model.index(4, UsersTableModel::Enabled).data(app::StateTextRole).toString(), QStringLiteral("Disabled"));
    }

    void aRowNotReadYetSaysSo()
    {
        UsersTableModel model(*m_console);
        QSignalSpy loaded(&model, &UsersTableModel::loaded);
        model.setQuery({});
        QVERIFY(loaded.wait());
        const QModelIndex far = model.index(2000, 0);
        QVERIFY(far.data(app::LoadingRole).toBool());
        QVERIFY(far.data().toString().isEmpty());
        QSignalSpy changed(&model, &UsersTableModel::dataChanged);
        QVERIFY(changed.wait());
        QCOMPARE(far.data().toString(), QStringLiteral("user002000"));
    }

    void sortsByNewQuery()
    {
        UsersTableModel model(*m_console);
        QSignalSpy loaded(&model, &UsersTableModel::loaded);
        model.setQuery({});
        QVERIFY(loaded.wait());
        model.sort(UsersTableModel::Username, Qt::DescendingOrder);
        QVERIFY(loaded.wait());
        QCOMPARE(shown(model, 0, UsersTableModel::Username), QStringLiteral("user002999"));
    }

    void theLastOfManyQueriesWins()
    {
        UsersTableModel model(*m_console);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy loaded(&model, &UsersTableModel::loaded);
        for (int round = 0; round < 50; ++round) {
            store::UserQuery query;
            query.search = QStringLiteral("user00%1").arg(round, 2, 10, QLatin1Char('0'));
            query.descending = round % 2 == 0;
            model.setQuery(query);
            // Rows that are about to go are looked at, as a view does while one types.
            for (int row = 0; row < model.rowCount(); row += 97)
                QVERIFY(!model.index(row, 0).data().toString().contains(QStringLiteral("stale")));
            QTest::qWait(round % 5);
        }
        QVERIFY(QTest::qWaitFor([&] { return !model.isLoading() && model.rowCount() == 0; }));
        store::UserQuery last;
        last.search = QStringLiteral("user0012");
        model.setQuery(last);
        QVERIFY(QTest::qWaitFor([&] { return !model.isLoading() && model.rowCount() == 100; }));
        for (int row = 0; row < model.rowCount(); ++row)
            QVERIFY(shown(model, row, UsersTableModel::Username).startsWith(QStringLiteral("user0012")));
    }

    void aModelMayGoWhileItIsBeingAnswered()
    {
        for (int round = 0; round < 20; ++round) {
            auto model = std::make_unique<UsersTableModel>(*m_console);
            model->setQuery({});
            if (round % 2)
                QTest::qWait(1);
        }
        UsersTableModel model(*m_console);
        QSignalSpy loaded(&model, &UsersTableModel::loaded);
        model.setQuery({});
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), kPeople);
    }

    void aDeletedUserLeavesTheOthersInPlace()
    {
        UsersTableModel model(*m_console);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy loaded(&model, &UsersTableModel::loaded);
        model.setQuery({});
        QVERIFY(loaded.wait());
        const QPersistentModelIndex below(model.index(1500, 0));
        const qint64 id = model.idAt(1500);
        QSignalSpy reset(&model, &UsersTableModel::modelReset);
        m_console->write<core::Result<void>>(
            this,
            [gone = model.idAt(1499)](store::Environment &environment) {
                return environment.identities().deleteUser(gone);
            },
            app::Console::Touched::Users, [](const core::Result<void> &answer) { QVERIFY(answer.has_value()); });
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), kPeople - 1);
        QCOMPARE(below.row(), 1499);
        QCOMPARE(model.idAt(below.row()), id);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(model.rowOf(id), 1499);
    }
};

CONSOLE_TEST(UsersTable)
#include "tst_userstable.moc"
