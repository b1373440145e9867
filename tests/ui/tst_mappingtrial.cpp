// SPDX-License-Identifier: GPL-3.0-or-later
//
// A mapping tried on everybody in scope and on chosen people while it is edited, over a real directory; and what is saved
// plans what was shown.
#include "tests/ui/mappingwindow.h"

#include "app/provisioning/everybodytable.h"
#include "store/environment.h"
#include "store/identities.h"
#include "tests/support/testmain.h"
#include "ui/widgets/note.h"

#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>

using namespace gatehouse;
using namespace gatehouse::test;
using app::EverybodyTable;
using app::MappingTable;

class MappingTrialTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m = std::make_unique<MappingWindow>();
        QVERIFY(m->begin());
    }
    void cleanupTestCase() { m.reset(); }

    void countsEverybody();
    void takesAnotherSample();
    void whatIsSavedPlansTheSame();
    void honoursWhenItIsWritten();
    void saysThatTheDirectoryIsAway();
    void isTheSameInTheWizard();

private:
    std::unique_ptr<MappingWindow> m;
};

void MappingTrialTest::countsEverybody()
{
    m->beginEditing();
    auto *counts = seen<QTableView>(m->page(), QStringLiteral("everybodyTable"));
    QVERIFY(counts);
    const auto count = [&](const QString &target, int column) -> qint64 {
        for (int row = 0; row < counts->model()->rowCount(); ++row) {
            if (counts->model()->index(row, EverybodyTable::Target).data(app::IdRole).toString() == target)
                return counts->model()->index(row, column).data(EverybodyTable::CountRole).toLongLong();
        }
        return -1;
    };
    QTRY_COMPARE_WITH_TIMEOUT(count(QStringLiteral("email"), EverybodyTable::Blank), 2, kLong);
    QTRY_COMPARE(count(QStringLiteral("username"), EverybodyTable::Changed), kMappedPeople + 3);
    QCOMPARE(count(QStringLiteral("username"), EverybodyTable::Colliding), 0);
    QTRY_VERIFY(seen<QLabel>(m->page(), QStringLiteral("everybodyState"))->text().contains(QString::number(kMappedPeople + 3)));
    QTRY_VERIFY(seen<ui::Note>(m->page(), QStringLiteral("everybodyWarning"))->text().startsWith(QStringLiteral("Everybody gets")));

    // An edit counts anew: two people called Guest share a username, and both are to be found.
    m->typeSource(QStringLiteral("username"), QStringLiteral("cn"));
    QTRY_COMPARE_WITH_TIMEOUT(count(QStringLiteral("username"), EverybodyTable::Colliding), 2, kLong);
    QTRY_VERIFY(seen<ui::Note>(m->page(), QStringLiteral("everybodyWarning"))->text().contains(QStringLiteral("2 people")));
    auto *worst = seen<QListView>(m->page(), QStringLiteral("worstPeople"));
    QTRY_COMPARE(worst->model()->rowCount(), 1);
    auto *values = seen<QListView>(m->page(), QStringLiteral("frequentValues"));
    QTRY_COMPARE(values->model()->index(0, 0).data().toString(), QStringLiteral("Guest"));
    m->shoot(QStringLiteral("mapping-warning"));
    seen<QPushButton>(m->page(), QStringLiteral("everybodyLink"))->click();
    m->shoot(QStringLiteral("mapping-everybody"));
    // The worst one becomes the sample.
    worst->setFocus();
    worst->setCurrentIndex(worst->model()->index(0, 0));
    QTest::keyClick(worst, Qt::Key_Return);
    QTRY_COMPARE(seen<QLineEdit>(m->page(), QStringLiteral("sampleSearch"))->text(), QStringLiteral("Guest"));
    QTRY_COMPARE(m->after(QStringLiteral("username")), QStringLiteral("Guest"));
    m->endEditing("cancel");
}

void MappingTrialTest::takesAnotherSample()
{
    m->beginEditing();
    auto *search = seen<QLineEdit>(m->page(), QStringLiteral("sampleSearch"));
    search->setFocus();
    search->selectAll();
    QTest::keyClicks(search, QStringLiteral("zoe"));
    QAbstractItemView *popup = search->completer()->popup();
    QTRY_VERIFY_WITH_TIMEOUT(popup->isVisible() && popup->model()->rowCount() == 1, kLong);
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(m->after(QStringLiteral("name.family")), QStringLiteral("Müller, Jr."), kLong);
    QCOMPARE(m->after(QStringLiteral("notes")), QStringLiteral("one, two")); // every value
    QVERIFY(seen<QLabel>(m->page(), QStringLiteral("sampleDn"))->text().contains(QStringLiteral("Zoë")));
    m->endEditing("cancel");
}

void MappingTrialTest::whatIsSavedPlansTheSame()
{
    m->beginEditing();
    m->typeSource(QStringLiteral("title"), QStringLiteral("title + ', ' + l"));
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer, Berlin"));
    const QString formatted = m->after(QStringLiteral("name.formatted"));
    m->endEditing("save");
    QTRY_COMPARE_WITH_TIMEOUT(
        m->window().configuration().rule(QStringLiteral("Staff in"))->mappings.users.at(5).expression,
        QStringLiteral("title + ', ' + l"), kLong);

    QSignalSpy finished(&m->window().console().engine(), &provision::Engine::jobFinished);
    provision::RunRequest request;
    request.rule = QStringLiteral("Staff in");
    request.apply = true;
    m->window().console().engine().start(request);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kLong);
    const auto outcome = finished.first().at(1).value<provision::RunOutcome>();
    QVERIFY(outcome.counts.users.create >= kMappedPeople);
    auto environment = store::Environment::open(m->window().console().environmentPath(), store::Environment::Access::ReadOnly);
    QVERIFY(environment);
    const auto user = (*environment)->identities().userByKey(QStringLiteral("user.0"));
    QVERIFY(user);
    const auto value = [&](const char *name) { return user->values.text((*environment)->catalog()->find(QString::fromLatin1(name))); };
    QCOMPARE(value("title"), QStringLiteral("Engineer, Berlin"));
    QCOMPARE(value("name.formatted"), formatted);
}

