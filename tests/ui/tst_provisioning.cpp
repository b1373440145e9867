// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole way in the window over a real directory: gateway by the wizard with its live test, connection, rule,
// preview, apply, and a second preview that is empty; then a guard that trips.
#include "tests/support/slapd.h"
#include "tests/support/testservers.h"
#include "tests/ui/windowtest.h"

#include "app/provisioning/mappingtable.h"
#include "app/provisioning/plantable.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/runs.h"
#include "tests/support/testmain.h"
#include "ui/editors/listeditor.h"
#include "ui/pages/gateways/stagerow.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/note.h"
#include "ui/widgets/stattile.h"
#include "ui/widgets/toggleswitch.h"

#include <QCheckBox>
#include <QDialog>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr int kPeople = 30;
constexpr int kLong = 30'000;

QString number(QWidget *root, const char *tile)
{
    auto *found = seen<ui::StatTile>(root, QStringLiteral("tile-") + QString::fromLatin1(tile));
    return found ? found->accessibleName().section(u' ', -1) : QString();
}

} // namespace

class ProvisioningTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_slapd = std::make_unique<Slapd>();
        QVERIFY2(m_slapd->load(Slapd::people(kPeople)), qPrintable(m_slapd->errorText()));
        QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
        m_window = std::make_unique<TestWindow>();
        QVERIFY(m_window->open());
    }
    void cleanupTestCase()
    {
        m_window.reset();
        m_slapd.reset();
    }

    void gatewayByTheWizard();
    void connectionByTheModal();
    void ruleByTheWizard();
    void previewAndApply();
    void secondPreviewIsEmpty();
    void appliesThePlanThatWasShown();
    void guardStopsThePlan();
    void cloneIsOff();
    void deleteListsDependents();

private:
    QWidget *page() { return m_window->window().currentPage(); }
    QAbstractButton *next() { return seen<QPushButton>(m_window->dialog(), QStringLiteral("next")); }
    void showRuleTab(const QString &title);

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<TestWindow> m_window;
};

void ProvisioningTest::gatewayByTheWizard()
{
    m_window->goTo(QStringLiteral("gateways"));
    m_window->pressPrimary();
    QTRY_VERIFY(m_window->dialog(QStringLiteral("wizard")));
    QWidget *wizard = m_window->dialog(QStringLiteral("wizard"));

    // A name is required, and says so beside the field.
    next()->click();
    QLabel *error = seen<QLabel>(wizard->findChild<QWidget *>(QStringLiteral("field-name")), QStringLiteral("error"));
    QVERIFY(error);
    QVERIFY(!error->text().isEmpty());
    type(seen<QLineEdit>(wizard, QStringLiteral("name")), QStringLiteral("Lab"));
    next()->click();

    // Hosts are checked where they stand, before anything is asked of them.
    auto *vendor = seen<QComboBox>(wizard, QStringLiteral("vendor"));
    QVERIFY(vendor);
    QVERIFY(choose(vendor, QStringLiteral("LDAPv3")));
    next()->click();
    auto *hosts = wizard->findChild<QWidget *>(QStringLiteral("field-serversHostAndPort"));
    QVERIFY(seen<QLabel>(hosts, QStringLiteral("error")));
    type(seen<QLineEdit>(wizard, QStringLiteral("host1")), m_slapd->host());
    type(seen<QLineEdit>(wizard, QStringLiteral("hostPort1")), QString::number(m_slapd->tlsPort()));
    type(seen<QLineEdit>(wizard, QStringLiteral("caPath")), m_slapd->caFile());
    type(seen<QLineEdit>(wizard, QStringLiteral("bindDN")), m_slapd->bindDn());
    auto *kind = seen<QComboBox>(wizard, QStringLiteral("secretKind"));
    QVERIFY(choose(kind, QStringLiteral("In a file")));
    type(seen<QLineEdit>(wizard, QStringLiteral("secretFile")), m_slapd->passwordFile());
    TestWindow::shoot(wizard, QStringLiteral("wizard-gateway-connection"));
    next()->click();

    // The test has begun by itself; every stage passes.
    QCOMPARE(seen<QLabel>(wizard, QStringLiteral("stepTitle"))->text(), QStringLiteral("Test"));
    auto *button = seen<QPushButton>(wizard, QStringLiteral("testConnection"));
    QVERIFY(button);
    QTRY_VERIFY_WITH_TIMEOUT(button->text().contains(QStringLiteral("again")), kLong);
    const QList<ui::StageRow *> stages = wizard->findChildren<ui::StageRow *>();
    QCOMPARE(stages.size(), 11);
    TestWindow::shoot(wizard, QStringLiteral("wizard-gateway-test"));
    for (const ui::StageRow *stage : stages) {
        QVERIFY(stage->hasResult());
        const auto *badge = stage->findChild<ui::Badge *>();
        QVERIFY2(badge->text() == QStringLiteral("Passed") || badge->text() == QStringLiteral("Skipped"),
                 qPrintable(stage->accessibleName()));
    }
    next()->click();
    TestWindow::shoot(wizard, QStringLiteral("wizard-gateway-summary"));
    next()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->dialog(), kLong);

    const core::Gateway *gateway = m_window->configuration().gateway(QStringLiteral("Lab"));
    QVERIFY(gateway);
    QVERIFY(!gateway->enabled);
    QCOMPARE(gateway->serversHostAndPort, QStringList{m_slapd->tlsHostAndPort()});
    QVERIFY(gateway->validateTlsCertificates);
    QCOMPARE(gateway->bindPassword, (core::SecretReference{core::SecretReference::Kind::File, m_slapd->passwordFile()}));

    auto *toggle = seen<ui::ToggleSwitch>(page(), QStringLiteral("enabled"));
    QVERIFY(toggle);
    QTest::keyClick(toggle, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().gateway(QStringLiteral("Lab"))->enabled, kLong);
    auto *list = page()->findChild<ui::ListPane *>();
    QTRY_COMPARE(list->view()->model()->index(0, 0).data(app::StateTextRole).toString(), QStringLiteral("Healthy"));
    TestWindow::shoot(&m_window->window(), QStringLiteral("gateways"));
}

