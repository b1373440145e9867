// SPDX-License-Identifier: GPL-3.0-or-later
//
// Users, groups and memberships one at a time: what is stored comes back, what is refused says all its reasons.
#include "environmentfixture.h"
#include "tests/support/testmain.h"

#include <rapidcheck.h>

using namespace gatehouse;
using namespace gatehouse::store;
using core::Code;
using core::Group;
using core::GroupSource;
using core::ProblemCode;
using core::User;

class IdentitiesTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void userComesBack();
    void anyValuesComeBack();
    void findsByUsernameAndId();
    void allProblemsAtOnce();
    void usernamesAreUniqueWithoutCase();
    void staleRevisionIsRefused();
    void savingTheSameBumpsTheRevision();
    void editForgetsFingerprints();
    void enables();
    void deletes();
    void usersInTheOrderAsked();
    void matchesByUsernameKey();
    void unknownPopulationIsRefused();
    void groupComesBack();
    void groupNames_data();
    void groupNames();
    void groupProblems();
    void membershipsComeAndGo();
    void deletingGroupsAndUsersEndsMemberships();

private:
    User ofName(const QString &username)
    {
        User user;
        user.values.set(f->environment->catalog()->username(), username);
        return user;
    }
    User saved(const QString &username) { return f->identities().saveUser(ofName(username)).value(); }
    int number(const char *name) { return f->environment->catalog()->find(QString::fromLatin1(name)); }
    std::unique_ptr<EnvironmentFixture> f;
};

void IdentitiesTest::init()
{
    f = std::make_unique<EnvironmentFixture>();
    VERIFY_OK(f->open());
}

void IdentitiesTest::cleanup()
{
    f.reset();
}

void IdentitiesTest::userComesBack()
{
    User user = ofName(QStringLiteral("Ann"));
    user.values.set(number("name.given"), QStringLiteral("Ann"));
    user.values.set(number("emailVerified"), true);
    user.values.set(number("address.streetAddress"), QStringLiteral("1 High Street\nLondon"));
    user.authorityGateway = QStringLiteral("Head office");
    user.authorityUserType = QStringLiteral("Employees");
    const auto created = f->identities().saveUser(user);
    VERIFY_OK(created);
    QVERIFY(created->row > 0);
    QVERIFY(!created->id.isNull());
    QCOMPARE(created->revision, 1);
    QCOMPARE(created->authorityUserType, QStringLiteral("Employees"));
    QVERIFY(created->population != 0);
    QVERIFY(!created->lastSignOnAt.isValid());

    User edited = *created;
    edited.values.set(number("name.given"), {});
    edited.values.set(number("title"), QStringLiteral("Clerk"));
    edited.lastSignOnAt = QDateTime::fromMSecsSinceEpoch(1700000000000, Qt::UTC);
    edited.authorityGateway.clear();
    edited.authorityUserType.clear();
    const auto stored = f->identities().saveUser(edited);
    VERIFY_OK(stored);
    QCOMPARE(stored->revision, 2);
    QCOMPARE(stored->id, created->id);
    QVERIFY(core::isNull(stored->values.get(number("name.given"))));
    QCOMPARE(stored->values.text(number("title")), QStringLiteral("Clerk"));
    QCOMPARE(stored->values.get(number("emailVerified")), core::Value(true));
    QCOMPARE(stored->lastSignOnAt, edited.lastSignOnAt);
    QVERIFY(stored->authorityGateway.isEmpty());
    QCOMPARE(stored->createdAt, created->createdAt);
    QVERIFY(stored->updatedAt >= created->updatedAt);
}

