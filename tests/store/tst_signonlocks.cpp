// SPDX-License-Identifier: GPL-3.0-or-later
//
// Guesses at passwords: how many are free, when they are slowed, when they lock and for how long; that every connection of
// the environment counts the same; and tickets that are used once.
#include "store/signonlocks.h"
#include "store/usedtickets.h"
#include "tests/store/environmentfixture.h"
#include "tests/support/testmain.h"

using namespace gatehouse;
using namespace gatehouse::store;
using std::chrono::milliseconds;

class SignOnLocksTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_fixture.environment.reset();
        QFile::remove(m_fixture.path);
        VERIFY_OK(m_fixture.open());
        m_now = QDateTime::currentDateTimeUtc();
    }
    void wrongOnesSlowDownAndThenLock();
    void aRightOneForgetsThem();
    void manyAtOnceAreCountedBeforehand();
    void aSourceIsCountedForAllItsNames();
    void whatTaughtNothingIsTakenBack();
    void locksEnd();
    void liftedByTypedNameAndByUser();
    void allConnectionsCountAlike();
    void theTableStaysSmall();
    void accountsAreShown();
    void ticketsAreUsedOnce();

private:
    SignOnLocks locks() { return SignOnLocks(m_fixture.environment->database()); }
    /// A wrong one, when its turn has come.
    SignOnLocks::Turn guess(const QStringList &subjects)
    {
        const auto turn = locks().begin(subjects, m_now);
        if (!turn)
            qFatal("%s", qPrintable(turn.error().text()));
        if (turn->locked.isEmpty() && !turn->isTooMany) {
            m_now = turn->at;
            if (const auto noted = locks().wrong(subjects, m_now); !noted)
                qFatal("%s", qPrintable(noted.error().text()));
        }
        return *turn;
    }
    EnvironmentFixture m_fixture;
    QDateTime m_now;
    const QString m_zoe = SignOnLocks::nameSubject(QStringLiteral("Zoe"));
};

void SignOnLocksTest::wrongOnesSlowDownAndThenLock()
{
    QCOMPARE(m_zoe, SignOnLocks::nameSubject(QStringLiteral("zOE")));
    QList<qint64> waits;
    for (int i = 0; i < kNameLimits.most; ++i) {
        const QDateTime asked = m_now;
        const auto turn = guess({m_zoe});
        QVERIFY(turn.locked.isEmpty());
        waits.append(asked.msecsTo(turn.at));
    }
    QCOMPARE(waits, QList<qint64>({0, 0, 0, 1000, 2000, 4000, 4000, 4000, 4000, 4000}));
    const auto turn = guess({m_zoe});
    QCOMPARE(turn.locked, m_zoe);
    QCOMPARE(turn.lock.failures, kNameLimits.most);
    const auto lock = locks().lockOf(m_zoe, m_now);
    VERIFY_OK(lock);
    QVERIFY(*lock);
    QCOMPARE(m_now.secsTo((*lock)->until), 15 * 60);
    const auto audit = m_fixture.environment->audit().list(0, 1);
    VERIFY_OK(audit);
    QCOMPARE(audit->first().action, QStringLiteral("signon.lock"));
    QCOMPARE(audit->first().subject, QStringLiteral("zoe"));
    QVERIFY(guess({SignOnLocks::nameSubject(QStringLiteral("kim"))}).locked.isEmpty());
}

void SignOnLocksTest::aRightOneForgetsThem()
{
    for (int round = 0; round < 5; ++round) {
        for (int i = 0; i < 3; ++i)
            QCOMPARE(m_now.msecsTo(guess({m_zoe}).at), 0);
        VERIFY_OK(locks().begin({m_zoe}, m_now.addSecs(1)));
        VERIFY_OK(locks().right({m_zoe}));
    }
}

void SignOnLocksTest::manyAtOnceAreCountedBeforehand()
{
    // None has an answer yet, or their programs were killed before they had one.
    int allowed = 0;
    SignOnLocks::Turn last;
    for (int i = 0; i < 50; ++i) {
        const auto turn = locks().begin({m_zoe}, m_now);
        VERIFY_OK(turn);
        last = *turn;
        allowed += turn->locked.isEmpty() && !turn->isTooMany ? 1 : 0;
    }
    QVERIFY2(allowed <= kNameLimits.most, QByteArray::number(allowed).constData());
    QVERIFY(last.isTooMany || last.locked == m_zoe);
}

void SignOnLocksTest::aSourceIsCountedForAllItsNames()
{
    const QString source = SignOnLocks::sourceSubject(QStringLiteral("203.0.113.5"));
    for (int i = 0; i < kSourceLimits.most; ++i)
        QVERIFY(guess({SignOnLocks::nameSubject(QStringLiteral("user.%1").arg(i)), source}).locked.isEmpty());
    QCOMPARE(guess({SignOnLocks::nameSubject(QStringLiteral("user.x")), source}).locked, source);
    QVERIFY(guess({SignOnLocks::nameSubject(QStringLiteral("user.x")), SignOnLocks::sourceSubject(QStringLiteral("203.0.113.6"))}).locked.isEmpty());
    const auto lifted = locks().unlock(source);
    VERIFY_OK(lifted);
    QVERIFY(*lifted);
    QVERIFY(guess({SignOnLocks::nameSubject(QStringLiteral("user.x")), source}).locked.isEmpty());
}

