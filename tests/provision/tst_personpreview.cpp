// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a mapping makes of one person while it is edited: the same as the plan, row by row, whatever the other rows are.
#include "provision/personpreview.h"
#include "provision/ruleperson.h"

#include "provision/livedirectory.h"
#include "tests/provision/scenario.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::test;
using provision::PersonOutcome;
using provision::PersonPreview;
using provision::RowOutcome;

namespace {

using State = RowOutcome::State;

QString text(const core::Value &value)
{
    return core::displayText(value);
}

} // namespace

class PersonPreviewTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_scenario = std::make_unique<Scenario>();
        QVERIFY(m_scenario->begin(Slapd::people(20)));
        m_preview = std::make_unique<PersonPreview>(m_scenario->path());
    }

    void somebodyNewIsCreated()
    {
        const PersonOutcome outcome = tried(entry(3), m_scenario->rule().mappings.users);
        QCOMPARE(outcome.action, core::Action::Create);
        QVERIFY(outcome.allowed);
        QVERIFY(!outcome.existing);
        QCOMPARE(outcome.username, QStringLiteral("user.3"));
        QCOMPARE(outcome.rows.at(0).state, State::Changed);
        QVERIFY(core::isNull(outcome.rows.at(0).before));
        QCOMPARE(text(outcome.rows.at(0).after), QStringLiteral("user.3"));
    }

    void aRowThatIsNotWholeLeavesTheOthers()
    {
        QList<core::AttributeMapping> rows = m_scenario->rule().mappings.users;
        rows[1] = {QStringLiteral("name.given"), {}, QStringLiteral("givenName + "), core::MappingWhen::Always};
        rows.append(Scenario::map("title", "l")); // there is one above
        const PersonOutcome outcome = tried(entry(3), rows);
        QCOMPARE(outcome.rows.size(), rows.size());
        QCOMPARE(outcome.rows.at(1).state, State::Faulty);
        QCOMPARE(outcome.rows.at(1).errors.at(0).code, core::Code::Syntax);
        QCOMPARE(text(outcome.rows.at(2).after), QStringLiteral("Name3"));
        QCOMPARE(text(outcome.rows.at(4).after), QStringLiteral("Engineer"));
        QCOMPARE(outcome.rows.constLast().state, State::Faulty);
    }

    void aProblemIsTheRows()
    {
        QList<core::AttributeMapping> rows = m_scenario->rule().mappings.users;
        rows[3] = Scenario::map("email", "cn");
        const PersonOutcome outcome = tried(entry(3), rows);
        QCOMPARE(outcome.action, core::Action::Failed);
        QCOMPARE(outcome.rows.at(3).state, State::Problem);
        QCOMPARE(outcome.rows.at(3).problems.at(0).code, core::ProblemCode::InvalidValue);
        QCOMPARE(text(outcome.rows.at(4).after), QStringLiteral("Engineer"));
    }

    void saysWhatThePlanSays()
    {
        m_scenario->apply();
        QCOMPARE(tried(entry(3), m_scenario->rule().mappings.users).action, core::Action::None);

        QList<core::AttributeMapping> rows = m_scenario->rule().mappings.users;
        rows[1] = {QStringLiteral("name.given"), QStringLiteral("l"), {}, core::MappingWhen::OnCreate};
        rows[2] = {QStringLiteral("name.family"), QStringLiteral("l"), {}, core::MappingWhen::WhenEmpty};
        rows[4] = {QStringLiteral("title"), {}, QStringLiteral("title + ' ' + l"), core::MappingWhen::Always};
        const PersonOutcome outcome = tried(entry(3), rows);
        QCOMPARE(outcome.action, core::Action::Update);
        QVERIFY(outcome.existing);
        QCOMPARE(outcome.rows.at(0).state, State::Same);
        QCOMPARE(outcome.rows.at(1).state, State::OnCreateOnly);
        QCOMPARE(text(outcome.rows.at(1).after), text(outcome.rows.at(1).before));
        QCOMPARE(outcome.rows.at(2).state, State::NotEmpty);
        QCOMPARE(outcome.rows.at(4).state, State::Changed);
        QCOMPARE(text(outcome.rows.at(4).before), QStringLiteral("Engineer"));
        QCOMPARE(text(outcome.rows.at(4).after), QStringLiteral("Engineer Berlin"));

        m_scenario->rule().mappings.users = rows;
        QVERIFY(m_scenario->save());
        const provision::RunOutcome planned = m_scenario->plan();
        const core::Step step = Scenario::stepOf(planned, QStringLiteral("user.3"));
        QCOMPARE(step.action, outcome.action);
        QCOMPARE(step.changes.size(), 1);
        QCOMPARE(step.changes.at(0).before, outcome.rows.at(4).before);
        QCOMPARE(step.changes.at(0).after, outcome.rows.at(4).after);
    }

    void whoReturnsIsLetInAsThePlanSays()
    {
        Scenario &s = *m_scenario;
        const core::Configuration before = s.configuration;
        s.rule().mappings.users.removeLast(); // what the directory says of the account is not taken over
        s.rule().scope.userFilter = QStringLiteral("(!(uid=user.7))");
        QVERIFY(s.save());
        QCOMPARE(s.apply().counts.users.disable, 1);
        s.rule().scope.userFilter.clear();
        QVERIFY(s.save());
        const PersonOutcome outcome = tried(entry(7), s.rule().mappings.users);
        const core::Step step = Scenario::stepOf(s.plan(), QStringLiteral("user.7"));
        QCOMPARE(step.action, core::Action::Enable);
        QCOMPARE(outcome.action, step.action);
        QCOMPARE(s.apply().counts.users.enable, 1);
        QCOMPARE(tried(entry(7), s.rule().mappings.users).action, core::Action::None);
        s.rule().mappings.users = before.rules.at(0).mappings.users;
        QVERIFY(s.save());
    }

    void aTakenUsernameIsAProblem()
    {
        QList<core::AttributeMapping> rows = m_scenario->rule().mappings.users;
        rows[0] = {QStringLiteral("username"), {}, QStringLiteral("'USER.5'"), core::MappingWhen::Always};
        const PersonOutcome outcome = tried(entry(3), rows);
        QCOMPARE(outcome.rows.at(0).state, State::Problem);
        QCOMPARE(outcome.rows.at(0).problems.at(0).code, core::ProblemCode::UniquenessViolation);
    }

    void answersOnlyTheNewestEdit()
    {
        QSignalSpy evaluated(m_preview.get(), &PersonPreview::evaluated);
        QList<core::AttributeMapping> rows = m_scenario->rule().mappings.users;
        const auto person = entry(3);
        quint64 last = 0;
        for (int edit = 0; edit < 500; ++edit) {
            rows[4] = {QStringLiteral("title"), {}, QStringLiteral("'edit %1'").arg(edit), core::MappingWhen::Always};
            last = evaluate(person, rows);
        }
        QTRY_VERIFY(!evaluated.isEmpty() && evaluated.constLast().at(0).value<PersonOutcome>().edit == last);
        QCOMPARE(text(evaluated.constLast().at(0).value<PersonOutcome>().rows.at(4).after), QStringLiteral("edit 499"));
        QVERIFY(evaluated.size() < 500);
    }

