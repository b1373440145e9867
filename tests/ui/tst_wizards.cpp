// SPDX-License-Identifier: GPL-3.0-or-later
//
// Wizards while the configuration is read again under them, as it is after every save, whoever made it: what was chosen
// stays chosen, and the last button ends in a stored thing. And what their list of steps says of a test that failed.
#include "tests/support/sampleenvironment.h"
#include "tests/support/testmain.h"
#include "tests/ui/windowtest.h"

#include "ui/pages/gateways/stagerow.h"
#include "ui/widgets/badge.h"
#include "ui/wizards/steplist.h"

#include <QDialog>
#include <QLabel>
#include <QListView>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {
constexpr int kLongWait = 30'000;
}

class Wizards : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase() { m_window.reset(); }

    void aRuleKeepsItsConnection();
    void aConnectionKeepsItsGateway();
    void everySaveIsReadOnce();
    void aFailedTestIsRed();

private:
    QWidget *wizard() { return m_window->dialog(QStringLiteral("wizard")); }
    QAbstractButton *next() { return seen<QPushButton>(wizard(), QStringLiteral("next")); }
    QString step() { return seen<QLabel>(wizard(), QStringLiteral("stepTitle"))->text(); }
    /// Somebody else saves something.
    void saveElsewhere();
    ui::StepButton::State stateOf(const QString &key)
    {
        return wizard()->findChild<ui::StepButton *>(QStringLiteral("step-") + key)->state();
    }

    std::unique_ptr<TestWindow> m_window;
};

void Wizards::initTestCase()
{
    m_window = std::make_unique<TestWindow>();
    QCOMPARE(tests::fillSample(m_window->file(QStringLiteral("test.gatehouse")), 5), QString());
    QVERIFY(m_window->open());
    bool saved = false;
    m_window->console().changeConfiguration(
        &m_window->window(),
        [](core::Configuration &configuration) {
            core::Gateway gateway = configuration.gateways.first();
            gateway.id = {};
            gateway.name = QStringLiteral("Branch");
            configuration.gateways.append(gateway);
            core::Connection connection;
            connection.name = QStringLiteral("Branch");
            connection.gateway = gateway.name;
            configuration.connections.append(connection);
        },
        [&saved](const app::Console::SaveAnswer &answer) { saved = answer.has_value(); });
    QTRY_VERIFY_WITH_TIMEOUT(saved, kLongWait);
}

void Wizards::saveElsewhere()
{
    static int number = 0;
    QSignalSpy changed(&m_window->console(), &app::Console::configurationChanged);
    m_window->console().changeConfiguration(
        &m_window->window(),
        [](core::Configuration &configuration) {
            configuration.populations.first().description = QStringLiteral("Save %1").arg(++number);
        },
        [](const app::Console::SaveAnswer &answer) { QVERIFY(answer); });
    QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kLongWait);
}

void Wizards::aRuleKeepsItsConnection()
{
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("+rule"));
    QTRY_VERIFY(wizard());
    next()->click();
    auto *list = seen<QListView>(wizard(), QStringLiteral("connections"));
    list->setCurrentIndex(list->model()->index(rowOf(list, QStringLiteral("Branch")), 0));
    saveElsewhere();
    QCOMPARE(list->currentIndex().data().toString(), QStringLiteral("Branch"));
    next()->click();
    type(seen<QLineEdit>(wizard(), QStringLiteral("name")), QStringLiteral("Branch in"));
    saveElsewhere();
    next()->click();
    type(seen<QLineEdit>(wizard(), QStringLiteral("baseDn")), QStringLiteral("DC=branch,DC=com"));
    next()->click();
    QCOMPARE(step(), QStringLiteral("Attribute Mapping"));
    while (step() != QStringLiteral("Summary")) {
        const QString before = step();
        saveElsewhere();
        next()->click();
        QVERIFY(step() != before);
    }
    saveElsewhere();
    next()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->dialog(), kLongWait);
    const core::Rule *rule = m_window->configuration().rule(QStringLiteral("Branch in"));
    QVERIFY(rule);
    QCOMPARE(rule->connection, QStringLiteral("Branch"));
}