void IdentitiesTest::anyValuesComeBack()
{
    auto configuration = f->environment->configurations().load().value();
    core::AttributeDefinition custom;
    custom.schemaType = core::SchemaType::Custom;
    custom.maxLength = 1000;
    custom.name = QStringLiteral("one");
    configuration.attributes.append(custom);
    custom.name = QStringLiteral("many");
    custom.multiValued = true;
    configuration.attributes.append(custom);
    custom.name = QStringLiteral("switch");
    custom.multiValued = false;
    custom.type = core::AttributeType::Boolean;
    configuration.attributes.append(custom);
    VERIFY_OK(f->environment->configurations().save(configuration));

    int round = 0;
    QVERIFY(rc::check("what is saved is loaded", [&] {
        const core::AttributeCatalog &catalog = *f->environment->catalog();
        const auto text = [&] {
            const auto codes = *rc::gen::container<std::vector<uint16_t>>(
                rc::gen::oneOf(rc::gen::inRange<uint16_t>(0x20, 0x7f), rc::gen::inRange<uint16_t>(0xa1, 0x24f),
                               rc::gen::inRange<uint16_t>(0x410, 0x44f), rc::gen::inRange<uint16_t>(0x4e00, 0x4eff)));
            QString made = QStringLiteral("x");
            for (const uint16_t code : codes)
                made.append(QChar(code));
            return made.left(100);
        };
        User user = ofName(QStringLiteral("user%1").arg(++round));
        for (const char *name : {"name.given", "name.family", "name.formatted", "title", "nickname", "one"}) {
            if (*rc::gen::arbitrary<bool>())
                user.values.set(catalog.find(QString::fromLatin1(name)), text());
        }
        if (*rc::gen::arbitrary<bool>())
            user.values.set(catalog.find(QStringLiteral("many")), QStringList{text(), text()});
        if (*rc::gen::arbitrary<bool>())
            user.values.set(catalog.find(QStringLiteral("switch")), *rc::gen::arbitrary<bool>());
        user.values.set(catalog.enabled(), *rc::gen::arbitrary<bool>());
        const auto created = f->identities().saveUser(user);
        RC_ASSERT(created.has_value());
        RC_ASSERT(created->values == user.values);

        // And over it, other values.
        User edited = *created;
        for (const char *name : {"name.given", "title", "one"}) {
            const int attribute = catalog.find(QString::fromLatin1(name));
            edited.values.set(attribute, *rc::gen::arbitrary<bool>() ? core::Value(text()) : core::Value());
        }
        const auto stored = f->identities().saveUser(edited);
        RC_ASSERT(stored.has_value());
        RC_ASSERT(stored->values == edited.values);
    }));
}

void IdentitiesTest::findsByUsernameAndId()
{
    const User ann = saved(QStringLiteral("Ann\u00c9"));
    QCOMPARE(f->identities().userByKey(QStringLiteral("ann\u00e9"))->row, ann.row);
    QCOMPARE(f->identities().userByKey(ann.id.toString(QUuid::WithoutBraces))->row, ann.row);
    QCOMPARE(f->identities().user(ann.row)->id, ann.id);
    const auto missing = f->identities().userByKey(QStringLiteral("bob"));
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Code::NotFound);
    QCOMPARE(missing.error().where, QStringLiteral("bob"));
    QCOMPARE(f->identities().user(4711).error().code, Code::NotFound);
    // A username may look like an id.
    const User odd = saved(QStringLiteral("0123abcd-0000-4000-8000-0123456789ab"));
    QCOMPARE(f->identities().userByKey(QStringLiteral("0123abcd-0000-4000-8000-0123456789ab"))->row, odd.row);
}

void IdentitiesTest::allProblemsAtOnce()
{
    saved(QStringLiteral("ann"));
    User user = ofName(QStringLiteral("ANN"));
    user.values.set(number("email"), QStringLiteral("nobody"));
    user.values.set(number("title"), QString(300, u'x'));
    user.values.set(number("address.countryCode"), QStringLiteral("Norway"));
    const auto refused = f->identities().saveUser(user);
    QVERIFY(!refused);
    QCOMPARE(refused.error().size(), 4);
    QCOMPARE(f->count("users"), 1);
    const auto nameless = f->identities().saveUser(User());
    QVERIFY(!nameless);
    QCOMPARE(nameless.error().first().code, ProblemCode::RequiredValue);
}

