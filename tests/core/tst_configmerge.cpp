// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/config/merge.h"
#include "core/config/validate.h"
#include "tests/core/completeconfig.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::core;

namespace {

QString u8(const char *text)
{
    return QString::fromUtf8(text);
}

QByteArray json(const Configuration &configuration)
{
    return QJsonDocument(toJson(configuration)).toJson();
}

QStringList paths(const QList<ConfigurationChange> &changes)
{
    QStringList list;
    for (const ConfigurationChange &change : changes)
        list.append(change.path);
    return list;
}

} // namespace

class TestConfigMerge : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { test::checkProperties(200); }
    void applyingTwiceChangesNothing();
    void leavesAbsentSectionsAlone();
    void keepsIdsByName();
    void knowsWhatIsRenamed();
    void namesEachDifference();
    void tellsOrderOnlyWhereItCounts();
    void differenceIsEmptyForEqualsOnly();
    void renamesWithEveryReference();
    void mapsByDefaultAsTheVendorDoes();
};

void TestConfigMerge::applyingTwiceChangesNothing()
{
    QVERIFY(rc::check("after apply there is no difference to the file", [] {
        const Configuration current = test::withIds(test::drawConfiguration());
        const Configuration file = test::drawConfiguration();
        const QByteArray text = json(file);
        const Configuration applied = merge(current, *parseConfiguration(text), sectionsOf(text));
        RC_ASSERT(difference(applied, merge(applied, file, sectionsOf(text))).isEmpty());
        RC_ASSERT(merge(applied, file, sectionsOf(text)) == applied);
        RC_ASSERT(toJson(applied) == toJson(file));
    }));
    QVERIFY(rc::check("applying one's own export changes nothing, ids included", [] {
        const Configuration current = test::withIds(test::drawConfiguration());
        const QByteArray text = json(current);
        RC_ASSERT(merge(current, *parseConfiguration(text), sectionsOf(text)) == current);
    }));
}

void TestConfigMerge::leavesAbsentSectionsAlone()
{
    const Configuration current = test::withIds(test::goodConfiguration());
    const QByteArray text = R"({"populations": [{"name": "New", "default": true}], "connections": []})";
    const Configuration merged = merge(current, *parseConfiguration(text), sectionsOf(text));
    QCOMPARE(merged.populations.size(), 1);
    QCOMPARE(merged.populations.first().name, u8("New"));
    QVERIFY(merged.connections.isEmpty());
    QVERIFY(merged.gateways == current.gateways);
    QVERIFY(merged.rules == current.rules);
    QVERIFY(merged.attributes == current.attributes);
}

void TestConfigMerge::keepsIdsByName()
{
    Configuration current = test::withIds(test::goodConfiguration());
    current.populations[0].row = 17;
    Configuration file = test::goodConfiguration();
    file.gateways[0].name = u8("HEAD OFFICE"); // the same name
    file.gateways[0].userTypes.swapItemsAt(0, 1);
    file.gateways[2].name = u8("Other"); // another name, and nothing else
    const Configuration merged = merge(current, file, {u8("gateways"), u8("populations")});
    QCOMPARE(merged.gateways.at(0).id, current.gateways.at(0).id);
    QCOMPARE(merged.gateways.at(0).name, u8("HEAD OFFICE"));
    QCOMPARE(merged.gateways.at(0).userTypes.at(0).id, current.gateways.at(0).userTypes.at(1).id);
    QCOMPARE(merged.gateways.at(2).id, current.gateways.at(2).id);
    QCOMPARE(merged.populations.at(0).row, 17);
    QCOMPARE(merged.populations.at(0).id, current.populations.at(0).id);
}

