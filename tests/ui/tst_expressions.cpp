// SPDX-License-Identifier: GPL-3.0-or-later
//
// Build and Test Expression over a real directory, by keyboard: a sample by search, an expression by completion alone,
// faults where they are, JSON, documentation, and an expression that would hang a lesser window.
#include "tests/support/slapd.h"
#include "tests/support/testservers.h"
#include "tests/ui/windowtest.h"

#include "store/environment.h"
#include "store/identities.h"
#include "tests/support/testmain.h"
#include "ui/dialogs/expressiondialog.h"
#include "ui/editors/completionpopup.h"
#include "ui/editors/expressionbench.h"
#include "ui/editors/expressionfield.h"
#include "ui/editors/resultview.h"
#include "ui/editors/samplepanel.h"
#include "ui/pages/expressions/expressionspage.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTextBrowser>

#include <ctime>

using namespace gatehouse;
using namespace gatehouse::test;
using ui::ExpressionDialog;

namespace {
constexpr int kLong = 20'000;
const char kPerson[] = "uid=user.3,ou=people,dc=example,dc=com";
} // namespace

class ExpressionsWindowTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_slapd = std::make_unique<Slapd>();
        QVERIFY2(m_slapd->load(Slapd::people(30)) && m_slapd->start(), qPrintable(m_slapd->errorText()));
        m_theme = std::make_unique<ui::Theme>(*qApp);
        m_theme->setAppearance(ui::Appearance::Light);
    }
    void cleanup()
    {
        m_dialog.reset();
        if (m_slapd)
            m_slapd->resume();
    }

    void samplesBySearch();
    void completionAlone();
    void popupKeys();
    void faultsAndSave();
    void warningsAndTarget();
    void valuesAndJson();
    void documentation();
    void hostileExpression();
    void keystrokeToResult();
    void worksWithoutAGateway();
    void unreachableDirectory();
    void unsavedIsAskedAbout();
    void thePage();

private:
    void open(const QString &expression, bool gateway = true);
    core::Gateway gateway() const
    {
        core::Gateway gateway;
        gateway.name = QStringLiteral("Lab");
        gateway.serversHostAndPort = {m_slapd->hostAndPort()};
        gateway.connectionSecurity = core::ConnectionSecurity::StartTls;
        gateway.caCertificateFile = m_slapd->caFile();
        gateway.bindDn = m_slapd->bindDn();
        gateway.bindPassword = {core::SecretReference::Kind::File, m_slapd->passwordFile()};
        return gateway;
    }
    ui::ExpressionEdit *edit() { return m_dialog->findChild<ui::ExpressionEdit *>(); }
    ui::ExpressionField *field() { return edit()->field(); }
    ui::CompletionPopup *popup() { return edit()->popup(); }
    ui::SamplePanel *sample() { return m_dialog->findChild<ui::SamplePanel *>(); }
    QString result() { return m_dialog->findChild<ui::ResultView *>()->valueText(); }
    template <typename T>
    T *child(const char *name) { return seen<T>(m_dialog.get(), QString::fromLatin1(name)); }
    void press(const char *button) { child<QPushButton>(button)->click(); }
    void keys(const char *text) { QTest::keyClicks(field(), QString::fromUtf8(text)); }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) { QTest::keyClick(field(), key, modifiers); }
    void completeWord(const char *letters);

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<ui::Theme> m_theme;
    std::unique_ptr<ExpressionDialog> m_dialog;
};

void ExpressionsWindowTest::open(const QString &expression, bool withGateway)
{
    ui::ExpressionSubject subject;
    subject.target = QStringLiteral("name.formatted");
    subject.catalog = std::make_shared<const core::AttributeCatalog>();
    if (withGateway)
        subject.gateway = gateway();
    subject.scope = {{"ou=people,dc=example,dc=com"}, "(objectClass=person)"};
    m_dialog = std::make_unique<ExpressionDialog>(subject, expression, nullptr);
    m_dialog->open();
    m_dialog->activateWindow();
    QVERIFY(QTest::qWaitForWindowExposed(m_dialog.get()));
    field()->setFocus();
}

