// SPDX-License-Identifier: GPL-3.0-or-later
//
// The connection doctor in the window: stages that fill in, what the server is and can, a certificate that is trusted
// after a second reading and one that changed between the two, an authority's file shown before it is taken, Kerberos,
// and deleting a gateway with what depends on it.
#include "tests/support/authority.h"
#include "tests/support/testservers.h"
#include "tests/ui/gatewaywindow.h"

#include "store/identities.h"
#include "tests/support/testmain.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/pages/gateways/stagerow.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"

#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QTabBar>
#include <QToolButton>

using namespace gatehouse;
using namespace gatehouse::test;

class GatewayDoctorTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
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

    void stagesFillIn();
    void untrustedCertificateIsShownAndPinned();
    void anotherCertificateIsNotTrusted();
    void authorityIsShownBeforeItIsTaken();
    void kerberosOfActiveDirectory();
    void apiHasNoSecrets();
    void deleteListsWhatDepends();
    void deleteOfAnUnusedOneWantsTheBox();
    void pictures();

private:
    QWidget *page() { return m_window->page(); }
    ui::StageRow *stage(const char *key)
    {
        return seen<ui::StageRow>(page(), QStringLiteral("stage-") + QString::fromLatin1(key));
    }
    QString verdict(const char *key) { return stage(key)->findChild<ui::Badge *>()->text(); }
    void showTab(const QString &title) { m_window->showTab(title); }
    void change(const std::function<void(core::Configuration &)> &edit) { m_window->change(edit); }
    void addGateway(const core::Gateway &gateway) { m_window->addGateway(gateway); }
    core::Gateway slapdGateway(const QString &name) const { return GatewayWindow::gatewayTo(*m_slapd, name); }
    void test()
    {
        showTab(QStringLiteral("Connection"));
        auto *button = seen<QPushButton>(page(), QStringLiteral("testConnection"));
        QVERIFY(button);
        button->click();
        QTRY_VERIFY_WITH_TIMEOUT(button->text().contains(QStringLiteral("again")), kLong);
    }
    void pressDelete() { m_window->pressMenu(QStringLiteral("Delete")); }

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<GatewayWindow> m_window;
};

void GatewayDoctorTest::stagesFillIn()
{
    addGateway(slapdGateway(QStringLiteral("Lab")));
    showTab(QStringLiteral("Connection"));
    test();
    for (const char *key : {"resolve", "connect", "secure", "bind", "rootDSE", "base", "page", "count", "write"}) {
        QVERIFY2(stage(key), key);
        QCOMPARE(verdict(key), QStringLiteral("Passed"));
    }
    // What cannot be found out is said, not guessed.
    QCOMPARE(verdict("changes"), QStringLiteral("Skipped"));
    QVERIFY(seen<QLabel>(stage("changes"), QStringLiteral("stageText"))->text().startsWith(QStringLiteral("Not checked")));
    // The server's card unfolds.
    auto *toggle = seen<QPushButton>(stage("rootDSE"), QStringLiteral("certificateToggle"));
    QVERIFY(toggle);
    QCOMPARE(toggle->text(), QStringLiteral("Show what the server can"));
    toggle->click();
    QVERIFY(seen<QWidget>(stage("rootDSE"), QStringLiteral("certificate")));
    QStringList labels;
    for (const QLabel *label : stage("rootDSE")->findChildren<QLabel *>())
        labels << label->text();
    QVERIFY2(labels.join(u'\n').contains(QStringLiteral("results in pages")), qPrintable(labels.join(u'\n')));
    QTRY_COMPARE(m_window->list()->view()->currentIndex().data(app::StateTextRole).toString(), QStringLiteral("Healthy"));
    TestWindow::shoot(&m_window->window(), QStringLiteral("doctor-healthy"));
}

