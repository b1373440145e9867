// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two rules on one gateway that read from the same place: each keeps whom its filter finds, and somebody who moves from one
// filter to the other's is taken over, in whichever order the rules run, and never disabled.
#include "tests/provision/scenario.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include "store/links.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

QByteArray peopleOf(const QByteArray &kind, int first, int count)
{
    QByteArray ldif;
    for (int i = first; i < first + count; ++i) {
        const QByteArray uid = "user." + QByteArray::number(i);
        ldif += "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid
                + "\nsn: Sn\nemployeeType: " + kind + "\n\n";
    }
    return ldif;
}

QByteArray turned(int i, const QByteArray &kind)
{
    return "dn: uid=user." + QByteArray::number(i) + ",ou=people,dc=example,dc=com\nchangetype: modify\nreplace: employeeType\n"
           "employeeType: " + kind + "\n-\n\n";
}

/// "People in" finds staff, "Guests in" guests.
bool beginTwo(Scenario &s, bool mapsEnabled)
{
    if (!s.begin(peopleOf("staff", 0, 20) + peopleOf("guest", 20, 20)))
        return false;
    if (!mapsEnabled)
        s.rule().mappings.users.removeLast();
    s.rule().scope.userFilter = QStringLiteral("(employeeType=staff)");
    core::Rule guests = s.rule();
    guests.id = QUuid();
    guests.name = QStringLiteral("Guests in");
    guests.scope.userFilter = QStringLiteral("(employeeType=guest)");
    s.configuration.rules.append(guests);
    return s.save();
}

provision::RunOutcome applied(Scenario &s, const QString &rule)
{
    provision::RunRequest request;
    request.rule = rule;
    request.apply = true;
    return s.run(request);
}

provision::RunOutcome planned(Scenario &s, const QString &rule)
{
    provision::RunRequest request;
    request.rule = rule;
    return s.run(request);
}

const QString kStaff = QStringLiteral("People in");
const QString kGuests = QStringLiteral("Guests in");

} // namespace

class TwoRulesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void whoMovesIsTakenOver_data()
    {
        QTest::addColumn<bool>("oldRuleFirst");
        QTest::addColumn<bool>("mapsEnabled");
        QTest::newRow("the old rule runs first") << true << false;
        QTest::newRow("the new rule runs first") << false << false;
        QTest::newRow("the old rule first, enabled mapped") << true << true;
        QTest::newRow("the new rule first, enabled mapped") << false << true;
    }

    void whoMovesIsTakenOver()
    {
        QFETCH(bool, oldRuleFirst);
        QFETCH(bool, mapsEnabled);
        Scenario s;
        QVERIFY(beginTwo(s, mapsEnabled));
        QCOMPARE(applied(s, kStaff).counts.users.create, 20);
        QCOMPARE(applied(s, kGuests).counts.users.create, 20);
        QVERIFY(s.slapd.modify(turned(3, "guest")));
        for (const QString &rule : oldRuleFirst ? QStringList{kStaff, kGuests} : QStringList{kGuests, kStaff}) {
            const auto outcome = applied(s, rule);
            QVERIFY2(!outcome.error, outcome.error ? qPrintable(outcome.error->text()) : "");
            QCOMPARE(outcome.counts.users.disable, 0);
            QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
        }
        const qint64 guests = *s.environment->links().ruleRow(s.configuration.rule(kGuests)->id);
        const core::User user = *s.environment->identities().userByKey(QStringLiteral("user.3"));
        const auto person = s.environment->links().people(s.gateway().id, {user.row});
        QCOMPARE((*s.environment->links().find(s.gateway().id, person->front().sourceId))->ruleRow, guests);
        QCOMPARE(planned(s, kStaff).plan->size(), 0);
        QCOMPARE(planned(s, kGuests).plan->size(), 0);
        QCOMPARE(planned(s, kGuests).counts.users.unchanged, 21);

        // And back again, in the same order.
        QVERIFY(s.slapd.modify(turned(3, "staff")));
        for (const QString &rule : oldRuleFirst ? QStringList{kStaff, kGuests} : QStringList{kGuests, kStaff})
            QCOMPARE(applied(s, rule).counts.users.disable, 0);
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
        // Whoever is in neither has left.
        QVERIFY(s.slapd.modify(turned(4, "nobody")));
        QCOMPARE(applied(s, kGuests).counts.users.disable, 0);
        QCOMPARE(applied(s, kStaff).counts.users.disable, 1);
    }

    void whomBothMeanStaysWhereTheyAre()
    {
        Scenario s;
        QVERIFY(beginTwo(s, true));
        applied(s, kStaff);
        s.configuration.rules[1].scope.userFilter = QStringLiteral("(employeeType=*)");
        QVERIFY(s.save());
        const auto outcome = applied(s, kGuests);
        QCOMPARE(outcome.counts.users.create, 20);
        QCOMPARE(outcome.counts.users.outOfScope, 20);
        QCOMPARE(outcome.read, 40);
        QCOMPARE(planned(s, kStaff).counts.users.unchanged, 20);
        QCOMPARE(planned(s, kGuests).counts.users.outOfScope, 20);
    }

    void whoWasDisabledBeforeIsTakenOver()
    {
        Scenario s;
        QVERIFY(beginTwo(s, false));
        s.configuration.rules[1].enabled = false;
        QVERIFY(s.save());
        applied(s, kStaff);
        QVERIFY(s.slapd.modify(turned(3, "guest")));
        QCOMPARE(applied(s, kStaff).counts.users.disable, 1); // no other rule is at work yet
        s.configuration.rules[1].enabled = true;
        QVERIFY(s.save());
        QCOMPARE(applied(s, kGuests).counts.users.enable, 1);
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
        QCOMPARE(applied(s, kStaff).counts.changes(), 0);
        QCOMPARE(planned(s, kGuests).plan->size(), 0);
    }
};

CONSOLE_TEST(TwoRulesTest)
#include "tst_tworules.moc"
