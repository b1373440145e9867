// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two documents walked in the window, word for word and in their order, on real directories: mapping the group attribute
// from an LDAP gateway, from Integrations > Gateways to the first sign-on that makes the groups; and just-in-time
// provisioning of external groups, with its badges and columns and everything that it says cannot be done.
#include "tests/ui/lookupwindow.h"

#include "app/roles.h"
#include "tests/support/testmain.h"
#include "ui/widgets/detailspanel.h"

#include <QCheckBox>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

QByteArray passwordOf(const QByteArray &person)
{
    return "dn: uid=" + person + ",ou=people,dc=example,dc=com\nchangetype: modify\nreplace: userPassword\nuserPassword: right\n";
}

} // namespace

class ExternalGroupsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }
    void cleanup()
    {
        m.reset();
        m_slapd.reset();
    }

    void mappingTheGroupAttribute_data();
    void mappingTheGroupAttribute();
    void justInTimeProvisioning();

private:
    void begin(Slapd::Schema schema, core::Vendor vendor, const QByteArray &groupClass);
    QTableView *groups() { return seen<QTableView>(m->page(), QStringLiteral("groups")); }
    QStringList groupNames()
    {
        QStringList names;
        for (int row = 0; groups() && row < groups()->model()->rowCount(); ++row)
            names << groups()->model()->index(row, 0).data().toString();
        return names;
    }
    QVariant groupCell(const QString &group, const QString &heading)
    {
        const QAbstractItemModel *model = groups()->model();
        for (int column = 0; column < model->columnCount(); ++column) {
            if (model->headerData(column, Qt::Horizontal).toString() == heading)
                return model->index(int(groupNames().indexOf(group)), column).data();
        }
        return {};
    }
    void choose(const QString &group)
    {
        groups()->setFocus();
        groups()->setCurrentIndex(groups()->model()->index(int(groupNames().indexOf(group)), 0));
        QTRY_COMPARE(seen<QLabel>(m->page(), QStringLiteral("detailsTitle"))->text(), group);
    }
    QTableView *members() { return seen<QTableView>(m->page(), QStringLiteral("members")); }
    void signOnAgain(const QString &person)
    {
        m->openPage(QStringLiteral("Gateways"));
        m->openGateway();
        const QString outcome = m->signOn(person, QStringLiteral("right"));
        QVERIFY2(outcome.startsWith(QStringLiteral("Signed on")), qPrintable(outcome));
        m->openPage(QStringLiteral("Groups"));
    }

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<LookupWindow> m;
};

void ExternalGroupsTest::begin(Slapd::Schema schema, core::Vendor vendor, const QByteArray &groupClass)
{
    Slapd::Options options;
    options.schema = schema;
    m_slapd = std::make_unique<Slapd>(options);
    QVERIFY2(m_slapd->load(Slapd::people(5)), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->modify(Slapd::group("Engineering", 3, 0, groupClass)), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->modify(Slapd::group("Berlin", 5, 0, groupClass)), qPrintable(m_slapd->errorText()));
    for (const char *person : {"user.0", "user.1"})
        QVERIFY2(m_slapd->modify(passwordOf(person)), qPrintable(m_slapd->errorText()));
    m = std::make_unique<LookupWindow>();
    core::UserType userType = core::defaultUserType(core::Vendor::Ldapv3);
    userType.name = QStringLiteral("Employees");
    userType.searchBaseDn = QStringLiteral("ou=people,dc=example,dc=com");
    QVERIFY(m->begin(*m_slapd, vendor, userType));
}

void ExternalGroupsTest::mappingTheGroupAttribute_data()
{
    QTest::addColumn<Slapd::Schema>("schema");
    QTest::addColumn<core::Vendor>("vendor");
    QTest::addColumn<QByteArray>("groupClass");
    QTest::addColumn<QString>("attribute");
    QTest::newRow("memberOf") << Slapd::Schema::Plain << core::Vendor::Ldapv3 << QByteArray("groupOfNames")
                              << QStringLiteral("memberOf");
    QTest::newRow("isMemberOf") << Slapd::Schema::PingDirectory << core::Vendor::PingDirectory << QByteArray("groupOfUniqueNames")
                                << QStringLiteral("isMemberOf");
}

