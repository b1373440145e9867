// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whole runs against a real directory: what is created, updated, disabled, refused, and that a second run changes
// nothing.
#include "tests/provision/scenario.h"
#include "tests/support/testservers.h"

#include "store/runs.h"
#include "tests/support/testmain.h"

#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

QByteArray modify(const QByteArray &uid, const QByteArray &changes)
{
    return "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nchangetype: modify\n" + changes + "\n";
}

QByteArray removal(int first, int count)
{
    QByteArray ldif;
    for (int i = first; i < first + count; ++i)
        ldif += "dn: uid=user." + QByteArray::number(i) + ",ou=people,dc=example,dc=com\nchangetype: delete\n\n";
    return ldif;
}

} // namespace

class RunTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void createsEverybodyAndThenNothing()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(2500)));
        const auto planned = s.plan();
        QVERIFY2(!planned.error, qPrintable(planned.error ? planned.error->text() : QString()));
        QCOMPARE(planned.counts.users.create, 2500);
        QCOMPARE(planned.read, 2500);
        QCOMPARE(s.userCount(), 0); // a plan writes nothing

        const auto applied = s.apply();
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts, planned.counts);
        QCOMPARE(s.userCount(), 2500);
        QCOMPARE(s.value(QStringLiteral("user.7"), "name.family"), QStringLiteral("Name7"));
        QCOMPARE(s.value(QStringLiteral("user.7"), "enabled"), QStringLiteral("true"));

        const auto again = s.plan();
        QCOMPARE(again.plan->size(), 0);
        QCOMPARE(again.counts.users.unchanged, 2500);
        const auto second = s.apply();
        QCOMPARE(second.counts.changes(), 0);
        QCOMPARE(second.counts.users.unchanged, 2500);
        QCOMPARE(second.status, store::RunStatus::Succeeded);
    }

    void updatesAttributeByAttribute()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        QVERIFY(s.slapd.modify(modify("user.3", "replace: title\ntitle: Principal\n-\ndelete: mail\n")));
        const auto planned = s.plan();
        QCOMPARE(planned.counts.users.update, 1);
        QCOMPARE(planned.plan->size(), 1);
        const core::Step step = Scenario::stepOf(planned, QStringLiteral("user.3"));
        QCOMPARE(step.changes, (QList<core::AttributeChange>{
                                   {QStringLiteral("email"), QStringLiteral("user.3@example.com"), core::Value()},
                                   {QStringLiteral("title"), QStringLiteral("Engineer"), QStringLiteral("Principal")}}));
        QCOMPARE(s.apply().counts.users.update, 1);
        QCOMPARE(s.value(QStringLiteral("user.3"), "title"), QStringLiteral("Principal"));
        QCOMPARE(s.value(QStringLiteral("user.3"), "email"), QString());
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void putsBackWhatWasEditedByHand()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        auto user = s.environment->identities().userByKey(QStringLiteral("user.5"));
        QVERIFY(user);
        user->values.set(s.environment->catalog()->find(QStringLiteral("title")), QStringLiteral("King"));
        QVERIFY(s.environment->identities().saveUser(*user));
        const auto planned = s.plan();
        QCOMPARE(planned.counts.users.update, 1);
        QCOMPARE(Scenario::stepOf(planned, QStringLiteral("user.5")).changes.at(0).after, core::Value(QStringLiteral("Engineer")));
    }

    void adoptsByUsernameAndRefusesWhatIsTaken()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)));
        core::User existing;
        existing.population = s.configuration.populations.constFirst().row;
        existing.values.set(s.environment->catalog()->username(), QStringLiteral("USER.4"));
        QVERIFY(s.environment->identities().saveUser(existing));
        const auto applied = s.apply();
        QCOMPARE(applied.counts.users.create, 11);
        QCOMPARE(applied.counts.users.update, 1);
        QCOMPARE(s.userCount(), 12);
        QCOMPARE(s.plan().plan->size(), 0);

        // Another entry now claims a username that belongs to a linked user.
        QVERIFY(s.slapd.modify("dn: cn=twin,ou=people,dc=example,dc=com\nchangetype: add\nobjectClass: inetOrgPerson\n"
                               "cn: twin\nsn: Twin\nuid: User.4\n\n"));
        const auto second = s.apply();
        QCOMPARE(second.status, store::RunStatus::Partial);
        QCOMPARE(second.counts.users.failed, 1);
        QCOMPARE(second.counts.users.unchanged, 12);
        const core::Step refused = Scenario::stepOf(second, QStringLiteral("twin"));
        QCOMPARE(refused.problems.at(0).code, core::ProblemCode::TakenMatch);
        const auto recorded = s.environment->runs().steps(second.run, 0, 10);
        QVERIFY(recorded);
        QCOMPARE(recorded->size(), 1);
        QCOMPARE(recorded->at(0).problems, refused.problems);
    }

    void letsTheFirstOfTwoClaimantsIn()
    {
        Scenario s;
        const QByteArray twin = "dn: cn=twin,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\ncn: twin\nsn: Twin\nuid: user.1\n\n";
        QVERIFY(s.begin(Slapd::people(12) + twin));
        const auto applied = s.apply();
        QCOMPARE(applied.counts.users.create, 12);
        QCOMPARE(applied.counts.users.failed, 1);
        QCOMPARE(Scenario::stepOf(applied, QStringLiteral("twin")).problems.at(0).code, core::ProblemCode::UniquenessViolation);
        const auto second = s.apply();
        QCOMPARE(second.counts.users.unchanged, 12);
        QCOMPARE(second.counts.users.failed, 1);
    }

    void failsBadEntriesAlone()
    {
        Scenario s;
        const QByteArray people = "dn: cn=nameless,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\ncn: nameless\nsn: N\n\n"
                                  "dn: uid=long,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\ncn: l\nsn: L\nuid: long\ntitle: "
                                  + QByteArray(300, 'x') + "\n\n"
                                  "dn: uid=binary,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\ncn: b\nsn: B\nuid: binary\n"
                                  "jpegPhoto:: /9j/4AAQSkZJRgABAQEA\n\n";
        QVERIFY(s.begin(Slapd::people(12) + people));
        s.rule().mappings.users.append(Scenario::map("nickname", "jpegPhoto"));
        QVERIFY(s.save());
        const auto applied = s.apply();
        QCOMPARE(applied.counts.users.create, 12);
        QCOMPARE(applied.counts.users.failed, 3);
        QCOMPARE(applied.status, store::RunStatus::Partial);
        QCOMPARE(Scenario::stepOf(applied, QStringLiteral("nameless")).problems.at(0).code, core::ProblemCode::RequiredValue);
        QCOMPARE(Scenario::stepOf(applied, QStringLiteral("long")).problems.at(0).code, core::ProblemCode::TooLong);
        const core::Problem binary = Scenario::stepOf(applied, QStringLiteral("binary")).problems.at(0);
        QCOMPARE(binary.code, core::ProblemCode::InvalidValue);
        QCOMPARE(binary.attribute, QStringLiteral("nickname"));
    }

    void disablesThoseWhoLeftAndLetsThemBack()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        QVERIFY(s.slapd.modify(removal(0, 1)));
        QVERIFY(s.slapd.modify(modify("user.1", "delete: mail\n")));
        s.rule().scope.userFilter = QStringLiteral("(mail=*)");
        QVERIFY(s.save());
        const auto planned = s.plan();
        QCOMPARE(planned.counts.users.disable, 2);
        QCOMPARE(Scenario::stepOf(planned, QStringLiteral("user.0")).source.name, QByteArray("uid=user.0,ou=people,dc=example,dc=com"));
        QCOMPARE(s.apply().counts.users.disable, 2);
        QCOMPARE(s.value(QStringLiteral("user.0"), "enabled"), QStringLiteral("false"));
        QCOMPARE(s.value(QStringLiteral("user.1"), "enabled"), QStringLiteral("false"));
        QCOMPARE(s.plan().plan->size(), 0);

        QVERIFY(s.slapd.modify(modify("user.1", "add: mail\nmail: user.1@example.com\n")));
        const auto back = s.apply();
        QCOMPARE(back.counts.users.enable, 1);
        QCOMPARE(s.value(QStringLiteral("user.1"), "enabled"), QStringLiteral("true"));
        QCOMPARE(s.plan().plan->size(), 0);
        QCOMPARE(s.userCount(), 20);
    }

    void deletesWhereAskedTo()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.connection().users.deprovision.removeAction = core::RemoveAction::Delete;
        QVERIFY(s.save());
        s.apply();
        QVERIFY(s.slapd.modify(removal(4, 2)));
        const auto applied = s.apply();
        QCOMPARE(applied.counts.users.remove, 2);
        QCOMPARE(s.userCount(), 18);
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void leavesPeopleAloneWhereDeprovisioningIsOff()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.connection().users.deprovision.enabled = false;
        QVERIFY(s.save());
        s.apply();
        QVERIFY(s.slapd.modify(removal(0, 10)));
        const auto applied = s.apply();
        QCOMPARE(applied.counts.changes(), 0);
        QCOMPARE(applied.counts.users.outOfScope, 10);
        QCOMPARE(s.userCount(), 20);
    }

    void guardsStopBeforeTheFirstChange()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        QVERIFY(s.slapd.modify(removal(0, 3)));
        QVERIFY(s.slapd.modify(modify("user.9", "replace: title\ntitle: Principal\n")));
        const auto stopped = s.apply();
        QCOMPARE(stopped.status, store::RunStatus::Stopped);
        QVERIFY(stopped.error);
        QCOMPARE(stopped.error->code, core::Code::Guard);
        QCOMPARE(s.value(QStringLiteral("user.9"), "title"), QStringLiteral("Engineer"));
        QCOMPARE(s.value(QStringLiteral("user.0"), "enabled"), QStringLiteral("true"));
        const auto planned = s.plan();
        QVERIFY(!planned.error);
        QCOMPARE(planned.counts.users.disable, 3);
        s.rule().guards = {3, 20};
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.disable, 3);
        QCOMPARE(s.value(QStringLiteral("user.9"), "title"), QStringLiteral("Principal"));
    }

    void anEmptyDirectoryRemovesNobody()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)));
        s.apply();
        s.rule().scope.userFilter = QStringLiteral("(uid=nobody)");
        QVERIFY(s.save());
        QCOMPARE(s.apply().status, store::RunStatus::Stopped);
        QCOMPARE(s.value(QStringLiteral("user.0"), "enabled"), QStringLiteral("true"));
    }

    void failedReadsRemoveNobody_data()
    {
        QTest::addColumn<QString>("limits");
        QTest::addColumn<QString>("base");
        QTest::addColumn<int>("code");
        QTest::newRow("sizeLimitExceeded") << "size=15 size.prtotal=15" << "" << int(core::Code::LimitExceeded);
        QTest::newRow("adminLimitExceeded") << "size.unchecked=5" << "" << int(core::Code::LimitExceeded);
        QTest::newRow("noSuchObject") << "" << "ou=nowhere,dc=example,dc=com" << int(core::Code::NotFound);
    }
    void failedReadsRemoveNobody()
    {
        QFETCH(QString, limits);
        QFETCH(QString, base);
        QFETCH(int, code);
        Slapd::Options options;
        options.readerLimits = limits;
        Scenario s(options);
        QVERIFY(s.begin(Slapd::people(30)));
        s.rule().guards = {-1, -1};
        QVERIFY(s.save());
        s.apply();
        QCOMPARE(s.userCount(), 30);
        QVERIFY(s.slapd.modify(removal(0, 2) + modify("user.9", "replace: title\ntitle: Principal\n")));
        const core::Configuration good = s.configuration;
        if (!base.isEmpty())
            s.rule().scope.baseDn = base;
        if (!limits.isEmpty()) {
            QFile file(s.folder.filePath(QStringLiteral("reader")));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(s.slapd.readerPassword());
            file.close();
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
            s.gateway().bindDn = s.slapd.readerDn();
            s.gateway().bindPassword.name = file.fileName();
        }
        QVERIFY(s.save());
        const auto failed = s.apply();
        QCOMPARE(failed.status, store::RunStatus::Failed);
        QVERIFY(failed.error);
        QCOMPARE(int(failed.error->code), code);
        QCOMPARE(failed.counts, core::PlanCounts{});
        QCOMPARE(s.value(QStringLiteral("user.0"), "enabled"), QStringLiteral("true"));
        QCOMPARE(s.value(QStringLiteral("user.9"), "title"), QStringLiteral("Engineer"));
        QVERIFY(s.plan().error);

        // The next run goes on from a sound state.
        s.configuration = good;
        QVERIFY(s.save());
        const auto recovered = s.apply();
        QCOMPARE(recovered.counts.users.disable, 2);
        QCOMPARE(recovered.counts.users.update, 1);
    }

    void followsRenamesAndMoves()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20)));
        s.apply();
        QVERIFY(s.slapd.modify("dn: ou=moved,ou=people,dc=example,dc=com\nchangetype: add\nobjectClass: organizationalUnit\nou: moved\n\n"
                               "dn: uid=user.2,ou=people,dc=example,dc=com\nchangetype: modrdn\nnewrdn: uid=renamed\ndeleteoldrdn: 1\n"
                               "newsuperior: ou=moved,ou=people,dc=example,dc=com\n\n"));
        const auto planned = s.plan();
        QCOMPARE(planned.counts.changes(), 1);
        QCOMPARE(planned.counts.users.update, 1);
        s.apply();
        QCOMPARE(s.userCount(), 20);
        QCOMPARE(s.value(QStringLiteral("renamed"), "name.family"), QStringLiteral("Name2"));
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void followsDisabledAccounts()
    {
        Slapd::Options options;
        options.schema = Slapd::Schema::PingDirectory;
        Scenario s(options);
        QVERIFY(s.begin(Slapd::people(12)));
        s.gateway().vendor = core::Vendor::PingDirectory;
        QVERIFY(s.save());
        QVERIFY(s.slapd.modify(modify("user.3", "add: ds-pwp-account-disabled\nds-pwp-account-disabled: TRUE\n")));
        QCOMPARE(s.apply().counts.users.create, 12);
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("false"));
        QVERIFY(s.slapd.modify(modify("user.3", "delete: ds-pwp-account-disabled\n")
                               + modify("user.4", "add: ds-pwp-account-disabled\nds-pwp-account-disabled: TRUE\n")));
        const auto applied = s.apply();
        QCOMPARE(applied.counts.users.enable, 1);
        QCOMPARE(applied.counts.users.disable, 1);
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void readsOnlyTheOrganizationalUnits()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)
                        + "dn: ou=inner,ou=people,dc=example,dc=com\nobjectClass: organizationalUnit\nou: inner\n\n"
                          "dn: uid=deep,ou=inner,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\ncn: d\nsn: D\nuid: deep\n\n"));
        s.rule().scope.userOrganizationalUnits = {QStringLiteral("ou=inner,ou=people,dc=example,dc=com")};
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.create, 1);
        // A unit below another is read with that one, and nobody twice.
        s.rule().scope.userOrganizationalUnits.append(QStringLiteral("ou=people,dc=example,dc=com"));
        QVERIFY(s.save());
        const auto applied = s.apply();
        QCOMPARE(applied.counts.users.create, 12);
        QCOMPARE(applied.counts.users.failed, 0);
    }

    void anotherRuleKeepsItsPeople()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)));
        s.apply();
        core::Rule second = s.rule();
        second.id = QUuid();
        second.name = QStringLiteral("Again");
        second.scope.userFilter = QStringLiteral("(uid=*)");
        second.mappings.users[4] = Scenario::map("title", "displayName");
        s.configuration.rules.prepend(second);
        QVERIFY(s.save());
        if (s.rule().name != second.name)
            s.configuration.rules.swapItemsAt(0, 1);
        const auto applied = s.apply();
        QCOMPARE(applied.rule, second.name);
        QCOMPARE(applied.counts.users.outOfScope, 12);
        QCOMPARE(applied.counts.changes(), 0);
        // Once that rule is gone its people can be taken over.
        s.configuration.rules.removeAt(1);
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.update, 12);
    }

    void whoMovesToAnotherRulesFilterIsTakenOver()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)));
        s.rule().scope.userFilter = QStringLiteral("(title=Engineer)");
        core::Rule second = s.rule();
        second.id = QUuid();
        second.name = QStringLiteral("Pilots in");
        second.scope.userFilter = QStringLiteral("(title=Pilot)");
        s.configuration.rules.append(second);
        QVERIFY(s.save());
        const auto applyBy = [&s](const char *rule) {
            if (s.rule().name != QLatin1String(rule))
                s.configuration.rules.swapItemsAt(0, 1);
            return s.apply();
        };
        QCOMPARE(applyBy("People in").counts.users.create, 12);
        QVERIFY(s.slapd.modify(modify("user.3", "replace: title\ntitle: Pilot\n")));
        QCOMPARE(applyBy("Pilots in").counts.users.update, 1); // the first rule does not mean them any more
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
        QCOMPARE(applyBy("People in").counts.changes(), 0);
        QCOMPARE(applyBy("Pilots in").counts.users.unchanged, 1);
    }

    void readsOnePerson()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12)));
        QCOMPARE(s.apply(QStringLiteral("user.3")).counts.users.create, 1);
        QCOMPARE(s.userCount(), 1);
        QCOMPARE(s.apply(QStringLiteral("uid=user.4,ou=people,dc=example,dc=com")).counts.users.create, 1);
        QVERIFY(s.slapd.modify(modify("user.3", "replace: title\ntitle: Principal\n") + modify("user.4", "replace: title\ntitle: P\n")));
        const auto planned = s.plan(QStringLiteral("user.3"));
        QCOMPARE(planned.counts.users.update, 1);
        QCOMPARE(planned.plan->size(), 1);
        // Others are never taken for missing, and the one who is gone is.
        QVERIFY(s.slapd.modify(removal(3, 1)));
        const auto gone = s.apply(QStringLiteral("user.3"));
        QCOMPARE(gone.counts.users.disable, 1);
        QCOMPARE(s.value(QStringLiteral("user.4"), "enabled"), QStringLiteral("true"));
        QCOMPARE(s.plan(QStringLiteral("cn=x,dc=elsewhere")).error->code, core::Code::NotFound);
    }

    void cancelsCleanly()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(20000)));
        const auto cancelled = s.run(true, {}, [](provision::Run &run) { run.cancel(); });
        QCOMPARE(cancelled.status, store::RunStatus::Cancelled);
        QCOMPARE(cancelled.error->code, core::Code::Cancelled);
        QCOMPARE(s.userCount(), cancelled.counts.users.create);
        const auto completed = s.apply();
        QCOMPARE(s.userCount(), 20000);
        QCOMPARE(completed.counts.users.create + cancelled.counts.users.create, 20000);
    }

    void refusesTwoRunsOfOneRule()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(3000)));
        std::optional<core::Error> refused;
        auto other = store::Environment::open(s.path(), store::Environment::Access::ReadWrite);
        QVERIFY(other);
        const auto first = s.run(true, {}, [&](provision::Run &) {
            if (refused)
                return;
            refused.emplace();
            provision::Run second(**other, {s.rule().name, true});
            QSignalSpy finished(&second, &provision::Run::finished);
            second.start();
            QVERIFY(finished.wait(5000));
            refused = finished.at(0).at(0).value<provision::RunOutcome>().error;
        });
        QCOMPARE(first.status, store::RunStatus::Succeeded);
        QVERIFY(refused);
        QCOMPARE(refused->code, core::Code::Locked);
    }

    void disabledRulesDoNotRun()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(3)));
        s.rule().enabled = false;
        QVERIFY(s.save());
        QCOMPARE(s.apply().error->code, core::Code::Conflict);
        QCOMPARE(s.plan().counts.users.create, 3);
    }
};

CONSOLE_TEST(RunTest)
#include "tst_run.moc"
