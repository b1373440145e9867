// SPDX-License-Identifier: GPL-3.0-or-later
//
// Applying plans: every kind of step, what is refused alone, and that a batch is all or nothing.
#include "environmentfixture.h"

#include "store/journal.h"
#include "tests/support/testmain.h"

using namespace gatehouse;
using namespace gatehouse::store;
using core::Action;
using core::Step;
using core::ProblemCode;
using core::User;

class ApplyTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void createsUserLinkAndJournal();
    void createsWithCustomAndFlagAttributes();
    void updatesOnlyWhatChanged();
    void journalsBeforeAndAfter();
    void enablesAndDisables();
    void marksWhoLeft();
    void deletesWithAllThatHangsOnIt();
    void refreshesLinks();
    void linksExistingUser();
    void refusesChangedMeanwhile_data();
    void refusesChangedMeanwhile();
    void refusesForeignPlan();
    void refusesBadValues_data();
    void refusesBadValues();
    void refusesTakenUniqueValue();
    void failedBatchLeavesNothing();
    void forgetsOtherGatewaysFingerprints();
    void numbersAreNotUsedAgain();
    void applyingTwiceCreatesNothing();

private:
    std::unique_ptr<EnvironmentFixture> f;
};

void ApplyTest::init()
{
    f = std::make_unique<EnvironmentFixture>();
    VERIFY_OK(f->open());
}

void ApplyTest::cleanup()
{
    f.reset();
}

void ApplyTest::createsUserLinkAndJournal()
{
    Step step = createStep(QStringLiteral("Jo\u00e3o"), 1,
                               {given("name.given", QStringLiteral("Jo\u00e3o")), given("name.family", QStringLiteral("Silva")),
                                given("email", QStringLiteral("joao@example.com"))});
    const auto problem = f->applyOne(step);
    VERIFY_OK(problem);
    QVERIFY(!*problem);

    const auto user = f->identities().userByKey(QStringLiteral("JO\u00c3O"));
    VERIFY_OK(user);
    const core::AttributeCatalog &catalog = *f->environment->catalog();
    QCOMPARE(user->id, step.target.uuid());
    QCOMPARE(user->revision, 1);
    QCOMPARE(user->values.text(catalog.username()), QStringLiteral("Jo\u00e3o"));
    QCOMPARE(user->values.text(catalog.email()), QStringLiteral("joao@example.com"));
    QCOMPARE(user->values.get(catalog.enabled()), core::Value(true));
    QVERIFY(user->createdAt.isValid());
    QCOMPARE(user->createdAt, user->updatedAt);
    QVERIFY(user->population != 0);

    LinkIndex index = f->environment->links().load(f->gateway).value();
    QCOMPARE(index.size(), 1);
    const Link *link = index.find(sourceId(1));
    QVERIFY(link);
    QCOMPARE(link->userRow, user->row);
    QCOMPARE(link->fingerprint, step.link->after.fingerprint);
    QCOMPARE(qint64(link->ruleRow), 1);
    QVERIFY(!link->hasLeft());

    const auto steps = f->environment->runs().steps(f->run, 0, 10);
    VERIFY_OK(steps);
    QCOMPARE(steps->size(), 1);
    QCOMPARE(steps->first().action, Action::Create);
    QCOMPARE(steps->first().target.text(), QStringLiteral("Jo\u00e3o"));
    QCOMPARE(steps->first().source.name, step.source.name);
    QCOMPARE(steps->first().source.id, step.source.id);
    QCOMPARE(steps->first().target.id, step.target.id);
    QCOMPARE(steps->first().changes.size(), 5); // the four given and "enabled"
}

