// SPDX-License-Identifier: GPL-3.0-or-later
//
// Saving and loading the configuration: what comes back, what keeps its id, what is refused, what follows a rename.
#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/config/merge.h"
#include "environmentfixture.h"
#include "tests/support/testmain.h"

using namespace gatehouse;
using namespace gatehouse::store;
using core::Code;
using core::Configuration;

namespace {

core::AttributeDefinition custom(const char *name)
{
    core::AttributeDefinition definition;
    definition.name = QString::fromLatin1(name);
    definition.displayName = definition.name;
    definition.schemaType = core::SchemaType::Custom;
    return definition;
}

/// One of each, with every reference in use.
Configuration sample(const Configuration &start)
{
    Configuration configuration = start;
    core::Population contractors;
    contractors.name = QStringLiteral("Contractors");
    contractors.description = QStringLiteral("People of others");
    configuration.populations.append(contractors);
    configuration.attributes = {custom("badge"), custom("roles")};
    configuration.attributes[1].multiValued = true;

    core::Gateway gateway;
    gateway.name = QStringLiteral("Head office");
    gateway.enabled = true;
    gateway.serversHostAndPort = {QStringLiteral("dc1.example.com:636"), QStringLiteral("dc2.example.com:636")};
    gateway.bindDn = QStringLiteral("cn=svc,dc=example,dc=com");
    gateway.bindPassword = {core::SecretReference::Kind::Environment, QStringLiteral("BIND_PASSWORD")};
    core::UserType type;
    type.name = QStringLiteral("Employees");
    type.searchBaseDn = QStringLiteral("ou=people,dc=example,dc=com");
    type.orderedCorrelationAttributes = {QStringLiteral("entryUUID")};
    gateway.userTypes = {type};
    configuration.gateways = {gateway};

    core::Connection connection;
    connection.name = QStringLiteral("Head office connection");
    connection.gateway = gateway.name;
    configuration.connections = {connection};

    core::Rule rule;
    rule.name = QStringLiteral("Staff in");
    rule.connection = connection.name;
    rule.scope.baseDn = QStringLiteral("dc=example,dc=com");
    rule.mappings.users = {{QStringLiteral("username"), QStringLiteral("uid"), {}, core::MappingWhen::Always}};
    rule.onboarding.population = contractors.name;
    configuration.rules = {rule};
    return configuration;
}

} // namespace

class ConfigurationsTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void comesBackAsSaved();
    void savingTwiceChangesNothing();
    void keepsIdsByName();
    void keepsIdsWhenRenamed();
    void keepsOrder();
    void namesMayBeExchanged();
    void refusesInvalidWhole();
    void refusesSharedIds();
    void refusesRemovingUsedPopulation();
    void populationKeepsItsRow();
    void attributeChanges_data();
    void attributeChanges();
    void uniqueMayBeGivenUp();
    void catalogFollows();
    void authorityFollowsRename();
    void groupsFollowGatewayRename();
    void gatewayGoesUsersStay();
    void anotherProcessSees();

private:
    Configurations &configurations() { return f->environment->configurations(); }
    Configuration load() { return configurations().load().value(); }
    std::unique_ptr<EnvironmentFixture> f;
};

void ConfigurationsTest::init()
{
    f = std::make_unique<EnvironmentFixture>();
    VERIFY_OK(f->open());
}

void ConfigurationsTest::cleanup()
{
    f.reset();
}

void ConfigurationsTest::comesBackAsSaved()
{
    const Configuration wanted = sample(load());
    VERIFY_OK(configurations().save(wanted));
    VERIFY_OK(f->open(Environment::Access::ReadOnly));
    Configuration loaded = load();
    // Ids and rows are given by the environment.
    QVERIFY(!loaded.gateways[0].id.isNull());
    QVERIFY(!loaded.gateways[0].userTypes[0].id.isNull());
    QVERIFY(!loaded.connections[0].id.isNull());
    QVERIFY(!loaded.rules[0].id.isNull());
    QVERIFY(!loaded.populations[1].id.isNull());
    QVERIFY(loaded.populations[1].row != 0);
    loaded.gateways[0].id = {};
    loaded.gateways[0].userTypes[0].id = {};
    loaded.connections[0].id = {};
    loaded.rules[0].id = {};
    loaded.populations[1].id = {};
    loaded.populations[1].row = 0;
    QCOMPARE(core::toJson(loaded), core::toJson(wanted));
    QVERIFY(loaded == wanted);
}

