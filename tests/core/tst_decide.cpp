// SPDX-License-Identifier: GPL-3.0-or-later
//
// The decision for one person, and what must hold for all of them: a plan that was applied leaves nothing to plan.
#include "core/config/connection.h"
#include "core/keyset.h"
#include "core/plan/decide.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <rapidcheck.h>

using namespace gatehouse::core;

namespace {

std::shared_ptr<const AttributeCatalog> catalog()
{
    static const auto shared = std::make_shared<const AttributeCatalog>();
    return shared;
}

Mapping mapping(MappingWhen when = MappingWhen::Always)
{
    return *Mapping::compile({{QStringLiteral("username"), QStringLiteral("uid"), {}, MappingWhen::Always},
                              {QStringLiteral("title"), QStringLiteral("title"), {}, when},
                              {QStringLiteral("email"), QStringLiteral("mail"), {}, MappingWhen::Always},
                              {QStringLiteral("enabled"), QStringLiteral("active"), {}, MappingWhen::Always}},
                             catalog());
}

int number(const char *name)
{
    return catalog()->find(QString::fromLatin1(name));
}

SourcePerson person(const QString &username, const QString &title, bool enabled = true)
{
    SourcePerson person{"id-of-anna", "uid=anna,dc=example,dc=com", 42, {}};
    person.mapped.values.set(number("username"), username);
    if (!title.isEmpty())
        person.mapped.values.set(number("title"), title);
    person.mapped.values.set(number("enabled"), enabled);
    return person;
}

User user(const QString &username, const QString &title, bool enabled = true)
{
    User user;
    user.row = 7;
    user.revision = 3;
    user.id = QUuid::createUuid();
    user.values.set(number("username"), username);
    if (!title.isEmpty())
        user.values.set(number("title"), title);
    user.values.set(number("enabled"), enabled);
    return user;
}

/// What a store makes of a step.
User applied(User user, const Step &step)
{
    for (const AttributeChange &change : step.changes)
        user.values.set(catalog()->find(change.name), change.after);
    ++user.revision;
    return user;
}

TargetUser linked(const User &user, Disabling disabling = Disabling::None)
{
    return {&user, {"id", {}, {}, 1, disabling}};
}

Decision decided(const SourcePerson &person, const TargetUser &target, const Mapping &mapping, const Connection &preferences)
{
    return decide(person, target, {mapping, preferences});
}

Decision gone(const User &user, const Connection &preferences)
{
    return decideGone({}, {"id", "dn"}, user, *catalog(), preferences);
}

Connection everything()
{
    Connection connection;
    connection.users.deprovision.enabled = true;
    return connection;
}

} // namespace

class DecideTest : public QObject {
    Q_OBJECT
private slots:
    void createsWhoIsNotThere()
    {
        const Decision decision = decided(person(QStringLiteral("anna"), QStringLiteral("Baker")), {}, mapping(), everything());
        QCOMPARE(decision.step.action, Action::Create);
        QCOMPARE(decision.step.target.text(), QStringLiteral("anna"));
        QCOMPARE(decision.step.changes.size(), 3);
        QVERIFY(!decision.notAllowed);
    }

    void showsBeforeAndAfter()
    {
        const User anna = user(QStringLiteral("anna"), QStringLiteral("Baker"));
        const Decision decision = decided(person(QStringLiteral("anna"), QStringLiteral("Smith")), linked(anna),
                                         mapping(), everything());
        QCOMPARE(decision.step.action, Action::Update);
        QCOMPARE(decision.step.changes, (QList<AttributeChange>{{QStringLiteral("title"), QStringLiteral("Baker"), QStringLiteral("Smith")}}));
        QCOMPARE(decision.step.revision, 3);
    }

    void unsetsWhatTheDirectoryNoLongerSays()
    {
        const User anna = user(QStringLiteral("anna"), QStringLiteral("Baker"));
        const Decision decision = decided(person(QStringLiteral("anna"), {}), linked(anna), mapping(), everything());
        QCOMPARE(decision.step.changes, (QList<AttributeChange>{{QStringLiteral("title"), QStringLiteral("Baker"), Value()}}));
    }

    void mapsWhenAsked_data()
    {
        QTest::addColumn<int>("when");
        QTest::addColumn<QString>("before");
        QTest::addColumn<bool>("changes");
        QTest::newRow("always") << int(MappingWhen::Always) << "Baker" << true;
        QTest::newRow("on create") << int(MappingWhen::OnCreate) << "Baker" << false;
        QTest::newRow("on create, empty") << int(MappingWhen::OnCreate) << "" << false;
        QTest::newRow("when empty, full") << int(MappingWhen::WhenEmpty) << "Baker" << false;
        QTest::newRow("when empty, empty") << int(MappingWhen::WhenEmpty) << "" << true;
    }
    void mapsWhenAsked()
    {
        QFETCH(int, when);
        QFETCH(QString, before);
        QFETCH(bool, changes);
        const User anna = user(QStringLiteral("anna"), before);
        const Decision decision = decided(person(QStringLiteral("anna"), QStringLiteral("Smith")), linked(anna),
                                         mapping(MappingWhen(when)), everything());
        QCOMPARE(decision.step.action == Action::Update, changes);
    }

