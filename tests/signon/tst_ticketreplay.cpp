// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kerberos tickets that are shown again, and those for another service with the same keys, on a real Active Directory domain.
#include "kerberos/token.h"
#include "tests/signon/ticketdomain.h"
#include "tests/support/testservers.h"

#include <QScopeGuard>
#include <QTest>

using namespace gatehouse;
using test::SambaDc;
using test::TicketDomain;

class TicketReplayTest : public QObject, private TicketDomain {
    Q_OBJECT

private slots:
    void initTestCase();
    void whateverTheMachineRemembers();
    void otherServicesTicketsWithTheSameKeys();
};

void TicketReplayTest::initTestCase()
{
    REQUIRE_SERVER("samba");
    REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
    QVERIFY2(m_directory.start(SambaDc::user("zoe", kGood, 66048, "mail: zoe@lab.example\n") + SambaDc::user("once", kGood, 66048, "mail: once@lab.example\n")
                               + SambaDc::user("svc-web", kService, 66048, "servicePrincipalName: HTTP/console.lab.example\n")
                               + SambaDc::user("svc-twin", kService, 66048, "servicePrincipalName: HTTP/twin.lab.example\n")),
             qPrintable(m_directory.errorText()));
    QVERIFY(beginScene());
    QVERIFY(setSecret(kService));
}

void TicketReplayTest::whateverTheMachineRemembers()
{
    // What this process' surroundings say of replays counts for nothing, nor how the token is wrapped, nor another connection.
    const QByteArray raw = token(QStringLiteral("once@lab.example"), Initiator::Settings::Mechanism::Kerberos);
    QCOMPARE(kerberos::kerberosToken(raw).value_or(QByteArray()), raw);
    COMPARE_OUTCOME(signOn(raw, true), Succeeded); // a simulation uses nothing up
    COMPARE_OUTCOME(signOn(raw), Succeeded);
    const auto restore = qScopeGuard([was = qgetenv("KRB5RCACHEDIR")] {
        qputenv("KRB5RCACHEDIR", was);
        qunsetenv("KRB5RCACHENAME");
        qunsetenv("KRB5RCACHETYPE");
    });
    QTemporaryDir elsewhere;
    qputenv("KRB5RCACHEDIR", elsewhere.path().toLocal8Bit());
    COMPARE_OUTCOME(signOn(raw), Refused);
    qputenv("KRB5RCACHENAME", "none:");
    qputenv("KRB5RCACHETYPE", "none");
    COMPARE_OUTCOME(signOn(raw), Refused);
    COMPARE_OUTCOME(signOn(raw, true), Refused);

    const QByteArray negotiated = token(QStringLiteral("once@lab.example"));
    COMPARE_OUTCOME(signOn(negotiated), Succeeded);
    const auto inner = kerberos::kerberosToken(negotiated);
    QVERIFY(inner && *inner != negotiated);
    const signon::Report unwrapped = signOn(*inner);
    COMPARE_OUTCOME(unwrapped, Refused);
    QVERIFY2(unwrapped.reason.contains(QStringLiteral("used before")), qPrintable(unwrapped.reason));
    auto other = store::Environment::open(m_scene.path, store::Environment::Access::ReadWrite);
    QVERIFY(other);
    signon::Request request = m_scene.request({}, {});
    request.proof = signon::Proof::Ticket;
    request.ticket = negotiated;
    const auto report = signon::Attempt(**other, request, {}).run();
    QVERIFY(report && report->outcome == signon::Outcome::Refused);
}

void TicketReplayTest::otherServicesTicketsWithTheSameKeys()
{
    // Keys of RC4 are made of the password alone, so those of two accounts with one password are the same.
    const QByteArray foreign = token(QStringLiteral("zoe@lab.example"), Initiator::Settings::Mechanism::Negotiate,
                                     QStringLiteral("HTTP/twin.lab.example"));
    QVERIFY(!foreign.isEmpty());
    const signon::Report report = signOn(foreign);
    COMPARE_OUTCOME(report, Refused);
    QVERIFY(report.ticketHolder.isEmpty());
    // Each of the account's own names is good.
    QVERIFY(modify("dn: " + dnOf("svc-web") + "\nchangetype: modify\nadd: servicePrincipalName\nservicePrincipalName: HTTP/third.lab.example\n"));
    COMPARE_OUTCOME(signOn(token(QStringLiteral("zoe@lab.example"), Initiator::Settings::Mechanism::Negotiate,
                                 QStringLiteral("HTTP/third.lab.example"))), Succeeded);
}

SAMBA_TEST(TicketReplayTest, QCoreApplication)
#include "tst_ticketreplay.moc"
