// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gateways in the window: tests that do not pass and say what to do, renaming, forms with unsaved changes, RADIUS,
// several hosts in order, a keychain that is not there, and a wizard by keyboard alone.
#include "tests/support/testservers.h"
#include "tests/ui/gatewaywindow.h"

#include "app/gateways/connectiontest.h"
#include "app/gateways/gatewayhealth.h"
#include "app/gateways/gatewaylist.h"
#include "tests/support/testmain.h"
#include "ui/editors/listeditor.h"
#include "ui/pages/gateways/connectiontestcard.h"
#include "ui/pages/gateways/stagerow.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/note.h"
#include "ui/wizards/steplist.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QTabBar>
#include <QToolButton>

using namespace gatehouse;
using namespace gatehouse::test;

class GatewaysTest : public QObject {
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

    void emptyPageLeadsToTheWizard();
    void wizardByKeyboardAlone();
    void radiusIsOnlyRecorded();
    void wrongPasswordSaysWhatToDo();
    void secondServerIsTestedToo();
    void renamingKeepsTheSelection();
    void aSecondEditBuildsOnTheFirst();
    void unsavedChangesAreAskedFor();
    void faultsStandBesideTheirFields();
    void hostsAreOrderedAndSplit();
    void listModelFollowsTheConfiguration();
    void healthCountsOnlyAsTested();
    void jsonIsCopied();

private:
    QWidget *page() { return m_window->page(); }
    QWidget *wizard() { return m_window->wizard(); }
    QAbstractButton *next() { return seen<QPushButton>(m_window->dialog(), QStringLiteral("next")); }
    ui::ListPane *list() { return m_window->list(); }
    ui::StageRow *stage(const char *key)
    {
        return page()->findChild<ui::StageRow *>(QStringLiteral("stage-") + QString::fromLatin1(key));
    }
    void showTab(const QString &title) { m_window->showTab(title); }
    core::Gateway slapdGateway(const QString &name) const { return GatewayWindow::gatewayTo(*m_slapd, name); }
    void test();

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<GatewayWindow> m_window;
};

void GatewaysTest::test()
{
    showTab(QStringLiteral("Connection"));
    auto *button = seen<QPushButton>(page(), QStringLiteral("testConnection"));
    QVERIFY(button);
    button->click();
    QTRY_VERIFY_WITH_TIMEOUT(button->text().contains(QStringLiteral("again")), kLong);
}

void GatewaysTest::emptyPageLeadsToTheWizard()
{
    auto *first = seen<QPushButton>(page(), QStringLiteral("emptyAction"));
    QVERIFY(first);
    TestWindow::shoot(&m_window->window(), QStringLiteral("gateways-empty"));
    first->click();
    QTRY_VERIFY(wizard());
    // Nothing was typed: it closes without a question.
    QTest::keyClick(wizard(), Qt::Key_Escape);
    QTRY_VERIFY(!m_window->dialog());
}

void GatewaysTest::wizardByKeyboardAlone()
{
    m_window->window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&m_window->window()));
    QTest::keyClick(&m_window->window(), Qt::Key_N, Qt::ControlModifier);
    QTRY_VERIFY(wizard());
    QVERIFY(QTest::qWaitForWindowActive(wizard()));
    const auto press = [this](Qt::Key key, int times = 1) {
        for (int n = 0; n < times; ++n)
            QTest::keyClick(wizard()->focusWidget() ? wizard()->focusWidget() : wizard(), key);
    };
    const auto write = [this](const QString &text) { QTest::keyClicks(wizard()->focusWidget(), text); };
    const auto focused = [this] { return wizard()->focusWidget() ? wizard()->focusWidget()->objectName() : QString(); };
    QCOMPARE(focused(), QStringLiteral("name"));
    write(QStringLiteral("By hand"));
    press(Qt::Key_Return);
    // The next step begins at its first field; typing the vendor's first letters chooses it.
    QCOMPARE(focused(), QStringLiteral("vendor"));
    write(QStringLiteral("LDAPv3"));
    const auto tabTo = [&](const QString &name) {
        for (int n = 0; n < 40 && focused() != name; ++n)
            press(Qt::Key_Tab);
        QCOMPARE(focused(), name);
    };
    tabTo(QStringLiteral("host1"));
    write(m_slapd->tlsHostAndPort());
    tabTo(QStringLiteral("caPath"));
    write(m_slapd->caFile());
    tabTo(QStringLiteral("bindDN"));
    write(m_slapd->bindDn());
    tabTo(QStringLiteral("secretKind"));
    press(Qt::Key_End); // In a file
    tabTo(QStringLiteral("secretFile"));
    write(m_slapd->passwordFile());
    press(Qt::Key_Return);
    auto *button = seen<QPushButton>(wizard(), QStringLiteral("testConnection"));
    QVERIFY(button);
    QTRY_VERIFY_WITH_TIMEOUT(button->text().contains(QStringLiteral("again")), kLong);
    tabTo(QStringLiteral("next"));
    press(Qt::Key_Return);
    tabTo(QStringLiteral("next"));
    press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->dialog(), kLong);
    const core::Gateway *gateway = m_window->configuration().gateway(QStringLiteral("By hand"));
    QVERIFY(gateway);
    QCOMPARE(gateway->vendor, core::Vendor::Ldapv3);
    QCOMPARE(gateway->serversHostAndPort, QStringList{m_slapd->tlsHostAndPort()});
    QVERIFY(!gateway->enabled);
}

