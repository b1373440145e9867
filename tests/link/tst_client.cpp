// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a client does with an endpoint that does not behave, and with a network that cuts it off in the middle of a frame
// or goes silent: it ends the link with a reason, goes nowhere it may not, and comes back.
#include "link/frame.h"
#include "link/messages.h"
#include "tests/link/echoserver.h"
#include "tests/link/linkfixture.h"
#include "tests/support/stallingproxy.h"
#include "tests/support/testmain.h"
#include "tests/support/verify.h"

#include <QSslKey>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketServer>

#include <thread>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

/// An endpoint of a test's own making: it welcomes whoever knocks, then says what it is told to.
class RogueEndpoint {
public:
    explicit RogueEndpoint(QByteArray message) : m_server(QString(), QWebSocketServer::SecureMode), m_message(std::move(message))
    {
        identity = *link::ownIdentity(m_folder.filePath(QStringLiteral("endpoint.pem")));
        QSslConfiguration tls;
        tls.setLocalCertificate(QSslCertificate(identity.certificates));
        tls.setPrivateKey(QSslKey(identity.key.reveal(), QSsl::Ec));
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
        m_server.setSslConfiguration(tls);
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QWebSocketServer::newConnection, &m_server, [this] {
            QWebSocket *guest = m_server.nextPendingConnection();
            guest->setParent(&m_server);
            QObject::connect(guest, &QWebSocket::binaryMessageReceived, guest, [this, guest](const QByteArray &got) {
                const auto frame = link::decode(got);
                if (!frame || frame->type != link::FrameType::Hello)
                    return;
                ++hellos;
                guest->sendBinaryMessage(link::encode(link::FrameType::Welcome, 0, link::printWelcome()));
                guest->sendBinaryMessage(m_message);
            });
        });
    }
    quint16 port() const { return m_server.serverPort(); }

    link::TlsIdentity identity;
    int hellos = 0;

private:
    QTemporaryDir m_folder;
    QWebSocketServer m_server;
    QByteArray m_message;
};

} // namespace

/// A client whose way to its endpoint leads over a network that goes wrong; "from the server" is what the endpoint sends.
struct BadNetwork {
    explicit BadNetwork(const StallingProxy::Behaviour &behaviour) : network(tunnel.port, behaviour), client(options()) {}
    link::ClientOptions options()
    {
        auto options = tunnel.options({echo.port()});
        options.port = network.port();
        return options;
    }
    bool isBack() { return client.state().links >= 2 && client.state().isConnected && tunnel.clients() == 1; }

    EchoServer echo;
    Tunnelled tunnel;
    StallingProxy network;
    ClientThread client;
};

/// Sends so many octets and reads what comes back, to its end; closes the socket.
static QByteArray echoOf(int socket, qsizetype octets)
{
    const QByteArray sent(octets, 'x');
    std::thread writer([&] { (void)sendAll(socket, sent.constData(), size_t(sent.size())); });
    const QByteArray back = readToEnd(socket);
    ::shutdown(socket, SHUT_RDWR);
    writer.join();
    ::close(socket);
    return back;
}

