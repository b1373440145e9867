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
    std::unique_ptr<PeopleFixture> f;
};

void ReaderSearchTest::initTestCase()
{
    f = std::make_unique<PeopleFixture>();
    f->fill();
}

void ReaderSearchTest::cleanupTestCase()
{
    f.reset();
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
        const auto ids = f->reader->userIds(query);
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

CONSOLE_TEST(ReaderSearchTest)
#include "tst_readersearch.moc"
