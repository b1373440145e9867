// SPDX-License-Identifier: GPL-3.0-or-later
//
// Groups that come with sign-ons, on OpenLDAP: nobody fills or renames them by hand; who is taken out may come back; a
// changed name is a new group; and the limits hold at the sign-on, all or nothing.
#include "core/problem.h"
#include "store/database.h"
#include "tests/signon/scene.h"
#include "tests/support/slapd.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QTest>

using namespace gatehouse;
using test::Scene;
using test::Slapd;

namespace {

const QString kPeople = QStringLiteral("ou=people,dc=example,dc=com");

QString groupDn(const char *cn)
{
    return QStringLiteral("cn=%1,ou=groups,dc=example,dc=com").arg(QString::fromLatin1(cn));
}

/// With memberships as the directory's overlay would have written them.
QByteArray person(const QByteArray &uid, int groups, int first = 0)
{
    QByteArray ldif = "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid
                      + "\nsn: Name of " + uid + "\nuserPassword: pw\n";
    for (int i = first; i < first + groups; ++i)
        ldif += "memberOf: cn=g" + QByteArray::number(i) + ",ou=groups,dc=example,dc=com\n";
    return ldif + '\n';
}

} // namespace

class GroupsTest : public QObject {
    Q_OBJECT

    Slapd m_slapd;
    std::unique_ptr<Scene> m_scene;

