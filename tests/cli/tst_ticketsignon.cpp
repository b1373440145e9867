// SPDX-License-Identifier: GPL-3.0-or-later
//
// gatehousectl with Kerberos, on a real Active Directory domain: a gateway from a file that binds with a ticket, and sign-ons
// with the ticket of this desktop and with a token as a web server would hand it on.
#include "tests/cli/ctl.h"
#include "tests/support/sambadc.h"
#include "tests/support/testservers.h"

#include "kerberos/initiator.h"
#include "ldap/session.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {
const QByteArray kGood = "Good-password-1";
}

class TicketSignOnTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void theGatewayBindsWithATicket();
    void thisDesktopsTicketSignsOn();
    void aTokenSignsOnOnce();
    void nobodyIsSignedOnHere();
    void namesWhatIsWrong_data();
    void namesWhatIsWrong();

private:
    Printed signOn(const QStringList &arguments) const
    {
        return m_ctl.run(QStringList{QStringLiteral("--json"), QStringLiteral("signon"), QStringLiteral("Directory")} + arguments);
    }
    QString secret(const char *name, const QByteArray &octets) const
    {
        const QString path = m_ctl.write(QString::fromLatin1(name), octets);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
        return path;
    }
    /// What a browser of zoe's would send.
    QByteArray token() const
    {
        ldap::Session session;
        ldap::Target target;
        target.host = m_directory.address();
        target.security = core::ConnectionSecurity::None;
        target.mechanism = core::BindMechanism::Gssapi;
        target.bindDn = QStringLiteral("svc@lab.example");
        target.password = core::Secret(kGood);
        if (!session.open(target))
            return {};
        const kerberos::Exchange exchange = [&](const QByteArray &message) { return session.askKdc(message); };
        auto tickets = kerberos::Tickets::byPassword(QStringLiteral("zoe"), core::Secret(kGood), m_directory.realm(), exchange);
        if (!tickets || !tickets->fetch(QStringLiteral("HTTP/console"), m_directory.realm(), exchange))
            return {};
        auto initiator = kerberos::Initiator::begin(*tickets, QStringLiteral("HTTP/console"), m_directory.realm(),
                                                    {.mechanism = kerberos::Initiator::Settings::Mechanism::Negotiate});
        return initiator ? initiator->step({}).value_or(QByteArray()) : QByteArray();
    }
    SambaDc m_directory;
    Ctl m_ctl;
};

void TicketSignOnTest::initTestCase()
{
    REQUIRE_SERVER("samba");
    REQUIRE_SERVER("kinit");
    REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
    QVERIFY2(m_directory.start(SambaDc::user("svc", kGood, 66048, "servicePrincipalName: HTTP/console\n")
                               + SambaDc::user("zoe", kGood, 66048, "mail: zoe@lab.example\n") + SambaDc::user("kim", kGood)),
             qPrintable(m_directory.errorText()));
    qputenv("KRB5RCACHEDIR", m_ctl.folder.path().toLocal8Bit());
    qputenv("KRB5CCNAME", "FILE:" + m_ctl.folder.filePath(QStringLiteral("desktop")).toLocal8Bit());
    const QString password = secret("svc", kGood);
    QJsonObject configuration = QJsonDocument::fromJson(R"json({
      "populations": [{"name": "People", "default": true}],
      "gateways": [{"name": "Directory", "type": "LDAP", "vendor": "Microsoft Active Directory", "connectionSecurity": "TLS",
        "bindMechanism": "GSSAPI",
        "kerberos": {"serviceAccountUserPrincipalName": "svc@lab.example", "minutesToRetainPreviousCredentials": 0},
        "userTypes": [{"name": "Employees", "passwordAuthority": "LDAP", "searchBaseDn": "OU=Staff,DC=lab,DC=example",
          "orderedCorrelationAttributes": ["objectGUID", "sAMAccountName"],
          "newUserLookup": {"ldapFilterPattern": "(sAMAccountName=${identifier})", "population": "People",
            "attributeMappings": [{"name": "username", "value": "${ldapAttributes.sAMAccountName}"},
                                  {"name": "email", "value": "${ldapAttributes.mail}"}]}}]}]})json").object();
    QJsonObject gateway = configuration.value(QStringLiteral("gateways")).toArray().at(0).toObject();
    gateway.insert(QStringLiteral("serversHostAndPort"), QJsonArray{m_directory.tlsHostAndPort()});
    gateway.insert(QStringLiteral("caCertificateFile"), m_directory.caFile());
    QJsonObject kerberos = gateway.value(QStringLiteral("kerberos")).toObject();
    kerberos.insert(QStringLiteral("serviceAccountPassword"), QJsonObject{{QStringLiteral("file"), password}});
    gateway.insert(QStringLiteral("kerberos"), kerberos);
    configuration.insert(QStringLiteral("gateways"), QJsonArray{gateway});
    const Printed configured = m_ctl.configure(configuration);
    QVERIFY2(configured.exitCode == 0, configured.err.constData());
}