void Wizards::aConnectionKeepsItsGateway()
{
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("+connection"));
    QTRY_VERIFY(wizard());
    auto *list = seen<QListView>(wizard(), QStringLiteral("gateways"));
    list->setCurrentIndex(list->model()->index(rowOf(list, QStringLiteral("Branch")), 0));
    saveElsewhere();
    QCOMPARE(list->currentIndex().data().toString(), QStringLiteral("Branch"));
    next()->click();
    type(seen<QLineEdit>(wizard(), QStringLiteral("name")), QStringLiteral("Another"));
    saveElsewhere();
    next()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->dialog(), kLongWait);
    QVERIFY(m_window->configuration().connection(QStringLiteral("Another")));
    QCOMPARE(m_window->configuration().connection(QStringLiteral("Another"))->gateway, QStringLiteral("Branch"));
}

void Wizards::everySaveIsReadOnce()
{
    saveElsewhere();
    QSignalSpy changed(&m_window->console(), &app::Console::configurationChanged);
    saveElsewhere();
    QTest::qWait(200);
    QCOMPARE(changed.size(), 1);
}

void Wizards::aFailedTestIsRed()
{
    m_window->goTo(QStringLiteral("gateways"), QStringLiteral("+"));
    QTRY_VERIFY(wizard());
    type(seen<QLineEdit>(wizard(), QStringLiteral("name")), QStringLiteral("Nobody there"));
    next()->click();
    type(seen<QLineEdit>(wizard(), QStringLiteral("host1")), QStringLiteral("127.0.0.1"));
    type(seen<QLineEdit>(wizard(), QStringLiteral("hostPort1")), QStringLiteral("1"));
    next()->click();
    QCOMPARE(step(), QStringLiteral("Test"));
    auto *button = seen<QPushButton>(wizard(), QStringLiteral("testConnection"));
    QTRY_VERIFY_WITH_TIMEOUT(button->text().contains(QStringLiteral("again")), kLongWait);
    TestWindow::shoot(wizard(), QStringLiteral("wizard-test-failed"));
    next()->click();
    QCOMPARE(step(), QStringLiteral("Summary"));
    QCOMPARE(stateOf(QStringLiteral("connection")), ui::StepButton::State::Done);
    QCOMPARE(stateOf(QStringLiteral("test")), ui::StepButton::State::Faulty);
    QTRY_VERIFY(seen<ui::Badge>(wizard(), QStringLiteral("testState")));
    const auto *badge = seen<ui::Badge>(wizard(), QStringLiteral("testState"));
    QCOMPARE(badge->text(), QStringLiteral("Unhealthy"));
    QCOMPARE(badge->tone(), ui::Tone::Bad);
    TestWindow::shoot(wizard(), QStringLiteral("wizard-summary-failed"));
    // Back on an earlier step nothing is done that was not, and what was tested is not what is there now.
    auto *back = seen<QPushButton>(wizard(), QStringLiteral("back"));
    back->click();
    QCOMPARE(stateOf(QStringLiteral("summary")), ui::StepButton::State::Open);
    back->click();
    type(seen<QLineEdit>(wizard(), QStringLiteral("hostPort1")), QStringLiteral("2"));
    QCOMPARE(stateOf(QStringLiteral("test")), ui::StepButton::State::Open);
    auto *cancel = seen<QPushButton>(wizard(), QStringLiteral("cancel"));
    cancel->click();
    QTRY_VERIFY(m_window->dialog(QStringLiteral("ask")));
    seen<QPushButton>(m_window->dialog(QStringLiteral("ask")), QStringLiteral("confirm"))->click();
    QTRY_VERIFY(!m_window->dialog());
}

WINDOW_TEST(Wizards)
#include "tst_wizards.moc"
