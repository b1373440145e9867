// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plan that was made earlier is applied as it was made, without reading the directory again: what drifted is left and
// listed, what was made from something else is refused, nothing is done twice, and otherwise it is what a run would
// have done. And a plan keeps the attributes that it began with.
#include "provision/run/planfile.h"
#include "store/database.h"
#include "store/links.h"
#include "store/runs.h"
#include "tests/provision/scenario.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QRandomGenerator>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

QByteArray titled(const QByteArray &uid, const QByteArray &title)
{
    return "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nchangetype: modify\nreplace: title\ntitle: " + title +
           "\n-\n\n";
}

provision::RunRequest toApply(std::shared_ptr<const provision::PlanFile> plan, const QStringList &only = {})
{
    provision::RunRequest request;
    request.apply = true;
    request.plan = std::move(plan);
    request.only = only;
    return request;
}

/// The plan after it went through a file.
std::shared_ptr<const provision::PlanFile> saved(Scenario &s, const provision::RunOutcome &planned)
{
    const QString path = s.folder.filePath(QStringLiteral("plan"));
    const auto seal = store::sealOf(s.environment->database());
    if (!planned.plan || !seal || !planned.plan->save(path, s.environment->path(), *seal))
        return nullptr;
    const auto opened = provision::PlanFile::open(path, s.environment->path(), *seal);
    return opened ? *opened : nullptr;
}

