// SPDX-License-Identifier: GPL-3.0-or-later
//
// Overview, Runs and Audit in the real window, over an environment where something has happened: runs that went well,
// failed, were stopped by a guard; and over one where nothing has.
#include "tests/support/sampleenvironment.h"
#include "tests/ui/windowtest.h"

#include "app/audit/auditlist.h"
#include "app/roles.h"
#include "store/auditlog.h"
#include "tests/support/testmain.h"
#include "ui/pages/overview/firststepscard.h"
#include "ui/pages/overview/linkrow.h"
#include "ui/pages/overview/runtrend.h"
#include "ui/pages/page.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/note.h"
#include "ui/widgets/stattile.h"

#include <QClipboard>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr int kPeople = 40;
constexpr int kEvents = 450; ///< more than two pages of the log

core::Step failedStep(const QString &username)
{
    core::Step step;
    step.action = core::Action::Failed;
    step.target.name = username.toUtf8();
    step.source.name = "CN=" + username.toUtf8() + ",OU=Staff,DC=example,DC=com";
    step.problems = {{QStringLiteral("email"), core::ProblemCode::UniquenessViolation, {}}};
    return step;
}

/// Ends a run of the rule in one way or another.
QString addRun(store::Environment &environment, const core::Rule &rule, store::RunStatus status,
               const core::Counts &counts, const std::optional<core::Error> &error = {},
               const QList<core::GuardVerdict> &guards = {}, const std::vector<core::Step> &failures = {})
{
    const auto row = environment.runs().begin(rule.name, rule.id, QStringLiteral("command line"));
    if (!row)
        return row.error().text();
    if (const auto recorded = environment.runs().recordFailures(*row, failures); !recorded)
        return recorded.error().text();
    store::Run run;
    run.row = *row;
    run.rule = rule.name;
    run.ruleId = rule.id;
    run.status = status;
    run.counts.users = counts;
    run.read = kPeople;
    run.finishedAt = QDateTime::currentDateTimeUtc();
    run.durationMs = 65000;
    run.error = error;
    run.guards = guards;
    const auto finished = environment.runs().finish(run);
    return finished ? QString() : finished.error().text();
}

/// Run 1 is the sample's and went well; 2 could not reach the directory; 3 was stopped by a guard; 4 failed for two.
QString fillActivity(const QString &path)
{
    if (const QString error = tests::fillSample(path, kPeople); !error.isEmpty())
        return error;
    auto opened = store::Environment::open(path, store::Environment::Access::ReadWrite);
    if (!opened)
        return opened.error().text();
    store::Environment &environment = **opened;
    auto configuration = environment.configurations().load();
    if (!configuration)
        return configuration.error().text();
    configuration->gateways.first().validateTlsCertificates = false;
    if (const auto saved = environment.configurations().save(*configuration); !saved)
        return saved.error().first().text();
    const core::Rule rule = configuration->rules.first();

    core::Counts none;
    core::Counts many;
    many.disable = 30;
    core::Counts some;
    some.create = 5;
    some.update = 3;
    some.failed = 2;
    const core::Error unreachable{core::Code::Unreachable, QStringLiteral("no server answered"),
                                  QStringLiteral("connection refused"), QStringLiteral("dc1.example.com:636")};
    const core::Error guarded{core::Code::Guard, QString()};
    for (const QString &error :
         {addRun(environment, rule, store::RunStatus::Failed, none, unreachable),
          addRun(environment, rule, store::RunStatus::Stopped, many, guarded,
                 {{QStringLiteral("maxDeprovisions"), 10, 30, true}}),
          addRun(environment, rule, store::RunStatus::Partial, some, {},
                 {{QStringLiteral("maxDeprovisions"), 10, 0, false}},
                 {failedStep(QStringLiteral("twice")), failedStep(QStringLiteral("again"))})}) {
        if (!error.isEmpty())
            return error;
    }
    // In one transaction: each one alone would wait for the disk.
    auto events = store::Transaction::begin(environment.database());
    if (!events)
        return events.error().text();
    for (int i = 0; i < kEvents; ++i) {
        const bool rare = i == 7;
        const auto recorded = environment.audit().record(
            rare ? QStringLiteral("user.delete") : QStringLiteral("configuration.save"),
            rare ? QStringLiteral("zimmer") : QStringLiteral("event %1").arg(i), QStringLiteral("by the test"));
        if (!recorded)
            return recorded.error().text();
    }
    const auto ended = events->commit();
    return ended ? QString() : ended.error().text();
}

} // namespace

