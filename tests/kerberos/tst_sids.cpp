// SPDX-License-Identifier: GPL-3.0-or-later
//
// SIDs out of a ticket's UPN_DNS_INFO buffer, whole and damaged. What needs a domain is tested where it is used: binds in ldap,
// sign-ons in signon.
#include "kerberos/acceptor.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse;

class SidsTest : public QObject {
    Q_OBJECT

private slots:
    void areRead();
    void areNeverReadPastTheEnd();

private:
    // S-1-5-21-1, in a buffer with flags, length and offset of the SID (MS-PAC 2.10).
    const QByteArray m_sid = QByteArray::fromHex("01020000000000051500000001000000");
    QByteArray info(quint8 flags, quint16 length, quint16 offset) const
    {
        QByteArray octets(24, '\0');
        octets[8] = char(flags);
        octets[16] = char(length & 0xff);
        octets[17] = char(length >> 8);
        octets[18] = char(offset & 0xff);
        octets[19] = char(offset >> 8);
        return octets + m_sid;
    }
};

void SidsTest::areRead()
{
    QCOMPARE(kerberos::sidOf(info(2, 16, 24)), m_sid);
    QCOMPARE(kerberos::sidOf(info(3, 16, 24)), m_sid);
    QCOMPARE(kerberos::sidOf(info(1, 16, 24)), QByteArray()); // says that it has none
    QCOMPARE(kerberos::sidOf({}), QByteArray());
}

void SidsTest::areNeverReadPastTheEnd()
{
    QCOMPARE(kerberos::sidOf(info(2, 16, 25)), QByteArray());
    QCOMPARE(kerberos::sidOf(info(2, 12, 24)), QByteArray()); // has two sub-authorities
    QCOMPARE(kerberos::sidOf(info(2, 16, 0)), QByteArray());  // its own header
    QCOMPARE(kerberos::sidOf(info(2, 0xffff, 0xffff)), QByteArray());
    for (qsizetype cut = 0; cut < 40; ++cut)
        QCOMPARE(kerberos::sidOf(info(2, 16, 24).left(cut)), QByteArray());
}

CONSOLE_TEST(SidsTest)
#include "tst_sids.moc"