void ApplyTest::createsWithCustomAndFlagAttributes()
{
    auto configuration = f->environment->configurations().load();
    VERIFY_OK(configuration);
    core::AttributeDefinition badge;
    badge.name = QStringLiteral("badge");
    badge.schemaType = core::SchemaType::Custom;
    core::AttributeDefinition roles = badge;
    roles.name = QStringLiteral("roles");
    roles.multiValued = true;
    configuration->attributes = {badge, roles};
    VERIFY_OK(f->environment->configurations().save(*configuration));

    const QStringList two{QStringLiteral("a\"b"), QStringLiteral("\u00fc")};
    const User user = f->create(QStringLiteral("ann"), 1,
                             {given("badge", QStringLiteral("0042")), change("roles", {}, two), change("enabled", {}, false),
                              change("mfaEnabled", {}, true)});
    const core::AttributeCatalog &catalog = *f->environment->catalog();
    QCOMPARE(user.values.text(catalog.find(QStringLiteral("badge"))), QStringLiteral("0042"));
    QCOMPARE(user.values.get(catalog.find(QStringLiteral("roles"))), core::Value(two));
    QCOMPARE(user.values.get(catalog.find(QStringLiteral("mfaEnabled"))), core::Value(true));
    QCOMPARE(user.values.get(catalog.enabled()), core::Value(false));

    // One custom attribute changes, the other stays.
    const auto problem = f->applyOne(stepFor(user, Action::Update, 1, {change("badge", QStringLiteral("0042"), {})}));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    const User now = f->identities().user(user.row).value();
    QVERIFY(core::isNull(now.values.get(catalog.find(QStringLiteral("badge")))));
    QCOMPARE(now.values.get(catalog.find(QStringLiteral("roles"))), core::Value(two));
}

void ApplyTest::updatesOnlyWhatChanged()
{
    const User user = f->create(QStringLiteral("ann"), 1,
                             {given("title", QStringLiteral("Clerk")), given("nickname", QStringLiteral("Annie"))});
    Step step = stepFor(user, Action::Update, 1, {change("title", QStringLiteral("Clerk"), QStringLiteral("Chief"))});
    const auto problem = f->applyOne(step);
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    const User now = f->identities().user(user.row).value();
    const core::AttributeCatalog &catalog = *f->environment->catalog();
    QCOMPARE(now.values.text(catalog.find(QStringLiteral("title"))), QStringLiteral("Chief"));
    QCOMPARE(now.values.text(catalog.find(QStringLiteral("nickname"))), QStringLiteral("Annie"));
    QCOMPARE(now.revision, 2);
    QCOMPARE(f->linkOf(1).fingerprint, quint64(7));
    const auto people = f->environment->links().people(f->gateway, {user.row});
    VERIFY_OK(people);
    QCOMPARE(people->at(0).sourceDn, step.source.name);
}

void ApplyTest::journalsBeforeAndAfter()
{
    const User user = f->create(QStringLiteral("ann"), 1, {given("address.streetAddress", QStringLiteral("a\\b\"\n\u20ac"))});
    Step step = stepFor(user, Action::Update, 1,
                            {change("address.streetAddress", QStringLiteral("a\\b\"\n\u20ac"), core::Value()),
                             change("mfaEnabled", core::Value(), true)});
    step.target.name = "ann";
    const auto problem = f->applyOne(step);
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    const auto steps = f->environment->runs().steps(f->run, 1, 10);
    VERIFY_OK(steps);
    QCOMPARE(steps->size(), 1);
    QCOMPARE(steps->first().changes, step.changes);
    QCOMPARE(steps->first().revision, 2);
    QCOMPARE(steps->first().source.name, step.source.name);
    QCOMPARE(steps->first().target.text(), QStringLiteral("ann"));
}

void ApplyTest::enablesAndDisables()
{
    User user = f->create(QStringLiteral("ann"), 1);
    const int enabled = f->environment->catalog()->enabled();
    // The action rules, even where the list of changes does not say so.
    auto problem = f->applyOne(stepFor(user, Action::Disable, 1));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    user = f->identities().user(user.row).value();
    QCOMPARE(user.values.get(enabled), core::Value(false));
    QVERIFY(!f->linkOf(1).hasLeft());
    problem = f->applyOne(stepFor(user, Action::Enable, 1, {change("enabled", false, true)}));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    user = f->identities().user(user.row).value();
    QCOMPARE(user.values.get(enabled), core::Value(true));
    const auto steps = f->environment->runs().steps(f->run, 1, 10).value();
    QCOMPARE(steps[0].changes, QList<core::AttributeChange>{change("enabled", true, false)});
    QCOMPARE(steps[1].changes, QList<core::AttributeChange>{change("enabled", false, true)});
}

