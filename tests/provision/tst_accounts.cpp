// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs against a real directory, by what an entry means: accounts that are disabled there, dates that pass, attributes under
// other names, filters that stand for themselves.
#include "provision/ruleperson.h"
#include "provision/run.h"
#include "store/links.h"
#include "store/schemas.h"
#include "tests/provision/scenario.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QDateTime>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

QByteArray change(const QByteArray &uid, const QByteArray &changes)
{
    return "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nchangetype: modify\n" + changes + "\n";
}

QString instant(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

Slapd::Options ping()
{
    Slapd::Options options;
    options.schema = Slapd::Schema::PingDirectory;
    return options;
}

void withoutEnabled(core::Rule &rule)
{
    rule.mappings.users.removeIf(
        [](const core::AttributeMapping &row) { return row.target == QStringLiteral("enabled"); });
}

QStringList wheres(const provision::RunOutcome &outcome)
{
    QStringList found;
    for (const core::Error &warning : outcome.warnings)
        found << warning.where;
    return found;
}

} // namespace

class AccountsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void theSourceDecidesWhereNothingMapsEnabled()
    {
        Scenario s(ping());
        QVERIFY(s.begin(Slapd::people(12)));
        QVERIFY(s.slapd.modify(change("user.3", "add: ds-pwp-account-disabled\nds-pwp-account-disabled: TRUE\n")));
        withoutEnabled(s.rule());
        QVERIFY(s.save());
        const auto first = s.apply();
        QCOMPARE(first.counts.users.create, 12);
        QVERIFY(first.warnings.isEmpty());
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("false"));
        QCOMPARE(s.value(QStringLiteral("user.4"), "enabled"), QStringLiteral("true"));
        QCOMPARE(s.plan().plan->size(), 0);

        // The link knows that a rule did it, and so does the preview of the person once the account is active again.
        const qint64 row = s.environment->identities().userByKey(QStringLiteral("user.3"))->row;
        const auto people = s.environment->links().people(s.gateway().id, {row});
        QVERIFY(people && !people->empty());
        const auto link = s.environment->links().find(s.gateway().id, people->front().sourceId);
        QVERIFY(link && *link);
        QVERIFY((*link)->disabling == core::Disabling::Inactive);
        const core::Entry active{people->front().sourceDn,
                                 {{"uid", {"user.3"}}, {"entryUUID", {core::displayId(people->front().sourceId).toUtf8()}}}};
        const auto preview =
            provision::rulePerson(*s.environment, s.gateway(), s.connection(), active, s.rule().mappings.users);
        QVERIFY(preview);
        QCOMPARE(preview->action, core::Action::Enable);

        // Disabled later, and active again: both ways by the rule.
        QVERIFY(s.slapd.modify(change("user.4", "add: ds-pwp-account-disabled\nds-pwp-account-disabled: TRUE\n")
                               + change("user.3", "delete: ds-pwp-account-disabled\n")));
        const auto second = s.apply();
        QCOMPARE(second.counts.users.disable, 1);
        QCOMPARE(second.counts.users.enable, 1);
        QCOMPARE(s.value(QStringLiteral("user.4"), "enabled"), QStringLiteral("false"));
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));

        // Whom somebody disables by hand stays so, whatever the source says.
        for (const char *name : {"user.4", "user.5"}) {
            core::User user = *s.environment->identities().userByKey(QString::fromLatin1(name));
            user.values.set(s.environment->catalog()->enabled(), true);
            const auto on = s.environment->identities().saveUser(user);
            QVERIFY(on);
            user = *on;
            user.values.set(s.environment->catalog()->enabled(), false);
            QVERIFY(s.environment->identities().saveUser(user));
        }
        QVERIFY(s.slapd.modify(change("user.4", "delete: ds-pwp-account-disabled\n")));
        QCOMPARE(s.apply().counts.changes(), 0);
        QCOMPARE(s.value(QStringLiteral("user.4"), "enabled"), QStringLiteral("false"));
        QCOMPARE(s.value(QStringLiteral("user.5"), "enabled"), QStringLiteral("false"));
    }

    void warnsWhereNothingDisables()
    {
        Scenario s(ping());
        QVERIFY(s.begin(Slapd::people(12)));
        QVERIFY(s.slapd.modify(change("user.3", "add: ds-pwp-account-disabled\nds-pwp-account-disabled: TRUE\n")));
        withoutEnabled(s.rule());
        s.connection().users.disable = false;
        s.connection().users.deprovision.enabled = false;
        QVERIFY(s.save());
        const auto planned = s.plan();
        QCOMPARE(wheres(planned), QStringList{QStringLiteral("People in.attributeMappings")});
        s.apply();
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
    }

    void aDatePassesWhileTheEntryStays()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)));
        const QDateTime end = QDateTime::currentDateTimeUtc().addSecs(4);
        QVERIFY(s.slapd.modify(change("user.3", "add: description\ndescription: " + instant(end).toUtf8() + '\n')
                               + change("user.4", "add: description\ndescription: 2999-01-01T00:00:00.000Z\n")));
        s.rule().mappings.users.last() = {QStringLiteral("enabled"),
                                          {},
                                          QStringLiteral("description == null or description > #datetime.now()"),
                                          core::MappingWhen::Always};
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.create, 12);
        QTest::qWait(int(std::max<qint64>(0, QDateTime::currentDateTimeUtc().msecsTo(end)) + 50));
        const auto planned = s.plan();
        QCOMPARE(planned.counts.users.disable, 1);
        QCOMPARE(planned.counts.users.unchanged, 11); // by fingerprint: whom nothing changes for is not looked up
        QCOMPARE(planned.plan->size(), 1);
        QCOMPARE(s.apply().counts.users.disable, 1);
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("false"));
        QCOMPARE(s.plan().counts.users.unchanged, 12);
    }

    void anAccountExpiresWhileTheEntryStays()
    {
        Slapd::Options options;
        options.schema = Slapd::Schema::ActiveDirectory;
        options.globalLines = {QStringLiteral("attributetype ( 1.2.840.113556.1.4.159 NAME 'accountExpires' EQUALITY integerMatch SYNTAX "
                                              "1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )"),
                               QStringLiteral("objectclass ( 1.2.840.113556.1.5.9999 NAME 'expiring' AUXILIARY MAY accountExpires )")};
        Scenario s(options);
        QVERIFY(s.begin(Slapd::adPeople(12)));
        s.gateway().vendor = core::Vendor::ActiveDirectory;
        s.rule().mappings.users = {Scenario::map("username", "sAMAccountName")};
        QVERIFY(s.save());
        const QDateTime end = QDateTime::currentDateTimeUtc().addSecs(4);
        const QByteArray steps = QByteArray::number((end.toMSecsSinceEpoch() + 11'644'473'600'000) * 10'000);
        QVERIFY2(s.slapd.modify("dn: cn=Name3,ou=people,dc=example,dc=com\nchangetype: modify\nadd: objectClass\nobjectClass: expiring\n-\n"
                                "add: accountExpires\naccountExpires: " + steps + "\n\n"), qPrintable(s.slapd.errorText()));
        QCOMPARE(s.apply().counts.users.create, 12);
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
        QTest::qWait(int(std::max<qint64>(0, QDateTime::currentDateTimeUtc().msecsTo(end)) + 50));
        QCOMPARE(s.apply().counts.users.disable, 1);
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("false"));
        QCOMPARE(s.plan().counts.users.unchanged, 12);
    }

    void attributesHaveManyNames()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)));
        QCOMPARE(s.apply().counts.users.create, 12);
        // The same attributes by other names of theirs: nothing changes for anybody.
        s.rule().mappings.users = {Scenario::map("username", "userid"), Scenario::map("name.given", "gn"),
                                      Scenario::map("name.family", "2.5.4.4"), Scenario::map("email", "rfc822Mailbox"),
                                      {QStringLiteral("title"), {}, QStringLiteral("#root['2.5.4.12']"), core::MappingWhen::Always},
                                      {QStringLiteral("nickname"), {}, QStringLiteral("gn + ' ' + givenName + ' ' + surname"), core::MappingWhen::Always},
                                      Scenario::map("enabled", "active")};
        s.rule().scope.userFilter = QStringLiteral("(&(objectClass=person)(surname=Name*))");
        QVERIFY(s.save());
        const auto applied = s.apply();
        QVERIFY2(applied.warnings.isEmpty(), qPrintable(wheres(applied).join(u' ')));
        QCOMPARE(applied.counts.users.update, 12);
        QCOMPARE(s.value(QStringLiteral("user.7"), "name.family"), QStringLiteral("Name7"));
        const QString given = s.value(QStringLiteral("user.7"), "name.given");
        QVERIFY(!given.isEmpty());
        QCOMPARE(s.value(QStringLiteral("user.7"), "nickname"), given + u' ' + given + QStringLiteral(" Name7"));
        QCOMPARE(s.value(QStringLiteral("user.7"), "title"), QStringLiteral("Engineer"));
        QCOMPARE(s.plan().plan->size(), 0);
        // What it was read with is remembered for checks without the directory.
        const auto schema = s.environment->schemas().load(s.gateway().id);
        QVERIFY(schema && *schema);
        QCOMPARE((*schema)->canonical("gn"), QByteArray("givenName"));
    }

    void saysWhatNoSchemaKnows()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)));
        s.rule().mappings.users[4] = Scenario::map("title", "titel");
        s.rule().scope.userFilter = QStringLiteral("(&(objectClass=person)(!(employeeTypo=x)))");
        QVERIFY(s.save());
        const auto planned = s.plan();
        QCOMPARE(wheres(planned), (QStringList{QStringLiteral("People in.userFilter"), QStringLiteral("People in.attributeMappings[4].source")}));
        QVERIFY(planned.warnings.first().what.contains(QStringLiteral("employeeTypo")));
    }

    void aFilterStandsForItself()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12) + "dn: cn=printer,ou=people,dc=example,dc=com\nobjectClass: device\nobjectClass: uidObject\ncn: printer\n"
                                            "uid: printer\n\n"));
        QCOMPARE(s.plan().counts.users.create, 12); // the directory type's own filter for people
        s.rule().scope.userFilter = QStringLiteral("(uid=*)");
        QVERIFY(s.save());
        QCOMPARE(s.plan().counts.users.create, 13);
    }
};

CONSOLE_TEST(AccountsTest)
#include "tst_accounts.moc"
