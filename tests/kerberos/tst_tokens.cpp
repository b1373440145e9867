// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kerberos' token out of a negotiation, and the ticket out of it: whole, cut, with lengths that lie, and where decoys stand
// in places that mean nothing.
#include "kerberos/token.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse;

namespace {

QByteArray wrapped(quint8 tag, const QByteArray &value)
{
    QByteArray octets(1, char(tag));
    if (value.size() < 0x80)
        return octets + char(value.size()) + value;
    return octets + char(0x82) + char(value.size() >> 8) + char(value.size() & 0xff) + value;
}

const QByteArray kKerberosId = QByteArray::fromHex("06092a864886f712010202");
const QByteArray kNegotiationId = QByteArray::fromHex("06062b0601050502");

QByteArray request(const QByteArray &ticket)
{
    const QByteArray number = QByteArray::fromHex("020105");
    return wrapped(0x6e, wrapped(0x30, wrapped(0xa0, number) + wrapped(0xa1, number) + wrapped(0xa2, "\x03") + wrapped(0xa3, ticket)
                                           + wrapped(0xa4, "sealed")));
}

QByteArray kerberosToken(const QByteArray &ticket)
{
    return wrapped(0x60, kKerberosId + QByteArray("\x01\x00", 2) + request(ticket));
}

QByteArray negotiation(const QByteArray &mechanisms, const QByteArray &token)
{
    return wrapped(0x60, kNegotiationId + wrapped(0xa0, wrapped(0x30, wrapped(0xa0, wrapped(0x30, mechanisms)) + token)));
}

} // namespace

class TokensTest : public QObject {
    Q_OBJECT

private slots:
    void areTakenOutOfNegotiations();
    void decoysAreNotTaken();
    void whatIsNone_data();
    void whatIsNone();
    void cutAnywhere();
};

void TokensTest::areTakenOutOfNegotiations()
{
    const QByteArray ticket(300, 't');
    const QByteArray token = kerberosToken(ticket);
    QCOMPARE(kerberos::kerberosToken(token).value_or("none"), token);
    QCOMPARE(kerberos::kerberosToken(negotiation(kKerberosId, wrapped(0xa2, wrapped(0x04, token)))).value_or("none"), token);
    // With request flags before it, and a checksum behind.
    QCOMPARE(kerberos::kerberosToken(negotiation(kKerberosId, wrapped(0xa1, "flags") + wrapped(0xa2, wrapped(0x04, token))
                                                                  + wrapped(0xa3, "sum"))).value_or("none"), token);
    QCOMPARE(kerberos::ticketOf(token), ticket);
}

void TokensTest::decoysAreNotTaken()
{
    const QByteArray token = kerberosToken("real");
    const QByteArray decoy = kerberosToken("decoy");
    const QByteArray given = negotiation(kKerberosId + wrapped(0x06, decoy), wrapped(0xa1, decoy) + wrapped(0xa2, wrapped(0x04, token)));
    QCOMPARE(kerberos::ticketOf(kerberos::kerberosToken(given).value_or(QByteArray())), QByteArray("real"));
}

void TokensTest::whatIsNone_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("says");
    const QString none = QStringLiteral("not a Kerberos ticket");
    const QString offer = QStringLiteral("only an offer");
    QTest::newRow("nothing") << QByteArray() << none;
    QTest::newRow("NTLM") << QByteArray("NTLMSSP\0\1\0\0\0", 12) << none;
    QTest::newRow("an offer") << negotiation(kKerberosId, {}) << offer;
    QTest::newRow("another mechanism's token") << negotiation(kKerberosId, wrapped(0xa2, wrapped(0x04, "NTLMSSP"))) << offer;
    QTest::newRow("more behind it") << QByteArray(kerberosToken("t") + 'x') << none;
    QTest::newRow("a length without end") << QByteArray::fromHex("608006092a864886f7120102020100") << none;
    QTest::newRow("a length of 8 octets") << QByteArray::fromHex("6088000000000000000506032a0304") << none;
    QTest::newRow("a length that lies") << QByteArray::fromHex("6084ffffffff06092a864886f712010202") << none;
}

void TokensTest::whatIsNone()
{
    QFETCH(QByteArray, token);
    QFETCH(QString, says);
    const auto taken = kerberos::kerberosToken(token);
    QVERIFY(!taken);
    QCOMPARE(taken.error().code, core::Code::InvalidInput);
    QVERIFY2(taken.error().detail.contains(says), qPrintable(taken.error().detail));
}

void TokensTest::cutAnywhere()
{
    const QByteArray whole = negotiation(kKerberosId, wrapped(0xa2, wrapped(0x04, kerberosToken(QByteArray(300, 't')))));
    for (qsizetype cut = 0; cut < whole.size(); ++cut)
        QVERIFY(!kerberos::kerberosToken(whole.first(cut)));
    const QByteArray token = kerberosToken(QByteArray(300, 't'));
    for (qsizetype cut = 0; cut < token.size(); ++cut)
        QVERIFY(kerberos::ticketOf(token.first(cut)).isEmpty());
}

CONSOLE_TEST(TokensTest)
#include "tst_tokens.moc"
