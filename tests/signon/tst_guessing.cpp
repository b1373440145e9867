// SPDX-License-Identifier: GPL-3.0-or-later
//
// Guessing passwords through OpenLDAP: it locks for a time, whoever guesses and whatever is typed, and what the directory is
// asked tells nobody who is known.
#include "store/database.h"
#include "store/signonlocks.h"
#include "tests/signon/scene.h"
#include "tests/support/slapd.h"
#include "tests/support/stallingproxy.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QTest>

using namespace gatehouse;
using store::SignOnLocks;
using test::Scene;
using test::Slapd;
using test::StallingProxy;

class GuessingTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void tenWrongOnesLock_data();
    void tenWrongOnesLock();
    void aRightOneBeginsAgain();
    void everyNameOfSomebodyCounts();
    void aSourceIsLocked();
    void breakingOffIsNoWayAround();
    void aDirectoryThatIsDownIsNobodysGuess();
    void simulationsTellAndCountNothing();
    void knownAndUnknownAskTheSame_data();
    void knownAndUnknownAskTheSame();

private:
    signon::Report signOn(const QString &name, const QByteArray &password, const QString &source = {})
    {
        // Nobody waits here: that is the store's test.
        if (!m_scene->environment->database().execute("UPDATE signon_guesses SET next_at = 0"))
            qFatal("no table of guesses");
        signon::Request request = m_scene->request(name, password);
        request.source = source;
        return m_scene->run(request);
    }
    qint64 counted(const QString &name)
    {
        auto statement = m_scene->environment->database().prepare("SELECT failures FROM signon_guesses WHERE subject = ?1");
        statement.bind(1, SignOnLocks::nameSubject(name));
        const auto row = statement.step();
        return row && *row ? statement.integer(0) : 0;
    }
    QStringList asked(const QString &name, const QByteArray &password);

    Slapd m_slapd;
    std::unique_ptr<StallingProxy> m_proxy;
    std::unique_ptr<Scene> m_scene;
};

void GuessingTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    QByteArray people;
    for (const QByteArray &uid : {QByteArray("zoe"), QByteArray("kim"), QByteArray("new"), QByteArray("hash")})
        people += "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid
                  + "\nsn: x\nmail: " + uid + "@example.com\nuserPassword: pw-" + uid + "\n\n";
    QVERIFY2(m_slapd.start() && m_slapd.modify(people), qPrintable(m_slapd.errorText()));
}

void GuessingTest::init()
{
    m_proxy = std::make_unique<StallingProxy>(m_slapd.port());
    m_scene = std::make_unique<Scene>();
    QVERIFY(m_scene->begin(m_proxy->hostAndPort(), core::Vendor::Ldapv3, m_slapd.bindDn(), m_slapd.password(), {}));
    m_scene->gateway().connectionSecurity = core::ConnectionSecurity::None;
    const QString base = QStringLiteral("ou=people,dc=example,dc=com");
    m_scene->gateway().userTypes = {Scene::migrating("Employees", base, "(|(uid=${identifier})(mail=${identifier}))", "uid", "memberOf"),
                                    Scene::migrating("Others", base, "(employeeNumber=${identifier})", "uid", "memberOf")};
    QVERIFY(m_scene->save());
}

void GuessingTest::tenWrongOnesLock_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isKnown");
    QTest::newRow("somebody who has signed on") << QStringLiteral("zoe") << true;
    QTest::newRow("somebody who has not") << QStringLiteral("new") << false;
    QTest::newRow("nobody") << QStringLiteral("nobody") << false;
}

