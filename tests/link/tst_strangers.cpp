// SPDX-License-Identifier: GPL-3.0-or-later
//
// Those who come to an endpoint's door without a credential, in numbers: what they are answered, what they cost, and that
// a real client gets in all the same. And clients that were let in and then send without measure.
#include "link/knockers_p.h"
#include "tests/link/echoserver.h"
#include "tests/link/stranger.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <sys/resource.h>

using namespace gatehouse;
using namespace gatehouse::test;
using link::encode, link::FrameType, link::Knockers;
using std::chrono::milliseconds;

namespace {

double residentMegabytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toDouble() * 4096 / 1e6 : 0;
}

QHostAddress addressOf(const char *text)
{
    return QHostAddress(QString::fromLatin1(text));
}

} // namespace

class StrangersTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void whoGoesForWhom();
    void manyAddresses();
    void aWholeNetworkIsOneAddress();
    void nothingButAHelloIsAnswered_data();
    void nothingButAHelloIsAnswered();
    void silentSocketsKeepNobodyOut();
    void securedSocketsKeepNobodyOut();
    void slowHandshakesEnd();
    void floodsCostLittle_data();
    void floodsCostLittle();
    void aFewPingsAreAnswered();
    void longHeadsEnd();
};

void StrangersTest::initTestCase()
{
    rlimit descriptors{};
    getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = std::min<rlim_t>(descriptors.rlim_max, 4'096);
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &descriptors), 0);
}

