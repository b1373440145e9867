// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a sign-on leaves in the environment: all or nothing, groups at need and within their limits, and links that a rule's
// runs understand.
#include "environmentfixture.h"

#include "store/relations.h"
#include "store/signons.h"
#include "tests/support/testmain.h"

using namespace gatehouse;
using namespace gatehouse::store;
using core::ProblemCode;

class SignOnsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void namesOfGroupsAreShort();
    void groupsComeAndGo();
    void handMadeMembershipsStay();
    void groupsOfRulesAreTheirs();
    void aUserHasSoManyGroups();
    void anEnvironmentHasSoManyGroups();
    void nothingIsHalfWritten();
    void anEntryHasOneUser();
    void aRulesLinkStaysTheRules();

private:
    SignOn signOnOf(const QString &username, const QStringList &groups)
    {
        SignOn signOn;
        if (auto known = f->identities().userByKey(username))
            signOn.user = *known;
        else
            signOn.user.values.set(f->environment->catalog()->username(), username);
        signOn.at = QDateTime::currentDateTimeUtc();
        signOn.gateway = QStringLiteral("A");
        signOn.gatewayId = f->gateway;
        signOn.sourceId = username.toUtf8();
        signOn.sourceDn = "uid=" + username.toUtf8();
        signOn.groups.emplace();
        for (const QString &group : groups)
            signOn.groups->append(externalGroup(group));
        signOn.auditAction = QStringLiteral("signon");
        return signOn;
    }
    QStringList groupsOf(qint64 user)
    {
        QStringList names;
        const auto groups = groupsOfUser(f->environment->database(), user);
        for (const core::Group &group : *groups)
            names.append(group.name);
        return names;
    }
    std::unique_ptr<EnvironmentFixture> f;
};

void SignOnsTest::init()
{
    f = std::make_unique<EnvironmentFixture>();
    VERIFY_OK(f->open());
}

void SignOnsTest::namesOfGroupsAreShort()
{
    QCOMPARE(externalGroup(QStringLiteral("CN=Pay\\, roll,OU=Groups,DC=example")).displayName, QStringLiteral("Pay, roll"));
    QCOMPARE(externalGroup(QStringLiteral("Payroll")).displayName, QStringLiteral("Payroll"));
    QCOMPARE(externalGroup(QString(300, u'x')).displayName.size(), 256);
}

void SignOnsTest::groupsComeAndGo()
{
    SignOns &signOns = f->environment->signOns();
    const auto ann = signOns.record(signOnOf(QStringLiteral("ann"), {QStringLiteral("CN=One"), QStringLiteral("CN=Two")}));
    VERIFY_OK(ann);
    QCOMPARE(groupsOf(ann->row), QStringList({QStringLiteral("CN=One"), QStringLiteral("CN=Two")}));
    // A renamed group is a new one.
    const auto plan = signOns.plan(signOnOf(QStringLiteral("ann"), {QStringLiteral("CN=Two"), QStringLiteral("CN=Uno")}));
    VERIFY_OK(plan);
    QCOMPARE(plan->groups.size(), 3);
    QCOMPARE(int(plan->groups.at(0).kind), int(GroupChange::Kind::Removed));
    QCOMPARE(int(plan->groups.at(1).kind), int(GroupChange::Kind::Kept));
    QVERIFY(plan->groups.at(2).isNewGroup);
    QVERIFY(!plan->changesUser);
    QCOMPARE(groupsOf(ann->row).size(), 2); // a plan writes nothing
    VERIFY_OK(signOns.record(signOnOf(QStringLiteral("ann"), {QStringLiteral("CN=Two"), QStringLiteral("CN=Uno")})));
    QCOMPARE(groupsOf(ann->row), QStringList({QStringLiteral("CN=Two"), QStringLiteral("CN=Uno")}));
    VERIFY_OK(f->identities().groupByName(QStringLiteral("CN=One"))); // the group itself stays
    SignOn leave = signOnOf(QStringLiteral("ann"), {});
    leave.groups.reset();
    VERIFY_OK(signOns.record(leave));
    QCOMPARE(groupsOf(ann->row).size(), 2);
}

void SignOnsTest::handMadeMembershipsStay()
{
    core::Group staff;
    staff.name = QStringLiteral("Staff");
    const auto saved = f->identities().saveGroup(staff);
    VERIFY_OK(saved);
    const auto ann = f->environment->signOns().record(signOnOf(QStringLiteral("ann"), {QStringLiteral("CN=One")}));
    VERIFY_OK(ann);
    VERIFY_OK(f->identities().addMember(saved->row, ann->row));
    VERIFY_OK(f->environment->signOns().record(signOnOf(QStringLiteral("ann"), {})));
    QCOMPARE(groupsOf(ann->row), QStringList(QStringLiteral("Staff")));
}

