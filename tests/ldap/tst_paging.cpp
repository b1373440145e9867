// SPDX-License-Identifier: GPL-3.0-or-later
//
// Servers that refuse pages, or large ones, or limit what all pages together may have: they are read all the same, each
// entry once, or the error says what the server does not allow.
#include "tests/ldap/targets.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QSet>
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

constexpr int kPeople = 120;

bool isSearch(const Request &request)
{
    return request.operation == Operation::Search && request.scope != 0;
}

/// What a server allows; -1: anything.
struct Allowed {
    int page = -1;     ///< entries of one page; larger ones get pageResult
    int pageResult = 11;
    bool sendsAll = false; ///< sends as many as it allows before that result
    int together = -1; ///< entries of all pages of one search
    int atOnce = -1;   ///< entries without pages
};

Reply answer(const Request &r, const Allowed &allowed)
{
    if (!r.isPaged) {
        const bool cut = allowed.atOnce >= 0 && allowed.atOnce < kPeople;
        return {Fake::people(r.id, 0, cut ? allowed.atOnce : kPeople) + Fake::done(r.id, cut ? 4 : 0)};
    }
    const int first = r.cookie.toInt();
    if (allowed.page >= 0 && r.pageSize > allowed.page)
        return {(allowed.sendsAll ? Fake::people(r.id, first, std::min(allowed.page, kPeople - first)) : QByteArray())
                + Fake::done(r.id, allowed.pageResult, {}, "the page is too large")};
    const int last = allowed.together >= 0 ? std::min(allowed.together, kPeople) : kPeople;
    const int next = std::min(first + r.pageSize, last);
    const bool cut = next == last && last < kPeople;
    return {Fake::people(r.id, first, next - first)
            + Fake::done(r.id, cut ? 4 : 0, next < last ? QByteArray::number(next) : QByteArray(""))};
}

Fake serverThat(const Allowed &allowed)
{
    return Fake([allowed](const Request &r) { return isSearch(r) ? answer(r, allowed) : Fake::usual(r); });
}

QSet<QByteArray> namesIn(const Gathered &gathered)
{
    QSet<QByteArray> names;
    for (const core::Entry &entry : gathered.entries)
        names.insert(entry.dn);
    return names;
}

} // namespace

class PagingTest : public QObject {
    Q_OBJECT

private slots:
    void isReadAllTheSame_data()
    {
        QTest::addColumn<Allowed>("allowed");
        QTest::addColumn<int>("pageSize"); ///< in the end
        QTest::newRow("anything") << Allowed{} << 100;
        QTest::newRow("smaller pages") << Allowed{.page = 30} << 25;
        QTest::newRow("smaller pages, and says so at their end") << Allowed{.page = 30, .pageResult = 4, .sendsAll = true} << 15;
        QTest::newRow("pages of one") << Allowed{.page = 1} << 1;
        QTest::newRow("no pages: unavailableCriticalExtension") << Allowed{.page = 0, .pageResult = 12} << 0;
        QTest::newRow("no pages: unwillingToPerform") << Allowed{.page = 0, .pageResult = 53} << 0;
        QTest::newRow("no pages: insufficientAccessRights") << Allowed{.page = 0, .pageResult = 50} << 0;
        QTest::newRow("no pages: protocolError") << Allowed{.page = 0, .pageResult = 2} << 0;
        QTest::newRow("no pages: adminLimitExceeded") << Allowed{.page = 0, .pageResult = 11} << 0;
        QTest::newRow("few together in the first page") << Allowed{.together = 60} << 0;
        QTest::newRow("few together in a later page") << Allowed{.page = 30, .together = 60} << 0;
        QTest::newRow("one page exactly") << Allowed{.together = 100} << 0;
    }
    void isReadAllTheSame()
    {
        QFETCH(Allowed, allowed);
        QFETCH(int, pageSize);
        Fake server = serverThat(allowed);
        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = 100;
        for (int round = 0; round < 2; ++round) {
            Gathered gathered;
            const auto end = session.search(request, gathered.sink());
            VERIFY_RESULT(end);
            QVERIFY(end->complete);
            QCOMPARE(end->entries, kPeople);
            QCOMPARE(end->pageSize, pageSize);
            QCOMPARE(gathered.entries.size(), kPeople); // none is handed over twice
            QCOMPARE(namesIn(gathered).size(), kPeople);
            // The second time the session knows.
            QCOMPARE(end->pagingFault.isEmpty(), pageSize == 100 || round == 1);
        }
    }

