// SPDX-License-Identifier: GPL-3.0-or-later
//
// Guards: harm is counted by what happens to people, not by why; percentages count however few people there are.
#include "core/config/validate.h"
#include "core/plan/counts.h"
#include "core/plan/guards.h"
#include "tests/core/completeconfig.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse::core;

namespace {

Step step(Action action, QList<AttributeChange> changes = {})
{
    Step one;
    one.action = action;
    one.changes = std::move(changes);
    return one;
}

AttributeChange change(const char *name, const Value &before, const Value &after)
{
    return {QString::fromLatin1(name), before, after};
}

GuardTally tallyOf(const QList<Step> &steps)
{
    GuardTally tally(QStringLiteral("username"));
    for (const Step &one : steps)
        tally.count(one);
    return tally;
}

/// "name" or "name(subject)" of what tripped, sorted.
QStringList tripped(const QList<GuardVerdict> &verdicts)
{
    QStringList names;
    for (const GuardVerdict &verdict : verdicts) {
        if (verdict.tripped)
            names << (verdict.subject.isEmpty() ? verdict.name : QStringLiteral("%1(%2)").arg(verdict.name, verdict.subject));
    }
    names.sort();
    return names;
}

QList<Step> times(const Step &one, int count)
{
    return QList<Step>(count, one);
}

} // namespace

class TestGuards : public QObject {
    Q_OBJECT

private slots:
    void judgesDeprovisions_data();
    void judgesDeprovisions();
    void countsWhatHappensNotWhy();
    void judgesEachAttributeBlanked();
    void zeroAllowsNone();
    void minusOneIsNoLimit();
    void judgesUpdatesAndRenames();
    void judgesTheRead_data();
    void judgesTheRead();
    void judgesLostUnits();
    void onePersonIsNoRead();
    void warnsOfGuardsWithNothingToGuard();
    void verdictsGoToJsonAndBack();
    void countsGroupsAndMembers();
};

void TestGuards::judgesDeprovisions_data()
{
    QTest::addColumn<int>("leaving");
    QTest::addColumn<int>("people");
    QTest::addColumn<QStringList>("stops");
    const QString number = QStringLiteral("maxDeprovisions"), percent = QStringLiteral("maxDeprovisionPercent");
    QTest::newRow("nobody") << 0 << 1000 << QStringList();
    QTest::newRow("at the percentage") << 100 << 1000 << QStringList();
    QTest::newRow("over the percentage") << 101 << 1000 << QStringList{percent};
    QTest::newRow("at the number") << 500 << 100000 << QStringList();
    QTest::newRow("over the number") << 501 << 100000 << QStringList{number};
    QTest::newRow("all of nine") << 9 << 9 << QStringList{percent};
    QTest::newRow("two of nine") << 2 << 9 << QStringList{percent};
    QTest::newRow("two of ten") << 2 << 10 << QStringList{percent};
    QTest::newRow("one of nine") << 1 << 9 << QStringList();
    QTest::newRow("the only one") << 1 << 1 << QStringList();
    QTest::newRow("everybody") << 600 << 600 << QStringList{percent, number};
}

void TestGuards::judgesDeprovisions()
{
    QFETCH(int, leaving);
    QFETCH(int, people);
    QFETCH(QStringList, stops);
    stops.sort();
    const GuardTally tally = tallyOf(times(step(Action::Disable), leaving));
    QCOMPARE(tripped(judge({}, tally, {people, {}, people, people})), stops);
}

void TestGuards::countsWhatHappensNotWhy()
{
    Step gone = step(Action::Disable, {change("enabled", true, false)});
    gone.departure = Departure::NotVisible;
    const Step byMapping = step(Action::Disable, {change("enabled", true, false), change("title", QStringLiteral("a"), {})});
    const GuardTally tally = tallyOf({gone, byMapping, step(Action::Delete, {change("title", QStringLiteral("a"), {})}),
                                      step(Action::Create, {change("title", {}, QStringLiteral("b"))}), step(Action::Failed)});
    QCOMPARE(tally.deprovisions(), 3);
    QCOMPARE(tally.updates(), 0);
    QCOMPARE(tally.blanked(), (QHash<QString, qint64>{{QStringLiteral("title"), 1}})); // who is deleted loses all
}

