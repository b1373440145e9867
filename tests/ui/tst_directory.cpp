// SPDX-License-Identifier: GPL-3.0-or-later
//
// The window over a real environment, driven as a person drives it: type, press keys, read what stands there.
#include "tests/support/sampleenvironment.h"
#include "tests/support/testmain.h"
#include "ui/frame/navigation.h"
#include "ui/mainwindow.h"
#include "ui/pages/page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/form.h"
#include "ui/widgets/toggleswitch.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSet>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace gatehouse;
using ui::MainWindow;

namespace {
constexpr int kPeople = 352;
}

class Directory : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    template <typename T>
    T *find(const char *name) const
    {
        for (T *widget : m_window->findChildren<T *>(QLatin1String(name))) {
            if (widget->isVisible())
                return widget;
        }
        return nullptr;
    }

    template <typename T>
    static T *dialogPart(const char *dialog, const char *name)
    {
        for (QWidget *window : QApplication::topLevelWidgets()) {
            if (window->isVisible() && window->objectName() == QLatin1String(dialog))
                return window->findChild<T *>(QLatin1String(name));
        }
        return nullptr;
    }

    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWidget *target = QApplication::activeModalWidget() ? QApplication::activeModalWidget()->focusWidget()
                                                            : m_window->focusWidget();
        if (!target)
            target = QApplication::activeModalWidget() ? QApplication::activeModalWidget() : m_window.get();
        QTest::keyClick(target, key, modifiers);
    }

    void type(const QString &text)
    {
        QVERIFY2(m_window->focusWidget(), "nothing has the focus");
        QTest::keyClicks(m_window->focusWidget(), text);
    }

    /// Leaves a picture for a person to look at, where $SHOTS_DIR says so.
    static void shot(QWidget *of, const char *name)
    {
        const QString folder = qEnvironmentVariable("SHOTS_DIR");
        if (folder.isEmpty())
            return;
        QTest::qWait(200); // late answers and the switch's slide
        QVERIFY(of->grab().save(QStringLiteral("%1/%2.png").arg(folder, QLatin1String(name))));
    }

    QString title() const { return find<QLabel>("detailsTitle") ? find<QLabel>("detailsTitle")->text() : QString(); }
    QString status() const { return find<QLabel>("statusText")->text(); }
    QString count() const { return find<QLabel>("count")->text(); }

    void go(const char *page)
    {
        m_window->goTo(QLatin1String(page));
        QTRY_VERIFY(m_window->isReady());
        QTRY_COMPARE(m_window->currentKey(), QLatin1String(page));
    }

    void open(const QString &path)
    {
        m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
        if (!m_settings->contains(QStringLiteral("window/geometry")))
            m_window->resize(1280, 800);
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_window->open(path);
    }