void ExternalGroupsTest::mappingTheGroupAttribute()
{
    QFETCH(Slapd::Schema, schema);
    QFETCH(core::Vendor, vendor);
    QFETCH(QByteArray, groupClass);
    QFETCH(QString, attribute);
    begin(schema, vendor, groupClass);
    // 1. Go to Integrations > Gateways and locate the appropriate gateway connection.
    m->openPage(QStringLiteral("Gateways"));
    // 2. Click the gateway entry to open the gateway details panel.
    m->openGateway();
    // 3. On the Lookup tab, click the More Options (⋮) icon, and then click Edit.
    m->openTab(QStringLiteral("Lookup"));
    m->edit(QStringLiteral("Employees"));
    // 4. In the Map Attributes section, click Add Mapping.
    QVERIFY(m->field("newUserLookup.attributeMappings")->isVisible());
    auto *add = seen<QPushButton>(m->form(), QStringLiteral("addMapping"));
    QCOMPARE(add->text().remove(u'&'), QStringLiteral("+ Add Mapping"));
    QTest::mouseClick(add, Qt::LeftButton);
    // 5. For PingOne User Profile Attribute, select External Group Names.
    QTRY_VERIFY(seen<QComboBox>(m->mappings(), QStringLiteral("targetEditor")));
    auto *combo = seen<QComboBox>(m->mappings(), QStringLiteral("targetEditor"));
    QVERIFY(combo->findText(QStringLiteral("External Group Names")) >= 0);
    combo->lineEdit()->selectAll();
    QTest::keyClicks(combo->lineEdit(), QStringLiteral("External Group Names"));
    QTest::keyClick(combo->lineEdit(), Qt::Key_Return);
    QTRY_VERIFY(m->rowOfTarget(core::kExternalGroupNames) >= 0);
    const QPersistentModelIndex source = m->cell(core::kExternalGroupNames, app::MappingTable::Source);
    // The vendor's attribute is suggested already.
    QTRY_COMPARE(source.data().toString(), attribute);
    // 6. For the external directory attribute, enter the inbound attribute name from the external directory.
    m->typeSource(core::kExternalGroupNames, attribute);
    QCOMPARE(source.data().toString(), attribute);
    m->typeSample(QStringLiteral("user.0"));
    QTRY_COMPARE_WITH_TIMEOUT(m->after(core::kExternalGroupNames), QStringLiteral("Berlin, Engineering"), kLong);
    m->shoot(QStringLiteral("external-groups-") + attribute);
    // 7. Click Save.
    m->save();
    QTRY_COMPARE(m->userType(QStringLiteral("Employees"))->newUserLookup->attributeMappings.last(),
                 (core::UserTypeMapping{core::kExternalGroupNames, QStringLiteral("${ldapAttributes.%1}").arg(attribute)}));
    // When a user signs on for the first time, the gateway creates a user record, including group membership.
    signOnAgain(QStringLiteral("user.0"));
    QTRY_COMPARE_WITH_TIMEOUT(groupNames(), (QStringList{QStringLiteral("Berlin"), QStringLiteral("Engineering")}), kLong);
    // By default, PingOne populates this information only once.
    QVERIFY2(m_slapd->modify(Slapd::group("Late", 1, 0, groupClass)), qPrintable(m_slapd->errorText()));
    signOnAgain(QStringLiteral("user.0"));
    QTest::qWait(200);
    QCOMPARE(groupNames().size(), 2);
    // With the option, the group memberships are updated each time the user signs on.
    m->openPage(QStringLiteral("Gateways"));
    m->openGateway();
    m->openTab(QStringLiteral("Lookup"));
    m->edit(QStringLiteral("Employees"));
    auto *update = seen<QCheckBox>(m->form(), QStringLiteral("updateUserOnSuccessfulAuthentication"));
    QCOMPARE(update->text().remove(u'&'), QStringLiteral("Update PingOne user attributes as users sign on"));
    m->field("updateUserOnSuccessfulAuthentication")->setValue(true);
    m->save();
    signOnAgain(QStringLiteral("user.0"));
    QTRY_COMPARE_WITH_TIMEOUT(groupNames(), (QStringList{QStringLiteral("Berlin"), QStringLiteral("Engineering"), QStringLiteral("Late")}), kLong);
}