void MappingTrialTest::honoursWhenItIsWritten()
{
    // They are users now: an edit shows what would change, and what would not.
    m->beginEditing();
    QTRY_COMPARE_WITH_TIMEOUT(m->verdict(), QStringLiteral("No change"), kLong);
    m->typeSource(QStringLiteral("title"), QStringLiteral("l"));
    const QModelIndex shown = m->cell(QStringLiteral("title"), MappingTable::Check);
    QTRY_COMPARE(shown.data(app::AfterRole).toString(), QStringLiteral("Berlin"));
    QCOMPARE(shown.data(app::BeforeRole).toString(), QStringLiteral("Engineer, Berlin"));
    m->typeSource(QStringLiteral("name.formatted"), QStringLiteral("displayName + ' (' + uid + ')'"));
    QTRY_COMPARE(m->verdict(), QStringLiteral("2 changes"));
    m->shoot(QStringLiteral("mapping-update"));
    m->view()->setCurrentIndex(m->cell(QStringLiteral("title"), MappingTable::When));
    QTest::keyClick(m->view(), Qt::Key_F2);
    auto *when = seen<QComboBox>(m->view(), QStringLiteral("whenEditor"));
    QVERIFY(when);
    QVERIFY(choose(when, MappingTable::whenText(core::MappingWhen::OnCreate)));
    QTest::keyClick(when, Qt::Key_Return);
    QTRY_VERIFY(shown.data(MappingTable::NoteRole).toString().startsWith(QStringLiteral("On creation only")));
    QCOMPARE(shown.data(app::AfterRole).toString(), QStringLiteral("Engineer, Berlin"));
    m->endEditing("cancel");
}

void MappingTrialTest::saysThatTheDirectoryIsAway()
{
    m->slapd().stop();
    m->showTab();
    seen<QToolButton>(m->page(), QStringLiteral("edit"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(seen<QWidget>(m->page(), QStringLiteral("sampleError")), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(seen<QWidget>(m->page(), QStringLiteral("everybodyError")), kLong);
    QVERIFY(!m->table()->isPreviewing()); // the check stands there instead
    QVERIFY(!m->table()->index(0, MappingTable::Check).data().toString().isEmpty());
    m->shoot(QStringLiteral("mapping-away"));
    QVERIFY2(m->slapd().start(), qPrintable(m->slapd().errorText()));
    QPushButton *retry = seen<QPushButton>(seen<QWidget>(m->page(), QStringLiteral("sampleError")), QStringLiteral("retry"));
    QVERIFY(retry);
    retry->click();
    QTRY_VERIFY_WITH_TIMEOUT(m->table()->isPreviewing(), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(!seen<QWidget>(m->page(), QStringLiteral("everybodyError")), kLong);
    m->endEditing("cancel");
}

void MappingTrialTest::isTheSameInTheWizard()
{
    m->window().goTo(QStringLiteral("provisioning"), QStringLiteral("+rule"));
    QTRY_VERIFY(m->window().dialog(QStringLiteral("wizard")));
    QWidget *wizard = m->window().dialog(QStringLiteral("wizard"));
    const auto next = [&] { seen<QPushButton>(wizard, QStringLiteral("next"))->click(); };
    next();
    next();
    type(seen<QLineEdit>(wizard, QStringLiteral("name")), QStringLiteral("Guests in"));
    next();
    type(seen<QLineEdit>(wizard, QStringLiteral("baseDn")), m->slapd().baseDn());
    auto *filter = seen<QPlainTextEdit>(wizard, QStringLiteral("filterText"));
    filter->setFocus();
    QTest::keyClicks(filter, QStringLiteral("(uid=guest.*)"));
    next();
    // The sample is one of those whom the new rule would read.
    auto *mappings = seen<QTableView>(wizard, QStringLiteral("mappings"));
    QVERIFY(mappings);
    QTRY_COMPARE_WITH_TIMEOUT(mappings->model()->index(0, MappingTable::Check).data(app::AfterRole).toString(),
                              QStringLiteral("guest.1"), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(seen<QLabel>(wizard, QStringLiteral("everybodyState"))->text().contains(QStringLiteral("2 people")), kLong);
    for (const bool dark : {false, true}) {
        m->window().theme().setAppearance(dark ? ui::Appearance::Dark : ui::Appearance::Light);
        TestWindow::shoot(wizard, dark ? QStringLiteral("mapping-wizard-dark") : QStringLiteral("mapping-wizard-light"));
    }
    m->window().theme().setAppearance(ui::Appearance::Light);
    seen<QPushButton>(wizard, QStringLiteral("cancel"))->click();
    QTRY_VERIFY(m->window().dialog(QStringLiteral("ask")) || !m->window().dialog());
    if (QWidget *ask = m->window().dialog(QStringLiteral("ask")))
        seen<QPushButton>(ask, QStringLiteral("confirm"))->click();
}

WINDOW_TEST(MappingTrialTest)
#include "tst_mappingtrial.moc"