    void disablesAndEnablesAsTheDirectorySays()
    {
        const User enabled = user(QStringLiteral("anna"), {});
        QCOMPARE(decided(person(QStringLiteral("anna"), {}, false), linked(enabled), mapping(), everything()).step.action,
                 Action::Disable);
        const User disabled = user(QStringLiteral("anna"), {}, false);
        QCOMPARE(decided(person(QStringLiteral("anna"), {}), linked(disabled), mapping(), everything()).step.action,
                 Action::Enable);
    }

    void respectsThePreferences()
    {
        Connection preferences = everything();
        preferences.users.create = false;
        QVERIFY(decided(person(QStringLiteral("anna"), {}), {}, mapping(), preferences).notAllowed);
        preferences.users.disable = false;
        const User anna = user(QStringLiteral("anna"), {});
        QCOMPARE(decided(person(QStringLiteral("anna"), {}, false), linked(anna), mapping(), preferences).step.action,
                 Action::None);
        preferences.users.update = false;
        QVERIFY(decided(person(QStringLiteral("anna"), QStringLiteral("Smith")), linked(anna), mapping(), preferences).notAllowed);
        preferences.users.deprovision.enabled = false;
        QVERIFY(gone(anna, preferences).notAllowed);
    }

    void letsPeopleBackIn()
    {
        const Mapping withoutEnabled = *Mapping::compile({{QStringLiteral("username"), QStringLiteral("uid"), {}, MappingWhen::Always}}, catalog());
        SourcePerson back{"id", "dn", 1, {}};
        back.mapped.values.set(number("username"), QStringLiteral("anna"));
        const User anna = user(QStringLiteral("anna"), {}, false);
        QCOMPARE(decided(back, linked(anna, Disabling::Left), withoutEnabled, everything()).step.action, Action::Enable);
        QCOMPARE(decided(back, linked(anna), withoutEnabled, everything()).step.action, Action::None);
    }

    void treatsPeopleWhoLeftAsPreferred()
    {
        Connection preferences = everything();
        const User anna = user(QStringLiteral("anna"), QStringLiteral("Baker"));
        const Decision disable = gone(anna, preferences);
        QCOMPARE(disable.step.action, Action::Disable);
        QCOMPARE(disable.step.changes.size(), 1);
        QCOMPARE(gone(user(QStringLiteral("anna"), {}, false), preferences).step.action, Action::None);
        preferences.users.deprovision.removeAction = RemoveAction::Delete;
        const Decision remove = gone(anna, preferences);
        QCOMPARE(remove.step.action, Action::Delete);
        QCOMPARE(remove.step.changes.size(), 3); // what an undo would need
    }

    void failsAloneWithItsProblems()
    {
        SourcePerson bad = person(QStringLiteral("anna"), {});
        bad.mapped.problems.append({QStringLiteral("title"), ProblemCode::TooLong, QStringLiteral("too long")});
        const Decision decision = decided(bad, {}, mapping(), everything());
        QCOMPARE(decision.step.action, Action::Failed);
        QCOMPARE(decision.step.target.text(), QStringLiteral("anna"));
        QCOMPARE(decision.step.problems, bad.mapped.problems);
        QVERIFY(decision.step.changes.isEmpty());
    }

    void appliedPlansAreEmpty()
    {
        const bool holds = rc::check("after applying the step for any entry and user, there is no step", [] {
            const auto text = rc::gen::map(rc::gen::inRange(0, 4), [](int n) { return n == 0 ? QString() : QString::number(n); });
            const auto when = *rc::gen::element(MappingWhen::Always, MappingWhen::OnCreate, MappingWhen::WhenEmpty);
            SourcePerson source = person(QStringLiteral("u%1").arg(*rc::gen::inRange(0, 3)), *text, *rc::gen::arbitrary<bool>());
            if (*rc::gen::arbitrary<bool>())
                source.mapped.values.set(number("email"), QStringLiteral("a@example.com"));
            Connection preferences = everything();
            preferences.users.disable = *rc::gen::arbitrary<bool>();
            User before = user(QStringLiteral("u0"), *text, *rc::gen::arbitrary<bool>());
            const bool exists = *rc::gen::arbitrary<bool>();
            const bool isLinked = *rc::gen::arbitrary<bool>();
            const Disabling disabling = *rc::gen::element(Disabling::None, Disabling::Left);
            const Mapping map = mapping(when);
            const Decision first = decided(source, !exists ? TargetUser{} : isLinked ? linked(before, disabling) : TargetUser{&before}, map, preferences);
            RC_PRE(first.step.action != Action::Failed);
            const User after = applied(exists ? before : User{.row = 7}, first.step);
            const Decision second = decided(source, linked(after), map, preferences);
            RC_ASSERT(second.step.action == Action::None);
        });
        QVERIFY(holds);
    }