void GatewayDoctorTest::untrustedCertificateIsShownAndPinned()
{
    core::Gateway gateway = slapdGateway(QStringLiteral("Foreign"));
    gateway.caCertificateFile.clear(); // the system's authorities do not know the test's
    addGateway(gateway);
    test();
    ui::StageRow *secure = stage("secure");
    QVERIFY(secure->isVisible());
    QCOMPARE(secure->findChild<ui::Badge *>()->text(), QStringLiteral("Failed"));
    QCOMPARE(stage("bind")->findChild<ui::Badge *>()->text(), QStringLiteral("Skipped"));
    QVERIFY(seen<QWidget>(secure, QStringLiteral("certificate")));
    QVERIFY(!secure->accessibleName().isEmpty());
    TestWindow::shoot(&m_window->window(), QStringLiteral("gateway-untrusted"));
    const auto notes = secure->findChildren<ui::Note *>();
    const auto copyable = std::find_if(notes.begin(), notes.end(), [](const ui::Note *note) {
        auto *copy = note->findChild<QPushButton *>(QStringLiteral("noteCopy"));
        return note->isVisible() && copy->isVisible();
    });
    QVERIFY(copyable != notes.end());
    (*copyable)->findChild<QPushButton *>(QStringLiteral("noteCopy"))->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), (*copyable)->text());
    QCOMPARE(m_window->list()->view()->currentIndex().data(app::StateTextRole).toString(), QStringLiteral("Unhealthy"));

    // Trusting exactly this certificate is a decision: asked, saved, and tested again at once.
    auto *pin = seen<QPushButton>(secure, QStringLiteral("noteAction"));
    QVERIFY(pin);
    pin->click();
    QTRY_VERIFY(m_window->dialog(QStringLiteral("trustDialog")));
    QWidget *trust = m_window->dialog(QStringLiteral("trustDialog"));
    // The certificate is read a second time before it can be taken.
    auto *confirm = seen<QPushButton>(trust, QStringLiteral("confirm"));
    QVERIFY(!confirm->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(confirm->isEnabled(), kLong);
    QVERIFY(seen<ui::Note>(trust, QStringLiteral("reading"))->text().contains(QStringLiteral("same fingerprint")));
    TestWindow::shoot(trust, QStringLiteral("gateway-trust"));
    confirm->click();
    QTRY_VERIFY_WITH_TIMEOUT(
        !m_window->configuration().gateway(QStringLiteral("Foreign"))->pinnedCertificateSha256.isEmpty(), kLong);
    QCOMPARE(m_window->configuration().gateway(QStringLiteral("Foreign"))->pinnedCertificateSha256,
             QString::fromLatin1(Authority::fingerprint(m_slapd->certificateFile()).toHex()));
    QTRY_COMPARE_WITH_TIMEOUT(stage("page")->findChild<ui::Badge *>()->text(), QStringLiteral("Passed"), kLong);
}

void GatewayDoctorTest::anotherCertificateIsNotTrusted()
{
    // What was seen at first is not what the server shows now.
    core::Gateway gateway = slapdGateway(QStringLiteral("Changed"));
    ldap::CertificateReport seenBefore;
    seenBefore.subject = QStringLiteral("somebody else");
    seenBefore.sha256 = QByteArray(32, 'x');
    bool trusted = false;
    ui::askTrust(&m_window->window(), gateway, gateway.serversHostAndPort.first(), seenBefore,
                 [&trusted](const QByteArray &) { trusted = true; });
    QWidget *dialog = m_window->dialog(QStringLiteral("trustDialog"));
    QVERIFY(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(
        seen<ui::Note>(dialog, QStringLiteral("reading"))->text().contains(QStringLiteral("another certificate")), kLong);
    QVERIFY(!seen<QPushButton>(dialog, QStringLiteral("confirm"))->isEnabled());
    TestWindow::shoot(dialog, QStringLiteral("gateway-trust-changed"));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_window->dialog());
    // Nor is one that cannot be read again.
    gateway.serversHostAndPort = {QStringLiteral("127.0.0.1:1")};
    ui::askTrust(&m_window->window(), gateway, gateway.serversHostAndPort.first(), seenBefore,
                 [&trusted](const QByteArray &) { trusted = true; });
    dialog = m_window->dialog(QStringLiteral("trustDialog"));
    QTRY_VERIFY_WITH_TIMEOUT(
        seen<ui::Note>(dialog, QStringLiteral("reading"))->text().contains(QStringLiteral("could not be read")), kLong);
    QVERIFY(!seen<QPushButton>(dialog, QStringLiteral("confirm"))->isEnabled());
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_window->dialog());
    QVERIFY(!trusted);
}

