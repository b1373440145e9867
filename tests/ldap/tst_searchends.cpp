// SPDX-License-Identifier: GPL-3.0-or-later
//
// How searches end when the server does what real ones do only on bad days. An error must never look like an end.
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

/// Whether the request is the read that a test is about, not a bind or the rootDSE.
bool isRead(const Request &request)
{
    return request.operation == Operation::Search && request.scope != 0;
}

/// A well-behaved paging server with @p total people; cookies are the number of the next one.
Reply pages(const Request &request, int total)
{
    const int first = request.cookie.toInt();
    const int count = std::min(request.isPaged ? request.pageSize : total, total - first);
    const int next = first + count;
    return {Fake::people(request.id, first, count)
            + Fake::done(request.id, 0,
                         request.isPaged ? (next < total ? QByteArray::number(next) : QByteArray("")) : QByteArray())};
}

} // namespace

class SearchEndsTest : public QObject {
    Q_OBJECT

    struct Outcome {
        core::Result<ldap::SearchEnd> end;
        Gathered gathered;
    };

    /// Opens a session to @p server and reads everything in pages of ten.
    static Outcome readAll(const Fake &server, int pageSize = 10, const QList<QByteArray> &attributes = {"uid"})
    {
        Session session;
        ldap::Target target = plainTarget(server.port());
        target.deadlines.silence = std::chrono::milliseconds(kDeadlineMilliseconds * 5);
        if (const auto opened = session.open(target); !opened)
            return {core::fail(opened.error()), {}};
        ldap::SearchRequest request = requestFor(attributes);
        request.pageSize = pageSize;
        Outcome outcome{ldap::SearchEnd{}, {}};
        outcome.end = session.search(request, outcome.gathered.sink());
        return outcome;
    }

private slots:
    void wellBehaved()
    {
        Fake server([](const Request &r) { return isRead(r) ? pages(r, 35) : Fake::usual(r); });
        const Outcome outcome = readAll(server);
        VERIFY_RESULT(outcome.end);
        QVERIFY(outcome.end->complete);
        QCOMPARE(outcome.end->entries, 35);
        QCOMPARE(outcome.end->pages, 4);
        for (const Request &request : server.requests()) {
            if (isRead(request))
                QVERIFY(request.isPaged && request.pagingIsCritical && request.pageSize == 10);
        }
    }

    void resultsInTheMiddle_data()
    {
        QTest::addColumn<int>("result");
        QTest::addColumn<Code>("code");
        QTest::newRow("timeLimitExceeded") << 3 << Code::LimitExceeded;
        QTest::newRow("sizeLimitExceeded") << 4 << Code::LimitExceeded;
        QTest::newRow("adminLimitExceeded") << 11 << Code::LimitExceeded;
        QTest::newRow("busy") << 51 << Code::Busy;
        QTest::newRow("unavailable") << 52 << Code::Busy;
        QTest::newRow("insufficientAccessRights") << 50 << Code::Denied;
        QTest::newRow("noSuchObject") << 32 << Code::NotFound;
        QTest::newRow("operationsError") << 1 << Code::Protocol;
        QTest::newRow("partialResults") << 9 << Code::Protocol;
        QTest::newRow("unwillingToPerform") << 53 << Code::Denied;
        QTest::newRow("other") << 80 << Code::Protocol;
        QTest::newRow("a result nobody knows") << 123 << Code::Protocol;
    }
    void resultsInTheMiddle()
    {
        QFETCH(int, result);
        QFETCH(Code, code);
        Fake server([=](const Request &r) {
            if (isRead(r) && r.cookie.toInt() >= 20)
                return Reply{Fake::people(r.id, 20, 3) + Fake::done(r.id, result, {}, "the server's words")};
            // A server with a limit keeps to it without pages, too.
            if (isRead(r) && !r.isPaged)
                return Reply{Fake::people(r.id, 0, 23) + Fake::done(r.id, result, {}, "the server's words")};
            return isRead(r) ? pages(r, 100) : Fake::usual(r);
        });
        const Outcome outcome = readAll(server);
        QVERIFY(!outcome.end);
        QCOMPARE(outcome.end.error().code, code);
        QCOMPARE(outcome.end.error().native, result);
        QVERIFY2(outcome.end.error().detail.contains(QLatin1String("the server's words")),
                 qPrintable(outcome.end.error().text()));
        QVERIFY(outcome.end.error().detail.contains(QLatin1String("23 entries")));
        QCOMPARE(outcome.gathered.entries.size(), 23);
    }