    void sourceDecidesWhereNothingMapsTheSwitch()
    {
        const Mapping plain = *Mapping::compile({{QStringLiteral("username"), QStringLiteral("uid"), {}, MappingWhen::Always},
                                                 {QStringLiteral("title"), QStringLiteral("title"), {}, MappingWhen::Always}}, catalog());
        const auto source = [](bool active, const QString &title = QStringLiteral("Baker")) {
            SourcePerson one{"id", "dn", 1, {}, active};
            one.mapped.values.set(number("username"), QStringLiteral("anna"));
            one.mapped.values.set(number("title"), title);
            return one;
        };
        Connection preferences = everything();
        const QString enabled = QStringLiteral("enabled");
        const auto created = [&](bool active) {
            const Decision decision = decided(source(active), {}, plain, preferences);
            for (const AttributeChange &change : decision.step.changes) {
                if (change.name == enabled)
                    return std::pair(change.after == Value(true), decision.step.link->after.disabling);
            }
            return std::pair(false, Disabling::None);
        };
        QCOMPARE(created(false), std::pair(false, Disabling::Inactive));
        QCOMPARE(created(true), std::pair(true, Disabling::None));

        const User on = user(QStringLiteral("anna"), QStringLiteral("Baker"));
        const User off = user(QStringLiteral("anna"), QStringLiteral("Baker"), false);
        const Decision disabled = decided(source(false), linked(on), plain, preferences);
        QCOMPARE(disabled.step.action, Action::Disable);
        QCOMPARE(disabled.step.link->after.disabling, Disabling::Inactive);
        // What a rule has disabled a rule enables, and nobody else.
        QCOMPARE(decided(source(true), linked(off, Disabling::Inactive), plain, preferences).step.action, Action::Enable);
        QCOMPARE(decided(source(true), linked(off), plain, preferences).step.action, Action::None);
        // Still inactive, or disabled by hand: nothing to do, and whose it is stays known.
        QCOMPARE(decided(source(false), linked(off, Disabling::Inactive), plain, preferences).step.link->after.disabling, Disabling::Inactive);
        QCOMPARE(decided(source(false), linked(off), plain, preferences).step.link->after.disabling, Disabling::None);
        QCOMPARE(decided(source(false), linked(off, Disabling::Inactive), plain, preferences).step.action, Action::None);
        // Somebody who comes back to an account that is inactive stays out, for that reason now.
        const Decision back = decided(source(false), linked(off, Disabling::Left), plain, preferences);
        QCOMPARE(back.step.action, Action::None);
        QCOMPARE(back.step.link->after.disabling, Disabling::Inactive);

        // Disabling decides by itself: without Update the switch alone is written.
        preferences.users.update = false;
        const Decision alone = decided(source(false, QStringLiteral("Smith")), linked(on), plain, preferences);
        QVERIFY(!alone.notAllowed);
        QCOMPARE(alone.step.changes, (QList<AttributeChange>{{enabled, true, false}}));
        QVERIFY(decided(source(true, QStringLiteral("Smith")), linked(on), plain, preferences).notAllowed);

        // Without Disable the directory's state is not looked at.
        preferences = everything();
        preferences.users.disable = false;
        QCOMPARE(created(false), std::pair(true, Disabling::None));
        QCOMPARE(decided(source(false), linked(on), plain, preferences).step.action, Action::None);
        QCOMPARE(decided(source(false), linked(off, Disabling::Inactive), plain, preferences).step.action, Action::None);
    }

    void mappingDecidesWhereItMapsTheSwitch()
    {
        const User off = user(QStringLiteral("anna"), {}, false);
        // Whoever has disabled the user: the mapping says that it is enabled.
        QCOMPARE(decided(person(QStringLiteral("anna"), {}, true), linked(off), mapping(), everything()).step.action,
                 Action::Enable);
        SourcePerson inactive = person(QStringLiteral("anna"), {}, true);
        inactive.active = false;
        const User on = user(QStringLiteral("anna"), {});
        QCOMPARE(decided(inactive, linked(on), mapping(), everything()).step.action, Action::None);
    }

    void keySetsKnowWhatTheyHold()
    {
        KeySet keys;
        for (int i = 0; i < 5000; ++i)
            QVERIFY(keys.insert(QString::number(i)));
        for (int i = 0; i < 5000; ++i)
            QVERIFY(!keys.insert(QString::number(i)));
        QVERIFY(keys.contains(QStringLiteral("77")));
        QVERIFY(!keys.contains(QStringLiteral("5000")));
    }
};

CONSOLE_TEST(DecideTest)
#include "tst_decide.moc"
