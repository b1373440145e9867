// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sign-ons through a real Active Directory domain controller: link attributes in binary, nested groups by the in-chain
// rule, all that an account can be besides good, and changes of passwords.
#include "tests/signon/scene.h"
#include "tests/support/sambadc.h"
#include "tests/support/testservers.h"

#include <QTest>

using namespace gatehouse;
using ldap::AccountState;
using test::SambaDc;
using test::Scene;

namespace {

const QByteArray kGood = "Good-password-1";
const QByteArray kNew = "Other-password-2";

QByteArray dnOf(const char *name)
{
    return "CN=" + QByteArray(name) + ",OU=Staff,DC=lab,DC=example";
}

} // namespace

/// Everything is the same by either.
enum class Way {
    Tls,     ///< binds with passwords, inside of TLS
    Kerberos ///< binds with tickets, sealed without TLS: no password is ever sent
};

class ActiveDirectoryTest : public QObject {
    Q_OBJECT
public:
    explicit ActiveDirectoryTest(Way way) : m_way(way) {}

private slots:
    void initTestCase();
    void firstSignOnStoresTheLink();
    void aMovedPersonIsFoundAgain();
    void accountsThatMayNotSignOn_data();
    void accountsThatMayNotSignOn();
    void lockedOutAccounts();
    void nestedGroupsComeByTheChain();
    void peopleChangeTheirPasswords();
    void expiredAndStalePasswordsAreChanged_data();
    void expiredAndStalePasswordsAreChanged();
    void passwordsNeverLeaveUnsecured();

private:
    signon::Report change(const char *name, const QByteArray &from, const QByteArray &to)
    {
        signon::Request request = m_scene.request(QString::fromLatin1(name), from);
        request.newPassword = core::Secret(to);
        return m_scene.run(request);
    }
    const Way m_way;
    SambaDc m_directory;
    Scene m_scene;
};

void ActiveDirectoryTest::initTestCase()
{
    REQUIRE_SERVER("samba");
    REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
    QVERIFY2(m_directory.start(SambaDc::user("zoe", kGood, 66048, "mail: zoe@lab.example\n") + SambaDc::user("disabled", kGood, 66050)
                               + SambaDc::user("expired", kGood, 66048, "accountExpires: 130000000000000000\n")
                               + SambaDc::user("stale", kGood, 512) + SambaDc::user("must", kGood, 512, "pwdLastSet: 0\n")
                               + SambaDc::user("locked", kGood) + SambaDc::user("kim", kGood)
                               + SambaDc::group("Direct", {dnOf("zoe")})
                               + SambaDc::group("Middle", {"CN=Direct,OU=Groups,DC=lab,DC=example"})
                               + SambaDc::group("Outer", {"CN=Middle,OU=Groups,DC=lab,DC=example"})),
             qPrintable(m_directory.errorText()));
    QVERIFY(m_scene.begin(m_directory.tlsHostAndPort(), core::Vendor::ActiveDirectory, m_directory.bindDn(), m_directory.password(),
                          m_directory.caFile()));
    if (m_way == Way::Kerberos) {
        m_scene.gateway().serversHostAndPort = {m_directory.hostAndPort()};
        m_scene.gateway().connectionSecurity = core::ConnectionSecurity::None;
        m_scene.gateway().bindMechanism = core::BindMechanism::Gssapi;
        m_scene.gateway().bindDn = QStringLiteral("Administrator@lab.example");
    }
    m_scene.gateway().userTypes = {Scene::migrating("Employees", QStringLiteral("DC=lab,DC=example"),
                                                    "(|(sAMAccountName=${identifier})(userPrincipalName=${identifier}))", "sAMAccountName",
                                                    "memberOf")};
    m_scene.userType().orderedCorrelationAttributes = {QStringLiteral("objectGUID"), QStringLiteral("objectSid"), QStringLiteral("dn"),
                                                       QStringLiteral("sAMAccountName")};
    m_scene.userType().allowPasswordChanges = true;
    m_scene.userType().updateUserOnSuccessfulAuthentication = true;
    QVERIFY(m_scene.save());
}

void ActiveDirectoryTest::firstSignOnStoresTheLink()
{
    COMPARE_OUTCOME(m_scene.signOn("zoe@lab.example", "wrong"), Refused);
    const signon::Report report = m_scene.signOn("ZOE@lab.example", kGood);
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(m_scene.groupsOf("zoe"), QStringList(QStringLiteral("Direct")));
    const auto link = m_scene.environment->signOns().externalLink(m_scene.user("zoe")->row);
    const auto text = [&](const char *name) { return link->correlationAttributes.value(QString::fromLatin1(name)).toString(); };
    QVERIFY(!QUuid(text("objectGUID")).isNull());
    QVERIFY2(text("objectSid").startsWith(QStringLiteral("S-1-5-21-")), qPrintable(text("objectSid")));
    QCOMPARE(text("dn"), QString::fromUtf8(dnOf("zoe")));
    QCOMPARE(text("sAMAccountName"), QStringLiteral("zoe"));
    QCOMPARE(QUuid(text("objectGUID")).toRfc4122(), report.sourceId);
}

void ActiveDirectoryTest::aMovedPersonIsFoundAgain()
{
    COMPARE_OUTCOME(m_scene.signOn("zoe", kGood), Succeeded);
    for (const char *attribute : {"objectGUID", "objectSid", "dn", "sAMAccountName"}) {
        m_scene.userType().orderedCorrelationAttributes = {QString::fromLatin1(attribute)};
        QVERIFY(m_scene.save());
        // What is stored is all four only after a sign-on by all four.
        m_scene.userType().orderedCorrelationAttributes = {QString::fromLatin1(attribute), QStringLiteral("objectGUID"), QStringLiteral("objectSid"),
                                                           QStringLiteral("dn"), QStringLiteral("sAMAccountName")};
        m_scene.userType().orderedCorrelationAttributes.removeDuplicates();
        QVERIFY(m_scene.save());
        const signon::Report report = m_scene.signOn("zoe", kGood);
        COMPARE_OUTCOME(report, Succeeded);
        QCOMPARE(report.considered.constFirst().filters.size(), 1);
        QVERIFY2(report.considered.constFirst().filters.constFirst().contains(QLatin1String(attribute)),
                 qPrintable(report.considered.constFirst().filters.constFirst()));
    }
}

