// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sign-ons through OpenLDAP: user types, first and later sign-ons, groups, simulation.
#include "tests/signon/scene.h"
#include "tests/support/slapd.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QTest>

using namespace gatehouse;
using test::Scene;
using test::Slapd;

namespace {

QByteArray person(const QByteArray &uid, const QByteArray &more = {}, const QByteArray &ou = "people")
{
    return "dn: uid=" + uid + ",ou=" + ou + ",dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid
           + "\nsn: Name of " + uid + "\nuserPassword: pw-" + uid + "\n" + more + "\n";
}

QByteArray groupOf(const QByteArray &cn, const QList<QByteArray> &members)
{
    QByteArray ldif = "dn: cn=" + cn + ",ou=groups,dc=example,dc=com\nobjectClass: groupOfNames\ncn: " + cn + "\n";
    for (const QByteArray &member : members)
        ldif += "member: " + member + ",dc=example,dc=com\n";
    return ldif + "\n";
}

} // namespace

class JitTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void firstSignOnMakesUserAndGroups();
    void laterSignOnsLeaveTheRecordAlone();
    void laterSignOnsUpdateWhereTheyMay();
    void whatMayOnlyBeHiddenIsKept();
    void oneFailingAttributeFailsAll();
    void theFirstUserTypeThatFindsOneIsChosen();
    void severalEntriesAreNobody();
    void nothingTypedChangesTheFilter();
    void withoutMigrationNoRecordIsMade();
    void linkAttributesAreTriedInTurn();
    void aTakenUsernameIsRefused();
    void refusalsTellAdministratorsOnly();
    void anEmptyPasswordIsRefused();
    void simulationWritesNothing();
    void simulationTellsWhatStandsInTheWay();
    void nestedGroupsWhereAskedFor();
    void groupsThatWereNotReadWholeTakeNobodyOut();
    void disabledUsersStayOut();
    void anotherGatewaysUsersStayItsOwn();
    void switchedOffAndUnknownThings();
    void aRefusalTakesTheSameTime();

private:
    Slapd m_slapd;
    std::unique_ptr<Scene> m_scene;
    QString m_people = QStringLiteral("ou=people,dc=example,dc=com");
};

void JitTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    QVERIFY2(m_slapd.start(), qPrintable(m_slapd.errorText()));
    QVERIFY2(m_slapd.modify("dn: ou=guests,dc=example,dc=com\nobjectClass: organizationalUnit\nou: guests\n\n"
                            + person("zoe", "mail: zoe@example.com\ntitle: Engineer\n") + person("sven") + person("maximilian")
                            + person("twin", "mail: twins@example.com\n") + person("twin2", "mail: twins@example.com\n")
                            + person("guest", {}, "guests") + person("zoe", {}, "guests") + person("nest")
                            + groupOf("Payroll", {"uid=zoe,ou=people", "uid=sven,ou=people"})
                            + groupOf("a\\, b", {"uid=zoe,ou=people"}) + groupOf("Inner", {"uid=nest,ou=people"})
                            + groupOf("Middle", {"cn=Inner,ou=groups", "cn=Outer,ou=groups"})
                            + groupOf("Outer", {"cn=Middle,ou=groups"})),
             qPrintable(m_slapd.errorText()));
}

void JitTest::init()
{
    m_scene = std::make_unique<Scene>();
    QVERIFY(m_scene->begin(m_slapd.tlsHostAndPort(), core::Vendor::Ldapv3, m_slapd.bindDn(), m_slapd.password(), m_slapd.caFile()));
    m_scene->gateway().userTypes = {Scene::migrating("Employees", m_people, "(|(uid=${identifier})(mail=${identifier}))", "uid", "memberOf")};
    QVERIFY(m_scene->save());
}

