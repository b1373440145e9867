// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a preview says of whom: of one person only, of nobody, of a directory that is not there, of a plan that a guard
// stops, of nearly everybody. And how the health of the gateway and the strip follow it.
#include "tests/support/testmain.h"
#include "tests/ui/mappingwindow.h"

#include "app/gateways/gatewayhealth.h"
#include "app/provisioning/plantable.h"
#include "app/roles.h"
#include "ui/frame/navigation.h"
#include "ui/pages/provisioning/stepview.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/note.h"
#include "ui/widgets/tableview.h"

#include <QDialog>
#include <QLabel>
#include <QListView>
#include <QListWidget>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {
constexpr int kEverybody = kMappedPeople + 3;
}

class Previews : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        QVERIFY(m_lab.begin());
    }

    void somebodyWhoIsNotInScope();
    void onePersonIsNotEverybody();
    void navigationLeadsBack();
    void aServerThatIsDown();
    void applyAll();
    void manyChangesSayTheirShare();
    void aGuardIsAmber();
    void oldTestsAreDropped();

private:
    TestWindow &window() { return m_lab.window(); }
    QWidget *page() { return window().window().currentPage(); }
    QString title() { return window().window().findChild<QLabel *>(QStringLiteral("pageTitle"))->text(); }
    QString strip() { return window().window().findChild<QLabel *>(QStringLiteral("statusText"))->text(); }
    const ui::StepView *steps() { return page()->findChild<QWidget *>(QStringLiteral("planView"))->findChild<ui::StepView *>(); }
    QString emptyText()
    {
        QStringList texts;
        for (const QLabel *label : steps()->empty()->findChildren<QLabel *>())
            texts << label->text();
        return texts.join(u'\n');
    }
    void preview(const QString &person = {});
    void change(const std::function<void(core::Configuration &)> &edit);
    QString health();
    void shoot(const QString &name);

    MappingWindow m_lab;
};

void Previews::change(const std::function<void(core::Configuration &)> &edit)
{
    bool saved = false;
    window().console().changeConfiguration(&window().window(), edit, [&saved](const app::Console::SaveAnswer &answer) {
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().first().text()));
        saved = true;
    });
    QTRY_VERIFY_WITH_TIMEOUT(saved, kLong);
}

