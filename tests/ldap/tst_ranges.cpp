// SPDX-License-Identifier: GPL-3.0-or-later
//
// Attributes that come in portions (MS-ADTS 3.1.1.3.1.3.3): every value must arrive, or the read must fail.
#include "tests/ldap/targets.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/testmain.h"
#include "tests/support/verify.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using ldap::Session;
using Fake = FakeLdapServer;
using Request = FakeLdapServer::Request;
using Reply = FakeLdapServer::Reply;
using Operation = FakeLdapServer::Operation;

namespace {

constexpr int kStep = 1500;

QByteArray member(int number)
{
    return "cn=" + QByteArray::number(number) + ",dc=example,dc=com";
}

QList<QByteArray> members(int from, int to)
{
    QList<QByteArray> values;
    for (int i = from; i <= to; ++i)
        values.append(member(i));
    return values;
}

/// Group number @p id as Active Directory sends it, from value @p from on: at most kStep values at once.
QByteArray groupEntry(int message, const QByteArray &dn, int from, int total)
{
    const int to = std::min(from + kStep, total) - 1;
    const QByteArray range = "member;range=" + QByteArray::number(from) + '-'
                             + (to == total - 1 ? QByteArray("*") : QByteArray::number(to));
    if (from == 0 && total <= kStep)
        return Fake::entry(message, dn, {{"cn", {"g"}}, {"member", members(0, total - 1)}});
    if (from == 0)
        return Fake::entry(message, dn, {{"cn", {"g"}}, {"member", {}}, {range, members(from, to)}});
    return Fake::entry(message, dn, {{range, members(from, to)}});
}

/// The first value that a request for "member;range=N-*" asks for; 0 when it asks for no range.
int askedFrom(const Request &request)
{
    for (const QByteArray &name : request.attributes) {
        if (name.startsWith("member;range="))
            return name.mid(13, name.indexOf('-', 13) - 13).toInt();
    }
    return 0;
}

bool isRead(const Request &request)
{
    return request.operation == Operation::Search && !request.name.isEmpty();
}

const QByteArray kBig = "cn=big,ou=groups,dc=example,dc=com";
const QByteArray kSmall = "cn=small,ou=groups,dc=example,dc=com";

} // namespace

class RangesTest : public QObject {
    Q_OBJECT

    static core::Result<ldap::SearchEnd> readAll(const Fake &server, Gathered &gathered)
    {
        Session session;
        if (const auto opened = session.open(plainTarget(server.port())); !opened)
            return core::fail(opened.error());
        return session.search(requestFor({"cn", "member"}), gathered.sink());
    }

private slots:
    void everyValueArrives_data()
    {
        QTest::addColumn<int>("total");
        for (const int total : {1, kStep, kStep + 1, 2 * kStep, 2 * kStep + 7, 10 * kStep})
            QTest::addRow("%d values", total) << total;
    }
    void everyValueArrives()
    {
        QFETCH(int, total);
        Fake server([=](const Request &r) {
            if (!isRead(r))
                return Fake::usual(r);
            if (r.scope == 0)
                return Reply{groupEntry(r.id, r.name, askedFrom(r), total) + Fake::done(r.id)};
            return Reply{groupEntry(r.id, kSmall, 0, 3) + groupEntry(r.id, kBig, 0, total)
                         + groupEntry(r.id, "cn=other", 0, 5) + Fake::done(r.id, 0, "")};
        });
        Gathered gathered;
        const auto end = readAll(server, gathered);
        VERIFY_RESULT(end);
        QVERIFY(end->complete);
        QCOMPARE(end->entries, 3);
        int seen = 0;
        for (const core::Entry &entry : gathered.entries) {
            QCOMPARE(entry.values("cn"), QList<QByteArray>{"g"});
            if (entry.dn == kBig) {
                ++seen;
                QCOMPARE(entry.values("member"), members(0, total - 1));
            } else {
                QCOMPARE(entry.values("member").size(), entry.dn == kSmall ? 3 : 5);
            }
        }
        QCOMPARE(seen, 1);
        QCOMPARE(server.count(Operation::Search), 2 + (total - 1) / kStep);

        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        const auto entry = session.read(kBig, {"cn", "member"});
        VERIFY_RESULT(entry);
        QCOMPARE(entry->values("member"), members(0, total - 1));
        QCOMPARE(entry->attributes.size(), 2);
    }

    void brokenRanges_data()
    {
        QTest::addColumn<QByteArray>("description"); ///< of what the follow-up brings; empty: nothing
        QTest::newRow("nothing comes") << QByteArray();
        QTest::newRow("the same again") << QByteArray("member;range=0-1499");
        QTest::newRow("a gap") << QByteArray("member;range=1600-2999");
        QTest::newRow("backwards") << QByteArray("member;range=1500-1400");
        QTest::newRow("no range") << QByteArray("member");
        QTest::newRow("another attribute") << QByteArray("owner;range=1500-*");
        QTest::newRow("no number") << QByteArray("member;range=x-y");
    }
    void brokenRanges()
    {
        QFETCH(QByteArray, description);
        Fake server([=](const Request &r) {
            if (!isRead(r))
                return Fake::usual(r);
            if (r.scope == 0) {
                const Fake::Values values = description.isEmpty() ? Fake::Values{}
                                                                  : Fake::Values{{description, members(0, 5)}};
                return Reply{Fake::entry(r.id, r.name, values) + Fake::done(r.id)};
            }
            return Reply{groupEntry(r.id, kBig, 0, 5000) + Fake::done(r.id)};
        });
        Gathered gathered;
        const auto end = readAll(server, gathered);
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::Protocol);
        QVERIFY(gathered.entries.isEmpty());
        QVERIFY(server.count(Operation::Search) < 6);
    }

    void refusedFollowUpFailsTheRead()
    {
        Fake server([](const Request &r) {
            if (!isRead(r))
                return Fake::usual(r);
            return r.scope == 0 ? Reply{Fake::done(r.id, 50)}
                                : Reply{groupEntry(r.id, kBig, 0, 5000) + Fake::done(r.id)};
        });
        Gathered gathered;
        const auto end = readAll(server, gathered);
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::Denied);
    }

    void entryDeletedMeanwhileIsLeftOut()
    {
        Fake server([](const Request &r) {
            if (!isRead(r))
                return Fake::usual(r);
            return r.scope == 0 ? Reply{Fake::done(r.id, 32)}
                                : Reply{groupEntry(r.id, kBig, 0, 5000) + groupEntry(r.id, kSmall, 0, 3)
                                        + Fake::done(r.id)};
        });
        Gathered gathered;
        const auto end = readAll(server, gathered);
        VERIFY_RESULT(end);
        QVERIFY(end->complete);
        QCOMPARE(gathered.entries.size(), 1);
        QCOMPARE(gathered.entries.first().dn, kSmall);
        QCOMPARE(end->entries, 1);
    }
};

CONSOLE_TEST(RangesTest)
#include "tst_ranges.moc"
