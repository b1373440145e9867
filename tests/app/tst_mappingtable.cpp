// SPDX-License-Identifier: GPL-3.0-or-later
//
// The attribute mapping as an editable table, faults of a configuration as a form needs them, and names that are free.
#include "app/configfaults.h"
#include "app/configurationedit.h"
#include "app/provisioning/guardtext.h"
#include "app/provisioning/mappingtable.h"
#include "app/roles.h"
#include "core/plan/guards.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using app::MappingTable;
using core::AttributeMapping;

class MappingTableTest : public QObject {
    Q_OBJECT
private slots:
    void putsRequiredFirst()
    {
        MappingTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setMappings({{QStringLiteral("title"), QStringLiteral("title")},
                           {QStringLiteral("name.given"), QStringLiteral("givenName")},
                           {QStringLiteral("username"), QStringLiteral("uid")}});
        QCOMPARE(table.rowCount(), 3);
        QCOMPARE(table.index(0, MappingTable::Target).data().toString(), QStringLiteral("Username *"));
        QVERIFY(table.index(0, MappingTable::Target).data(MappingTable::RequiredRole).toBool());
        QCOMPARE(table.index(1, MappingTable::Target).data().toString(), QStringLiteral("Title"));
        QCOMPARE(table.index(2, MappingTable::Target).data().toString(), QStringLiteral("Given Name"));
        QVERIFY(!(table.index(0, 0).flags() & Qt::ItemIsEditable));
    }

