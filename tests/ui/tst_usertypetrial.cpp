// SPDX-License-Identifier: GPL-3.0-or-later
//
// A user type's mapping tried while it is edited, on a real directory: before and after of somebody who is found by what
// they would type, with base and filter as they stand; what stands in a sign-on's way; everybody who could sign on; the
// expression builder with what a sign-on reads; and that a sign-on then writes what was shown. By keyboard alone, too.
#include "tests/ui/lookupwindow.h"

#include "app/provisioning/everybodytable.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/signons.h"
#include "tests/support/testmain.h"
#include "ui/dialogs/expressiondialog.h"
#include "ui/editors/completionpopup.h"
#include "ui/editors/expressionedit.h"
#include "ui/editors/expressionfield.h"

#include <QPlainTextEdit>
#include <QScrollArea>

using namespace gatehouse;
using namespace gatehouse::test;
using app::EverybodyTable;
using app::MappingTable;

namespace {
constexpr int kPeople = 12; ///< and two guests besides
const QString kEmployees = QStringLiteral("Employees");
} // namespace

class UserTypeTrialTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase()
    {
        m.reset();
        m_slapd.reset();
    }
    void cleanup()
    {
        if (m && m->form())
            m->cancel();
    }

    void somebodyIsTriedAtOnce();
    void hasRoomInTheSmallestWindow();
    void changesAsOneTypes();
    void saysWhoIsNotFound();
    void followsBaseAndFilterAsTheyAreEdited();
    void saysWhatStandsInTheWay();
    void countsEverybodyWhoCouldSignOn();
    void saysWhyNobodyIsCounted();
    void buildsWhatASignOnReads();
    void byKeyboardAlone();
    void aNewOneIsTriedAsSoonAsItCanBe();
    void whatIsShownIsWhatTheSignOnWrites();
    void saysThatTheDirectoryIsAway();
    void aSearchCanBeCancelled();

private:
    void begin()
    {
        m->window().goTo(QStringLiteral("gateways"), m->kGateway);
        m->openTab(QStringLiteral("Lookup"));
        m->edit(kEmployees);
    }
    void beginTrying()
    {
        begin();
        QTRY_VERIFY_WITH_TIMEOUT(m->table()->isPreviewing(), kLong);
    }
    qint64 count(const QString &target, int column)
    {
        auto *counts = seen<QTableView>(m->form(), QStringLiteral("everybodyTable"));
        for (int row = 0; counts && row < counts->model()->rowCount(); ++row) {
            if (counts->model()->index(row, EverybodyTable::Target).data(app::IdRole).toString() == target)
                return counts->model()->index(row, column).data(EverybodyTable::CountRole).toLongLong();
        }
        return -1;
    }
    QString everybodyState() { return seen<QLabel>(m->form(), QStringLiteral("everybodyState"))->text(); }
    QString everybodyWarning()
    {
        auto *note = seen<ui::Note>(m->form(), QStringLiteral("everybodyWarning"));
        return note ? note->text() : QString();
    }
    ui::ExpressionDialog *builder() { return qobject_cast<ui::ExpressionDialog *>(m->window().dialog(QStringLiteral("expressionDialog"))); }

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<LookupWindow> m;
};

void UserTypeTrialTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    m_slapd = std::make_unique<Slapd>();
    QByteArray people = Slapd::people(kPeople);
    for (const char *guest : {"guest.1", "guest.2"})
        people += QByteArray("dn: uid=") + guest + ",ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: " + guest
                  + "\ncn: Guest\nsn: Guest\n\n";
    QVERIFY2(m_slapd->load(people), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->modify(Slapd::group("engineering", 3)), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->modify(Slapd::group("berlin", 4)), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->modify("dn: uid=user.2,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: userPassword\n"
                             "userPassword: right\n"),
             qPrintable(m_slapd->errorText()));
    core::UserType userType = core::defaultUserType(core::Vendor::Ldapv3);
    userType.name = kEmployees;
    userType.searchBaseDn = QStringLiteral("ou=people,dc=example,dc=com");
    userType.passwordAuthority = core::PasswordAuthority::Ldap;
    userType.updateUserOnSuccessfulAuthentication = true;
    userType.newUserLookup->attributeMappings.append({QStringLiteral("title"), QStringLiteral("${ldapAttributes.title}")});
    userType.newUserLookup->attributeMappings.append({core::kExternalGroupNames, QStringLiteral("${ldapAttributes.memberOf}")});
    m = std::make_unique<LookupWindow>();
    QVERIFY(m->begin(*m_slapd, core::Vendor::Ldapv3, userType));
}