void IdentitiesTest::usernamesAreUniqueWithoutCase()
{
    const User ann = saved(QStringLiteral("ann"));
    const User bob = saved(QStringLiteral("bob"));
    const auto clash = f->identities().saveUser(ofName(QStringLiteral("Ann")));
    QVERIFY(!clash);
    QCOMPARE(clash.error().first().code, ProblemCode::UniquenessViolation);
    User renamed = bob;
    renamed.values.set(number("username"), QStringLiteral("ANN"));
    QVERIFY(!f->identities().saveUser(renamed));
    // Another case of one's own name is no clash.
    User upper = ann;
    upper.values.set(number("username"), QStringLiteral("ANN"));
    VERIFY_OK(f->identities().saveUser(upper));
    QCOMPARE(f->identities().user(ann.row)->values.text(number("username")), QStringLiteral("ANN"));
}

void IdentitiesTest::staleRevisionIsRefused()
{
    const User ann = saved(QStringLiteral("ann"));
    User first = ann;
    first.values.set(number("title"), QStringLiteral("First"));
    VERIFY_OK(f->identities().saveUser(first));
    User second = ann;
    second.values.set(number("title"), QStringLiteral("Second"));
    const auto refused = f->identities().saveUser(second);
    QVERIFY(!refused);
    QCOMPARE(refused.error().first().code, ProblemCode::ChangedMeanwhile);
    QCOMPARE(f->identities().user(ann.row)->values.text(number("title")), QStringLiteral("First"));
    VERIFY_OK(f->identities().deleteUser(ann.row));
    const auto gone = f->identities().saveUser(first);
    QVERIFY(!gone);
    QVERIFY(gone.error().first().message.contains(QStringLiteral("deleted")));
    QCOMPARE(f->count("users"), 0);
}

void IdentitiesTest::savingTheSameBumpsTheRevision()
{
    const User ann = saved(QStringLiteral("ann"));
    const auto again = f->identities().saveUser(ann);
    VERIFY_OK(again);
    QCOMPARE(again->revision, ann.revision + 1);
    QVERIFY(again->values == ann.values);
}

void IdentitiesTest::editForgetsFingerprints()
{
    const auto problem = f->applyOne(createStep(QStringLiteral("ann"), 1));
    VERIFY_OK(problem);
    const auto fingerprint = [&] { return f->environment->links().load(f->gateway)->find(sourceId(1))->fingerprint; };
    QVERIFY(fingerprint() != 0);
    User ann = f->identities().userByKey(QStringLiteral("ann")).value();
    ann.values.set(number("title"), QStringLiteral("Clerk"));
    VERIFY_OK(f->identities().saveUser(ann));
    QCOMPARE(fingerprint(), quint64(0));

    // A refresh says which revision was compared.
    ann = f->identities().userByKey(QStringLiteral("ann")).value();
    core::Step refresh = stepFor(ann, core::Action::None, 1);
    refresh.link->after.fingerprint = 5;
    VERIFY_OK(f->applyOne(refresh));
    QCOMPARE(fingerprint(), quint64(5));
    VERIFY_OK(f->identities().setUserEnabled(ann.row, false));
    QCOMPARE(fingerprint(), quint64(0));
}

void IdentitiesTest::enables()
{
    const User ann = saved(QStringLiteral("ann"));
    VERIFY_OK(f->identities().setUserEnabled(ann.row, true));
    QCOMPARE(f->identities().user(ann.row)->revision, ann.revision); // was so already
    VERIFY_OK(f->identities().setUserEnabled(ann.row, false));
    QCOMPARE(f->identities().user(ann.row)->values.get(number("enabled")), core::Value(false));
    QCOMPARE(f->identities().user(ann.row)->revision, ann.revision + 1);
    QCOMPARE(f->identities().setUserEnabled(4711, true).error().code, Code::NotFound);
}