void JitTest::firstSignOnMakesUserAndGroups()
{
    const signon::Report report = m_scene->signOn("ZOE@example.com", "pw-zoe");
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(report.createsUser);
    const auto user = m_scene->user("zoe");
    QVERIFY(user);
    QCOMPARE(m_scene->value("zoe", "name.family"), QStringLiteral("Name of zoe"));
    QCOMPARE(user->authorityUserType, QStringLiteral("Employees"));
    QVERIFY(user->lastSignOnAt.isValid());
    QCOMPARE(m_scene->groupsOf("zoe"), QStringList({QStringLiteral("Payroll"), QStringLiteral("a, b")}));
    const auto group = m_scene->environment->identities().groupByName(QStringLiteral("cn=Payroll,ou=groups,dc=example,dc=com"));
    QVERIFY(group);
    QVERIFY(group->justInTime);
    QCOMPARE(group->source, core::GroupSource::Gateway);
    QCOMPARE(group->sourceName, QStringLiteral("Directory"));
    // What comes from the directory is neither renamed nor filled by hand.
    QVERIFY(!m_scene->environment->identities().addMember(group->row, user->row));
    core::Group renamed = *group;
    renamed.displayName = QStringLiteral("Wages");
    QVERIFY(!m_scene->environment->identities().saveGroup(renamed));
    QVERIFY(m_scene->environment->identities().removeMember(group->row, user->row));

    const auto link = m_scene->environment->signOns().externalLink(user->row);
    QCOMPARE(link->gateway, m_scene->gateway().id);
    QCOMPARE(link->userType, m_scene->userType().id);
    QCOMPARE(link->correlationAttributes.value(QStringLiteral("dn")).toString(), QStringLiteral("uid=zoe,ou=people,dc=example,dc=com"));
    QCOMPARE(m_scene->lastAudit().action, QStringLiteral("signon"));
    QVERIFY2(m_scene->lastAudit().detail.contains(QStringLiteral("user created")), qPrintable(m_scene->lastAudit().detail));
    // A second person makes no second group.
    COMPARE_OUTCOME(m_scene->signOn("sven", "pw-sven"), Succeeded);
    QCOMPARE(m_scene->environment->identities().groupByName(group->name)->memberCount, 1);
}

void JitTest::laterSignOnsLeaveTheRecordAlone()
{
    COMPARE_OUTCOME(m_scene->signOn("sven", "pw-sven"), Succeeded);
    const auto before = m_scene->user("sven");
    const auto group = m_scene->environment->identities().groupByName(QStringLiteral("cn=Payroll,ou=groups,dc=example,dc=com"));
    QVERIFY(m_scene->environment->identities().removeMember(group->row, before->row));
    QVERIFY(m_slapd.modify("dn: uid=sven,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: sn\nsn: Other\n"));
    const signon::Report report = m_scene->signOn("sven", "pw-sven");
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(!report.createsUser && !report.updatesUser && !report.groups);
    QCOMPARE(m_scene->value("sven", "name.family"), QStringLiteral("Name of sven"));
    QVERIFY(m_scene->groupsOf("sven").isEmpty());
    const auto after = m_scene->user("sven");
    QVERIFY(after->lastSignOnAt >= before->lastSignOnAt);
    QCOMPARE(after->revision, before->revision); // a plan made meanwhile stays good
    QVERIFY(m_slapd.modify("dn: uid=sven,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: sn\nsn: Name of sven\n"));
}

void JitTest::laterSignOnsUpdateWhereTheyMay()
{
    m_scene->userType().updateUserOnSuccessfulAuthentication = true;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("sven", "pw-sven"), Succeeded);
    QVERIFY(m_slapd.modify("dn: uid=sven,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: mail\nmail: sven@example.com\n\n"
                           "dn: cn=Payroll,ou=groups,dc=example,dc=com\nchangetype: modify\ndelete: member\n"
                           "member: uid=sven,ou=people,dc=example,dc=com\n\n"
                           + groupOf("Wages", {"uid=sven,ou=people"})));
    const signon::Report report = m_scene->signOn("sven", "pw-sven");
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(report.updatesUser);
    QCOMPARE(m_scene->value("sven", "email"), QStringLiteral("sven@example.com"));
    QCOMPARE(m_scene->groupsOf("sven"), QStringList(QStringLiteral("Wages")));
    // What is gone there is gone here, since the account is seen to read others' mail.
    COMPARE_OUTCOME(m_scene->signOn("zoe", "pw-zoe"), Succeeded);
    QVERIFY(m_slapd.modify("dn: uid=sven,ou=people,dc=example,dc=com\nchangetype: modify\ndelete: mail\n\n"
                           "dn: cn=Wages,ou=groups,dc=example,dc=com\nchangetype: delete\n\n"
                           "dn: cn=Payroll,ou=groups,dc=example,dc=com\nchangetype: modify\nadd: member\n"
                           "member: uid=sven,ou=people,dc=example,dc=com\n"));
    COMPARE_OUTCOME(m_scene->signOn("sven", "pw-sven"), Succeeded);
    QVERIFY(m_scene->value("sven", "email").isEmpty());
    QCOMPARE(m_scene->groupsOf("sven"), QStringList(QStringLiteral("Payroll")));
}