void UserTypeTrialTest::somebodyIsTriedAtOnce()
{
    beginTrying();
    // The first whom the filter finds, by what they would type.
    QTRY_COMPARE(m->sample()->text(), QStringLiteral("user.0"));
    QTRY_COMPARE(m->after(QStringLiteral("username")), QStringLiteral("user.0"));
    QCOMPARE(m->before(QStringLiteral("username")), QString()); // nobody signed on yet
    QTRY_COMPARE(m->after(core::kExternalGroupNames), QStringLiteral("berlin, engineering"));
    QCOMPARE(m->verdict(), QStringLiteral("Created at first sign-on"));
    // Somebody else, by their e-mail address: the filter says so.
    m->typeSample(QStringLiteral("user.3@example.com"));
    QTRY_COMPARE_WITH_TIMEOUT(m->after(QStringLiteral("username")), QStringLiteral("user.3"), kLong);
    QTRY_COMPARE(m->after(core::kExternalGroupNames), QStringLiteral("berlin"));
    QCOMPARE(m->sample()->text(), QStringLiteral("user.3@example.com"));
    QCOMPARE(m->sampleDn(), QStringLiteral("uid=user.3,ou=people,dc=example,dc=com"));
    // Down lists whom it could find.
    QTest::keyClick(m->sample(), Qt::Key_Down);
    QAbstractItemView *popup = m->sample()->completer()->popup();
    QTRY_VERIFY_WITH_TIMEOUT(popup->isVisible() && popup->model()->rowCount() > 3, kLong);
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(m->sample()->text(), QStringLiteral("user.1"), kLong);
    QTRY_COMPARE(m->after(QStringLiteral("username")), QStringLiteral("user.1"));
    m->shoot(QStringLiteral("usertype-trial"));
}

void UserTypeTrialTest::hasRoomInTheSmallestWindow()
{
    beginTrying();
    const QSize before = m->window().window().size();
    m->window().window().resize(1024, 680);
    QTRY_COMPARE(m->window().window().width(), 1024);
    auto *area = m->form()->parentWidget();
    while (area && !qobject_cast<QScrollArea *>(area))
        area = area->parentWidget();
    QVERIFY(area);
    // With the longest verdicts, too: nothing is cut off at the side.
    for (const char *source : {"uid", "carLicense"}) {
        m->typeSource(QStringLiteral("username"), QString::fromLatin1(source));
        QTRY_VERIFY_WITH_TIMEOUT(!m->verdict().isEmpty(), kLong);
        QTest::qWait(50);
        const int right = m->form()->mapTo(area, QPoint(m->form()->width(), 0)).x();
        QVERIFY2(right <= qobject_cast<QScrollArea *>(area)->viewport()->width(),
                 qPrintable(QStringLiteral("%1 of %2").arg(right).arg(qobject_cast<QScrollArea *>(area)->viewport()->width())));
    }
    m->window().window().resize(before);
}

void UserTypeTrialTest::changesAsOneTypes()
{
    beginTrying();
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer"));
    QApplication::setActiveWindow(&m->window().window());
    m->mappings()->setFocus();
    m->mappings()->setCurrentIndex(m->cell(QStringLiteral("title"), MappingTable::Source));
    QTest::keyClick(m->mappings(), Qt::Key_F2);
    QTRY_VERIFY(m->sourceEditor());
    m->sourceEditor()->selectAll();
    QTest::keyClicks(m->sourceEditor(), QStringLiteral("#string.upperCase(ldapAttributes.title)"));
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("ENGINEER")); // not saved, not even left
    QTest::keyClicks(m->sourceEditor(), QStringLiteral(" + "));
    QTRY_VERIFY(m->cell(QStringLiteral("title"), MappingTable::Check).data(MappingTable::NoteRole).toString().startsWith(QStringLiteral("Not yet")));
    QCOMPARE(m->after(QStringLiteral("username")), QStringLiteral("user.0")); // the others go on
    QTest::keyClicks(m->sourceEditor(), QStringLiteral("'!'"));
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("ENGINEER!"));
    // A text with attributes in it, as the product's API writes it.
    m->sourceEditor()->selectAll();
    QTest::keyClicks(m->sourceEditor(), QStringLiteral("${ldapAttributes.title} in ${ldapAttributes.l}"));
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer in Berlin"));
    QTest::keyClick(m->sourceEditor(), Qt::Key_Escape);
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer"));
}

