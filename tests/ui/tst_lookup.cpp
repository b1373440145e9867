// SPDX-License-Identifier: GPL-3.0-or-later
//
// A gateway's Lookup tab in the window, on a real directory: a group attribute mapped step by step as the product's
// documentation has it, a user type made with default values and by keyboard, the order, deleting with who depends on
// it, and migration and rules that exclude each other, in both editors.
#include "core/config/validate.h"
#include "tests/support/slapd.h"
#include "tests/support/testservers.h"
#include "tests/ui/windowtest.h"

#include "store/identities.h"
#include "tests/support/testmain.h"
#include "ui/editors/mappingeditor.h"
#include "ui/pages/gateways/usertypeform.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/note.h"
#include "ui/widgets/section.h"
#include "ui/widgets/tableview.h"

#include <QCheckBox>
#include <QLabel>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QTabBar>
#include <QToolButton>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {
constexpr int kLong = 30'000;
const QString kGateway = QStringLiteral("Head office");
} // namespace

class LookupTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase()
    {
        m_window.reset();
        m_slapd.reset();
    }

    void mapTheGroupAttributeAsDocumented();
    void defaultsFillTheForm_data();
    void defaultsFillTheForm();
    void addByKeyboard();
    void faultsStandBesideTheirFields();
    void authorityChangesTheWords();
    void orderByKeyboardAndPointer();
    void renameIsFollowedByRules();
    void migrationAndRuleExcludeEachOther();
    void deleteSaysWhoDependsOnIt();
    void pictures();

private:
    QWidget *page() { return m_window->window().currentPage(); }
    ui::ListPane *list() { return page()->findChild<ui::ListPane *>(); }
    const core::Gateway &gateway() { return *m_window->configuration().gateway(kGateway); }
    const core::UserType *userType(const QString &name)
    {
        for (const core::UserType &one : gateway().userTypes) {
            if (one.name == name)
                return &one;
        }
        return nullptr;
    }
    QStringList names()
    {
        QStringList names;
        for (const core::UserType &one : gateway().userTypes)
            names << one.name;
        return names;
    }
    ui::Section *section(const QString &userType)
    {
        return seen<ui::Section>(page(), QStringLiteral("userType-") + userType);
    }
    void showTab(const QString &title)
    {
        auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
        for (int tab = 0; tab < tabs->count(); ++tab) {
            if (tabs->tabText(tab) == title)
                tabs->setCurrentIndex(tab);
        }
    }
    /// More Options (⋮) of a user type, and what it says.
    QAction *option(const QString &userType, const QString &text)
    {
        ui::Section *found = section(userType);
        auto *more = found ? seen<QToolButton>(found, QStringLiteral("userTypeMore")) : nullptr;
        for (QAction *action : more ? more->menu()->actions() : QList<QAction *>()) {
            if (action->text().remove(u'&').startsWith(text))
                return action;
        }
        return nullptr;
    }
    void openLookup()
    {
        m_window->goTo(QStringLiteral("gateways"), kGateway);
        QTRY_COMPARE(list()->currentId().toString(), kGateway);
        showTab(QStringLiteral("Lookup"));
    }
    ui::UserTypeForm *form() { return page()->findChild<ui::UserTypeForm *>(); }
    ui::FormField *field(const QString &key) { return form()->field(key); }
    void change(const std::function<void(core::Configuration &)> &edit)
    {
        bool saved = false;
        m_window->console().changeConfiguration(this, edit, [&saved](const app::Console::SaveAnswer &answer) {
            QVERIFY2(answer, answer ? "" : qPrintable(answer.error().first().text()));
            saved = true;
        });
        QTRY_VERIFY_WITH_TIMEOUT(saved, kLong);
    }
    /// Adds a row by "+ Add Mapping" and fills both cells as a person does.
    void addMapping(const QString &target, const QString &source);

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<TestWindow> m_window;
};

void LookupTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    m_slapd = std::make_unique<Slapd>();
    QVERIFY2(m_slapd->load(Slapd::people(5)), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    m_window = std::make_unique<TestWindow>();
    QVERIFY(m_window->open());
    core::Gateway gateway;
    gateway.name = kGateway;
    gateway.serversHostAndPort = {m_slapd->tlsHostAndPort()};
    gateway.caCertificateFile = m_slapd->caFile();
    gateway.bindDn = m_slapd->bindDn();
    gateway.bindPassword = {core::SecretReference::Kind::File, m_slapd->passwordFile()};
    core::UserType userType = core::defaultUserType(core::Vendor::Ldapv3);
    userType.name = QStringLiteral("Employees");
    userType.searchBaseDn = QStringLiteral("ou=people,dc=example,dc=com");
    userType.newUserLookup->population = m_window->configuration().defaultPopulation()->name;
    gateway.userTypes = {userType};
    change([gateway](core::Configuration &configuration) { configuration.gateways.append(gateway); });
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().gateway(kGateway), kLong);
}

void LookupTest::addMapping(const QString &target, const QString &source)
{
    auto *add = seen<QPushButton>(form(), QStringLiteral("addMapping"));
    QVERIFY(add);
    QCOMPARE(add->text().remove(u'&'), QStringLiteral("+ Add Mapping"));
    add->click();
    auto *view = seen<ui::TableView>(form(), QStringLiteral("mappings"));
    const int row = view->model()->rowCount() - 1;
    QCOMPARE(view->currentIndex().row(), row);
    QTRY_VERIFY(seen<QComboBox>(view, QStringLiteral("targetEditor")));
    auto *combo = seen<QComboBox>(view, QStringLiteral("targetEditor"));
    QVERIFY2(combo->findText(target) >= 0, qPrintable(target));
    combo->lineEdit()->selectAll();
    QTest::keyClicks(combo->lineEdit(), target);
    QTest::keyClick(combo->lineEdit(), Qt::Key_Return);
    QTRY_COMPARE(view->model()->index(row, app::MappingTable::Target).data(app::TitleRole).toString(), target);
    const QModelIndex cell = view->model()->index(row, app::MappingTable::Source);
    view->setCurrentIndex(cell);
    view->edit(cell);
    QTRY_VERIFY(view->focusWidget() && view->focusWidget() != view);
    QTest::keyClicks(view->focusWidget(), source);
    QTest::keyClick(view->focusWidget(), Qt::Key_Return);
    QTRY_COMPARE(cell.data(Qt::EditRole).toString(), source);
}

void LookupTest::mapTheGroupAttributeAsDocumented()
{
    // 1. Integrations > Gateways; 2. the gateway's entry; 3. Lookup, More Options (⋮), Edit.
    m_window->goTo(QStringLiteral("gateways"));
    auto *entries = list()->view();
    const int row = rowOf(entries, kGateway);
    QVERIFY(row >= 0 || entries->model()->rowCount() == 1);
    QTest::mouseClick(entries->viewport(), Qt::LeftButton, {},
                      entries->visualRect(entries->model()->index(std::max(0, row), 0)).center());
    QTRY_COMPARE(seen<QLabel>(page(), QStringLiteral("detailsTitle"))->text(), kGateway);
    showTab(QStringLiteral("Lookup"));
    QAction *edit = option(QStringLiteral("Employees"), QStringLiteral("Edit"));
    QVERIFY(edit);
    edit->trigger();
    QVERIFY(form());
    // 4. Map Attributes, Add Mapping; 5. External Group Names; 6. memberOf.
    QVERIFY(field(QStringLiteral("newUserLookup.attributeMappings"))->isVisible());
    addMapping(QStringLiteral("External Group Names"), QStringLiteral("memberOf"));
    TestWindow::shoot(&m_window->window(), QStringLiteral("lookup-external-groups"));
    // 7. Save.
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(!form(), kLong);
    QTRY_VERIFY(userType(QStringLiteral("Employees"))->newUserLookup->attributeMappings.size() == 5);
    const core::UserTypeMapping stored = userType(QStringLiteral("Employees"))->newUserLookup->attributeMappings.last();
    QCOMPARE(stored.name, QStringLiteral("externalGroupNames"));
    QCOMPARE(stored.value, QStringLiteral("${ldapAttributes.memberOf}"));
}

