// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loading many users with the indexes put off: nothing may slip through that the indexes would have refused, and
// nothing may be lost when the program dies.
#include "environmentfixture.h"

#include "store/bulkload.h"
#include "store/migrations.h"
#include "tests/support/testmain.h"

#include <rapidcheck.h>

#include <csignal>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::store;
using core::Action;
using core::Step;
using core::ProblemCode;
using core::User;

class BulkLoadTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void hashSetIsASet();
    void onlyWhereItPays();
    void refusesWhatTheIndexesWould();
    void seesOtherWriters();
    void otherWritersSeeIt();
    void editsMeanwhile();
    void failedBatchIsForgotten();
    void matchesWithoutIndex();
    void indexesComeBackAfterAKill();
    void openingBesideALoadLeavesItAlone();
    void secondLoadGoesWithout();

private:
    bool applied(const std::vector<Step> &steps, size_t refused = 0)
    {
        const auto problems = f->identities().apply(f->context(), steps);
        return problems
               && size_t(std::count_if(problems->begin(), problems->end(), [](const auto &p) { return p.has_value(); })) == refused;
    }
    std::vector<Step> creates(quint64 from, quint64 count)
    {
        std::vector<Step> steps;
        for (quint64 entry = from; entry < from + count; ++entry)
            steps.push_back(createStep(QStringLiteral("User%1").arg(entry), entry));
        return steps;
    }
    bool whole(Database &database)
    {
        Statement check = database.prepare("PRAGMA integrity_check");
        return check.step().value() && check.text(0) == QLatin1String("ok") && isIndexed(database);
    }
    std::unique_ptr<EnvironmentFixture> f;
};

void BulkLoadTest::init()
{
    f = std::make_unique<EnvironmentFixture>();
    VERIFY_OK(f->open());
}

void BulkLoadTest::cleanup()
{
    f.reset();
}

void BulkLoadTest::hashSetIsASet()
{
    QVERIFY(rc::check("a HashSet answers as a set does", [](const std::vector<std::string> &in, const std::vector<std::string> &asked) {
        HashSet hashes;
        std::set<std::string> set;
        const auto view = [](const std::string &text) { return QByteArrayView(text.data(), qsizetype(text.size())); };
        for (const std::string &text : in) {
            hashes.insert(view(text));
            set.insert(text);
        }
        for (const std::string &text : asked)
            RC_ASSERT(hashes.contains(view(text)) == set.contains(text));
        for (const std::string &text : in)
            RC_ASSERT(hashes.contains(view(text)));
        // Half of them go again, and some that were never there.
        for (size_t place = 0; place < in.size(); place += 2) {
            hashes.remove(view(in[place]));
            set.erase(in[place]);
        }
        for (const std::string &text : asked) {
            hashes.remove(view(text));
            set.erase(text);
        }
        for (const std::string &text : in)
            RC_ASSERT(hashes.contains(view(text)) == set.contains(text));
    }));
    HashSet many;
    for (int number = 0; number < 50000; ++number)
        many.insert(QByteArray::number(number));
    for (int number = 0; number < 100000; ++number)
        QCOMPARE(many.contains(QByteArray::number(number)), number < 50000);
    for (int number = 0; number < 50000; number += 3)
        many.remove(QByteArray::number(number));
    for (int number = 0; number < 50000; ++number)
        QCOMPARE(many.contains(QByteArray::number(number)), number % 3 != 0);
}

