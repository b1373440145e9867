// SPDX-License-Identifier: GPL-3.0-or-later
//
// People who exchange their usernames: all of them or none, with and without the index that keeps usernames unique.
#include "environmentfixture.h"
#include "tests/support/testmain.h"

#include <QHash>

using namespace gatehouse;
using namespace gatehouse::store;
using core::Action;
using core::Step;
using core::User;

namespace {

/// Everybody takes the username of the next, the last one that of the first; in the order in which they are applied.
std::vector<Step> ringOf(EnvironmentFixture &f, const QStringList &names, quint32 number)
{
    std::vector<Step> steps;
    for (qsizetype i = names.size() - 1; i >= 0; --i) {
        const User user = f.identities().userByKey(names.at(i)).value();
        steps.push_back(stepFor(user, Action::Update, quint64(user.row),
                                {change("username", names.at(i), names.at((i + 1) % names.size()))}));
        steps.back().ring = number;
    }
    return steps;
}

} // namespace

class RingsTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup() { f.reset(); }
    void exchangesUsernames_data();
    void exchangesUsernames();
    void leavesARingWhole();

private:
    std::unique_ptr<EnvironmentFixture> f;
};

void RingsTest::init()
{
    f = std::make_unique<EnvironmentFixture>();
    VERIFY_OK(f->open());
}

void RingsTest::exchangesUsernames_data()
{
    QTest::addColumn<bool>("bulk");
    QTest::newRow("with the index") << false;
    QTest::newRow("while many are loaded") << true;
}

void RingsTest::exchangesUsernames()
{
    QFETCH(bool, bulk);
    QStringList names;
    QHash<QString, qint64> rows;
    for (int i = 1; i <= 6; ++i) {
        names << QStringLiteral("Name%1").arg(i);
        rows.insert(names.last(), f->create(names.last(), quint64(i)).row);
    }
    if (bulk)
        VERIFY_OK(f->identities().beginBulk(100'000));
    // Two rings and, in between, somebody by themselves.
    std::vector<Step> steps = ringOf(*f, names.first(2), 1);
    steps.push_back(createStep(QStringLiteral("other"), 7));
    for (Step &step : ringOf(*f, names.sliced(2), 2))
        steps.push_back(step);
    const auto problems = f->identities().apply(f->context(), steps);
    VERIFY_OK(problems);
    for (const auto &problem : *problems)
        QVERIFY2(!problem, problem ? qPrintable(problem->message) : "");
    QCOMPARE(f->identities().userByKey(QStringLiteral("NAME2"))->row, rows.value(QStringLiteral("Name1")));
    QCOMPARE(f->identities().userByKey(QStringLiteral("name1"))->row, rows.value(QStringLiteral("Name2")));
    QCOMPARE(f->identities().userByKey(QStringLiteral("name3"))->row, rows.value(QStringLiteral("Name6")));
    // The names are taken still, and nobody else's.
    const auto clash = f->applyOne(createStep(QStringLiteral("name4"), 8));
    VERIFY_OK(clash);
    QVERIFY(*clash);
    VERIFY_OK(f->identities().endBulk());
    QCOMPARE(f->database().integer("SELECT count(DISTINCT username_key) FROM users WHERE username_key = lower(username)").value(), 7);
}

void RingsTest::leavesARingWhole()
{
    QStringList names;
    for (int i = 1; i <= 4; ++i) {
        names << QStringLiteral("name%1").arg(i);
        f->create(names.last(), quint64(i));
    }
    std::vector<Step> steps = ringOf(*f, names, 1);
    const qint64 lines = f->count("journal");
    for (size_t bad = 0; bad < steps.size(); ++bad) {
        std::vector<Step> some = steps;
        --some[bad].revision;
        some.insert(some.begin(), createStep(QStringLiteral("before%1").arg(bad), 10 + bad));
        some.push_back(createStep(QStringLiteral("after%1").arg(bad), 20 + bad));
        const auto problems = f->identities().apply(f->context(), some);
        VERIFY_OK(problems);
        for (size_t place = 0; place < some.size(); ++place)
            QCOMPARE(bool(problems->at(place)), some[place].ring != 0);
        QVERIFY2(problems->at(1)->message.contains(some[bad + 1].target.text()), qPrintable(problems->at(1)->message));
        for (const QString &name : names)
            QCOMPARE(f->identities().userByKey(name)->revision, 1);
    }
    QCOMPARE(f->count("journal"), lines + 2 * qint64(steps.size()));
    const auto problems = f->identities().apply(f->context(), steps);
    VERIFY_OK(problems);
    QVERIFY(!problems->front());
}

CONSOLE_TEST(RingsTest)
#include "tst_rings.moc"