void JitTest::whatMayOnlyBeHiddenIsKept()
{
    m_scene = std::make_unique<Scene>();
    QVERIFY(m_scene->begin(m_slapd.tlsHostAndPort(), core::Vendor::Ldapv3, m_slapd.readerDn(), m_slapd.readerPassword(), m_slapd.caFile()));
    m_scene->gateway().userTypes = {Scene::migrating("Employees", m_people, "(uid=${identifier})", "uid", "memberOf")};
    m_scene->userType().updateUserOnSuccessfulAuthentication = true;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("zoe", "pw-zoe"), Succeeded);
    COMPARE_OUTCOME(m_scene->signOn("sven", "pw-sven"), Succeeded);
    const QStringList groups = m_scene->groupsOf("zoe");
    QCOMPARE(groups.size(), 2);

    // The account that reads loses its rights: nobody loses a value or a group by that.
    const QString lost = QStringLiteral("access to attrs=mail,memberOf by dn.exact=cn=reader,dc=example,dc=com none by * read");
    QVERIFY2(m_slapd.restartWithAccess({lost}), qPrintable(m_slapd.errorText()));
    signon::Report report = m_scene->signOn("zoe", "pw-zoe");
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(report.kept, (QStringList{QStringLiteral("email"), QStringLiteral("externalGroupNames")}));
    QVERIFY(!report.groups);
    QCOMPARE(m_scene->value("zoe", "email"), QStringLiteral("zoe@example.com"));
    QCOMPARE(m_scene->groupsOf("zoe"), groups);
    QVERIFY2(m_scene->lastAudit().detail.contains(QStringLiteral("email")), qPrintable(m_scene->lastAudit().detail));

    // It sees the groups of somebody else again: zoe's are gone; nobody else's mail is seen, so zoe's is kept.
    QVERIFY(m_slapd.restartWithAccess({QStringLiteral("access to dn.regex=uid=zoe,.* attrs=mail,memberOf by dn.exact=cn=reader,"
                                                      "dc=example,dc=com none by * read")}));
    report = m_scene->signOn("zoe", "pw-zoe");
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(report.kept, QStringList{QStringLiteral("email")});
    QVERIFY(m_scene->groupsOf("zoe").isEmpty());
    QCOMPARE(m_scene->value("zoe", "email"), QStringLiteral("zoe@example.com"));
    QVERIFY(m_slapd.restartWithAccess({}));
}

void JitTest::oneFailingAttributeFailsAll()
{
    m_scene->userType().updateUserOnSuccessfulAuthentication = true;
    m_scene->userType().newUserLookup->attributeMappings.append(Scene::map("address.countryCode", "title"));
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("sven", "pw-sven"), Succeeded);
    const auto before = m_scene->user("sven");
    QVERIFY(m_slapd.modify("dn: uid=sven,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: title\ntitle: no country\n-\n"
                           "replace: sn\nsn: Other\n"));
    const signon::Report report = m_scene->signOn("sven", "pw-sven");
    COMPARE_OUTCOME(report, Refused);
    QCOMPARE(report.problems.size(), 1);
    QCOMPARE(report.problems.constFirst().attribute, QStringLiteral("address.countryCode"));
    const auto after = m_scene->user("sven");
    QCOMPARE(after->values, before->values);
    QCOMPARE(after->lastSignOnAt, before->lastSignOnAt);
    QCOMPARE(m_scene->lastAudit().action, QStringLiteral("signon.refuse"));
    QVERIFY2(m_scene->lastAudit().detail.contains(report.problems.constFirst().message), qPrintable(m_scene->lastAudit().detail));
    QVERIFY(m_slapd.modify("dn: uid=sven,ou=people,dc=example,dc=com\nchangetype: modify\ndelete: title\n-\nreplace: sn\nsn: Name of sven\n"));
    COMPARE_OUTCOME(m_scene->signOn("sven", "pw-sven"), Succeeded);
}

