// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kerberos in the window, on a real Active Directory domain: a gateway's account is made to bind with a ticket on the
// Connection tab, the connection test says so, and whoever is signed on to this desktop signs on without a password.
#include "tests/support/sambadc.h"
#include "tests/support/testservers.h"
#include "tests/ui/windowtest.h"

#include "ui/pages/gateways/gatewayforms.h"
#include "ui/pages/gateways/stagerow.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/note.h"

#include <QCheckBox>
#include <QLabel>
#include <QMenu>
#include <QTabBar>
#include <QToolButton>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {
constexpr int kLong = 60'000;
const QByteArray kGood = "Good-password-1";
const QString kGateway = QStringLiteral("Head office");
} // namespace

class KerberosTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase() { m_window.reset(); }
    void theAccountBindsWithATicket();
    void whatIsMissingIsSaid();
    void thisDesktopSignsOn();

private:
    QWidget *page() { return m_window->window().currentPage(); }
    QWidget *dialog() { return m_window->dialog(QStringLiteral("signOnDialog")); }
    QString note(QWidget *in, const char *name)
    {
        auto *found = seen<ui::Note>(in, QString::fromLatin1(name));
        return found ? found->text() : QString();
    }
    void showTab(const QString &title)
    {
        auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
        for (int tab = 0; tab < tabs->count(); ++tab) {
            if (tabs->tabText(tab) == title && tabs->isTabVisible(tab))
                tabs->setCurrentIndex(tab);
        }
    }
    ui::GatewayConnectionForm *edit()
    {
        showTab(QStringLiteral("Connection"));
        for (auto *button : page()->findChildren<QToolButton *>(QStringLiteral("edit"))) {
            if (button->isVisible())
                button->click();
        }
        return page()->findChild<ui::GatewayConnectionForm *>();
    }
    QPushButton *save() { return seen<QPushButton>(page(), QStringLiteral("save")); }
    void shootBoth(QWidget *widget, const QString &name)
    {
        TestWindow::shoot(widget, name);
        m_window->theme().setAppearance(ui::Appearance::Dark);
        TestWindow::shoot(widget, name + QStringLiteral("-dark"));
        m_window->theme().setAppearance(ui::Appearance::Light);
    }

    SambaDc m_directory;
    std::unique_ptr<TestWindow> m_window;
};

void KerberosTest::initTestCase()
{
    REQUIRE_SERVER("samba");
    REQUIRE_SERVER("kinit");
    REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
    QVERIFY2(m_directory.start(SambaDc::user("svc", kGood, 66048, "servicePrincipalName: HTTP/console\n")
                               + SambaDc::user("zoe", kGood, 66048, "mail: zoe@lab.example\n")
                               + SambaDc::group("Engineering", {"CN=zoe,OU=Staff,DC=lab,DC=example"})),
             qPrintable(m_directory.errorText()));
    m_window = std::make_unique<TestWindow>();
    QVERIFY(m_window->open());
    qputenv("KRB5RCACHEDIR", m_window->file({}).toLocal8Bit());
    qputenv("KRB5CCNAME", "FILE:" + m_window->file(QStringLiteral("desktop")).toLocal8Bit());
    QFile secret(m_window->file(QStringLiteral("svc")));
    QVERIFY(secret.open(QIODevice::WriteOnly) && secret.write(kGood) == kGood.size());
    secret.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    core::Gateway gateway;
    gateway.name = kGateway;
    gateway.vendor = core::Vendor::ActiveDirectory;
    gateway.serversHostAndPort = {m_directory.tlsHostAndPort()};
    gateway.caCertificateFile = m_directory.caFile();
    gateway.bindDn = QStringLiteral("CN=svc,OU=Staff,DC=lab,DC=example");
    gateway.bindPassword = {core::SecretReference::Kind::File, secret.fileName()};
    gateway.kerberos = core::Kerberos{QStringLiteral("svc@lab.example"), gateway.bindPassword, 0};
    core::UserType userType = core::defaultUserType(core::Vendor::ActiveDirectory);
    userType.name = QStringLiteral("Employees");
    userType.searchBaseDn = QStringLiteral("OU=Staff,DC=lab,DC=example");
    userType.newUserLookup->population = m_window->configuration().defaultPopulation()->name;
    userType.newUserLookup->attributeMappings.append(
        {QStringLiteral("externalGroupNames"), QStringLiteral("${ldapAttributes.memberOf}")});
    gateway.userTypes = {userType};
    bool saved = false;
    m_window->console().changeConfiguration(
        this, [gateway](core::Configuration &configuration) { configuration.gateways.append(gateway); },
        [&saved](const app::Console::SaveAnswer &answer) {
            QVERIFY2(answer, answer ? "" : qPrintable(answer.error().first().text()));
            saved = true;
        });
    QTRY_VERIFY_WITH_TIMEOUT(saved && m_window->configuration().gateway(kGateway), kLong);
    m_window->goTo(QStringLiteral("gateways"), kGateway);
}