void ProvisioningTest::connectionByTheModal()
{
    m_window->goTo(QStringLiteral("provisioning"));
    m_window->pressPrimary();
    QTRY_VERIFY(m_window->dialog(QStringLiteral("wizard")));
    QWidget *wizard = m_window->dialog(QStringLiteral("wizard"));
    QCOMPARE(wizard->windowTitle(), QStringLiteral("Create a New Connection"));
    auto *list = seen<QListView>(wizard, QStringLiteral("gateways"));
    QCOMPARE(list->currentIndex().data().toString(), QStringLiteral("Lab"));
    TestWindow::shoot(wizard, QStringLiteral("wizard-connection-gateway"));
    next()->click();

    QCOMPARE(seen<QLineEdit>(wizard, QStringLiteral("name"))->text(), QStringLiteral("Lab"));
    auto *deprovision = seen<QCheckBox>(wizard, QStringLiteral("users.deprovision.enabled"));
    auto *disable = seen<QCheckBox>(wizard, QStringLiteral("users.disable"));
    QVERIFY(deprovision);
    QVERIFY(disable);
    // Remove Action is there only while Enable users disable is on; without it, saving says what to do.
    QVERIFY(!seen<QComboBox>(wizard, QStringLiteral("users.deprovision.removeAction")));
    deprovision->setChecked(true);
    QVERIFY(seen<QComboBox>(wizard, QStringLiteral("users.deprovision.removeAction")));
    disable->setChecked(false);
    QVERIFY(!seen<QComboBox>(wizard, QStringLiteral("users.deprovision.removeAction")));
    next()->click();
    auto *field = wizard->findChild<QWidget *>(QStringLiteral("field-users.deprovision.enabled"));
    QVERIFY(seen<QLabel>(field, QStringLiteral("error")));
    disable->setChecked(true);
    TestWindow::shoot(wizard, QStringLiteral("wizard-connection-actions"));
    next()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->dialog(), kLong);

    const core::Connection *connection = m_window->configuration().connection(QStringLiteral("Lab"));
    QVERIFY(connection);
    QVERIFY(!connection->enabled);
    QVERIFY(connection->users.deprovision.enabled);
    QCOMPARE(connection->users.deprovision.removeAction, core::RemoveAction::Disable);
    auto *toggle = seen<ui::ToggleSwitch>(page(), QStringLiteral("enabled"));
    QTest::keyClick(toggle, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().connection(QStringLiteral("Lab"))->enabled, kLong);
    TestWindow::shoot(&m_window->window(), QStringLiteral("connections"));
}

