// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/mappingpreview.h"

#include "tests/provision/scenario.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::test;
using provision::MappingPreview;
using provision::MappingStatistics;

namespace {

const provision::TargetStatistics *targetOf(const MappingStatistics &statistics, const char *name)
{
    for (const provision::TargetStatistics &target : statistics.targets) {
        if (target.target == QString::fromLatin1(name))
            return &target;
    }
    return nullptr;
}

provision::Scope scope(Scenario &scenario)
{
    return provision::scopeOf(scenario.rule(), ldap::Dialect(scenario.gateway().vendor)).value_or(provision::Scope());
}

/// The last word on edit @p edit.
std::optional<MappingStatistics> completed(QSignalSpy &progressed, quint64 edit)
{
    for (int waited = 0; waited < 100; ++waited) {
        for (const QList<QVariant> &signal : progressed) {
            const auto statistics = signal.at(0).value<MappingStatistics>();
            if (statistics.edit == edit && statistics.complete)
                return statistics;
        }
        QTest::qWait(100);
    }
    return std::nullopt;
}

} // namespace

class MappingPreviewTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void countsOverEverybody()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(3000)));
        s.apply();
        MappingPreview preview(s.path(), s.gateway(), scope(s), provision::compileRuleMapping, MappingPreview::kEverybody);
        QSignalSpy progressed(&preview, &MappingPreview::progressed);
        QSignalSpy failed(&preview, &MappingPreview::failed);
        QList<core::AttributeMapping> rows = s.rule().mappings.users;
        const auto first = completed(progressed, preview.evaluate(rows));
        QVERIFY(first);
        QCOMPARE(first->people, 3000);
        QCOMPARE(first->inScope, 3000);
        QVERIFY(!first->sampled);
        for (const provision::TargetStatistics &target : first->targets) {
            QCOMPARE(target.changed, 0);
            QCOMPARE(target.blank + target.invalid + target.tooLong + target.colliding, 0);
        }
        QCOMPARE(targetOf(*first, "title")->mostFrequent.at(0).people, 3000);
        QCOMPARE(targetOf(*first, "username")->distinct, 3000);

        // An edit that needs another attribute, gives one username to many, and blanks everybody's title.
        rows[0] = {QStringLiteral("username"), {}, QStringLiteral("givenName"), core::MappingWhen::Always};
        rows[4] = {QStringLiteral("title"), {}, QStringLiteral("street"), core::MappingWhen::Always};
        const auto second = completed(progressed, preview.evaluate(rows));
        QVERIFY(second);
        QCOMPARE(targetOf(*second, "username")->distinct, 997);
        QCOMPARE(targetOf(*second, "username")->colliding, 3000);
        QCOMPARE(targetOf(*second, "username")->changed, 3000);
        QCOMPARE(targetOf(*second, "title")->blank, 3000);
        QCOMPARE(targetOf(*second, "title")->changed, 3000);

        rows[4] = {QStringLiteral("title"), {}, QStringLiteral("3 + street"), core::MappingWhen::Always};
        const auto third = completed(progressed, preview.evaluate(rows));
        QVERIFY(third);
        QCOMPARE(targetOf(*third, "title")->invalid, 3000);
        qInfo("%lld people counted anew in %lld ms", qlonglong(third->people), qlonglong(third->milliseconds));
        QCOMPARE(third->worst.size(), 200);
        QCOMPARE(third->worst.at(0).problems.at(0).code, core::ProblemCode::ExpressionFault);
        QVERIFY(failed.isEmpty());
        QCOMPARE(s.plan().counts.users.unchanged, 3000); // nothing was written
    }

    void aSourceAddedWhileItReadsReadsAnew()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(5000)));
        MappingPreview preview(s.path(), s.gateway(), scope(s), provision::compileRuleMapping, MappingPreview::kEverybody);
        QSignalSpy progressed(&preview, &MappingPreview::progressed);
        QSignalSpy failed(&preview, &MappingPreview::failed);
        QList<core::AttributeMapping> rows = s.rule().mappings.users;
        quint64 last = preview.evaluate(rows);
        // Each edit needs one attribute more, and comes at another moment of the read before it.
        int wait = 0;
        for (const char *source : {"street", "l", "postalCode", "st", "description", "employeeType", "departmentNumber", "roomNumber"}) {
            QTest::qWait(wait += 7);
            rows[4] = Scenario::map("title", source);
            last = preview.evaluate(rows);
        }
        const auto statistics = completed(progressed, last);
        QVERIFY(statistics);
        QVERIFY(failed.isEmpty());
        QCOMPARE(statistics->people, 5000);
        QCOMPARE(statistics->inScope, 5000);
    }

    void theNewestEditWins()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(5000)));
        MappingPreview preview(s.path(), s.gateway(), scope(s), provision::compileRuleMapping, MappingPreview::kEverybody);
        QSignalSpy progressed(&preview, &MappingPreview::progressed);
        QSignalSpy failed(&preview, &MappingPreview::failed);
        QList<core::AttributeMapping> rows = s.rule().mappings.users;
        quint64 last = 0;
        for (int edit = 0; edit < 30; ++edit) {
            rows[4] = {QStringLiteral("title"), {}, QStringLiteral("'edit %1'").arg(edit), core::MappingWhen::Always};
            last = preview.evaluate(rows);
        }
        const auto statistics = completed(progressed, last);
        QVERIFY(statistics);
        QCOMPARE(targetOf(*statistics, "title")->mostFrequent.at(0).value, QStringLiteral("edit 29"));
        QCOMPARE(targetOf(*statistics, "title")->changed, 5000);
        qInfo("%lld people read and counted in %lld ms", qlonglong(statistics->people), qlonglong(statistics->milliseconds));
        rows[4].expression = QStringLiteral("1+1");
        const quint64 wrong = preview.evaluate(rows);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed.at(0).at(0).toULongLong(), wrong);
        QCOMPARE(failed.at(0).at(1).value<QList<core::Error>>().at(0).code, core::Code::Syntax);
    }

    void takesASample()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(5000)));
        MappingPreview preview(s.path(), s.gateway(), scope(s), provision::compileRuleMapping, 1000);
        QSignalSpy progressed(&preview, &MappingPreview::progressed);
        const auto statistics = completed(progressed, preview.evaluate(s.rule().mappings.users));
        QVERIFY(statistics);
        QVERIFY(statistics->sampled);
        QCOMPARE(statistics->people, 1000);
    }

    void countsWhatTheRunWouldWrite()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(50)));
        s.apply();
        MappingPreview preview(s.path(), s.gateway(), scope(s), provision::compileRuleMapping, MappingPreview::kEverybody);
        QSignalSpy progressed(&preview, &MappingPreview::progressed);
        // Users who are there keep what is written on creation only, or when it is empty.
        QList<core::AttributeMapping> rows = s.rule().mappings.users;
        rows[4] = {QStringLiteral("title"), QStringLiteral("l"), {}, core::MappingWhen::OnCreate};
        rows[1] = {QStringLiteral("name.given"), QStringLiteral("l"), {}, core::MappingWhen::WhenEmpty};
        rows.append({QStringLiteral("nickname"), QStringLiteral("l"), {}, core::MappingWhen::WhenEmpty});
        const auto statistics = completed(progressed, preview.evaluate(rows));
        QVERIFY(statistics);
        QCOMPARE(targetOf(*statistics, "title")->changed, 0);
        QCOMPARE(targetOf(*statistics, "name.given")->changed, 0);
        QCOMPARE(targetOf(*statistics, "nickname")->changed, 50);
        // Whoever shares a unique value is among the worst.
        rows[0] = {QStringLiteral("username"), QStringLiteral("title"), {}, core::MappingWhen::Always};
        const auto collided = completed(progressed, preview.evaluate(rows));
        QVERIFY(collided);
        QCOMPARE(targetOf(*collided, "username")->colliding, 50);
        QCOMPARE(collided->worst.size(), 49); // the first one had it first
        QCOMPARE(collided->worst.at(0).problems.at(0).code, core::ProblemCode::UniquenessViolation);
    }

    void saysWhenTheDirectoryIsAway()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(5)));
        s.slapd.stop();
        MappingPreview preview(s.path(), s.gateway(), scope(s), provision::compileRuleMapping, MappingPreview::kEverybody);
        QSignalSpy failed(&preview, &MappingPreview::failed);
        preview.evaluate(s.rule().mappings.users);
        QVERIFY(failed.wait(10000));
        QCOMPARE(failed.at(0).at(1).value<QList<core::Error>>().at(0).code, core::Code::Unreachable);
    }
};

CONSOLE_TEST(MappingPreviewTest)
#include "tst_mappingpreview.moc"
