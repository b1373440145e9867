// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who checks passwords, how the say passes from one side to the other, and changes of passwords; on OpenLDAP with its
// password policy.
#include "signon/passwordhash.h"
#include "signon/signon.h"
#include "tests/signon/scene.h"
#include "tests/support/slapd.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using core::PasswordAuthority;
using test::Scene;
using test::Slapd;

class PasswordsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void hashesAreArgon2();
    void theFirstSignOnHandsThePasswordOver();
    void theDirectoryTakesItBack();
    void aHandedOverPasswordNeedsNoDirectory();
    void peopleChangeTheirPasswords();
    void changesArePushed();
    void aRefusedPasswordChangesNothing();
    void expiredAndResetPasswordsAskForNewOnes();
    void lockedAccountsStayOut();
    void faceAnswersBySignal();
    void faceCanBeCancelled();

private:
    signon::Report change(const char *username, const QByteArray &from, const QByteArray &to)
    {
        signon::Request request = m_scene->request(QString::fromLatin1(username), from);
        request.newPassword = core::Secret(to);
        return m_scene->run(request);
    }
    bool add(const QByteArray &uid)
    {
        return m_slapd->modify("dn: uid=" + uid + ",ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: " + uid
                               + "\ncn: x\nsn: x\nuserPassword: first-password\n");
    }

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<Scene> m_scene;
};

void PasswordsTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    Slapd::Options options;
    options.globalLines = {QStringLiteral("moduleload ppolicy")};
    options.databaseLines = {QStringLiteral("overlay ppolicy"), QStringLiteral("ppolicy_default cn=policy,dc=example,dc=com"),
                             QStringLiteral("ppolicy_hash_cleartext"), QStringLiteral("ppolicy_use_lockout")};
    m_slapd = std::make_unique<Slapd>(options);
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->modify("dn: cn=policy,dc=example,dc=com\nobjectClass: device\nobjectClass: pwdPolicy\ncn: policy\n"
                             "pwdAttribute: userPassword\npwdMinLength: 8\npwdCheckQuality: 2\npwdLockout: TRUE\n"
                             "pwdMaxFailure: 3\npwdMustChange: TRUE\npwdAllowUserChange: TRUE\n\n"
                             "dn: cn=short,dc=example,dc=com\nobjectClass: device\nobjectClass: pwdPolicy\ncn: short\n"
                             "pwdAttribute: userPassword\npwdMaxAge: 1\npwdMinLength: 8\npwdCheckQuality: 2\n"),
             qPrintable(m_slapd->errorText()));
}

void PasswordsTest::init()
{
    m_scene = std::make_unique<Scene>();
    QVERIFY(m_scene->begin(m_slapd->tlsHostAndPort(), core::Vendor::Ldapv3, m_slapd->bindDn(), m_slapd->password(), m_slapd->caFile()));
    m_scene->gateway().userTypes = {Scene::migrating("Employees", QStringLiteral("ou=people,dc=example,dc=com"), "(uid=${identifier})", "uid", "memberOf")};
    m_scene->userType().allowPasswordChanges = true;
    QVERIFY(m_scene->save());
}

void PasswordsTest::hashesAreArgon2()
{
    const core::Secret password(QByteArray("pass\0word", 9));
    const auto hash = signon::hashPassword(password);
    QVERIFY(hash);
    QVERIFY(hash->startsWith("$argon2id$"));
    QVERIFY(signon::isPassword(*hash, password));
    QVERIFY(!signon::isPassword(*hash, core::Secret("pass")));
    QVERIFY(*hash != *signon::hashPassword(password)); // salted
    QVERIFY(!signon::isOutdated(*hash));
    QVERIFY(signon::isOutdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA"));
    QVERIFY(!signon::isPassword("nonsense", password));
}

void PasswordsTest::theFirstSignOnHandsThePasswordOver()
{
    QVERIFY(add("ada"));
    m_scene->userType().passwordAuthority = PasswordAuthority::PingOne;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("ada", "wrong"), Refused);
    signon::Report report = m_scene->signOn("ada", "first-password");
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(report.checker, signon::Checker::Directory);
    QVERIFY(m_scene->hashOf("ada").startsWith("$argon2id$"));
    report = m_scene->signOn("ada", "first-password");
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(report.checker, signon::Checker::IdentityDirectory);
    QVERIFY(report.server.isEmpty());
    COMPARE_OUTCOME(m_scene->signOn("ada", "wrong"), Refused);
}

