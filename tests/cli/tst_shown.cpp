// SPDX-License-Identifier: GPL-3.0-or-later
//
// A directory whose names, values and messages hold escape sequences, line breaks and marks that turn the direction of
// writing: nothing that gatehousectl prints about it acts on a terminal.
#include "tests/cli/ctl.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <atomic>

using namespace gatehouse::test;

namespace {

enum class Evil { Entries, SearchRefused, BindRefused };

/// Every octet that a terminal acts upon is one of a line's end.
bool actsOnNothing(const QByteArray &printed)
{
    const QString text = QString::fromUtf8(printed);
    for (const QChar c : text) {
        const bool control = (c < u' ' && c != u'\n') || (c >= QChar(0x7f) && c < QChar(0xa0));
        if (control || (c >= QChar(0x202a) && c <= QChar(0x202e)))
            return false;
    }
    return true;
}

FakeLdapServer::Reply answer(const FakeLdapServer::Request &request, Evil evil)
{
    using Operation = FakeLdapServer::Operation;
    if (request.operation == Operation::Bind && evil == Evil::BindRefused)
        return {FakeLdapServer::bindResponse(request.id, 49, "no\x1b]0;PWNED\x07\x1b[31mred\nInjected line\r\xe2\x80\xaegnp")};
    if (request.operation != Operation::Search || request.name.isEmpty() || request.scope == 0)
        return FakeLdapServer::usual(request);
    if (evil == Evil::SearchRefused)
        return {FakeLdapServer::done(request.id, 53, {}, "bad\x1b[2Jclear\nInjected line")};
    const auto id = [](char last) -> QByteArray { return QByteArray("11111111-1111-1111-1111-11111111111") + last; };
    return {FakeLdapServer::entry(request.id, "uid=a\x1b[31m\x1b]0;PWNED\x07,ou=people,dc=example,dc=com",
                                  {{"uid", {"a"}}, {"entryUUID", {id('1')}}, {"sn", {"=HYPERLINK(\"http://evil\",\"x\")"}}, {"title", {"=cmd|x"}}})
            + FakeLdapServer::entry(request.id, "uid=b,ou=people,dc=example,dc=com",
                                    {{"uid", {"b\x1b[2J"}}, {"entryUUID", {id('2')}}, {"sn", {"B\x1b[2J\nInjected line"}}})
            + FakeLdapServer::entry(request.id, "uid=c,ou=people,dc=example,dc=com",
                                    {{"uid", {"c"}}, {"entryUUID", {id('3')}}, {"sn", {"C\xe2\x80\xae" "evil"}}, {"givenName", {"@SUM(1)"}}})
            + FakeLdapServer::done(request.id, 0, "")};
}

} // namespace

class ShownTest : public QObject {
    Q_OBJECT

    std::atomic<Evil> m_evil = Evil::Entries;
    FakeLdapServer m_server{[this](const FakeLdapServer::Request &request) { return answer(request, m_evil); }};
    Ctl m_ctl;