void TestConfigMerge::knowsWhatIsRenamed()
{
    const Configuration current = test::withIds(test::goodConfiguration());
    // Each thing by another name, nothing else: everything keeps its id, and only the names differ.
    Configuration file = test::goodConfiguration();
    const QString gateway = file.gateways[0].name;
    const QString connection = file.connections[0].name;
    const QString rule = file.rules[0].name;
    const QString type = file.gateways[0].userTypes[0].name;
    file = renameUserType(file, gateway, type, u8("Everybody"));
    file = core::rename(file, u8("gateways"), gateway, u8("Main site"));
    file = core::rename(file, u8("connections"), connection, u8("Main"));
    file = core::rename(file, u8("rules"), rule, u8("People in"));
    const QStringList all{u8("gateways"), u8("connections"), u8("rules")};
    const Configuration merged = merge(current, file, all);
    QCOMPARE(merged.gateways[0].id, current.gateways[0].id);
    QCOMPARE(merged.gateways[0].userTypes[0].id, current.gateways[0].userTypes[0].id);
    QCOMPARE(merged.connections[0].id, current.connections[0].id);
    QCOMPARE(merged.rules[0].id, current.rules[0].id);
    QCOMPARE(paths(difference(current, merged)),
             (QStringList{u8("gateways[%1].name").arg(gateway), u8("gateways[Main site].userTypes[%1].name").arg(type),
                          u8("connections[%1].name").arg(connection), u8("rules[%1].name").arg(rule)}));

    // The same servers are the same directory, and the same people the same rule, whatever else has changed.
    file.gateways[0].bindDn = u8("cn=other,dc=example,dc=com");
    file.rules[0].guards.maxDeprovisions = 3;
    const Configuration changed = merge(current, file, all);
    QCOMPARE(changed.gateways[0].id, current.gateways[0].id);
    QCOMPARE(changed.rules[0].id, current.rules[0].id);

    // Another server is another directory; of two that are alike, neither is taken for the one that is gone.
    file.gateways[0].serversHostAndPort = {u8("elsewhere.example.com:636")};
    QVERIFY(merge(current, file, all).gateways[0].id.isNull());
    Configuration twice = test::goodConfiguration();
    twice.gateways[0].name = u8("First");
    twice.gateways.append(twice.gateways[0]);
    twice.gateways.last().name = u8("Second");
    const Configuration unclear = merge(current, twice, {u8("gateways")});
    QVERIFY(unclear.gateways[0].id.isNull());
    QVERIFY(unclear.gateways.last().id.isNull());
}

void TestConfigMerge::namesEachDifference()
{
    const Configuration current = test::withIds(test::goodConfiguration());
    Configuration wanted = current;
    wanted.rules[0].guards.maxDeprovisions = 7;
    wanted.rules[0].mappings.users[0].source = u8("cn");
    wanted.rules[0].mappings.users.removeAt(1);
    wanted.rules[0].mappings.users.append({u8("title"), u8("title"), {}, MappingWhen::Always});
    wanted.gateways[0].serversHostAndPort.swapItemsAt(0, 1);
    wanted.gateways[0].userTypes[0].searchBaseDn = u8("DC=example,DC=com");
    wanted.gateways[0].description.clear();
    wanted.connections[0].users.deprovision.removeAction = RemoveAction::Disable;
    wanted.populations.removeAt(1);
    Population partners;
    partners.name = u8("Partners");
    wanted.populations.append(partners);

    const QList<ConfigurationChange> changes = difference(current, wanted);
    QCOMPARE(paths(changes),
             (QStringList{u8("populations[Guests]"), u8("populations[Partners]"), u8("gateways[Head office].description"),
                          u8("gateways[Head office].serversHostAndPort"),
                          u8("gateways[Head office].userTypes[Staff].searchBaseDn"),
                          u8("connections[Head office].users.deprovision.removeAction"),
                          u8("rules[Staff in].attributeMappings[username].source"),
                          u8("rules[Staff in].attributeMappings[badge]"),
                          u8("rules[Staff in].attributeMappings[title]"), u8("rules[Staff in].guards.maxDeprovisions")}));
    QVERIFY(changes.at(0).after.isUndefined());
    QVERIFY(changes.at(1).before.isUndefined());
    QCOMPARE(changes.at(1).after.toObject().value(u8("name")).toString(), u8("Partners"));
    QCOMPARE(changes.at(2).before.toString(), u8("Two controllers"));
    QVERIFY(changes.at(2).after.isUndefined());
    QCOMPARE(changes.last().before.toInt(), 100);
    QCOMPARE(changes.last().after.toInt(), 7);
}