class ClientTest : public QObject {
    Q_OBJECT

private slots:
    void garbageEndsTheLinkWithAReason_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QString>("reason"); // empty: none that is ours to choose
        const auto row = [](const char *name, const QByteArray &message, const char *reason) {
            QTest::newRow(name) << message << QString::fromLatin1(reason);
        };
        using link::encode, link::FrameType;
        row("noise", QByteArray(1'000, '\xee'), "no frame of type");
        row("nothing", QByteArray(), "too short");
        row("data for no stream", encode(FrameType::Data, 5, "x"), "never was");
        row("credit for no stream", encode(FrameType::Credit, 5, QByteArray("\0\0\0\1", 4)), "never was");
        row("credit without measure", encode(FrameType::Credit, 5, QByteArray(4, '\x7f')), "a credit of");
        row("open that is no JSON", encode(FrameType::Open, 5, "{{"), "no JSON");
        row("open without a server", encode(FrameType::Open, 5, "{}"), "");
        row("report from an endpoint", encode(FrameType::Report, 0, "{}"), "from an endpoint");
        row("hello from an endpoint", encode(FrameType::Hello, 0, "{}"), "from an endpoint");
        row("too long", QByteArray(200'000, '\x13'), "");
    }
    void garbageEndsTheLinkWithAReason()
    {
        QFETCH(QByteArray, message);
        QFETCH(QString, reason);
        EchoServer echo;
        RogueEndpoint endpoint(message);
        link::ClientOptions options;
        options.host = QStringLiteral("127.0.0.1");
        options.port = endpoint.port();
        options.fingerprint = endpoint.identity.sha256;
        options.credential = makeCredential();
        options.hostName = QStringLiteral("branch-1");
        options.timing = briskTiming();
        options.servers = {{QStringLiteral("127.0.0.1"), echo.port()}};
        ClientThread client(options);
        // Ended, and tried again: the next endpoint may be a better one.
        QTRY_VERIFY(endpoint.hellos >= 2);
        QTRY_VERIFY(!client.state().lastFault.isEmpty());
        QVERIFY2(client.state().lastFault.contains(reason), qPrintable(client.state().lastFault));
        QCOMPARE(echo.connections.load(), 0);
        for (const QString &line : client.log())
            QVERIFY(!line.contains(QStringLiteral("ghc1")));
    }

    void goesNowhereElse()
    {
        // A server of the same machine that the client's own configuration does not name.
        EchoServer forbidden;
        RogueEndpoint endpoint(link::encode(link::FrameType::Open, 1, link::print(link::OpenRequest{QStringLiteral("127.0.0.1"), forbidden.port(), 1'000})));
        link::ClientOptions options;
        options.host = QStringLiteral("127.0.0.1");
        options.port = endpoint.port();
        options.fingerprint = endpoint.identity.sha256;
        options.credential = makeCredential();
        options.timing = briskTiming();
        options.servers = {{QStringLiteral("127.0.0.1"), 1}};
        ClientThread client(options);
        QTRY_VERIFY(client.log().join(u'\n').contains(QStringLiteral("not allowed to connect to this server")));
        QTest::qWait(200);
        QCOMPARE(forbidden.connections.load(), 0);
    }

    void aCutInTheMiddleOfAFrame()
    {
        BadNetwork way({.cutAfter = 100'000});
        QTRY_COMPARE(way.tunnel.clients(), 1);
        const auto dialled = way.tunnel.dial(way.echo.port());
        VERIFY_RESULT(dialled);
        // Less than the whole comes back, and then an end: whoever reads cannot take it for all.
        constexpr qsizetype kSent = 400'000;
        QElapsedTimer timer;
        timer.start();
        const QByteArray back = echoOf(dialled->socket, kSent);
        QVERIFY(timer.elapsed() < 4'000);
        QVERIFY2(back.size() < kSent, qPrintable(QString::number(back.size())));
        // It comes back over the network that has recovered, and everything goes through.
        way.network.setBehaviour({});
        QTRY_VERIFY(way.isBack());
        QTRY_VERIFY(way.tunnel.dial(way.echo.port()).has_value());
    }

    void aNetworkThatGoesSilentIsNoticedOnBothSides()
    {
        BadNetwork way({.stallAfter = 60'000});
        QTRY_COMPARE(way.tunnel.clients(), 1);
        const auto dialled = way.tunnel.dial(way.echo.port());
        VERIFY_RESULT(dialled);
        QElapsedTimer timer;
        timer.start();
        way.network.setBehaviour({}); // for whoever dials in anew
        constexpr qsizetype kSent = 200'000;
        QVERIFY(echoOf(dialled->socket, kSent).size() < kSent);
        QVERIFY2(timer.elapsed() < 4'000, "the silence was not noticed");
        QTRY_VERIFY(way.isBack());
    }
};

CONSOLE_TEST(ClientTest)
#include "tst_client.moc"