    Printed run(const char *words) const { return m_ctl.run(QString::fromUtf8(words).split(u'|')); }

private slots:
    void initTestCase()
    {
        QJsonObject configuration = QJsonDocument::fromJson(R"json({
          "populations": [{"name": "People", "default": true}],
          "gateways": [{"name": "G", "type": "LDAP", "vendor": "LDAPv3-compliant Directory Server", "connectionSecurity": "None",
                        "bindDN": "cn=reader,dc=example,dc=com", "bindPassword": {"file": "@"},
                        "userTypes": [{"name": "T", "passwordAuthority": "LDAP", "searchBaseDn": "ou=people,dc=example,dc=com",
                                       "orderedCorrelationAttributes": ["entryUUID"],
                                       "newUserLookup": {"ldapFilterPattern": "(uid=${identifier})", "population": "People",
                                                         "attributeMappings": [{"name": "username", "value": "${ldapAttributes.uid}"},
                                                                               {"name": "name.family", "value": "${ldapAttributes.sn}"}]}}]}],
          "connections": [{"name": "C", "gateway": "G", "enabled": true, "users": {"create": true, "update": true, "disable": true}}],
          "rules": [{"name": "R", "direction": "inbound", "connection": "C", "enabled": true, "baseDn": "ou=people,dc=example,dc=com",
                     "attributeMappings": [{"target": "username", "source": "uid"}, {"target": "name.family", "source": "sn"},
                                           {"target": "name.given", "source": "givenName"}, {"target": "title", "source": "title"}]}]})json").object();
        QJsonArray gateways = configuration.value(QStringLiteral("gateways")).toArray();
        QJsonObject gateway = gateways.at(0).toObject();
        const QString password = m_ctl.write(QStringLiteral("password"), "secret");
        QFile::setPermissions(password, QFile::ReadOwner | QFile::WriteOwner);
        gateway.insert(QStringLiteral("serversHostAndPort"), QJsonArray{m_server.hostAndPort()});
        gateway.insert(QStringLiteral("bindPassword"), QJsonObject{{QStringLiteral("file"), password}});
        configuration.insert(QStringLiteral("gateways"), QJsonArray{gateway});
        const Printed applied = m_ctl.configure(configuration);
        QVERIFY2(applied.exitCode == 0, applied.err.constData());
    }

    void nothingActs_data()
    {
        QTest::addColumn<int>("evil");
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char *name, Evil evil, const char *words, const char *shown) {
            QTest::newRow(name) << int(evil) << QByteArray(words) << QByteArray(shown);
        };
        row("plan", Evil::Entries, "plan|R|--all", "<U+202E>");
        row("plan as JSON", Evil::Entries, "--json|plan|R", "\\u202e");
        row("apply", Evil::Entries, "apply|R", "run");
        row("runs", Evil::Entries, "run|list", "R");
        row("run", Evil::Entries, "run|show|1", "<U+001B>");
        row("run as JSON", Evil::Entries, "--json|run|show|1", "\\u001b");
        row("users", Evil::Entries, "user|list", "<U+202E>");
        row("users as JSON", Evil::Entries, "--json|user|list", "\\u202e");
        row("a user", Evil::Entries, "user|show|c", "\\u202e");
        row("users exported as JSON", Evil::Entries, "user|export|--format|json", "\\u202e");
        row("simulated sign-on", Evil::Entries, "signon|G|a|--simulate", "entry");
        row("simulated sign-on as JSON", Evil::Entries, "--json|signon|G|a|--simulate", "simulat");
        row("search refused", Evil::SearchRefused, "plan|R", "bad<U+001B>[2Jclear<U+000A>Injected");
        row("search refused as JSON", Evil::SearchRefused, "--json|plan|R", "\\u001b");
        row("bind refused", Evil::BindRefused, "plan|R", "<U+202E>gnp");
        row("tested", Evil::BindRefused, "gateway|test|G", "<U+001B>");
        row("audit", Evil::Entries, "user|list|--search|\x1b[2J", "USERNAME");
        row("not found", Evil::Entries, "user|show|no\x1b[2J\nbody", "<U+001B>[2J<U+000A>body");
        row("no such command", Evil::Entries, "no\x1b[2J", "<U+001B>");
        row("fault of an expression", Evil::Entries, "expr|'\x1b[2J' + + '\xe2\x80\xae'", "<U+001B>");
        row("result of an expression", Evil::Entries, "expr|'\x7f\xe2\x80\xae'", "\\u007f\\u202e");
    }
    void nothingActs()
    {
        QFETCH(int, evil);
        QFETCH(QByteArray, words);
        QFETCH(QByteArray, shown);
        m_evil = Evil(evil);
        const Printed printed = run(words.constData());
        QVERIFY2(actsOnNothing(printed.out), printed.out.toPercentEncoding(" \n<>+").constData());
        QVERIFY2(actsOnNothing(printed.err), printed.err.toPercentEncoding(" \n<>+").constData());
        const QByteArray all = printed.out + printed.err;
        QVERIFY2(all.contains(shown), all.constData());
        QVERIFY(!all.contains("\nInjected")); // a value never begins a line of its own
    }

    void exportsRunNothing()
    {
        m_evil = Evil::Entries;
        QVERIFY(run("apply|R").exitCode >= 0);
        const QByteArray csv = run("user|export|--format|csv").out;
        QVERIFY2(csv.contains("\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\""), csv.constData());
        QVERIFY2(csv.contains("'=cmd|x") && csv.contains("'@SUM(1)"), csv.constData());
        QVERIFY2(!csv.contains(",=") && !csv.contains(",@"), csv.constData());
    }
};

CONSOLE_TEST(ShownTest)
#include "tst_shown.moc"
