// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sign-ons with Kerberos tickets of a real Active Directory domain: tickets as browsers send them, made by this machine's own
// Kerberos with kinit, and those of the desktop; what they make, what they leave alone, and what is refused.
#include "kerberos/acceptor.h"
#include "tests/signon/ticketdomain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QProcess>
#include <QScopeGuard>
#include <QTest>

using namespace gatehouse;
using core::Code;
using kerberos::Initiator;
using test::SambaDc;
using test::Scene;
using test::TicketDomain;

class TicketsTest : public QObject, private TicketDomain {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void aTicketMakesAUser();
    void aTicketNeverChangesTheRecord();
    void thePasswordOfAKnownUserStays();
    void aSimulationWritesNothing();
    void eachTicketIsGoodOnce();
    void ticketsOfThisDesktop();
    void noTicketOnThisDesktop();
    void ticketsByTheServiceAccountsPasswordBefore();
    void ticketsWithoutASid();
    void whoIsNotLetIn_data();
    void whoIsNotLetIn();
    void onlyWhomTheFilterFinds();
    void othersRecordsStayTheirs();
    void whoIsDisabledHereStaysOut();
    void whatIsNoTicket_data();
    void whatIsNoTicket();
    void withoutKerberosOnTheGateway();
    void theBindAccountMayUseATicketToo();
    void headersAreRead_data();
    void headersAreRead();
    void damagedTicketsAreRefused();
};

void TicketsTest::initTestCase()
{
    REQUIRE_SERVER("samba");
    REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
    const QByteArray names[] = {"zoe", "kim", "sim", "once", "desk", "gone", "late", "lia", "hal", "far", "pia", "old", "raw", "bo", "amb", "amb$", "out"};
    QByteArray people;
    for (const QByteArray &name : names)
        people += SambaDc::user(name, kGood, 66048, "mail: " + name + "@lab.example\n");
    QVERIFY2(m_directory.start(people + SambaDc::user("svc-web", kService, 66048, "servicePrincipalName: HTTP/console.lab.example\n")
                               // Tickets for it have no signed part with a SID (MS-KILE 3.3.5.7: no authorization data required).
                               + SambaDc::user("svc-bare", kService, 66048 | 0x2000000, "servicePrincipalName: HTTP/bare.lab.example\n")
                               + SambaDc::user("svc-other", kGood, 66048, "servicePrincipalName: HTTP/other.lab.example\n")
                               + SambaDc::group("Direct", {dnOf("zoe"), dnOf("kim")})),
             qPrintable(m_directory.errorText()));
    QVERIFY(beginScene());
}

void TicketsTest::init()
{
    QVERIFY(setSecret(kService));
    m_scene.configuration = m_configuration;
    QVERIFY(m_scene.save());
    m_configuration = m_scene.configuration;
}

void TicketsTest::aTicketMakesAUser()
{
    const QByteArray ticket = token(QStringLiteral("zoe@lab.example"));
    QVERIFY(!ticket.isEmpty());
    const signon::Report report = signOn(ticket);
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(report.ticketHolder, QStringLiteral("zoe@LAB.EXAMPLE"));
    QCOMPARE(report.checker, signon::Checker::Ticket);
    QVERIFY(report.createsUser);
    QCOMPARE(m_scene.value("zoe", "email"), QStringLiteral("zoe@lab.example"));
    QCOMPARE(m_scene.groupsOf("zoe"), QStringList(QStringLiteral("Direct")));
    QCOMPARE(m_scene.user("zoe")->authorityGateway, QStringLiteral("Directory"));
    QVERIFY(m_scene.user("zoe")->lastSignOnAt.isValid());
    QVERIFY(m_scene.hashOf("zoe").isEmpty());
    const store::AuditEvent event = m_scene.lastAudit();
    QCOMPARE(event.action, QStringLiteral("signon"));
    QVERIFY2(event.detail.contains(QStringLiteral("Kerberos ticket of zoe@LAB.EXAMPLE")), qPrintable(event.detail));
}

