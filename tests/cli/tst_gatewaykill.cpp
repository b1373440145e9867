// SPDX-License-Identifier: GPL-3.0-or-later
//
// SIGKILL while a run goes through gateway clients: for gatehousectl serve, which holds the environment, and for a
// client in the middle of a page. The environment stays sound, nobody is removed, and the next run makes good.
#include "store/database.h"
#include "store/environment.h"
#include "tests/cli/office.h"
#include "tests/support/stallingproxy.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QElapsedTimer>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr int kPeople = 4'000;
const QString kRule = QStringLiteral("People in");
/// The client needs a moment to come to the endpoint of whoever runs it.
const QStringList kApply{QStringLiteral("--json"), QStringLiteral("apply"), kRule, QStringLiteral("--wait"), QStringLiteral("30")};

} // namespace

class GatewayKillTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Slapd> m_slapd;

    static QJsonObject countsOf(const Printed &printed) { return printed.json().value(QStringLiteral("counts")).toObject(); }
    static QList<QJsonObject> runs(const Office &office)
    {
        return office.ctl.run({QStringLiteral("--json"), QStringLiteral("run"), QStringLiteral("list")}).jsonLines();
    }
    /// What SQLite finds wrong with the file; "ok": nothing.
    static QString integrity(const Office &office)
    {
        auto environment = store::Environment::open(office.ctl.environment, store::Environment::Access::ReadOnly);
        if (!environment)
            return environment.error().text();
        for (const char *check : {"PRAGMA foreign_key_check", "PRAGMA integrity_check"}) {
            store::Statement statement = (*environment)->database().prepare(check);
            const auto row = statement.step();
            if (!row)
                return row.error().text();
            if (*row && statement.text(0) != QStringLiteral("ok"))
                return statement.text(0);
        }
        return QStringLiteral("ok");
    }
    /// People, and how many of them may sign on.
    static std::pair<int, int> people(const Office &office)
    {
        int enabled = 0;
        const QList<QJsonObject> all = office.ctl.run({QStringLiteral("--json"), QStringLiteral("user"), QStringLiteral("list")}).jsonLines();
        for (const QJsonObject &user : all)
            enabled += user.value(QStringLiteral("enabled")).toBool();
        return {int(all.size()), enabled};
    }
    static bool waitForOctets(const StallingProxy &proxy, qint64 octets)
    {
        return QTest::qWaitFor([&] { return proxy.fromServer() >= octets; }, 60'000);
    }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_slapd = std::make_unique<Slapd>();
        QVERIFY2(m_slapd->load(Slapd::people(kPeople)) && m_slapd->start(), qPrintable(m_slapd->errorText()));
    }

    void aServerThatIsKilledInItsFirstRun()
    {
        StallingProxy proxy(m_slapd->tlsPort());
        // How many octets a whole run reads.
        qint64 whole = 0;
        {
            Office reference;
            QVERIFY(reference.configure(*m_slapd, {}, {proxy.hostAndPort()}));
            const auto client = startClient(reference.command);
            QCOMPARE(countsOf(reference.ctl.run(kApply)).value(QStringLiteral("create")).toInt(), kPeople);
            whole = proxy.fromServer();
            end(*client);
        }
        int cutShort = 0;
        const QList<int> moments = isLong() ? QList<int>{5, 25, 40, 60, 80, 95, 99} : QList<int>{60};
        for (const int percent : moments) {
            Office office;
            QVERIFY(office.configure(*m_slapd, {{QStringLiteral("everySeconds"), 30}}, {proxy.hostAndPort()}));
            const auto client = startClient(office.command);
            const QStringList serving{QStringLiteral("--environment"), office.ctl.environment, QStringLiteral("serve")};
            const qint64 before = proxy.fromServer();
            const auto serve = start(QStringLiteral("gatehousectl"), serving);
            QVERIFY(waitForOctets(proxy, before + whole * percent / 100));
            serve->kill();
            serve->waitForFinished();

            const QByteArray context = "killed after " + QByteArray::number(percent) + " %";
            QVERIFY2(integrity(office) == QStringLiteral("ok"), QByteArray(context + ": " + integrity(office).toUtf8()).constData());
            const auto [there, enabled] = people(office);
            QVERIFY2(there == enabled && there <= kPeople, context.constData());
            const QList<QJsonObject> open = runs(office);
            QCOMPARE(open.size(), 1);
            cutShort += open.first().value(QStringLiteral("status")).toString() == QStringLiteral("brokenOff");
            // The rule is not locked for ever: the same client comes to the next endpoint, and the rest is made.
            const Printed rest = office.ctl.run(kApply);
            QVERIFY2(rest.exitCode == 0, QByteArray(context + rest.out + rest.err).constData());
            QVERIFY2(client->state() == QProcess::Running, context.constData());
            const std::pair<int, int> everybody(kPeople, kPeople);
            QVERIFY2(people(office) == everybody, context.constData());
            for (const QJsonObject &run : runs(office))
                QVERIFY2(run.value(QStringLiteral("status")).toString() != QStringLiteral("running"), context.constData());
            QCOMPARE(integrity(office), QStringLiteral("ok"));
            end(*client);
        }
        QVERIFY2(cutShort * 2 > moments.size(), "too few runs were still at work when they were killed");
    }

    void aServerThatIsKilledInALaterRunRemovesNobody()
    {
        StallingProxy proxy(m_slapd->tlsPort());
        Office office;
        QVERIFY(office.configure(*m_slapd, {{QStringLiteral("everySeconds"), 30}}, {proxy.hostAndPort()}));
        const auto client = startClient(office.command);
        const QStringList serving{QStringLiteral("--environment"), office.ctl.environment, QStringLiteral("serve")};
        QByteArray log;
        auto serve = start(QStringLiteral("gatehousectl"), serving);
        QVERIFY2(waitForText(*serve, log, "create 4000", 60'000), log.constData());
        // The second run hangs in the middle of a page, and there its server is killed.
        const qint64 before = proxy.fromServer();
        proxy.setBehaviour({.stallAfter = 400'000});
        QVERIFY(waitForOctets(proxy, before + 400'000));
        QCOMPARE(runs(office).first().value(QStringLiteral("status")).toString(), QStringLiteral("running"));
        // While it is alive nobody else may run the rule.
        const Printed held = office.ctl.run({QStringLiteral("apply"), kRule});
        QVERIFY2(held.exitCode == 6 || held.exitCode == 3, held.err.constData());
        serve->kill();
        serve->waitForFinished();
        proxy.setBehaviour({});
        QCOMPARE(integrity(office), QStringLiteral("ok"));
        const std::pair<int, int> everybody(kPeople, kPeople);
        QVERIFY(people(office) == everybody);

        // The schedule goes on with the next server: the lock is free, the client comes back, the run is made again.
        serve = start(QStringLiteral("gatehousectl"), serving);
        log.clear();
        QVERIFY2(waitForText(*serve, log, "succeeded", 60'000), log.constData());
        end(*serve);
        QVERIFY(people(office) == everybody);
        const QList<QJsonObject> all = runs(office); // newest first
        QCOMPARE(all.size(), 3);
        QCOMPARE(all.at(0).value(QStringLiteral("status")).toString(), QStringLiteral("succeeded"));
        QCOMPARE(all.at(0).value(QStringLiteral("counts")).toObject().value(QStringLiteral("unchanged")).toInt(), kPeople);
        QCOMPARE(all.at(1).value(QStringLiteral("status")).toString(), QStringLiteral("brokenOff"));
        const Printed broken = office.ctl.run({QStringLiteral("run"), QStringLiteral("show"), all.at(1).value(QStringLiteral("run")).toString()});
        QVERIFY2(broken.out.contains("broke off"), broken.out.constData());
        const QByteArray said = end(*client);
        QVERIFY2(said.contains("stopping"), said.constData());
    }

    void aClientThatIsKilledInAPageRemovesNobody()
    {
        StallingProxy first(m_slapd->tlsPort());
        StallingProxy second(m_slapd->tlsPort());
        Office office;
        QVERIFY(office.configure(*m_slapd, {}, {first.hostAndPort(), second.hostAndPort()}));
        // Each may go to one server only, and the second comes when the run is under way: so it is known who carries what.
        const auto victim = startClient(office.commandFor(first.hostAndPort()));
        QCOMPARE(countsOf(office.ctl.run(kApply)).value(QStringLiteral("create")).toInt(), kPeople);
        // What the second run would have to do, too: somebody has left, so that there is somebody to disable.
        QVERIFY2(m_slapd->modify("dn: uid=user.7,ou=people,dc=example,dc=com\nchangetype: delete\n"), qPrintable(m_slapd->errorText()));

        const qint64 before = first.fromServer();
        first.setBehaviour({.stallAfter = 400'000});
        const auto run = start(QStringLiteral("gatehousectl"), QStringList{QStringLiteral("--environment"), office.ctl.environment} + kApply);
        QVERIFY(waitForOctets(first, before + 400'000));
        const auto other = startClient(office.commandFor(second.hostAndPort()));
        QByteArray log;
        QVERIFY2(waitForText(*other, log, "connected", 30'000), log.constData());
        QElapsedTimer timer;
        timer.start();
        victim->kill();
        victim->waitForFinished();
        QVERIFY(run->waitForFinished(30'000));
        QVERIFY2(timer.elapsed() < 10'000, "the run waited for a client that is gone");
        QCOMPARE(run->exitCode(), 3);
        const QByteArray said = run->readAll();
        QVERIFY2(said.contains("failed") || said.contains("error"), said.constData());
        QCOMPARE(integrity(office), QStringLiteral("ok"));
        const std::pair<int, int> everybody(kPeople, kPeople);
        QVERIFY(people(office) == everybody);
        QCOMPARE(runs(office).first().value(QStringLiteral("status")).toString(), QStringLiteral("failed"));

        // The next run finds no way to the first server, takes the other client to the second, and does what there is to do.
        const Printed next = office.ctl.run(kApply);
        QVERIFY2(next.exitCode == 0, QByteArray(next.out + next.err).constData());
        QCOMPARE(countsOf(next).value(QStringLiteral("unchanged")).toInt(), kPeople - 1);
        QCOMPARE(countsOf(next).value(QStringLiteral("disable")).toInt(), 1);
        QVERIFY(people(office) == std::pair(kPeople, kPeople - 1));
        QVERIFY(second.fromServer() > 0);
        end(*other);
    }
};

CONSOLE_TEST(GatewayKillTest)
#include "tst_gatewaykill.moc"