void StrangersTest::whoGoesForWhom()
{
    Knockers knockers;
    const auto start = Knockers::Time::clock::now();
    const QHostAddress here = addressOf("192.0.2.1");
    for (int i = 1; i <= link::kMaxKnockingOfAddress; ++i) {
        QVERIFY(!knockers.toMakeRoomFor(here, start));
        knockers.add(quint64(i), here, start + milliseconds(i));
    }
    // All are new: the oldest goes. Later the oldest that has said nothing does.
    QCOMPARE(knockers.toMakeRoomFor(here, start + milliseconds(500)), std::optional<quint64>(1));
    knockers.hasSpoken(1);
    knockers.hasSpoken(2);
    QCOMPARE(knockers.toMakeRoomFor(here, start + milliseconds(5'000)), std::optional<quint64>(3));
    // Another address has room of its own.
    QVERIFY(!knockers.toMakeRoomFor(addressOf("192.0.2.2"), start));
    knockers.remove(3);
    QVERIFY(!knockers.toMakeRoomFor(here, start + milliseconds(5'000)));
    QCOMPARE(knockers.overdue(start + milliseconds(1'005), milliseconds(1'000)), QList<quint64>({1, 2, 4}));
}

void StrangersTest::manyAddresses()
{
    Knockers knockers;
    const auto start = Knockers::Time::clock::now();
    quint64 number = 0;
    // One has more than the others, and the table is full.
    for (int i = 0; i < 10; ++i)
        knockers.add(++number, addressOf("198.51.100.7"), start);
    while (knockers.size() < link::kMaxKnocking) {
        ++number;
        knockers.add(number, QHostAddress(quint32(0x0a000000 + number)), start);
    }
    QCOMPARE(knockers.toMakeRoomFor(addressOf("192.0.2.9"), start + milliseconds(2'000)), std::optional<quint64>(1));
}

void StrangersTest::aWholeNetworkIsOneAddress()
{
    QCOMPARE(Knockers::placeOf(addressOf("2001:db8::1")), Knockers::placeOf(addressOf("2001:db8::ffff:2")));
    QVERIFY(Knockers::placeOf(addressOf("2001:db8:0:1::1")) != Knockers::placeOf(addressOf("2001:db8::1")));
    QCOMPARE(Knockers::placeOf(addressOf("::ffff:192.0.2.1")), Knockers::placeOf(addressOf("192.0.2.1")));
}

void StrangersTest::nothingButAHelloIsAnswered_data()
{
    QTest::addColumn<QByteArray>("sent");
    const auto binary = [](FrameType type, quint32 stream, const QByteArray &payload) {
        return Stranger::webSocketFrame(2, encode(type, stream, payload));
    };
    QTest::newRow("ping") << binary(FrameType::Ping, 0, "12345678");
    QTest::newRow("pong") << binary(FrameType::Pong, 0, "12345678");
    QTest::newRow("report") << binary(FrameType::Report, 0, "{}");
    QTest::newRow("bye") << binary(FrameType::Bye, 0, "x");
    QTest::newRow("open") << binary(FrameType::Open, 1, "{}");
    QTest::newRow("data") << binary(FrameType::Data, 1, "x");
    QTest::newRow("credit") << binary(FrameType::Credit, 1, QByteArray("\0\0\0\1", 4));
    QTest::newRow("welcome") << binary(FrameType::Welcome, 0, "{\"protocol\":1}");
    QTest::newRow("no frame") << Stranger::webSocketFrame(2, "\xee\xee");
    QTest::newRow("text") << Stranger::webSocketFrame(1, "hi");
    QTest::newRow("a WebSocket ping") << Stranger::webSocketFrame(9, "are you there?");
    QTest::newRow("WebSocket pings") << Stranger::webSocketFrame(9, QByteArray(125, 'p')).repeated(1'000);
    QTest::newRow("an empty WebSocket ping") << Stranger::webSocketFrame(9, {});
}

void StrangersTest::nothingButAHelloIsAnswered()
{
    QFETCH(QByteArray, sent);
    Tunnelled tunnel;
    Stranger stranger;
    QVERIFY(stranger.secure(tunnel.port));
    QVERIFY(stranger.upgrade());
    stranger.socket.write(sent);
    QCOMPARE(stranger.toEnd().toHex(), QByteArray());
    QVERIFY(stranger.isCut());
    QCOMPARE(tunnel.clients(), 0);
}

void StrangersTest::silentSocketsKeepNobodyOut()
{
    // Each is opened again as soon as it is cut, and there are more than the door holds.
    Tunnelled tunnel;
    std::atomic_bool isEnding = false;
    std::atomic_int opened = 0;
    std::vector<std::thread> knockers;
    constexpr int kSockets = 400;
    knockers.emplace_back([&] {
        std::vector<int> sockets(kSockets, -1);
        while (!isEnding) {
            for (int &socket : sockets) {
                char octet = 0;
                if (socket >= 0 && ::recv(socket, &octet, 1, MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
                    continue;
                if (socket >= 0)
                    ::close(socket);
                socket = connectLoopback(tunnel.port);
                opened += socket >= 0 ? 1 : 0;
            }
            std::this_thread::sleep_for(milliseconds(10));
        }
        for (const int socket : sockets)
            ::close(socket);
    });
    QTRY_VERIFY(opened >= kSockets);
    for (int i = 0; i < 5; ++i) {
        const auto client = tunnel.connectClient({389});
        QTRY_COMPARE(tunnel.clients(), 1);
        client->end();
        QTRY_COMPARE(tunnel.clients(), 0);
    }
    isEnding = true;
    knockers.front().join();
}

void StrangersTest::securedSocketsKeepNobodyOut()
{
    // As many as one address may have, in TLS and WebSocket, and then silent.
    Tunnelled tunnel;
    std::vector<std::unique_ptr<Stranger>> strangers;
    for (int i = 0; i < link::kMaxKnockingOfAddress + 4; ++i) {
        strangers.push_back(std::make_unique<Stranger>());
        QVERIFY(strangers.back()->secure(tunnel.port));
        if (i % 2 == 0)
            QVERIFY(strangers.back()->upgrade());
    }
    const auto client = tunnel.connectClient({389});
    QTRY_COMPARE(tunnel.clients(), 1);
    // Their time ends, its does not.
    for (const auto &stranger : strangers)
        QCOMPARE(stranger->toEnd(), QByteArray());
    QCOMPARE(tunnel.clients(), 1);
    QVERIFY(client->isConnected());
}

void StrangersTest::slowHandshakesEnd()
{
    Tunnelled tunnel;
    // The beginning of a ClientHello of 512 octets, and then one octet now and then.
    const int slow = connectLoopback(tunnel.port);
    QVERIFY(slow >= 0);
    const QByteArray begin = QByteArray::fromHex("1603010200010001fc0303");
    QCOMPARE(::send(slow, begin.constData(), size_t(begin.size()), MSG_NOSIGNAL), begin.size());
    QElapsedTimer timer;
    timer.start();
    char octet = 'x';
    while (timer.elapsed() < 10'000 && ::send(slow, &octet, 1, MSG_NOSIGNAL) == 1)
        QTest::qWait(100);
    QVERIFY2(timer.elapsed() < 6'000, QByteArray::number(timer.elapsed()).constData());
    ::close(slow);
    const auto client = tunnel.connectClient({389});
    QTRY_COMPARE(tunnel.clients(), 1);
}

void StrangersTest::floodsCostLittle_data()
{
    QTest::addColumn<bool>("isLetIn");
    QTest::addColumn<QByteArray>("frame");
    const QByteArray webSocketPing = Stranger::webSocketFrame(9, QByteArray(125, 'p'));
    const QByteArray ping = Stranger::webSocketFrame(2, encode(FrameType::Ping, 0, "12345678"));
    const QByteArray begun = QByteArray("\x00\x80\x00\x00\x00\x00", 6); // an empty continuation
    QTest::newRow("WebSocket pings of a stranger") << false << webSocketPing;
    QTest::newRow("pings of a stranger") << false << ping;
    QTest::newRow("pieces of nothing of a stranger") << false << begun;
    QTest::newRow("WebSocket pings of a client") << true << webSocketPing;
    QTest::newRow("pings of a client") << true << ping;
}

void StrangersTest::floodsCostLittle()
{
    QFETCH(bool, isLetIn);
    QFETCH(QByteArray, frame);
    Tunnelled tunnel;
    Stranger stranger;
    QVERIFY(stranger.secure(tunnel.port));
    QVERIFY(stranger.upgrade());
    if (isLetIn)
        QVERIFY(stranger.greet(tunnel.credential));
    const double before = residentMegabytes();
    const double sent = stranger.flood(frame, 4'000);
    const double grown = residentMegabytes() - before;
    QVERIFY2(grown < 40, qPrintable(QStringLiteral("%1 MB sent, %2 MB grown").arg(sent).arg(grown)));
    QVERIFY2(stranger.isCut(), qPrintable(QStringLiteral("%1 MB sent").arg(sent)));
    const auto client = tunnel.connectClient({389});
    QTRY_COMPARE(tunnel.clients(), 1);
}

void StrangersTest::aFewPingsAreAnswered()
{
    Tunnelled tunnel;
    Stranger client;
    QVERIFY(client.secure(tunnel.port));
    QVERIFY(client.upgrade());
    QVERIFY(client.greet(tunnel.credential));
    const QByteArray pong("\x8a\x0e" "are you there?", 16);
    client.socket.write(Stranger::webSocketFrame(9, "are you there?").repeated(5));
    QByteArray got;
    QTRY_VERIFY((client.socket.waitForReadyRead(20), got += client.socket.readAll(), got.count(pong) == 5));
    // And what else is sent stays whole: frames after the pongs are frames.
    const QByteArray stamped = encode(FrameType::Pong, 0, "12345678");
    client.socket.write(Stranger::webSocketFrame(9, "x").repeated(1'000) + Stranger::webSocketFrame(2, encode(FrameType::Ping, 0, "12345678")));
    got.clear();
    QTRY_VERIFY((client.socket.waitForReadyRead(20), got += client.socket.readAll(), got.contains(stamped)));
    QVERIFY2(got.count("\x8a\x01x") <= link::kMaxPongs, QByteArray::number(got.count("\x8a\x01x")).constData());
    QCOMPARE(tunnel.clients(), 1);
}

void StrangersTest::longHeadsEnd()
{
    Tunnelled tunnel;
    Stranger stranger;
    QVERIFY(stranger.secure(tunnel.port));
    stranger.socket.write("GET / HTTP/1.1\r\n");
    const double before = residentMegabytes();
    stranger.flood("X: " + QByteArray(8'000, 'a') + "\r\n", 8'000);
    QVERIFY(stranger.isCut());
    QVERIFY(residentMegabytes() - before < 40);
}

CONSOLE_TEST(StrangersTest)
#include "tst_strangers.moc"