void TicketsTest::aTicketNeverChangesTheRecord()
{
    COMPARE_OUTCOME(signOn(token(QStringLiteral("kim@lab.example"))), Succeeded);
    const core::User before = *m_scene.user("kim");
    QVERIFY(modify("dn: " + dnOf("kim") + "\nchangetype: modify\nreplace: mail\nmail: new@lab.example\n-\nreplace: sn\nsn: Renamed\n\n"
                   "dn: CN=Direct,OU=Groups,DC=lab,DC=example\nchangetype: modify\ndelete: member\nmember: " + dnOf("kim") + "\n"));
    QTest::qWait(1'100); // the time of the last sign-on may count seconds
    const signon::Report report = signOn(token(QStringLiteral("kim@lab.example")));
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(!report.updatesUser);
    QVERIFY(report.attributes.isEmpty());
    QVERIFY(!report.groups);
    const core::User after = *m_scene.user("kim");
    QVERIFY(after.values == before.values);
    QCOMPARE(after.updatedAt, before.updatedAt);
    QCOMPARE(m_scene.groupsOf("kim"), QStringList(QStringLiteral("Direct")));
    QVERIFY(after.lastSignOnAt > before.lastSignOnAt);
    // With the password both follow.
    COMPARE_OUTCOME(m_scene.signOn("kim", kGood), Succeeded);
    QCOMPARE(m_scene.value("kim", "email"), QStringLiteral("new@lab.example"));
    QCOMPARE(m_scene.groupsOf("kim"), QStringList());
}

void TicketsTest::thePasswordOfAKnownUserStays()
{
    m_scene.userType().updateUserOnSuccessfulAuthentication = false;
    m_scene.userType().passwordAuthority = core::PasswordAuthority::PingOne;
    QVERIFY(m_scene.save());
    COMPARE_OUTCOME(signOn(token(QStringLiteral("pia@lab.example"))), Succeeded);
    QVERIFY(m_scene.hashOf("pia").isEmpty());
    COMPARE_OUTCOME(m_scene.signOn("pia", kGood), Succeeded);
    const QByteArray hash = m_scene.hashOf("pia");
    QVERIFY(!hash.isEmpty());
    COMPARE_OUTCOME(signOn(token(QStringLiteral("pia@lab.example"))), Succeeded);
    QCOMPARE(m_scene.hashOf("pia"), hash);
}

void TicketsTest::aSimulationWritesNothing()
{
    signon::Report report = signOn(token(QStringLiteral("sim@lab.example")), true);
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(report.createsUser);
    QVERIFY(!report.attributes.isEmpty());
    QVERIFY(!m_scene.user("sim"));
    m_scene.gateway().enabled = false;
    QVERIFY(m_scene.save());
    report = signOn(token(QStringLiteral("sim@lab.example")), true);
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("switched off")), qPrintable(report.reason));
}

void TicketsTest::eachTicketIsGoodOnce()
{
    for (const auto mechanism : {Initiator::Settings::Mechanism::Kerberos, Initiator::Settings::Mechanism::Negotiate}) {
        const QByteArray ticket = token(QStringLiteral("once@lab.example"), mechanism);
        COMPARE_OUTCOME(signOn(ticket), Succeeded);
        const signon::Report again = signOn(ticket);
        COMPARE_OUTCOME(again, Refused);
        QVERIFY(again.error);
        QCOMPARE(again.error->code, Code::Denied);
        QVERIFY2(again.reason.contains(QStringLiteral("used before")), qPrintable(again.reason));
    }
}

