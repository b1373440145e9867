// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frames and messages: what is written is read, and whatever comes is either a frame within its limits or an error.
#include "link/frame.h"
#include "link/limits.h"
#include "link/messages.h"
#include "link/versions.h"
#include "tests/support/testmain.h"
#include "tests/support/verify.h"

#include <QTest>

#include <rapidcheck.h>

using namespace gatehouse;
using namespace gatehouse::link;

class FrameTest : public QObject {
    Q_OBJECT

    static QByteArray octets(const std::vector<unsigned char> &from)
    {
        return QByteArray(reinterpret_cast<const char *>(from.data()), qsizetype(from.size()));
    }

private slots:
    void roundTrip()
    {
        QVERIFY(rc::check([] {
            const auto content = *rc::gen::container<std::vector<unsigned char>>(rc::gen::arbitrary<unsigned char>());
            const auto stream = *rc::gen::inRange<quint32>(1, 0xffffffffu);
            if (content.empty())
                return;
            const QByteArray payload = octets(content);
            const QByteArray message = encode(FrameType::Data, stream, payload);
            const auto frame = decode(message);
            RC_ASSERT(frame.has_value());
            RC_ASSERT(frame->type == FrameType::Data);
            RC_ASSERT(frame->stream == stream);
            RC_ASSERT(frame->payload.toByteArray() == payload);
        }));
        for (const quint32 credit : {1u, 4096u, kWindow}) {
            const QByteArray message = encode(FrameType::Credit, 7, creditPayload(credit));
            const auto frame = decode(message);
            VERIFY_RESULT(frame);
            QCOMPARE(creditOf(frame->payload), credit);
        }
    }

    void whateverComes()
    {
        QVERIFY(rc::check([] {
            const QByteArray message = octets(*rc::gen::container<std::vector<unsigned char>>(rc::gen::arbitrary<unsigned char>()));
            const auto frame = decode(message);
            if (!frame) {
                RC_ASSERT(frame.error().code == core::Code::Protocol);
                RC_ASSERT(!frame.error().what.isEmpty());
                return;
            }
            RC_ASSERT(encode(frame->type, frame->stream, frame->payload) == message);
            // And no payload makes a message reader fall.
            (void)parseHello(frame->payload).has_value();
            (void)parseReport(frame->payload).has_value();
            (void)parseOpen(frame->payload).has_value();
            (void)parseWelcome(frame->payload).has_value();
            RC_ASSERT(!parseError(frame->payload).what.isNull());
        }));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("too short") << QByteArray("\x13\x00\x00\x00", 4);
        QTest::newRow("unknown type") << encode(FrameType(99), 1, "x");
        QTest::newRow("data without a stream") << encode(FrameType::Data, 0, "x");
        QTest::newRow("data without octets") << encode(FrameType::Data, 1);
        QTest::newRow("too much data") << encode(FrameType::Data, 1, QByteArray(kMaxChunk + 1, 'x'));
        QTest::newRow("ping on a stream") << encode(FrameType::Ping, 1, "12345678");
        QTest::newRow("short ping") << encode(FrameType::Ping, 0, "1234567");
        QTest::newRow("long hello") << encode(FrameType::Hello, 0, QByteArray(kMaxText + 1, ' '));
        QTest::newRow("no credit") << encode(FrameType::Credit, 1, creditPayload(0));
        QTest::newRow("too much credit") << encode(FrameType::Credit, 1, creditPayload(kWindow + 1));
        QTest::newRow("short credit") << encode(FrameType::Credit, 1, "abc");
        QTest::newRow("end with words") << encode(FrameType::End, 1, "bye");
    }
    void refuses()
    {
        QFETCH(QByteArray, message);
        const auto frame = decode(message);
        QVERIFY(!frame);
        QCOMPARE(frame.error().code, core::Code::Protocol);
    }

