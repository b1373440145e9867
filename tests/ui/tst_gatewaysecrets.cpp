// SPDX-License-Identifier: GPL-3.0-or-later
//
// Secrets of gateways in a real keychain, from the wizard and the Connection tab: the bind password, the Kerberos service
// account's with those before it, what RADIUS clients share. They follow their gateway and its clients, and nothing stays
// in the keychain of what is gone.
#include "tests/support/keychain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"
#include "tests/ui/gatewaywindow.h"

#include "gateway/vault.h"
#include "ui/editors/secretedit.h"
#include "ui/editors/thingform.h"
#include "ui/pages/gateways/stagerow.h"
#include "ui/widgets/badge.h"

#include <QCheckBox>
#include <QRadioButton>
#include <QSpinBox>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const core::SecretReference kKeychain{core::SecretReference::Kind::Keychain, {}};
const QString kRetain = QStringLiteral("kerberos.retainPreviousCredentials");
const QString kMinutes = QStringLiteral("kerberos.minutesToRetainPreviousCredentials");
const QString kInKeychain = QStringLiteral("In the desktop");

QByteArray kept(const gateway::SecretOwner &owner)
{
    const auto secret = gateway::readSecret(kKeychain, owner);
    return secret ? secret->reveal() : QByteArray(secret.error().code == core::Code::NotFound ? "-" : "?");
}

} // namespace

class GatewaySecretsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        REQUIRE_KEYCHAIN();
        m_slapd = std::make_unique<Slapd>();
        QVERIFY2(m_slapd->load(Slapd::people(5)), qPrintable(m_slapd->errorText()));
        QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
        m_window = std::make_unique<GatewayWindow>();
        QVERIFY(m_window->open());
        m_window->goTo(QStringLiteral("gateways"));
    }
    void cleanupTestCase()
    {
        m_window.reset();
        m_slapd.reset();
    }

    void wizardLeavesNothingWhenItIsCancelled();
    void bindPasswordFollowsItsGateway();
    void anotherPlaceForgetsTheKeychain();
    void serviceAccountRetainsPreviousPasswords();
    void onlyTheKeychainRetains();
    void radiusClientsHaveTheirOwn();
    void radiusSecretsFollowTheAddress();
    void deletedGatewaysLeaveNothing();

private:
    QWidget *wizard() { return m_window->wizard(); }
    QWidget *page() { return m_window->page(); }
    void next() { seen<QPushButton>(wizard(), QStringLiteral("next"))->click(); }
    /// Name and connection of the wizard, up to its test.
    void fillWizard(const QString &name);
    core::Gateway gateway(const QString &name) { return *m_window->configuration().gateway(name); }
    static void typeSecret(QWidget *secret, const QString &text);
    void editConnection(const QString &gateway);
    void saved();
    /// Scrolls the form to it, for pictures.
    void showField(const QString &key)
    {
        for (ui::ThingForm *form : page()->findChildren<ui::ThingForm *>()) {
            if (form->isVisible() && form->has(key))
                form->goToField(*form->field(key));
        }
    }
    /// A new password for the service account of Domain.
    void replacePassword(const QString &password);
    void deleteGateway(const QString &name);

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<GatewayWindow> m_window;
};

void GatewaySecretsTest::fillWizard(const QString &name)
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("+"));
    QTRY_VERIFY(wizard());
    type(seen<QLineEdit>(wizard(), QStringLiteral("name")), name);
    next();
    QVERIFY(choose(seen<QComboBox>(wizard(), QStringLiteral("vendor")), QStringLiteral("LDAPv3")));
    type(seen<QLineEdit>(wizard(), QStringLiteral("host1")), m_slapd->tlsHostAndPort());
    type(seen<QLineEdit>(wizard(), QStringLiteral("caPath")), m_slapd->caFile());
    type(seen<QLineEdit>(wizard(), QStringLiteral("bindDN")), m_slapd->bindDn());
    typeSecret(seen<QWidget>(wizard(), QStringLiteral("bindPassword")), QString::fromUtf8(m_slapd->password()));
    next();
    auto *button = seen<QPushButton>(wizard(), QStringLiteral("testConnection"));
    QVERIFY(button);
    QTRY_VERIFY_WITH_TIMEOUT(button->text().contains(QStringLiteral("again")), kLong);
}