void GatewayDoctorTest::authorityIsShownBeforeItIsTaken()
{
    bool taken = false;
    ui::askAuthorityFile(&m_window->window(), m_slapd->caFile(), [&taken] { taken = true; });
    QWidget *dialog = m_window->dialog(QStringLiteral("authorityDialog"));
    QVERIFY(dialog);
    auto *use = seen<QPushButton>(dialog, QStringLiteral("confirm"));
    QTRY_VERIFY_WITH_TIMEOUT(use->isEnabled(), kLong);
    QStringList texts;
    for (const QLabel *label : dialog->findChildren<QLabel *>())
        texts << label->text();
    const QString fingerprint = QString::fromLatin1(Authority::fingerprint(m_slapd->caFile()).toHex(':')).toUpper();
    QVERIFY2(texts.contains(fingerprint), qPrintable(texts.join(u'\n')));
    QVERIFY(texts.contains(QStringLiteral("Valid to")));
    TestWindow::shoot(dialog, QStringLiteral("gateway-authority"));
    use->click();
    QTRY_VERIFY(taken);
    QTRY_VERIFY(!m_window->dialog());

    // A file without a certificate cannot be taken, and says why.
    ui::askAuthorityFile(&m_window->window(), m_slapd->passwordFile(), [] { QFAIL("taken"); });
    dialog = m_window->dialog(QStringLiteral("authorityDialog"));
    QTRY_VERIFY_WITH_TIMEOUT(seen<ui::Note>(dialog, QStringLiteral("reading")), kLong);
    QVERIFY(seen<ui::Note>(dialog, QStringLiteral("reading"))->text().contains(QStringLiteral("BEGIN CERTIFICATE")));
    QVERIFY(!seen<QPushButton>(dialog, QStringLiteral("confirm"))->isEnabled());
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_window->dialog());
}

void GatewayDoctorTest::kerberosOfActiveDirectory()
{
    core::Gateway gateway = slapdGateway(QStringLiteral("Domain"));
    gateway.vendor = core::Vendor::ActiveDirectory;
    addGateway(gateway);
    showTab(QStringLiteral("Connection"));
    m_window->edit();
    auto *kerberos = seen<QCheckBox>(page(), QStringLiteral("kerberos"));
    QVERIFY(kerberos);
    QVERIFY(!seen<QSpinBox>(page(), QStringLiteral("kerberos.minutesToRetainPreviousCredentials")));
    kerberos->click();
    auto *minutes = seen<QSpinBox>(page(), QStringLiteral("kerberos.minutesToRetainPreviousCredentials"));
    QVERIFY(minutes);
    QCOMPARE(minutes->value(), 610);
    QCOMPARE(minutes->maximum(), 10'080);
    type(seen<QLineEdit>(page(), QStringLiteral("kerberos.serviceAccountUserPrincipalName")), QStringLiteral("svc"));
    auto *secret = page()->findChild<QWidget *>(QStringLiteral("kerberos.serviceAccountPassword"));
    QVERIFY(choose(seen<QComboBox>(secret, QStringLiteral("secretKind")), QStringLiteral("In an environment")));
    type(seen<QLineEdit>(secret, QStringLiteral("secretVariable")), QStringLiteral("KRB"));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    auto *field = page()->findChild<QWidget *>(QStringLiteral("field-kerberos.serviceAccountUserPrincipalName"));
    QTRY_VERIFY(seen<QLabel>(field, QStringLiteral("error")));
    type(seen<QLineEdit>(page(), QStringLiteral("kerberos.serviceAccountUserPrincipalName")),
         QStringLiteral("svc@EXAMPLE.COM"));
    TestWindow::shoot(&m_window->window(), QStringLiteral("gateway-kerberos"));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().gateway(QStringLiteral("Domain"))->kerberos, kLong);
    QCOMPARE(m_window->configuration().gateway(QStringLiteral("Domain"))->kerberos->serviceAccountPassword.name,
             QStringLiteral("KRB"));
}

void GatewayDoctorTest::apiHasNoSecrets()
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("Domain"));
    showTab(QStringLiteral("API"));
    auto *json = seen<QPlainTextEdit>(page(), QStringLiteral("json"));
    QVERIFY(json);
    const QString text = json->toPlainText();
    QVERIFY(text.contains(QStringLiteral("\"id\"")));
    QVERIFY(text.contains(QStringLiteral("svc@EXAMPLE.COM")));
    for (const char *own : {"KRB", "bindPassword", "caCertificateFile", "\"mode\"", "serviceAccountPassword"})
        QVERIFY2(!text.contains(QString::fromLatin1(own)), own);
}

