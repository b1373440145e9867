// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a run has done is taken back from its journal alone: random environments, random plans, and what is exported is the
// same afterwards, but for the times that say when somebody was made, changed and seen.
#include "core/plan/inverse.h"
#include "store/relations.h"
#include "tests/store/environmentfixture.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <rapidcheck.h>

using namespace gatehouse;
using namespace gatehouse::store;
using core::Action;
using core::Step;

namespace {

constexpr int kUsers = 8;
const QUuid kOtherGateway(QStringLiteral("22222222-3333-4444-8555-666666666666"));

/// Groups with their members, each by its source, and links.
QByteArray exportedGroups(EnvironmentFixture &f)
{
    QByteArray text;
    Statement rows = f.database().prepare(
        "SELECT hex(g.uuid), g.name, g.display_name, g.description, g.source, g.source_name, g.just_in_time,"
        " coalesce(g.population, 0),"
        " (SELECT group_concat(m) FROM (SELECT hex(u.uuid) || m.source || m.direct AS m FROM memberships AS m JOIN users AS u"
        "  ON u.row = m.user_row WHERE m.group_row = g.row ORDER BY 1)),"
        " (SELECT group_concat(n) FROM (SELECT hex(i.uuid) || n.source AS n FROM nested_groups AS n JOIN groups AS i"
        "  ON i.row = n.inner_row WHERE n.group_row = g.row ORDER BY 1)),"
        " (SELECT group_concat(hex(l.source_id) || hex(l.dn) || l.rule || l.disabling) FROM links AS l"
        "  WHERE l.row IN (SELECT (row << 43) | (1 << 40) | g.row FROM gateway_numbers)) FROM groups AS g ORDER BY 1");
    for (;;) {
        const auto row = rows.step();
        if (!row || !*row)
            return text;
        for (int column = 0; column < 11; ++column)
            text += rows.utf8(column).toByteArray() + '|';
        text += '\n';
    }
}

/// All that is told of the environment's users (values, population, authority, links and groups) and of its groups.
QByteArray exported(EnvironmentFixture &f)
{
    core::AttributeCatalog catalog = *f.environment->catalog();
    QMap<QString, QJsonObject> all;
    Statement rows = f.database().prepare("SELECT row FROM users");
    for (;;) {
        const auto row = rows.step();
        if (!row || !*row)
            break;
        const core::User user = f.identities().user(rows.integer(0)).value();
        QJsonObject json = core::toJson(user, catalog, {});
        for (const char *key : {"createdAt", "updatedAt", "lastSignOn"})
            json.remove(QLatin1String(key));
        json.insert(QStringLiteral("populationRow"), user.population);
        json.insert(QStringLiteral("authority"), QString(user.authorityGateway + u'/' + user.authorityUserType));
        QJsonArray links, groups;
        const QList<UserLink> linked = linksOfUser(f.database(), user.row).value();
        for (const UserLink &link : linked) {
            links.append(QJsonArray{link.gateway.toString(), link.rule.toString(), core::displayId(link.sourceId),
                                    QString::fromUtf8(link.sourceDn), link.deprovisioned});
        }
        const QList<core::Group> in = groupsOfUser(f.database(), user.row).value();
        for (const core::Group &group : in)
            groups.append(group.id.toString());
        json.insert(QStringLiteral("links"), links);
        json.insert(QStringLiteral("groups"), groups);
        all.insert(user.id.toString(), json);
    }
    QByteArray text = exportedGroups(f);
    for (const QJsonObject &json : std::as_const(all))
        text += QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
    return text;
}

core::Frame anyFrame(const QList<core::Population> &populations)
{
    core::Frame frame{populations.at(*rc::gen::inRange<qsizetype>(0, populations.size())).id, {}};
    if (*rc::gen::arbitrary<bool>())
        frame.authority = core::Authority{{}, {}, QStringLiteral("Head office"), QStringLiteral("Employees")};
    return frame;
}

QList<core::AttributeChange> anyValues(const char *prefix, int number)
{
    QList<core::AttributeChange> values;
    if (*rc::gen::arbitrary<bool>())
        values.append(given("title", QStringLiteral("Title %1").arg(*rc::gen::inRange(0, 3))));
    if (*rc::gen::arbitrary<bool>())
        values.append(given("email", QStringLiteral("%1%2@example.com").arg(QLatin1String(prefix)).arg(number)));
    if (*rc::gen::arbitrary<bool>())
        values.append(change("enabled", {}, *rc::gen::arbitrary<bool>()));
    return values;
}

bool applied(EnvironmentFixture &f, qint64 run, const std::vector<Step> &steps)
{
    ApplyContext context;
    context.run = run;
    context.gateway = kGateway;
    const auto problems = f.identities().apply(context, steps);
    if (!problems)
        return false;
    for (const auto &problem : *problems) {
        if (problem)
            qWarning("refused: %s", qPrintable(problem->message));
        if (problem)
            return false;
    }
    return true;
}

qint64 newRun(EnvironmentFixture &f)
{
    return f.environment->runs().begin(QStringLiteral("Staff in"), QUuid(), QStringLiteral("test")).value();
}

std::vector<Step> journalOf(EnvironmentFixture &f, qint64 run)
{
    const QList<Step> steps = f.environment->runs().steps(run, 0, 1000).value();
    return {steps.begin(), steps.end()};
}

/// Users of every kind: linked by the rule, by another gateway too, or not at all; in groups or not.
void populate(EnvironmentFixture &f, const QList<core::Population> &populations, const QList<core::Group> &groups)
{
    std::vector<Step> steps;
    for (int n = 0; n < kUsers; ++n) {
        Step step = createStep(QStringLiteral("user%1").arg(n), quint64(n) + 1, anyValues("user", n));
        step.frame = {{}, anyFrame(populations)};
        if (*rc::gen::inRange(0, 4) == 0)
            step.link.reset();
        else if (*rc::gen::inRange(0, 4) == 0)
            step.link->after.disabling = core::Disabling::Inactive;
        if (*rc::gen::inRange(0, 3) == 0)
            step.otherLinks.append({kOtherGateway, {}, {sourceId(quint64(n) + 500), "cn=other", {}, 3}});
        for (const core::Group &group : groups) {
            if (*rc::gen::arbitrary<bool>())
                step.memberships.append({true, *rc::gen::arbitrary<bool>(),
                                         {core::ObjectKind::Group, group.id.toRfc4122(), group.name.toUtf8()}, step.target,
                                         {*rc::gen::element(core::MembershipSource::Kind::ByHand, core::MembershipSource::Kind::SignOn), {}}});
        }
        steps.push_back(step);
    }
    RC_ASSERT(applied(f, newRun(f), steps));
}

core::LinkState linkOf(EnvironmentFixture &f, const core::User &user)
{
    const auto people = f.environment->links().people(kGateway, {user.row}).value();
    return people.empty() ? core::LinkState() : people.front().state();
}

/// A step of any kind for a user that is there.
Step anyStepFor(EnvironmentFixture &f, const core::User &user, int number, const QList<core::Population> &populations)
{
    const core::AttributeCatalog &catalog = *f.environment->catalog();
    const core::LinkState before = linkOf(f, user);
    const Action action = *rc::gen::element(Action::Update, Action::Disable, Action::Enable, Action::Delete);
    Step step = stepFor(user, action, quint64(number) + 1);
    step.target.name = user.values.text(catalog.username()).toUtf8();
    step.link.reset();
    if (before.exists() || *rc::gen::arbitrary<bool>()) {
        core::LinkState after = before;
        after.id = before.exists() ? before.id : sourceId(quint64(number) + 900);
        after.dn = "uid=moved" + QByteArray::number(number);
        after.rule = kRule;
        after.fingerprint = 77;
        after.disabling = action == Action::Disable ? core::Disabling::Left : core::Disabling::None;
        step.link = {kGateway, before, action == Action::Delete ? core::LinkState() : after};
        if (action == Action::Delete && !before.exists())
            step.link.reset();
    }
    if (action == Action::Delete)
        return step;
    const auto set = [&](const char *name, core::Value after) {
        const core::Value now = user.values.get(catalog.find(QString::fromLatin1(name)));
        if (now != after)
            step.changes.append(change(name, now, std::move(after)));
    };
    if (action != Action::Update)
        set("enabled", action == Action::Enable);
    if (*rc::gen::arbitrary<bool>())
        set("title", *rc::gen::element(core::Value(), core::Value(QStringLiteral("Other"))));
    if (*rc::gen::inRange(0, 3) == 0)
        set("username", QStringLiteral("renamed%1").arg(number));
    if (*rc::gen::inRange(0, 3) == 0)
        step.frame = {{}, anyFrame(populations)};
    return step;
}

core::ObjectRef refOf(const core::Group &group)
{
    return {core::ObjectKind::Group, group.id.toRfc4122(), group.name.toUtf8()};
}

/// A step of any kind for a group that is there.
Step anyStepFor(const core::Group &group, const QList<core::Group> &groups, const QList<core::User> &users,
                const QList<core::Population> &populations)
{
    Step step;
    step.target = refOf(group);
    step.revision = group.revision;
    step.action = *rc::gen::element(Action::Update, Action::Update, Action::Delete);
    if (step.action == Action::Delete)
        return step;
    if (*rc::gen::arbitrary<bool>())
        step.target.kind = core::ObjectKind::Membership;
    for (const core::User &user : users) {
        using Kind = core::MembershipSource::Kind;
        if (*rc::gen::inRange(0, 3) == 0)
            step.memberships.append({*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), refOf(group),
                                     {core::ObjectKind::User, user.id.toRfc4122(), {}},
                                     *rc::gen::element(core::MembershipSource{}, core::MembershipSource{Kind::Rule, kRule})});
    }
    for (const core::Group &inner : groups) {
        if (inner.id != group.id && *rc::gen::arbitrary<bool>())
            step.memberships.append({*rc::gen::arbitrary<bool>(), true, refOf(group), refOf(inner), {}});
    }
    if (step.target.kind == core::ObjectKind::Membership)
        return step;
    if (*rc::gen::arbitrary<bool>())
        step.changes.append(change("description", group.description, QStringLiteral("Another")));
    if (*rc::gen::arbitrary<bool>())
        step.changes.append(change("name", group.name, QString(group.name + QStringLiteral(" renamed"))));
    if (*rc::gen::arbitrary<bool>())
        step.link = {kGateway, {}, {"group" + group.name.toUtf8(), "cn=" + group.name.toUtf8(), kRule, 5}};
    if (*rc::gen::arbitrary<bool>())
        step.frame = {{}, {*rc::gen::element(QUuid(), populations.first().id), {}}};
    return step;
}