void UserTypeTrialTest::saysWhoIsNotFound()
{
    beginTrying();
    m->typeSample(QStringLiteral("nobody"));
    QTRY_VERIFY2_WITH_TIMEOUT(m->sampleDn().contains(QStringLiteral("(|(uid=nobody)(mail=nobody))")), qPrintable(m->sampleDn()), kLong);
    QVERIFY(!m->table()->isPreviewing()); // what each attribute may hold stands there instead
    // Whatever is typed stays a value.
    m->typeSample(QStringLiteral("*)(uid=*"));
    QTRY_VERIFY2_WITH_TIMEOUT(m->sampleDn().contains(QStringLiteral("(uid=\\2a\\29\\28uid=\\2a)")), qPrintable(m->sampleDn()), kLong);
    QVERIFY(!m->table()->isPreviewing());
    m->field("newUserLookup.ldapFilterPattern")->setValue(QStringLiteral("(|(uid=${identifier})(l=${identifier}))"));
    m->typeSample(QStringLiteral("Berlin"));
    QTRY_VERIFY_WITH_TIMEOUT(seen<ui::Note>(m->form(), QStringLiteral("sampleProblem")), kLong);
    QVERIFY2(seen<ui::Note>(m->form(), QStringLiteral("sampleProblem"))->text().contains(QStringLiteral("entries match")),
             qPrintable(seen<ui::Note>(m->form(), QStringLiteral("sampleProblem"))->text()));
    QVERIFY(!m->table()->isPreviewing());
    m->shoot(QStringLiteral("usertype-several"));
    m->typeSample(QStringLiteral("user.5"));
    QTRY_VERIFY_WITH_TIMEOUT(m->table()->isPreviewing(), kLong);
}

void UserTypeTrialTest::followsBaseAndFilterAsTheyAreEdited()
{
    beginTrying();
    m->typeSample(QStringLiteral("user.4"));
    QTRY_COMPARE_WITH_TIMEOUT(m->after(QStringLiteral("username")), QStringLiteral("user.4"), kLong);
    m->field("searchBaseDn")->setValue(QStringLiteral("ou=groups,dc=example,dc=com"));
    QTRY_VERIFY2_WITH_TIMEOUT(m->sampleDn().startsWith(QStringLiteral("Nobody")), qPrintable(m->sampleDn()), kLong);
    m->field("searchBaseDn")->setValue(QStringLiteral("ou=people"));
    m->field("newUserLookup.ldapFilterPattern")->setValue(QStringLiteral("(uid="));
    QTRY_VERIFY2_WITH_TIMEOUT(m->sampleDn().contains(QStringLiteral("LDAP filter")), qPrintable(m->sampleDn()), kLong);
    QVERIFY(!seen<QWidget>(m->form(), QStringLiteral("sampleError"))); // half a filter is no failure
    m->field("searchBaseDn")->setValue(QStringLiteral("ou=people,dc=example,dc=com"));
    m->field("newUserLookup.ldapFilterPattern")->setValue(QStringLiteral("(mail=${identifier}@example.com)"));
    m->typeSample(QStringLiteral("user.6"));
    QTRY_COMPARE_WITH_TIMEOUT(m->after(QStringLiteral("username")), QStringLiteral("user.6"), kLong);
    // Everybody is who has such an address: the guests have none.
    QTRY_VERIFY2_WITH_TIMEOUT(everybodyState().contains(QString::number(kPeople)), qPrintable(everybodyState()), kLong);
}