void GatewayDoctorTest::deleteListsWhatDepends()
{
    change([](core::Configuration &configuration) {
        core::Connection connection;
        connection.name = QStringLiteral("Lab people");
        connection.gateway = QStringLiteral("Lab");
        configuration.connections.append(connection);
        core::Rule rule;
        rule.name = QStringLiteral("Lab in");
        rule.connection = connection.name;
        rule.scope.baseDn = QStringLiteral("dc=example,dc=com");
        rule.mappings.users = core::defaultInboundMappings(core::Vendor::Ldapv3);
        configuration.rules.append(rule);
    });
    core::User user;
    user.values.set(m_window->console().catalog().username(), core::Value(QStringLiteral("anna")));
    user.values.set(m_window->console().catalog().enabled(), core::Value(true));
    user.authorityGateway = QStringLiteral("Lab");
    using Answer = tl::expected<core::User, QList<core::Problem>>;
    bool made = false;
    m_window->console().write<Answer>(
        this, [user](store::Environment &environment) { return environment.identities().saveUser(user); },
        app::Console::Touched::Users, [&made](const Answer &answer) { made = answer.has_value(); });
    QTRY_VERIFY_WITH_TIMEOUT(made, kLong);
    QTRY_VERIFY(m_window->configuration().rule(QStringLiteral("Lab in")));
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("Lab"));
    pressDelete();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->dialog(QStringLiteral("deleteDialog")), kLong);
    QWidget *dialog = m_window->dialog(QStringLiteral("deleteDialog"));
    auto *dependents = seen<QListWidget>(dialog, QStringLiteral("dependents"));
    QVERIFY(dependents);
    QCOMPARE(dependents->count(), 3);
    QVERIFY(dependents->item(0)->text().contains(QStringLiteral("Lab people")));
    QVERIFY(dependents->item(1)->text().contains(QStringLiteral("Lab in")));
    QVERIFY(!seen<QCheckBox>(dialog, QStringLiteral("confirmation")));
    TestWindow::shoot(dialog, QStringLiteral("gateway-delete-used"));
    seen<QPushButton>(dialog, QStringLiteral("confirm"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->configuration().gateway(QStringLiteral("Lab")), kLong);
    QVERIFY(!m_window->configuration().rule(QStringLiteral("Lab in")));
    QVERIFY(!m_window->configuration().connection(QStringLiteral("Lab people")));
}

void GatewayDoctorTest::deleteOfAnUnusedOneWantsTheBox()
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("Domain"));
    pressDelete();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->dialog(QStringLiteral("deleteDialog")), kLong);
    QWidget *dialog = m_window->dialog(QStringLiteral("deleteDialog"));
    auto *box = seen<QCheckBox>(dialog, QStringLiteral("confirmation"));
    QVERIFY(box);
    QCOMPARE(box->text().remove(u'&'),
             QStringLiteral("I understand and have confirmed that this gateway is not in use"));
    QVERIFY(!seen<QPushButton>(dialog, QStringLiteral("confirm"))->isEnabled());
    box->click();
    TestWindow::shoot(dialog, QStringLiteral("gateway-delete-unused"));
    seen<QPushButton>(dialog, QStringLiteral("confirm"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->configuration().gateway(QStringLiteral("Domain")), kLong);
}

void GatewayDoctorTest::pictures()
{
    addGateway(slapdGateway(QStringLiteral("Head office")));
    test();
    for (const QSize size : {QSize(1280, 800), QSize(1024, 680)}) {
        m_window->window().resize(size);
        for (const ui::Appearance appearance : {ui::Appearance::Light, ui::Appearance::Dark}) {
            m_window->theme().setAppearance(appearance);
            for (const QString &tab : {QStringLiteral("Overview"), QStringLiteral("Connection"), QStringLiteral("API")}) {
                showTab(tab);
                TestWindow::shoot(&m_window->window(),
                                  QStringLiteral("gateway-%1-%2-%3")
                                      .arg(tab.toLower())
                                      .arg(size.width())
                                      .arg(appearance == ui::Appearance::Dark ? QStringLiteral("dark")
                                                                              : QStringLiteral("light")));
            }
            showTab(QStringLiteral("Connection"));
            for (const gateway::Stage one : gateway::stagesOf(*m_window->configuration().gateway(m_window->list()->currentId().toString()))) {
                const ui::StageRow *row = stage(gateway::stageKey(one).toLatin1().constData());
                QVERIFY(row && row->width() <= page()->width());
            }
        }
    }
    m_window->window().resize(1280, 800);
    m_window->theme().setAppearance(ui::Appearance::Light);
}

WINDOW_TEST(GatewayDoctorTest)
#include "tst_gatewaydoctor.moc"