std::vector<Step> anyGroupSteps(EnvironmentFixture &f, const QList<core::Group> &groups, const QList<core::Population> &populations)
{
    std::vector<Step> steps;
    QList<core::User> users;
    for (int n = 0; n < kUsers; ++n) {
        if (const auto user = f.identities().userByKey(QStringLiteral("user%1").arg(n)))
            users.append(*user);
    }
    for (const core::Group &group : groups) {
        if (*rc::gen::inRange(0, 3) != 0)
            steps.push_back(anyStepFor(group, groups, users, populations));
    }
    if (*rc::gen::arbitrary<bool>()) {
        Step created;
        created.action = Action::Create;
        created.target = {core::ObjectKind::Group, timeOrderedId().toRfc4122(), "New"};
        created.changes = {given("name", QStringLiteral("New")), given("displayName", QStringLiteral("New"))};
        created.memberships.append({true, true, created.target, refOf(groups.first()), {}});
        created.link = {kGateway, {}, {"newgroup", "cn=new", kRule, 5}};
        steps.push_back(created);
    }
    return steps;
}

std::vector<Step> anyPlan(EnvironmentFixture &f, const QList<core::Population> &populations, const QList<core::Group> &groups)
{
    std::vector<Step> steps = anyGroupSteps(f, groups, populations);
    for (int n = 0; n < kUsers; ++n) {
        const auto user = f.identities().userByKey(QStringLiteral("user%1").arg(n));
        if (user && *rc::gen::inRange(0, 4) != 0)
            steps.push_back(anyStepFor(f, *user, n, populations));
        if (*rc::gen::inRange(0, 3) != 0)
            continue;
        Step created = createStep(QStringLiteral("new%1").arg(n), quint64(n) + 100, anyValues("new", n));
        created.frame = {{}, anyFrame(populations)};
        steps.push_back(created);
    }
    return steps;
}

} // namespace