void LookupTest::defaultsFillTheForm_data()
{
    QTest::addColumn<core::Vendor>("vendor");
    QTest::addColumn<QString>("firstLink");
    QTest::addColumn<QString>("username");
    QTest::newRow("Active Directory") << core::Vendor::ActiveDirectory << QStringLiteral("objectGUID")
                                      << QStringLiteral("sAMAccountName");
    QTest::newRow("PingDirectory") << core::Vendor::PingDirectory << QStringLiteral("entryUUID") << QStringLiteral("uid");
    QTest::newRow("other") << core::Vendor::Ldapv3 << QStringLiteral("entryUUID") << QStringLiteral("uid");
}

void LookupTest::defaultsFillTheForm()
{
    QFETCH(core::Vendor, vendor);
    QFETCH(QString, firstLink);
    QFETCH(QString, username);
    core::Gateway other = gateway();
    other.vendor = vendor;
    other.userTypes.clear();
    core::Configuration configuration = m_window->configuration();
    configuration.gateways = {other};
    ui::UserTypeForm form(m_window->console(), {}, other, configuration);
    form.field(QStringLiteral("newUserLookup"))->setValue(true);
    form.findChild<QPushButton *>(QStringLiteral("useDefaults"))->click();
    const core::UserType made = form.userType();
    QCOMPARE(made.name, QStringLiteral("Users"));
    QCOMPARE(made.searchBaseDn, QStringLiteral("dc=example,dc=com")); // the bind account's domain
    QCOMPARE(made.orderedCorrelationAttributes.first(), firstLink);
    QVERIFY(made.newUserLookup);
    QVERIFY(made.newUserLookup->ldapFilterPattern.contains(username + QStringLiteral("=${identifier}")));
    QCOMPARE(made.newUserLookup->attributeMappings.first().value, QStringLiteral("${ldapAttributes.%1}").arg(username));
    core::Gateway with = other;
    with.userTypes = {made};
    configuration.gateways = {with};
    QVERIFY2(core::validate(configuration).isEmpty(), "defaults must be right as they are");
    // What was typed stays.
    form.field(QStringLiteral("name"))->setValue(QStringLiteral("Mine"));
    form.useDefaults();
    QCOMPARE(form.userType().name, QStringLiteral("Mine"));
}

void LookupTest::addByKeyboard()
{
    openLookup();
    m_window->window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&m_window->window()));
    seen<QPushButton>(page(), QStringLiteral("addUserType"))->click();
    QTRY_VERIFY(form());
    const auto focus = [this] { return m_window->window().focusWidget(); };
    const auto tabTo = [&](const QString &name) {
        for (int n = 0; n < 60 && focus()->objectName() != name; ++n)
            QTest::keyClick(focus(), Qt::Key_Tab);
        QCOMPARE(focus()->objectName(), name);
    };
    QCOMPARE(focus()->objectName(), QStringLiteral("name"));
    QTest::keyClicks(focus(), QStringLiteral("Guests"));
    tabTo(QStringLiteral("searchBaseDn"));
    QTest::keyClicks(focus(), QStringLiteral("ou=people,dc=example,dc=com"));
    tabTo(QStringLiteral("link1"));
    QTest::keyClicks(focus(), QStringLiteral("mail"));
    tabTo(QStringLiteral("newUserLookup"));
    QVERIFY(!field(QStringLiteral("newUserLookup.ldapFilterPattern"))->isVisible());
    tabTo(QStringLiteral("save"));
    QTest::keyClick(focus(), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(userType(QStringLiteral("Guests")), kLong);
    QVERIFY(!userType(QStringLiteral("Guests"))->newUserLookup);
    QCOMPARE(userType(QStringLiteral("Guests"))->orderedCorrelationAttributes, QStringList{QStringLiteral("mail")});
    QTRY_VERIFY(section(QStringLiteral("Guests")) && !form());
}