void ProvisioningTest::ruleByTheWizard()
{
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("+rule"));
    QTRY_VERIFY(m_window->dialog(QStringLiteral("wizard")));
    QWidget *wizard = m_window->dialog(QStringLiteral("wizard"));
    QVERIFY(seen<QRadioButton>(wizard, QStringLiteral("target"))->isChecked());
    QVERIFY(!seen<QRadioButton>(wizard, QStringLiteral("source"))->isEnabled());
    TestWindow::shoot(wizard, QStringLiteral("wizard-rule-direction"));
    next()->click();
    QCOMPARE(seen<QListView>(wizard, QStringLiteral("connections"))->currentIndex().data().toString(),
             QStringLiteral("Lab"));
    next()->click();
    type(seen<QLineEdit>(wizard, QStringLiteral("name")), QStringLiteral("Staff in"));
    next()->click();

    // A wrong base DN and a filter without its end are refused beside their fields, the filter with a caret.
    type(seen<QLineEdit>(wizard, QStringLiteral("baseDn")), QStringLiteral("no dn"));
    auto *filter = seen<QPlainTextEdit>(wizard, QStringLiteral("filterText"));
    filter->setFocus();
    QTest::keyClicks(filter, QStringLiteral("(mail=*"));
    QTRY_VERIFY(seen<QLabel>(wizard, QStringLiteral("caret")));
    QVERIFY(seen<QLabel>(wizard, QStringLiteral("caret"))->text().contains(u'^'));
    next()->click();
    QVERIFY(seen<QLabel>(wizard->findChild<QWidget *>(QStringLiteral("field-baseDn")), QStringLiteral("error")));
    QVERIFY(seen<QLabel>(wizard->findChild<QWidget *>(QStringLiteral("field-userFilter")), QStringLiteral("error")));
    TestWindow::shoot(wizard, QStringLiteral("wizard-rule-directory-faults"));
    QTest::keyClicks(filter, QStringLiteral(")"));
    QTRY_VERIFY(!seen<QLabel>(wizard, QStringLiteral("caret")));
    type(seen<QLineEdit>(wizard, QStringLiteral("baseDn")), m_slapd->baseDn());
    // A unit outside of the base is a fault of its row, found when the whole is judged.
    wizard->findChild<ui::ListEditor *>(QStringLiteral("unit"));
    type(seen<QLineEdit>(wizard, QStringLiteral("unit1")), QStringLiteral("ou=people,dc=example,dc=org"));
    next()->click();
    auto *units = wizard->findChild<QWidget *>(QStringLiteral("field-userOrganizationalUnits"));
    QVERIFY(seen<QLabel>(units, QStringLiteral("error")));
    type(seen<QLineEdit>(wizard, QStringLiteral("unit1")), QStringLiteral("ou=people,dc=example,dc=com"));
    next()->click();

    // The vendor's defaults are there, the required attribute first and marked.
    QCOMPARE(seen<QLabel>(wizard, QStringLiteral("stepTitle"))->text(), QStringLiteral("Attribute Mapping"));
    auto *mappings = seen<QTableView>(wizard, QStringLiteral("mappings"));
    QVERIFY(mappings->model()->rowCount() >= 5);
    QCOMPARE(mappings->model()->index(0, 0).data().toString(), QStringLiteral("Username *"));
    QCOMPARE(mappings->model()->index(0, 1).data().toString(), QStringLiteral("uid"));
    // Without its source the row is a fault, and Next stays.
    QVERIFY(mappings->model()->setData(mappings->model()->index(0, 1), QString(), Qt::EditRole));
    next()->click();
    QCOMPARE(seen<QLabel>(wizard, QStringLiteral("stepTitle"))->text(), QStringLiteral("Attribute Mapping"));
    QVERIFY(!mappings->model()->index(0, app::MappingTable::Check).data(app::MappingTable::FaultRole).toString().isEmpty());
    TestWindow::shoot(wizard, QStringLiteral("wizard-rule-mapping"));
    QVERIFY(mappings->model()->setData(mappings->model()->index(0, 1), QStringLiteral("uid"), Qt::EditRole));
    next()->click();
    TestWindow::shoot(wizard, QStringLiteral("wizard-rule-onboarding"));
    next()->click();
    TestWindow::shoot(wizard, QStringLiteral("wizard-rule-guards"));
    next()->click();
    QCOMPARE(seen<QLabel>(wizard, QStringLiteral("stepTitle"))->text(), QStringLiteral("Summary"));
    TestWindow::shoot(wizard, QStringLiteral("wizard-rule-summary"));
    next()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->dialog(), kLong);

    const core::Rule *rule = m_window->configuration().rule(QStringLiteral("Staff in"));
    QVERIFY(rule);
    QVERIFY(!rule->enabled);
    QCOMPARE(rule->scope.userFilter, QStringLiteral("(mail=*)"));
    QCOMPARE(rule->scope.userOrganizationalUnits, QStringList{QStringLiteral("ou=people,dc=example,dc=com")});
}

