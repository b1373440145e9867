// SPDX-License-Identifier: GPL-3.0-or-later
//
// Applying plans: every kind of step, what is refused alone, and that a batch is all or nothing.
#include "environmentfixture.h"

#include "store/journal.h"
#include "tests/support/testmain.h"

using namespace gatehouse;
using namespace gatehouse::store;
using core::Action;
using core::Step;
using core::ProblemCode;
using core::User;

class ApplyRefusalsTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void refusesTakenUser();
    void refusesEntryLinkedElsewhere();
    void refusesClashAlone_data();
    void refusesClashAlone();

private:
    std::unique_ptr<EnvironmentFixture> f;
};

void ApplyRefusalsTest::init()
{
    f = std::make_unique<EnvironmentFixture>();
    VERIFY_OK(f->open());
}

void ApplyRefusalsTest::cleanup()
{
    f.reset();
}

void ApplyRefusalsTest::refusesTakenUser()
{
    const User user = f->create(QStringLiteral("ann"), 1);
    Step step = stepFor(user, Action::Update, 2, {given("title", QStringLiteral("Clerk"))});
    step.link->before = {};
    const auto problem = f->applyOne(step);
    VERIFY_OK(problem);
    QVERIFY(*problem);
    QCOMPARE((*problem)->code, ProblemCode::TakenMatch);
    QCOMPARE(f->linkOf(1).userRow, user.row);
    QCOMPARE(f->identities().user(user.row).value().revision, user.revision);
}

void ApplyRefusalsTest::refusesEntryLinkedElsewhere()
{
    f->create(QStringLiteral("ann"), 1);
    const auto problem = f->applyOne(createStep(QStringLiteral("other"), 1));
    VERIFY_OK(problem);
    QVERIFY(*problem);
    QCOMPARE((*problem)->code, ProblemCode::ChangedMeanwhile);
    QCOMPARE(f->count("users"), 1);
}

void ApplyRefusalsTest::refusesClashAlone_data()
{
    QTest::addColumn<bool>("update");
    QTest::newRow("create") << false;
    QTest::newRow("update") << true;
}

void ApplyRefusalsTest::refusesClashAlone()
{
    QFETCH(bool, update);
    f->create(QStringLiteral("Ann"), 1);
    const User bob = f->create(QStringLiteral("bob"), 2);
    const Step bad = update ? stepFor(bob, Action::Update, 2,
                                          {change("username", QStringLiteral("bob"), QStringLiteral("aNN")),
                                           given("title", QStringLiteral("Clerk"))})
                                : createStep(QStringLiteral("aNN"), 3);
    const std::vector<Step> steps{createStep(QStringLiteral("carl"), 4), bad, createStep(QStringLiteral("dora"), 5)};
    const auto problems = f->identities().apply(f->context(), steps);
    VERIFY_OK(problems);
    QVERIFY(!problems->at(0));
    QVERIFY(problems->at(1));
    QVERIFY(!problems->at(2));
    QCOMPARE(problems->at(1)->code, ProblemCode::UniquenessViolation);
    QCOMPARE(problems->at(1)->attribute, QStringLiteral("username"));
    QVERIFY(problems->at(1)->message.contains(QStringLiteral("aNN")));
    QCOMPARE(f->count("users"), 4);
    QCOMPARE(f->count("links"), 4);
    QCOMPARE(f->identities().user(bob.row).value().revision, bob.revision);
    QCOMPARE(f->environment->runs().steps(f->run, 0, 100).value().size(), 4);
}

CONSOLE_TEST(ApplyRefusalsTest)
#include "tst_applyrefusals.moc"
