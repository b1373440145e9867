// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server that goes on sending, but so little that it would never end: it is given up, within a time that is sane for a
// million entries.
#include "tests/ldap/targets.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/stallingproxy.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using ldap::Session;
using std::chrono::milliseconds;

class DripsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Slapd> m_slapd;

    /// Reads everybody through a proxy that passes on @p octets each @p pause milliseconds.
    core::Result<ldap::SearchEnd> readSlowly(int octets, int pause, const ldap::Deadlines &deadlines)
    {
        StallingProxy::Behaviour behaviour;
        behaviour.trickle = octets;
        behaviour.delayMilliseconds = pause;
        StallingProxy proxy(m_slapd->port(), behaviour);
        ldap::Target target = targetOf(*m_slapd);
        target.port = proxy.port();
        target.deadlines = deadlines;
        Session session;
        // The first answers are short enough to come through.
        if (auto opened = session.open(target); !opened)
            return core::fail(opened.error().in(QStringLiteral("before")));
        return session.search(requestFor({"uid", "cn", "mail"}), [](core::EntryBatch &&) { return true; });
    }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_slapd = std::make_unique<Slapd>();
        QVERIFY2(m_slapd->load(Slapd::people(400)) && m_slapd->start(), qPrintable(m_slapd->errorText()));
    }

    // Octet by octet no message ever ends, though the line is never silent.
    void withinAMessage()
    {
        ldap::Deadlines deadlines = longDeadlines();
        deadlines.silence = milliseconds(kDeadlineMilliseconds * 3);
        StallingProxy::Behaviour behaviour;
        behaviour.trickle = 1;
        behaviour.delayMilliseconds = 60;
        StallingProxy proxy(m_slapd->port());
        ldap::Target target = targetOf(*m_slapd);
        target.deadlines = deadlines;
        proxy.setBehaviour(behaviour);
        target.port = proxy.port();
        Session session;
        VERIFY_RESULT(session.resolve(target));
        VERIFY_RESULT(session.connect());
        VERIFY_RESULT(session.secure());
        VERIFY_RESULT(session.bind()); // 14 octets
        QElapsedTimer timer;
        timer.start();
        const auto info = session.readServerInfo();
        QVERIFY(!info);
        QCOMPARE(info.error().code, Code::Timeout);
        QVERIFY2(info.error().detail.contains(QLatin1String("so little")), qPrintable(info.error().text()));
        QVERIFY(timer.elapsed() >= kDeadlineMilliseconds * 3);
        QVERIFY(timer.elapsed() < kDeadlineMilliseconds * 3 + kGraceMilliseconds);
    }

    // Many entries first, at once, and then one that never ends: what came before buys no time.
    void afterManyMessages()
    {
        using Fake = FakeLdapServer;
        Fake server([](const Fake::Request &r) {
            return r.operation == Fake::Operation::Search && r.scope != 0 ? Fake::Reply{Fake::people(r.id, 0, 300)} : Fake::usual(r);
        });
        StallingProxy::Behaviour behaviour;
        behaviour.tricklesAfter = Fake::people(1, 0, 299).size(); // somewhere among the last ones
        behaviour.trickle = 1;
        behaviour.delayMilliseconds = 100;
        StallingProxy proxy(server.port(), behaviour);
        ldap::Target target = plainTarget(proxy.port());
        target.deadlines.silence = milliseconds(kDeadlineMilliseconds * 3);
        Session session;
        VERIFY_RESULT(session.open(target));
        QElapsedTimer timer;
        timer.start();
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::Timeout);
        QVERIFY(timer.elapsed() >= kDeadlineMilliseconds * 3);
        QVERIFY2(timer.elapsed() < kDeadlineMilliseconds * 3 + kGraceMilliseconds, qPrintable(QString::number(timer.elapsed())));
    }

    // Entry after entry, but a few in a second only.
    void betweenMessages()
    {
        ldap::Deadlines deadlines = longDeadlines();
        deadlines.whole = milliseconds(2'000);
        QElapsedTimer timer;
        timer.start();
        const auto end = readSlowly(300, 40, deadlines);
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::Timeout);
        QVERIFY2(end.error().detail.contains(QLatin1String("so little")), qPrintable(end.error().text()));
        QVERIFY2(!end.error().where.startsWith(QLatin1String("before")), qPrintable(end.error().text()));
        QVERIFY(timer.elapsed() >= 2'000);
        QVERIFY(timer.elapsed() < 10'000);
    }

    // The same time is enough where the entries come faster than the slowest that is bearable.
    void slowButBearable()
    {
        ldap::Deadlines deadlines = longDeadlines();
        deadlines.whole = milliseconds(1'500);
        const auto end = readSlowly(1'500, 20, deadlines);
        VERIFY_RESULT(end);
        QVERIFY(end->complete);
        QCOMPARE(end->entries, 400);
    }

    void noLongerThanTheLongest()
    {
        ldap::Deadlines deadlines = longDeadlines();
        deadlines.longest = milliseconds(1'000);
        const auto end = readSlowly(1'500, 60, deadlines);
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::Timeout);
    }

    // One value at a time, for ever: every answer is whole, and there is always one more.
    void rangesThatNeverEnd()
    {
        using Fake = FakeLdapServer;
        Fake server([](const Fake::Request &r) {
            if (r.operation != Fake::Operation::Search || r.name.isEmpty())
                return Fake::usual(r);
            const QByteArray wanted = r.attributes.value(0);
            const qsizetype equals = wanted.indexOf('=');
            const int next = equals < 0 ? 0 : wanted.mid(equals + 1, wanted.indexOf('-') - equals - 1).toInt();
            const QByteArray number = QByteArray::number(next);
            std::this_thread::sleep_for(milliseconds(20));
            return Fake::Reply{Fake::entry(r.id, r.name, {{"member;range=" + number + '-' + number, {"cn=" + number}}}) + Fake::done(r.id)};
        });
        ldap::Target target = plainTarget(server.port());
        target.deadlines.whole = milliseconds(1'000);
        Session session;
        VERIFY_RESULT(session.open(target));
        const auto entry = session.read("cn=g,dc=example,dc=com", {"member"});
        QVERIFY(!entry);
        QCOMPARE(entry.error().code, Code::Timeout);
    }
};

CONSOLE_TEST(DripsTest)
#include "tst_drips.moc"