void ProvisioningTest::showRuleTab(const QString &title)
{
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("Staff in"));
    auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
    QVERIFY(tabs);
    for (int tab = 0; tab < tabs->count(); ++tab) {
        if (tabs->tabText(tab) == title)
            tabs->setCurrentIndex(tab);
    }
    QCOMPARE(tabs->tabText(tabs->currentIndex()), title);
}

void ProvisioningTest::previewAndApply()
{
    showRuleTab(QStringLiteral("Preview"));
    seen<QPushButton>(page(), QStringLiteral("startPreview"))->click();
    auto *plan = page()->findChild<QWidget *>(QStringLiteral("planView"));
    QTRY_VERIFY(plan->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(number(plan, "create"), QString::number(kPeople), kLong);
    auto *primary = m_window->window().findChild<QPushButton *>(QStringLiteral("primary"));
    QVERIFY(primary->text().contains(QString::number(kPeople)));
    QVERIFY(!primary->isEnabled()); // the rule is off, and the page says so
    QVERIFY(seen<ui::Note>(plan, QStringLiteral("planNote"))->text().contains(QStringLiteral("rule is off")));
    auto *table = seen<QTableView>(plan, QStringLiteral("steps"));
    QCOMPARE(table->model()->rowCount(), kPeople);
    QTRY_VERIFY(table->model()->index(0, 1).data().toString().startsWith(QStringLiteral("user.")));

    // Filters: only what there is can be chosen; one person is found by name.
    QVERIFY(!seen<QPushButton>(plan, QStringLiteral("chip-update")));
    seen<QPushButton>(plan, QStringLiteral("chip-create"))->click();
    QTRY_COMPARE(table->model()->rowCount(), kPeople);
    seen<QPushButton>(plan, QStringLiteral("chip-all"))->click();
    QTest::keyClicks(seen<QLineEdit>(plan, QStringLiteral("planSearch")), QStringLiteral("user.17,"));
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QTRY_COMPARE(table->model()->index(0, 1).data().toString(), QStringLiteral("user.17"));
    table->setCurrentIndex(table->model()->index(0, 0));
    QTRY_VERIFY(seen<QWidget>(plan, QStringLiteral("stepDetails")));
    seen<QLineEdit>(plan, QStringLiteral("planSearch"))->clear();
    QTRY_COMPARE(table->model()->rowCount(), kPeople);
    TestWindow::shoot(&m_window->window(), QStringLiteral("plan"));

    // Switched on, the very plan can be applied.
    QVERIFY(m_window->window().currentPage()->escape());
    auto *toggle = seen<ui::ToggleSwitch>(page(), QStringLiteral("enabled"));
    QTest::keyClick(toggle, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().rule(QStringLiteral("Staff in"))->enabled, kLong);
    seen<QPushButton>(page(), QStringLiteral("showPreview"))->click();
    QTRY_VERIFY(primary->isEnabled());
    QSignalSpy finished(&m_window->console().engine(), &provision::Engine::jobFinished);
    primary->click();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kLong);
    const auto outcome = finished.first().at(1).value<provision::RunOutcome>();
    QCOMPARE(outcome.status, store::RunStatus::Succeeded);
    QCOMPARE(outcome.counts.users.create, kPeople);
    QVERIFY(outcome.run != 0);
}