void SignOnLocksTest::whatTaughtNothingIsTakenBack()
{
    for (int i = 0; i < 30; ++i) {
        const auto turn = locks().begin({m_zoe}, m_now);
        VERIFY_OK(turn);
        QCOMPARE(m_now.msecsTo(turn->at), 0);
        VERIFY_OK(locks().takeBack({m_zoe}));
    }
}

void SignOnLocksTest::locksEnd()
{
    for (int i = 0; i < kNameLimits.most; ++i)
        guess({m_zoe});
    QCOMPARE(guess({m_zoe}).locked, m_zoe);
    m_now = m_now.addSecs(15 * 60 + 1);
    QVERIFY(!locks().lockOf(m_zoe, m_now)->has_value());
    const auto turn = guess({m_zoe});
    QVERIFY(turn.locked.isEmpty());
    QCOMPARE(m_now.msecsTo(turn.at), 0);
}

void SignOnLocksTest::liftedByTypedNameAndByUser()
{
    const QString typed = SignOnLocks::nameSubject(QStringLiteral("zoe@example.com"));
    for (const QString &lifted : {typed, m_zoe}) {
        for (int i = 0; i < kNameLimits.most; ++i) {
            guess({typed});
            guess({m_zoe});
            VERIFY_OK(locks().relate(typed, m_zoe));
        }
        QCOMPARE(guess({typed}).locked, typed);
        QCOMPARE(guess({m_zoe}).locked, m_zoe);
        const auto done = locks().unlock(lifted);
        VERIFY_OK(done);
        QVERIFY(*done);
        QVERIFY(guess({typed}).locked.isEmpty());
        QVERIFY(guess({m_zoe}).locked.isEmpty());
        VERIFY_OK(locks().unlock(typed));
        VERIFY_OK(locks().unlock(m_zoe));
    }
    QVERIFY(!*locks().unlock(m_zoe));
    QCOMPARE(m_fixture.environment->audit().list(0, 1)->first().action, QStringLiteral("signon.unlock"));
}

void SignOnLocksTest::allConnectionsCountAlike()
{
    auto other = Environment::open(m_fixture.path, Environment::Access::ReadWrite);
    VERIFY_OK(other);
    for (int i = 0; i < kNameLimits.most; ++i) {
        SignOnLocks each(i % 2 == 0 ? m_fixture.environment->database() : (*other)->database());
        const auto turn = each.begin({m_zoe}, m_now);
        VERIFY_OK(turn);
        m_now = turn->at;
        VERIFY_OK(each.wrong({m_zoe}, m_now));
    }
    QVERIFY(SignOnLocks((*other)->database()).lockOf(m_zoe, m_now)->has_value());
    QVERIFY(locks().lockOf(m_zoe, m_now)->has_value());
}

void SignOnLocksTest::theTableStaysSmall()
{
    for (int i = 0; i < 200; ++i)
        guess({SignOnLocks::nameSubject(QStringLiteral("somebody.%1").arg(i))});
    m_now = m_now.addSecs(20 * 60);
    guess({m_zoe});
    QCOMPARE(*m_fixture.environment->database().integer("SELECT count(*) FROM signon_guesses"), 1);
}

void SignOnLocksTest::accountsAreShown()
{
    QCOMPARE(accountJson({}, true, m_now), (QJsonObject{{QStringLiteral("canAuthenticate"), true}, {QStringLiteral("status"), QStringLiteral("OK")}}));
    QCOMPARE(accountJson({}, false, m_now).value(QStringLiteral("canAuthenticate")).toBool(true), false);
    const QJsonObject locked = accountJson(SignOnLock{m_now.addSecs(-60), m_now.addSecs(90), 10}, true, m_now);
    QCOMPARE(locked.value(QStringLiteral("status")).toString(), QStringLiteral("LOCKED"));
    QCOMPARE(locked.value(QStringLiteral("canAuthenticate")).toBool(true), false);
    QCOMPARE(locked.value(QStringLiteral("secondsUntilUnlock")).toInt(), 90);
    QVERIFY(locked.value(QStringLiteral("unlockAt")).toString().endsWith(u'Z'));
}

void SignOnLocksTest::ticketsAreUsedOnce()
{
    UsedTickets here(m_fixture.environment->database());
    auto other = Environment::open(m_fixture.path, Environment::Access::ReadWrite);
    VERIFY_OK(other);
    UsedTickets there((*other)->database());
    QVERIFY(!*here.isUsed("a"));
    QVERIFY(*here.use("a", m_now.addSecs(60), m_now));
    QVERIFY(*there.isUsed("a"));
    QVERIFY(!*there.use("a", m_now.addSecs(60), m_now));
    QVERIFY(*there.use("b", m_now.addSecs(600), m_now.addSecs(61)));
    QVERIFY(!*here.isUsed("a")); // it has expired, whoever shows it is refused for that
    QCOMPARE(*m_fixture.environment->database().integer("SELECT count(*) FROM used_tickets"), 1);
}

CONSOLE_TEST(SignOnLocksTest)
#include "tst_signonlocks.moc"
