// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/hostandport.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::core;

namespace {

QString u8(const char *text)
{
    return QString::fromUtf8(text);
}

} // namespace

class TestHostAndPort : public QObject {
    Q_OBJECT

private slots:
    void splitsHostAndPort_data();
    void splitsHostAndPort();
    void refusesOtherHostsAndPorts_data();
    void refusesOtherHostsAndPorts();
};

void TestHostAndPort::splitsHostAndPort_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");

    const auto row = [](const char *text, const char *host, int port) {
        QTest::newRow(text) << u8(text) << u8(host) << port;
    };
    row("dc1.example.com:636", "dc1.example.com", 636);
    row("localhost:1", "localhost", 1);
    row("ldap_01:65535", "ldap_01", 65535);
    row("example.com.:389", "example.com.", 389);
    row("192.0.2.7:389", "192.0.2.7", 389);
    row("[2001:db8::1]:636", "2001:db8::1", 636);
    row("[fe80::1%eth0]:636", "fe80::1%eth0", 636);
    row("2001:0db8:85a3:0000:0000:8a2e:0370:7334:389", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", 389);
    row("::1:389", "::1", 389);
    row("münchen.example:389", "münchen.example", 389);
}

void TestHostAndPort::splitsHostAndPort()
{
    QFETCH(QString, text);
    QFETCH(QString, host);
    QFETCH(int, port);
    const auto parsed = parseHostAndPort(text);
    QVERIFY2(parsed, qPrintable(parsed ? QString() : parsed.error().text()));
    QCOMPARE(parsed->host, host);
    QCOMPARE(int(parsed->port), port);
}

void TestHostAndPort::refusesOtherHostsAndPorts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("detail");

    const auto row = [](const char *text, const char *detail) { QTest::newRow(text) << u8(text) << u8(detail); };
    row("", "port is missing");
    row("dc1.example.com", "dc1.example.com:389");
    row("dc1.example.com:", "1 to 65535");
    row("dc1:0", "1 to 65535");
    row("dc1:65536", "1 to 65535");
    row("dc1:ldap", "\"ldap\"");
    row("dc1:-1", "1 to 65535");
    row("dc1:+389", "1 to 65535");
    row(":389", "host before the port");
    row("ldap://dc1:389", "without \"ldap://\"");
    row("dc 1:389", "neither a host name");
    row("dc1/x:389", "neither a host name");
    row("-dc1:389", "neither a host name");
    row("a..b:389", "neither a host name");
    row("300.1.1.1:389", "neither a host name");
    row("1.2.3:389", "neither a host name");
    row("2001:db8::1", "[2001:db8::1]:389");
    row("[2001:db8::1]", "[2001:db8::1]:636");
    row("[2001:db8::1", "IPv6");
    row("[2001:xyz::1]:389", "not an IPv6 address");
    row("[dc1]:389", "not an IPv6 address");
    row("a:b:389", "not an IPv6 address");
}

void TestHostAndPort::refusesOtherHostsAndPorts()
{
    QFETCH(QString, text);
    QFETCH(QString, detail);
    const auto parsed = parseHostAndPort(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, Code::InvalidInput);
    QVERIFY2(parsed.error().detail.contains(detail), qPrintable(parsed.error().detail));
}

CONSOLE_TEST(TestHostAndPort)
#include "tst_hostandport.moc"
