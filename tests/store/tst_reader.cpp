// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables' reader against the plain way of doing it: filter and sort all users in memory.
#include "environmentfixture.h"

#include "store/reader.h"
#include "store/searchtext.h"
#include "store/textsort.h"

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
    struct Person {
        qint64 row = 0;
        QString username, name, email;
        QByteArray text;
        qint64 population = 0;
        bool enabled = true;
        qint64 updated = 0;
        bool member = false;
    };
    std::vector<qint64> expected(const UserQuery &query) const;
    std::unique_ptr<EnvironmentFixture> f;
    std::unique_ptr<Reader> reader;
    std::vector<Person> people;
    qint64 group = 0;
    qint64 secondPopulation = 0;
};

void ReaderTest::initTestCase()
{
    f = std::make_unique<EnvironmentFixture>();
    VERIFY_OK(f->open());
    auto configuration = f->environment->configurations().load().value();
    core::Population second;
    second.name = QStringLiteral("Another population");
    configuration.populations.append(second);
    VERIFY_OK(f->environment->configurations().save(configuration));
    secondPopulation = f->identities().populations()->at(1).row;
    core::Group staff;
    staff.name = QStringLiteral("Staff");
    group = f->identities().saveGroup(staff)->row;

    const core::AttributeCatalog &catalog = *f->environment->catalog();
    const auto number = [&](const char *name) { return catalog.find(QString::fromLatin1(name)); };
    const QStringList given{QStringLiteral("Anna"), QStringLiteral("Zo\u00eb"), QStringLiteral("boris"), QString()};
    const QStringList family{QStringLiteral("Novak"), QStringLiteral("\u00c5berg"), QString(), QStringLiteral("O'Neil")};
    for (int place = 0; place < 300; ++place) {
        core::User user;
        const int mixed = place * 7919 % 300;
        user.population = place % 5 == 0 ? secondPopulation : 0;
        user.values.set(number("username"), QStringLiteral("%1User%2").arg(QChar(u'A' + mixed % 26)).arg(mixed));
        user.values.set(number("enabled"), place % 7 != 0);
        if (!given[place % 4].isEmpty())
            user.values.set(number("name.given"), given[place % 4]);
        if (!family[place / 4 % 4].isEmpty())
            user.values.set(number("name.family"), family[place / 4 % 4]);
        if (place % 11 == 0)
            user.values.set(number("name.formatted"), QStringLiteral("Prof. %1").arg(place));
        if (place % 3)
            user.values.set(number("email"), QStringLiteral("Mail%1@Example.com").arg(mixed % 50));
        const auto saved = f->identities().saveUser(user);
        VERIFY_OK(saved);
        if (place % 2)
            VERIFY_OK(f->identities().addMember(group, saved->row));
        Person person;
        person.row = saved->row;
        person.username = saved->values.text(number("username"));
        person.name = displayName(saved->values.text(number("name.given")), saved->values.text(number("name.family")),
                                  saved->values.text(number("name.formatted")));
        person.email = saved->values.text(number("email"));
        for (const QString &part : {person.username, QString(saved->values.text(number("name.given")) + u' '
                                                             + saved->values.text(number("name.family"))),
                                    saved->values.text(number("name.formatted")), person.email}) {
            appendFolded(person.text, part);
            person.text.append('\n');
        }
        person.population = saved->population;
        person.enabled = place % 7 != 0;
        person.updated = saved->updatedAt.toMSecsSinceEpoch();
        person.member = place % 2;
        people.push_back(person);
    }
    auto opened = Reader::open(f->path);
    VERIFY_OK(opened);
    reader = std::move(*opened);
}

void ReaderTest::cleanupTestCase()
{
    reader.reset();
    f.reset();
}