void ApplyTest::marksWhoLeft()
{
    User user = f->create(QStringLiteral("ann"), 1);
    Step step = stepFor(user, Action::Disable, 1, {change("enabled", true, false)});
    step.link->after.fingerprint = 0;
    step.link->after.disabling = core::Disabling::Left;
    step.source.name.clear();
    step.link->after.dn.clear();
    auto problem = f->applyOne(step);
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    QVERIFY(f->linkOf(1).hasLeft());
    QCOMPARE(f->linkOf(1).fingerprint, quint64(0));
    // The last known DN stays.
    const auto people = f->environment->links().people(f->gateway, {user.row}).value();
    QCOMPARE(people[0].sourceDn, QByteArray("uid=ann,dc=example,dc=com"));

    user = f->identities().user(user.row).value();
    problem = f->applyOne(stepFor(user, Action::Enable, 1, {change("enabled", false, true)}));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    QVERIFY(!f->linkOf(1).hasLeft());
}

void ApplyTest::deletesWithAllThatHangsOnIt()
{
    const User user = f->create(QStringLiteral("ann"), 1, {given("title", QStringLiteral("Clerk"))});
    core::Group group;
    group.name = QStringLiteral("Staff");
    const auto saved = f->identities().saveGroup(group);
    VERIFY_OK(saved);
    VERIFY_OK(f->identities().addMember(saved->row, user.row));

    const User member = f->identities().user(user.row).value();
    const auto problem = f->applyOne(stepFor(member, Action::Delete, 1));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    QCOMPARE(f->count("users"), 0);
    QCOMPARE(f->count("links"), 0);
    QCOMPARE(f->count("memberships"), 0);
    QCOMPARE(f->count("user_search"), 0);

    // All values are kept for an undo.
    const auto steps = f->environment->runs().steps(f->run, 1, 10).value();
    QCOMPARE(steps.size(), 1);
    QCOMPARE(steps[0].action, Action::Delete);
    QCOMPARE(steps[0].target.uuid(), user.id);
    QVERIFY(steps[0].changes.contains(change("title", QStringLiteral("Clerk"), {})));
    QVERIFY(steps[0].changes.contains(change("username", QStringLiteral("ann"), {})));
}

void ApplyTest::refreshesLinks()
{
    const User user = f->create(QStringLiteral("ann"), 1);
    Step step = stepFor(user, Action::None, 1);
    step.link->after.fingerprint = 99;
    const auto problem = f->applyOne(step);
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    QCOMPARE(f->linkOf(1).fingerprint, quint64(99));
    QCOMPARE(f->identities().user(user.row).value().revision, user.revision);
    QCOMPARE(f->environment->runs().steps(f->run, 0, 10).value().size(), 1); // the create alone
}

void ApplyTest::linksExistingUser()
{
    User user;
    user.values.set(f->environment->catalog()->username(), QStringLiteral("ann"));
    const auto saved = f->identities().saveUser(user);
    VERIFY_OK(saved);
    Step step = stepFor(*saved, Action::Update, 5, {given("title", QStringLiteral("Clerk"))});
    step.link->before = {};
    step.frame = {{}, {{}, core::Authority{{}, {}, QStringLiteral("Head office"), QStringLiteral("Employees")}}};
    auto problems = f->identities().apply(f->context(), {&step, 1});
    VERIFY_OK(problems);
    QVERIFY(!problems->front());
    const User now = f->identities().user(saved->row).value();
    QCOMPARE(now.authorityGateway, QStringLiteral("Head office"));
    QCOMPARE(now.authorityUserType, QStringLiteral("Employees"));
    QCOMPARE(now.values.text(f->environment->catalog()->find(QStringLiteral("title"))), QStringLiteral("Clerk"));
    QCOMPARE(f->linkOf(5).userRow, saved->row);
    QVERIFY(f->environment->runs().steps(f->run, 0, 1).value().first().ties());

    // A person who is equal in all attributes is linked, too.
    User other;
    other.values.set(f->environment->catalog()->username(), QStringLiteral("bob"));
    const auto bob = f->identities().saveUser(other);
    VERIFY_OK(bob);
    Step same = stepFor(*bob, Action::None, 6);
    same.link->before = {};
    const auto problem = f->applyOne(same);
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    QCOMPARE(f->linkOf(6).userRow, bob->row);
}

