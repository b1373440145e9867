// SPDX-License-Identifier: GPL-3.0-or-later
//
// Streams through a real tunnel: octets, half-close, credit, cuts, stalls; who is let in, whom the client believes,
// where it goes.
#include "tests/link/echoserver.h"
#include "tests/link/linkfixture.h"
#include "tests/support/testmain.h"
#include "tests/support/verify.h"

#include <QTest>

#include <thread>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;

class TunnelTest : public QObject {
    Q_OBJECT

private slots:
    void carriesOctets()
    {
        EchoServer echo;
        Tunnelled tunnel;
        QVERIFY(tunnel.port != 0);
        const auto client = tunnel.connectClient({echo.port()});
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto dialled = tunnel.dial(echo.port());
        VERIFY_RESULT(dialled);
        QCOMPARE(dialled->address, QStringLiteral("127.0.0.1"));
        QVERIFY(dialled->by.contains(QStringLiteral("branch-1")));
        // Far more than windows and buffers hold, so that credit goes to and fro; and an end that comes through.
        QByteArray sent(24 * 1024 * 1024, Qt::Uninitialized);
        for (qsizetype i = 0; i < sent.size(); ++i)
            sent[i] = char((i * 131 + (i >> 9)) & 0xff);
        std::thread writer([&] {
            sendAll(dialled->socket, sent.constData(), size_t(sent.size()));
            ::shutdown(dialled->socket, SHUT_WR);
        });
        const QByteArray back = readToEnd(dialled->socket);
        writer.join();
        ::close(dialled->socket);
        QCOMPARE(back.size(), sent.size());
        QVERIFY(back == sent);
        QTRY_COMPARE(client->state().streams, 0);
    }

    void streamsDoNotWaitForEachOther()
    {
        EchoServer echo;
        Tunnelled tunnel;
        const auto client = tunnel.connectClient({echo.port()});
        QTRY_COMPARE(tunnel.clients(), 1);
        // One whose answers nobody takes fills its window and then waits, alone.
        const auto lazy = tunnel.dial(echo.port());
        VERIFY_RESULT(lazy);
        const QByteArray flood(16 * 1024, 'f');
        ::fcntl(lazy->socket, F_SETFL, O_NONBLOCK);
        QElapsedTimer timer;
        timer.start();
        qint64 taken = 0;
        for (qint64 quietSince = 0; timer.elapsed() - quietSince < 200 && timer.elapsed() < 5'000;) {
            const ssize_t put = ::send(lazy->socket, flood.constData(), size_t(flood.size()), MSG_NOSIGNAL);
            if (put > 0) {
                taken += put;
                quietSince = timer.elapsed();
            }
        }
        // The kernel's buffers of four sockets may hold some 30 MB; without a bound it would be hundreds.
        QVERIFY2(taken < 64 * 1024 * 1024, "the tunnel buffers without end");
        for (int i = 0; i < 5; ++i) {
            const auto brisk = tunnel.dial(echo.port());
            VERIFY_RESULT(brisk);
            QVERIFY(sendAll(brisk->socket, "hello", 5));
            ::shutdown(brisk->socket, SHUT_WR);
            QCOMPARE(readToEnd(brisk->socket), QByteArray("hello"));
            ::close(brisk->socket);
        }
        ::close(lazy->socket);
        QCOMPARE(client->state().links, 1);
    }