void KerberosTest::theAccountBindsWithATicket()
{
    ui::GatewayConnectionForm *form = edit();
    QVERIFY(form);
    auto *mechanism = qobject_cast<QComboBox *>(form->field(QStringLiteral("bindMechanism"))->editor());
    auto *account = qobject_cast<QLineEdit *>(form->field(QStringLiteral("bindDN"))->editor());
    QVERIFY(mechanism->isVisible());
    QCOMPARE(account->accessibleName(), QStringLiteral("Bind DN"));
    // By keyboard alone.
    mechanism->setFocus();
    QTest::keyClick(mechanism, Qt::Key_Down);
    QCOMPARE(mechanism->currentText(), QStringLiteral("With a Kerberos ticket"));
    QCOMPARE(account->accessibleName(), QStringLiteral("User Principal Name of the bind account"));
    // A DN does not do.
    save()->click();
    QTRY_VERIFY(!form->field(QStringLiteral("bindDN"))->error().isEmpty());
    QVERIFY2(form->field(QStringLiteral("bindDN"))->error().contains(QStringLiteral("svc-gatehouse@EXAMPLE.COM")),
             qPrintable(form->field(QStringLiteral("bindDN"))->error()));
    type(account, QStringLiteral("svc@lab.example"));
    shootBoth(&m_window->window(), QStringLiteral("kerberos-form"));
    save()->click();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().gateway(kGateway)->bindMechanism == core::BindMechanism::Gssapi, kLong);
    QTRY_VERIFY(!page()->findChild<ui::GatewayConnectionForm *>());
    auto *button = seen<QPushButton>(page(), QStringLiteral("testConnection"));
    button->click();
    QTRY_VERIFY_WITH_TIMEOUT(button->text().contains(QStringLiteral("again")), kLong);
    auto *bind = seen<ui::StageRow>(page(), QStringLiteral("stage-bind"));
    QVERIFY(bind);
    QCOMPARE(bind->findChild<ui::Badge *>()->text(), QStringLiteral("Passed"));
    QStringList labels;
    for (const QLabel *label : bind->findChildren<QLabel *>())
        labels << label->text();
    QVERIFY2(labels.join(u'\n').contains(QStringLiteral("Kerberos ticket")), qPrintable(labels.join(u'\n')));
    shootBoth(&m_window->window(), QStringLiteral("kerberos-tested"));
}

void KerberosTest::whatIsMissingIsSaid()
{
    ui::GatewayConnectionForm *form = edit();
    QVERIFY(form);
    auto *kerberos = qobject_cast<QCheckBox *>(form->field(QStringLiteral("kerberos"))->editor());
    auto *account = qobject_cast<QLineEdit *>(form->field(QStringLiteral("bindDN"))->editor());
    account->selectAll();
    QTest::keyClick(account, Qt::Key_Delete);
    QVERIFY(form->field(QStringLiteral("bindDN"))->validate()); // the service account binds
    kerberos->click();
    QVERIFY(!form->field(QStringLiteral("bindDN"))->validate());
    kerberos->click();
    QVERIFY(form->field(QStringLiteral("bindDN"))->validate());
    // Without TLS Kerberos seals, and people's passwords are spoken of.
    QVERIFY(choose(qobject_cast<QComboBox *>(form->field(QStringLiteral("connectionSecurity"))->editor()), QStringLiteral("None")));
    QTRY_VERIFY2(note(form, "securityWarning").contains(QStringLiteral("Kerberos seals everything")), qPrintable(note(form, "securityWarning")));
    QTest::keyClick(form, Qt::Key_Escape);
    if (QWidget *ask = m_window->dialog(QStringLiteral("ask")))
        seen<QPushButton>(ask, QStringLiteral("confirm"))->click();
    QTRY_VERIFY(!page()->findChild<ui::GatewayConnectionForm *>());
}

void KerberosTest::thisDesktopSignsOn()
{
    QVERIFY2(m_directory.signOnDesktop(QStringLiteral("zoe"), kGood, QString::fromLocal8Bit(qgetenv("KRB5CCNAME"))),
             qPrintable(m_directory.errorText()));
    for (QAction *action : seen<QToolButton>(page(), QStringLiteral("more"))->menu()->actions()) {
        if (action->text().remove(u'&').startsWith(QStringLiteral("Sign on")))
            action->trigger();
    }
    QTRY_VERIFY(dialog());
    auto *proof = seen<QComboBox>(dialog(), QStringLiteral("proof"));
    QVERIFY(proof);
    QVERIFY(seen<QLineEdit>(dialog(), QStringLiteral("identifier")));
    shootBoth(dialog(), QStringLiteral("kerberos-signon-empty"));
    proof->setFocus();
    QTest::keyClick(proof, Qt::Key_Down);
    QVERIFY(!seen<QLineEdit>(dialog(), QStringLiteral("identifier")));
    QVERIFY(!seen<QLineEdit>(dialog(), QStringLiteral("password")));
    seen<QPushButton>(dialog(), QStringLiteral("simulate"))->click();
    QTRY_VERIFY2_WITH_TIMEOUT(note(dialog(), "outcome").startsWith(QStringLiteral("The sign-on would")), qPrintable(note(dialog(), "outcome")), kLong);
    QVERIFY2(note(dialog(), "outcome").contains(QStringLiteral("make a new user")), qPrintable(note(dialog(), "outcome")));
    shootBoth(dialog(), QStringLiteral("kerberos-signon-simulated"));
    seen<QPushButton>(dialog(), QStringLiteral("signOn"))->click();
    QTRY_VERIFY2_WITH_TIMEOUT(note(dialog(), "outcome").startsWith(QStringLiteral("Signed on")), qPrintable(note(dialog(), "outcome")), kLong);
    QStringList labels;
    for (const QLabel *label : dialog()->findChildren<QLabel *>())
        labels << label->text();
    QVERIFY2(labels.contains(QStringLiteral("zoe@LAB.EXAMPLE")), qPrintable(labels.join(u'\n')));
    shootBoth(dialog(), QStringLiteral("kerberos-signon-done"));
    // The second one changes nothing.
    seen<QPushButton>(dialog(), QStringLiteral("signOn"))->click();
    QTRY_VERIFY2_WITH_TIMEOUT(note(dialog(), "outcome").contains(QStringLiteral("Nothing had to change")), qPrintable(note(dialog(), "outcome")), kLong);
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QTRY_VERIFY(!m_window->dialog());
}

SAMBA_TEST(KerberosTest, QApplication)
#include "tst_kerberos.moc"