class Activity : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<TestWindow> m_window;

    QWidget *page() { return m_window->window().currentPage(); }
    QString text(const char *label)
    {
        auto *found = seen<QLabel>(page(), QLatin1String(label));
        return found ? found->text() : QString();
    }
    void go(const char *key, const QString &id = {})
    {
        m_window->goTo(QLatin1String(key), id);
        QTRY_COMPARE(m_window->window().currentKey(), QLatin1String(key));
        QTRY_VERIFY(m_window->window().isReady());
    }
    void press(const QString &button)
    {
        auto *found = seen<QAbstractButton>(page(), button);
        QVERIFY2(found, qPrintable(button));
        QTest::mouseClick(found, Qt::LeftButton);
    }
    /// The rows of one card of the overview.
    QList<ui::LinkRow *> rows(const char *card)
    {
        QList<ui::LinkRow *> shown;
        auto *found = page()->findChild<QWidget *>(QLatin1String(card));
        for (ui::LinkRow *row : found ? found->findChildren<ui::LinkRow *>() : QList<ui::LinkRow *>()) {
            if (row->isVisible())
                shown << row;
        }
        return shown;
    }
    QString tile(const char *name)
    {
        auto *found = seen<ui::StatTile>(page(), QStringLiteral("tile-") + QLatin1String(name));
        return found ? found->accessibleName() : QString();
    }
    /// Number of the run that is selected; 0: none.
    int currentRun()
    {
        auto *list = page()->findChild<QListView *>(QStringLiteral("list"));
        return list ? list->currentIndex().data(app::IdRole).toInt() : 0;
    }
    void chooseTab(const QString &title)
    {
        auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
        QVERIFY(tabs);
        for (int tab = 0; tab < tabs->count(); ++tab) {
            if (tabs->tabText(tab) == title)
                tabs->setCurrentIndex(tab);
        }
        QCOMPARE(tabs->tabText(tabs->currentIndex()), title);
    }

private slots:
    void init()
    {
        m_window = std::make_unique<TestWindow>();
        const QByteArray test = QTest::currentTestFunction();
        if (!test.startsWith("empty"))
            QCOMPARE(fillActivity(m_window->file(QStringLiteral("test.gatehouse"))), QString());
        QVERIFY(m_window->open());
    }
    void cleanup() { m_window.reset(); }

    void overviewCountsAndLeadsOn();
    void overviewSaysWhatNeedsAttention();
    void overviewTrendIsWalkedByKeys();
    void runsAreFilteredByStatus();
    void runsAreSearched();
    void aRunTellsWhyItFailed();
    void aRunTellsWhatTheGuardSaid();
    void resultsShowFailuresFirst();
    void resultsAreFilteredByTile();
    void aRunIsOpenedByNumber();
    void summaryIsCopied();
    void auditReadsOnAndSearches();
    void auditSeesWhatIsDoneNow();
    void emptyOverviewLeadsThroughTheFirstSteps();
    void emptyRunsAndAuditSayWhatTheyAreFor();
};

void Activity::overviewCountsAndLeadsOn()
{
    go("overview");
    QTRY_COMPARE(tile("users"), QStringLiteral("Users 40"));
    QCOMPARE(tile("enabled"), QStringLiteral("Enabled 36"));
    QCOMPARE(tile("groups"), QStringLiteral("Groups 5"));
    QCOMPARE(tile("gateways"), QStringLiteral("Gateways 1"));
    QTRY_COMPARE(tile("lastRun"), QStringLiteral("Last run just now"));
    QTRY_COMPARE(rows("lastRuns").size(), 4);
    QTRY_COMPARE(rows("gatewayStates").size(), 1);
    QVERIFY(!seen<QWidget>(page(), QStringLiteral("firstSteps")));

    press(QStringLiteral("tile-lastRun"));
    QTRY_COMPARE(m_window->window().currentKey(), QStringLiteral("runs"));
    QTRY_COMPARE(currentRun(), 4);
    go("overview");
    rows("gatewayStates").first()->click();
    QTRY_COMPARE(m_window->window().currentKey(), QStringLiteral("gateways"));
}

