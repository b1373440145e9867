// SPDX-License-Identifier: GPL-3.0-or-later
//
// What becomes of a rule's people when the rule is deleted.
#include "core/config/merge.h"
#include "provision/ruledeletion.h"
#include "store/links.h"
#include "store/rulelock.h"
#include "store/runs.h"
#include "tests/provision/scenario.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

using namespace gatehouse;
using namespace gatehouse::test;

class RuleDeletionTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Scenario> m_scenario;

    core::Configuration withoutRule() const
    {
        core::Configuration wanted = m_scenario->configuration;
        wanted.rules.removeFirst();
        return wanted;
    }
    tl::expected<QList<provision::DeletedRule>, QList<core::Error>> save(const core::Configuration &wanted)
    {
        return provision::saveConfiguration(*m_scenario->environment, m_scenario->configuration, wanted, QStringLiteral("console"));
    }
    bool isStored(const QString &rule) { return m_scenario->environment->configurations().load()->rule(rule) != nullptr; }

private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }
    void init()
    {
        m_scenario = std::make_unique<Scenario>();
        QVERIFY(m_scenario->begin(Slapd::people(12)));
        m_scenario->connection().users.deprovision.onRuleDeletion = true;
        QVERIFY(m_scenario->save());
        QCOMPARE(m_scenario->apply().counts.users.create, 12);
    }
    void cleanup() { m_scenario.reset(); }

    void disablesItsPeopleInARecordedRun()
    {
        const auto deleted = save(withoutRule());
        QVERIFY(deleted);
        QCOMPARE(deleted->size(), 1);
        QCOMPARE(deleted->first().counts.disable, 12); // percentages do not count: all of them leave
        QVERIFY(!isStored(QStringLiteral("People in")));
        QCOMPARE(m_scenario->value(QStringLiteral("user.3"), "enabled"), QStringLiteral("false"));
        const auto run = m_scenario->environment->runs().run(deleted->first().run);
        QVERIFY(run);
        QCOMPARE(run->status, store::RunStatus::Succeeded);
        QCOMPARE(run->rule, QStringLiteral("People in"));
        QCOMPARE(run->counts.users.disable, 12);
        const auto steps = m_scenario->environment->runs().steps(run->row, 0, 20);
        QVERIFY(steps);
        QCOMPARE(steps->size(), 12);
    }

    void deletesThemWhereAskedTo()
    {
        m_scenario->connection().users.deprovision.removeAction = core::RemoveAction::Delete;
        QVERIFY(m_scenario->save());
        const auto deleted = save(withoutRule());
        QVERIFY(deleted);
        QCOMPARE(deleted->first().counts.remove, 12);
        QCOMPARE(m_scenario->userCount(), 0);
    }

    /// What else the file says may be refused: nobody is gone then.
    void aRefusedFileTouchesNobody()
    {
        m_scenario->connection().users.deprovision.removeAction = core::RemoveAction::Delete;
        QVERIFY(m_scenario->save());
        core::Configuration wanted = withoutRule();
        for (core::Population &population : wanted.populations) {
            population.id = QUuid();
            population.row = 0;
            population.name += QStringLiteral(" anew");
        }
        QVERIFY(!save(wanted));
        QCOMPARE(m_scenario->userCount(), 12);
        QVERIFY(isStored(QStringLiteral("People in")));
        QCOMPARE(m_scenario->environment->runs().list()->size(), 1);
    }

    void aRuleThatRemovesNobodyIsLeftNobody()
    {
        core::Configuration wanted = m_scenario->configuration;
        core::Connection keeping = wanted.connections[0];
        keeping.id = QUuid();
        keeping.name = QStringLiteral("Keeping");
        keeping.users.deprovision.enabled = false;
        keeping.users.deprovision.onRuleDeletion = false;
        wanted.connections.append(keeping);
        core::Rule &other = wanted.rules[0];
        other.id = QUuid();
        other.name = QStringLiteral("Some");
        other.connection = keeping.name;
        other.scope.userFilter = QStringLiteral("(uid=user.1)");
        const auto deleted = save(wanted);
        QVERIFY2(deleted, deleted ? "" : qPrintable(deleted.error().first().text()));
        QCOMPARE(deleted->first().handedOver, 0);
        QCOMPARE(deleted->first().counts.disable, 12);
    }

    void aGuardKeepsTheRule()
    {
        m_scenario->rule().guards.maxDeprovisions = 11;
        QVERIFY(m_scenario->save());
        const auto deleted = save(withoutRule());
        QVERIFY(!deleted);
        QCOMPARE(deleted.error().first().code, core::Code::Guard);
        QVERIFY(isStored(QStringLiteral("People in")));
        QCOMPARE(m_scenario->value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
        QCOMPARE(m_scenario->environment->runs().list()->size(), 1); // nothing was run
    }

    void leavesThemAloneWhereItIsOff()
    {
        core::Configuration wanted = withoutRule();
        wanted.connections[0].users.deprovision.onRuleDeletion = false; // turned off in the same step
        const auto deleted = save(wanted);
        QVERIFY(deleted);
        QVERIFY(deleted->isEmpty());
        QCOMPARE(m_scenario->value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
    }

    void countsWithItsConnectionGoneToo()
    {
        core::Configuration wanted = withoutRule();
        wanted.connections.clear();
        const auto deleted = save(wanted);
        QVERIFY(deleted);
        QCOMPARE(deleted->first().counts.disable, 12);
    }

    void leavesPeopleToAnotherRule()
    {
        core::Configuration wanted = m_scenario->configuration;
        core::Rule other = wanted.rules[0];
        other.id = QUuid();
        other.name = QStringLiteral("Some");
        other.scope.userFilter = QStringLiteral(
            "(|(uid=user.1)(uid=user.2)(uid=user.3)(uid=user.4)(uid=user.5)(uid=user.6)(uid=user.7)(uid=user.8)"
            "(uid=user.9)(uid=user.10)(uid=user.11))");
        wanted.rules = {other};
        const auto deleted = save(wanted);
        QVERIFY(deleted);
        QCOMPARE(deleted->first().run, 0);
        QCOMPARE(deleted->first().handedOver, 12);
        QCOMPARE(m_scenario->value(QStringLiteral("user.0"), "enabled"), QStringLiteral("true"));
        // The other rule has them now, and whoever its filter does not find leaves by it.
        m_scenario->configuration = *m_scenario->environment->configurations().load();
        const auto applied = m_scenario->apply();
        QCOMPARE(applied.rule, QStringLiteral("Some"));
        QCOMPARE(applied.counts.users.disable, 1);
        QCOMPARE(applied.counts.users.unchanged, 11);
        QCOMPARE(m_scenario->value(QStringLiteral("user.0"), "enabled"), QStringLiteral("false"));
    }

    void waitsForNoRun()
    {
        const auto held = store::RuleLock::acquire(m_scenario->environment->path(), m_scenario->rule().id);
        QVERIFY(held);
        const auto deleted = save(withoutRule());
        QVERIFY(!deleted);
        QCOMPARE(deleted.error().first().code, core::Code::Locked);
        QVERIFY(isStored(QStringLiteral("People in")));
    }

    void aRenamedRuleIsNotDeleted()
    {
        core::Configuration file = m_scenario->configuration;
        for (auto *thing : {&file.rules[0]})
            thing->id = QUuid();
        file.rules[0].name = QStringLiteral("Staff in");
        const core::Configuration wanted = core::merge(m_scenario->configuration, file, {QStringLiteral("rules")});
        const auto saved = save(wanted);
        QVERIFY(saved);
        QVERIFY(saved->isEmpty());
        QVERIFY(isStored(QStringLiteral("Staff in")));
        QCOMPARE(m_scenario->value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
    }
};

CONSOLE_TEST(RuleDeletionTest)
#include "tst_ruledeletion.moc"