void ConfigurationsTest::savingTwiceChangesNothing()
{
    VERIFY_OK(configurations().save(sample(load())));
    const Configuration first = load();
    const qint64 changes = f->database().integer("SELECT total_changes()").value();
    VERIFY_OK(configurations().save(first));
    QVERIFY(load() == first);
    // Populations are written again, nothing else is.
    QVERIFY(f->database().integer("SELECT total_changes()").value() - changes <= first.populations.size() + 2);
}

void ConfigurationsTest::keepsIdsByName()
{
    VERIFY_OK(configurations().save(sample(load())));
    const Configuration first = load();
    VERIFY_OK(configurations().save(sample(Configuration{{first.populations[0]}, {}, {}, {}, {}})));
    QVERIFY(load() == first);
}

void ConfigurationsTest::keepsIdsWhenRenamed()
{
    VERIFY_OK(configurations().save(sample(load())));
    const Configuration first = load();
    Configuration renamed =
        core::rename(first, QStringLiteral("gateways"), QStringLiteral("Head office"), QStringLiteral("HQ"));
    renamed = core::rename(renamed, QStringLiteral("rules"), QStringLiteral("Staff in"), QStringLiteral("Everybody in"));
    VERIFY_OK(configurations().save(renamed));
    const Configuration now = load();
    QCOMPARE(now.gateways[0].name, QStringLiteral("HQ"));
    QCOMPARE(now.gateways[0].id, first.gateways[0].id);
    QCOMPARE(now.gateways[0].userTypes[0].id, first.gateways[0].userTypes[0].id);
    QCOMPARE(now.connections[0].gateway, QStringLiteral("HQ"));
    QCOMPARE(now.rules[0].id, first.rules[0].id);
}

void ConfigurationsTest::keepsOrder()
{
    Configuration configuration = load();
    for (const char *name : {"c", "a", "b"})
        configuration.attributes.append(custom(name));
    VERIFY_OK(configurations().save(configuration));
    configuration = load();
    std::swap(configuration.attributes[0], configuration.attributes[2]);
    VERIFY_OK(configurations().save(configuration));
    QStringList names;
    for (const core::AttributeDefinition &definition : load().attributes)
        names.append(definition.name);
    QCOMPARE(names, (QStringList{QStringLiteral("b"), QStringLiteral("a"), QStringLiteral("c")}));
    configuration.attributes.removeAt(1);
    VERIFY_OK(configurations().save(configuration));
    QCOMPARE(load().attributes.size(), 2);
    QCOMPARE(load().attributes[1].name, QStringLiteral("c"));
}

void ConfigurationsTest::namesMayBeExchanged()
{
    Configuration configuration = sample(load());
    core::Gateway second = configuration.gateways[0];
    second.name = QStringLiteral("Branch");
    configuration.gateways.append(second);
    VERIFY_OK(configurations().save(configuration));
    configuration = load();
    const QUuid head = configuration.gateways[0].id;
    std::swap(configuration.gateways[0].name, configuration.gateways[1].name);
    VERIFY_OK(configurations().save(configuration));
    QCOMPARE(load().gateways[0].id, head);
    QCOMPARE(load().gateways[0].name, QStringLiteral("Branch"));
}

void ConfigurationsTest::refusesInvalidWhole()
{
    const Configuration before = load();
    Configuration bad = sample(before);
    bad.rules[0].connection = QStringLiteral("Nowhere");
    bad.gateways[0].serversHostAndPort = {QStringLiteral("host:70000")};
    const auto saved = configurations().save(bad);
    QVERIFY(!saved);
    QVERIFY2(saved.error().size() >= 2, qPrintable(errorText(saved.error())));
    QVERIFY(load() == before);
}

void ConfigurationsTest::refusesSharedIds()
{
    Configuration configuration = sample(load());
    core::Gateway twin = configuration.gateways[0];
    configuration.gateways[0].id = twin.id = QUuid::createUuid();
    twin.name = QStringLiteral("Twin");
    configuration.gateways.append(twin);
    const auto saved = configurations().save(configuration);
    QVERIFY(!saved);
    QCOMPARE(saved.error().first().where, QStringLiteral("gateways[1]"));
}

