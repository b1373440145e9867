// SPDX-License-Identifier: GPL-3.0-or-later
//
// gatehousectl signon as a script calls it: passwords from files and variables, what is said to whom, exit codes; and what
// user show and user export tell of people who have signed on.
#include "tests/cli/ctl.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QTest>

using namespace gatehouse::test;

class SignOnCommandTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void simulates();
    void signsOn();
    void refusesAlike();
    void takesPasswordsFromFilesAndVariables();
    void showsTheLinkAndNeverTheHash();
    void warnsOfRulesThatMigrateToo();
    void namesWhatIsWrong_data();
    void namesWhatIsWrong();

private:
    Printed signOn(const QStringList &arguments) const
    {
        return m_ctl.run(QStringList{QStringLiteral("signon"), QStringLiteral("Directory")} + arguments);
    }
    QString secret(const char *name, const QByteArray &octets) const
    {
        const QString path = m_ctl.write(QString::fromLatin1(name), octets);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
        return path;
    }
    Slapd m_slapd;
    Ctl m_ctl;
    QJsonObject m_configuration;
};

void SignOnCommandTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    QVERIFY2(m_slapd.load(Slapd::people(3)) && m_slapd.start(), qPrintable(m_slapd.errorText()));
    QVERIFY2(m_slapd.modify("dn: uid=user.0,ou=people,dc=example,dc=com\nchangetype: modify\nadd: userPassword\nuserPassword: pw-0\n\n"
                            "dn: uid=user.1,ou=people,dc=example,dc=com\nchangetype: modify\nadd: userPassword\nuserPassword: pw-1\n\n"
                            + Slapd::group("Payroll", 2)),
             qPrintable(m_slapd.errorText()));
    m_configuration = Ctl::configuration(m_slapd);
    QJsonObject gateway = m_configuration.value(QStringLiteral("gateways")).toArray().at(0).toObject();
    gateway.insert(QStringLiteral("userTypes"), QJsonDocument::fromJson(R"json([{
        "name": "Employees", "passwordAuthority": "PING_ONE", "searchBaseDn": "ou=people,dc=example,dc=com",
        "orderedCorrelationAttributes": ["entryUUID", "dn", "uid"], "allowPasswordChanges": true,
        "newUserLookup": {"ldapFilterPattern": "(|(uid=${identifier})(mail=${identifier}))", "population": "People",
          "attributeMappings": [{"name": "username", "value": "${ldapAttributes.uid}"},
                                {"name": "name.formatted", "value": "${ldapAttributes.givenName} ${ldapAttributes.sn}"},
                                {"name": "externalGroupNames", "value": "${ldapAttributes.memberOf}"}]}}])json").array());
    m_configuration.insert(QStringLiteral("gateways"), QJsonArray{gateway});
    const Printed configured = m_ctl.configure(m_configuration);
    QVERIFY2(configured.exitCode == 0, QByteArray(configured.err + configured.out).constData());
}

void SignOnCommandTest::simulates()
{
    const Printed text = signOn({QStringLiteral("user.0@example.com"), QStringLiteral("--simulate")});
    QVERIFY2(text.exitCode == 0, QByteArray(text.err + text.out).constData());
    QVERIFY(text.out.contains("(|(uid=user.0@example.com)(mail=user.0@example.com))"));
    QVERIFY(text.out.contains("uid=user.0,ou=people,dc=example,dc=com"));
    QVERIFY(text.out.contains("joins, new group"));
    const Printed json = signOn({QStringLiteral("user.0"), QStringLiteral("--simulate"), QStringLiteral("--json")});
    QCOMPARE(json.json().value(QStringLiteral("status")).toString(), QStringLiteral("succeeded"));
    QCOMPARE(json.json().value(QStringLiteral("simulated")).toBool(), true);
    QCOMPARE(json.json().value(QStringLiteral("groups")).toArray().at(0).toObject().value(QStringLiteral("displayName")).toString(), QStringLiteral("Payroll"));
    QCOMPARE(m_ctl.run({QStringLiteral("user"), QStringLiteral("list"), QStringLiteral("--json")}).jsonLines().size(), 0);
    const Printed nobody = signOn({QStringLiteral("nobody"), QStringLiteral("--simulate")});
    QCOMPARE(nobody.exitCode, 4);
    QVERIFY(nobody.out.contains("no entry matches"));
}