void JitTest::theFirstUserTypeThatFindsOneIsChosen()
{
    m_scene->gateway().userTypes = {Scene::migrating("Guests", QStringLiteral("ou=guests,dc=example,dc=com"), "(uid=${identifier})", "uid", "memberOf"),
                                    m_scene->userType()};
    QVERIFY(m_scene->save());
    signon::Report report = m_scene->simulate("zoe");
    QCOMPARE(report.userType, QStringLiteral("Guests"));
    QCOMPARE(report.considered.size(), 2);
    QVERIFY(report.considered.at(0).chosen && !report.considered.at(1).chosen);
    report = m_scene->simulate("sven");
    QCOMPARE(report.userType, QStringLiteral("Employees"));
    QCOMPARE(report.considered.at(0).why, QStringLiteral("no entry matches"));
    signon::Request named = m_scene->request(QStringLiteral("zoe"), "pw-zoe");
    named.userType = QStringLiteral("Employees");
    COMPARE_OUTCOME(m_scene->run(named), Succeeded);
    // Who has signed on keeps the user type.
    report = m_scene->signOn("zoe", "pw-zoe");
    QCOMPARE(report.userType, QStringLiteral("Employees"));
    named.userType = QStringLiteral("Guests");
    COMPARE_OUTCOME(m_scene->run(named), Refused);
}

void JitTest::severalEntriesAreNobody()
{
    const signon::Report report = m_scene->signOn("twins@example.com", "pw-twin");
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("2 entries match")), qPrintable(report.reason));
    QCOMPARE(report.considered.constFirst().found.size(), 2);
    COMPARE_OUTCOME(m_scene->signOn("twin", "pw-twin"), Succeeded);
}

void JitTest::nothingTypedChangesTheFilter()
{
    for (const char *typed : {"*", "zoe)(uid=*", "*)(|(uid=*", "zo*", "zoe\\", "\\2a", ")(", "zoe))(|(cn=*"}) {
        const signon::Report report = m_scene->simulate(typed);
        COMPARE_OUTCOME(report, Refused);
        const auto filter = core::Filter::parse(report.considered.constFirst().filters.constFirst());
        QVERIFY2(filter, typed);
        QCOMPARE(filter->children().size(), 2);
        QCOMPARE(filter->children().at(0).value(), QByteArray(typed));
        QCOMPARE(filter->children().at(1).value(), QByteArray(typed));
    }
}

void JitTest::withoutMigrationNoRecordIsMade()
{
    m_scene->gateway().userTypes = {Scene::readThrough("Guests", m_people, {QStringLiteral("mail"), QStringLiteral("uid")})};
    QVERIFY(m_scene->save());
    const signon::Report report = m_scene->signOn("zoe", "pw-zoe");
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(report.readThrough);
    QVERIFY(!m_scene->user("zoe"));
    COMPARE_OUTCOME(m_scene->signOn("zoe", "wrong"), Refused);
}

void JitTest::linkAttributesAreTriedInTurn()
{
    // Mail matches two, so the next one decides.
    m_scene->userType().orderedCorrelationAttributes = {QStringLiteral("mail"), QStringLiteral("uid")};
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("twin2", "pw-twin2"), Succeeded);
    signon::Report report = m_scene->signOn("twin2", "pw-twin2");
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(report.considered.constFirst().filters, QStringList({QStringLiteral("(mail=twins@example.com)"), QStringLiteral("(uid=twin2)")}));
    // Where none of the stored values is asked for, the immutable id finds the entry, and the others are stored.
    m_scene->userType().orderedCorrelationAttributes = {QStringLiteral("dn"), QStringLiteral("entryUUID")};
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("twin2", "pw-twin2"), Succeeded);
    report = m_scene->signOn("twin2", "pw-twin2");
    QCOMPARE(report.considered.constFirst().filters, QStringList(QStringLiteral("dn: uid=twin2,ou=people,dc=example,dc=com")));
    // A renamed entry is found by what comes after its DN.
    QVERIFY(m_slapd.modify("dn: uid=twin2,ou=people,dc=example,dc=com\nchangetype: modrdn\nnewrdn: uid=twin3\ndeleteoldrdn: 1\n"));
    report = m_scene->signOn("twin2", "pw-twin2");
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(report.considered.constFirst().filters.size(), 2);
    QCOMPARE(m_scene->environment->signOns().externalLink(m_scene->user("twin2")->row)->correlationAttributes.value(QStringLiteral("dn")).toString(),
             QStringLiteral("uid=twin3,ou=people,dc=example,dc=com"));
    QVERIFY(m_slapd.modify("dn: uid=twin3,ou=people,dc=example,dc=com\nchangetype: modrdn\nnewrdn: uid=twin2\ndeleteoldrdn: 1\n"));
}