void SignOnsTest::groupsOfRulesAreTheirs()
{
    core::Group provisioned;
    provisioned.name = QStringLiteral("CN=One");
    provisioned.displayName = QStringLiteral("One");
    provisioned.source = core::GroupSource::Gateway;
    provisioned.sourceName = QStringLiteral("A");
    VERIFY_OK(f->identities().saveGroup(provisioned));
    const auto ann = f->environment->signOns().record(signOnOf(QStringLiteral("ann"), {QStringLiteral("CN=One"), QStringLiteral("CN=Two")}));
    VERIFY_OK(ann);
    QCOMPARE(groupsOf(ann->row), QStringList(QStringLiteral("CN=Two")));
}

void SignOnsTest::aUserHasSoManyGroups()
{
    QStringList names;
    for (int i = 0; i <= kMaxGroupsOfUser; ++i)
        names.append(QStringLiteral("g%1").arg(i));
    const auto plan = f->environment->signOns().plan(signOnOf(QStringLiteral("ann"), names));
    VERIFY_OK(plan);
    QCOMPARE(plan->problems.size(), 1);
    QVERIFY2(plan->problems.constFirst().message.contains(QStringLiteral("10001 groups, 10000 are allowed")), qPrintable(plan->problems.constFirst().message));
    QVERIFY(!f->environment->signOns().record(signOnOf(QStringLiteral("ann"), names)));
    QCOMPARE(*f->identities().userCount(), 0);
}

void SignOnsTest::anEnvironmentHasSoManyGroups()
{
    VERIFY_OK(f->environment->database().execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99999) INSERT INTO groups (uuid, name, name_key,"
        " display_name, description, source, source_name, source_key, just_in_time, revision, created_at, updated_at)"
        " SELECT randomblob(16), 'g' || i, 'g' || i, 'g', '', 1, 'A', CAST(char(0) || 'g' || i AS BLOB), 1, 1, 0, 0 FROM n"));
    SignOns &signOns = f->environment->signOns();
    VERIFY_OK(signOns.record(signOnOf(QStringLiteral("ann"), {QStringLiteral("the last one")})));
    const auto refused = signOns.record(signOnOf(QStringLiteral("bob"), {QStringLiteral("one too many")}));
    QVERIFY(!refused);
    QVERIFY2(refused.error().detail.contains(QStringLiteral("100001 groups, 100000 are allowed")), qPrintable(refused.error().detail));
    VERIFY_OK(signOns.record(signOnOf(QStringLiteral("bob"), {QStringLiteral("the last one"), QStringLiteral("g7")})));
}

void SignOnsTest::nothingIsHalfWritten()
{
    SignOn bad = signOnOf(QStringLiteral("ann"), {QStringLiteral("CN=One"), QString(5000, u'x')});
    bad.passwordHash = "hash";
    const auto refused = f->environment->signOns().record(bad);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, core::Code::Conflict);
    QCOMPARE(*f->identities().userCount(), 0);
    QVERIFY(!f->identities().groupByName(QStringLiteral("CN=One")));
    QVERIFY(f->environment->audit().list()->isEmpty());
    SignOn good = signOnOf(QStringLiteral("ann"), {});
    good.passwordHash = "hash";
    good.correlationAttributes.insert(QStringLiteral("uid"), QStringLiteral("ann"));
    const auto ann = f->environment->signOns().record(good);
    VERIFY_OK(ann);
    QCOMPARE(*f->environment->signOns().passwordHash(ann->row), QByteArray("hash"));
    // All goes with the user.
    VERIFY_OK(f->identities().deleteUser(ann->row));
    QCOMPARE(*f->environment->database().integer("SELECT count(*) FROM passwords"), 0);
    QCOMPARE(*f->environment->database().integer("SELECT count(*) FROM correlations"), 0);
}

void SignOnsTest::anEntryHasOneUser()
{
    VERIFY_OK(f->environment->signOns().record(signOnOf(QStringLiteral("ann"), {})));
    SignOn other = signOnOf(QStringLiteral("bob"), {});
    other.sourceId = "ann";
    const auto plan = f->environment->signOns().plan(other);
    VERIFY_OK(plan);
    QCOMPARE(plan->problems.size(), 1);
    QCOMPARE(int(plan->problems.constFirst().code), int(ProblemCode::TakenMatch));
}

void SignOnsTest::aRulesLinkStaysTheRules()
{
    const auto ann = f->environment->signOns().record(signOnOf(QStringLiteral("ann"), {}));
    VERIFY_OK(ann);
    Database &database = f->environment->database();
    VERIFY_OK(database.execute("UPDATE links SET rule = 7, fingerprint = 42"));
    VERIFY_OK(f->environment->signOns().record(signOnOf(QStringLiteral("ann"), {})));
    QCOMPARE(*database.integer("SELECT rule FROM links"), 7);
    QCOMPARE(*database.integer("SELECT fingerprint FROM links"), 42);
    SignOn moved = signOnOf(QStringLiteral("ann"), {});
    moved.sourceDn = "uid=ann,ou=elsewhere";
    VERIFY_OK(f->environment->signOns().record(moved));
    QCOMPARE(*database.integer("SELECT rule FROM links"), 7);
    QCOMPARE(*database.integer("SELECT fingerprint FROM links"), 0); // the next run looks again
    QCOMPARE(ann->revision, f->identities().user(ann->row)->revision);
}

CONSOLE_TEST(SignOnsTest)
#include "tst_signons.moc"