void Previews::preview(const QString &person)
{
    window().goTo(QStringLiteral("provisioning"), QStringLiteral("Staff in"));
    auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
    QVERIFY(tabs);
    for (int tab = 0; tab < tabs->count(); ++tab) {
        if (tabs->tabText(tab) == QStringLiteral("Preview"))
            tabs->setCurrentIndex(tab);
    }
    auto *field = seen<QLineEdit>(page(), QStringLiteral("previewPerson"));
    QVERIFY(field);
    field->setText(person);
    QSignalSpy finished(&window().console().engine(), &provision::Engine::jobFinished);
    seen<QPushButton>(page(), QStringLiteral("startPreview"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kLong);
}

QString Previews::health()
{
    return app::GatewayHealth(window().context().settings).pill(*window().configuration().gateway(QStringLiteral("Lab")), {}).text;
}

void Previews::shoot(const QString &name)
{
    if (qEnvironmentVariableIsEmpty("SHOTS_DIR"))
        return;
    for (const QSize size : {QSize(1280, 800), QSize(1024, 680)}) {
        window().window().resize(size);
        for (const ui::Appearance appearance : {ui::Appearance::Dark, ui::Appearance::Light}) {
            window().theme().setAppearance(appearance);
            TestWindow::shoot(&window().window(),
                              QStringLiteral("%1-%2-%3").arg(name).arg(size.width()).arg(
                                  appearance == ui::Appearance::Dark ? QStringLiteral("dark") : QStringLiteral("light")));
        }
    }
}

void Previews::somebodyWhoIsNotInScope()
{
    preview(QStringLiteral("nobody.here"));
    QCOMPARE(title(), QStringLiteral("Preview of Staff in for nobody.here"));
    QVERIFY2(emptyText().contains(QStringLiteral("nobody.here is not in scope")), qPrintable(emptyText()));
    QVERIFY2(emptyText().contains(QStringLiteral("ou=people")), qPrintable(emptyText())); // whom the rule does take
    QVERIFY2(!emptyText().contains(QStringLiteral("Everybody")), qPrintable(emptyText()));
    QCOMPARE(steps()->empty()->iconName(), QStringLiteral("search"));
    QVERIFY2(strip().contains(QStringLiteral("nobody.here")), qPrintable(strip()));
    shoot(QStringLiteral("preview-nobody"));
    // Outside of the rule's units.
    preview(QStringLiteral("uid=user.1,ou=elsewhere,dc=example,dc=com"));
    QVERIFY2(emptyText().contains(QStringLiteral("is not in scope")), qPrintable(emptyText()));
}

void Previews::onePersonIsNotEverybody()
{
    preview(QStringLiteral("user.3"));
    QCOMPARE(title(), QStringLiteral("Preview of Staff in for user.3"));
    QCOMPARE(steps()->table()->model()->rowCount(), 1);
    QVERIFY2(strip().contains(QStringLiteral("user.3")), qPrintable(strip()));
    preview();
    QCOMPARE(title(), QStringLiteral("Preview of Staff in"));
    QCOMPARE(steps()->table()->model()->rowCount(), kEverybody);
}

void Previews::navigationLeadsBack()
{
    QVERIFY(page()->findChild<QWidget *>(QStringLiteral("planView"))->isVisible());
    QListWidget *pages = window().window().findChild<ui::Navigation *>()->list();
    QTest::mouseClick(pages->viewport(), Qt::LeftButton, {}, pages->visualItemRect(pages->currentItem()).center());
    QTRY_VERIFY(!page()->findChild<QWidget *>(QStringLiteral("planView"))->isVisible());
    QCOMPARE(title(), QStringLiteral("Provisioning"));
    // Coming from another page, what was open is open still.
    seen<QPushButton>(page(), QStringLiteral("showPreview"))->click();
    QTRY_VERIFY(page()->findChild<QWidget *>(QStringLiteral("planView"))->isVisible());
    const auto click = [pages](const QString &key) {
        for (int row = 0; row < pages->count(); ++row) {
            if (pages->item(row)->text() == key)
                QTest::mouseClick(pages->viewport(), Qt::LeftButton, {}, pages->visualItemRect(pages->item(row)).center());
        }
    };
    click(QStringLiteral("Users"));
    QTRY_COMPARE(window().window().currentKey(), QStringLiteral("users"));
    click(QStringLiteral("Provisioning"));
    QTRY_COMPARE(window().window().currentKey(), QStringLiteral("provisioning"));
    QVERIFY(page()->findChild<QWidget *>(QStringLiteral("planView"))->isVisible());
    click(QStringLiteral("Provisioning"));
    QTRY_VERIFY(!page()->findChild<QWidget *>(QStringLiteral("planView"))->isVisible());
}

void Previews::aServerThatIsDown()
{
    QCOMPARE(health(), QStringLiteral("Healthy")); // by use: nobody has tested it
    m_lab.slapd().stop();
    preview();
    QVERIFY2(emptyText().contains(QStringLiteral("There is no plan")), qPrintable(emptyText()));
    QCOMPARE(steps()->empty()->iconName(), QStringLiteral("error"));
    QCOMPARE(steps()->empty()->tone(), ui::Tone::Bad);
    QTRY_COMPARE(health(), QStringLiteral("Unhealthy"));
    QVERIFY2(strip().contains(QStringLiteral("Staff in")), qPrintable(strip()));
    shoot(QStringLiteral("preview-down"));
    window().goTo(QStringLiteral("gateways"), QStringLiteral("Lab"));
    auto *list = page()->findChild<ui::ListPane *>();
    QTRY_COMPARE(list->view()->model()->index(0, 0).data(app::StateTextRole).toString(), QStringLiteral("Unhealthy"));
    shoot(QStringLiteral("gateway-down"));
    window().goTo(QStringLiteral("overview"));
    shoot(QStringLiteral("overview-down"));

    // It is up again, and somebody used it: the old error is said no more.
    QVERIFY2(m_lab.slapd().start(), qPrintable(m_lab.slapd().errorText()));
    window().console().noteUse(*window().configuration().gateway(QStringLiteral("Lab")), std::nullopt);
    QCOMPARE(health(), QStringLiteral("Healthy"));
    QVERIFY2(!strip().contains(QStringLiteral("Staff in")), qPrintable(strip()));
    window().goTo(QStringLiteral("provisioning"), QStringLiteral("Staff in"));
    QVERIFY(!seen<QPushButton>(page(), QStringLiteral("showPreview")));
    QVERIFY(!seen<QWidget>(page(), QStringLiteral("errorPanel")));
}

void Previews::applyAll()
{
    change([](core::Configuration &configuration) {
        configuration.gateways.first().enabled = true;
        configuration.connections.first().enabled = true;
        configuration.connections.first().users.deprovision.enabled = true;
        configuration.rules.first().enabled = true;
        configuration.rules.first().onboarding.population = QStringLiteral("People");
    });
    preview();
    auto *primary = window().window().findChild<QPushButton *>(QStringLiteral("primary"));
    QTRY_VERIFY(primary->isEnabled());
    QVERIFY(!seen<QLabel>(page(), QStringLiteral("planShare"))); // nobody was here before
    QSignalSpy finished(&window().console().engine(), &provision::Engine::jobFinished);
    primary->click();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kLong);
    QCOMPARE(finished.first().at(1).value<provision::RunOutcome>().counts.users.create, kEverybody);

    // Of one person who is as they should be, nothing is said of anybody else.
    preview(QStringLiteral("user.3"));
    QVERIFY2(emptyText().contains(QStringLiteral("Nothing to change for user.3")), qPrintable(emptyText()));
    QVERIFY2(!emptyText().contains(QStringLiteral("Everybody")), qPrintable(emptyText()));
    preview();
    QVERIFY2(emptyText().contains(QStringLiteral("Everybody in scope is already")), qPrintable(emptyText()));
}