void JitTest::aTakenUsernameIsRefused()
{
    core::User own;
    own.population = m_scene->configuration.populations.constFirst().row;
    own.values.set(m_scene->environment->catalog()->username(), QStringLiteral("Zoe"));
    QVERIFY(m_scene->environment->identities().saveUser(own));
    const signon::Report report = m_scene->signOn("zoe", "pw-zoe");
    COMPARE_OUTCOME(report, Refused);
    QCOMPARE(report.problems.constFirst().code, core::ProblemCode::UniquenessViolation);
    QVERIFY(m_scene->user("zoe")->authorityGateway.isEmpty());
    QVERIFY(!m_scene->environment->identities().groupByName(QStringLiteral("cn=Payroll,ou=groups,dc=example,dc=com")));
}

void JitTest::refusalsTellAdministratorsOnly()
{
    const signon::Report wrong = m_scene->signOn("zoe", "wrong");
    const signon::Report unknown = m_scene->signOn("nobody", "wrong");
    COMPARE_OUTCOME(wrong, Refused);
    COMPARE_OUTCOME(unknown, Refused);
    QCOMPARE(wrong.bind->state, ldap::AccountState::WrongPassword);
    QVERIFY(wrong.reason != unknown.reason);
    const auto audit = m_scene->environment->audit().list(0, 2);
    QVERIFY(audit->at(0).detail.contains(QStringLiteral("no entry matches")));
    QVERIFY(audit->at(1).detail.contains(QStringLiteral("invalidCredentials")));
    for (const store::AuditEvent &event : *audit)
        QVERIFY(!event.detail.contains(QStringLiteral("wrong;")) && !event.detail.endsWith(QStringLiteral("wrong")));
    QVERIFY(!m_scene->user("zoe"));
}

void JitTest::anEmptyPasswordIsRefused()
{
    const signon::Report report = m_scene->signOn("zoe", "");
    COMPARE_OUTCOME(report, Refused);
    QVERIFY(report.server.isEmpty()); // the directory was not even opened
    QVERIFY(!m_scene->user("zoe"));
}

void JitTest::simulationWritesNothing()
{
    const auto version = m_scene->environment->audit().list(0, 10)->size();
    const signon::Report report = m_scene->simulate("zoe");
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(report.createsUser);
    QVERIFY(!report.bind);
    QCOMPARE(report.considered.constFirst().filters.constFirst(), QStringLiteral("(|(uid=zoe)(mail=zoe))"));
    QCOMPARE(report.attributes.size(), 3);
    QCOMPARE(report.attributes.constFirst().after, core::Value(QStringLiteral("zoe")));
    QCOMPARE(report.groups->size(), 2);
    QVERIFY(report.groups->constFirst().isNewGroup);
    QVERIFY(!m_scene->user("zoe"));
    QCOMPARE(m_scene->environment->audit().list(0, 10)->size(), version);
    // It foretells what then happens.
    const signon::Report real = m_scene->signOn("zoe", "pw-zoe");
    COMPARE_OUTCOME(real, Succeeded);
    QCOMPARE(real.attributes, report.attributes);
    QCOMPARE(real.groups->size(), report.groups->size());
}

void JitTest::simulationTellsWhatStandsInTheWay()
{
    m_scene->userType().newUserLookup->attributeMappings[0].value =
        QString(u'\'' + QString(150, u'x') + QStringLiteral("' + ldapAttributes.uid"));
    QVERIFY(m_scene->save());
    const signon::Report report = m_scene->simulate("zoe");
    COMPARE_OUTCOME(report, Refused);
    QCOMPARE(report.problems.size(), 1);
    QCOMPARE(report.problems.constFirst().code, core::ProblemCode::TooLong);
    QCOMPARE(report.groups->size(), 2);
}

void JitTest::nestedGroupsWhereAskedFor()
{
    COMPARE_OUTCOME(m_scene->signOn("nest", "pw-nest"), Succeeded);
    QCOMPARE(m_scene->groupsOf("nest"), QStringList(QStringLiteral("Inner")));
    m_scene->userType().newUserLookup->nestedGroups = true;
    m_scene->userType().updateUserOnSuccessfulAuthentication = true;
    QVERIFY(m_scene->save());
    // Middle and Outer are in each other: the walk ends.
    const signon::Report report = m_scene->signOn("nest", "pw-nest");
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(m_scene->groupsOf("nest"), QStringList({QStringLiteral("Inner"), QStringLiteral("Middle"), QStringLiteral("Outer")}));
    QCOMPARE(report.groupPaths.value(QStringLiteral("cn=Outer,ou=groups,dc=example,dc=com")),
             QStringList({QStringLiteral("Inner"), QStringLiteral("Middle"), QStringLiteral("Outer")}));
    for (const store::GroupChange &change : *report.groups)
        QCOMPARE(change.group.direct, change.group.displayName == QStringLiteral("Inner"));
}

