// SPDX-License-Identifier: GPL-3.0-or-later
//
// Links: the index in memory against a map, what is loaded, numbers of rules and gateways.
#include "environmentfixture.h"
#include "tests/support/testmain.h"

#include <rapidcheck.h>

#include <map>

using namespace gatehouse;
using namespace gatehouse::store;

class LinksTest : public QObject {
    Q_OBJECT
private slots:
    void indexIsAMap();
    void idsOfAnyLength();
    void loadsOneGateway();
    void peopleInTheOrderAsked();
    void findsUserOfEntry();
    void numbersAreStable();
};

void LinksTest::indexIsAMap()
{
    QVERIFY(rc::check("a LinkIndex answers as a map does", [](const std::vector<std::pair<std::string, uint32_t>> &given) {
        LinkIndex index;
        std::map<std::string, qint64> map;
        if (!given.empty() && given.front().second % 2)
            index.reserve(qsizetype(given.size()));
        for (const auto &[id, user] : given) {
            Link link;
            link.userRow = user;
            link.ruleRow = int(user % 1000);
            index.insert(QByteArrayView(id.data(), qsizetype(id.size())), link);
            map[id] = user;
        }
        RC_ASSERT(size_t(index.size()) == map.size());
        for (const auto &[id, user] : map) {
            const Link *link = index.find(QByteArrayView(id.data(), qsizetype(id.size())));
            RC_ASSERT(link != nullptr);
            RC_ASSERT(link->userRow == user);
            RC_ASSERT(qint64(link->ruleRow) == user % 1000);
        }
        RC_ASSERT(index.find("no id has this many octets, whatever the generator says") == nullptr);
    }));
    // Many, so that the table grows through several sizes.
    LinkIndex index;
    for (quint64 number = 0; number < 100000; ++number) {
        Link link;
        link.userRow = qint64(number);
        index.insert(sourceId(number), link);
    }
    QCOMPARE(index.size(), 100000);
    for (quint64 number = 0; number < 100000; ++number)
        QCOMPARE(index.find(sourceId(number))->userRow, qint64(number));
    QVERIFY(!index.find(sourceId(100000)));
    QVERIFY(!LinkIndex().find(sourceId(1)));
}

void LinksTest::idsOfAnyLength()
{
    EnvironmentFixture f;
    VERIFY_OK(f.open());
    const QList<QByteArray> ids{"1", "uid=ann,dc=example", QByteArray(16, '\0'), QByteArray(17, '\0'), QByteArray(300, 'x')};
    for (const QByteArray &id : ids) {
        core::Step step = createStep(QStringLiteral("user%1").arg(id.size()), 0);
        step.source.id = step.link->after.id = id;
        const auto problem = f.applyOne(step);
        VERIFY_OK(problem);
        QVERIFY(!*problem);
    }
    LinkIndex index = f.environment->links().load(f.gateway).value();
    QCOMPARE(index.size(), ids.size());
    for (const QByteArray &id : ids)
        QVERIFY(index.find(id));
}

void LinksTest::loadsOneGateway()
{
    EnvironmentFixture f;
    VERIFY_OK(f.open());
    const QUuid first = f.gateway;
    VERIFY_OK(f.applyOne(createStep(QStringLiteral("ann"), 1)));
    f.gateway = QUuid::createUuid();
    VERIFY_OK(f.applyOne(createStep(QStringLiteral("bob"), 1)));
    VERIFY_OK(f.applyOne(createStep(QStringLiteral("carl"), 2)));
    QCOMPARE(f.environment->links().load(first)->size(), 1);
    QCOMPARE(f.environment->links().load(f.gateway)->size(), 2);
    QCOMPARE(f.environment->links().load(QUuid::createUuid())->size(), 0);
}

void LinksTest::peopleInTheOrderAsked()
{
    EnvironmentFixture f;
    VERIFY_OK(f.open());
    std::vector<qint64> rows;
    for (quint64 entry = 1; entry <= 5; ++entry) {
        const QString name = QStringLiteral("user%1").arg(entry);
        VERIFY_OK(f.applyOne(createStep(name, entry)));
        rows.push_back(f.identities().userByKey(name)->row);
    }
    const auto people = f.environment->links().people(f.gateway, {rows[3], 4711, rows[0]});
    VERIFY_OK(people);
    QCOMPARE(people->size(), size_t(2));
    QCOMPARE(people->at(0).userRow, rows[3]);
    QCOMPARE(people->at(0).sourceId, sourceId(4));
    QCOMPARE(people->at(1).sourceDn, QByteArray("uid=user1,dc=example,dc=com"));
}

void LinksTest::findsUserOfEntry()
{
    EnvironmentFixture f;
    VERIFY_OK(f.open());
    VERIFY_OK(f.applyOne(createStep(QStringLiteral("ann"), 1)));
    Links &links = f.environment->links();
    QCOMPARE(links.userOf(f.gateway, sourceId(1)).value(), f.identities().userByKey(QStringLiteral("ann"))->row);
    QCOMPARE(links.userOf(f.gateway, sourceId(2)).value(), 0);
    QCOMPARE(links.userOf(QUuid::createUuid(), sourceId(1)).value(), 0);
}

void LinksTest::numbersAreStable()
{
    EnvironmentFixture f;
    VERIFY_OK(f.open());
    const QUuid rule = QUuid::createUuid();
    const qint64 number = f.environment->links().ruleRow(rule).value();
    QVERIFY(number > 0);
    QVERIFY(f.environment->links().ruleRow(QUuid::createUuid()).value() != number);
    VERIFY_OK(f.open(Environment::Access::ReadOnly));
    QCOMPARE(f.environment->links().ruleRow(rule).value(), number);
    QCOMPARE(f.environment->links().ruleRow(QUuid::createUuid()).value(), 0);
}

CONSOLE_TEST(LinksTest)
#include "tst_links.moc"