void UserTypeTrialTest::saysWhatStandsInTheWay()
{
    beginTrying();
    m->typeSource(QStringLiteral("username"), QStringLiteral("carLicense"));
    QTRY_COMPARE_WITH_TIMEOUT(m->verdict(), QStringLiteral("Sign-on would be refused"), kLong);
    const QModelIndex check = m->cell(QStringLiteral("username"), MappingTable::Check);
    QVERIFY(!check.data(MappingTable::ProblemRole).toString().isEmpty());
    m->typeSource(QStringLiteral("title"), QStringLiteral("#string.join({ldapAttributes.title, '%1'}, '')").arg(QString(300, u'x')));
    QTRY_VERIFY(!m->cell(QStringLiteral("title"), MappingTable::Check).data(MappingTable::ProblemRole).toString().isEmpty());
    // What the configuration would refuse is told in the row, with what to write instead.
    m->typeSource(QStringLiteral("title"), QStringLiteral("title + ', ' + l"));
    QTRY_VERIFY2(m->table()->faultOf(m->rowOfTarget(QStringLiteral("title"))).contains(QStringLiteral("ldapAttributes.title")),
                 qPrintable(m->table()->faultOf(m->rowOfTarget(QStringLiteral("title")))));
    m->shoot(QStringLiteral("usertype-problems"));
}

