// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables' reader against the plain way of doing it: filter and sort all users in memory.
#include "peoplefixture.h"

#include "store/searchtext.h"
#include "store/textsort.h"
#include "tests/support/testmain.h"

#include <rapidcheck.h>

#include <QThread>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::store;

class ReaderTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void ordersAndFilters_data();
    void ordersAndFilters();
    void fieldsComeBack();
    void firstAreTheFirst();
    void rowsAsAsked();
    void sameQueryAfterAChange();
    void ordersWithoutIndexes();
    void groupsByName();
    void countsByPopulation();
    void interruptsFromAnotherThread();
    void queryPlans_data();
    void queryPlans();

private:
    std::unique_ptr<PeopleFixture> f;
};

void ReaderTest::initTestCase()
{
    f = std::make_unique<PeopleFixture>();
    f->fill();
}

void ReaderTest::cleanupTestCase()
{
    f.reset();
}

void ReaderTest::ordersAndFilters_data()
{
    QTest::addColumn<int>("order");
    const QList<QByteArray> names{"username", "name", "email", "population", "enabled", "updated"};
    for (int order = 0; order < names.size(); ++order)
        QTest::newRow(names[order].constData()) << order;
}

void ReaderTest::ordersAndFilters()
{
    QFETCH(int, order);
    for (const bool descending : {false, true}) {
        for (const QString &search : {QString(), QStringLiteral("user1"), QStringLiteral("\u00e5BERG"),
                                      QStringLiteral("mail7@"), QStringLiteral("nobody")}) {
            for (const qint64 population : {qint64(0), f->secondPopulation, qint64(4711)}) {
                for (const int enabled : {-1, 0, 1}) {
                    for (const qint64 members : {qint64(0), f->group}) {
                        UserQuery query;
                        query.order = UserOrder(order);
                        query.descending = descending;
                        query.search = search;
                        query.population = population;
                        query.enabled = enabled;
                        query.group = members;
                        const auto ids = f->reader->userIds(query);
                        VERIFY_OK(ids);
                        QCOMPARE(*ids, f->expected(query));
                    }
                }
            }
        }
    }
}

void ReaderTest::fieldsComeBack()
{
    const auto fields = [](const NamedParts &parts) {
        QByteArrayList all;
        EnvironmentFixture fixture;
        if (!fixture.open())
            return QByteArray();
        SearchTexts texts(fixture.database());
        if (!texts.set(77, "") || !texts.set(77, searchText(parts)) || !texts.flush())
            return QByteArray();
        Statement block = fixture.database().prepare("SELECT block, texts FROM user_search");
        if (!block.step().value_or(false))
            return QByteArray();
        SearchTexts::forEach(block.integer(0), block.blob(1), [&](qint64 row, const SearchFields &found) {
            if (row == 77) {
                for (const QByteArrayView field : found)
                    all.append(field.toByteArray());
            }
        });
        return all.join('|');
    };
    QCOMPARE(fields({u"Ann", u"Ann", u"Smith", u"", u"A@x"}), QByteArray("ann|ann smith||a@x"));
    QCOMPARE(fields({u"Ann", u"Ann", u"Smith", u"Ann Smith", u""}), QByteArray("ann|ann smith||"));
    QCOMPARE(fields({u"Ann", u"Ann", u"Smith", u"Dr. Smith", u""}), QByteArray("ann|dr. smith|ann smith|"));
    QCOMPARE(fields({u"ann", u"", u"", u"", u""}), QByteArray("ann|||"));
    QCOMPARE(displayName(QStringLiteral("A"), QStringLiteral("B"), {}), QStringLiteral("A B"));
    QCOMPARE(displayName({}, QStringLiteral("B"), {}), QStringLiteral("B"));
    QCOMPARE(displayName(QStringLiteral("A"), QStringLiteral("B"), QStringLiteral("C")), QStringLiteral("C"));
}

void ReaderTest::firstAreTheFirst()
{
    for (const bool descending : {false, true}) {
        for (int order = 0; order < 6; ++order) {
            for (const QString &search : {QString(), QStringLiteral("user2")}) {
                UserQuery query;
                query.order = UserOrder(order);
                query.descending = descending;
                query.search = search;
                std::vector<qint64> all = f->expected(query);
                all.resize(std::min<size_t>(all.size(), 20));
                const auto first = f->reader->firstUserIds(query, 20);
                VERIFY_OK(first);
                QCOMPARE(*first, all);
            }
        }
    }
}

void ReaderTest::rowsAsAsked()
{
    const std::vector<qint64> ids{f->people[10].row, 4711, f->people[0].row};
    const auto rows = f->reader->userRows(ids);
    VERIFY_OK(rows);
    QCOMPARE(rows->size(), size_t(2));
    for (const auto &[row, person] : {std::pair{rows->at(0), f->people[10]}, std::pair{rows->at(1), f->people[0]}}) {
        QCOMPARE(row.row, person.row);
        QCOMPARE(row.username, person.username);
        QCOMPARE(row.name, person.name);
        QCOMPARE(row.email, person.email);
        QCOMPARE(row.population, person.population);
        QCOMPARE(row.enabled, person.enabled);
        QCOMPARE(row.updatedAt.toMSecsSinceEpoch(), person.updated);
    }
}

void ReaderTest::sameQueryAfterAChange()
{
    EnvironmentFixture fixture;
    VERIFY_OK(fixture.open());
    auto other = Reader::open(fixture.path);
    VERIFY_OK(other);
    QCOMPARE((*other)->userIds({})->size(), size_t(0));
    for (quint64 entry = 1; entry <= 3; ++entry) {
        VERIFY_OK(fixture.applyOne(createStep(QStringLiteral("user%1").arg(entry), entry)));
        QCOMPARE((*other)->userIds({})->size(), size_t(entry));
        QCOMPARE((*other)->firstUserIds({}, 100)->size(), size_t(entry));
    }
}