    core::Result<core::Group> group(const char *cn) { return m_scene->environment->identities().groupByName(groupDn(cn)); }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        QVERIFY2(m_slapd.load(person("zoe", 0) + person("sven", 0) + person("most", 10'000) + person("more", 10'001)),
                 qPrintable(m_slapd.errorText()));
        QVERIFY2(m_slapd.start(), qPrintable(m_slapd.errorText()));
        QVERIFY2(m_slapd.modify("dn: cn=Payroll,ou=groups,dc=example,dc=com\nobjectClass: groupOfNames\ncn: Payroll\n"
                                "member: uid=zoe,ou=people,dc=example,dc=com\nmember: uid=sven,ou=people,dc=example,dc=com\n"),
                 qPrintable(m_slapd.errorText()));
    }
    void init()
    {
        m_scene = std::make_unique<Scene>();
        QVERIFY(m_scene->begin(m_slapd.tlsHostAndPort(), core::Vendor::Ldapv3, m_slapd.bindDn(), m_slapd.password(), m_slapd.caFile()));
        m_scene->gateway().userTypes = {Scene::migrating("Employees", kPeople, "(uid=${identifier})", "uid", "memberOf")};
        m_scene->userType().updateUserOnSuccessfulAuthentication = true;
        QVERIFY(m_scene->save());
    }

    void nobodyFillsOrRenamesThemByHand()
    {
        COMPARE_OUTCOME(m_scene->signOn("zoe", "pw"), Succeeded);
        store::Identities &identities = m_scene->environment->identities();
        const core::Group payroll = *group("Payroll");
        core::User other;
        other.values.set(m_scene->environment->catalog()->username(), core::Value(QStringLiteral("by.hand")));
        other.population = m_scene->user("zoe")->population;
        const auto stranger = identities.saveUser(other);
        QVERIFY(stranger);
        const auto added = identities.addMember(payroll.row, stranger->row);
        QVERIFY(!added);
        QCOMPARE(group("Payroll")->memberCount, 1);
        for (const bool display : {false, true}) {
            core::Group renamed = payroll;
            (display ? renamed.displayName : renamed.name) = QStringLiteral("Wages");
            QVERIFY(!identities.saveGroup(renamed));
        }
        // Nor is one made by hand into something of the directory's, or the other way round.
        core::Group own = payroll;
        own.source = core::GroupSource::Internal;
        own.sourceName.clear();
        QVERIFY(!identities.saveGroup(own));
        const core::Group after = *group("Payroll");
        QCOMPARE(after.displayName, QStringLiteral("Payroll"));
        QCOMPARE(after.source, core::GroupSource::Gateway);
    }

    void aDnInAnotherSpellingIsTheSameGroup()
    {
        COMPARE_OUTCOME(m_scene->signOn("zoe", "pw"), Succeeded);
        const core::Group payroll = *group("Payroll");
        // As another server, or the next version of this one, may write it.
        m_scene->userType().newUserLookup->attributeMappings.last().value =
            QStringLiteral("{'CN=payroll, OU=Groups,DC=Example,DC=com', 'cn=Pay\\72oll,ou=groups,dc=example,dc=com'}");
        QVERIFY(m_scene->save());
        const signon::Report report = m_scene->signOn("zoe", "pw");
        COMPARE_OUTCOME(report, Succeeded);
        QCOMPARE(report.groups->size(), 1);
        QCOMPARE(report.groups->first().kind, store::GroupChange::Kind::Kept);
        QCOMPARE(group("Payroll")->row, payroll.row);
        QCOMPARE(group("Payroll")->name, payroll.name);
        QCOMPARE(m_scene->environment->identities().groupByName(QStringLiteral("CN=PAYROLL,OU=GROUPS,DC=EXAMPLE,DC=COM"))->row, payroll.row);
        COMPARE_OUTCOME(m_scene->signOn("sven", "pw"), Succeeded);
        QCOMPARE(group("Payroll")->memberCount, 2);
    }

    void whoIsTakenOutMayComeBack()
    {
        COMPARE_OUTCOME(m_scene->signOn("zoe", "pw"), Succeeded);
        COMPARE_OUTCOME(m_scene->signOn("sven", "pw"), Succeeded);
        VERIFY_RESULT(m_scene->environment->identities().removeMember(group("Payroll")->row, m_scene->user("zoe")->row));
        QVERIFY(m_scene->groupsOf("zoe").isEmpty());
        QCOMPARE(m_scene->groupsOf("sven"), QStringList(QStringLiteral("Payroll")));
        // The directory still has the membership, so the next sign-on brings it back.
        const signon::Report report = m_scene->signOn("zoe", "pw");
        COMPARE_OUTCOME(report, Succeeded);
        QCOMPARE(report.groups->size(), 1);
        QCOMPARE(report.groups->first().kind, store::GroupChange::Kind::Added);
        QVERIFY(!report.groups->first().isNewGroup);
        QCOMPARE(m_scene->groupsOf("zoe"), QStringList(QStringLiteral("Payroll")));
        QCOMPARE(group("Payroll")->memberCount, 2);
    }

    void aChangedNameIsANewGroup()
    {
        COMPARE_OUTCOME(m_scene->signOn("zoe", "pw"), Succeeded);
        COMPARE_OUTCOME(m_scene->signOn("sven", "pw"), Succeeded);
        const core::Group before = *group("Payroll");
        QVERIFY2(m_slapd.modify("dn: cn=Payroll,ou=groups,dc=example,dc=com\nchangetype: modrdn\nnewrdn: cn=Wages\ndeleteoldrdn: 1\n"),
                 qPrintable(m_slapd.errorText()));
        const signon::Report report = m_scene->signOn("zoe", "pw");
        COMPARE_OUTCOME(report, Succeeded);
        QCOMPARE(m_scene->groupsOf("zoe"), QStringList(QStringLiteral("Wages")));
        const auto wages = group("Wages");
        VERIFY_RESULT(wages);
        QVERIFY(wages->id != before.id);
        QVERIFY(wages->justInTime);
        // The old one stays, with whoever has not signed on since.
        const auto payroll = group("Payroll");
        VERIFY_RESULT(payroll);
        QCOMPARE(payroll->id, before.id);
        QCOMPARE(payroll->memberCount, 1);
        QCOMPARE(m_scene->groupsOf("sven"), QStringList(QStringLiteral("Payroll")));
        COMPARE_OUTCOME(m_scene->signOn("sven", "pw"), Succeeded);
        QCOMPARE(m_scene->groupsOf("sven"), QStringList(QStringLiteral("Wages")));
        QCOMPARE(group("Payroll")->memberCount, 0);
        QVERIFY2(m_slapd.modify("dn: cn=Wages,ou=groups,dc=example,dc=com\nchangetype: modrdn\nnewrdn: cn=Payroll\ndeleteoldrdn: 1\n"),
                 qPrintable(m_slapd.errorText()));
    }

    void tenThousandGroupsAUser()
    {
        COMPARE_OUTCOME(m_scene->signOn("most", "pw"), Succeeded);
        QCOMPARE(m_scene->groupsOf("most").size(), 10'000);
        const signon::Report report = m_scene->signOn("more", "pw");
        COMPARE_OUTCOME(report, Refused);
        QVERIFY2(report.reason.contains(QStringLiteral("10001 groups, 10000 are allowed"))
                     || (!report.problems.isEmpty() && report.problems.first().message.contains(QStringLiteral("10001 groups, 10000 are allowed"))),
                 qPrintable(report.reason));
        // All or nothing: neither the user nor any of the groups.
        QVERIFY(!m_scene->user("more"));
        QVERIFY(!group("g10000"));
    }

    void aHundredThousandGroupsAnEnvironment()
    {
        VERIFY_RESULT(m_scene->environment->database().execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO groups (uuid, name, name_key,"
            " display_name, description, source, source_name, just_in_time, revision, created_at, updated_at)"
            " SELECT randomblob(16), 'other ' || i, 'other ' || i, 'other', '', 1, 'Directory', 1, 1, 0, 0 FROM n"));
        const signon::Report report = m_scene->signOn("zoe", "pw");
        COMPARE_OUTCOME(report, Refused);
        QCOMPARE(report.problems.size(), 1);
        QVERIFY2(report.problems.first().message.contains(QStringLiteral("100001 groups, 100000 are allowed")),
                 qPrintable(report.problems.first().message));
        QVERIFY(!m_scene->user("zoe"));
        QVERIFY2(m_scene->lastAudit().detail.contains(QStringLiteral("100000 are allowed")), qPrintable(m_scene->lastAudit().detail));
        // Room for one: it comes in.
        VERIFY_RESULT(m_scene->environment->database().execute("DELETE FROM groups WHERE name = 'other 1'"));
        COMPARE_OUTCOME(m_scene->signOn("zoe", "pw"), Succeeded);
        QCOMPARE(m_scene->groupsOf("zoe"), QStringList(QStringLiteral("Payroll")));
    }
};

CONSOLE_TEST(GroupsTest)
#include "tst_groups.moc"