void ApplyTest::refusesChangedMeanwhile_data()
{
    QTest::addColumn<int>("action");
    QTest::addColumn<bool>("deleted");
    for (const Action action : {Action::Update, Action::Enable, Action::Disable, Action::Delete}) {
        QTest::addRow("%s changed", qPrintable(core::actionName(action))) << int(action) << false;
        QTest::addRow("%s deleted", qPrintable(core::actionName(action))) << int(action) << true;
    }
}

void ApplyTest::refusesChangedMeanwhile()
{
    QFETCH(int, action);
    QFETCH(bool, deleted);
    const User user = f->create(QStringLiteral("ann"), 1);
    if (deleted) {
        VERIFY_OK(f->identities().deleteUser(user.row));
    } else {
        User edited = user;
        edited.values.set(f->environment->catalog()->find(QStringLiteral("title")), QStringLiteral("edited"));
        VERIFY_OK(f->identities().saveUser(edited));
    }
    QList<core::AttributeChange> changes;
    if (action == int(Action::Update))
        changes = {given("name.given", QStringLiteral("Ann"))};
    const auto problem = f->applyOne(stepFor(user, Action(action), 1, changes));
    VERIFY_OK(problem);
    QVERIFY(*problem);
    QCOMPARE((*problem)->code, ProblemCode::ChangedMeanwhile);
    QVERIFY((*problem)->message.contains(deleted ? QStringLiteral("deleted") : QStringLiteral("changed")));
    if (!deleted) {
        const User now = f->identities().user(user.row).value();
        QCOMPARE(now.values.text(f->environment->catalog()->find(QStringLiteral("title"))), QStringLiteral("edited"));
        QCOMPARE(now.revision, user.revision + 1);
    }
}

void ApplyTest::refusesForeignPlan()
{
    // A plan of another environment: row and revision happen to fit, the id does not.
    const User user = f->create(QStringLiteral("ann"), 1);
    Step step = stepFor(user, Action::Delete, 1);
    step.target.id = QUuid::createUuid().toRfc4122();
    const auto problem = f->applyOne(step);
    VERIFY_OK(problem);
    QVERIFY(*problem);
    QCOMPARE((*problem)->code, ProblemCode::ChangedMeanwhile);
    QCOMPARE(f->count("users"), 1);
}

void ApplyTest::refusesBadValues_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("code");
    QTest::newRow("unknown attribute") << "shoeSize" << "44" << int(ProblemCode::InvalidValue);
    QTest::newRow("too long") << "title" << QString(300, u'x') << int(ProblemCode::TooLong);
    QTest::newRow("bad e-mail") << "email" << "nobody" << int(ProblemCode::InvalidValue);
    QTest::newRow("control character") << "title" << "a\u0007b" << int(ProblemCode::InvalidValue);
}

void ApplyTest::refusesBadValues()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(int, code);
    auto problem = f->applyOne(createStep(QStringLiteral("ann"), 1, {{name, {}, value}}));
    VERIFY_OK(problem);
    QVERIFY(*problem);
    QCOMPARE(int((*problem)->code), code);
    QCOMPARE(f->count("users"), 0);
    const User user = f->create(QStringLiteral("bob"), 2);
    problem = f->applyOne(stepFor(user, Action::Update, 2, {{name, {}, value}}));
    VERIFY_OK(problem);
    QVERIFY(*problem);
    QCOMPARE(int((*problem)->code), code);
}