void TicketsTest::ticketsOfThisDesktop()
{
    REQUIRE_SERVER("kinit");
    const QString cache = QStringLiteral("FILE:") + m_folder.filePath(QStringLiteral("desktop"));
    QVERIFY2(m_directory.signOnDesktop(QStringLiteral("desk"), kGood, cache), qPrintable(m_directory.errorText()));
    signon::Request request = m_scene.request({}, {});
    request.proof = signon::Proof::DesktopTicket;
    const signon::Report report = m_scene.run(request);
    COMPARE_OUTCOME(report, Succeeded);
    QCOMPARE(report.ticketHolder, QStringLiteral("desk@LAB.EXAMPLE"));
    QVERIFY(m_scene.user("desk"));
    // The desktop's own cache has got nothing new.
    QProcess list;
    list.start(QStringLiteral("klist"), {QStringLiteral("-c"), cache});
    QVERIFY(list.waitForFinished());
    const QByteArray listed = list.readAllStandardOutput();
    QVERIFY2(listed.contains("krbtgt/LAB.EXAMPLE") && !listed.contains("HTTP/"), listed.constData());
    QFile::remove(m_folder.filePath(QStringLiteral("desktop")));
}

void TicketsTest::noTicketOnThisDesktop()
{
    signon::Request request = m_scene.request({}, {});
    request.proof = signon::Proof::DesktopTicket;
    signon::Report report = m_scene.run(request);
    COMPARE_OUTCOME(report, Refused);
    QCOMPARE(report.error->code, Code::NotFound);
    QVERIFY2(report.reason.contains(QStringLiteral("nobody is signed on to a domain here")), qPrintable(report.reason));
    m_scene.gateway().kerberos->serviceAccountUserPrincipalName = QStringLiteral("kim@lab.example");
    QVERIFY(m_scene.save());
    report = m_scene.run(request);
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("setspn")), qPrintable(report.reason));
}

void TicketsTest::ticketsByTheServiceAccountsPasswordBefore()
{
    const auto session = door();
    QVERIFY(session);
    const kerberos::Exchange exchange = [&](const QByteArray &message) { return session->askKdc(message); };
    const QByteArray before = token(QStringLiteral("old@lab.example"));
    const auto changed = session->changePassword({dnOf("svc-web"), {}, core::Secret("Service-password-2"), true});
    VERIFY_RESULT(changed);
    const auto restore = qScopeGuard([&] {
        if (const auto restored = session->changePassword({dnOf("svc-web"), {}, core::Secret(kService), true}); !restored)
            QFAIL(qPrintable(restored.error().text()));
    });
    const QByteArray after = token(QStringLiteral("old@lab.example"));
    const auto keys = [&](const QList<core::Secret> &passwords) {
        return kerberos::ServiceKeys::byPasswords(QStringLiteral("svc-web@lab.example"), m_directory.realm(), passwords, exchange);
    };
    const auto both = keys({core::Secret("Service-password-2"), core::Secret(kService)});
    VERIFY_RESULT(both);
    auto holder = kerberos::accept(*both, before);
    VERIFY_RESULT(holder);
    QCOMPARE(holder->name, QStringLiteral("old"));
    holder = kerberos::accept(*both, after);
    VERIFY_RESULT(holder);
    const auto current = keys({core::Secret("Service-password-2")});
    VERIFY_RESULT(current);
    const QByteArray late = token(QStringLiteral("old@lab.example"));
    holder = kerberos::accept(*current, before);
    QVERIFY(!holder);
    QCOMPARE(holder.error().code, Code::Unauthenticated);
    // The console has the old password only: whoever comes with a new ticket is told to nobody but the administrator.
    const signon::Report report = signOn(late);
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("another password of the service account")), qPrintable(report.reason));
}