void ConfigurationsTest::refusesRemovingUsedPopulation()
{
    VERIFY_OK(configurations().save(sample(load())));
    const Configuration configuration = load();
    core::User user;
    user.population = configuration.populations[1].row;
    user.values.set(f->environment->catalog()->username(), QStringLiteral("ann"));
    const auto saved = f->identities().saveUser(user);
    VERIFY_OK(saved);

    Configuration without = configuration;
    without.populations.removeAt(1);
    without.rules[0].onboarding.population.clear();
    auto refused = configurations().save(without);
    QVERIFY(!refused);
    QCOMPARE(refused.error().size(), 1);
    QCOMPARE(refused.error().first().code, Code::Conflict);
    QCOMPARE(refused.error().first().where, QStringLiteral("populations[Contractors]"));
    QVERIFY(load() == configuration);

    VERIFY_OK(f->identities().deleteUser(saved->row));
    core::Group group;
    group.name = QStringLiteral("Guests");
    group.population = configuration.populations[1].row;
    const auto guests = f->identities().saveGroup(group);
    VERIFY_OK(guests);
    QVERIFY(!configurations().save(without));
    VERIFY_OK(f->identities().deleteGroup(guests->row));
    VERIFY_OK(configurations().save(without));
    QCOMPARE(load().populations.size(), 1);
}

void ConfigurationsTest::populationKeepsItsRow()
{
    VERIFY_OK(configurations().save(sample(load())));
    Configuration configuration = load();
    const qint64 row = configuration.populations[1].row;
    configuration = core::rename(configuration, QStringLiteral("populations"), QStringLiteral("Contractors"),
                                 QStringLiteral("Externals"));
    VERIFY_OK(configurations().save(configuration));
    QCOMPARE(load().populations[1].row, row);
    QCOMPARE(load().populations[1].name, QStringLiteral("Externals"));
}

void ConfigurationsTest::attributeChanges_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("nothing") << "nothing" << true;
    QTest::newRow("longer") << "longer" << true;
    QTest::newRow("description") << "description" << true;
    QTest::newRow("multi-valued") << "multi" << true;
    QTest::newRow("type") << "type" << false;
    QTest::newRow("shorter") << "shorter" << false;
    QTest::newRow("unique") << "unique" << false;
    QTest::newRow("required") << "required" << false;
    QTest::newRow("pattern") << "pattern" << false;
    QTest::newRow("removed") << "removed" << false;
}

void ConfigurationsTest::attributeChanges()
{
    QFETCH(QString, change);
    QFETCH(bool, allowed);
    for (const bool used : {false, true}) {
        EnvironmentFixture fixture;
        VERIFY_OK(fixture.open());
        Configurations &configurations = fixture.environment->configurations();
        Configuration configuration = configurations.load().value();
        configuration.attributes = {custom("badge")};
        VERIFY_OK(configurations.save(configuration));
        if (used)
            VERIFY_OK(fixture.applyOne(createStep(QStringLiteral("ann"), 1, {given("badge", QStringLiteral("7"))})));
        core::AttributeDefinition &badge = configuration.attributes[0];
        if (change == QLatin1String("longer"))
            badge.maxLength = 512;
        else if (change == QLatin1String("description"))
            badge.description = QStringLiteral("On the door");
        else if (change == QLatin1String("multi"))
            badge.multiValued = true;
        else if (change == QLatin1String("type"))
            badge.type = core::AttributeType::Json;
        else if (change == QLatin1String("shorter"))
            badge.maxLength = 5;
        else if (change == QLatin1String("unique"))
            badge.unique = true;
        else if (change == QLatin1String("required"))
            badge.required = true;
        else if (change == QLatin1String("pattern"))
            badge.pattern = QStringLiteral("[0-9]+");
        else if (change == QLatin1String("removed"))
            configuration.attributes.clear();
        const auto saved = configurations.save(configuration);
        if (allowed || !used) {
            VERIFY_OK(saved);
            continue;
        }
        QVERIFY(!saved);
        QCOMPARE(saved.error().first().code, Code::Conflict);
        QCOMPARE(saved.error().first().where, QStringLiteral("attributes[badge]"));
        QVERIFY(fixture.identities().userByKey(QStringLiteral("ann"))); // nothing was lost
    }
}

void ConfigurationsTest::uniqueMayBeGivenUp()
{
    Configuration configuration = load();
    configuration.attributes = {custom("badge")};
    configuration.attributes[0].unique = true;
    VERIFY_OK(configurations().save(configuration));
    VERIFY_OK(f->applyOne(createStep(QStringLiteral("ann"), 1, {given("badge", QStringLiteral("7"))})));
    configuration.attributes[0].unique = false;
    VERIFY_OK(configurations().save(configuration));
    const auto problem = f->applyOne(createStep(QStringLiteral("bob"), 2, {given("badge", QStringLiteral("7"))}));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    // And not taken back while both have it.
    configuration.attributes[0].unique = true;
    QVERIFY(!configurations().save(configuration));
}