void UserTypeTrialTest::countsEverybodyWhoCouldSignOn()
{
    beginTrying();
    QTRY_COMPARE_WITH_TIMEOUT(count(QStringLiteral("email"), EverybodyTable::Blank), 2, kLong);
    QTRY_VERIFY2_WITH_TIMEOUT(everybodyState().contains(QString::number(kPeople + 2)), qPrintable(everybodyState()), kLong);
    QCOMPARE(count(core::kExternalGroupNames, EverybodyTable::Blank), kPeople + 2 - 4);
    // Both guests are called the same: worst first, and to be opened.
    m->typeSource(QStringLiteral("username"), QStringLiteral("cn"));
    QTRY_COMPARE_WITH_TIMEOUT(count(QStringLiteral("username"), EverybodyTable::Colliding), 2, kLong);
    QTRY_VERIFY2(everybodyWarning().contains(QStringLiteral("2 people")), qPrintable(everybodyWarning()));
    auto *worst = seen<QListView>(m->form(), QStringLiteral("worstPeople"));
    QTRY_COMPARE(worst->model()->rowCount(), 1);
    seen<QPushButton>(m->form(), QStringLiteral("everybodyLink"))->click();
    m->shoot(QStringLiteral("usertype-everybody"));
    worst->setFocus();
    worst->setCurrentIndex(worst->model()->index(0, 0));
    QTest::keyClick(worst, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(m->sample()->text(), QStringLiteral("guest.2"), kLong);
    QTRY_COMPARE(m->after(QStringLiteral("username")), QStringLiteral("Guest"));
    // A count can be stopped, and begun again.
    m_slapd->freeze();
    m->typeSource(QStringLiteral("title"), QStringLiteral("employeeType"));
    auto *stop = seen<QPushButton>(m->form(), QStringLiteral("everybodyStop"));
    QTRY_VERIFY(seen<QPushButton>(m->form(), QStringLiteral("everybodyStop")));
    stop = seen<QPushButton>(m->form(), QStringLiteral("everybodyStop"));
    QCOMPARE(stop->text(), QStringLiteral("Cancel"));
    stop->click();
    QCOMPARE(everybodyState(), QStringLiteral("Not counted"));
    QCOMPARE(stop->text(), QStringLiteral("Count again"));
    m_slapd->resume();
    stop->click();
    QTRY_COMPARE_WITH_TIMEOUT(count(QStringLiteral("title"), EverybodyTable::Blank), kPeople + 2, kLong);
}

void UserTypeTrialTest::saysWhyNobodyIsCounted()
{
    beginTrying();
    m->field("newUserLookup.ldapFilterPattern")->setValue(QStringLiteral("(&(uid=user.7)(!(description=${identifier})))"));
    QTRY_VERIFY2_WITH_TIMEOUT(everybodyWarning().contains(QStringLiteral("not")), qPrintable(everybodyWarning()), kLong);
    QCOMPARE(everybodyState(), QStringLiteral("Not counted"));
    QVERIFY(!seen<QTableView>(m->form(), QStringLiteral("everybodyTable")));
    m->shoot(QStringLiteral("usertype-uncountable"));
    // Somebody can be tried all the same.
    m->typeSample(QStringLiteral("whoever"));
    QTRY_COMPARE_WITH_TIMEOUT(m->after(QStringLiteral("username")), QStringLiteral("user.7"), kLong);
    m->field("newUserLookup.ldapFilterPattern")->setValue(QStringLiteral("(uid=${identifier})"));
    QTRY_VERIFY_WITH_TIMEOUT(seen<QTableView>(m->form(), QStringLiteral("everybodyTable")), kLong);
}

void UserTypeTrialTest::buildsWhatASignOnReads()
{
    beginTrying();
    m->typeSample(QStringLiteral("user.2"));
    QTRY_COMPARE_WITH_TIMEOUT(m->after(QStringLiteral("username")), QStringLiteral("user.2"), kLong);
    // The gear of the row.
    const QModelIndex gear = m->cell(QStringLiteral("title"), MappingTable::Build);
    QVERIFY(!m->mappings()->isColumnHidden(MappingTable::Build));
    m->mappings()->scrollTo(gear);
    QTest::mouseClick(m->mappings()->viewport(), Qt::LeftButton, {}, m->mappings()->visualRect(gear).center());
    QTRY_VERIFY(builder());
    auto *edit = builder()->findChild<ui::ExpressionEdit *>();
    QCOMPARE(edit->text(), QStringLiteral("${ldapAttributes.title}"));
    // The picked entry is the sample, below ldapAttributes.
    QTRY_VERIFY2_WITH_TIMEOUT(builder()->findChild<QLabel *>(QStringLiteral("sampleTitle"))->text().contains(QStringLiteral("user.2")),
                              qPrintable(builder()->findChild<QLabel *>(QStringLiteral("sampleTitle"))->text()), kLong);
    QTRY_VERIFY(edit->answer() && edit->answer()->value && app::valueText(*edit->answer()->value) == QStringLiteral("Engineer"));
    // Completion from the live schema, with what is read here.
    edit->setText(QString());
    QTRY_VERIFY_WITH_TIMEOUT(std::any_of(edit->attributes().begin(), edit->attributes().end(), [](const app::CompletionItem &item) {
        return item.name == QStringLiteral("ldapAttributes.preferredLanguage");
    }), kLong);
    edit->field()->setFocus();
    QTest::keyClicks(edit->field(), QStringLiteral("empl"));
    QTest::keyClick(edit->field(), Qt::Key_Space, Qt::ControlModifier);
    QTRY_VERIFY(edit->popup()->isVisible());
    QTest::keyClick(edit->field(), Qt::Key_Return);
    QVERIFY2(edit->text().startsWith(QStringLiteral("ldapAttributes.employee")), qPrintable(edit->text()));
    // Warnings: what does not fit its target, and what the directory does not have.
    edit->setText(QStringLiteral("#string.split(ldapAttributes.title, ' ')"));
    QTRY_VERIFY(edit->answer() && edit->answer()->text == edit->text());
    QVERIFY(!edit->answer()->targetNote.isEmpty() || !edit->answer()->warnings.isEmpty());
    edit->setText(QStringLiteral("ldapAttributes.titel"));
    QTRY_VERIFY(edit->answer() && edit->answer()->text == edit->text() && !edit->answer()->warnings.isEmpty());
    QVERIFY2(edit->answer()->warnings.at(0).message.contains(QStringLiteral("title")), qPrintable(edit->answer()->warnings.at(0).message));
    // A rule's way of writing is refused, with what to write.
    edit->setText(QStringLiteral("title + l"));
    seen<QPushButton>(builder(), QStringLiteral("save"))->click();
    QVERIFY(builder());
    QTRY_VERIFY(seen<QLabel>(builder(), QStringLiteral("refusal"))->text().contains(QStringLiteral("ldapAttributes.title")));
    edit->setText(QStringLiteral("ldapAttributes.title + ', ' + ldapAttributes.l"));
    QTRY_VERIFY(edit->answer() && edit->answer()->value
                && app::valueText(*edit->answer()->value) == QStringLiteral("Engineer, Berlin"));
    TestWindow::shoot(builder(), QStringLiteral("usertype-builder-light"));
    m->window().theme().setAppearance(ui::Appearance::Dark);
    TestWindow::shoot(builder(), QStringLiteral("usertype-builder-dark"));
    m->window().theme().setAppearance(ui::Appearance::Light);
    seen<QPushButton>(builder(), QStringLiteral("save"))->click();
    QTRY_VERIFY(!builder());
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer, Berlin"));
    // What is an attribute alone stays one.
    QTest::keyClick(m->mappings(), Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY(builder());
    edit = builder()->findChild<ui::ExpressionEdit *>();
    edit->setText(QStringLiteral("${ldapAttributes.employeeNumber}"));
    seen<QPushButton>(builder(), QStringLiteral("save"))->click();
    QTRY_VERIFY(!builder());
    QCOMPARE(m->table()->mappings().at(m->rowOfTarget(QStringLiteral("title"))).source, QStringLiteral("employeeNumber"));
}

void UserTypeTrialTest::byKeyboardAlone()
{
    beginTrying();
    QApplication::setActiveWindow(&m->window().window());
    const auto focus = [this] { return m->window().window().focusWidget(); };
    const auto tabTo = [&](const QString &name) {
        for (int n = 0; n < 80 && focus()->objectName() != name; ++n)
            QTest::keyClick(focus(), Qt::Key_Tab);
        QCOMPARE(focus()->objectName(), name);
    };
    m->field("name")->editor()->setFocus();
    tabTo(QStringLiteral("link3"));
    tabTo(QStringLiteral("add")); // of the link attributes, behind them
    tabTo(QStringLiteral("newUserLookup"));
    tabTo(QStringLiteral("sampleSearch"));
    QTest::keyClicks(focus(), QStringLiteral("user.8"));
    QTRY_COMPARE_WITH_TIMEOUT(m->after(QStringLiteral("username")), QStringLiteral("user.8"), kLong);
    tabTo(QStringLiteral("addMapping"));
    tabTo(QStringLiteral("mappings"));
    m->mappings()->setCurrentIndex(m->cell(QStringLiteral("username"), MappingTable::Source));
    for (int n = 0; n < 20 && m->mappings()->currentIndex().row() != m->rowOfTarget(QStringLiteral("title")); ++n)
        QTest::keyClick(focus(), Qt::Key_Down);
    QTest::keyClick(focus(), Qt::Key_F2);
    QTRY_VERIFY(m->sourceEditor());
    QTest::keyClick(m->sourceEditor(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(m->sourceEditor(), QStringLiteral("ldapAttributes.title + '.'"));
    QTest::keyClick(m->sourceEditor(), Qt::Key_Return);
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer."));
    QTest::keyClick(m->mappings(), Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY(builder());
    QTest::keyClick(builder(), Qt::Key_Escape);
    QTRY_VERIFY(!builder());
    m->mappings()->setFocus();
    tabTo(QStringLiteral("everybodySample"));
    tabTo(QStringLiteral("save"));
    QTest::keyClick(focus(), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(!m->form(), kLong);
    QTRY_COMPARE(m->userType(kEmployees)->newUserLookup->attributeMappings.at(4).value, QStringLiteral("ldapAttributes.title + '.'"));
}

void UserTypeTrialTest::aNewOneIsTriedAsSoonAsItCanBe()
{
    m->window().goTo(QStringLiteral("gateways"), m->kGateway);
    m->openTab(QStringLiteral("Lookup"));
    seen<QPushButton>(m->page(), QStringLiteral("addUserType"))->click();
    QTRY_VERIFY(m->form());
    QVERIFY(!seen<QWidget>(m->form(), QStringLiteral("everybody"))); // nobody is migrated yet
    m->field("newUserLookup")->setValue(true);
    QTRY_VERIFY2(m->sampleDn().contains(QStringLiteral("base DN")), qPrintable(m->sampleDn()));
    m->form()->useDefaults();
    QTRY_VERIFY_WITH_TIMEOUT(m->table()->isPreviewing(), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(everybodyState().contains(QString::number(kPeople + 2)), kLong);
    m->addMapping(QStringLiteral("External Group Names"), QStringLiteral("memberOf"));
    m->typeSample(QStringLiteral("user.0"));
    QTRY_COMPARE_WITH_TIMEOUT(m->after(core::kExternalGroupNames), QStringLiteral("berlin, engineering"), kLong);
    QCOMPARE(m->verdict(), QStringLiteral("Created at first sign-on"));
    m->cancel();
}

void UserTypeTrialTest::whatIsShownIsWhatTheSignOnWrites()
{
    beginTrying();
    m->typeSample(QStringLiteral("user.2"));
    QTRY_COMPARE_WITH_TIMEOUT(m->after(QStringLiteral("username")), QStringLiteral("user.2"), kLong);
    m->typeSource(QStringLiteral("title"), QStringLiteral("${ldapAttributes.title} (${ldapAttributes.l})"));
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer (Berlin)"));
    QMap<QString, QString> shown;
    for (const core::AttributeMapping &row : m->table()->mappings())
        shown.insert(row.target, m->after(row.target));
    m->save();
    QVERIFY(m->signOn(QStringLiteral("user.2"), QStringLiteral("right")).startsWith(QStringLiteral("Signed on")));
    auto environment = store::Environment::open(m->window().console().environmentPath(), store::Environment::Access::ReadOnly);
    QVERIFY(environment);
    const auto user = (*environment)->identities().userByKey(QStringLiteral("user.2"));
    QVERIFY(user);
    for (auto row = shown.cbegin(); row != shown.cend(); ++row) {
        if (row.key() == core::kExternalGroupNames)
            continue;
        QCOMPARE(user->values.text((*environment)->catalog()->find(row.key())), row.value());
    }
    const auto groups = (*environment)->signOns().groupNames(user->row, m->kGateway);
    QVERIFY(groups);
    QCOMPARE(groups->size(), shown.value(core::kExternalGroupNames).split(QStringLiteral(", ")).size());

    // Now they are a user: before stands beside after, and an edit shows what the next sign-on changes.
    beginTrying();
    m->typeSample(QStringLiteral("user.2"));
    QTRY_COMPARE_WITH_TIMEOUT(m->verdict(), QStringLiteral("No change"), kLong);
    m->typeSource(QStringLiteral("title"), QStringLiteral("title"));
    QTRY_COMPARE(m->verdict(), QStringLiteral("1 change"));
    QCOMPARE(m->before(QStringLiteral("title")), QStringLiteral("Engineer (Berlin)"));
    QCOMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer"));
    QVERIFY2(m_slapd->modify("dn: cn=engineering,ou=groups,dc=example,dc=com\nchangetype: modify\ndelete: member\n"
                             "member: uid=user.2,ou=people,dc=example,dc=com\n"),
             qPrintable(m_slapd->errorText()));
    m->typeSample(QStringLiteral("user.2 "));
    QTRY_COMPARE_WITH_TIMEOUT(m->before(core::kExternalGroupNames), QStringLiteral("engineering"), kLong); // gone
    m->shoot(QStringLiteral("usertype-update"));
    // Where updating is off, nothing is written, and that is said.
    m->field("updateUserOnSuccessfulAuthentication")->setValue(false);
    QTRY_COMPARE_WITH_TIMEOUT(m->verdict(), QStringLiteral("User already: not updated"), kLong);
    QVERIFY(m->cell(QStringLiteral("title"), MappingTable::Check).data(MappingTable::NoteRole).toString().startsWith(QStringLiteral("On creation only")));
    m->cancel();
}

void UserTypeTrialTest::saysThatTheDirectoryIsAway()
{
    m_slapd->stop();
    begin();
    QTRY_VERIFY_WITH_TIMEOUT(seen<QWidget>(m->form(), QStringLiteral("sampleError")), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(seen<QWidget>(m->form(), QStringLiteral("everybodyError")), kLong);
    QVERIFY(!m->table()->isPreviewing());
    m->shoot(QStringLiteral("usertype-away"));
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    seen<QPushButton>(seen<QWidget>(m->form(), QStringLiteral("sampleError")), QStringLiteral("retry"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(m->table()->isPreviewing(), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(!seen<QWidget>(m->form(), QStringLiteral("everybodyError")), kLong);
}

void UserTypeTrialTest::aSearchCanBeCancelled()
{
    beginTrying();
    m_slapd->freeze();
    m->typeSample(QStringLiteral("user.9"));
    QTRY_VERIFY_WITH_TIMEOUT(seen<QPushButton>(m->form(), QStringLiteral("cancelSearch")), kLong);
    QCOMPARE(m->sampleDn(), QStringLiteral("Asking the directory…"));
    QElapsedTimer clock;
    clock.start();
    seen<QPushButton>(m->form(), QStringLiteral("cancelSearch"))->click();
    QVERIFY2(clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(!seen<QPushButton>(m->form(), QStringLiteral("cancelSearch")));
    m_slapd->resume();
    m->typeSample(QStringLiteral("user.9"));
    QTRY_COMPARE_WITH_TIMEOUT(m->after(QStringLiteral("username")), QStringLiteral("user.9"), kLong);
}

WINDOW_TEST(UserTypeTrialTest)
#include "tst_usertypetrial.moc"