void ExpressionsWindowTest::samplesBySearch()
{
    open(QStringLiteral("sn"));
    // Somebody is there at once, so that the first word has a result.
    QTRY_VERIFY_WITH_TIMEOUT(!result().isEmpty(), kLong);
    auto *search = child<QLineEdit>("sampleSearch");
    QVERIFY(search);
    search->setFocus();
    QTest::keyClicks(search, QStringLiteral("user.17"));
    auto *choices = m_dialog->findChild<QListView *>(QStringLiteral("sampleChoices"));
    QTRY_VERIFY_WITH_TIMEOUT(choices->isVisible() && choices->model()->rowCount() == 1, kLong);
    QTest::keyClick(search, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(result(), QStringLiteral("Name17"), kLong);
    QVERIFY(!choices->isVisible());
    QVERIFY(sample()->title().startsWith(QStringLiteral("uid=user.17,")));
    QCOMPARE(child<QLabel>("resultStored")->text(), QStringLiteral("Name17"));
    QVERIFY(child<QLabel>("resultTime")->text().contains(QStringLiteral("ms")));
}

/// Ctrl+Space, a few letters, Return.
void ExpressionsWindowTest::completeWord(const char *letters)
{
    key(Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(popup()->isVisible());
    keys(letters);
    QVERIFY(popup()->isVisible());
    key(Qt::Key_Return);
    QVERIFY(!popup()->isVisible());
}

void ExpressionsWindowTest::completionAlone()
{
    open({});
    m_dialog->showEntry(kPerson);
    QTRY_VERIFY_WITH_TIMEOUT(sample()->title() == QLatin1String(kPerson), kLong);
    completeWord("joi");
    QCOMPARE(edit()->text(), QStringLiteral("#string.join({}, ' ')"));
    QVERIFY2(child<QLabel>("parameterHint")->text().contains(QStringLiteral(">list</b>")), qPrintable(child<QLabel>("parameterHint")->text()));
    completeWord("giv");
    completeWord(""); // the comma is the first thing that can follow
    completeWord("sn");
    QCOMPARE(edit()->text(), QStringLiteral("#string.join({givenName, sn}, ' ')"));
    QTRY_COMPARE_WITH_TIMEOUT(result(), QStringLiteral("Given3 Name3"), kLong);
    QCOMPARE(child<QLabel>("resultStored")->text(), QStringLiteral("Given3 Name3"));
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-good"));
    press("testExpression");
    auto *steps = m_dialog->findChild<QTableView *>(QStringLiteral("resultSteps"));
    QTRY_COMPARE(steps->model()->rowCount(), 3);
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-steps"));
    m_theme->setAppearance(ui::Appearance::Dark);
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-good-dark"));
    m_theme->setAppearance(ui::Appearance::Light);
    QSignalSpy accepted(m_dialog.get(), &QDialog::accepted);
    press("save");
    QCOMPARE(accepted.size(), 1);
    QCOMPARE(m_dialog->expression(), QStringLiteral("#string.join({givenName, sn}, ' ')"));
}

void ExpressionsWindowTest::popupKeys()
{
    open({});
    keys("#string.");
    QVERIFY(popup()->isVisible()); // by itself, after a dot
    QVERIFY(popup()->model().at(0).name.startsWith(QStringLiteral("#string.")));
    TestWindow::shoot(popup(), QStringLiteral("expression-completions"));
    key(Qt::Key_Down);
    QCOMPARE(popup()->currentRow(), 1);
    QVERIFY(field()->accessibleDescription().startsWith(popup()->model().at(1).name));
    key(Qt::Key_Up);
    key(Qt::Key_Escape);
    QVERIFY(!popup()->isVisible());
    QVERIFY(m_dialog->isVisible());
    keys("tri");
    QVERIFY(popup()->isVisible());
    key(Qt::Key_Tab);
    QCOMPARE(edit()->text(), QStringLiteral("#string.trim()"));
    key(Qt::Key_Return); // never a line break
    QCOMPARE(edit()->text(), QStringLiteral("#string.trim()"));
    keys("'giv");
    QVERIFY(!popup()->isVisible()); // not inside of a text
    QTest::keyClick(field(), Qt::Key_Tab);
    QVERIFY(!field()->hasFocus());
}

void ExpressionsWindowTest::faultsAndSave()
{
    open(QStringLiteral("sn + "));
    QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>("expressionFault"), kLong);
    const QString fault = child<QLabel>("expressionFault")->text();
    QVERIFY2(fault.startsWith(QStringLiteral("At character ")), qPrintable(fault));
    QCOMPARE(field()->accessibleDescription(), fault);
    QVERIFY(!field()->extraSelections().isEmpty());
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-fault"));
    m_theme->setAppearance(ui::Appearance::Dark);
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-fault-dark"));
    m_theme->setAppearance(ui::Appearance::Light);
    QSignalSpy accepted(m_dialog.get(), &QDialog::accepted);
    press("save");
    QVERIFY(accepted.isEmpty() && m_dialog->isVisible());
    QVERIFY(child<QLabel>("refusal")->text().contains(QStringLiteral("At character ")));
    QVERIFY(field()->hasFocus());
    field()->moveCursor(QTextCursor::End);
    keys("'!'");
    QTRY_VERIFY(!child<QLabel>("expressionFault"));
    QVERIFY(child<QLabel>("refusal")->text().isEmpty());
    press("save");
    QCOMPARE(accepted.size(), 1);
}

void ExpressionsWindowTest::warningsAndTarget()
{
    open(QStringLiteral("{sn, givenName}"));
    m_dialog->showEntry(kPerson);
    QTRY_VERIFY_WITH_TIMEOUT(result().startsWith(u'['), kLong);
    QTRY_VERIFY(m_dialog->findChild<QLabel *>(QStringLiteral("resultKind"))->text().startsWith(QStringLiteral("list, length 2")));
    auto *note = m_dialog->findChild<QWidget *>(QStringLiteral("resultNote"));
    QVERIFY(note->isVisible());
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-warning"));
    m_theme->setAppearance(ui::Appearance::Dark);
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-warning-dark"));
    m_theme->setAppearance(ui::Appearance::Light);
    // An attribute that the schema does not have.
    edit()->setText(QStringLiteral("givenNam"));
    QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>("expressionFault"), kLong);
    QVERIFY2(child<QLabel>("expressionFault")->text().contains(QStringLiteral("givenName")), qPrintable(child<QLabel>("expressionFault")->text()));
    // Too long for the target: refused in words.
    edit()->setText(QStringLiteral("#regex.replaceAll('aaaaaaaaaaaaaaaaaaaa', 'a', '0123456789ABCDEF')"));
    QTRY_VERIFY(child<QLabel>("resultStored")->text().contains(QStringLiteral("refused")));
    QVERIFY(note->isVisible());
}

