// SPDX-License-Identifier: GPL-3.0-or-later
//
// A user type's mapping tried on a real Active Directory: what is shown is what a simulated sign-on says, with groups
// through other groups in one search of the server's, and people found by either of their names.
#include "app/gateways/usertyperows.h"
#include "app/gateways/usertypesubject.h"
#include "provision/mappingpreview.h"
#include "tests/signon/scene.h"
#include "tests/support/sambadc.h"
#include "tests/support/testservers.h"

#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const QByteArray kPassword = "Good-password-1";

} // namespace

class UserTypeTrialAdTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void showsWhatASimulationSays_data();
    void showsWhatASimulationSays();
    void countsEverybody();

private:
    std::any asked(const provision::LiveDirectory::Work &work)
    {
        provision::LiveDirectory directory(m_scene.gateway(), {});
        QSignalSpy answered(&directory, &provision::LiveDirectory::answered);
        directory.ask(work);
        return answered.wait(20'000) ? answered.at(0).at(1).value<std::any>() : std::any();
    }
    std::shared_ptr<const app::TrialSubject> subject()
    {
        const auto made = app::userTypeSubject(m_scene.configuration, m_scene.gateway(), m_scene.userType());
        return made ? *made : nullptr;
    }
    QList<core::AttributeMapping> rows() { return app::mappingRows(m_scene.userType().newUserLookup->attributeMappings); }

    SambaDc m_directory;
    Scene m_scene;
};

void UserTypeTrialAdTest::initTestCase()
{
    REQUIRE_SERVER("samba");
    REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
    QVERIFY2(m_directory.start(SambaDc::user("zoe", kPassword, 66048, "mail: zoe@lab.example\n") + SambaDc::user("kim", kPassword)
                               + SambaDc::group("Direct", {"CN=zoe,OU=Staff,DC=lab,DC=example"})
                               + SambaDc::group("Middle", {"CN=Direct,OU=Groups,DC=lab,DC=example"})
                               + SambaDc::group("Outer", {"CN=Middle,OU=Groups,DC=lab,DC=example"})),
             qPrintable(m_directory.errorText()));
    QVERIFY(m_scene.begin(m_directory.tlsHostAndPort(), core::Vendor::ActiveDirectory, m_directory.bindDn(), m_directory.password(),
                          m_directory.caFile()));
    core::UserType userType = core::defaultUserType(core::Vendor::ActiveDirectory);
    userType.searchBaseDn = QStringLiteral("OU=Staff,DC=lab,DC=example");
    userType.newUserLookup->population = QStringLiteral("People");
    userType.newUserLookup->attributeMappings.append(Scene::map("externalGroupNames", "memberOf"));
    userType.newUserLookup->attributeMappings.append({QStringLiteral("nickname"), QStringLiteral("ldapAttributes.objectGUID")});
    // An attribute that the server works out, and gives only to who asks for it by name.
    userType.newUserLookup->attributeMappings.append({QStringLiteral("title"), QStringLiteral("${ldapAttributes.msDS-User-Account-Control-Computed}")});
    m_scene.gateway().userTypes = {userType};
    QVERIFY(m_scene.save());
}

void UserTypeTrialAdTest::showsWhatASimulationSays_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("nested");
    QTest::newRow("account name") << QStringLiteral("zoe") << false;
    QTest::newRow("principal name") << QStringLiteral("ZOE@lab.example") << false;
    QTest::newRow("groups through groups") << QStringLiteral("zoe") << true;
    QTest::newRow("no group") << QStringLiteral("kim") << true;
}

void UserTypeTrialAdTest::showsWhatASimulationSays()
{
    QFETCH(QString, typed);
    QFETCH(bool, nested);
    m_scene.userType().newUserLookup->nestedGroups = nested;
    QVERIFY(m_scene.save());
    const auto tried = subject();
    QVERIFY(tried);
    const auto answer = std::any_cast<app::IdentifierAnswer>(asked(tried->byIdentifier(typed)));
    QVERIFY2(answer.entry, qPrintable(answer.why));
    // As the form does: what comes only to who asks by name is asked for.
    core::SlotNames wanted = tried->sources(rows(), m_scene.environment->catalog());
    provision::LiveDirectory directory(tried->gateway(), tried->scope());
    QSignalSpy read(&directory, &provision::LiveDirectory::entryRead);
    directory.read(answer.entry->dn, wanted);
    QVERIFY(read.wait(20'000));
    app::TriedPerson person{std::make_shared<const core::Entry>(read.at(0).at(1).value<core::Entry>()), typed, {}};
    const auto evidence = tried->evidence(*person.entry, rows());
    QCOMPARE(evidence.key.isEmpty(), !nested);
    if (nested)
        person.evidence = asked(evidence.read);
    const auto outcome = tried->judgement(person, rows())(*m_scene.environment);
    QVERIFY(outcome);

    const signon::Report report = m_scene.simulate(typed.toUtf8().constData());
    QVERIFY2(report.problems.isEmpty(), qPrintable(report.reason));
    QCOMPARE(outcome->action, core::Action::Create);
    QStringList groups;
    for (const store::GroupChange &change : *report.groups)
        groups.append(change.group.displayName);
    const QList<core::AttributeMapping> mapped = rows();
    int compared = 0;
    for (qsizetype row = 0; row < mapped.size(); ++row) {
        if (mapped.at(row).target == core::kExternalGroupNames) {
            QCOMPARE(core::displayText(outcome->rows.at(row).after), groups.join(QStringLiteral(", ")));
            continue;
        }
        for (const core::AttributeChange &change : report.attributes) {
            if (change.name != mapped.at(row).target)
                continue;
            QCOMPARE(outcome->rows.at(row).after, change.after);
            ++compared;
        }
    }
    QCOMPARE(compared, mapped.size() - 1);
    if (nested && typed == QStringLiteral("zoe"))
        QCOMPARE(groups, (QStringList{QStringLiteral("Direct"), QStringLiteral("Middle"), QStringLiteral("Outer")}));
}

void UserTypeTrialAdTest::countsEverybody()
{
    const auto tried = subject();
    QVERIFY(tried);
    QCOMPARE(tried->scope().filter, QByteArray("(|(sAMAccountName=*)(userPrincipalName=*))"));
    provision::MappingPreview preview(m_scene.path, tried->gateway(), tried->scope(), tried->compile(), provision::MappingPreview::kEverybody);
    QSignalSpy progressed(&preview, &provision::MappingPreview::progressed);
    preview.evaluate(rows());
    QTRY_VERIFY_WITH_TIMEOUT(!progressed.isEmpty() && progressed.constLast().at(0).value<provision::MappingStatistics>().complete, 20'000);
    const auto statistics = progressed.constLast().at(0).value<provision::MappingStatistics>();
    QCOMPARE(statistics.people, 2);
    QCOMPARE(statistics.worst.size(), 0);
}

SAMBA_TEST(UserTypeTrialAdTest, QCoreApplication)
#include "tst_usertypetrialad.moc"
