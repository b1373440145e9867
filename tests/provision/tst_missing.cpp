// SPDX-License-Identifier: GPL-3.0-or-later
//
// An error is never absence: whoever a read does not bring is asked for by the immutable id before anything is planned, and
// harm is stopped by what it does to people, not by where it comes from.
#include "tests/provision/scenario.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include "store/links.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const QByteArray kPeople = ",ou=people,dc=example,dc=com";

QByteArray removed(int first, int count)
{
    QByteArray ldif;
    for (int i = first; i < first + count; ++i)
        ldif += "dn: uid=user." + QByteArray::number(i) + kPeople + "\nchangetype: delete\n\n";
    return ldif;
}

QByteArray changed(int first, int count, const QByteArray &changes)
{
    QByteArray ldif;
    for (int i = first; i < first + count; ++i)
        ldif += "dn: uid=user." + QByteArray::number(i) + kPeople + "\nchangetype: modify\n" + changes + "\n";
    return ldif;
}

QByteArray unit(const QByteArray &name, const QByteArray &below = "ou=people,dc=example,dc=com")
{
    return "dn: ou=" + name + ',' + below + "\nobjectClass: organizationalUnit\nou: " + name + "\n\n";
}

QByteArray moved(int number, const QByteArray &to)
{
    const QByteArray rdn = "uid=user." + QByteArray::number(number);
    return "dn: " + rdn + kPeople + "\nchangetype: modrdn\nnewrdn: " + rdn + "\ndeleteoldrdn: 0\nnewsuperior: " + to + "\n\n";
}

/// The account whose rights the tests take away.
bool readAsReader(Scenario &s)
{
    QFile file(s.folder.filePath(QStringLiteral("reader")));
    if (!file.open(QIODevice::WriteOnly) || file.write(s.slapd.readerPassword()) < 0)
        return false;
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    s.gateway().bindDn = s.slapd.readerDn();
    s.gateway().bindPassword.name = file.fileName();
    return s.save();
}

QString hides(const char *what)
{
    return QStringLiteral("access to %1 by dn.exact=cn=reader,dc=example,dc=com none by * read").arg(QLatin1String(what));
}

/// "name" or "name(subject)" of the guards that tripped.
QStringList tripped(const provision::RunOutcome &outcome)
{
    QStringList names;
    for (const core::GuardVerdict &verdict : outcome.guards) {
        if (verdict.tripped)
            names << (verdict.subject.isEmpty() ? verdict.name : QStringLiteral("%1(%2)").arg(verdict.name, verdict.subject));
    }
    names.sort();
    return names;
}

qint64 enabledPeople(Scenario &s, int count)
{
    qint64 enabled = 0;
    for (int i = 0; i < count; ++i)
        enabled += s.value(QStringLiteral("user.%1").arg(i), "enabled") == QLatin1String("true");
    return enabled;
}

} // namespace

class MissingTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void anEntryWithoutItsIdIsNotGone()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)) && readAsReader(s));
        QCOMPARE(s.apply().counts.users.create, 12);
        // One of the two is renamed meanwhile: it is known again by its username.
        QVERIFY(s.slapd.modify("dn: uid=user.1" + kPeople + "\nchangetype: modrdn\nnewrdn: cn=Renamed\ndeleteoldrdn: 0\n\n"));
        QVERIFY(s.slapd.restartWithAccess({hides("dn.regex=uid=user.2,.* attrs=entryUUID"), hides("dn.regex=cn=Renamed,.* attrs=entryUUID")}));
        const auto applied = s.apply();
        QCOMPARE(applied.status, store::RunStatus::Partial);
        QCOMPARE(applied.counts.users.failed, 2);
        QCOMPARE(applied.counts.changes(), 0);
        QCOMPARE(Scenario::stepOf(applied, QStringLiteral("user.2")).problems.value(0).code, core::ProblemCode::MissingIdentifier);
        QCOMPARE(enabledPeople(s, 12), 12);
    }

    void lostRightsBlankNobody()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)) && readAsReader(s));
        QCOMPARE(s.apply().counts.users.create, 30);
        QVERIFY(s.slapd.restartWithAccess({hides("dn.subtree=ou=people,dc=example,dc=com attrs=mail,title")}));
        const auto stopped = s.apply();
        QCOMPARE(stopped.status, store::RunStatus::Stopped);
        QCOMPARE(tripped(stopped), (QStringList{QStringLiteral("maxBlankedPercent(email)"), QStringLiteral("maxBlankedPercent(title)")}));
        QVERIFY(!s.value(QStringLiteral("user.3"), "email").isEmpty());
        QCOMPARE(s.plan().counts.users.update, 30); // a plan shows it all the same

        // A few may lose a value; and whoever says so may blank everybody.
        QVERIFY(s.slapd.restartWithAccess({hides("dn.regex=^uid=user.[0-4],.* attrs=mail")}));
        QCOMPARE(s.apply().counts.users.update, 5);
        QVERIFY(s.value(QStringLiteral("user.3"), "email").isEmpty());
        QVERIFY(s.slapd.restartWithAccess({hides("dn.subtree=ou=people,dc=example,dc=com attrs=mail,title")}));
        s.rule().guards.maxBlankedPercent = -1;
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.update, 30);
    }

    void peopleDisabledByTheMappingCountToo()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        s.rule().mappings.users.last() = {
            QStringLiteral("enabled"), {}, QStringLiteral("title != 'Gone'"), core::MappingWhen::Always};
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.create, 30);
        QVERIFY(s.slapd.modify(changed(0, 30, "replace: title\ntitle: Gone\n")));
        const auto stopped = s.apply();
        QCOMPARE(stopped.status, store::RunStatus::Stopped);
        QCOMPARE(tripped(stopped), QStringList{QStringLiteral("maxDeprovisionPercent")});
        QCOMPARE(enabledPeople(s, 30), 30);
    }

    void aFilterOnAnUnknownAttributeTakesNobodyAway()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(9)));
        QCOMPARE(s.apply().counts.users.create, 9);
        s.rule().scope.userFilter = QStringLiteral("(!(employeeTypo=x))");
        QVERIFY(s.save());
        const auto stopped = s.apply();
        QCOMPARE(stopped.status, store::RunStatus::Stopped);
        QVERIFY(tripped(stopped).contains(QStringLiteral("emptyRead")));
        QCOMPARE(stopped.counts.changes(), 0);
        QVERIFY2(stopped.notes.join(u' ').contains(QLatin1String("employeeTypo")), qPrintable(stopped.notes.join(u' ')));
        // Also where every guard is off but the one that cannot be.
        s.rule().guards = {-1, -1};
        s.rule().guards.minReadPercent = -1;
        QVERIFY(s.save());
        QCOMPARE(s.apply().status, store::RunStatus::Stopped);
        s.rule().scope.userFilter = QStringLiteral("(|(uid=user.0)(employeeTypo=x))");
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.changes(), 0);
        QCOMPARE(enabledPeople(s, 9), 9);
    }

    void aFilterOnAHiddenAttributeTakesNobodyAway()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        s.rule().scope.userFilter = QStringLiteral("(|(uid=user.0)(mail=*))");
        s.rule().guards = {-1, -1};
        s.rule().guards.minReadPercent = -1;
        QVERIFY(readAsReader(s));
        QCOMPARE(s.apply().counts.users.create, 30);
        QVERIFY(s.slapd.restartWithAccess({hides("dn.subtree=ou=people,dc=example,dc=com attrs=mail")}));
        const auto applied = s.apply();
        QCOMPARE(applied.counts.users.disable, 0);
        QVERIFY2(applied.notes.join(u' ').contains(QLatin1String("mail")), qPrintable(applied.notes.join(u' ')));
        // Where others are seen to have it, who has none has left the scope.
        QVERIFY(s.slapd.restartWithAccess({}));
        QVERIFY(s.slapd.modify(changed(3, 2, "delete: mail\n")));
        QCOMPARE(s.apply().counts.users.disable, 2);
    }

    void saysWhySomebodyGoes()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(60) + unit("elsewhere", "dc=example,dc=com")));
        s.rule().scope.userFilter = QStringLiteral("(title=Engineer)");
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.create, 60);
        QVERIFY(s.slapd.modify(removed(0, 1) + moved(1, "ou=elsewhere,dc=example,dc=com")
                               + changed(2, 1, "replace: title\ntitle: Pilot\n")));
        const auto planned = s.plan();
        QCOMPARE(planned.counts.users.disable, 3);
        QCOMPARE(Scenario::stepOf(planned, QStringLiteral("user.0")).departure, core::Departure::NotVisible);
        QCOMPARE(Scenario::stepOf(planned, QStringLiteral("user.1")).departure, core::Departure::OutsideBase);
        QCOMPARE(Scenario::stepOf(planned, QStringLiteral("user.2")).departure, core::Departure::OutsideFilter);
        // The journal keeps it.
        const auto applied = s.apply();
        QCOMPARE(applied.counts.users.disable, 3);
        const auto results = s.environment->runs().steps(applied.run, 0, 10);
        QVERIFY(results);
        QCOMPARE(results->size(), 3);
        for (const core::Step &step : *results)
            QVERIFY(step.departure != core::Departure::None);
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void followsSomebodyWhoMovedWithinTheRule()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(5) + unit("inner")));
        QCOMPARE(s.apply().counts.users.create, 5);
        QVERIFY(s.slapd.modify(moved(1, "ou=inner,ou=people,dc=example,dc=com")));
        QCOMPARE(s.apply().counts.changes(), 0);
    }

    void everybodyBelowAUnitIsAGuardOfItsOwn()
    {
        Scenario s;
        QVERIFY(s.begin(unit("sales") + unit("small") + Slapd::people(100)));
        QByteArray moves;
        for (int i = 0; i < 5; ++i)
            moves += moved(i, "ou=sales,ou=people,dc=example,dc=com");
        for (int i = 5; i < 9; ++i)
            moves += moved(i, "ou=small,ou=people,dc=example,dc=com");
        QVERIFY(s.slapd.modify(moves) && readAsReader(s));
        QCOMPARE(s.apply().counts.users.create, 100);

        // Four are few.
        QVERIFY(s.slapd.restartWithAccess({hides("dn.subtree=ou=small,ou=people,dc=example,dc=com")}));
        QCOMPARE(tripped(s.plan()), QStringList());
        // Five of a hundred are within every share, and still the whole unit.
        QVERIFY(s.slapd.restartWithAccess({hides("dn.subtree=ou=sales,ou=people,dc=example,dc=com")}));
        const auto stopped = s.apply();
        QCOMPARE(stopped.status, store::RunStatus::Stopped);
        QCOMPARE(tripped(stopped), QStringList{QStringLiteral("unitLoss(ou=sales,ou=people,dc=example,dc=com)")});
        QCOMPARE(enabledPeople(s, 100), 100);
        // As long as one is seen there, the unit is.
        QVERIFY(s.slapd.restartWithAccess({hides("dn.regex=^uid=user.[0-3],ou=sales,.*")}));
        QCOMPARE(tripped(s.plan()), QStringList());
        s.rule().guards.unitLoss = false;
        QVERIFY(s.save());
        QVERIFY(s.slapd.restartWithAccess({hides("dn.subtree=ou=sales,ou=people,dc=example,dc=com")}));
        QCOMPARE(s.apply().counts.users.disable, 5);
    }

    void waitsBeforeSomebodyIsMissing()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.rule().guards.missingForSeconds = 2;
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.create, 20);
        QVERIFY(s.slapd.modify(removed(3, 1)));
        QCOMPARE(s.plan().counts.users.disable, 0);
        const auto waiting = s.apply();
        QCOMPARE(waiting.counts.users.disable, 0);
        QVERIFY(!waiting.notes.isEmpty());
        QTest::qWait(3100);
        QCOMPARE(s.plan().counts.users.disable, 1);
        // Whoever is back starts anew.
        QVERIFY(s.slapd.modify(Slapd::people(1, 50)));
        QCOMPARE(s.apply().counts.users.disable, 1);
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("false"));
    }

    void fewPeopleAreGuardedAsThousands()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(4)));
        QCOMPARE(s.apply().counts.users.create, 4);
        QVERIFY(s.slapd.modify(removed(0, 1)));
        QCOMPARE(s.apply().counts.users.disable, 1); // one is always allowed
        QVERIFY(s.slapd.modify(removed(1, 2)));
        QCOMPARE(s.apply().status, store::RunStatus::Stopped);
        s.rule().guards.maxDeprovisionPercent = 100;
        QVERIFY(s.save());
        s.rule().guards.minReadPercent = -1;
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.disable, 2);
        s.rule().guards.maxDeprovisionPercent = 0;
        QVERIFY(s.save());
        QVERIFY(s.slapd.modify(Slapd::people(30, 100)));
        QCOMPARE(s.apply().counts.users.create, 30);
        QVERIFY(s.slapd.modify(removed(100, 1)));
        QCOMPARE(s.apply().status, store::RunStatus::Stopped);
    }

    void onePersonIsLookedForToo()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.rule().scope.userFilter = QStringLiteral("(title=Engineer)");
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.create, 20);
        QVERIFY(s.slapd.modify(changed(2, 1, "replace: title\ntitle: Pilot\n")));
        const auto planned = s.plan(QStringLiteral("user.2"));
        QCOMPARE(planned.counts.users.disable, 1);
        QCOMPARE(Scenario::stepOf(planned, QStringLiteral("user.2")).departure, core::Departure::OutsideFilter);
        QCOMPARE(s.apply(QStringLiteral("user.2")).counts.users.disable, 1);
        // What one person's run read is no measure for the next.
        QCOMPARE(tripped(s.apply()), QStringList());
    }

    void aShortReadFails_data()
    {
        QTest::addColumn<int>("withheld");
        QTest::addColumn<bool>("fails");
        QTest::newRow("a few") << 9 << false;
        QTest::newRow("ten") << 10 << true;
        QTest::newRow("many") << 15 << true;
    }
    /// The server calls its answer complete and has left people out, whom it shows when asked for them.
    void aShortReadFails()
    {
        QFETCH(int, withheld);
        QFETCH(bool, fails);
        constexpr int kAll = 40;
        auto delivered = std::make_shared<std::atomic_int>(kAll);
        FakeLdapServer server([delivered](const FakeLdapServer::Request &request) {
            if (request.operation != FakeLdapServer::Operation::Search)
                return FakeLdapServer::usual(request);
            if (request.name.isEmpty() && request.scope == 0) {
                return FakeLdapServer::Reply{FakeLdapServer::entry(request.id, "", {{"namingContexts", {"dc=example,dc=com"}},
                                                                                    {"supportedControl", {"1.2.840.113556.1.4.319"}}})
                                             + FakeLdapServer::done(request.id)};
            }
            const bool wholeRead = request.name == "ou=people,dc=example,dc=com";
            return FakeLdapServer::Reply{FakeLdapServer::people(request.id, 0, wholeRead ? delivered->load() : kAll)
                                         + FakeLdapServer::done(request.id, 0, "")};
        });
        Scenario s;
        QVERIFY(s.begin(Slapd::people(1)));
        s.gateway().serversHostAndPort = {server.hostAndPort()};
        s.rule().guards = {-1, -1};
        s.rule().guards.minReadPercent = -1;
        s.rule().mappings.users = {Scenario::map("username", "uid")};
        QVERIFY(s.save());
        const auto first = s.apply();
        QVERIFY2(!first.error, qPrintable(first.error ? first.error->text() : QString()));
        QCOMPARE(first.counts.users.create, kAll);
        *delivered = kAll - withheld;
        const auto second = s.apply();
        QCOMPARE(second.status, fails ? store::RunStatus::Failed : store::RunStatus::Succeeded);
        if (fails)
            QCOMPARE(second.error->code, core::Code::Protocol);
        else
            QCOMPARE(second.counts.users.unchanged, kAll);
    }
};

CONSOLE_TEST(MissingTest)
#include "tst_missing.moc"
