// SPDX-License-Identifier: GPL-3.0-or-later
//
// A user type's mapping tried on people of a real directory: what is shown is what a sign-on then writes, row by row and
// group by group; what stands in a sign-on's way is shown, too; and everybody who could sign on is counted.
#include "app/gateways/usertypeperson.h"
#include "app/gateways/usertyperows.h"
#include "app/gateways/usertypesubject.h"
#include "provision/mappingpreview.h"
#include "tests/signon/scene.h"
#include "tests/support/slapd.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::test;
using State = provision::RowOutcome::State;

namespace {

QString text(const core::Value &value)
{
    return core::displayText(value);
}

} // namespace

class UserTypeTrialTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        QVERIFY(m_slapd.load(Slapd::people(20)));
        QVERIFY2(m_slapd.start(), qPrintable(m_slapd.errorText()));
        QVERIFY2(m_slapd.modify(Slapd::group("engineering", 3)), qPrintable(m_slapd.errorText()));
        QVERIFY2(m_slapd.modify("dn: cn=all,ou=groups,dc=example,dc=com\nobjectClass: groupOfNames\ncn: all\n"
                                "member: cn=engineering,ou=groups,dc=example,dc=com\n"),
                 qPrintable(m_slapd.errorText()));
    }
    void init()
    {
        m_scene = std::make_unique<Scene>();
        QVERIFY(m_scene->begin(m_slapd.tlsHostAndPort(), core::Vendor::Ldapv3, m_slapd.bindDn(), m_slapd.password(), m_slapd.caFile()));
        core::UserType userType = Scene::migrating("Employees", QStringLiteral("ou=people,dc=example,dc=com"),
                                                   "(|(uid=${identifier})(mail=${identifier}))", "uid", "memberOf");
        userType.passwordAuthority = core::PasswordAuthority::Ldap;
        userType.updateUserOnSuccessfulAuthentication = true;
        userType.newUserLookup->attributeMappings.append(
            {QStringLiteral("name.formatted"), QStringLiteral("${ldapAttributes.givenName} ${ldapAttributes.sn}")});
        userType.newUserLookup->attributeMappings.append(
            {QStringLiteral("title"), QStringLiteral("#string.upperCase(ldapAttributes.title)")});
        m_scene->gateway().userTypes = {userType};
        QVERIFY(m_scene->save());
    }

    void showsWhatTheSignOnWrites_data()
    {
        QTest::addColumn<QByteArray>("person");
        QTest::addColumn<bool>("nested");
        for (const char *person : {"user.0", "user.2", "user.7"}) {
            QTest::newRow(person) << QByteArray(person) << false;
            QTest::addRow("%s, nested groups", person) << QByteArray(person) << true;
        }
    }
    void showsWhatTheSignOnWrites()
    {
        QFETCH(QByteArray, person);
        QFETCH(bool, nested);
        m_scene->userType().newUserLookup->nestedGroups = nested;
        QVERIFY(m_scene->save());
        setPassword(person);
        // New: nothing before, and everything after as the sign-on leaves it.
        const provision::PersonOutcome fresh = tried(QString::fromUtf8(person));
        QCOMPARE(fresh.action, core::Action::Create);
        QVERIFY(!fresh.existing);
        COMPARE_OUTCOME(m_scene->signOn(person.constData(), "right"), Succeeded);
        compareToStored(fresh, person);

        // Later: the values of then before, and those after that the next sign-on writes.
        const QByteArray dn = "uid=" + person + ",ou=people,dc=example,dc=com";
        QVERIFY2(m_slapd.modify("dn: " + dn + "\nchangetype: modify\nreplace: title\ntitle: changed " + QByteArray::number(++m_changes) + "\n"),
                 qPrintable(m_slapd.errorText()));
        const provision::PersonOutcome later = tried(QString::fromUtf8(person));
        QCOMPARE(later.action, core::Action::Update);
        QVERIFY(later.existing);
        const provision::RowOutcome &title = rowOf(later, "title");
        QCOMPARE(title.state, State::Changed);
        QCOMPARE(text(title.before), m_scene->value(person.constData(), "title"));
        COMPARE_OUTCOME(m_scene->signOn(person.constData(), "right"), Succeeded);
        compareToStored(later, person);
        QCOMPARE(tried(QString::fromUtf8(person)).action, core::Action::None);
    }

    void saysTheSameAsASimulation()
    {
        const signon::Report report = m_scene->simulate("user.1");
        const provision::PersonOutcome outcome = tried(QStringLiteral("user.1"));
        QCOMPARE(report.problems.size(), 0);
        for (const core::AttributeChange &change : report.attributes) {
            const provision::RowOutcome &row = rowOf(outcome, change.name.toUtf8().constData());
            QCOMPARE(row.before, change.before);
            QCOMPARE(row.after, change.after);
        }
        QCOMPARE(outcome.newGroups, 1);
        QCOMPARE(text(rowOf(outcome, "externalGroupNames").after), QStringLiteral("engineering"));
    }

    void isNotUpdatedWhereThatIsOff()
    {
        setPassword("user.4");
        COMPARE_OUTCOME(m_scene->signOn("user.4", "right"), Succeeded);
        m_scene->userType().updateUserOnSuccessfulAuthentication = false;
        QVERIFY(m_scene->save());
        QList<core::AttributeMapping> rows = savedRows();
        rows.append({QStringLiteral("locale"), {}, QStringLiteral("'en'"), {}});
        const provision::PersonOutcome outcome = tried(QStringLiteral("user.4"), rows);
        QCOMPARE(outcome.action, core::Action::None);
        QVERIFY(!outcome.allowed);
        QCOMPARE(outcome.rows.last().state, State::OnCreateOnly);
        QCOMPARE(text(rowOf(outcome, "username").after), QStringLiteral("user.4"));
    }

    void showsWhatStandsInTheWay()
    {
        // A username that somebody else has.
        core::User other;
        const core::AttributeCatalog &catalog = *m_scene->environment->catalog();
        other.values.set(catalog.username(), core::Value(QStringLiteral("User.5")));
        other.values.set(catalog.enabled(), core::Value(true));
        other.population = m_scene->configuration.populations.first().row;
        QVERIFY(m_scene->environment->identities().saveUser(other));
        const provision::PersonOutcome taken = tried(QStringLiteral("user.5"));
        QCOMPARE(taken.action, core::Action::Failed);
        QCOMPARE(rowOf(taken, "username").state, State::Problem);
        COMPARE_OUTCOME(m_scene->simulate("user.5"), Refused);

        // A required value that is missing, one that is too long, one of the wrong kind, and rows that are not whole.
        QList<core::AttributeMapping> rows = savedRows();
        rows[0] = {QStringLiteral("username"), QStringLiteral("carLicense"), {}, {}};
        rows.append({QStringLiteral("locale"), {}, QStringLiteral("#string.join({ldapAttributes.cn, '%1'}, '')").arg(QString(300, u'x')), {}});
        rows.append({QStringLiteral("nickname"), {}, QStringLiteral("ldapAttributes.uid + "), {}});
        const provision::PersonOutcome outcome = tried(QStringLiteral("user.6"), rows);
        QCOMPARE(outcome.action, core::Action::Failed);
        QCOMPARE(rowOf(outcome, "username", rows).problems.at(0).code, core::ProblemCode::RequiredValue);
        QCOMPARE(rowOf(outcome, "locale", rows).problems.at(0).code, core::ProblemCode::TooLong);
        QCOMPARE(rowOf(outcome, "nickname", rows).state, State::Faulty);
        QCOMPARE(rowOf(outcome, "email", rows).state, State::Changed); // the others count

        // A population that is gone, and nothing for the username at all.
        m_scene->userType().newUserLookup->population = QStringLiteral("Nowhere");
        rows = savedRows();
        rows.removeFirst();
        const provision::PersonOutcome homeless = tried(QStringLiteral("user.6"), rows);
        QStringList problems;
        for (const core::Problem &problem : homeless.problems)
            problems << problem.message;
        QVERIFY2(problems.join(u'\n').contains(QStringLiteral("Nowhere")), qPrintable(problems.join(u'\n')));
        QVERIFY2(problems.size() >= 2, qPrintable(problems.join(u'\n')));
    }

    void somebodyOfAnotherUserTypeIsTold()
    {
        setPassword("user.8");
        COMPARE_OUTCOME(m_scene->signOn("user.8", "right"), Succeeded);
        core::UserType second = m_scene->userType();
        second.id = {};
        second.name = QStringLiteral("Visitors");
        m_scene->gateway().userTypes.append(second);
        QVERIFY(m_scene->save());
        const provision::PersonOutcome outcome = tried(QStringLiteral("user.8"), savedRows(), 1);
        QCOMPARE(outcome.action, core::Action::Failed);
        QVERIFY2(outcome.problems.value(0).message.contains(QStringLiteral("Employees")), qPrintable(outcome.problems.value(0).message));
    }

    void aRenamedOneKeepsItsPeople()
    {
        setPassword("user.9");
        COMPARE_OUTCOME(m_scene->signOn("user.9", "right"), Succeeded);
        core::UserType renamed = m_scene->userType();
        renamed.name = QStringLiteral("Staff");
        const auto subject = app::userTypeSubject(m_scene->configuration, m_scene->gateway(), renamed); // not saved yet
        QVERIFY(subject);
        const app::TriedPerson person{found(QStringLiteral("user.9")).entry, QStringLiteral("user.9"), {}};
        const auto outcome = (*subject)->judgement(person, savedRows())(*m_scene->environment);
        QVERIFY(outcome);
        QCOMPARE(outcome->problems.size(), 0);
        QCOMPARE(outcome->action, core::Action::None);
    }

    void findsByWhatIsTyped()
    {
        const app::IdentifierAnswer byMail = found(QStringLiteral("user.3@example.com"));
        QVERIFY(byMail.entry);
        QCOMPARE(byMail.entry->dn, QByteArray("uid=user.3,ou=people,dc=example,dc=com"));
        QVERIFY(!byMail.entry->values("memberOf").isEmpty() || !byMail.entry->values("entryUUID").isEmpty());
        QCOMPARE(byMail.filter, QStringLiteral("(|(uid=user.3@example.com)(mail=user.3@example.com))"));
        const app::IdentifierAnswer nobody = found(QStringLiteral("*"));
        QVERIFY(!nobody.entry);
        QVERIFY(nobody.matches.isEmpty());
        QCOMPARE(nobody.filter, QStringLiteral("(|(uid=\\2a)(mail=\\2a))"));
        m_scene->userType().newUserLookup->ldapFilterPattern = QStringLiteral("(|(uid=${identifier})(l=${identifier}))");
        const app::IdentifierAnswer several = found(QStringLiteral("Berlin"));
        QVERIFY(!several.entry);
        QVERIFY(several.matches.size() > 1);
    }

    void countsEverybodyWhoCouldSignOn()
    {
        core::User other;
        const core::AttributeCatalog &catalog = *m_scene->environment->catalog();
        other.values.set(catalog.username(), core::Value(QStringLiteral("user.5")));
        other.values.set(catalog.enabled(), core::Value(true));
        other.population = m_scene->configuration.populations.first().row;
        QVERIFY(m_scene->environment->identities().saveUser(other));
        setPassword("user.0");
        COMPARE_OUTCOME(m_scene->signOn("user.0", "right"), Succeeded);

        QList<core::AttributeMapping> rows = savedRows();
        rows.append({QStringLiteral("locale"), QStringLiteral("carLicense"), {}, {}});
        const auto subject = app::userTypeSubject(m_scene->configuration, m_scene->gateway(), m_scene->userType());
        QVERIFY(subject);
        QCOMPARE((*subject)->scope().filter, QByteArray("(|(uid=*)(mail=*))"));
        provision::MappingPreview preview(m_scene->path, (*subject)->gateway(), (*subject)->scope(), (*subject)->compile(),
                                          provision::MappingPreview::kEverybody);
        QSignalSpy progressed(&preview, &provision::MappingPreview::progressed);
        preview.evaluate(rows);
        QTRY_VERIFY_WITH_TIMEOUT(!progressed.isEmpty()
                                     && progressed.constLast().at(0).value<provision::MappingStatistics>().complete, 20'000);
        const auto statistics = progressed.constLast().at(0).value<provision::MappingStatistics>();
        QCOMPARE(statistics.people, 20);
        const auto target = [&](const char *name) {
            for (const provision::TargetStatistics &one : statistics.targets) {
                if (one.target == QString::fromLatin1(name))
                    return one;
            }
            return provision::TargetStatistics();
        };
        QCOMPARE(target("username").colliding, 1); // with somebody who is a user already
        QCOMPARE(target("locale").blank, 20);
        QCOMPARE(target("username").changed, 19); // one has signed on
        QCOMPARE(target("externalGroupNames").blank, 17);
        QCOMPARE(target("externalGroupNames").changed, 2); // and has the group
        QCOMPARE(target("externalGroupNames").mostFrequent.value(0).people, 3);
        QCOMPARE(statistics.worst.value(0).dn, QByteArray("uid=user.5,ou=people,dc=example,dc=com"));
    }

    void saysWhyNobodyCanBeCounted()
    {
        m_scene->userType().newUserLookup->ldapFilterPattern = QStringLiteral("(&(uid=user.1)(!(description=${identifier})))");
        const auto subject = app::userTypeSubject(m_scene->configuration, m_scene->gateway(), m_scene->userType());
        QVERIFY(subject);
        QVERIFY(!(*subject)->uncountable().isEmpty());
        QVERIFY((*subject)->scope().bases.isEmpty());
        // Somebody can be tried all the same.
        QVERIFY(found(QStringLiteral("nothing")).entry);
        m_scene->userType().newUserLookup->ldapFilterPattern = QStringLiteral("(uid=");
        QVERIFY(!app::userTypeSubject(m_scene->configuration, m_scene->gateway(), m_scene->userType()));
        m_scene->userType().newUserLookup.reset();
        QVERIFY(!app::userTypeSubject(m_scene->configuration, m_scene->gateway(), m_scene->userType()));
    }

    void sourcesAreReadAsTheyAreMeant_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("source"); // empty: an expression
        QTest::addColumn<QString>("value");
        QTest::newRow("name") << QStringLiteral("mail") << QStringLiteral("mail") << QStringLiteral("${ldapAttributes.mail}");
        QTest::newRow("added") << QStringLiteral("ADD:my-own") << QStringLiteral("my-own") << QStringLiteral("${ldapAttributes.my-own}");
        QTest::newRow("braces") << QStringLiteral(" ${ldapAttributes.memberOf} ") << QStringLiteral("memberOf")
                                << QStringLiteral("${ldapAttributes.memberOf}");
        QTest::newRow("two") << QStringLiteral("${ldapAttributes.givenName} ${ldapAttributes.sn}") << QString()
                             << QStringLiteral("${ldapAttributes.givenName} ${ldapAttributes.sn}");
        QTest::newRow("expression") << QStringLiteral("ldapAttributes.mail ?: ldapAttributes.uid") << QString()
                                    << QStringLiteral("ldapAttributes.mail ?: ldapAttributes.uid");
    }
    void sourcesAreReadAsTheyAreMeant()
    {
        QFETCH(QString, typed);
        QFETCH(QString, source);
        QFETCH(QString, value);
        core::AttributeMapping row;
        row.target = QStringLiteral("title");
        app::setUserTypeSource(row, typed);
        QCOMPARE(row.source, source);
        QCOMPARE(row.expression.isEmpty(), !source.isEmpty());
        QCOMPARE(app::userTypeValue(row), value);
        QCOMPARE(app::userTypeMappings(app::mappingRows({{row.target, value}})).first().value, value);
    }

    void theVendorsGroupAttributeIsOffered()
    {
        QCOMPARE(app::groupAttribute(core::Vendor::ActiveDirectory), QStringLiteral("memberOf"));
        QCOMPARE(app::groupAttribute(core::Vendor::PingDirectory), QStringLiteral("isMemberOf"));
        QCOMPARE(app::groupAttribute(core::Vendor::OpenDj), QStringLiteral("isMemberOf"));
        QCOMPARE(app::groupAttribute(core::Vendor::IbmTivoli), QStringLiteral("ibm-allGroups"));
        QCOMPARE(app::groupAttribute(core::Vendor::Ldapv3), QStringLiteral("memberOf"));
    }