void TicketsTest::ticketsWithoutASid()
{
    const QString bare = QStringLiteral("HTTP/bare.lab.example");
    const auto session = door();
    QVERIFY(session);
    const auto keys = kerberos::ServiceKeys::byPasswords(QStringLiteral("svc-bare@lab.example"), m_directory.realm(), {core::Secret(kService)},
                                                         [&](const QByteArray &message) { return session->askKdc(message); });
    VERIFY_RESULT(keys);
    const auto holder = kerberos::accept(*keys, token(QStringLiteral("bo@lab.example"), Initiator::Settings::Mechanism::Negotiate, bare));
    VERIFY_RESULT(holder);
    QCOMPARE(holder->name, QStringLiteral("bo"));
    QVERIFY(holder->sid.isEmpty());
    m_scene.gateway().kerberos->serviceAccountUserPrincipalName = QStringLiteral("svc-bare@lab.example");
    QVERIFY(m_scene.save());
    signon::Report report = signOn(token(QStringLiteral("bo@lab.example"), Initiator::Settings::Mechanism::Negotiate, bare));
    COMPARE_OUTCOME(report, Succeeded);
    QVERIFY(m_scene.user("bo"));
    // A name that may mean two accounts means none.
    report = signOn(token(QStringLiteral("amb@lab.example"), Initiator::Settings::Mechanism::Negotiate, bare));
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("several accounts fit")), qPrintable(report.reason));
    QVERIFY(!m_scene.user("amb"));
}

void TicketsTest::whoIsNotLetIn_data()
{
    QTest::addColumn<QString>("who");
    QTest::addColumn<QByteArray>("change");
    QTest::addColumn<QString>("says");
    QTest::newRow("disabled since") << QStringLiteral("gone") << QByteArray("userAccountControl: 66050") << QStringLiteral("disabled");
    QTest::newRow("expired since") << QStringLiteral("late") << QByteArray("accountExpires: 130000000000000000") << QStringLiteral("expired");
}

void TicketsTest::whoIsNotLetIn()
{
    QFETCH(QString, who);
    QFETCH(QByteArray, change);
    QFETCH(QString, says);
    const QByteArray ticket = token(who + QStringLiteral("@lab.example"));
    const QByteArray second = token(who + QStringLiteral("@lab.example"));
    const QByteArray name = change.split(':').constFirst();
    QVERIFY(modify("dn: " + dnOf(who.toLatin1().constData()) + "\nchangetype: modify\nreplace: " + name + '\n' + change + '\n'));
    signon::Report report = signOn(ticket);
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(says), qPrintable(report.reason));
    QVERIFY(!m_scene.user(who.toLatin1().constData()));
    QCOMPARE(m_scene.lastAudit().action, QStringLiteral("signon.refuse"));
    report = signOn(second, true);
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(says), qPrintable(report.reason));
}

void TicketsTest::onlyWhomTheFilterFinds()
{
    signon::Report report = signOn(token(QStringLiteral("hal@lab.example")));
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("not one that the filter finds")), qPrintable(report.reason));
    QVERIFY(!m_scene.user("hal"));
    m_scene.userType().searchBaseDn = QStringLiteral("OU=Groups,DC=lab,DC=example");
    QVERIFY(m_scene.save());
    report = signOn(token(QStringLiteral("far@lab.example")));
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("no entry matches")), qPrintable(report.reason));
}

void TicketsTest::othersRecordsStayTheirs()
{
    COMPARE_OUTCOME(m_scene.signOn("lia", kGood), Succeeded);
    core::User lia = *m_scene.user("lia");
    lia.authorityGateway.clear();
    lia.authorityUserType.clear();
    QVERIFY(m_scene.environment->identities().saveUser(lia));
    const signon::Report report = signOn(token(QStringLiteral("lia@lab.example")));
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("does not sign on through this gateway yet")), qPrintable(report.reason));
    QVERIFY(m_scene.user("lia")->authorityGateway.isEmpty());
    COMPARE_OUTCOME(m_scene.signOn("lia", kGood), Succeeded);
    COMPARE_OUTCOME(signOn(token(QStringLiteral("lia@lab.example"))), Succeeded);
}