void TestGuards::judgesEachAttributeBlanked()
{
    const QString text = QStringLiteral("x");
    QList<Step> steps = times(step(Action::Update, {change("email", text, {}), change("title", text, {})}), 21);
    steps += times(step(Action::Update, {change("title", {}, text)}), 50);
    steps += times(step(Action::Update, {change("email", text, {})}), 2);
    const GuardTally tally = tallyOf(steps);
    GuardGround ground{1000, {{QStringLiteral("email"), 100}, {QStringLiteral("title"), 200}}, 1000, 1000};
    const auto verdicts = judge({}, tally, ground);
    QCOMPARE(tripped(verdicts), QStringList{QStringLiteral("maxBlankedPercent(email)")});
    for (const GuardVerdict &verdict : verdicts) {
        if (verdict.name == QLatin1String("maxBlankedPercent"))
            QCOMPARE(verdict.actual, 23.0);
    }
    Guards byNumber;
    byNumber.maxBlankedPercent = -1;
    byNumber.maxBlanked = 20;
    QCOMPARE(tripped(judge(byNumber, tally, ground)),
             (QStringList{QStringLiteral("maxBlanked(email)"), QStringLiteral("maxBlanked(title)")}));
    byNumber.maxBlanked = 22;
    QCOMPARE(tripped(judge(byNumber, tally, ground)), QStringList{QStringLiteral("maxBlanked(email)")});
    // Nobody loses anything: the guard is there all the same, and says so.
    const auto quiet = judge(byNumber, tallyOf({}), ground);
    QVERIFY(std::any_of(quiet.begin(), quiet.end(), [](const GuardVerdict &verdict) {
        return verdict.name == QLatin1String("maxBlanked") && verdict.actual == 0 && !verdict.tripped;
    }));
}

void TestGuards::zeroAllowsNone()
{
    Guards none;
    for (const GuardKey &key : guardKeys()) {
        if (key.lowest < 0)
            none.*key.value = 0;
    }
    const GuardTally tally = tallyOf({step(Action::Disable), step(Action::Update, {change("username", QStringLiteral("a"), QStringLiteral("b"))}),
                                      step(Action::Update, {change("email", QStringLiteral("a"), {})})});
    QCOMPARE(tripped(judge(none, tally, {100000, {{QStringLiteral("email"), 100000}}, 100000, 100000})),
             (QStringList{QStringLiteral("maxBlanked(email)"), QStringLiteral("maxBlankedPercent(email)"),
                          QStringLiteral("maxDeprovisionPercent"), QStringLiteral("maxDeprovisions"),
                          QStringLiteral("maxRenamePercent"), QStringLiteral("maxRenames"), QStringLiteral("maxUpdatePercent"),
                          QStringLiteral("maxUpdates")}));
    QCOMPARE(tripped(judge(none, tallyOf({}), {100, {}, 100, 100})), QStringList());
}

void TestGuards::minusOneIsNoLimit()
{
    Guards off;
    for (const GuardKey &key : guardKeys())
        off.*key.value = key.lowest;
    off.unitLoss = false;
    const GuardTally tally = tallyOf(times(step(Action::Disable, {change("email", QStringLiteral("a"), {})}), 1000));
    QVERIFY(judge(off, tally, {1000, {}, 1, 1000, {QStringLiteral("ou=a")}}).isEmpty());
    // Nothing at all where there was something is no read, whatever is allowed.
    QCOMPARE(tripped(judge(off, tally, {1000, {}, 0, 1000})), QStringList{QStringLiteral("emptyRead")});
    QCOMPARE(tripped(judge(off, tally, {1, {}, 0, {}})), QStringList{QStringLiteral("emptyRead")});
}

void TestGuards::judgesUpdatesAndRenames()
{
    Guards guards;
    guards.maxUpdatePercent = 50;
    guards.maxRenames = 3;
    const Step rename = step(Action::Update, {change("username", QStringLiteral("a"), QStringLiteral("b"))});
    const GuardGround ground{10, {}, 10, 10};
    QCOMPARE(tripped(judge(guards, tallyOf(times(rename, 3)), ground)), QStringList());
    QCOMPARE(tripped(judge(guards, tallyOf(times(rename, 4)), ground)), QStringList{QStringLiteral("maxRenames")});
    QCOMPARE(tripped(judge(guards, tallyOf(times(step(Action::Update), 6)), ground)), QStringList{QStringLiteral("maxUpdatePercent")});
    QCOMPARE(tripped(judge({}, tallyOf(times(rename, 10)), ground)), QStringList()); // off by default
}

void TestGuards::judgesTheRead_data()
{
    QTest::addColumn<qint64>("read");
    QTest::addColumn<qint64>("last");
    QTest::addColumn<qint64>("people");
    QTest::addColumn<QStringList>("stops");
    const QString empty = QStringLiteral("emptyRead"), least = QStringLiteral("minReadPercent");
    QTest::newRow("first") << qint64(5) << qint64(0) << qint64(0) << QStringList();
    QTest::newRow("first, and nobody") << qint64(0) << qint64(0) << qint64(0) << QStringList();
    QTest::newRow("as many") << qint64(100) << qint64(100) << qint64(100) << QStringList();
    QTest::newRow("half") << qint64(50) << qint64(100) << qint64(100) << QStringList();
    QTest::newRow("less than half") << qint64(49) << qint64(100) << qint64(100) << QStringList{least};
    QTest::newRow("nobody") << qint64(0) << qint64(3) << qint64(3) << QStringList{empty, least};
    QTest::newRow("nobody, never read") << qint64(0) << qint64(0) << qint64(3) << QStringList{empty};
}

