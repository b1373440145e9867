// SPDX-License-Identifier: GPL-3.0-or-later
//
// The real main window over an environment of the test's own, and the few moves that window tests are made of: go to a
// page, press, type, choose, wait. Off screen; nothing of the person's settings is touched.
#pragma once

#include "ui/mainwindow.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

// What a window test waits for comes by the event loop, from threads and servers: on a loaded machine it may take long.
// QtTest's own five seconds would be a test of the machine; whoever measures says so.
#undef QTRY_VERIFY
#define QTRY_VERIFY(condition) QTRY_VERIFY_WITH_TIMEOUT((condition), 30'000)
#undef QTRY_VERIFY2
#define QTRY_VERIFY2(condition, text) QTRY_VERIFY2_WITH_TIMEOUT((condition), (text), 30'000)
#undef QTRY_COMPARE
#define QTRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT((actual), (expected), 30'000)

namespace gatehouse::test {

class TestWindow {
public:
    TestWindow()
        : m_settings(m_folder.filePath(QStringLiteral("console.ini")), QSettings::IniFormat), m_theme(*qApp),
          m_window(std::make_unique<ui::MainWindow>(m_theme, m_settings))
    {
        m_theme.setAppearance(ui::Appearance::Light);
    }

    /// Opens a new environment and shows the window.
    bool open()
    {
        QSignalSpy opened(m_window.get(), &ui::MainWindow::opened);
        m_window->resize(1280, 800);
        m_window->show();
        m_window->open(m_folder.filePath(QStringLiteral("test.gatehouse")));
        return opened.wait(20'000) || !opened.isEmpty();
    }

    ui::MainWindow &window() { return *m_window; }
    app::Console &console() { return *m_window->console(); }
    const core::Configuration &configuration() { return m_window->console()->configuration(); }
    ui::Theme &theme() { return m_theme; }
    /// What pages and dialogs are made with.
    ui::PageContext context() { return {console(), m_settings}; }
    QString file(const QString &name) const { return m_folder.filePath(name); }

    void goTo(const QString &page, const QString &id = {}) { m_window->goTo(page, id); }
    void pressPrimary() { m_window->findChild<QPushButton *>(QStringLiteral("primary"))->click(); }

    /// The dialog that is open on top: a wizard, a question.
    QWidget *dialog(const QString &name = {}) const
    {
        QWidget *found = nullptr;
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            auto *one = qobject_cast<QDialog *>(widget);
            if (one && one->isVisible() && (name.isEmpty() || one->objectName() == name))
                found = one;
        }
        return found;
    }

    /// Keeps a picture when SHOTS_DIR is set.
    static void shoot(QWidget *widget, const QString &name)
    {
        const QString folder = qEnvironmentVariable("SHOTS_DIR");
        if (folder.isEmpty())
            return;
        QTest::qWait(120); // late answers and layouts
        widget->grab().save(folder + u'/' + name + QStringLiteral(".png"));
    }

private:
    QTemporaryDir m_folder;
    QSettings m_settings;
    ui::Theme m_theme;
    std::unique_ptr<ui::MainWindow> m_window;
};

/// A descendant by object name that is to be seen; nullptr: none.
template <typename T>
T *seen(const QWidget *parent, const QString &name)
{
    if (!parent)
        return nullptr;
    for (T *one : parent->findChildren<T *>(name)) {
        if (one->isVisible())
            return one;
    }
    return nullptr;
}

/// Selects all, types @p text and leaves the field, as a person does.
inline void type(QLineEdit *edit, const QString &text)
{
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Tab);
}

inline bool choose(QComboBox *combo, const QString &text)
{
    const int index = combo->findText(text, Qt::MatchStartsWith);
    if (index < 0)
        return false;
    combo->setCurrentIndex(index);
    return true;
}

/// Row of the first index whose text (or title) begins with @p text; -1: none.
inline int rowOf(const QAbstractItemView *view, const QString &text)
{
    for (int row = 0; row < view->model()->rowCount(); ++row) {
        if (view->model()->index(row, 0).data(Qt::DisplayRole).toString().startsWith(text))
            return row;
    }
    return -1;
}

} // namespace gatehouse::test