void SignOnCommandTest::signsOn()
{
    const Printed first = signOn({QStringLiteral("user.0"), QStringLiteral("--password-file"), secret("pw0", "pw-0\n"), QStringLiteral("--json")});
    QVERIFY2(first.exitCode == 0, QByteArray(first.err + first.out).constData());
    QCOMPARE(first.json().value(QStringLiteral("createsUser")).toBool(), true);
    QCOMPARE(first.json().value(QStringLiteral("passwordCheckedBy")).toString(), QStringLiteral("LDAP"));
    const Printed second = signOn({QStringLiteral("user.0"), QStringLiteral("--password-file"), secret("pw0", "pw-0"), QStringLiteral("--json")});
    QCOMPARE(second.exitCode, 0);
    QCOMPARE(second.json().value(QStringLiteral("passwordCheckedBy")).toString(), QStringLiteral("PING_ONE"));
    const Printed group = m_ctl.run({QStringLiteral("group"), QStringLiteral("show"), QStringLiteral("cn=Payroll,ou=groups,dc=example,dc=com")});
    QCOMPARE(group.json().value(QStringLiteral("justInTime")).toBool(), true);
    QCOMPARE(group.json().value(QStringLiteral("members")).toArray().size(), 1);
}

void SignOnCommandTest::refusesAlike()
{
    const QString wrong = secret("wrong", "wrong");
    const Printed known = signOn({QStringLiteral("user.1"), QStringLiteral("--password-file"), wrong});
    const Printed unknown = signOn({QStringLiteral("nobody"), QStringLiteral("--password-file"), wrong});
    QCOMPARE(known.exitCode, 3);
    QCOMPARE(unknown.exitCode, 3);
    QCOMPARE(known.out, unknown.out);
    QCOMPARE(known.err, unknown.err);
    const Printed json = signOn({QStringLiteral("user.1"), QStringLiteral("--password-file"), wrong, QStringLiteral("--json")});
    QCOMPARE(json.json().keys(), QStringList({QStringLiteral("gateway"), QStringLiteral("identifier"), QStringLiteral("message"), QStringLiteral("status")}));
    const Printed explained = signOn({QStringLiteral("user.1"), QStringLiteral("--password-file"), wrong, QStringLiteral("--explain")});
    QVERIFY(explained.out.contains("the directory refused the password"));
}

void SignOnCommandTest::takesPasswordsFromFilesAndVariables()
{
    qputenv("GATEHOUSE_TEST_PASSWORD", "pw-1");
    Printed printed = signOn({QStringLiteral("user.1"), QStringLiteral("--password-env"), QStringLiteral("GATEHOUSE_TEST_PASSWORD")});
    QVERIFY2(printed.exitCode == 0, QByteArray(printed.err + printed.out).constData());
    printed = signOn({QStringLiteral("user.1"), QStringLiteral("--password-env"), QStringLiteral("GATEHOUSE_TEST_PASSWORD"), QStringLiteral("--new-password-file"),
                      secret("new", "pw-1-new")});
    QVERIFY2(printed.exitCode == 0, QByteArray(printed.err + printed.out).constData());
    QVERIFY(printed.out.contains("The password was changed."));
    printed = signOn({QStringLiteral("user.1"), QStringLiteral("--password-env"), QStringLiteral("GATEHOUSE_TEST_PASSWORD")});
    QCOMPARE(printed.exitCode, 3);
    printed = signOn({QStringLiteral("user.1"), QStringLiteral("--password-file"), secret("new", "pw-1-new")});
    QCOMPARE(printed.exitCode, 0);
}