void PasswordsTest::theDirectoryTakesItBack()
{
    QVERIFY(add("bea"));
    COMPARE_OUTCOME(m_scene->signOn("bea", "first-password"), Succeeded);
    QVERIFY(m_scene->hashOf("bea").isEmpty());
    m_scene->userType().passwordAuthority = PasswordAuthority::PingOne;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("bea", "first-password"), Succeeded);
    QVERIFY(!m_scene->hashOf("bea").isEmpty());
    m_scene->userType().passwordAuthority = PasswordAuthority::Ldap;
    QVERIFY(m_scene->save());
    QVERIFY(m_scene->hashOf("bea").isEmpty()); // at once, not when she comes next
    const signon::Report report = m_scene->signOn("bea", "first-password");
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(report.checker, signon::Checker::Directory);
    QVERIFY(m_scene->hashOf("bea").isEmpty());
}

void PasswordsTest::aHandedOverPasswordNeedsNoDirectory()
{
    QVERIFY(add("cleo"));
    m_scene->userType().passwordAuthority = PasswordAuthority::PingOne;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("cleo", "first-password"), Succeeded);
    m_slapd->stop();
    const signon::Report known = m_scene->signOn("cleo", "first-password");
    const signon::Report unknown = m_scene->signOn("somebody", "first-password");
    QVERIFY(m_slapd->start());
    COMPARE_OUTCOME(known, Succeeded);
    COMPARE_OUTCOME(unknown, Refused);
    QCOMPARE(unknown.error->code, core::Code::Unreachable);
}

void PasswordsTest::peopleChangeTheirPasswords()
{
    QVERIFY(add("dora"));
    const signon::Report report = change("dora", "first-password", "second-password");
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(report.passwordChanged);
    COMPARE_OUTCOME(m_scene->signOn("dora", "second-password"), Succeeded);
    COMPARE_OUTCOME(m_scene->signOn("dora", "first-password"), Refused);
    m_scene->userType().allowPasswordChanges = false;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(change("dora", "second-password", "third-password"), Refused);
    COMPARE_OUTCOME(m_scene->signOn("dora", "second-password"), Succeeded);
}

void PasswordsTest::changesArePushed()
{
    QVERIFY(add("eva"));
    m_scene->userType().passwordAuthority = PasswordAuthority::PingOne;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("eva", "first-password"), Succeeded);
    COMPARE_OUTCOME(change("eva", "first-password", "second-password"), Succeeded);
    QVERIFY(signon::isPassword(m_scene->hashOf("eva"), core::Secret("second-password")));
    m_scene->gateway().userTypes.append(Scene::readThrough("Look", QStringLiteral("ou=people,dc=example,dc=com"), {QStringLiteral("uid")}));
    m_scene->userType(1).allowPasswordChanges = true;
    QVERIFY(m_scene->save());
    QVERIFY(m_scene->environment->identities().deleteUser(m_scene->user("eva")->row));
    signon::Request asked = m_scene->request(QStringLiteral("eva"), "second-password");
    asked.userType = QStringLiteral("Look");
    COMPARE_OUTCOME(m_scene->run(asked), Succeeded);
    // Without the push only the identity directory's changes.
    QVERIFY(add("fay"));
    m_scene->userType().allowPasswordChanges = false;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(change("fay", "first-password", "second-password"), Succeeded);
    COMPARE_OUTCOME(m_scene->signOn("fay", "second-password"), Succeeded);
    asked = m_scene->request(QStringLiteral("fay"), "first-password");
    asked.userType = QStringLiteral("Look");
    QVERIFY(m_scene->environment->identities().deleteUser(m_scene->user("fay")->row));
    COMPARE_OUTCOME(m_scene->run(asked), Succeeded);
}

void PasswordsTest::aRefusedPasswordChangesNothing()
{
    QVERIFY(add("gwen"));
    signon::Report report = change("gwen", "first-password", "short");
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("too short")), qPrintable(report.reason));
    QVERIFY(!m_scene->user("gwen"));
    COMPARE_OUTCOME(m_scene->signOn("gwen", "first-password"), Succeeded);
    m_scene->userType().passwordAuthority = PasswordAuthority::PingOne;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("gwen", "first-password"), Succeeded);
    COMPARE_OUTCOME(change("gwen", "first-password", "short"), Refused);
    QVERIFY(signon::isPassword(m_scene->hashOf("gwen"), core::Secret("first-password")));
}

