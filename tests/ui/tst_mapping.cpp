// SPDX-License-Identifier: GPL-3.0-or-later
//
// A rule's attribute mapping edited in the window over a real directory: what a row does to a sample person follows every
// keystroke, rows are ordered and refused beside their place, everybody in scope is counted, and what is saved plans
// what was shown.
#include "tests/support/slapd.h"
#include "tests/support/testservers.h"
#include "tests/ui/windowtest.h"

#include "app/provisioning/everybodytable.h"
#include "app/provisioning/mappingtable.h"
#include "store/environment.h"
#include "store/identities.h"
#include "ui/dialogs/expressiondialog.h"
#include "ui/editors/sourceedit.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/note.h"
#include "ui/widgets/stattile.h"

#include <QCompleter>
#include <QElapsedTimer>
#include <QLabel>
#include <QListView>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

using namespace gatehouse;
using namespace gatehouse::test;
using app::EverybodyTable;
using app::MappingTable;

namespace {

constexpr int kPeople = 40;
constexpr int kLong = 30'000;

} // namespace

class MappingTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();

    void readsBeforeItIsEdited();
    void showsTheSampleAtEveryKeystroke();
    void completesFromTheSchema();
    void addsASourceThatNobodyOffers();
    void movesRowsByKeyboard();
    void theGearBuildsAnExpression();
    void refusesATargetTwice();
    void pointsIntoAnExpression();
    void countsEverybody();
    void takesAnotherSample();
    void whatIsSavedPlansTheSame();
    void honoursWhenItIsWritten();
    void restoresDefaults();
    void saysThatTheDirectoryIsAway();
    void isTheSameInTheWizard();

private:
    QWidget *page() { return m_window->window().currentPage(); }
    QTableView *view() { return seen<QTableView>(page(), QStringLiteral("mappings")); }
    MappingTable *table() { return qobject_cast<MappingTable *>(view()->model()); }
    int rowOfTarget(const QString &name);
    QModelIndex cell(const QString &target, int column) { return table()->index(rowOfTarget(target), column); }
    QString after(const QString &target) { return cell(target, MappingTable::Check).data(app::AfterRole).toString(); }
    QLineEdit *sourceEditor() { return seen<QLineEdit>(view(), QStringLiteral("sourceEditor")); }
    void beginEditing();
    void endEditing(const char *button);
    /// Goes to the cell and types, as by hand; leaves it with Return.
    void typeSource(const QString &target, const QString &text);
    void shoot(const QString &name);

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<TestWindow> m_window;
};

void MappingTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    m_slapd = std::make_unique<Slapd>();
    QByteArray people = Slapd::people(kPeople);
    people += "dn: cn=Zo\xc3\xab M\xc3\xbcller\\, Jr.,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: zoe\n"
              "cn: Zo\xc3\xab M\xc3\xbcller, Jr.\nsn: M\xc3\xbcller, Jr.\ngivenName: Zo\xc3\xab\n"
              "displayName: Zo\xc3\xab M\xc3\xbcller, Jr.\nmail: zoe@example.com\ntitle: Principal Engineer\n"
              "description: one\ndescription: two\n\n";
    // Nobody has a mail address here, and both share a name.
    people += "dn: uid=guest.1,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: guest.1\ncn: Guest\nsn: Guest\n\n";
    people += "dn: uid=guest.2,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: guest.2\ncn: Guest\nsn: Guest\n\n";
    QVERIFY2(m_slapd->load(people), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    m_window = std::make_unique<TestWindow>();
    QVERIFY(m_window->open());

    bool saved = false;
    m_window->console().changeConfiguration(
        this,
        [this](core::Configuration &configuration) {
            core::Population everybody;
            everybody.name = QStringLiteral("People");
            everybody.isDefault = true;
            configuration.populations = {everybody};
            core::AttributeDefinition notes;
            notes.name = QStringLiteral("notes");
            notes.displayName = QStringLiteral("Notes");
            notes.schemaType = core::SchemaType::Custom;
            notes.multiValued = true;
            configuration.attributes = {notes};
            core::Gateway gateway;
            gateway.name = QStringLiteral("Lab");
            gateway.serversHostAndPort = {m_slapd->hostAndPort()};
            gateway.connectionSecurity = core::ConnectionSecurity::None;
            gateway.bindDn = m_slapd->bindDn();
            gateway.bindPassword = {core::SecretReference::Kind::File, m_slapd->passwordFile()};
            configuration.gateways = {gateway};
            core::Connection connection;
            connection.name = QStringLiteral("Lab");
            connection.gateway = gateway.name;
            configuration.connections = {connection};
            core::Rule rule;
            rule.name = QStringLiteral("Staff in");
            rule.connection = connection.name;
            rule.baseDn = m_slapd->baseDn();
            rule.userOrganizationalUnits = {QStringLiteral("ou=people,dc=example,dc=com")};
            rule.attributeMappings = {
                {QStringLiteral("username"), QStringLiteral("uid"), {}, {}},
                {QStringLiteral("name.given"), QStringLiteral("givenName"), {}, {}},
                {QStringLiteral("name.family"), QStringLiteral("sn"), {}, {}},
                {QStringLiteral("name.formatted"), {}, QStringLiteral("#string.join({givenName, sn}, ' ')"), {}},
                {QStringLiteral("email"), QStringLiteral("mail"), {}, {}},
                {QStringLiteral("title"), QStringLiteral("title"), {}, {}},
                {QStringLiteral("notes"), QStringLiteral("description"), {}, {}},
                {QStringLiteral("enabled"), QStringLiteral("active"), {}, {}},
            };
            configuration.rules = {rule};
        },
        [&saved](const app::Console::SaveAnswer &answer) { saved = answer.has_value(); });
    QTRY_VERIFY_WITH_TIMEOUT(saved, kLong);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->configuration().rule(QStringLiteral("Staff in")), kLong);
}

void MappingTest::cleanupTestCase()
{
    m_window.reset();
    m_slapd.reset();
}

int MappingTest::rowOfTarget(const QString &name)
{
    const QList<core::AttributeMapping> &rows = table()->mappings();
    for (qsizetype row = 0; row < rows.size(); ++row) {
        if (rows.at(row).target == name)
            return int(row);
    }
    return -1;
}

void MappingTest::shoot(const QString &name)
{
    if (qEnvironmentVariableIsEmpty("SHOTS_DIR"))
        return;
    const QSize before = m_window->window().size();
    for (const bool dark : {false, true}) {
        m_window->theme().setAppearance(dark ? ui::Appearance::Dark : ui::Appearance::Light);
        for (const QSize &size : {QSize(1280, 800), QSize(1024, 680)}) {
            m_window->window().resize(size);
            TestWindow::shoot(&m_window->window(), QStringLiteral("%1-%2-%3").arg(name, dark ? QStringLiteral("dark") : QStringLiteral("light")).arg(size.width()));
        }
    }
    m_window->theme().setAppearance(ui::Appearance::Light);
    m_window->window().resize(before);
}

void MappingTest::beginEditing()
{
    m_window->window().activateWindow(); // off screen, a popup that closed leaves no window active
    if (seen<QWidget>(page(), QStringLiteral("sampleBar")))
        return;
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("Staff in"));
    auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
    QVERIFY(tabs);
    for (int tab = 0; tab < tabs->count(); ++tab) {
        if (tabs->tabText(tab) == QStringLiteral("Attribute Mapping"))
            tabs->setCurrentIndex(tab);
    }
    seen<QToolButton>(page(), QStringLiteral("edit"))->click();
    QTRY_VERIFY(seen<QWidget>(page(), QStringLiteral("sampleBar")));
    QTRY_VERIFY_WITH_TIMEOUT(table()->isPreviewing(), kLong);
}

void MappingTest::endEditing(const char *button)
{
    auto *pressed = seen<QPushButton>(page(), QString::fromLatin1(button));
    QVERIFY(pressed);
    pressed->click();
    QTRY_VERIFY_WITH_TIMEOUT(!seen<QWidget>(page(), QStringLiteral("sampleBar")), kLong);
}