    void theReasonIsNamed_data()
    {
        QTest::addColumn<Allowed>("allowed");
        QTest::addColumn<Code>("code");
        QTest::addColumn<int>("entries");
        QTest::addColumn<QString>("says");
        QTest::newRow("neither in pages nor at once") << Allowed{.together = 60, .atOnce = 60} << Code::LimitExceeded << 60
                                                      << QStringLiteral("in pages or without");
        QTest::newRow("less in pages than at once") << Allowed{.together = 50, .atOnce = 60} << Code::LimitExceeded << 60
                                                    << QStringLiteral("the read ended after 60 entries");
        QTest::newRow("no pages, and little at once") << Allowed{.page = 0, .pageResult = 12, .atOnce = 10} << Code::LimitExceeded
                                                      << 10 << QStringLiteral("in pages of 100 the server had answered unavailableCriticalExtension");
    }
    void theReasonIsNamed()
    {
        QFETCH(Allowed, allowed);
        QFETCH(Code, code);
        QFETCH(int, entries);
        QFETCH(QString, says);
        Fake server = serverThat(allowed);
        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = 100;
        Gathered gathered;
        const auto end = session.search(request, gathered.sink());
        QVERIFY(!end);
        QCOMPARE(end.error().code, code);
        QCOMPARE(end.error().native, 4);
        QVERIFY2(end.error().detail.contains(says), qPrintable(end.error().text()));
        QCOMPARE(gathered.entries.size(), entries);
    }

    void aRefusalForAnotherReasonStays()
    {
        Fake server([](const Request &r) { return isSearch(r) ? Reply{Fake::done(r.id, 53, {}, "not today")} : Fake::usual(r); });
        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        const auto end = session.search(requestFor({"uid"}), [](core::EntryBatch &&) { return true; });
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::Denied);
        QVERIFY(end.error().detail.contains(QLatin1String("not today")));
    }

    void limitsOfOpenLdap_data()
    {
        QTest::addColumn<QString>("limits");
        QTest::addColumn<bool>("isWhole");
        QTest::newRow("small pages") << QStringLiteral("size=unlimited size.pr=40") << true;
        QTest::newRow("small pages, and a size limit without them") << QStringLiteral("size=50 size.prtotal=unlimited size.pr=30") << true;
        QTest::newRow("no pages") << QStringLiteral("size=unlimited size.prtotal=disabled") << true;
        QTest::newRow("few together") << QStringLiteral("size=unlimited size.prtotal=60") << true;
        QTest::newRow("a size limit") << QStringLiteral("size.soft=50 size.hard=50") << false;
        QTest::newRow("a soft limit that may be passed") << QStringLiteral("size.soft=50 size.hard=unlimited") << true;
    }
    void limitsOfOpenLdap()
    {
        REQUIRE_SERVER("slapd");
        QFETCH(QString, limits);
        QFETCH(bool, isWhole);
        Slapd::Options options;
        options.readerLimits = limits;
        Slapd slapd(options);
        QVERIFY2(slapd.load(Slapd::people(kPeople)) && slapd.start(), qPrintable(slapd.errorText()));
        ldap::Target target = targetOf(slapd);
        target.bindDn = slapd.readerDn();
        target.password = core::Secret(slapd.readerPassword());
        Session session;
        VERIFY_RESULT(session.open(target));
        Gathered gathered;
        const auto end = session.search(requestFor({"uid"}), gathered.sink());
        if (!isWhole) {
            QVERIFY(!end);
            QCOMPARE(end.error().code, Code::LimitExceeded);
            QVERIFY2(end.error().detail.contains(QLatin1String("in pages or without")), qPrintable(end.error().text()));
            return;
        }
        VERIFY_RESULT(end);
        QVERIFY(end->complete);
        QCOMPARE(gathered.entries.size(), kPeople);
        QCOMPARE(namesIn(gathered).size(), kPeople);
    }
};

CONSOLE_TEST(PagingTest)
#include "tst_paging.moc"