void GuessingTest::tenWrongOnesLock()
{
    QFETCH(QString, name);
    QFETCH(bool, isKnown);
    const QByteArray right = "pw-" + name.toLatin1();
    if (isKnown)
        COMPARE_OUTCOME(signOn(name, right), Succeeded);
    for (int i = 0; i < store::kNameLimits.most; ++i) {
        const signon::Report report = signOn(i % 2 == 0 ? name : name.toUpper(), "guess");
        COMPARE_OUTCOME(report, Refused);
        QVERIFY2(!report.reason.contains(QStringLiteral("locked")), qPrintable(report.reason));
    }
    const signon::Report locked = signOn(name, right);
    COMPARE_OUTCOME(locked, Refused);
    QVERIFY2(locked.reason.contains(QStringLiteral("locked after 10 wrong passwords")), qPrintable(locked.reason));
    QCOMPARE(m_scene->lastAudit().action, QStringLiteral("signon.refuse"));
    const auto lifted = SignOnLocks(m_scene->environment->database()).unlock(SignOnLocks::nameSubject(name));
    QVERIFY(lifted && *lifted);
    if (name != QStringLiteral("nobody"))
        COMPARE_OUTCOME(signOn(name, right), Succeeded);
}

void GuessingTest::aRightOneBeginsAgain()
{
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 4; ++i)
            COMPARE_OUTCOME(signOn(QStringLiteral("zoe"), "guess"), Refused);
        COMPARE_OUTCOME(signOn(QStringLiteral("zoe"), "pw-zoe"), Succeeded);
    }
    QCOMPARE(counted(QStringLiteral("zoe")), 0);
}

void GuessingTest::everyNameOfSomebodyCounts()
{
    COMPARE_OUTCOME(signOn(QStringLiteral("zoe"), "pw-zoe"), Succeeded);
    for (const char *unlinked : {"zoe", "new"}) {
        const QString name = QString::fromLatin1(unlinked);
        for (int i = 0; i < store::kNameLimits.most / 2; ++i) {
            COMPARE_OUTCOME(signOn(name, "guess"), Refused);
            COMPARE_OUTCOME(signOn(name + QStringLiteral("@example.com"), "guess"), Refused);
        }
        const signon::Report locked = signOn(name + QStringLiteral("@EXAMPLE.com"), "pw-" + name.toLatin1());
        COMPARE_OUTCOME(locked, Refused);
        QVERIFY2(locked.reason.contains(QStringLiteral("locked")), qPrintable(locked.reason));
    }
}

void GuessingTest::aSourceIsLocked()
{
    const QString source = QStringLiteral("203.0.113.5");
    auto &database = m_scene->environment->database();
    COMPARE_OUTCOME(signOn(QStringLiteral("somebody"), "guess", source), Refused);
    // The other 98 are the store's test.
    QVERIFY(database.execute("UPDATE signon_guesses SET failures = 99 WHERE subject LIKE 'source %'"));
    COMPARE_OUTCOME(signOn(QStringLiteral("somebody else"), "guess", source), Refused);
    const int before = m_proxy->connections();
    const signon::Report locked = signOn(QStringLiteral("kim"), "pw-kim", source);
    COMPARE_OUTCOME(locked, Refused);
    QVERIFY2(locked.reason.contains(source), qPrintable(locked.reason));
    QCOMPARE(m_proxy->connections(), before);
    COMPARE_OUTCOME(signOn(QStringLiteral("kim"), "pw-kim", QStringLiteral("203.0.113.6")), Succeeded);
}

void GuessingTest::breakingOffIsNoWayAround()
{
    // Whoever breaks off when no success came at once has guessed.
    signon::Request request = m_scene->request(QStringLiteral("zoe"), "guess");
    core::CancelToken cancel;
    StallingProxy::Behaviour slow;
    slow.delayMilliseconds = 100;
    m_proxy->setBehaviour(slow);
    std::thread breaker([&] {
        // The second connection is the one for the password.
        while (m_proxy->connections() < 2 || !m_proxy->fromClient().contains("guess"))
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        cancel.cancel();
    });
    const auto report = signon::Attempt(*m_scene->environment, request, cancel).run();
    breaker.join();
    QVERIFY(!report);
    QCOMPARE(counted(QStringLiteral("zoe")), 1);
}

