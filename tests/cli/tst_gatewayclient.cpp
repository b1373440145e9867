// SPDX-License-Identifier: GPL-3.0-or-later
//
// The three programs together, each a process of its own: gatehousectl makes a credential, gatehouse-gateway dials out
// with it, and gateway test, plan, apply and serve reach a real directory through it.
#include "tests/cli/office.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QTest>

#include <memory>

using namespace gatehouse::test;

class GatewayClientTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Slapd> m_slapd;

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_slapd = std::make_unique<Slapd>();
        QVERIFY2(m_slapd->load(Slapd::people(200)) && m_slapd->start(), qPrintable(m_slapd->errorText()));
    }

    void testsPlansAndApplies()
    {
        Office office;
        QVERIFY(office.configure(*m_slapd));
        const auto client = startClient(office.command);
        const Printed tested = office.ctl.run({QStringLiteral("--json"), QStringLiteral("gateway"), QStringLiteral("test"), QStringLiteral("Directory")});
        QVERIFY2(tested.exitCode == 0, QByteArray(tested.out + tested.err).constData());
        QVERIFY(tested.out.contains("TLS 1.3"));
        const Printed planned = office.ctl.run({QStringLiteral("--json"), QStringLiteral("plan"), QStringLiteral("People in")});
        QVERIFY2(planned.exitCode == 0, planned.err.constData());
        QCOMPARE(planned.json().value(QStringLiteral("counts")).toObject().value(QStringLiteral("create")).toInt(), 200);
        const Printed applied = office.ctl.run({QStringLiteral("--json"), QStringLiteral("apply"), QStringLiteral("People in")});
        QVERIFY2(applied.exitCode == 0, applied.err.constData());
        const QList<QJsonObject> listed = office.ctl.run({QStringLiteral("--json"), QStringLiteral("gateway"), QStringLiteral("credential"), QStringLiteral("list")}).jsonLines();
        QCOMPARE(listed.size(), 1);
        QVERIFY(!listed.first().value(QStringLiteral("lastUsedAt")).toString().isEmpty());
        QVERIFY(!listed.first().contains(QStringLiteral("credential")));
        const QByteArray log = end(*client);
        QVERIFY2(log.contains("stopping"), log.constData());
        QVERIFY(!log.contains(office.credential.right(30).toLatin1()));
    }

    void noClientIsToldInWords()
    {
        Office office;
        QVERIFY(office.configure(*m_slapd));
        const Printed planned = office.ctl.run({QStringLiteral("--json"), QStringLiteral("plan"), QStringLiteral("People in"), QStringLiteral("--wait"), QStringLiteral("0")});
        QCOMPARE(planned.exitCode, 3);
        QVERIFY2(planned.err.contains("no gateway client is connected") || planned.out.contains("no gateway client is connected"),
                 QByteArray(planned.out + planned.err).constData());
        QCOMPARE(office.ctl.run({QStringLiteral("plan"), QStringLiteral("People in"), QStringLiteral("--wait"), QStringLiteral("soon")}).exitCode, 2);
    }

    void aClientThatMayNotGoThere()
    {
        Office office;
        QVERIFY(office.configure(*m_slapd));
        QStringList elsewhere = office.command;
        elsewhere.replace(elsewhere.indexOf(QStringLiteral("--server")) + 1, QStringLiteral("dc9.example.com:636"));
        const auto client = startClient(elsewhere);
        const Printed tested = office.ctl.run({QStringLiteral("gateway"), QStringLiteral("test"), QStringLiteral("Directory")});
        QCOMPARE(tested.exitCode, 2);
        QVERIFY2(tested.out.contains("not allowed to connect to this server"), tested.out.constData());
        QVERIFY(tested.out.contains("--server"));
        end(*client);
    }

    void refusesToStart()
    {
        Office office;
        QVERIFY(office.configure(*m_slapd));
        QFile::setPermissions(office.ctl.folder.filePath(QStringLiteral("credential")), QFile::ReadOwner | QFile::ReadOther);
        const auto open = startClient(office.command);
        QVERIFY(open->waitForFinished(10'000));
        QCOMPARE(open->exitCode(), 2);
        QVERIFY(open->readAll().contains("chmod 600"));
        const auto nothing = start(QStringLiteral("gatehouse-gateway"), {});
        QVERIFY(nothing->waitForFinished(10'000));
        QCOMPARE(nothing->exitCode(), 2);
        const Printed direct = [&] {
            Ctl ctl;
            ctl.configure(Ctl::configuration(*m_slapd));
            return ctl.run({QStringLiteral("gateway"), QStringLiteral("credential"), QStringLiteral("create"), QStringLiteral("Directory")});
        }();
        QCOMPARE(direct.exitCode, 2);
        QCOMPARE(office.ctl.run({QStringLiteral("gateway"), QStringLiteral("credential"), QStringLiteral("revoke"), QStringLiteral("nonsense")}).exitCode, 2);
    }

    void serves()
    {
        Office office;
        QVERIFY(office.configure(*m_slapd, {{QStringLiteral("everySeconds"), 30}}));
        const auto serve = start(QStringLiteral("gatehousectl"), {QStringLiteral("--environment"), office.ctl.environment, QStringLiteral("serve")});
        QByteArray log;
        QVERIFY2(waitForText(*serve, log, "waits for a client"), log.constData());
        const auto client = startClient(office.command);
        // The rule has waited for the client, and runs as soon as it is there.
        QVERIFY2(waitForText(*serve, log, "create 200"), log.constData());
        const QList<QJsonObject> runs = office.ctl.run({QStringLiteral("--json"), QStringLiteral("run"), QStringLiteral("list")}).jsonLines();
        QCOMPARE(runs.size(), 1);
        // Another command is lent a connection.
        const Printed lent = office.ctl.run({QStringLiteral("plan"), QStringLiteral("People in")});
        QVERIFY2(lent.exitCode == 0 && lent.out.contains("unchanged 200"), QByteArray(lent.out + lent.err).constData());
        // Revoked by another program: the live link is cut.
        QCOMPARE(office.ctl.run({QStringLiteral("gateway"), QStringLiteral("credential"), QStringLiteral("revoke"), office.id}).exitCode, 0);
        QVERIFY2(waitForText(*serve, log, "the credential was revoked"), log.constData());
        const QByteArray rest = end(*serve);
        QVERIFY2(rest.contains("stopped"), rest.constData());
        QVERIFY(!QByteArray(log + rest).contains(office.credential.right(30).toLatin1()));
        const QByteArray said = end(*client);
        QVERIFY2(said.contains("revoked"), said.constData());
    }

    void serveNeedsAnEnvironment()
    {
        Ctl ctl;
        const Printed nowhere = ctl.run({QStringLiteral("serve")});
        QCOMPARE(nowhere.exitCode, 2);
        QVERIFY(!QFile::exists(ctl.environment));
    }
};

CONSOLE_TEST(GatewayClientTest)
#include "tst_gatewayclient.moc"