    void tellsSourcesFromExpressions_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("expression");
        QTest::newRow("attribute") << QStringLiteral("givenName") << QStringLiteral("givenName") << QString();
        QTest::newRow("hyphen") << QStringLiteral("ds-pwp-x") << QStringLiteral("ds-pwp-x") << QString();
        QTest::newRow("option") << QStringLiteral("cn;lang-de") << QStringLiteral("cn;lang-de") << QString();
        QTest::newRow("oid") << QStringLiteral("2.5.4.3") << QStringLiteral("2.5.4.3") << QString();
        QTest::newRow("spaces around") << QStringLiteral("  sn ") << QStringLiteral("sn") << QString();
        QTest::newRow("added") << QStringLiteral("ADD:x-badge") << QStringLiteral("x-badge") << QString();
        QTest::newRow("added in small letters") << QStringLiteral("add: badge ") << QStringLiteral("badge") << QString();
        QTest::newRow("empty") << QString() << QString() << QString();
        QTest::newRow("call") << QStringLiteral("#string.join({givenName, sn}, ' ')") << QString()
                              << QStringLiteral("#string.join({givenName, sn}, ' ')");
        QTest::newRow("literal") << QStringLiteral("'EU'") << QString() << QStringLiteral("'EU'");
        QTest::newRow("elvis") << QStringLiteral("c ?: 'EU'") << QString() << QStringLiteral("c ?: 'EU'");
    }
    void tellsSourcesFromExpressions()
    {
        QFETCH(QString, typed);
        QFETCH(QString, source);
        QFETCH(QString, expression);
        MappingTable table;
        table.setEditable(true);
        table.setMappings({{QStringLiteral("title"), QStringLiteral("before")}});
        QSignalSpy edited(&table, &MappingTable::edited);
        QVERIFY(table.setData(table.index(0, MappingTable::Source), typed, Qt::EditRole));
        QCOMPARE(edited.size(), 1);
        QCOMPARE(table.mappings().first().source, source);
        QCOMPARE(table.mappings().first().expression, expression);
        QCOMPARE(table.index(0, MappingTable::Source).data(MappingTable::ExpressionRole).toBool(), !expression.isEmpty());
    }

    void addsRemovesAndTellsWhatIsLeft()
    {
        MappingTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setEditable(true);
        table.setMappings({{QStringLiteral("title"), QStringLiteral("title")}});
        const auto left = table.unmapped();
        QCOMPARE(left.first().first, QStringLiteral("username")); // required ones first
        QVERIFY(!left.contains(std::pair(QStringLiteral("title"), QStringLiteral("Title"))));
        const int row = table.add(left.first().first);
        QCOMPARE(row, 1);
        QVERIFY(table.setData(table.index(row, MappingTable::When), int(core::MappingWhen::OnCreate), Qt::EditRole));
        QCOMPARE(table.mappings().at(1).when, core::MappingWhen::OnCreate);
        QVERIFY(table.removeRows(0, 1));
        QVERIFY(!table.removeRows(3, 1));
        QCOMPARE(table.rowCount(), 1);
        QCOMPARE(table.mappings().first().target, QStringLiteral("username"));
    }

    void keepsRequiredRowsAboveWhenRowsMove()
    {
        MappingTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setEditable(true);
        table.setMappings({{QStringLiteral("username"), QStringLiteral("uid")},
                           {QStringLiteral("title"), QStringLiteral("title")},
                           {QStringLiteral("email"), QStringLiteral("mail")},
                           {QStringLiteral("locale"), QStringLiteral("l")}});
        QSignalSpy edited(&table, &MappingTable::edited);
        const auto order = [&] {
            QStringList names;
            for (const AttributeMapping &row : table.mappings())
                names << row.target;
            return names.join(u' ');
        };
        QCOMPARE(table.moveBy(1, 1), 2);
        QCOMPARE(order(), QStringLiteral("username email title locale"));
        QCOMPARE(table.moveBy(2, -1), 1);
        QCOMPARE(order(), QStringLiteral("username title email locale"));
        QCOMPARE(edited.size(), 2);
        QCOMPARE(table.moveBy(1, -1), 1); // not above the username
        QCOMPARE(table.moveBy(0, 1), 0);  // nor the username below
        QCOMPARE(table.moveBy(3, 1), 3);  // nor beyond the end
        QCOMPARE(edited.size(), 2);
        // By drag and drop, before the row that stands at the place, and behind the last one.
        const auto drag = [&](int row, int before) {
            const std::unique_ptr<QMimeData> data(table.mimeData({table.index(row, 0)}));
            table.dropMimeData(data.get(), Qt::MoveAction, before, 0, {});
        };
        drag(1, 4);
        QCOMPARE(order(), QStringLiteral("username email locale title"));
        drag(3, 1);
        QCOMPARE(order(), QStringLiteral("username title email locale"));
        drag(3, 0);
        QCOMPARE(order(), QStringLiteral("username title email locale"));
        QCOMPARE(edited.size(), 4);
    }

    void showsWhatTheSampleBecomes()
    {
        using provision::RowOutcome;
        MappingTable table;
        table.setEditable(true);
        table.setMappings({{QStringLiteral("username"), QStringLiteral("uid")},
                           {QStringLiteral("title"), QStringLiteral("title")},
                           {QStringLiteral("email"), QStringLiteral("mail")},
                           {QStringLiteral("notes"), QStringLiteral("description")}});
        const auto text = [](const char *value) { return core::Value(QString::fromLatin1(value)); };
        const core::Problem bad{QStringLiteral("email"), core::ProblemCode::InvalidValue, QStringLiteral("Email Address: no address")};
        table.setPreviewing(true);
        table.setOutcome({{RowOutcome::State::Same, text("zoe"), text("zoe"), {}, {}},
                          {RowOutcome::State::Changed, text("Engineer"), text("Principal"), {}, {}},
                          {RowOutcome::State::Problem, {}, {}, {bad}, {}},
                          {RowOutcome::State::Changed, QStringList{QStringLiteral("a"), QStringLiteral("b")},
                           QStringList{QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d")}, {}, {}}});
        const auto cell = [&](int row) { return table.index(row, MappingTable::Check); };
        QCOMPARE(cell(0).data(app::BeforeRole), cell(0).data(app::AfterRole));
        QCOMPARE(cell(1).data(app::BeforeRole).toString(), QStringLiteral("Engineer"));
        QCOMPARE(cell(1).data(app::AfterRole).toString(), QStringLiteral("Principal"));
        QVERIFY(cell(1).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("becomes")));
        QCOMPARE(cell(2).data(MappingTable::ProblemRole).toString(), QStringLiteral("No address"));
        // Of a list only what goes and what comes; the rest is counted.
        QCOMPARE(cell(3).data(app::BeforeRole).toString(), QStringLiteral("a"));
        QCOMPARE(cell(3).data(app::AfterRole).toString(), QStringLiteral("c, d"));
        QVERIFY(cell(3).data(MappingTable::NoteRole).toString().startsWith(QStringLiteral("1 ")));
        // A row's outcome goes with it.
        QCOMPARE(table.moveBy(1, 1), 2);
        QCOMPARE(cell(2).data(app::AfterRole).toString(), QStringLiteral("Principal"));
        QVERIFY(table.removeRows(1, 1));
        QCOMPARE(cell(1).data(app::AfterRole).toString(), QStringLiteral("Principal"));
        table.setPreviewing(false);
        QVERIFY(cell(1).data().toString().contains(QStringLiteral("256"))); // what it may hold
    }

    void pointsAtTheFaultyCharacter()
    {
        MappingTable table;
        table.setEditable(true);
        table.setMappings({{QStringLiteral("title"), {}, QStringLiteral("sn + ")}});
        table.setFault(0, QStringLiteral("expression"), QStringLiteral("Something is missing."), 5, 0);
        QCOMPARE(table.index(0, MappingTable::Source).data(MappingTable::FaultOffsetRole).toInt(), 5);
        QCOMPARE(table.index(0, MappingTable::Source).data(MappingTable::RowFaultRole).toString(),
                 QStringLiteral("At character 6: Something is missing."));
    }

    void showsFaultsBesideTheirRow()
    {
        MappingTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setEditable(true);
        table.setMappings({{QStringLiteral("username"), QStringLiteral("uid")},
                           {QStringLiteral("title"), QStringLiteral("title")}});
        QVERIFY(table.index(0, MappingTable::Check).data().toString().contains(QStringLiteral("128")));
        table.setFault(1, QStringLiteral("source"), QStringLiteral("Not an attribute."));
        QCOMPARE(table.faultOf(1), QStringLiteral("Not an attribute."));
        QCOMPARE(table.index(1, MappingTable::Check).data().toString(), QStringLiteral("Not an attribute."));
        QVERIFY(table.index(1, MappingTable::Source).data(MappingTable::FaultRole).isValid());
        QVERIFY(!table.index(0, MappingTable::Source).data(MappingTable::FaultRole).isValid());
        QVERIFY(table.setData(table.index(1, MappingTable::Source), QStringLiteral("personalTitle"), Qt::EditRole));
        QVERIFY(table.faultOf(1).isEmpty()); // judged anew once it is changed
    }

    void splitsFaultsByThePathOfTheThing()
    {
        core::Error base{core::Code::Syntax, QStringLiteral("not a DN"), QStringLiteral("an equals sign is missing")};
        base.where = QStringLiteral("rules[1].baseDn");
        core::Error row = base;
        row.where = QStringLiteral("rules[1].attributeMappings[12].source");
        core::Error whole = base;
        whole.where = QStringLiteral("rules[1]");
        core::Error other = base;
        other.where = QStringLiteral("rules[10].baseDn");
        const auto split = app::ConfigFaults::split({base, row, whole, other}, QStringLiteral("rules"), 1);
        QCOMPARE(split.own.size(), 3);
        QCOMPARE(split.own.at(0).path, QStringLiteral("baseDn"));
        QCOMPARE(split.own.at(0).text, QStringLiteral("Not a DN. An equals sign is missing."));
        QVERIFY(split.own.at(1).isUnder(QStringLiteral("attributeMappings")));
        QVERIFY(!split.own.at(1).isUnder(QStringLiteral("attribute")));
        QCOMPARE(split.own.at(1).indexUnder(QStringLiteral("attributeMappings")), 12);
        QCOMPARE(split.own.at(0).indexUnder(QStringLiteral("attributeMappings")), -1);
        QVERIFY(split.own.at(2).path.isEmpty());
        QCOMPARE(split.others, QList<core::Error>{other});
        QCOMPARE(app::ConfigFaults::added({base, other}, {other, row, base}), QList<core::Error>{row});
    }

    void namesClonesFreely()
    {
        QList<core::Rule> rules(1);
        rules[0].name = QStringLiteral("Staff in");
        QCOMPARE(app::freeName(rules, QStringLiteral("Clone_Staff in")), QStringLiteral("Clone_Staff in"));
        rules.append(core::Rule{.name = QStringLiteral("Clone_Staff in")});
        QCOMPARE(app::freeName(rules, QStringLiteral("Clone_Staff in")), QStringLiteral("Clone_Staff in (2)"));
        rules.append(core::Rule{.name = QStringLiteral("Clone_Staff in (2)")});
        QCOMPARE(app::freeName(rules, QStringLiteral("Clone_Staff in")), QStringLiteral("Clone_Staff in (3)"));
    }

    void putsAThingInItsPlace()
    {
        core::Configuration configuration;
        core::Gateway gateway{.id = QUuid::createUuid(), .name = QStringLiteral("Lab")};
        configuration.gateways = {gateway};
        configuration.connections = {core::Connection{.name = QStringLiteral("C"), .gateway = QStringLiteral("Lab")}};
        gateway.name = QStringLiteral("Head office");
        const auto renamed =
            app::withThing(configuration, QStringLiteral("gateways"), &core::Configuration::gateways, gateway);
        QCOMPARE(renamed.gateways.size(), 1);
        QCOMPARE(renamed.connections.first().gateway, QStringLiteral("Head office"));
        core::Gateway fresh{.name = QStringLiteral("Lab 2")};
        QCOMPARE(app::placeOf(configuration, &core::Configuration::gateways, fresh), 1);
        QCOMPARE(app::withThing(configuration, QStringLiteral("gateways"), &core::Configuration::gateways, fresh)
                     .gateways.last().name,
                 QStringLiteral("Lab 2"));
    }

    void saysWhatGuardsSay()
    {
        QLocale::setDefault(QLocale::c());
        const core::GuardVerdict count{QStringLiteral("maxDeprovisions"), 500, 5, false};
        const core::GuardVerdict share{QStringLiteral("maxDeprovisionPercent"), 10, 50, true};
        QCOMPARE(app::GuardText::summary({}), QStringLiteral("No guards"));
        QCOMPARE(app::GuardText::summary({count}), QStringLiteral("Guards: 5 of 500 deprovisions allowed"));
        QCOMPARE(app::GuardText::summary({count, share}), QStringLiteral("Stopped by guard"));
        QCOMPARE(app::GuardText::summary({{QStringLiteral("minReadPercent"), 50, 100, false}}), QStringLiteral("Within the guards"));
        QVERIFY(app::GuardText::whyStopped({count}).isEmpty());
        // Every guard has words of its own.
        for (const core::GuardKey &key : core::guardKeys()) {
            if (!key.counts || key.name == QLatin1String("missingForSeconds"))
                continue;
            const QString said = app::GuardText::sentence({key.name, 10, 20, true, QStringLiteral("email")});
            QVERIFY2(!said.contains(key.name), qPrintable(said));
        }
        QVERIFY(app::GuardText::sentence({QStringLiteral("maxBlankedPercent"), 20, 33, true, QStringLiteral("email")}).contains(QStringLiteral("email")));
        QVERIFY(app::GuardText::whyStopped({count, share}).contains(QStringLiteral("50 %")));
    }
};

CONSOLE_TEST(MappingTableTest)
#include "tst_mappingtable.moc"