    void repeatedCookieWithTheSamePage()
    {
        Fake server([](const Request &r) {
            if (isRead(r))
                return Reply{Fake::people(r.id, 0, 10) + Fake::done(r.id, 0, "again")};
            return Fake::usual(r);
        });
        const Outcome outcome = readAll(server);
        QVERIFY(!outcome.end);
        QCOMPARE(outcome.end.error().code, Code::Protocol);
        QVERIFY(server.count(Operation::Search) < 6);
    }

    void repeatedCookieWithEmptyPages()
    {
        Fake server([](const Request &r) {
            return isRead(r) ? Reply{Fake::done(r.id, 0, "again")} : Fake::usual(r);
        });
        const Outcome outcome = readAll(server);
        QVERIFY(!outcome.end);
        QCOMPARE(outcome.end.error().code, Code::Protocol);
    }

    void cookiesInACircle()
    {
        Fake server([](const Request &r) {
            if (!isRead(r))
                return Fake::usual(r);
            const bool second = r.cookie == "a";
            return Reply{Fake::people(r.id, second ? 10 : 0, 10) + Fake::done(r.id, 0, second ? "b" : "a")};
        });
        const Outcome outcome = readAll(server);
        QVERIFY(!outcome.end);
        QCOMPARE(outcome.end.error().code, Code::Protocol);
    }

    // 389 Directory Server: its cookie is the number of the search on the connection, the same on every page.
    void oneCookieForAllPagesThatGoOn()
    {
        int served = 0;
        Fake server([&served](const Request &r) {
            if (!isRead(r))
                return Fake::usual(r);
            const int first = served;
            served += 10;
            return Reply{Fake::people(r.id, first, 10) + Fake::done(r.id, 0, served < 50 ? "0" : "")};
        });
        const Outcome outcome = readAll(server);
        VERIFY_RESULT(outcome.end);
        QVERIFY(outcome.end->complete);
        QCOMPARE(outcome.end->entries, 50);
    }

    // Active Directory sends empty pages with a cookie where it ran out of time for one.
    void emptyPagesThatGoOn()
    {
        Fake server([](const Request &r) {
            if (!isRead(r))
                return Fake::usual(r);
            const int step = r.cookie.toInt();
            return Reply{(step % 2 == 1 ? Fake::people(r.id, step * 10, 10) : QByteArray())
                         + Fake::done(r.id, 0, step < 5 ? QByteArray::number(step + 1) : QByteArray(""))};
        });
        const Outcome outcome = readAll(server);
        VERIFY_RESULT(outcome.end);
        QVERIFY(outcome.end->complete);
        QCOMPARE(outcome.end->entries, 30);
        QCOMPARE(outcome.end->pages, 6);
    }