    void messages()
    {
        const core::GatewayCredential credential{QUuid::createUuid(), core::Secret(QByteArray(core::kCredentialOctets, '\x07'))};
        const auto hello = parseHello(print(Hello{1, QStringLiteral("4.0.0"), QStringLiteral("dc\u00fc"), QUuid::createUuid(), credential}).reveal());
        VERIFY_RESULT(hello);
        QCOMPARE(hello->protocol, 1);
        QCOMPARE(hello->hostName, QStringLiteral("dc\u00fc"));
        QCOMPARE(hello->credential.id, credential.id);
        QCOMPARE(hello->credential.secret.reveal(), credential.secret.reveal());

        Report report{250, {{QStringLiteral("dc1:636"), true, {}}, {QStringLiteral("dc2:636"), false, QStringLiteral("refused\n\x07")}}};
        const auto read = parseReport(print(report));
        VERIFY_RESULT(read);
        QCOMPARE(read->busyPercentage, 100);
        QCOMPARE(read->servers.size(), 2);
        QCOMPARE(read->servers.at(1).detail, QStringLiteral("refused??"));
        for (int i = 0; i < 500; ++i)
            report.servers.append({QString(200, u'x'), false, QString(200, u'y')});
        QVERIFY(print(report).size() <= kMaxText);

        const auto request = parseOpen(print(OpenRequest{QStringLiteral("dc1"), 636, 5'000}));
        VERIFY_RESULT(request);
        QCOMPARE(request->host, QStringLiteral("dc1"));
        QCOMPARE(request->port, quint16(636));
        QVERIFY(!parseOpen("{\"host\":\"\",\"port\":1}"));
        QVERIFY(!parseOpen("{\"host\":\"a\",\"port\":70000}"));
        QVERIFY(!parseOpen("[]"));
        // A client cannot make errors of kinds that are not its own.
        QCOMPARE(parseError("{\"code\":\"GUARD\",\"what\":\"x\"}").code, core::Code::Unreachable);
        QCOMPARE(parseError(print(core::Error{core::Code::Denied, QStringLiteral("no")})).code, core::Code::Denied);
    }

    void credentials()
    {
        const core::GatewayCredential credential{QUuid::createUuid(), core::Secret(QByteArray(core::kCredentialOctets, '\xf1'))};
        const auto read = core::GatewayCredential::parse(credential.text().reveal() + "\n");
        VERIFY_RESULT(read);
        QCOMPARE(read->id, credential.id);
        QCOMPARE(read->secret.reveal(), credential.secret.reveal());
        const QByteArray hash = core::credentialHash(credential.secret);
        QCOMPARE(hash.size(), 32);
        QVERIFY(core::isCredentialHash(hash, read->secret));
        QVERIFY(!core::isCredentialHash(hash, core::Secret(QByteArray(core::kCredentialOctets, '\xf2'))));
        QVERIFY(!core::isCredentialHash({}, credential.secret));
        const QByteArray good = credential.text().reveal();
        const QList<QByteArray> bads{{}, "ghc1", "ghc1.00.00", QByteArray(good + "A"), QByteArray("ghc2" + good.mid(4)), good.chopped(3)};
        for (const QByteArray &bad : bads) {
            const auto refused = core::GatewayCredential::parse(bad);
            QVERIFY2(!refused, bad.constData());
            QVERIFY(!refused.error().text().contains(QString::fromLatin1(good.right(20))));
        }
    }

    void versions_data()
    {
        QTest::addColumn<QString>("version");
        QTest::addColumn<bool>("provisions");
        QTest::addColumn<bool>("memberships");
        QTest::addColumn<QString>("status");
        QTest::newRow("none") << QString() << false << false << QStringLiteral("UPGRADE_REQUIRED");
        QTest::newRow("words") << QStringLiteral("new") << false << false << QStringLiteral("UPGRADE_REQUIRED");
        QTest::newRow("2.3.2") << QStringLiteral("2.3.2") << false << false << QStringLiteral("UPGRADE_REQUIRED");
        QTest::newRow("2.3.3") << QStringLiteral("2.3.3") << true << false << QStringLiteral("UPGRADE_RECOMMENDED");
        QTest::newRow("3.10") << QStringLiteral("3.10") << true << false << QStringLiteral("UPGRADE_RECOMMENDED");
        QTest::newRow("4.0") << QStringLiteral("4.0") << true << true << QStringLiteral("AT_LATEST");
        QTest::newRow("4.0.0") << QStringLiteral("4.0.0") << true << true << QStringLiteral("AT_LATEST");
        QTest::newRow("own") << QString::fromLatin1(kClientVersion) << true << true << QStringLiteral("AT_LATEST");
        QTest::newRow("later") << QStringLiteral("10.1") << true << true << QStringLiteral("AT_LATEST");
    }
    void versions()
    {
        QFETCH(QString, version);
        QFETCH(bool, provisions);
        QFETCH(bool, memberships);
        QFETCH(QString, status);
        QVERIFY(meets(version, Need::Lookup));
        QCOMPARE(meets(version, Need::InboundProvisioning), provisions);
        QCOMPARE(meets(version, Need::GroupMemberships), memberships);
        QCOMPARE(updateStatusName(updateStatusOf(version)), status);
    }
};

CONSOLE_TEST(FrameTest)
#include "tst_frame.moc"