std::vector<qint64> ReaderTest::expected(const UserQuery &query) const
{
    const auto folded = [](const QString &text) {
        QByteArray octets;
        appendFolded(octets, text);
        return octets;
    };
    std::vector<Person> found;
    for (const Person &person : people) {
        if (!person.text.contains(folded(query.search)) || (query.population && person.population != query.population)
            || (query.enabled >= 0 && person.enabled != (query.enabled == 1)) || (query.group && !person.member))
            continue;
        found.push_back(person);
    }
    const auto byUsername = [](const Person &a, const Person &b) {
        return core::usernameKey(a.username).toUtf8() < core::usernameKey(b.username).toUtf8();
    };
    std::sort(found.begin(), found.end(), byUsername);
    const auto stable = [&](auto less) { std::stable_sort(found.begin(), found.end(), less); };
    const auto byRow = [&] {
        std::sort(found.begin(), found.end(), [](const Person &a, const Person &b) { return a.row < b.row; });
    };
    const auto nameOf = [&](const Person &person) { return folded(person.name); };
    switch (query.order) {
    case UserOrder::Username: break;
    case UserOrder::Name:
        byRow();
        stable([&](const Person &a, const Person &b) {
            if (a.name.isEmpty() != b.name.isEmpty())
                return b.name.isEmpty();
            return nameOf(a) < nameOf(b);
        });
        break;
    case UserOrder::Email:
        byRow();
        stable([](const Person &a, const Person &b) {
            if (a.email.isEmpty() != b.email.isEmpty())
                return b.email.isEmpty();
            return a.email.toLower() < b.email.toLower();
        });
        break;
    case UserOrder::Population: // "Another population" stands before "Default Population"
        stable([&](const Person &a, const Person &b) {
            return (a.population == secondPopulation) > (b.population == secondPopulation);
        });
        break;
    case UserOrder::Enabled: stable([](const Person &a, const Person &b) { return a.enabled < b.enabled; }); break;
    case UserOrder::Updated:
        byRow();
        stable([](const Person &a, const Person &b) { return a.updated < b.updated; });
        break;
    }
    std::vector<qint64> rows;
    for (const Person &person : found)
        rows.push_back(person.row);
    if (query.descending)
        std::reverse(rows.begin(), rows.end());
    return rows;
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
            for (const qint64 population : {qint64(0), secondPopulation, qint64(4711)}) {
                for (const int enabled : {-1, 0, 1}) {
                    for (const qint64 members : {qint64(0), group}) {
                        UserQuery query;
                        query.order = UserOrder(order);
                        query.descending = descending;
                        query.search = search;
                        query.population = population;
                        query.enabled = enabled;
                        query.group = members;
                        const auto ids = reader->userIds(query);
                        VERIFY_OK(ids);
                        QCOMPARE(*ids, expected(query));
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
                std::vector<qint64> all = expected(query);
                all.resize(std::min<size_t>(all.size(), 20));
                const auto first = reader->firstUserIds(query, 20);
                VERIFY_OK(first);
                QCOMPARE(*first, all);
            }
        }
    }
}

void ReaderTest::rowsAsAsked()
{
    const std::vector<qint64> ids{people[10].row, 4711, people[0].row};
    const auto rows = reader->userRows(ids);
    VERIFY_OK(rows);
    QCOMPARE(rows->size(), size_t(2));
    for (const auto &[row, person] : {std::pair{rows->at(0), people[10]}, std::pair{rows->at(1), people[0]}}) {
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
    std::vector<core::PlanStep> steps;
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
    const auto staff = reader->groups(QStringLiteral("staff"));
    VERIFY_OK(staff);
    QCOMPARE(staff->first().memberCount, 150);
}

void ReaderTest::countsByPopulation()
{
    const auto counts = reader->userCountsByPopulation();
    VERIFY_OK(counts);
    QCOMPARE(counts->size(), 2);
    QCOMPARE(counts->value(secondPopulation), 60);
}

void ReaderTest::interruptsFromAnotherThread()
{
    EnvironmentFixture fixture;
    VERIFY_OK(fixture.open());
    const ApplyContext context = fixture.context();
    for (quint64 batch = 0; batch < 10; ++batch) {
        std::vector<core::PlanStep> steps;
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

QTEST_GUILESS_MAIN(ReaderTest)
#include "tst_reader.moc"