    void pagingIgnored()
    {
        Fake server([](const Request &r) {
            if (isRead(r))
                return Reply{Fake::people(r.id, 0, 12'000) + Fake::done(r.id)};
            return Fake::usual(r);
        });
        const Outcome outcome = readAll(server);
        VERIFY_RESULT(outcome.end);
        QVERIFY(outcome.end->complete);
        QCOMPARE(outcome.end->entries, 12'000);
        QVERIFY(outcome.gathered.batches.size() > 1); // handed over in portions all the same
    }

    void pagingNotAnnounced()
    {
        Fake server([](const Request &r) {
            if (r.operation == Operation::Search && r.scope == 0)
                return Reply{Fake::entry(r.id, {}, {{"namingContexts", {"dc=example,dc=com"}}}) + Fake::done(r.id)};
            return isRead(r) ? Reply{Fake::people(r.id, 0, 25) + Fake::done(r.id)} : Fake::usual(r);
        });
        const Outcome outcome = readAll(server);
        VERIFY_RESULT(outcome.end);
        QVERIFY(outcome.end->complete);
        QCOMPARE(outcome.end->entries, 25);
        const Request last = server.requests().at(2);
        QVERIFY(isRead(last));
        QVERIFY(!last.pagingIsCritical); // asked for, but not insisted on
    }

    void pagingRefused()
    {
        Fake server([](const Request &r) {
            return isRead(r) ? Reply{Fake::done(r.id, 12, {}, "not for you")} : Fake::usual(r);
        });
        const Outcome outcome = readAll(server);
        QVERIFY(!outcome.end);
        QCOMPARE(outcome.end.error().code, Code::Unsupported);
        QVERIFY2(outcome.end.error().detail.contains(QLatin1String("in pages")), qPrintable(outcome.end.error().text()));
    }

    void pageThatNeverEnds()
    {
        Fake server([](const Request &r) {
            if (isRead(r) && r.cookie.toInt() >= 10)
                return Reply{Fake::people(r.id, 10, 4)};
            return isRead(r) ? pages(r, 100) : Fake::usual(r);
        });
        QElapsedTimer timer;
        timer.start();
        const Outcome outcome = readAll(server);
        QVERIFY(!outcome.end);
        QCOMPARE(outcome.end.error().code, Code::Timeout);
        QVERIFY(timer.elapsed() >= kDeadlineMilliseconds * 5);
        QVERIFY(timer.elapsed() < kDeadlineMilliseconds * 5 + kGraceMilliseconds);
        QCOMPARE(outcome.gathered.entries.size(), 10);
    }

    void connectionLost_data()
    {
        QTest::addColumn<int>("octets"); ///< of the second page that still come
        QTest::newRow("between two pages") << 0;
        QTest::newRow("between two entries") << int(Fake::people(3, 10, 2).size());
        QTest::newRow("within an entry") << int(Fake::people(3, 10, 2).size()) - 7;
        QTest::newRow("within a length") << 1;
    }
    void connectionLost()
    {
        QFETCH(int, octets);
        Fake server([=](const Request &r) {
            if (isRead(r) && r.cookie.toInt() >= 10)
                return Reply{Fake::people(r.id, 10, 10).left(octets), true};
            return isRead(r) ? pages(r, 100) : Fake::usual(r);
        });
        const Outcome outcome = readAll(server);
        QVERIFY(!outcome.end);
        QCOMPARE(outcome.end.error().code, Code::Unreachable);
        QCOMPARE(outcome.gathered.entries.size(), 10);
    }

    void garbage_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::newRow("text") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
        QTest::newRow("zeros") << QByteArray(64, '\0');
        QTest::newRow("ones") << QByteArray(64, '\xff');
        QTest::newRow("a message longer than memory") << QByteArray("\x30\x84\xff\xff\xff\xff\x02\x01\x03", 9);
        QTest::newRow("indefinite length") << QByteArray("\x30\x80\x02\x01\x03\x64\x80\x00\x00", 9);
        QTest::newRow("an entry whose list lies about its length")
            << ber::sequence({ber::integer(3), ber::element(0x64, ber::octets("uid=1") + QByteArray("\x30\x7f\x30\x05", 4))});
        QTest::newRow("an entry without a list") << ber::sequence({ber::integer(3), ber::element(0x64, ber::octets("uid=1"))});
        QTest::newRow("an attribute without values")
            << ber::sequence({ber::integer(3), ber::sequence({ber::octets("uid=1"), ber::sequence({ber::sequence({ber::octets("uid")})})}, 0x64)});
        QTest::newRow("values of another kind")
            << ber::sequence({ber::integer(3), ber::sequence({ber::octets("uid=1"), ber::sequence({ber::sequence({ber::octets("uid"), ber::element(0x31, ber::integer(5))})})}, 0x64)});
    }
    void garbage()
    {
        QFETCH(QByteArray, octets);
        Fake server([=](const Request &r) { return isRead(r) ? Reply{octets, true} : Fake::usual(r); });
        const Outcome outcome = readAll(server);
        QVERIFY(!outcome.end);
        QVERIFY(outcome.end.error().code == Code::Protocol || outcome.end.error().code == Code::Unreachable);
        QVERIFY(outcome.gathered.entries.isEmpty());
    }

    void oversizedPage()
    {
        Fake server([](const Request &r) {
            return isRead(r) ? Reply{Fake::people(r.id, 0, 40) + Fake::done(r.id, 0, "")} : Fake::usual(r);
        });
        const Outcome outcome = readAll(server);
        VERIFY_RESULT(outcome.end);
        QCOMPARE(outcome.end->entries, 40);
    }

    void limitWithinAnOversizedPage()
    {
        Fake server([](const Request &r) {
            return isRead(r) ? Reply{Fake::people(r.id, 0, 40) + Fake::done(r.id, 0, "more")} : Fake::usual(r);
        });
        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = 10;
        request.limit = 15;
        Gathered gathered;
        const auto end = session.search(request, gathered.sink());
        VERIFY_RESULT(end);
        QCOMPARE(gathered.entries.size(), 15);
        QVERIFY(!end->complete);
    }

    void limitReachedAtTheEndIsNotCompleteWhenSomethingWasLeftOut()
    {
        Fake server([](const Request &r) {
            return isRead(r) ? Reply{Fake::people(r.id, 0, 40) + Fake::done(r.id, 0, "")} : Fake::usual(r);
        });
        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        ldap::SearchRequest request = requestFor({"uid"});
        request.limit = 15;
        const auto cut = session.search(request, [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(cut);
        QCOMPARE(cut->entries, 15);
        QVERIFY(!cut->complete);
        request.limit = 40;
        const auto whole = session.search(request, [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(whole);
        QVERIFY(whole->complete);
    }

    // At least one page is read ahead, and no more than two wait for being taken, with one more under way.
    void nextPageIsAskedForBeforeTheLastIsHandedOver()
    {
        constexpr int kPages = 8;
        Fake server([](const Request &r) { return isRead(r) ? pages(r, kPages * 10) : Fake::usual(r); });
        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = 10;
        QList<int> askedWhenHandedOver;
        const auto end = session.search(request, [&](core::EntryBatch &&) {
            // The request is on its way; the server's thread needs a moment to take it.
            const int before = int(askedWhenHandedOver.size()) + 2;
            QElapsedTimer timer;
            timer.start();
            int reads = 0;
            do {
                const QList<Request> all = server.requests();
                reads = int(std::count_if(all.begin(), all.end(), isRead));
            } while (reads < before && timer.elapsed() < 1'000 && before <= kPages);
            askedWhenHandedOver.append(reads);
            return true;
        });
        VERIFY_RESULT(end);
        QCOMPARE(askedWhenHandedOver.size(), kPages);
        for (int page = 0; page < kPages; ++page) {
            QVERIFY(askedWhenHandedOver.at(page) >= std::min(page + 2, kPages));
            QVERIFY(askedWhenHandedOver.at(page) <= page + 4);
        }
    }

    void attributeOrderMayChange()
    {
        Fake server([](const Request &r) {
            if (!isRead(r))
                return Fake::usual(r);
            return Reply{Fake::entry(r.id, "cn=a", {{"uid", {"1"}}, {"MAIL", {"a"}}, {"sn", {"s"}}})
                         + Fake::entry(r.id, "cn=b", {{"mail", {"b"}}, {"uid", {"2"}}})
                         + Fake::entry(r.id, "cn=c", {{"other", {"x"}}, {"UID", {"3"}}, {"mail", {"c", "cc"}}})
                         + Fake::entry(r.id, "cn=d", {})
                         + Fake::entry(r.id, "cn=e", {{"uid;lang-de", {"no"}}, {"mail;binary", {"e"}}})
                         + Fake::done(r.id)};
        });
        const Outcome outcome = readAll(server, 10, {"mail", "uid"});
        VERIFY_RESULT(outcome.end);
        QCOMPARE(outcome.gathered.entries.size(), 5);
        QCOMPARE(outcome.gathered.entries.at(0).values("uid"), QList<QByteArray>{"1"});
        QCOMPARE(outcome.gathered.entries.at(0).values("mail"), QList<QByteArray>{"a"});
        QCOMPARE(outcome.gathered.entries.at(1).values("uid"), QList<QByteArray>{"2"});
        QCOMPARE(outcome.gathered.entries.at(1).values("mail"), QList<QByteArray>{"b"});
        QCOMPARE(outcome.gathered.entries.at(2).values("mail"), (QList<QByteArray>{"c", "cc"}));
        QVERIFY(outcome.gathered.entries.at(3).attributes.isEmpty());
        QVERIFY(outcome.gathered.entries.at(4).values("uid").isEmpty());
        QCOMPARE(outcome.gathered.entries.at(4).values("mail"), QList<QByteArray>{"e"});
    }

    void octetsComeAsTheyAre()
    {
        QByteArray all;
        for (int i = 0; i < 256; ++i)
            all += char(i);
        const QByteArray big(300'000, '\x80');
        Fake server([=](const Request &r) {
            return isRead(r) ? Reply{Fake::entry(r.id, "cn=a", {{"uid", {all, QByteArray(), big}}}) + Fake::done(r.id)}
                             : Fake::usual(r);
        });
        const Outcome outcome = readAll(server);
        VERIFY_RESULT(outcome.end);
        QCOMPARE(outcome.gathered.entries.at(0).values("uid"), (QList<QByteArray>{all, QByteArray(), big}));
    }
};

CONSOLE_TEST(SearchEndsTest)
#include "tst_searchends.moc"