void ExpressionsWindowTest::valuesAndJson()
{
    open(QStringLiteral("sn"));
    m_dialog->showEntry(kPerson);
    QTRY_COMPARE_WITH_TIMEOUT(result(), QStringLiteral("Name3"), kLong);
    press("editJson");
    auto *json = child<QPlainTextEdit>("sampleJson");
    QVERIFY(json);
    QVERIFY(json->toPlainText().contains(QStringLiteral("\"sn\": \"Name3\"")));
    json->setPlainText(json->toPlainText().replace(QStringLiteral("\"Name3\""), QStringLiteral("\"Müller\"")));
    QTRY_COMPARE(result(), QStringLiteral("Müller"));
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-json"));
    const QString good = json->toPlainText();
    json->setPlainText(QStringLiteral("{\n \"sn\": \n}"));
    QVERIFY2(child<QLabel>("jsonFault")->text().contains(QStringLiteral("line 3")), qPrintable(child<QLabel>("jsonFault")->text()));
    press("editJson"); // what is written is not thrown away
    QVERIFY(sample()->isJson());
    json->setPlainText(good);
    QVERIFY(!child<QLabel>("jsonFault"));
    press("editJson");
    auto *table = child<QTableView>("sampleValues");
    QVERIFY(table);
    int row = -1;
    for (int i = 0; i < table->model()->rowCount(); ++i) {
        if (table->model()->index(i, 0).data().toString() == QStringLiteral("sn"))
            row = i;
    }
    QVERIFY(row >= 0);
    QCOMPARE(table->model()->index(row, 1).data().toString(), QStringLiteral("Müller"));
    QVERIFY(table->model()->setData(table->model()->index(row, 1), QStringLiteral("Okafor")));
    QTRY_COMPARE(result(), QStringLiteral("Okafor"));
}

void ExpressionsWindowTest::documentation()
{
    open({});
    press("viewDocumentation");
    auto *search = child<QLineEdit>("referenceSearch");
    QVERIFY(search && search->hasFocus());
    QTest::keyClicks(search, QStringLiteral("substring"));
    auto *list = child<QListView>("referenceList");
    QTRY_COMPARE(list->currentIndex().data().toString(), QStringLiteral("#string.substring(text, start, end)"));
    auto *text = child<QTextBrowser>("referenceText");
    QVERIFY(text->toPlainText().contains(QStringLiteral("\"input\"")));
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-documentation"));
    press("referenceInsert");
    QCOMPARE(edit()->text(), QStringLiteral("#string.substring()"));
    QVERIFY(field()->hasFocus());
    QCOMPARE(field()->cursorAt(), int(edit()->text().size()) - 1);
    // The hint leads to the same place.
    QVERIFY(child<QLabel>("parameterHint")->text().contains(QStringLiteral("href=\"#string.substring\"")));
}