QList<core::Step> resultsOf(Scenario &s, const provision::RunOutcome &outcome)
{
    return *s.environment->runs().steps(outcome.run, 0, 100'000);
}

/// Everything that a run leaves, by what is the same in every environment.
QStringList state(Scenario &s, const provision::RunOutcome &outcome)
{
    QStringList lines;
    std::vector<qint64> rows;
    for (qint64 row = 1; row <= 1000; ++row)
        rows.push_back(row);
    const auto users = s.environment->identities().users(rows);
    const auto people = s.environment->links().people(s.gateway().id, rows);
    auto links = s.environment->links().load(s.gateway().id);
    QHash<qint64, QString> names;
    for (const core::User &user : *users) {
        QStringList values;
        for (const auto &[number, value] : user.values)
            values << s.environment->catalog()->at(number).name + u'=' + core::displayText(value);
        names.insert(user.row, user.values.text(s.environment->catalog()->username()));
        lines << QStringLiteral("user ") + values.join(u' ') + QStringLiteral(" revision %1").arg(user.revision);
    }
    for (const store::LinkedPerson &person : *people) {
        const store::Link *link = links->find(person.sourceId);
        lines << QStringLiteral("link %1 %2 %3 %4")
                     .arg(names.value(person.userRow), QString::fromUtf8(person.sourceDn))
                     .arg(link->fingerprint)
                     .arg(int(link->disabling));
    }
    for (const core::Step &step : resultsOf(s, outcome)) {
        QStringList changes;
        for (const core::AttributeChange &change : step.changes)
            changes << change.name + u':' + core::displayText(change.before) + u'>' + core::displayText(change.after);
        for (const core::Problem &problem : step.problems)
            changes << core::codeName(problem.code) + problem.message;
        lines << QStringLiteral("step %1 %2 %3 %4")
                     .arg(core::actionName(step.action), step.target.text(), step.source.text(), changes.join(u' '));
    }
    const auto run = s.environment->runs().run(outcome.run);
    lines
        << QStringLiteral("run %1 %2 %3").arg(store::runStatusName(run->status)).arg(run->read).arg(run->guards.size())
        << QString::fromUtf8(QJsonDocument(core::toJson(run->counts)).toJson(QJsonDocument::Compact));
    const auto lastRead = s.environment->runs().lastGoodRead(s.rule().id);
    lines << QStringLiteral("last read %1").arg(lastRead->value_or(-1));
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// Some people renamed, retitled, gone, come, exchanged.
QByteArray randomChanges(QRandomGenerator &random, int people)
{
    QByteArray ldif;
    QSet<int> touched;
    for (int n = 0; n < 12; ++n) {
        const int i = random.bounded(people);
        if (touched.contains(i))
            continue;
        touched.insert(i);
        const QByteArray uid = "user." + QByteArray::number(i);
        switch (random.bounded(4)) {
        case 0:
            ldif += "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nchangetype: delete\n\n";
            break;
        case 1:
            ldif += "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nchangetype: modrdn\nnewrdn: uid=renamed." +
                    QByteArray::number(random.bounded(1'000'000)) + "\ndeleteoldrdn: 1\n\n";
            break;
        default:
            ldif += titled(uid, "Title " + QByteArray::number(random.bounded(5)));
        }
    }
    return ldif;
}

} // namespace

class SavedPlanTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void appliesWhatWasPlanned()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        const auto created = s.run(toApply(saved(s, s.plan())));
        QCOMPARE(created.status, store::RunStatus::Succeeded);
        QCOMPARE(created.counts.users.create, 30);
        QVERIFY(s.slapd.modify(titled("user.3", "King")));
        const auto planned = s.plan();
        // What is not in the plan does not matter: a last sign-on, say.
        auto user = s.environment->identities().userByKey(QStringLiteral("user.3"));
        user->lastSignOnAt = QDateTime::currentDateTimeUtc();
        QVERIFY(s.environment->identities().saveUser(*user));
        const auto applied = s.run(toApply(saved(s, planned)));
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts.users.update, 1);
        QCOMPARE(s.plan().plan->size(), 0);
    }

    void doesNotReadTheDirectoryAgain()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        s.apply();
        QVERIFY(s.slapd.modify(titled("user.3", "King")));
        const auto planned = s.plan();
        QVERIFY(s.slapd.modify(titled("user.3", "Emperor") + titled("user.4", "Duke")));
        s.slapd.stop();
        const auto applied = s.run(toApply(planned.plan));
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts.users.update, 1);
        QCOMPARE(applied.read, 30);
        QCOMPARE(s.value(QStringLiteral("user.3"), "title"), QStringLiteral("King"));
        QCOMPARE(s.value(QStringLiteral("user.4"), "title"), QStringLiteral("Engineer"));
    }

    void leavesAndListsWhoDrifted()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        s.apply();
        QVERIFY(s.slapd.modify(titled("user.3", "King") + titled("user.4", "Duke") + titled("user.5", "Earl") +
                               titled("user.6", "Count")));
        const auto planned = s.plan();
        auto other = store::Environment::open(s.path(), store::Environment::Access::ReadWrite);
        QVERIFY(other);
        const auto give = [&](const char *username, const char *attribute, const QString &value) {
            auto user = (*other)->identities().userByKey(QString::fromLatin1(username));
            user->values.set((*other)->catalog()->find(QString::fromLatin1(attribute)), value);
            return (*other)->identities().saveUser(*user).has_value();
        };
        QVERIFY(give("user.3", "title", QStringLiteral("Baron")));
        QVERIFY(give("user.5", "nickname", QStringLiteral("Eddie"))); // not what the plan is about
        QVERIFY((*other)->identities().deleteUser((*other)->identities().userByKey(QStringLiteral("user.6"))->row));
        const auto applied = s.run(toApply(saved(s, planned)));
        QCOMPARE(applied.status, store::RunStatus::Partial);
        QCOMPARE(applied.counts.users.update, 2);
        QCOMPARE(applied.counts.users.failed, 2);
        QCOMPARE(s.value(QStringLiteral("user.3"), "title"), QStringLiteral("Baron"));
        QCOMPARE(s.value(QStringLiteral("user.4"), "title"), QStringLiteral("Duke"));
        QCOMPARE(s.value(QStringLiteral("user.5"), "title"), QStringLiteral("Earl"));
        QCOMPARE(s.value(QStringLiteral("user.5"), "nickname"), QStringLiteral("Eddie"));
        QStringList reasons;
        for (const core::Step &step : resultsOf(s, applied)) {
            if (step.action != core::Action::Failed)
                continue;
            QCOMPARE(step.problems.first().code, core::ProblemCode::ChangedMeanwhile);
            reasons << step.problems.first().message;
        }
        const QString text = reasons.join(u'\n');
        QVERIFY2(text.contains(QStringLiteral("Baron")) && text.contains(QStringLiteral("Engineer")) &&
                     text.contains(QStringLiteral("deleted")),
                 qPrintable(text));
    }

    void isRefusedWhenWhatItWasMadeFromChanged()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        const auto planned = s.plan();
        const auto refusal = [&] {
            if (!s.save())
                return QString();
            const auto applied = s.run(toApply(planned.plan));
            return applied.run == 0 && applied.error && applied.error->code == core::Code::Conflict
                       ? applied.error->text()
                       : QString();
        };
        const core::Configuration before = s.configuration;
        const auto is = [&](const char *part) {
            const QString text = refusal();
            const bool says = text.contains(QLatin1String(part));
            if (!says)
                qWarning("%s: %s", part, qPrintable(text));
            s.configuration = before;
            return says && s.save();
        };
        core::Population other;
        other.name = QStringLiteral("Others");
        s.configuration.populations.append(other);
        s.rule().onboarding.population = other.name;
        QVERIFY(is("onboarding"));
        s.rule().scope.userFilter = QStringLiteral("(uid=*)");
        QVERIFY(is("filter"));
        s.rule().mappings.users.removeLast();
        QVERIFY(is("mapping"));
        s.connection().users.deprovision.enabled = false;
        QVERIFY(is("connection allows"));
        s.gateway().serversHostAndPort = {QStringLiteral("elsewhere:389")};
        QVERIFY(is("servers"));
        QCOMPARE(s.userCount(), 0);
        // Guards, names and the schedule are not part of the plan.
        s.rule().guards.maxDeprovisions = 7;
        s.rule().schedule.everySeconds = 3600;
        s.rule().name = QStringLiteral("Everybody in");
        s.connection().name = QStringLiteral("Head office");
        s.rule().connection = s.connection().name;
        QVERIFY(s.save());
        QCOMPARE(s.run(toApply(planned.plan)).counts.users.create, 30);
    }

    void isJudgedByTheLimitsOfToday()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        s.rule().guards.maxDeprovisions = 1;
        QVERIFY(s.save());
        s.apply();
        QVERIFY(s.slapd.modify("dn: uid=user.1,ou=people,dc=example,dc=com\nchangetype: delete\n\n"
                               "dn: uid=user.2,ou=people,dc=example,dc=com\nchangetype: delete\n\n"));
        const auto plan = saved(s, s.plan());
        QVERIFY(plan->head().isTripped());
        for (const QStringList &only : {QStringList(), QStringList{QStringLiteral("user.1")}}) {
            const auto applied = s.run(toApply(plan, only));
            QCOMPARE(applied.status, store::RunStatus::Stopped);
            QCOMPARE(applied.error->code, core::Code::Guard);
        }
        QCOMPARE(s.value(QStringLiteral("user.1"), "enabled"), QStringLiteral("true"));
        s.rule().guards.maxDeprovisions = 2;
        QVERIFY(s.save());
        QCOMPARE(s.run(toApply(plan)).counts.users.disable, 2);

        QVERIFY(s.slapd.modify("dn: uid=user.3,ou=people,dc=example,dc=com\nchangetype: delete\n\n"));
        const auto loose = saved(s, s.plan());
        QVERIFY(!loose->head().isTripped());
        s.rule().guards.maxDeprovisions = 0;
        QVERIFY(s.save());
        const auto stopped = s.run(toApply(loose));
        QCOMPARE(stopped.status, store::RunStatus::Stopped);
        QVERIFY(std::any_of(stopped.guards.cbegin(), stopped.guards.cend(), [](const core::GuardVerdict &verdict) {
            return verdict.name == QLatin1String("maxDeprovisions") && verdict.tripped && verdict.limit == 0;
        }));
        QCOMPARE(s.value(QStringLiteral("user.3"), "enabled"), QStringLiteral("true"));
    }

    void doesNothingTwice()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        s.apply();
        QVERIFY(s.slapd.modify(titled("user.3", "King") +
                               "dn: uid=user.4,ou=people,dc=example,dc=com\nchangetype: delete\n\n"
                               "dn: uid=new,ou=people,dc=example,dc=com\nchangetype: add\nobjectClass: "
                               "inetOrgPerson\ncn: New\nsn: New\n\n"));
        const auto plan = saved(s, s.plan());
        const auto first = s.run(toApply(plan));
        QCOMPARE(first.counts.changes(), 3);
        const auto revision = s.environment->identities().userByKey(QStringLiteral("user.3"))->revision;
        const auto again = s.run(toApply(plan));
        QCOMPARE(again.status, store::RunStatus::Succeeded);
        QCOMPARE(again.counts.changes(), 0);
        QCOMPARE(again.counts.users.failed, 0);
        QVERIFY2(again.notes.join(u' ').contains(QStringLiteral("applied already by run %1").arg(first.run)),
                 qPrintable(again.notes.join(u' ')));
        QCOMPARE(s.environment->identities().userByKey(QStringLiteral("user.3"))->revision, revision);
        // In the meantime everything may have come differently.
        QVERIFY(s.slapd.modify(titled("user.3", "Emperor")));
        s.apply();
        const auto third = s.run(toApply(plan));
        QCOMPARE(third.counts.changes(), 0);
        QCOMPARE(third.counts.users.failed, 1);
        QCOMPARE(s.value(QStringLiteral("user.3"), "title"), QStringLiteral("Emperor"));
    }

    void goesOnWhereItWasCancelled()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(12'000)));
        const auto plan = saved(s, s.plan());
        const auto cancelled = s.run(toApply(plan), [](provision::Run &run) { run.cancel(); });
        QCOMPARE(cancelled.status, store::RunStatus::Cancelled);
        QVERIFY(cancelled.counts.users.create < 12'000);
        const auto rest = s.run(toApply(plan));
        QCOMPARE(rest.status, store::RunStatus::Succeeded);
        QCOMPARE(rest.counts.users.create + cancelled.counts.users.create, 12'000);
        QCOMPARE(s.userCount(), 12'000);
    }

    void appliesOnlyWhomOneNames()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        const auto plan = saved(s, s.plan());
        const QUuid id = plan->step(7)->target.uuid();
        const QString dn = plan->step(9)->source.text();
        const QString sourceId = core::displayId(plan->step(11)->source.id);
        const auto applied =
            s.run(toApply(plan, {QStringLiteral("USER.3"), id.toString(QUuid::WithoutBraces), dn, sourceId}));
        QCOMPARE(applied.status, store::RunStatus::Succeeded);
        QCOMPARE(applied.counts.users.create, 4);
        QCOMPARE(s.userCount(), 4);
        const auto nobody = s.run(toApply(plan, {QStringLiteral("user.3"), QStringLiteral("nobody")}));
        QCOMPARE(nobody.run, 0);
        QCOMPARE(nobody.error->code, core::Code::NotFound);
        // It says nothing of how many there are.
        QVERIFY(!s.environment->runs().lastGoodRead(s.rule().id)->has_value());
        QCOMPARE(s.run(toApply(plan)).counts.users.create, 26);
    }

    void appliesWhatTheOnesNamedDependOn()
    {
        Scenario s;
        QVERIFY(s.begin(Slapd::people(30)));
        s.rule().mappings.users[0] = Scenario::map("username", "employeeNumber");
        QVERIFY(s.save());
        const auto numbered = [&](const QList<QPair<int, QByteArray>> &numbers) {
            QByteArray ldif;
            for (const auto &[i, number] : numbers)
                ldif += "dn: uid=user." + QByteArray::number(i) +
                        ",ou=people,dc=example,dc=com\nchangetype: modify\nreplace: employeeNumber\n"
                        "employeeNumber: " +
                        number + "\n-\n\n";
            return s.slapd.modify(ldif);
        };
        QVERIFY(numbered({{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}, {5, "e"}}));
        QCOMPARE(s.apply().counts.users.create, 30);
        // 1 takes what 2 gives up, 2 what 3 gives up; 4 and 5 exchange theirs.
        QVERIFY(numbered({{1, "b"}, {2, "c"}, {3, "z"}, {4, "e"}, {5, "d"}}));
        const auto plan = saved(s, s.plan());
        QCOMPARE(s.run(toApply(plan, {QStringLiteral("uid=user.4,ou=people,dc=example,dc=com")})).counts.users.update,
                 2);
        const auto chain = s.run(toApply(plan, {QStringLiteral("uid=user.2,ou=people,dc=example,dc=com")}));
        QCOMPARE(chain.counts.users.failed, 0);
        QCOMPARE(chain.counts.users.update, 2);
        QCOMPARE(s.plan().counts.users.update, 1);
        QCOMPARE(s.run(toApply(plan)).counts.users.update, 1);
    }

    void equalsARun()
    {
        Scenario s;
        const int people = 60;
        QVERIFY(s.begin(Slapd::people(people)));
        auto second = store::Environment::open(s.folder.filePath(QStringLiteral("second.gatehouse")),
                                               store::Environment::Access::Create);
        QVERIFY(second);
        QVERIFY((*second)->configurations().save(s.configuration));
        QRandomGenerator random(4711);
        for (int round = 0; round < 12; ++round) {
            // Half of the runs find links whose fingerprint another mapping made: people who stay as they are.
            if (round % 4 == 3) {
                s.rule().mappings.users.append(Scenario::map(round == 3   ? "nickname"
                                                                : round == 7 ? "accountId"
                                                                             : "locale",
                                                                "description"));
                QVERIFY(s.save());
                QVERIFY((*second)->configurations().save(s.configuration));
            }
            const auto direct = s.apply();
            const QStringList ran = state(s, direct);
            std::swap(s.environment, *second);
            const auto planned = s.plan();
            const auto applied = s.run(toApply(saved(s, planned)));
            const QStringList carried = state(s, applied);
            const auto after = s.plan();
            std::swap(s.environment, *second);
            for (qsizetype i = 0; i < std::min(ran.size(), carried.size()); ++i)
                QCOMPARE(carried.at(i), ran.at(i));
            QCOMPARE(carried.size(), ran.size());
            QCOMPARE(after.counts.changes(), 0);
            s.slapd.modify(randomChanges(random, people)); // some of it no entry is there for any more
        }
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

CONSOLE_TEST(SavedPlanTest)
#include "tst_savedplan.moc"
