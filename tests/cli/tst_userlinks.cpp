// SPDX-License-Identifier: GPL-3.0-or-later
//
// What names somebody or something: never empty, never taken for everybody; and the commands that say by hand which entry
// a user is.
#include "tests/cli/ctl.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include "store/auditlog.h"
#include "store/environment.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const QByteArray kRemade = "dn: uid=user.3,ou=people,dc=example,dc=com\nchangetype: delete\n\n"
                           "dn: uid=user.3,ou=people,dc=example,dc=com\nchangetype: add\nobjectClass: inetOrgPerson\nuid: user.3\n"
                           "cn: Anew\nsn: Anew\n\n";

QStringList split(const char *text)
{
    return QString::fromLatin1(text).split(u'|');
}

} // namespace

class UserLinksTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void refusesWhatIsEmpty_data()
    {
        QTest::addColumn<QStringList>("command");
        for (const char *command : {"apply|People in|--user|", "apply|People in|--user=", "plan|People in|--user| ", "apply|", "plan|",
                                    "user|show|", "user|list|--search|", "user|list|--population|", "user|list|--limit|",
                                    "user|export|--out|", "user|link||Directory|uid=a", "user|link|a||uid=a", "user|link|a|Directory|",
                                    "user|unlink||Directory", "user|unlink|a|", "group|show|", "gateway|show|", "gateway|test|",
                                    "gateway|credential|create|", "gateway|credential|list|", "gateway|credential|revoke|",
                                    "gateway|endpoint|--host-name|", "config|apply|", "config|diff|", "config|export|--out|",
                                    "run|list|", "run|show|", "signon||anna|--simulate", "signon|Directory||--simulate",
                                    "signon|Directory|anna|--user-type||--simulate", "expr|1|--data|", "expr|--batch|"})
            QTest::newRow(command) << split(command);
    }

    void refusesWhatIsEmpty()
    {
        QFETCH(QStringList, command);
        Ctl ctl;
        const Printed printed = ctl.run(command + QStringList{QStringLiteral("--json")});
        QCOMPARE(printed.exitCode, 2);
        const QJsonObject error = printed.json().value(QStringLiteral("error")).toObject();
        QCOMPARE(error.value(QStringLiteral("code")).toString(), QStringLiteral("INVALID_INPUT"));
        QVERIFY2(error.value(QStringLiteral("what")).toString().endsWith(QStringLiteral("is empty")), printed.out.constData());
        QVERIFY(!QFile::exists(ctl.environment));
    }

    void refusesAnEmptyEnvironment()
    {
        Ctl ctl;
        ctl.environment.clear();
        QCOMPARE(ctl.run(split("user|list")).exitCode, 2);
    }

    void whoIsNotFoundIsNoSuccess()
    {
        Slapd slapd;
        QVERIFY(slapd.load(Slapd::people(12)) && slapd.start());
        Ctl ctl;
        QCOMPARE(ctl.configure(Ctl::configuration(slapd)).exitCode, 0);
        for (const char *command : {"plan|People in|--user|nobody|--json", "plan|People in|--user|uid=nobody,ou=people,dc=example,dc=com|--json"}) {
            const Printed printed = ctl.run(split(command));
            QCOMPARE(printed.exitCode, 2);
            QCOMPARE(printed.json().value(QStringLiteral("error")).toObject().value(QStringLiteral("code")).toString(),
                     QStringLiteral("NOT_FOUND"));
        }
        const Printed applied = ctl.run(split("apply|People in|--user|nobody|--json"));
        QCOMPARE(applied.exitCode, 2);
        QCOMPARE(applied.json().value(QStringLiteral("status")).toString(), QStringLiteral("failed"));
        QVERIFY(ctl.run(split("user|list|--json")).out.isEmpty());
        QCOMPARE(ctl.run(split("apply|People in|--user|user.3")).exitCode, 0);
        QCOMPARE(ctl.run(split("user|list|--json")).jsonLines().size(), 1);
    }

    void tiesAndUnties()
    {
        Slapd slapd;
        QVERIFY(slapd.load(Slapd::people(12)) && slapd.start());
        Ctl ctl;
        QCOMPARE(ctl.configure(Ctl::configuration(slapd)).exitCode, 0);
        QCOMPARE(ctl.run(split("apply|People in")).exitCode, 0);
        const QString id = ctl.run(split("user|show|user.3")).json().value(QStringLiteral("id")).toString();
        QVERIFY(slapd.modify(kRemade));
        QCOMPARE(ctl.run(split("apply|People in")).exitCode, 4);

        // What cannot be: nobody, nowhere, no DN, an entry that is somebody else's.
        const QString dn = QStringLiteral("uid=user.3,ou=people,dc=example,dc=com");
        const auto link = [&](const QString &who, const QString &gateway, const QString &entry) {
            return ctl.run({QStringLiteral("user"), QStringLiteral("link"), who, gateway, entry, QStringLiteral("--json")});
        };
        QCOMPARE(link(QStringLiteral("nobody"), QStringLiteral("Directory"), dn).exitCode, 2);
        QCOMPARE(link(QStringLiteral("user.3"), QStringLiteral("Elsewhere"), dn).exitCode, 2);
        QCOMPARE(link(QStringLiteral("user.3"), QStringLiteral("Directory"), QStringLiteral("user.3")).exitCode, 2);
        QCOMPARE(link(QStringLiteral("user.3"), QStringLiteral("Directory"), QStringLiteral("uid=nobody,dc=example,dc=com")).exitCode, 2);
        // An entry that no rule takes for a person is nobody's.
        for (const char *noPerson : {"ou=people,dc=example,dc=com", "dc=example,dc=com"})
            QCOMPARE(link(QStringLiteral("user.3"), QStringLiteral("Directory"), QString::fromLatin1(noPerson)).exitCode, 2);
        const Printed others = link(QStringLiteral("user.3"), QStringLiteral("Directory"), QStringLiteral("uid=user.4,ou=people,dc=example,dc=com"));
        QCOMPARE(others.exitCode, 2);
        QVERIFY2(others.out.contains("user.4"), others.out.constData());

        const Printed linked = link(QStringLiteral("user.3"), QStringLiteral("Directory"), dn);
        QVERIFY2(linked.exitCode == 0, linked.out.constData());
        QCOMPARE(linked.json().value(QStringLiteral("dn")).toString(), dn);
        QCOMPARE(ctl.run(split("apply|People in")).exitCode, 0);
        const QJsonObject user = ctl.run(split("user|show|user.3")).json();
        QCOMPARE(user.value(QStringLiteral("id")).toString(), id);
        QCOMPARE(user.value(QStringLiteral("name")).toObject().value(QStringLiteral("family")).toString(), QStringLiteral("Anew"));
        QCOMPARE(ctl.run(split("plan|People in|--exit-code")).exitCode, 0);

        QCOMPARE(ctl.run(split("user|unlink|user.3|Directory")).exitCode, 0);
        QCOMPARE(ctl.run(split("user|unlink|user.3|Directory")).exitCode, 2); // there is no link any more
        QCOMPARE(ctl.run(split("apply|People in")).exitCode, 0);
        QCOMPARE(ctl.run(split("user|show|user.3")).json().value(QStringLiteral("id")).toString(), id);

        const auto environment = store::Environment::open(ctl.environment, store::Environment::Access::ReadOnly);
        QVERIFY(environment);
        const auto events = (*environment)->audit().list(0, 10, QStringLiteral("user."));
        QVERIFY(events);
        QCOMPARE(events->size(), 2);
        QCOMPARE(events->at(0).action, QStringLiteral("user.unlink"));
        QCOMPARE(events->at(1).action, QStringLiteral("user.link"));
        QCOMPARE(events->at(1).subject, QStringLiteral("user.3"));
        QVERIFY(events->at(1).detail.contains(dn));
    }
};

CONSOLE_TEST(UserLinksTest)
#include "tst_userlinks.moc"
