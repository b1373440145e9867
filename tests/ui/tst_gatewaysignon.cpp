// SPDX-License-Identifier: GPL-3.0-or-later
//
// A sign-on from the gateway's page, on a real directory: simulated before anything is written, then done, and the group
// of the directory's that comes of it; and the credentials of a gateway that is reached through clients, made and shown
// once, listed, revoked.
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/ui/gatewaywindow.h"

#include "ui/widgets/detailspanel.h"
#include "ui/widgets/note.h"
#include "ui/widgets/rowlist.h"
#include "ui/widgets/section.h"

#include <QClipboard>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {
const QString kGateway = QStringLiteral("Head office");
} // namespace

class GatewaySignOnTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase()
    {
        m_window.reset();
        m_slapd.reset();
    }

    void simulatedBeforeItIsDone();
    void whatComesFromTheDirectoryIsNotEdited();
    void nestedGroupsShowTheirPath();
    void wrongPasswordIsRefused();
    void credentialsAreShownOnce();

private:
    QWidget *page() { return m_window->page(); }
    QWidget *dialog() { return m_window->dialog(QStringLiteral("signOnDialog")); }
    QString note(const char *name)
    {
        auto *found = seen<ui::Note>(dialog(), QString::fromLatin1(name));
        return found ? found->text() : QString();
    }
    QString table()
    {
        auto *view = seen<QTableView>(dialog(), QStringLiteral("changes"));
        QStringList lines;
        for (int row = 0; view && row < view->model()->rowCount(); ++row)
            lines << view->model()->index(row, 0).data().toString() + QStringLiteral(": ")
                         + view->model()->index(row, 1).data().toString();
        return lines.join(u'\n');
    }
    void press(const char *button) { seen<QPushButton>(dialog(), QString::fromLatin1(button))->click(); }
    void change(const std::function<void(core::Configuration &)> &edit) { m_window->change(edit); }
    void showTab(const QString &title) { m_window->showTab(title); }

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<GatewayWindow> m_window;
};

void GatewaySignOnTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    m_slapd = std::make_unique<Slapd>();
    QVERIFY2(m_slapd->load(Slapd::people(5)), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->modify(Slapd::group("engineering", 3)), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->modify("dn: uid=user.1,ou=people,dc=example,dc=com\nchangetype: modify\n"
                             "replace: userPassword\nuserPassword: right\n"),
             qPrintable(m_slapd->errorText()));
    m_window = std::make_unique<GatewayWindow>();
    QVERIFY(m_window->open());
    core::Gateway gateway = GatewayWindow::gatewayTo(*m_slapd, kGateway);
    core::UserType userType = core::defaultUserType(core::Vendor::Ldapv3);
    userType.name = QStringLiteral("Employees");
    userType.searchBaseDn = QStringLiteral("ou=people,dc=example,dc=com");
    userType.newUserLookup->population = m_window->configuration().defaultPopulation()->name;
    userType.newUserLookup->attributeMappings.append(
        {QStringLiteral("externalGroupNames"), QStringLiteral("${ldapAttributes.memberOf}")});
    gateway.userTypes = {userType};
    change([gateway](core::Configuration &configuration) { configuration.gateways.append(gateway); });
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().gateway(kGateway), kLong);
    m_window->goTo(QStringLiteral("gateways"), kGateway);
    showTab(QStringLiteral("Lookup"));
}

