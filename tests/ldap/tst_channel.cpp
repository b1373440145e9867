// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many operations on one connection, at real servers and at one that says what a test wants: each ends by itself, the
// connection stays usable, writes whose answer was lost say so, and what comes beside entries is seen.
#include "tests/ldap/targets.h"
#include "tests/ldap/waiting.h"
#include "tests/support/ds389.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/sambadc.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using core::ConnectionSecurity;
using ldap::AddOperation;
using ldap::Channel;
using ldap::CompareOperation;
using ldap::DeleteOperation;
using ldap::ExtendedOperation;
using ldap::Modification;
using ldap::ModifyDnOperation;
using ldap::ModifyOperation;
using ldap::Operation;
using ldap::Outcome;
using ldap::Scope;
using ldap::SearchOperation;
using ldap::Session;
using Fake = FakeLdapServer;

namespace {

const QByteArray kPeopleDn = "ou=people,dc=example,dc=com";
const QByteArray kSync = "1.3.6.1.4.1.4203.1.9.1.1";
const QByteArray kSyncState = "1.3.6.1.4.1.4203.1.9.1.2";
const QByteArray kSyncDone = "1.3.6.1.4.1.4203.1.9.1.3";
const QByteArray kSyncInfo = "1.3.6.1.4.1.4203.1.9.1.4";

/// RFC 4533 2.2: 1 is refreshOnly, 3 refreshAndPersist.
ldap::RequestControl syncRequest(int mode)
{
    return {kSync, true, ber::sequence({ber::integer(mode, 0x0a)})};
}

/// draft-ietf-ldapext-psearch: changes only, of every kind, without the control in answers.
ldap::RequestControl persistentSearch()
{
    return {"2.16.840.1.113730.3.4.3", true,
            ber::sequence({ber::integer(15), ber::integer(0xff, 0x01), ber::integer(0, 0x01)})};
}

template <typename Server>
ldap::Target tlsTarget(const Server &server)
{
    const auto place = core::parseHostAndPort(server.tlsHostAndPort());
    ldap::Target target;
    target.host = place->host;
    target.port = place->port;
    target.trust.caFile = server.caFile();
    target.bindDn = server.bindDn();
    target.password = core::Secret(server.password());
    return target;
}

QByteArray person(int i)
{
    return "uid=user." + QByteArray::number(i) + ',' + kPeopleDn;
}

} // namespace

class ChannelTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Slapd> m_slapd;

    static QByteArray valueOf(Session &session, const QByteArray &dn, const QByteArray &attribute)
    {
        const auto entry = session.read(dn, {attribute});
        return entry && !entry->values(attribute).isEmpty() ? entry->values(attribute).constFirst() : QByteArray();
    }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        Slapd::Options options;
        options.globalLines = {QStringLiteral("moduleload retcode")};
        options.databaseLines = kSlowLines;
        m_slapd = std::make_unique<Slapd>(options);
        QVERIFY2(m_slapd->load(Slapd::people(2'000)) && m_slapd->start(), qPrintable(m_slapd->errorText()));
    }

    void inFlight_data()
    {
        QTest::addColumn<ConnectionSecurity>("security");
        QTest::newRow("none") << ConnectionSecurity::None;
        QTest::newRow("StartTLS") << ConnectionSecurity::StartTls;
        QTest::newRow("TLS") << ConnectionSecurity::Tls;
    }
    void inFlight()
    {
        QFETCH(ConnectionSecurity, security);
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd, security)));
        QCOMPARE(sixtyFourInFlight(*session.channel(), kPeopleDn, {syncRequest(3)}, slowSearch()), QString());
    }

    void inFlightAt389()
    {
        REQUIRE_SERVER("ns-slapd");
        Ds389 directory;
        QVERIFY2(directory.start(), qPrintable(directory.errorText()));
        Session session;
        VERIFY_RESULT(session.open(tlsTarget(directory)));
        Operation slow{SearchOperation{kPeopleDn, Scope::Subtree, "(ou=nobody)", {"ou"}}};
        slow.controls.append(persistentSearch());
        QCOMPARE(sixtyFourInFlight(*session.channel(), kPeopleDn, {persistentSearch()}, slow), QString());
    }

    void inFlightAtActiveDirectory()
    {
        REQUIRE_SERVER("samba");
        REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
        SambaDc directory;
        QVERIFY2(directory.start(SambaDc::user("zoe", "Passw0rd-of-zoe")), qPrintable(directory.errorText()));
        Session session;
        VERIFY_RESULT(session.open(tlsTarget(directory)));
        // Notifications (MS-ADTS 3.1.1.3.4.1.9): an entry when something changes, and no end.
        Operation slow{SearchOperation{"OU=Groups,DC=lab,DC=example", Scope::OneLevel, "(objectClass=*)", {"ou"}}};
        slow.controls.append({"1.2.840.113556.1.4.528"});
        QCOMPARE(
            sixtyFourInFlight(*session.channel(), "OU=Staff,DC=lab,DC=example", {{"1.2.840.113556.1.4.528"}}, slow),
            QString());
    }

    // Each kind of write, comparison and extended operation.
    void everyKind()
    {
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd)));
        const QByteArray dn = "uid=kinds," + kPeopleDn;
        const QString what = QStringLiteral("it");
        VERIFY_RESULT(session
                          .run({AddOperation{dn,
                                             {{"objectClass", {"inetOrgPerson"}},
                                              {"uid", {"kinds"}},
                                              {"cn", {"K"}},
                                              {"sn", {"K"}},
                                              {"jpegPhoto", {QByteArray("\0\1\2", 3)}}}}})
                          .orError(what, {}));
        const Outcome again =
            session.run({AddOperation{dn, {{"objectClass", {"inetOrgPerson"}}, {"cn", {"K"}}, {"sn", {"K"}}}}});
        QCOMPARE(again.orError(what, {}).error().code, Code::Exists);
        QVERIFY(!again.isNotKnown);
        VERIFY_RESULT(session
                          .run({ModifyOperation{dn,
                                                {{Modification::Kind::Replace, "title", {"Baker"}},
                                                 {Modification::Kind::Add, "mail", {"k@example.com", "l@example.com"}},
                                                 {Modification::Kind::Delete, "mail", {"k@example.com"}},
                                                 {Modification::Kind::Delete, "jpegPhoto", {}}}}})
                          .orError(what, {}));
        const auto entry = session.read(dn, {"title", "mail", "jpegPhoto"});
        VERIFY_RESULT(entry);
        QCOMPARE(entry->values("title"), QList<QByteArray>{"Baker"});
        QCOMPARE(entry->values("mail"), QList<QByteArray>{"l@example.com"});
        QVERIFY(entry->values("jpegPhoto").isEmpty());
        QCOMPARE(session.run({CompareOperation{dn, "title", "baker"}}).answer->rc, 6);
        QCOMPARE(session.run({CompareOperation{dn, "title", "smith"}}).answer->rc, 5);
        const auto who = session.run({ExtendedOperation{"1.3.6.1.4.1.4203.1.11.3"}}).orError(what, {}); // RFC 4532
        VERIFY_RESULT(who);
        QCOMPARE(who->value.value_or(QByteArray()), "dn:" + m_slapd->bindDn().toUtf8());
        VERIFY_RESULT(
            session.run({ModifyDnOperation{dn, "uid=moved", "ou=groups,dc=example,dc=com"}}).orError(what, {}));
        const QByteArray moved = "uid=moved,ou=groups,dc=example,dc=com";
        QCOMPARE(valueOf(session, moved, "uid"), QByteArray("moved"));
        VERIFY_RESULT(session.run({DeleteOperation{moved}}).orError(what, {}));
        QCOMPARE(session.run({DeleteOperation{moved}}).orError(what, {}).error().code, Code::NotFound);
        // What cannot be sent is told, and harms nobody else.
        QCOMPARE(session.run({DeleteOperation{QByteArray("uid=a\0,dc=com", 13)}}).answer.error().code,
                 Code::InvalidInput);
        QCOMPARE(session.run({SearchOperation{kPeopleDn, Scope::Base, "(uid=", {}}}).answer.error().code, Code::Syntax);
        QVERIFY(session.isUsable());
    }

    // Controls both ways: the entry as it was before and after a change (RFC 4527).
    void controlsBothWays()
    {
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd)));
        const QByteArray before = "1.3.6.1.1.13.1";
        const QByteArray after = "1.3.6.1.1.13.2";
        Operation change{ModifyOperation{person(1), {{Modification::Kind::Replace, "title", {"Smith"}}}}};
        const QByteArray wanted = ber::sequence({ber::octets("title")});
        change.controls = {{before, true, wanted}, {after, true, wanted}};
        const auto done = session.run(change).orError(QStringLiteral("it"), {});
        VERIFY_RESULT(done);
        QVERIFY(ldap::controlOf(done->controls, before));
        const auto *read = ldap::controlOf(done->controls, after);
        QVERIFY(read && read->value->contains("Smith"));
        change.controls = {{"1.2.3.4.5.6.7", true}};
        QCOMPARE(session.run(change).orError(QStringLiteral("it"), {}).error().code, Code::Unsupported);
    }

    // Content synchronization (RFC 4533): a control with each entry, and messages in between.
    void contentSync()
    {
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd)));
        const auto refresh = std::make_shared<Everything>();
        Operation operation{SearchOperation{kPeopleDn, Scope::OneLevel, "(uid=user.1*)", {"uid"}}};
        operation.controls.append(syncRequest(1));
        VERIFY_RESULT(session.channel()->submit(operation, refresh));
        QVERIFY(refresh->waitForEnd());
        VERIFY_RESULT(refresh->outcome()->answer);
        QVERIFY(refresh->entries().size() > 100);
        QVERIFY(ldap::controlOf(refresh->outcome()->answer->controls, kSyncDone));
        for (const Everything::Got &got : refresh->entries())
            QVERIFY(ldap::controlOf(got.controls, kSyncState));

        const auto persist = std::make_shared<Everything>();
        operation.controls[0] = syncRequest(3);
        operation.patience = {std::chrono::milliseconds(0), std::chrono::milliseconds(0)};
        const auto begun = session.channel()->submit(operation, persist);
        VERIFY_RESULT(begun);
        QVERIFY(persist->waitFor([&] { return !persist->intermediates().isEmpty(); }));
        QCOMPARE(persist->intermediates().constFirst().oid, kSyncInfo);
        const qsizetype had = persist->entries().size();
        const ModifyOperation promotion{person(12), {{Modification::Kind::Replace, "title", {"Cook"}}}};
        VERIFY_RESULT(session.run({promotion}).answer);
        QVERIFY(persist->waitFor([&] { return persist->entries().size() > had; }));
        QCOMPARE(persist->entries().constLast().entry.dn, person(12));
        session.channel()->cancel(*begun);
        QVERIFY(persist->waitForEnd());
        QCOMPARE(persist->outcome()->answer.error().code, Code::Cancelled);
        QCOMPARE(valueOf(session, person(12), "title"), QByteArray("Cook"));
    }

    void searchesAsAsked()
    {
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd)));
        const auto search = [&](SearchOperation operation) {
            const auto all = std::make_shared<Everything>();
            operation.base = kPeopleDn;
            if (session.channel()->submit({std::move(operation)}, all))
                all->waitForEnd();
            return all;
        };
        const auto whole = search({{}, Scope::OneLevel, "(uid=user.7)", {"*", "+"}});
        QCOMPARE(whole->entries().size(), 1);
        QVERIFY(!whole->entries().constFirst().entry.values("sn").isEmpty());
        QVERIFY(!whole->entries().constFirst().entry.values("entryUUID").isEmpty());
        const auto none = search({{}, Scope::OneLevel, "(uid=user.7)", {}});
        QVERIFY(none->entries().constFirst().entry.attributes.isEmpty());
        SearchOperation types{{}, Scope::OneLevel, "(uid=user.7)", {"sn"}};
        types.typesOnly = true;
        const auto typed = search(types);
        QCOMPARE(typed->entries().constFirst().entry.attributes.size(), 1);
        QVERIFY(typed->entries().constFirst().entry.values("sn").isEmpty());
        SearchOperation few{{}, Scope::OneLevel, "(objectClass=*)", {"uid"}};
        few.sizeLimit = 5;
        const auto limited = search(few);
        QCOMPARE(limited->entries().size(), 5);
        QCOMPARE(limited->outcome()->orError({}, {}).error().code, Code::LimitExceeded);
    }

    void aliases()
    {
        QVERIFY(m_slapd->modify(
            "dn: cn=other name,ou=groups,dc=example,dc=com\nobjectClass: alias\nobjectClass: extensibleObject\n"
            "cn: other name\naliasedObjectName: uid=user.3,ou=people,dc=example,dc=com\n"));
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd)));
        for (const auto &[dereference, dn] :
             {std::pair{ldap::Dereference::Never, QByteArray("cn=other name,ou=groups,dc=example,dc=com")},
              std::pair{ldap::Dereference::Always, person(3)}}) {
            const auto all = std::make_shared<Everything>();
            SearchOperation search{"cn=other name,ou=groups,dc=example,dc=com", Scope::Base, "(objectClass=*)", {"cn"}};
            search.dereference = dereference;
            VERIFY_RESULT(session.channel()->submit({search}, all));
            QVERIFY(all->waitForEnd());
            for (const Everything::Got &got : all->entries())
                QCOMPARE(got.entry.dn, dn);
            QVERIFY(!all->entries().isEmpty()); // OpenLDAP sends a person behind an alias twice
        }
    }

    // Big values both ways at once: neither side may wait for the other to read first.
    void bigValuesBothWays()
    {
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd)));
        const QByteArray photo(700'000, 'x');
        Outcomes outcomes;
        constexpr int kEach = 30;
        QVERIFY(
            session.run({ModifyOperation{person(20), {{Modification::Kind::Replace, "jpegPhoto", {photo}}}}}).answer);
        for (int i = 0; i < kEach; ++i) {
            outcomes.begin(*session.channel(), i,
                           {SearchOperation{person(20), Scope::Base, "(objectClass=*)", {"jpegPhoto"}}});
            outcomes.begin(*session.channel(), kEach + i,
                           {ModifyOperation{person(100 + i), {{Modification::Kind::Replace, "jpegPhoto", {photo}}}}});
        }
        QVERIFY(outcomes.waitFor(2 * kEach));
        for (int i = 0; i < 2 * kEach; ++i)
            VERIFY_RESULT(outcomes.at(i).orError(QStringLiteral("number %1").arg(i), {}));
    }

    // Changes of one object are made in the order in which they were asked for, whatever else is in flight.
    void orderIsKept()
    {
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd)));
        Outcomes outcomes;
        constexpr int kChanges = 40;
        for (int i = 0; i < kChanges; ++i) {
            Operation change{ModifyOperation{
                person(30), {{Modification::Kind::Replace, "title", {"title " + QByteArray::number(i)}}}}};
            change.order = person(30);
            outcomes.begin(*session.channel(), i, change);
            outcomes.begin(*session.channel(), kChanges + i, {SearchOperation{person(i), Scope::Base}});
        }
        QVERIFY(outcomes.waitFor(2 * kChanges));
        int last = -1;
        for (const int number : outcomes.order()) {
            if (number >= kChanges)
                continue;
            QCOMPARE(number, last + 1);
            last = number;
        }
        QCOMPARE(valueOf(session, person(30), "title"), QByteArray("title 39"));
    }

    // No more than the window is in flight.
    void windowIsKept()
    {
        Fake server([](const Fake::Request &r) {
            return r.operation == Fake::Operation::Search && !r.name.isEmpty() ? Fake::Reply() : Fake::usual(r);
        });
        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        const int before = server.count(Fake::Operation::Search);
        Outcomes outcomes;
        QList<Channel::Id> ids;
        for (int i = 0; i < 100; ++i)
            ids.append(outcomes.begin(*session.channel(), i, {SearchOperation{"dc=example,dc=com"}}));
        QTRY_COMPARE(server.count(Fake::Operation::Search) - before, 64);
        QTest::qWait(100);
        QCOMPARE(server.count(Fake::Operation::Search) - before, 64);
        QCOMPARE(session.channel()->load(), 100);
        session.channel()->cancel(ids.constFirst());
        QTRY_COMPARE(server.count(Fake::Operation::Search) - before, 65);
        QTRY_COMPARE(server.count(Fake::Operation::Abandon), 1);
        session.channel()->cancel(ids.constLast()); // which was not sent
        QVERIFY(outcomes.waitFor(2));
        QVERIFY(outcomes.at(0).isNotKnown);
        QVERIFY(!outcomes.at(99).isNotKnown);
        QCOMPARE(server.count(Fake::Operation::Abandon), 1);
    }

    // The connection goes with changes in flight: those that had left may have been made, the others were not.
    void lostWithChangesInFlight()
    {
        std::atomic<int> changes{0};
        Fake server([&](const Fake::Request &r) {
            if (r.operation != Fake::Operation::Other)
                return Fake::usual(r);
            return ++changes == 3 ? Fake::Reply{{}, true} : Fake::Reply();
        });
        Session session;
        VERIFY_RESULT(session.open(plainTarget(server.port())));
        Outcomes outcomes;
        for (int i = 0; i < 4; ++i) {
            Operation change{DeleteOperation{person(i)}};
            change.order = i >= 2 ? QByteArray("the same") : QByteArray();
            outcomes.begin(*session.channel(), i, change);
        }
        QVERIFY(outcomes.waitFor(4));
        for (int i = 0; i < 4; ++i) {
            QVERIFY(!outcomes.at(i).answer);
            QCOMPARE(outcomes.at(i).answer.error().code, Code::Unreachable);
            QVERIFY2(outcomes.at(i).isNotKnown == (i < 3), qPrintable(QStringLiteral("change %1 of %3, %2").arg(i).arg(outcomes.at(i).answer.error().text()).arg(changes)));
        }
        QVERIFY(!session.isUsable());
        QCOMPARE(session.run({DeleteOperation{person(1)}}).answer.error().code, Code::Unreachable);
        QCOMPARE(session.read(person(1), {"uid"}).error().code, Code::Unreachable);
    }

    // The end of a connection that nobody uses is noticed.
    void idleEndIsNoticed()
    {
        Slapd slapd;
        QVERIFY(slapd.load(Slapd::people(1)) && slapd.start());
        Session session;
        VERIFY_RESULT(session.open(targetOf(slapd)));
        QVERIFY(session.isUsable());
        slapd.kill();
        QTRY_VERIFY(!session.isUsable());
    }

    // One search is ended by its own token; the session goes on.
    void ownToken()
    {
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd)));
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = 100;
        request.cancel.emplace();
        int pages = 0;
        const auto end = session.search(request, [&](core::EntryBatch &&) {
            if (++pages == 2)
                request.cancel->cancel();
            return true;
        });
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::Cancelled);
        QVERIFY(pages < 5);
        request.cancel.reset();
        const auto whole = session.search(request, [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(whole);
        QCOMPARE(whole->entries, 2'000);
    }

    // A search in one piece waits for whoever takes it, and others are answered meanwhile.
    void slowTakerHoldsNobodyUp()
    {
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd)));
        ldap::SearchRequest request = requestFor({"uid", "cn", "mail"});
        request.pageSize = 100;
        int pages = 0;
        const auto end = session.search(request, [&](core::EntryBatch &&) {
            ++pages;
            return !valueOf(session, person(pages), "uid").isEmpty();
        });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 2'000);
        QCOMPARE(pages, 20);
    }
};

REGISTER_TEST((runTest<QCoreApplication, ChannelTest>), SambaDc::enterOwnNetwork)
#include "tst_channel.moc"