void BulkLoadTest::onlyWhereItPays()
{
    VERIFY_OK(f->identities().beginBulk(100));
    QVERIFY(isIndexed(f->database()));
    VERIFY_OK(f->identities().endBulk());
    VERIFY_OK(f->identities().beginBulk(100'000));
    QVERIFY(!isIndexed(f->database()));
    VERIFY_OK(f->identities().beginBulk(100'000)); // again changes nothing
    VERIFY_OK(f->identities().endBulk());
    QVERIFY(isIndexed(f->database()));
    VERIFY_OK(f->identities().endBulk());
}

void BulkLoadTest::refusesWhatTheIndexesWould()
{
    QVERIFY(applied(creates(1, 10)));
    VERIFY_OK(f->identities().beginBulk(100'000));
    QVERIFY(applied(creates(11, 10)));
    // Names and entries from before the load, from an earlier batch, from this one.
    std::vector<Step> steps{createStep(QStringLiteral("uSER3"), 100),  createStep(QStringLiteral("user15"), 101),
                                createStep(QStringLiteral("fresh"), 102),  createStep(QStringLiteral("FRESH"), 103),
                                createStep(QStringLiteral("other1"), 3),   createStep(QStringLiteral("other2"), 15),
                                createStep(QStringLiteral("other3"), 102), createStep(QStringLiteral("good"), 104)};
    const auto problems = f->identities().apply(f->context(), steps);
    VERIFY_OK(problems);
    for (size_t place = 0; place < steps.size(); ++place) {
        const bool good = place == 2 || place == 7;
        QCOMPARE(!problems->at(place), good);
        if (!good)
            QCOMPARE(problems->at(place)->code, place < 4 ? ProblemCode::UniquenessViolation : ProblemCode::ChangedMeanwhile);
    }
    // A rename onto a taken name, and onto a name that was given up.
    const User user = f->identities().userByKey(QStringLiteral("user5")).value();
    const auto clash = f->applyOne(
        stepFor(user, Action::Update, 5, {change("username", QStringLiteral("User5"), QStringLiteral("GOOD"))}));
    VERIFY_OK(clash);
    QVERIFY(*clash);
    const auto renamed = f->applyOne(
        stepFor(user, Action::Update, 5, {change("username", QStringLiteral("User5"), QStringLiteral("moved"))}));
    VERIFY_OK(renamed);
    QVERIFY(!*renamed);
    QVERIFY(applied({createStep(QStringLiteral("user5"), 105)}));
    QVERIFY(applied({createStep(QStringLiteral("Moved"), 106)}, 1));
    // A deleted user's name and entry are free again.
    const User gone = f->identities().userByKey(QStringLiteral("user7")).value();
    QVERIFY(applied({stepFor(gone, Action::Delete, 7)}));
    QVERIFY(applied({createStep(QStringLiteral("user7"), 7)}));
    VERIFY_OK(f->identities().endBulk());
    QVERIFY(whole(f->database()));
    QCOMPARE(f->count("users"), 23);
    QCOMPARE(f->count("links"), 23);
}

void BulkLoadTest::seesOtherWriters()
{
    VERIFY_OK(f->identities().beginBulk(100'000));
    QVERIFY(applied(creates(1, 10)));
    EnvironmentFixture other;
    other.path = f->path;
    VERIFY_OK(other.open(Environment::Access::ReadWrite));
    VERIFY_OK(other.applyOne(createStep(QStringLiteral("theirs"), 500)));
    QVERIFY(applied({createStep(QStringLiteral("THEIRS"), 501)}, 1));
    VERIFY_OK(f->identities().endBulk());
    QVERIFY(whole(f->database()));
}

void BulkLoadTest::otherWritersSeeIt()
{
    VERIFY_OK(f->identities().beginBulk(100'000));
    QVERIFY(applied(creates(1, 10)));
    EnvironmentFixture other;
    other.path = f->path;
    VERIFY_OK(other.open(Environment::Access::ReadWrite));
    const auto clash = other.applyOne(createStep(QStringLiteral("uSER1"), 500));
    VERIFY_OK(clash);
    QVERIFY(*clash);
    QCOMPARE((*clash)->code, ProblemCode::UniquenessViolation);
    User user;
    user.values.set(other.environment->catalog()->username(), QStringLiteral("user2"));
    QVERIFY(!other.identities().saveUser(user));
    const User first = other.identities().userByKey(QStringLiteral("user1")).value();
    const auto renamed = other.applyOne(
        stepFor(first, Action::Update, 1, {change("username", QStringLiteral("User1"), QStringLiteral("USER2"))}));
    VERIFY_OK(renamed);
    QVERIFY(*renamed);
    VERIFY_OK(f->identities().endBulk());
    QVERIFY(whole(f->database()));
}

void BulkLoadTest::editsMeanwhile()
{
    VERIFY_OK(f->identities().beginBulk(100'000));
    QVERIFY(applied(creates(1, 10)));
    User user;
    user.values.set(f->environment->catalog()->username(), QStringLiteral("USER3"));
    QVERIFY(!f->identities().saveUser(user));
    user.values.set(f->environment->catalog()->username(), QStringLiteral("edited"));
    const auto saved = f->identities().saveUser(user);
    VERIFY_OK(saved);
    QVERIFY(applied({createStep(QStringLiteral("Edited"), 20)}, 1));
    VERIFY_OK(f->identities().deleteUser(saved->row));
    QVERIFY(applied({createStep(QStringLiteral("Edited"), 20)}));
    VERIFY_OK(f->identities().endBulk());
    QVERIFY(whole(f->database()));
}

void BulkLoadTest::failedBatchIsForgotten()
{
    VERIFY_OK(f->identities().beginBulk(100'000));
    VERIFY_OK(f->database().execute("CREATE TEMP TRIGGER broken BEFORE INSERT ON main.users WHEN new.username = 'User5'"
                                    " BEGIN SELECT raise(ROLLBACK, 'disk'); END"));
    QVERIFY(!f->identities().apply(f->context(), creates(1, 10)));
    VERIFY_OK(f->database().execute("DROP TRIGGER broken"));
    QVERIFY(applied(creates(1, 10)));
    VERIFY_OK(f->identities().endBulk());
    QVERIFY(whole(f->database()));
}

void BulkLoadTest::matchesWithoutIndex()
{
    QVERIFY(applied(creates(1, 10)));
    const QStringList keys{QStringLiteral("user1"), QStringLiteral("user9"), QStringLiteral("nobody")};
    const auto before = f->identities().usersByUsernameKey(keys, f->gateway);
    VERIFY_OK(before);
    QCOMPARE(before->size(), 2);
    VERIFY_OK(f->identities().beginBulk(100'000));
    const auto meanwhile = f->identities().usersByUsernameKey(keys, f->gateway);
    VERIFY_OK(meanwhile);
    QCOMPARE(meanwhile->size(), 2);
    for (const QString &key : keys) {
        QCOMPARE(meanwhile->value(key).userRow, before->value(key).userRow);
        QCOMPARE(meanwhile->value(key).linkedToGateway, before->value(key).linkedToGateway);
    }
    VERIFY_OK(f->identities().endBulk());
}

void BulkLoadTest::indexesComeBackAfterAKill()
{
    f->environment.reset();
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) {
        if (!f->open(Environment::Access::ReadWrite) || !f->identities().beginBulk(100'000) || !applied(creates(1, 500)))
            _exit(1);
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFSIGNALED(status));
    VERIFY_OK(f->open(Environment::Access::ReadOnly));
    QCOMPARE(f->identities().userCount().value(), 500);
    VERIFY_OK(f->open(Environment::Access::ReadWrite));
    QVERIFY(whole(f->database()));
    QCOMPARE(f->identities().userCount().value(), 500);
    QVERIFY(applied({createStep(QStringLiteral("user77"), 1000)}, 1));
}

void BulkLoadTest::openingBesideALoadLeavesItAlone()
{
    VERIFY_OK(f->identities().beginBulk(100'000));
    {
        auto other = Environment::open(f->path, Environment::Access::ReadWrite);
        VERIFY_OK(other);
        QVERIFY(!isIndexed((*other)->database()));
    }
    VERIFY_OK(f->identities().endBulk());
    auto other = Environment::open(f->path, Environment::Access::ReadWrite);
    VERIFY_OK(other);
    QVERIFY(isIndexed((*other)->database()));
}

void BulkLoadTest::secondLoadGoesWithout()
{
    EnvironmentFixture other;
    other.path = f->path;
    VERIFY_OK(other.open(Environment::Access::ReadWrite));
    VERIFY_OK(f->identities().beginBulk(100'000));
    VERIFY_OK(other.identities().beginBulk(100'000));
    QVERIFY(applied(creates(1, 10)));
    VERIFY_OK(other.applyOne(createStep(QStringLiteral("theirs"), 500)));
    VERIFY_OK(other.identities().endBulk());
    QVERIFY(!isIndexed(f->database())); // still the first one's
    VERIFY_OK(f->identities().endBulk());
    QVERIFY(whole(f->database()));
    QCOMPARE(f->count("users"), 11);
}

CONSOLE_TEST(BulkLoadTest)
#include "tst_bulkload.moc"