void LookupTest::faultsStandBesideTheirFields()
{
    openLookup();
    option(QStringLiteral("Employees"), QStringLiteral("Edit"))->trigger();
    QVERIFY(form());
    field(QStringLiteral("searchBaseDn"))->setValue(QStringLiteral("people"));
    field(QStringLiteral("newUserLookup.ldapFilterPattern"))->setValue(QStringLiteral("(uid=*)"));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QVERIFY(!field(QStringLiteral("searchBaseDn"))->error().isEmpty());
    QVERIFY(field(QStringLiteral("newUserLookup.ldapFilterPattern"))->error().contains(QStringLiteral("${identifier}")));
    // A filter that cannot be read says where.
    field(QStringLiteral("newUserLookup.ldapFilterPattern"))->setValue(QStringLiteral("(|(uid=${identifier})(mail="));
    QVERIFY(seen<QLabel>(form(), QStringLiteral("caret")));
    field(QStringLiteral("newUserLookup.ldapFilterPattern"))->setValue(QStringLiteral("(uid=${identifier})"));
    field(QStringLiteral("searchBaseDn"))->setValue(QStringLiteral("ou=people,dc=example,dc=com"));
    // A name that another user type has is refused at its field, by the whole configuration.
    field(QStringLiteral("name"))->setValue(QStringLiteral("Guests"));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY(!field(QStringLiteral("name"))->error().isEmpty());
    TestWindow::shoot(&m_window->window(), QStringLiteral("lookup-faults"));
    // An LDAP attribute that cannot be one is marked in its row.
    field(QStringLiteral("name"))->setValue(QStringLiteral("Employees"));
    field(QStringLiteral("orderedCorrelationAttributes"))
        ->setValue(QStringList{QStringLiteral("entryUUID"), QStringLiteral("a b")});
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY(!field(QStringLiteral("orderedCorrelationAttributes"))->error().isEmpty());
    seen<QPushButton>(page(), QStringLiteral("cancel"))->click();
    QTRY_VERIFY(!form());
}

void LookupTest::authorityChangesTheWords()
{
    openLookup();
    option(QStringLiteral("Employees"), QStringLiteral("Edit"))->trigger();
    auto *passwords = seen<QCheckBox>(form(), QStringLiteral("allowPasswordChanges"));
    QVERIFY(passwords);
    QCOMPARE(passwords->text().remove(u'&'), QStringLiteral("Enable password changes from PingOne"));
    QVERIFY(choose(seen<QComboBox>(form(), QStringLiteral("passwordAuthority")), QStringLiteral("PingOne")));
    QCOMPARE(passwords->text().remove(u'&'), QStringLiteral("Push password changes to LDAP"));
    QVERIFY(!field(QStringLiteral("updateUserOnSuccessfulAuthentication"))->isVisible());
    QVERIFY(!seen<ui::Note>(form(), QStringLiteral("decide")));
    seen<QPushButton>(form(), QStringLiteral("helpMeDecide"))->click();
    QVERIFY(seen<ui::Note>(form(), QStringLiteral("decide")));
    seen<QPushButton>(page(), QStringLiteral("cancel"))->click();
    QTRY_VERIFY(!form());
}