void Activity::overviewSaysWhatNeedsAttention()
{
    go("overview");
    QTRY_COMPARE(rows("attention").size(), 2);
    QVERIFY(rows("attention").first()->text().contains(QStringLiteral("2 people could not be provisioned")));
    QVERIFY(rows("attention").last()->text().contains(QStringLiteral("Untrusted certificates")));
    QCOMPARE(rows("attention").first()->accessibleDescription(), QStringLiteral("Show run"));
    ui::LinkRow *row = rows("attention").first();
    row->setFocus();
    QTest::keyClick(row, Qt::Key_Space);
    QTRY_COMPARE(m_window->window().currentKey(), QStringLiteral("runs"));
    QTRY_COMPARE(text("detailsTitle"), QStringLiteral("Staff in"));
}

void Activity::overviewTrendIsWalkedByKeys()
{
    go("overview");
    auto *trend = page()->findChild<ui::RunTrend *>();
    QTRY_COMPARE(trend->barCount(), 4);
    trend->setFocus();
    QTest::keyClick(trend, Qt::Key_Home);
    QVERIFY(trend->accessibleName().contains(QStringLiteral("40 created")));
    QTest::keyClick(trend, Qt::Key_Right);
    QVERIFY(trend->accessibleName().contains(QStringLiteral("Failed")));
    QTest::keyClick(trend, Qt::Key_End);
    QVERIFY(trend->accessibleName().contains(QStringLiteral("2 failed")));
    QTest::keyClick(trend, Qt::Key_Left);
    QVERIFY(trend->accessibleName().contains(QStringLiteral("Stopped")));
    QTest::keyClick(trend, Qt::Key_Return);
    QTRY_COMPARE(m_window->window().currentKey(), QStringLiteral("runs"));
    QTRY_COMPARE(currentRun(), 3);
}

void Activity::runsAreFilteredByStatus()
{
    go("runs");
    QTRY_COMPARE(text("count"), QStringLiteral("4 runs"));
    auto *list = seen<QListView>(page(), QStringLiteral("list"));
    QCOMPARE(list->model()->index(0, 0).data(app::StateTextRole).toString(), QStringLiteral("Some failed"));
    const struct {
        const char *chip;
        const char *words;
        int rows;
    } cases[] = {{"succeeded", "Succeeded 1", 1}, {"partial", "Some failed 1", 1}, {"failed", "Failed 1", 1},
                 {"stopped", "Stopped 1", 1},     {"all", "All 4", 4}};
    for (const auto &each : cases) {
        auto *chip = seen<QPushButton>(page(), QStringLiteral("chip-") + QLatin1String(each.chip));
        QVERIFY(chip);
        QCOMPARE(chip->text(), QLatin1String(each.words));
        chip->click();
        QCOMPARE(list->model()->rowCount(), each.rows);
    }
    press(QStringLiteral("chip-stopped"));
    QCOMPARE(text("count"), QStringLiteral("1 of 4 runs"));
    QVERIFY(m_window->window().currentPage()->escape());
    QTRY_COMPARE(text("count"), QStringLiteral("4 runs"));
}

void Activity::runsAreSearched()
{
    go("runs");
    QTRY_COMPARE(text("count"), QStringLiteral("4 runs"));
    m_window->window().currentPage()->focusSearch();
    QTest::keyClicks(seen<QLineEdit>(page(), QStringLiteral("search")), QStringLiteral("stopped"));
    QTRY_COMPARE(text("count"), QStringLiteral("1 of 4 runs"));
    QTest::keyClick(seen<QLineEdit>(page(), QStringLiteral("search")), Qt::Key_Escape);
    QTRY_COMPARE(text("count"), QStringLiteral("4 runs"));
    QTest::keyClicks(seen<QLineEdit>(page(), QStringLiteral("search")), QStringLiteral("no rule of that name"));
    QTRY_COMPARE(text("count"), QStringLiteral("0 of 4 runs"));
}

void Activity::aRunTellsWhyItFailed()
{
    go("runs", QStringLiteral("2"));
    QTRY_VERIFY(seen<ui::ErrorPanel>(page(), QStringLiteral("errorPanel")));
    QStringList words;
    for (const QLabel *label : seen<ui::ErrorPanel>(page(), QStringLiteral("errorPanel"))->findChildren<QLabel *>())
        words << label->text();
    const QString all = words.join(u'\n');
    QVERIFY2(all.contains(QStringLiteral("no server answered"), Qt::CaseInsensitive), qPrintable(all));
    QVERIFY2(all.contains(QStringLiteral("dc1.example.com:636")), qPrintable(all));
    QVERIFY2(all.contains(QStringLiteral("Check the host name, the port and the network.")), qPrintable(all));
}