void ConfigurationsTest::catalogFollows()
{
    QCOMPARE(f->environment->catalog()->find(QStringLiteral("badge")), -1);
    Configuration configuration = load();
    configuration.attributes = {custom("badge")};
    VERIFY_OK(configurations().save(configuration));
    QVERIFY(f->environment->catalog()->find(QStringLiteral("badge")) >= 0);
    VERIFY_OK(f->open(Environment::Access::ReadOnly));
    QVERIFY(f->environment->catalog()->find(QStringLiteral("badge")) >= 0);
}

void ConfigurationsTest::authorityFollowsRename()
{
    VERIFY_OK(configurations().save(sample(load())));
    core::Step step = createStep(QStringLiteral("ann"), 1);
    const core::Gateway office = load().gateways[0];
    step.frame = {{}, {{}, core::Authority{office.id, office.userTypes[0].id, office.name, office.userTypes[0].name}}};
    VERIFY_OK(f->identities().apply(f->context(), {&step, 1}));
    Configuration renamed =
        core::rename(load(), QStringLiteral("gateways"), QStringLiteral("Head office"), QStringLiteral("HQ"));
    renamed.gateways[0].userTypes[0].name = QStringLiteral("Staff");
    VERIFY_OK(configurations().save(renamed));
    const auto user = f->identities().userByKey(QStringLiteral("ann"));
    VERIFY_OK(user);
    QCOMPARE(user->authorityGateway, QStringLiteral("HQ"));
    QCOMPARE(user->authorityUserType, QStringLiteral("Staff"));
}

void ConfigurationsTest::groupsFollowGatewayRename()
{
    Configuration configuration = sample(load());
    core::Gateway second = configuration.gateways[0];
    second.name = QStringLiteral("Branch");
    configuration.gateways.append(second);
    VERIFY_OK(configurations().save(configuration));
    core::Group group;
    group.name = QStringLiteral("cn=staff,dc=example,dc=com");
    group.source = core::GroupSource::Gateway;
    group.sourceName = QStringLiteral("Branch");
    const auto saved = f->identities().saveGroup(group);
    VERIFY_OK(saved);
    configuration = load();
    std::swap(configuration.gateways[0].name, configuration.gateways[1].name);
    VERIFY_OK(configurations().save(configuration));
    QCOMPARE(f->identities().group(saved->row)->sourceName, QStringLiteral("Head office"));
}

void ConfigurationsTest::gatewayGoesUsersStay()
{
    VERIFY_OK(configurations().save(sample(load())));
    Configuration configuration = load();
    f->gateway = configuration.gateways[0].id;
    core::Step step = createStep(QStringLiteral("ann"), 1);
    const core::Gateway office = load().gateways[0];
    step.frame = {{}, {{}, core::Authority{office.id, office.userTypes[0].id, office.name, office.userTypes[0].name}}};
    VERIFY_OK(f->identities().apply(f->context(), {&step, 1}));
    configuration.rules.clear();
    configuration.connections.clear();
    configuration.gateways.clear();
    VERIFY_OK(configurations().save(configuration));
    const auto user = f->identities().userByKey(QStringLiteral("ann"));
    VERIFY_OK(user);
    QCOMPARE(user->authorityGateway, QStringLiteral("Head office"));
    QCOMPARE(f->environment->links().load(f->gateway)->size(), 1);
    // The user can still be edited.
    core::User edited = *user;
    edited.values.set(f->environment->catalog()->email(), QStringLiteral("ann@example.com"));
    VERIFY_OK(f->identities().saveUser(edited));
}

void ConfigurationsTest::anotherProcessSees()
{
    EnvironmentFixture other;
    other.path = f->path;
    VERIFY_OK(other.open(Environment::Access::ReadOnly));
    VERIFY_OK(configurations().save(sample(load())));
    const auto seen = other.environment->configurations().load();
    VERIFY_OK(seen);
    QCOMPARE(seen->rules.size(), 1);
    QVERIFY(other.environment->catalog()->find(QStringLiteral("badge")) >= 0);
}

CONSOLE_TEST(ConfigurationsTest)
#include "tst_configurations.moc"
