// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an endpoint does with those who do not behave: garbage, silence, a port that is taken; and how it keeps its
// certificate.
#include "link/frame.h"
#include "link/messages.h"
#include "tests/link/echoserver.h"
#include "tests/link/linkfixture.h"
#include "tests/support/authority.h"
#include "tests/support/testmain.h"
#include "tests/support/verify.h"

#include <QTest>
#include <QWebSocket>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;

class EndpointTest : public QObject {
    Q_OBJECT

private slots:
    void garbageEndsTheLinkWithAReason_data()
    {
        QTest::addColumn<bool>("admitted");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, bool admitted, const QByteArray &message, const char *reason) {
            QTest::newRow(name) << admitted << message << QString::fromLatin1(reason);
        };
        using link::encode, link::FrameType;
        row("noise", true, QByteArray(1'000, '\xee'), "no frame of type");
        row("nothing", true, QByteArray(), "too short");
        // A stranger is told nothing.
        row("noise before hello", false, QByteArray(1'000, '\xee'), "");
        row("nothing before hello", false, QByteArray(), "");
        row("report before hello", false, encode(FrameType::Report, 0, "{}"), "");
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
        QCOMPARE(bye.isEmpty(), reason.isEmpty());
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

    void aCertificateFromAnAuthority()
    {
        QTemporaryDir folder;
        Authority authority(folder.path());
        const CertificateFiles good = authority.issue(QStringLiteral("good"));
        QFile::setPermissions(good.key, QFile::ReadOwner | QFile::WriteOwner);
        Tunnelled tunnel(good.certificate, good.key);
        QVERIFY2(tunnel.port != 0, qPrintable(authority.errorText()));
        auto options = tunnel.options({389});
        options.fingerprint.clear();
        options.caFile = authority.caFile();
        ClientThread byChain(options);
        QTRY_COMPARE(tunnel.clients(), 1);
        // The fingerprint alone will do, too, and a wrong one is refused for all the good chain.
        ClientThread byFingerprint(tunnel.options({389}));
        QTRY_COMPARE(tunnel.clients(), 2);
        options.fingerprint = QByteArray(32, '\x01');
        ClientThread wrong(options);
        QTRY_VERIFY2(wrong.state().lastFault.contains(QStringLiteral("fingerprint")), qPrintable(wrong.state().lastFault));
        QCOMPARE(tunnel.clients(), 2);

        CertificateRequest elsewhere;
        elsewhere.names = {QStringLiteral("DNS:other.example.com")};
        const CertificateFiles other = authority.issue(QStringLiteral("other"), elsewhere);
        QFile::setPermissions(other.key, QFile::ReadOwner | QFile::WriteOwner);
        Tunnelled misnamed(other.certificate, other.key);
        QVERIFY(misnamed.port != 0);
        auto strict = misnamed.options({389});
        strict.fingerprint.clear();
        strict.caFile = authority.caFile();
        ClientThread refused(strict);
        QTRY_VERIFY2(refused.state().lastFault.contains(QStringLiteral("certificate is refused")), qPrintable(refused.state().lastFault));
        QCOMPARE(misnamed.clients(), 0);
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

CONSOLE_TEST(EndpointTest)
#include "tst_endpoint.moc"