void GatewaysTest::radiusIsOnlyRecorded()
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("+"));
    QTRY_VERIFY(wizard());
    type(seen<QLineEdit>(wizard(), QStringLiteral("name")), QStringLiteral("VPN"));
    seen<QRadioButton>(wizard(), QStringLiteral("typeRadius"))->click();
    QVERIFY(seen<ui::Note>(wizard(), QString())->text().contains(QStringLiteral("do not support provisioning")));
    // What a RADIUS gateway does not have is no step, and the others are counted without it.
    QVERIFY(!seen<ui::StepButton>(wizard(), QStringLiteral("step-connection")));
    QVERIFY(!seen<ui::StepButton>(wizard(), QStringLiteral("step-test")));
    QCOMPARE(seen<ui::StepButton>(wizard(), QStringLiteral("step-summary"))->accessibleName(), QStringLiteral("Step 3 of 3: Summary, to come"));
    next()->click();
    QCOMPARE(seen<QLabel>(wizard(), QStringLiteral("stepTitle"))->text(), QStringLiteral("RADIUS"));
    seen<QPushButton>(wizard(), QStringLiteral("addClient"))->click();
    type(seen<QLineEdit>(wizard(), QStringLiteral("clientIp")), QStringLiteral("192.0.2.10"));
    // A client without a secret, and no default: refused where it is wrong.
    next()->click();
    QCOMPARE(seen<QLabel>(wizard(), QStringLiteral("stepTitle"))->text(), QStringLiteral("RADIUS"));
    QVERIFY(choose(seen<QComboBox>(wizard(), QStringLiteral("secretKind")), QStringLiteral("In an environment")));
    type(seen<QLineEdit>(wizard(), QStringLiteral("secretVariable")), QStringLiteral("VPN_SECRET"));
    next()->click();
    QCOMPARE(seen<QLabel>(wizard(), QStringLiteral("stepTitle"))->text(), QStringLiteral("Summary"));
    next()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->dialog(), kLong);
    QCOMPARE(m_window->configuration().gateway(QStringLiteral("VPN"))->type, core::GatewayType::Radius);
    QCOMPARE(m_window->configuration().gateway(QStringLiteral("VPN"))->radiusClients.size(), 1);
    QCOMPARE(m_window->configuration().gateway(QStringLiteral("VPN"))->defaultSharedSecret.name,
             QStringLiteral("VPN_SECRET"));
    QTRY_COMPARE(list()->currentId().toString(), QStringLiteral("VPN"));
    auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
    for (int tab = 0; tab < tabs->count(); ++tab)
        QVERIFY(!tabs->isTabVisible(tab) || tabs->tabText(tab) != QStringLiteral("Lookup"));

    // It can never provision: the modal refuses it where it is chosen.
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("+connection"));
    QTRY_VERIFY(wizard());
    auto *gateways = seen<QListView>(wizard(), QStringLiteral("gateways"));
    gateways->setCurrentIndex(gateways->model()->index(rowOf(gateways, QStringLiteral("VPN")), 0));
    next()->click();
    QVERIFY(seen<QLabel>(wizard(), QStringLiteral("gatewayFault"))->text().contains(QStringLiteral("RADIUS")));
    QTest::keyClick(wizard(), Qt::Key_Escape);
    QTRY_VERIFY(!m_window->dialog());
    m_window->goTo(QStringLiteral("gateways"));
}

