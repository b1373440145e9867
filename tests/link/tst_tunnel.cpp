// SPDX-License-Identifier: GPL-3.0-or-later
//
// Streams through a real tunnel: octets, half-close, credit, cuts, stalls; who is let in, whom the client believes,
// where it goes.
#include "tests/link/linkfixture.h"
#include "link/frame.h"
#include "link/messages.h"
#include "tests/support/loopback.h"
#include "tests/support/verify.h"

#include <QCryptographicHash>
#include <QTest>
#include <QWebSocket>

#include <atomic>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;

namespace {

/// Sends back what it gets, and ends when the other side has ended.
class EchoServer {
public:
    EchoServer()
    {
        m_listener.listen();
        m_thread = std::thread([this] {
            while (!m_ending) {
                const int socket = m_listener.accept(20);
                if (socket < 0)
                    continue;
                ++connections;
                m_echoes.emplace_back([this, socket] {
                    std::vector<char> octets(64 * 1024);
                    timeval brief{0, 50'000};
                    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief);
                    while (!m_ending) {
                        const ssize_t got = ::recv(socket, octets.data(), octets.size(), 0);
                        if (got < 0 && (errno == EAGAIN || errno == EINTR))
                            continue;
                        if (got <= 0 || !sendAll(socket, octets.data(), size_t(got)))
                            break;
                    }
                    ::close(socket);
                });
            }
        });
    }
    ~EchoServer()
    {
        m_ending = true;
        m_thread.join();
        for (std::thread &echo : m_echoes)
            echo.join();
    }
    quint16 port() const { return m_listener.port(); }
    std::atomic_int connections{0};

private:
    Listener m_listener;
    std::atomic_bool m_ending{false};
    std::thread m_thread;
    std::vector<std::thread> m_echoes;
};

/// Until the end, or nothing when it does not come in time.
QByteArray readToEnd(int socket, int milliseconds = 5'000)
{
    timeval brief{milliseconds / 1'000, (milliseconds % 1'000) * 1'000};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief);
    QByteArray all;
    std::vector<char> octets(256 * 1024);
    for (;;) {
        const ssize_t got = ::recv(socket, octets.data(), octets.size(), 0);
        if (got == 0)
            return all;
        if (got < 0)
            return {};
        all.append(octets.data(), qsizetype(got));
    }
}

} // namespace

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
        QVERIFY2(taken < 32 * 1024 * 1024, "the tunnel buffers without end");
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
        client->stall(2'500);
        QElapsedTimer timer;
        timer.start();
        // The deadline of a dial holds, and the heartbeat's deadline cuts the link.
        auto request = tunnel.request(echo.port());
        request.allowed = std::chrono::milliseconds(300);
        QCOMPARE(tunnel.endpoint->dial(request).error().code, Code::Timeout);
        QVERIFY(timer.elapsed() < 600);
        QCOMPARE(readToEnd(dialled->socket), QByteArray());
        QVERIFY2(timer.elapsed() < 2'000, "the heartbeat's deadline did not hold");
        ::close(dialled->socket);
        QTRY_COMPARE(tunnel.clients(), 0);
        QTRY_COMPARE(tunnel.clients(), 1);
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

    void garbageEndsTheLinkWithAReason_data()
    {
        QTest::addColumn<bool>("admitted");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, bool admitted, const QByteArray &message, const char *reason) {
            QTest::newRow(name) << admitted << message << QString::fromLatin1(reason);
        };
        using link::encode, link::FrameType;
        row("noise", false, QByteArray(1'000, '\xee'), "no frame of type");
        row("nothing", false, QByteArray(), "too short");
        row("report before hello", false, encode(FrameType::Report, 0, "{}"), "credential must be shown");
        row("hello without credential", false, encode(FrameType::Hello, 0, "{\"protocol\":1}"), "not a gateway credential");
        row("hello that is no JSON", false, encode(FrameType::Hello, 0, "{{"), "no JSON");
        row("data for no stream", true, encode(FrameType::Data, 5, "x"), "never was");
        row("opened for nobody", true, encode(FrameType::Opened, 5), "nobody had asked");
        row("open from a client", true, encode(FrameType::Open, 5, "{}"), "from a client");
        row("report that is no JSON", true, encode(FrameType::Report, 0, "[]"), "no JSON");
        row("too long", true, QByteArray(200'000, '\x13'), "");
    }
    void garbageEndsTheLinkWithAReason()
    {
        QFETCH(bool, admitted);
        QFETCH(QByteArray, message);
        QFETCH(QString, reason);
        Tunnelled tunnel;
        QWebSocket socket;
        connect(&socket, &QWebSocket::sslErrors, &socket, [&] { socket.ignoreSslErrors(); });
        QByteArray bye;
        bool welcome = false;
        connect(&socket, &QWebSocket::binaryMessageReceived, &socket, [&](const QByteArray &got) {
            const auto frame = link::decode(got);
            if (frame && frame->type == link::FrameType::Bye)
                bye = frame->payload.toByteArray();
            welcome = welcome || (frame && frame->type == link::FrameType::Welcome);
        });
        bool connected = false;
        connect(&socket, &QWebSocket::connected, &socket, [&] { connected = true; });
        socket.open(QUrl(QStringLiteral("wss://127.0.0.1:%1").arg(tunnel.port)));
        QTRY_VERIFY(connected);
        if (admitted) {
            socket.sendBinaryMessage(link::encode(link::FrameType::Hello, 0,
                link::print(link::Hello{1, QStringLiteral("4.0.0"), QStringLiteral("x"), QUuid::createUuid(), tunnel.credential}).reveal()));
            QTRY_VERIFY(welcome);
            QTRY_COMPARE(tunnel.clients(), 1);
        }
        socket.sendBinaryMessage(message);
        QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(tunnel.clients(), 0);
        QVERIFY2(QString::fromUtf8(bye).contains(reason), bye.constData());
        // And the endpoint lives on.
        const auto client = tunnel.connectClient({389});
        QTRY_COMPARE(tunnel.clients(), 1);
    }

    void whoSaysNothingIsDropped()
    {
        Tunnelled tunnel;
        const int silent = connectLoopback(tunnel.port);
        QVERIFY(silent >= 0);
        QElapsedTimer timer;
        timer.start();
        (void)readToEnd(silent);
        QVERIFY(timer.elapsed() < 3'000);
        ::close(silent);
    }

    void onePortOneEndpoint()
    {
        Tunnelled tunnel;
        link::Endpoint other;
        const auto busy = other.listen(QStringLiteral("127.0.0.1"), tunnel.port, tunnel.identity);
        QVERIFY(!busy);
        QCOMPARE(busy.error().code, Code::Busy);
        QCOMPARE(other.listen(QStringLiteral("no address"), 0, tunnel.identity).error().code, Code::InvalidInput);
    }

    void identityIsKept()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("e.pem"));
        const auto made = link::ownIdentity(path);
        VERIFY_RESULT(made);
        QCOMPARE(made->sha256.size(), 32);
        QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther), QFile::Permissions());
        const auto again = link::ownIdentity(path);
        VERIFY_RESULT(again);
        QCOMPARE(again->sha256, made->sha256);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::ReadOther);
        QCOMPARE(link::ownIdentity(path).error().code, Code::Denied);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
        VERIFY_RESULT(link::readIdentity(path, path));
        const QString other = folder.filePath(QStringLiteral("other.pem"));
        VERIFY_RESULT(link::ownIdentity(other));
        QCOMPARE(link::readIdentity(path, other).error().code, Code::InvalidInput);
    }
};

QTEST_GUILESS_MAIN(TunnelTest)
#include "tst_tunnel.moc"
