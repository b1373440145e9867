// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a probe gets from a gateway client: UP and DOWN of the servers and of the console, over a bare socket.
#include "gatewayclient/healthserver.h"
#include "gatewayclient/serverwatch.h"
#include "tests/link/linkfixture.h"
#include "tests/support/loopback.h"
#include "tests/support/testmain.h"
#include "tests/support/verify.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

class HealthTest : public QObject {
    Q_OBJECT

    struct Answer {
        int status = 0;
        QJsonObject body;
        QByteArray raw;
    };

    static Answer ask(quint16 port, const QByteArray &request)
    {
        QTcpSocket socket;
        Answer answer;
        socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        socket.write(request);
        // Both sides live in this thread.
        if (!QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::UnconnectedState; }, 4'000))
            return answer;
        answer.raw = socket.readAll();
        answer.status = answer.raw.mid(9, 3).toInt();
        answer.body = QJsonDocument::fromJson(answer.raw.mid(answer.raw.indexOf("\r\n\r\n") + 4)).object();
        return answer;
    }
    static Answer get(quint16 port, const char *path) { return ask(port, QByteArray("GET ") + path + " HTTP/1.1\r\nHost: x\r\n\r\n"); }
    static QString statusOf(const QJsonObject &body) { return body.value(QStringLiteral("status")).toString(); }

private slots:
    void upAndDown()
    {
        Listener server;
        QVERIFY(server.listen());
        Tunnelled tunnel;
        auto options = tunnel.options({server.port()});
        link::Client client(options);
        gatewayclient::ServerWatch watch(options.servers, {std::chrono::milliseconds(100), std::chrono::milliseconds(500)});
        gatewayclient::HealthServer health(client, watch, QStringLiteral("wss://127.0.0.1:1"));
        const auto port = health.listen(0);
        VERIFY_RESULT(port);
        // Nothing has been looked at yet: better DOWN than a guess.
        QCOMPARE(get(*port, "/health").status, 503);
        watch.start();
        client.start();
        QTRY_VERIFY(client.state().isConnected);
        QTRY_VERIFY(watch.states().first().isReachable);
        const Answer up = get(*port, "/health");
        QCOMPARE(up.status, 200);
        QCOMPARE(statusOf(up.body), QStringLiteral("UP"));
        QCOMPARE(up.body.value(QStringLiteral("components")).toObject().size(), 2);
        QCOMPARE(get(*port, "/health/ldap").status, 200);
        QCOMPARE(get(*port, "/health/console?verbose").status, 200);
        QVERIFY(!up.raw.contains(tunnel.credential.text().reveal().right(20)));

        tunnel.endpoint->close();
        QTRY_VERIFY(!client.state().isConnected);
        const Answer down = get(*port, "/health/console");
        QCOMPARE(down.status, 503);
        QCOMPARE(statusOf(down.body), QStringLiteral("DOWN"));
        QVERIFY(!down.body.value(QStringLiteral("details")).toObject().value(QStringLiteral("error")).toString().isEmpty());
        QCOMPARE(get(*port, "/health/ldap").status, 200);
        QCOMPARE(get(*port, "/health").status, 503);
    }

    void aServerThatIsGone()
    {
        Tunnelled tunnel;
        auto options = tunnel.options({1});
        link::Client client(options);
        gatewayclient::ServerWatch watch(options.servers, {std::chrono::milliseconds(100), std::chrono::milliseconds(300)});
        gatewayclient::HealthServer health(client, watch, QStringLiteral("wss://127.0.0.1:1"));
        const auto port = health.listen(0);
        VERIFY_RESULT(port);
        int looks = 0;
        connect(&watch, &gatewayclient::ServerWatch::looked, this, [&] { ++looks; });
        watch.start();
        QTRY_VERIFY(looks >= 2);
        const Answer down = get(*port, "/health/ldap");
        QCOMPARE(down.status, 503);
        const QJsonObject server = down.body.value(QStringLiteral("details")).toObject().value(QStringLiteral("127.0.0.1:1")).toObject();
        QCOMPARE(statusOf(server), QStringLiteral("DOWN"));
        QVERIFY(!server.value(QStringLiteral("error")).toString().isEmpty());
        QVERIFY(!watch.states().first().isReachable);
    }

    void takesNothingElse()
    {
        Tunnelled tunnel;
        auto options = tunnel.options({1});
        link::Client client(options);
        gatewayclient::ServerWatch watch(options.servers);
        gatewayclient::HealthServer health(client, watch, QStringLiteral("wss://127.0.0.1:1"));
        const auto port = health.listen(0);
        VERIFY_RESULT(port);
        QCOMPARE(get(*port, "/secrets").status, 404);
        QCOMPARE(ask(*port, "POST /health HTTP/1.1\r\n\r\n").status, 405);
        const Answer head = ask(*port, "HEAD /health HTTP/1.1\r\n\r\n");
        QCOMPARE(head.status, 503);
        QVERIFY(head.raw.endsWith("\r\n\r\n"));
        QCOMPARE(ask(*port, QByteArray(100'000, 'x')).status, 0);
        QCOMPARE(ask(*port, "GET /health").status, 0); // never ends, so it is dropped
        QCOMPARE(get(*port, "/health").status, 503);
        gatewayclient::HealthServer second(client, watch, QStringLiteral("wss://127.0.0.1:1"));
        QCOMPARE(second.listen(*port).error().code, core::Code::Busy);
    }
};

CONSOLE_TEST(HealthTest)
#include "tst_health.moc"