void MappingTest::typeSource(const QString &target, const QString &text)
{
    view()->setFocus();
    view()->setCurrentIndex(cell(target, MappingTable::Source));
    QTest::keyClick(view(), Qt::Key_F2);
    QTRY_VERIFY(sourceEditor());
    sourceEditor()->selectAll();
    QTest::keyClicks(sourceEditor(), text);
    if (QAbstractItemView *popup = sourceEditor()->completer()->popup(); popup->isVisible())
        popup->hide();
    QTest::keyClick(sourceEditor(), Qt::Key_Return);
    QTRY_VERIFY(!sourceEditor());
}

void MappingTest::readsBeforeItIsEdited()
{
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("Staff in"));
    auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
    tabs->setCurrentIndex(2);
    QVERIFY(view());
    QCOMPARE(table()->rowCount(), 8);
    QVERIFY(!table()->isPreviewing());
    QVERIFY(!(table()->index(0, MappingTable::Source).flags() & Qt::ItemIsEditable));
    QVERIFY(!seen<QWidget>(page(), QStringLiteral("sampleBar")));
    shoot(QStringLiteral("mapping-read"));
}

void MappingTest::showsTheSampleAtEveryKeystroke()
{
    beginEditing();
    // The first person of the directory is the sample, and nobody has to press anything.
    QTRY_COMPARE_WITH_TIMEOUT(after(QStringLiteral("username")), QStringLiteral("user.0"), kLong);
    QCOMPARE(after(QStringLiteral("name.formatted")), QStringLiteral("Given0 Name0"));
    QTRY_COMPARE(seen<ui::Badge>(page(), QStringLiteral("sampleVerdict"))->text(), QStringLiteral("Would be created"));
    shoot(QStringLiteral("mapping-good"));

    // By keyboard: to the cell, F2, and what is typed is shown before it is saved in the row.
    view()->setFocus();
    view()->setCurrentIndex(cell(QStringLiteral("title"), MappingTable::Target));
    QTest::keyClick(view(), Qt::Key_Right);
    QCOMPARE(view()->currentIndex().column(), int(MappingTable::Source));
    QTest::keyClick(view(), Qt::Key_F2);
    QTRY_VERIFY(sourceEditor());
    sourceEditor()->selectAll();
    QTest::keyClicks(sourceEditor(), QStringLiteral("title + ' of ' + l"));
    QTRY_COMPARE(after(QStringLiteral("title")), QStringLiteral("Engineer of Berlin"));
    QVERIFY(table()->mappings().at(rowOfTarget(QStringLiteral("title"))).expression.isEmpty());
    QTest::keyClicks(sourceEditor(), QStringLiteral(" + "));
    QTRY_COMPARE(cell(QStringLiteral("title"), MappingTable::Check).data(MappingTable::NoteRole).toString().section(u':', 0, 0),
                 QStringLiteral("Not yet"));
    QCOMPARE(after(QStringLiteral("name.given")), QStringLiteral("Given0")); // the others go on
    // Esc gives up what was typed, and the preview follows.
    QTest::keyClick(sourceEditor(), Qt::Key_Escape);
    QTRY_VERIFY(!sourceEditor());
    QTRY_COMPARE(after(QStringLiteral("title")), QStringLiteral("Engineer"));
}

void MappingTest::completesFromTheSchema()
{
    beginEditing();
    view()->setCurrentIndex(cell(QStringLiteral("title"), MappingTable::Source));
    QTest::keyClick(view(), Qt::Key_F2);
    QTRY_VERIFY(sourceEditor());
    sourceEditor()->selectAll();
    // No list of usual names has this one: the schema of this server does.
    QTest::keyClicks(sourceEditor(), QStringLiteral("roomn"));
    QAbstractItemView *popup = sourceEditor()->completer()->popup();
    QTRY_VERIFY(popup->isVisible());
    QCOMPARE(popup->model()->index(0, 0).data().toString(), QStringLiteral("roomNumber"));
    QVERIFY(!popup->model()->index(0, 0).data(app::SubtitleRole).toString().isEmpty());
    QTest::qWait(300); // it stays while somebody reads it
    QVERIFY(sourceEditor());
    QVERIFY(popup->isVisible());
    QTest::keyClick(popup, Qt::Key_Return); // the best one is taken already
    QTRY_COMPARE(sourceEditor()->text(), QStringLiteral("roomNumber"));
    QTest::keyClick(sourceEditor(), Qt::Key_Return);
    QTRY_COMPARE(table()->mappings().at(rowOfTarget(QStringLiteral("title"))).source, QStringLiteral("roomNumber"));
    QTRY_COMPARE(cell(QStringLiteral("title"), MappingTable::Check).data(MappingTable::NoteRole).toString(),
                 QStringLiteral("No value"));
    typeSource(QStringLiteral("title"), QStringLiteral("title"));
}

