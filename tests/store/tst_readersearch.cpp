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

class ReaderSearchTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void searchIsASubstringSearch();
    void searchFindsNoMarks();
    void searchFollowsEdits();
    void foldsCaseAndAccents_data();
    void foldsCaseAndAccents();
    void sortsTexts();

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

void ReaderSearchTest::initTestCase()
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

void ReaderSearchTest::cleanupTestCase()
{
    reader.reset();
    f.reset();
}

std::vector<qint64> ReaderSearchTest::expected(const UserQuery &query) const
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

void ReaderSearchTest::searchIsASubstringSearch()
{
    QVERIFY(rc::check("packed texts find what a substring search finds", [] {
        const auto text = rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc\xc3\xa9 ")));
        std::map<qint64, QByteArray> texts;
        QByteArray block;
        EnvironmentFixture fixture;
        RC_ASSERT(fixture.open().has_value());
        SearchTexts packed(fixture.database());
        for (int change = 0; change < 100; ++change) {
            const qint64 row = *rc::gen::inRange<qint64>(0, 130);
            if (*rc::gen::inRange(0, 4) == 0) {
                texts.erase(row);
                RC_ASSERT(packed.remove(row).has_value());
            } else {
                // Whole characters only.
                const QByteArray value = QString::fromUtf8(QByteArray::fromStdString(*text)).remove(QChar::ReplacementCharacter).toUtf8();
                RC_ASSERT(packed.set(row, value, !texts.contains(row)).has_value());
                texts[row] = value;
            }
            if (change % 17 == 0)
                RC_ASSERT(packed.flush().has_value());
        }
        RC_ASSERT(packed.flush().has_value());
        const QByteArray needle = QString::fromUtf8(QByteArray::fromStdString("a" + *text)).remove(QChar::ReplacementCharacter).toUtf8();
        std::vector<qint64> found;
        Statement blocks = fixture.database().prepare("SELECT block, texts FROM user_search");
        while (blocks.step().value())
            SearchTexts::find(blocks.integer(0), blocks.blob(1), needle, found);
        std::sort(found.begin(), found.end());
        std::vector<qint64> wanted;
        for (const auto &[row, value] : texts) {
            if (value.contains(needle))
                wanted.push_back(row);
        }
        RC_ASSERT(found == wanted);
    }));
}

void ReaderSearchTest::searchFindsNoMarks()
{
    for (const QString &search : {QStringLiteral("\u00f8"), QStringLiteral("\u00fe"),
                                  QStringLiteral("com\u001fa")}) {
        UserQuery query;
        query.search = search;
        const auto ids = reader->userIds(query);
        VERIFY_OK(ids);
        QCOMPARE(ids->size(), size_t(0));
    }
}

void ReaderSearchTest::searchFollowsEdits()
{
    EnvironmentFixture fixture;
    VERIFY_OK(fixture.open());
    auto other = Reader::open(fixture.path);
    VERIFY_OK(other);
    const auto found = [&](const char *search) {
        UserQuery query;
        query.search = QString::fromLatin1(search);
        return (*other)->userIds(query)->size();
    };
    VERIFY_OK(fixture.applyOne(createStep(QStringLiteral("ann"), 1, {given("name.family", QStringLiteral("Novak"))})));
    QCOMPARE(found("nov"), size_t(1));
    core::User ann = fixture.identities().userByKey(QStringLiteral("ann")).value();
    VERIFY_OK(fixture.applyOne(stepFor(ann, core::Action::Update, 1,
                                       {change("name.family", QStringLiteral("Novak"), QStringLiteral("Smith"))})));
    QCOMPARE(found("nov"), size_t(0));
    QCOMPARE(found("smith"), size_t(1));
    ann = fixture.identities().user(ann.row).value();
    ann.values.set(fixture.environment->catalog()->email(), QStringLiteral("ann@example.org"));
    VERIFY_OK(fixture.identities().saveUser(ann));
    QCOMPARE(found("EXAMPLE.ORG"), size_t(1));
    VERIFY_OK(fixture.identities().deleteUser(ann.row));
    QCOMPARE(found("ann"), size_t(0));
}

void ReaderSearchTest::foldsCaseAndAccents_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("folded");
    QTest::newRow("ascii") << "ANNA O'Neil_1" << "anna o'neil_1";
    QTest::newRow("latin") << "\u00c5berg \u00c9mile" << "aberg emile";
    QTest::newRow("decomposed") << "E\u0301mile" << "emile";
    QTest::newRow("sharp s") << "Stra\u00dfe" << "strasse";
    QTest::newRow("ligature, full width") << "\ufb01 \uff21" << "fi a";
    QTest::newRow("greek") << "\u0386\u03bd\u03bd\u03b1" << "\u03b1\u03bd\u03bd\u03b1";
    QTest::newRow("cyrillic") << "\u0401\u043b\u043a\u0410" << "\u0435\u043b\u043a\u0430";
    QTest::newRow("kana keep their marks") << "\u304c" << "\u304c";
    QTest::newRow("hindi keeps its vowels") << "\u0915\u093f" << "\u0915\u093f";
    QTest::newRow("hangul stays composed") << "\ud55c\uae00" << "\ud55c\uae00";
    QTest::newRow("control characters") << "a\tb\u0085c" << "a b c";
}

void ReaderSearchTest::foldsCaseAndAccents()
{
    QFETCH(QString, text);
    QFETCH(QString, folded);
    QByteArray made("before");
    appendFolded(made, text);
    QCOMPARE(QString::fromUtf8(made.mid(6)), folded);
}

void ReaderSearchTest::sortsTexts()
{
    const std::atomic_bool never = false;
    const auto same = [&](const std::vector<std::pair<qint64, QByteArray>> &given) {
        TextSort sort;
        for (const auto &[row, text] : given)
            sort.add(row, text);
        auto wanted = given;
        std::sort(wanted.begin(), wanted.end(), [](const auto &a, const auto &b) {
            return a.second != b.second ? a.second < b.second : a.first < b.first;
        });
        std::vector<qint64> rows;
        for (const auto &[row, text] : wanted)
            rows.push_back(row);
        return sort.sorted(never) == rows;
    };
    QVERIFY(same({}));
    QVERIFY(rc::check("texts are sorted as by comparing them", [&] {
        // Few letters and common beginnings, so that many are equal for more than eight octets; enough of them that the
        // radix is used.
        const auto letters = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab\xc3\xa9")));
        const std::string beginning = *rc::gen::element<std::string>("", "commonly", "a common beginning of many octets");
        const int count = *rc::gen::element(10, 300, 3000);
        std::vector<std::string> endings;
        for (int number = 0; number < 40; ++number)
            endings.push_back(*letters);
        std::vector<std::pair<qint64, QByteArray>> given;
        for (int number = 0; number < count; ++number) {
            const std::string &ending = endings[size_t(number) * 7919 % endings.size()];
            given.emplace_back(*rc::gen::just(qint64((number * 31) % count)),
                               QByteArray::fromStdString(number % 3 ? beginning + ending : ending));
        }
        RC_ASSERT(same(given));
    }));
}

QTEST_GUILESS_MAIN(ReaderSearchTest)
#include "tst_readersearch.moc"