void ExpressionsWindowTest::hostileExpression()
{
    open({});
    QElapsedTimer clock;
    qint64 longest = 0;
    const QString hostile = QStringLiteral("#regex.matches('%1!', '(a+)+$|(a|aa)+$|(a|a)*$')").arg(QString(300, u'a'));
    clock.start();
    edit()->setText(hostile);
    for (int i = 0; i < 20; ++i) {
        QElapsedTimer one;
        one.start();
        QTest::keyClick(field(), Qt::Key_Space);
        QCoreApplication::sendPostedEvents();
        longest = std::max(longest, one.elapsed());
    }
    QVERIFY2(longest < 100, qPrintable(QString::number(longest)));
    QTRY_VERIFY_WITH_TIMEOUT(edit()->answer(), kLong);
    QVERIFY(edit()->answer()->value || edit()->answer()->failure);
    // A sound one is answered again.
    edit()->setText(QStringLiteral("'well'"));
    QTRY_COMPARE_WITH_TIMEOUT(result(), QStringLiteral("well"), kLong);
}

void ExpressionsWindowTest::keystrokeToResult()
{
    open({});
    m_dialog->showEntry(kPerson);
    QTRY_VERIFY_WITH_TIMEOUT(sample()->title() == QLatin1String(kPerson), kLong);
    edit()->setText(QStringLiteral("#string.join({givenName, #string.upperCase(sn)}, ' ') + ' x"));
    QTRY_VERIFY(edit()->answer());
    QSignalSpy answered(edit(), &ui::ExpressionEdit::answered);
    // The processor's time, not the wall's: of a loaded machine others have most of that.
    std::vector<qint64> times;
    for (int i = 0; i < 50; ++i) {
        answered.clear();
        QElapsedTimer clock;
        clock.start();
        const std::clock_t began = std::clock();
        key(i % 2 ? Qt::Key_Backspace : Qt::Key_Apostrophe);
        while (answered.isEmpty() && clock.elapsed() < kLong)
            QTest::qWait(0);
        times.push_back(qint64(std::clock() - began) * 1'000'000'000 / CLOCKS_PER_SEC);
    }
    std::sort(times.begin(), times.end());
    const double median = double(times[times.size() / 2]) / 1e6;
    qInfo("keystroke to result: median %.2f ms, worst %.2f ms", median, double(times.back()) / 1e6);
    QVERIFY2(median < 16, qPrintable(QString::number(median)));
}

void ExpressionsWindowTest::worksWithoutAGateway()
{
    open(QStringLiteral("user.name.given"), false);
    QVERIFY(!child<QLineEdit>("sampleSearch"));
    press("editJson");
    child<QPlainTextEdit>("sampleJson")->setPlainText(QStringLiteral("{\"user\": {\"name\": {\"given\": \"Zoë\"}}}"));
    QTRY_COMPARE(result(), QStringLiteral("Zoë"));
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-by-hand"));
}

void ExpressionsWindowTest::unreachableDirectory()
{
    m_slapd->stop();
    open(QStringLiteral("'still' + 'here'"));
    QWidget *error = m_dialog->findChild<QWidget *>(QStringLiteral("errorPanel"));
    QTRY_VERIFY_WITH_TIMEOUT(error->isVisible(), kLong);
    QTRY_COMPARE(result(), QStringLiteral("stillhere"));
    TestWindow::shoot(m_dialog.get(), QStringLiteral("expression-unreachable"));
    QVERIFY(m_slapd->start());
    edit()->setText(QStringLiteral("sn"));
    for (QPushButton *button : error->findChildren<QPushButton *>()) {
        if (button->text().contains(QStringLiteral("again")))
            button->click();
    }
    QTRY_VERIFY_WITH_TIMEOUT(result().startsWith(QStringLiteral("Name")), kLong);
    QVERIFY(!error->isVisible());
}

void ExpressionsWindowTest::unsavedIsAskedAbout()
{
    open(QStringLiteral("sn"));
    QSignalSpy rejected(m_dialog.get(), &QDialog::rejected);
    edit()->setText(QStringLiteral("sn + '!'"));
    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    QVERIFY(m_dialog->isVisible() && rejected.isEmpty());
    QDialog *question = nullptr;
    QTRY_VERIFY([&] {
        for (QDialog *dialog : m_dialog->findChildren<QDialog *>())
            question = dialog->isVisible() ? dialog : question;
        return question != nullptr;
    }());
    for (QPushButton *button : question->findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("&Discard"))
            button->click();
    }
    QTRY_COMPARE(rejected.size(), 1);
    m_dialog.reset();
    open(QStringLiteral("sn"));
    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    QVERIFY(!m_dialog->isVisible());
}