void TestConfigMerge::tellsOrderOnlyWhereItCounts()
{
    const Configuration current = test::withIds(test::goodConfiguration());
    Configuration wanted = current;
    std::reverse(wanted.populations.begin(), wanted.populations.end());
    std::reverse(wanted.gateways.begin(), wanted.gateways.end());
    std::reverse(wanted.rules[0].mappings.users.begin(), wanted.rules[0].mappings.users.end());
    QVERIFY(difference(current, wanted).isEmpty());
    std::reverse(wanted.gateways.last().userTypes.begin(), wanted.gateways.last().userTypes.end());
    QCOMPARE(paths(difference(current, wanted)), (QStringList{u8("gateways[Head office].userTypes[]")}));
}

void TestConfigMerge::differenceIsEmptyForEqualsOnly()
{
    QVERIFY(rc::check("no difference, the same file", [] {
        const Configuration one = test::drawConfiguration();
        const Configuration other = test::drawConfiguration();
        RC_ASSERT(difference(one, one).isEmpty());
        RC_ASSERT(difference(one, other).isEmpty() == (toJson(one) == toJson(other)));
    }));
}

void TestConfigMerge::renamesWithEveryReference()
{
    const Configuration before = test::goodConfiguration();
    QVERIFY(validate(before).isEmpty());
    const QStringList sections{u8("populations"), u8("gateways"), u8("connections"), u8("rules")};
    const QStringList names{u8("Employees"), u8("Head office"), u8("Head office"), u8("Staff in")};
    for (qsizetype i = 0; i < sections.size(); ++i) {
        const Configuration after = core::rename(before, sections.at(i), names.at(i), u8("Renamed"));
        QVERIFY(validate(after).isEmpty());
        QVERIFY(core::rename(after, sections.at(i), u8("Renamed"), names.at(i)) == before);
        QVERIFY(!(after == before));
    }
    QCOMPARE(core::rename(before, u8("populations"), u8("Guests"), u8("X")).gateways.at(0).userTypes.at(1)
                 .newUserLookup->population, u8("X"));
    QCOMPARE(core::rename(before, u8("gateways"), u8("Head office"), u8("X")).connections.at(0).gateway, u8("X"));
    QCOMPARE(core::rename(before, u8("gateways"), u8("Head office"), u8("X")).rules.at(0).connection,
             u8("Head office")); // the connection of that name is another thing
    const Configuration userType = renameUserType(before, u8("Head office"), u8("Staff"), u8("X"));
    QCOMPARE(userType.rules.at(0).onboarding.gatewayUserType, u8("X"));
    QVERIFY(validate(userType).isEmpty());
    QVERIFY(renameUserType(before, u8("Lab"), u8("Staff"), u8("X")) == before);
}

void TestConfigMerge::mapsByDefaultAsTheVendorDoes()
{
    const auto sources = [](Vendor vendor) {
        QStringList list;
        for (const AttributeMapping &mapping : defaultInboundMappings(vendor))
            list.append(mapping.target + u'=' + mapping.source);
        return list;
    };
    QCOMPARE(sources(Vendor::ActiveDirectory),
             (QStringList{u8("username=sAMAccountName"), u8("name.family=sn"), u8("name.given=givenName"),
                          u8("email=mail"), u8("enabled=active")}));
    for (const Vendor vendor : allVendors()) {
        if (vendor != Vendor::ActiveDirectory)
            QCOMPARE(sources(vendor), (QStringList{u8("username=uid"), u8("name.family=sn"), u8("name.given=givenName"),
                                                   u8("email=mail"), u8("enabled=active")}));
    }
}

CONSOLE_TEST(TestConfigMerge)
#include "tst_configmerge.moc"