void JitTest::groupsThatWereNotReadWholeTakeNobodyOut()
{
    m_scene->userType().newUserLookup->nestedGroups = true;
    m_scene->userType().updateUserOnSuccessfulAuthentication = true;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("nest", "pw-nest"), Succeeded);
    const QStringList before{QStringLiteral("Inner"), QStringLiteral("Middle"), QStringLiteral("Outer")};
    QCOMPARE(m_scene->groupsOf("nest"), before);
    // Outer goes where the server only refers to.
    QVERIFY2(m_slapd.modify("dn: cn=Outer,ou=groups,dc=example,dc=com\nchangetype: delete\n\n"
                            "dn: ou=remote,ou=groups,dc=example,dc=com\nchangetype: add\nobjectClass: referral\n"
                            "objectClass: extensibleObject\nou: remote\nref: ldap://127.0.0.1:1/ou=remote,dc=other\n\n"),
             qPrintable(m_slapd.errorText()));
    const signon::Report report = m_scene->signOn("nest", "pw-nest");
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(!report.groupsAreWhole);
    QCOMPARE(m_scene->groupsOf("nest"), before);
    QVERIFY2(m_slapd.modify("dn: ou=remote,ou=groups,dc=example,dc=com\ncontrol: 2.16.840.1.113730.3.4.2 true\n"
                            "changetype: delete\n\n"),
             qPrintable(m_slapd.errorText()));
    COMPARE_OUTCOME(m_scene->signOn("nest", "pw-nest"), Succeeded);
    QCOMPARE(m_scene->groupsOf("nest"), QStringList({QStringLiteral("Inner"), QStringLiteral("Middle")}));
    QVERIFY2(m_slapd.modify(groupOf("Outer", {"cn=Middle,ou=groups"})), qPrintable(m_slapd.errorText()));
}

void JitTest::disabledUsersStayOut()
{
    COMPARE_OUTCOME(m_scene->signOn("zoe", "pw-zoe"), Succeeded);
    QVERIFY(m_scene->environment->identities().setUserEnabled(m_scene->user("zoe")->row, false));
    const signon::Report report = m_scene->signOn("zoe", "pw-zoe");
    COMPARE_OUTCOME(report, Refused);
    QVERIFY(report.reason.contains(QStringLiteral("disabled")));
}

void JitTest::anotherGatewaysUsersStayItsOwn()
{
    COMPARE_OUTCOME(m_scene->signOn("zoe", "pw-zoe"), Succeeded);
    core::User user = *m_scene->user("zoe");
    user.authorityGateway = QStringLiteral("Elsewhere");
    user.authorityUserType = QStringLiteral("Staff");
    QVERIFY(m_scene->environment->identities().saveUser(user));
    const signon::Report report = m_scene->signOn("zoe", "pw-zoe");
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("Elsewhere")), qPrintable(report.reason));
    QCOMPARE(m_scene->user("zoe")->authorityGateway, QStringLiteral("Elsewhere"));
}

void JitTest::switchedOffAndUnknownThings()
{
    signon::Request request = m_scene->request(QStringLiteral("zoe"), "pw-zoe");
    request.gateway = QStringLiteral("Elsewhere");
    QCOMPARE(m_scene->run(request).error->code, core::Code::NotFound);
    request.gateway = QStringLiteral("Directory");
    request.userType = QStringLiteral("Robots");
    QCOMPARE(m_scene->run(request).error->code, core::Code::NotFound);
    m_scene->gateway().enabled = false;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("zoe", "pw-zoe"), Refused);
    const signon::Report simulated = m_scene->simulate("zoe");
    COMPARE_OUTCOME(simulated, Refused);
    QVERIFY(simulated.entry); // and still tells the rest
}

void JitTest::aRefusalTakesTheSameTime()
{
    for (const char *typed : {"zoe", "nobody"}) {
        signon::Request request = m_scene->request(QString::fromLatin1(typed), "wrong");
        request.refusalPace = std::chrono::milliseconds(300);
        QElapsedTimer timer;
        timer.start();
        COMPARE_OUTCOME(m_scene->run(request), Refused);
        QVERIFY2(timer.elapsed() >= 300, qPrintable(QString::number(timer.elapsed())));
    }
}

CONSOLE_TEST(JitTest)
#include "tst_jit.moc"