void Activity::aRunTellsWhatTheGuardSaid()
{
    go("runs", QStringLiteral("3"));
    QTRY_COMPARE(tile("disable"), QStringLiteral("Disable 30"));
    const QList<ui::Note *> notes = page()->findChildren<ui::Note *>();
    const auto tripped = std::find_if(notes.begin(), notes.end(), [](const ui::Note *note) {
        return note->isVisible() && note->text().contains(QStringLiteral("30 people would be disabled or deleted"));
    });
    QVERIFY(tripped != notes.end());
}

void Activity::resultsShowFailuresFirst()
{
    go("runs", QStringLiteral("4"));
    QTRY_COMPARE(tile("create"), QStringLiteral("Create 5"));
    chooseTab(QStringLiteral("Results"));
    auto *table = seen<QTableView>(page(), QStringLiteral("steps"));
    if (!table)
        QTRY_VERIFY((table = seen<QTableView>(page(), QStringLiteral("steps"))));
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("failed"));
    QTRY_COMPARE(table->model()->index(0, 1).data().toString(), QStringLiteral("twice")); // read as it is looked at
    QVERIFY(table->model()->index(0, 3).data().toString().contains(QStringLiteral("Somebody else has this value")));
    table->setCurrentIndex(table->model()->index(0, 0));
    QTRY_VERIFY(seen<QWidget>(page(), QStringLiteral("stepDetails")));

    QTest::keyClicks(seen<QLineEdit>(page(), QStringLiteral("searchResults")), QStringLiteral("again"));
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QTRY_COMPARE(table->model()->index(0, 1).data().toString(), QStringLiteral("again"));
}

void Activity::resultsAreFilteredByTile()
{
    go("runs", QStringLiteral("1"));
    QTRY_COMPARE(tile("create"), QStringLiteral("Create 40"));
    press(QStringLiteral("tile-create"));
    QTRY_VERIFY(seen<QTableView>(page(), QStringLiteral("steps")));
    QAbstractItemModel *model = seen<QTableView>(page(), QStringLiteral("steps"))->model();
    QTRY_COMPARE(model->rowCount(), kPeople);
    QCOMPARE(text("resultCount"), QStringLiteral("40 results"));
    press(QStringLiteral("chip-failed"));
    QTRY_COMPARE(model->rowCount(), 0);
    press(QStringLiteral("chip-all"));
    QTRY_COMPARE(model->rowCount(), kPeople);
}

void Activity::aRunIsOpenedByNumber()
{
    go("runs");
    QTRY_COMPARE(text("count"), QStringLiteral("4 runs"));
    press(QStringLiteral("chip-stopped"));
    go("runs", QStringLiteral("2"));
    QCOMPARE(text("count"), QStringLiteral("4 runs"));
    QCOMPARE(currentRun(), 2);
    go("runs", QStringLiteral("Staff"));
    QCOMPARE(seen<QLineEdit>(page(), QStringLiteral("search"))->text(), QStringLiteral("Staff"));
}

void Activity::summaryIsCopied()
{
    go("runs", QStringLiteral("4"));
    QTRY_COMPARE(text("detailsTitle"), QStringLiteral("Staff in"));
    auto *more = seen<QToolButton>(page(), QStringLiteral("more"));
    QVERIFY(more);
    more->menu()->actions().last()->trigger();
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY2(copied.startsWith(QStringLiteral("Run 4 of Staff in: Some failed")), qPrintable(copied));
    QVERIFY2(copied.contains(QStringLiteral("2 failed, 5 created, 3 updated")), qPrintable(copied));
}

void Activity::auditReadsOnAndSearches()
{
    go("audit");
    auto *table = seen<QTableView>(page(), QStringLiteral("audit"));
    QVERIFY(table);
    QTRY_COMPARE(table->model()->rowCount(), app::AuditList::kPage);
    for (int page = 0; page < 5 && table->model()->rowCount() < kEvents; ++page) {
        const int before = table->model()->rowCount();
        table->scrollToBottom();
        QTRY_VERIFY(table->model()->rowCount() > before);
    }
    QCOMPARE(table->model()->rowCount(), kEvents);
    QTRY_COMPARE(text("count"), QStringLiteral("450 events"));

    m_window->window().currentPage()->focusSearch();
    QTest::keyClicks(seen<QLineEdit>(page(), QStringLiteral("search")), QStringLiteral("zimmer"));
    QTRY_COMPARE(text("count"), QStringLiteral("1 event found"));
    QCOMPARE(table->model()->index(0, app::AuditList::What).data().toString(), QStringLiteral("User deleted"));
    QTest::keyClick(seen<QLineEdit>(page(), QStringLiteral("search")), Qt::Key_Down);
    QTRY_VERIFY(seen<QWidget>(page(), QStringLiteral("auditEvent")));
    m_window->window().currentPage()->escape();
    QVERIFY(!seen<QWidget>(page(), QStringLiteral("auditEvent")));
    seen<QLineEdit>(page(), QStringLiteral("search"))->setText(QStringLiteral("nobody did this"));
    QTRY_VERIFY(seen<QPushButton>(page(), QStringLiteral("emptyAction")));
    press(QStringLiteral("emptyAction"));
    QTRY_COMPARE(table->model()->rowCount(), app::AuditList::kPage);
}