void IdentitiesTest::deletes()
{
    VERIFY_OK(f->applyOne(createStep(QStringLiteral("ann"), 1)));
    const User ann = f->identities().userByKey(QStringLiteral("ann")).value();
    VERIFY_OK(f->identities().deleteUser(ann.row));
    QCOMPARE(f->count("users"), 0);
    QCOMPARE(f->count("links"), 0);
    QCOMPARE(f->count("user_search"), 0);
    QCOMPARE(f->identities().deleteUser(ann.row).error().code, Code::NotFound);
}

void IdentitiesTest::usersInTheOrderAsked()
{
    const User ann = saved(QStringLiteral("ann"));
    const User bob = saved(QStringLiteral("bob"));
    const std::vector<qint64> rows{bob.row, 4711, ann.row, bob.row};
    const auto users = f->identities().users(rows);
    VERIFY_OK(users);
    QCOMPARE(users->size(), size_t(3));
    QCOMPARE(users->at(0).id, bob.id);
    QCOMPARE(users->at(1).id, ann.id);
    QCOMPARE(users->at(2).id, bob.id);
}

void IdentitiesTest::matchesByUsernameKey()
{
    const User ann = saved(QStringLiteral("Ann"));
    VERIFY_OK(f->applyOne(createStep(QStringLiteral("Bob"), 1)));
    const QStringList keys{QStringLiteral("ann"), QStringLiteral("bob"), QStringLiteral("carl")};
    const auto matches = f->identities().usersByUsernameKey(keys, f->gateway);
    VERIFY_OK(matches);
    QCOMPARE(matches->size(), 2);
    QCOMPARE(matches->value(QStringLiteral("ann")).userRow, ann.row);
    QVERIFY(!matches->value(QStringLiteral("ann")).linkedToGateway);
    QVERIFY(matches->value(QStringLiteral("bob")).linkedToGateway);
    const auto others = f->identities().usersByUsernameKey(keys, QUuid::createUuid());
    VERIFY_OK(others);
    QVERIFY(!others->value(QStringLiteral("bob")).linkedToGateway);
}

void IdentitiesTest::unknownPopulationIsRefused()
{
    User user = ofName(QStringLiteral("ann"));
    user.population = 4711;
    const auto refused = f->identities().saveUser(user);
    QVERIFY(!refused);
    QCOMPARE(f->count("users"), 0);
}

void IdentitiesTest::groupComesBack()
{
    Group group;
    group.name = QStringLiteral("cn=staff,dc=example,dc=com");
    group.displayName = QStringLiteral("staff");
    group.description = QStringLiteral("Everybody");
    group.source = GroupSource::Gateway;
    group.sourceName = QStringLiteral("Head office");
    group.justInTime = true;
    group.population = f->identities().populations()->first().row;
    const auto saved = f->identities().saveGroup(group);
    VERIFY_OK(saved);
    QVERIFY(saved->row > 0);
    QVERIFY(!saved->id.isNull());
    QCOMPARE(saved->revision, 1);
    const auto loaded = f->identities().groupByName(group.name);
    VERIFY_OK(loaded);
    QCOMPARE(loaded->id, saved->id);
    QCOMPARE(loaded->displayName, group.displayName);
    QCOMPARE(loaded->description, group.description);
    QCOMPARE(loaded->source, GroupSource::Gateway);
    QCOMPARE(loaded->sourceName, group.sourceName);
    QVERIFY(loaded->justInTime);
    QCOMPARE(loaded->population, group.population);

    Group renamed = *loaded;
    renamed.description = QStringLiteral("All");
    VERIFY_OK(f->identities().saveGroup(renamed));
    const auto stale = f->identities().saveGroup(*loaded);
    QVERIFY(!stale);
    QCOMPARE(stale.error().first().code, ProblemCode::ChangedMeanwhile);
    QCOMPARE(f->identities().groupByName(QStringLiteral("nobody")).error().code, Code::NotFound);
}