void ProvisioningTest::secondPreviewIsEmpty()
{
    showRuleTab(QStringLiteral("Preview"));
    QTRY_VERIFY(seen<QPushButton>(page(), QStringLiteral("startPreview"))->isEnabled());
    seen<QPushButton>(page(), QStringLiteral("startPreview"))->click();
    auto *plan = page()->findChild<QWidget *>(QStringLiteral("planView"));
    QTRY_VERIFY(plan->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(number(plan, "unchanged"), QString::number(kPeople), kLong);
    QCOMPARE(number(plan, "create"), QStringLiteral("0"));
    QVERIFY(!m_window->window().findChild<QPushButton *>(QStringLiteral("primary"))->isEnabled());
    TestWindow::shoot(&m_window->window(), QStringLiteral("plan-empty"));

    showRuleTab(QStringLiteral("Sync"));
    QTRY_COMPARE(number(page(), "create"), QString::number(kPeople));
    TestWindow::shoot(&m_window->window(), QStringLiteral("rule-sync"));
    showRuleTab(QStringLiteral("Attribute Mapping"));
    TestWindow::shoot(&m_window->window(), QStringLiteral("rule-mapping"));
    showRuleTab(QStringLiteral("Overview"));
    TestWindow::shoot(&m_window->window(), QStringLiteral("rule-overview"));
}

void ProvisioningTest::appliesThePlanThatWasShown()
{
    const auto modified = [](int n, const char *name) -> QByteArray {
        return "dn: uid=user." + QByteArray::number(n) + ",ou=people,dc=example,dc=com\nchangetype: modify\nreplace: sn\nsn: " + name + "\n-\n\n";
    };
    QVERIFY2(m_slapd->modify(modified(1, "Shown") + modified(2, "Shown")), qPrintable(m_slapd->errorText()));
    showRuleTab(QStringLiteral("Preview"));
    seen<QPushButton>(page(), QStringLiteral("startPreview"))->click();
    auto *plan = page()->findChild<QWidget *>(QStringLiteral("planView"));
    QTRY_COMPARE_WITH_TIMEOUT(number(plan, "update"), QStringLiteral("2"), kLong);

    // Meanwhile somebody edits one of the two, and the directory goes on and then away.
    const auto edited = m_window->console().engine().post<bool>([](store::Environment &environment) {
        auto user = environment.identities().userByKey(QStringLiteral("user.2"));
        if (!user)
            return false;
        user->values.set(environment.catalog()->find(QStringLiteral("name.family")), QStringLiteral("By hand"));
        return environment.identities().saveUser(*user).has_value();
    });
    QTRY_VERIFY(edited.isFinished());
    QVERIFY(edited.result());
    QVERIFY2(m_slapd->modify(modified(1, "Later") + modified(3, "Later")), qPrintable(m_slapd->errorText()));
    m_slapd->stop();
    auto *primary = m_window->window().findChild<QPushButton *>(QStringLiteral("primary"));
    QTRY_VERIFY(primary->isEnabled());
    QSignalSpy finished(&m_window->console().engine(), &provision::Engine::jobFinished);
    primary->click();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kLong);
    const auto outcome = finished.first().at(1).value<provision::RunOutcome>();
    QCOMPARE(outcome.status, store::RunStatus::Partial);
    QCOMPARE(outcome.counts.users.update, 1);
    QCOMPARE(outcome.counts.users.failed, 1);
    TestWindow::shoot(&m_window->window(), QStringLiteral("plan-drifted")); // what became of each object

    const auto results = m_window->console().engine().post<QStringList>([run = outcome.run](store::Environment &environment) {
        QStringList texts;
        const auto steps = environment.runs().steps(run, 0, 10);
        for (const core::Step &step : *steps)
            texts << step.target.text() + u' ' + core::actionName(step.action) + u' ' + (step.problems.isEmpty() ? QString() : step.problems.first().message);
        for (const char *name : {"user.1", "user.2", "user.3"})
            texts << environment.identities().userByKey(QString::fromLatin1(name))->values.text(environment.catalog()->find(QStringLiteral("name.family")));
        return texts;
    });
    QTRY_VERIFY(results.isFinished());
    const QString text = results.result().join(u'\n');
    QVERIFY2(text.contains(QStringLiteral("user.1 update")) && text.contains(QStringLiteral("user.2 failed name.family is \"By hand\" now")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("Shown\nBy hand\n")) && !text.contains(QStringLiteral("Later")), qPrintable(text));

    // What came later the next preview shows.
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    showRuleTab(QStringLiteral("Preview"));
    QTRY_VERIFY(seen<QPushButton>(page(), QStringLiteral("startPreview"))->isEnabled());
    seen<QPushButton>(page(), QStringLiteral("startPreview"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(number(plan, "update"), QStringLiteral("3"), kLong);
    finished.clear();
    QTRY_VERIFY(primary->isEnabled());
    primary->click();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kLong);
    QCOMPARE(finished.first().at(1).value<provision::RunOutcome>().counts.users.update, 3);
}

void ProvisioningTest::guardStopsThePlan()
{
    // Half of them leave; at most a tenth may.
    QByteArray gone;
    for (int n = 0; n < kPeople / 2; ++n)
        gone += "dn: uid=user." + QByteArray::number(n) + ",ou=people,dc=example,dc=com\nchangetype: delete\n\n";
    QVERIFY2(m_slapd->modify(gone), qPrintable(m_slapd->errorText()));
    showRuleTab(QStringLiteral("Preview"));
    seen<QPushButton>(page(), QStringLiteral("startPreview"))->click();
    auto *plan = page()->findChild<QWidget *>(QStringLiteral("planView"));
    QTRY_COMPARE_WITH_TIMEOUT(number(plan, "disable"), QString::number(kPeople / 2), kLong);
    QCOMPARE(seen<ui::Badge>(plan, QStringLiteral("guards"))->text(), QStringLiteral("Stopped by guard"));
    auto *note = seen<ui::Note>(plan, QStringLiteral("planNote"));
    QVERIFY(note);
    QVERIFY(note->text().contains(QStringLiteral("guard")));
    auto *primary = m_window->window().findChild<QPushButton *>(QStringLiteral("primary"));
    QVERIFY(!primary->isEnabled());
    TestWindow::shoot(&m_window->window(), QStringLiteral("plan-guard"));

    // With a wider guard the same plan may run, after a question about the harm it does.
    showRuleTab(QStringLiteral("Sync"));
    for (QToolButton *button : page()->findChildren<QToolButton *>(QStringLiteral("edit"))) {
        if (button->isVisible())
            button->click();
    }
    auto *percent = seen<QSpinBox>(page(), QStringLiteral("guards.maxDeprovisionPercent"));
    QVERIFY(percent);
    percent->setValue(60);
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(m_window->configuration().rule(QStringLiteral("Staff in"))->guards.maxDeprovisionPercent,
                              60, kLong);
    showRuleTab(QStringLiteral("Preview"));
    seen<QPushButton>(page(), QStringLiteral("startPreview"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(primary->isEnabled(), kLong);
    primary->click();
    QTRY_VERIFY(m_window->dialog(QStringLiteral("ask")));
    QSignalSpy finished(&m_window->console().engine(), &provision::Engine::jobFinished);
    seen<QPushButton>(m_window->dialog(QStringLiteral("ask")), QStringLiteral("confirm"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kLong);
    QCOMPARE(finished.first().at(1).value<provision::RunOutcome>().counts.users.disable, kPeople / 2);
}

void ProvisioningTest::cloneIsOff()
{
    for (const QString &name : {QStringLiteral("Clone_Staff in"), QStringLiteral("Clone_Staff in (2)")}) {
        m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("Staff in"));
        auto *more = seen<QToolButton>(page(), QStringLiteral("more"));
        QAction *clone = nullptr;
        for (QAction *action : more->menu()->actions()) {
            if (action->text() == QStringLiteral("&Clone Rule"))
                clone = action;
        }
        QVERIFY(clone);
        clone->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().rule(name), kLong);
        QVERIFY(!m_window->configuration().rule(name)->enabled);
    }
}

void ProvisioningTest::deleteListsDependents()
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("Lab"));
    auto *more = seen<QToolButton>(page(), QStringLiteral("more"));
    for (QAction *action : more->menu()->actions()) {
        if (action->text() == QStringLiteral("&Delete…"))
            action->trigger();
    }
    QTRY_VERIFY(m_window->dialog(QStringLiteral("deleteDialog")));
    QWidget *dialog = m_window->dialog(QStringLiteral("deleteDialog"));
    auto *dependents = seen<QAbstractItemView>(dialog, QStringLiteral("dependents"));
    QCOMPARE(dependents->model()->rowCount(), 5); // the connection, the rule, its two clones, and the linked people
    TestWindow::shoot(dialog, QStringLiteral("delete-gateway"));
    auto *confirm = seen<QPushButton>(dialog, QStringLiteral("confirm"));
    // Only an unused one wants a box ticked: here the list says what it does to whom.
    QVERIFY(!seen<QCheckBox>(dialog, QStringLiteral("confirmation")));
    QVERIFY(confirm->isEnabled());
    confirm->click();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().gateways.isEmpty(), kLong);
    QVERIFY(m_window->configuration().connections.isEmpty());
    QVERIFY(m_window->configuration().rules.isEmpty());
}

WINDOW_TEST(ProvisioningTest)
#include "tst_provisioning.moc"