private:
    quint64 evaluate(const std::shared_ptr<const core::Entry> &entry, const QList<core::AttributeMapping> &rows)
    {
        return m_preview->evaluate([gateway = m_scenario->gateway(), preferences = m_scenario->connection(), entry,
                                    rows](store::Environment &environment) {
            return provision::rulePerson(environment, gateway, preferences, *entry, rows);
        });
    }
    PersonOutcome tried(const std::shared_ptr<const core::Entry> &entry, const QList<core::AttributeMapping> &rows)
    {
        QSignalSpy evaluated(m_preview.get(), &PersonPreview::evaluated);
        const quint64 edit = evaluate(entry, rows);
        if (!evaluated.wait(10000))
            return {};
        const auto outcome = evaluated.at(0).at(0).value<PersonOutcome>();
        return outcome.edit == edit ? outcome : PersonOutcome();
    }
    /// Somebody as the directory has them.
    std::shared_ptr<const core::Entry> entry(int number)
    {
        provision::LiveDirectory directory(m_scenario->gateway(), {{"ou=people,dc=example,dc=com"}, "(objectClass=person)"});
        QSignalSpy read(&directory, &provision::LiveDirectory::entryRead);
        directory.read("uid=user." + QByteArray::number(number) + ",ou=people,dc=example,dc=com");
        if (!read.wait(10000))
            return std::make_shared<const core::Entry>();
        return std::make_shared<const core::Entry>(read.at(0).at(1).value<core::Entry>());
    }

    std::unique_ptr<Scenario> m_scenario;
    std::unique_ptr<PersonPreview> m_preview;
};

CONSOLE_TEST(PersonPreviewTest)
#include "tst_personpreview.moc"