void GatewaySecretsTest::typeSecret(QWidget *secret, const QString &text)
{
    QVERIFY(secret);
    QVERIFY(choose(seen<QComboBox>(secret, QStringLiteral("secretKind")), kInKeychain));
    type(seen<QLineEdit>(secret, QStringLiteral("secretPassword")), text);
}

void GatewaySecretsTest::editConnection(const QString &gateway)
{
    m_window->select(gateway);
    m_window->showTab(QStringLiteral("Connection"));
    m_window->edit();
    QVERIFY(seen<QPushButton>(page(), QStringLiteral("save")));
}

void GatewaySecretsTest::saved()
{
    m_window->pressSave();
    QTRY_VERIFY_WITH_TIMEOUT(!seen<QPushButton>(page(), QStringLiteral("save")), kLong);
}

void GatewaySecretsTest::replacePassword(const QString &password)
{
    editConnection(QStringLiteral("Domain"));
    typeSecret(seen<QWidget>(page(), QStringLiteral("kerberos.serviceAccountPassword")), password);
    saved();
}

void GatewaySecretsTest::deleteGateway(const QString &name)
{
    m_window->select(name);
    m_window->pressMenu(QStringLiteral("Delete"));
    QTRY_VERIFY(m_window->dialog());
    if (auto *box = seen<QCheckBox>(m_window->dialog(), QStringLiteral("confirmation")))
        box->click();
    seen<QPushButton>(m_window->dialog(), QStringLiteral("confirm"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->configuration().gateway(name), kLong);
}

void GatewaySecretsTest::wizardLeavesNothingWhenItIsCancelled()
{
    QCOMPARE(Keychain::count(), 0);
    fillWizard(QStringLiteral("Given up"));
    // The test bound with what was typed, and nobody has kept it.
    QCOMPARE(seen<ui::StageRow>(wizard(), QStringLiteral("stage-bind"))->findChild<ui::Badge *>()->text(),
             QStringLiteral("Passed"));
    QCOMPARE(Keychain::count(), 0);
    QTest::keyClick(wizard(), Qt::Key_Escape);
    QTRY_VERIFY(m_window->dialog(QStringLiteral("ask")));
    seen<QPushButton>(m_window->dialog(QStringLiteral("ask")), QStringLiteral("confirm"))->click();
    QTRY_VERIFY(!m_window->dialog());
    QCOMPARE(Keychain::count(), 0);
}

void GatewaySecretsTest::bindPasswordFollowsItsGateway()
{
    fillWizard(QStringLiteral("Lab"));
    next();
    next();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->dialog(), kLong);
    QTRY_VERIFY(m_window->configuration().gateway(QStringLiteral("Lab")));
    QCOMPARE(gateway(QStringLiteral("Lab")).bindPassword, kKeychain);
    QCOMPARE(kept(gateway::ownerOf(gateway(QStringLiteral("Lab")))), m_slapd->password());
    QCOMPARE(Keychain::count(), 1);

    m_window->select(QStringLiteral("Lab"));
    m_window->showTab(QStringLiteral("Overview"));
    m_window->edit();
    type(seen<QLineEdit>(page(), QStringLiteral("name")), QStringLiteral("Laboratory"));
    saved();
    QTRY_VERIFY(m_window->configuration().gateway(QStringLiteral("Laboratory")));
    QCOMPARE(kept(gateway::ownerOf(gateway(QStringLiteral("Laboratory")))), m_slapd->password());
    QCOMPARE(Keychain::count(), 1);
    m_window->showTab(QStringLiteral("Connection"));
    seen<QPushButton>(page(), QStringLiteral("testConnection"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(
        seen<QPushButton>(page(), QStringLiteral("testConnection"))->text().contains(QStringLiteral("again")), kLong);
    QCOMPARE(seen<ui::StageRow>(page(), QStringLiteral("stage-bind"))->findChild<ui::Badge *>()->text(),
             QStringLiteral("Passed"));
}

void GatewaySecretsTest::anotherPlaceForgetsTheKeychain()
{
    editConnection(QStringLiteral("Laboratory"));
    auto *secret = seen<QWidget>(page(), QStringLiteral("bindPassword"));
    QVERIFY(choose(seen<QComboBox>(secret, QStringLiteral("secretKind")), QStringLiteral("In a file")));
    type(seen<QLineEdit>(secret, QStringLiteral("secretFile")), m_slapd->passwordFile());
    saved();
    QTRY_COMPARE_WITH_TIMEOUT(Keychain::count(), 0, kLong);
}

void GatewaySecretsTest::serviceAccountRetainsPreviousPasswords()
{
    core::Gateway domain = GatewayWindow::gatewayTo(*m_slapd, QStringLiteral("Domain"));
    domain.vendor = core::Vendor::ActiveDirectory;
    m_window->addGateway(domain);
    editConnection(QStringLiteral("Domain"));
    seen<QCheckBox>(page(), QStringLiteral("kerberos"))->click();
    type(seen<QLineEdit>(page(), QStringLiteral("kerberos.serviceAccountUserPrincipalName")),
         QStringLiteral("svc-kerberos@EXAMPLE.COM"));
    auto *secret = seen<QWidget>(page(), QStringLiteral("kerberos.serviceAccountPassword"));
    // The keychain is asked for the password at once: without it there is nothing to save.
    QVERIFY(choose(seen<QComboBox>(secret, QStringLiteral("secretKind")), kInKeychain));
    m_window->pressSave();
    QVERIFY(!m_window->errorUnder(QStringLiteral("kerberos.serviceAccountPassword")).isEmpty());
    typeSecret(secret, QStringLiteral("first"));
    QVERIFY(seen<QCheckBox>(page(), kRetain)->isChecked());
    QCOMPARE(seen<QSpinBox>(page(), kMinutes)->value(), 610);
    QCOMPARE(seen<QSpinBox>(page(), kMinutes)->maximum(), 10'080);
    showField(kMinutes);
    m_window->shootAll(QStringLiteral("gateway-kerberos-keychain"));
    saved();
    const auto all = [this] {
        QByteArrayList octets;
        const auto secrets = gateway::readSecretAndRetained(
            kKeychain, gateway::ownerOfServiceAccount(gateway(QStringLiteral("Domain"))));
        for (const core::Secret &one : secrets.value_or(QList<core::Secret>()))
            octets << one.reveal();
        return octets;
    };
    QCOMPARE(all(), QByteArrayList{"first"});
    replacePassword(QStringLiteral("second"));
    QCOMPARE(all(), (QByteArrayList{"second", "first"}));
    replacePassword(QStringLiteral("third"));
    QCOMPARE(all(), (QByteArrayList{"third", "second", "first"}));
    QCOMPARE(Keychain::count(), 2);
    // "Clearing credentials": the box is cleared, a new password typed, saved.
    editConnection(QStringLiteral("Domain"));
    seen<QCheckBox>(page(), kRetain)->click();
    QVERIFY(!seen<QSpinBox>(page(), kMinutes)->isEnabled());
    typeSecret(seen<QWidget>(page(), QStringLiteral("kerberos.serviceAccountPassword")), QStringLiteral("fourth"));
    saved();
    QTRY_COMPARE(gateway(QStringLiteral("Domain")).kerberos->minutesToRetainPreviousCredentials, 0);
    QCOMPARE(all(), QByteArrayList{"fourth"});
    QTRY_COMPARE(Keychain::count(), 1);
    // Retained again, then cleared without a new password: the previous ones go, the current one stays.
    editConnection(QStringLiteral("Domain"));
    seen<QCheckBox>(page(), kRetain)->click();
    QCOMPARE(seen<QSpinBox>(page(), kMinutes)->value(), 610);
    typeSecret(seen<QWidget>(page(), QStringLiteral("kerberos.serviceAccountPassword")), QStringLiteral("fifth"));
    saved();
    QCOMPARE(all(), (QByteArrayList{"fifth", "fourth"}));
    editConnection(QStringLiteral("Domain"));
    seen<QCheckBox>(page(), kRetain)->click();
    saved();
    QTRY_COMPARE(all(), QByteArrayList{"fifth"});
}

void GatewaySecretsTest::onlyTheKeychainRetains()
{
    editConnection(QStringLiteral("Domain"));
    seen<QCheckBox>(page(), kRetain)->click();
    auto *secret = seen<QWidget>(page(), QStringLiteral("kerberos.serviceAccountPassword"));
    auto *kind = seen<QComboBox>(secret, QStringLiteral("secretKind"));
    for (const QString &place : {QStringLiteral("In an environment"), QStringLiteral("In a file")}) {
        QVERIFY(choose(kind, place));
        QVERIFY(!seen<QCheckBox>(page(), kRetain)->isEnabled());
        QVERIFY(!seen<QCheckBox>(page(), kRetain)->isChecked());
        QVERIFY(!seen<QSpinBox>(page(), kMinutes)->isEnabled());
        bool said = false;
        for (const QLabel *label : page()->findChild<QWidget *>(QStringLiteral("field-") + kRetain)->findChildren<QLabel *>())
            said = said || (label->isVisible() && label->text().contains(QStringLiteral("Only the keychain")));
        QVERIFY(said);
    }
    showField(kMinutes);
    m_window->shootAll(QStringLiteral("gateway-kerberos-file"));
    // Back in the keychain it is as it was chosen.
    QVERIFY(choose(kind, kInKeychain));
    QVERIFY(seen<QCheckBox>(page(), kRetain)->isChecked());
    QVERIFY(choose(kind, QStringLiteral("In a file")));
    type(seen<QLineEdit>(secret, QStringLiteral("secretFile")), m_slapd->passwordFile());
    saved();
    QTRY_COMPARE(gateway(QStringLiteral("Domain")).kerberos->minutesToRetainPreviousCredentials, 0);
    QTRY_COMPARE_WITH_TIMEOUT(Keychain::count(), 0, kLong);
    // Retained or not, the next one starts with none.
    replacePassword(QStringLiteral("sixth"));
    QCOMPARE(kept(gateway::ownerOfServiceAccount(gateway(QStringLiteral("Domain")))), QByteArray("sixth"));
}

void GatewaySecretsTest::radiusClientsHaveTheirOwn()
{
    const int before = Keychain::count();
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("+"));
    QTRY_VERIFY(wizard());
    type(seen<QLineEdit>(wizard(), QStringLiteral("name")), QStringLiteral("VPN"));
    seen<QRadioButton>(wizard(), QStringLiteral("typeRadius"))->click();
    next();
    typeSecret(seen<QWidget>(wizard(), QStringLiteral("defaultSharedSecret")), QStringLiteral("shared by all"));
    auto *add = seen<QPushButton>(wizard(), QStringLiteral("addClient"));
    add->click();
    add->click();
    add->click();
    QList<QLineEdit *> addresses = wizard()->findChildren<QLineEdit *>(QStringLiteral("clientIp"));
    QList<ui::SecretEdit *> secrets = seen<QWidget>(wizard(), QStringLiteral("radiusClients"))->findChildren<ui::SecretEdit *>();
    QCOMPARE(addresses.size(), 3);
    QCOMPARE(secrets.size(), 3);
    for (int i = 0; i < 3; ++i)
        type(addresses.at(i), QStringLiteral("192.0.2.%1").arg(10 + i));
    typeSecret(secrets.at(0), QStringLiteral("ten's own"));
    // Chosen, but not typed: refused with the address of the client.
    QVERIFY(choose(seen<QComboBox>(secrets.at(1), QStringLiteral("secretKind")), kInKeychain));
    next();
    QCOMPARE(seen<QLabel>(wizard(), QStringLiteral("stepTitle"))->text(), QStringLiteral("RADIUS"));
    auto *field = seen<QWidget>(wizard(), QStringLiteral("field-radiusClients"));
    QVERIFY(seen<QLabel>(field, QStringLiteral("error"))->text().contains(QStringLiteral("192.0.2.11")));
    typeSecret(secrets.at(1), QStringLiteral("eleven's own"));
    TestWindow::shoot(wizard(), QStringLiteral("gateway-radius-keychain"));
    QCOMPARE(Keychain::count(), before);
    next();
    next();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->dialog(), kLong);
    const core::Gateway vpn = gateway(QStringLiteral("VPN"));
    QCOMPARE(Keychain::count(), before + 3);
    QCOMPARE(kept(gateway::ownerOfDefaultSecret(vpn)), QByteArray("shared by all"));
    QCOMPARE(kept(gateway::ownerOfClientSecret(vpn, QStringLiteral("192.0.2.10"))), QByteArray("ten's own"));
    QCOMPARE(kept(gateway::ownerOfClientSecret(vpn, QStringLiteral("192.0.2.11"))), QByteArray("eleven's own"));
    QCOMPARE(kept(gateway::ownerOfClientSecret(vpn, QStringLiteral("192.0.2.12"))), QByteArray("-"));
}

void GatewaySecretsTest::radiusSecretsFollowTheAddress()
{
    editConnection(QStringLiteral("VPN"));
    QList<QLineEdit *> addresses;
    for (QLineEdit *edit : page()->findChildren<QLineEdit *>(QStringLiteral("clientIp"))) {
        if (edit->isVisible())
            addresses << edit;
    }
    QCOMPARE(addresses.size(), 3);
    // Two change places, which neither loses.
    type(addresses.at(0), QStringLiteral("192.0.2.11"));
    type(addresses.at(1), QStringLiteral("192.0.2.10"));
    saved();
    QTRY_COMPARE(gateway(QStringLiteral("VPN")).radiusClients.first().ip, QStringLiteral("192.0.2.11"));
    const core::Gateway vpn = gateway(QStringLiteral("VPN"));
    const auto own = [&](const char *ip) { return kept(gateway::ownerOfClientSecret(vpn, QString::fromLatin1(ip))); };
    QCOMPARE(own("192.0.2.11"), QByteArray("ten's own"));
    QCOMPARE(own("192.0.2.10"), QByteArray("eleven's own"));
    // One moves away: nothing stays at its old address.
    editConnection(QStringLiteral("VPN"));
    type(seen<QLineEdit>(page(), QStringLiteral("clientIp")), QStringLiteral("2001:db8::11"));
    saved();
    QTRY_COMPARE(gateway(QStringLiteral("VPN")).radiusClients.first().ip, QStringLiteral("2001:db8::11"));
    QCOMPARE(own("2001:db8::11"), QByteArray("ten's own"));
    QTRY_COMPARE(own("192.0.2.11"), QByteArray("-"));
    QCOMPARE(own("192.0.2.10"), QByteArray("eleven's own"));
    // A new secret over the stored one.
    editConnection(QStringLiteral("VPN"));
    typeSecret(seen<QWidget>(page(), QStringLiteral("defaultSharedSecret")), QStringLiteral("another"));
    saved();
    QCOMPARE(kept(gateway::ownerOfDefaultSecret(vpn)), QByteArray("another"));
    m_window->shootAll(QStringLiteral("gateway-radius"));
    editConnection(QStringLiteral("VPN"));
    m_window->shootAll(QStringLiteral("gateway-radius-form"));
    seen<QPushButton>(page(), QStringLiteral("cancel"))->click();
}

void GatewaySecretsTest::deletedGatewaysLeaveNothing()
{
    QCOMPARE(Keychain::count(), 4);
    deleteGateway(QStringLiteral("VPN"));
    QTRY_COMPARE_WITH_TIMEOUT(Keychain::count(), 1, kLong);
    deleteGateway(QStringLiteral("Domain"));
    QTRY_COMPARE_WITH_TIMEOUT(Keychain::count(), 0, kLong);
    deleteGateway(QStringLiteral("Laboratory"));
}

KEYCHAIN_TEST(GatewaySecretsTest, QApplication)
#include "tst_gatewaysecrets.moc"
