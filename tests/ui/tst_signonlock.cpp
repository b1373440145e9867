// SPDX-License-Identifier: GPL-3.0-or-later
//
// A user who is locked after wrong passwords, in Users: it is said at the top of the profile and in its state, and lifted
// there by a click or from the menu.
#include "store/environment.h"
#include "store/identities.h"
#include "store/signonlocks.h"
#include "tests/support/testmain.h"
#include "tests/ui/windowtest.h"

#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using store::SignOnLocks;

class SignOnLockWindow : public QObject {
    Q_OBJECT

private slots:
    void isShownAndLifted_data();
    void isShownAndLifted();

private:
    /// Ten wrong ones, as other programs would count them.
    static bool lock(store::Environment &environment)
    {
        SignOnLocks locks(environment.database());
        const QStringList subjects{SignOnLocks::nameSubject(QStringLiteral("zoe"))};
        QDateTime now = QDateTime::currentDateTimeUtc();
        for (int i = 0; i < store::kNameLimits.most; ++i) {
            const auto turn = locks.begin(subjects, now);
            if (!turn || !locks.wrong(subjects, turn->at))
                return false;
            now = turn->at;
        }
        return true;
    }
};

void SignOnLockWindow::isShownAndLifted_data()
{
    QTest::addColumn<bool>("fromMenu");
    QTest::newRow("by the note's button") << false;
    QTest::newRow("from the menu") << true;
}

void SignOnLockWindow::isShownAndLifted()
{
    QFETCH(bool, fromMenu);
    TestWindow window;
    QVERIFY(window.open());
    auto environment = store::Environment::open(window.file(QStringLiteral("test.gatehouse")), store::Environment::Access::ReadWrite);
    QVERIFY(environment);
    core::User user;
    user.population = window.configuration().populations.constFirst().row;
    user.values.set((*environment)->catalog()->username(), QStringLiteral("zoe"));
    const auto saved = (*environment)->identities().saveUser(user);
    QVERIFY(saved);
    QVERIFY(lock(**environment));

    window.goTo(QStringLiteral("users"), QString::number(saved->row));
    auto *note = window.window().findChild<QWidget *>(QStringLiteral("lock"));
    QVERIFY(note);
    QTRY_VERIFY(note->isVisible());
    const QString text = note->findChild<QLabel *>(QStringLiteral("noteText"))->text();
    QVERIFY2(text.contains(QStringLiteral("after 10 wrong passwords, until ")), qPrintable(text));
    if (const QString folder = qEnvironmentVariable("SHOTS_DIR"); !folder.isEmpty())
        QVERIFY(window.window().grab().save(folder + QStringLiteral("/signon-lock.png")));
    if (fromMenu) {
        QAction *unlock = nullptr;
        const auto actions = window.window().findChildren<QAction *>();
        for (QAction *action : actions)
            unlock = action->text() == QStringLiteral("&Unlock sign-on") ? action : unlock;
        QVERIFY(unlock && unlock->isVisible());
        unlock->trigger();
    } else {
        auto *unlock = note->findChild<QPushButton *>(QStringLiteral("noteAction"));
        QVERIFY(unlock->isVisible());
        QTest::mouseClick(unlock, Qt::LeftButton);
    }
    QTRY_VERIFY(!note->isVisible());
    const auto now = SignOnLocks((*environment)->database())
                         .lockOf(SignOnLocks::nameSubject(QStringLiteral("zoe")), QDateTime::currentDateTimeUtc());
    QVERIFY(now && !*now);
    QTRY_COMPARE(window.window().findChild<QLabel *>(QStringLiteral("statusText"))->text(), QStringLiteral("zoe may sign on again."));
}

WINDOW_TEST(SignOnLockWindow)
#include "tst_signonlock.moc"