void Activity::auditSeesWhatIsDoneNow()
{
    go("audit");
    auto *table = seen<QTableView>(page(), QStringLiteral("audit"));
    QTRY_COMPARE(table->model()->rowCount(), app::AuditList::kPage);
    table->setCurrentIndex(table->model()->index(3, 0));
    const qint64 chosen = table->currentIndex().data(app::IdRole).toLongLong();
    bool done = false;
    m_window->console().write<core::Result<void>>(
        this,
        [](store::Environment &environment) {
            return environment.audit().record(QStringLiteral("group.create"), QStringLiteral("Night shift"));
        },
        app::Console::Touched::Groups, [&done](const core::Result<void> &result) { done = result.has_value(); });
    QTRY_VERIFY(done);
    QTRY_COMPARE(table->model()->index(0, app::AuditList::What).data().toString(), QStringLiteral("Group created"));
    // What was being read stays chosen, one row further down.
    QTRY_COMPARE(table->currentIndex().row(), 4);
    QCOMPARE(table->currentIndex().data(app::IdRole).toLongLong(), chosen);
}

void Activity::emptyOverviewLeadsThroughTheFirstSteps()
{
    go("overview");
    QTRY_VERIFY(seen<ui::FirstStepsCard>(page(), QStringLiteral("firstSteps")));
    auto *steps = seen<ui::FirstStepsCard>(page(), QStringLiteral("firstSteps"));
    QCOMPARE(steps->current(), int(ui::FirstStepsCard::Gateway));
    QVERIFY(seen<QPushButton>(page(), QStringLiteral("step-0")));
    QVERIFY(!seen<QPushButton>(page(), QStringLiteral("step-1")));
    QVERIFY(tile("users").isEmpty());

    // With the gateway there, the connection is next, and the numbers appear.
    bool saved = false;
    m_window->console().changeConfiguration(
        this,
        [](core::Configuration &configuration) {
            configuration.gateways = tests::sampleConfiguration().gateways;
        },
        [&saved](const app::Console::SaveAnswer &answer) { saved = answer.has_value(); });
    QTRY_VERIFY(saved);
    QTRY_COMPARE(steps->current(), int(ui::FirstStepsCard::Connection));
    QVERIFY(seen<QPushButton>(page(), QStringLiteral("step-1")));
    QTRY_COMPARE(tile("gateways"), QStringLiteral("Gateways 1"));

    saved = false;
    m_window->console().changeConfiguration(
        this, [](core::Configuration &configuration) { configuration = tests::sampleConfiguration(); },
        [&saved](const app::Console::SaveAnswer &answer) { saved = answer.has_value(); });
    QTRY_VERIFY(saved);
    QTRY_COMPARE(steps->current(), int(ui::FirstStepsCard::Preview));
    press(QStringLiteral("step-3"));
    QTRY_COMPARE(m_window->window().currentKey(), QStringLiteral("provisioning"));
}

void Activity::emptyRunsAndAuditSayWhatTheyAreFor()
{
    go("runs");
    QTRY_COMPARE(text("count"), QStringLiteral("0 runs"));
    QVERIFY(seen<QPushButton>(page(), QStringLiteral("emptyAction")));
    go("audit");
    QTRY_VERIFY(seen<QPushButton>(page(), QStringLiteral("emptyAction")));
    QCOMPARE(text("count"), QStringLiteral("0 events"));
    press(QStringLiteral("emptyAction"));
    QTRY_COMPARE(m_window->window().currentKey(), QStringLiteral("runs"));
}

WINDOW_TEST(Activity)
#include "tst_activity.moc"
