// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sign-ons through 389 Directory Server as through PingDirectory: isMemberOf, its ways of saying that an account is locked
// or a password stale, and changes of passwords.
#include "tests/signon/scene.h"
#include "tests/support/ds389.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QTest>

using namespace gatehouse;
using test::Scene;

namespace {

QByteArray person(const QByteArray &uid, const QByteArray &more = {})
{
    return "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid
           + "\nsn: Name of " + uid + "\nuserPassword: pw-" + uid + "-1\n" + more + "\n";
}

} // namespace

class Ds389Test : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void groupsComeFromIsMemberOf();
    void nestedGroupsAreWalked();
    void aLockedAccountIsDisabled();
    void resetPasswordsAskForNewOnes();
    void peopleChangeTheirPasswords();

private:
    test::Ds389 m_directory;
    Scene m_scene;
};

void Ds389Test::initTestCase()
{
    REQUIRE_SERVER("ns-slapd");
    REQUIRE_SERVER("certutil");
    REQUIRE_SERVER("ldapmodify");
    QVERIFY2(m_directory.start(), qPrintable(m_directory.errorText()));
    QVERIFY2(m_directory.modify(person("zoe", "mail: zoe@example.com\n") + person("lock", "nsAccountLock: true\n") + person("reset")
                                + person("kim")
                                + "dn: cn=Payroll,ou=groups,dc=example,dc=com\nobjectClass: groupOfUniqueNames\ncn: Payroll\n"
                                  "uniqueMember: uid=zoe,ou=people,dc=example,dc=com\n\n"
                                  "dn: cn=Finance,ou=groups,dc=example,dc=com\nobjectClass: groupOfUniqueNames\ncn: Finance\n"
                                  "uniqueMember: cn=Payroll,ou=groups,dc=example,dc=com\n"),
             qPrintable(m_directory.errorText()));
    QVERIFY(m_scene.begin(m_directory.tlsHostAndPort(), core::Vendor::PingDirectory, m_directory.bindDn(), m_directory.password(),
                          m_directory.caFile()));
    m_scene.gateway().userTypes = {Scene::migrating("Employees", QStringLiteral("ou=people,dc=example,dc=com"), "(|(uid=${identifier})(mail=${identifier}))",
                                                    "uid", "isMemberOf")};
    m_scene.userType().allowPasswordChanges = true;
    m_scene.userType().updateUserOnSuccessfulAuthentication = true;
    QVERIFY(m_scene.save());
}

void Ds389Test::groupsComeFromIsMemberOf()
{
    COMPARE_OUTCOME(m_scene.signOn("zoe@example.com", "pw-zoe-1"), Succeeded);
    QCOMPARE(m_scene.groupsOf("zoe"), QStringList(QStringLiteral("Payroll")));
    COMPARE_OUTCOME(m_scene.signOn("zoe", "wrong"), Refused);
}

void Ds389Test::nestedGroupsAreWalked()
{
    m_scene.userType().newUserLookup->nestedGroups = true;
    QVERIFY(m_scene.save());
    COMPARE_OUTCOME(m_scene.signOn("zoe", "pw-zoe-1"), Succeeded);
    QCOMPARE(m_scene.groupsOf("zoe"), QStringList({QStringLiteral("Finance"), QStringLiteral("Payroll")}));
}

void Ds389Test::aLockedAccountIsDisabled()
{
    signon::Report report = m_scene.simulate("lock");
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("disabled")), qPrintable(report.reason));
    report = m_scene.signOn("lock", "pw-lock-1");
    COMPARE_OUTCOME(report, Refused);
    QCOMPARE(report.bind->rc, 53);
    QCOMPARE(report.bind->state, ldap::AccountState::Disabled);
}

void Ds389Test::resetPasswordsAskForNewOnes()
{
    QVERIFY2(m_directory.modify("dn: cn=config\nchangetype: modify\nreplace: passwordMustChange\npasswordMustChange: on\n\n"
                                "dn: uid=reset,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: userPassword\nuserPassword: pw-reset-2\n"),
             qPrintable(m_directory.errorText()));
    signon::Report report = m_scene.signOn("reset", "pw-reset-2");
    COMPARE_OUTCOME(report, NewPasswordNeeded);
    QCOMPARE(report.bind->state, ldap::AccountState::MustChangePassword);
    signon::Request request = m_scene.request(QStringLiteral("reset"), "pw-reset-2");
    request.newPassword = core::Secret("pw-reset-3");
    report = m_scene.run(request);
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(report.passwordChanged);
    COMPARE_OUTCOME(m_scene.signOn("reset", "pw-reset-3"), Succeeded);
}

void Ds389Test::peopleChangeTheirPasswords()
{
    signon::Report report = m_scene.signOn("kim", "pw-kim-1");
    COMPARE_OUTCOME(report, Succeeded);
    signon::Request request = m_scene.request(QStringLiteral("kim"), "pw-kim-1");
    request.newPassword = core::Secret("pw-kim-2");
    report = m_scene.run(request);
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(report.passwordChanged);
    COMPARE_OUTCOME(m_scene.signOn("kim", "pw-kim-1"), Refused);
    COMPARE_OUTCOME(m_scene.signOn("kim", "pw-kim-2"), Succeeded);
}

CONSOLE_TEST(Ds389Test)
#include "tst_ds389.moc"