void Previews::manyChangesSayTheirShare()
{
    change([](core::Configuration &configuration) {
        for (core::AttributeMapping &mapping : configuration.rules.first().mappings.users) {
            if (mapping.target == QStringLiteral("title"))
                mapping = {QStringLiteral("title"), {}, QStringLiteral("'Employee ' + uid"), {}};
        }
    });
    preview();
    auto *share = seen<QLabel>(page(), QStringLiteral("planShare"));
    QVERIFY(share);
    QCOMPARE(share->text(), QStringLiteral("100 % of this rule's people would change: %1 of %1.").arg(kEverybody));
    shoot(QStringLiteral("preview-share"));
    // That many are not changed without a question.
    auto *primary = window().window().findChild<QPushButton *>(QStringLiteral("primary"));
    QTRY_VERIFY(primary->isEnabled());
    primary->click();
    QTRY_VERIFY(window().dialog(QStringLiteral("ask")));
    const auto labels = window().dialog(QStringLiteral("ask"))->findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [](const QLabel *label) { return label->text().contains(QStringLiteral("100 % of this rule's people")); }));
    QSignalSpy finished(&window().console().engine(), &provision::Engine::jobFinished);
    seen<QPushButton>(window().dialog(QStringLiteral("ask")), QStringLiteral("confirm"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kLong);
    QCOMPARE(finished.first().at(1).value<provision::RunOutcome>().counts.users.update, kEverybody);
}

void Previews::aGuardIsAmber()
{
    QByteArray gone;
    for (int n = 0; n < kMappedPeople / 2; ++n)
        gone += "dn: uid=user." + QByteArray::number(n) + ",ou=people,dc=example,dc=com\nchangetype: delete\n\n";
    QVERIFY2(m_lab.slapd().modify(gone), qPrintable(m_lab.slapd().errorText()));
    preview();
    QVERIFY2(strip().contains(QStringLiteral("guard")), qPrintable(strip()));
    const auto *state = seen<ui::Badge>(window().window().findChild<QWidget *>(QStringLiteral("statusStrip")), QStringLiteral("statusState"));
    QVERIFY(state);
    QCOMPARE(state->tone(), ui::Tone::Warning);
    // Each row says why somebody goes: the directory does not confirm that the entries were deleted.
    QAbstractItemModel *model = steps()->table()->model();
    QTRY_VERIFY(!model->index(0, app::StepTable::Difference).data().toString().isEmpty());
    for (int row = 0; row < model->rowCount(); ++row) {
        const QString why = model->index(row, app::StepTable::Difference).data().toString();
        QVERIFY2(why.contains(QStringLiteral("No longer visible")), qPrintable(why));
    }
    shoot(QStringLiteral("preview-guard"));
}

void Previews::oldTestsAreDropped()
{
    window().goTo(QStringLiteral("gateways"), QStringLiteral("Lab"));
    auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
    for (int tab = 0; tab < tabs->count(); ++tab) {
        if (tabs->tabText(tab) == QStringLiteral("Connection") && tabs->isTabVisible(tab))
            tabs->setCurrentIndex(tab);
    }
    auto *button = seen<QPushButton>(page(), QStringLiteral("testConnection"));
    QVERIFY(button);
    button->click();
    QTRY_VERIFY_WITH_TIMEOUT(button->text().contains(QStringLiteral("again")), kLong);
    QVERIFY(seen<QWidget>(page(), QStringLiteral("stage-bind")));
    // A name says nothing of the way; another server does.
    change([](core::Configuration &configuration) { configuration.gateways.first().description = QStringLiteral("The lab's"); });
    QTRY_VERIFY(window().configuration().gateways.first().description == QStringLiteral("The lab's"));
    QVERIFY(seen<QWidget>(page(), QStringLiteral("stage-bind")));
    change([](core::Configuration &configuration) {
        configuration.gateways.first().serversHostAndPort = {QStringLiteral("127.0.0.1:1")};
    });
    QTRY_VERIFY(!seen<QWidget>(page(), QStringLiteral("stage-bind")));
    QVERIFY(seen<QLabel>(page(), QStringLiteral("testSummary"))->text().contains(QStringLiteral("changed since the last test")));
    QTRY_COMPARE(health(), QStringLiteral("Not tested"));
    shoot(QStringLiteral("gateway-old-test"));
}

WINDOW_TEST(Previews)
#include "tst_previews.moc"