class InverseTest : public QObject {
    Q_OBJECT
private slots:
    void takesRunsBack()
    {
        QVERIFY(rc::check("apply(inverse(apply(plan))) gives the environment as it was", [] {
            EnvironmentFixture f;
            RC_ASSERT(f.open().has_value());
            core::Configuration configuration = f.environment->configurations().load().value();
            core::Population guests;
            guests.name = QStringLiteral("Guests");
            configuration.populations.append(guests);
            RC_ASSERT(f.environment->configurations().save(configuration).has_value());
            const QList<core::Population> populations = f.identities().populations().value();
            QList<core::Group> groups;
            for (const char *name : {"Staff", "Pilots", "Nested"}) {
                core::Group group;
                group.name = QString::fromLatin1(name);
                groups.append(f.identities().saveGroup(group).value());
            }
            populate(f, populations, groups);
            const QByteArray before = exported(f);

            const qint64 first = newRun(f);
            RC_ASSERT(applied(f, first, anyPlan(f, populations, groups)));
            const QByteArray between = exported(f);
            const QList<Step> back = core::inverse(journalOf(f, first));
            const qint64 second = newRun(f);
            RC_ASSERT(applied(f, second, {back.begin(), back.end()}));
            RC_ASSERT(exported(f).toStdString() == before.toStdString());

            // The undoing is a run like any other: taken back, too, it gives what the first run had made.
            const QList<Step> again = core::inverse(journalOf(f, second));
            RC_ASSERT(applied(f, newRun(f), {again.begin(), again.end()}));
            RC_ASSERT(exported(f).toStdString() == between.toStdString());
        }));
    }