private slots:
    void initTestCase()
    {
        m_theme = std::make_unique<ui::Theme>(*qApp);
        m_theme->setAppearance(ui::Appearance::Light);
    }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<QSettings>(m_folder->filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        const QString path = m_folder->filePath(QStringLiteral("example.gatehouse"));
        QCOMPARE(tests::fillSample(path, kPeople), QString());
        open(path);
        QTRY_VERIFY(m_window->console()->isOpen());
        go("users");
        QTRY_COMPARE(title(), QStringLiteral("user000000"));
    }

    void cleanup()
    {
        m_window.reset();
        m_settings.reset();
        m_folder.reset();
    }

    void searchFindsAsOneTypes()
    {
        press(Qt::Key_F, Qt::ControlModifier);
        type(QStringLiteral("user00012"));
        QTRY_COMPARE(count(), QStringLiteral("10 of 352 users"));
        QTRY_COMPARE(title(), QStringLiteral("user000000")); // the one selected stays in sight of its details
        press(Qt::Key_Down);
        QTRY_VERIFY(find<QTableView>("users")->hasFocus());
        press(Qt::Key_Down);
        QTRY_VERIFY(title().startsWith(QStringLiteral("user00012")));
        press(Qt::Key_F, Qt::ControlModifier);
        press(Qt::Key_Escape);
        QTRY_COMPARE(count(), QStringLiteral("352 users"));
    }

    void aSearchForNobodySaysSo()
    {
        press(Qt::Key_F, Qt::ControlModifier);
        type(QStringLiteral("nobody of that name"));
        QTRY_COMPARE(count(), QStringLiteral("0 of 352 users"));
        QTRY_VERIFY(find<QPushButton>("emptyAction"));
        shot(m_window.get(), "users-nobody-found");
    }

    void createsAUserByKeyboardAlone()
    {
        press(Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(find<QLineEdit>("username"));
        QTRY_VERIFY(find<QLineEdit>("username")->hasFocus());
        type(QStringLiteral("zoe"));
        press(Qt::Key_Tab);
        type(QStringLiteral("not an address"));
        press(Qt::Key_Tab);
        QLabel *error = find<ui::FormField>("field-email")->findChild<QLabel *>(QStringLiteral("error"));
        QVERIFY(error->isVisible());
        QVERIFY(error->text().contains(QStringLiteral("name@example.com")));
        shot(m_window.get(), "user-create-error");
        press(Qt::Key_Backtab);
        find<QLineEdit>("email")->selectAll();
        type(QStringLiteral("zoe@example.com"));
        QVERIFY(!error->isVisible());
        press(Qt::Key_Tab);
        type(QStringLiteral("Zoe"));
        while (!find<QPushButton>("save")->hasFocus())
            press(Qt::Key_Tab);
        press(Qt::Key_Space);
        QTRY_COMPARE(status(), QStringLiteral("Created zoe."));
        QTRY_COMPARE(title(), QStringLiteral("zoe"));
        QTRY_COMPARE(count(), QStringLiteral("353 users"));
    }

    void aTakenUsernameIsRefusedBesideItsField()
    {
        press(Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(find<QLineEdit>("username"));
        type(QStringLiteral("USER000007"));
        QTest::mouseClick(find<QPushButton>("save"), Qt::LeftButton);
        QTRY_COMPARE(find<ui::FormField>("field-username")->error(),
                     QStringLiteral("Another user has this value. Choose a different one."));
        QVERIFY(find<QLineEdit>("username")->hasFocus());
        QCOMPARE(m_window->console()->isOpen(), true);
    }

    void anEmptyRequiredFieldIsRefusedBeforeAnythingIsWritten()
    {
        press(Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(find<QPushButton>("save"));
        QTest::mouseClick(find<QPushButton>("save"), Qt::LeftButton);
        QCOMPARE(find<ui::FormField>("field-username")->error(), QStringLiteral("Username is required."));
        QCOMPARE(count(), QStringLiteral("352 users"));
    }

    void editsASectionInPlace()
    {
        QWidget *name = find<QWidget>("section-1");
        QVERIFY(name);
        QTest::mouseClick(name->findChild<QToolButton *>(QStringLiteral("edit")), Qt::LeftButton);
        QTRY_VERIFY(find<QLineEdit>("name.given") && find<QLineEdit>("name.given")->hasFocus());
        shot(m_window.get(), "user-edit-section");
        find<QLineEdit>("name.given")->selectAll();
        type(QStringLiteral("Zora"));
        press(Qt::Key_S, Qt::AltModifier);
        QTRY_COMPARE(status(), QStringLiteral("Saved user000000."));
        QTRY_VERIFY(!find<QLineEdit>("name.given"));
        const auto shows = [name](const QString &text) {
            const QList<QLabel *> labels = name->findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) { return label->text() == text; });
        };
        QTRY_VERIFY(shows(QStringLiteral("Zora")));
    }

    void aCustomAttributeIsCheckedByItsPattern()
    {
        QWidget *custom = find<QWidget>("section-5");
        QVERIFY(custom);
        QTest::mouseClick(custom->findChild<QToolButton *>(QStringLiteral("edit")), Qt::LeftButton);
        QTRY_VERIFY(find<QLineEdit>("badgeNumber"));
        type(QStringLiteral("12"));
        press(Qt::Key_S, Qt::AltModifier);
        QTRY_COMPARE(find<ui::FormField>("field-badgeNumber")->error(),
                     QStringLiteral("The value must match the pattern [0-9]{4,6}."));
        type(QStringLiteral("345"));
        QCOMPARE(find<ui::FormField>("field-badgeNumber")->error(), QString());
        press(Qt::Key_S, Qt::AltModifier);
        QTRY_COMPARE(status(), QStringLiteral("Saved user000000."));
    }

    void disablesByTheSwitch()
    {
        auto *toggle = find<ui::ToggleSwitch>("enabled");
        QVERIFY(toggle->isChecked());
        toggle->setFocus();
        press(Qt::Key_Space);
        QTRY_COMPARE(status(), QStringLiteral("Disabled user000000."));
        QTRY_COMPARE(find<QTableView>("users")->model()->index(0, 4).data().toString(), QStringLiteral("Disabled"));
    }

    void unsavedChangesAreNeverLostWithoutAsking()
    {
        QTest::mouseClick(find<QWidget>("section-1")->findChild<QToolButton *>(QStringLiteral("edit")), Qt::LeftButton);
        QTRY_VERIFY(find<QLineEdit>("name.given"));
        type(QStringLiteral("x"));
        m_window->goTo(QStringLiteral("groups"));
        QTRY_VERIFY(dialogPart<QPushButton>("ask", "cancel"));
        shot(QApplication::activeModalWidget(), "ask-unsaved");
        QCOMPARE(m_window->currentKey(), QStringLiteral("users"));
        QTest::mouseClick(dialogPart<QPushButton>("ask", "cancel"), Qt::LeftButton);
        QTRY_VERIFY(!dialogPart<QPushButton>("ask", "cancel"));
        QVERIFY(find<QLineEdit>("name.given"));

        m_window->goTo(QStringLiteral("groups"));
        QTRY_VERIFY(dialogPart<QPushButton>("ask", "confirm"));
        QTest::mouseClick(dialogPart<QPushButton>("ask", "confirm"), Qt::LeftButton);
        QTRY_COMPARE(m_window->currentKey(), QStringLiteral("groups"));
        go("users");
        QTRY_COMPARE(title(), QStringLiteral("user000000"));
    }

    void deletesAfterAsking()
    {
        QTRY_VERIFY(find<QToolButton>("more"));
        const QList<QAction *> actions = find<ui::DetailsPanel>("details")->menu()->actions();
        actions.last()->trigger();
        QTRY_VERIFY(dialogPart<QPushButton>("ask", "confirm"));
        QVERIFY(!dialogPart<QPushButton>("ask", "confirm")->isDefault());
        QTest::mouseClick(dialogPart<QPushButton>("ask", "confirm"), Qt::LeftButton);
        QTRY_COMPARE(status(), QStringLiteral("Deleted user000000."));
        QTRY_COMPARE(count(), QStringLiteral("351 users"));
    }

    void goToFindsAPersonByAFewLetters()
    {
        press(Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(dialogPart<QLineEdit>("goTo", "goToSearch"));
        auto *search = dialogPart<QLineEdit>("goTo", "goToSearch");
        QTest::keyClicks(search, QStringLiteral("user000123"));
        auto *list = dialogPart<QListView>("goTo", "goToList");
        QTRY_COMPARE(list->model()->rowCount(), 1);
        shot(QApplication::activeModalWidget(), "go-to");
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(title(), QStringLiteral("user000123"));
    }

    void goToFindsPagesGroupsAndPopulations_data()
    {
        QTest::addColumn<QString>("letters");
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("shown");
        QTest::newRow("page") << QStringLiteral("popul") << QStringLiteral("populations") << QString();
        QTest::newRow("population") << QStringLiteral("Guests") << QStringLiteral("populations") << QStringLiteral("Guests");
        QTest::newRow("group") << QStringLiteral("payr") << QStringLiteral("groups") << QStringLiteral("Payroll");
    }

    void goToFindsPagesGroupsAndPopulations()
    {
        QFETCH(QString, letters);
        QFETCH(QString, page);
        QFETCH(QString, shown);
        press(Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(dialogPart<QLineEdit>("goTo", "goToSearch"));
        auto *search = dialogPart<QLineEdit>("goTo", "goToSearch");
        QTest::keyClicks(search, letters);
        auto *list = dialogPart<QListView>("goTo", "goToList");
        QTRY_VERIFY(list->model()->rowCount() >= 1 && list->model()->rowCount() <= 3);
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(m_window->currentKey(), page);
        if (!shown.isEmpty())
            QTRY_COMPARE(title(), shown);
    }

    void everyTabShowsWhatIsKnown()
    {
        auto *details = find<ui::DetailsPanel>("details");
        for (const char *tab : {"groups", "sync", "api"}) {
            details->setCurrentTab(QLatin1String(tab));
            shot(m_window.get(), tab);
        }
        QString json;
        for (const QPlainTextEdit *text : details->findChildren<QPlainTextEdit *>())
            json += text->toPlainText();
        QVERIFY(json.contains(QStringLiteral("\"username\": \"user000000\"")));
        details->setCurrentTab(QStringLiteral("sync"));
        QStringList words;
        for (const QLabel *label : details->findChildren<QLabel *>())
            words << label->text();
        QVERIFY(words.contains(QStringLiteral("CN=Zoë Müller,OU=Staff,DC=example,DC=com")));
        QVERIFY(words.contains(QStringLiteral("Staff in")));
        QVERIFY(words.contains(QStringLiteral("Head office")));
    }

    void groupsSayWhereTheyComeFrom()
    {
        go("groups");
        auto *table = find<QTableView>("groups");
        QTRY_COMPARE(table->model()->rowCount(), 5);
        QCOMPARE(title(), QStringLiteral("Administrators"));
        QCOMPARE(table->model()->index(4, 2).data().toString(), QStringLiteral("LDAP Gateway · Head office"));
        // An external group's name cannot be edited.
        table->setFocus();
        table->setCurrentIndex(table->model()->index(4, 0));
        QTRY_COMPARE(title(), QStringLiteral("Payroll"));
        QVERIFY(!find<QToolButton>("edit"));
    }

    void createsAGroupAndAddsAMember()
    {
        go("groups");
        press(Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(find<QLineEdit>("name"));
        type(QStringLiteral("Readers"));
        QTest::mouseClick(find<QPushButton>("save"), Qt::LeftButton);
        QTRY_COMPARE(title(), QStringLiteral("Readers"));
        find<ui::DetailsPanel>("details")->setCurrentTab(QStringLiteral("members"));
        QTRY_VERIFY(find<QPushButton>("addMember"));
        QTest::mouseClick(find<QPushButton>("addMember"), Qt::LeftButton);
        QTRY_VERIFY(dialogPart<QLineEdit>("picker", "pickerSearch"));
        QTest::keyClicks(dialogPart<QLineEdit>("picker", "pickerSearch"), QStringLiteral("user000042"));
        QTRY_COMPARE(dialogPart<QListView>("picker", "pickerList")->model()->rowCount(), 1);
        shot(QApplication::activeModalWidget(), "picker");
        QTest::mouseClick(dialogPart<QPushButton>("picker", "confirm"), Qt::LeftButton);
        QTRY_COMPARE(find<QTableView>("members")->model()->rowCount(), 1);
        find<QTableView>("members")->selectRow(0);
        QTest::mouseClick(find<QPushButton>("removeMember"), Qt::LeftButton);
        QTRY_COMPARE(find<QTableView>("members")->model()->rowCount(), 0);
    }

    void aPopulationWithUsersIsNotDeleted()
    {
        go("populations");
        QTRY_COMPARE(title(), QStringLiteral("Employees"));
        find<ui::DetailsPanel>("details")->menu()->actions().last()->trigger();
        QTRY_COMPARE(status(), QStringLiteral("Employees still has 352 users. Move or delete them first."));
        QVERIFY(!dialogPart<QPushButton>("ask", "confirm"));
    }

    void renamesAPopulationAndWhatNamesIt()
    {
        go("populations");
        QTRY_COMPARE(title(), QStringLiteral("Employees"));
        QTest::mouseClick(find<QToolButton>("edit"), Qt::LeftButton);
        QTRY_VERIFY(find<QLineEdit>("name"));
        find<QLineEdit>("name")->selectAll();
        type(QStringLiteral("Staff"));
        QTest::mouseClick(find<QPushButton>("save"), Qt::LeftButton);
        QTRY_COMPARE(title(), QStringLiteral("Staff"));
        QCOMPARE(m_window->console()->configuration().rules.first().onboarding.population, QStringLiteral("Staff"));
    }

    void theTableCopiesItsSelection()
    {
        auto *table = find<QTableView>("users");
        table->setFocus();
        QTRY_VERIFY(!table->model()->index(0, 1).data().toString().isEmpty());
        table->selectRow(0);
        press(Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(),
                 QStringLiteral("user000000\tZoë Müller\tEnabled\tuser000000@example.com"));
    }

    void everythingThatTakesTheFocusHasAName_data()
    {
        QTest::addColumn<QString>("page");
        for (const char *page : {"users", "groups", "populations"})
            QTest::newRow(page) << QString::fromLatin1(page);
    }

    void everythingThatTakesTheFocusHasAName()
    {
        QFETCH(QString, page);
        go(page.toLatin1().constData());
        auto *details = find<ui::DetailsPanel>("details");
        QStringList nameless;
        for (int tab = 0; tab < details->tabs()->count(); ++tab) {
            details->tabs()->setCurrentIndex(tab);
            QTRY_VERIFY(m_window->isReady());
            for (QWidget *widget : m_window->findChildren<QWidget *>()) {
                if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus)
                    continue;
                const QAccessibleInterface *heard = QAccessible::queryAccessibleInterface(widget);
                // A tab bar is known by its tabs.
                if (heard && heard->text(QAccessible::Name).isEmpty() && !qobject_cast<QTabBar *>(widget))
                    nameless << QString(QLatin1String(widget->metaObject()->className()) + QLatin1Char(' ') + widget->objectName());
            }
        }
        QCOMPARE(nameless.join(QStringLiteral(", ")), QString());
    }

    void tabGoesRoundAndIsNeverCaught()
    {
        QSet<QWidget *> visited;
        for (int step = 0; step < 60; ++step) {
            press(Qt::Key_Tab);
            QVERIFY(m_window->focusWidget());
            visited.insert(m_window->focusWidget());
        }
        for (const char *name : {"pages", "primary", "search", "users", "enabled", "more", "tabs"}) {
            auto *widget = find<QWidget>(name);
            QVERIFY2(widget && visited.contains(widget), name);
        }
    }

    void theWindowComesBackAsItWas()
    {
        go("populations");
        find<ui::Navigation>("navigation")->setNarrow(true);
        m_window->resize(1100, 700);
        m_window->close();
        QTRY_VERIFY(!m_window->isVisible());
        const QString path = m_window->console()->environmentPath();
        open(path);
        QTRY_COMPARE(m_window->currentKey(), QStringLiteral("populations"));
        QCOMPARE(m_window->size(), QSize(1100, 700));
        QVERIFY(find<ui::Navigation>("navigation")->isNarrow());
        shot(m_window.get(), "narrow");
    }

    void aFileThatIsNoEnvironmentSaysWhatToDo()
    {
        const QString path = m_folder->filePath(QStringLiteral("broken.gatehouse"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        open(path);
        QTRY_VERIFY(find<QPushButton>("retry"));
        QCOMPARE(find<QLabel>("openingTitle")->text(), QStringLiteral("The environment cannot be opened"));
        shot(m_window.get(), "opening-error");
        QVERIFY(!m_window->console()->isOpen());
    }
};

WINDOW_TEST(Directory)
#include "tst_directory.moc"