void GatewaysTest::wrongPasswordSaysWhatToDo()
{
    const QString path = m_window->file(QStringLiteral("wrong"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("not the password");
    file.close();
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    core::Gateway gateway = slapdGateway(QStringLiteral("Wrong password"));
    gateway.bindPassword.name = path;
    m_window->addGateway(gateway);
    test();
    QCOMPARE(stage("secure")->findChild<ui::Badge *>()->text(), QStringLiteral("Passed"));
    ui::StageRow *bind = stage("bind");
    QCOMPARE(bind->findChild<ui::Badge *>()->text(), QStringLiteral("Failed"));
    QVERIFY(bind->findChild<ui::Note *>()->isVisible());
    QVERIFY(!bind->findChild<ui::Note *>()->text().isEmpty());
    QVERIFY(!bind->accessibleName().contains(QStringLiteral("not the password")));
    TestWindow::shoot(&m_window->window(), QStringLiteral("gateway-wrong-password"));
}

void GatewaysTest::secondServerIsTestedToo()
{
    core::Gateway gateway = slapdGateway(QStringLiteral("Two servers"));
    gateway.serversHostAndPort.append(QStringLiteral("127.0.0.1:1")); // nobody listens there
    m_window->addGateway(gateway);
    test();
    const auto rows = page()->findChildren<ui::StageRow *>(QStringLiteral("stage-connect"));
    QStringList verdicts;
    for (const ui::StageRow *row : rows) {
        if (row->isVisible())
            verdicts << row->findChild<ui::Badge *>()->text();
    }
    QCOMPARE(verdicts, (QStringList{QStringLiteral("Passed"), QStringLiteral("Failed")}));
    QVERIFY(seen<QLabel>(page(), QStringLiteral("testSummary"))->text().contains(u'1'));
    QTRY_COMPARE(list()->view()->currentIndex().data(app::StateTextRole).toString(), QStringLiteral("Degraded"));
    TestWindow::shoot(&m_window->window(), QStringLiteral("gateway-two-servers"));
}

void GatewaysTest::renamingKeepsTheSelection()
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("Two servers"));
    showTab(QStringLiteral("Overview"));
    seen<QToolButton>(page(), QStringLiteral("edit"))->click();
    auto *name = seen<QLineEdit>(page(), QStringLiteral("name"));
    QVERIFY(name);
    name->setText(QStringLiteral("Head office"));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().gateway(QStringLiteral("Head office")), kLong);
    QTRY_COMPARE(list()->currentId().toString(), QStringLiteral("Head office"));
    QTRY_COMPARE(seen<QLabel>(page(), QStringLiteral("detailsTitle"))->text(), QStringLiteral("Head office"));
    QVERIFY(!m_window->configuration().gateway(QStringLiteral("Two servers")));
}