void PasswordsTest::expiredAndResetPasswordsAskForNewOnes()
{
    QVERIFY(add("hana"));
    QVERIFY(m_slapd->modify("dn: uid=hana,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: pwdReset\npwdReset: TRUE\n"));
    signon::Report report = m_scene->simulate("hana");
    COMPARE_OUTCOME(report, NewPasswordNeeded);
    report = m_scene->signOn("hana", "first-password");
    COMPARE_OUTCOME(report, NewPasswordNeeded);
    QCOMPARE(report.bind->state, ldap::AccountState::MustChangePassword);
    COMPARE_OUTCOME(m_scene->signOn("hana", "wrong"), Refused);
    QVERIFY(!m_scene->user("hana"));
    report = change("hana", "first-password", "second-password");
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(report.passwordChanged);
    COMPARE_OUTCOME(m_scene->signOn("hana", "second-password"), Succeeded);

    QVERIFY(add("ines"));
    QVERIFY(m_slapd->modify("dn: uid=ines,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: pwdPolicySubentry\n"
                            "pwdPolicySubentry: cn=short,dc=example,dc=com\n\n"
                            "dn: uid=ines,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: userPassword\n"
                            "userPassword: first-password\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_scene->signOn("ines", "first-password").outcome, signon::Outcome::NewPasswordNeeded, 5000);
    COMPARE_OUTCOME(m_scene->signOn("ines", "wrong"), Refused);
    report = change("ines", "first-password", "second-password");
    COMPARE_OUTCOME(report, Succeeded);
    // Where people cannot change it here, they are refused like anybody.
    QVERIFY(m_slapd->modify("dn: uid=hana,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: pwdReset\npwdReset: TRUE\n"));
    m_scene->userType().allowPasswordChanges = false;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(m_scene->signOn("hana", "second-password"), Refused);
}

void PasswordsTest::lockedAccountsStayOut()
{
    QVERIFY(add("jill"));
    for (int i = 0; i < 3; ++i)
        COMPARE_OUTCOME(m_scene->signOn("jill", "wrong"), Refused);
    signon::Report report = m_scene->signOn("jill", "first-password");
    COMPARE_OUTCOME(report, Refused);
    QCOMPARE(report.bind->state, ldap::AccountState::Locked);
    report = m_scene->simulate("jill");
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("locked")), qPrintable(report.reason));
    QVERIFY(m_slapd->modify("dn: uid=jill,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: pwdAccountLockedTime\n"
                            "pwdAccountLockedTime: 000001010000Z\n"));
    report = m_scene->simulate("jill");
    QVERIFY2(report.reason.contains(QStringLiteral("disabled")), qPrintable(report.reason));
}

void PasswordsTest::faceAnswersBySignal()
{
    QVERIFY(add("kim"));
    signon::SignOn face(m_scene->path);
    QSignalSpy finished(&face, &signon::SignOn::finished);
    QSignalSpy failed(&face, &signon::SignOn::failed);
    face.start(m_scene->request(QStringLiteral("kim"), "first-password"));
    QVERIFY(face.isRunning());
    QVERIFY(finished.wait(10'000));
    QVERIFY(!face.isRunning());
    COMPARE_OUTCOME(finished.constFirst().constFirst().value<signon::Report>(), Succeeded);
    QVERIFY(m_scene->user("kim"));
    signon::Request wrong = m_scene->request(QStringLiteral("kim"), "first-password");
    wrong.gateway = QStringLiteral("Nowhere");
    face.start(wrong);
    QVERIFY(failed.wait(10'000));
    QCOMPARE(failed.constFirst().constFirst().value<core::Error>().code, core::Code::NotFound);
}

void PasswordsTest::faceCanBeCancelled()
{
    m_slapd->freeze();
    signon::SignOn face(m_scene->path);
    QSignalSpy failed(&face, &signon::SignOn::failed);
    face.start(m_scene->request(QStringLiteral("kim"), "first-password"));
    QTest::qWait(200);
    face.cancel();
    const bool cancelled = failed.wait(5'000);
    // And by itself, when it takes too long.
    face.start(m_scene->request(QStringLiteral("kim"), "first-password"), std::chrono::milliseconds(300));
    const bool expired = failed.wait(5'000);
    m_slapd->resume();
    QVERIFY(cancelled && expired);
    QCOMPARE(failed.at(0).constFirst().value<core::Error>().code, core::Code::Cancelled);
    QCOMPARE(failed.at(1).constFirst().value<core::Error>().code, core::Code::Timeout);
}

CONSOLE_TEST(PasswordsTest)
#include "tst_passwords.moc"