void ExpressionsWindowTest::thePage()
{
    TestWindow window;
    QVERIFY(window.open());
    bool saved = false;
    window.console().changeConfiguration(
        this,
        [this](core::Configuration &configuration) {
            core::Gateway lab = gateway();
            core::UserType people;
            people.name = QStringLiteral("People");
            people.searchBaseDn = QStringLiteral("ou=people,dc=example,dc=com");
            people.orderedCorrelationAttributes = {QStringLiteral("entryUUID")};
            lab.userTypes = {people};
            configuration.gateways = {lab};
        },
        [&](const app::Console::SaveAnswer &answer) { saved = answer.has_value(); });
    QTRY_VERIFY_WITH_TIMEOUT(saved, kLong);
    QTRY_VERIFY(window.console().configuration().gateway(QStringLiteral("Lab")));
    window.goTo(QStringLiteral("expressions"));
    auto *page = qobject_cast<ui::ExpressionsPage *>(window.window().currentPage());
    QVERIFY(page);
    ui::ExpressionEdit *written = page->bench()->edit();
    written->setText(QStringLiteral("#string.join({givenName, sn}, ' ')"));
    auto *value = page->findChild<ui::ResultView *>();
    QTRY_VERIFY_WITH_TIMEOUT(value->valueText().startsWith(QStringLiteral("Given")), kLong);
    QVERIFY(choose(page->findChild<QComboBox *>(QStringLiteral("expressionTarget")), QStringLiteral("Formatted Name")));
    QTRY_VERIFY(value->storedText().startsWith(QStringLiteral("Given")));
    TestWindow::shoot(&window.window(), QStringLiteral("expressions-page"));
    window.theme().setAppearance(ui::Appearance::Dark);
    window.window().resize(1024, 680);
    TestWindow::shoot(&window.window(), QStringLiteral("expressions-page-dark-small"));
    window.theme().setAppearance(ui::Appearance::Light);

    // Users of the identity directory, as an outbound rule reads them.
    core::User user;
    const core::AttributeCatalog &catalog = window.console().catalog();
    user.values.set(catalog.username(), QStringLiteral("zoe"));
    user.values.set(catalog.find(QStringLiteral("name.given")), QStringLiteral("Zoë"));
    bool made = false;
    QString problem;
    window.console().write<tl::expected<core::User, QList<core::Problem>>>(
        this,
        [user](store::Environment &environment) -> tl::expected<core::User, QList<core::Problem>> {
            core::User one = user;
            const auto populations = environment.identities().populations();
            one.population = populations && !populations->isEmpty() ? populations->constFirst().row : 0;
            return environment.identities().saveUser(one);
        },
        app::Console::Touched::Users,
        [&](const tl::expected<core::User, QList<core::Problem>> &answer) {
            made = answer.has_value();
            problem = answer ? QString() : answer.error().constFirst().message;
        });
    QTRY_VERIFY2_WITH_TIMEOUT(made, qPrintable(problem), kLong);
    QVERIFY(choose(page->findChild<QComboBox *>(QStringLiteral("sampleFrom")), QStringLiteral("Identity")));
    written->setText(QStringLiteral("user.name.given + ' of ' + #data.size(user.memberOfGroupNames)"));
    QTRY_COMPARE_WITH_TIMEOUT(value->valueText(), QStringLiteral("Zoë of 0"), kLong);
    QVERIFY(choose(page->findChild<QComboBox *>(QStringLiteral("sampleFrom")), QStringLiteral("By hand")));
    QTRY_VERIFY(seen<QWidget>(page, QStringLiteral("sampleValues")));
}

WINDOW_TEST(ExpressionsWindowTest)
#include "tst_expressions.moc"