void ActiveDirectoryTest::accountsThatMayNotSignOn_data()
{
    QTest::addColumn<QByteArray>("account");
    QTest::addColumn<int>("state");
    QTest::newRow("disabled") << QByteArray("disabled") << int(AccountState::Disabled);
    QTest::newRow("expired") << QByteArray("expired") << int(AccountState::AccountExpired);
}

void ActiveDirectoryTest::accountsThatMayNotSignOn()
{
    QFETCH(QByteArray, account);
    const char *const name = account.constData();
    QFETCH(int, state);
    signon::Report report = m_scene.signOn(name, kGood);
    COMPARE_OUTCOME(report, Refused);
    QCOMPARE(int(report.bind->state), state);
    const QString told = report.reason;
    report = m_scene.simulate(name);
    COMPARE_OUTCOME(report, Refused);
    QCOMPARE(report.reason, told);
    QVERIFY(!m_scene.user(name));
}

void ActiveDirectoryTest::lockedOutAccounts()
{
    for (int i = 0; i < 3; ++i)
        COMPARE_OUTCOME(m_scene.signOn("locked", "wrong"), Refused);
    signon::Report report = m_scene.signOn("locked", kGood);
    COMPARE_OUTCOME(report, Refused);
    QCOMPARE(report.bind->state, AccountState::Locked);
    report = m_scene.simulate("locked");
    QVERIFY2(report.reason.contains(QStringLiteral("locked")), qPrintable(report.reason));
}

void ActiveDirectoryTest::nestedGroupsComeByTheChain()
{
    m_scene.userType().newUserLookup->nestedGroups = true;
    QVERIFY(m_scene.save());
    const signon::Report report = m_scene.signOn("zoe", kGood);
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(m_scene.groupsOf("zoe"), QStringList({QStringLiteral("Direct"), QStringLiteral("Middle"), QStringLiteral("Outer")}));
    QCOMPARE(report.groupPaths.value(QStringLiteral("CN=Outer,OU=Groups,DC=lab,DC=example")),
             QStringList({QStringLiteral("Direct"), QStringLiteral("Middle"), QStringLiteral("Outer")}));
}

void ActiveDirectoryTest::peopleChangeTheirPasswords()
{
    COMPARE_OUTCOME(change("kim", kGood, kNew), Succeeded);
    COMPARE_OUTCOME(m_scene.signOn("kim", kNew), Succeeded);
    // The directory's rules hold: not the one before.
    const signon::Report report = change("kim", kNew, kGood);
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("constraintViolation")), qPrintable(report.reason));
    COMPARE_OUTCOME(m_scene.signOn("kim", kNew), Succeeded);
}

void ActiveDirectoryTest::expiredAndStalePasswordsAreChanged_data()
{
    QTest::addColumn<QByteArray>("account");
    QTest::addColumn<int>("state");
    QTest::newRow("expired password") << QByteArray("stale") << int(AccountState::PasswordExpired);
    QTest::newRow("must change") << QByteArray("must") << int(AccountState::MustChangePassword);
}

void ActiveDirectoryTest::expiredAndStalePasswordsAreChanged()
{
    QFETCH(QByteArray, account);
    const char *const name = account.constData();
    QFETCH(int, state);
    signon::Report report = m_scene.signOn(name, "wrong");
    COMPARE_OUTCOME(report, Refused);
    QCOMPARE(report.bind->state, AccountState::WrongPassword);
    report = m_scene.signOn(name, kGood);
    COMPARE_OUTCOME(report, NewPasswordNeeded);
    QCOMPARE(int(report.bind->state), state);
    QVERIFY(!m_scene.user(name));
    COMPARE_OUTCOME(m_scene.simulate(name), NewPasswordNeeded);
    report = change(name, kGood, kNew);
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(report.passwordChanged);
    QVERIFY(m_scene.user(name));
}

void ActiveDirectoryTest::passwordsNeverLeaveUnsecured()
{
    if (m_way == Way::Tls) {
        m_scene.gateway().serversHostAndPort = {m_directory.hostAndPort()};
        m_scene.gateway().connectionSecurity = core::ConnectionSecurity::StartTls;
        QVERIFY(m_scene.save());
    }
    COMPARE_OUTCOME(m_scene.signOn("zoe", kGood), Succeeded);
    ldap::Session session;
    ldap::Target target;
    target.host = m_directory.hostAndPort().section(u':', 0, 0);
    target.port = 389;
    target.security = core::ConnectionSecurity::None;
    QVERIFY(session.resolve(target));
    QVERIFY(session.connect());
    QVERIFY(session.secure());
    const auto changed = session.changePassword({dnOf("zoe"), core::Secret(kGood), core::Secret(kNew), true});
    QVERIFY(!changed);
    QCOMPARE(changed.error().code, core::Code::Untrusted);
}

static int runBothWays(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    int failed = 0;
    for (const Way way : {Way::Tls, Way::Kerberos}) {
        ActiveDirectoryTest test(way);
        failed += QTest::qExec(&test, argc, argv);
    }
    return failed;
}

REGISTER_TEST(runBothWays, SambaDc::enterOwnNetwork)
#include "tst_activedirectory.moc"