private:
    void setPassword(const QByteArray &person)
    {
        QVERIFY2(m_slapd.modify("dn: uid=" + person + ",ou=people,dc=example,dc=com\nchangetype: modify\nreplace: userPassword\n"
                                                      "userPassword: right\n"),
                 qPrintable(m_slapd.errorText()));
    }
    QList<core::AttributeMapping> savedRows() { return app::mappingRows(m_scene->userType().newUserLookup->attributeMappings); }
    app::IdentifierAnswer found(const QString &typed, int userType = 0)
    {
        const auto subject = app::userTypeSubject(m_scene->configuration, m_scene->gateway(), m_scene->userType(userType));
        if (!subject)
            return {};
        return std::any_cast<app::IdentifierAnswer>(asked((*subject)->gateway(), (*subject)->byIdentifier(typed)));
    }
    std::any asked(const core::Gateway &gateway, const provision::LiveDirectory::Work &work)
    {
        provision::LiveDirectory directory(gateway, {});
        QSignalSpy answered(&directory, &provision::LiveDirectory::answered);
        directory.ask(work);
        return answered.wait(10'000) ? answered.at(0).at(1).value<std::any>() : std::any();
    }
    provision::PersonOutcome tried(const QString &typed) { return tried(typed, savedRows()); }
    provision::PersonOutcome tried(const QString &typed, const QList<core::AttributeMapping> &rows, int userType = 0)
    {
        const auto subject = app::userTypeSubject(m_scene->configuration, m_scene->gateway(), m_scene->userType(userType));
        app::TriedPerson person{found(typed, userType).entry, typed, {}};
        if (!subject || !person.entry)
            return {};
        const auto evidence = (*subject)->evidence(*person.entry, rows);
        if (!evidence.key.isEmpty())
            person.evidence = asked((*subject)->gateway(), evidence.read);
        auto environment = store::Environment::open(m_scene->path, store::Environment::Access::ReadOnly);
        const auto outcome = (*subject)->judgement(person, rows)(**environment);
        return outcome ? *outcome : provision::PersonOutcome();
    }
    const provision::RowOutcome &rowOf(const provision::PersonOutcome &outcome, const char *target)
    {
        return rowOf(outcome, target, savedRows());
    }
    static const provision::RowOutcome &rowOf(const provision::PersonOutcome &outcome, const char *target,
                                              const QList<core::AttributeMapping> &rows)
    {
        for (qsizetype row = 0; row < rows.size(); ++row) {
            if (rows.at(row).target == QString::fromLatin1(target))
                return outcome.rows.at(row);
        }
        qFatal("no row for %s", target);
    }
    void compareToStored(const provision::PersonOutcome &outcome, const QByteArray &person)
    {
        const QList<core::AttributeMapping> rows = savedRows();
        for (qsizetype row = 0; row < rows.size(); ++row) {
            const QString &target = rows.at(row).target;
            if (target != core::kExternalGroupNames) {
                QCOMPARE(text(outcome.rows.at(row).after), m_scene->value(person.constData(), target.toUtf8().constData()));
                continue;
            }
            QStringList shown = std::holds_alternative<QStringList>(outcome.rows.at(row).after)
                                    ? std::get<QStringList>(outcome.rows.at(row).after) : QStringList();
            shown.sort();
            QStringList stored = m_scene->groupsOf(person.constData());
            QCOMPARE(shown, stored);
        }
    }

    Slapd m_slapd;
    std::unique_ptr<Scene> m_scene;
    int m_changes = 0;
};

CONSOLE_TEST(UserTypeTrialTest)
#include "tst_usertypetrial.moc"