void LookupTest::orderByKeyboardAndPointer()
{
    openLookup();
    QCOMPARE(names(), (QStringList{QStringLiteral("Employees"), QStringLiteral("Guests")}));
    auto *more = seen<QToolButton>(section(QStringLiteral("Guests")), QStringLiteral("userTypeMore"));
    more->setFocus();
    QTest::keyClick(more, Qt::Key_Up, Qt::AltModifier);
    QTRY_COMPARE_WITH_TIMEOUT(names(), (QStringList{QStringLiteral("Guests"), QStringLiteral("Employees")}), kLong);
    // The focus stays with what was moved.
    QTRY_VERIFY(section(QStringLiteral("Guests"))->isAncestorOf(m_window->window().focusWidget()));
    auto *grip = seen<QToolButton>(section(QStringLiteral("Guests")), QStringLiteral("grip"));
    QVERIFY(grip);
    ui::Section *other = section(QStringLiteral("Employees"));
    const QPoint below = grip->mapFromGlobal(other->mapToGlobal(QPoint(10, other->height() - 4)));
    QTest::mousePress(grip, Qt::LeftButton, {}, grip->rect().center());
    QMouseEvent drag(QEvent::MouseMove, below, grip->mapToGlobal(below), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(grip, &drag);
    QTest::mouseRelease(grip, Qt::LeftButton, {}, grip->rect().center());
    QTRY_COMPARE_WITH_TIMEOUT(names(), (QStringList{QStringLiteral("Employees"), QStringLiteral("Guests")}), kLong);
}

void LookupTest::renameIsFollowedByRules()
{
    change([](core::Configuration &configuration) {
        core::Connection connection;
        connection.name = kGateway;
        connection.gateway = kGateway;
        configuration.connections.append(connection);
        core::Rule rule;
        rule.name = QStringLiteral("Guests in");
        rule.connection = kGateway;
        rule.scope.baseDn = QStringLiteral("dc=example,dc=com");
        rule.mappings.users = core::defaultInboundMappings(core::Vendor::Ldapv3);
        rule.onboarding.authenticateViaLdap = true;
        rule.onboarding.gatewayUserType = QStringLiteral("Guests");
        configuration.rules.append(rule);
    });
    QTRY_VERIFY(m_window->configuration().rule(QStringLiteral("Guests in")));
    openLookup();
    const QUuid id = userType(QStringLiteral("Guests"))->id;
    option(QStringLiteral("Guests"), QStringLiteral("Edit"))->trigger();
    field(QStringLiteral("name"))->setValue(QStringLiteral("Visitors"));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(userType(QStringLiteral("Visitors")), kLong);
    QCOMPARE(userType(QStringLiteral("Visitors"))->id, id);
    QCOMPARE(m_window->configuration().rule(QStringLiteral("Guests in"))->onboarding.gatewayUserType,
             QStringLiteral("Visitors"));
    QTRY_VERIFY(!form());
}

void LookupTest::migrationAndRuleExcludeEachOther()
{
    openLookup();
    // In the user type's editor: said while it is chosen, refused on save.
    option(QStringLiteral("Visitors"), QStringLiteral("Edit"))->trigger();
    QVERIFY(!seen<ui::Note>(form(), QStringLiteral("exclusion")));
    seen<QCheckBox>(form(), QStringLiteral("newUserLookup"))->click();
    QVERIFY(seen<ui::Note>(form(), QStringLiteral("exclusion"))->text().contains(QStringLiteral("Guests in")));
    form()->useDefaults();
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY(field(QStringLiteral("newUserLookup"))->error().contains(QStringLiteral("Guests in")));
    TestWindow::shoot(&m_window->window(), QStringLiteral("lookup-exclusion"));
    QVERIFY(!userType(QStringLiteral("Visitors"))->newUserLookup);
    seen<QPushButton>(page(), QStringLiteral("cancel"))->click();
    QTRY_VERIFY(!form());

    // In the rule's.
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("Guests in"));
    showTab(QStringLiteral("Onboarding Settings"));
    for (QToolButton *edit : page()->findChildren<QToolButton *>(QStringLiteral("edit"))) {
        if (edit->isVisible())
            edit->click();
    }
    auto *types = seen<QComboBox>(page(), QStringLiteral("onboarding.gatewayUserType"));
    QVERIFY(types);
    QVERIFY(!seen<ui::Note>(page(), QStringLiteral("exclusion")));
    QVERIFY(choose(types, QStringLiteral("Employees")));
    QVERIFY(seen<ui::Note>(page(), QStringLiteral("exclusion"))->text().contains(QStringLiteral("Employees")));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    auto *error = seen<QLabel>(page()->findChild<QWidget *>(QStringLiteral("field-onboarding.gatewayUserType")),
                               QStringLiteral("error"));
    QVERIFY(error && error->text().contains(QStringLiteral("Employees")));
    TestWindow::shoot(&m_window->window(), QStringLiteral("rule-exclusion"));
    seen<QPushButton>(page(), QStringLiteral("cancel"))->click();

    // A file may have both: then both places warn, and other edits are not held up by it.
    change([](core::Configuration &configuration) {
        configuration.rules[0].onboarding.gatewayUserType = QStringLiteral("Employees");
    });
    QTRY_VERIFY(seen<ui::Note>(page(), QStringLiteral("exclusion")));
    openLookup();
    QTRY_VERIFY(seen<ui::Note>(section(QStringLiteral("Employees")), QStringLiteral("exclusion")));
    option(QStringLiteral("Employees"), QStringLiteral("Edit"))->trigger();
    QVERIFY(seen<ui::Note>(form(), QStringLiteral("exclusion")));
    seen<QCheckBox>(form(), QStringLiteral("allowPasswordChanges"))->click();
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(userType(QStringLiteral("Employees"))->allowPasswordChanges, kLong);
    QTRY_VERIFY(!form());
}