    void tellsWhyAServerCannotBeReached()
    {
        EchoServer echo;
        Tunnelled tunnel;
        const auto client = tunnel.connectClient({echo.port(), 1});
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto closed = tunnel.dial(1);
        QVERIFY(!closed);
        QCOMPARE(closed.error().code, Code::Unreachable);
        QVERIFY(closed.error().detail.contains(QStringLiteral("branch-1")));
        auto elsewhere = tunnel.request(echo.port());
        elsewhere.host = QStringLiteral("127.0.0.2"); // the same server, by a name that is not allowed
        for (const auto &refused : {tunnel.dial(quint16(echo.port() ^ 1)), tunnel.endpoint->dial(elsewhere)}) {
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, Code::Denied);
            QVERIFY(refused.error().detail.contains(QStringLiteral("--server")));
        }
        QCOMPARE(echo.connections.load(), 0);
        VERIFY_RESULT(tunnel.dial(echo.port()));
    }

    void noClient()
    {
        Tunnelled tunnel;
        const auto refused = tunnel.dial(389);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Code::Unreachable);
        // With patience one that comes in time will do.
        EchoServer echo;
        auto request = tunnel.request(echo.port());
        request.patience = std::chrono::milliseconds(5'000);
        std::unique_ptr<ClientThread> client;
        std::thread late([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(150));
            client = tunnel.connectClient({echo.port()});
        });
        const auto dialled = tunnel.endpoint->dial(request);
        late.join();
        VERIFY_RESULT(dialled);
        ::close(dialled->socket);
        // And a cancel ends the wait.
        Tunnelled lonely;
        auto patient = lonely.request(389);
        patient.patience = std::chrono::milliseconds(20'000);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(lonely.endpoint->dial(patient, [&] { return timer.elapsed() > 100; }).error().code, Code::Cancelled);
        QVERIFY(timer.elapsed() < 2'000);
    }

    void onlyTheRightEndpointIsBelieved()
    {
        Tunnelled tunnel;
        auto options = tunnel.options({389});
        options.fingerprint[5] = char(options.fingerprint.at(5) ^ 1);
        ClientThread wrong(options);
        QTRY_VERIFY(wrong.state().attempts >= 2);
        QVERIFY2(wrong.state().lastFault.contains(QStringLiteral("fingerprint")), qPrintable(wrong.state().lastFault));
        QCOMPARE(tunnel.clients(), 0);
        // Without a fingerprint the chain counts, and a self-made certificate has none.
        options.fingerprint.clear();
        ClientThread byChain(options);
        QTRY_VERIFY(byChain.state().attempts >= 2);
        QVERIFY2(byChain.state().lastFault.contains(QStringLiteral("certificate")), qPrintable(byChain.state().lastFault));
        QCOMPARE(tunnel.clients(), 0);
    }

    void unknownCredentialsAreRefused()
    {
        Tunnelled tunnel;
        auto options = tunnel.options({389});
        options.credential.secret = makeCredential().secret; // the right id
        ClientThread forged(options);
        QTRY_VERIFY2(forged.state().lastFault.contains(QStringLiteral("credential")), qPrintable(forged.state().lastFault));
        options.credential = makeCredential();
        ClientThread unknown(options);
        QTRY_VERIFY2(unknown.state().lastFault.contains(QStringLiteral("credential")), qPrintable(unknown.state().lastFault));
        QCOMPARE(tunnel.clients(), 0);
        for (const QString &line : forged.log() + unknown.log())
            QVERIFY(!line.contains(QStringLiteral("ghc1")));
    }

    void revokingCutsTheLiveLink()
    {
        EchoServer echo;
        Tunnelled tunnel;
        const auto client = tunnel.connectClient({echo.port()});
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto dialled = tunnel.dial(echo.port());
        VERIFY_RESULT(dialled);
        QElapsedTimer timer;
        timer.start();
        tunnel.endpoint->setAdmissions({});
        QCOMPARE(readToEnd(dialled->socket), QByteArray());
        QVERIFY(timer.elapsed() < 1'000);
        ::close(dialled->socket);
        QTRY_COMPARE(tunnel.clients(), 0);
        QTRY_VERIFY(client->state().lastFault.contains(QStringLiteral("credential")));
        QCOMPARE(client->state().links, 1);
        // Until it is admitted again.
        tunnel.admit();
        QTRY_COMPARE(tunnel.clients(), 1);
    }

    void aLostClientIsNoticedAndComesBack()
    {
        EchoServer echo;
        Tunnelled tunnel;
        auto client = tunnel.connectClient({echo.port()});
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto dialled = tunnel.dial(echo.port());
        VERIFY_RESULT(dialled);
        client->end();
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(readToEnd(dialled->socket), QByteArray());
        QVERIFY(timer.elapsed() < 2'000);
        ::close(dialled->socket);
        QTRY_COMPARE(tunnel.clients(), 0);
        client = tunnel.connectClient({echo.port()});
        QTRY_COMPARE(tunnel.clients(), 1);
        // The endpoint goes and comes back on its port: the client finds it.
        tunnel.endpoint->close();
        QTRY_VERIFY(!client->isConnected());
        QTRY_VERIFY(client->state().attempts >= 3); // nobody listens there
        VERIFY_RESULT(tunnel.endpoint->listen(QStringLiteral("127.0.0.1"), tunnel.port, tunnel.identity));
        QTRY_COMPARE(tunnel.clients(), 1);
        QCOMPARE(client->state().links, 2);
    }

    void aStalledClientIsCut()
    {
        EchoServer echo;
        Tunnelled tunnel;
        const auto client = tunnel.connectClient({echo.port()});
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto dialled = tunnel.dial(echo.port());
        VERIFY_RESULT(dialled);
        client->stall(3'000);
        QElapsedTimer timer;
        timer.start();
        // The deadline of a dial holds, and the heartbeat's deadline cuts the link.
        auto request = tunnel.request(echo.port());
        request.allowed = std::chrono::milliseconds(300);
        QCOMPARE(tunnel.endpoint->dial(request).error().code, Code::Timeout);
        QVERIFY(timer.elapsed() < 600);
        QCOMPARE(readToEnd(dialled->socket), QByteArray());
        QVERIFY2(timer.elapsed() < 2'700, "the heartbeat's deadline did not hold");
        ::close(dialled->socket);
        QTRY_COMPARE(tunnel.clients(), 0);
        QTRY_COMPARE(tunnel.clients(), 1);
    }

    void aStalledClientLeavesTheRestToAnother()
    {
        EchoServer echo;
        Tunnelled tunnel;
        const auto stalled = tunnel.connectClient({echo.port()});
        const auto brisk = tunnel.connectClient({echo.port()});
        QTRY_COMPARE(tunnel.clients(), 2);
        stalled->stall(2'500);
        auto request = tunnel.request(echo.port());
        request.allowed = std::chrono::milliseconds(1'000);
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 3; ++i) {
            const auto dialled = tunnel.endpoint->dial(request);
            VERIFY_RESULT(dialled);
            ::close(dialled->socket);
        }
        QVERIFY(timer.elapsed() < 2'300);
        QTRY_COMPARE(tunnel.clients(), 1);
        QTRY_COMPARE(tunnel.clients(), 2);
    }

    void loadIsSharedAndFailsOver()
    {
        EchoServer echo;
        Tunnelled tunnel;
        auto first = tunnel.connectClient({echo.port()});
        auto second = tunnel.connectClient({echo.port()});
        QTRY_COMPARE(tunnel.clients(), 2);
        std::vector<int> sockets;
        for (int i = 0; i < 8; ++i) {
            const auto dialled = tunnel.dial(echo.port());
            VERIFY_RESULT(dialled);
            sockets.push_back(dialled->socket);
        }
        QTRY_COMPARE(first->state().streams + second->state().streams, 8);
        QVERIFY2(first->state().streams >= 2 && second->state().streams >= 2, "one client got nearly all the load");
        for (const int socket : sockets)
            ::close(socket);
        // One that may not go there leaves it to the other, whoever is asked first.
        auto third = tunnel.connectClient({1});
        QTRY_COMPARE(tunnel.clients(), 3);
        second->end();
        QTRY_COMPARE(tunnel.clients(), 2);
        for (int i = 0; i < 4; ++i) {
            const auto dialled = tunnel.dial(echo.port());
            VERIFY_RESULT(dialled);
            ::close(dialled->socket);
        }
    }

    void onlyFaultsAreErrors()
    {
        EchoServer echo;
        Tunnelled tunnel;
        const auto client = tunnel.connectClient({echo.port(), 1});
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto errors = [&] { return tunnel.endpoint->instances().value(0).errors; };
        // A search that was cancelled: the session closes its end with answers unread.
        for (int i = 0; i < 5; ++i) {
            const auto dialled = tunnel.dial(echo.port());
            VERIFY_RESULT(dialled);
            char first = 0;
            QVERIFY(sendAll(dialled->socket, "many answers", 12) && receiveAll(dialled->socket, &first, 1));
            ::close(dialled->socket);
        }
        QTRY_COMPARE(client->state().streams, 0);
        QTest::qWait(300);
        QCOMPARE(errors(), 0);
        // A server that does not answer is one.
        QVERIFY(!tunnel.dial(1));
        QTRY_COMPARE(errors(), 1);
    }

    void instancesAreShown()
    {
        EchoServer echo;
        Tunnelled tunnel;
        auto options = tunnel.options({echo.port()});
        options.version = QStringLiteral("2.3.2");
        ClientThread old(options);
        QTRY_COMPARE(tunnel.clients(), 1);
        const auto tooOld = tunnel.dial(echo.port());
        QVERIFY(!tooOld);
        QCOMPARE(tooOld.error().code, Code::Unsupported);
        QVERIFY(tooOld.error().detail.contains(QStringLiteral("2.3.3")));
        auto lookup = tunnel.request(echo.port());
        lookup.need = link::Need::Lookup;
        const auto dialled = tunnel.endpoint->dial(lookup);
        VERIFY_RESULT(dialled);
        for (int i = 0; i < 20; ++i) {
            char back = 0;
            QVERIFY(sendAll(dialled->socket, "x", 1) && receiveAll(dialled->socket, &back, 1));
        }
        const auto seen = [&] { return tunnel.endpoint->instances().value(0); };
        QTRY_VERIFY(seen().operationsPerSecond > 0);
        QVERIFY(seen().responseTimeMilliseconds > 0 || seen().roundTripMilliseconds >= 0);
        QCOMPARE(seen().hostName, QStringLiteral("branch-1"));
        QCOMPARE(seen().version, QStringLiteral("2.3.2"));
        QCOMPARE(seen().updateStatus, link::UpdateStatus::UpgradeRequired);
        QCOMPARE(seen().gateway, tunnel.gateway);
        QCOMPARE(seen().credential, tunnel.credential.id);
        QCOMPARE(seen().streams, 1);
        QVERIFY(seen().connectedAt.isValid());
        QCOMPARE(seen().health, link::Health::Healthy);
        old.setServerStates({{QStringLiteral("a:1"), true, {}}, {QStringLiteral("b:2"), false, QStringLiteral("refused")}});
        QTRY_COMPARE(seen().health, link::Health::Degraded);
        QCOMPARE(seen().currentErrors, QStringList{QStringLiteral("b:2: refused")});
        old.setServerStates({{QStringLiteral("b:2"), false, QStringLiteral("refused")}});
        QTRY_COMPARE(seen().health, link::Health::Unhealthy);
        ::close(dialled->socket);
        QTRY_COMPARE(seen().streams, 0);
    }
};

CONSOLE_TEST(TunnelTest)
#include "tst_tunnel.moc"