void ReaderTest::ordersWithoutIndexes()
{
    // As while many users are loaded.
    EnvironmentFixture fixture;
    VERIFY_OK(fixture.open());
    std::vector<core::Step> steps;
    for (quint64 entry = 1; entry <= 100; ++entry)
        steps.push_back(createStep(QStringLiteral("user%1").arg(entry * 37 % 101), entry,
                                   {given("name.given", QStringLiteral("Name %1").arg(entry * 53 % 101))}));
    VERIFY_OK(fixture.identities().apply(fixture.context(), steps));
    auto other = Reader::open(fixture.path);
    VERIFY_OK(other);
    UserQuery byName;
    byName.order = UserOrder::Name;
    const auto usernames = (*other)->userIds({});
    const auto names = (*other)->userIds(byName);
    VERIFY_OK(fixture.identities().beginBulk(1'000'000));
    QCOMPARE(*(*other)->userIds({}), *usernames);
    QCOMPARE(*(*other)->userIds(byName), *names);
    QCOMPARE((*other)->firstUserIds({}, 10)->size(), size_t(10));
    VERIFY_OK(Reader::open(fixture.path));
    VERIFY_OK(fixture.identities().endBulk());
}

void ReaderTest::groupsByName()
{
    EnvironmentFixture fixture;
    VERIFY_OK(fixture.open());
    for (const char *name : {"Staff", "admins", "Guests"}) {
        core::Group one;
        one.name = QString::fromLatin1(name);
        one.description = one.name == QLatin1String("admins") ? QStringLiteral("Everything") : QString();
        VERIFY_OK(fixture.identities().saveGroup(one));
    }
    auto other = Reader::open(fixture.path);
    VERIFY_OK(other);
    const auto all = (*other)->groups({});
    VERIFY_OK(all);
    QCOMPARE(all->size(), 3);
    QCOMPARE(all->at(0).name, QStringLiteral("admins"));
    QCOMPARE(all->at(2).name, QStringLiteral("Staff"));
    QCOMPARE((*other)->groups(QStringLiteral("EVERY"))->size(), 1);
    QCOMPARE((*other)->groups(QStringLiteral("nothing"))->size(), 0);
    const auto staff = f->reader->groups(QStringLiteral("staff"));
    VERIFY_OK(staff);
    QCOMPARE(staff->first().memberCount, 150);
}

void ReaderTest::countsByPopulation()
{
    const auto counts = f->reader->userCountsByPopulation();
    VERIFY_OK(counts);
    QCOMPARE(counts->size(), 2);
    QCOMPARE(counts->value(f->secondPopulation), 60);
}

void ReaderTest::interruptsFromAnotherThread()
{
    EnvironmentFixture fixture;
    VERIFY_OK(fixture.open());
    const ApplyContext context = fixture.context();
    for (quint64 batch = 0; batch < 10; ++batch) {
        std::vector<core::Step> steps;
        for (quint64 entry = batch * 3000; entry < batch * 3000 + 3000; ++entry)
            steps.push_back(createStep(QStringLiteral("user%1").arg(entry), entry,
                                       {given("email", QStringLiteral("u%1@example.com").arg(entry))}));
        VERIFY_OK(fixture.identities().apply(context, steps));
    }
    auto other = Reader::open(fixture.path);
    VERIFY_OK(other);
    std::atomic_bool stop = false;
    std::unique_ptr<QThread> thread(QThread::create([&] {
        while (!stop) {
            (*other)->interrupt();
            QThread::usleep(50);
        }
    }));
    thread->start();
    int cancelled = 0;
    for (int round = 0; round < 20; ++round) {
        UserQuery query;
        query.order = round % 2 ? UserOrder::Email : UserOrder::Population;
        query.search = QString::number(round);
        const auto ids = (*other)->userIds(query);
        if (!ids) {
            QCOMPARE(ids.error().code, core::Code::Cancelled);
            ++cancelled;
        }
    }
    stop = true;
    thread->wait();
    QVERIFY(cancelled > 0);
    // Afterwards it answers as if nothing had been.
    QCOMPARE((*other)->userIds({})->size(), size_t(30000));
}

void ReaderTest::queryPlans_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("plan");
    QTest::newRow("by username") << QByteArray("SELECT row FROM users ORDER BY username_key")
                                 << QByteArray("COVERING INDEX users_username_key");
    QTest::newRow("disabled") << QByteArray("SELECT row FROM users WHERE enabled = 0")
                              << QByteArray("COVERING INDEX users_population");
    QTest::newRow("of a population") << QByteArray("SELECT row FROM users WHERE population = 1 AND (0 < 0 OR enabled = 0)")
                                     << QByteArray("COVERING INDEX users_population");
    QTest::newRow("counts") << QByteArray("SELECT population, count(*) FROM users GROUP BY population")
                            << QByteArray("COVERING INDEX users_population");
    QTest::newRow("user of an entry") << QByteArray("SELECT row FROM links WHERE source_id = x'00' AND row >= 1 AND row < 2")
                                      << QByteArray("COVERING INDEX links_source");
}

void ReaderTest::queryPlans()
{
    QFETCH(QByteArray, sql);
    QFETCH(QByteArray, plan);
    Statement explain = f->database().prepare("EXPLAIN QUERY PLAN " + sql);
    QByteArray text;
    while (explain.step().value())
        text += explain.utf8(3).toByteArray() + '\n';
    QVERIFY2(text.contains(plan), text.constData());
    QVERIFY2(!text.contains("TEMP B-TREE"), text.constData());
}

CONSOLE_TEST(ReaderTest)
#include "tst_reader.moc"