void TicketsTest::whoIsDisabledHereStaysOut()
{
    COMPARE_OUTCOME(signOn(token(QStringLiteral("out@lab.example"))), Succeeded);
    core::User user = *m_scene.user("out");
    const QDateTime before = user.lastSignOnAt;
    user.values.set(m_scene.environment->catalog()->enabled(), core::Value(false));
    QVERIFY(m_scene.environment->identities().saveUser(user));
    const signon::Report report = signOn(token(QStringLiteral("out@lab.example")));
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("disabled in the identity directory")), qPrintable(report.reason));
    QCOMPARE(m_scene.user("out")->lastSignOnAt, before);
}

void TicketsTest::whatIsNoTicket_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("text") << QByteArray("let me in");
    QTest::newRow("NTLM") << QByteArray::fromBase64("TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKALpHAAAADw==");
    QTest::newRow("the beginning of one") << QByteArray::fromHex("6082017506062b0601050502a0820169");
}

void TicketsTest::whatIsNoTicket()
{
    QFETCH(QByteArray, token);
    const signon::Report report = signOn(token);
    COMPARE_OUTCOME(report, Refused);
    QVERIFY(report.error);
    QVERIFY2(report.reason.contains(QStringLiteral("the ticket is not accepted")), qPrintable(report.reason));
    QVERIFY(report.ticketHolder.isEmpty());
}

void TicketsTest::withoutKerberosOnTheGateway()
{
    m_scene.gateway().kerberos.reset();
    QVERIFY(m_scene.save());
    const signon::Report report = signOn(token(QStringLiteral("zoe@lab.example")));
    COMPARE_OUTCOME(report, Refused);
    QVERIFY2(report.reason.contains(QStringLiteral("Kerberos is not enabled")), qPrintable(report.reason));
}

void TicketsTest::theBindAccountMayUseATicketToo()
{
    // The service account itself binds, by its own ticket.
    m_scene.gateway().bindMechanism = core::BindMechanism::Gssapi;
    m_scene.gateway().bindDn.clear();
    m_scene.gateway().bindPassword = {};
    QVERIFY(m_scene.save());
    COMPARE_OUTCOME(signOn(token(QStringLiteral("raw@lab.example"), Initiator::Settings::Mechanism::Kerberos)), Succeeded);
    COMPARE_OUTCOME(m_scene.signOn("raw", kGood), Succeeded);
}

void TicketsTest::headersAreRead_data()
{
    QTest::addColumn<QByteArray>("given");
    const QByteArray octets = QByteArray::fromHex("6006062b0601050502");
    QTest::newRow("octets") << octets;
    QTest::newRow("base64") << octets.toBase64();
    QTest::newRow("with a line's end") << octets.toBase64() + "\r\n";
    QTest::newRow("header") << "Negotiate " + octets.toBase64() + '\n';
}

void TicketsTest::headersAreRead()
{
    QFETCH(QByteArray, given);
    QCOMPARE(signon::ticketOctets(given).toHex(), QByteArray("6006062b0601050502"));
}

void TicketsTest::damagedTicketsAreRefused()
{
    const QByteArray good = token(QStringLiteral("far@lab.example"), Initiator::Settings::Mechanism::Kerberos);
    const auto session = door();
    QVERIFY(session);
    const auto keys = kerberos::ServiceKeys::byPasswords(QStringLiteral("svc-web@lab.example"), m_directory.realm(), {core::Secret(kService)},
                                                         [&](const QByteArray &message) { return session->askKdc(message); });
    VERIFY_RESULT(keys);
    for (qsizetype place = 0; place < good.size(); place += 7) {
        QByteArray damaged = good;
        damaged[place] = char(damaged.at(place) ^ 0x41);
        const auto holder = kerberos::accept(*keys, damaged);
        // Some octets carry no meaning, and a ticket is good once.
        if (holder)
            QCOMPARE(holder->name, QStringLiteral("far"));
    }
    QVERIFY(!kerberos::accept(*keys, good.left(good.size() / 2)));
}

SAMBA_TEST(TicketsTest, QCoreApplication)
#include "tst_tickets.moc"