void GatewaySignOnTest::simulatedBeforeItIsDone()
{
    QTRY_VERIFY(seen<ui::Section>(page(), QStringLiteral("userType-Employees")));
    auto *more = seen<QToolButton>(page(), QStringLiteral("userTypeMore"));
    for (QAction *action : more->menu()->actions()) {
        if (action->text().remove(u'&').startsWith(QStringLiteral("Sign on")))
            action->trigger();
    }
    QTRY_VERIFY(dialog());
    QVERIFY(!seen<QPushButton>(dialog(), QStringLiteral("simulate"))->isEnabled());
    QCOMPARE(seen<QComboBox>(dialog(), QStringLiteral("userType"))->currentText(), QStringLiteral("Employees"));
    type(seen<QLineEdit>(dialog(), QStringLiteral("identifier")), QStringLiteral("user.1"));
    QVERIFY(!seen<QPushButton>(dialog(), QStringLiteral("signOn"))->isEnabled()); // without a password
    press("simulate");
    QTRY_VERIFY_WITH_TIMEOUT(note("outcome").startsWith(QStringLiteral("The sign-on would")), kLong);
    QVERIFY2(note("outcome").contains(QStringLiteral("make a new user")), qPrintable(note("outcome")));
    QVERIFY2(table().contains(QStringLiteral("engineering")), qPrintable(table()));
    QVERIFY2(table().contains(QStringLiteral("user.1")), qPrintable(table()));
    QStringList labels;
    for (const QLabel *label : dialog()->findChildren<QLabel *>())
        labels << label->text();
    QVERIFY2(labels.join(u'\n').contains(QStringLiteral("(|(uid=user.1)(mail=user.1))")), qPrintable(labels.join(u'\n')));
    TestWindow::shoot(dialog(), QStringLiteral("signon-simulated"));
    m_window->theme().setAppearance(ui::Appearance::Dark);
    TestWindow::shoot(dialog(), QStringLiteral("signon-simulated-dark"));
    m_window->theme().setAppearance(ui::Appearance::Light);

    // Nothing was written.
    bool none = false;
    m_window->console().read<QList<core::Group>>(
        this, [](store::Reader &reader) { return reader.groups({}); },
        [&none](const core::Result<QList<core::Group>> &groups) { none = groups && groups->isEmpty(); });
    QTRY_VERIFY_WITH_TIMEOUT(none, kLong);

    type(seen<QLineEdit>(dialog(), QStringLiteral("password")), QStringLiteral("right"));
    press("signOn");
    QTRY_VERIFY_WITH_TIMEOUT(note("outcome").startsWith(QStringLiteral("Signed on")), kLong);
    QVERIFY(seen<QLineEdit>(dialog(), QStringLiteral("password"))->text().isEmpty());
    TestWindow::shoot(dialog(), QStringLiteral("signon-done"));
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QTRY_VERIFY(!m_window->dialog());

    // The group stands among the groups, with its badges and its source.
    m_window->goTo(QStringLiteral("groups"));
    auto *groups = seen<QTableView>(page(), QStringLiteral("groups"));
    QTRY_COMPARE_WITH_TIMEOUT(groups->model()->rowCount(), 1, kLong);
    QCOMPARE(groups->model()->index(0, 0).data().toString(), QStringLiteral("engineering"));
    QStringList cells;
    for (int column = 0; column < groups->model()->columnCount(); ++column)
        cells << groups->model()->index(0, column).data().toString();
    QVERIFY2(cells.contains(QStringLiteral("Just-in-time")), qPrintable(cells.join(u'|')));
    QVERIFY2(cells.contains(QStringLiteral("LDAP Gateway · Head office")), qPrintable(cells.join(u'|')));
    QCOMPARE(groups->model()->index(0, 0).data(app::BadgesRole).toStringList(),
             (QStringList{QStringLiteral("Just-in-time"), QStringLiteral("LDAP Gateway")}));
    TestWindow::shoot(&m_window->window(), QStringLiteral("signon-groups"));
    m_window->goTo(QStringLiteral("gateways"), kGateway);
}

void GatewaySignOnTest::whatComesFromTheDirectoryIsNotEdited()
{
    m_window->goTo(QStringLiteral("groups"));
    auto *groups = seen<QTableView>(page(), QStringLiteral("groups"));
    groups->setCurrentIndex(groups->model()->index(0, 0));
    QTRY_COMPARE(seen<QLabel>(page(), QStringLiteral("detailsTitle"))->text(), QStringLiteral("engineering"));
    QVERIFY(!seen<QToolButton>(page(), QStringLiteral("edit")));
    // Nobody is added by hand; who is removed may come back, and the page says so.
    page()->findChild<ui::DetailsPanel *>()->setCurrentTab(QStringLiteral("members"));
    QTRY_VERIFY(seen<QTableView>(page(), QStringLiteral("members")));
    auto *members = seen<QTableView>(page(), QStringLiteral("members"));
    QTRY_COMPARE(members->model()->rowCount(), 1);
    QVERIFY(!seen<QPushButton>(page(), QStringLiteral("addMember")));
    const QList<QLabel *> labels = page()->findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->isVisible() && label->text().contains(QStringLiteral("who is removed here may come back"));
    }));
    m_window->shootAll(QStringLiteral("group-external-members"));
    members->selectRow(0);
    seen<QPushButton>(page(), QStringLiteral("removeMember"))->click();
    QTRY_COMPARE(members->model()->rowCount(), 0);
    m_window->goTo(QStringLiteral("gateways"), kGateway);
}