void GuessingTest::aDirectoryThatIsDownIsNobodysGuess()
{
    m_scene->gateway().serversHostAndPort = {QStringLiteral("127.0.0.1:9")};
    QVERIFY(m_scene->save());
    for (int i = 0; i < 12; ++i) {
        const signon::Report report = signOn(QStringLiteral("zoe"), "pw-zoe");
        COMPARE_OUTCOME(report, Refused);
        QVERIFY(report.error);
    }
    QCOMPARE(counted(QStringLiteral("zoe")), 0);
}

void GuessingTest::simulationsTellAndCountNothing()
{
    for (int i = 0; i < 12; ++i)
        COMPARE_OUTCOME(m_scene->simulate("zoe"), Succeeded);
    for (int i = 0; i < store::kNameLimits.most; ++i)
        COMPARE_OUTCOME(signOn(QStringLiteral("zoe"), "guess"), Refused);
    const signon::Report simulated = m_scene->simulate("zoe");
    COMPARE_OUTCOME(simulated, Refused);
    QVERIFY2(simulated.reason.contains(QStringLiteral("locked")), qPrintable(simulated.reason));
    QVERIFY(simulated.entry);
}

/// The operations that a refusal asked of the directory, as tags of LDAP messages (RFC 4511 4.2, 4.5), in any order.
QStringList GuessingTest::asked(const QString &name, const QByteArray &password)
{
    const qsizetype before = m_proxy->fromClient().size();
    const int connections = m_proxy->connections();
    if (signOn(name, password).outcome != signon::Outcome::Refused)
        return {QStringLiteral("not refused")};
    const QByteArray said = m_proxy->fromClient().mid(before);
    QStringList operations{QStringLiteral("%1 connections").arg(m_proxy->connections() - connections)};
    for (qsizetype at = 0; at + 2 < said.size();) {
        qsizetype length = quint8(said.at(at + 1));
        qsizetype header = 2;
        for (qsizetype more = length >= 0x80 ? length & 0x7f : 0, i = 0; i < more; ++i, ++header)
            length = (i == 0 ? 0 : length << 8) | quint8(said.at(at + 2 + i));
        const qsizetype idLength = quint8(said.at(at + header + 1));
        const quint8 tag = quint8(said.at(at + header + 2 + idLength));
        if (tag != 0x42) // unbind: nobody waits for it
            operations.append(QString::number(tag, 16));
        at += header + length;
    }
    operations.sort();
    return operations;
}

void GuessingTest::knownAndUnknownAskTheSame_data()
{
    QTest::addColumn<bool>("isOurs"); ///< the password authority is PingOne
    QTest::newRow("the directory checks passwords") << false;
    QTest::newRow("the identity directory checks passwords") << true;
}

void GuessingTest::knownAndUnknownAskTheSame()
{
    QFETCH(bool, isOurs);
    for (int i = 0; i < 2; ++i)
        m_scene->userType(i).passwordAuthority = isOurs ? core::PasswordAuthority::PingOne : core::PasswordAuthority::Ldap;
    QVERIFY(m_scene->save());
    COMPARE_OUTCOME(signOn(QStringLiteral("zoe"), "pw-zoe"), Succeeded);
    const QStringList unknown = asked(QStringLiteral("nobody"), "guess");
    QVERIFY2(unknown.count(QStringLiteral("63")) >= 3 && unknown.count(QStringLiteral("60")) == 2, qPrintable(unknown.join(u' ')));
    QCOMPARE(asked(QStringLiteral("zoe"), "guess"), unknown);             // linked
    QCOMPARE(asked(QStringLiteral("zoe@example.com"), "guess").count(QStringLiteral("60")), 2);
    QCOMPARE(asked(QStringLiteral("kim"), "guess"), unknown);             // in the directory, and has never signed on
    for (int i = 0; i < store::kNameLimits.most; ++i) {
        (void)signOn(QStringLiteral("zoe"), "guess");
        (void)signOn(QStringLiteral("nobody"), "guess");
    }
    QCOMPARE(asked(QStringLiteral("zoe"), "guess"), unknown);             // locked
    QCOMPARE(asked(QStringLiteral("nobody"), "guess"), unknown);
}

CONSOLE_TEST(GuessingTest)
#include "tst_guessing.moc"
