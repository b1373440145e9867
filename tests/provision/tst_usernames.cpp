// SPDX-License-Identifier: GPL-3.0-or-later
//
// Usernames that change hands: exchanged, moved up in a chain, freed and taken within one run, and those of accounts that
// were made anew. After every run a plan has nothing left to do.
#include "tests/provision/scenario.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include "store/links.h"

#include <QHash>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

QByteArray renamed(const QByteArray &from, const QByteArray &to)
{
    return "dn: uid=" + from + ",ou=people,dc=example,dc=com\nchangetype: modrdn\nnewrdn: uid=" + to + "\ndeleteoldrdn: 1\n\n";
}

QByteArray person(const QByteArray &uid)
{
    return "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid + "\nsn: Sn\n\n";
}

QByteArray added(const QByteArray &uid)
{
    QByteArray record = person(uid);
    return record.insert(record.indexOf('\n') + 1, "changetype: add\n");
}

QByteArray removed(const QByteArray &uid)
{
    return "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nchangetype: delete\n\n";
}

QByteArray userName(int i)
{
    return "user." + QByteArray::number(i);
}

/// user.0 takes the uid of user.1, that of user.2 and so on; the last one takes that of user.0, or a new one.
QByteArray moveUp(int count, bool ring)
{
    QByteArray ldif = ring ? renamed(userName(0), "aside") : QByteArray();
    const QByteArray last = ring ? userName(0) : QByteArray("user.new");
    ldif += renamed(userName(count - 1), last);
    for (int i = count - 2; i > 0; --i)
        ldif += renamed(userName(i), userName(i + 1));
    return ldif + renamed(ring ? QByteArray("aside") : userName(0), userName(1));
}

/// Id of each user by the entry's immutable id.
QHash<QByteArray, QUuid> usersByEntry(Scenario &s)
{
    QHash<QByteArray, QUuid> users;
    std::vector<qint64> rows(size_t(s.userCount()) + 5);
    for (size_t i = 0; i < rows.size(); ++i)
        rows[i] = qint64(i) + 1;
    const auto people = s.environment->links().people(s.gateway().id, rows);
    for (const store::LinkedPerson &linked : *people)
        users.insert(linked.sourceId, s.environment->identities().user(linked.userRow)->id);
    return users;
}

} // namespace

class UsernamesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void exchangedAndMovedUpInOneRun_data()
    {
        QTest::addColumn<int>("people");
        QTest::addColumn<bool>("ring");
        QTest::newRow("two exchange theirs") << 2 << true;
        QTest::newRow("a ring of three") << 3 << true;
        QTest::newRow("a ring of 700") << 700 << true;
        QTest::newRow("one after another") << 3 << false;
        QTest::newRow("a chain of 700") << 700 << false;
    }

    void exchangedAndMovedUpInOneRun()
    {
        QFETCH(int, people);
        QFETCH(bool, ring);
        Scenario s;
        QVERIFY(s.begin(Slapd::people(1200)));
        QCOMPARE(s.apply().counts.users.create, 1200);
        const auto before = usersByEntry(s);
        QVERIFY(s.slapd.modify(moveUp(people, ring)));

        const auto planned = s.plan();
        QCOMPARE(planned.counts.users.failed, 0);
        QCOMPARE(planned.counts.users.update, people);
        const auto applied = s.apply();
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts, planned.counts);
        QCOMPARE(usersByEntry(s), before);
        QCOMPARE(s.plan().plan->size(), 0);
        QCOMPARE(s.value(QStringLiteral("user.1"), "name.family"), QStringLiteral("Name0"));
        QCOMPARE(s.value(ring ? QStringLiteral("user.0") : QStringLiteral("user.new"), "name.family"),
                 QStringLiteral("Name%1").arg(people - 1));
        QCOMPARE(s.value(QStringLiteral("user.0"), "username"), ring ? QStringLiteral("user.0") : QStringLiteral("(nobody)"));
    }

    void exchangedInAnotherCase()
    {
        Scenario s;
        QVERIFY(s.begin(person("anna") + person("Bert")));
        QCOMPARE(s.apply().counts.users.create, 2);
        QVERIFY(s.slapd.modify(renamed("anna", "aside") + renamed("Bert", "ANNA") + renamed("aside", "bERT")));
        const auto applied = s.apply();
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts.users.update, 2);
        QVERIFY(s.value(QStringLiteral("anna"), "username") == QStringLiteral("ANNA"));
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void freedAndTakenByANewAccount()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        QVERIFY(s.slapd.modify(renamed("user.3", "user.married") + added("user.3")));
        const auto applied = s.apply();
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts.users.update, 1);
        QCOMPARE(applied.counts.users.create, 1);
        QCOMPARE(s.value(QStringLiteral("user.married"), "name.family"), QStringLiteral("Name3"));
        QCOMPARE(s.value(QStringLiteral("user.3"), "name.family"), QStringLiteral("Sn"));
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void freedByADeletionAndTaken()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.connection().users.deprovision.removeAction = core::RemoveAction::Delete;
        QVERIFY(s.save());
        s.apply();
        // Somebody known takes the name of somebody who has left.
        QVERIFY(s.slapd.modify(removed("user.3") + renamed("user.4", "user.3")));
        const auto applied = s.apply();
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts.users.remove, 1);
        QCOMPARE(applied.counts.users.update, 1);
        QCOMPARE(s.value(QStringLiteral("user.3"), "name.family"), QStringLiteral("Name4"));
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void aChainWhoseFirstLinkFailsStaysAsItIs()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        // user.2's new name cannot be taken over, so user.1 does not get user.2's, nor user.0 user.1's.
        const QByteArray tooLong(200, 'x');
        QVERIFY(s.slapd.modify(renamed("user.2", tooLong) + renamed("user.1", "user.2") + renamed("user.0", "user.1")));
        const auto applied = s.apply();
        QCOMPARE(applied.status, store::RunStatus::Partial);
        QCOMPARE(applied.counts.users.failed, 3);
        QCOMPARE(applied.counts.changes(), 0);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(s.value(QString::fromLatin1(userName(i)), "name.family"), QStringLiteral("Name%1").arg(i));
        const core::Step refused = Scenario::stepOf(applied, QStringLiteral("user.0"));
        QCOMPARE(refused.problems.at(0).code, core::ProblemCode::UniquenessViolation);
        QVERIFY2(refused.problems.at(0).message.contains(QStringLiteral("uid=user.")), qPrintable(refused.problems.at(0).message));
        QCOMPARE(s.plan().counts.changes(), 0);
    }

    void aRingWithSomebodyWhoChangedMeanwhileIsLeftWhole()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        QVERIFY(s.slapd.modify(moveUp(4, true)));
        // Another process edits one of the four between plan and apply.
        bool edited = false;
        const auto applied = s.run(true, {}, [&](provision::Run &) {
            if (edited)
                return;
            edited = true;
            auto other = store::Environment::open(s.path(), store::Environment::Access::ReadWrite);
            auto user = (*other)->identities().userByKey(QStringLiteral("user.2"));
            user->values.set((*other)->catalog()->find(QStringLiteral("nickname")), QStringLiteral("Two"));
            (void)(*other)->identities().saveUser(*user);
        });
        QVERIFY(edited);
        if (applied.counts.users.failed > 0) { // the edit came after the entry was planned
            QCOMPARE(applied.counts.users.failed, 4);
            QCOMPARE(applied.counts.users.update, 0);
            for (int i = 0; i < 4; ++i)
                QCOMPARE(s.value(QString::fromLatin1(userName(i)), "name.family"), QStringLiteral("Name%1").arg(i));
        }
        QCOMPARE(s.apply().counts.users.failed, 0);
        QCOMPARE(s.value(QStringLiteral("user.1"), "name.family"), QStringLiteral("Name0"));
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void anAccountMadeAnewIsAConflictThatNamesBothEntries()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        QVERIFY(s.slapd.modify(removed("user.3") + added("user.3")));
        for (const bool again : {false, true}) {
            const auto applied = s.apply();
            QCOMPARE(applied.counts.users.failed, 1);
            QCOMPARE(applied.counts.users.disable, 0);
            QCOMPARE(applied.counts.users.unchanged, 19);
            QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
            const core::Step refused = Scenario::stepOf(applied, QStringLiteral("user.3"));
            QCOMPARE(refused.problems.at(0).code, core::ProblemCode::TakenMatch);
            const QString message = refused.problems.at(0).message;
            QVERIFY2(message.contains(QStringLiteral("uid=user.3,ou=people,dc=example,dc=com")), qPrintable(message));
            QVERIFY2(message.contains(QStringLiteral("gatehousectl user link 'user.3' 'Directory'")), qPrintable(message));
            QVERIFY2(again || message.contains(QStringLiteral("another username")), qPrintable(message));
        }
        // The plan for that one person says the same, and disables nobody either.
        const auto single = s.plan(QStringLiteral("user.3"));
        QCOMPARE(single.counts.users.failed, 1);
        QCOMPARE(single.counts.users.disable, 0);
    }

    void anAccountMadeAnewIsTiedAndTakenOver()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        const auto id = s.environment->identities().userByKey(QStringLiteral("user.3"))->id;
        QVERIFY(s.slapd.modify(removed("user.3")));
        QCOMPARE(s.apply().counts.users.disable, 1); // a day later the account is there again
        QVERIFY(s.slapd.modify(added("user.3")));
        const auto refused = s.apply();
        QCOMPARE(refused.counts.users.failed, 1);

        const core::Step step = Scenario::stepOf(refused, QStringLiteral("user.3"));
        const qint64 row = s.environment->identities().userByKey(QStringLiteral("user.3"))->row;
        QVERIFY(s.environment->links().tie(s.gateway().id, QStringLiteral("user.3"), {step.source.id, step.source.name, row}, s.gateway().name));
        const auto applied = s.apply();
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts.users.enable, 1);
        QCOMPARE(s.environment->identities().userByKey(QStringLiteral("user.3"))->id, id);
        QCOMPARE(s.value(QStringLiteral("user.3"), "name.family"), QStringLiteral("Sn"));
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void anUntiedUserIsMatchedByUsername()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        QVERIFY(s.slapd.modify(removed("user.3") + added("user.3")));
        const auto user = s.environment->identities().userByKey(QStringLiteral("user.3"));
        QVERIFY(s.environment->links().untie(s.gateway().id, user->row, QStringLiteral("user.3"), s.gateway().name));
        const auto applied = s.apply();
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts.users.update, 1);
        QCOMPARE(s.userCount(), 20);
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void twoWhoClaimOneNameAreBothNamed()
    {
        Scenario s;
        const QByteArray twin = "dn: cn=twin,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\ncn: twin\nsn: Twin\nuid: user.1\n\n";
        QVERIFY(s.begin(Slapd::people(12) + twin));
        const QString message = Scenario::stepOf(s.plan(), QStringLiteral("twin")).problems.at(0).message;
        QVERIFY2(message.contains(QStringLiteral("uid=user.1,ou=people")), qPrintable(message));
    }

    void whoIsNotFoundIsSaidSo_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no such username") << QStringLiteral("nobody") << QStringLiteral("No entry below");
        QTest::newRow("no such entry") << QStringLiteral("uid=nobody,ou=people,dc=example,dc=com") << QStringLiteral("no such entry");
        QTest::newRow("left out by the filter") << QStringLiteral("user.5") << QStringLiteral("filter leaves it out");
        QTest::newRow("outside") << QStringLiteral("cn=admin,dc=example,dc=com") << QStringLiteral("outside");
    }

    void whoIsNotFoundIsSaidSo()
    {
        QFETCH(QString, key);
        QFETCH(QString, reason);
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)));
        s.rule().scope.userFilter = QStringLiteral("(!(uid=user.5))");
        QVERIFY(s.save());
        for (const bool apply : {false, true}) {
            const auto outcome = s.run(apply, key);
            QVERIFY(outcome.error);
            QCOMPARE(outcome.error->code, core::Code::NotFound);
            QVERIFY2(outcome.error->text().contains(QStringLiteral("not found")), qPrintable(outcome.error->text()));
            QVERIFY2(outcome.error->text().contains(reason), qPrintable(outcome.error->text()));
        }
        QCOMPARE(s.userCount(), 0);
    }
};

CONSOLE_TEST(UsernamesTest)
#include "tst_usernames.moc"