void GatewaysTest::aSecondEditBuildsOnTheFirst()
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("Head office"));
    for (int round = 0; round < 5; ++round) {
        const QString first = QStringLiteral("first %1").arg(round);
        showTab(QStringLiteral("Overview"));
        seen<QToolButton>(page(), QStringLiteral("edit"))->click();
        seen<QPlainTextEdit>(page(), QStringLiteral("description"))->setPlainText(first);
        seen<QPushButton>(page(), QStringLiteral("save"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(!seen<QPushButton>(page(), QStringLiteral("save")), kLong);
        // The form has closed, so what it saved is what everybody reads: at once, and not a moment later.
        QCOMPARE(m_window->configuration().gateway(QStringLiteral("Head office"))->description, first);
        showTab(QStringLiteral("Connection"));
        m_window->edit();
        seen<QCheckBox>(page(), QStringLiteral("followReferrals"))->click();
        seen<QPushButton>(page(), QStringLiteral("save"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(!seen<QPushButton>(page(), QStringLiteral("save")), kLong);
        const core::Gateway *gateway = m_window->configuration().gateway(QStringLiteral("Head office"));
        QCOMPARE(gateway->description, first);
        QCOMPARE(gateway->followReferrals, round % 2 == 0);
    }
}

void GatewaysTest::unsavedChangesAreAskedFor()
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("Head office"));
    showTab(QStringLiteral("Overview"));
    seen<QToolButton>(page(), QStringLiteral("edit"))->click();
    seen<QPlainTextEdit>(page(), QStringLiteral("description"))->setPlainText(QStringLiteral("Typed"));

    // A search that hides the row closes nothing.
    auto *search = seen<QLineEdit>(page(), QStringLiteral("search"));
    QTest::keyClicks(search, QStringLiteral("zzz"));
    QTRY_COMPARE(list()->view()->model()->rowCount(), 0);
    QVERIFY(seen<QPlainTextEdit>(page(), QStringLiteral("description")));
    search->clear();
    QTRY_VERIFY(list()->view()->model()->rowCount() > 1);

    // Another row, and another page: each asks; Cancel stays where the typing is.
    list()->select(QStringLiteral("VPN"));
    QTRY_VERIFY(m_window->dialog(QStringLiteral("ask")));
    seen<QPushButton>(m_window->dialog(QStringLiteral("ask")), QStringLiteral("cancel"))->click();
    QTRY_VERIFY(!m_window->dialog());
    QCOMPARE(list()->currentId().toString(), QStringLiteral("Head office"));
    QCOMPARE(seen<QPlainTextEdit>(page(), QStringLiteral("description"))->toPlainText(), QStringLiteral("Typed"));
    m_window->goTo(QStringLiteral("provisioning"));
    QTRY_VERIFY(m_window->dialog(QStringLiteral("ask")));
    QCOMPARE(m_window->window().currentKey(), QStringLiteral("gateways"));
    seen<QPushButton>(m_window->dialog(QStringLiteral("ask")), QStringLiteral("confirm"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(m_window->window().currentKey(), QStringLiteral("provisioning"), kLong);
    QTRY_COMPARE(m_window->configuration().gateway(QStringLiteral("Head office"))->description,
                 QStringLiteral("Typed"));
    m_window->goTo(QStringLiteral("gateways"));

    // The wizard asks, too.
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("+"));
    QTRY_VERIFY(wizard());
    type(seen<QLineEdit>(wizard(), QStringLiteral("name")), QStringLiteral("Half"));
    QTest::keyClick(wizard(), Qt::Key_Escape);
    QTRY_VERIFY(m_window->dialog(QStringLiteral("ask")));
    seen<QPushButton>(m_window->dialog(QStringLiteral("ask")), QStringLiteral("confirm"))->click();
    QTRY_VERIFY(!m_window->dialog());
}

void GatewaysTest::faultsStandBesideTheirFields()
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("Head office"));
    showTab(QStringLiteral("Connection"));
    m_window->edit();
    const auto error = [this](const char *key) { return m_window->errorUnder(QString::fromLatin1(key)); };
    auto *second = seen<QLineEdit>(page(), QStringLiteral("host2"));
    QVERIFY(second);
    type(second, QStringLiteral("not a host!"));
    type(seen<QLineEdit>(page(), QStringLiteral("bindDN")), QStringLiteral("no dn"));
    type(seen<QLineEdit>(page(), QStringLiteral("caPath")), QStringLiteral("/nowhere.pem"));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QVERIFY(!error("serversHostAndPort").isEmpty());
    QVERIFY(!error("caCertificateFile").isEmpty());
    TestWindow::shoot(&m_window->window(), QStringLiteral("gateway-faults"));
    // With these right, what the whole configuration says of the bind DN comes to its field.
    type(second, QStringLiteral("127.0.0.1"));
    type(seen<QLineEdit>(page(), QStringLiteral("caPath")), m_slapd->caFile());
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY(!error("bindDN").isEmpty());
    // A bind DN without a password is an anonymous bind in disguise; so it is refused, with what to do.
    type(seen<QLineEdit>(page(), QStringLiteral("bindDN")), m_slapd->bindDn());
    QVERIFY(choose(seen<QComboBox>(page(), QStringLiteral("secretKind")), QStringLiteral("No password")));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY(!error("bindPassword").isEmpty());
    // No keychain runs here: the password that was typed for it is refused at its field, and nothing is saved.
    QVERIFY(choose(seen<QComboBox>(page(), QStringLiteral("secretKind")), QStringLiteral("In the desktop")));
    type(seen<QLineEdit>(page(), QStringLiteral("secretPassword")), QStringLiteral("typed"));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(!error("bindPassword").isEmpty(), kLong);
    QCOMPARE(m_window->configuration().gateway(QStringLiteral("Head office"))->bindPassword.kind,
             core::SecretReference::Kind::File);
    seen<QPushButton>(page(), QStringLiteral("cancel"))->click();
}