void TestGuards::judgesTheRead()
{
    QFETCH(qint64, read);
    QFETCH(qint64, last);
    QFETCH(qint64, people);
    QFETCH(QStringList, stops);
    QCOMPARE(tripped(judge({}, tallyOf({}), {people, {}, read, last})), stops);
}

void TestGuards::judgesLostUnits()
{
    const GuardGround ground{1000, {}, 900, 1000, {QStringLiteral("ou=a,dc=x"), QStringLiteral("ou=b,dc=x")}};
    QCOMPARE(tripped(judge({}, tallyOf({}), ground)),
             (QStringList{QStringLiteral("unitLoss(ou=a,dc=x)"), QStringLiteral("unitLoss(ou=b,dc=x)")}));
    Guards off;
    off.unitLoss = false;
    QCOMPARE(tripped(judge(off, tallyOf({}), ground)), QStringList());
}

void TestGuards::onePersonIsNoRead()
{
    // A run about one person says nothing about how much there is.
    for (const GuardVerdict &verdict : judge({}, tallyOf({step(Action::Disable)}), {100, {}, {}, 100}))
        QVERIFY2(!verdict.tripped && verdict.name != QLatin1String("minReadPercent") && verdict.name != QLatin1String("emptyRead"),
                 qPrintable(verdict.name));
}

void TestGuards::warnsOfGuardsWithNothingToGuard()
{
    Configuration configuration = gatehouse::test::goodConfiguration();
    configuration.rules[0].guards = {};
    const auto idle = [&] {
        QStringList places;
        for (const Error &error : warnings(configuration)) {
            if (error.where.contains(QLatin1String(".guards.")))
                places << error.where;
        }
        return places;
    };
    QCOMPARE(idle(), QStringList());
    configuration.rules[0].guards.maxGroupDeletions = 3;
    configuration.rules[0].guards.maxBlanked = 3;
    QCOMPARE(idle(), QStringList{QStringLiteral("rules[0].guards.maxGroupDeletions")});
}

void TestGuards::verdictsGoToJsonAndBack()
{
    const GuardVerdict verdict{QStringLiteral("maxBlankedPercent"), 20, 33.5, true, QStringLiteral("email")};
    const GuardVerdict back = verdictFromJson(toJson(verdict));
    QCOMPARE(back.name, verdict.name);
    QCOMPARE(back.limit, verdict.limit);
    QCOMPARE(back.actual, verdict.actual);
    QCOMPARE(back.tripped, verdict.tripped);
    QCOMPARE(back.subject, verdict.subject);
    QVERIFY(!toJson(GuardVerdict{QStringLiteral("emptyRead"), 1, 0, true}).contains(QLatin1String("subject")));
}

void TestGuards::countsGroupsAndMembers()
{
    GuardTally tally(QStringLiteral("username"));
    Step members = step(Action::Update);
    members.target.kind = ObjectKind::Membership;
    members.memberships.resize(10);
    for (int place = 0; place < 3; ++place)
        members.memberships[place].added = false;
    tally.count(members);
    Step group = step(Action::Delete);
    group.target.kind = ObjectKind::Group;
    group.memberships.append(MembershipChange{false});
    tally.count(group);
    Step person = step(Action::Delete);
    person.memberships.append(MembershipChange{false}); // goes with the person
    tally.count(person);
    Step device = step(Action::Delete);
    device.target.kind = ObjectKind::Device;
    tally.count(device);
    QCOMPARE(tally.membershipRemovals(), 4);
    QCOMPARE(tally.groupDeletions(), 1);
    QCOMPARE(tally.deviceRemovals(), 1);
    QCOMPARE(tally.deprovisions(), 1);

    Guards guards;
    GuardGround ground{100};
    const auto tripped = [&] {
        QStringList names;
        for (const GuardVerdict &verdict : judge(guards, tally, ground)) {
            if (verdict.tripped)
                names.append(verdict.name);
        }
        return names;
    };
    QVERIFY(tripped().isEmpty()); // a rule that provisions people alone
    ground.memberships = 10;
    ground.groups = 20;
    QCOMPARE(tripped(), QStringList{QStringLiteral("maxMembershipRemovalPercent")});
    guards.maxGroupDeletions = 0;
    QCOMPARE(tripped().size(), 2);

    PlanCounts counts;
    for (const Step &one : {members, group, person, device})
        counts.count(one);
    QCOMPARE(counts.memberships, (MembershipCounts{7, 5}));
    QCOMPARE(counts.groups.remove, 1);
    QCOMPARE(counts.users.remove, 1);
    QCOMPARE(counts.groups.update, 0);
    QCOMPARE(planCountsFromJson(toJson(counts)), counts);
}

CONSOLE_TEST(TestGuards)
#include "tst_guards.moc"