void GatewaySignOnTest::nestedGroupsShowTheirPath()
{
    // A circle of two besides: the walk ends.
    QVERIFY2(m_slapd->modify(Slapd::group("inner", 1, 2)
                             + "dn: cn=outer,ou=groups,dc=example,dc=com\nobjectClass: groupOfNames\ncn: outer\n"
                               "member: cn=inner,ou=groups,dc=example,dc=com\n\n"
                               "dn: cn=inner,ou=groups,dc=example,dc=com\nchangetype: modify\nadd: member\n"
                               "member: cn=outer,ou=groups,dc=example,dc=com\n"),
             qPrintable(m_slapd->errorText()));
    change([](core::Configuration &configuration) { configuration.gateways[0].userTypes[0].newUserLookup->nestedGroups = true; });
    QTRY_VERIFY(m_window->configuration().gateway(kGateway)->userTypes.first().newUserLookup->nestedGroups);
    m_window->pressMenu(QStringLiteral("Sign on"));
    QTRY_VERIFY(dialog());
    type(seen<QLineEdit>(dialog(), QStringLiteral("identifier")), QStringLiteral("user.2"));
    press("simulate");
    QTRY_VERIFY_WITH_TIMEOUT(note("outcome").startsWith(QStringLiteral("The sign-on would")), kLong);
    QVERIFY2(table().contains(QStringLiteral("inner › outer")), qPrintable(table()));
    TestWindow::shoot(dialog(), QStringLiteral("signon-nested"));
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QTRY_VERIFY(!m_window->dialog());
    change([](core::Configuration &configuration) { configuration.gateways[0].userTypes[0].newUserLookup->nestedGroups = false; });
}

void GatewaySignOnTest::wrongPasswordIsRefused()
{
    m_window->pressMenu(QStringLiteral("Sign on"));
    QTRY_VERIFY(dialog());
    type(seen<QLineEdit>(dialog(), QStringLiteral("identifier")), QStringLiteral("user.1"));
    type(seen<QLineEdit>(dialog(), QStringLiteral("password")), QStringLiteral("wrong"));
    press("signOn");
    QTRY_VERIFY_WITH_TIMEOUT(note("outcome").startsWith(QStringLiteral("The sign-on was refused")), kLong);
    TestWindow::shoot(dialog(), QStringLiteral("signon-refused"));
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QTRY_VERIFY(!m_window->dialog());
}

void GatewaySignOnTest::credentialsAreShownOnce()
{
    core::Gateway gateway;
    gateway.name = QStringLiteral("Branch");
    gateway.mode = core::GatewayMode::Clients;
    gateway.serversHostAndPort = {QStringLiteral("ldap.branch.example:636")};
    gateway.enabled = false; // its endpoint need not open here
    change([gateway](core::Configuration &configuration) { configuration.gateways.append(gateway); });
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().gateway(gateway.name), kLong);
    m_window->goTo(QStringLiteral("gateways"), gateway.name);
    showTab(QStringLiteral("Overview"));
    QTRY_VERIFY(seen<QWidget>(page(), QStringLiteral("clients")));
    auto *list = seen<ui::RowList>(page(), QStringLiteral("credentials"));
    QVERIFY(list);
    emit list->addClicked();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->dialog(QStringLiteral("credentialDialog")), kLong);
    QWidget *shown = m_window->dialog(QStringLiteral("credentialDialog"));
    const QString credential = seen<QPlainTextEdit>(shown, QStringLiteral("credential"))->toPlainText();
    QVERIFY(credential.startsWith(QStringLiteral("ghc1.")));
    QVERIFY(seen<QPlainTextEdit>(shown, QStringLiteral("command"))->toPlainText().contains(QStringLiteral("gatehouse-gateway")));
    QVERIFY(!seen<QPlainTextEdit>(shown, QStringLiteral("command"))->toPlainText().contains(credential));
    seen<QPushButton>(shown, QStringLiteral("credentialCopy"))->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), credential);
    seen<QPushButton>(shown, QStringLiteral("done"))->click();
    QTRY_VERIFY(!m_window->dialog());
    QTRY_COMPARE_WITH_TIMEOUT(list->view()->model()->rowCount(), 1, kLong);
    TestWindow::shoot(&m_window->window(), QStringLiteral("gateway-clients"));
    m_window->theme().setAppearance(ui::Appearance::Dark);
    m_window->window().resize(1024, 680);
    TestWindow::shoot(&m_window->window(), QStringLiteral("gateway-clients-1024-dark"));
    m_window->theme().setAppearance(ui::Appearance::Light);
    m_window->window().resize(1280, 800);

    emit list->removeClicked(list->view()->model()->index(0, 0).data(app::IdRole));
    QTRY_VERIFY(m_window->dialog(QStringLiteral("ask")));
    seen<QPushButton>(m_window->dialog(QStringLiteral("ask")), QStringLiteral("confirm"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(list->view()->model()->rowCount(), 0, kLong);
}

WINDOW_TEST(GatewaySignOnTest)
#include "tst_gatewaysignon.moc"