void SignOnCommandTest::showsTheLinkAndNeverTheHash()
{
    const Printed shown = m_ctl.run({QStringLiteral("user"), QStringLiteral("show"), QStringLiteral("user.0")});
    const QJsonObject gateway = shown.json().value(QStringLiteral("password")).toObject().value(QStringLiteral("external")).toObject()
                                    .value(QStringLiteral("gateway")).toObject();
    QCOMPARE(gateway.value(QStringLiteral("name")).toString(), QStringLiteral("Directory"));
    QVERIFY(!QUuid(gateway.value(QStringLiteral("id")).toString()).isNull());
    QVERIFY(!QUuid(gateway.value(QStringLiteral("userType")).toObject().value(QStringLiteral("id")).toString()).isNull());
    const QJsonObject links = gateway.value(QStringLiteral("correlationAttributes")).toObject();
    QCOMPARE(links.value(QStringLiteral("uid")).toString(), QStringLiteral("user.0"));
    QVERIFY(!QUuid(links.value(QStringLiteral("entryUUID")).toString()).isNull());
    QVERIFY(shown.json().contains(QStringLiteral("lastSignOn")));
    for (const char *format : {"csv", "json"}) {
        const Printed exported = m_ctl.run({QStringLiteral("user"), QStringLiteral("export"), QStringLiteral("--format"), QString::fromLatin1(format)});
        QVERIFY(exported.out.contains("user.0"));
        QVERIFY(!exported.out.contains("argon2"));
    }
    QVERIFY(!shown.out.contains("argon2"));
}

void SignOnCommandTest::warnsOfRulesThatMigrateToo()
{
    QJsonObject configuration = m_configuration;
    QJsonObject rule = configuration.value(QStringLiteral("rules")).toArray().at(0).toObject();
    rule.insert(QStringLiteral("onboarding"), QJsonObject{{QStringLiteral("authenticateViaLdap"), true}, {QStringLiteral("gatewayUserType"), QStringLiteral("Employees")}});
    configuration.insert(QStringLiteral("rules"), QJsonArray{rule});
    const Printed warned = m_ctl.configure(configuration);
    QCOMPARE(warned.exitCode, 0);
    QVERIFY2(warned.err.contains("Warning") && warned.err.contains("People in"), warned.err.constData());
    QVERIFY(m_ctl.configure(m_configuration).err.isEmpty());
}

void SignOnCommandTest::namesWhatIsWrong_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *name, const QStringList &arguments, const char *says) { QTest::newRow(name) << arguments << QByteArray(says); };
    const QString user = QStringLiteral("user.0");
    row("no terminal", {QStringLiteral("Directory"), user}, "--password-file");
    row("no gateway", {QStringLiteral("Nowhere"), user, QStringLiteral("--simulate")}, "Nowhere");
    row("no user type", {QStringLiteral("Directory"), user, QStringLiteral("--simulate"), QStringLiteral("--user-type"), QStringLiteral("Robots")}, "Robots");
    row("no file", {QStringLiteral("Directory"), user, QStringLiteral("--password-file"), QStringLiteral("/nowhere")}, "/nowhere");
    row("both", {QStringLiteral("Directory"), user, QStringLiteral("--password-file"), QStringLiteral("/a"), QStringLiteral("--password-env"), QStringLiteral("A")}, "not both");
    row("as an argument", {QStringLiteral("Directory"), user, QStringLiteral("pw-0")}, "Usage");
}

void SignOnCommandTest::namesWhatIsWrong()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    const Printed printed = m_ctl.run(QStringList(QStringLiteral("signon")) + arguments);
    QCOMPARE(printed.exitCode, 2);
    QVERIFY2(printed.err.contains(says), printed.err.constData());
}

CONSOLE_TEST(SignOnCommandTest)
#include "tst_signon.moc"
