// SPDX-License-Identifier: GPL-3.0-or-later
//
// gatehousectl from outside: shapes of its JSON, exit codes, and that nothing is half-done.
#include "tests/cli/ctl.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QTest>

#include <sys/resource.h>

using namespace gatehouse::test;

namespace {

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(u'|');
}

QString codeOf(const Printed &printed)
{
    return printed.json().value(QStringLiteral("error")).toObject().value(QStringLiteral("code")).toString();
}

/// @p root with @p section's first thing changed.
QJsonObject with(QJsonObject root, const char *section, const char *key, const QJsonValue &value)
{
    const QString name = QString::fromLatin1(section);
    QJsonArray things = root.value(name).toArray();
    QJsonObject thing = things.at(0).toObject();
    thing.insert(QString::fromLatin1(key), value);
    things.replace(0, thing);
    root.insert(name, things);
    return root;
}

} // namespace

class CommandsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_slapd = std::make_unique<Slapd>();
        QVERIFY2(m_slapd->load(Slapd::people(30)) && m_slapd->start(), qPrintable(m_slapd->errorText()));
        m_foreign = std::make_unique<Authority>(m_slapd->directory() + QStringLiteral("/foreign"), QStringLiteral("Somebody Else"));
    }

    void helpsAndRefuses()
    {
        Ctl ctl;
        QCOMPARE(ctl.run({QStringLiteral("--help")}).exitCode, 0);
        QCOMPARE(ctl.run({}).exitCode, 2);
        QCOMPARE(ctl.run({QStringLiteral("dance")}).exitCode, 2);
        QCOMPARE(ctl.run(words("plan")).exitCode, 2);
        QCOMPARE(ctl.run(words("plan|X|--nonsense")).exitCode, 2);
        QCOMPARE(ctl.run(words("plan|--help")).exitCode, 0);
        const Printed missing = ctl.run(words("plan|X|--json"));
        QCOMPARE(missing.exitCode, 2);
        QCOMPARE(codeOf(missing), QStringLiteral("NOT_FOUND"));
    }

    void appliesAConfigurationTwice()
    {
        Ctl ctl;
        const QJsonObject configuration = Ctl::configuration(*m_slapd);
        const QString file = ctl.write(QStringLiteral("config.json"), QJsonDocument(configuration).toJson());
        const Printed first = ctl.run({QStringLiteral("config"), QStringLiteral("apply"), file, QStringLiteral("--json")});
        QCOMPARE(first.exitCode, 0);
        QVERIFY(!first.json().value(QStringLiteral("changes")).toArray().isEmpty());
        const Printed second = ctl.run({QStringLiteral("config"), QStringLiteral("apply"), file, QStringLiteral("--json")});
        QCOMPARE(second.json().value(QStringLiteral("changes")).toArray().size(), 0);
        QCOMPARE(ctl.run({QStringLiteral("config"), QStringLiteral("diff"), file}).exitCode, 0);
        const QString changed = ctl.write(QStringLiteral("changed.json"),
                                          QJsonDocument(with(configuration, "rules", "userFilter", QStringLiteral("(mail=*)"))).toJson());
        QCOMPARE(ctl.run({QStringLiteral("config"), QStringLiteral("diff"), changed}).exitCode, 10);

        // What is exported applies elsewhere, and changes nothing here.
        const Printed exported = ctl.run(words("config|export"));
        QCOMPARE(exported.exitCode, 0);
        QVERIFY(!exported.out.contains(m_slapd->password()));
        const QString copy = ctl.write(QStringLiteral("export.json"), exported.out);
        QCOMPARE(ctl.run({QStringLiteral("config"), QStringLiteral("diff"), copy}).exitCode, 0);
        Ctl other;
        QCOMPARE(other.run({QStringLiteral("config"), QStringLiteral("apply"), copy}).exitCode, 0);
        QCOMPARE(other.run(words("config|export")).json(), exported.json());
    }

    void warnsOfWhatAUserTypeCannotHold()
    {
        Ctl ctl;
        QJsonObject configuration = Ctl::configuration(*m_slapd);
        const auto row = [](const char *name, const char *value) {
            return QJsonObject{{QStringLiteral("name"), QString::fromLatin1(name)}, {QStringLiteral("value"), QString::fromLatin1(value)}};
        };
        const QJsonObject lookup{{QStringLiteral("ldapFilterPattern"), QStringLiteral("(uid=${identifier})")},
                                 {QStringLiteral("population"), QStringLiteral("People")},
                                 {QStringLiteral("attributeMappings"),
                                  QJsonArray{row("username", "${ldapAttributes.uid}"), row("title", "#string.split(ldapAttributes.title, ' ')")}}};
        const QJsonArray userTypes{QJsonObject{{QStringLiteral("name"), QStringLiteral("Employees")},
                                               {QStringLiteral("passwordAuthority"), QStringLiteral("LDAP")},
                                               {QStringLiteral("searchBaseDn"), QStringLiteral("ou=people,dc=example,dc=com")},
                                               {QStringLiteral("orderedCorrelationAttributes"), QJsonArray{QStringLiteral("uid")}},
                                               {QStringLiteral("newUserLookup"), lookup}}};
        configuration = with(configuration, "gateways", "userTypes", userTypes);
        const Printed applied = ctl.run({QStringLiteral("config"), QStringLiteral("apply"),
                                         ctl.write(QStringLiteral("config.json"), QJsonDocument(configuration).toJson())});
        QCOMPARE(applied.exitCode, 0); // it is applied all the same
        QVERIFY2(applied.err.contains("gateways[0].userTypes[0].newUserLookup.attributeMappings[1].value"), applied.err.constData());
        QVERIFY2(applied.err.contains("#string.join"), applied.err.constData());
    }

    void takesAConfigurationWithEverything()
    {
        Ctl ctl;
        const QString file = QStringLiteral(GATEHOUSE_SOURCE_DIR "/tests/data/head-office.json");
        QCOMPARE(ctl.run({QStringLiteral("config"), QStringLiteral("apply"), file}).exitCode, 0);
        QCOMPARE(ctl.run({QStringLiteral("config"), QStringLiteral("diff"), file}).exitCode, 0);
        QCOMPARE(ctl.run(words("gateway|show|Head office")).json().value(QStringLiteral("vendor")).toString(),
                 QStringLiteral("Microsoft Active Directory"));
    }

    void takesManyPopulations()
    {
        // The time of a processor, whatever else this machine does.
        const auto secondsOfChildren = [] {
            rusage used = {};
            ::getrusage(RUSAGE_CHILDREN, &used);
            return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
        };
        const auto populations = [](int count) {
            QJsonArray list;
            for (int number = 0; number < count; ++number)
                list.append(QJsonObject{{QStringLiteral("name"), QStringLiteral("Population %1").arg(number)},
                                        {QStringLiteral("default"), number == 0}});
            return QJsonObject{{QStringLiteral("populations"), list}};
        };
        Ctl ctl;
        for (const int count : {100'000, 100'000, 50'000}) {
            const double before = secondsOfChildren();
            const Printed applied = ctl.configure(populations(count));
            QVERIFY2(applied.exitCode == 0, applied.err.constData());
            const double took = secondsOfChildren() - before;
            QVERIFY2(took < 10, qPrintable(QString::number(took)));
        }
        QCOMPARE(ctl.run(words("--json|population|list")).jsonLines().size(), 50'000);
    }

    void refusesBadConfigurationsWhole()
    {
        Ctl ctl;
        QJsonObject bad = with(Ctl::configuration(*m_slapd), "rules", "connection", QStringLiteral("Nowhere"));
        bad = with(bad, "gateways", "bindPassword", QStringLiteral("secret"));
        bad.insert(QStringLiteral("colour"), 1);
        const Printed refused = ctl.run({QStringLiteral("config"), QStringLiteral("apply"),
                                         ctl.write(QStringLiteral("bad.json"), QJsonDocument(bad).toJson()), QStringLiteral("--json")});
        QCOMPARE(refused.exitCode, 2);
        QStringList places;
        for (const QJsonValue &fault : refused.json().value(QStringLiteral("error")).toObject().value(QStringLiteral("faults")).toArray())
            places.append(fault.toObject().value(QStringLiteral("where")).toString());
        QVERIFY2(places.contains(QStringLiteral("colour")) && places.contains(QStringLiteral("gateways[0].bindPassword")),
                 qPrintable(places.join(u' ')));
        QVERIFY(!refused.out.contains("\"secret\""));
        QCOMPARE(ctl.run(words("gateway|list|--json")).jsonLines().size(), 0);
    }

    void plansAndApplies()
    {
        Ctl ctl;
        QCOMPARE(ctl.configure(Ctl::configuration(*m_slapd)).exitCode, 0);
        const Printed plan = ctl.run(words("plan|People in|--json|--exit-code"));
        QCOMPARE(plan.exitCode, 10);
        const QJsonObject document = plan.json();
        for (const char *key : {"rule", "id", "counts", "groupCounts", "membershipCounts", "changes", "guards"})
            QVERIFY2(document.contains(QString::fromLatin1(key)), key);
        for (const char *key : {"create", "update", "disable", "enable", "delete", "unchanged", "failed", "outOfScope"})
            QVERIFY2(document.value(QStringLiteral("counts")).toObject().contains(QString::fromLatin1(key)), key);
        QCOMPARE(document.value(QStringLiteral("counts")).toObject().value(QStringLiteral("create")).toInt(), 30);
        QCOMPARE(document.value(QStringLiteral("changes")).toArray().size(), 30);
        const QJsonObject change = document.value(QStringLiteral("changes")).toArray().at(0).toObject();
        QCOMPARE(change.value(QStringLiteral("kind")).toString(), QStringLiteral("user"));
        QCOMPARE(change.value(QStringLiteral("source")).toObject().value(QStringLiteral("id")).toString().size(), 36);
        QVERIFY(!change.value(QStringLiteral("attributes")).toArray().isEmpty());

        const Printed applied = ctl.run(words("apply|People in|--json"));
        QCOMPARE(applied.exitCode, 0);
        QCOMPARE(applied.json().value(QStringLiteral("status")).toString(), QStringLiteral("succeeded"));
        QCOMPARE(applied.json().value(QStringLiteral("read")).toInt(), 30);
        QCOMPARE(ctl.run(words("plan|People in|--exit-code")).exitCode, 0);

        const Printed shown = ctl.run(words("user|show|user.3|--json"));
        QCOMPARE(shown.json().value(QStringLiteral("username")).toString(), QStringLiteral("user.3"));
        QCOMPARE(shown.json().value(QStringLiteral("name")).toObject().value(QStringLiteral("family")).toString(), QStringLiteral("Name3"));
        QVERIFY(shown.json().value(QStringLiteral("population")).toObject().contains(QStringLiteral("id")));
        QCOMPARE(ctl.run(words("user|list|--json")).jsonLines().size(), 30);
        QCOMPARE(ctl.run(words("user|list|--json|--search|user.2")).jsonLines().size(), 11);
        QCOMPARE(ctl.run(words("user|list|--json|--limit|5")).jsonLines().size(), 5);
        QCOMPARE(ctl.run(words("population|list|--json")).jsonLines().at(0).value(QStringLiteral("userCount")).toInt(), 30);
        const QString run = applied.json().value(QStringLiteral("run")).toString();
        const Printed history = ctl.run({QStringLiteral("run"), QStringLiteral("show"), run, QStringLiteral("--json")});
        QCOMPARE(history.json().value(QStringLiteral("results")).toArray().size(), 30);
        QCOMPARE(ctl.run(words("run|list|--json")).jsonLines().size(), 1);
    }

    void tellsFailuresApart_data()
    {
        QTest::addColumn<QString>("section");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("exitCode");
        const QJsonValue closed = QJsonArray{QStringLiteral("127.0.0.1:1")};
        QTest::newRow("closed port") << "gateways" << "serversHostAndPort" << closed << "UNREACHABLE" << 3;
        QTest::newRow("unknown host") << "gateways" << "serversHostAndPort" << QJsonValue(QJsonArray{QStringLiteral("no-such-host.invalid:636")}) << "UNREACHABLE" << 3;
        QTest::newRow("foreign certificate") << "gateways" << "caCertificateFile" << QJsonValue(m_foreign->caFile()) << "UNTRUSTED" << 3;
        QTest::newRow("refused bind") << "gateways" << "bindDN" << QJsonValue(QStringLiteral("cn=nobody,dc=example,dc=com")) << "UNAUTHENTICATED" << 3;
        QTest::newRow("no such base") << "rules" << "baseDn" << QJsonValue(QStringLiteral("ou=nowhere,dc=example,dc=com")) << "NOT_FOUND" << 2;
    }
    void tellsFailuresApart()
    {
        QFETCH(QString, section);
        QFETCH(QString, key);
        QFETCH(QJsonValue, value);
        QFETCH(QString, code);
        QFETCH(int, exitCode);
        Ctl ctl;
        QCOMPARE(ctl.configure(with(Ctl::configuration(*m_slapd), qPrintable(section), qPrintable(key), value)).exitCode, 0);
        const Printed plan = ctl.run(words("plan|People in|--json"));
        QCOMPARE(codeOf(plan), code);
        QCOMPARE(plan.exitCode, exitCode);
        const Printed applied = ctl.run(words("apply|People in|--json"));
        QCOMPARE(applied.exitCode, exitCode);
        QCOMPARE(applied.json().value(QStringLiteral("status")).toString(), QStringLiteral("failed"));
        QCOMPARE(ctl.run(words("user|list|--json")).jsonLines().size(), 0);
    }

    void endsWithTheGuardsCode()
    {
        Slapd slapd;
        QVERIFY2(slapd.load(Slapd::people(20)) && slapd.start(), qPrintable(slapd.errorText()));
        Ctl ctl;
        QCOMPARE(ctl.configure(Ctl::configuration(slapd)).exitCode, 0);
        QCOMPARE(ctl.run(words("apply|People in")).exitCode, 0);
        QByteArray removals;
        for (int i = 0; i < 5; ++i)
            removals += "dn: uid=user." + QByteArray::number(i) + ",ou=people,dc=example,dc=com\nchangetype: delete\n\n";
        QVERIFY(slapd.modify(removals));
        const Printed stopped = ctl.run(words("apply|People in|--json"));
        QCOMPARE(stopped.exitCode, 5);
        QCOMPARE(stopped.json().value(QStringLiteral("status")).toString(), QStringLiteral("stopped"));
        bool tripped = false;
        for (const QJsonValue &guard : stopped.json().value(QStringLiteral("guards")).toArray())
            tripped |= guard.toObject().value(QStringLiteral("tripped")).toBool();
        QVERIFY(tripped);
    }

    void testsAGateway()
    {
        Ctl ctl;
        QCOMPARE(ctl.configure(Ctl::configuration(*m_slapd)).exitCode, 0);
        const Printed tested = ctl.run(words("gateway|test|Directory|--json"));
        QCOMPARE(tested.exitCode, 0);
        const QJsonArray stages = tested.json().value(QStringLiteral("servers")).toArray().at(0).toObject().value(QStringLiteral("stages")).toArray();
        QStringList keys;
        for (const QJsonValue &stage : stages) {
            keys.append(stage.toObject().value(QStringLiteral("stage")).toString());
            const QString verdict = stage.toObject().value(QStringLiteral("verdict")).toString();
            QVERIFY2(verdict == QStringLiteral("passed") || verdict == QStringLiteral("skipped"), qPrintable(keys.last()));
        }
        QCOMPARE(keys, QStringList({QStringLiteral("resolve"), QStringLiteral("connect"), QStringLiteral("secure"), QStringLiteral("bind"),
                                    QStringLiteral("rootDSE"), QStringLiteral("base"), QStringLiteral("page"), QStringLiteral("count"),
                                    QStringLiteral("range"), QStringLiteral("changes"), QStringLiteral("write")}));
        QCOMPARE(ctl.run(words("gateway|test|Nowhere")).exitCode, 2);
    }

    void refusesASecretThatOthersMayRead()
    {
        Ctl ctl;
        const QString secret = ctl.write(QStringLiteral("password"), m_slapd->password());
        QFile::setPermissions(secret, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);
        QCOMPARE(ctl.configure(with(Ctl::configuration(*m_slapd), "gateways", "bindPassword", QJsonObject{{QStringLiteral("file"), secret}})).exitCode, 0);
        const Printed plan = ctl.run(words("plan|People in|--json"));
        QCOMPARE(codeOf(plan), QStringLiteral("DENIED"));
        QCOMPARE(plan.exitCode, 2);
        QFile::setPermissions(secret, QFile::ReadOwner | QFile::WriteOwner);
        QCOMPARE(ctl.run(words("plan|People in|--json")).exitCode, 0);
    }

private:
    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<Authority> m_foreign; ///< whose certificates m_slapd has none of
};

CONSOLE_TEST(CommandsTest)
#include "tst_commands.moc"