void TicketSignOnTest::theGatewayBindsWithATicket()
{
    const Printed tested = m_ctl.run({QStringLiteral("gateway"), QStringLiteral("test"), QStringLiteral("Directory")});
    QVERIFY2(tested.exitCode == 0, tested.out.constData());
    QVERIFY2(tested.out.contains("bound as svc@lab.example with a Kerberos ticket"), tested.out.constData());
    const Printed exported = m_ctl.run({QStringLiteral("config"), QStringLiteral("export")});
    QVERIFY2(exported.out.contains("\"bindMechanism\": \"GSSAPI\""), exported.out.constData());
    QVERIFY(!exported.out.contains(kGood));
}

void TicketSignOnTest::thisDesktopsTicketSignsOn()
{
    const QString cache = QString::fromLocal8Bit(qgetenv("KRB5CCNAME"));
    QVERIFY2(m_directory.signOnDesktop(QStringLiteral("kim"), kGood, cache), qPrintable(m_directory.errorText()));
    Printed printed = signOn({QStringLiteral("--kerberos"), QStringLiteral("--simulate")});
    QVERIFY2(printed.exitCode == 0, QByteArray(printed.out + printed.err).constData());
    QCOMPARE(printed.json().value(QStringLiteral("ticketHolder")).toString(), QStringLiteral("kim@LAB.EXAMPLE"));
    QVERIFY(printed.json().value(QStringLiteral("createsUser")).toBool());
    printed = signOn({QStringLiteral("--kerberos")});
    QVERIFY2(printed.exitCode == 0, QByteArray(printed.out + printed.err).constData());
    QCOMPARE(printed.json().value(QStringLiteral("status")).toString(), QStringLiteral("succeeded"));
    QVERIFY(printed.json().value(QStringLiteral("passwordCheckedBy")).isNull());
    printed = m_ctl.run({QStringLiteral("--json"), QStringLiteral("user"), QStringLiteral("show"), QStringLiteral("kim")});
    QCOMPARE(printed.exitCode, 0);
    QFile::remove(m_ctl.folder.filePath(QStringLiteral("desktop")));
}

void TicketSignOnTest::aTokenSignsOnOnce()
{
    const QByteArray octets = token();
    QVERIFY(!octets.isEmpty());
    const QString file = secret("token", "Negotiate " + octets.toBase64() + '\n');
    Printed printed = signOn({QStringLiteral("--ticket-file"), file});
    QVERIFY2(printed.exitCode == 0, QByteArray(printed.out + printed.err).constData());
    QCOMPARE(printed.json().value(QStringLiteral("ticketHolder")).toString(), QStringLiteral("zoe@LAB.EXAMPLE"));
    // Whoever has overheard it gets nowhere, and is told nothing.
    printed = signOn({QStringLiteral("--ticket-file"), file});
    QCOMPARE(printed.exitCode, 3);
    QVERIFY(!printed.out.contains("used before"));
    printed = signOn({QStringLiteral("--ticket-file"), file, QStringLiteral("--explain")});
    QCOMPARE(printed.exitCode, 3);
    QVERIFY2(printed.out.contains("used before"), printed.out.constData());
}

void TicketSignOnTest::nobodyIsSignedOnHere()
{
    const Printed printed = signOn({QStringLiteral("--kerberos"), QStringLiteral("--explain")});
    QCOMPARE(printed.exitCode, 3);
    QVERIFY2(printed.out.contains("nobody is signed on to a domain here"), printed.out.constData());
}

void TicketSignOnTest::namesWhatIsWrong_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *name, const QStringList &arguments, const char *says) { QTest::newRow(name) << arguments << QByteArray(says); };
    const QString kerberos = QStringLiteral("--kerberos");
    row("with a name", {QStringLiteral("zoe"), kerberos}, "Leave the username out");
    row("neither", {}, "The username is missing");
    row("both", {kerberos, QStringLiteral("--ticket-file"), QStringLiteral("/a")}, "not both");
    row("with a password", {kerberos, QStringLiteral("--password-env"), QStringLiteral("A")}, "--password-env has no effect");
    row("with a new password", {kerberos, QStringLiteral("--new-password-file"), QStringLiteral("/a")}, "--new-password-file has no effect");
    row("no file", {QStringLiteral("--ticket-file"), QStringLiteral("/nowhere")}, "/nowhere");
}

void TicketSignOnTest::namesWhatIsWrong()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    const Printed printed = m_ctl.run(QStringList{QStringLiteral("signon"), QStringLiteral("Directory")} + arguments);
    QCOMPARE(printed.exitCode, 2);
    QVERIFY2(printed.err.contains(says), printed.err.constData());
}

SAMBA_TEST(TicketSignOnTest, QCoreApplication)
#include "tst_ticketsignon.moc"