void ApplyTest::refusesTakenUniqueValue()
{
    auto configuration = f->environment->configurations().load();
    VERIFY_OK(configuration);
    core::AttributeDefinition badge;
    badge.name = QStringLiteral("badge");
    badge.schemaType = core::SchemaType::Custom;
    badge.unique = true;
    configuration->attributes = {badge};
    VERIFY_OK(f->environment->configurations().save(*configuration));

    f->create(QStringLiteral("ann"), 1, {given("badge", QStringLiteral("1"))});
    const User bob = f->create(QStringLiteral("bob"), 2, {given("badge", QStringLiteral("2"))});
    auto problem = f->applyOne(createStep(QStringLiteral("carl"), 3, {given("badge", QStringLiteral("1"))}));
    VERIFY_OK(problem);
    QVERIFY(*problem);
    QCOMPARE((*problem)->code, ProblemCode::UniquenessViolation);
    QCOMPARE((*problem)->attribute, QStringLiteral("badge"));
    problem = f->applyOne(stepFor(bob, Action::Update, 2, {change("badge", QStringLiteral("2"), QStringLiteral("1"))}));
    VERIFY_OK(problem);
    QVERIFY(*problem);
    // Given up by its owner, the value is free again.
    problem = f->applyOne(stepFor(bob, Action::Update, 2, {change("badge", QStringLiteral("2"), QStringLiteral("3"))}));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    problem = f->applyOne(createStep(QStringLiteral("carl"), 3, {given("badge", QStringLiteral("2"))}));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    VERIFY_OK(f->identities().deleteUser(bob.row));
    problem = f->applyOne(createStep(QStringLiteral("dora"), 4, {given("badge", QStringLiteral("3"))}));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
}

void ApplyTest::failedBatchLeavesNothing()
{
    f->create(QStringLiteral("ann"), 1);
    const ApplyContext context = f->context();
    std::vector<Step> steps;
    for (quint64 entry = 10; entry < 200; ++entry)
        steps.push_back(createStep(QStringLiteral("user%1").arg(entry), entry));
    // A trigger stands in for a disk that fails in the middle of the batch.
    VERIFY_OK(f->database().execute("CREATE TEMP TRIGGER broken BEFORE INSERT ON main.users WHEN new.username = 'user150'"
                                    " BEGIN SELECT raise(ROLLBACK, 'disk'); END"));
    const auto problems = f->identities().apply(context, steps);
    QVERIFY(!problems);
    QCOMPARE(f->count("users"), 1);
    QCOMPARE(f->count("links"), 1);
    QCOMPARE(f->count("journal"), 1);
    VERIFY_OK(f->database().execute("DROP TRIGGER broken"));
    const auto again = f->identities().apply(context, steps);
    VERIFY_OK(again);
    QVERIFY(std::none_of(again->begin(), again->end(), [](const auto &problem) { return problem.has_value(); }));
    QCOMPARE(f->count("users"), 191);
}

void ApplyTest::forgetsOtherGatewaysFingerprints()
{
    const User user = f->create(QStringLiteral("ann"), 1);
    const QUuid first = f->gateway;
    f->gateway = QUuid::createUuid();
    Step step = stepFor(user, Action::Update, 77, {given("title", QStringLiteral("Clerk"))});
    step.link->before = {};
    const auto problem = f->applyOne(step);
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    QCOMPARE(f->linkOf(77).fingerprint, quint64(7));
    // The other gateway's mapping may see the change, so its next run compares.
    f->gateway = first;
    QCOMPARE(f->linkOf(1).fingerprint, quint64(0));
    QCOMPARE(f->linkOf(1).userRow, user.row);
}

void ApplyTest::numbersAreNotUsedAgain()
{
    const User ann = f->create(QStringLiteral("ann"), 1);
    VERIFY_OK(f->identities().deleteUser(ann.row));
    const User bob = f->create(QStringLiteral("bob"), 2);
    QVERIFY(bob.row > ann.row);
}

void ApplyTest::applyingTwiceCreatesNothing()
{
    std::vector<Step> steps;
    for (quint64 entry = 1; entry <= 500; ++entry)
        steps.push_back(createStep(QStringLiteral("user%1").arg(entry), entry));
    VERIFY_OK(f->identities().apply(f->context(), steps));
    const auto again = f->identities().apply(f->context(), steps);
    VERIFY_OK(again);
    QVERIFY(std::all_of(again->begin(), again->end(), [](const auto &problem) { return problem.has_value(); }));
    QCOMPARE(f->count("users"), 500);
    QCOMPARE(f->count("links"), 500);
}

CONSOLE_TEST(ApplyTest)
#include "tst_apply.moc"