void ExternalGroupsTest::justInTimeProvisioning()
{
    begin(Slapd::Schema::Plain, core::Vendor::Ldapv3, "groupOfNames");
    // Group A (the parent) has group B as a member; the person is in B alone.
    QVERIFY2(m_slapd->modify("dn: cn=A,ou=groups,dc=example,dc=com\nobjectClass: groupOfNames\ncn: A\n"
                             "member: cn=Engineering,ou=groups,dc=example,dc=com\n"),
             qPrintable(m_slapd->errorText()));
    m->change([](core::Configuration &configuration) {
        core::UserType &userType = configuration.gateways[0].userTypes[0];
        userType.passwordAuthority = core::PasswordAuthority::Ldap;
        userType.updateUserOnSuccessfulAuthentication = true;
        userType.newUserLookup->attributeMappings.append({core::kExternalGroupNames, QStringLiteral("${ldapAttributes.memberOf}")});
    });
    signOnAgain(QStringLiteral("user.0"));
    signOnAgain(QStringLiteral("user.1"));
    // Only direct membership: neither A, nor anything else.
    QTRY_COMPARE_WITH_TIMEOUT(groupNames(), (QStringList{QStringLiteral("Berlin"), QStringLiteral("Engineering")}), kLong);
    // Labeled with both the Just-in-time badge and the LDAP Gateway badge; columns Sync Type and Group Source.
    const QStringList badges{QStringLiteral("Just-in-time"), QStringLiteral("LDAP Gateway")};
    for (const QString &group : groupNames()) {
        QCOMPARE(groups()->model()->index(int(groupNames().indexOf(group)), 0).data(app::BadgesRole).toStringList(), badges);
        QCOMPARE(groupCell(group, QStringLiteral("Sync Type")).toString(), QStringLiteral("Just-in-time"));
        QCOMPARE(groupCell(group, QStringLiteral("Group Source")).toString(), QStringLiteral("LDAP Gateway · Head office"));
    }
    m->shoot(QStringLiteral("external-groups-page"));
    // You can't change the Group Display Name.
    choose(QStringLiteral("Engineering"));
    QVERIFY(!seen<QToolButton>(m->page(), QStringLiteral("edit")));
    // Users cannot be added to an external group directly.
    m->page()->findChild<ui::DetailsPanel *>()->setCurrentTab(QStringLiteral("members"));
    QTRY_VERIFY(members());
    QTRY_COMPARE_WITH_TIMEOUT(members()->model()->rowCount(), 2, kLong);
    QVERIFY(!seen<QPushButton>(m->page(), QStringLiteral("addMember")));
    m->shoot(QStringLiteral("external-groups-members"));
    // You can manually remove the user from the group …
    QTRY_VERIFY(!members()->model()->index(0, 1).data().toString().isEmpty());
    members()->selectRow(0);
    QTRY_VERIFY(seen<QPushButton>(m->page(), QStringLiteral("removeMember"))->isEnabled());
    seen<QPushButton>(m->page(), QStringLiteral("removeMember"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(members()->model()->rowCount(), 1, kLong);
    // … however, they might be added back later if they were not also removed at the external source.
    signOnAgain(QStringLiteral("user.0"));
    signOnAgain(QStringLiteral("user.1"));
    choose(QStringLiteral("Engineering"));
    m->page()->findChild<ui::DetailsPanel *>()->setCurrentTab(QStringLiteral("members"));
    QTRY_COMPARE_WITH_TIMEOUT(members()->model()->rowCount(), 2, kLong);
    // If a group name is changed, it is a new group; the user is removed from the old one and added to the new one.
    QVERIFY2(m_slapd->modify("dn: cn=Engineering,ou=groups,dc=example,dc=com\nchangetype: modrdn\nnewrdn: cn=Research\ndeleteoldrdn: 1\n"),
             qPrintable(m_slapd->errorText()));
    for (const char *person : {"user.0", "user.1"}) // the overlay does not follow the renaming of a group
        QVERIFY2(m_slapd->modify(QByteArray("dn: cn=Research,ou=groups,dc=example,dc=com\nchangetype: modify\ndelete: member\nmember: uid=")
                                 + person + ",ou=people,dc=example,dc=com\n-\nadd: member\nmember: uid=" + person
                                 + ",ou=people,dc=example,dc=com\n"),
                 qPrintable(m_slapd->errorText()));
    signOnAgain(QStringLiteral("user.0"));
    QTRY_VERIFY_WITH_TIMEOUT(groupNames().contains(QStringLiteral("Research")), kLong);
    choose(QStringLiteral("Research"));
    m->page()->findChild<ui::DetailsPanel *>()->setCurrentTab(QStringLiteral("members"));
    QTRY_COMPARE_WITH_TIMEOUT(members()->model()->rowCount(), 1, kLong);
    choose(QStringLiteral("Engineering"));
    QTRY_COMPARE_WITH_TIMEOUT(members()->model()->rowCount(), 1, kLong); // user.1 has not signed on since
    // No manual way into the old or the new one; what somebody signs on to without memberOf leaves them all.
    QVERIFY(!seen<QPushButton>(m->page(), QStringLiteral("addMember")));
}

WINDOW_TEST(ExternalGroupsTest)
#include "tst_externalgroups.moc"
