// SPDX-License-Identifier: GPL-3.0-or-later
//
// What was shown is what is applied: a run for a plan that somebody has looked at stops on any difference and says which.
// And a plan keeps the attributes that it began with.
#include "tests/provision/scenario.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

QByteArray titled(const QByteArray &uid, const QByteArray &title)
{
    return "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nchangetype: modify\nreplace: title\ntitle: " + title + "\n-\n\n";
}

provision::RunOutcome applyShown(Scenario &s, const provision::RunOutcome &planned)
{
    provision::RunRequest request;
    request.apply = true;
    request.shown = provision::ShownPlan{planned.plan, planned.basis};
    return s.run(request);
}

} // namespace

class ShownPlanTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void appliesWhatWasShown()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        const auto created = applyShown(s, s.plan());
        QCOMPARE(created.status, store::RunStatus::Succeeded);
        QCOMPARE(created.counts.users.create, 30);
        QVERIFY(s.slapd.modify(titled("user.3", "King")));
        const auto planned = s.plan();
        // What is not in the plan does not matter: a last sign-on, say.
        auto user = s.environment->identities().userByKey(QStringLiteral("user.3"));
        user->lastSignOnAt = QDateTime::currentDateTimeUtc();
        QVERIFY(s.environment->identities().saveUser(*user));
        const auto applied = applyShown(s, planned);
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts.users.update, 1);
    }

    void stopsWhenTheDirectoryChanged()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        s.apply();
        QVERIFY(s.slapd.modify(titled("user.3", "King")));
        const auto planned = s.plan();
        QVERIFY(s.slapd.modify(titled("user.3", "Emperor") + titled("user.4", "Duke")));
        const auto applied = applyShown(s, planned);
        QCOMPARE(applied.status, store::RunStatus::Stopped);
        QVERIFY(applied.error);
        QCOMPARE(applied.error->code, core::Code::Conflict);
        const QString text = applied.error->text();
        QVERIFY2(text.contains(QStringLiteral("2 people")) && text.contains(QStringLiteral("Emperor"))
                     && text.contains(QStringLiteral("King")) && text.contains(QStringLiteral("user.4")), qPrintable(text));
        QCOMPARE(s.value(QStringLiteral("user.3"), "title"), QStringLiteral("Engineer"));
        QCOMPARE(s.value(QStringLiteral("user.4"), "title"), QStringLiteral("Engineer"));
    }

    void stopsWhenAUserChanged()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        s.apply();
        QVERIFY(s.slapd.modify(titled("user.3", "King")));
        const auto planned = s.plan();
        auto other = store::Environment::open(s.path(), store::Environment::Access::ReadWrite);
        QVERIFY(other);
        auto user = (*other)->identities().userByKey(QStringLiteral("user.3"));
        user->values.set((*other)->catalog()->find(QStringLiteral("title")), QStringLiteral("Baron"));
        QVERIFY((*other)->identities().saveUser(*user));
        const auto applied = applyShown(s, planned);
        QCOMPARE(applied.status, store::RunStatus::Stopped);
        QVERIFY2(applied.error->text().contains(QStringLiteral("Baron")), qPrintable(applied.error->text()));
        QCOMPARE(s.value(QStringLiteral("user.3"), "title"), QStringLiteral("Baron"));
    }

    void stopsWhenAnotherProcessChangedTheRule()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        const auto planned = s.plan();
        core::Population other;
        other.name = QStringLiteral("Others");
        s.configuration.populations.append(other);
        s.rule().onboarding.population = other.name;
        QVERIFY(s.save());
        const auto applied = applyShown(s, planned);
        QCOMPARE(applied.status, store::RunStatus::Stopped);
        QCOMPARE(s.userCount(), 0);
        // Guards, names and the schedule are not part of the plan.
        const auto again = s.plan();
        s.rule().guards.maxDeprovisions = 7;
        s.rule().schedule.everySeconds = 3600;
        QVERIFY(s.save());
        QCOMPARE(applyShown(s, again).counts.users.create, 30);
    }

    void keepsTheAttributesItBeganWith()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(4000)));
        const auto attribute = [](const char *name) {
            core::AttributeDefinition definition;
            definition.name = QString::fromLatin1(name);
            definition.schemaType = core::SchemaType::Custom;
            return definition;
        };
        s.configuration.attributes = {attribute("shoe"), attribute("hat")};
        s.rule().mappings.users += {Scenario::map("shoe", "uid"), Scenario::map("hat", "sn")};
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.create, 4000);

        // Between two pages somebody adds an attribute before the others.
        provision::RunRequest request;
        request.fullResync = true;
        int edits = 0;
        const auto planned = s.run(request, [&](provision::Run &) {
            auto configuration = s.environment->configurations().load();
            if (!configuration || ++edits > 50)
                return;
            configuration->attributes.prepend(attribute(qPrintable(QStringLiteral("glove%1").arg(edits))));
            QVERIFY(s.environment->configurations().save(*configuration));
        });
        QVERIFY(edits > 0);
        QVERIFY(!planned.error);
        QCOMPARE(planned.plan->size(), 0);
        QCOMPARE(planned.counts.users.unchanged, 4000);
    }
};

CONSOLE_TEST(ShownPlanTest)
#include "tst_shownplan.moc"