void GatewaysTest::hostsAreOrderedAndSplit()
{
    ui::ListEditor editor(ui::ListEditor::Kind::HostAndPort, QStringLiteral("+"));
    editor.setObjectName(QStringLiteral("host"));
    editor.setDefaultPort(636);
    editor.setItems({QStringLiteral("dc1.example.com:636"), QStringLiteral("[2001:db8::1]:1636")});
    editor.show();
    editor.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&editor));
    QCOMPARE(editor.items(), (QStringList{QStringLiteral("dc1.example.com:636"), QStringLiteral("[2001:db8::1]:1636")}));
    editor.findChild<QPushButton *>(QStringLiteral("add"))->click();
    auto *third = editor.findChild<QLineEdit *>(QStringLiteral("host3"));
    QVERIFY(third);
    QSignalSpy changed(&editor, &ui::ListEditor::itemsChanged);
    type(third, QStringLiteral("ldaps://dc3.example.com:3636/ignored"));
    QCOMPARE(third->text(), QStringLiteral("dc3.example.com"));
    QCOMPARE(editor.items().at(2), QStringLiteral("dc3.example.com:3636"));
    QVERIFY(changed.size() > 0);
    // Up by keyboard: the row, and the focus with it.
    third->setFocus();
    QTest::keyClick(third, Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(editor.items().at(1), QStringLiteral("dc3.example.com:3636"));
    QTest::keyClick(third, Qt::Key_Up, Qt::AltModifier);
    QTest::keyClick(third, Qt::Key_Up, Qt::AltModifier); // already the first
    QCOMPARE(editor.items().first(), QStringLiteral("dc3.example.com:3636"));
    // A default port follows the security; one that was chosen stays.
    editor.setDefaultPort(389);
    QCOMPARE(editor.items(), (QStringList{QStringLiteral("dc3.example.com:3636"), QStringLiteral("dc1.example.com:389"),
                                          QStringLiteral("[2001:db8::1]:1636")}));
    editor.setItemFault(1, QStringLiteral("wrong"));
    QVERIFY(seen<QLabel>(&editor, QStringLiteral("error")));
    editor.clearFaults();
    QVERIFY(!seen<QLabel>(&editor, QStringLiteral("error")));
    editor.setItems({});
    QVERIFY(editor.items().isEmpty());
}

void GatewaysTest::listModelFollowsTheConfiguration()
{
    QSettings settings(m_window->file(QStringLiteral("other.ini")), QSettings::IniFormat);
    const app::GatewayHealth health(settings);
    app::GatewayList model(m_window->console(), health);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const int all = model.rowCount();
    QCOMPARE(all, int(m_window->configuration().gateways.size()));
    model.setSearch(QStringLiteral("radius"));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0, 0).data(app::SubtitleRole).toString(), QStringLiteral("RADIUS · cannot provision"));
    QCOMPARE(model.index(0, 0).data(app::StateTextRole).toString(), QStringLiteral("Disabled"));
    model.setSearch({});
    QCOMPARE(model.rowCount(), all);
}

void GatewaysTest::healthCountsOnlyAsTested()
{
    QSettings settings(m_window->file(QStringLiteral("health.ini")), QSettings::IniFormat);
    app::GatewayHealth health(settings);
    core::Gateway gateway = slapdGateway(QStringLiteral("Lab"));
    gateway.id = QUuid::createUuid();
    QCOMPARE(health.of(gateway).state, app::GatewayHealth::State::Untested);
    gateway::TestReport good;
    good.stages = {{.stage = gateway::Stage::Resolve}};
    gateway::TestReport bad = good;
    bad.stages[0].verdict = gateway::Verdict::Failed;
    gateway::TestReport warned = good;
    warned.stages[0].verdict = gateway::Verdict::Warning;
    using State = app::GatewayHealth::State;
    const std::pair<QList<gateway::TestReport>, State> cases[] = {
        {{good}, State::Healthy},  {{good, bad}, State::Degraded}, {{warned}, State::Degraded},
        {{bad, bad}, State::Unhealthy}, {{}, State::Unhealthy},
    };
    for (const auto &[reports, state] : cases)
        QCOMPARE(app::GatewayHealth::judge(reports), state);
    health.record(gateway, {good});
    QCOMPARE(health.of(gateway).state, State::Healthy);
    gateway.description = QStringLiteral("does not count");
    QCOMPARE(health.of(gateway).state, State::Healthy);
    gateway.serversHostAndPort.append(QStringLiteral("other:636"));
    QCOMPARE(health.of(gateway).state, State::Untested);
    QVERIFY(app::GatewayHealth::alerts(gateway).isEmpty());
    gateway.validateTlsCertificates = false;
    QCOMPARE(app::GatewayHealth::alerts(gateway).size(), 1);
    gateway.connectionSecurity = core::ConnectionSecurity::None;
    QCOMPARE(app::GatewayHealth::alerts(gateway).size(), 1);
}

void GatewaysTest::jsonIsCopied()
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("Head office"));
    showTab(QStringLiteral("API"));
    auto *json = seen<QPlainTextEdit>(page(), QStringLiteral("json"));
    QVERIFY(json);
    QVERIFY(json->toPlainText().contains(QStringLiteral("\"serversHostAndPort\"")));
    QVERIFY(!json->toPlainText().contains(QString::fromUtf8(m_slapd->password())));
    TestWindow::shoot(&m_window->window(), QStringLiteral("gateway-api"));
}

WINDOW_TEST(GatewaysTest)
#include "tst_gateways.moc"