void IdentitiesTest::groupNames_data()
{
    QTest::addColumn<int>("source");
    QTest::addColumn<QString>("sourceName");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("allowed");
    // Beside an internal group "Staff" and a group "Staff" of the gateway "A".
    QTest::newRow("internal, same") << int(GroupSource::Internal) << "" << "Staff" << false;
    QTest::newRow("internal, other case") << int(GroupSource::Internal) << "" << "STAFF" << false;
    QTest::newRow("internal, other") << int(GroupSource::Internal) << "" << "Staff 2" << true;
    QTest::newRow("same gateway") << int(GroupSource::Gateway) << "A" << "Staff" << false;
    QTest::newRow("same gateway, other case") << int(GroupSource::Gateway) << "A" << "staff" << true;
    QTest::newRow("other gateway") << int(GroupSource::Gateway) << "B" << "Staff" << true;
    QTest::newRow("identity provider") << int(GroupSource::IdentityProvider) << "A" << "Staff" << true;
}

void IdentitiesTest::groupNames()
{
    QFETCH(int, source);
    QFETCH(QString, sourceName);
    QFETCH(QString, name);
    QFETCH(bool, allowed);
    Group group;
    group.name = QStringLiteral("Staff");
    VERIFY_OK(f->identities().saveGroup(group));
    group.source = GroupSource::Gateway;
    group.sourceName = QStringLiteral("A");
    VERIFY_OK(f->identities().saveGroup(group));
    group.source = GroupSource(source);
    group.sourceName = sourceName;
    group.name = name;
    const auto saved = f->identities().saveGroup(group);
    QCOMPARE(saved.has_value(), allowed);
    if (!saved)
        QCOMPARE(saved.error().first().code, ProblemCode::UniquenessViolation);
    QCOMPARE(f->identities().groupByName(QStringLiteral("Staff"))->source, GroupSource::Internal);
}

void IdentitiesTest::groupProblems()
{
    Group group;
    group.name = QStringLiteral("  ");
    group.displayName = QString(300, u'x');
    group.population = 4711;
    const auto refused = f->identities().saveGroup(group);
    QVERIFY(!refused);
    QCOMPARE(refused.error().size(), 3);
    group = {};
    group.name = QStringLiteral("a\u0007b");
    QVERIFY(!f->identities().saveGroup(group));
    QCOMPARE(f->count("groups"), 0);
}

void IdentitiesTest::membershipsComeAndGo()
{
    const User ann = saved(QStringLiteral("ann"));
    Group group;
    group.name = QStringLiteral("Staff");
    const Group staff = f->identities().saveGroup(group).value();
    QCOMPARE(staff.memberCount, 0);
    VERIFY_OK(f->identities().addMember(staff.row, ann.row));
    VERIFY_OK(f->identities().addMember(staff.row, ann.row)); // again changes nothing
    QCOMPARE(f->identities().group(staff.row)->memberCount, 1);
    QCOMPARE(f->identities().addMember(staff.row, 4711).error().code, Code::NotFound);
    QCOMPARE(f->identities().addMember(4711, ann.row).error().code, Code::NotFound);
    VERIFY_OK(f->identities().removeMember(staff.row, ann.row));
    QCOMPARE(f->identities().removeMember(staff.row, ann.row).error().code, Code::NotFound);
    QCOMPARE(f->identities().group(staff.row)->memberCount, 0);
}

void IdentitiesTest::deletingGroupsAndUsersEndsMemberships()
{
    const User ann = saved(QStringLiteral("ann"));
    const User bob = saved(QStringLiteral("bob"));
    Group group;
    group.name = QStringLiteral("Staff");
    const Group staff = f->identities().saveGroup(group).value();
    VERIFY_OK(f->identities().addMember(staff.row, ann.row));
    VERIFY_OK(f->identities().addMember(staff.row, bob.row));
    VERIFY_OK(f->identities().deleteUser(ann.row));
    QCOMPARE(f->identities().group(staff.row)->memberCount, 1);
    VERIFY_OK(f->identities().deleteGroup(staff.row));
    QCOMPARE(f->count("memberships"), 0);
    QCOMPARE(f->identities().deleteGroup(staff.row).error().code, Code::NotFound);
}

CONSOLE_TEST(IdentitiesTest)
#include "tst_identities.moc"