void LookupTest::deleteSaysWhoDependsOnIt()
{
    // Somebody whose password it checks.
    core::User user;
    user.values.set(m_window->console().catalog().username(), core::Value(QStringLiteral("anna")));
    user.values.set(m_window->console().catalog().enabled(), core::Value(true));
    user.authorityGateway = kGateway;
    user.authorityUserType = QStringLiteral("Employees");
    bool made = false;
    using Answer = tl::expected<core::User, QList<core::Problem>>;
    m_window->console().write<Answer>(
        this, [user](store::Environment &environment) { return environment.identities().saveUser(user); },
        app::Console::Touched::Users, [&made](const Answer &answer) {
            QVERIFY2(answer, answer ? "" : qPrintable(answer.error().first().message));
            made = true;
        });
    QTRY_VERIFY_WITH_TIMEOUT(made, kLong);
    openLookup();
    option(QStringLiteral("Employees"), QStringLiteral("Delete"))->trigger();
    QTRY_VERIFY(m_window->dialog(QStringLiteral("deleteDialog")));
    QWidget *dialog = m_window->dialog(QStringLiteral("deleteDialog"));
    auto *dependents = seen<QListWidget>(dialog, QStringLiteral("dependents"));
    QVERIFY(dependents);
    QStringList lines;
    for (int row = 0; row < dependents->count(); ++row)
        lines << dependents->item(row)->text();
    QVERIFY2(lines.join(u'\n').contains(QStringLiteral("Guests in")), qPrintable(lines.join(u'\n')));
    QCOMPARE(lines.size(), 2);
    TestWindow::shoot(dialog, QStringLiteral("lookup-delete"));
    seen<QPushButton>(dialog, QStringLiteral("confirm"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(!userType(QStringLiteral("Employees")), kLong);
    QVERIFY(!m_window->configuration().rule(QStringLiteral("Guests in"))->onboarding.authenticateViaLdap);
}

void LookupTest::pictures()
{
    openLookup();
    for (const QSize size : {QSize(1280, 800), QSize(1024, 680)}) {
        m_window->window().resize(size);
        for (const ui::Appearance appearance : {ui::Appearance::Light, ui::Appearance::Dark}) {
            m_window->theme().setAppearance(appearance);
            const QString suffix = QStringLiteral("-%1-%2").arg(size.width()).arg(
                appearance == ui::Appearance::Dark ? QStringLiteral("dark") : QStringLiteral("light"));
            openLookup();
            TestWindow::shoot(&m_window->window(), QStringLiteral("lookup") + suffix);
            option(QStringLiteral("Visitors"), QStringLiteral("Edit"))->trigger();
            QVERIFY(form());
            field(QStringLiteral("newUserLookup"))->setValue(true);
            form()->useDefaults();
            TestWindow::shoot(&m_window->window(), QStringLiteral("lookup-form") + suffix);
            TestWindow::shoot(form(), QStringLiteral("lookup-whole-form") + suffix);
            // Nothing is cut off: every field has the room it asks for.
            for (const QString &key : form()->keys())
                QVERIFY2(field(key)->width() <= form()->width(), qPrintable(key));
            seen<QPushButton>(page(), QStringLiteral("cancel"))->click();
            QTRY_VERIFY(!form());
        }
    }
    m_window->window().resize(1280, 800);
    m_window->theme().setAppearance(ui::Appearance::Light);
}

WINDOW_TEST(LookupTest)
#include "tst_lookup.moc"