void MappingTest::addsASourceThatNobodyOffers()
{
    beginEditing();
    view()->setCurrentIndex(cell(QStringLiteral("title"), MappingTable::Source));
    QTest::keyClick(view(), Qt::Key_F2);
    QTRY_VERIFY(sourceEditor());
    sourceEditor()->selectAll();
    QTest::keyClicks(sourceEditor(), QStringLiteral("x-badge"));
    QAbstractItemView *popup = sourceEditor()->completer()->popup();
    QTRY_VERIFY(popup->isVisible());
    QCOMPARE(popup->model()->rowCount(), 1);
    QCOMPARE(popup->model()->index(0, 0).data().toString(), QStringLiteral("ADD:x-badge"));
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QTest::keyClick(sourceEditor(), Qt::Key_Return);
    QTRY_COMPARE(table()->mappings().at(rowOfTarget(QStringLiteral("title"))).source, QStringLiteral("x-badge"));
    typeSource(QStringLiteral("title"), QStringLiteral("title"));
}

void MappingTest::movesRowsByKeyboard()
{
    beginEditing();
    view()->setFocus();
    view()->setCurrentIndex(cell(QStringLiteral("name.given"), MappingTable::Target));
    QTest::keyClick(view(), Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(rowOfTarget(QStringLiteral("name.family")), 1);
    QCOMPARE(rowOfTarget(QStringLiteral("name.given")), 2);
    QCOMPARE(view()->currentIndex().row(), 2);
    QTRY_COMPARE(after(QStringLiteral("name.given")), QStringLiteral("Given0"));
    QTest::keyClick(view(), Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(rowOfTarget(QStringLiteral("name.given")), 1);
    // Nothing gets above what is required.
    QTest::keyClick(view(), Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(rowOfTarget(QStringLiteral("username")), 0);
    // By drag and drop: between two rows.
    std::unique_ptr<QMimeData> dragged(table()->mimeData({cell(QStringLiteral("email"), MappingTable::Target)}));
    table()->dropMimeData(dragged.get(), Qt::MoveAction, 1, 0, {});
    QCOMPARE(rowOfTarget(QStringLiteral("email")), 1);
    QCOMPARE(table()->rowCount(), 8);
    endEditing("cancel");
}

void MappingTest::theGearBuildsAnExpression()
{
    beginEditing();
    view()->setFocus();
    view()->setCurrentIndex(cell(QStringLiteral("title"), MappingTable::Source));
    QTest::keyClick(view(), Qt::Key_Right);
    QCOMPARE(view()->currentIndex().column(), int(MappingTable::Build));
    QTest::keyClick(view(), Qt::Key_Space);
    ui::ExpressionDialog *dialog = nullptr;
    QTRY_VERIFY((dialog = qobject_cast<ui::ExpressionDialog *>(m_window->dialog())));
    QCOMPARE(dialog->expression(), QStringLiteral("title"));
    auto *field = dialog->findChild<QPlainTextEdit *>(QStringLiteral("expressionText"));
    QVERIFY(field);
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("#string.toUpperCase(title)"));
    QTRY_COMPARE(dialog->expression(), QStringLiteral("#string.toUpperCase(title)"));
    auto *save = seen<QPushButton>(dialog, QStringLiteral("save"));
    QVERIFY(save);
    QTRY_VERIFY(save->isEnabled());
    save->click();
    QTRY_VERIFY(!m_window->dialog());
    QCOMPARE(table()->mappings().at(rowOfTarget(QStringLiteral("title"))).expression, QStringLiteral("#string.toUpperCase(title)"));
    QTRY_COMPARE(after(QStringLiteral("title")), QStringLiteral("ENGINEER"));
    endEditing("cancel");
}

void MappingTest::refusesATargetTwice()
{
    beginEditing();
    seen<QPushButton>(page(), QStringLiteral("addMapping"))->click();
    auto *combo = seen<QComboBox>(view(), QStringLiteral("targetEditor"));
    QVERIFY(combo);
    combo->lineEdit()->selectAll();
    QTest::keyClicks(combo->lineEdit(), QStringLiteral("Title"));
    QTest::keyClick(combo, Qt::Key_Return);
    const int row = table()->rowCount() - 1;
    QTRY_COMPARE(table()->mappings().at(row).target, QStringLiteral("title"));
    view()->setCurrentIndex(table()->index(row, MappingTable::Source));
    table()->setData(table()->index(row, MappingTable::Source), QStringLiteral("l"), Qt::EditRole);
    QTRY_VERIFY(table()->faultOf(row).contains(QStringLiteral("mapped twice")));
    QVERIFY(table()->faultOf(rowOfTarget(QStringLiteral("title"))).isEmpty()); // the first one is not to blame
    QVERIFY(view()->rowHeight(row) > view()->rowHeight(0)); // the reason stands under the row
    shoot(QStringLiteral("mapping-twice"));
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY(seen<QLabel>(page()->findChild<QWidget *>(QStringLiteral("field-attributeMappings")), QStringLiteral("error")));
    QVERIFY(seen<QWidget>(page(), QStringLiteral("sampleBar")));
    QCOMPARE(m_window->configuration().rule(QStringLiteral("Staff in"))->attributeMappings.size(), 8);
    endEditing("cancel");
}

void MappingTest::pointsIntoAnExpression()
{
    beginEditing();
    typeSource(QStringLiteral("name.formatted"), QStringLiteral("#string.join({givenName, sn, ' ')"));
    const QModelIndex source = cell(QStringLiteral("name.formatted"), MappingTable::Source);
    QTRY_VERIFY(source.data(MappingTable::FaultRole).isValid());
    QVERIFY(source.data(MappingTable::FaultOffsetRole).toInt() >= 0);
    QVERIFY(source.data(MappingTable::RowFaultRole).toString().startsWith(QStringLiteral("At character ")));
    typeSource(QStringLiteral("email"), QStringLiteral("cn"));
    QTRY_VERIFY(!cell(QStringLiteral("email"), MappingTable::Check).data(MappingTable::ProblemRole).toString().isEmpty());
    QTRY_COMPARE(seen<ui::Badge>(page(), QStringLiteral("sampleVerdict"))->text(), QStringLiteral("Cannot be provisioned"));
    shoot(QStringLiteral("mapping-faulty"));
    endEditing("cancel");
}

void MappingTest::countsEverybody()
{
    beginEditing();
    auto *counts = seen<QTableView>(page(), QStringLiteral("everybodyTable"));
    QVERIFY(counts);
    const auto count = [&](const QString &target, int column) -> qint64 {
        for (int row = 0; row < counts->model()->rowCount(); ++row) {
            if (counts->model()->index(row, EverybodyTable::Target).data(app::IdRole).toString() == target)
                return counts->model()->index(row, column).data(EverybodyTable::CountRole).toLongLong();
        }
        return -1;
    };
    QTRY_COMPARE_WITH_TIMEOUT(count(QStringLiteral("email"), EverybodyTable::Blank), 2, kLong);
    QTRY_COMPARE(count(QStringLiteral("username"), EverybodyTable::Changed), kPeople + 3);
    QCOMPARE(count(QStringLiteral("username"), EverybodyTable::Colliding), 0);
    QTRY_VERIFY(seen<QLabel>(page(), QStringLiteral("everybodyState"))->text().contains(QString::number(kPeople + 3)));
    QTRY_VERIFY(seen<ui::Note>(page(), QStringLiteral("everybodyWarning"))->text().startsWith(QStringLiteral("Everybody gets")));

    // An edit counts anew: two people called Guest share a username, and both are to be found.
    typeSource(QStringLiteral("username"), QStringLiteral("cn"));
    QTRY_COMPARE_WITH_TIMEOUT(count(QStringLiteral("username"), EverybodyTable::Colliding), 2, kLong);
    QTRY_VERIFY(seen<ui::Note>(page(), QStringLiteral("everybodyWarning"))->text().contains(QStringLiteral("2 people")));
    auto *worst = seen<QListView>(page(), QStringLiteral("worstPeople"));
    QTRY_COMPARE(worst->model()->rowCount(), 1);
    auto *values = seen<QListView>(page(), QStringLiteral("frequentValues"));
    QTRY_COMPARE(values->model()->index(0, 0).data().toString(), QStringLiteral("Guest"));
    shoot(QStringLiteral("mapping-warning"));
    // The worst one becomes the sample.
    worst->setFocus();
    worst->setCurrentIndex(worst->model()->index(0, 0));
    QTest::keyClick(worst, Qt::Key_Return);
    QTRY_COMPARE(seen<QLineEdit>(page(), QStringLiteral("sampleSearch"))->text(), QStringLiteral("Guest"));
    QTRY_COMPARE(after(QStringLiteral("username")), QStringLiteral("Guest"));
    endEditing("cancel");
}

void MappingTest::takesAnotherSample()
{
    beginEditing();
    auto *search = seen<QLineEdit>(page(), QStringLiteral("sampleSearch"));
    search->setFocus();
    search->selectAll();
    QTest::keyClicks(search, QStringLiteral("zoe"));
    QAbstractItemView *popup = search->completer()->popup();
    QTRY_VERIFY_WITH_TIMEOUT(popup->isVisible() && popup->model()->rowCount() == 1, kLong);
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(after(QStringLiteral("name.family")), QStringLiteral("Müller, Jr."), kLong);
    QCOMPARE(after(QStringLiteral("notes")), QStringLiteral("one, two")); // every value
    QVERIFY(seen<QLabel>(page(), QStringLiteral("sampleDn"))->text().contains(QStringLiteral("Zoë")));
    endEditing("cancel");
}

void MappingTest::whatIsSavedPlansTheSame()
{
    beginEditing();
    typeSource(QStringLiteral("title"), QStringLiteral("title + ', ' + l"));
    QTRY_COMPARE(after(QStringLiteral("title")), QStringLiteral("Engineer, Berlin"));
    const QString formatted = after(QStringLiteral("name.formatted"));
    endEditing("save");
    QTRY_COMPARE_WITH_TIMEOUT(m_window->configuration().rule(QStringLiteral("Staff in"))->attributeMappings.at(5).expression,
                              QStringLiteral("title + ', ' + l"), kLong);

    QSignalSpy finished(&m_window->console().engine(), &provision::Engine::jobFinished);
    provision::RunRequest request;
    request.rule = QStringLiteral("Staff in");
    request.apply = true;
    m_window->console().engine().start(request);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kLong);
    const auto outcome = finished.first().at(1).value<provision::RunOutcome>();
    QVERIFY(outcome.counts.create >= kPeople);
    auto environment = store::Environment::open(m_window->console().environmentPath(), store::Environment::Access::ReadOnly);
    QVERIFY(environment);
    const auto user = (*environment)->identities().userByKey(QStringLiteral("user.0"));
    QVERIFY(user);
    const auto value = [&](const char *name) { return user->values.text((*environment)->catalog()->find(QString::fromLatin1(name))); };
    QCOMPARE(value("title"), QStringLiteral("Engineer, Berlin"));
    QCOMPARE(value("name.formatted"), formatted);
}

void MappingTest::honoursWhenItIsWritten()
{
    // They are users now: an edit shows what would change, and what would not.
    beginEditing();
    QTRY_COMPARE_WITH_TIMEOUT(seen<ui::Badge>(page(), QStringLiteral("sampleVerdict"))->text(), QStringLiteral("No change"), kLong);
    typeSource(QStringLiteral("title"), QStringLiteral("l"));
    const QModelIndex shown = cell(QStringLiteral("title"), MappingTable::Check);
    QTRY_COMPARE(shown.data(app::AfterRole).toString(), QStringLiteral("Berlin"));
    QCOMPARE(shown.data(app::BeforeRole).toString(), QStringLiteral("Engineer, Berlin"));
    typeSource(QStringLiteral("name.formatted"), QStringLiteral("displayName + ' (' + uid + ')'"));
    QTRY_COMPARE(seen<ui::Badge>(page(), QStringLiteral("sampleVerdict"))->text(), QStringLiteral("2 changes"));
    shoot(QStringLiteral("mapping-update"));
    view()->setCurrentIndex(cell(QStringLiteral("title"), MappingTable::When));
    QTest::keyClick(view(), Qt::Key_F2);
    auto *when = seen<QComboBox>(view(), QStringLiteral("whenEditor"));
    QVERIFY(when);
    QVERIFY(choose(when, MappingTable::whenText(core::MappingWhen::OnCreate)));
    QTest::keyClick(when, Qt::Key_Return);
    QTRY_VERIFY(shown.data(MappingTable::NoteRole).toString().startsWith(QStringLiteral("On creation only")));
    QCOMPARE(shown.data(app::AfterRole).toString(), QStringLiteral("Engineer, Berlin"));
    endEditing("cancel");
}

void MappingTest::restoresDefaults()
{
    beginEditing();
    seen<QPushButton>(page(), QStringLiteral("useDefaults"))->click();
    QCOMPARE(table()->mappings().size(), core::defaultInboundMappings(core::Vendor::Ldapv3).size());
    auto *undo = seen<ui::Note>(page(), QStringLiteral("undoDefaults"));
    QVERIFY(undo);
    emit undo->actionClicked();
    QCOMPARE(table()->mappings().size(), 8);
    QVERIFY(!seen<ui::Note>(page(), QStringLiteral("undoDefaults")));
    endEditing("cancel");
}

void MappingTest::saysThatTheDirectoryIsAway()
{
    m_slapd->stop();
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("Staff in"));
    seen<QToolButton>(page(), QStringLiteral("edit"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(seen<QWidget>(page(), QStringLiteral("sampleError")), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(seen<QWidget>(page(), QStringLiteral("everybodyError")), kLong);
    QVERIFY(!table()->isPreviewing()); // the check stands there instead
    QVERIFY(!table()->index(0, MappingTable::Check).data().toString().isEmpty());
    shoot(QStringLiteral("mapping-away"));
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    QPushButton *retry = seen<QPushButton>(seen<QWidget>(page(), QStringLiteral("sampleError")), QStringLiteral("retry"));
    QVERIFY(retry);
    retry->click();
    QTRY_VERIFY_WITH_TIMEOUT(table()->isPreviewing(), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(!seen<QWidget>(page(), QStringLiteral("everybodyError")), kLong);
    endEditing("cancel");
}

void MappingTest::isTheSameInTheWizard()
{
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("+rule"));
    QTRY_VERIFY(m_window->dialog(QStringLiteral("wizard")));
    QWidget *wizard = m_window->dialog(QStringLiteral("wizard"));
    const auto next = [&] { seen<QPushButton>(wizard, QStringLiteral("next"))->click(); };
    next();
    next();
    type(seen<QLineEdit>(wizard, QStringLiteral("name")), QStringLiteral("Guests in"));
    next();
    type(seen<QLineEdit>(wizard, QStringLiteral("baseDn")), m_slapd->baseDn());
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
        m_window->theme().setAppearance(dark ? ui::Appearance::Dark : ui::Appearance::Light);
        TestWindow::shoot(wizard, dark ? QStringLiteral("mapping-wizard-dark") : QStringLiteral("mapping-wizard-light"));
    }
    m_window->theme().setAppearance(ui::Appearance::Light);
    seen<QPushButton>(wizard, QStringLiteral("cancel"))->click();
    QTRY_VERIFY(m_window->dialog(QStringLiteral("ask")) || !m_window->dialog());
    if (QWidget *ask = m_window->dialog(QStringLiteral("ask")))
        seen<QPushButton>(ask, QStringLiteral("confirm"))->click();
}

QTEST_MAIN(MappingTest)
#include "tst_mapping.moc"