    void takesRingsBack()
    {
        EnvironmentFixture f;
        VERIFY_OK(f.open());
        std::vector<Step> creates, ring;
        const QStringList names{QStringLiteral("ann"), QStringLiteral("bob"), QStringLiteral("carl")};
        for (int n = 0; n < names.size(); ++n)
            creates.push_back(createStep(names.at(n), quint64(n) + 1));
        QVERIFY(applied(f, newRun(f), creates));
        const QByteArray before = exported(f);
        for (int n = 0; n < names.size(); ++n) {
            const core::User user = f.identities().userByKey(names.at(n)).value();
            const QString &taken = names.at((n + names.size() - 1) % names.size());
            ring.push_back(stepFor(user, Action::Update, quint64(n) + 1, {change("username", names.at(n), taken)}));
            ring.back().link->before.dn = ring.back().link->after.dn;
            ring.back().ring = 1;
        }
        const qint64 run = newRun(f);
        QVERIFY(applied(f, run, ring));
        QVERIFY(exported(f) != before);
        const QList<Step> back = core::inverse(journalOf(f, run));
        QCOMPARE(back.first().ring, 1u);
        QVERIFY(applied(f, newRun(f), {back.begin(), back.end()}));
        QCOMPARE(exported(f), before);
    }

    void tellsWhatItTakesBack()
    {
        Step renamed;
        renamed.action = Action::Update;
        renamed.target = {core::ObjectKind::User, "0123456789abcdef", "ann"};
        renamed.revision = 5;
        renamed.changes = {change("username", QStringLiteral("ann"), QStringLiteral("anna"))};
        renamed.link = {kGateway, {"id", "cn=ann"}, {"id", "cn=anna"}};
        renamed.after = {"somebody"};
        const Step back = core::inverse(renamed);
        QCOMPARE(back.target.text(), QStringLiteral("anna")); // as it is called now
        QCOMPARE(back.source.text(), QStringLiteral("cn=ann"));
        QCOMPARE(back.revision, 5);
        QCOMPARE(back.changes, QList<core::AttributeChange>{change("username", QStringLiteral("anna"), QStringLiteral("ann"))});
        QCOMPARE(core::inverse(back).changes, renamed.changes);

        Step first;
        first.action = Action::Delete;
        first.target.id = "somebody";
        const QList<Step> both = core::inverse(std::vector<Step>{first, renamed});
        QCOMPARE(both.at(0).target.id, renamed.target.id);
        QCOMPARE(both.at(1).action, Action::Create);
        QCOMPARE(both.at(1).after, QList<QByteArray>{renamed.target.id});
    }
};

CONSOLE_TEST(InverseTest)
#include "tst_inverse.moc"
